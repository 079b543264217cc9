"""Rows of a sheet of an XLSX file, read with openpyxl after a check of the unpacked size of the archive."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from preuve.collect.inlets.content import Content
from preuve.collect.inlets.lines import FORMULA, MERGED
from preuve.model.errors import PreuveError, UsageError

MOST_UNPACKED = 60_000_000  # bytes
_MOST_MEMBERS, _MOST_COLUMNS = 1_000, 300
_BLOCK = 1 << 16
_MERGE = "mergeCell"
_MERGES = tuple(_MERGE.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def sheet_rows(content: Content, sheet: str) -> Iterator[tuple[int, Sequence[Any]]]:
    """Read the rows of a sheet with their numbers; a cell with a formula is FORMULA, one below another cell MERGED.

    Raises UsageError if the workbook cannot be read, PreuveError if the libraries for it are missing.
    """
    merges = _check_archive(content)
    try:
        import defusedxml.ElementTree  # noqa: F401, PLC0415 - openpyxl parses with it where it is there
        from openpyxl import load_workbook  # noqa: PLC0415 - only who reads XLSX needs it
    except ImportError as error:
        hint = "pip install 'preuve[xlsx]', or save it as CSV"
        raise PreuveError("XLSX files need openpyxl and defusedxml", hint) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # warnings about styles and extensions that it drops
            # In its streaming mode openpyxl does not report merged cells.
            book = load_workbook(io.BytesIO(content.raw), read_only=not merges, keep_links=False)
            found = _sheet(content, book, sheet)
            if not merges:
                found.reset_dimensions()  # the size that a file states may be wrong
            yield from ((number, list(map(_value, row))) for number, row in enumerate(_rows(content, found), 1))
    except PreuveError:
        raise
    except Exception as error:  # a damaged or hostile file makes the library fail in many ways
        hint = "save it again, or as CSV"
        raise UsageError(f"{content.name} is no workbook that can be read", hint) from error


def _rows(content: Content, sheet: Any) -> Iterator[Sequence[Any]]:
    for row in sheet.iter_rows():
        if len(row) > _MOST_COLUMNS:
            raise UsageError(f"{content.name} has more than {_MOST_COLUMNS} columns", "remove what is not needed")
        yield row


def _sheet(content: Content, book: Any, wanted: str) -> Any:
    sheets = {item.title: item for item in book.worksheets}
    if wanted and wanted not in sheets:
        raise UsageError(f"{content.name} has no sheet {wanted}", f"it has {', '.join(sheets)}")
    visible = [item for item in sheets.values() if item.sheet_state == "visible"]
    if wanted or len(visible) == 1:
        return sheets[wanted] if wanted else visible[0]
    titles = ", ".join(item.title for item in visible)
    hint = f"it has {titles}: keep one sheet, or name it under source.sheet of an inlet of your own"
    raise UsageError(f"{content.name} has {len(visible)} sheets: which one is meant?", hint)


def _value(cell: Any) -> Any:
    if type(cell).__name__ == "MergedCell":
        return MERGED
    return FORMULA if getattr(cell, "data_type", "") == "f" else cell.value


def _check_archive(content: Content) -> bool:
    """Return whether it has merged cells. Raises UsageError if it is no archive, or unpacks to more than preuve
    reads.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content.raw)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if len(members) > _MOST_MEMBERS or len(set(names)) < len(names):
                raise UsageError(f"{content.name} is not a plain workbook", "save it again")
            size, merges = 0, False
            for member in members:
                of_it, has = _look(archive, member, MOST_UNPACKED - size)
                size, merges = size + of_it, merges or has
                if size > MOST_UNPACKED:
                    most = MOST_UNPACKED // 1_000_000
                    raise UsageError(f"{content.name} unpacks to more than {most} MB", "save it as CSV")
            return merges
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        hint = "save it as XLSX or CSV, without a password"
        raise UsageError(f"{content.name} is not an XLSX file", hint) from error


def _look(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> tuple[int, bool]:
    """Return the unpacked size of a member, counted up to a limit, and whether it merges cells."""
    size, before, merges = 0, b"", False
    with archive.open(member) as file:
        while size <= most and (block := file.read(_BLOCK)):
            size += len(block)
            merges = merges or any(mark in before + block for mark in _MERGES)
            before = block[-2 * len(_MERGE) :]
    return size, merges
