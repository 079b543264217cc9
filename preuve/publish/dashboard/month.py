"""The content of the management committee dashboard, independent of its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from preuve.assess.plan import plan
from preuve.library.company.register.cells import is_day
from preuve.library.company.register.open_cells import is_possible
from preuve.library.company.registers import NONCONFORMITIES
from preuve.model.company.indicator import Figure, Indicator, IndicatorSeries, State
from preuve.model.company.workspace import Nonconformity, Waiver, Workspace
from preuve.model.content import EvidenceItem, Library, Severity
from preuve.model.results import EvidenceResult, FindingStatus
from preuve.publish.dashboard.registers import Registers
from preuve.publish.dashboard.runs import Audits
from preuve.publish.history.runs import ChainRun
from preuve.publish.tables.registers import declared_none, state

MONTHS = 12
SOON = timedelta(days=30)


@dataclass(frozen=True)
class AccountCounts:
    """The number of accounts in scope, and of those that the newest audit read."""

    in_scope: int
    read: int | None  # None: there is no audit


@dataclass(frozen=True)
class Month:
    """A month as of its last day, or of today where it has not ended."""

    month: str  # 2026-11
    day: date
    months: Sequence[str]
    measured: Sequence[IndicatorSeries]
    audits: Audits
    evidence: Sequence[tuple[EvidenceItem, EvidenceResult]]
    reading: AccountCounts
    chain: Sequence[ChainRun] | None  # the recorded runs up to the day; None: the chain cannot be read
    library: Library
    workspace: Workspace
    ended: bool = True  # whether nothing of the month was left when the page was asked for
    uncounted: str = ""  # why the nonconformities cannot be counted: a word of `monthly.why`

    @property
    def next_meeting(self) -> str:
        """The day by which the committee meets again at the latest: the last one of the month that follows."""
        return last_day(f"{last_day(self.month) + timedelta(days=1):%Y-%m}").isoformat()

    @property
    def audited(self) -> bool:
        """Whether the newest audit is of this month: what an earlier one saw is no fact of it."""
        return bool(self.audits.runs) and self.audits.runs[-1].now.startswith(self.month)

    @property
    def lost_audits(self) -> list[ChainRun]:
        """The audits of these months that were closed and cannot be used, the newest first."""
        return [run for run in self.audits.lost[::-1] if run.time[:7] in self.months]

    def recorded(self, month: str, kind: str) -> list[ChainRun]:
        """Return the runs of one kind that the chain has for a month."""
        return [run for run in self.chain or () if run.kind == kind and run.time.startswith(month)]

    def scanned(self, month: str, severity: Severity) -> Figure:
        """Return the failures of the last recorded scan of a month."""
        if self.chain is None:
            return Figure(why="no_chain")
        scans = self.recorded(month, "scan")
        failing = scans[-1].failing if scans else None
        if failing is None:
            return Figure(why="no_scan")
        open_ = scans[-1].counts.get(FindingStatus.NOT_EVALUATED)  # of any severity: the line tells no more
        return Figure(float(failing.get(severity, 0)), "unread" if open_ else "")

    def missed(self) -> list[IndicatorSeries]:
        """Return the indicators that are not as they should be."""
        return [item for item in self.measured if item.state is State.MISSED]

    def not_measured(self) -> list[IndicatorSeries]:
        """Return the indicators that were not measured."""
        return [item for item in self.measured if item.state is State.NOT_MEASURED]

    def last_audited(self) -> list[tuple[Indicator, Figure]]:
        """Return what the newest audit measured of what this month lacks, for want of an audit."""
        last = self.audits.runs[-1].now[:7] if self.audits.runs else ""
        if last not in self.months:
            return []
        lacking = [item for item in self.not_measured() if item.now.why == "no_audit"]
        then = [(item.indicator, item.figures[self.months.index(last)]) for item in lacking]
        return [(indicator, figure) for indicator, figure in then if figure.value is not None]

    def due_evidence(self) -> list[tuple[EvidenceItem, EvidenceResult]]:
        """Return the documents that are missing or out of date, in the order in which they are proposed elsewhere."""
        quarters = plan(self.library, self.workspace, self.evidence, self.day, 1)
        steps = [(step.item, step.found) for quarter in quarters for step in quarter.steps]
        return [(item, found) for item, found in steps if found.state in ("missing", "stale")]

    def ending_waivers(self) -> list[Waiver]:
        """Return the accepted risks that have ended or soon will."""
        ending = (item for item in self.workspace.waivers if item.expires <= self.day + SOON)
        return sorted(ending, key=lambda item: (item.expires, item.id))

    def overdue_actions(self) -> list[Nonconformity]:
        """Return the nonconformities past their date."""
        today = self.day.isoformat()
        found = (item for item in self.workspace.nonconformities if state(item, today) == "overdue")
        return sorted(found, key=lambda item: (item.due, item.number))


def last_day(month: str) -> date:
    """Return the last day of a month."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def months_until(month: str) -> list[str]:
    """Return the twelve months that end with one."""
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - MONTHS + 1, last + 1)]


def measured(
    indicators: Sequence[Indicator], months: Sequence[str], registers: Registers, audits: Audits
) -> list[IndicatorSeries]:
    """Return each indicator over the months."""
    return [IndicatorSeries(item, [_figure(item, month, registers, audits) for month in months]) for item in indicators]


def uncounted(
    registers: Registers, month: str, workspace: Workspace, evidence: Sequence[tuple[EvidenceItem, EvidenceResult]]
) -> str:
    """Return why the nonconformities of a workspace cannot be counted, a word of `monthly.why`; "" if they can."""
    rows = registers.complete(NONCONFORMITIES, month)
    if isinstance(rows, Figure):
        return rows.why
    if not rows and not declared_none(workspace, evidence):
        return "no_entry"
    days = [item.closed or item.due for item in workspace.nonconformities]
    return "" if all(is_day(cell) for cell in days if cell) else "unreadable"


def _figure(indicator: Indicator, month: str, registers: Registers, audits: Audits) -> Figure:
    source = indicator.source
    if source.runs:
        return audits.figure(month, source.runs)
    if source.count:
        return registers.count(month, indicator.id, source.count)
    found = registers.share(month, source.share) if source.share else registers.entered(month, indicator.id)
    return _possible(indicator, found)


def _possible(indicator: Indicator, figure: Figure) -> Figure:
    possible = figure.value is None or is_possible(indicator, figure.value)
    return figure if possible else Figure(why="above_all")
