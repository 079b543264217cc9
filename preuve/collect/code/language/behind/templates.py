"""All that a template writes of what a value rests on: the value, the parameters, mappings, conditions and resources
that it names, and so on.

Where a value is not known, what it may come to is in these texts: a change of one of them may make it any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import is_known

_SECTIONS = ("Parameters", "Mappings", "Conditions")
_WORD = re.compile(r"\w+")
_ATTRIBUTE = re.compile(r"(\w+)\.([\w.]+)")
_NAME = re.compile(r"(?:Arn|Id|Name)$")  # what AWS calls something: it is no text of the template


def behind(template: Block, resource: Resource) -> list[str]:
    """Return the texts behind what is not known of a resource; none if all of it is known."""
    waiting, texts = list(_unknown_in(resource)), dict[str, None]()
    while waiting:
        written = waiting.pop()
        text = json.dumps(written, sort_keys=True, default=str)
        if text not in texts:
            texts[text] = None
            waiting += _named_in(written, template)
    return list(texts)


def _unknown_in(resource: Resource) -> Iterator[Any]:
    """Yield what is written at each property whose value is not known, in the resource and for all of its type."""
    own, common = resource.body.get("Properties"), resource.common
    properties = resource.properties if isinstance(resource.properties, dict) else None
    held = [one for one in (own, common) if one is not None]
    for name, value in properties.items() if properties is not None else ():
        if not is_known(value):
            apart = [one[name] for one in held if isinstance(one, Mapping) and name in one]
            yield from apart or held  # a function or a loop brings it
    if properties is None:
        yield from held


def _named_in(written: Any, template: Block) -> Iterator[Any]:
    """Yield what a template writes of what a value names. A word that is the name of something counts as naming it."""
    texts = list(_texts_in(written))
    words = {word for text in texts for word in _WORD.findall(text)}
    for section in _SECTIONS:
        found = template.get(section)
        yield from (one for name, one in found.items() if name in words) if isinstance(found, Mapping) else ()
    resources = template.get("Resources")
    for name, attribute in _attributes_in(written, texts):
        one = resources.get(name) if isinstance(resources, Mapping) else None
        if isinstance(one, Mapping):
            properties = one.get("Properties")
            own = properties.get(attribute) if isinstance(properties, Mapping) else None
            yield from [own] if own is not None else () if _NAME.search(attribute) else [properties]


def _texts_in(written: Any) -> Iterator[str]:
    waiting = [written]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item


def _attributes_in(written: Any, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of resources that a value names, with the resources."""
    for text in texts:
        yield from _ATTRIBUTE.findall(text)
    waiting = [written]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            match item.get("Fn::GetAtt"):
                case [str(name), str(attribute)]:
                    yield name, attribute
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
