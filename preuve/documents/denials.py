"""Decides what a document surely denies, to everyone or to everyone except named principals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, unknown
from preuve.documents.callers.conditions import UNLIKE, begun, operator_of, without_key
from preuve.documents.callers.parties import expanded
from preuve.documents.document import Condition, Document, Items, Statement, Text, Unknown
from preuve.documents.names import LENGTHS, LETTERS, is_loose, of_all
from preuve.documents.patterns import FRESH, lower, sample_texts, text_covers, text_is, text_meets, texts_cover, widest

# What every principal sends beside its name. An SCP binds no service of AWS, so that to spare them spares nobody:
# docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
_PRINCIPAL = {"aws:principalisawsservice": ("false",)}
# Unnamed principals of any account: a pattern that holds these exempts everybody.
_SOMEBODY = (
    *(f"arn:*:iam::*:{kind}/{name}" for kind in ("role", "user") for name in (FRESH, f"{FRESH}/{FRESH}")),
    f"arn:*:iam::{FRESH}:root",
    # Anyone who signs in through IAM Identity Center, with any permission set.
    f"arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{FRESH}_{FRESH}",
    f"arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/{FRESH}/AWSReservedSSO_{FRESH}_{FRESH}",
)
_EQUAL = ("stringequals", "stringequalsignorecase", "bool")
_WHATEVER_CASE = ("bool", "null", "stringequalsignorecase", "stringnotequalsignorecase")
_LIKE = ("stringlike", "arnequals", "arnlike")

Request = Mapping[str, Collection[str]]


def denies(
    document: Document, actions: Collection[str], resource: str, request: Request, *, but_named: bool = False
) -> Answer:
    """Return whether each of the actions on the resource (patterns, all of which must be denied) is surely denied to
    everyone.

    `request` are the condition keys that the caller sends, each with all its possible values: none for a key that no
    such request has. A Deny with a condition on any other key may not apply and does not count, unless it requires a
    time that has begun. `but_named`: named principals may be exempt by their ARN.
    """
    sent = {name.lower(): tuple(values) for name, values in sorted(request.items())}
    if but_named:
        sent |= {"aws:principalarn": _SOMEBODY, **_PRINCIPAL}
    hidden = [unknown(cause) for cause in document.hidden]
    return all_of(
        any_of([*(_statement(one, action.lower(), resource, sent) for one in document.statements), *hidden])
        for action in actions
    )


def denies_elsewhere(
    document: Document, actions: Collection[str], resource: str, key: str, allowed: Collection[str]
) -> Answer:
    """Return whether `denies` holds, except for named principals, for every value of a condition key that is not
    allowed.

    The values of the key are in lower case, like names of regions. Every value that the document can distinguish from
    another is tried, whether the document names it or not.
    """
    patterns = [widest(lower(value)) for value in _values(document, key.lower())]
    values = sample_texts([*patterns, *allowed])
    if values is None:
        return unknown("too many patterns")
    return all_of(
        denies(document, actions, resource, {key: [value]}, but_named=True) for value in values if value not in allowed
    )


def _values(document: Document, key: str) -> Iterator[Text]:
    """Yield the values that the conditions on a key compare it with."""
    for statement in document.statements:
        for one in statement.conditions if isinstance(statement.conditions, tuple) else ():
            if isinstance(one, Condition) and one.key == key and isinstance(one.values, tuple):
                yield from one.values


def _statement(statement: Statement, action: str, resource: str, sent: Request) -> Answer:
    said = text_is(statement.effect, "Deny")
    if said.value is False:
        return NO
    return all_of(
        (
            said,
            _to_everyone(statement),
            _covers(_lower(statement.actions), _lower(statement.not_actions), action),
            # Resource names are case-sensitive, but here an exception for any case of a name counts.
            _covers(statement.resources, _lower(statement.not_resources), resource),
            _applies(statement, sent),
        )
    ).at(statement.place)


def _to_everyone(statement: Statement) -> Answer:
    """Return whether a statement is for everyone. A policy of an organisation names no principals: it is for all."""
    principals = statement.principals
    if statement.not_principals is not None:
        return unknown(statement.not_principals.cause) if isinstance(statement.not_principals, Unknown) else NO
    if principals is None:
        return YES
    if isinstance(principals, Unknown):
        return unknown(principals.cause)
    return any_of(
        unknown(one.cause)
        if isinstance(one, Unknown)
        else all_of((text_is(one.kind, "AWS"), text_covers(one.value, "*")))
        for one in principals
    )


def _covers(items: Items, but: Items, inner: str) -> Answer:
    """Return whether patterns, or all but others (in lower case), together match everything that a pattern matches."""
    hidden = [part.cause for part in (items, but) if isinstance(part, Unknown)]
    if hidden:
        return unknown(*hidden)
    if isinstance(items, tuple):
        return texts_cover(items, inner)
    if isinstance(but, tuple):
        return ~any_of(text_meets(inner.lower(), item) for item in but)
    return NO


def _lower(items: Items) -> Items:
    return tuple(map(lower, items)) if isinstance(items, tuple) else items


def _applies(statement: Statement, sent: Request) -> Answer:
    if isinstance(statement.conditions, Unknown):
        return unknown(statement.conditions.cause)
    return all_of(_holds(condition, sent) for condition in statement.conditions)


def _holds(condition: Condition | Unknown, sent: Request) -> Answer:
    """Return whether a condition holds for all values that are sent."""
    if isinstance(condition, Unknown):
        return unknown(condition.cause)
    if isinstance(condition.operator, Unknown):
        return unknown(condition.operator.cause)
    if isinstance(condition.key, Unknown):
        return unknown(condition.key.cause)
    values = sent.get(condition.key)
    if not values:
        return begun(condition) if values is None else without_key(condition)
    if isinstance(condition.values, Unknown):
        return unknown(condition.values.cause)
    return _compared(operator_of(condition.operator)[1], condition.values, values)


def _compared(base: str, items: Sequence[Text], values: Collection[str]) -> Answer:
    """Return whether an operator holds between each of the values that may be sent and the items of a condition."""
    if base in _WHATEVER_CASE:
        items, values = [lower(item) for item in items], [value.lower() for value in values]
    if base == "null":
        return any_of(text_is(item, "false") for item in items)
    if base in _EQUAL:
        return all_of(any_of(text_is(item, value) for item in items) for value in values)
    if base in _LIKE:
        return all_of(texts_cover(items, value) for value in values)
    if base in UNLIKE:
        one = (text_meets(value, _brought(item)) for item in items for value in values)
        return ~any_of([*one, *_by_letters(items, values)])
    return NO


def _by_letters(items: Sequence[Text], values: Collection[str]) -> Iterator[Answer]:
    """Yield whether patterns together match names of any letter or length: `*a`, `*b`, …."""
    loose = [item for item in items if isinstance(item, str) and is_loose(item.rsplit("/", 1)[-1])]
    for value in values if loose else ():
        for family in (*LETTERS, LENGTHS) if value.endswith(f"/{FRESH}") else ():
            named = (value.replace(FRESH, name) for name in family)
            yield of_all(any_of(text_meets(one, item) for item in loose) for one in named)


def _brought(item: Text) -> Text:
    """Replace the variables of an item by anything: they may expand to the value that the caller sends."""
    return expanded(item) if isinstance(item, str) else replace(item, known=tuple(map(expanded, item.known)))
