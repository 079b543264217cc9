"""The history that an audit puts into its bundle: from the closed bundles beside it and the chain of runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preuve.evidence.verifier.chain import Line
from preuve.model.results import Assessment, FindingStatus
from preuve.pipeline.prepare import Prepared
from preuve.pipeline.seal import Prospect
from preuve.publish.history.history import History, read_history
from preuve.publish.history.runs import Numbered


def history_of(home: Path, name: str, assessment: Assessment, kept: Prepared, prospect: Prospect | None) -> History:
    """The history up to the run `name`; a try-out, which has no prospect of a seal, has no chain either."""
    lines = prospect.means.home.read().lines if prospect else ()
    return read_history(home, name, assessment, kept.workspace, tuple(_numbered(lines)))


def _numbered(lines: tuple[Line, ...]) -> Iterator[Numbered]:
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
