"""Paths that begin at the user's home."""

from __future__ import annotations

from pathlib import Path

from preuve.model.errors import UsageError


def expanded(path: Path) -> Path:
    """Return the path with `~` written out. Raises UsageError if the user has no home, as in some containers."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise UsageError(f"{path}: it is not known where the home is", "set HOME, or write the whole path") from error
