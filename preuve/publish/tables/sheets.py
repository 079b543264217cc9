"""Tables for spreadsheets: CSV in which no cell becomes a formula, and XLSX whose bytes depend on the input alone."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from preuve.publish.words.locale import Locale
from preuve.publish.words.text import legal

LONGEST_CELL = 32_767  # characters that a spreadsheet keeps
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet would decode it
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BODY, _BOLD, _LINK, _DATE, _NUMBER = 1, 2, 3, 4, 5  # indices in cellXfs
_DAY_0 = date(1899, 12, 30)  # spreadsheets count days since then

Cell = str | int | date


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows, the header first if there is one, and relative links by (row, column), both from 0."""

    name: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    heads: bool = True  # the first row is the header: it stays in view, and is on each printed page


def neutral(cell: str) -> str:
    """Return a cell that a spreadsheet reads as text, whatever its first character is."""
    text = legal(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def day(text: str) -> Cell:
    """Return a date that a spreadsheet can sort and count by, if the text begins with one; otherwise the text."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return found if found.year > 1900 else text  # spreadsheets have no earlier dates


def worded(rows: Iterable[Sequence[Cell]], t: Locale) -> Iterator[Sequence[Cell]]:
    """Yield rows with words of a language in place of redacted values, as on pages."""
    yield from ([t.readable(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def csv_bytes(rows: Iterable[Sequence[Cell]], delimiter: str = ";") -> bytes:
    """Write rows in the form that French spreadsheets open: UTF-8 with a byte order mark, semicolons."""
    written = io.BytesIO(b"\xef\xbb\xbf")
    written.seek(0, io.SEEK_END)
    text = io.TextIOWrapper(written, "utf-8", "replace", newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([neutral(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows)
    text.flush()
    return written.getvalue()


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook; the first row of each sheet is its header."""
    members: dict[str, Iterable[str]] = {
        "[Content_Types].xml": [_content_types(len(sheets))],
        "_rels/.rels": [_relations([("officeDocument", "xl/workbook.xml", False)])],
        "xl/workbook.xml": [_workbook(sheets)],
        "xl/_rels/workbook.xml.rels": [
            _relations(
                [("worksheet", f"worksheets/sheet{number}.xml", False) for number in range(1, len(sheets) + 1)]
                + [("styles", "styles.xml", False)]
            )
        ],
        "xl/styles.xml": [_STYLES],
    }
    for number, sheet in enumerate(sheets, start=1):
        members[f"xl/worksheets/sheet{number}.xml"] = _sheet(sheet)
        if sheet.links:
            links = [("hyperlink", target, True) for target in sheet.links.values()]
            members[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = [_relations(links)]
    with zipfile.ZipFile(path, "w") as file:
        for name, parts in members.items():
            with file.open(_entry(name), "w") as member:
                for part in itertools.chain([_HEADER], parts):  # so that a long table is never whole in memory
                    member.write(part.encode("utf-8", "replace"))


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an archive member without time or platform, so that the same rows give the same bytes with the
    same zlib.
    """
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def _relations(items: Sequence[tuple[str, str, bool]]) -> str:
    lines = [
        f'<Relationship Id="r{number}" Type="{_RELATIONS}/{kind}" Target={quoteattr(target)}'
        f"{' TargetMode=' + quoteattr('External') if external else ''}/>"
        for number, (kind, target, external) in enumerate(items, start=1)
    ]
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _content_types(sheets: int) -> str:
    named = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    named += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, sheets + 1)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in named)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _workbook(sheets: Sequence[Sheet]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name[:31])} sheetId="{number}" r:id="r{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    repeated = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{_quoted(sheet.name)}!$1:$1</definedName>'
        for number, sheet in enumerate(sheets)
        if sheet.heads
    )
    named = f"<definedNames>{repeated}</definedNames>" if repeated else ""
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets>{named}</workbook>'


def _quoted(name: str) -> str:
    """Return the name of a sheet in the form of references."""
    doubled = name[:31].replace("'", "''")
    return escape(f"'{doubled}'")


_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="3"><font><sz val="10"/><name val="Calibri"/></font>'
    '<font><b/><sz val="10"/><name val="Calibri"/></font>'
    '<font><u/><sz val="10"/><color rgb="FF1D4F91"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{form}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        for form, font in ((49, 0), (49, 1), (49, 2), (14, 0), (1, 0))  # text, text, text, the reader's date, a number
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _sheet(sheet: Sheet) -> Iterator[str]:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, start=1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if sheet.heads else ""
    yield (
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )
    yield from (_row(sheet, index, row) for index, row in enumerate(sheet.rows))
    yield f"</sheetData>{_filter(sheet)}{_hyperlinks(sheet)}"
    yield '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/></worksheet>'


def _row(sheet: Sheet, index: int, row: Sequence[Cell]) -> str:
    cells = "".join(_cell(sheet, (index, column), cell) for column, cell in enumerate(row))
    return f'<row r="{index + 1}">{cells}</row>'


def _cell(sheet: Sheet, place: tuple[int, int], cell: Cell) -> str:
    name = _name(*place)
    if isinstance(cell, date):
        return f'<c r="{name}" s="{_DATE}"><v>{(cell - _DAY_0).days}</v></c>'
    if isinstance(cell, int):
        return f'<c r="{name}" s="{_NUMBER}"><v>{cell}</v></c>'
    if not cell:
        return ""  # a cell with an empty text is counted as filled
    style = _BOLD if place[0] == 0 and sheet.heads else _LINK if place in sheet.links else _BODY
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'


def _filter(sheet: Sheet) -> str:
    """Return arrows in the header to filter by, if there is something to filter."""
    if len(sheet.rows) < 2 or not sheet.heads:
        return ""
    return f'<autoFilter ref="A1:{_name(len(sheet.rows) - 1, len(sheet.rows[0]) - 1)}"/>'


def _text(cell: str) -> str:
    text = legal(cell)
    short = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
    return escape(_CODED.sub("_x005F_", short) if "_x" in short else short)


def _hyperlinks(sheet: Sheet) -> str:
    if not sheet.links:
        return ""
    listed = "".join(
        f'<hyperlink ref="{_name(*cell)}" r:id="r{number}"/>' for number, cell in enumerate(sheet.links, start=1)
    )
    return f"<hyperlinks>{listed}</hyperlinks>"


def _name(row: int, column: int) -> str:
    """Return a cell's name (`A1`); tables here have at most 26 columns."""
    return f"{chr(ord('A') + column)}{row + 1}"
