"""Counts the blocks that no check examines, by type, with the place of the first.

The checks themselves show which types they examine. Does not use Checkov.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from preuve.model.grouping import grouped

# By type: number of blocks, file and line of the first, and a hash of the content of each.
Unjudged = Mapping[str, tuple[int, str, int, tuple[str, ...]]]
Placed = tuple[str, str, int, Any]  # a block: its type, file, line and content
Hashes = Callable[[str, Iterable[Any]], tuple[str, ...]]  # of the contents of blocks of one type


def unjudged(blocks: Iterable[Placed], judged: frozenset[str], hashes: Hashes) -> Unjudged:
    """Return the types among some blocks that no check examines."""
    found = grouped((block[0], block) for block in sorted(blocks, key=itemgetter(0, 1, 2)) if block[0] not in judged)
    return {
        kind: (len(same), *same[0][1:3], hashes(kind, (content for *_, content in same)))
        for kind, same in found.items()
    }


def total(parts: Iterable[Unjudged]) -> dict[str, tuple[int, str, int, tuple[str, ...]]]:
    """Add up the counts of several parts of a root."""
    found: dict[str, tuple[int, str, int, tuple[str, ...]]] = {}
    for part in parts:
        for kind, (count, file, line, grounds) in part.items():
            known = found.get(kind, (0, file, line, ()))
            first = min((file, line), known[1:3])
            found[kind] = (count + known[0], *first, tuple(sorted({*known[3], *grounds})))
    return dict(sorted(found.items()))


def as_stored(root: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of a root in its stored form: without the folders of which it makes something, which only the
    scan needs, and without the hashes, which the gaps have.
    """
    places = {kind: place[:3] for kind, place in root.get("unjudged", {}).items()}
    told = {name: value for name, value in root.items() if name != "made"}
    return {**told, **({"unjudged": places} if places else {})}
