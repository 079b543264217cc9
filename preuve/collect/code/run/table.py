"""Stores the records of a root as a table: a large root has thousands of records over a few hundred blocks and
checks.

A column has each different value once, and an index for each record. This is smaller and faster to read, and only
the different values must be validated: anybody may have written the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from preuve.collect.code.job import Line

_MORE = "more"  # the column of what not every record has


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


def is_table_of_texts(value: Any) -> bool:
    """Whether a value is an object whose values are all texts."""
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_result(value: Any) -> bool:
    return value in ("PASSED", "FAILED", "UNKNOWN", "SKIPPED")


def _is_trail(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(step, list) and [type(part) for part in step] == [str, str, int] for step in value
    )


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, int]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_SOMETIMES: Mapping[str, Callable[[Any], bool]] = {
    "values": is_table_of_texts,
    "origins": is_table_of_texts,
    "suppressed": _is(str),
    "called_from": _is_trail,
    "decided_at": _is_lines,
    "decided_in": _is(str),
    "grounds": _is_texts,
}


def _is_more(value: Any) -> bool:
    return isinstance(value, dict) and all(name in _SOMETIMES and _SOMETIMES[name](value[name]) for name in value)


_COLUMNS: Mapping[str, Callable[[Any], bool]] = {
    "address": _is(str),
    "type": _is(str),
    "file": _is(str),
    "line": _is(int),
    "end_line": _is(int),
    "check": _is(str),
    "result": _is_result,
    "keys": _is(list),
    "detail": _is(str),
    "tags": _is(dict, type(None)),
}


def to_table(records: Sequence[Line]) -> dict[str, Any]:
    """The records of one root, which is not in the table."""
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
    """The records of a table that `to_table` wrote; raises TypeError, ValueError, KeyError or IndexError on others."""
    columns = [_values(table[name], is_right) for name, is_right in _COLUMNS.items()]
    more = _values(table[_MORE], _is_more)
    names = ("kind", "root", *_COLUMNS)
    return [
        {**dict(zip(names, ("record", root, *row), strict=True)), **rest}
        for *row, rest in zip(*columns, more, strict=True)
    ]


def _values(column: Any, is_right: Callable[[Any], bool]) -> list[Any]:
    values, numbers = column
    if not isinstance(values, list) or not all(map(is_right, values)):
        raise TypeError("not the values of such a column")
    if not isinstance(numbers, list) or {*map(type, numbers)} - {int} or min(numbers, default=0) < 0:
        raise TypeError("not the numbers of values")
    return [values[number] for number in numbers]
