"""Whether the files of a bundle are those that its manifests name: no file more, none less, none changed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .report import Item, broken, holds

DECLARATION = "bagit.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = TAG_MANIFEST + ".sig"
TIMESTAMP = TAG_MANIFEST + ".tsr"
_OUTSIDE_ROOT = frozenset({TAG_MANIFEST, SIGNATURE, TIMESTAMP})
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
# The files next to the payload: no other file is allowed there, whatever a manifest lists.
_TAG = re.compile(r"README\.html|bag-info\.txt|bagit\.txt|chain\.jsonl|manifest-sha256\.txt|verification/.+")
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<path>[!-~]+)")
# Each name in a bundle is one that every system can keep, and that every tool reads alike.
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._+-]*[A-Za-z0-9_+-])?")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)  # names that Windows reserves
LONGEST_PATH = 1024  # verify.sh and verify.ps1 have this limit too, and the next
_LONGEST_LINE = 64 + 2 + LONGEST_PATH
# The maximum number of bytes of a file that is read whole.
SIZES = """
bag-info.txt 1048576
chain.jsonl 67108864
data/08-machine/snapshot/meta.json 67108864
tagmanifest-sha256.txt.sig 1048576
tagmanifest-sha256.txt.tsr 1048576
verification/allowed_signers 1048576
"""
_OTHER_MANIFEST = re.compile(r"(tag)?manifest-(?!sha256\.txt$)[^/]*\.txt")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class ManifestFiles:
    """The manifests of a bundle as path to digest, and their defects."""

    files: Mapping[str, str]
    items: list[Item]


@dataclass
class FolderFiles:
    """The contents of the folder: regular files, and everything that is neither file nor folder."""

    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def check(folder: Path) -> list[Item]:
    """Compare the folder with its manifests. Only files that were found while walking it are opened, so that no path in
    a manifest and no link leads elsewhere.
    """
    present = walk(folder)
    present.items += [*_twins(present), *_empty(present), *_large(folder, present)]
    listed = _manifests(folder)
    items = [*present.items, *listed.items, *_declaration(folder)]
    here = set(present.files)
    items += [broken("file_missing", file=name) for name in listed.files if name not in here]
    for name in present.files:
        if _OTHER_MANIFEST.fullmatch(name) or name == "fetch.txt":
            items.append(broken("other_manifest", file=name))
        elif name in listed.files:
            items += _changed(folder / name, name, listed.files[name])
        elif name not in _OUTSIDE_ROOT and len(name) <= LONGEST_PATH:
            items.append(broken("file_added", file=name))
    return items or [holds("files", n=len(listed.files))]


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises OSError for a link, a device or a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("not a regular file")
    return file


def digest_of(path: Path) -> str:
    """Hash a regular file by SHA-256, read in parts."""
    digest = hashlib.sha256()
    with open_regular(path) as file:
        part = file.read(_CHUNK)
        while part:
            digest.update(part)
            part = file.read(_CHUNK)
    return digest.hexdigest()


def portable(name: str) -> bool:
    """Return whether every system can keep a file of this name."""
    return _NAME.fullmatch(name) is not None and not _DEVICE.fullmatch(name)


def _changed(path: Path, name: str, expected: str) -> list[Item]:
    try:
        same = digest_of(path) == expected
    except OSError as error:
        return [broken("file_unreadable", file=name, error=error.strerror or error)]
    return [] if same else [broken("file_changed", file=name)]


def walk(folder: Path) -> FolderFiles:
    """List everything below the folder, without following links; its own stack allows deep folders."""
    found = FolderFiles()
    folders = [folder]
    while folders:
        place = folders.pop()
        try:
            paths = sorted(place.iterdir())
        except OSError as error:
            found.items.append(broken("file_unreadable", file=_label(folder, place), error=error.strerror or error))
            continue
        for path in paths:
            try:
                mode = path.lstat().st_mode
            except OSError as error:
                found.items.append(broken("file_unreadable", file=_label(folder, path), error=error.strerror or error))
                continue
            label = _label(folder, path)
            if not portable(path.name):
                found.items.append(broken("file_name", file=label))
            if len(label) > LONGEST_PATH:
                found.items.append(broken("path_long", file=label, most=LONGEST_PATH))
            if stat.S_ISDIR(mode):
                folders.append(path)
                found.folders.append(label)
            elif stat.S_ISREG(mode):
                found.files.append(label)
            else:
                code = "link" if stat.S_ISLNK(mode) else "special_file"
                found.items.append(broken(code, file=label))
    return found


def _twins(present: FolderFiles) -> Iterator[Item]:
    """Yield names that differ only in case: on some systems, one file would replace the other."""
    known: dict[str, str] = {}
    for name in sorted([*present.folders, *present.files]):
        if known.setdefault(name.lower(), name) != name:
            yield broken("file_twin", file=name, other=known[name.lower()])


def _empty(present: FolderFiles) -> Iterator[Item]:
    """Yield empty folders: no manifest names them, and their names may contain information."""
    full = {name.rpartition("/")[0] for name in (*present.files, *present.folders)}
    yield from (broken("folder_empty", file=name) for name in present.folders if name not in full)


def _large(folder: Path, present: FolderFiles) -> Iterator[Item]:
    """Yield files of more bytes than a verifier reads."""
    for name, most in (line.split() for line in SIZES.split("\n") if line):
        if name in present.files and (folder / name).stat().st_size > int(most):
            yield broken("file_large", file=name, most=most)


def _label(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _declaration(folder: Path) -> list[Item]:
    try:
        with open_regular(folder / DECLARATION) as file:
            good = file.read(len(_DECLARED) + 1) == _DECLARED
    except OSError:
        good = False
    return [] if good else [broken("declaration", file=DECLARATION)]


def _manifests(folder: Path) -> ManifestFiles:
    files: dict[str, str] = {}
    known: set[str] = set()
    items: list[Item] = []
    for manifest in (MANIFEST, TAG_MANIFEST):
        try:
            with open_regular(folder / manifest) as file:
                for number, found in enumerate(_lines(file, payload=manifest == MANIFEST), 1):
                    if isinstance(found, str):
                        items.append(broken(found, file=manifest, line=number, most=_LONGEST_LINE))
                    elif found[0].lower() in known:
                        items.append(broken("manifest_twice", file=manifest, line=number, path=found[0]))
                    else:
                        files[found[0]] = found[1]
                        known.add(found[0].lower())
        except OSError as error:
            items.append(broken("file_unreadable", file=manifest, error=error.strerror or error))
    if not items and not any(name.startswith(PAYLOAD) for name in files):
        items.append(broken("nothing_listed", file=MANIFEST))
    return ManifestFiles(files, items)


def _lines(file: BinaryIO, *, payload: bool) -> Iterator[tuple[str, str] | str]:
    """Yield path and digest of each line, or the code of its defect."""
    while raw := file.readline(_LONGEST_LINE + 1):
        if len(raw) > _LONGEST_LINE and not raw.endswith(b"\n"):
            yield "manifest_long"
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_CHUNK)
            continue
        match = _LINE.fullmatch(raw.decode("latin-1")[:-1]) if raw.endswith(b"\n") else None
        if match is None:
            yield "manifest_line"
        elif not _plain(match["path"]) or not placed(match["path"], payload=payload):
            yield "manifest_path"
        else:
            yield match["path"], match["digest"]


def placed(path: str, *, payload: bool) -> bool:
    """Return whether a bundle may have a file at this path, in `data/` or next to it."""
    return path.startswith(PAYLOAD) if payload else _TAG.fullmatch(path) is not None


def _plain(path: str) -> bool:
    """Return whether a path stays below the bundle on every system, is in its canonical form, and can be in a
    manifest.
    """
    return len(path) <= LONGEST_PATH and all(map(portable, path.split("/")))
