"""The lock of the catalogue: a hash per control and policy, so that a meaning cannot change without its `rev`.

A line is `id rev hash`. Git merges two branches that write the lock by keeping the lines of both (`.gitattributes`). If
an item has several lines, the highest revision counts; an item with that revision and a meaning of neither line needs
the next revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from preuve.library.yaml.place import content_root
from preuve.model.content import Control, Library, Policy
from preuve.model.errors import ContentError, Position, Problem

NAME = "controls/catalogue.lock"
_LINE = re.compile(r"(\S+) ([0-9]+) ([0-9a-f]{64})")
_UPDATE = "run: make content"


@dataclass(frozen=True)
class Entry:
    """A revision and the hash of its meaning."""

    rev: int
    sha256: str


Locked = dict[str, tuple[Entry, ...]]  # id -> the entries of its highest revision: one, or those of two branches


def _items(library: Library) -> list[Control | Policy]:
    controls = [control for framework in library.frameworks.values() for control in framework.controls]
    return sorted([*library.policies.values(), *controls], key=lambda item: item.id)


def entry(item: Control | Policy) -> Entry:
    """Return the entry that the lock should have for an item."""
    return Entry(item.rev, item.digest)


def problems(library: Library, root: Path | None = None) -> Iterator[Problem]:
    """Yield the differences between the lock below `root` (default: the bundled content) and the content.

    Raises ContentError if the lock itself cannot be read.
    """
    locked, items = _read(root), _items(library)
    for item in items:
        before = locked.get(item.id, ())
        if not before:
            yield Problem(item.position, f"{item.id} is not in {NAME}", _UPDATE)
        elif entry(item) not in before:
            yield _changed(item, before[0].rev)
    for name in sorted(set(locked) - {item.id for item in items}):
        yield Problem(Position(NAME), f"{name} is locked and gone", _UPDATE)


def _changed(item: Control | Policy, before: int) -> Problem:
    if before == item.rev:
        hint = f"set rev: {item.rev + 1} and {_UPDATE}"
        return Problem(item.position, f"{item.id} has a new meaning but its rev is still {item.rev}", hint)
    if before > item.rev:
        return Problem(item.position, f"{item.id} went back from rev {before} to {item.rev}", "revisions only grow")
    return Problem(item.position, f"{item.id} has rev {item.rev}, the lock {before}", _UPDATE)


def other_meanings(library: Library) -> Iterator[str]:
    """Yield the items of another library that have the same revision as the bundled content and another meaning.

    Raises ContentError if the bundled lock cannot be read.
    """
    locked = _read(None)
    for item in _items(library):
        known = [one for one in locked.get(item.id, ()) if one.rev == item.rev]
        if known and entry(item) not in known:
            yield item.id


def update(library: Library, root: Path | None = None) -> Path:
    """Write the lock of the content below `root`. Raises ContentError while a meaning changed without its revision."""
    locked, items = _read(root), _items(library)
    changed = [(item, locked[item.id]) for item in items if item.id in locked and entry(item) not in locked[item.id]]
    refused = [_changed(item, before[0].rev) for item, before in changed if before[0].rev >= item.rev]
    if refused:
        raise ContentError(refused)
    path = (root or content_root()) / NAME
    path.write_text("".join(f"{item.id} {item.rev} {item.digest}\n" for item in items), encoding="utf-8")
    return path


def _read(root: Path | None) -> Locked:
    path = (root or content_root()) / NAME
    locked: Locked = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else (), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            hint = "take the file from a commit in which it was whole"
            raise ContentError([Problem(Position(NAME, number, 1), "is not an id, a revision and a hash", hint)])
        found = (*locked.get(match[1], ()), Entry(int(match[2]), match[3]))
        highest = max(item.rev for item in found)
        locked[match[1]] = tuple(item for item in found if item.rev == highest)
    return locked
