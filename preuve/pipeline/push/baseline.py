"""The baseline of a workspace: read it, mark what is known by it, write it anew."""

from __future__ import annotations

from pathlib import Path

from preuve.assess.changes.known import baseline_of, compare
from preuve.library.company import baseline
from preuve.library.company.names import refuse_misnamed
from preuve.model.company.baseline import Baseline
from preuve.model.results import Assessment


def baseline_path(home: Path, named: Path | None) -> Path:
    """The file that was named, or the workspace's."""
    if named is None:
        refuse_misnamed(home, baseline.FILE)
    return named or home / baseline.FILE


def read_baseline(home: Path, named: Path | None) -> Baseline | None:
    """What is known; None where the workspace has no baseline. A file that was named must be there."""
    path = baseline_path(home, named)
    return baseline.load_baseline(path) if named or path.is_file() else None


def record(assessment: Assessment, path: Path, source: str) -> Assessment:
    """Write what was found as known to `path`, and answer it so marked.

    What the file says of the other `source` stays.
    """
    kept = baseline.load_baseline(path) if path.is_file() else Baseline()
    other = kept.without([mark for mark in kept.marks if mark.source == source])
    found = baseline_of(assessment.findings)
    told = {mark: of for mark, of in kept.grounds.items() if mark in found.marks}  # a snapshot tells none
    now = Baseline({**other.marks, **found.marks}, {**other.grounds, **told, **found.grounds})
    baseline.write_baseline(path, now)
    return compare(assessment, now)
