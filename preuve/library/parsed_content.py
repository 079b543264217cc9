"""Bundled content in parsed form, written by lint, so that a run reads no YAML.

A line of the file is one document: its name, the hash of its bytes, its data, and the positions that building the
library needs. The examples of a policy, more than half of the data, have a separate line, because few runs read them. A
document whose bytes have changed is read from its YAML. So is a document in an evidence folder that differs in any byte
from the installed one: the YAML that people read there is what judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from preuve.library.lines import Lines, line_of, write
from preuve.library.yaml.documents import Document, Path_, load_document
from preuve.model.errors import Position, Problem
from preuve.system.manifests import digest_of

NAME = "controls/parsed.jsonl"
_POLICIES, _KEY = "policies/", "examples"
_EXAMPLES = f"#{_KEY}"  # suffix of the name of a policy


class ParsedContent:
    """The documents of the file below a content root; opens like `load_document`."""

    def __init__(self, root: Path) -> None:
        self._lines = Lines(root / NAME)
        self._again = _FileExamples(root / NAME)
        self.changed: list[str] = []  # opened files that have changed since they were parsed

    def __call__(self, path: Path, name: str) -> Document:
        """Return the document of a file."""
        known = self.known(path, name)
        if known is not None:
            return known
        self.changed.append(name)
        return load_document(path, name)

    def known(self, path: Path, name: str) -> Document | None:
        """Return the document of a file from the line for it, if the file is unchanged."""
        digest = digest_of(path) if path.is_file() else ""
        document = _document(self._lines, name, name, digest)
        if document is None or not _has_examples(name, document.data):
            return document
        again = self._again
        return replace(document, examples=lambda: again.examples(path, name, digest))


def _document(lines: Lines, item: str, name: str, digest: str) -> Document | None:
    """Return the document of the line that was made from bytes with this hash."""
    for made_from, data, positions in lines.of(item):
        if made_from == digest:
            places = {tuple(key): Position(name, line, column) for key, line, column in positions}
            return Document(data, name, places, linted=True)
    return None


def _has_examples(name: str, data: Any) -> bool:
    """Return whether a document has examples, which are in a separate line."""
    return name.startswith(_POLICIES) and _KEY in data


class _FileExamples:
    """The file, read again for the examples: they are not kept in memory until they are used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._path)

    def examples(self, path: Path, name: str, digest: str) -> Document:
        """Return the document of a policy with its examples alone; the complete one if the file has no line for
        them.
        """
        found = _document(self._lines, name + _EXAMPLES, name, digest)
        return load_document(path, name) if found is None else found


class PositionRecorder:
    """Opens like `load_document`, and records which positions of each document are requested."""

    def __init__(self) -> None:
        self._documents: list[tuple[Path, Document, _Requests]] = []

    def __call__(self, path: Path, name: str) -> Document:
        """Return the document of a file."""
        document = load_document(path, name)
        asked = _Requests(document.positions)
        self._documents.append((path, document, asked))
        return replace(document, positions=asked)

    def write(self, root: Path) -> Path:
        """Write what was opened into the file below a content root."""
        return write(root / NAME, (line for _, line in self._lines()))

    def problems(self, root: Path) -> Iterator[Problem]:
        """Yield the documents whose line in the file below a content root is missing or out of date."""
        known = Lines(root / NAME)
        missing = (item for item, line in self._lines() if not known.merged(item) and not known.has(item, line))
        for name in dict.fromkeys(item.removesuffix(_EXAMPLES) for item in missing):
            yield Problem(Position(NAME), f"it does not say what {name} holds", "run: make content")

    def _lines(self) -> Iterator[tuple[str, str]]:
        for path, document, asked in self._documents:
            for item, data, places in _parts(document, asked):
                at = [[list(key), found.line, found.column] for key, found in places.items()]
                yield item, line_of(item, digest_of(path), data, at)


_Places = dict[Path_, Position]


def _parts(document: Document, asked: _Requests) -> Iterator[tuple[str, Any, _Places]]:
    """Yield the lines of a document: the examples of a policy are separate from the rest."""
    data, places = document.data, asked.found
    if not _has_examples(document.file, data):
        yield document.file, data, places
        return
    apart = {key: place for key, place in places.items() if key[:1] == (_KEY,)}
    rest = {key: place for key, place in places.items() if key not in apart}
    yield document.file, {**data, _KEY: None}, rest
    yield document.file + _EXAMPLES, {_KEY: data[_KEY]}, apart


class _Requests(dict[Path_, Position]):
    """Positions that record which of them were found."""

    def __init__(self, positions: Any) -> None:
        super().__init__(positions)
        self.found: dict[Path_, Position] = {}

    def get(self, key: Path_, default: Any = None) -> Any:
        """Return the position of a path, and record it."""
        found = super().get(key, default)
        if found is not None:
            self.found[key] = found
        return found
