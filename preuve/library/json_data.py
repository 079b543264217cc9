"""Walks data of JSON's kinds: maps, lists, and leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def parts(value: Any) -> Iterator[Any]:
    """Yield a value and everything in its maps and lists, parents first."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, str):  # most are: to ask of each whether it is a map takes longer than all the rest
            continue
        if isinstance(item, Mapping):
            waiting += [*item.values()][::-1]
        elif isinstance(item, list):
            waiting += item[::-1]


def maps(value: Any) -> Iterator[Mapping[Any, Any]]:
    """Yield all maps in a value, parents first."""
    return (part for part in parts(value) if not isinstance(part, str) and isinstance(part, Mapping))


def leaves(value: Any) -> Iterator[Any]:
    """Yield all in a value that is neither a map nor a list."""
    return (part for part in parts(value) if not isinstance(part, Mapping | list))


def changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with each leaf replaced by the result of `change`."""
    if isinstance(value, Mapping):
        return {name: changed(item, change) for name, item in value.items()}
    return [changed(item, change) for item in value] if isinstance(value, list | tuple) else change(value)


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value, then the names of its members."""
    yield from (leaf for leaf in leaves(value) if isinstance(leaf, str))
    yield from (name for one in maps(value) for name in one if isinstance(name, str))


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether maps and lists are nested in each other more than so many levels deep."""
    inside = [value]
    for _ in range(levels):
        holding = [item for item in inside if isinstance(item, Mapping | list)]
        if not holding:
            return False
        inside = [part for item in holding for part in (item.values() if isinstance(item, Mapping) else item)]
    return any(isinstance(item, Mapping | list) for item in inside)
