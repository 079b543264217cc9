"""Writes a folder under a temporary name and renames it, so that it is complete or absent; locks folders."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from enum import Enum
from pathlib import Path

from preuve.model.errors import PreuveError

if sys.platform != "win32":
    import fcntl

PARTS = ".parts"  # next to bundles: parts of accounts of an unfinished run
_PREFIX = ".incomplete-"


@contextmanager
def temporary_folder(destination: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `destination` when everything in it is written, and is removed otherwise.

    Raises FileExistsError if another run is writing the same destination, or if it exists in the meantime: renaming
    would silently replace an empty folder.
    """
    home = destination.parent
    home.mkdir(parents=True, exist_ok=True)
    folder = unfinished(destination)
    with ExitStack() as held:
        with _turn(home):
            if _abandoned(folder):
                shutil.rmtree(folder)
            folder.mkdir()
            held.enter_context(_held(folder))
        try:
            _refuse_existing(destination)  # another run may have finished it a moment ago
            yield folder
            _refuse_existing(destination)
            folder.rename(destination)
        except BaseException:  # a finished folder is not searched for: another run may have its old name by now
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _refuse_existing(destination: Path) -> None:
    if destination.exists():
        raise FileExistsError(f"{destination} exists already")


def unfinished(destination: Path) -> Path:
    """Return the path at which a folder is written before it is renamed."""
    return destination.with_name(f"{_PREFIX}{destination.name}")


def is_unfinished(folder: Path) -> bool:
    """Return whether a folder has the name of a folder that is being written."""
    return folder.name.startswith(_PREFIX) or folder.name == PARTS


def leftovers(home: Path) -> list[Path]:
    """Return the folders that killed runs left in a folder; folders of a running process are not among them."""
    with _turn(home):
        return _leftovers(home)


def _leftovers(home: Path) -> list[Path]:
    return [folder for folder in sorted(home.glob(f"{_PREFIX}*")) if _abandoned(folder)]


def remove_leftovers(home: Path) -> list[Path]:
    """Remove the folders that killed runs left behind, and report them."""
    with _turn(home):  # otherwise a run that begins now would lose the folder that it has just made under such a name
        left = _leftovers(home)
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
    return left


def _turn(home: Path) -> AbstractContextManager[object]:
    """Let one run at a time make folders and search for abandoned ones: a folder exists for a moment before it is
    locked.
    """
    return _held(home, wait=True) if home.is_dir() else nullcontext()


@contextmanager
def exclusive_folder(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Lock a folder, made if it is missing; yield whether no other process has it. Without locks it counts as free."""
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder, wait=wait) as lock:
        yield lock is not _Lock.THEIRS


@contextmanager
def folder_turn(folder: Path) -> Iterator[None]:
    """Let one command at a time read, extend and write the files in a folder. Others wait.

    Raises PreuveError on systems without locks.
    """
    with _held(folder.resolve(), wait=True) as lock:
        if lock is _Lock.NONE:
            hint = "keep the folder on a disk of this machine: two commands at once would lose what one of them writes"
            raise PreuveError(f"{folder} could not be locked", hint)
        yield


class _Lock(Enum):
    """The lock of a folder."""

    OURS = "ours"
    THEIRS = "theirs"
    NONE = "none"  # there are no locks: Windows, and some file systems


@contextmanager
def _held(folder: Path, *, wait: bool = False) -> Iterator[_Lock]:
    """Lock a folder until the end of the block, or of this process however it ends."""
    if sys.platform == "win32":
        yield _Lock.NONE
        return
    with _opened(folder) as opened:
        yield _locked(opened, wait=wait)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield opened
    finally:
        os.close(opened)


def _locked(opened: int, *, wait: bool) -> _Lock:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return _Lock.THEIRS
    except OSError:
        return _Lock.NONE
    return _Lock.OURS


def _abandoned(folder: Path) -> bool:
    """Return whether the run that made a folder has ended. Without locks this is unknown, and nothing is removed."""
    if sys.platform == "win32":
        return False
    with contextlib.suppress(OSError), _opened(folder) as opened:  # it is gone, or a link that preuve did not make
        # A run renames its folder to the final name before it unlocks it: the locked folder may be that one by now.
        return _locked(opened, wait=False) is _Lock.OURS and os.path.samestat(os.fstat(opened), folder.lstat())
    return False
