"""Rows of CSV and XLSX files."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from preuve.collect.inlets.content import MOST_ROWS, Content, text
from preuve.collect.inlets.lines import FAULT, EmptyCell, TableLine
from preuve.collect.inlets.workbook import sheet_rows
from preuve.library.company.register.rows import swallowing_cell
from preuve.library.company.templates import heading
from preuve.model.company.inlet import Inlet, Refusal
from preuve.model.errors import UsageError

_SEPARATORS = (";", ",", "\t")
_NAMED_SEPARATOR = re.compile(r'"?sep=([;,\t])"?')  # a line before the header, which spreadsheets write and read
_MOST_BROKEN = 100  # rows with wrong quotes: a file with more is no table
_MOST_TITLES = 20  # rows above a header
_SEPARATED = re.compile(r"[;,\t]")
_SHOWN = 120  # characters of a header
_FAULT = re.compile(r"#(?:N/[AD]|[\w/]+[!?]|##+)|Err:\d{3}")  # of a spreadsheet: #REF!, #NOM?, and ### for too narrow


def csv_lines(content: Content, inlet: Inlet) -> tuple[list[TableLine], list[Refusal]]:
    """Read the rows of a CSV file below its header, and the rows with broken quotes.

    Raises UsageError if the file is not a table, or lacks a column.
    """
    broken: list[Refusal] = []
    rows = _csv_rows(content, text(content, inlet.source.encoding), broken)
    return _lines(content, inlet, rows, even=True), broken


def xlsx_lines(content: Content, inlet: Inlet) -> list[TableLine]:
    """Read the rows of a sheet below its header. Raises UsageError if there is no header, or it lacks a column."""
    return _lines(content, inlet, sheet_rows(content, inlet.source.sheet), even=False)


def _csv_rows(content: Content, found: str, broken: list[Refusal]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield each row with its line. A row with broken quotes is added to `broken`, and the next line begins another
    row.

    Raises UsageError if too many rows, or all, are broken.
    """
    lines = io.StringIO(found, newline="").readlines()
    named_first = _NAMED_SEPARATOR.fullmatch(lines[0].strip()) if lines else None
    separator = named_first[1] if named_first else max(_SEPARATORS, key=found.split("\n", 1)[0].count)
    header: Sequence[str] = ()
    done, rows = (1 if named_first else 0), 0
    while done < len(lines):
        reader = csv.reader(itertools.islice(lines, done, None), delimiter=separator, strict=True)
        start = done
        try:
            for row in reader:
                end = start + reader.line_num
                if (place := swallowing_cell(row, separator, len(header))) is not None:
                    broken += [Refusal(line + 1, header[place], "quote") for line in range(done, end)]
                else:
                    cells = [cell.strip() for cell in row]
                    header = header or cells
                    rows += any(cells)
                    yield done + 1, cells
                done = end
        except csv.Error as error:
            if len(lines[done]) > csv.field_size_limit():
                what = f"{content.name}:{done + 1}: a cell has more than {csv.field_size_limit()} characters"
                raise UsageError(what, "leave its column out, or shorten it") from error
            broken.append(Refusal(done + 1, _broken_column(lines[done], separator, header), "quote"))
            done += 1
            if not header or len(broken) > _MOST_BROKEN or (rows < 2 and done == len(lines)):
                at = f"{content.name}:{broken[0].row}"
                raise UsageError(f"{at}: its quotes do not fit, so it is not a table", "export it again") from error


def _broken_column(line: str, separator: str, header: Sequence[str]) -> str:
    """Return the column in which the quotes of a line do not match; "" if the header has no column there."""
    whole = re.compile(rf'(?:"(?:[^"]|"")*"|(?!")[^{separator}]*){separator}')
    number, at = 0, 0
    while found := whole.match(line, at):
        number, at = number + 1, found.end()
    return header[number] if number < len(header) else ""


def _ragged(row: Sequence[Any], width: int, *, even: bool) -> tuple[int, int] | None:
    """Return the number of cells of a row and of the header, if the row has more, or has fewer although all rows should
    have the same length.
    """
    last = max((number for number, cell in enumerate(row, 1) if cell not in ("", None)), default=0)
    return (max(last, min(len(row), width)), width) if last > width or (even and len(row) < width) else None


def _lines(content: Content, inlet: Inlet, rows: Iterator[tuple[int, Sequence[Any]]], *, even: bool) -> list[TableLine]:
    filled = ((number, row) for number, row in rows if any(cell not in ("", None) for cell in row))
    _, header = next(filled, (0, ()))
    names = ["" if name is None or isinstance(name, EmptyCell) else heading(str(name)) for name in header]
    if not any(names):
        raise UsageError(f"{content.name} is empty", _hint(inlet))
    try:
        _check(content, inlet, names)
    except UsageError as error:
        if below := _header_below(filled, names, inlet):
            hint = f"they are in row {below}: delete the rows above it, and fill again"
            raise UsageError(error.template, hint) from error
        raise
    found: list[TableLine] = []
    for number, row in filled:
        if len(found) == MOST_ROWS:
            raise UsageError(f"{content.name} has more than {MOST_ROWS} rows", "export what the register needs")
        cells = dict(zip_longest(names, map(_read, row[: len(names)])))
        found.append(TableLine(number, cells, ragged=_ragged(row, len(names), even=even)))
    return found


def _read(cell: Any) -> Any:
    return FAULT if isinstance(cell, str) and _FAULT.fullmatch(cell.strip()) else cell


def _check(content: Content, inlet: Inlet, names: Sequence[str]) -> None:
    """Raise UsageError if a required column is missing, or exists twice."""
    for item in inlet.fields.values():
        if item.sources and not item.optional and not any(heading(source) in names for source in item.sources):
            raise _lacking(content, item.sources, names, inlet)
    asked = [source for item in inlet.fields.values() for source in item.sources]
    for source in (*asked, *inlet.source.only, *inlet.source.tool, *inlet.source.version):
        if names.count(heading(source)) > 1:
            raise UsageError(f"{content.name} has the column {source} more than once", "export it with one of them")
    for source in inlet.source.only:
        if heading(source) not in names:
            raise _lacking(content, [source], names, inlet)


def _header_below(rows: Iterator[tuple[int, Sequence[Any]]], first: Sequence[str], inlet: Inlet) -> int:
    """Return the row that has every required column, if a title is above the header; 0 if there is none."""
    needed = [item.sources for item in inlet.fields.values() if item.sources and not item.optional]
    for number, row in itertools.islice(rows, _MOST_TITLES):
        cells = {heading(part) for cell in row for part in _SEPARATED.split(str(cell or ""))}
        if not cells <= set(first) and all(cells.intersection(map(heading, sources)) for sources in needed):
            return number
    return 0


def _lacking(content: Content, columns: Sequence[str], names: Sequence[str], inlet: Inlet) -> UsageError:
    first, wanted = ", ".join(name for name in names if name)[:_SHOWN], ", ".join(columns)
    return UsageError(f"{content.name} has none of these columns: {wanted}; its first row is {first}", _hint(inlet))


def _hint(inlet: Inlet) -> str:
    return f"how to export it: preuve fill --show {inlet.id}"
