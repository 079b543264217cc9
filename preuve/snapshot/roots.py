"""The files of code in a snapshot: one for each root, named after it as the snapshot has it, and no other name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from preuve.model.grouping import grouped
from preuve.snapshot.writer import write_lines

FOLDER = "iac"
_PLAIN = re.compile(r"[a-z0-9_-]+")


def file_name(kind: str, root: str) -> str:
    """Return the name of a root's file: readable, and different for different roots whatever characters they have."""
    suffix = "" if kind == "terraform" else f".{kind}"
    if _PLAIN.fullmatch(root):
        return f"{root}{suffix}.jsonl"
    readable = "-".join(_PLAIN.findall(root.lower()))[:60] or "root"
    digest = sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{digest}{suffix}.jsonl"


def name_roots(snapshot: Path) -> None:
    """Name the files anew after the root in their lines: a name that was found since is in no path either. Roots that
    have become one are one file.
    """
    files = grouped((_name(path), path) for path in sorted((snapshot / FOLDER).glob("*.jsonl")))
    renamed = {name: paths for name, paths in files.items() if [path.name for path in paths] != [name]}
    lines = {name: [json.loads(line) for path in paths for line in path.open("rb")] for name, paths in renamed.items()}
    for path in (path for paths in renamed.values() for path in paths):  # before any is written: one may have the name
        path.unlink()
    for name, of_root in lines.items():
        write_lines(snapshot / FOLDER / name, of_root)


def _name(path: Path) -> str:
    """Return the name of a file of one root; the end of its present name says of which kind of code it is."""
    with path.open("rb") as file:
        line: Mapping[str, Any] = json.loads(file.readline())
    _, _, kind = path.stem.partition(".")
    return file_name(kind or "terraform", str(line["root"]))
