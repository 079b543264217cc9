"""The values that made a check fail, and the variables that they come from: short, and without names and secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from preuve.redact.redactor import nameless
from preuve.redact.secrets import in_map

NOT_SET = ""  # the value of an attribute that is not there
_MOST, _LONGEST = 8, 120
_STEPS = re.compile(r"[/.]")
_INDEX = re.compile(r"\[?(\d+)\]?")
_SEARCH = re.compile(r"[*?$@]")
_NO_ATTRIBUTES = frozenset({"resource_type", "block_type_"})  # Checkov's own words for what a block is
_ORIGINS = {"variable": "var.", "locals": "local.", "module": "module.", "output": "output.", "data": "data."}


def decided(attributes: Any, keys: Iterable[str]) -> dict[str, str]:
    """The values at these keys, as JSON; NOT_SET where there is none. A search (`a.*.b`, JSONPath) names no value."""
    told = (key for key in keys if key not in _NO_ATTRIBUTES and not _SEARCH.search(key))
    named = {_name(key): _at(attributes, list(_steps(key))) for key in told}
    return {name: _text(name, value) for name, value in sorted(named.items())[:_MOST]}


def origin(breadcrumbs: Any, name: str) -> str:
    """Where a value comes from, the nearest first: `var.encrypted ← module.disk`; "" where it stands."""
    found = breadcrumbs.get(re.split(r"[.\[]", name, maxsplit=1)[0]) if isinstance(breadcrumbs, Mapping) else None
    steps = [step for step in found if isinstance(step, Mapping)] if isinstance(found, list) else []
    names = [f"{_ORIGINS[step['type']]}{step.get('name')}" for step in reversed(steps) if step.get("type") in _ORIGINS]
    return " ← ".join(dict.fromkeys(names))


def _steps(key: str) -> Iterator[str]:
    return (step for step in _STEPS.split(key.removeprefix("Properties/")) if step)


def _name(key: str) -> str:
    """A key as Terraform writes it: `ingress[0].cidr_blocks`."""
    text = ""
    for step in _steps(key):
        index = _INDEX.fullmatch(step)
        text += f"[{index[1]}]" if index else f".{step}" if text else step
    return text


def _at(value: Any, steps: list[str]) -> Any:
    for step in steps:
        index = _INDEX.fullmatch(step)
        if isinstance(value, list) and not index and len(value) == 1:
            value = value[0]  # Checkov wraps a block into a list
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and index and int(index[1]) < len(value):
            value = value[int(index[1])]
        else:
            return None
    return value


def _text(name: str, value: Any) -> str:
    while (
        isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping | list | str | bool | int | float)
    ):
        value = value[0]
    if value is None or value == []:
        return NOT_SET
    if found := in_map({name: value if isinstance(value, str) else ""}):
        return f"[removed: {found[0]['Detector']}]"
    text = nameless(json.dumps(_plain(value), ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(value: Any) -> Any:
    """Without the places that Checkov adds to what it parsed."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items() if not str(key).startswith("__")}
    return [_plain(item) for item in value] if isinstance(value, list | tuple | set) else value
