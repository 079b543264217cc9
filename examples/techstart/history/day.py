"""What the chain of runs said on an earlier day: an audit of then judges the runs before it, and not those of today."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from preuve.collect.registers import read_registers
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, record
from preuve.library.validation.rules import Needs
from preuve.model.snapshot import Snapshot
from preuve.pipeline.run.kept_registers import TYPE, kept_registers
from preuve.pipeline.run.preparation import Preparation
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor
from preuve.snapshot.reader import read_snapshot


def as_of(prepared: Preparation, found: Snapshot, chain: Path, time: str) -> Snapshot:
    """A snapshot as a run of that moment would have read it, with the chain that stands in a folder."""
    workspace = replace(prepared.workspace, evidence_folder=str(chain.absolute()))
    when = datetime.fromisoformat(time)
    needs = Needs({TYPE: prepared.needs.types[TYPE]})
    kept = kept_registers(needs, workspace, prepared.library, when)
    nobody = Redactor(Pseudonyms(bytes(32)))  # the chain names no person
    ((_, lines),) = read_registers(prepared.library, needs, workspace, nobody, kept, when.date())
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        place = Path(folder, "registers")
        place.mkdir()
        Path(folder, "meta.json").write_text("{}", encoding="utf-8")
        (place / "chain.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        told = read_snapshot(Path(folder))
    return replace(
        found,
        meta=replace(found.meta, finished=time),
        resources=(*(item for item in found.resources if item.type != TYPE), *told.resources),
        listings=(*(item for item in found.listings if item.type != TYPE), *told.listings),
    )


def ran(chain: Path, kind: str, time: str, period: str) -> None:
    """Add a complete run to the chain in a folder."""
    record(FileChain(chain), Run(kind, time, period))
