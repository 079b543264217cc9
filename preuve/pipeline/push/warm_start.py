"""Starts parts of a run before everything is loaded: the cache of results, and the worker if there is no cache."""

from __future__ import annotations

import os
from pathlib import Path

from preuve.collect.code import EarlyWorker


def default_cache(workspace: Path) -> Path | None:
    """Return where results of code are cached between runs: with the user's other caches, never in the code that is
    judged.
    """
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "preuve"
    except RuntimeError:  # a user without a home
        return None
    return None if folder.resolve().is_relative_to(workspace.resolve()) else folder


def worker_ahead(path: Path, cache: Path | None) -> EarlyWorker:
    """Start the worker at once if no results of earlier runs are cached: then it most likely has something to
    evaluate.
    """
    ahead = EarlyWorker()
    if cache is None or not _holds_something(cache):
        ahead.start(path)
    return ahead


def _holds_something(cache: Path) -> bool:
    try:
        return any(cache.iterdir())
    except OSError:  # missing or not accessible: then nothing is kept
        return False
