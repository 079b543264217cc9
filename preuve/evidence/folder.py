"""Names and creates the evidence folder of a period; a folder that exists is never touched again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from preuve.library.content import content_root
from preuve.model.errors import PreuveError

OWN = "workspace"  # below the kept content: what the workspace added
_CONTENT = ("controls", "policies", "scanners")
_PREFIX = ".incomplete-"


def period(now: datetime) -> str:
    """The quarter of a moment, as 2026-Q4."""
    return f"{now.year}-Q{(now.month - 1) // 3 + 1}"


def next_name(home: Path, name: str) -> str:
    """The name of a new folder for a period: the period, or the period with the next free number."""
    number = 1
    candidate = name
    while (home / candidate).exists():
        number += 1
        candidate = f"{name}-{number}"
    return candidate


@contextmanager
def evidence_folder(home: Path, name: str) -> Iterator[Path]:
    """A folder to write in, that appears under its name when everything in it was written, and not at all otherwise."""
    home.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
    try:
        yield beside
        if (home / name).exists():  # renaming would replace an empty folder in silence
            raise FileExistsError(f"{home / name} exists already")
        beside.chmod(0o755)
        beside.rename(home / name)
    except OSError as error:
        raise PreuveError(
            f"the evidence folder could not be written: {error}", "check the disk and try again"
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)  # gone already where it was renamed


def leftovers(home: Path) -> list[Path]:
    """What killed runs left behind."""
    return sorted(home.glob(f"{_PREFIX}*")) if home.is_dir() else []


def keep_content(folder: Path, workspace: Path) -> None:
    """Copy the content that judged, so that the folder alone is enough to judge again; what the workspace adds to it
    stays apart, because both may hold files of one name.
    """
    for root, kept in ((content_root(), folder), (workspace, folder / OWN)):
        for name in _CONTENT:
            if (root / name).is_dir():
                shutil.copytree(root / name, kept / name, symlinks=True)
