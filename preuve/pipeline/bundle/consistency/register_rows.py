"""Whether the lines of a register are those of its rows: no call reads them, and each column is there or says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preuve.collect.registers import told_apart
from preuve.model.company.workspace import Waiver
from preuve.model.content import WORKSPACE, ResourceType
from preuve.pipeline.bundle.consistency.calls import Line
from preuve.pipeline.bundle.consistency.citations import kept, waivers_of

_NOWHERE = {"account": "", "region": WORKSPACE, "arn": "", "absent": (), "calls": {}}


def listed_in_register(line: Line) -> Iterator[str]:
    """Yield what is wrong in a listing of a register."""
    nothing = {"account": "", "region": WORKSPACE, "calls": (), "parent": ""}
    yield from (name for name, value in nothing.items() if line[name] != value)
    if bool(line["unread"]) is not (line["pagination"] == "failed"):
        yield "pagination"


def of_register(
    line: Line, declared: ResourceType, number: int, there: dict[str, int], waivers: Sequence[Waiver]
) -> Iterator[str]:
    """Yield what is wrong in an entry, the `number`th of its register, after those of its type that are `there`."""
    yield from (name for name, value in _NOWHERE.items() if line[name] != value)
    if line["parent"] not in declared.registers:
        yield "parent"
    columns, data = set(declared.columns), set(line["data"])
    yield from (f"unread.{name}" for name in sorted((columns - data) ^ set(line["unread"])))
    paths = (declared.identity, *(declared.beside or ()))
    held = [str(line["data"][path]) for path in paths if line["data"].get(path)] if paths[0] in line["data"] else []
    named = " ".join(held) or f"{line['parent']} {number}"
    outdated = any(item["cause"] == "entry_outdated" for item in line["unread"].values())
    if outdated or None in map(kept, held):  # whose name is kept, and nothing else
        there.setdefault(line["id"], 1)
    elif line["id"] != told_apart(named, there):
        yield "id"
    yield from waivers_of(line, waivers)
