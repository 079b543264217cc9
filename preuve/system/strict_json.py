"""JSON in which each object has a name only once: of two, programs read the last, and a person reads the first."""

from __future__ import annotations

import json
from sys import intern
from typing import Any


class TwiceError(ValueError):
    """An object has the same name twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object whose keys are interned: repeated keys take a third of a snapshot's memory."""
    found = {intern(name): value for name, value in pairs}
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def _apart(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        number, other = 1, name
        while other in found:
            number += 1
            other = f"{name} ({number})"
        found[other] = value
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def loads(text: str) -> Any:
    """Read a JSON document. Raises TwiceError if an object has a name twice, ValueError if it is no JSON."""
    return _DECODER.decode(text)


def loads_apart(text: str) -> Any:
    """Read a JSON document in which names may repeat: a repeated name gets a number, so that no value is lost."""
    return json.loads(text, object_pairs_hook=_apart)
