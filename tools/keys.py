"""The keys of a file as a table, from its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.spelled import WRITTEN


def named_by(part: Mapping[str, Any]) -> str:
    """Return the name of the definition that a part refers to."""
    return str(part["$ref"]).rpartition("/")[2]


@dataclass(frozen=True)
class Table:
    """The rows of a schema. A part with a name is described at its first place; other places refer to it."""

    named: Mapping[str, Any]
    told: dict[str, str] = field(default_factory=dict)

    def rows(self, part: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
        """Yield each key below a part with its form and its meaning; `above` is the text before it."""
        for name, value in part.get("properties", {}).items():
            key, found = f"{above}{name}", self._resolved(value)
            before = next((self.told[one] for one in self._names(value) if one in self.told), "")
            form = f"as `{before}`" if before else _form(found)
            yield key, _joined(form, name in part.get("required", ()), found), found.get("description", "")
            if not before:
                self.told.update(dict.fromkeys(self._names(value), key))
                for place, inner in _below(found):
                    yield from self.rows(self._resolved(inner), f"{key}{place}.") if not _is_text(inner) else ()

    def _names(self, part: Mapping[str, Any]) -> list[str]:
        """Return the names of a part, or of what is in it, that have keys."""
        inner = (part, *(one for _, one in _below(part)))
        names = [named_by(one) for one in inner if "$ref" in one]
        return [name for name in names if "properties" in self.named[name] and name not in WRITTEN]

    def _resolved(self, part: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.named[named_by(part)], **part} if "$ref" in part else dict(part)


def _is_text(part: Mapping[str, Any]) -> bool:
    return bool(part.get("$ref") == "#/$defs/Text")


def _below(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the inner schemas of a part, each with the text for its place."""
    if _is_text(part):
        return
    if "properties" in part:
        yield "", part
    if "items" in part:
        yield "[]", part["items"]
    for one in part.get("anyOf", ()):
        if one.get("type") != "array":
            yield "", one
    if isinstance(part.get("additionalProperties"), dict):
        yield ".<name>", part["additionalProperties"]


_FORMS = {"array": "list", "object": "keys", "string": "text", "boolean": "true \\| false"}


def _form(part: Mapping[str, Any]) -> str:
    if _is_text(part):
        return "text in each language"
    if "enum" in part:
        return " \\| ".join(map(str, part["enum"]))
    if "const" in part:
        return json.dumps(part["const"])
    if "anyOf" in part:
        return " \\| ".join(_form(one) for one in part["anyOf"])
    return _FORMS.get(part["type"], "number") if "type" in part else "keys" if "$ref" in part else "any value"


def _joined(form: str, required: bool, part: Mapping[str, Any]) -> str:
    default = json.dumps(part["default"]) if "default" in part and not isinstance(part["default"], dict) else ""
    said = f"`{default}` unless set" if default and "const" not in part else ""
    return ", ".join(filter(None, (form, "required" if required else "", said)))
