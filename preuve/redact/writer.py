"""Writes a snapshot folder: a file per unit as it completes, the whole visible only when it is whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from preuve.model.errors import PreuveError

_PREFIX = ".incomplete-"


class SnapshotWriter:
    """Writes beside the destination and renames at the end; anything else leaves no trace."""

    def __init__(self, destination: Path) -> None:
        self._destination = destination
        if destination.exists():
            raise PreuveError(f"{destination} exists already", "give another folder: what is written is never changed")
        destination.parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=destination.parent))

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.folder.chmod(0o755)
            self.folder.rename(self._destination)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def unit(self, account: str, region: str, service: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Write what one unit read."""
        folder = self.folder / "aws" / account / region
        folder.mkdir(parents=True, exist_ok=True)
        write_lines(folder / f"{service}.jsonl", lines)

    def document(self, name: str, data: Mapping[str, Any]) -> None:
        """Write one JSON document."""
        path = self.folder / name
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON lines beside the file and rename."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    beside.replace(path)


def leftovers(folder: Path) -> list[Path]:
    """Folders that a killed run left behind."""
    return sorted(folder.glob(f"{_PREFIX}*")) if folder.is_dir() else []
