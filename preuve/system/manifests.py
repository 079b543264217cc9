"""The manifests of a bundle: the hash of each file at the time of closing."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from preuve.model.errors import PreuveError
from preuve.model.layout import TRYOUTS

DECLARATION = "bagit.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
CHAIN = "chain.jsonl"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>.+)")


def read_manifest(path: Path) -> Mapping[str, str]:
    """Return a manifest as path to digest. Raises PreuveError for a malformed line, or a path named twice."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1], 1):
        match = _LINE.fullmatch(line)
        if match is None or match["path"] in found:
            raise PreuveError(f"{path}:{number}: not a line of a manifest", "the bundle is damaged: verify it")
        found[match["path"]] = match["digest"]
    return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits, however large the file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bundle_around(path: Path) -> Path | None:
    """Return the closed bundle that a path is or lies in; None if there is none."""
    place = Path(os.path.realpath(path))
    return next((folder for folder in (place, *place.parents) if os.path.lexists(folder / DECLARATION)), None)


def is_unsealed(folder: Path) -> bool:
    """Return whether a bundle is in no chain of runs: it is no predecessor, no closed audit, and not exported.

    Try-outs have a folder of their own, in which one may follow another.
    """
    if folder.parent.name == TRYOUTS or os.path.lexists(folder / CHAIN):
        return False
    return any((folder / name).exists() for name in (DECLARATION, MANIFEST, TAG_MANIFEST))


def check_as_closed(folder: Path, names: Iterable[str]) -> None:
    """Raise PreuveError if one of these files differs from its closed bundle. A folder that is no bundle passes."""
    if not any((folder / name).exists() for name in (DECLARATION, MANIFEST, TAG_MANIFEST)):
        return
    covered = {**read_manifest(folder / MANIFEST), **read_manifest(folder / TAG_MANIFEST)}
    for name in (MANIFEST, *names):
        if covered.get(name) != digest_of(folder / name):
            raise PreuveError(f"{folder.name}: {name} has changed since it was closed", f"see: preuve verify {folder}")
