"""The parameters of a template: what each is by itself, and what a given value makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.language.templates.intrinsics import NO_ECHO
from preuve.collect.code.language.templates.source import Block
from preuve.collect.code.language.templates.texts import names_elsewhere, text_of
from preuve.collect.code.language.values.value import Unknown, Value

# Types of parameters that accept only names of existing resources.
_NAMES = frozenset(
    {
        "AWS::EC2::AvailabilityZone::Name",
        "AWS::EC2::Image::Id",
        "AWS::EC2::Instance::Id",
        "AWS::EC2::KeyPair::KeyName",
        "AWS::EC2::SecurityGroup::GroupName",
        "AWS::EC2::SecurityGroup::Id",
        "AWS::EC2::Subnet::Id",
        "AWS::EC2::VPC::Id",
        "AWS::EC2::Volume::Id",
        "AWS::Route53::HostedZone::Id",
        "AWS::SSM::Parameter::Name",
    }
)


def parameter(name: str, body: Any) -> Value:
    """Return the value of a parameter that nothing sets."""
    kind = str(body.get("Type", "")) if isinstance(body, Block) else ""
    called = f"Ref {name}"
    if not isinstance(body, Block) or kind.startswith("AWS::SSM::Parameter::Value"):
        return Unknown((called,))
    if is_hidden(body):
        return Unknown((f"{called} {NO_ECHO}",))
    allowed = body.get("AllowedValues")
    default = body.get("Default", allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else None)
    text = text_of(default)
    if not isinstance(text, str) or names_elsewhere(text):
        called += "[]" if kind.startswith("List<") else ""
        return Unknown((called,), made=kind.removeprefix("List<").removesuffix(">") in _NAMES)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [entry.strip() for entry in text.split(",")]
    return text


def allowed_beside_default(template: Block) -> Iterator[tuple[str, str]]:
    """Yield the parameters that have a default, each with every other value that it allows."""
    parameters = template.get("Parameters")
    for name, body in parameters.items() if isinstance(parameters, Block) else ():
        allowed = body.get("AllowedValues") if isinstance(body, Block) and "Default" in body else None
        if isinstance(allowed, list) and not isinstance(parameter(name, body), Unknown):
            texts = [text for text in map(text_of, allowed) if isinstance(text, str)]
            yield from ((name, text) for text in dict.fromkeys(texts) if text != text_of(body["Default"]))


def given_to(body: Any, value: Value) -> Value:
    """Convert a value that is given to a parameter."""
    kind = str(body.get("Type", "")) if isinstance(body, Block) else ""
    text = text_of(value)
    if not isinstance(text, str) or kind.startswith("AWS::SSM::Parameter::Value") or names_elsewhere(text):
        return value if isinstance(value, Unknown) else Unknown(("a parameter of the template",))
    return [entry.strip() for entry in text.split(",")] if kind.startswith(("List<", "CommaDel")) else text


def is_hidden(body: Mapping[str, Any]) -> bool:
    """Return whether a parameter is `NoEcho`."""
    return str(body.get("NoEcho", "")).lower() not in ("", "false")
