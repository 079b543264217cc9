"""Facts on pages that no snapshot contains, kept as JSON next to it: the history, the seal, whether there are PDFs.
With them, the same pages can be written again from the bundle alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert

from preuve.assess.changes.comparison import Change, Comparison, Kind
from preuve.model.errors import PreuveError
from preuve.model.layout import MACHINE, RESULTS
from preuve.model.results import Finding
from preuve.publish.history.history import History
from preuve.publish.history.runs import ChainRun, RunEntry
from preuve.publish.results import read_lines, whole_finding
from preuve.publish.site.facts import SealDescription

FILE = f"{MACHINE}/pages.json"
_NOT_KEPT = ("observed", "calls", "lines", "grounds")  # members of findings that no page of the history shows
_USUAL: Mapping[str, Any] = {"incomplete": False, "waiver": "", "checks": (), "known": False}  # left out
_USUAL_SPELL: Mapping[str, Any] = {"outcome": "open", "ended": None, "again": False}


@dataclass(frozen=True)
class PageFacts:
    """The facts that pages use in addition to the snapshot."""

    history: History | None = None
    sealing: SealDescription | None = None
    pdf: bool = False  # whether the papers were written as PDF too


def write_kept(bundle: Path, kept: PageFacts) -> None:
    """Write the file in a bundle; the same input gives the same bytes."""
    history, sealing = kept.history, kept.sealing
    numbers = _numbers(bundle / RESULTS) if history and history.comparison else {}
    data = {"history": history and _history(history, numbers), "sealing": sealing and asdict(sealing), "pdf": kept.pdf}
    text = json.dumps(data, separators=(",", ":"), default=str)
    (bundle / FILE).parent.mkdir(parents=True, exist_ok=True)
    (bundle / FILE).write_text(text + "\n", encoding="ascii", newline="\n")


def read_kept(bundle: Path) -> PageFacts:
    """Read the facts that a bundle keeps; empty for a version that kept none. Raises PreuveError if they are
    damaged.
    """
    path = bundle / FILE
    if not path.is_file():
        return PageFacts()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        history, sealing = data["history"], data["sealing"]
        results = tuple(_results(bundle / RESULTS)) if history and history["comparison"] else ()
        sealed = convert(sealing, SealDescription | None)
        return PageFacts(history and _read_history(history, results), sealed, bool(data["pdf"]))
    except (ValidationError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise PreuveError(f"{path} has contents no audit writes", "the bundle is damaged: verify it") from error


def _results(path: Path) -> Iterator[Finding]:
    """Yield the findings of the run itself, in the order of its results. For a finding that is there, only its number
    is kept.
    """
    if path.is_file():
        yield from (whole_finding(line) for line in read_lines(path) if line["kind"] == "finding")


def _numbers(path: Path) -> dict[str, int]:
    """Return the number of each finding in the results, by the kept form of the finding."""
    return {_written(finding): number for number, finding in enumerate(_results(path))}


def _written(finding: Finding) -> str:
    return json.dumps(_finding(finding), sort_keys=True, default=str)


def _history(found: History, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "runs": [_counted(run, "findings", "controls", "failing") for run in found.runs],
        "comparison": found.comparison and _comparison(found.comparison, numbers),
        "spells": [_unusual(asdict(spell), _USUAL_SPELL) for spell in found.spells],
        "balances": [asdict(item) for item in found.balances],
        "gaps": [asdict(gap) for gap in found.gaps],
        "chain": [_counted(run, "counts", *(["failing"] if run.failing is not None else [])) for run in found.chain],
    }


def _counted(run: RunEntry | ChainRun, *counts: str) -> dict[str, Any]:
    """Return a run with its counts as plain dictionaries: `asdict` makes counters of pairs of a counter."""
    data = {item.name: getattr(run, item.name) for item in fields(run)}
    return {**data, **{name: dict(data[name]) for name in counts}}


def _comparison(found: Comparison, numbers: Mapping[str, int]) -> dict[str, Any]:
    changes = [
        [change.kind, _changed(_finding(change.before), after), _after(change.after, after, numbers)]
        for change in found.changes
        for after in (_finding(change.after),)
    ]
    return {"earlier": found.earlier, "later": found.later, "changes": changes, "params": found.params}


def _after(finding: Finding | None, kept: dict[str, Any] | None, numbers: Mapping[str, int]) -> object:
    """Return the number of a finding in the results, or the kept form of one that is not there."""
    if finding is None or kept is None:
        return None
    return numbers.get(_written(finding), _unusual(kept, _USUAL))


def _unusual(data: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that differ from the usual value, which is not repeated in thousands of lines."""
    return {name: value for name, value in data.items() if name not in usual or value != usual[name]}


def _changed(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the members of an earlier finding that changed; the others are kept once."""
    if before is None or after is None:
        return before
    return {name: value for name, value in before.items() if after[name] != value}


def _finding(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    kept = {item.name: getattr(finding, item.name) for item in fields(finding) if item.name not in _NOT_KEPT}
    place = {name: value for name, value in asdict(finding.place).items() if value or name in ("type", "id")}
    return {**kept, "place": place, "reason": asdict(finding.reason)}


def _read_history(data: Mapping[str, Any], results: Sequence[Finding]) -> History:
    found = convert({**data, "comparison": None}, History)
    _must_be_in_form(found)
    return replace(found, comparison=data["comparison"] and _read_comparison(data["comparison"], results))


def _must_be_in_form(history: History) -> None:
    """Raise ValueError if a time is none, or a weakness names a run that is not there."""
    for when in (*(run.now for run in history.runs), *(run.time for run in history.chain)):
        datetime.fromisoformat(when)
    numbers = range(len(history.runs))
    named = (run for spell in history.spells for run in (spell.first, spell.last, spell.ended) if run is not None)
    if not numbers or not all(number in numbers for number in named):
        raise ValueError("runs")


def _whole(found: Mapping[str, Any] | None, rest: Mapping[str, Any]) -> Finding | None:
    return None if found is None else whole_finding({**_USUAL, **rest, **found})


def _read_comparison(data: Mapping[str, Any], results: Sequence[Finding]) -> Comparison:
    changes = [_change(Kind(kind), before, after, results) for kind, before, after in data["changes"]]
    params = {name: (before, after) for name, (before, after) in data["params"].items()}
    return Comparison(data["earlier"], data["later"], changes, params)


def _change(kind: Kind, before: Mapping[str, Any] | None, after: Any, results: Sequence[Finding]) -> Change:
    if not isinstance(after, int):
        return Change(kind, _whole(before, after or {}), _whole(after, {}))
    if after not in range(len(results)):
        raise ValueError("findings")
    found = results[after]
    rest = json.loads(_written(found))
    return Change(kind, _whole(before, rest), found)
