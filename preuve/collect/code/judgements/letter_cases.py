"""Names that a reader compares without regard to case, as Go does in JSON: `PRIVILEGED` is `privileged`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.judgements.bodies import leaves
from preuve.library.json_data import maps

_PATHS = ("at", "some", "each")


def folded(value: Any, condition: Any) -> Any:
    """Spell the names in a value as a condition does, ignoring case; duplicate names are merged."""
    return _folded(value, {name.casefold(): name for name in _names(condition)})


def _names(condition: Any) -> Iterator[str]:
    for part in maps(condition):
        for form in _PATHS:
            yield from str(part.get(form, "")).split(".")


def _folded(value: Any, spelt: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_folded(item, spelt) for item in value]
    if not isinstance(value, Mapping):
        return value
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = spelt.get(str(key).casefold(), key)
        inner = _folded(item, spelt)
        found[name] = _both(found[name], inner) if name in found else inner
    return found


def _both(one: Any, other: Any) -> Any:
    """Merge two values of one name. Go merges objects, and otherwise takes the last value that is not null.

    Here every value counts: a condition must hold for each.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {**one, **{key: _both(one[key], item) if key in one else item for key, item in other.items()}}
    return [item for item in (*leaves(one), *leaves(other)) if item is not None]
