"""Stops a command between two of its writes, like a full disk or `kill -9`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WRITES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})


class Killed(BaseException):
    """No handler on the way catches it, and nothing is written after it."""


class _Watch:
    """Counts the writes below a folder, and refuses all from a given one on."""

    folder = ""
    left: int | None = None  # None: no watch
    over = False

    def see(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.left is None or not (event in _WRITES or (event == "open" and _writes(arguments))):
            return
        if not str(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "").startswith(self.folder):
            return
        self.left -= 1
        if self.left < 0:
            self.over = True
            raise Killed


def _writes(arguments: tuple[object, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


_WATCH = _Watch()
sys.addaudithook(_WATCH.see)  # a hook cannot be removed: it acts only during a watch


@contextmanager
def killed_after(writes: int, folder: Path) -> Iterator[_Watch]:
    """Allow this number of writes below a folder, and none after them; `over` is whether one was refused."""
    _WATCH.folder, _WATCH.left, _WATCH.over = str(folder), writes, False
    try:
        yield _WATCH
    except Killed:
        pass
    finally:
        _WATCH.left = None


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their paths; files that a killed command could not rename do not count."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _unnamed(path.name)
    }


def _unnamed(name: str) -> bool:
    return name.startswith(".") and len(name.rpartition(".")[2]) == 16
