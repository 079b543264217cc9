"""The ids and ARNs in a Terraform state, by the addresses of the blocks that made them. Nothing else of it is kept.

A state holds secrets in clear. It is read in either of its forms: what `terraform show -json` writes of it, and the
file itself (`terraform.tfstate`, version 4).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from preuve.collect.code.job import Line, presentable
from preuve.system.causes import cause

MAX_BYTES = 50_000_000
_VERSION = 4


class NotAStateError(Exception):
    """Why a file is no state that can be used, in words for a gap."""


def state_line(path: Path, file: str, root: str, types: frozenset[str]) -> Line:
    """Return the line of the snapshot for a root module's state; of `types` only. Raises NotAStateError without one."""
    resources = [item for item in _resources(_read(path)) if item["type"] in types]
    ordered = sorted(resources, key=lambda item: (item["address"], item["id"], item["arn"]))
    line: Line = presentable({"kind": "state", "root": root, "file": file, "resources": ordered})
    return line


def _read(path: Path) -> Mapping[str, Any]:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise NotAStateError(f"larger than {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise NotAStateError(f"the state cannot be read: {cause(error)}") from error
    except (ValueError, RecursionError) as error:
        raise NotAStateError(
            "the state is not JSON: write it with terraform show -json or terraform state pull"
        ) from error
    if not isinstance(data, dict):
        raise NotAStateError("not a state: write it with terraform show -json or terraform state pull")
    return data


def _resources(data: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if data.get("version") == _VERSION and isinstance(data.get("resources"), list):
        yield from _of_file(data["resources"])
    elif "planned_values" in data or "configuration" in data:
        raise NotAStateError("a plan, not a state: show the state, without a file name")
    elif isinstance(data.get("format_version"), str):
        yield from _shown(data.get("values"))
    else:
        raise NotAStateError("not a state in a known version: write it with terraform show -json")


def _shown(values: Any) -> Iterator[dict[str, str]]:
    waiting = [values.get("root_module")] if isinstance(values, dict) else []
    while waiting:
        module = waiting.pop()
        if isinstance(module, dict):
            for item in _objects(module.get("resources")):
                if item.get("mode") == "managed":
                    yield from _resource(str(item.get("address", "")), item.get("type"), item.get("values"))
            waiting += _objects(module.get("child_modules"))


def _of_file(resources: Any) -> Iterator[dict[str, str]]:
    for item in _objects(resources):
        if item.get("mode") != "managed":
            continue
        module = f"{item['module']}." if item.get("module") else ""
        address = f"{module}{item.get('type')}.{item.get('name')}"
        for instance in _objects(item.get("instances")):
            if "deposed" not in instance:  # what is left of one that was replaced
                yield from _resource(f"{address}{_key(instance)}", item.get("type"), instance.get("attributes"))


def _key(instance: Mapping[str, Any]) -> str:
    key = instance.get("index_key")
    return "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"


def _resource(address: str, kind: Any, values: Any) -> Iterator[dict[str, str]]:
    if isinstance(kind, str) and isinstance(values, dict):
        known = {key: value if isinstance(value := values.get(key), str) else "" for key in ("id", "arn")}
        if any(known.values()):
            yield {"address": address, "type": kind, **known}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
