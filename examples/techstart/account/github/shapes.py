"""Fills answers with the members that GitHub's description of its API requires, so that they have its shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DESCRIPTION = Path(__file__).parents[4] / "scanners" / "github" / "openapi.json"
_EMPTY: Mapping[str, Any] = {"string": "", "boolean": False, "integer": 0, "number": 0, "array": [], "object": {}}


def filled(path: str, value: Any) -> Any:
    """The value with every member that GitHub's description requires of what the path answers."""
    for name, operation in _operations().items():
        template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(name.removeprefix("GET ")))
        template = template.replace("branches/[^/]+", "branches/.+?")
        if re.fullmatch(template, path):
            return _filled(value, operation["answer"])
    raise AssertionError(f"no operation of the description is {path}")


@cache
def _operations() -> Mapping[str, Any]:
    operations: Mapping[str, Any] = json.loads(_DESCRIPTION.read_text(encoding="utf-8"))["operations"]
    return operations


def _filled(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_filled(item, schema["items"]) for item in value]
    properties = schema.get("properties", {})
    missing = {name: _empty(properties[name]) for name in schema.get("required", ()) if name not in value}
    return {**missing, **value}


def _empty(schema: Mapping[str, Any]) -> Any:
    return None if schema.get("nullable") else _EMPTY[schema["type"]]
