"""A row of a file before it is interpreted: of a table, or of nested data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from preuve.library.company.templates import heading

_STEP = re.compile(r"([^.\[\]]+)?((?:\[\d+\])*)")
_MATCHING = re.compile(r"(?P<entries>.+?)\[(?P<key>[\w.]+)=(?P<own>[\w.]+)\]\.(?P<rest>.+)", re.DOTALL)
_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class EmptyCell:
    """A cell that has no value of its own; `why` is a word of `fill.why` in the locales."""

    why: str


FORMULA = EmptyCell("formula")
MERGED = EmptyCell("merged")  # a cell covered by a merged one
FAULT = EmptyCell("fault")  # a cell in which the spreadsheet shows an error


class Line(Protocol):
    """A row, queried by the names in an inlet."""

    @property
    def number(self) -> int:
        """The position: the line of a text, the row of a sheet, or the index in a list, from 1."""

    def value(self, source: str) -> Any:
        """Return the value of a column or path; None if it is not set."""

    def values(self, path: str) -> Iterator[Any]:
        """Yield each value at a path of nested data; a table has none."""


@dataclass(frozen=True)
class TableLine:
    """A row of a table."""

    number: int
    cells: Mapping[str, Any]  # by the name of the column in small letters
    ragged: tuple[int, int] | None = None  # number of its cells and of the header's, if they differ

    def value(self, source: str) -> Any:
        """Return the cell under a column."""
        return self.cells.get(heading(source))

    def values(self, path: str) -> Iterator[Any]:
        """Yield nothing: a table is not nested."""
        yield from ()


@dataclass(frozen=True)
class ObjectLine:
    """A piece of nested data, with the objects that contain it: the file first, the row itself last."""

    number: int
    above: Sequence[Any]

    def value(self, source: str) -> Any:
        """Return the value at a path; each leading `^` goes one object up.

        `rules[id=ruleId].level` is of the entry of a list whose `id` is what the row has under `ruleId`, or the part of
        it before its last `/`.
        """
        above, path = self._above(source)
        match = _MATCHING.fullmatch(path)
        return self._matching(above, **match.groupdict()) if match else follow(above, path)

    def _above(self, source: str) -> tuple[Any, str]:
        """Return the object that a path starts from, and the path below it."""
        path = source.lstrip("^")
        up = len(source) - len(path)
        return (self.above[-1 - up] if up < len(self.above) else None), path

    def _matching(self, above: Any, entries: str, key: str, own: str, rest: str) -> Any:
        said = follow(self.above[-1], own)
        listed = [entry for found in every(above, entries) if isinstance(found, list) for entry in found]
        wanted = (said, said.rpartition("/")[0]) if isinstance(said, str) else (said,)
        names = [name for name in wanted if name not in (None, "")]
        fitting = (entry for name in names for entry in listed if follow(entry, key) == name)
        return next((value for entry in fitting if (value := follow(entry, rest)) is not None), None)

    def values(self, path: str) -> Iterator[Any]:
        """Yield each value at a path; `[]` means every entry of a list."""
        yield from every(*self._above(path))


def follow(value: Any, path: str) -> Any:
    """Return the value at a path such as `a.b[0].c` in nested data; a key spelled like the whole path has
    precedence.
    """
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for step in path.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            return None
        value = _at(value, match[1] or "", [int(index) for index in _INDEX.findall(match[2])])
    return value


def every(value: Any, path: str) -> Iterator[Any]:
    """Yield each value at a path; `[]` means every entry of a list."""
    before, *after = path.split("[]", 1)
    here = follow(value, before.strip(".")) if before.strip(".") else value
    if not after:
        yield here
        return
    for item in here if isinstance(here, list) else ():
        yield from every(item, after[0].lstrip("."))


def _at(value: Any, name: str, indexes: Sequence[int]) -> Any:
    if name:
        value = value.get(name) if isinstance(value, Mapping) else None
    for index in indexes:
        value = value[index] if isinstance(value, list) and index < len(value) else None
    return value
