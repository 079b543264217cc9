"""Turns Checkov's records into lines of the snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from preuve.collect.code.checkov.engine import ENTRY, Outcome, comment
from preuve.collect.code.job import Line
from preuve.collect.code.verdict.addresses import resource_type
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN
from preuve.model.company.grounds import Application, Kind, ground
from preuve.model.company.grounds import in_way as in_this_way
from preuve.model.grouping import grouped

_WORST_FIRST = (FAILED, UNKNOWN, PASSED)


def lines_of(records: Iterable[Any], root: str) -> Iterator[Line]:
    """Yield one line for each block and check."""
    yield from worst(_line(record, root) for record in records)


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


def _line(record: Any, root: str) -> Line:
    outcome: Outcome = record.check_result[ENTRY]
    first, last = outcome.lines or record.file_line_range
    address = str(record.resource)
    line: Line = {
        "kind": "record",
        "root": root,
        "address": address,
        "type": "provider" if outcome.block == "provider" else resource_type(address),
        "file": record.file_path.lstrip("/"),
        "line": first,
        "end_line": last,
        **outcome.verdict(record.check_id),
    }
    if decided := getattr(record, "decided_at", None):  # Checkov's own records of a plan have none
        line["decided_at"] = list(decided)
    line |= outcome.decisive(getattr(record, "origins", {}))
    suppressed = outcome.suppressed or _suppressed(record)
    return line | ({"suppressed": suppressed} if suppressed else {})


def _suppressed(record: Any) -> str:
    """Return the comment of a graph check that Checkov has marked as skipped; its true result is in the outcome."""
    if record.check_result["result"].value != "SKIPPED":
        return ""
    return comment(record.check_result)
