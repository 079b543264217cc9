"""What the resources of a CloudFormation template come to: every leaf is a literal, was computed, or is `Unknown`.

| CloudFormation | here |
| --- | --- |
| text, number, boolean | str, int or float, bool |
| list, mapping | list, dict |
| a property that `AWS::NoValue` removes | not there |
| a mapping that may hold more than is known | a dict with an `Unknown` under `REST` |
| anything not known | `Unknown` |

A resource with a `Condition` is worked out as if it were there: a parameter may turn it on. One whose condition is
false without the value of any parameter is left out. What its condition then says of other conditions holds in it, and
parameters whose defaults do not surely make it are not known in it; nor are, in the whole template, those whose
defaults an assertion of `Rules` does not surely let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from preuve.collect.code.language.templates.evaluation import LOOP, NESTED, Evaluation, Stack, TooMuchError
from preuve.collect.code.language.templates.intrinsics import REST
from preuve.collect.code.language.templates.sam_events import SAM_APIS, SAM_EVENTS, with_authorizers
from preuve.collect.code.language.templates.source import FUNCTION, Block
from preuve.collect.code.language.templates.unseen_resources import (
    INCLUDE,
    INCLUDED,
    SAM,
    TRANSFORM,
    Extent,
    UnseenResources,
    is_include,
    macros,
)
from preuve.collect.code.language.values.value import Unknown, Value, unknown

_MOST_RESOURCES = 10_000  # resources with loops expanded; AWS takes 500
_CONNECTORS = "Connectors"  # an attribute that SAM knows


@dataclass(frozen=True)
class Resource:
    """A resource with the values of its properties; `Unknown` if none of them is known."""

    name: str
    type: str
    properties: Value
    body: Mapping[str, Any]  # as it is written
    line: int = 0
    end: int = 0
    depends_on: tuple[str, ...] = ()
    common: Any = None  # the `Globals` of its type, as they are written
    off: bool = False  # the defaults of the parameters leave it out
    open: bool = False  # it is unknown whether its condition holds, or which elements its loop has

    @property
    def address(self) -> str:
        """What others refer to it by: its logical id."""
        return self.name


@dataclass(frozen=True)
class AbsentResource:
    """A resource whose condition is false without the value of any parameter."""

    address: str
    condition: str
    line: int


@dataclass(frozen=True)
class ResolvedTemplate:
    """The evaluated template."""

    resources: tuple[Resource, ...] = ()
    hidden: tuple[UnseenResources, ...] = ()
    left_out: tuple[AbsentResource, ...] = ()


def is_template(value: Any) -> bool:
    """Return whether a parsed file is a template at all."""
    if not isinstance(value, Mapping):
        return False
    says_so = not {"AWSTemplateFormatVersion", "Transform", TRANSFORM}.isdisjoint(value)
    section = value.get("Resources")  # a list is what CodeDeploy deploys
    return says_so or (isinstance(section, Mapping) and _holds_type(section))


def _holds_type(value: Any) -> bool:
    """Return whether any part of a value states the type of a resource; the result of a function may be any."""
    if isinstance(value, Mapping):
        type_ = value.get("Type")
        typed = isinstance(type_, Mapping) or (isinstance(type_, str) and "::" in type_)
        called = any(name == "Ref" or name.startswith(FUNCTION) for name in value)
        return typed or called or any(map(_holds_type, value.values()))
    return isinstance(value, list) and any(map(_holds_type, value))


def resolve(template: Block, given: Mapping[str, Value] | None = None) -> ResolvedTemplate:
    """Evaluate a template: its resources, and what it may create besides them. Raises TooMuchError beyond the limits.

    `given` are values of its parameters; other parameters have their defaults.
    """
    hidden = list(macros(template))
    if any(found.extent is Extent.ALL for found in hidden):
        return ResolvedTemplate(hidden=tuple(hidden))
    section = template.get("Resources")
    if not isinstance(section, Block) or set(section) == {"Ref"}:
        return ResolvedTemplate(
            hidden=(*hidden, UnseenResources("no resources could be read", template.lines.get("Resources", 0)))
        )
    stack = Stack(template, given or {})
    written = list(islice(stack.evaluation.entries(section), _MOST_RESOURCES + 1))
    if len(written) > _MOST_RESOURCES:
        raise TooMuchError
    stack.types = {name: str(body.get("Type")) for name, body, _ in written if isinstance(body, Block)}
    stack.written = {name: (body, evaluation) for name, body, evaluation in written if isinstance(body, Block)}
    resources, left_out = list[Resource](), list[AbsentResource]()
    for name, body, evaluation in written:
        line = section.lines.get(name, getattr(body, "line", section.line))
        condition = body.get("Condition") if isinstance(body, Block) else None
        if isinstance(condition, str) and evaluation.never(condition):
            left_out.append(AbsentResource(f"{stack.types[name]}.{name}", condition, line))
            continue
        found = _resource(stack, name, body, evaluation)
        if isinstance(found, UnseenResources):
            hidden.append(UnseenResources(found.what, found.line or line))
            continue
        resources.append(replace(found, line=line))
        if _CONNECTORS in body:  # SAM makes policies of them
            hidden.append(UnseenResources(f"{INCLUDED}{_CONNECTORS}", body.lines[_CONNECTORS]))
        if found.type in NESTED or found.type.endswith("::MODULE"):
            hidden.append(_nested(name, found.properties, line))
    resources = _with_authorizers(stack, resources)
    hidden += [
        UnseenResources(f"{INCLUDED}{INCLUDE if key == TRANSFORM else key}", section.lines.get(key, section.line))
        for key in section
        if key.startswith(FUNCTION) and not key.startswith(LOOP)
    ]
    return ResolvedTemplate(tuple(resources), tuple(hidden), tuple(left_out))


def _with_authorizers(stack: Stack, resources: list[Resource]) -> list[Resource]:
    """Return the resources, with the authorizer of each API event in SAM functions."""
    apis = {one.name: one.properties for one in resources if one.type in SAM_APIS}

    def common(kind: str) -> Value:
        written = stack.common(kind)
        return {} if written is None else stack.evaluated(written)

    return [
        replace(one, properties=with_authorizers(one.properties, apis, common)) if one.type in SAM_EVENTS else one
        for one in resources
    ]


def _nested(name: str, properties: Value, line: int) -> UnseenResources:
    told = properties if isinstance(properties, dict) else {}
    place = told.get("TemplateURL", told.get("Location"))
    text = place if isinstance(place, str) else ""
    what = f"a nested stack, in a separate template: {name}"
    return UnseenResources(what, line, Extent.ELSEWHERE, text, given="Parameters" in told, content=properties)


def _resource(stack: Stack, name: str, body: Any, outside: Evaluation) -> Resource | UnseenResources:
    kind = body.get("Type") if isinstance(body, Block) else None
    if not isinstance(kind, str) or not isinstance(body, Block):
        return UnseenResources(f"a resource without a type: {name}", getattr(body, "line", 0))
    if TRANSFORM in body and not is_include(body[TRANSFORM]):
        return UnseenResources(f"a macro may change all of a resource: {name}", body.line)
    common = stack.common(kind.removeprefix(SAM)) if kind.startswith(SAM) else None
    own = body["Properties"] if body.get("Properties") is not None else Block()
    properties = outside.where(body.get("Condition")).finished(_completed(own, common))
    if not isinstance(properties, dict | Unknown):
        properties = unknown(properties, why="Properties")
    if isinstance(properties, dict) and (more := next((key for key in body if key.startswith(FUNCTION)), None)):
        properties = {**properties, REST: Unknown((more,))}
    if isinstance(properties, dict) and isinstance(common, Unknown):
        properties = {**properties, REST: common}
    written = body.get("DependsOn", [])
    names = (outside.value(entry) for entry in (written if isinstance(written, list) else [written]))
    others = tuple(found for found in names if isinstance(found, str))
    off = outside.is_off(body.get("Condition"))
    told = {"off": off, "open": outside.is_open(body.get("Condition"))}
    return Resource(name, kind, properties, body, end=body.end, depends_on=others, common=common, **told)


def _completed(own: Any, common: Any) -> Any:
    """Return a resource merged with `Globals` before functions are evaluated, like SAM: mappings are merged, lists
    concatenated; otherwise the resource's own value counts, a function unevaluated, `AWS::NoValue` too.
    """
    if _is_called(own) or (_is_called(common) and TRANSFORM not in common):  # the result of that one is merged
        return own
    if isinstance(own, Block) and isinstance(common, Block):
        both = Block(own.line, own.end)
        for name in (*common, *(name for name in own if name not in common)):
            value = _completed(own[name], common[name]) if name in own and name in common else (own | common)[name]
            both.put(name, value, own.lines.get(name, own.line))
        return both
    return [*common, *own] if isinstance(own, list) and isinstance(common, list) else own


def _is_called(written: Any) -> bool:
    """Return whether a part of a template is the call of a function; loops are unrolled before."""
    if not isinstance(written, Mapping) or len(written) != 1:
        return False
    (function,) = written
    return function in ("Ref", "Condition") or (function.startswith(FUNCTION) and not function.startswith(LOOP))
