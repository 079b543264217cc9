"""Refuses a bundle with something that must not be kept, and reports where it came from."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from preuve.collect.code.secrets.forms import kinds
from preuve.model.errors import PreuveError
from preuve.model.layout import CONTENT, SNAPSHOT
from preuve.redact.inspection import PERSON, Inspector, Leak
from preuve.redact.known_names import MASK, KnownNames

_SHOWN = 10
_AROUND = 30  # characters around a name that is masked
_REGISTERS = "registers"
_WRITTEN = frozenset({".yaml", ".yml", ".csv", ".md", ".tf", ".json"})  # files that people write into a workspace


def refuse_leaks(folder: Path, names: KnownNames, workspace: Path | None = None) -> None:
    """Raise PreuveError if a bundle contains one of the `names` or a secret: redaction is checked by its result."""
    inspector = Inspector(folder, SNAPSHOT, CONTENT, names, kinds)
    leaks = list(islice(inspector.leaks(), _SHOWN))
    if leaks:
        (what, *others) = sorted({leak.what for leak in leaks})
        found = "names of people or secrets" if others else what
        places = ", ".join(dict.fromkeys(_shown(leak, inspector) for leak in leaks))
        raise PreuveError(
            f"the bundle is not closed, because something in it must not be kept ({found}): {places}",
            _hint(inspector, workspace, leaks),
        )


def _shown(leak: Leak, inspector: Inspector) -> str:
    """Return the place of a leak, with the text around a name."""
    place = inspector.masked(leak.file) + (f":{leak.line}" if leak.line else "")
    before, mask, after = inspector.masked(_line(inspector.folder, leak)).partition(MASK)
    return f"{place} « {before[-_AROUND:]}{mask}{after[:_AROUND]} »" if mask and leak.line else place


def _hint(inspector: Inspector, workspace: Path | None, leaks: Sequence[Leak]) -> str:
    if renamed := list(islice(_paths(workspace, inspector, leaks), _SHOWN)) if workspace else []:
        return f"give another name to {', '.join(renamed)}, and audit again"
    if origins := list(islice(_origins(inspector, workspace, leaks), _SHOWN)):
        return f"remove it where it comes from ({'; '.join(origins)}), and audit again"
    return "no line of the workspace and no resource has this text in this form: report it as a defect of preuve"


def _origins(inspector: Inspector, workspace: Path | None, leaks: Sequence[Leak]) -> Iterator[str]:
    """Yield the resources that contain the leak, with the member; if none does, the lines of the workspace that contain
    it.
    """
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
    """Return the name of a resource; its place in words if its name is itself the leak."""
    text = str(line.get(name, ""))
    return "" if inspector.holds(text) else text


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in the data of a resource, by member; the names of members are texts too."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield path, str(name)
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    else:
        yield path, str(value)


def _paths(workspace: Path, inspector: Inspector, leaks: Sequence[Leak]) -> Iterator[str]:
    """Yield the files and folders, masked, whose names contain the leak; for a folder, not its contents."""
    says = _saying(inspector, leaks)
    for path in sorted(_below(workspace)):
        name = path.relative_to(workspace).as_posix()
        if says(name) and not says(name.rpartition("/")[0]):
            yield inspector.masked(name)


def _lines(workspace: Path, inspector: Inspector, leaks: Sequence[Leak]) -> Iterator[str]:
    """Yield the lines that contain the leak. Registers are left out: they are the place for people's names."""
    says = _saying(inspector, leaks)
    for path in sorted(_below(workspace)):
        name = path.relative_to(workspace)
        if path.suffix not in _WRITTEN or not path.is_file() or name.parts[0] == _REGISTERS:
            continue
        for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
            if says(text):
                yield f"{name.as_posix()}:{number}"


def _saying(inspector: Inspector, leaks: Sequence[Leak]) -> Callable[[str], bool]:
    """Return a predicate: whether a text contains one of the kinds of leaks; for names of people, one of the names at
    the places of the leaks.
    """
    what = {leak.what for leak in leaks}
    people = frozenset[str]().union(
        *(inspector.names.whose(_line(inspector.folder, leak)) for leak in leaks if leak.what == PERSON)
    )

    def says(text: str) -> bool:
        found = what & inspector.kinds(text)
        return bool(found - {PERSON}) or (PERSON in found and bool(people & inspector.names.whose(text)))

    return says


def _below(workspace: Path) -> Iterator[Path]:
    for path in workspace.rglob("*"):
        parts = path.relative_to(workspace).parts
        if parts[0] != "evidence" and not any(part[0] == "." for part in parts):
            yield path


def _line(folder: Path, leak: Leak) -> str:
    """Return the line of a leak, in the content that a program sees, or the path of its file."""
    if not leak.line:
        return leak.file
    text = (folder / leak.file).read_text(encoding="utf-8", errors="replace").split("\n")[leak.line - 1]
    return html.unescape(text)
