"""Results of earlier runs for the records: read once from the newest bundle and the chain, then kept in the snapshot,
so that the same records can be written again from the bundle alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from preuve.model.errors import PreuveError
from preuve.model.layout import RECORDS, SNAPSHOT
from preuve.publish.history.history import closed_before
from preuve.publish.history.runs import ChainRun
from preuve.snapshot.reader import read_json

FILE = "earlier.json"
_RUNS = ("audit", "scan")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STATUS = re.compile(r"[A-Z_]{1,40}")


def earlier_runs(home: Path, now: str, period: str, chain: Iterable[ChainRun] | None) -> dict[str, Any]:
    """Return the results of the newest bundle in `home` by record, and the number of the period's runs including this
    one; the number is unknown without a chain.
    """
    found: dict[str, Any] = {"bundle": "", "records": {}}
    lines = tuple(chain or ())
    for folder in reversed(closed_before(home, now, lines)[0]):
        if records := _records(folder):
            found = {"bundle": folder.name, "records": records}
            break
    return found if chain is None else {**found, "runs_in_period": 1 + _runs(lines, period)}


def _runs(chain: Iterable[ChainRun], period: str) -> int:
    interrupted = {run.of for run in chain if run.kind == "interrupted"}
    counted = (run for run in chain if run.kind in _RUNS and str(run.number) not in interrupted)
    return sum(run.period == period for run in counted)


def _records(folder: Path) -> dict[str, dict[str, str]]:
    """Return the status of each record and since when. A bundle with an unreadable record gives no results, because a
    missing record would look like one that never existed. The list of gaps names such a bundle.
    """
    try:
        paths = sorted((folder / RECORDS).rglob("*.json"))
        return {path.relative_to(folder / RECORDS).as_posix(): _said(path) for path in paths}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _said(path: Path) -> dict[str, str]:
    record = json.loads(path.read_text(encoding="utf-8"))
    since = record.get("history", {}).get("status_since") or record["run"]["finished"]
    status = record["result"]["status"]
    if not (_STATUS.fullmatch(status) and _MOMENT.fullmatch(since)):
        raise ValueError(path)
    return {"status": status, "since": since}


@dataclass(frozen=True)
class EarlierResults:
    """The earlier runs in the snapshot; empty for a version that kept none."""

    bundle: str = ""
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    runs_in_period: int | None = None

    @classmethod
    def of(cls, bundle: Path) -> EarlierResults | None:
        """Read the earlier runs in a bundle's snapshot; None if there are none. Raises PreuveError if they are
        damaged.
        """
        path = bundle / SNAPSHOT / FILE
        if not path.exists():
            return None
        try:
            return cls(**read_json(path))
        except TypeError as error:
            raise PreuveError(f"{path} has contents no audit writes", "the bundle is damaged: verify it") from error

    def of_record(self, name: str, status: str, now: str) -> dict[str, Any]:
        """Return the history of a record by its path below the records."""
        known = self.records.get(name)
        since = known["since"] if known and known["status"] == status else now
        before = {"previous_run": self.bundle, "previous_status": known["status"]} if known else {}
        counted = {} if self.runs_in_period is None else {"runs_in_period": self.runs_in_period}
        return {**before, "status_since": since, **counted}


def runs_expected(period: str, now: str, every: int) -> int | None:
    """Return the number of runs that a quarter should have by now if no two are more than `every` days apart; at least
    this one.

    None if the period has no first day.
    """
    quarter = _QUARTER.fullmatch(period)
    if quarter is None:
        return None
    year, month = int(quarter[1]), int(quarter[2]) * 3 - 2
    first = date(year, month, 1)
    last = date(year + month // 10, (month + 3) % 12, 1) - timedelta(days=1)
    return max(1, (min(date.fromisoformat(now[:10]), last) - first).days // every)
