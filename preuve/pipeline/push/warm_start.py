"""What is begun before all that a run needs is loaded: where results are kept, and the worker where there are none."""

from __future__ import annotations

import os
from pathlib import Path

from preuve.collect.code import Ahead


def default_cache(workspace: Path) -> Path | None:
    """Where results of code are kept between runs: with the user's other caches, never in the code that is judged."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "preuve"
    except RuntimeError:  # a user without a home
        return None
    return None if folder.resolve().is_relative_to(workspace.resolve()) else folder


def worker_ahead(path: Path, cache: Path | None) -> Ahead:
    """Start the worker at once if nothing is kept of earlier runs: then it has something to evaluate, most likely."""
    ahead = Ahead()
    if cache is None or not _holds_something(cache):
        ahead.start(path)
    return ahead


def _holds_something(cache: Path) -> bool:
    try:
        return any(cache.iterdir())
    except OSError:  # not there yet, or not for us: then nothing is kept
        return False
