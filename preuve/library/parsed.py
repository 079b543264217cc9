"""Bundled content as it parsed when it was linted, so that a run reads no YAML.

A line of the file is one document: its name, the hash of its bytes, its data, and the positions that were asked for
while the library was built. A document whose bytes have changed since is read from its YAML. Only for the installed
content: in an evidence folder the YAML that people read is what counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from preuve.library.lines import Lines, line_of, write
from preuve.library.yaml.documents import Document, Path_, load_document
from preuve.model.errors import Position, Problem

NAME = "controls/parsed.jsonl"


class Parsed:
    """The documents of the file below a content root; opens like `load_document`."""

    def __init__(self, root: Path) -> None:
        self._lines = Lines(root / NAME)

    def __call__(self, path: Path, name: str) -> Document:
        """The document of a file."""
        known = self.known(path, name)
        return known if known is not None else load_document(path, name)

    def known(self, path: Path, name: str) -> Document | None:
        """The document of a file as it parsed before, if the file is the same."""
        digest = _digest(path) if path.is_file() else ""
        for made_from, data, positions in self._lines.of(name):
            if made_from == digest:
                places = {tuple(key): Position(name, line, column) for key, line, column in positions}
                return Document(data, name, places, linted=True)
        return None


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
        return write(root / NAME, (line for _, line in self._lines()))

    def problems(self, root: Path) -> Iterator[Problem]:
        """The documents of which the file below a content root does not say what they hold."""
        known = Lines(root / NAME)
        for name, line in self._lines():
            if not known.merged(name) and not known.has(name, line):
                yield Problem(Position(NAME), f"it does not say what {name} holds", "run: preuve lint --update-lock")

    def _lines(self) -> Iterator[tuple[str, str]]:
        for path, document, asked in self._documents:
            places = [[list(key), found.line, found.column] for key, found in asked.found.items()]
            yield document.file, line_of(document.file, _digest(path), document.data, places)


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
