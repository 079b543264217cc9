"""The unknown values of a block that a check may have read: only these can have changed its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.verdict.marks import OPEN, is_marked

_MAKERS = "dynamic"  # the key of blocks whose number is not known


@dataclass
class Reads:
    """The unknown values that a check may have read: leaves by their path, and kinds of blocks that may exist."""

    leaves: set[tuple[tuple[str, ...], str]] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def read_of(value: Any, path: tuple[str, ...] = ()) -> Reads:
    """Return the reads of a check that read all of a value."""
    reads = Reads()
    _note(value, reads, path)
    return reads


def without_makers(value: Any) -> Any:
    """Return a body without the placeholders for blocks that may exist, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_makers(item) for key, item in value.items() if key not in (_MAKERS, OPEN)}
    return list(map(without_makers, value)) if isinstance(value, list) else value


def labels(body: Any) -> frozenset[str]:
    """Return the kinds of blocks that a body may contain an unknown number of times."""
    makers = body.get(_MAKERS) if isinstance(body, Mapping) else None
    found = makers if isinstance(makers, list) else [makers]
    return frozenset(str(label) for maker in found if isinstance(maker, Mapping) for label in maker)


def _note(value: Any, reads: Reads, path: tuple[str, ...]) -> None:
    if isinstance(value, str):
        if is_marked(value):
            reads.leaves.add((path, value))
    elif isinstance(value, Mapping):
        reads.open |= labels(value)
        for key, item in value.items():
            if key != _MAKERS:
                _note(item, reads, (*path, str(key)))
    elif isinstance(value, list | tuple | set):
        for item in value:
            _note(item, reads, path)
