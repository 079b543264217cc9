"""Reads a git repository: the trees of its commits from storage; nothing is checked out, and no filter runs."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from preuve.collect.code.files.sources import MAX_BYTES
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause
from preuve.system.git import Git

_REGULAR, _LINK, _SUBMODULE = ("100644", "100755", "100664"), "120000", "160000"
_NO_MODULES = "--ignore-submodules=dirty"  # otherwise git runs in each submodule with the submodule's configuration
_AT_ONCE = 50_000_000  # bytes of a tree in memory
_LARGE = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:(?P<sha256>[0-9a-f]{64})\n")


@dataclass(frozen=True)
class _Entry:
    path: str
    blob: str
    size: int
    link: bool


@dataclass(frozen=True)
class Repository:
    """A repository that is read."""

    git: Git

    @staticmethod
    def around(folder: Path) -> Repository | None:
        """Return the repository that a folder lies in, or None."""
        git = Git.around(folder)
        return None if git is None else Repository(git)

    @property
    def top(self) -> Path:
        """The top folder of its working tree."""
        return self.git.top

    def prefix(self, folder: Path) -> str:
        """Return a folder of the working tree as git names it, "" for the top."""
        relative = folder.resolve().relative_to(self.top).as_posix()
        return "" if relative == "." else relative

    def commit(self, ref: str) -> str:
        """Return the id of a named commit. Raises UsageError if there is none."""
        asked = ("-c", "core.warnAmbiguousRefs=true", "rev-parse", "--verify", "--end-of-options")
        found = self.git.run(*asked, f"{ref}^{{commit}}")
        if b"is ambiguous" in found.stderr:  # git prefers a tag to a branch, and anybody who can push can create tags
            raise UsageError(f"there are a tag and a branch {ref}", f"name one: refs/remotes/{ref} or refs/heads/{ref}")
        if found.returncode != 0:
            hint = "fetch it first: git fetch origin BRANCH; with actions/checkout, fetch-depth: 0"
            raise UsageError(f"there is no commit {ref} in this clone", hint)
        return found.stdout.decode().strip()

    def fork_point(self, commit: str) -> str | None:
        """Return the commit where the current branch left that of another; None if the clone's history does not show
        it.
        """
        found = self.git.run("merge-base", commit, "HEAD")
        return found.stdout.decode().strip() if found.returncode == 0 else None

    def head(self) -> str | None:
        """Return the commit that is checked out; None before the first one."""
        found = self.git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return found.stdout.decode().strip() if found.returncode == 0 else None

    def default_branch(self) -> str:
        """Return the branch that the remote `origin` calls default, else the current one; "" if neither exists."""
        for name, prefix in (("refs/remotes/origin/HEAD", "refs/remotes/origin/"), ("HEAD", "refs/heads/")):
            found = self.git.run("symbolic-ref", "--quiet", name).stdout.decode("utf-8", "replace").strip()
            if found.startswith(prefix):
                return found.removeprefix(prefix)
        return ""

    def has_remote(self, name: str) -> bool:
        """Return whether its configuration names a remote."""
        return any(key == f"remote.{name}.url" for key, _ in self.git.settings)

    def changed(self, commit: str, *paths: str, without: str = "") -> tuple[str, ...]:
        """Return the files that differ between a commit and the working tree, or are untracked, from the top folder."""
        limits = ["--", *(f":(top,literal){path.rstrip('/')}" for path in paths)]
        limits += [f":(top,exclude,literal){without}"] if without else []
        compared = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", _NO_MODULES, commit]
        tracked = _names(self.git.output(*compared, *limits))
        untracked = _names(self.git.output("ls-files", "--others", "--exclude-standard", "-z", *limits))
        known = (name for name in tracked if not self._is_kept_large(commit, name))
        return tuple(sorted({*untracked, *self._unwatched(limits), *known}))

    def _unwatched(self, limits: Sequence[str]) -> Iterator[str]:
        """Yield the existing files that git was told to treat as unchanged: they may be changed."""
        for entry in _names(self.git.output("ls-files", "-v", "-z", *limits)):
            flag, _, name = entry.partition(" ")
            if (flag.islower() or flag == "S") and os.path.lexists(self.top / name):
                yield name

    def hidden(self, prefix: str, destination: Path) -> tuple[str, ...]:
        """Return the files below `prefix`, relative to it, that git tracks and was told to do without (a sparse
        checkout, `--assume-unchanged`), and that are missing. Those whose content this clone has are written into
        `destination`.

        Raises PreuveError if the disk refuses.
        """
        asked = ("ls-files", "-v", "-s", "-z", "--", f":(top,literal){prefix}")
        found: dict[str, tuple[str, bool]] = {}
        for entry in _names(self.git.output(*asked)):
            about, _, name = entry.partition("\t")
            flag, mode, blob, _ = about.split()
            path = name.removeprefix(f"{prefix}/" if prefix else "")
            told = flag.islower() or flag == "S"
            if told and mode != _SUBMODULE and _safe(path) and not _is_file(self.top / name):
                found[path] = (blob, mode == _LINK)
        sizes = self._sizes(blob for blob, _ in found.values())
        self._lay_out(
            [_Entry(path, blob, sizes[blob], link) for path, (blob, link) in found.items() if blob in sizes],
            destination,
        )
        return tuple(found)

    def _is_kept_large(self, commit: str, name: str) -> bool:
        """Return whether a file is a pointer of Git LFS, whose program is never started."""
        path = self.top / name
        if path.is_symlink() or not path.is_file():
            return False
        pointer = _LARGE.match(self.content(commit, name)[:1000])
        if pointer is None:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest().encode() == pointer["sha256"]

    def renamed(self, commit: str, prefix: str) -> dict[str, str]:
        """Return the files below `prefix` renamed since a commit: new name -> old name, from the top folder."""
        options = ["--find-renames", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff", _NO_MODULES]
        found = self.git.output("diff", *options, commit, "--", f":(top,literal){prefix}").split(b"\0")
        names = [name.decode("utf-8", "surrogateescape") for name in found]
        return dict(zip(names[2::3], names[1::3], strict=True))

    def tracked(self, path: str) -> bool:
        """Return whether git knows a path of the working tree, or something below it."""
        return bool(self.git.output("ls-files", "-z", "--", f":(top,literal){path}"))

    def brought_modules(self, prefix: str) -> Iterator[str]:
        """Yield the folders below `prefix`, relative to it, whose `.terraform/modules` is tracked by git, or whose
        `.terraform` is a link or another repository.
        """
        above = f"{prefix}/" if prefix else ""
        named = (f":(top,glob,icase)**/.terraform{end}" for end in ("", "/modules", "/modules/**"))
        for name in _names(self.git.output("ls-files", "-z", "--", *named)):
            inside = re.match(r"(.*?/)?\.terraform(?:/|$)", name.removeprefix(above), re.IGNORECASE | re.DOTALL)
            if name.startswith(above) and inside:
                yield (inside[1] or ".").rstrip("/")

    def ignored(self, prefix: str) -> Iterator[str]:
        """Yield what git ignores below `prefix`, relative to it: files, and folders without tracked files."""
        asked = ("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--")
        for name in _names(self.git.output(*asked, f":(top,literal){prefix}")):
            inside = name.removeprefix(f"{prefix}/" if prefix else "").rstrip("/")
            yield inside or "."

    def holds(self, commit: str, path: str) -> bool:
        """Return whether a commit has a file or a folder."""
        if (commit, path) in self._trees:
            return True
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}")
        return self.git.run(*asked).returncode == 0

    def content(self, commit: str, path: str) -> bytes:
        """Return the bytes of a file in a commit; None if it does not exist there."""
        found = self.git.run("cat-file", "blob", f"{commit}:{path}")
        return found.stdout if found.returncode == 0 else b""

    def extract(self, commit: str, prefix: str, destination: Path, wanted: Callable[[str], bool]) -> None:
        """Write the files of a commit below `prefix` into `destination`, if their path there is `wanted`.

        Raises PreuveError if the disk refuses.
        """
        self._lay_out(self._entries(commit, prefix, wanted), destination)

    def _lay_out(self, entries: Iterable[_Entry], destination: Path) -> None:
        # Links come last, so that no file is ever written through one.
        found = sorted(entries, key=lambda entry: entry.link)
        try:
            for entry, content in self._contents(found):
                _write(destination / entry.path, content, link=entry.link)
                if entry.size > MAX_BYTES:  # same length, no contents: readers skip both
                    os.truncate(destination / entry.path, entry.size)
        except (OSError, ValueError) as error:  # ValueError: a link to an impossible name
            raise PreuveError(
                f"cannot write a copy of what git keeps: {cause(error)}", "check the free space"
            ) from error

    def submodules(self, commit: str, prefix: str) -> dict[str, str]:
        """Return the other repositories that a commit names below `prefix`: path there -> commit."""
        return {path: name for mode, name, path in self._tree(commit, prefix) if mode == _SUBMODULE}

    def _entries(self, commit: str, prefix: str, wanted: Callable[[str], bool]) -> list[_Entry]:
        """Return the wanted files and links of a commit."""
        found = [entry for entry in self._tree(commit, prefix) if entry[0] in (*_REGULAR, _LINK) and wanted(entry[2])]
        sizes = self._sizes(blob for _, blob, _ in found)
        for _, blob, path in found:
            if blob not in sizes:
                raise PreuveError(f"this clone does not have the content of {path}", "clone without --filter")
        return [_Entry(path, blob, sizes[blob], mode == _LINK) for mode, blob, path in found]

    @cached_property
    def _trees(self) -> dict[tuple[str, str], tuple[tuple[str, str, str], ...]]:
        """The entries of the requested commits, cached: a commit never changes."""
        return {}

    def _tree(self, commit: str, prefix: str) -> tuple[tuple[str, str, str], ...]:
        """Return mode, object and path of each entry of a commit below `prefix`."""
        if (commit, prefix) not in self._trees:
            self._trees[commit, prefix] = tuple(self._listed(commit, prefix))
        return self._trees[commit, prefix]

    def _listed(self, commit: str, prefix: str) -> Iterator[tuple[str, str, str]]:
        for line in self.git.output("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{prefix}").split(b"\0"):
            about, _, name = line.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if path and _safe(path):
                mode, _, found = about.decode().split()
                yield mode, found, path

    def _sizes(self, blobs: Iterable[str]) -> dict[str, int]:
        """Return the sizes of blobs, without those that this clone lacks. `ls-tree` would fetch them, or fail."""
        answer = self.git.output("cat-file", "--batch-check", given="".join(f"{blob}\n" for blob in blobs).encode())
        lines = (line.split() for line in answer.decode().splitlines())
        return {line[0]: int(line[2]) for line in lines if len(line) == 3}

    def _contents(self, entries: Sequence[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
        """Yield each entry with its bytes, empty for one that is too large; as many at once as memory allows."""
        batch: list[_Entry] = []
        room = _AT_ONCE
        for entry in entries:
            if entry.size > MAX_BYTES:
                yield entry, b""
                continue
            batch.append(entry)
            room -= entry.size
            if room < 0:
                yield from self._read(batch)
                batch, room = [], _AT_ONCE
        yield from self._read(batch)

    def _read(self, batch: Sequence[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
        asked = "".join(f"{entry.blob}\n" for entry in batch).encode()
        answer = memoryview(self.git.output("cat-file", "--batch", given=asked))
        start = 0
        for entry in batch:
            end = start + bytes(answer[start : start + 200]).index(b"\n")
            start = end + 1 + entry.size
            yield entry, bytes(answer[end + 1 : start])
            start += 1


def _names(answer: bytes) -> list[str]:
    return [name.decode("utf-8", "surrogateescape") for name in answer.split(b"\0") if name]


def _is_file(path: Path) -> bool:
    """Return whether a file or a link exists; git does not store a folder of that name."""
    return os.path.lexists(path) and (path.is_symlink() or not path.is_dir())


def _write(path: Path, content: bytes, *, link: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if link:
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)


def _safe(path: str) -> bool:
    """Return whether a path stays below its folder: a hand-made tree may name anything."""
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and not any(part in ("..", ".git") or "\0" in part for part in parts)
