"""The origin of an audit: the commit of its workspace with uncommitted changes, and the workflow run that makes it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from preuve.model.company.workspace import Workspace
from preuve.model.errors import PreuveError
from preuve.pipeline.bundle.reveal import log_beside
from preuve.pipeline.push.git import Repository
from preuve.pipeline.run.forget import key_path, raw_folder
from preuve.publish.words.locale import Locale
from preuve.redact.pseudonyms import table_beside
from preuve.redact.raw_copies import note_beside

_SERVER = re.compile(r"https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_RUN = re.compile(r"[0-9]{1,20}")
_JOB = re.compile(_SERVER.pattern + r"(/[A-Za-z0-9_.-]{1,255}){1,24}")


@dataclass(frozen=True)
class Origin:
    """The commit of a workspace (nothing outside git), and the paths that differ from it."""

    commit: str | None
    changed: tuple[str, ...] = ()
    private: tuple[str, ...] = ()  # the same, of files that undo pseudonyms: they must never be committed

    @property
    def dirty(self) -> bool:
        """Whether an audit would use files that no commit contains."""
        return bool(self.changed or self.private)


def origin(workspace: Workspace) -> Origin:
    """Ask git for the origin of an audit. A workspace outside git has no commit, and no changes against one.

    Raises PreuveError if there is a repository that git cannot read.
    """
    root = workspace.root.resolve()
    repository = asked(root)
    if repository is None:
        return Origin(None)
    commit = repository.head()
    if commit is None:  # a repository without a commit
        return Origin(None, (".",))
    # Evidence is the output of an audit, never its input, wherever it is kept.
    evidence = root / workspace.evidence_folder
    without = repository.prefix(evidence) if evidence.resolve().is_relative_to(root) else ""
    prefix = repository.prefix(root)
    changed = [*repository.changed(commit, prefix, without=without), *_inside(repository, commit, prefix)]
    private = frozenset(path for path in changed if _undoes_pseudonyms(repository.top / path, workspace))
    return Origin(commit, tuple(sorted({*changed} - private)), tuple(sorted(private)))


def to_commit(root: Path, t: Locale) -> Iterator[str]:
    """Yield that files written into a workspace in git must be committed: otherwise the next audit is a try-out."""
    if Repository.around(root) is not None:
        yield t("note.commit")


def _undoes_pseudonyms(path: Path, workspace: Workspace) -> bool:
    """Return whether a file is the key of the pseudonyms, a file that preuve writes next to it, or a raw copy."""
    key, raw = key_path(workspace).resolve(), raw_folder(workspace)
    named = path in (key, table_beside(key), note_beside(key), log_beside(key))
    return named or (raw is not None and path.is_relative_to(raw.resolve()))


def _inside(repository: Repository, commit: str, prefix: str) -> Iterator[str]:
    """Yield the changes in submodules. Git is never allowed to start itself in them."""
    for name, pinned in repository.submodules(commit, prefix).items():
        path = f"{prefix}/{name}" if prefix else name
        inner = Repository.around(repository.top / path)
        if inner is not None and inner.top == (repository.top / path).resolve():
            found = [*inner.changed(pinned), *_inside(inner, pinned, "")] if inner.holds(pinned, "") else [""]
            yield from (f"{path}/{changed}".rstrip("/") for changed in found)


def asked(root: Path) -> Repository | None:
    """Return the repository around a workspace; None if there is none.

    Raises PreuveError if git cannot read it: an audit would have no origin without reporting that.
    """
    repository = Repository.around(root)
    if repository is None and any((folder / ".git").exists() for folder in (root, *root.parents)):
        if shutil.which("git") is None:
            hint = "install git; an audit says which commit it rests on"
            raise PreuveError("git is not installed, or not on the PATH", hint)
        hint = "run git status there; an audit says which commit it rests on"
        raise PreuveError(f"git cannot be queried about {root}", hint)
    return repository


def workflow_run_url(environment: Mapping[str, str]) -> str:
    """Return the address of the run on GitHub or of the job on GitLab. It is "" if the environment has none or one of
    another form: the address becomes evidence, and whoever starts the process sets it.
    """
    server, repository, run = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if _SERVER.fullmatch(server) and _REPOSITORY.fullmatch(repository) and _RUN.fullmatch(run):
        return f"{server}/{repository}/actions/runs/{run}"
    job = environment.get("CI_JOB_URL", "")
    return job if _JOB.fullmatch(job) else ""
