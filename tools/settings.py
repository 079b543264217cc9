"""The schema of preuve.yaml, and the table of its keys in `docs/formats.md`, made from `preuve.model.company.settings`.

`python -m tools.settings` writes both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from preuve.library.company.settings import SCHEMA
from preuve.library.yaml.place import content_root
from preuve.model.company.settings import Settings
from preuve.model.content import Severity

PAGE = "docs/formats.md"
BEGIN, END = "<!-- keys of preuve.yaml: made by `make content` -->\n", "<!-- end of the keys -->\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of preuve.yaml."""
    (top,), parts = msgspec.json.schema_components([Settings], ref_template="#/$defs/{name}")
    named = {name: _tidy(part) for name, part in sorted(parts.items())}
    named["Severity"]["enum"] = [severity.value for severity in Severity]
    whole = named.pop(str(top["$ref"]).rpartition("/")[2])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "preuve.yaml"}
    return {**head, **{name: part for name, part in whole.items() if name != "title"}, "$defs": named}


def _tidy(part: Any) -> Any:
    """A part without null, which is refused in a file, and with no key but those that are known."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidied = {name: _tidy(value) for name, value in part.items() if not _says_nothing(name, value)}
    if "properties" in tidied:
        tidied["additionalProperties"] = False
    if {"enum", "const"} & set(tidied):
        tidied.pop("type", None)
    if "anyOf" in tidied:
        (only,) = (item for item in tidied.pop("anyOf") if item != {"type": "null"})
        tidied |= only
    return tidied


def _says_nothing(name: str, value: Any) -> bool:
    """Whether a keyword is about the type in Python alone, or a default is made of those of its keys."""
    inner = name == "default" and (isinstance(value, dict) or value in ("", None, (), []))
    return inner or (name == "required" and not value) or (name == "title" and isinstance(value, str))


def reference() -> str:
    """The table of the keys."""
    whole = schema()
    lines = [f"| `{key}` | {form} | {about} |\n" for key, form, about in _rows(whole, whole["$defs"], "")]
    return "".join(["| key | form | meaning |\n", "| --- | --- | --- |\n", *lines])


def _rows(part: Mapping[str, Any], named: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
    for name, value in part.get("properties", {}).items():
        key, below = f"{above}{name}", _resolved(value, named)
        yield key, _form(below, required=name in part.get("required", ())), below.get("description", "")
        yield from _rows(below, named, f"{key}.")
        yield from _rows(_resolved(below.get("items", {}), named), named, f"{key}[].")


def _resolved(part: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return dict(part)
    return {**named[part["$ref"].rpartition("/")[2]], **part}


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


def main() -> None:
    """Write both."""
    root = content_root()
    text = json.dumps(schema(), indent=2, ensure_ascii=False)
    Path(root, SCHEMA).write_text(f"{text}\n", encoding="utf-8")
    page = Path(root, PAGE)
    page.write_text(with_reference(page.read_text(encoding="utf-8")), encoding="utf-8")


def with_reference(page: str) -> str:
    """The page with the table of today between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


if __name__ == "__main__":
    main()
