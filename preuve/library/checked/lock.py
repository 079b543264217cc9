"""The lock of the catalogue: a hash per control and policy, so that a meaning cannot change without its `rev`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from preuve.library.yaml.place import content_root
from preuve.model.content import Control, Library, Policy
from preuve.model.errors import ContentError, Position, Problem

NAME = "controls/catalogue.lock"


def entries(library: Library) -> dict[str, dict[str, Any]]:
    """The lock that the library's content asks for: id to revision, file and hash."""
    items: list[Control | Policy] = [*library.policies.values()]
    items += [control for framework in library.frameworks.values() for control in framework.controls]
    return {item.id: {"rev": item.rev, "sha256": item.digest} for item in sorted(items, key=lambda item: item.id)}


def problems(library: Library, root: Path | None = None) -> Iterator[Problem]:
    """What the lock below `root` (default: the bundled content) and the content disagree on."""
    locked, now = _read(root), entries(library)
    positions = _positions(library)
    for name, entry in now.items():
        before = locked.get(name)
        at = positions[name]
        if before is None:
            yield Problem(at, f"{name} is not in {NAME}", "run: preuve lint --update-lock")
        elif before != entry:
            yield _changed(name, before, entry, at)
    for name in sorted(set(locked) - set(now)):
        yield Problem(Position(NAME), f"{name} is locked and gone", "run: preuve lint --update-lock")


def _changed(name: str, before: dict[str, Any], entry: dict[str, Any], at: Position) -> Problem:
    if before["rev"] == entry["rev"]:
        hint = f"set rev: {entry['rev'] + 1} and run: preuve lint --update-lock"
        return Problem(at, f"{name} means something else than before and kept rev {entry['rev']}", hint)
    if before["rev"] > entry["rev"]:
        return Problem(at, f"{name} went back from rev {before['rev']} to {entry['rev']}", "revisions only grow")
    return Problem(at, f"{name} has rev {entry['rev']}, the lock {before['rev']}", "run: preuve lint --update-lock")


def _positions(library: Library) -> dict[str, Position]:
    positions = {policy.id: policy.position for policy in library.policies.values()}
    for framework in library.frameworks.values():
        positions.update({control.id: control.position for control in framework.controls})
    return positions


def update(library: Library, root: Path | None = None) -> Path:
    """Write the lock; refuses while a meaning changed without its revision."""
    locked, now = _read(root), entries(library)
    positions = _positions(library)
    refused = [
        _changed(name, locked[name], entry, positions[name])
        for name, entry in now.items()
        if name in locked and locked[name] != entry and locked[name]["rev"] >= entry["rev"]
    ]
    if refused:
        raise ContentError(refused)
    path = (root or content_root()) / NAME
    lines = (f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in now.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return path


def _read(root: Path | None) -> dict[str, dict[str, Any]]:
    path = (root or content_root()) / NAME
    if not path.is_file():
        return {}
    locked: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return locked
