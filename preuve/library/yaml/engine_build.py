"""Identifies the build of the engine: two builds of one version can differ."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import preuve
from preuve.library.yaml.word_lists import list_files


@cache
def build() -> str:
    """Return the start of a SHA-256 over all modules of the engine and its lists of words, with their names."""
    root = Path(preuve.__file__).resolve().parent
    named = [(path.relative_to(root).as_posix(), path) for path in sorted(root.rglob("*.py"))]
    whole = hashlib.sha256()
    for name, path in (*named, *((path.name, path) for path in list_files())):
        whole.update(f"{name}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]


def is_ours(version: str, made: str) -> bool:
    """Return whether a version and build are those of the running engine."""
    return (version, made) == (preuve.__version__, build())
