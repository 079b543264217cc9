"""Walks through a folder, however deep it is: `os.walk` of Python 3.11 calls itself for each level."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path


def walk(top: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield each folder from the top, the names of its folders and those of its other entries, like `os.walk`.

    Links to folders are among the folders, and are not followed. If the caller removes names from the first list, these
    folders are not walked. A folder that cannot be read is given to `unreadable`.
    """
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        names: list[str] = []
        others: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    (names if _is_folder(entry) else others).append(entry.name)
        except OSError as error:
            if unreadable is not None:
                unreadable(error)
            continue
        yield folder, names, others
        below = (folder / name for name in reversed(names))
        waiting += [path for path in below if not os.path.islink(path)]  # noqa: PTH114 - raises for no path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
