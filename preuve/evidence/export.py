"""Writes a bundle as one zip with names that every system can unpack. The bytes are the same each time, and nothing is
overwritten.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from preuve.evidence.bag import LONGEST_PATH, unsafe
from preuve.evidence.closed_bundle import ClosedBundle, ClosedFile
from preuve.evidence.verifier.bag import open_regular
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause, to_do
from preuve.system.files import made_in

_CHUNK = 1 << 20


def export(bundle: ClosedBundle, target: Path) -> None:
    """Write a bundle as one zip to `target`, or nothing if that fails.

    Raises PreuveError if a name in it cannot be unpacked on every system.
    """
    for name in (bundle.name, *(file.name for file in bundle.files)):
        if why := unsafe(name):
            raise PreuveError(
                f"{name} cannot be unpacked everywhere: {why}", f"at most {LONGEST_PATH} plain characters"
            )
    with whole(target) as beside, zipfile.ZipFile(beside, "w") as archive:
        for file in bundle.files:
            _add(archive, bundle, file)


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Yield a temporary path for a file or folder that becomes `target` when it is complete.

    Nothing is overwritten, and a failure leaves nothing behind. Raises UsageError if `target` exists or its folder does
    not, PreuveError if the disk refuses.
    """
    if target.exists():
        raise UsageError(f"{target} exists already, and an export overwrites nothing", "give another name")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", "make it first")
    try:
        with made_in(target.parent, target) as made:
            yield made
    except OSError as error:
        raise PreuveError(
            f"{target} could not be written: {cause(error)}", to_do(error, "check the disk and try again")
        ) from error


def _add(archive: zipfile.ZipFile, bundle: ClosedBundle, file: ClosedFile) -> None:
    """Add a file. Its time is the day on which the bundle was closed, the only date that is the same each time."""
    entry = zipfile.ZipInfo(f"{bundle.name}/{file.name}", (*bundle.closed.timetuple()[:3], 0, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.file_size = file.path.stat().st_size  # needed in advance: a file of 4 GiB has another format
    with open_regular(file.path) as source, archive.open(entry, "w") as place:
        while part := source.read(_CHUNK):
            place.write(part)
