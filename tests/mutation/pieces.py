"""Shared conditions of rules (`${shared.<name>}`), as they occur in their conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from content_copy import bundled
from mutation.mutants import HELD
from preuve.library import shared_conditions
from preuve.library.yaml.documents import load_document
from preuve.library.yaml.place import content_root

_HELD = re.compile(rf"\b{HELD}([a-z0-9_]+)")


@dataclass(frozen=True)
class Piece:
    """A text that is written once. Its lines may be indented differently where it is named."""

    name: str
    text: str

    @property
    def found(self) -> re.Pattern[str]:
        """Find the text at every place."""
        return re.compile(r"\s+".join(map(re.escape, self.text.split())))


@cache
def for_all() -> tuple[Piece, ...]:
    """Return the conditions that policies share."""
    return tuple(_pieces(content_root() / shared_conditions.FILE))


@cache
def of(policy: str) -> tuple[Piece, ...]:
    """Return the conditions that the rules of one policy share."""
    return tuple(_pieces(content_root() / bundled().policies[policy].position.file, "shared"))


def _pieces(path: Any, *at: str) -> Iterator[Piece]:
    known = shared_conditions.pieces(load_document(path, str(path)), *at)
    for_names = {
        **shared_conditions.pieces(load_document(content_root() / shared_conditions.FILE, shared_conditions.FILE)),
        **known,
    }
    for name, piece in known.items():
        others = {other: text for other, text in for_names.items() if other != name}
        yield Piece(name, shared_conditions.written_out(piece.text, others))


def held(condition: str, known: tuple[Piece, ...]) -> tuple[str, Mapping[str, str]]:
    """Return a condition with a name in place of each piece, which is not changed there, and the text of each name."""
    texts: dict[str, str] = {}
    for piece in sorted(known, key=lambda piece: -len(piece.text)):
        if found := piece.found.search(condition):
            texts[piece.name] = found[0]
            condition = piece.found.sub(f"{HELD}{piece.name}", condition)
    return condition, texts


def written(condition: str, texts: Mapping[str, str]) -> str:
    """A condition with the texts in place of their names again."""
    return _HELD.sub(lambda found: texts[found[1]], condition)


def told(change: str) -> str:
    """The names as a policy writes them."""
    return _HELD.sub(r"shared.\1", change)
