"""A whole audit: collect, judge, write one evidence folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve.assess.snapshot_files import read_calls, read_snapshot
from preuve.evidence.folder import evidence_folder, keep_content, next_name, period
from preuve.model.layout import CONTENT, MACHINE, SNAPSHOT
from preuve.model.results import Assessment
from preuve.pipeline.collect import Progress, Scope, take_snapshot
from preuve.pipeline.outcome import write_machine_files, write_pages
from preuve.pipeline.prepare import Prepared, as_kept, judge


@dataclass(frozen=True)
class Audited:
    """What an audit found and where it was written."""

    assessment: Assessment
    folder: Path


def audit(prepared: Prepared, home: Path, name: str, progress: Progress) -> Audited:
    """Examine account and code and write `home/name`; an existing folder is left alone and a number added."""
    name = next_name(home, name or period(datetime.now(UTC)))
    scope = Scope(aws=bool(prepared.workspace.accounts), iac=True)
    with evidence_folder(home, name) as folder:
        (folder / MACHINE).mkdir(parents=True)
        take_snapshot(prepared, folder / SNAPSHOT, scope, progress)
        kept = as_kept(prepared, folder / SNAPSHOT)
        found = read_snapshot(folder / SNAPSHOT)
        assessment = judge(kept, found)
        progress("writing the pages")
        keep_content(folder / CONTENT, prepared.workspace.root)
        write_machine_files(folder / MACHINE, assessment, kept, controls=True)
        calls = {line["id"]: line for line in read_calls(folder / SNAPSHOT)}  # only now: judging needs none of them
        write_pages(folder, assessment, kept, found, calls)
    return Audited(assessment, home / name)
