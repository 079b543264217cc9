"""The audits of a folder whose chain of runs names each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from preuve.model.content import Severity
from preuve.publish.dashboard.runs import Audits, read_audits
from preuve.publish.history.history import closed_before
from preuve.publish.history.runs import ChainRun, moment


def audits_of(home: Path, before: str, times: Mapping[Severity, int], frameworks: Collection[str] = ()) -> Audits:
    return read_audits(home, before, times, frameworks, chain_of(home))


def chain_of(home: Path) -> list[ChainRun]:
    folders, _ = closed_before(home, "9")
    return [ChainRun(number, "audit", moment(folder), "") for number, folder in enumerate(folders, 1)]
