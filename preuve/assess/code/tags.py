"""Compares the tags of a block or a resource with sets of tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.library.validation.shapes import ENVIRONMENT

_Sets = Iterable[Mapping[str, tuple[str, ...]]]
_Said = Mapping[str, str | None]
_PARAMETER = "params."  # in a set of tags: prefix of a parameter's name
GAP = "…"  # an unknown part of a value; as a name, unknown tags
_NOT = "!"


def with_values(sets: _Sets, params: Mapping[str, Any]) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return sets of tags with the values of the parameters that they name."""
    return tuple({_name(name, params): tuple(_values(items, params)) for name, items in tags.items()} for tags in sets)


def _name(tag: str, params: Mapping[str, Any]) -> str:
    name = tag.removeprefix(_PARAMETER)
    return tag if name == tag else str(params[name])


def _values(items: Iterable[str], params: Mapping[str, Any]) -> Iterator[str]:
    for item in items:
        mark = _NOT if item.startswith(_NOT) else ""
        value = item.removeprefix(mark)
        name = value.removeprefix(_PARAMETER)
        yield from (f"{mark}{one}" for one in params[name]) if name != value else (item,)


def any_set(sets: _Sets, tags: _Said | None) -> bool | None:
    """Return whether tags match one of some sets; None if too little of them is known."""
    if tags is None:
        return None
    said = _with_environment(tags)
    answers = [_has_all(item, said) for item in sets]
    return True if True in answers else None if None in answers else False


def undeclared(sets: _Sets, tags: _Said | None) -> Iterator[str]:
    """Yield the tags whose value is known but has no declared meaning."""
    for name, values in ((name, values) for item in sets for name, values in item.items()):
        value = (tags or {}).get(name)
        if value is not None and GAP not in value and _is_one_of(value, values) is None:
            yield f"{name} = {value}"


def _with_environment(tags: _Said) -> _Said:
    """Return tags with the environment under its own name, by the rule of `environment_of` for the account: a name in
    another case counts if the exact name is missing.
    """
    if tags.get(ENVIRONMENT, "") != "":
        return tags
    others = {name: value for name, value in tags.items() if name != ENVIRONMENT}
    said = (value for name, value in sorted(others.items()) if name.lower() == ENVIRONMENT.lower() and value != "")
    value = "" if GAP in tags else next(said, "")  # unknown tags may include the exact name
    return others if value == "" else {**others, ENVIRONMENT: value}


def _has_all(wanted: Mapping[str, tuple[str, ...]], tags: _Said) -> bool | None:
    unknown = False
    for name, values in wanted.items():
        answer = _is_one_of(tags[name], values) if name in tags else None if GAP in tags else False
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _is_one_of(value: str | None, values: Iterable[str]) -> bool | None:
    """Return whether the value of a tag is one of some, ignoring case and outer blanks; `…` is an unknown part.

    Values after `!` are those that mean the opposite: where both kinds are listed, the meaning of any value that is in
    neither list is unknown; where only they are, any other value is meant.
    """
    if value is None:
        return None
    pattern = ".*".join(re.escape(part.strip()) for part in value.split(GAP))  # an unknown part may be blank or empty
    refused = [item.removeprefix(_NOT) for item in values if item.startswith(_NOT)]
    admitted = [item for item in values if not item.startswith(_NOT)]
    wanted, unwanted = (any(_may_be(pattern, item) for item in items) for items in (admitted, refused))
    if refused and not admitted:
        return None if unwanted and GAP in value else not unwanted
    if GAP in value:
        return None if wanted or refused else False
    if wanted or not refused:
        return wanted
    return False if unwanted else None


def _may_be(pattern: str, item: str) -> bool:
    return re.fullmatch(pattern, item, re.IGNORECASE | re.DOTALL) is not None
