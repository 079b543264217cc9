"""The schemas of files, and the tables of their keys in `docs/formats.md`, made from the types that the files are read
into.

`python -m tools.shapes` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import msgspec

from preuve.library import build
from preuve.library.company import indicators, inlets, settings, workspace
from preuve.library.yaml.place import content_root
from preuve.model.company.indicator import Indicator
from preuve.model.company.inlet import Inlet
from preuve.model.company.settings import Settings
from preuve.model.company.workspace import Attestation, Waivers
from preuve.model.content import (
    AwsCollector,
    Control,
    CrosswalkFile,
    EvidenceFile,
    Framework,
    Parameter,
    PlannedFile,
    Policy,
    PolicyParts,
    ResourceParts,
    ResourceType,
)
from preuve.model.content.control import MANUAL, ControlParts
from preuve.model.content.policy import PARAMETERS
from preuve.model.content.written_collector import GitHubCollector, RegisterEntries
from tools.keys import Table, named_by
from tools.spelled import WRITTEN

PAGE = "docs/formats.md"
_PART = "$part"  # of `forms.part`
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Shape:
    """The allowed content of one kind of file."""

    title: str  # its name in the page
    kind: Any  # a type, or a form made from one
    schema: str  # where its schema is
    parts: Mapping[type, type] = field(default_factory=dict)  # type -> keys that are written otherwise than it has them
    rules: Mapping[str, Any] = field(default_factory=dict)  # further constraints on the keys

    @property
    def marks(self) -> tuple[str, str]:
        """The texts before and after its table in the page."""
        return f"<!-- keys of {self.title}: made by `make content` -->\n", f"<!-- end of the keys of {self.title} -->\n"


SHAPES = (
    Shape("control", Control, build.CONTROL, {Control: ControlParts}, MANUAL),
    Shape("framework", Framework, build.FRAMEWORK),
    Shape("crosswalk", CrosswalkFile, build.CROSSWALK),
    Shape("evidence", EvidenceFile, build.EVIDENCE),
    Shape("planned checks", PlannedFile, build.PLANNED),
    Shape("parameters", Annotated[Mapping[str, Parameter], PARAMETERS], build.PARAMETERS),
    Shape("preuve.yaml", Settings, settings.SCHEMA),
    Shape("waivers.yaml", Waivers, workspace.WAIVERS),
    Shape("attestation", Attestation, workspace.ATTESTATION),
    Shape("inlet", Inlet, inlets.SCHEMA),
    Shape("collector", AwsCollector, build.AWS_COLLECTOR, {ResourceType: ResourceParts}),
    Shape("collector of GitHub", GitHubCollector, build.GITHUB_COLLECTOR),
    Shape("entries of registers", RegisterEntries, build.REGISTER_ENTRIES),
    Shape("indicator", Indicator, indicators.SCHEMA),
    Shape("policy", Policy, build.POLICY, {Policy: PolicyParts}, {"not": {"required": ["aws", "github"]}}),
)


def schema(shape: Shape) -> dict[str, Any]:
    """Return the JSON Schema of a file."""
    types = [shape.kind, *shape.parts.values()]
    (top, *_), parts = msgspec.json.schema_components(types, schema_hook=_hook, ref_template="#/$defs/{name}")
    named = {name: _tidy(part) for name, part in sorted(parts.items())}
    named.update(WRITTEN)
    for kind, written in shape.parts.items():
        _join(named[kind.__name__], named.pop(written.__name__))
    for part in named.values():
        part.update({"properties": _opened(part["properties"], named)} if "properties" in part else {})
    named = {name: _parted(part, named) for name, part in named.items()} | _parts(named)
    whole = named.pop(named_by(top)) if "$ref" in top else _parted(_tidy(top), named)
    used = _used(whole, named)
    said = {name: part for name, part in whole.items() if name != "title"}
    kept = {"$defs": {name: named[name] for name in sorted(used)}} if used else {}
    return {"$schema": _DIALECT, "title": shape.title, **said, **shape.rules, **kept}


def _join(whole: dict[str, Any], beside: Mapping[str, Any]) -> None:
    """Add the keys that are written in another form than they are kept in."""
    whole["properties"] |= beside["properties"]
    whole["required"] = [*whole.get("required", []), *beside.get("required", [])]


def _parted(part: Any, named: Mapping[str, Any]) -> Any:
    """Return a part that refers to the keys of a type, or of several, by their names alone."""
    if isinstance(part, list):
        return [_parted(item, named) for item in part]
    if not isinstance(part, dict):
        return part
    if _PART in part:
        return {"$ref": f"#/$defs/{part[_PART]['name']}"}
    return {name: _parted(value, named) for name, value in part.items()}


def _parts(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that are some keys of a type, or of several."""
    found = {one["name"]: one for one in _asked(list(named.values()))}
    return {name: _parted(_some(one, named), named) for name, one in found.items()}


def _asked(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict) and _PART in part:
        yield part[_PART]
    elif isinstance(part, dict | list):
        for item in part.values() if isinstance(part, dict) else part:
            yield from _asked(item)


def _some(one: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    keys = {key: named[kind]["properties"][key] for kind, some in one["keys"].items() for key in some}
    said = {name: value for name, value in one.items() if name not in ("name", "keys")}
    return {"type": "object", "additionalProperties": False, **said, "properties": keys}


def _opened(keys: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _open(value, named) for name, value in keys.items()}


def _open(part: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part with further keys, with those of its type copied into it: `additionalProperties` ignores other
    parts.
    """
    if "$ref" not in part or "additionalProperties" not in part:
        return dict(part)
    return {**named[named_by(part)], **{name: value for name, value in part.items() if name != "$ref"}}


def _hook(kind: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _used(part: Any, named: Mapping[str, Any]) -> set[str]:
    """Return the names that a part refers to, and what is below them refers to."""
    if isinstance(part, list):
        return set().union(*(_used(item, named) for item in part))
    if not isinstance(part, dict):
        return set()
    own = {named_by(part)} if "$ref" in part else set()
    below = [*part.values(), *(named[name] for name in own)]
    return own.union(*(_used(item, named) for item in below))


def _tidy(part: Any) -> Any:
    """Return a part without null, which is refused in a file, and with only the known keys."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidied = {name: _tidy(value) for name, value in part.items() if not _says_nothing(name, value)}
    if "properties" in tidied:
        required = tidied.pop("required", ())
        tidied = {"additionalProperties": False, **tidied, **_written(tidied["properties"], required)}
    if "spelled" in tidied:
        tidied["type"] = tidied.pop("spelled")
    if tidied.pop("closed", False):
        tidied["additionalProperties"] = False
    if isinstance(tidied.get("description"), str):
        tidied["description"] = " ".join(tidied["description"].split())
    if {"enum", "const"} & set(tidied):
        tidied.pop("type", None)
    if {"type": "null"} in tidied.get("anyOf", ()):
        (only,) = (item for item in tidied.pop("anyOf") if item != {"type": "null"})
        tidied |= only
    if alone := tidied.pop("alone", False):
        tidied["anyOf"] = _alone(tidied, alone)
    return tidied


def _alone(part: dict[str, Any], alone: object) -> list[Any]:
    """Return the alternatives to a list: another form, its item alone, and the list itself unless `alone` is "only"."""
    item, instead = part.pop("items"), part.pop("instead", None)
    several = {"type": part.pop("type"), "minItems": 1, "items": item}
    return [one for one in (instead, item, several) if one and not (alone == "only" and one is several)]


def _written(keys: Mapping[str, Any], required: Iterable[str]) -> dict[str, Any]:
    """Return the keys in the form of the file, without those that are added when it is read."""
    kept = {name.rstrip("_"): value for name, value in keys.items() if "added" not in value}
    named = [plain for name in required if (plain := name.rstrip("_")) in kept]
    return {"properties": kept, **({"required": named} if named else {})}


def _says_nothing(name: str, value: Any) -> bool:
    """Return whether a keyword is about the type in Python alone, or a default is made of those of its keys."""
    none = isinstance(value, dict) or value in ("", None, (), []) or (value == 0 and value is not False)
    inner = name == "default" and none
    return inner or (name == "required" and not value) or (name == "title" and isinstance(value, str))


# ---- the page -----------------------------------------------------------------------------------------------------


def reference(shape: Shape) -> str:
    """Return the table of the keys."""
    whole = schema(shape)
    named = whole.get("$defs", {})
    part, above = (whole, "") if "properties" in whole else (named[named_by(whole["additionalProperties"])], "<name>.")
    lines = [f"| `{key}` | {form} | {about} |\n" for key, form, about in Table(named).rows(part, above)]
    return "".join(["| key | form | meaning |\n", "| --- | --- | --- |\n", *lines])


def with_references(page: str) -> str:
    """Return the page with the current tables between their marks."""
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
