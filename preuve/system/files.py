"""Writes a file under a temporary name and renames it: it is complete or absent."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_TRIED = 4_096  # bytes


@contextmanager
def whole(path: Path, *, private: bool = False, once: bool = False, durable: bool = False) -> Iterator[BinaryIO]:
    """Open a file that becomes `path` when the block ends without an error; folders above it are made.

    It gets the rights of the file that it replaces, and a `private` one is for its owner only. With `once` a file that
    another process wrote meanwhile stays. A `durable` one is on the disk before it has its name.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    beside = _beside(path)
    try:
        with open(beside, "xb", opener=_private if private else None) as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if not private:
            _like(beside, path)
        if once:
            with contextlib.suppress(FileExistsError):
                _named_new(beside, path)
        else:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)  # already gone if it was renamed


@contextmanager
def made_in(home: Path, target: Path) -> Iterator[Path]:
    """Yield a path in a temporary folder of `home`, for a file or a folder that becomes `target` when the block ends
    without an error. `home` is on the same disk.
    """
    with tempfile.TemporaryDirectory(prefix=".incomplete-", dir=home) as folder:
        made = Path(folder, target.name)
        yield made
        made.rename(target)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, and whole. Raises FileExistsError if there is one, whoever made it."""
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists already")
    beside = _beside(path)
    try:
        beside.write_bytes(content)
        _named_new(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def try_write(path: Path) -> None:
    """Write as much as a file has, and some more, where it would be written, and remove it. Raises OSError if it could
    not be written now. No folder is made.
    """
    there = next(place for place in path.absolute().parents if os.path.lexists(place))  # a file holds no other file
    size = path.stat().st_size if path.is_file() else 0
    beside = _beside(there / path.name)
    try:
        with open(beside, "xb", opener=_private) as file:
            file.write(bytes(size + _TRIED))
    finally:
        beside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:99]}.{secrets.token_hex(8)}")  # containers on one disk share process ids


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _like(beside: Path, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        beside.chmod(path.stat().st_mode & 0o777)


def _named_new(beside: Path, path: Path) -> None:
    """Let a file have its name. Raises FileExistsError if another one has the name."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        beside.replace(path)
