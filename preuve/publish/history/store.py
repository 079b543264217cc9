"""The verdicts of all runs in a database that exists only while it is used: built from the bundles, kept nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from preuve.assess.changes.comparison import Key, by_key
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus

_KEY = "policy, source, type, account, region, root, resource"
_SCHEMA = f"CREATE TABLE verdict ({_KEY}, severity, run, status, rev)"
_ADD = "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVER_WEAK = f"""
SELECT * FROM verdict
WHERE ({_KEY}) IN (SELECT {_KEY} FROM verdict WHERE status IN ('FAIL', 'WAIVED'))
ORDER BY policy, resource, {_KEY}, run
"""  # noqa: S608 - our own column names


@dataclass(frozen=True)
class RunVerdicts:
    """The result of one run."""

    run: int
    status: FindingStatus
    rev: int


@dataclass(frozen=True)
class Track:
    """A policy on a resource that failed in at least one run, with its results in all runs, in order."""

    key: Key
    severity: Severity
    seen: tuple[RunVerdicts, ...]


class Store:
    """A temporary database; runs are numbered in the order of time."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a private file that SQLite removes: memory does not grow with the runs
        self._database.execute(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, run: int, findings: Iterable[Finding]) -> None:
        """Add the verdicts of a run."""
        rows = (
            (*stored(name), finding.severity.value, run, finding.status.value, finding.rev)
            for name, finding in by_key(findings).items()
        )
        self._database.executemany(_ADD, rows)

    def tracks(self) -> Iterator[Track]:
        """Yield everything that ever failed, by policy and resource."""
        rows = self._database.execute(_EVER_WEAK)
        for key_, group in groupby(rows, lambda row: row[:7]):
            found = list(group)
            seen = tuple(RunVerdicts(run, FindingStatus(status), rev) for *_, run, status, rev in found)
            yield Track(key_, Severity(found[-1][7]), seen)


def stored(name: Key) -> Key:
    """Return a key in the form in which the database returns it."""
    policy, source, type_, account, region, root, own = map(storable, name)
    return policy, source, type_, account, region, root, own


def storable(text: str) -> str:
    """Return a text that SQLite accepts: half of a surrogate pair in a name must not stop an audit."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
