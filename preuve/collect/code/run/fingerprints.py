"""Hashes of a root module: the names and contents of the files that are read, folder by folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from preuve.collect.code.files.kinds import may_be_dockerfile, may_be_variables
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.templates import TEMPLATE_ENDINGS
from preuve.collect.code.files.tools import LOCK
from preuve.collect.code.job import Gap

_TERRAFORM = (".tf", ".tfvars", ".tfvars.json", ".tf.json", ".tofu", ".tofu.json", LOCK)

# Names of the files that may be read for each kind of code. One too many costs an evaluation, one too few gives a
# wrong result.
_READ: Mapping[str, Callable[[str], bool]] = {
    "terraform": lambda name: name.endswith(_TERRAFORM) or may_be_variables(name),
    "variables": lambda name: name.endswith((".tfvars", ".tfvars.json")) or may_be_variables(name),
    "cloudformation": lambda name: name.endswith(TEMPLATE_ENDINGS),
    "dockerfile": lambda name: (
        "dockerfile" in name.lower() or "containerfile" in name.lower() or may_be_dockerfile(name)
    ),
    "github_actions": lambda name: name.endswith((".yaml", ".yml")),
}


class Survey:
    """The hashes of a workspace's folders and files; each is read once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.newest = 0  # time of the latest change of files and folders, in nanoseconds
        self._known: dict[tuple[Path, str], str] = {}
        self._files: dict[Path, str] = {}

    def folder(self, path: Path, kind: str) -> str:
        """Return the hash of the files in a folder that may be read for a kind of code, "" if there is none."""
        key = (path, kind)
        if key not in self._known:
            self._known[key] = self._folder(path, _READ[kind])
        return self._known[key]

    def _folder(self, path: Path, read: Callable[[str], bool]) -> str:
        self._note(path)
        try:
            with os.scandir(path) as entries:
                names = sorted(entry.name for entry in entries if read(entry.name))
        except OSError as error:
            return digest([b"unreadable", str(error.errno).encode()])
        if not names:
            return ""
        return digest(part for name in names for part in (os.fsencode(name), self.file(path / name).encode()))

    def file(self, path: Path) -> str:
        """Return the hash of a file's contents, or why it is not read; for a folder, of its names; "" if nothing
        exists.
        """
        if path not in self._files:
            self._files[path] = self._file(path)
        return self._files[path]

    def _file(self, path: Path) -> str:
        try:
            path.stat()
        except (FileNotFoundError, ValueError):  # ValueError: not a valid file name
            return ""
        except OSError:
            pass  # the file is not read; the reason is returned below
        self._note(path)
        if is_folder(path, if_hidden=False):
            return digest(os.fsencode(entry.name) for entry in self.sources.entries(path, []))
        found = self.sources.content(path)
        return digest([found]) if isinstance(found, bytes) else digest([_why(found), self.sources.raw(path)])

    def _note(self, path: Path) -> None:
        with contextlib.suppress(OSError):  # the file is gone: it has no change time
            self.newest = max(self.newest, path.stat().st_ctime_ns)


def _why(gap: Gap) -> bytes:
    return f"{gap.cause} {gap.detail} {gap.line}".encode("utf-8", "surrogateescape")


def digest(parts: Iterable[bytes]) -> str:
    """Return one hash of several parts; another division into parts gives another hash."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()
