"""Writes `scanners/iac/attributes.json`: of what kind Terraform's AWS provider says each argument is.

Run by hand for a newer provider: `npm pack @cdktf/provider-aws`, unpack it, and give this file its `package/.jsii` and
the file to write. That package declares each argument with its type, made from the provider's own schema.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_RESOURCE = re.compile(r"hashicorp/aws/([\d.]+)/docs/resources/\S+ (aws_\w+)\}")
_ARGUMENT = re.compile(r"\{@link \S+#\w+ \w+#(\w+)\}")
_KINDS = {"boolean": "bool", "number": "number", "string": "string"}
# Texts in the schema that the provider reads as booleans (`TypeNullableBool` in its source).
_NULLABLE = {
    "aws_elasticache_cluster": {"auto_minor_version_upgrade"},
    "aws_elasticache_replication_group": {"at_rest_encryption_enabled", "auto_minor_version_upgrade"},
    "aws_launch_template": {
        *("associate_carrier_ip_address", "associate_public_ip_address", "delete_on_termination", "ebs_optimized"),
        *("encrypted", "primary_ipv6"),
    },
    "aws_lb_target_group": {"preserve_client_ip"},
    "aws_redshift_cluster": {"encrypted"},
}


def kinds(types: Mapping[str, Any], declared: Mapping[str, Any], path: str, above: tuple[str, ...]) -> Iterator[Any]:
    """The paths below a declared type, each with its kind."""
    if "union" in declared:  # with a token of the toolkit
        declared = next(one for one in declared["union"]["types"] if one.get("fqn") != "cdktf.IResolvable")
    if "collection" in declared:
        inner = declared["collection"]["elementtype"]
        if declared["collection"]["kind"] == "map":
            yield path, "map" if inner.get("primitive") == "string" else ""
        else:
            yield from kinds(types, inner, path, above)
    elif "primitive" in declared:
        yield path, _KINDS.get(declared["primitive"], "")
    elif (name := declared["fqn"]) in types and name not in above:
        for member in types[name].get("properties", ()):
            if written := _ARGUMENT.search(json.dumps(member.get("docs", {}))):
                yield from kinds(types, member["type"], f"{path}.{written[1]}".lstrip("."), (*above, name))


def table(paths: Mapping[str, str]) -> dict[str, str]:
    """Return the names of each type; paths if one name has several types."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for path, kind in paths.items():
        by_name[path.rpartition(".")[2]].add(kind)
    found: dict[str, set[str]] = defaultdict(set)
    for path, kind in paths.items():
        name = path.rpartition(".")[2]
        if kind:
            found[kind].add(name if len(by_name[name]) == 1 else f".{path}")
    return {kind: " ".join(sorted(names)) for kind, names in sorted(found.items())}


def main(source: Path, target: Path) -> None:
    """Write the table."""
    types = json.loads(source.read_text("utf-8"))["types"]
    found: dict[str, dict[str, str]] = {}
    version = ""
    for declared in types.values():
        if match := _RESOURCE.search(declared.get("docs", {}).get("summary", "")):
            version = match[1]
            config = next(one for one in declared["initializer"]["parameters"] if one["name"] == "config")
            paths = dict(kinds(types, config["type"], "", ()))
            nullable = {path: "nullable" for path in paths if path.rpartition(".")[2] in _NULLABLE.get(match[2], ())}
            found[match[2]] = table(paths | nullable)
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(found[name])}" for name in sorted(found))
    target.write_text(f'{{"provider": "hashicorp/aws {version}", "resources": {{\n{rows}\n}}}}\n', "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
