"""IAM policy documents in one form, in which any part may be unknown and nothing is lost.

`read` takes parsed JSON: mappings, lists, texts, booleans and numbers, any of which may be an `Unknown`. Elements are
spelled as AWS spells them: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Unknown:
    """A text, a list or a part that is unknown, and why.

    `known` are the known pieces of a text, in order, with an unknown piece between each two (which may be empty, and
    may contain wildcards): ("arn:aws:s3:::", "/*"). ("", "") says nothing about the text. `many`: any number of
    items, possibly none, or a whole part; otherwise exactly one text. `plain`: each unknown piece is the name, id or
    ARN of one thing, as a resource or a data source returns it: not empty, without wildcards, and not chosen by a
    stranger.
    """

    cause: str
    known: tuple[str, ...] = ("", "")
    many: bool = False
    plain: bool = False


ARN_PARTS = 6
_WITH_VARIABLES = "2012-10-17"
_OF_ARNS = re.compile(r"(?:^|:)arn(?:not)?(?:equals|like)(?:ifexists)?$", re.IGNORECASE)
Text = str | Unknown
# The items in order; None if the element is missing; an Unknown if it may exist, with any items.
Items = tuple[Text, ...] | Unknown | None


@dataclass(frozen=True)
class Principal:
    """One principal: kind is AWS (also where the document says `"*"`), Service, Federated or CanonicalUser."""

    kind: Text
    value: Text


@dataclass(frozen=True)
class Condition:
    """One key of one operator; all conditions of a statement must hold, and one of the values suffices."""

    operator: Text
    key: Text
    values: tuple[Text, ...] | Unknown


@dataclass(frozen=True)
class Statement:
    """A statement. `place` is its place for readers: `Statement[1] (Sid)`.

    `perhaps`: a loop may make it any number of times, and its unknown parts may differ each time. `principals`,
    `not_principals` and `conditions` may contain Unknowns among known items; `conditions` is empty if there are none.
    """

    effect: Text
    actions: Items
    not_actions: Items
    resources: Items
    not_resources: Items
    principals: tuple[Principal | Unknown, ...] | Unknown | None
    not_principals: tuple[Principal | Unknown, ...] | Unknown | None
    conditions: tuple[Condition | Unknown, ...] | Unknown
    place: str
    perhaps: bool = False


@dataclass(frozen=True)
class Document:
    """A document; `hidden` has the causes for which there may be unseen statements with any content."""

    statements: tuple[Statement, ...]
    hidden: tuple[str, ...] = ()


def as_of(version: str | Unknown, statement: Statement) -> Statement:
    """Return a statement with the meaning that it has in a document of a version: every version but that of 2012 reads
    variables as letters.

    docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    if version == _WITH_VARIABLES:
        return statement
    statement = replace(
        statement,
        resources=_items_of(version, statement.resources),
        not_resources=_items_of(version, statement.not_resources),
    )
    if isinstance(statement.conditions, Unknown):
        return statement
    return replace(statement, conditions=tuple(_condition_of(version, one) for one in statement.conditions))


def _condition_of(version: str | Unknown, condition: Condition | Unknown) -> Condition | Unknown:
    if isinstance(condition, Unknown) or isinstance(condition.values, Unknown):
        return condition
    return replace(condition, values=tuple(_text_of(version, value) for value in condition.values))


def _items_of(version: str | Unknown, items: Items) -> Items:
    return tuple(_text_of(version, item) for item in items) if isinstance(items, tuple) else items


def _text_of(version: str | Unknown, text: Text) -> Text:
    """Return a text whose only variables stand for the letter `$`."""
    pieces = (text,) if isinstance(text, str) else text.known
    if not any("${" in piece for piece in pieces):
        return text
    if isinstance(version, Unknown):
        return Unknown(version.cause)
    if isinstance(text, str):
        return _literally(text)
    return replace(text, known=tuple(map(_literally, pieces)))


def _literally(text: str) -> str:
    """Return a text in which each `${` is written as a document of 2012 writes the letter: `${$}{`."""
    return text.replace("${", "${$}{")


def read(value: Any) -> Document:
    """Return the document in parsed JSON; None is a document without statements. Parts without a valid form become
    Unknown.
    """
    if value is None:
        return Document(())
    if isinstance(value, Unknown):
        return Document((), (value.cause,))
    if not isinstance(value, Mapping):
        return Document((), (f"the document is {_kind(value)}, not an object",))
    members, hidden = _members(value, ("version", "id", "statement"), "the document")
    said = members.get("version")
    version = said if isinstance(said, Unknown) else str(said)
    statements: list[Statement] = []
    for number, item in enumerate(_listed(members.get("statement"))):
        if isinstance(item, Unknown) or not isinstance(item, Mapping):
            hidden.append(item.cause if isinstance(item, Unknown) else f"Statement[{number}] is {_kind(item)}")
        else:
            statements.append(as_of(version, _statement(item, number)))
    return Document(tuple(statements), tuple(hidden))


_ELEMENTS = (
    *("sid", "effect", "action", "notaction", "resource", "notresource"),
    *("principal", "notprincipal", "condition"),
)


def _statement(value: Mapping[Any, Any], number: int) -> Statement:
    place = f"Statement[{number}]"
    members, strange = _members(value, _ELEMENTS, place)
    sid = members.get("sid")
    # An element that preuve does not understand may change the statement's meaning, so not all conditions are known.
    beside = tuple(Unknown(cause, many=True) for cause in strange)
    conditions = _conditions(members.get("condition"), place)
    return Statement(
        effect=_effect(members.get("effect"), place),
        actions=_texts(members, "action", place),
        not_actions=_texts(members, "notaction", place),
        resources=_texts(members, "resource", place),
        not_resources=_texts(members, "notresource", place),
        principals=_principals(members, "principal", place),
        not_principals=_principals(members, "notprincipal", place),
        conditions=conditions if isinstance(conditions, Unknown) else (*conditions, *beside),
        place=f"{place} ({sid})" if isinstance(sid, str) and sid else place,
    )


def _members(value: Mapping[Any, Any], names: tuple[str, ...], place: str) -> tuple[dict[str, Any], list[str]]:
    """Return the elements by their lower-case name, and the problems of names that are unknown or come twice."""
    found: dict[str, Any] = {}
    strange: list[str] = []
    for key, item in value.items():
        name = key.lower() if isinstance(key, str) else ""
        if isinstance(key, Unknown):
            strange.append(key.cause)
        elif name not in names or name in found:
            strange.append(f"{place} has an element {key!r} that is not understood")
        else:
            found[name] = item
    return found, strange


def _effect(value: Any, place: str) -> Text:
    if isinstance(value, Unknown) or value in ("Allow", "Deny"):
        return value  # type: ignore[no-any-return] # `in` narrows it
    return Unknown(f"{place}.Effect is neither Allow nor Deny")


def _texts(members: Mapping[str, Any], name: str, place: str) -> Items:
    value = members.get(name)
    return None if value is None else _items(value, f"{place}.{name}")


def _items(value: Any, place: str) -> tuple[Text, ...] | Unknown:
    """Read one text or a list of texts; an unknown number of items makes the list unknown."""
    if isinstance(value, Unknown) and value.many:
        return value
    return tuple(_text(item, place) for item in _listed(value))


def _principals(members: Mapping[str, Any], name: str, place: str) -> tuple[Principal | Unknown, ...] | Unknown | None:
    value = members.get(name)
    if value is None or isinstance(value, Unknown):
        return value
    if not isinstance(value, Mapping):
        return tuple(_principal("AWS", item, place) for item in _listed(value))
    return tuple(
        _principal(kind if isinstance(kind, Unknown) else "AWS" if kind == "*" else str(kind), item, place)
        for kind, items in value.items()
        for item in _listed(items)
    )


def _principal(kind: Text, value: Any, place: str) -> Principal | Unknown:
    text = _text(value, f"{place}.Principal")
    if isinstance(text, Unknown) and text.many:
        return text
    return Principal(kind, text)


def _conditions(value: Any, place: str) -> tuple[Condition | Unknown, ...] | Unknown:
    if value is None:
        return ()
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Mapping):
        return Unknown(f"{place}.Condition is {_kind(value)}, not an object")
    found: list[Condition | Unknown] = []
    for operator, keys in value.items():
        if isinstance(keys, Unknown) or not isinstance(keys, Mapping):
            cause = keys.cause if isinstance(keys, Unknown) else f"{place}.Condition.{operator} is {_kind(keys)}"
            found.append(Unknown(cause, many=True))
            continue
        found += [
            Condition(
                operator if isinstance(operator, Unknown) else str(operator),
                key if isinstance(key, Unknown) else str(key).lower(),
                _compared(operator, _items(items, f"{place}.Condition")),
            )
            for key, items in keys.items()
        ]
    return tuple(found)


def _compared(operator: Text, items: tuple[Text, ...] | Unknown) -> tuple[Text, ...] | Unknown:
    """Return the values that an operator compares with. AWS compares ARNs part by part, and does not document how it
    compares one with fewer than six parts.
    """
    if isinstance(items, Unknown) or not isinstance(operator, str) or not _OF_ARNS.search(operator):
        return items
    return tuple(_arn(item, operator) for item in items)


def _arn(text: Text, operator: str) -> Text:
    pieces = (text,) if isinstance(text, str) else text.known
    variable = any("${" in piece for piece in pieces)
    if text == "*" or variable or "".join(pieces).count(":") >= ARN_PARTS - 1:
        return text
    if isinstance(text, str):
        return Unknown(f"{operator} {text}")
    return text if text.plain else replace(text, known=("", ""))


def _text(value: Any, place: str) -> Text:
    if isinstance(value, str | Unknown):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return Unknown(f"{place} holds {_kind(value)}, not a text", many=True)


def _listed(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        yield from value
    elif value is not None:
        yield value


def _kind(value: Any) -> str:
    names = {bool: "a truth value", str: "a text", list: "a list", tuple: "a list", type(None): "null"}
    return names.get(type(value), "an object" if isinstance(value, Mapping) else "a number")
