"""`results.jsonl`: the assessment as JSON lines, in stable order, written and read back.

Schema: `reports/schemas/results.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from preuve.model.content import Severity
from preuve.model.results import Assessment, Finding, FindingStatus, Place, Reason

SCHEMA = "results/2"


def write_results(path: Path, assessment: Assessment) -> None:
    """Write a line for each item of an assessment; the same assessment gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii", newline="\n") as file:
        for line in _lines(assessment):
            # ASCII: no reader can split a line at U+2028, and a lone surrogate in a name cannot stop the run.
            file.write(json.dumps(line, sort_keys=True, separators=(",", ":"), default=_plain) + "\n")


def _lines(assessment: Assessment) -> Iterator[Mapping[str, Any]]:
    yield {
        "kind": "run",
        "schema": SCHEMA,
        "now": assessment.now,
        "examined": assessment.examined,
        "incomplete": assessment.incomplete,
        "problems": list(assessment.problems),
    }
    for name, kind in _KINDS.items():
        items = getattr(assessment, name)
        for item in items.values() if isinstance(items, Mapping) else items:
            yield {"kind": kind, **_members(item)}


_KINDS = {
    "findings": "finding",
    "policies": "policy",
    "controls": "control",
    "waivers": "waiver",
    "joins": "join",
    "disagreements": "disagreement",
    "uncovered": "uncovered",
}


def _members(item: Any) -> dict[str, Any]:
    """The members of a dataclass, not copied: results are many, and `asdict` copies what was observed."""
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _plain(value: object) -> object:
    """What JSON has no form for: our own data by its members, sets in order, the rest as text."""
    if is_dataclass(value):
        return _members(value)
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


# ---- reading ------------------------------------------------------------------------------------------------------


def read_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a file, one at a time."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read_finding(line: Mapping[str, Any]) -> Finding:
    """A finding without what was observed and the calls behind it."""
    return Finding(
        policy=line["policy"],
        rev=line["rev"],
        source=line["source"],
        status=FindingStatus(line["status"]),
        severity=Severity(line["severity"]),
        place=_place(line["place"]),
        reason=read_reason(line["reason"]),
        incomplete=line["incomplete"],
        waiver=line.get("waiver", ""),
    )


def _place(data: Mapping[str, Any]) -> Place:
    calls = tuple((module, file, number) for module, file, number in data.get("called_from", ()))
    return Place(**{**data, "called_from": calls})


def read_reason(data: Mapping[str, Any]) -> Reason:
    """A reason."""
    return Reason(data["code"], data["values"])
