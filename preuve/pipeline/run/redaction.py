"""The redaction of a run: the key of the workspace, and raw copies if it keeps any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.pipeline.run.forget import forget_raw, key_path, raw_folder, remember_raw
from preuve.redact.known import KnownNames
from preuve.redact.pseudonyms import Pseudonyms, load_key
from preuve.redact.raw import RawCopies
from preuve.redact.redactor import Redactor


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
