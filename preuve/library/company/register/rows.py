"""The rows of a table of separated cells (CSV), with the lines that they stand on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import eq, ge

from preuve.model.errors import PreuveError

_SEPARATORS = ";,\t"
_NEWLINE = re.compile(r"\r\n?|\n")
_EMPTY_LINES = re.compile(r"[\r\n][ \r\n]*")


@dataclass(frozen=True)
class TableRow:
    """A row: the line that it begins on, its cells, and its original text."""

    line: int
    cells: list[str]
    text: str


def separator(text: str) -> str:
    """Return the separator of a table: the one that its first line has most of."""
    return max(_SEPARATORS, key=text.split("\n", 1)[0].count)


def table_rows(text: str) -> Iterator[TableRow]:
    """Yield the rows of a table with its header, without empty ones.

    Raises PreuveError if a quotation mark is left open or stands inside a cell: the rows below it would be one cell.
    Also for a cell that may have swallowed rows: a person decides it, because a note may look the same.
    """
    lines = list(io.StringIO(text, newline=""))
    mark = separator(text)
    reader = csv.reader(iter(lines), delimiter=mark, strict=True)
    begun, header = 0, 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            header = header or len(row)
            if swallowing_cell([_EMPTY_LINES.sub("\n", cell) for cell in row], mark, header, ge) is not None:
                raise PreuveError(
                    f"the row on line {begun + 1} has a cell of several lines that may be rows of their own",
                    "if a quotation mark was left open, close it; if not, write this cell in one line",
                )
            if any(cells):
                yield TableRow(begun + 1, cells, "".join(lines[begun : reader.line_num]))
            begun = reader.line_num
    except csv.Error as error:
        what = f"the quotes of line {begun + 1} do not fit, so it is not a table"
        raise PreuveError(what, 'close them, and write a quotation mark inside a cell twice: "a ""b"" c"') from error


def swallowing_cell(
    row: Sequence[str], separator: str, width: int, fits: Callable[[int, int], bool] = eq
) -> int | None:
    """Return the place of a cell that swallowed the end of a row, whole rows and the beginning of another: a quotation
    mark was left open, and another one in the same column closes it. None if there is no such cell: an address may have
    several lines, too. `width` is the number of columns; `fits` compares the separators of a line with those of a row.
    """
    last = width - 1
    for place, cell in enumerate(row[:width]):
        found = [line.count(separator) for line in _NEWLINE.split(cell)]
        asked = [last - place, *[last] * (len(found) - 2), place]
        if last and found[1:] and all(map(fits, found, asked)):
            return place
    return None
