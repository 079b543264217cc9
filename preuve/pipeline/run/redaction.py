"""The redaction of a run: the key of the workspace, and raw copies if it keeps any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve.evidence.runs.branch import BranchChain
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.library.company.fill_ledger import key_ids
from preuve.model.company.workspace import Workspace
from preuve.model.moment import moment
from preuve.pipeline.run.forget import forget_raw, key_path, raw_folder, remember_raw
from preuve.pipeline.run.history import numbered
from preuve.publish.history.history import closed_before
from preuve.publish.history.runs import key_of
from preuve.publish.words.errors import said
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms, load_key, try_place
from preuve.redact.raw_copies import RawCopies
from preuve.redact.redactor import Redactor


def made_otherwise(workspace: Workspace, home: Path) -> str:
    """Return the last run (`run 4 of the chain`, or a bundle), if it was made with another pseudonym key than the
    workspace has now, or would make; "" otherwise. `home` is the folder of the bundles.

    The chain of runs tells it wherever the workspace is, as far as this machine has read it: no remote is asked. A
    chain of an earlier version does not; then the newest closed bundle counts, without those of another chain: they
    are another workspace's.
    """
    lines, own = _lines(workspace, home), key_id(workspace)
    told = next((line for line in reversed(lines) if line.text("pseudonym_key_id")), None)
    if told:
        other = told.text("pseudonym_key_id") != own
        return _run(workspace, told) if other else ""
    folders, _ = closed_before(home, moment(datetime.now(UTC)), tuple(numbered(lines)))
    bundles = ((folder.name, key) for folder in reversed(folders) if (key := key_of(folder)))
    name, key = next(bundles, ("", ""))
    return name if key and key != own else ""


def last_of_another_key(workspace: Workspace, home: Path) -> str:
    """Return the last run of the chain that was made with another pseudonym key than the workspace has now; "" if
    there is none.
    """
    own = key_id(workspace)
    others = (line for line in reversed(_lines(workspace, home)) if line.text("pseudonym_key_id") not in ("", own))
    return next((_run(workspace, line) for line in others), "")


def _run(workspace: Workspace, line: Line) -> str:
    if workspace.chain:
        return f"run {line.number} of the chain (branch {workspace.chain.branch})"
    return f"run {line.number} of the chain"


def _lines(workspace: Workspace, home: Path) -> tuple[Line, ...]:
    if workspace.chain:
        return BranchChain(workspace.root, workspace.chain.remote, workspace.chain.branch).noted()
    return read(home / CHAIN).lines


def filled_otherwise(workspace: Workspace) -> str:
    """Return the first register that names people by pseudonyms of another key than the workspace has now, or would
    make; "" if there is none.
    """
    own = key_id(workspace)
    return next((f"registers/{name}.csv" for name, key in key_ids(workspace.root) if key != own), "")


def key_notes(workspace: Workspace, home: Path, t: Locale) -> Iterator[str]:
    """Yield what to know before a run of which the key differs from that of the last one, or of a register."""
    path = key_path(workspace)
    word = "note.other_key" if path.exists() else "note.lost_key"
    for earlier in filter(None, (made_otherwise(workspace, home), filled_otherwise(workspace))):
        yield t(word, folder=one_line(said(earlier, t)), path=path)


def key_id(workspace: Workspace) -> str:
    """Return the id of the workspace's pseudonym key; "" if there is none yet."""
    path = key_path(workspace)
    return Pseudonyms(load_key(path)).key_id if path.exists() else ""


@dataclass(frozen=True)
class Redaction:
    """The redaction of names, and its beginning."""

    key_file: Path
    pseudonyms: Pseudonyms
    redactor: Redactor
    begun: datetime
    organisation: str
    overdue: tuple[Path, ...]  # raw copies whose date has passed and that could not be deleted

    @property
    def names(self) -> KnownNames:
        """The names that were replaced so far."""
        return KnownNames(self.pseudonyms.names, (self.organisation,))


def redaction(workspace: Workspace, *, keep_raw: bool) -> Redaction:
    """Load the key, delete the raw copies whose retention has ended, and begin new ones with `keep_raw`."""
    key_file = key_path(workspace)
    pseudonyms = Pseudonyms(load_key(key_file))
    try_place(key_file)
    begun = datetime.now(UTC)
    overdue = tuple(forget_raw(workspace, begun).overdue)
    folder, raw = raw_folder(workspace), None
    if keep_raw and folder and workspace.raw:
        remember_raw(workspace)
        raw = RawCopies(folder, begun, workspace.raw.days)
    return Redaction(key_file, pseudonyms, Redactor(pseudonyms, raw), begun, workspace.organisation, overdue)
