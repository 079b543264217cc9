"""Finds literal secrets in a CloudFormation template: in parameters, mappings, outputs, branches of functions and
comments. Properties are judged by their evaluated values (`judgements.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from preuve.collect.code.language.templates.parameters import COMPARING, is_hidden
from preuve.collect.code.language.templates.source import FUNCTION, Block, line_of, place_of
from preuve.collect.code.language.templates.texts import SUBSTITUTION
from preuve.collect.code.secrets.search import (
    Detection,
    Secrets,
    UnreturnedValue,
    secrets_of,
    secrets_under,
    with_default,
)
from preuve.collect.code.secrets.terraform_files import Piece
from preuve.collect.code.verdict.marks import OPAQUE, known
from preuve.redact.notations.names import announces

_UNKNOWN = f"{OPAQUE}${{a function}}"
_NOTHING = {"Ref": "AWS::NoValue"}
_ABOUT = frozenset({"AWSTemplateFormatVersion", "Description", "Transform", "Conditions", "Rules", "Hooks"})
_NAMED = frozenset({"Parameters", "Mappings", "Metadata", "Outputs", "Globals"})
_TEMPLATE, _PARAMETERS = "Template", "Parameters"
_VALUE = {"Outputs": "Value"}  # section -> the member with the value that the entry names
_NAMES_ELSEWHERE = "AWS::SSM::Parameter::Value"
_PATTERN = "AllowedPattern"
_ALLOWED = ("AllowedValues", _PATTERN)
_ONE_TEXT = re.compile(r"[^\\.\[\](){}*+?|^$]+")  # a pattern that matches only one text


def of_template(template: Block) -> Iterator[Piece]:
    """Yield the parts of a template."""
    written = _TemplateLiterals(template)
    for section, content in template.items():
        if section in _ABOUT or not isinstance(content, Block):
            secrets = secrets_of(section, {section: UnreturnedValue(written.of(content))})
            compared = written.compared(section, content)
            both = replace(secrets, found=(*secrets.found, *compared))
            yield _piece(section, _TEMPLATE, template, (section,), both)
            continue
        for name, body in content.items():
            yield from written.entry(section, name, body)


def _piece(address: str, type_: str, template: Block, at: tuple[str, ...], secrets: Secrets) -> Piece:
    first = line_of(template, at)
    end = getattr(_at(template, at), "end", first)
    return Piece(address, type_, (first, max(first, end)), secrets, partial(place_of, template, at))


def _at(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


class _TemplateLiterals:
    """The literals of one template."""

    def __init__(self, template: Block) -> None:
        self._template = template
        parameters = template.get("Parameters")
        self._defaults: Mapping[str, str] = {}
        # A secret default is reported once, not wherever it is used.
        self._defaults = {
            name: known(body["Default"])
            for name, body in (parameters.items() if isinstance(parameters, Block) else ())
            if isinstance(body, Block) and isinstance(body.get("Default"), str) and not _names_elsewhere(body)
            if not self._parameter(name, body).found
        }

    def entry(self, section: str, name: str, body: Any) -> Iterator[Piece]:
        """Yield the parts of an entry of a section."""
        at, address = (section, name), f"{section}.{name}"
        type_ = section if section in _NAMED else _TEMPLATE
        if section == "Parameters" and isinstance(body, Block):
            yield _piece(address, type_, self._template, at, self._parameter(name, body))
        elif section == "Resources" and isinstance(body, Block) and isinstance(body.get("Type"), str):
            yield self._resource(name, body)
        else:
            member = _VALUE.get(section)
            value = body.get(member) if member and isinstance(body, Block) else body
            secrets = secrets_under(name, self.of(value), path=member or "", kind=section)
            yield _piece(address, type_, self._template, at, secrets)

    def _parameter(self, name: str, body: Block) -> Secrets:
        default = self.of(body.get("Default", ""))
        elsewhere, hidden = _names_elsewhere(body), is_hidden(body)
        secrets = secrets_under(
            name, UnreturnedValue(default) if elsewhere else default, path="Default", kind=_PARAMETERS, weak=hidden
        )
        about = secrets_of(
            "Parameters", {"": UnreturnedValue(self.of({key: body[key] for key in body if key != "Default"}))}
        )
        allowed = () if elsewhere else (found for key in _ALLOWED for found in self._allowed(name, body, key))
        every = dict.fromkeys((*secrets.found, *about.found, *allowed))
        return with_default(secrets, every, is_set="Default" in body)

    def _allowed(self, name: str, body: Block, key: str) -> tuple[Detection, ...]:
        """Return the secrets among the allowed values of a parameter: anyone who reads the template can try them."""
        value = self.of(body.get(key, ""))
        if key == _PATTERN and isinstance(value, str):
            value = value.removeprefix("^").removesuffix("$")
            value = value if _ONE_TEXT.fullmatch(value) else ""
        return secrets_under(name, value, path=key, kind=_PARAMETERS, weak=is_hidden(body)).found

    def compared(self, section: str, value: Any) -> Iterator[Detection]:
        """Yield the secrets that the template compares a secret parameter with."""
        if isinstance(value, Mapping):
            for name, argument in value.items():
                if name in COMPARING and isinstance(argument, list):
                    yield from self._beside(section, argument)
                yield from self.compared(section, argument)
        elif isinstance(value, list):
            yield from (found for item in value for found in self.compared(section, item))

    def _beside(self, section: str, compared: list[Any]) -> tuple[Detection, ...]:
        named = {item["Ref"] for item in compared if isinstance(item, Mapping) and isinstance(item.get("Ref"), str)}
        if not any(map(self._holds_secret, named)):
            return ()
        others = [item for item in compared if not isinstance(item, Mapping)]
        return secrets_under("", self.of(others), path=section, weak=True).found

    def _holds_secret(self, name: str) -> bool:
        body = _at(self._template, ("Parameters", name))
        hidden = isinstance(body, Mapping) and is_hidden(body)
        return hidden or announces(name)

    def _resource(self, name: str, body: Block) -> Piece:
        kind = str(body["Type"])
        of = self.of(body.get("Properties"))
        own = secrets_of(kind, of if isinstance(of, dict) else {"": of})
        beside = secrets_of(kind, {key: self.of(body[key]) for key in body if key not in ("Properties", "Type")}).found
        within = (replace(secret, path=f"Properties/{secret.path}") for secret in own.found)
        secrets = Secrets((*within, *beside), texts=own.texts)
        return _piece(f"{kind}.{name}", kind, self._template, ("Resources", name), secrets)

    def of(self, value: Any) -> Any:
        """Return the literals in a value: a tuple of possible values where a function chooses."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or name.startswith(FUNCTION):
                    return self._function(name, argument)
            return {known(name): self.of(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.of(item) for item in value if item != _NOTHING]
        return known(value) if isinstance(value, str) else value

    def _function(self, name: str, argument: Any) -> Any:  # noqa: PLR0911 - one case for each function
        if name == "Ref":
            return self._defaults.get(argument, _UNKNOWN) if isinstance(argument, str) else _UNKNOWN
        if name == "Fn::Sub":
            return self._substituted(argument)
        if name == "Fn::FindInMap":
            return *self._in_map(argument), _UNKNOWN, UnreturnedValue(self.of(argument))
        inner = self.of(argument)
        if name in ("Fn::Base64", "Fn::ToJsonString"):
            return inner
        if name in _CHOOSING and isinstance(inner, list):
            return *map(UnreturnedValue, inner[:1]), *inner[1:]
        if name == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
            separator = inner[0] if isinstance(inner[0], str) else _UNKNOWN
            text = separator.join(_text(item) for item in inner[1])
            return text, *(item for item in inner[1] if not isinstance(item, str))
        if name.startswith("Fn::ForEach") and isinstance(inner, list):
            return tuple(inner[1:])
        return (_UNKNOWN, UnreturnedValue(inner))

    def _in_map(self, argument: Any) -> Iterator[Any]:
        """Yield the values of a map at its literal keys, or at every key."""
        name, *keys = argument[:3] if isinstance(argument, list) and argument else ("",)
        found = [_at(self._template, ("Mappings", name))] if isinstance(name, str) else []
        for key in keys:
            rows = [row for row in found if isinstance(row, Mapping)]
            found = (
                [row.get(key) for row in rows]
                if isinstance(key, str)
                else [item for row in rows for item in row.values()]
            )
        yield from (self.of(item) for item in found if item is not None and not isinstance(item, Mapping))

    def _substituted(self, argument: Any) -> Any:
        text, own = (argument[0], argument[1]) if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(text, str):
            return UnreturnedValue(self.of(argument))
        values = self.of(own) if isinstance(own, Mapping) else {}
        named = {**self._defaults, **(values if isinstance(values, dict) else {})}
        filled = SUBSTITUTION.sub(lambda match: _text(named.get(match[1])), known(text))
        return filled, values


_CHOOSING = frozenset({"Fn::If", "Fn::Select", "Fn::Split"})


def _text(value: Any) -> str:
    """Return a value as part of a text; the first option if it may be one of several."""
    if isinstance(value, tuple):
        return next((_text(item) for item in value if isinstance(item, str)), _UNKNOWN)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else _UNKNOWN


def _names_elsewhere(body: Block) -> bool:
    """Return whether the value of a parameter is the name of something stored elsewhere."""
    return str(body.get("Type", "")).startswith(_NAMES_ELSEWHERE)
