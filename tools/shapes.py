"""The schemas of files, and the tables of their keys in `docs/formats.md`, made from the types that they are read into.

`python -m tools.shapes` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec

from preuve.library.company import settings, workspace
from preuve.library.yaml.place import content_root
from preuve.model.company.settings import Settings
from preuve.model.company.workspace import Attestation, Waivers
from preuve.model.content import Severity

PAGE = "docs/formats.md"
_ENUMS: tuple[type[Enum], ...] = (Severity,)  # of which msgspec sorts the words
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Shape:
    """What one kind of file may hold."""

    title: str  # as the page calls it
    type: type
    schema: str  # where its schema is

    @property
    def marks(self) -> tuple[str, str]:
        """What stands before its table in the page, and behind."""
        return f"<!-- keys of {self.title}: made by `make content` -->\n", f"<!-- end of the keys of {self.title} -->\n"


SHAPES = (
    Shape("preuve.yaml", Settings, settings.SCHEMA),
    Shape("waivers.yaml", Waivers, workspace.WAIVERS),
    Shape("attestation", Attestation, workspace.ATTESTATION),
)


def schema(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of a file."""
    (top,), parts = msgspec.json.schema_components([shape.type], ref_template="#/$defs/{name}")
    named = {name: _tidy(part) for name, part in sorted(parts.items())}
    for enum in _ENUMS:
        if enum.__name__ in named:
            named[enum.__name__]["enum"] = [member.value for member in enum]
    whole = named.pop(_named(top))
    used = _used(whole, named)
    said = {name: part for name, part in whole.items() if name != "title"}
    kept = {"$defs": {name: part for name, part in named.items() if name in used}} if used else {}
    return {"$schema": _DIALECT, "title": shape.title, **said, **kept}


def _named(part: Mapping[str, Any]) -> str:
    return str(part["$ref"]).rpartition("/")[2]


def _used(part: Any, named: Mapping[str, Any]) -> set[str]:
    """The names that a part refers to, and what is below them refers to."""
    if isinstance(part, list):
        return set().union(*(_used(item, named) for item in part))
    if not isinstance(part, dict):
        return set()
    own = {_named(part)} if "$ref" in part else set()
    below = [*part.values(), *(named[name] for name in own)]
    return own.union(*(_used(item, named) for item in below))


def _tidy(part: Any) -> Any:
    """A part without null, which is refused in a file, and with no key but those that are known."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidied = {name: _tidy(value) for name, value in part.items() if not _says_nothing(name, value)}
    if "properties" in tidied:
        tidied |= _written(tidied) | {"additionalProperties": False}
    if {"enum", "const"} & set(tidied):
        tidied.pop("type", None)
    if "anyOf" in tidied:
        (only,) = (item for item in tidied.pop("anyOf") if item != {"type": "null"})
        tidied |= only
    return tidied


def _written(part: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that stand in a file, without those that are added when it is read."""
    kept = {name: value for name, value in part["properties"].items() if "added" not in value}
    required = [name for name in part.get("required", ()) if name in kept]
    return {"properties": kept, **({"required": required} if required else {})}


def _says_nothing(name: str, value: Any) -> bool:
    """Whether a keyword is about the type in Python alone, or a default is made of those of its keys."""
    inner = name == "default" and (isinstance(value, dict) or value in ("", None, (), []))
    return inner or (name == "required" and not value) or (name == "title" and isinstance(value, str))


# ---- the page -----------------------------------------------------------------------------------------------------


def reference(shape: Shape) -> str:
    """The table of the keys."""
    whole = schema(shape)
    lines = [f"| `{key}` | {form} | {about} |\n" for key, form, about in _rows(whole, whole.get("$defs", {}), "")]
    return "".join(["| key | form | meaning |\n", "| --- | --- | --- |\n", *lines])


def _rows(part: Mapping[str, Any], named: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
    for name, value in part.get("properties", {}).items():
        key, below = f"{above}{name}", _resolved(value, named)
        yield key, _form(below, required=name in part.get("required", ())), below.get("description", "")
        yield from _rows(below, named, f"{key}.")
        yield from _rows(_resolved(below.get("items", {}), named), named, f"{key}[].")


def _resolved(part: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    return {**named[_named(part)], **part} if "$ref" in part else dict(part)


def _form(part: Mapping[str, Any], *, required: bool) -> str:
    if "enum" in part:
        kind = " \\| ".join(map(str, part["enum"]))
    elif "const" in part:
        kind = str(part["const"])
    else:
        kind = {"array": "list", "object": "keys", "string": "text", "boolean": "true \\| false"}.get(
            part["type"], "number"
        )
    default = json.dumps(part["default"]) if "default" in part and not isinstance(part["default"], dict) else ""
    return ", ".join(filter(None, (kind, "required" if required else "", default and f"`{default}` unless set")))


def with_references(page: str) -> str:
    """The page with the tables of today between their marks."""
    for shape in SHAPES:
        begin, end = shape.marks
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n{reference(shape)}\n{end}{after}"
    return page


def main() -> None:
    """Write all of them."""
    root = content_root()
    for shape in SHAPES:
        text = json.dumps(schema(shape), indent=2, ensure_ascii=False)
        Path(root, shape.schema).write_text(f"{text}\n", encoding="utf-8")
    page = Path(root, PAGE)
    page.write_text(with_references(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
