"""Writes the content that a workspace adds into a bundle as text, without people and secrets, unchanged otherwise.

A replacement is plain text wherever it may stand in YAML or in code.
"""

from __future__ import annotations

from pathlib import Path

from preuve.redact.forms import without_certain
from preuve.redact.identifiers.addresses import without_addresses
from preuve.redact.identifiers.numbers import without_numbers
from preuve.redact.known import KnownNames

_GONE = "removed"


def _without_addresses(text: str) -> str:
    """Replace each e-mail address by one that does not exist."""
    return without_addresses(text, lambda _: "removed@person.invalid", of_nobody=False)


def redact_kept(folder: Path, names: KnownNames) -> list[str]:
    """Replace what must not be kept in the files below a folder; answers which files changed, relative to it."""
    changed = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        before = path.read_bytes().decode("utf-8", "surrogateescape")
        clean = without_certain(_without_addresses(without_numbers(before, lambda *_: _GONE)))
        after = names.replaced(clean)
        after = without_certain(after) if after != clean else after  # two words of a name became one
        if after != before:
            path.write_bytes(after.encode("utf-8", "surrogateescape"))
            changed.append(path.relative_to(folder).as_posix())
    return changed
