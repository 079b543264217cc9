"""Refuses a bundle with something that must not be kept, and says where that came from."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from preuve.collect.code.secrets.forms import kinds
from preuve.model.errors import PreuveError
from preuve.model.layout import CONTENT, SNAPSHOT
from preuve.redact.inspect import Inspector, Leak
from preuve.redact.known import KnownNames

_NAME = "name of a person"  # as the inspection says it
_SHOWN = 10
_WRITTEN = frozenset({".yaml", ".yml", ".csv", ".md", ".tf", ".json"})  # files that people write into a workspace


def refuse_leaks(folder: Path, names: KnownNames, workspace: Path | None = None) -> None:
    """Raise PreuveError if a bundle holds one of the `names` or a secret: redaction is checked by its result."""
    inspector = Inspector(folder, SNAPSHOT, CONTENT, names, kinds)
    leaks = list(islice(inspector.leaks(), _SHOWN))
    if leaks:
        told = "; ".join(map(str, leaks))
        raise PreuveError(
            f"the bundle is not closed, because one of its files contains something that must not be kept: {told}",
            _hint(list(islice(_origins(inspector, workspace, leaks), _SHOWN))),
        )


def _hint(origins: list[str]) -> str:
    if not origins:
        return "remove it from the workspace or the resource that it comes from, and audit again"
    return f"remove it where it comes from ({'; '.join(origins)}), and audit again"


def _origins(inspector: Inspector, workspace: Path | None, leaks: Sequence[Leak]) -> Iterator[str]:
    """Yield the resources that have it, with the member; if none has, the lines of the workspace with what leaks."""
    found = False
    for path in sorted((inspector.folder / SNAPSHOT).rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            if inspector.holds(line) or any(inspector.holds_value(text) for _, text in _texts(data, "")):
                found = True
                yield _resource(data, inspector)
    if workspace is not None and not found:
        yield from _lines(workspace, inspector, leaks)


def _resource(line: Mapping[str, Any], inspector: Inspector) -> str:
    place = " ".join(filter(None, (line.get("type", ""), _clean(line, "id", inspector), line.get("region", ""))))
    file = ":".join(str(line[name]) for name in ("file", "line") if line.get(name))
    members = sorted(
        {
            path
            for path, text in _texts(line.get("data", {}), "")
            if inspector.holds_value(text) and not inspector.holds(path)
        }
    )
    return ", ".join(filter(None, (place or str(line.get("kind", "")), *members[:3], file)))


def _clean(line: Mapping[str, Any], name: str, inspector: Inspector) -> str:
    """Return the name of a resource; its place in words if its name is what must not be kept."""
    text = str(line.get(name, ""))
    return "" if inspector.holds(text) else text


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in the data of a resource, by member; the name of a tag that must not be kept is none."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield path, str(name)
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    else:
        yield path, str(value)


def _lines(workspace: Path, inspector: Inspector, leaks: Sequence[Leak]) -> Iterator[str]:
    """Yield the lines that hold what leaks; of names, those of the people whose names leak, if these can be told."""
    what = {leak.what for leak in leaks}
    told = [inspector.names.whose(_line(inspector.folder, leak)) for leak in leaks if leak.what == _NAME]
    people = frozenset[str]().union(*told) if all(told) else frozenset()
    for path in sorted(workspace.rglob("*")):
        name = path.relative_to(workspace)
        if path.suffix not in _WRITTEN or name.parts[0] == "evidence" or any(part[0] == "." for part in name.parts):
            continue
        for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            found = what & inspector.kinds(text)
            if found - {_NAME} or (found and (not people or people & inspector.names.whose(text))):
                yield f"{name.as_posix()}:{number}"


def _line(folder: Path, leak: Leak) -> str:
    """Return the line of a leak, as a program that opens the file reads it; "" if the file has none."""
    if not leak.line:
        return ""
    text = (folder / leak.file).read_text(encoding="utf-8", errors="replace").split("\n")[leak.line - 1]
    return html.unescape(text)
