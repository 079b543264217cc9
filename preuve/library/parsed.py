"""Bundled content as it parsed when it was linted, so that a run reads no YAML.

A line of the file is one document: its name, the hash of its bytes, its data, and the positions that were asked for
while the library was built. A document whose bytes have changed since is read from its YAML: what is out of date costs
time and nothing else. Only for the installed content: in an evidence folder the YAML that people read is what counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from preuve.library.yaml.documents import Document, Path_, load_document
from preuve.model.errors import Position, Problem

NAME = "controls/parsed.jsonl"
_START = b'["'  # of a line, before the name


class Parsed:
    """The documents of the file below a content root; opens like `load_document`."""

    def __init__(self, root: Path) -> None:
        path = root / NAME
        lines = path.read_bytes().splitlines() if path.is_file() else ()
        # Each is parsed when it is asked for: all of them at once are three times as large.
        self._known = {line[len(_START) : line.index(b'"', len(_START))].decode(): line for line in lines}

    def __call__(self, path: Path, name: str) -> Document:
        """The document of a file."""
        known = self.known(path, name)
        return known if known is not None else load_document(path, name)

    def known(self, path: Path, name: str) -> Document | None:
        """The document of a file as it parsed before, if the file is the same."""
        if name not in self._known or not path.is_file():
            return None
        _, digest, data, positions = json.loads(self._known[name])
        if digest != _digest(path):
            return None
        places = {tuple(key): Position(name, line, column) for key, line, column in positions}
        return Document(data, name, places)


class Noting:
    """Opens like `load_document`, and notes for each document which positions are asked for."""

    def __init__(self) -> None:
        self._documents: list[tuple[Path, Document, _Asked]] = []

    def __call__(self, path: Path, name: str) -> Document:
        """The document of a file."""
        document = load_document(path, name)
        asked = _Asked(document.positions)
        self._documents.append((path, document, asked))
        return replace(document, positions=asked)

    def write(self, root: Path) -> Path:
        """Write what was opened into the file below a content root."""
        path = root / NAME
        path.write_text("".join(sorted(self._lines())), encoding="utf-8")
        return path

    def problems(self, root: Path) -> Iterator[Problem]:
        """Whether the file below a content root says the same."""
        path = root / NAME
        if not path.is_file() or path.read_text(encoding="utf-8") != "".join(sorted(self._lines())):
            yield Problem(Position(NAME), "it was not made from this content", "run: preuve lint --update-lock")

    def _lines(self) -> Iterator[str]:
        for path, document, asked in self._documents:
            places = [[list(key), found.line, found.column] for key, found in asked.found.items()]
            entry = [document.file, _digest(path), document.data, places]
            yield json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"


class _Asked(dict[Path_, Position]):
    """Positions that keep those that were found."""

    def __init__(self, positions: Any) -> None:
        super().__init__(positions)
        self.found: dict[Path_, Position] = {}

    def get(self, key: Path_, default: Any = None) -> Any:
        """The position of a path, noted."""
        found = super().get(key, default)
        if found is not None:
            self.found[key] = found
        return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
