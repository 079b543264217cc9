"""The lines of the snapshot for the outcomes of checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from preuve.collect.code.checkov.engine import Outcome
from preuve.collect.code.job import Line
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN
from preuve.model.company.grounds import Application, Kind, ground
from preuve.model.company.grounds import in_way as in_this_way
from preuve.model.grouping import grouped

_WORST_FIRST = (FAILED, UNKNOWN, PASSED)


def record(
    root: str,
    address: str,
    type_: str,
    place: tuple[str, int, int],
    check: str,
    outcome: Outcome,
    origins: Mapping[str, str] = MappingProxyType({}),
) -> Line:
    """Return the line for one check on one block, which stands at a `place`: file, first and last line."""
    file, first, last = place
    about = {"kind": "record", "root": root, "address": address, "type": type_}
    where = {"file": file, "line": first, "end_line": last}
    return {**about, **where, **outcome.verdict(check), **outcome.decisive(origins)}


def worst(found: Iterable[Line], by_tags: Collection[str] = ()) -> Iterator[Line]:
    """Yield one line for each block and check: of several results (two tools, two runs) the worst, with the grounds of
    all of them. For a check `by_tags` there is one for each set of tags: a policy may be about one and not about
    another.
    """
    lines = grouped((_key(line, by_tags), line) for line in found)
    yield from (with_all_grounds(same) if len(same) > 1 else same[0] for same in lines.values())


def _key(line: Line, by_tags: Collection[str]) -> tuple[Any, ...]:
    tags = repr(line["tags"]) if line["check"] in by_tags else ""
    return line["address"], line["file"], line["check"], tags


def with_all_grounds(lines: Sequence[Line]) -> Line:
    """Return the worst of some lines on one block and check, with the grounds of all of them."""
    found = min(lines, key=lambda line: _WORST_FIRST.index(line["result"]))
    grounds = sorted({ground for line in lines for ground in line.get("grounds", ())})
    return {**found, "grounds": grounds} if grounds and found["result"] != PASSED else found


def in_way(lines: Iterable[Line], way: Application, *, is_new: bool = False) -> Iterator[Line]:
    """Yield the lines of one of several ways in which code is applied, with their grounds in that way. If it `is_new`,
    nothing was decided in it before.
    """
    for line in lines:
        open_ = (ground(Kind.OPEN, ""),) if line["result"] == UNKNOWN and not is_new else ()
        grounds = in_this_way(way, (*line.get("grounds", ()), *open_))
        yield {**line, "grounds": list(grounds)} if grounds else line
