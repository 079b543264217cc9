"""Reads a closed bundle to copy it elsewhere: its files with their hashes, if nothing was changed
since it was closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from preuve.evidence.bag import read_info
from preuve.evidence.verifier import chain
from preuve.evidence.verifier.bag import DECLARATION, SIGNATURE, TIMESTAMP
from preuve.evidence.verifier.check import Witnesses, is_bundle, verify
from preuve.evidence.verifier.info import INFO
from preuve.evidence.verifier.report import Item, Level
from preuve.model.errors import AlteredError, PreuveError, UsageError
from preuve.system.manifests import MANIFEST, TAG_MANIFEST, digest_of, read_manifest

_SHOWN = 3  # named files
_TWIN = "file_twin"


@dataclass(frozen=True)
class ClosedFile:
    """A file of a bundle by its path from the bundle's root."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class ClosedBundle:
    """A bundle whose files match its manifests. The files that cover the root come last."""

    name: str
    closed: date
    info: Mapping[str, str]
    files: tuple[ClosedFile, ...]


def read_closed(folder: Path) -> ClosedBundle:
    """Read the closed bundle in `folder`.

    Raises UsageError if it is not a bundle or is a try-out, AlteredError if it was changed since it was closed.
    """
    folder = folder.resolve()
    if not (folder / DECLARATION).is_file():
        raise UsageError(f"{folder} is not an evidence bundle: it has no {DECLARATION}", "name the folder of one audit")
    refuse_altered(folder)
    info = read_info(folder)
    if is_tryout(folder):
        raise UsageError(f"{folder} is a try-out, which is not evidence", "commit the changes and audit again")
    return ClosedBundle(folder.name, _day(folder, info), info, tuple(_files(folder)))


def refuse_altered(folder: Path, previous: Path | None = None) -> None:
    """Raise AlteredError if the bundle in `folder` contradicts its manifests, its line of the chain, its signature, or
    an earlier bundle that is available.

    A folder that is not a bundle, such as the results of a scan, has nothing to contradict.
    """
    if not is_bundle(folder):
        return
    witness = previous if previous is not None and is_bundle(previous) else None
    broken = [item for item in verify(folder, Witnesses(witness)) if item.level is Level.BROKEN]
    if broken:
        hint = f"see: preuve verify {folder} --previous {witness}" if witness else f"see: preuve verify {folder}"
        raise AlteredError(_altered(folder, broken), hint)


def _altered(folder: Path, broken: Iterable[Item]) -> str:
    """Return the defect. If two names denote one file, the verifier reports whatever has either name: this returns the
    cause.
    """
    twins = [item for item in broken if item.code == _TWIN]
    named = [item.values["file"] for item in twins or broken if "file" in item.values]
    named += [item.values["other"] for item in twins]
    files = list(dict.fromkeys(named))
    told = ", ".join(files[:_SHOWN]) + (", …" if len(files) > _SHOWN else "")
    if twins:
        return f"{folder} has names that differ only in upper and lower case: {told}"
    what = f"{folder} has changed since it was closed"
    return f"{what}: {told}" if told else what


def is_tryout(folder: Path) -> bool:
    """Return whether a bundle states that it is a try-out, which is in no chain of runs."""
    return (folder / INFO).is_file() and bool(read_info(folder).get("Try-Out"))


def in_order(one: Path, other: Path) -> tuple[Path, Path]:
    """Return the earlier and the later of two bundles by their chains; in the given order if one has none."""
    runs, others = (len(chain.read(folder / chain.CHAIN).lines) for folder in (one, other))
    return (other, one) if runs > others > 0 else (one, other)


def _files(folder: Path) -> list[ClosedFile]:
    named = {**read_manifest(folder / MANIFEST), **read_manifest(folder / TAG_MANIFEST)}
    found = [ClosedFile(name, folder / name, digest) for name, digest in sorted(named.items())]
    covering = (name for name in (TAG_MANIFEST, SIGNATURE, TIMESTAMP) if (folder / name).is_file())
    return found + [ClosedFile(name, folder / name, digest_of(folder / name)) for name in covering]


def _day(folder: Path, info: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(info["Bagging-Date"])
    except (KeyError, ValueError) as error:
        raise PreuveError(f"{folder / 'bag-info.txt'} does not say when it was closed", "audit again") from error
