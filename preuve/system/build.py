"""Identifies the build of the engine: two builds of one version can differ."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import preuve


@cache
def build() -> str:
    """Return the start of a SHA-256 over all modules of the engine, with their names."""
    root = Path(preuve.__file__).resolve().parent
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def is_ours(version: str, made: str) -> bool:
    """Return whether a version and build are those that run here."""
    return (version, made) == (preuve.__version__, build())
