"""Generated files with lines about one item each: `["name", hash of the sources, …]`.

Git merges two branches by keeping the lines of both (`merge=union` in `.gitattributes`). A line is valid while its
sources are unchanged, whatever other lines the item has. An item without a valid line is computed again, which costs
only time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

_START = b'["'  # of a line, before the name


class Lines:
    """The lines of a file by item. Each is parsed on first use: parsed, all of them take three times the memory."""

    def __init__(self, path: Path) -> None:
        self._known: dict[str, list[bytes]] = {}
        for line in path.read_bytes().splitlines() if path.is_file() else ():
            if line.startswith(_START):
                name = line[len(_START) : line.index(b'"', len(_START))].decode()
                self._known.setdefault(name, []).append(line)

    def of(self, name: str) -> Iterator[list[Any]]:
        """Yield the contents of an item's lines, without its name."""
        return (msgspec.json.decode(line)[1:] for line in self._known.get(name, ()))

    def has(self, name: str, line: str) -> bool:
        """Return whether an item has this line."""
        return line.encode() in self._known.get(name, ())

    def merged(self, name: str) -> bool:
        """Return whether two branches have written lines for an item, so that neither line may match its present
        sources.
        """
        return len(self._known.get(name, ())) > 1


def line_of(*entry: Any) -> str:
    """Return the line of an item, its name first."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, lines: Iterable[str]) -> Path:
    """Write a file of these lines."""
    path.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    return path
