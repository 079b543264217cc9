"""Finds the files of a workspace or of the bundled content. A folder that cannot be opened never counts as an empty
one.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from preuve.model.errors import ContentError, Position, Problem
from preuve.system.causes import cause


def matching(root: Path, folder: str, pattern: str) -> list[Path]:
    """Return the paths below a folder of `root` that match a pattern such as `*/*.yaml`, sorted by name.

    As in a shell, hidden files match no pattern: they belong to other programs (`policies/.regal/config.yaml`). Raises
    ContentError if a folder on the way cannot be opened: `Path.glob` would ignore it silently.
    """
    found = [root / folder]
    for part in pattern.split("/"):
        found = [path for here in found for path in _entries(root, here) if _fits(path.name, part)]
    return sorted(found)


def _fits(name: str, part: str) -> bool:
    return fnmatchcase(name, part) and not name.startswith(".")


def _entries(root: Path, folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except NotADirectoryError:
        return
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not is_there(folder):  # a broken link counts
            return
        at = Position(folder.relative_to(root).as_posix())
        raise ContentError([Problem(at, f"cannot be read: {cause(error)}")]) from error


def is_there(path: Path) -> bool:
    """Return whether something has this name: a file, or something that cannot be read as a file (a folder, a pipe, a
    broken link, a file without permission). Opening it gives the reason.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # also for impossible file names
        return False
    except OSError as error:
        return error.errno not in (errno.ENAMETOOLONG, errno.ELOOP)  # nothing can have such a name
    return True
