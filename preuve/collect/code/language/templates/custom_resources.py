"""The code behind a resource of a template that runs some: when the stack is made, changed and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.collect.code.language.templates.evaluation import SAM
from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.templates.sam_events import SAM_EVENTS
from preuve.collect.code.language.values.value import PartText, Value, items_of, sources_of

DOCUMENT_RUN = "AWS::SSM::Association"  # runs a document of Systems Manager when it is made
_CALLED = {DOCUMENT_RUN: "Name"}  # names what is run; in a custom resource, `ServiceToken` names the function
_RUNNING = ("AWS::Lambda::", "AWS::SSM::Document", SAM)  # types of what is run, and of what that runs
_TOPIC, _SUBSCRIPTION = "AWS::SNS::Topic", "AWS::SNS::Subscription"
# What gives a resource its name, with which its ARN ends.
_NAME_OF = {"AWS::Lambda::Function": "FunctionName", f"{SAM}Function": "FunctionName", _TOPIC: "TopicName"}
_DOCUMENT = "AWS::SSM::Document"
_END = re.compile(r":(?:function:([\w-]+)(?::[\w$-]+)?|([\w-]+))$")
_DOCUMENT_AT = re.compile(r"(?:.*:document/)?([\w.-]+)", re.DOTALL)  # it is named alone too
# Properties of a function that leave what it does as it is.
_APART = frozenset(
    {"Description", "Tags", "MemorySize", "Timeout", "ReservedConcurrentExecutions", "Tracing", "TracingConfig"}
    | {"LoggingConfig", "EphemeralStorage"}
)


def code_behind(custom: Resource, named: Mapping[str, Resource]) -> Iterator[Resource]:
    """Yield what the template says of the function behind a custom resource, of its versions and of its layers; where a
    topic hands the requests on, of those that it reaches; of the document that an association runs.
    """
    token = _property(custom, _CALLED.get(custom.type, "ServiceToken"))
    found = _behind(token, named) | (_documents(token, named) if custom.type == DOCUMENT_RUN else set[str]())
    waiting, seen = sorted(found), set[str]()
    while waiting:
        one = named[waiting.pop()]
        if one.name in seen or not one.type.startswith(_RUNNING):
            continue
        seen.add(one.name)
        whole = isinstance(one.properties, dict)
        said = {key: value for key, value in one.properties.items() if key not in _APART} if whole else one.properties
        yield replace(one, properties=said)
        waiting += sorted(sources_of([said]) & named.keys())


def _behind(token: Value, named: Mapping[str, Resource]) -> set[str]:
    """Return the resources that a token names, and what a topic among them hands its messages to."""
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
    """Return the resources that a value names: by references, or by their own names at the end of ARNs."""
    ends = {text.group(1) or text.group(2) for text in map(_END.search, _ends_of(value)) if text}
    own = {it.name for it in named.values() if it.type in _NAME_OF and _property(it, _NAME_OF[it.type]) in ends}
    return {*(sources_of([value]) & named.keys()), *own}


def _documents(value: Value, named: Mapping[str, Resource]) -> set[str]:
    """Return the documents that a value names by their own names."""
    names = {text[1] for text in map(_DOCUMENT_AT.fullmatch, _ends_of(value)) if text}
    return {it.name for it in named.values() if it.type == _DOCUMENT and _property(it, "Name") in names}


def _ends_of(value: Value) -> Iterator[str]:
    """Yield the texts in a value; of one that is known in part its end."""
    last = value.parts[-1] if isinstance(value, PartText) else value
    if isinstance(last, str):
        yield last
    for item in items_of(value):
        yield from _ends_of(item)


def _property(resource: Resource, name: str) -> Value:
    return resource.properties.get(name) if isinstance(resource.properties, dict) else resource.properties
