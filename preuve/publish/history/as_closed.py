"""Whether files of an earlier bundle are as it was closed, by its manifests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from preuve.model.errors import PreuveError

_DECLARATION, _MANIFEST, _OF_TAGS = "bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"


def check_as_closed(folder: Path, names: Iterable[str]) -> None:
    """PreuveError where one of these files is not as its bundle was closed; of a folder that is no bundle, nothing."""
    if not any((folder / name).exists() for name in (_DECLARATION, _MANIFEST, _OF_TAGS)):
        return
    covered = {**_hashes(folder / _MANIFEST), **_hashes(folder / _OF_TAGS)}
    for name in (_MANIFEST, *names):
        if covered.get(name) != hashlib.sha256((folder / name).read_bytes()).hexdigest():
            raise PreuveError(f"{folder.name}: {name} is not what was closed", f"see: preuve verify {folder}")


def _hashes(manifest: Path) -> Mapping[str, str]:
    """The hash of each path in a manifest."""
    lines = (line.split(maxsplit=1) for line in manifest.read_text(encoding="utf-8").splitlines())
    return {line[1]: line[0] for line in lines if len(line) == 2}
