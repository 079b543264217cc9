"""The history that an audit puts into its bundle: from the earlier closed bundles and the chain of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from preuve.evidence.verifier.chain import Line
from preuve.model.content import Severity
from preuve.model.results import Assessment, FindingStatus
from preuve.model.snapshot import AuditRun, Meta
from preuve.pipeline.bundle.seal import PlannedSeal
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.history.cadence import cadence
from preuve.publish.history.history import History, PeopleNames, read_history
from preuve.publish.history.runs import ChainRun
from preuve.redact.known_names import KnownNames

T = TypeVar("T")


def history_of(
    home: Path, meta: Meta, assessment: Assessment, kept: Preparation, prospect: PlannedSeal | None, names: KnownNames
) -> History:
    """Return the history up to the run of `meta`; a try-out is never sealed, has no `prospect` and reads no chain.

    `home` contains the earlier bundles, which never change: `names` that became known later are replaced in the data
    from them, as in the snapshot. `kept` is the workspace in the form that the bundle keeps.
    """
    chain = () if prospect is None else tuple(numbered(prospect.means.home.read().lines))
    every = cadence(kept.library, kept.workspace.params, assessment.policies)
    run = meta.run or AuditRun()
    named = PeopleNames(meta.pseudonym_key_id, names.renaming)
    found = read_history(home, run.id, assessment, kept.workspace, chain, every, named)
    this = replace(found.runs[-1], period=run.period, commit=run.commit or "")
    return replace(found, runs=(*found.runs[:-1], this))


def numbered(lines: tuple[Line, ...]) -> Iterator[ChainRun]:
    """Yield the lines of the chain as runs; data that a line of another version lacks is left empty."""
    known = {status.value: status for status in FindingStatus}
    grave = {severity.value: severity for severity in Severity}
    for line in lines:
        failing, incomplete = line.data.get("failing"), line.data.get("incomplete")
        yield ChainRun(
            number=line.number,
            kind=line.text("kind"),
            time=line.text("time"),
            head=line.digest,
            period=line.text("period"),
            commit=line.text("commit"),
            counts=_counted(line.data.get("counts"), known),
            of=line.text("of"),
            failing=_counted(failing, grave) if isinstance(failing, dict) else None,
            incomplete=incomplete if isinstance(incomplete, int) else None,
        )


def _counted(counts: object, known: Mapping[str, T]) -> dict[T, int]:
    """Return the numbers of what is known."""
    found = counts.items() if isinstance(counts, dict) else ()
    return {known[name]: count for name, count in found if name in known and isinstance(count, int)}
