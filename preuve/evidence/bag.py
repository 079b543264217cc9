"""BagIt 1.0 (RFC 8493): writes the manifests of a folder in GNU format, and reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from preuve.evidence.verifier.bag import portable
from preuve.evidence.verifier.info import INFO
from preuve.model.errors import PreuveError
from preuve.model.layout import DATA
from preuve.system.manifests import DECLARATION, MANIFEST, TAG_MANIFEST, digest_of

LONGEST_PATH = 119  # below the bundle: Windows allows 260, including the folder that a bundle is unpacked in


@dataclass(frozen=True)
class Payload:
    """The files below `data/`: their number and size."""

    octets: int
    files: int


def write_manifest(folder: Path) -> Payload:
    """Write the manifest of `data/`. It lists every file, so that a file added later is noticed.

    Raises PreuveError for a link, and for a name that some systems cannot store.
    """
    files = list(_files(folder, folder / DATA))
    octets = sum((folder / name).stat().st_size for name in files)
    _write_digests(folder, MANIFEST, files)
    return Payload(octets, len(files))


def write_declaration(folder: Path, info: Iterable[tuple[str, str]]) -> None:
    """Write `bagit.txt` and `bag-info.txt` with these elements, in this order."""
    _write(folder / DECLARATION, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    _write(folder / INFO, "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info))


def write_tag_manifest(folder: Path) -> str:
    """Write the manifest of every other file, and return its hash: the root of the bundle. Raises
    PreuveError as above.
    """
    files = [name for name in _files(folder, folder) if not name.startswith(f"{DATA}/")]
    return _write_digests(folder, TAG_MANIFEST, [name for name in files if not name.startswith(TAG_MANIFEST)])


def root_of(folder: Path) -> str:
    """Return the root of a closed bundle: the SHA-256 of its tag manifest."""
    return digest_of(folder / TAG_MANIFEST)


def read_info(folder: Path) -> Mapping[str, str]:
    """Return the elements of `bag-info.txt`."""
    lines = (folder / INFO).read_text(encoding="utf-8").split("\n")
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def unsafe(name: str) -> str:
    """Return why a path cannot be unpacked on every system or listed in a manifest; "" if it can."""
    if len(name) > LONGEST_PATH:
        return f"longer than {LONGEST_PATH} characters"
    if not all(map(portable, PurePosixPath(name).parts)):
        return "a name of other characters than letters, digits and . _ + -, or one that Windows cannot keep"
    return ""


def _files(folder: Path, start: Path) -> Iterator[str]:
    """Return the paths of the files below `start`, relative to `folder`, sorted. A link or an
    unsafe name is refused.
    """
    lower: dict[str, str] = {}
    found = {path.relative_to(folder).as_posix(): path for path in start.rglob("*")}
    for name, path in sorted(found.items()):
        why = "a symbolic link" if path.is_symlink() else unsafe(name)
        if lower.setdefault(name.lower(), name) != name:
            why = f"the same as {lower[name.lower()]} where case does not count"
        if why:
            raise PreuveError(f"{name} cannot be kept in a bundle: {why}", "rename or remove what it was made from")
        if path.is_file():
            yield name


def _write_digests(folder: Path, manifest: str, names: Iterable[str]) -> str:
    text = "".join(f"{digest_of(folder / name)}  {name}\n" for name in names)
    _write(folder / manifest, text)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
