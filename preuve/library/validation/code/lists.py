"""Lists that a rule for code defines once, under `lists`: the item `${lists.<name>}` is replaced by all items of the
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preuve.library.yaml.documents import Document, Path_
from preuve.model.errors import Problem

_NAMED = re.compile(r"\$\{lists\.([a-z][a-z0-9_]*)\}")
_Lists = Mapping[str, list[Any]]


def written_out(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the rule with the lists in place of their names."""
    lists = data.get("lists")
    return {key: _written(value, lists) for key, value in data.items() if key != "lists"} if lists else data


def _written(value: Any, lists: _Lists) -> Any:
    if isinstance(value, dict):
        return {key: _written(item, lists) for key, item in value.items()}
    if isinstance(value, list):
        return [item for part in value for item in lists.get(_name(part), [_written(part, lists)])]
    return value


def _name(value: Any) -> str:
    match = _NAMED.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else ""


def problems(document: Document) -> Iterator[Problem]:
    """Yield names of unknown lists, names in a place where no item may be, and lists that no item names."""
    lists, used = document.data.get("lists") or {}, set()
    for path, value in _texts(document.data, ()):
        if "${lists." in value:
            used.add(_name(value))
            if _name(value) not in lists or not isinstance(path[-1], int):
                hint = "declare it under lists, and name it as an item of its own"
                yield Problem(document.position(*path), f"{value!r} is not read", hint)
    for name in sorted(set(lists) - used):
        yield Problem(document.position("lists", name), f"the list {name} is not used", "remove it")


def _texts(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*path, key))
