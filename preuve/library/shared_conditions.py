"""Shared conditions, or parts of conditions: each `${shared.<name>}` is replaced by its text.

They are in `policies/shared.yaml`, or under `shared` of the only policy that needs them. The replacement keeps its
lines, indented like the line of the name, so that the condition reads, and is locked, like one written in full. A
defect is reported at the place of the shared text. A shared text may name others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.library.yaml.documents import Document, Path_
from preuve.model.content import Places
from preuve.model.errors import Position, Problem

FILE = "policies/shared.yaml"
SCHEMA = "policies/shared.schema.json"
_NAME = re.compile(r"\$\{shared\.([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Piece:
    """A shared text, and its place."""

    text: str
    position: Position


Pieces = Mapping[str, Piece]


def pieces(document: Document, *path: str) -> dict[str, Piece]:
    """Return the texts of a mapping."""
    data = document.data
    for key in path:
        data = data.get(key) or {}
    return {name: Piece(text, document.text_position(*path, name)) for name, text in data.items()}


def written_out(text: str, known: Pieces) -> str:
    """Return a condition with the texts in place of their names."""
    return _assembled(text, Position(""), known).text if "${shared." in text else text


def places(text: str, at: Position, known: Pieces) -> Places | None:
    """Return the origin of each part of a condition that begins at `at`; None if it uses no shared part."""
    return Places(tuple(map(tuple, _assembled(text, at, known).marks))) if "${shared." in text else None


@dataclass
class _Assembly:
    lines: list[str] = field(default_factory=lambda: [""])
    marks: list[list[tuple[int, Position]]] = field(default_factory=lambda: [[]])

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def add(self, text: str, at: Position) -> None:
        """Add text of one line, with its origin."""
        self.marks[-1].append((len(self.lines[-1]) + 1, at))
        self.lines[-1] += text

    def feed(self, indent: str = "") -> None:
        """Begin a new line."""
        self.lines.append(indent)
        self.marks.append([])


def _assembled(text: str, at: Position, known: Pieces) -> _Assembly:
    found = _Assembly()
    for number, line in enumerate(text.split("\n")):
        if number:
            found.feed()
        here = Position(at.file, at.line + number, at.column)
        _add_line(found, line, here, known, last=number == text.count("\n"))
    return found


def _add_line(
    found: _Assembly, line: str, here: Position, known: Pieces, *, indent: str = "", last: bool = False
) -> None:
    """Add a line; `indent` is the indentation of the line with the name of its text."""
    indent, done = indent + line[: len(line) - len(line.lstrip())], 0
    for match in _NAME.finditer(line):
        if match[1] not in known:
            continue
        found.add(line[done : match.start()], Position(here.file, here.line, here.column + done))
        piece, done = known[match[1]], match.end()
        whole = last and done == len(line)  # then its last line keeps its end
        others = {name: other for name, other in known.items() if name != match[1]}  # none names itself
        _add_piece(found, piece, indent, piece.text if whole else piece.text.rstrip("\n"), others)
    found.add(line[done:], Position(here.file, here.line, here.column + done))


def _add_piece(found: _Assembly, piece: Piece, indent: str, text: str, known: Pieces) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            found.feed(indent if line else "")
        here = Position(piece.position.file, piece.position.line + number, piece.position.column)
        _add_line(found, line, here, known, indent=indent)


# ---- of a policy --------------------------------------------------------------------------------------------------

LIVE = ("aws", "github")  # places of conditions on collected resources in a policy
_CONDITIONS = ("when", "assert")


def rules_of(document: Document) -> Iterator[tuple[Path_, Mapping[str, Any]]]:
    """Yield the rules of a policy, each with its path."""
    for side in LIVE:
        declared = document.data.get(side) or []
        if isinstance(declared, list):
            yield from (((side, index), rule) for index, rule in enumerate(declared))
        else:
            yield (side,), declared


def meaning(data: Mapping[str, Any], known: Pieces) -> dict[str, Any]:
    """Return a policy with the texts in place of their names."""

    def plain(rule: Mapping[str, Any]) -> dict[str, Any]:
        return {**rule, **{key: written_out(rule[key], known) for key in _CONDITIONS if key in rule}}

    rest = {key: value for key, value in data.items() if key != "shared"}
    for side in LIVE:
        if declared := rest.get(side):
            rest[side] = list(map(plain, declared)) if isinstance(declared, list) else plain(declared)
    return rest


def names(document: Document) -> Iterator[tuple[str, Position]]:
    """Yield the shared names that the conditions of a policy use, and its own shared texts, with their positions."""
    for path, rule in rules_of(document):
        for key in _CONDITIONS:
            yield from ((name, document.position(*path, key)) for name in named(rule.get(key, "")))
    for piece in pieces(document, "shared").values():
        yield from ((name, piece.position) for name in named(piece.text))


def named(text: str) -> Iterator[str]:
    """Yield the names in a text."""
    return (match[1] for match in _NAME.finditer(text))


def problems(document: Document, known: Pieces) -> Iterator[Problem]:
    """Yield unknown names, and texts of the policy that no condition names or that hide a shared one."""
    own, used = pieces(document, "shared"), set()
    for name, at in names(document):
        used.add(name)
        if name not in own and name not in known:
            yield unknown(name, at)
    for name in own:
        at = document.position("shared", name)
        if name not in used:
            yield Problem(at, f"no condition names {name}", "remove it")
        if name in known:
            yield Problem(at, f"{name} is also in {FILE}", "give one of them another name")


def unknown(name: str, at: Position) -> Problem:
    """Return the message about an unknown name."""
    return Problem(at, f"there is no shared condition {name}", f"write it in {FILE}, or under shared of the policy")
