"""Finds things in a snapshot that no collection writes: other files, kinds of lines, members and forms of texts.

preuve judges by none of them, so that judging again gives the same bytes whatever they contain; but a person who opens
the folder reads them. Only what the forms define is allowed, including those of earlier versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert, to_builtins

from preuve.snapshot.documents import DOCUMENTS
from preuve.snapshot.forms import CODE, LIVE
from preuve.snapshot.reader import lines_of, read_json
from preuve.snapshot.writer import document_text, line_text
from preuve.system.causes import cause

_FILE = re.compile(r"((?:aws|github)/[^/ ]+/[^/ ]+|iac|registers)/[^/ ]+\.jsonl")
_SAID = re.compile(r"(?P<what>.*?)(?: - at `(?P<at>(?:key in )?`?\$[^`]*)`)?", re.DOTALL)
# Members of meta.json.
_SAID_IF_ANY = frozenset({"parts", "ca", "organization", "run", "run.workflow_run_url"})
_NAME = re.compile(r"`([^`]+)`")


def foreign(folder: Path) -> Iterator[str]:
    """Yield each thing that no collection writes, with its place. Raises AlteredError or UsageError if a file of the
    snapshot cannot be read at all.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or name in DOCUMENTS or _FILE.fullmatch(name)):
            yield name
        elif path.is_file():
            yield from _in_document(path, name) if name in DOCUMENTS else _in_lines(path, name)


def rewritten(folder: Path) -> Iterator[str]:
    """Yield the places where the bytes differ from those that a collection writes for the same data: blanks, escapes,
    another order of members. A text search would miss such data. Raises AlteredError or UsageError if a file cannot be
    read.
    """
    for path in sorted(folder.rglob("*.json*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".json":
            if path.read_bytes() != document_text(read_json(path)).encode("utf-8", "surrogatepass"):
                yield name
            continue
        with path.open("rb") as file:
            for number, (line, text) in enumerate(zip(lines_of(path), file, strict=False), 1):
                if text != line_text(line).encode("utf-8", "surrogatepass"):
                    yield f"{name}:{number}"


def whole(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a line of a collection with every member that the form of its kind has."""
    found: Mapping[str, Any] = to_builtins(convert(line, LIVE))
    return found


def lacking(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members that a line of a collection lacks: this version writes all of them."""
    return _lost(whole(line), line)


def lacking_in(name: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the members that a document lacks, except those that are written only if they have content."""
    members = _lost(to_builtins(convert(document, DOCUMENTS[name])), document)
    return (member for member in members if name != "meta.json" or member not in _SAID_IF_ANY)


def _in_lines(path: Path, name: str) -> Iterator[str]:
    form = CODE if name.startswith("iac/") else LIVE
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, (line, text) in enumerate(zip(lines_of(path), file, strict=False), 1):
            for told in misfits(line, form):
                yield f"{name}:{number}:{_place(text, told)[1]} {told}"


def _in_document(path: Path, name: str) -> Iterator[str]:
    for told in misfits(read_json(path), DOCUMENTS[name]):
        line, column = _place(path.read_text(encoding="utf-8"), told)
        yield f"{name}:{line}:{column} {told}"


def misfits(data: Any, form: Any) -> Iterator[str]:
    """Yield the path of the first part that does not fit a form, if there is one."""
    try:
        made = convert(data, form)
    except ValidationError as error:
        yield _path(str(error)) or cause(error)
    else:
        yield from _lost(data, to_builtins(made))


def _path(said: str) -> str:
    """Return the path in an error of the library, as `unread.code`; empty if it names none."""
    found = _SAID.fullmatch(said)
    at = (found["at"] or "" if found else "").rpartition("$")[2].lstrip(".")
    named = _NAME.search(said) if "unknown field" in said else None
    return ".".join(filter(None, (at, named[1] if named else "")))


def _place(text: str, path: str) -> tuple[int, int]:
    """Return line and column of the last name of a path in a text; the beginning if the text does not have it."""
    last = re.split(r"[.\[]", path)[-1] if not path.endswith("]") else re.split(r"[.\[]", path)[-2]
    at = max(text.find(f'"{last}":'), 0)
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def _lost(data: Any, made: Any) -> Iterator[str]:
    """Yield the members that a form does not have."""
    if data == made:
        return
    if isinstance(data, Mapping) and isinstance(made, Mapping):
        for key, value in data.items():
            if key in made:
                yield from (f"{key}.{what}" for what in _lost(value, made[key]))
            else:
                yield key
    elif isinstance(data, list | tuple) and isinstance(made, list | tuple):
        for value, other in zip(data, made, strict=False):
            yield from _lost(value, other)
