"""Locks a folder, so that one process at a time works in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from preuve.model.errors import PreuveError
from preuve.system.causes import cause

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


@contextmanager
def workspace_turn(root: Path) -> Iterator[None]:
    """Let one command at a time read files of people, add to them and write them. Others wait.

    Not on Windows, which locks no folder: a file of ours would make every audit of the workspace a try-out. Raises
    PreuveError if the workspace cannot be locked.
    """
    if sys.platform == "win32":
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(root))
        except OSError as error:
            hint = (
                "keep the workspace on a disk of this machine: two commands at once would lose what one of them writes"
            )
            raise PreuveError(f"{root} could not be locked: {cause(error)}", hint) from error
        yield
