"""Stores the records of a root as a table: a large root has thousands of records over a few hundred blocks and
checks.

A column has each different value once, and an index for each record. This is smaller and faster to read, and only
the different values must be validated: anybody may have written the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, TypedDict, TypeVar

from msgspec import Meta, convert

from preuve.collect.code.job import Line

T = TypeVar("T")
_MORE = "more"  # the column for members that not every record has
# The different values, and for each record the place of its value among them.
_Column = tuple[list[T], list[Annotated[int, Meta(ge=0)]]]


class _More(TypedDict, total=False):
    values: dict[str, str]
    origins: dict[str, str]
    suppressed: str
    called_from: list[tuple[str, str, int]]
    decided_at: tuple[int, int]
    decided_in: str
    grounds: list[str]


class _Table(TypedDict):
    address: _Column[str]
    type: _Column[str]
    file: _Column[str]
    line: _Column[int]
    end_line: _Column[int]
    check: _Column[str]
    result: _Column[Literal["PASSED", "FAILED", "UNKNOWN", "SKIPPED"]]
    keys: _Column[list[str]]
    detail: _Column[str]
    tags: _Column[dict[str, str | None] | None]
    more: _Column[_More]


_COLUMNS = tuple(name for name in _Table.__annotations__ if name != _MORE)


def to_table(records: Sequence[Line]) -> dict[str, Any]:
    """Return the records of one root as a table; the root is not in it."""
    table = {name: _column([record[name] for record in records]) for name in _COLUMNS}
    always = {"kind", "root", *_COLUMNS}
    more = [{name: record[name] for name in record if name not in always} for record in records]
    return {**table, _MORE: _column(more)}


def _column(values: Iterable[Any]) -> list[list[Any]]:
    written = [repr(value) for value in values]
    different = dict(zip(written, values, strict=True))
    numbers = {text: number for number, text in enumerate(different)}
    return [list(different.values()), [numbers[text] for text in written]]


def from_table(table: Any, root: str) -> list[Line]:
    """Return the records of a `to_table` table. Raises ValidationError, ValueError or IndexError on others."""
    found: Any = convert(table, _Table)
    rows = zip(*([values[number] for number in numbers] for values, numbers in map(found.get, _COLUMNS)), strict=True)
    more, places = found[_MORE]
    if [*map(list, more)] != [*map(list, table[_MORE][0])]:
        raise ValueError("not the members of a record")
    names = ("kind", "root", *_COLUMNS)
    return [
        {**dict(zip(names, ("record", root, *row), strict=True)), **more[place]}
        for row, place in zip(rows, places, strict=True)
    ]
