"""The history that an audit puts into its bundle: from the closed bundles beside it and the chain of runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from preuve.evidence.verifier.chain import Line
from preuve.model.meta import AuditRun
from preuve.model.results import Assessment, FindingStatus
from preuve.pipeline.bundle.seal import Prospect
from preuve.pipeline.run.prepare import Prepared
from preuve.publish.history.history import History, read_history
from preuve.publish.history.runs import Numbered


def history_of(home: Path, run: AuditRun, assessment: Assessment, kept: Prepared, prospect: Prospect | None) -> History:
    """The history up to this run, as `meta.json` names it; a try-out, which is never sealed, sees no chain."""
    chain = () if prospect is None else tuple(numbered(prospect.means.home.read().lines))
    found = read_history(home, run.id, assessment, kept.workspace, chain)
    this = replace(found.runs[-1], period=run.period, commit=run.commit or "")
    return replace(found, runs=(*found.runs[:-1], this))


def numbered(lines: tuple[Line, ...]) -> Iterator[Numbered]:
    """The lines of the chain as runs; what a line of another version lacks is left empty."""
    known = {status.value: status for status in FindingStatus}
    for line in lines:
        counts = line.data.get("counts")
        found = counts.items() if isinstance(counts, dict) else ()
        yield Numbered(
            number=line.number,
            kind=line.text("kind"),
            time=line.text("time"),
            head=line.digest,
            period=line.text("period"),
            commit=line.text("commit"),
            counts={known[name]: count for name, count in found if name in known and isinstance(count, int)},
            of=line.text("of"),
        )
