"""Locks a folder, so that one process at a time works in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if sys.platform == "win32":

    @contextmanager
    def locked(folder: Path) -> Iterator[None]:
        """Lock the folder. Other processes wait."""
        with (folder / ".lock").open("ab") as file:  # Windows locks no folder
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # waits ten seconds, then an OSError
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    @contextmanager
    def locked(folder: Path) -> Iterator[None]:
        """Lock the folder. Other processes wait."""
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)  # closing unlocks
