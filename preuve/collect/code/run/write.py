"""Writes the lines of root modules into a snapshot, one file for each root."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from preuve.collect.code.job import Line, in_order
from preuve.system.files import whole

_PLAIN = re.compile(r"[a-z0-9_-]+")


def file_name(kind: str, root: str) -> str:
    """Return the name of a root's file: readable, and different for different roots whatever characters they have."""
    suffix = "" if kind == "terraform" else f".{kind}"
    if _PLAIN.fullmatch(root):
        return f"{root}{suffix}.jsonl"
    readable = "-".join(_PLAIN.findall(root.lower()))[:60] or "root"
    digest = sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{digest}{suffix}.jsonl"


def write(units: Iterable[tuple[str, str, list[Line]]], folder: Path) -> tuple[Path, ...]:
    """Write (kind, root, lines) of every unit; the files that this folder holds then are these and no others."""
    merged: dict[str, list[Line]] = {}
    for kind, root, lines in units:
        merged.setdefault(file_name(kind, root), []).extend(lines)
    if merged:
        folder.mkdir(parents=True, exist_ok=True)
    written = [_write_file(folder / name, in_order(lines)) for name, lines in sorted(merged.items())]
    for stale in set(folder.glob("*.jsonl")) - set(written):
        stale.unlink()  # left by an earlier scan: it would be read as part of this one
    return tuple(written)


def _write_file(path: Path, lines: list[Line]) -> Path:
    with whole(path, durable=True) as file:
        for line in lines:
            file.write(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n".encode())
    return path
