"""Where a workspace stands in git: the commit that an audit rests on, and whether something was changed since."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.model.errors import PreuveError
from preuve.model.workspace import Workspace

_SECONDS = 60


@dataclass(frozen=True)
class Origin:
    """The commit of a workspace (nothing outside git), and the first paths that differ from it."""

    commit: str | None
    changed: tuple[str, ...] = ()

    @property
    def dirty(self) -> bool:
        """Whether an audit would rest on what nobody can look up."""
        return bool(self.changed)


def origin(workspace: Workspace) -> Origin:
    """Ask git; a workspace outside git has no commit, and nothing that it could differ from."""
    if not any((folder / ".git").exists() for folder in (workspace.root.resolve(), *workspace.root.resolve().parents)):
        return Origin(None)
    # Evidence is what an audit writes: it is no part of what the audit rests on, wherever it is kept.
    paths = [".", f":(exclude){workspace.evidence_folder}"]
    inside = not Path(workspace.evidence_folder).is_absolute()
    status = _git(workspace.root, ["status", "--porcelain", "-z", "--", *(paths if inside else paths[:1])])
    changed = tuple(entry[3:] for entry in status.split("\0") if len(entry) > 3)
    try:
        commit = _git(workspace.root, ["rev-parse", "--verify", "HEAD"]).strip()
    except PreuveError:  # a repository without a commit
        return Origin(None, changed or (".",))
    return Origin(commit, changed)


def _git(root: Path, arguments: Sequence[str]) -> str:
    # A file system monitor is a program that the repository's configuration names: nothing of it runs here.
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]
    hint = "run git status there; an audit says which commit it rests on"
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=_environment(), check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PreuveError(f"git cannot be asked about {root}: {error}", hint) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise PreuveError(f"git cannot be asked about {root}: {said}", hint)
    return done.stdout.decode("utf-8", "surrogateescape")


def _environment() -> dict[str, str]:
    """Ours, without what a git hook sets: it would lead git to the repository of the hook."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
