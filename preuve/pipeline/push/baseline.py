"""The baseline of a workspace: reads it, marks known findings, writes it anew."""

from __future__ import annotations

from pathlib import Path

from preuve.assess.changes.known_findings import baseline_of, compare, kept_open
from preuve.library.company import baseline
from preuve.library.company.names import refuse_misnamed
from preuve.library.yaml.files import is_there
from preuve.model.company.baseline import Baseline
from preuve.model.errors import UsageError
from preuve.model.results import Assessment


def baseline_path(home: Path, named: Path | None) -> Path:
    """Return the file that was named, or the workspace's."""
    if named is None:
        refuse_misnamed(home, baseline.FILE)
    return named or home / baseline.FILE


def read_baseline(home: Path, named: Path | None) -> Baseline | None:
    """Read the known findings; None if the workspace has no baseline. A named file must exist."""
    path = baseline_path(home, named)
    return baseline.load_baseline(path) if named or is_there(path) else None


def refuse_other_key(known: Baseline, key: str) -> None:
    """Raise UsageError if known findings of the account have pseudonyms of another key than this one."""
    if known.key and known.key != key:
        hint = "put that key back (evidence.pseudonym_key), or write the baseline anew: add --update-baseline"
        raise UsageError("the baseline was written with another pseudonym key: it is not known whom it refers to", hint)


def record(assessment: Assessment, path: Path, source: str, key: str = "") -> Assessment:
    """Write the findings to `path` as known, and return the assessment so marked. `key` is the id of the key of the
    account's pseudonyms.

    Entries of the other `source` in the file stay, and so do those that are waived or undecided now.
    """
    kept = baseline.load_baseline(path) if is_there(path) else Baseline()
    other = kept.without([mark for mark in kept.marks if mark.source == source])
    found = baseline_of(assessment.findings)
    told = {mark: of for mark, of in kept.grounds.items() if mark in found.marks}  # a snapshot has none
    still = kept_open(assessment.findings, kept)
    marks = {**other.marks, **still.marks, **found.marks}
    now = Baseline(marks, {**other.grounds, **still.grounds, **told, **found.grounds}, key or kept.key)
    baseline.write_baseline(path, now)
    return compare(assessment, now)
