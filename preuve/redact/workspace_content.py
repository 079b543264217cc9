"""Writes the content that a workspace adds into a bundle as text, without people and secrets, unchanged otherwise; so
are the names of its files and folders.

A replacement is plain text wherever it may stand in YAML or in code.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from preuve.redact.forms import without_certain
from preuve.redact.identifiers.addresses import without_addresses
from preuve.redact.identifiers.numbers import without_numbers
from preuve.redact.known_names import KnownNames

_GONE = "removed"
_UNSAFE = re.compile(r"[^A-Za-z0-9._+/-]+")  # in a path of a bundle


def _without_addresses(text: str) -> str:
    """Replace each e-mail address by one that does not exist."""
    return without_addresses(text, lambda _: "removed@person.invalid", of_nobody=False)


def redact_workspace_content(folder: Path, names: KnownNames) -> list[str]:
    """Replace what must not be kept in the files below a folder and in their paths; answers which files changed,
    relative to it.
    """
    changed = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        before = path.read_bytes().decode("utf-8", "surrogateescape")
        after = _redacted(before, names)
        name = path.relative_to(folder).as_posix()
        plain = name.removesuffix(path.suffix)  # which no domain of an address ends in
        redacted = _redacted(plain, names)
        target = path if redacted == plain else folder / (_UNSAFE.sub("-", redacted) + path.suffix)
        if after != before:
            path.write_bytes(after.encode("utf-8", "surrogateescape"))
        if target != path:
            _move(path, target)
        if after != before or target != path:
            changed.append(name)
    return changed


def _redacted(text: str, names: KnownNames) -> str:
    clean = without_certain(_without_addresses(without_numbers(text, lambda *_: _GONE)))
    after = names.replaced(clean)
    return without_certain(after) if after != clean else after  # two words of a name became one


def _move(path: Path, target: Path) -> None:
    """Name a file anew, and remove the folders that this leaves empty. Two may have become one name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    free = (target.with_name(f"{target.stem}-{number}{target.suffix}") for number in count(2))
    path.rename(target if not target.exists() else next(one for one in free if not one.exists()))
    for above in path.parents:
        if any(above.iterdir()):
            break
        above.rmdir()
