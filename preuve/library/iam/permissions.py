"""The IAM policies for exactly the calls that a selection of policies makes. Pure: declarations in, documents out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from preuve.library.iam.actions import actions
from preuve.library.validation.rules import Needs
from preuve.library.validation.shapes import operation_model
from preuve.model.content import AWS, GITHUB, Call, Library, ResourceType

LONGEST_POLICY = 6_144  # characters of a managed policy; IAM does not count white space
_ROOM = LONGEST_POLICY - 600  # for the actions of one statement
Document = Mapping[str, Any]

_GATEWAY = frozenset({"apigateway", "apigatewayv2"})
_VARIABLE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, order=True)
class Permission:
    """An IAM action, and the resources that it is needed on."""

    action: str
    resource: str = "*"

    @property
    def service(self) -> str:
        """The prefix of the action."""
        return self.action.split(":")[0]


def required(library: Library, needs: Needs, partition: str = "aws") -> tuple[Permission, ...]:
    """Return the permissions for every call that collecting `needs` can make, sorted (`sts:GetCallerIdentity`
    requires none).
    """
    return tuple(sorted({found for call in calls(library, needs) for found in _permissions(call, partition)}))


def calls(library: Library, needs: Needs) -> Iterator[Call]:
    """Yield every call to AWS that collecting `needs` can make."""
    yield from _calls_to(AWS, library, needs)


def of_github(library: Library, needs: Needs) -> tuple[str, ...]:
    """Return the permissions of a GitHub token that collecting `needs` requires, all for reading."""
    return tuple(sorted({name for call in calls_to_github(library, needs) for name in call.iam}))


def calls_to_github(library: Library, needs: Needs) -> Iterator[Call]:
    """Return every call to GitHub that collecting `needs` can make."""
    return _calls_to(GITHUB, library, needs)


def _calls_to(provider: str, library: Library, needs: Needs) -> Iterator[Call]:
    for name, members in needs.types.items():
        if library.types[name].provider == provider:
            yield from _calls(library.types[name], members)


def _calls(declared: ResourceType, members: frozenset[str]) -> Iterator[Call]:
    """Yield the calls of a collector for a type: listings, completion, fallbacks, and the details that conditions
    read.
    """
    own = [*declared.lists, *declared.fallback.values()]
    own += [declared.hydrate] if declared.hydrate else []
    own += [call for member, call in declared.details.items() if member in members]
    for call in own:
        yield call
        if call.prepare is not None:
            yield call.prepare.call
        if call.counted is not None:
            yield call.counted.call
        if call.proved is not None:
            yield call.proved.call


def _permissions(call: Call, partition: str) -> Iterator[Permission]:
    resource = f"arn:{partition}:apigateway:*::{_path(call)}" if call.service in _GATEWAY else "*"
    return (Permission(action, resource) for action in actions(call))


def _path(call: Call) -> str:
    """Return the path of a call to API Gateway: it has a single action for reading anything, including the values of
    API keys.
    """
    uri = str(operation_model(call.service, call.operation).http["requestUri"])
    return _VARIABLE.sub("*", uri.split("?", maxsplit=1)[0].removeprefix("/v2"))


def documents(permissions: Iterable[Permission]) -> tuple[Document, ...]:
    """Return the policy documents: as few as possible within IAM's limit of size."""
    packed: list[list[Document]] = []
    for statement in _statements(permissions):
        if not packed or size(_document([*packed[-1], statement])) > LONGEST_POLICY:
            packed.append([])
        packed[-1].append(statement)
    return tuple(_document(part) for part in packed)


def size(document: Document) -> int:
    """Return the size of a document as IAM counts it, in characters."""
    return len(json.dumps(document, separators=(",", ":")))


def as_json(policies: Sequence[Document]) -> str:
    """Return one policy document, or a list of them if one cannot hold every action."""
    return json.dumps(policies[0] if len(policies) == 1 else list(policies), indent=2) + "\n"


def _document(part: Sequence[Document]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(part)}


def _statements(permissions: Iterable[Permission]) -> Iterator[Document]:
    """Yield a statement per service; several if its actions need different resources or would exceed one policy."""
    for service, found in groupby(sorted(set(permissions)), key=lambda permission: permission.service):
        for number, (allowed, on) in enumerate(_parts(list(found)), start=1):
            yield {"Sid": _sid(service, number), "Effect": "Allow", "Action": allowed, "Resource": on}


def _parts(found: Sequence[Permission]) -> Iterator[tuple[list[str], str | list[str]]]:
    everywhere = [permission.action for permission in found if permission.resource == "*"]
    yield from ((part, "*") for part in _cut(everywhere))
    limited = [permission for permission in found if permission.resource != "*"]
    if limited:
        allowed = sorted({permission.action for permission in limited})
        yield allowed, sorted({permission.resource for permission in limited})


def _cut(names: Sequence[str]) -> Iterator[list[str]]:
    """Yield the names in parts that each fit in one policy."""
    part: list[str] = []
    for name in names:
        if part and sum(len(item) + 3 for item in (*part, name)) > _ROOM:
            yield part
            part = []
        part.append(name)
    if part:
        yield part


def _sid(service: str, number: int) -> str:
    words = "".join(part.capitalize() for part in service.split("-"))
    return f"Read{words}{number if number > 1 else ''}"
