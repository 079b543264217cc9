"""Which resources a waiver's pattern covers."""

from __future__ import annotations

from preuve.library import glob


def covers(pattern: str, *names: str) -> bool:
    """Whether a glob (`*` and `?`) matches one of a resource's names as a whole."""
    compiled = glob.compiled(pattern)
    return any(name and compiled.fullmatch(name) for name in names)
