"""The schemas of files, and the tables of their keys in `docs/formats.md`, made from the types that they are read into.

`python -m tools.shapes` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from preuve.library import build
from preuve.library.company import inlets, settings, workspace
from preuve.library.yaml.place import content_root
from preuve.model.company.inlet import Inlet
from preuve.model.company.settings import Settings
from preuve.model.company.workspace import Attestation, Waivers
from preuve.model.content import Policy, PolicyParts, Severity

PAGE = "docs/formats.md"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Shape:
    """What one kind of file may hold."""

    title: str  # as the page calls it
    kind: type
    schema: str  # where its schema is
    parts: type | None = None  # the keys that are written otherwise than the type keeps them
    rules: Mapping[str, Any] = field(default_factory=dict)  # what else holds for the keys

    @property
    def marks(self) -> tuple[str, str]:
        """What stands before its table in the page, and behind."""
        return f"<!-- keys of {self.title}: made by `make content` -->\n", f"<!-- end of the keys of {self.title} -->\n"


SHAPES = (
    Shape("preuve.yaml", Settings, settings.SCHEMA),
    Shape("waivers.yaml", Waivers, workspace.WAIVERS),
    Shape("attestation", Attestation, workspace.ATTESTATION),
    Shape("inlet", Inlet, inlets.SCHEMA),
    Shape("policy", Policy, build.POLICY, PolicyParts, {"not": {"required": ["aws", "github"]}}),
)
_WORDS = {"type": "string", "minLength": 1}
_WRITTEN: Mapping[str, Mapping[str, Any]] = {  # how types are written that are not read by their members
    "Text": {
        "type": "object",
        "description": "A text in both languages.",
        "properties": {"en": {**_WORDS, "description": "English"}, "fr": {**_WORDS, "description": "French"}},
        "required": ["en", "fr"],
        "propertyNames": {"pattern": "^[a-z]{2}$"},
        "additionalProperties": _WORDS,
    },
    "Absence": {
        "anyOf": [
            {"enum": ["fail", "not_applicable", "pass"]},
            {
                "type": "object",
                "description": "Goes on as if this had been read.",
                "additionalProperties": False,
                "properties": {"is": {"description": "The value to go on with."}},
                "required": ["is"],
            },
        ]
    },
    "Severity": {"enum": [severity.value for severity in Severity], "description": Severity.__doc__},
}


def schema(shape: Shape) -> dict[str, Any]:
    """The JSON Schema of a file."""
    types = [item for item in (shape.kind, shape.parts) if item]
    tops, parts = msgspec.json.schema_components(types, schema_hook=_hook, ref_template="#/$defs/{name}")
    named = {name: _tidy(part) for name, part in sorted(parts.items())}
    named.update(_WRITTEN)
    whole, *beside = (named.pop(_named(top)) for top in tops)
    for part in beside:
        whole["properties"] |= {name: _open(value, named) for name, value in part["properties"].items()}
        whole["required"] += part.get("required", [])
    used = _used(whole, named)
    said = {name: part for name, part in whole.items() if name != "title"}
    kept = {"$defs": {name: named[name] for name in sorted(used)}} if used else {}
    return {"$schema": _DIALECT, "title": shape.title, **said, **shape.rules, **kept}


def _open(part: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """A part that takes further keys has those of its type beside it: `additionalProperties` sees no others."""
    if "$ref" not in part or "additionalProperties" not in part:
        return dict(part)
    return {**named[_named(part)], **{name: value for name, value in part.items() if name != "$ref"}}


def _hook(kind: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


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
        required = tidied.pop("required", ())
        tidied = {"additionalProperties": False, **tidied, **_written(tidied["properties"], required)}
    if tidied.pop("closed", False):
        tidied["additionalProperties"] = False
    if isinstance(tidied.get("description"), str):
        tidied["description"] = " ".join(tidied["description"].split())
    if {"enum", "const"} & set(tidied):
        tidied.pop("type", None)
    if {"type": "null"} in tidied.get("anyOf", ()):
        (only,) = (item for item in tidied.pop("anyOf") if item != {"type": "null"})
        tidied |= only
    if tidied.pop("alone", False):
        several = {"type": tidied.pop("type"), "minItems": 1, "items": tidied["items"]}
        tidied["anyOf"] = [tidied.pop("items"), several]
    return tidied


def _written(keys: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    """The keys that stand in a file, as they are written there, without those that are added when it is read."""
    kept = {name.rstrip("_"): value for name, value in keys.items() if "added" not in value}
    named = [plain for name in required if (plain := name.rstrip("_")) in kept]
    return {"properties": kept, **({"required": named} if named else {})}


def _says_nothing(name: str, value: Any) -> bool:
    """Whether a keyword is about the type in Python alone, or a default is made of those of its keys."""
    none = isinstance(value, dict) or value in ("", None, (), []) or (value == 0 and value is not False)
    inner = name == "default" and none
    return inner or (name == "required" and not value) or (name == "title" and isinstance(value, str))


# ---- the page -----------------------------------------------------------------------------------------------------


def reference(shape: Shape) -> str:
    """The table of the keys."""
    whole = schema(shape)
    lines = [f"| `{key}` | {form} | {about} |\n" for key, form, about in _Table(whole.get("$defs", {})).rows(whole, "")]
    return "".join(["| key | form | meaning |\n", "| --- | --- | --- |\n", *lines])


@dataclass(frozen=True)
class _Table:
    """The rows of a schema. A part with a name is told where it stands first, and elsewhere as being that."""

    named: Mapping[str, Any]
    told: dict[str, str] = field(default_factory=dict)

    def rows(self, part: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
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
        """The names of a part, or of what is in it, that have keys."""
        inner = (part, *(one for _, one in _below(part)))
        names = [_named(one) for one in inner if "$ref" in one]
        return [name for name in names if "properties" in self.named[name] and name not in _WRITTEN]

    def _resolved(self, part: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.named[_named(part)], **part} if "$ref" in part else dict(part)


def _is_text(part: Mapping[str, Any]) -> bool:
    return bool(part.get("$ref") == "#/$defs/Text")


def _below(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is in a part, each with what stands for its place."""
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
