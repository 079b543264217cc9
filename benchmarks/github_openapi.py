"""Writes `scanners/github/openapi.json`: of GitHub's description of its REST API, the operations that collectors call.

Run it when a collector calls another operation, or each year, on the package that npm knows as @octokit/openapi:

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
    python benchmarks/github_openapi.py package
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).resolve().parents[1] / "scanners" / "github"
_DROPPED = re.compile(
    r"url|.*_url|.*node_id|_links|description|summary|references|identifiers|epss|cvss.*|cwes|vulnerabilities|body"
    r"|gravatar_id|permissions|license|code_of_conduct|custom_properties|topics|temp_clone_token|email|blog|key|plan"
)
_KEPT = re.compile(r"html_url")
_DEEPEST = 5
_SOURCE = "https://github.com/github/rest-api-description, as the npm package @octokit/openapi {version} has it"
Schema = Mapping[str, Any]


def main(package: Path) -> None:
    """Read the package, write the operations."""
    described = json.loads((package / "generated" / "api.github.com.json").read_text(encoding="utf-8"))
    licence = (package / "LICENSE").read_text(encoding="utf-8")
    operations = {name: _Operation(described, name).trimmed() for name in sorted(set(_called()))}
    data = {
        "source": _SOURCE.format(version=described["info"]["version"]),
        "taken": datetime.now(UTC).date().isoformat(),
        "api_version": "2022-11-28",
        "license": licence.strip().splitlines(),
        "operations": operations,
    }
    (_HERE / "openapi.json").write_text(_written(data), encoding="utf-8")


def _written(data: dict[str, Any]) -> str:
    """JSON with a line for each operation: bundles keep the file."""
    described = [f" {json.dumps(name)}: {_line(one)}" for name, one in sorted(data["operations"].items())]
    whole = {name: value for name, value in data.items() if name != "operations"}
    rest = [f"{json.dumps(name)}: {_line(value)}" for name, value in sorted(whole.items())]
    operations = ",\n".join(described)
    return ",\n".join(["{" + rest[0], *rest[1:], f'"operations": {{\n{operations}\n}}}}']) + "\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _called() -> Iterator[str]:
    for path in sorted(_HERE.glob("*.yaml")):
        yield from _in(yaml.safe_load(path.read_text(encoding="utf-8")))


def _in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("call"), str):
            yield value["call"]
        value = list(value.values())
    for item in value if isinstance(value, list) else ():
        yield from _in(item)


class _Operation:
    """One operation, with every reference followed and every composition worked out."""

    def __init__(self, described: Mapping[str, Any], name: str) -> None:
        method, path = name.split(" ", 1)
        self._described = described
        self._found = described["paths"][path][method.lower()]

    def trimmed(self) -> Mapping[str, Any]:
        """Its parameters, and the schema of its answer."""
        parameters = [self._followed(item) for item in self._found["parameters"]]
        answer = self._found["responses"]["200"]["content"]["application/json"]["schema"]
        return {
            "parameters": {item["name"]: self._parameter(item) for item in parameters},
            "answer": self._schema(answer, 0),
        }

    def _parameter(self, item: Schema) -> Schema:
        enum = self._followed(item["schema"]).get("enum")
        return {"in": item["in"], "required": item.get("required", False), **({"enum": enum} if enum else {})}

    def _followed(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found = self._described
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _schema(self, schema: Schema, depth: int) -> Schema:
        schema = self._composed(self._followed(schema))
        kind = schema.get("type")
        told = {"nullable": True} if schema.get("nullable") else {}
        if kind == "array":
            return {"type": "array", "items": self._schema(schema["items"], depth + 1), **told}
        if "properties" in schema:
            return {**self._object(schema, depth), **told}
        if kind in ("string", "boolean", "integer", "number"):
            enum = {"enum": [value for value in schema["enum"] if value is not None]} if "enum" in schema else {}
            return {"type": kind, **enum, **told}
        return {}

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        names = [name for name in schema["properties"] if _KEPT.fullmatch(name) or not _DROPPED.fullmatch(name)]
        if depth > _DEEPEST:
            names = []
        if depth > 1 and "login" in schema["properties"]:  # somebody: a collector that wants to know whom, lists them
            names = [name for name in names if name == "type"]
        properties = {name: self._schema(schema["properties"][name], depth + 1) for name in names}
        required = sorted(set(schema.get("required", ())) & set(names))
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}

    def _composed(self, schema: Schema) -> Schema:
        """The union of what a composition may be: what all have is required, and a value is one of any."""
        for word in ("allOf", "oneOf", "anyOf"):
            if word in schema:
                parts = [self._composed(self._followed(part)) for part in schema[word]]
                return _merged(parts, every=word == "allOf")
        return schema


def _merged(parts: list[Schema], *, every: bool) -> Schema:
    if not all("properties" in part for part in parts):
        return parts[0] if len(parts) == 1 else {}
    properties: dict[str, Any] = {}
    for part in parts:
        for name, schema in part["properties"].items():
            properties[name] = _either(properties[name], schema) if name in properties else schema
    required = [set(part.get("required", ())) for part in parts]
    together = set.union(*required) if every else set.intersection(*required)
    return {"type": "object", "properties": properties, "required": sorted(together)}


def _either(one: Schema, other: Schema) -> Schema:
    if one == other:
        return one
    if "enum" in one and "enum" in other:
        return {**one, "enum": [*one["enum"], *(value for value in other["enum"] if value not in one["enum"])]}
    if "properties" in one and "properties" in other:
        return _merged([one, other], every=False)
    return one if one.get("type") == other.get("type") and "$ref" not in one and "$ref" not in other else {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
