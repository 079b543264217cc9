"""Makes the earlier runs anew, from the emulated account as it was by the story. It takes some minutes.

`python examples/techstart/history make` writes what is kept in git. Before the account, the code is as it is today.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from account.cli import serving
from account.seed import clients, fill
from account.server import demonstration_environment, settle_environment

from preuve.evidence.bag import digest_of
from preuve.evidence.folder import period
from preuve.model.results import Assessment, Finding, FindingStatus
from preuve.model.snapshot import Snapshot
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.demonstration import on_port
from preuve.pipeline.run.preparation import Preparation, as_kept, judge, prepare
from preuve.pipeline.run.redaction import key_path
from preuve.publish.results import write_results
from preuve.redact.pseudonyms import read_table, table_beside
from preuve.snapshot.reader import read_snapshot

from . import story
from .day import as_of, ran
from .kept import SCANS, as_written, short, with_names, write_audits

_AUDIT, _SCAN = "T09:00:00Z", "T01:00:00Z"


def make(root: Path) -> None:
    """Live through the story, and keep what each run of it found."""
    os.environ.update(demonstration_environment(os.environ))
    settle_environment()
    audits, scans = dict[str, str](), list[Mapping[str, Any]]()
    with serving(0) as endpoint, tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        chain = Path(folder)
        fill(endpoint)
        prepared = prepare(root)
        moved = on_port(prepared.workspace, urlsplit(endpoint).port or 0)
        prepared = replace(prepared, workspace=moved)
        for days, kept, found in _months(prepared, endpoint):
            for day in days:
                kind, time = ("audit", f"{day}{_AUDIT}") if day in story.AUDITS else ("scan", f"{day}{_SCAN}")
                judged = judge(kept, as_of(prepared, found, chain, time))
                if kind == "audit":
                    audits[time] = _audit(judged)
                else:
                    scans.append(_scan(judged))
                ran(chain, kind, time, period(day))
    names = read_table(table_beside(key_path(prepared.workspace)))
    write_audits({time: with_names(text, names) for time, text in audits.items()})
    SCANS.write_text("".join(json.dumps(scan) + "\n" for scan in scans), encoding="utf-8")


def _months(prepared: Preparation, endpoint: str) -> Iterator[tuple[Sequence[date], Preparation, Snapshot]]:
    """The days of the runs between two changes, with the account as it was then."""
    aws = clients(endpoint)
    changes = [(day, list(together)) for day, together in groupby(story.changes(aws), attrgetter("day"))]
    days = sorted([*story.scans(), *story.AUDITS])
    for number, (first, together) in enumerate(changes):
        for change in together:
            change.apply(aws)
        until = changes[number + 1][0] if number + 1 < len(changes) else date.max
        here = [day for day in days if first <= day < until]
        if here:
            print(first, len(here), flush=True)
            with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
                snapshot = Path(folder, "snapshot")
                take_snapshot(prepared, snapshot, Scope(aws=True, iac=True), lambda *_, **__: None)
                yield here, as_kept(prepared, snapshot), read_snapshot(snapshot)


def _audit(assessment: Assessment) -> str:
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        path = Path(folder, "results.jsonl")
        write_results(path, assessment)
        lines = map(json.loads, path.read_text(encoding="ascii").splitlines())
        return "".join(as_written(line) for line in map(short, lines) if line)


def _scan(assessment: Assessment) -> Mapping[str, Any]:
    """The line of the chain, of the account alone."""
    findings = [finding for finding in assessment.findings if finding.source == "aws"]
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        path = Path(folder, "results.jsonl")
        write_results(path, replace(assessment, findings=tuple(findings)))
        results = digest_of(path)
    return {
        "time": assessment.now,
        "period": period(date.fromisoformat(assessment.now[:10])),
        "results": results,
        "counts": _counted(finding.status for finding in findings),
        "failing": _counted(finding.severity for finding in findings if _fails(finding)),
        "incomplete": sum(finding.incomplete for finding in findings),
    }


def _fails(finding: Finding) -> bool:
    return finding.status is FindingStatus.FAIL


def _counted(words: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(word) for word in words).items()))
