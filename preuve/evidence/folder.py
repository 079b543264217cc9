"""Names and creates the evidence folder of a period; a folder that exists is never touched again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from preuve.library.content import content_root
from preuve.model.errors import PreuveError
from preuve.redact.beside import beside

OWN = "workspace"  # below the kept content: what the workspace added
_CONTENT = ("controls", "policies", "scanners")


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
    try:
        with beside(home / name) as folder:
            yield folder
    except OSError as error:
        raise PreuveError(
            f"the evidence folder could not be written: {error}", "check the disk and try again"
        ) from error


def keep_content(folder: Path, workspace: Path) -> None:
    """Copy the content that judged, so that the folder alone is enough to judge again; what the workspace adds to it
    stays apart, because both may hold files of one name.
    """
    for root, kept in ((content_root(), folder), (workspace, folder / OWN)):
        for name in _CONTENT:
            if (root / name).is_dir():
                shutil.copytree(root / name, kept / name, symlinks=True)
