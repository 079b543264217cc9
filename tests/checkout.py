"""In a copied checkout `.venv` still runs the original: its tests would start the original's commands."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit


def installed_from() -> Path | None:
    """Return the checkout that this interpreter runs; None if preuve is not installed from a folder."""
    try:
        about = json.loads(distribution("preuve").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return None
    url = urlsplit(about.get("url", ""))
    return Path(unquote(url.path)) if url.scheme == "file" and "dir_info" in about else None


def problem(root: Path) -> str:
    """Return why the tests of a checkout must not run with this interpreter, "" if they may."""
    there = installed_from()
    if there is None or there.resolve() == root.resolve():
        return ""
    return f"this interpreter runs the preuve of {there}, not of {root}. Run: make .venv/.ready"
