"""The tags of a block, as far as they can be read without a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from preuve.collect.code.verdict.marks import is_marked, with_gaps
from preuve.collect.code.verdict.verdict import dynamic_blocks

Tags = Mapping[str, str | None]  # None where nothing of a value is known, `…` in it for a part that is not


def tags_of(attributes: Mapping[str, Any]) -> Tags | None:
    """Return the tags of a Terraform or CloudFormation block; None if not even their names are known."""
    named = next((name for name in ("tags", "Tags") if name in attributes), "")
    value = attributes[named] if named else _of_blocks(attributes)
    if isinstance(value, list) and len(value) == 1 and not _is_pair(value[0]):
        value = value[0]  # Checkov keeps each attribute of a Terraform block in a list
    if value is None or value == []:
        return {}
    if isinstance(value, list) and all(_is_pair(item) for item in value):
        value = {item["Key"]: item.get("Value") for item in value}
    if not isinstance(value, Mapping) or any(is_marked(name) for name in value):
        return None
    return {str(name): _known(item) for name, item in value.items() if not str(name).startswith("__")}


def _of_blocks(attributes: Mapping[str, Any]) -> Any:
    """Return the tags of an Auto Scaling group, which has a block for each: `tag { key = … value = … }`."""
    if dynamic_blocks(attributes, frozenset({"tag"})):
        return "dynamic"
    blocks = attributes.get("tag")
    blocks = blocks if isinstance(blocks, list) else [blocks] if blocks else []
    if not all(isinstance(block, Mapping) and "key" in block for block in blocks):
        return "other"
    return {str(_one(block["key"])): _one(block.get("value")) for block in blocks}


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _is_pair(value: Any) -> bool:
    return isinstance(value, Mapping) and "Key" in value


def _known(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        return None
    return with_gaps(str(value)) or None if is_marked(value) else str(value)
