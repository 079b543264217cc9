"""The redaction of a run: the key of the workspace, and raw copies if it keeps any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve.evidence.verifier.chain import CHAIN, read
from preuve.model.company.workspace import Workspace
from preuve.model.moment import moment
from preuve.pipeline.run.forget import forget_raw, key_path, raw_folder, remember_raw
from preuve.pipeline.run.history import numbered
from preuve.publish.history.history import closed_before
from preuve.publish.history.runs import key_of
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line
from preuve.redact.known_names import KnownNames
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.redact.raw_copies import RawCopies
from preuve.redact.redactor import Redactor


def made_otherwise(workspace: Workspace, home: Path) -> str:
    """Return the newest closed bundle in `home`, if it was made with another pseudonym key than the workspace has now,
    or would make; "" otherwise. Beside a chain that is a file, a bundle of another chain is another workspace's.
    """
    chain = () if workspace.chain else tuple(numbered(read(home / CHAIN).lines))
    folders, _ = closed_before(home, moment(datetime.now(UTC)), chain)
    told = ((folder.name, key) for folder in reversed(folders) if (key := key_of(folder)))
    name, key = next(told, ("", ""))
    return name if key and key != key_id(workspace) else ""


def key_note(workspace: Workspace, home: Path, t: Locale) -> str:
    """Return what to know before a run of which the key differs from that of the newest closed bundle; "" otherwise."""
    earlier, path = made_otherwise(workspace, home), key_path(workspace)
    word = "note.other_key" if path.exists() else "note.lost_key"
    return t(word, folder=one_line(earlier), path=path) if earlier else ""


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
    begun = datetime.now(UTC)
    overdue = tuple(forget_raw(workspace, begun).overdue)
    folder, raw = raw_folder(workspace), None
    if keep_raw and folder and workspace.raw:
        remember_raw(workspace)
        raw = RawCopies(folder, begun, workspace.raw.days)
    return Redaction(key_file, pseudonyms, Redactor(pseudonyms, raw), begun, workspace.organisation, overdue)
