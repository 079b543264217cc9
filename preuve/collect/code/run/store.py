"""Entries on disk that make a later run faster: JSON by key, never trusted, never executable, bounded in size.

A defective entry counts as missing. Several processes may read and write at the same time: each entry is written whole
under its own name. `reuse.py` decides what an entry means.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

from preuve.system.files import whole

_MOST_BYTES = 512 * 1024**2  # of all entries; the largest repository measured takes a twentieth
_ENTRY_BYTES = 16 * 1024**2  # bytes; the largest entry measured has 1 MiB
_KEPT = 0.8  # share that stays after a removal, so that not every run has to remove entries
_CHECKSUM = 64  # hexadecimal digits before the text: they reveal a truncated or damaged entry


class Store:
    """A folder of entries."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._wrote = False

    def get(self, key: str) -> Any:
        """Return the entry of a key; None if there is no usable one."""
        try:
            raw = _read(self._path(key))
            if sha256(raw[_CHECKSUM:]).hexdigest().encode() != raw[:_CHECKSUM]:
                return None
            return json.loads(raw[_CHECKSUM:])
        except (OSError, ValueError, RecursionError):
            return None

    def put(self, key: str, entry: Any) -> None:
        """Write an entry; if the store cannot be written, it stays without entries."""
        text = json.dumps(entry, separators=(",", ":")).encode()
        if len(text) > _ENTRY_BYTES - _CHECKSUM:
            return
        with contextlib.suppress(OSError):
            _write(self._path(key), sha256(text).hexdigest().encode() + text)
            self._wrote = True

    def trim(self) -> None:
        """Remove the least recently used entries if all together exceed the limit."""
        if not self._wrote:
            return
        entries = sorted(_entries(self.folder), reverse=True)
        total = sum(size for _, size, _ in entries)
        if total <= self._most_bytes:
            return
        while entries and total > self._most_bytes * _KEPT:
            _, size, path = entries.pop()
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _read(path: Path) -> bytes:
    # Do not follow links, and do not block on a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _ENTRY_BYTES:
            raise ValueError("not an entry")
        os.utime(descriptor)  # mark the entry as just used
        return file.read(_ENTRY_BYTES)


def _write(path: Path, raw: bytes) -> None:
    with whole(path, private=True) as file:
        file.write(raw)


def _entries(folder: Path) -> list[tuple[float, int, Path]]:
    """Return the time of last use, size and path of every file."""
    found = []
    for here, _, names in os.walk(folder):
        for name in names:
            path = Path(here, name)
            with contextlib.suppress(OSError):  # another process removed it
                status = path.lstat()
                found.append((status.st_mtime, status.st_size, path))
    return found
