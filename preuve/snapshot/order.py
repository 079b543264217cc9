"""The order of a snapshot's lines: by the names that the snapshot contains. An order by true names would reveal
pseudonyms to readers who have a list of the staff.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from preuve.snapshot.writer import write_lines

_ORDERED = frozenset({"listing", "resource", "gap", "record", "block", "state"})
_NAMES = ("file", "address", "region", "parent", "id", "check", "cause", "detail")
_ANYBODY = b"person-"
_PERSON = re.compile(r"person-[a-z2-7]{12}")


def order_below(folder: Path) -> None:
    """Sort the lines of each file of a snapshot that names people by their present content."""
    for path in sorted(folder.rglob("*.jsonl")):
        content = path.read_bytes()
        if _ANYBODY not in content:
            continue
        lines = [json.loads(line) for line in content.splitlines()]
        ordered = list(_ordered(lines))
        if ordered != lines:
            write_lines(path, ordered)


def _ordered(lines: list[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for (kind, _), group in groupby(lines, _together):
        found = [_settled(line) for line in group]
        yield from sorted(found, key=_place) if kind in _ORDERED else found


def _together(line: Mapping[str, Any]) -> tuple[str, str]:
    """Return the key that groups lines of one kind; lines that were listed type by type stay so."""
    return line["kind"], line.get("type", "") if "account" in line else ""


def _place(line: Mapping[str, Any]) -> tuple[str | int, ...]:
    file, *names = (str(line.get(name) or "") for name in _NAMES)
    return file, int(line.get("line") or 0), *names


def _settled(value: Any) -> Any:
    """Return a value in which each list that contains only people is sorted by their pseudonyms."""
    if isinstance(value, dict):
        return {name: _settled(item) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    people = value and all(isinstance(item, str) and _PERSON.fullmatch(item) for item in value)
    return sorted(value) if people else [_settled(item) for item in value]
