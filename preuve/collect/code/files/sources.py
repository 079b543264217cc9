"""Reads folders of code without leaving the workspace, and reports what was left out and why. Does not use Checkov."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from errno import ENAMETOOLONG
from hashlib import sha256
from pathlib import Path

from preuve.collect.code.job import Gap
from preuve.model.snapshot import NOT_COVERED, NOT_READ, PARSE_ERROR
from preuve.system.causes import cause
from preuve.system.walk import walk

ASKED = "preuve.asked"  # the audit event of each path that is looked up: missing files decide results too
AWAY = "symbolic link out of the workspace, not followed"
_NOWHERE = "broken symbolic link, not followed"  # also for links in a circle
MAX_BYTES = 5_000_000
_MOST_SEARCHED = 50_000_000

# Copies and caches, not code of the team; `.terraform/modules` is read through the calls that lead there. `census.py`
# reports code in them anyway.
IGNORED = frozenset(
    {".git", ".terraform", ".terragrunt-cache", ".serverless", ".aws-sam", ".venv", "cdk.out", "node_modules"}
)


def is_folder(path: Path, *, if_hidden: bool) -> bool:
    """Return whether a path is a folder; `if_hidden` is returned if permissions hide the answer. Opening it then
    reports the cause.
    """
    try:
        return stat.S_ISDIR(path.stat().st_mode)  # `Path.is_dir` answers no from Python 3.14 on
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        return if_hidden and error.errno != ENAMETOOLONG


def real(path: Path) -> Path:
    """Follow all links of a path. A circle of links raises in `Path.resolve`; here the path is returned unchanged,
    because opening it gives the better message.
    """
    return Path(os.path.realpath(path))


class Sources:
    """The files of a workspace, screened: regular, inside, not too large, UTF-8."""

    def __init__(
        self, base: Path, left_out: Iterable[str] = (), brought: Iterable[str] = (), ignored: Iterable[str] = ()
    ) -> None:
        """Set the folder `base` to read below. `left_out` are paths below it that are not examined. `brought` are
        folders whose installed modules are committed files, `ignored` the files and folders that git ignores.
        """
        self.base = base.resolve()
        self._below = f"{self.base.as_posix().rstrip('/')}/"
        self.left_out = frozenset(self.base / path for path in left_out)
        self.brought = frozenset(self.base / path for path in brought)
        self._ignored = frozenset(self.base / path for path in ignored)
        self._inside: dict[Path, bool] = {}

    def relative(self, path: Path) -> str:
        """Return the path as records show it."""
        name = path.as_posix()  # `relative_to` takes both paths apart, tens of thousands of times
        return name[len(self._below) :] if name.startswith(self._below) else path.relative_to(self.base).as_posix()

    def ignores(self, path: Path) -> bool:
        """Return whether git ignores a file: it is only on this machine, and no part of the code."""
        return not self._ignored.isdisjoint((path, *path.parents))

    def inside(self, path: Path) -> bool:
        """Return whether the path, links followed, is in the workspace."""
        sys.audit(ASKED, str(path))
        try:
            # `Path.is_symlink` raises for a path that cannot be read; opening it reports the reason.
            if path == self.base or os.path.islink(path):  # noqa: PTH114
                end = path.resolve()
                return end.is_relative_to(self.base) and not os.path.islink(end)  # noqa: PTH114 - from 3.13: a circle
            folder = path.parent  # cached by folder: its files are looked up in turn
            if folder not in self._inside:
                self._inside[folder] = folder.resolve().is_relative_to(self.base)
            return self._inside[folder]
        except (OSError, RuntimeError, ValueError):  # before 3.13 a circle of links, a NUL in a name, a name too long
            return False

    def folders(self, start: Path, gaps: list[Gap]) -> Iterator[Path]:
        """Yield `start` and all folders below it in stable order; links that lead elsewhere become gaps, as do those
        that cannot be opened.
        """

        def unreadable(error: OSError) -> None:
            gaps.append(Gap(self.relative(Path(error.filename)), NOT_READ, f"cannot be read: {cause(error)}"))

        for here, names, _ in walk(start, unreadable):
            names[:] = sorted(name for name in names if name not in IGNORED and here / name not in self.left_out)
            gaps.extend(self._link_gap(here / name) for name in names if self._leads_away(here / name, start))
            yield here

    def entries(self, folder: Path, gaps: list[Gap]) -> list[Path]:
        """Return the entries of a folder in stable order. An unreadable folder adds a gap."""
        try:
            return sorted(path for path in folder.iterdir() if path not in self.left_out)
        except OSError as error:
            gaps.append(Gap(self.relative(folder), NOT_READ, f"cannot be read: {cause(error)}"))
            return []

    def everything(self) -> Iterator[Path]:
        """Yield the entries of all folders, except those that cannot be opened."""
        return (entry for folder in self.folders(self.base, []) for entry in self.entries(folder, []))

    def listed(self, folder: Path) -> list[Path]:
        """Return the entries of a folder that a result depends on, without those that git ignores."""
        sys.audit(ASKED, str(folder))
        return [path for path in self.entries(folder, []) if not self.ignores(path)]

    def below(self, folder: Path) -> list[Path]:
        """Return the folders in a folder in stable order, without links, copies and excluded ones."""
        try:
            with os.scandir(folder) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        return [path for name in sorted(set(names) - IGNORED) if (path := folder / name) not in self.left_out]

    def _leads_away(self, path: Path, start: Path) -> bool:
        return os.path.islink(path) and not (self.inside(path) and path.resolve().is_relative_to(start))  # noqa: PTH114

    def _link_gap(self, path: Path) -> Gap:
        if self.inside(path):  # read at its own place, if it is in scope or called
            return Gap(self.relative(path), NOT_COVERED, "symbolic link to a folder, not followed")
        return Gap(self.relative(path), NOT_READ, AWAY)

    def is_file(self, path: Path) -> bool | None:
        """Return whether it is a file inside the workspace; None if that is unknown: permissions hide it, or the text
        that is taken for its name is too long for one.
        """
        try:
            return self.inside(path) and path.is_file()
        except OSError:
            return None

    def readable(self, path: Path) -> bool:
        """Return whether it is a file inside the workspace that can be opened without waiting."""
        try:
            return self.inside(path) and stat.S_ISREG(path.stat().st_mode) and os.access(path, os.R_OK)
        except OSError:
            return False

    def screen(self, path: Path) -> Gap | None:
        """Return why a file is not read, or None."""
        read = self.content(path)
        return read if isinstance(read, Gap) else None

    def content(self, path: Path) -> bytes | Gap:
        """Return the bytes of a file, or the gap that says why it is not read."""
        name = self.relative(path)
        try:
            if not self.inside(path):
                return Gap(name, NOT_READ, AWAY if path.exists() else _NOWHERE)
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return Gap(name, NOT_READ, "not a regular file")
            if status.st_size > MAX_BYTES:
                return Gap(name, NOT_READ, f"larger than {MAX_BYTES} bytes")
            content = path.read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a NUL in a name
            return Gap(name, NOT_READ, f"cannot be read: {cause(error)}")
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            return Gap(name, PARSE_ERROR, "not UTF-8", content.count(b"\n", 0, error.start) + 1)
        return content

    def hash_of(self, path: Path) -> str:
        """Return a hash of the bytes of a file, as `raw` reads them."""
        return sha256(self.raw(path)).hexdigest()

    def raw(self, path: Path) -> bytes:
        """Return the bytes of a file in any encoding, only the first ones of a very large file; none if it cannot be
        opened.

        For searches for words: a program may be longer than code, and in any encoding.
        """
        if not self.readable(path):
            return b""
        try:
            with path.open("rb") as file:
                found = file.read(_MOST_SEARCHED)
        except OSError:
            return b""
        return found.replace(b"\0", b"") if b"\0" in found else found  # UTF-16
