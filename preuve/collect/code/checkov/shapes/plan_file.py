"""Reads the JSON of a Terraform plan and marks unknown and sensitive values for checks.

Does not use Checkov. For each argument, a plan states whether it is known only after the apply, and whether it is
sensitive. It also has values as unknown that no code sets and AWS chooses; so only arguments that the code sets are
marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.collect.code.language.values.value import Unknown
from preuve.collect.code.verdict.marks import marked
from preuve.collect.code.verdict.tags import tag_texts
from preuve.system.causes import cause

WORDS = ("known after apply", "a sensitive value")
UNKNOWN_VALUE, SENSITIVE_VALUE = (marked(Unknown((words,))) for words in WORDS)

MAX_BYTES = 50_000_000
_INDEX = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


class NotAPlanError(Exception):
    """Why a file is no plan that can be used, in words for a gap."""


@dataclass(frozen=True)
class PlanFile:
    """A plan as it was read. `data` is changed by `mark`."""

    data: dict[str, Any]

    @property
    def variables(self) -> dict[str, Any]:
        """The values of the root's variables, without sensitive ones."""
        declared = _at(self.data, "configuration", "root_module", "variables")
        return {
            name: item["value"]
            for name, item in _at(self.data, "variables").items()
            if isinstance(item, dict) and "value" in item and not _at(declared, name).get("sensitive")
        }

    @property
    def blocks(self) -> dict[str, dict[str, Any]]:
        """The resource blocks of the code that the plan was made of, by address without indexes."""
        return dict(_blocks(_at(self.data, "configuration", "root_module"), ""))

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The planned instances of resources, those of modules too."""
        return list(_resources(_at(self.data, "planned_values", "root_module")))


def read_plan(path: Path) -> PlanFile:
    """Return the plan in a file. Raises NotAPlanError if there is none that can be used."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise NotAPlanError(f"larger than {MAX_BYTES} bytes")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise NotAPlanError(f"cannot be read: {cause(error)}") from error
    except (ValueError, RecursionError) as error:
        raise NotAPlanError("not JSON: write it with terraform show -json") from error
    if not isinstance(data, dict) or not str(data.get("format_version", "")).startswith("1."):
        raise NotAPlanError("not a plan in format 1: write it with terraform show -json")
    if not isinstance(data.get("planned_values"), dict) or not isinstance(data.get("configuration"), dict):
        raise NotAPlanError("a state, not a plan: show the file that terraform plan -out wrote")
    if data.get("errored") is True or data.get("complete") is False:
        raise NotAPlanError("the plan is not complete: it failed, or was made with -target")
    return PlanFile(data)


def plain(address: str) -> str:
    """Return the address of a block: without the indexes of its instances."""
    return _INDEX.sub("", address)


def mark(plan: PlanFile, written: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Mark the unknown and sensitive planned values; `written` are the arguments that code sets, by block.

    Returns the arguments that were marked, by address.
    """
    marked: dict[str, frozenset[str]] = {}
    unknown = {
        str(item.get("address")): _at(item, "change", "after_unknown")
        for item in plan.data.get("resource_changes") or ()
        if isinstance(item, dict)
    }
    blocks, providers = plan.blocks, _at(plan.data, "configuration", "provider_config")
    for resource in plan.resources:
        address = str(resource.get("address"))
        block = blocks.get(plain(address), {})
        values = resource["values"] = dict(_at(resource, "values"))
        own = frozenset(_at(block, "expressions")) | written.get(plain(address), frozenset())
        code_known = plain(address) in written or bool(block)
        hidden = {
            key: item for key, item in unknown.get(address, {}).items() if item and (key in own or not code_known)
        }
        secret = _at(resource, "sensitive_values")
        _mark(values, hidden, UNKNOWN_VALUE)
        _mark(values, secret, SENSITIVE_VALUE)
        marked[address] = frozenset([*hidden, *secret])
        _complete(values, _at(providers, str(block.get("provider_config_key"))), plan)
        resource["values"] = _without_nulls(values)
    return marked


def _complete(values: dict[str, Any], provider: Mapping[str, Any], plan: PlanFile) -> None:
    """Add the provider's settings: default tags and the region. Tags are strings."""
    if isinstance(values.get("tags_all"), dict):
        values["tags"] = values["tags_all"]
    if "tags" in values:
        values["tags"] = tag_texts(values["tags"])
    region = _at(provider, "expressions", "region")
    if values.get("region") is None and region:
        references = region.get("references") or [""]
        variable = str(references[0]).removeprefix("var.")
        known = region.get("constant_value", plan.variables.get(variable))
        values["region"] = known if isinstance(known, str) else UNKNOWN_VALUE


def _mark(value: dict[str, Any], hidden: Mapping[str, Any], text: str) -> None:
    for key, item in hidden.items():
        value[key] = _marked(value.get(key), item, text)


def _marked(value: Any, hidden: Any, text: str) -> Any:
    if hidden is True:
        return text
    if isinstance(hidden, dict) and hidden:
        result = dict(value) if isinstance(value, dict) else {}
        _mark(result, hidden, text)
        return result
    if isinstance(hidden, list) and hidden:
        items = list(value) if isinstance(value, list) else []
        items += [None] * (len(hidden) - len(items))
        return [_marked(item, part, text) for item, part in zip(items, hidden, strict=False)] + items[len(hidden) :]
    return value


def _without_nulls(value: Any) -> Any:
    """Remove nulls: a plan writes null for an argument that is not set."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [module]
    while waiting:
        here = waiting.pop()
        yield from (item for item in here.get("resources") or () if item.get("mode") == "managed")
        waiting.extend(here.get("child_modules") or ())


def _blocks(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    waiting = [(module, prefix)]
    while waiting:
        here, prefix = waiting.pop()
        for item in here.get("resources") or ():
            if item.get("mode") == "managed":
                yield f"{prefix}{item.get('address')}", item
        for name, call in _at(here, "module_calls").items():
            waiting.append((_at(call, "module"), f"{prefix}module.{name}."))


def _at(data: Any, *path: str) -> dict[str, Any]:
    """Return the object at a path, empty if there is none."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
