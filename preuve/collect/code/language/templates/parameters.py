"""The parameters of a template: the value of each by itself, and the effect of a given value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from preuve.collect.code.language.templates.intrinsics import FROM_AWS, NO_ECHO
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.templates.texts import SUBSTITUTION, names_elsewhere, text_of
from preuve.collect.code.language.values.value import Unknown, Value
from preuve.library.json_data import maps

# Functions that compare a parameter with literals.
COMPARING = frozenset({"Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn"})
NAMED = "(the template names its values)"  # follows the name of a parameter, which may be a literal text
_ANOTHER = "another value"
_WAY_IN_A_MAPPING = 3  # the mapping, and a key of each of its levels
# Types of parameters that accept only names of existing resources.
_NAMES = frozenset(
    {
        *("AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id"),
        *("AWS::EC2::KeyPair::KeyName", "AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id"),
        *("AWS::EC2::Subnet::Id", "AWS::EC2::VPC::Id", "AWS::EC2::Volume::Id", "AWS::Route53::HostedZone::Id"),
        *("AWS::SSM::Parameter::Name",),
    }
)
_STORED = "AWS::SSM::Parameter::Value"  # the parameter names where its value is kept
_PUBLISHED = re.compile(r"/aws/service/(?!marketplace/)")  # in the Marketplace others publish too


def parameter(name: str, body: Any, *, ruled: bool = False) -> Value:
    """Return the value of a parameter that nothing sets; `ruled`: a rule of the template names values of it."""
    kind = str(body.get("Type", "")) if isinstance(body, Block) else ""
    called = f"Ref {name}"
    if not isinstance(body, Block):
        return Unknown((called,))
    if kind.startswith(_STORED):
        path = text_of(body.get("Default"))
        return Unknown((f"{called} {FROM_AWS}" if isinstance(path, str) and _PUBLISHED.match(path) else called,))
    if is_hidden(body):
        return Unknown((f"{called} {NO_ECHO}",))
    allowed = body.get("AllowedValues")
    default = body.get("Default", allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else None)
    text = text_of(default)
    if not isinstance(text, str) or names_elsewhere(text):
        called += "[]" if kind.startswith("List<") else f" {NAMED}" if ruled or isinstance(allowed, list) else ""
        return Unknown((called,), made=kind.removeprefix("List<").removesuffix(">") in _NAMES)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [entry.strip() for entry in text.split(",")]
    return text


def allowed(template: Block) -> dict[str, list[str]]:
    """Return the allowed values of parameters with a default, the default first, if there are several. Without a list
    of allowed values, those that the template names count: its rules and conditions compare the parameter with them, or
    it is the key in a mapping.
    """
    found: dict[str, list[str]] = {}
    parameters, named = template.get("Parameters"), defaultdict[str, list[Any]](list)
    for name, value in (*compared([template.get("Rules"), template.get("Conditions")]), *_keys(template)):
        named[name].append(value)
    for name, body in parameters.items() if isinstance(parameters, Block) else ():
        written = body.get("AllowedValues", named.get(name)) if isinstance(body, Block) and "Default" in body else None
        if isinstance(written, list) and not isinstance(parameter(name, body), Unknown):
            texts = (text for text in map(text_of, (body["Default"], *written)) if isinstance(text, str))
            found[name] = list(dict.fromkeys(texts))
            if len(found[name]) == 1 and "AllowedValues" not in body:  # it tests whether another one is given
                found[name].append(_ANOTHER)
    return {name: texts for name, texts in found.items() if len(texts) > 1}


def _keys(template: Block) -> Iterator[tuple[str, Any]]:
    """Yield the parameters that select in a mapping, each with the existing keys."""
    mappings: Any = template.get("Mappings")
    for part in maps(template) if isinstance(mappings, Mapping) else ():
        chosen = part.get("Fn::FindInMap")
        if isinstance(chosen, list) and len(chosen) >= _WAY_IN_A_MAPPING and isinstance(chosen[0], str):
            keys = [*_below([mappings], chosen[0])]
            for step in chosen[1:_WAY_IN_A_MAPPING]:
                name = step.get("Ref") if isinstance(step, Mapping) else None
                yield from ((name, key) for found in keys for key in found if isinstance(name, str))
                keys = [*_below(keys, step if isinstance(step, str) else None)]


def _below(found: Iterable[Mapping[str, Any]], key: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield the values in mappings under a key, or under any."""
    for one in found:
        inner = one.values() if key is None else [one.get(key)]
        yield from (item for item in inner if isinstance(item, Mapping))


def compared(written: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parameters that functions compare with a text or a list of texts, and each text."""
    if isinstance(written, Mapping):
        for name, argument in written.items():
            parts = [*_leaves(argument)] if name in COMPARING else []
            named = [part["Ref"] for part in parts if isinstance(part, Mapping) and isinstance(part.get("Ref"), str)]
            yield from ((one, part) for one in named for part in parts if not isinstance(part, Mapping))
            yield from compared(argument)
    elif isinstance(written, list):
        yield from (found for item in written for found in compared(item))


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the items of a list, and of the lists in it."""
    for item in value if isinstance(value, list) else ():
        yield from _leaves(item) if isinstance(item, list) else (item,)


def parameters_of(written: Any, parameters: Collection[str], named: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parameters that something in a template depends on; `named` are the parts of the template that it may
    mention by their names, such as conditions.
    """
    waiting, seen = [written], set[str]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            names = {part, *SUBSTITUTION.findall(part)}
            new = sorted({name for text in names for name in (text, text.partition(".")[0])} - seen)
            seen.update(new)
            yield from (name for name in new if name in parameters)
            waiting += [named[name] for name in new if name in named]
        waiting += part.values() if isinstance(part, Mapping) else part if isinstance(part, list) else ()


def given_to(body: Any, value: Value) -> Value:
    """Convert a value that is given to a parameter."""
    kind = str(body.get("Type", "")) if isinstance(body, Block) else ""
    text = text_of(value)
    if not isinstance(text, str) or kind.startswith(_STORED) or names_elsewhere(text):
        return value if isinstance(value, Unknown) else Unknown(("a parameter of the template",))
    return [entry.strip() for entry in text.split(",")] if kind.startswith(("List<", "CommaDel")) else text


def is_hidden(body: Mapping[str, Any]) -> bool:
    """Return whether a parameter is `NoEcho`."""
    return str(body.get("NoEcho", "")).lower() not in ("", "false")
