"""Ends the raw copies of a workspace on their date; every run does, and a command for when nothing runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.workspace import Workspace
from preuve.model.errors import UsageError
from preuve.publish.words.locale import load_locale
from preuve.redact.raw import forget_older, kept_in
from preuve.system.home import expanded


def forget(root: Path, now: datetime) -> list[str]:
    """Delete what is over in the workspace at `root`; the lines that say what went and what stays."""
    library = load_library(None)
    workspace = load_workspace(root, library)
    locale = load_locale(workspace.language)
    folder = raw_folder(workspace)
    if folder is None:
        return [locale("forget.none")]
    gone = forget_raw(workspace, now)
    lines = [locale("forget.gone", folder=path) for path in gone]
    days = locale.number(workspace.raw.days if workspace.raw else 0)
    return [*lines, locale("forget.kept", n=locale.number(len(kept_in(folder))), folder=folder, days=days)]


def forget_raw(workspace: Workspace, now: datetime) -> list[Path]:
    """Delete the raw copies of a workspace whose retention has ended."""
    folder = raw_folder(workspace)
    return forget_older(folder, workspace.raw.days, now) if folder and workspace.raw else []


def raw_folder(workspace: Workspace) -> Path | None:
    """Say where the responses before redaction are kept, if anywhere. Raises UsageError if that is in the evidence."""
    if workspace.raw is None:
        return None
    folder = workspace.root / expanded(Path(workspace.raw.folder))
    evidence = (workspace.root / workspace.evidence_folder).resolve()
    if folder.resolve().is_relative_to(evidence):
        raise UsageError(
            "evidence.raw.folder lies in the evidence folder", "name another one: raw data is never kept with evidence"
        )
    return folder
