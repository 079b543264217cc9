"""Where a workspace stands in git: the commit that an audit rests on, and whether something was changed since."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preuve.model.errors import PreuveError
from preuve.model.git import NO_PROGRAMS, environment
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
    command = ["git", *NO_PROGRAMS, "-C", str(root), *arguments]
    hint = "run git status there; an audit says which commit it rests on"
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=environment(), check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PreuveError(f"git cannot be asked about {root}: {error}", hint) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise PreuveError(f"git cannot be asked about {root}: {said}", hint)
    return done.stdout.decode("utf-8", "surrogateescape")
