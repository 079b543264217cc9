"""The tags of a block, as far as they can be known without a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from preuve.collect.code.language.values.value import GAP, Unknown
from preuve.collect.code.verdict.marks import OPEN, is_marked, marked, with_gaps
from preuve.collect.code.verdict.verdict import UNRESOLVED, dynamic_blocks, unresolved
from preuve.model.company.code import OutsideValues
from preuve.model.snapshot import INHERITED, OPEN_BY, OUTSIDE

OF_ALL = "tags_of_all"  # set on a block: the names of its tags that its provider gives to all
_ALL, _EACH = "tags", "tags."  # in the attributes for graph checks: the map, and the prefix of the name of each tag
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
REPLICAS = "Replicas"  # of a global table: each has its tags, the table itself has none
TAGS = ("Tags", "FileSystemTags", REPLICAS)  # the properties of a template that hold tags
# None where nothing of a value is known, `…` in it for a part that is not; the name `…`: there may be others. The name
# `OUTSIDE`: there may be others that are not said in the code, by its provider or by whoever deploys the stack.
# `OPEN_BY`: the inputs that leave that open.
# `INHERITED`: the names of those that its provider or its stack gives to everything.
Tags = Mapping[str, str | None]
Said = dict[str, str]
_NEXT = "; "
_OF_TAGS = re.compile(r"(?:tags|Tags|FileSystemTags)\b")
# In the tags of a resource whose provider is not in the code.
NOT_IN_CODE = marked(Unknown(("provider.default_tags",)))


# The deciding value, if it is a statement of the company and no part of the code.
BY_COMPANY = "preuve.yaml"
_SAID_TAGS = "scope.iac.tags"
# Key of a body of a template, where they are said: the tags of its stack; None for one that only the code gives it.
OF_THE_STACK = "__tags_of_stack__"


def said_outside(values: Mapping[str, str], own: Collection[str], outside: OutsideValues) -> tuple[Said, Said]:
    """Return the deciding values of a block and their origin, for values that the company states are given from outside
    the code. `own` are the values in the code.
    """
    origins = {name: BY_COMPANY for name in values if name == "region" and outside.region and name not in own}
    if outside.tags is None or not any(_OF_TAGS.match(name) for name in values):
        return dict(values), origins
    given = {f"{_EACH}{name}" for name in outside.tags}
    origins |= {name: BY_COMPANY for name in values if name in given and name not in own}
    return {**values, _SAID_TAGS: json.dumps(sorted(outside.tags))}, {**origins, _SAID_TAGS: BY_COMPANY}


def tag_text(value: Any) -> Any:
    """Return the value of a tag for comparison: surrounding blanks do not count, as in the account."""
    return value.strip() if isinstance(value, str) else value


def tag_texts(tags: Any) -> Any:
    """Return a map of tags with their values for comparison."""
    return {name: tag_text(value) for name, value in tags.items()} if isinstance(tags, Mapping) else tags


def with_tag_texts(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes for graph checks with the values of tags for comparison, in their map and one by one."""
    return {
        name: tag_texts(value) if name == _ALL else tag_text(value)
        for name, value in attributes.items()
        if name == _ALL or name.startswith(_EACH)
    }


def tags_of(attributes: Mapping[str, Any]) -> Tags | None:
    """Return the tags of a Terraform or CloudFormation block; None if not even their names are known."""
    named = next((name for name in ("tags", "Tags") if name in attributes), "")
    value = attributes[named] if named else _of_blocks(attributes)
    if isinstance(value, list) and len(value) == 1 and not _is_pair(value[0]):
        value = value[0]  # Checkov keeps each attribute of a Terraform block in a list
    if value is None or value == []:
        return {}
    if isinstance(value, list) and all(_is_pair(item) for item in value):
        if not all(isinstance(item["Key"], str) for item in value):
            return None
        value = {item["Key"]: item.get("Value") for item in value}
    if not isinstance(value, Mapping) or any(is_marked(name) for name in value if name != OPEN):
        return _open_by(value)
    if [*value] == [OPEN] and value[OPEN] != NOT_IN_CODE:
        return _open_by(value[OPEN])
    others = _others(value[OPEN]) if OPEN in value else {}
    plain = {str(name): item for name, item in value.items() if name != OPEN}
    said = {name: _known(item) for name, item in plain.items() if not name.startswith("__")}
    return {**said, **others} | inherited(attributes.get(OF_ALL, ()))


def _open_by(value: Any) -> Tags | None:
    """Return tags of which nothing is known but the inputs that they come from; None if not even these are."""
    causes = [why.removeprefix(UNRESOLVED) for why in unresolved(value)]
    return {GAP: None, OPEN_BY: _NEXT.join(causes)} if causes else None


def _others(value: Any) -> Tags:
    return {OUTSIDE: None} if value == NOT_IN_CODE else _open_by(value) or {GAP: None}


def inherited(names: Iterable[str]) -> Said:
    """Return the mark with the names of inherited tags; nothing if there are none."""
    told = ", ".join(sorted(names))
    return {INHERITED: told} if told else {}


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
    text = str(tag_text(value))
    return with_gaps(text) or None if is_marked(text) else text
