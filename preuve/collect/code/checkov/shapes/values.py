"""Values of code in the shapes that Checkov's checks expect: those of its own parser of Terraform.

Each argument is a list of one value, a block a list of maps; JSON is decoded. An unknown value is a marked text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.values.value import (
    JsonText,
    OneOf,
    PartialList,
    PartialMap,
    PartKey,
    PartText,
    Set,
    Sign,
    Unknown,
    Value,
    items_of,
    unknown,
)
from preuve.collect.code.secrets.possible_texts import decoded_text
from preuve.collect.code.verdict.marks import OPEN, Mark, known, marked, opened

_MOST = 20_000  # leaves of one argument
_TOO_LARGE = Unknown(("a value that is too large",))


def body_of(content: Content, mark: Mark = marked) -> dict[str, Any]:
    """Return the body of a block; `mark` makes a text of an unknown value."""
    body: dict[str, Any] = {name: [argument_of(value, mark)] for name, value in content.arguments.items()}
    for label, blocks in content.blocks.items():
        body[label] = [body_of(inner, mark) for _, inner in blocks]
    if content.open:
        body["dynamic"] = [{label: _loop(content, label, why, mark)} for label, why in content.open.items()]
    return body


def _loop(content: Content, label: str, why: Unknown, mark: Mark) -> dict[str, Any]:
    """Return the placeholder for a dynamic block whose number of blocks is unknown."""
    made = [body_of(inner, mark) for kind, inner in content.perhaps if kind == label]
    return {"for_each": [marked(why)], **({"content": made} if made else {})}


def tags_merged(content: Content) -> dict[str, Any]:
    """Return the tags that a block surely has, with a mark that it may have others; nothing if only that mark is known,
    or if no tag is hidden.
    """
    tags = content.arguments.get("tags")
    if isinstance(tags, OneOf) and all(isinstance(one, dict) for one in tags.values):
        return _on_which_all_agree(tags)
    if not isinstance(tags, PartialMap) or not tags.members:
        return {}
    return {known(name): _shape(value) for name, value in tags.members} | {OPEN: marked(tags)}


def _on_which_all_agree(tags: OneOf) -> dict[str, Any]:
    """Return the tags of a block that has one of a few maps, whichever: tags that differ between the maps are not
    known, and it has no others.
    """
    names = dict.fromkeys(name for one in tags.values for name in one)
    first = tags.values[0]
    return {
        known(name): _shape(first[name])
        if all(name in one and one[name] == first[name] for one in tags.values)
        else marked(unknown(tags))
        for name in names
    }


def set_tags(attributes: dict[str, Any], tags: Mapping[str, Any]) -> None:
    """Set the tags of a block among the attributes that graph checks read: their map, and each of them."""
    attributes["tags"] = dict(tags)
    attributes.update({f"tags.{name}": value for name, value in tags.items()})


def argument_of(value: Value, mark: Mark = marked) -> Any:
    """Return the value of one argument."""
    return _shape(value, mark) if _size(value) <= _MOST else marked(_TOO_LARGE)


def _size(value: Value) -> int:
    waiting, size = [value], 0
    while waiting and size <= _MOST:
        item = waiting.pop()
        size += 1
        waiting += (item.value,) if isinstance(item, JsonText) else items_of(item)
    return size


def _shape(value: Value, mark: Mark = marked) -> Any:  # noqa: PLR0911 - one case for each kind of value
    if isinstance(value, str):
        return _decoded(known(value), str(known(value)))
    if isinstance(value, JsonText):
        return _shape(value.value, mark)
    if isinstance(value, PartText):
        return decoded_text(
            _decoded(text := mark(value), text if not _is_document(text) else mark(unknown(value))), text
        )
    if isinstance(value, PartialList):
        return opened(value)
    if isinstance(value, Unknown):
        return mark(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {_key(key, mark): _shape(item, mark) for key, item in value.items()}
    return [_shape(item, mark) for item in items_of(value)] if isinstance(value, list | tuple | Set) else value


def _key(key: Value, mark: Mark) -> str:
    if isinstance(key, PartKey):
        return mark(key.text)
    return str(key) if isinstance(key, Sign) else known(str(key))


def _is_document(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _decoded(text: str, otherwise: Any) -> Any:
    """Return the object or the objects in a JSON text."""
    if not _is_document(text):
        return otherwise
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return otherwise
    objects = isinstance(found, dict) or (isinstance(found, list) and found and isinstance(found[0], dict))
    return found if objects else otherwise
