"""The files of code in a snapshot: one for each root, under the name that the root has in the snapshot."""

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
    """Return the name of a root's file: readable, and different for different roots, whatever characters they have."""
    suffix = "" if kind == "terraform" else f".{kind}"
    if _PLAIN.fullmatch(root):
        return f"{root}{suffix}.jsonl"
    readable = "-".join(_PLAIN.findall(root.lower()))[:60] or "root"
    digest = sha256(root.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{digest}{suffix}.jsonl"


def name_roots(snapshot: Path) -> None:
    """Name the files anew after the roots in their lines, so that a personal name that was found later stays in no
    path. Roots that now have one name become one file.
    """
    files = grouped((_name(path), path) for path in sorted((snapshot / FOLDER).glob("*.jsonl")))
    renamed = {name: paths for name, paths in files.items() if [path.name for path in paths] != [name]}
    lines = {name: [json.loads(line) for path in paths for line in path.open("rb")] for name, paths in renamed.items()}
    for path in (path for paths in renamed.values() for path in paths):  # first: one may have a new name
        path.unlink()
    for name, of_root in lines.items():
        write_lines(snapshot / FOLDER / name, of_root)


def _name(path: Path) -> str:
    """Return the name of a file of one root; the end of its present name shows its kind of code."""
    with path.open("rb") as file:
        line: Mapping[str, Any] = json.loads(file.readline())
    _, _, kind = path.stem.partition(".")
    return file_name(kind or "terraform", str(line["root"]))
