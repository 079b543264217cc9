"""The commit that a push is compared with and judged by."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from preuve.collect.code.files.sources import IGNORED, MAX_BYTES
from preuve.library.company.baseline import FILE as BASELINE
from preuve.library.company.waivers import APPROVERS, PURPOSES
from preuve.library.company.workspace import FILE
from preuve.model.errors import UsageError
from preuve.pipeline.push import code_owners
from preuve.pipeline.push.git import Repository
from preuve.system.walk import walk

_CONTENT = ("controls/", "policies/", "scanners/")
_FOLDERS = (*_CONTENT, *(f"{purpose.folder}/" for purpose in PURPOSES))
_JUDGES = (FILE, "waivers.yaml", APPROVERS, BASELINE, *_FOLDERS)
_FORGE = (".github", ".gitlab-ci.yml", ".gitlab")


@dataclass(frozen=True)
class Base:
    """A commit of the workspace's repository.

    `tip` is the named commit: its content judges. `fork` is where the push began: the push is compared with it, so that
    later changes of the branch do not count against the push. If the clone's history does not reach back to it
    (`apart`), `fork` is the tip.
    """

    repository: Repository
    workspace: Path
    name: str
    tip: str
    fork: str
    apart: bool = False

    @staticmethod
    def of(workspace: Path, ref: str) -> Base:
        """Return the base that `ref` names. Raises UsageError if there is none."""
        repository = Repository.around(workspace)
        if repository is None and shutil.which("git") is None:
            raise UsageError(
                "git is not installed, or not on the PATH", "install git, or compare with a file: --baseline FILE"
            )
        if repository is None:
            raise UsageError(
                f"{workspace.resolve()} is not in a git repository", "compare with a file: --baseline FILE"
            )
        tip = repository.commit(ref)
        short = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        name = tip[:10] if tip.startswith(ref) else f"{short} ({tip[:10]})"
        fork = repository.fork_point(tip)
        return Base(repository, workspace, name, tip, fork or tip, apart=fork is None)

    @property
    def prefix(self) -> str:
        """The workspace, from the top of the repository."""
        return self.repository.prefix(self.workspace)

    def judges(self, destination: Path, baseline: str = "") -> bool:
        """Write the files that judge a push into a folder; return False if the base has none."""
        if not self.repository.holds(self.tip, self._path(FILE)):
            return False
        wanted = {*_JUDGES, baseline}
        self.repository.extract(
            self.tip, self.prefix, destination, lambda path: path in wanted or path.startswith(_FOLDERS)
        )
        return True

    def code(self, destination: Path) -> bool:
        """Write the code of the base into a folder; return False if there was none."""
        if self.prefix and not self.repository.holds(self.fork, self.prefix):
            return False
        self._write(destination, lambda path: IGNORED.isdisjoint(path.split("/")))
        for folder, _, _ in walk(destination):
            self._install(folder.relative_to(destination), destination)
        return True

    def changed_before(self, destination: Path) -> Path:
        """Write the changed files in their earlier state into a folder."""
        if not self.prefix or self.repository.holds(self.fork, self.prefix):
            self._write(destination, frozenset(self.changed).__contains__)
        return destination

    def _write(self, destination: Path, wanted: Callable[[str], bool]) -> None:
        """Write the files of the commit whose path in the workspace is `wanted`."""
        self.repository.extract(self.fork, self.prefix, destination, wanted)
        for path, inner, pinned in self._submodules:
            inner.extract(pinned, "", destination / path, _below(path, wanted))

    def _install(self, folder: Path, destination: Path) -> None:
        """Copy the modules that `terraform init` has put next to a folder; otherwise those of the base would be new in
        the push.

        Modules that the push itself brings are not copied: they would pretend to have been there before.
        """
        modules = self.workspace / folder / ".terraform" / "modules"
        with contextlib.suppress(PermissionError, shutil.Error):  # unreadable in the push too, which reports it
            if modules.is_dir() and not self.repository.tracked(self._path((folder / ".terraform").as_posix())):
                ignored = shutil.ignore_patterns(".git")
                shutil.copytree(modules, destination / folder / ".terraform" / "modules", symlinks=True, ignore=ignored)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """The files of the workspace that the push changes, relative to it."""
        names = list(map(self._inside, self.repository.changed(self.fork, self.prefix)))
        for path, inner, pinned in self._submodules:
            names += (f"{path}/{name}" for name in inner.changed(pinned))
        for name in [name for name in names if (self.workspace / name).is_dir()]:  # a newly added repository
            found = (folder / file for folder, _, files in walk(self.workspace / name) for file in files)
            names += (path.relative_to(self.workspace).as_posix() for path in found)
        return tuple(sorted(set(names)))

    @cached_property
    def _submodules(self) -> list[tuple[str, Repository, str]]:
        """The repositories that the base names as submodules of the workspace and that are checked out here: their path
        in the workspace, and the commit.
        """
        if self.prefix and not self.repository.holds(self.fork, self.prefix):
            return []
        return list(self._parts(self.repository, self.fork, self.prefix, ""))

    def _parts(
        self, repository: Repository, commit: str, prefix: str, above: str
    ) -> Iterator[tuple[str, Repository, str]]:
        for name, pinned in repository.submodules(commit, prefix).items():
            path = f"{above}{name}"
            folder = (self.workspace / path).resolve()
            inside = folder.is_relative_to(self.repository.top) and (folder / ".git").exists()
            inner = Repository.around(folder) if inside else None
            if inner is None:  # nothing in it is examined
                continue
            if not inner.holds(pinned, ""):
                hint = f"fetch it: git -C {path} fetch origin {pinned}; with actions/checkout, fetch-depth: 0"
                raise UsageError(f"the submodule {path} has not the commit {pinned[:10]} of {self.name}", hint)
            yield path, inner, pinned
            yield from self._parts(inner, pinned, "", f"{path}/")

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The earlier names of the files of the workspace that the push renames, relative to it."""
        found = self.repository.renamed(self.fork, self.prefix)
        return {self._inside(name): self._inside(earlier) for name, earlier in found.items()}

    def _inside(self, name: str) -> str:
        return name.removeprefix(f"{self.prefix}/" if self.prefix else "")

    @property
    def judges_changed(self) -> bool:
        """Whether the push changes something in the workspace that may judge, including the scope."""
        return any(name in _JUDGES or name.startswith(_FOLDERS) for name in self.changed)

    @property
    def content_changed(self) -> bool:
        """Whether the push changes the workspace's own controls, policies or collectors."""
        return any(name.startswith(_CONTENT) for name in self.changed)

    def changed_judges(self) -> tuple[str, ...]:
        """Return the files that judge a push and that this one changes, from the top of the repository: those of the
        workspace, those that name who approves a change, and the workflows that run preuve, before or after.
        """
        judging = (*(self._path(name) for name in _JUDGES), *code_owners.PLACES)
        changed = self.repository.changed(self.fork, *judging, *_FORGE)
        return tuple(name for name in changed if _is_within(name, judging) or self._ran_preuve(name))

    def _ran_preuve(self, name: str) -> bool:
        return _runs_preuve(self.repository.top / name) or b"preuve" in self.repository.content(self.fork, name)

    def _path(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name


def _below(folder: str, wanted: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: wanted(f"{folder}/{name}")


def _is_within(name: str, places: Iterable[str]) -> bool:
    """Return whether a file is one of these, or below one."""
    return any(f"{name}/".startswith(f"{place.rstrip('/')}/") for place in places)


def _runs_preuve(workflow: Path) -> bool:
    """Return whether a file mentions preuve; a file that is too large to be read may."""
    if workflow.is_symlink() or not workflow.is_file():
        return False
    return workflow.stat().st_size > MAX_BYTES or b"preuve" in workflow.read_bytes()
