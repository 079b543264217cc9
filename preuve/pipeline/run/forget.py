"""Deletes the raw copies of a workspace on their date. Every run does so, and there is a command for workspaces without
runs.

A copy is found without `evidence.raw`, too: in the folders that runs with the same key recorded, and in those that
people use most. Its own name contains its date of deletion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError
from preuve.publish.words.locale import load_locale
from preuve.redact.raw_copies import forget_older, kept_in, note_beside, noted, write_note
from preuve.system.home import expanded

_USUAL = ("~/.local/share/preuve/raw", ".preuve/raw")  # the first is that of docs/formats.md


@dataclass(frozen=True)
class ForgetResult:
    """What was deleted on its date, and what should have been deleted and still exists."""

    gone: Sequence[Path]
    overdue: Sequence[Path]


def forget(root: Path, now: datetime) -> tuple[list[str], ForgetResult]:
    """Delete the expired copies of the workspace at `root`; also return the lines that report what was deleted and what
    remains.
    """
    library = load_library(None)
    workspace = load_workspace(root, library)
    locale = load_locale(workspace.language)
    forgotten = forget_raw(workspace, now)
    lines = [locale("forget.gone", folder=path) for path in forgotten.gone]
    lines += [locale("forget.overdue", folder=path) for path in forgotten.overdue]
    folders = {folder: kept_in(folder, days) for folder, days in _folders(workspace).items()}
    for folder, copies in folders.items():
        if staying := [copy for copy in copies if copy.folder not in forgotten.overdue]:
            until = locale.date(max(copy.until for copy in staying).strftime("%Y-%m-%d"))
            lines.append(locale("forget.kept", n=locale.number(len(staying)), folder=folder, until=until))
    if not any(folders.values()) and not forgotten.overdue:
        lines.append(locale("forget.none" if workspace.raw is None else "forget.empty", note=_note(workspace)))
    return lines, forgotten


def forget_raw(workspace: Workspace, now: datetime) -> ForgetResult:
    """Delete the raw copies of a workspace whose date has passed, in all known places."""
    gone: list[Path] = []
    overdue: list[Path] = []
    for folder, days in _folders(workspace).items():
        deleted, stayed = forget_older(folder, days, now)
        gone += deleted
        overdue += stayed
    return ForgetResult(gone, overdue)


def remember_raw(workspace: Workspace) -> None:
    """Record where this run keeps raw copies; earlier records stay, because a disk may only be absent for a while."""
    if folder := raw_folder(workspace):
        write_note(_note(workspace), [*noted(_note(workspace)), folder.resolve()])


def raw_folder(workspace: Workspace) -> Path | None:
    """Return where the responses before redaction are kept, if anywhere. Raises UsageError if that is inside the
    evidence.
    """
    if workspace.raw is None:
        return None
    folder = workspace.root / expanded(Path(workspace.raw.folder))
    evidence = (workspace.root / workspace.evidence_folder).resolve()
    if folder.resolve().is_relative_to(evidence):
        raise UsageError(
            "evidence.raw.folder lies in the evidence folder", "name another one: raw data is never kept with evidence"
        )
    return folder


def key_path(workspace: Workspace) -> Path:
    """Return the file of the pseudonym key; a relative path starts at the workspace."""
    path = expanded(Path(workspace.pseudonym_key))
    return path if path.is_absolute() else workspace.root / path


def _folders(workspace: Workspace) -> dict[Path, int | None]:
    """Return every folder that may hold raw copies, each once, with the days that are set for it now."""
    found: dict[Path, int | None] = {}
    known: set[Path] = set()
    if (folder := raw_folder(workspace)) and workspace.raw:
        found[folder] = workspace.raw.days
        known.add(folder.resolve())
    usual = (workspace.root / expanded(Path(name)) for name in _USUAL)
    for path in (*noted(_note(workspace)), *usual):
        if path.resolve() not in known:
            known.add(path.resolve())
            found[path] = None
    return found


def _note(workspace: Workspace) -> Path:
    return note_beside(key_path(workspace))
