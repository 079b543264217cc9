"""`results.jsonl`: the assessment as JSON lines, in stable order, written and read back.

Schema: `reports/schemas/results.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from msgspec import ValidationError, convert

from preuve.model.errors import PreuveError, UnfitError
from preuve.model.results import Assessment, ControlResult, Finding, Place, PolicyResult, Reason, WaiverResult
from preuve.system.causes import cause

T = TypeVar("T")
SCHEMA = "results/3"
_READABLE = ("results/2", SCHEMA)  # results/2 has every member in each line


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
    """Return the members of a dataclass, without a copy: there are many results, and `asdict` copies observed
    values.
    """
    usual = _USUAL.get(type(item), {})
    told = {name: getattr(item, name) for name in _NAMES.get(type(item)) or _names(type(item))}
    return {name: value for name, value in told.items() if name not in usual or value != usual[name]}


def _names(kind: type[Any]) -> Sequence[str]:
    """Return the names of the members of a dataclass that are written."""
    return [field.name for field in fields(kind) if field.name not in _NOT_WRITTEN]


# What a gate compares, and what pages work out of the snapshot.
_NOT_WRITTEN = frozenset({"grounds", "lines", "each"})
_NAMES: Mapping[type, Sequence[str]] = {kind: _names(kind) for kind in (Finding, Place, Reason)}  # of which are many
# Members of a finding that are never compared; that nothing was observed is said, and not left to a default.
_DETAILS = frozenset({"observed", "calls"})
# Of what stands there thousands of times, what is left out where it has its usual value: the schema has these defaults.
_USUAL: Mapping[type, Mapping[str, Any]] = {
    kind: {
        item.name: item.default for item in fields(kind) if item.default is not MISSING and item.name not in _DETAILS
    }
    for kind in (Finding, Place)
}


def _plain(value: object) -> object:
    """Convert values that JSON cannot represent: preuve's own data by its members, sets in order, anything else as
    text.
    """
    if is_dataclass(value):
        return _members(value)
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


# ---- reading ------------------------------------------------------------------------------------------------------


def read_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of a file, one at a time. Raises UnfitError, which names the line, if one is not JSON."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise UnfitError(f"{path.name}:{number}: it is not JSON") from error


def read_assessment(path: Path) -> Assessment:
    """Return the assessment without observed values, calls, and the joins of code and account. Raises PreuveError."""
    try:
        head, *lines = read_lines(path)
        if head["schema"] not in _READABLE:
            raise UnfitError(f"it is {head['schema']}, not {SCHEMA}")
        return Assessment(
            now=head["now"],
            findings=tuple(whole_finding(line) for line in lines if line["kind"] == "finding"),
            policies={line["policy"]: read_policy(line) for line in lines if line["kind"] == "policy"},
            controls=tuple(_typed(line, ControlResult) for line in lines if line["kind"] == "control"),
            waivers=tuple(_typed(line, WaiverResult) for line in lines if line["kind"] == "waiver"),
            problems=tuple(head["problems"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PreuveError(f"{path} holds no results that can be read: {cause(error)}", "audit again") from error


def whole_finding(line: Mapping[str, Any]) -> Finding:
    """Return a finding with the checks that decided it, and whether it was known; without the members of `_DETAILS`."""
    return _typed({name: value for name, value in line.items() if name not in _DETAILS}, Finding)


def read_finding(line: Mapping[str, Any]) -> Finding:
    """Return a finding without its observed values, calls and checks."""
    return replace(whole_finding(line), checks=(), known=False)


def read_policy(line: Mapping[str, Any]) -> PolicyResult:
    """Read the result of a policy."""
    return _typed(line, PolicyResult)


def read_waivers(path: Path) -> tuple[WaiverResult, ...]:
    """Return the waivers of an audit, with their state in that audit."""
    return tuple(_typed(line, WaiverResult) for line in read_lines(path) if line["kind"] == "waiver")


def read_reason(data: Mapping[str, Any]) -> Reason:
    """Read a reason."""
    return _typed(data, Reason)


def _typed(line: Mapping[str, Any], kind: type[T]) -> T:
    """Return the line as its type. Raises ValueError if it does not fit."""
    try:
        return convert(line, kind)
    except ValidationError as error:
        raise UnfitError(cause(error)) from error
