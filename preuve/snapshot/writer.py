"""Writes a snapshot folder: one file per unit when the unit completes; the folder appears only when it is complete."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.model.content import AWS
from preuve.model.errors import PreuveError
from preuve.system.files import whole
from preuve.system.folders import temporary_folder


@contextmanager
def snapshot_writer(destination: Path) -> Iterator[SnapshotWriter]:
    """Yield a writer of a snapshot that appears as `destination` when it is complete; after an error nothing remains.

    Raises PreuveError if `destination` exists: a snapshot is never changed.
    """
    if destination.exists():
        raise PreuveError(f"{destination} exists already", "give another folder: what is written is never changed")
    with temporary_folder(destination) as folder:
        yield SnapshotWriter(folder)


@dataclass(frozen=True)
class SnapshotWriter:
    """Writes the files of a snapshot."""

    folder: Path

    def unit(
        self, account: str, region: str, service: str, lines: Iterable[Mapping[str, Any]], provider: str = AWS
    ) -> None:
        """Write the lines that one unit read: one `service` in one region of one account, of one `provider`."""
        folder = self.folder / provider / account / region
        folder.mkdir(parents=True, exist_ok=True)
        write_lines(folder / f"{service}.jsonl", lines)

    def register(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows of the workspace's registers that were read for one type."""
        folder = self.folder / "registers"
        folder.mkdir(exist_ok=True)
        write_lines(folder / f"{name}.jsonl", lines)

    def document(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one JSON document."""
        (self.folder / name).write_text(document_text(data), encoding="utf-8")


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write a file of JSON lines, completely or not at all."""
    with whole(path) as file:
        for line in lines:
            file.write(line_text(line).encode())


def document_text(data: Mapping[str, Any]) -> str:
    """Return the canonical text of a document."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def line_text(line: Mapping[str, Any]) -> str:
    """Return the canonical text of a line."""
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
