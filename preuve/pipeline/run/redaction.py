"""The redaction of a run: the key of the workspace, and raw copies if it keeps any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.pipeline.run.forget import forget_raw, raw_folder
from preuve.redact.known import KnownNames
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.redact.raw import RawCopies
from preuve.redact.redactor import Redactor
from preuve.system.home import expanded


@dataclass(frozen=True)
class Redaction:
    """The redaction of names, and its beginning."""

    key_file: Path
    pseudonyms: Pseudonyms
    redactor: Redactor
    begun: datetime
    organisation: str

    @property
    def names(self) -> KnownNames:
        """The names that were replaced so far."""
        return KnownNames(self.pseudonyms.names, (self.organisation,))


def redaction(workspace: Workspace, *, keep_raw: bool) -> Redaction:
    """Load the key, delete the raw copies whose retention has ended, and begin new ones with `keep_raw`."""
    key_file = key_path(workspace)
    pseudonyms = Pseudonyms(load_key(key_file))
    begun = datetime.now(UTC)
    forget_raw(workspace, begun)
    folder = raw_folder(workspace)
    redactor = Redactor(pseudonyms, RawCopies(folder, begun) if keep_raw and folder else None)
    return Redaction(key_file, pseudonyms, redactor, begun, workspace.organisation)


def key_path(workspace: Workspace) -> Path:
    """Return the file of the pseudonym key; relative paths are the workspace's."""
    path = expanded(Path(workspace.pseudonym_key))
    return path if path.is_absolute() else workspace.root / path
