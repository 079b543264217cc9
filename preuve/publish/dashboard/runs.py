"""Figures of a month from the closed bundles. A month without an audit has none."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from preuve.assess.changes.comparison import Comparison, Key, Kind, Run, Scope, by_key, compare, key
from preuve.assess.waivers import names_of
from preuve.library.company.waivers import covers
from preuve.model.company.indicator import Figure, Runs
from preuve.model.company.workspace import Waiver
from preuve.model.content import Severity
from preuve.model.errors import PreuveError
from preuve.model.layout import RESULTS
from preuve.model.results import WEAK, Finding, FindingStatus, WaiverResult
from preuve.publish.history.durations import Outcome, WeaknessSpan, begun_before, spells
from preuve.publish.history.history import UNCHAINED, Gap, audits_without, closed_before
from preuve.publish.history.runs import ChainRun, RunEntry, frameworks_of, has_account, moment, read_run
from preuve.publish.history.store import Store
from preuve.publish.results import read_waivers

_OPEN = FindingStatus.NOT_EVALUATED
_FIXED = (Outcome.FIXED, Outcome.GONE)
_CHANGES = {"new": Kind.NEW, "fixed": Kind.FIXED, "regressed": Kind.REGRESSED}


@dataclass(frozen=True)
class WaiverOutcome:
    """The result of the newest audit for the findings of a waiver."""

    known: int = 0  # known in any audit
    failing: int = 0
    waived: int = 0
    unclear: int = 0  # undecided ones


@dataclass(frozen=True)
class Audits:
    """The audits up to a day, oldest first; the failures of each, and the changes since the one before."""

    runs: Sequence[RunEntry] = ()
    failing: Sequence[Mapping[Key, Severity]] = ()
    changes: Sequence[Comparison | None] = ()
    undecided: Sequence[Mapping[Severity, int]] = ()  # how many findings each could not evaluate
    losses: Sequence[str] = ()  # why each judged less than the workspace has, a word of `monthly.why`; "" if it did not
    spells: Sequence[WeaknessSpan] = ()
    older: frozenset[tuple[Key, int]] = frozenset()  # spans that may have begun before, by key and first run
    gaps: Sequence[Gap] = ()
    newest: Path | None = None
    last: Sequence[Finding] = ()  # failing or waived in the newest audit
    ever: Mapping[Key, Finding] = field(default_factory=dict)  # failing or waived in any audit, in its newest state
    waived: Mapping[str, frozenset[Key]] = field(default_factory=dict)  # by waiver, in the newest audit that found any
    waivers: Sequence[WaiverResult] = ()  # as the newest audit judged them
    times: Mapping[Severity, int] = field(default_factory=dict)  # days within which a weakness must be corrected
    lost: Sequence[ChainRun] = ()  # audits of the chain whose folder is not here, or has changed since it was closed
    breaks: Collection[int] = ()  # runs before which one may lie: what they find new or mended, it may have found
    chained: bool = True  # whether the chain of runs shows which are lost

    def figure(self, month: str, source: Runs) -> Figure:
        """Return a figure of the month."""
        # Without the chain, an audit that is not here may be the month's last, or lie between two.
        return self._figure(month, source) if self.chained else Figure(why="no_chain")

    def _figure(self, month: str, source: Runs) -> Figure:
        if source.measure in ("median_fix", "p90_fix"):
            return self._time(month, source)
        last = self._last(month)
        lost = self.lost_in(month, "" if last is None else self.runs[last].now)  # one of these is the month's last
        if lost or last is None:
            return Figure(why="audit_lost" if lost else "no_audit")
        if source.measure == "failing":
            failing = sum(self.runs[last].failing.get(item, 0) for item in source.severities)
            return Figure(float(failing), self._unread([last], source))
        if source.measure == "overdue":
            return self._overdue(last, source)
        if source.measure == "other":
            return self._other(month, source)
        return self._changed(month, source)

    def _of_month(self, month: str) -> list[int]:
        return [number for number, run in enumerate(self.runs) if run.now.startswith(month)]

    def lost_in(self, month: str, after: str = "") -> list[ChainRun]:
        """Return the audits of a month, after a moment, that were closed and cannot be used."""
        return [run for run in self.lost if run.time.startswith(month) and run.time > after]

    def _last(self, month: str) -> int | None:
        return max(self._of_month(month), default=None)

    def _changed(self, month: str, source: Runs) -> Figure:
        """Return the new, fixed or returned findings of all audits of the month."""
        found = [self.changes[number] for number in self._of_month(month)]
        if any(number in self.breaks for number in self._of_month(month)):
            return Figure(why="audit_lost")
        if not all(found):
            return Figure(why="first_audit")
        kind = _CHANGES[source.measure]
        changed = [change for item in found if item for change in item.of(kind)]
        number = sum(change.finding.severity in source.severities for change in changed)
        hidden = (change for item in found if item for change in item.of(Kind.OTHER_KEY))
        if any(change.finding.severity in source.severities for change in hidden):
            return Figure(float(number), "other_key")
        return Figure(float(number), self._unread(self._of_month(month), source))

    def left(self, month: str) -> list[Finding]:
        """Return the failures that audits of the month no longer found although nothing shows that they are corrected,
        and that do not fail in the last one.
        """
        return self._lost(month, lambda comparison: comparison.left)

    def removed(self, month: str) -> list[Finding]:
        """Return the failures whose block left the code in the month, and that do not fail in the last audit."""
        return self._lost(month, lambda comparison: comparison.removed)

    def renamed(self, month: str) -> list[Finding]:
        """Return the failures that audits of the month could not find again, because their pseudonym key is another
        one.
        """
        return self._lost(month, lambda comparison: comparison.renamed)

    def unsettled(self, month: str) -> list[Finding]:
        """Return the failures on which audits of the month no longer gave a verdict, and that the last one did not find
        again or corrected.
        """
        ended = {item.key for item in self.spells if item.ended is not None and item.ended in self._of_month(month)}
        return [item for item in self._lost(month, lambda comparison: comparison.unsettled) if key(item) not in ended]

    def _lost(self, month: str, of: Callable[[Comparison], Sequence[Finding]]) -> list[Finding]:
        audits = self._of_month(month)
        compared = filter(None, (self.changes[run] for run in audits))
        lost = {key(finding): finding for comparison in compared for finding in of(comparison)}
        return [finding for name, finding in lost.items() if name not in self.failing[audits[-1]]]

    def _unread(self, runs: Sequence[int], source: Runs) -> str:
        """Return why there may be more failures than these runs found; "" if they evaluated everything of the
        severities.
        """
        if why := next((self.losses[run] for run in runs if self.losses[run]), ""):
            return why
        open_ = any(self.undecided[run].get(severity) for run in runs for severity in source.severities)
        return "unread" if open_ else ""

    def _other(self, month: str, source: Runs) -> Figure:
        """Return the change in the number of failures apart from new, returned and fixed ones: waivers that ended or
        were granted, other scope or rules, undecided findings. With it the row of a severity adds up.
        """
        first, *_ = here = self._of_month(month)
        if any(number in self.breaks for number in here):
            return Figure(why="audit_lost")
        if not first:
            return Figure(why="first_audit")
        before, now = (
            sum(self.runs[run].failing.get(it, 0) for it in source.severities) for run in (first - 1, here[-1])
        )
        moved = {name: self._changed(month, Runs(name, source.severities)).value or 0 for name in _CHANGES}
        return Figure(float(now - before - moved["new"] - moved["regressed"] + moved["fixed"]))

    def _overdue(self, run: int, source: Runs) -> Figure:
        """Return the number of overdue failures, as a lower bound if another one may be older than the audits know."""
        timed = [severity for severity in source.severities if severity in self.times]
        if not timed:
            return Figure(why="no_time")
        failing = [item for item in self._failing_in(run) if item.severity in timed]
        on_time = [item for item in failing if not self._is_late(item, run)]
        late = len(failing) - len(on_time)
        unsure = any(self.is_older(item, run) for item in on_time)
        if unsure and not late:
            return Figure(why="short_history")
        return Figure(float(late), "short_history" if unsure else self._unread([run], source))

    def overdue(self, run: int) -> list[WeaknessSpan]:
        """Return the failures of a run that are past their deadline; waived ones do not count."""
        return [item for item in self._failing_in(run) if item.severity in self.times and self._is_late(item, run)]

    def _is_late(self, item: WeaknessSpan, run: int) -> bool:
        return self.days(item, run) > self.times[item.severity]

    def _failing_in(self, run: int) -> Iterator[WeaknessSpan]:
        """Yield the weaknesses that fail in a run."""
        for item in self.spells:
            if item.first <= run and (item.ended is None or item.ended > run) and item.key in self.failing[run]:
                yield item

    def covered(self, waiver: Waiver) -> WaiverOutcome:
        """Return what is known about a waiver's findings: those that it silenced, and those that its pattern
        matches.
        """
        named = {name for name, item in self.ever.items() if _names(waiver, item)}
        known = named | self.waived.get(waiver.id, frozenset())
        states = {key(item): item.status for item in self.last}
        now = [states[name] for name in known if name in states]
        unclear = sum(item.ended is None and item.key in known and item.key not in states for item in self.spells)
        failing = now.count(FindingStatus.FAIL)
        return WaiverOutcome(len(known), failing, len(now) - failing, unclear)

    def days(self, item: WeaknessSpan, until: int) -> int:
        """Return the days from the first audit that found a weakness to another one, if no audit in between is lost."""
        return self._between(self._since(item, until), until)

    def _since(self, item: WeaknessSpan, until: int) -> int:
        """Return the audit since which a weakness is known to last: a lost audit may have found it corrected."""
        return max([item.first, *(number for number in self.breaks if number <= until)])

    def _between(self, first: int, last: int) -> int:
        return (date.fromisoformat(self.runs[last].now[:10]) - date.fromisoformat(self.runs[first].now[:10])).days

    def is_older(self, item: WeaknessSpan, until: int) -> bool:
        """Return whether a weakness may have begun before the audit from which its days are counted to another one."""
        return (item.key, item.first) in self.older or self._since(item, until) in self.breaks

    def _time(self, month: str, source: Runs) -> Figure:
        """Return how long the fixes that an audit of the month found took, as a lower bound if a weakness may be older
        than the audits know.
        """
        here = self._of_month(month)
        if self.lost_in(month) or any(number in self.breaks for number in here):
            return Figure(why="audit_lost")
        if not here:
            return Figure(why="no_audit")
        if not all(self.changes[number] for number in here):  # no audit saw what ended before the first one
            return Figure(why="first_audit")
        took = [
            (self.days(item, item.ended), self.is_older(item, item.ended))
            for item in self.spells
            if item.ended in here and item.outcome in _FIXED and item.severity in source.severities
        ]
        if not took:
            return Figure(why="nothing")
        summary = median if source.measure == "median_fix" else _nearest_rank
        least = summary(sorted(days for days, _ in took))
        most = summary(sorted(math.inf if older else days for days, older in took))
        return Figure(float(least), "" if least == most else "short_history")


def _nearest_rank(took: Sequence[float]) -> float:
    return took[math.ceil(0.9 * len(took)) - 1]


def _lies_between(lost: Sequence[ChainRun], runs: Sequence[RunEntry], number: int) -> bool:
    before = runs[number - 1].now if number else ""
    return any(before < item.time < runs[number].now for item in lost)


def read_audits(
    home: Path,
    before: str,
    times: Mapping[Severity, int],
    frameworks: Collection[str],
    chain: Sequence[ChainRun] | None,
) -> Audits:
    """Return the audits that were closed before a moment. An audit that judged fewer frameworks than these, those of
    the workspace, counts only in a month without one that judged all. The `chain` shows which other audits cannot be
    used. If the chain cannot be read (None), or lacks an audit that is here, unknown audits may lie before each.
    """
    folders, gaps = closed_before(home, before, chain or ())
    recorded = None if chain is None else {run.time for run in chain}
    if recorded is not None:
        gaps += [Gap(UNCHAINED, folder.name) for folder in folders if moment(folder) not in recorded]
    known = {moment(folder) for folder in folders}
    whole = {folder for folder in folders if _judged_all(folder, frameworks)}
    runs: list[RunEntry] = []
    failing: list[Mapping[Key, Severity]] = []
    undecided: list[Mapping[Severity, int]] = []
    losses: list[str] = []
    changes: list[Comparison | None] = []
    scopes: list[Scope] = []
    previous: Run | None = None
    newest: Path | None = None
    weak: dict[Key, Finding] = {}
    ever: dict[Key, Finding] = {}
    waived: dict[str, frozenset[Key]] = {}
    spelled: list[WeaknessSpan] = []
    older: set[tuple[Key, int]] = set()
    with Store() as store:
        for folder in _widest(folders, whole):
            try:
                run, numbers = read_run(folder)
            except PreuveError as error:
                gaps.append(Gap("unreadable", str(error)))
                known.discard(moment(folder))
                continue
            store.add(len(runs), run.findings)
            runs.append(numbers)
            failing.append(_failing(run))
            undecided.append(Counter(item.severity for item in run.findings if item.status is _OPEN))
            losses.append("narrow" if folder not in whole else "" if has_account(folder) else "no_account")
            changes.append(compare(previous, run) if previous else None)
            scopes.append(run.scope)
            previous, newest = run, folder
            weak = {name: item for name, item in by_key(run.findings).items() if item.status in WEAK}
            ever |= weak
            waived |= _by_waiver([*weak.values()])
        chained = recorded is not None and known <= recorded
        lost = audits_without(chain or (), known)
        breaks = [number for number in range(len(runs)) if not chained or _lies_between(lost, runs, number)]
        for track in store.tracks():
            begun = list(spells(track, scopes))
            spelled += begun
            older |= {(spell.key, spell.first) for spell in begun if begun_before(track, spell, scopes)}
    judged = read_waivers(newest / RESULTS) if newest else ()
    last = [*weak.values()]
    return Audits(
        runs,
        failing,
        changes,
        undecided,
        losses,
        spelled,
        frozenset(older),
        gaps,
        newest,
        last,
        ever,
        waived,
        judged,
        times,
        lost,
        breaks,
        chained,
    )


def _widest(folders: Sequence[Path], whole: Collection[Path]) -> list[Path]:
    """Return the audits; in a month with an audit of the `whole`, without those of fewer frameworks."""
    months = {moment(folder)[:7] for folder in whole}
    return [folder for folder in folders if folder in whole or moment(folder)[:7] not in months]


def _judged_all(folder: Path, frameworks: Collection[str]) -> bool:
    """Return whether an audit judged all frameworks; an unreadable one is reported by the code that reads it."""
    try:
        return set(frameworks) <= set(frameworks_of(folder))
    except (PreuveError, OSError, ValueError, KeyError, TypeError):
        return True


def _by_waiver(weak: Sequence[Finding]) -> dict[str, frozenset[Key]]:
    """Return the findings that each waiver silenced."""
    names = {item.waiver for item in weak if item.waiver}
    return {name: frozenset(key(item) for item in weak if item.waiver == name) for name in names}


def _names(waiver: Waiver, item: Finding) -> bool:
    here = waiver.policy == item.policy and waiver.account in ("", item.place.account)
    return here and covers(waiver.resource, *names_of(item))


def _failing(run: Run) -> dict[Key, Severity]:
    worst = by_key(run.findings).items()
    return {key: finding.severity for key, finding in worst if finding.status is FindingStatus.FAIL}
