"""A folder is written beside its place and renamed: whole, or not there at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".incomplete-"


@contextmanager
def beside(destination: Path) -> Iterator[Path]:
    """A folder to write in, that appears as `destination` when everything in it was written, and not at all otherwise.

    FileExistsError where the destination has come to exist: renaming would replace an empty folder in silence.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=destination.parent))
    try:
        yield folder
        if destination.exists():
            raise FileExistsError(f"{destination} exists already")
        folder.chmod(0o755)
        folder.rename(destination)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # gone already where it was renamed


def leftovers(home: Path) -> list[Path]:
    """What killed runs left behind in a folder."""
    return sorted(home.glob(f"{_PREFIX}*")) if home.is_dir() else []
