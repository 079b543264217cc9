"""Examples of a policy: resources and the verdict that must come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from preuve.model.content.rule import TYPE
from preuve.model.errors import Position
from preuve.model.forms import ADDED, items, keywords, text

_TEXTS = {"type": "array", "items": {"type": "string"}}
_SCOPE = {
    "accounts": _TEXTS | {"description": "Ids of the accounts."},
    "regions": _TEXTS | {"description": "The regions."},
    "country": {"type": "string", "description": "The country of the company."},
}


@dataclass(frozen=True)
class Example:
    """A resource as a condition sees it."""

    expected: Annotated[str, ADDED]  # pass | fail | not_applicable | not_evaluated: the verdict that must come out
    position: Annotated[Position, ADDED]
    resource: Annotated[
        Mapping[str, Any],
        keywords("Members as AWS returns them; relations inline as lists, IAM documents as written in IAM JSON."),
    ]
    type: Annotated[str, text("The resource type; required if aws has several rules.", pattern=TYPE)] = ""
    name: Annotated[str, text("What the example is about; shown if the verdict is another one.")] = ""
    account: Annotated[Mapping[str, Any], keywords("Members of AWS::Account other than Id and Partition.")] = field(
        default_factory=dict
    )
    region: Annotated[Mapping[str, Any], keywords("Members of AWS::Region other than Name.")] = field(
        default_factory=dict
    )
    org: Annotated[
        Mapping[str, Any],
        keywords(
            "The scope of the workspace.",
            closed=True,
            properties=_SCOPE,
        ),
    ] = field(default_factory=dict)
    params: Annotated[Mapping[str, Any], keywords("Parameters that differ from their defaults.")] = field(
        default_factory=dict
    )
    environment: Annotated[str, text("The environment that the workspace names for the account.")] = ""
    now: Annotated[
        str,
        text(
            "The time of the assessment; 2026-11-24T12:00:00Z if left out.",
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$",
        ),
    ] = ""
    unread: Annotated[
        tuple[str, ...],
        items("Members of the resource, or Relation.Member, that could not be read.", least=0, once=True),
    ] = ()
    newer: Annotated[
        bool,
        keywords(
            "It has a value that the models of an older, supported boto3 lack: with such a boto3 it is NOT_EVALUATED "
            "for that reason.",
            const=True,
        ),
    ] = False


@dataclass(frozen=True)
class Examples:
    """Resources and the verdict that must come out."""

    pass_: Annotated[tuple[Example, ...], items("They pass.")] = ()
    fail: Annotated[tuple[Example, ...], items("They fail.")] = ()
    not_applicable: Annotated[tuple[Example, ...], items("The condition does not concern them.")] = ()
    not_evaluated: Annotated[tuple[Example, ...], items("A member that decides was not read.")] = ()
