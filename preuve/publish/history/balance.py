"""Reconciles the failures of two runs: every failure that came or went, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from preuve.assess.changes.comparison import Comparison, Kind, Run, by_key
from preuve.model.results import WEAK, Finding, FindingStatus

_ELSEWHERE = (Kind.SCOPE_CHANGED, Kind.RULE_CHANGED, Kind.REMOVED, Kind.OTHER_KEY)


@dataclass(frozen=True)
class Balance:
    """The counts of a comparison, each weakness once; the last two numbers lead from weaknesses to failing findings."""

    before: int  # findings that failed in the run before
    now: int
    new: int
    back: int
    came: int  # by scope, rule or key
    fixed: int
    left: int  # by scope, rule or key, or no longer in the code
    unsettled: int  # undecided in this run
    waivers: int  # more failures because waivers ended; fewer if negative
    repeated: int  # more failures on a policy and resource already counted


def balance(earlier: Run, later: Run, found: Comparison) -> Balance:
    """Return the comparison of two runs, with both sums."""
    (before, waived_before, twice_before), (now, waived, twice) = _failing(earlier), _failing(later)
    held = [change.kind for change in found.changes if _weak(change.after) and not _weak(change.before)]
    lost = [change for change in found.changes if _weak(change.before) and not _weak(change.after)]
    gone = [change.kind for change in lost if not change.unsettled]
    return Balance(
        before,
        now,
        new=held.count(Kind.NEW),
        back=held.count(Kind.REGRESSED),
        came=sum(kind in _ELSEWHERE for kind in held),
        fixed=gone.count(Kind.FIXED),
        left=sum(kind in _ELSEWHERE for kind in gone),
        unsettled=len(lost) - len(gone),
        waivers=waived_before - waived,
        repeated=twice - twice_before,
    )


def _weak(finding: Finding | None) -> bool:
    return finding is not None and finding.status in WEAK


def _failing(run: Run) -> tuple[int, int, int]:
    """Return the number of failing findings, of waived weaknesses, and of findings on a policy and resource that
    already fails.
    """
    statuses = [finding.status for finding in by_key(run.findings).values()]
    failing = sum(finding.status is FindingStatus.FAIL for finding in run.findings)
    return failing, statuses.count(FindingStatus.WAIVED), failing - statuses.count(FindingStatus.FAIL)
