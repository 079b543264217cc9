"""What stands in a snapshot's folder and no collection writes: other files, kinds of lines and members.

Nothing judges it, so that re-performing gives the same bytes whatever it says; a person who opens the folder reads it
all the same. Only what the format knows is allowed, that of earlier versions included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert, to_builtins

from preuve.model.meta import Meta
from preuve.model.snapshot import (
    IacBlock,
    IacGap,
    IacRecord,
    IacScan,
    IacState,
    Listing,
    Resource,
    StateEntry,
    Unread,
)
from preuve.redact.workspace_file import kept_types
from preuve.snapshot.reader import lines_of, read_json
from preuve.system.causes import cause

_DOCUMENTS = ("meta.json", "workspace.json", "earlier.json")
_FILE = re.compile(r"((?:aws|github)/[^/]+/[^/]+|iac|registers)/[^/]+\.jsonl")


def _of(*types: type) -> frozenset[str]:
    return frozenset(member.name for type_ in types for member in fields(type_)) - {"at"}  # which the reader adds


_BLOCK = frozenset({"name", "arn", "region", "of"})  # its identity
_CALL = """action attempts commitment error id message operation params region request_id service status time"""
_LIVE = {"call": frozenset(_CALL.split()), "listing": _of(Listing), "resource": _of(Resource)}
_CODE = {
    "record": _of(IacRecord),
    "gap": _of(IacGap),
    "root": _of(IacScan),
    "block": (_of(IacBlock) - _BLOCK) | {"identity"},
    "state": _of(IacState),
}
_UNREAD, _STATE = _of(Unread), _of(StateEntry)
_META = frozenset({"schema", "types", "organisation", "unknown_checks"})  # said for readers alone
_PART = frozenset({"started", "finished", "calls", "preuve", "build"})
_EARLIER = frozenset({"bundle", "records", "runs_in_period"})


def foreign(folder: Path) -> Iterator[str]:
    """Yield the places of what no collection writes, and what it is; AlteredError or UsageError where a file of the
    snapshot cannot be read at all.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or name in _DOCUMENTS or _FILE.fullmatch(name)):
            yield name
        elif name not in _DOCUMENTS and path.is_file():
            kinds = _CODE if name.startswith("iac/") else _LIVE
            for number, line in enumerate(lines_of(path), 1):
                yield from (f"{name}:{number} {what}" for what in _in_line(line, kinds))
    for name in _DOCUMENTS:
        if (folder / name).is_file():
            yield from (f"{name} {what}" for what in _in_document(name, read_json(folder / name)))


def _in_line(line: Mapping[str, Any], kinds: Mapping[str, frozenset[str]]) -> Iterator[str]:
    kind = str(line.get("kind"))
    if kind not in kinds:
        yield f"kind: {kind}"
        return
    yield from sorted(line.keys() - kinds[kind] - {"kind"})
    unread = line.get("unread") or {}
    for reason in unread.values() if kind == "resource" else [unread]:
        yield from (f"unread.{name}" for name in sorted(reason.keys() - _UNREAD))
    yield from (f"identity.{name}" for name in sorted(line.get("identity", {}).keys() - _BLOCK))
    entries = line["resources"] if kind == "state" else ()
    yield from (f"resources.{name}" for entry in entries for name in sorted(entry.keys() - _STATE))


def _in_document(name: str, data: Mapping[str, Any]) -> Iterator[str]:
    if name == "earlier.json":
        yield from sorted(data.keys() - _EARLIER)
    elif name == "meta.json":
        known = {key: value for key, value in data.items() if key not in _META}
        yield from _beyond(known, Meta)
        for part in known.get("parts", {}).values():
            yield from (f"parts.{key}" for key in sorted(part.keys() - _PART))
    else:
        types = kept_types()
        yield from sorted(data.keys() - types.keys())
        for key in sorted(data.keys() & types.keys()):
            yield from (f"{key}.{what}" for what in _beyond(data[key], types[key]))


def _beyond(data: Any, type_: Any) -> Iterator[str]:
    """Yield the members that are left out where data becomes a type."""
    try:
        yield from _lost(data, to_builtins(convert(data, type_)))
    except ValidationError as error:
        yield cause(error)


def _lost(data: Any, made: Any) -> Iterator[str]:
    if isinstance(data, Mapping) and isinstance(made, Mapping):
        for key, value in data.items():
            if key not in made:
                yield key
            else:
                yield from (f"{key}.{what}" for what in _lost(value, made[key]))
    elif isinstance(data, list) and isinstance(made, list | tuple):
        for value, other in zip(data, made, strict=False):
            yield from _lost(value, other)
