"""Measures the time between complete runs, and its limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from preuve.model.content import Library
from preuve.publish.history.runs import ChainRun

CADENCE = "complete_run_max_days"  # the parameter of policies that require regular runs
_RUNS = ("audit", "scan")
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Interval:
    """The time from one complete run, or from the first run of all, to the next complete run."""

    start: str
    end: str

    @property
    def seconds(self) -> int:
        """Its length in seconds."""
        start, end = (datetime.fromisoformat(item) for item in (self.start, self.end))
        return int((end - start).total_seconds())

    def longer(self, days: int) -> bool:
        """Return whether it is longer than this number of days."""
        return self.seconds > days * _DAY


def cadence(library: Library, params: Mapping[str, object], policies: Iterable[str]) -> int | None:
    """Return the maximum number of days between complete runs, if a policy of the run requires one."""
    if not any(CADENCE in library.policies[name].params for name in policies if name in library.policies):
        return None
    return most_days(library, params)


def most_days(library: Library, params: Mapping[str, object]) -> int:
    """Return the maximum number of days between complete runs."""
    return int(str(params.get(CADENCE, library.parameters[CADENCE].value)))


def complete(chain: Iterable[ChainRun]) -> list[str]:
    """Return the times of the runs that read everything in scope, oldest first; an interrupted run is not complete."""
    chain = tuple(chain)
    interrupted = {run.of for run in chain if run.kind == "interrupted"}
    return sorted(
        run.time for run in chain if run.kind in _RUNS and run.incomplete == 0 and str(run.number) not in interrupted
    )


def since_first(chain: Sequence[ChainRun]) -> list[str]:
    """Return the time of the first run, and of the complete ones, oldest first: incomplete runs at the beginning count
    as a time without a complete run, like a gap between two complete ones.
    """
    first = min((run.time for run in chain if run.kind in _RUNS), default=None)
    return sorted({*complete(chain), *([first] if first else [])})


def intervals(times: Sequence[str]) -> list[Interval]:
    """Return the interval between each of these times and the next."""
    return [Interval(start, end) for start, end in pairwise(times)]


def longest(chain: Sequence[ChainRun], today: date) -> Interval | None:
    """Return the longest interval of the period; None if there is none.

    The period begins with the last audit before this quarter, which read everything; a later audit, whatever its name,
    hides nothing.
    """
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1).isoformat()
    begun = max((run.time for run in chain if run.kind == "audit" and run.time < quarter), default="")
    since = [item for item in intervals(since_first(chain)) if item.end > begun]
    return max(since, key=lambda item: item.seconds, default=None)
