"""All that a template writes of what a value rests on: the value, the parameters, mappings, conditions and resources
that it names, and so on; of a parameter also what gives it a value.

Where a value is not known, what it may come to is in these texts: a change of one of them may make it any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.collect.code.language.templates.evaluation import LOOP
from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.values.value import PartText, Unknown, Value, is_known
from preuve.library.json_data import maps, texts

_PARAMETERS = "Parameters"
_SECTIONS = (_PARAMETERS, "Mappings", "Conditions")
_WORDS = frozenset({"Description", "ConstraintDescription"})  # of a parameter: they say nothing of its value
# What only refuses values, or hides them.
_CHECKS = frozenset({"AllowedPattern", "MaxLength", "MaxValue", "MinLength", "MinValue", "NoEcho"})
_WORD = re.compile(r"\w+")
_INPUT = re.compile(r"Ref (\w+)(?: .*)?")
_ATTRIBUTE = re.compile(r"(\w+)\.([\w.]+)")
# What AWS calls something: it is made of the properties that are called so too, and of nothing else in the template.
_NAME = re.compile(r"(?:Arn|Id|Name|Identifier|Prefix|Path|Key|Bucket)$")
_REF = "Id"  # what a reference to a resource gives


@dataclass(frozen=True)
class TemplateDependencies:
    """What is behind the values of a template. `given` are the texts that give its parameters values."""

    template: Block
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, resource: Resource) -> list[str]:
        """Return the texts behind what is not known of a resource; none if all of it is known."""
        return sorted(self._texts(_unknown_in(resource)))

    def aims(self, resource: Resource, name: str) -> Iterator[str]:
        """Yield, for each reference of property `name` whose target is unknown, the text of all that it depends on."""
        properties = resource.properties if isinstance(resource.properties, dict) else {}
        inputs = self._inputs_in(properties.get(name))
        if inputs is not None:
            yield "\n".join(sorted(self._texts([{"Ref": one} for one in inputs], _WORDS | _CHECKS)))
            return
        for written in _unknown_in(resource, name):
            for one in written if isinstance(written, list) else (written,):
                yield "\n".join(sorted(self._texts([one], _WORDS | _CHECKS)))

    def _inputs_in(self, value: Value) -> list[str] | None:
        """Return the parameters that stand as they are in a text, which tells the rest of it: how it is written does
        not count. None of a text in which something else is not known, and of one that is known.
        """
        parts = value.parts if isinstance(value, PartText) else (value,)
        unknown = [part for part in parts if isinstance(part, Unknown)]
        section = self.template.get(_PARAMETERS)
        found = []
        for part in unknown:
            named = _INPUT.fullmatch(part.causes[0]) if len(part.causes) == 1 and type(part) is Unknown else None
            if (
                part.computed
                or part.sources
                or not named
                or not isinstance(section, Mapping)
                or named[1] not in section
            ):
                return None
            found.append(named[1])
        return found or None

    def number(self, resource: Resource) -> Iterator[str]:
        """Yield a text for each loop of the template that may make a resource, with all that is behind what it goes
        through.
        """
        found = self.template.get("Resources")
        loops = found if isinstance(found, Mapping) and resource.name not in found else {}
        for name, body in loops.items():
            if name.startswith(LOOP) and isinstance(body, list):
                yield "\n".join(sorted(self._texts(body[1:2])))

    def _texts(self, written: Iterable[Any], beside: frozenset[str] = _WORDS) -> set[str]:
        waiting, found = list(written), set[str]()
        while waiting:
            one = waiting.pop()
            text = json.dumps(one, sort_keys=True, default=str)
            if text not in found:
                found.add(text)
                waiting += self._named_in(one, beside)
        return found

    def _named_in(self, written: Any, beside: frozenset[str]) -> Iterator[Any]:
        """Yield what is written of what a value names, of a parameter without what is `beside`. A word that is the name
        of something counts as naming it.
        """
        said = list(texts(written))
        words = {word for text in said for word in _WORD.findall(text)}
        for section in _SECTIONS:
            found = self.template.get(section)
            named = (one for name, one in found.items() if name in words) if isinstance(found, Mapping) else ()
            yield from (_without(beside, one) for one in named) if section == _PARAMETERS else named
        yield from ([name, *self.given[name]] for name in words & self.given.keys())
        found = self.template.get("Resources")
        resources = found if isinstance(found, Mapping) else {}
        for name, attribute in (*_attributes_in(written, said), *((word, _REF) for word in words)):
            one = resources.get(name)
            properties = one.get("Properties") if isinstance(one, Mapping) else None
            yield from _properties(properties, attribute) if isinstance(properties, Mapping) else ()


def _without(names: frozenset[str], parameter: Any) -> Any:
    """Return a parameter without what some names say of it."""
    members = parameter.items() if isinstance(parameter, Mapping) else ()
    return {name: one for name, one in members if name not in names} if members else parameter


def _properties(properties: Mapping[str, Any], attribute: str) -> Iterator[Any]:
    """Yield the properties of which an attribute of a resource is made."""
    if attribute in properties:
        yield properties[attribute]
    elif "." not in attribute and _NAME.search(attribute):
        yield from ([name, one] for name, one in properties.items() if _NAME.search(name))
    else:
        yield properties


def _unknown_in(resource: Resource, only: str = "") -> Iterator[Any]:
    """Yield what is written at each property whose value is not known, in the resource and for all of its type; `only`
    at one of them.
    """
    own, common = resource.body.get("Properties"), resource.common
    properties = resource.properties if isinstance(resource.properties, dict) else None
    held = [one for one in (own, common) if one is not None]
    for name, value in properties.items() if properties is not None else ():
        if not is_known(value) and only in ("", name):
            apart = [one[name] for one in held if isinstance(one, Mapping) and name in one]
            yield from apart or held  # a function or a loop brings it
    if properties is None:
        yield from held


def _attributes_in(written: Any, said: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of resources that a value names in what it says, with the resources."""
    for text in said:
        yield from _ATTRIBUTE.findall(text)
    for one in maps(written):
        match one.get("Fn::GetAtt"):
            case [str(name), str(attribute)]:
                yield name, attribute
