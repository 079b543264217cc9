"""A whole audit: collect, judge, write one evidence bundle and close it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve import __version__
from preuve.assess.snapshot_files import read_calls, read_snapshot
from preuve.evidence.closing import Unsealed, close
from preuve.evidence.folder import evidence_folder, keep_content, next_name, period
from preuve.model.layout import CONTENT, MACHINE, SNAPSHOT
from preuve.model.results import Assessment
from preuve.pipeline.code import Progress
from preuve.pipeline.collect import Scope, take_snapshot
from preuve.pipeline.outcome import write_machine_files, write_pages
from preuve.pipeline.prepare import Prepared, as_kept, judge


@dataclass(frozen=True)
class Audited:
    """What an audit found, where it was written, and the root of the bundle."""

    assessment: Assessment
    folder: Path
    root: str


def audit(prepared: Prepared, home: Path, name: str, progress: Progress) -> Audited:
    """Examine account and code and write `home/name`; an existing folder is left alone and a number added."""
    covered = name or period(datetime.now(UTC))
    name = next_name(home, covered)
    with evidence_folder(home, name) as folder:
        scope = Scope(aws=bool(prepared.workspace.accounts), iac=True)
        (folder / MACHINE).mkdir(parents=True)
        take_snapshot(prepared, folder / SNAPSHOT, scope, progress)
        assessment = _write_payload(folder, prepared, progress)
        progress("closing the bundle")
        info = list(_info(prepared, name, covered, assessment.now))
        root = close(folder, name, covered, assessment.now, info, Unsealed())
    return Audited(assessment, home / name, root)


def _write_payload(folder: Path, prepared: Prepared, progress: Progress) -> Assessment:
    """Judge the snapshot in the folder, and write everything that rests on it; the same snapshot, the same bytes."""
    kept = as_kept(prepared, folder / SNAPSHOT)
    found = read_snapshot(folder / SNAPSHOT)
    assessment = judge(kept, found)
    progress("writing the pages")
    keep_content(folder / CONTENT, prepared.workspace.root)
    write_machine_files(folder / MACHINE, assessment, kept, controls=True)
    calls = {line["id"]: line for line in read_calls(folder / SNAPSHOT)}  # only now: judging needs none of them
    write_pages(folder, assessment, kept, found, calls)
    return assessment


def _info(prepared: Prepared, name: str, covered: str, now: str) -> Iterator[tuple[str, str]]:
    """What `bag-info.txt` says of the bundle."""
    yield "Source-Organization", prepared.workspace.organisation
    yield "External-Identifier", name
    yield "Period", covered
    yield "Bagging-Date", now[:10]
    yield "Bag-Software-Agent", f"preuve {__version__}"
