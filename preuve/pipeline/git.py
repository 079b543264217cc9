"""Reads a git repository: the trees of its commits as they are stored, nothing checked out, no filter run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from preuve.collect.iac.sources import MAX_BYTES
from preuve.model.errors import PreuveError, UsageError
from preuve.model.git import NO_PROGRAMS, environment

_REGULAR, _LINK, _SUBMODULE = ("100644", "100755", "100664"), "120000", "160000"
_OPTIONS = (*NO_PROGRAMS, "-c", "core.quotePath=false")
# A clone that lacks content does not fetch it here, and no object stands for another.
_AS_STORED = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "GIT_NO_REPLACE_OBJECTS": "1"}
_NO_MODULES = "--ignore-submodules=dirty"  # they are clones with a configuration of their own
_AT_ONCE = 50_000_000  # bytes of a tree in memory


@dataclass(frozen=True)
class _Entry:
    path: str
    blob: str
    size: int
    link: bool


@dataclass(frozen=True)
class Repository:
    """A repository by the top folder of its working tree."""

    top: Path

    @staticmethod
    def around(folder: Path) -> Repository | None:
        """The repository that a folder lies in, or None."""
        here = folder.resolve()
        # Git would take a folder on the way up for a bare repository if what a push brings makes it look like one.
        top = next((above for above in (here, *here.parents) if (above / ".git").exists()), None)
        if top is None or shutil.which("git") is None:
            return None
        found = _run(top, ["rev-parse", "--show-toplevel"])
        name = found.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
        if found.returncode == 0 and here.is_relative_to(Path(name).resolve()):
            return Repository(Path(name).resolve())
        if b"dubious ownership" in found.stderr:
            raise PreuveError(f"git refuses to read {folder}", f"git config --global --add safe.directory {folder}")
        return None

    def prefix(self, folder: Path) -> str:
        """A folder of the working tree as git names it, "" for the top."""
        relative = folder.resolve().relative_to(self.top).as_posix()
        return "" if relative == "." else relative

    def commit(self, ref: str) -> str:
        """The id of the commit that a name stands for; UsageError where there is none."""
        asked = ["-c", "core.warnAmbiguousRefs=true", "rev-parse", "--verify", "--end-of-options"]
        found = _run(self.top, [*asked, f"{ref}^{{commit}}"])
        if b"is ambiguous" in found.stderr:  # git takes a tag before a branch, and whoever may push makes tags
            raise UsageError(f"there are a tag and a branch {ref}", f"name one: refs/remotes/{ref} or refs/heads/{ref}")
        if found.returncode != 0:
            hint = "fetch it first: git fetch origin BRANCH; with actions/checkout, fetch-depth: 0"
            raise UsageError(f"there is no commit {ref} in this clone", hint)
        return found.stdout.decode().strip()

    def fork_point(self, commit: str) -> str | None:
        """Where the branch at hand left that of a commit; nothing where the history in this clone does not tell."""
        found = _run(self.top, ["merge-base", commit, "HEAD"])
        return found.stdout.decode().strip() if found.returncode == 0 else None

    def changed(self, commit: str, *paths: str) -> tuple[str, ...]:
        """The files that differ between a commit and the working tree, untracked ones too, from the top folder."""
        limits = ["--", *(f":(top,literal){path.rstrip('/')}" for path in paths)]
        tracked = self._output(
            ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", _NO_MODULES, commit, *limits]
        )
        untracked = self._output(["ls-files", "--others", "--exclude-standard", "-z", *limits])
        names = {name for name in (tracked + untracked).split(b"\0") if name}
        return tuple(sorted(name.decode("utf-8", "surrogateescape") for name in names))

    def renamed(self, commit: str, prefix: str) -> dict[str, str]:
        """The files below `prefix` that were renamed since a commit: new name -> old name, from the top folder."""
        options = ["--find-renames", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff", _NO_MODULES]
        found = self._output(["diff", *options, commit, "--", f":(top,literal){prefix}"]).split(b"\0")
        names = [name.decode("utf-8", "surrogateescape") for name in found]
        return dict(zip(names[2::3], names[1::3], strict=True))

    def tracked(self, path: str) -> bool:
        """Whether git knows a path of the working tree, or something below it."""
        return bool(self._output(["ls-files", "-z", "--", f":(top,literal){path}"]))

    def holds(self, commit: str, path: str) -> bool:
        """Whether a commit has a file or a folder."""
        return (
            _run(self.top, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}"]).returncode == 0
        )

    def content(self, commit: str, path: str) -> bytes:
        """What a file holds in a commit; nothing where it is not there."""
        found = _run(self.top, ["cat-file", "blob", f"{commit}:{path}"])
        return found.stdout if found.returncode == 0 else b""

    def extract(self, commit: str, prefix: str, destination: Path, wanted: Callable[[str], bool]) -> None:
        """Write the files of a commit below `prefix` into `destination`, those whose path there is `wanted`."""
        # Links come last, so that no file is ever written through one.
        found = sorted(self._entries(commit, prefix, wanted), key=lambda entry: entry.link)
        try:
            for entry, content in self._contents(found):
                _write(destination / entry.path, content, link=entry.link)
                if entry.size > MAX_BYTES:  # as long, and nothing in it: whoever reads it says the same of both
                    os.truncate(destination / entry.path, entry.size)
        except (OSError, ValueError) as error:  # a link may lead to a name that no system has
            raise PreuveError(f"cannot write a copy of {commit[:10]}: {error}", "see that there is room") from error

    def submodules(self, commit: str, prefix: str) -> dict[str, str]:
        """The other repositories that a commit names below `prefix`: path there -> commit."""
        return {path: name for mode, name, path in self._tree(commit, prefix) if mode == _SUBMODULE}

    def _entries(self, commit: str, prefix: str, wanted: Callable[[str], bool]) -> list[_Entry]:
        """The wanted files and links of a commit."""
        found = [entry for entry in self._tree(commit, prefix) if entry[0] in (*_REGULAR, _LINK) and wanted(entry[2])]
        sizes = self._sizes(blob for _, blob, _ in found)
        for _, blob, path in found:
            if blob not in sizes:
                raise PreuveError(f"this clone has not the content of {path}", "clone without --filter")
        return [_Entry(path, blob, sizes[blob], mode == _LINK) for mode, blob, path in found]

    def _tree(self, commit: str, prefix: str) -> Iterator[tuple[str, str, str]]:
        """Mode, object and path of each entry of a commit below `prefix`."""
        for line in self._output(["ls-tree", "-r", "-z", "--full-tree", f"{commit}:{prefix}"]).split(b"\0"):
            about, _, name = line.partition(b"\t")
            path = name.decode("utf-8", "surrogateescape")
            if path and _safe(path):
                mode, _, found = about.decode().split()
                yield mode, found, path

    def _sizes(self, blobs: Iterable[str]) -> dict[str, int]:
        """How large blobs are, without those that this clone lacks. `ls-tree` would fetch or fail for them."""
        answer = self._output(["cat-file", "--batch-check"], "".join(f"{blob}\n" for blob in blobs).encode())
        lines = (line.split() for line in answer.decode().splitlines())
        return {line[0]: int(line[2]) for line in lines if len(line) == 3}

    def _contents(self, entries: Sequence[_Entry]) -> Iterator[tuple[_Entry, bytes]]:
        """Each entry with what it holds, nothing for one that is too large; so many at once as memory allows."""
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
        answer = memoryview(self._output(["cat-file", "--batch"], "".join(f"{e.blob}\n" for e in batch).encode()))
        start = 0
        for entry in batch:
            end = start + bytes(answer[start : start + 200]).index(b"\n")
            start = end + 1 + entry.size
            yield entry, bytes(answer[end + 1 : start])
            start += 1

    def _output(self, arguments: Sequence[str], asked: bytes = b"") -> bytes:
        found = _run(self.top, arguments, asked)
        if found.returncode != 0:
            said = found.stderr.decode("utf-8", "replace").strip().splitlines()
            raise PreuveError(
                f"git {arguments[0]} failed: {said[-1] if said else 'no message'}",
                "run git fsck there; a clone made with --filter lacks content",
            )
        return found.stdout


def _run(folder: Path, arguments: Sequence[str], asked: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [shutil.which("git") or "git", *_OPTIONS, "-C", str(folder), *arguments]
    return subprocess.run(command, input=asked, capture_output=True, check=False, env={**environment(), **_AS_STORED})


def _write(path: Path, content: bytes, *, link: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if link:
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)


def _safe(path: str) -> bool:
    """A tree made by hand may name anything."""
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and not any(part in ("..", ".git") or "\0" in part for part in parts)
