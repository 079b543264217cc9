"""The conditions of a graph check of Checkov, and the types of resources that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

_TYPE = "resource_type"
_OF_ANY = frozenset({"region", "region_of_provider", "tags", "tags_all"})  # what any resource has


def types_of(check: Any, whole: Collection[str] = ()) -> set[str]:
    """Return the types of resources that a graph check mentions, including those that it looks for as neighbours.

    A check that only reads what any resource has, its region and its tags, counts for no type except those that are
    `whole`: there is nothing more to check on these.
    """
    parts = list(conditions(check))
    asks = [part for part in parts if part.attribute != _TYPE]
    named = set[str]().union(*map(_types_named, parts)) if not all(map(_is_of_any, asks)) else set[str]()
    return named.union(kind for part in parts for kind in part.resource_types or () if kind in whole)


def conditions(check: Any) -> Iterator[Any]:
    """Yield the conditions that a graph check joins by `and`, `or` and `not`: on attributes, types and connections."""
    yield from (inner for part in check.sub_checks for inner in conditions(part))
    if not check.sub_checks:
        yield check


def on_attributes(check: Any) -> Iterator[Any]:
    """Yield the conditions on attributes of blocks."""
    return (one for one in conditions(check) if one.attribute and one.attribute != _TYPE)


def _is_of_any(condition: Any) -> bool:
    """Return whether a condition reads only what any resource has."""
    return bool(condition.attribute) and str(condition.attribute).split(".")[0] in _OF_ANY


def _types_named(condition: Any) -> set[str]:
    filtered = condition.attribute_value if condition.attribute == _TYPE else ()
    named = [filtered] if isinstance(filtered, str) else filtered or ()
    own = () if _is_of_any(condition) else condition.resource_types or ()
    return {str(kind) for kind in (*own, *(condition.connected_resources_types or ()), *named)}
