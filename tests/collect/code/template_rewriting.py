"""Rewrites a resource of CloudFormation: its value stays the same, or becomes unknown.

A rewriting never improves a resource. So a check that fails on the resource must fail on each of its rewritings, or
report that it does not know.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import strategies as st

Template = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

_UNKNOWN_CALLS: tuple[Any, ...] = (
    {"Fn::ImportValue": "elsewhere"},
    {"Fn::GetAtt": ["Answer", "Value"]},
    {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/part.yaml"}}},
    {"Fn::NobodyKnows": ["this"]},
    {"Fn::FindInMap": ["Missing", "a", "b"]},
    {"Fn::Select": [9, ["a", "b"]]},
    {"Ref": "AWS::NotificationARNs"},
    {"Ref": "FromStore"},
    {"Ref": "Hidden"},
    {"Ref": "Open"},
    {"Fn::Sub": "${Open}"},
    {"Fn::Join": ["", [{"Ref": "Open"}, ""]]},
    {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "Open"}]}]},
    {"Fn::If": ["Undecided", {"Ref": "Open"}, {"Ref": "AWS::NoValue"}]},
    "{{resolve:ssm:/app/value}}",
    "{{resolve:ssm:/app/value:1}}",
    {"Fn::Sub": "{{resolve:ssm:/${AWS::StackName}/value}}"},
)


# Replacements for a secret that are no better: a name of a value counts as correct.
_UNREAD = tuple(call for call in _UNKNOWN_CALLS[2:6])


class Rewriter:
    """Rewrites values, and adds to the template what they then need."""

    def __init__(self, draw: Draw, template: Template, calls: tuple[Any, ...] = _UNKNOWN_CALLS) -> None:
        self._draw = draw
        self._calls = calls
        self._template = template
        self._names = 0

    def value(self, value: Any, depth: int = 2) -> Any:
        """A value in other words, all of it or what is in it."""
        if value == NOTHING:
            return value
        inner = self._inside(value, depth)
        if depth == 0 or not self._draw(st.integers(0, 2)):
            return inner
        rewritings = [self._chosen, self._undecided, self._looked_up, self._picked]
        if isinstance(value, str | int | bool):
            rewritings += [self._parameter, self._substituted, self._joined, self._divided, self._hidden]
            rewritings += [self._returned]
        if isinstance(value, dict):
            rewritings += [self._included]
        return self._draw(st.sampled_from(rewritings))(inner, depth)

    def _inside(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {name: self.value(item, depth) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, depth) for item in value] + ([NOTHING] if self._draw(st.booleans()) else [])
        return value

    def _name(self, section: str, body: Any) -> str:
        self._names += 1
        name = f"N{self._names}"
        self._template.setdefault(section, {})[name] = body
        return name

    # ---- what it comes to stays the same --------------------------------------------------------------------------

    def _parameter(self, value: Any, _: int) -> Any:
        if not isinstance(value, str | int | bool):
            return value
        if self._draw(st.booleans()):
            return {"Ref": self._name("Parameters", {"Type": "String", "Default": value})}
        return {"Ref": self._name("Parameters", {"Type": "String", "AllowedValues": [value]})}

    def _substituted(self, value: Any, depth: int) -> Any:
        if not isinstance(value, str) or "${" in value:
            return self._parameter(value, depth)
        cut = self._draw(st.integers(0, len(value)))
        given = self._name("Parameters", {"Type": "String", "Default": value[:cut]})
        if self._draw(st.booleans()):
            return {"Fn::Sub": f"${{{given}}}{value[cut:]}"}
        return {"Fn::Sub": ["${First}${Second}", {"First": {"Ref": given}, "Second": value[cut:]}]}

    def _joined(self, value: Any, depth: int) -> Any:
        if not isinstance(value, str) or not value:
            return self._parameter(value, depth)
        at = self._draw(st.sampled_from(sorted(set(value))))
        return {"Fn::Join": [at, [self._parameter(part, depth) for part in value.split(at)] + [NOTHING]]}

    def _divided(self, value: Any, depth: int) -> Any:
        if not isinstance(value, str) or "|" in value:
            return self._parameter(value, depth)
        return {"Fn::Select": ["1", {"Fn::Split": ["|", f"other|{value}|other"]}]}

    def _returned(self, value: Any, depth: int) -> Any:
        """An attribute of another resource that returns what is written there."""
        if not isinstance(value, str) or not value:
            return self._parameter(value, depth)
        resource = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}
        name = self._name("Resources", resource)
        return self._draw(st.sampled_from([{"Fn::GetAtt": [name, "Value"]}, {"Fn::Sub": f"${{{name}.Value}}"}]))

    def _looked_up(self, value: Any, depth: int) -> Any:
        if not isinstance(value, str | int | bool):
            return self._chosen(value, depth)
        table = self._name("Mappings", {"one": {"a": value}, "two": {"a": value, "b": "other"}})
        key = self._draw(st.sampled_from(["one", {"Ref": "Open"}, {"Ref": "AWS::Region"}]))
        if self._draw(st.booleans()):
            return {"Fn::FindInMap": [table, "none", "none", {"DefaultValue": value}]}
        return {"Fn::FindInMap": [table, key, "a"]}

    def _picked(self, value: Any, _: int) -> Any:
        return {"Fn::Select": [1, ["other", value, "other"]]}

    def _chosen(self, value: Any, _: int) -> Any:
        other = self._draw(st.sampled_from(["other", True, NOTHING]))
        name, holds = self._draw(
            st.sampled_from([("Always", True), ("Never", False), ("Both", True), ("NotBoth", False)])
        )
        return {"Fn::If": [name, value, other] if holds else [name, other, value]}

    # ---- nobody can tell it any more -------------------------------------------------------------------------------

    def _undecided(self, value: Any, _: int) -> Any:
        other = self._draw(st.sampled_from([value, "other", True, NOTHING]))
        parts = [value, other] if self._draw(st.booleans()) else [other, value]
        return {"Fn::If": ["Undecided", *copy.deepcopy(parts)]}

    def _hidden(self, _value: Any, _: int) -> Any:
        return copy.deepcopy(self._draw(st.sampled_from(self._calls)))

    def _included(self, value: Any, depth: int) -> Any:
        if not isinstance(value, dict) or "Fn::If" in value:
            return self._undecided(value, depth)
        known = {name: item for name, item in value.items() if self._draw(st.booleans())}
        return {**known, "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/part"}}}


NOTHING = {"Ref": "AWS::NoValue"}
_UNKNOWN_EQUALITY = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-3"]}
_CONDITIONS = {
    "Always": {"Fn::Equals": [{"Ref": "Stage"}, "test"]},
    "Never": {"Fn::Not": [{"Condition": "Always"}]},
    "Both": {"Fn::And": [{"Condition": "Always"}, {"Fn::Or": [{"Condition": "Never"}, {"Condition": "Always"}]}]},
    "NotBoth": {"Fn::Not": [{"Condition": "Both"}]},
    "Undecided": {"Fn::Or": [_UNKNOWN_EQUALITY, {"Condition": "Never"}]},
}


_REMOVED: tuple[Callable[[Any], Any], ...] = (
    lambda _: NOTHING,
    lambda value: {"Fn::If": ["Never", value, NOTHING]},
    lambda value: {"Fn::If": ["Undecided", value, NOTHING]},
    lambda value: {"Fn::If": ["Undecided", NOTHING, value]},
    lambda value: {"Fn::If": ["Always", {"Fn::If": ["Undecided", value, NOTHING]}, value]},
)


def rewritten(
    draw: Draw, resource: dict[str, Any], missing: tuple[str, Any] | None = None, *, secret: bool = False
) -> Template:
    """A template in which a resource stands in other words; `missing` is what it has not, or not for sure.

    With `secret` what fails is that a value is written out: it is not replaced by the name of one.
    """
    template: Template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {
            "Stage": {"Type": "String", "Default": "test"},
            "Open": {"Type": "String"},
            "Hidden": {"Type": "String", "NoEcho": True, "Default": "hidden"},
            "FromStore": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/name"},
        },
        "Conditions": copy.deepcopy(_CONDITIONS),
        "Resources": {"Answer": {"Type": "Custom::Answer", "Properties": {"ServiceToken": "arn"}}},
    }
    rewriter = Rewriter(draw, template, _UNREAD if secret else _UNKNOWN_CALLS)
    condition = draw(st.sampled_from([None, None, "Never", "Always", "Undecided"]))
    body = {**resource, "Condition": condition} if condition else dict(resource)
    if condition in (None, "Always"):  # with the others, conditions in the resource have other values
        properties = {**resource["Properties"]}
        if missing is not None:
            properties[missing[0]] = NOTHING
        properties = rewriter.value(copy.deepcopy(properties))
        if missing is not None and missing[0] in properties:
            properties[missing[0]] = copy.deepcopy(draw(st.sampled_from(_REMOVED))(missing[1]))
        body["Properties"] = properties
    if draw(st.booleans()):
        template["Resources"]["R"] = body
    else:
        template["Resources"]["Fn::ForEach::Each"] = ["Each", ["a"], {"R": body}]
    return template


class _Short(yaml.SafeDumper):
    """Writes functions with their short tags, if they have one."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _call(dumper: _Short, value: dict[str, Any]) -> yaml.Node:
    if len(value) == 1:
        ((name, argument),) = value.items()
        short = name.removeprefix("Fn::")
        if name in ("Ref", "Condition") or (name.startswith("Fn::") and "::" not in short):
            tag = f"!{short}"
            if isinstance(argument, str):
                return dumper.represent_scalar(tag, argument)
            if isinstance(argument, list):
                return dumper.represent_sequence(tag, argument)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items())


_Short.add_representer(dict, _call)


def written(template: Template, form: str) -> str:
    """A template as a file of one of three forms."""
    if form == "json":
        return json.dumps(template)
    return yaml.dump(template, Dumper=_Short if form == "short" else yaml.SafeDumper, sort_keys=False)
