"""Counts the blocks that no check examines, by type, with the place of the first.

The checks themselves show which types they examine. Does not know Checkov.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Unjudged = Mapping[str, tuple[int, str, int]]  # by type: how many blocks, file and line of the first
Placed = tuple[str, str, int]  # a block: its type, file and line


def unjudged(blocks: Iterable[Placed], judged: frozenset[str]) -> Unjudged:
    """The types among some blocks that are not looked at."""
    found: dict[str, tuple[int, str, int]] = {}
    for kind, at, number in sorted(blocks):
        if kind not in judged:
            count, file, line = found.get(kind, (0, at, number))
            found[kind] = (count + 1, file, line)
    return found


def together(parts: Iterable[Unjudged]) -> dict[str, tuple[int, str, int]]:
    """Add up the counts of several parts of a root."""
    found: dict[str, tuple[int, str, int]] = {}
    for part in parts:
        for kind, (count, file, line) in part.items():
            known = found.get(kind)
            first = min((file, line), known[1:]) if known else (file, line)
            found[kind] = (count + (known[0] if known else 0), *first)
    return dict(sorted(found.items()))


def is_unjudged(value: Any) -> bool:
    """Whether data from outside has this form."""
    return isinstance(value, dict) and all(map(_is_place, value.values()))


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 3
        and all(isinstance(part, kind) for part, kind in zip(value, (int, str, int), strict=True))
    )
