"""Decides whether a resource policy allows one request of an AWS service, as AWS evaluates it: a Deny that applies
wins, otherwise an Allow that applies is needed.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html; operators and keys: as in `callers/`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from preuve.documents.answer import NO, Answer, all_of, any_of, unknown
from preuve.documents.callers import keys
from preuve.documents.callers.conditions import UNLIKE, operator_of, without_key
from preuve.documents.callers.keys import Caller
from preuve.documents.document import Condition, Document, Principal, Statement, Text, Unknown
from preuve.documents.patterns import FRESH, is_wild, lower, text_covers, text_is, text_meets
from preuve.documents.permitted_actions import all_conditions, allowed_on, combine

_ARNS = ("arnequals", "arnlike")
_LIKE = ("stringequals", "stringequalsignorecase", "stringlike", *_ARNS)
# What every service sends in its own name, over TLS. No document names the account of AWS itself.
_EVERY = {
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
    "aws:principalaccount": (FRESH,),
    "aws:userid": (FRESH,),
}
_UNDERSTOOD = frozenset({*_LIKE, *UNLIKE, "bool", "null"})


@dataclass(frozen=True)
class ServiceRequest:
    """A request of an AWS service: its principal, a resource, and the condition keys that it sends.

    Each key (in lower case) has its possible values, with "" if it may be missing. A key that is not listed may have
    any value, or none, unless services never send it, or all send the same.
    """

    service: str
    resource: str
    sent: Mapping[str, Collection[str]]

    def values(self, key: str) -> Collection[str] | None:
        """Return the values that a key (in lower case) may have; None if any."""
        sent = {"aws:principalservicename": (self.service,), **_EVERY, **self.sent}
        if key in sent:
            return sent[key]
        known = keys.sent_value(key, Caller.SERVICE)
        if not known.present:
            return ("",)
        return (*known.choices, "") if known.choices and known.absent else known.choices or None


def allows(document: Document, actions: Collection[str], request: ServiceRequest) -> Answer:
    """Return whether a policy lets a service do all the actions."""

    def applies(statement: Statement) -> Answer:
        return all_of((_names(statement, request), all_conditions(statement, lambda one: holds(one, request.values))))

    rights = combine([document])
    return all_of(allowed_on(rights, action.lower(), request.resource, applies, applies) for action in actions)


def _names(statement: Statement, asked: ServiceRequest) -> Answer:
    """Return whether a statement is about the service that sends the request."""
    if statement.not_principals is not None:
        return ~_among(statement.not_principals, asked)
    return NO if statement.principals is None else _among(statement.principals, asked)


def _among(principals: tuple[Principal | Unknown, ...] | Unknown, asked: ServiceRequest) -> Answer:
    if isinstance(principals, Unknown):
        return unknown(principals.cause)
    return any_of(
        unknown(one.cause) if isinstance(one, Unknown) else _is_caller(one.kind, one.value, asked) for one in principals
    )


def _is_caller(kind: Text, value: Text, asked: ServiceRequest) -> Answer:
    """Return whether a principal is the service. `*` is everyone; an account, or all of one, is no service."""
    everyone = all_of((text_is(kind, "AWS"), text_is(value, "*")))
    if kind == "Service" and isinstance(value, str) and is_wild(value):
        return unknown(f"{value} is not the name of a service")
    return any_of((everyone, all_of((text_is(kind, "Service"), text_is(value, asked.service)))))


def holds(condition: Condition, values_of: Callable[[str], Collection[str] | None]) -> Answer:
    """Return whether a condition holds for every possible value of its key (None: any value)."""
    if isinstance(condition.operator, Unknown) or isinstance(condition.key, Unknown):
        return unknown(*(one.cause for one in (condition.operator, condition.key) if isinstance(one, Unknown)))
    values = values_of(condition.key)
    base = operator_of(condition.operator)[1]
    if values is None or base not in _UNDERSTOOD or isinstance(condition.values, Unknown):
        return unknown(f"{condition.operator} {condition.key}")
    answers = [_compared(base, condition.values, value) if value else without_key(condition) for value in values]
    agreed = {answer.value for answer in answers}
    return answers[0] if len(agreed) == 1 else unknown(f"{condition.operator} {condition.key}")


def _compared(base: str, items: Sequence[Text], value: str) -> Answer:
    """Return whether a condition holds for a value of its key."""
    if base == "null":
        return any_of(text_is(lower(item), "false") for item in items)
    if base == "bool":
        return any_of(text_is(lower(item), value.lower()) for item in items)
    alike = any_of(_alike(base.replace("not", ""), item, value) for item in items)
    return ~alike if base in UNLIKE else alike


def _alike(base: str, item: Text, value: str) -> Answer:
    if isinstance(item, str) and "${" in item:
        return unknown(item)
    if base in _ARNS:
        return text_meets(value, item)
    if base == "stringlike":
        return text_covers(item, value)
    return text_is(lower(item), value.lower()) if base == "stringequalsignorecase" else text_is(item, value)
