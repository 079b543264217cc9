"""Checks the history in a bundle against its results and its chain.

Earlier runs, ages and new findings do not follow from the snapshot. They cannot be computed again, so they are compared
with the data that can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from preuve.assess.changes.comparison import Comparison, Key, by_key, key
from preuve.evidence.verifier.chain import Line
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library
from preuve.model.moment import moment
from preuve.model.results import WEAK, Assessment, FindingStatus, by_resource
from preuve.pipeline.run.history import numbered
from preuve.publish.history.cadence import cadence
from preuve.publish.history.durations import Outcome
from preuve.publish.history.history import OF_FOLDERS, Gap, History, following
from preuve.publish.history.runs import ChainRun, RunEntry, read_run, run_of
from preuve.publish.history.store import stored
from preuve.redact.announcements.values import PSEUDONYM

_MEANWHILE = timedelta(hours=1)  # longer than from the last answer of a run to its line
_NAMED = re.compile(PSEUDONYM)
_TOLD = (*WEAK, FindingStatus.NOT_EVALUATED)


def holds(
    history: History | None, lines: tuple[Line, ...], assessment: Assessment, library: Library, workspace: Workspace
) -> bool:
    """Return whether the history agrees with the results about this run, and with the chain about the others, as far as
    the chain reaches. An audit always keeps one.
    """
    if history is None or not history.runs:
        return False
    known = tuple(numbered(lines))
    told, runs = tuple(history.chain), history.runs
    return (
        told == known[: len(told)]
        and not (told and _passed_over(history, lines, assessment.now))
        and all(_as_chained(run, known) for run in runs)
        and _numbers(runs[-1]) == _numbers(run_of("", assessment, workspace)[1])
        and [gap for gap in history.gaps if gap.kind not in OF_FOLDERS]
        == _gaps(history, cadence(library, workspace.params, assessment.policies))
        and _still_open(history) == set(map(stored, _now(assessment, WEAK)))
        and (history.comparison is None or _changed(history.comparison) == _now(assessment, _TOLD))
    )


def names_no_run(history: History | None, lines: tuple[Line, ...], assessment: Assessment) -> bool:
    """Return whether a history has none of the runs that the chain of its bundle had before. That is so for an audit
    that was made elsewhere and sealed here, and for a history that somebody emptied.
    """
    return history is not None and not history.chain and bool(_passed_over(history, lines, assessment.now))


def _passed_over(history: History, lines: tuple[Line, ...], now: str) -> list[Line]:
    """Return the chain's lines after those that the history has, if they were in the chain when it was read, which was
    after `now`.

    A line does not have the time at which it was added, and machines have their own clocks: an hour is left between.
    """
    before = moment(datetime.fromisoformat(now) - _MEANWHILE)
    beyond = (line for line in lines[len(history.chain) :] if line.text("time") != now)  # without the bundle's own
    return [line for line in beyond if (line.text("sealed") or line.text("time")) < before]


def _gaps(history: History, every: int | None) -> list[Gap] | None:
    """Return the gaps that follow from the other parts of a history; None if a time in it is none."""
    try:
        return list(following(history.chain, [run.now for run in history.runs], every))
    except ValueError:
        return None


def not_adding_up(history: History | None, assessment: Assessment) -> Iterator[str]:
    """Yield the names of earlier runs with more failures than the history has weaknesses for.

    Several answers to one question are one weakness. Their former number does not follow from this run, because answers
    also disappear: each weakness may have had two, or as many as one has now.
    """
    if history is None:
        return
    answers = Counter(key(one) for one in by_resource(assessment.findings) if one.status in WEAK)
    most = max(2, *answers.values()) if answers else 2
    for number, run in enumerate(history.runs):
        there = sum(spell.first <= number <= spell.last for spell in history.spells)
        if there * most < sum(run.findings.get(status, 0) for status in WEAK):
            yield run.name


def agrees(history: History | None, bundle: Path) -> bool | None:
    """Return whether a history agrees with an earlier bundle about its run; None if the history does not contain it.

    Raises PreuveError if `bundle` has no results.
    """
    run, numbers = read_run(bundle)
    runs = history.runs[:-1] if history else ()
    number = next((index for index, item in enumerate(runs) if item.now == run.now), None)
    if history is None or number is None:
        return None
    weak = _as_told({stored(name) for name, item in by_key(run.findings).items() if item.status in WEAK}, history)
    there = {spell.key for spell in history.spells if spell.first <= number <= spell.last}
    seen = {spell.key for spell in history.spells if number in (spell.first, spell.last)}
    return _numbers(runs[number]) == _numbers(numbers) and seen <= weak <= there


def _as_told(weak: set[Key], history: History) -> set[Key]:
    """Return keys in the form of the history: it has pseudonyms for names that were not known when the bundle
    closed.
    """
    told = {spell.key for spell in history.spells} - weak
    later = {key_: _any_name(key_) for key_ in told if _NAMED.search(_joined(key_))}
    return {next((key_ for key_, form in later.items() if form.fullmatch(_joined(item))), item) for item in weak}


def _any_name(key_: Key) -> re.Pattern[str]:
    return re.compile("[^\0]+".join(map(re.escape, _NAMED.split(_joined(key_)))))


def _joined(key_: Key) -> str:
    return "\0".join(key_)


def _as_chained(run: RunEntry, chain: tuple[ChainRun, ...]) -> bool:
    """Return whether the chain has the same numbers for a run; a run in no chain is not contradicted."""
    lines = [line for line in chain if line.kind == "audit" and line.time == run.now]
    return not lines or any(
        dict(line.counts) == dict(run.findings) and line.failing in (None, dict(run.failing)) for line in lines
    )


def _numbers(run: RunEntry) -> tuple[object, ...]:
    return run.now, *(dict(counts) for counts in (run.findings, run.controls, run.failing))


def _now(assessment: Assessment, statuses: Collection[FindingStatus]) -> dict[Key, FindingStatus]:
    return {name: item.status for name, item in by_key(assessment.findings).items() if item.status in statuses}


def _still_open(history: History) -> set[Key]:
    last = len(history.runs) - 1
    return {spell.key for spell in history.spells if spell.outcome is Outcome.OPEN and spell.last == last}


def _changed(comparison: Comparison) -> dict[Key, FindingStatus]:
    """Return the statuses of this run in the history."""
    found = (change.after for change in comparison.changes)
    return {key(item): item.status for item in found if item is not None and item.status in _TOLD}
