"""The code that a resource of a template runs when the stack is made, changed and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.collect.code.language.dependencies.names import is_named
from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.templates.sam_events import SAM_EVENTS
from preuve.collect.code.language.templates.unseen_resources import SAM
from preuve.collect.code.language.values.value import Value, items_of, sources_of, unknowns

DOCUMENT_RUN = "AWS::SSM::Association"  # runs a document of Systems Manager when it is made
_CALLED = {DOCUMENT_RUN: "Name"}  # names what is run; in a custom resource, `ServiceToken` names the function
_RUNNING = ("AWS::Lambda::", "AWS::SSM::Document", SAM)  # types of what is run, and of what that runs
_TOPIC, _SUBSCRIPTION = "AWS::SNS::Topic", "AWS::SNS::Subscription"
# The properties that give a resource its name, which is in its ARN.
_NAME_OF = {
    **dict.fromkeys(("AWS::Lambda::Function", f"{SAM}Function"), "FunctionName"),
    **dict.fromkeys(("AWS::Lambda::LayerVersion", f"{SAM}LayerVersion"), "LayerName"),
    _TOPIC: "TopicName",
    "AWS::SSM::Document": "Name",
}
_MADE_BY_SAM = re.compile("Alias|Version")  # suffixes of the names that SAM derives from a function's
# Properties of a function that do not change what it does.
_APART = frozenset(
    {"Description", "Tags", "MemorySize", "Timeout", "ReservedConcurrentExecutions", "Tracing", "TracingConfig"}
    | {"LoggingConfig", "EphemeralStorage"}
)


def code_behind(custom: Resource, named: Mapping[str, Resource]) -> Iterator[Resource]:
    """Yield the parts of a template that determine the code of a custom resource: its function, versions and layers; if
    a topic passes the requests on, its subscribers; for an association, the document that it runs.
    """
    token = _property(custom, _CALLED.get(custom.type, "ServiceToken"))
    waiting, seen = sorted(_behind(token, named)), set[str]()
    while waiting:
        one = named[waiting.pop()]
        if one.name in seen or not one.type.startswith(_RUNNING):
            continue
        seen.add(one.name)
        whole = isinstance(one.properties, dict)
        said = {key: value for key, value in one.properties.items() if key not in _APART} if whole else one.properties
        yield replace(one, properties=said)
        layers = said.get("Layers") if whole else said
        waiting += sorted((sources_of([said]) & named.keys()) | _named_in(layers, named))


def _behind(token: Value, named: Mapping[str, Resource]) -> set[str]:
    """Return the resources that a token names, and the subscribers of a topic among them."""
    found = _named_in(token, named)
    for topic in [name for name in found if named[name].type == _TOPIC]:
        found |= _named_in(_property(named[topic], "Subscription"), named)
        for one in named.values():
            if one.type == _SUBSCRIPTION and topic in _named_in(_property(one, "TopicArn"), named):
                found |= _named_in(_property(one, "Endpoint"), named)
            elif one.type in SAM_EVENTS and topic in sources_of([_property(one, "Events")]):
                found.add(one.name)
    return found


def _named_in(value: Value, named: Mapping[str, Resource]) -> set[str]:
    """Return the resources that a value names: by references, or by their own names, alone or in ARNs."""
    texts = [value, *items_of(value)]
    own = ((it.name, _property(it, _NAME_OF[it.type])) for it in named.values() if it.type in _NAME_OF)
    alike = {name for name, called in own if any(is_named(one, called) for one in texts)}
    causes = (cause.removeprefix("Ref ") for one in unknowns(value) for cause in one.causes)
    of_sam = {name for cause in causes for name in _starts(cause) if name in named}
    return {*(sources_of([value]) & named.keys()), *alike, *of_sam}


def _starts(cause: str) -> Iterator[str]:
    """Yield the functions from which SAM may make a resource with this name."""
    for at in _MADE_BY_SAM.finditer(cause):
        yield cause[: at.start()]


def _property(resource: Resource, name: str) -> Value:
    return resource.properties.get(name) if isinstance(resource.properties, dict) else resource.properties
