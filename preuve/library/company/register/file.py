"""Writes the file of a register: unchanged rows keep their bytes, others are added or changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preuve.library.company.register.cells import FILLED_FROM, FRESH_UNTIL, Cells
from preuve.library.company.register.rows import separator, table_rows
from preuve.library.company.registers import FOLDER, columns_of, entries_among, read_content, read_text
from preuve.library.company.templates import heading, register_columns, template_hint
from preuve.model.errors import PreuveError, UsageError
from preuve.system.files import whole

_MARK = "\ufeff"


@dataclass
class _Row:
    """A row: its cells, and its original text until it is changed."""

    cells: list[str]
    text: str | None = None
    is_example: bool = False


@dataclass
class RegisterFile:
    """A register that is being filled: cells by the columns' English names."""

    path: Path
    separator: str
    mark: str
    header: _Row
    places: dict[str, int]
    rows: list[_Row] = field(default_factory=list)
    ending: str = "\n"
    cells: Cells = field(default_factory=lambda: Cells({}, frozenset()))

    @staticmethod
    def open(root: Path, name: str, language: str) -> RegisterFile:
        """Open the register of a workspace, or an empty one with the columns of its template in `language`.

        Raises UsageError if it is a link, or lacks a column.
        """
        path = root / FOLDER / f"{name}.csv"
        if path.is_symlink() or path.parent.is_symlink():
            raise UsageError(f"{path} is a link", "keep the file itself in the workspace")
        if not path.exists():
            names = _template(name, language)
            return RegisterFile(path, ";", _MARK, _Row(names), dict(columns_of(name, names)))
        try:
            return _parsed(path, name, root, language)
        except PreuveError as error:
            raise UsageError(f"{path} cannot be filled: {error}", error.hint) from error

    @property
    def french(self) -> bool:
        """Whether its columns have French names."""
        return any(heading(said) != heading(name) for name, said in self.names.items())

    @property
    def names(self) -> dict[str, str]:
        """The names of the columns in the file, by their English names."""
        return {name: self.header.cells[place] for name, place in self.places.items()}

    def entries(self) -> list[int]:
        """Return the indices of the rows that are no examples."""
        return [number for number, row in enumerate(self.rows) if not row.is_example]

    def cell(self, row: int, column: str) -> str:
        """Return a cell; empty if the row ends before it, or the file lacks the column."""
        place = self.places.get(column)
        cells = self.rows[row].cells
        return cells[place] if place is not None and place < len(cells) else ""

    def said(self, row: int, column: str) -> str:
        """Return a cell in the canonical spelling of its type, whatever a spreadsheet has made of it."""
        return self.cells.read(column, self.cell(row, column))

    def is_read(self, row: int, column: str) -> bool:
        """Return whether a cell has the type of its column, or is empty."""
        return self.cells.is_read(column, self.said(row, column))

    def set(self, row: int, cells: Mapping[str, str]) -> None:
        """Change cells of a row."""
        changed = self.rows[row]
        changed.text = None
        for column, value in cells.items():
            place = self._place(column)
            changed.cells += [""] * (place + 1 - len(changed.cells))
            changed.cells[place] = value

    def add(self, cells: Mapping[str, str]) -> None:
        """Add a row."""
        self.rows.append(_Row([]))
        self.set(len(self.rows) - 1, cells)

    def _place(self, column: str) -> int:
        """Return the index of a column. Missing columns for the origin of rows, and columns that are new in the
        template, are added.
        """
        if column not in self.places:
            own = (names for names in (FILLED_FROM, FRESH_UNTIL) if column == names[0])
            names = next(own, None) or _said(self.path.stem, column)
            self.header = _Row([*self.header.cells, names[1 if self.french else 0]])
            self.places[column] = len(self.header.cells) - 1
        return self.places[column]

    @property
    def content(self) -> bytes:
        """The new content of the file."""
        return (self.mark + "".join(self._text(row) for row in (self.header, *self.rows))).encode()

    def write(self) -> bool:
        """Write the file in one step, and return whether it changed."""
        content = self.content
        if self.path.exists() and self.path.read_bytes() == content:
            return False
        with whole(self.path) as file:
            file.write(content)
        return True

    def _text(self, row: _Row) -> str:
        if row.text is not None:
            return row.text
        line = io.StringIO()
        csv.writer(line, delimiter=self.separator, lineterminator=self.ending).writerow(row.cells)
        return line.getvalue()


def _said(name: str, column: str) -> tuple[str, str]:
    """Return the titles of a column in the templates, in English and in French."""
    english, *others = register_columns(name)
    place = list(english).index(column)
    return column, (others or [english])[0][place]


def _template(name: str, language: str) -> list[str]:
    """Return the columns of a template in a language; English if it has none."""
    known = register_columns(name)  # in the order of the languages: English, French
    return list(known[1 if language == "fr" and len(known) > 1 else 0])


def _parsed(path: Path, name: str, root: Path, language: str) -> RegisterFile:
    text = read_text(read_content(path, root))
    found = list(table_rows(text))
    if not found:
        raise PreuveError(f"{path} has no header", template_hint(name))
    header, *others = found
    places = dict(columns_of(name, header.cells, language))
    entries = entries_among(name, places, others)
    told = {row.line for row in entries}
    rows = [_Row(row.cells, _ended(row.text), row.line not in told) for row in others]
    first = _Row(header.cells, header.text if header.text.endswith("\n") else None)
    mark = _MARK if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    ending = "\r\n" if header.text.endswith("\r\n") else "\n"
    cells = Cells.of(name, places, header.cells, [row.cells for row in entries])
    return RegisterFile(path, separator(text), mark, first, places, rows, ending, cells)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
