"""`results.jsonl`: the assessment as JSON lines, in stable order (schema: `reports/schemas/results.schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from preuve.model.results import Assessment

SCHEMA = "results/1"


def write_results(path: Path, assessment: Assessment) -> None:
    """Write a line per finding, policy, control and waiver; the same assessment gives the same bytes."""
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
    for name in ("findings", "policies", "controls", "waivers"):
        items = getattr(assessment, name)
        for item in items.values() if isinstance(items, Mapping) else items:
            yield {"kind": _KINDS[name], **_members(item)}


_KINDS = {"findings": "finding", "policies": "policy", "controls": "control", "waivers": "waiver"}


def _members(item: Any) -> dict[str, Any]:
    """The members of a dataclass, not copied: results are many, and `asdict` copies what was observed."""
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _plain(value: object) -> object:
    """What JSON has no form for: our own data by its members, sets in order, the rest as text."""
    if is_dataclass(value):
        return _members(value)
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
