"""Values that are not known, in whole or in part, because something could not be read."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOT_READ = "[not read]"  # replaces unknowns in written values
_SIMPLE = frozenset({str, int, bool, float, type(None)})  # most values by far: asked first, as there are millions


@dataclass(frozen=True)
class Unknown:
    """Any value, or none: `why` are the unread items. A number may be known to be at least `least`, a text to
    be set.
    """

    why: frozenset[Hashable]
    least: int | None = None
    is_set: bool = False


@dataclass(frozen=True, eq=False)
class PartialList:
    """An incomplete list: its known elements in any order, and `why` there may be more. If the candidates are known,
    they are in `perhaps`: each of them may belong to the list, and nothing else.
    """

    known: tuple[Any, ...]
    why: frozenset[Hashable]
    perhaps: tuple[Any, ...] | None = None


def holds_unknown(value: Any) -> bool:
    """Return whether something in a value is not known."""
    if type(value) in _SIMPLE:
        return False
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    if isinstance(value, dict | Mapping):
        return any(map(holds_unknown, value.values()))
    return isinstance(value, Unknown | PartialList)


def causes_of(values: Iterable[Any]) -> frozenset[Hashable]:
    """Return the causes of all these values."""
    found: set[Hashable] = set()
    for value in values:
        if isinstance(value, Unknown):
            found |= value.why
        elif isinstance(value, PartialList):
            found |= value.why | causes_of(value.known) | causes_of(value.perhaps or ())
        elif isinstance(value, Mapping):
            found |= causes_of(value.values())
        elif isinstance(value, list):
            found |= causes_of(value)
    return frozenset(found)


def known_part(value: Any) -> Any:
    """Return the known part of a value; a list that may have more is marked."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, dict | Mapping):
        return {name: known_part(item) for name, item in value.items() if not isinstance(item, Unknown)}
    if isinstance(value, PartialList):
        return [*known_part(list(value.known)), *([] if value.perhaps == () else [NOT_READ])]
    if isinstance(value, list):
        return [known_part(item) for item in value if not isinstance(item, Unknown)]
    return value
