"""CloudFormation's functions on evaluated values, as far as they need no data of a template."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice, product
from math import prod
from typing import Any

from preuve.collect.code.language.templates.texts import joined, names_elsewhere, text_of
from preuve.collect.code.language.values.value import (
    MOST_FORMS,
    JsonText,
    OneOf,
    PartText,
    RefusedError,
    Unknown,
    Value,
    is_known,
    items_of,
    sources_of,
    unknown,
    unknowns,
)

REST = "Fn::Transform"  # the key that marks a mapping as perhaps containing more than is known
NO_ECHO = "(NoEcho)"  # follows the name of a `NoEcho` parameter
FROM_AWS = "(/aws/service)"  # follows the name of a parameter that takes what AWS publishes, such as its images
MOST_SUBNETS = 256  # subnets of one block, as in CloudFormation


class NoValue:
    """The value of `AWS::NoValue`: the property is removed."""


ABSENT = NoValue()


@dataclass(frozen=True)
class MaybeAbsent(Unknown):
    """A value that may be missing; `value` is its value if it exists, `ABSENT` if that may be several things."""

    value: Value = field(default=ABSENT, hash=False)


def items(value: Value, count: int | None = None) -> Sequence[Value]:
    """Take the arguments of a function, `count` of them. Raises RefusedError if they are no such list."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise RefusedError("not the arguments of this function")
    return value


def plain(value: Value) -> str:
    """Take a known text; the value of a dynamic reference in it is not known. Raises RefusedError."""
    text = text_of(value)
    if not isinstance(text, str) or names_elsewhere(text):
        raise RefusedError("not a known text")
    return text


def join(arguments: Value) -> Value:
    """Evaluate `Fn::Join`."""
    separator, values = items(arguments, 2)
    if isinstance(values, Unknown) or isinstance(separator, Unknown):
        return unknown(values, separator)
    between = plain(separator)
    texts = [text_of(value) for value in items(values)]
    if any(isinstance(value, MaybeAbsent) for value in values) or None in texts:
        return unknown(values, why="Fn::Join")
    parts = [part for text in texts for part in (between, text)][1:]
    return joined(part for part in parts if part is not None)


def split(arguments: Value) -> Value:
    """Evaluate `Fn::Split`. Raises RefusedError without a separator."""
    separator, text = items(arguments, 2)
    if isinstance(text, Unknown) or isinstance(separator, Unknown):
        return unknown(text, separator)
    between = plain(separator)
    if not between:
        raise RefusedError("no separator")
    return list(plain(text).split(between))


def select(arguments: Value) -> Value:
    """Evaluate `Fn::Select`; an item of an unknown list of things that somebody makes counts as made. Raises
    RefusedError if there is no such item.
    """
    place, values = items(arguments, 2)
    if isinstance(values, Unknown):
        return values if values.made else unknown(values, place)
    if isinstance(place, Unknown):
        return combine_possible(list(items(values)), place) if values else unknown(place)
    index = whole(place)
    if not 0 <= index < len(items(values)):
        raise RefusedError("no such item")
    if any(isinstance(value, MaybeAbsent) for value in values[: index + 1]):
        return unknown(values)
    return values[index]


def whole(value: Value) -> int:
    """Take a known whole number, which may be written as a text. Raises RefusedError."""
    text = plain(value)
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise RefusedError("not a whole number")
    return int(text)


def encode(value: Value) -> Value:
    """Evaluate `Fn::Base64`. A partly unknown text stays, because its marks would not survive; but it is no longer the
    unchanged input. Raises RefusedError.
    """
    if isinstance(value, PartText):
        parts = (replace(part, computed=True) if isinstance(part, Unknown) else part for part in value.parts)
        return replace(value, parts=tuple(parts))
    if isinstance(value, Unknown):
        return replace(value, computed=True)
    text = text_of(value)
    if not isinstance(text, str):
        raise RefusedError("not a text")
    return PartText((text,), parts=(text,)) if names_elsewhere(text) else base64.b64encode(text.encode()).decode()


def cidr(arguments: Value) -> Value:
    """Evaluate `Fn::Cidr`: the first so many subnets of a block. Raises RefusedError if there are not so many."""
    given = items(arguments)
    if any(isinstance(value, Unknown) for value in given):
        return unknown(*given)
    if len(given) not in (2, 3):
        raise RefusedError("not the arguments of this function")
    try:
        block = ipaddress.ip_network(plain(given[0]), strict=False)
        bits = whole(given[2]) if len(given) == 3 else 8
        count = whole(given[1])
        found = list(islice(block.subnets(new_prefix=block.max_prefixlen - bits), min(count, MOST_SUBNETS)))
    except ValueError as error:
        raise RefusedError("no such subnets") from error
    if not 0 < count == len(found):
        raise RefusedError("no such subnets")
    return [str(part) for part in found]


def to_json(value: Value) -> Value:
    """Evaluate `Fn::ToJsonString`."""
    if is_known(value):
        return json.dumps(value, separators=(",", ":"), default=_number)
    if any(isinstance(part, JsonText) for part in unknowns(value)):
        return unknown(value)  # JSON in JSON doubles with each step
    return JsonText(unknown(value).causes, sources=sources_of([value]), value=value)


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise RefusedError("not a value of JSON")


def length(value: Value) -> Value:
    """Evaluate `Fn::Length`."""
    if isinstance(value, Unknown) or any(isinstance(item, MaybeAbsent) for item in items(value)):
        return unknown(value)
    return len(value)


def combine_possible(options: Sequence[Value], why: Unknown) -> Value:
    """Combine the possible values of an expression: the parts on which they agree are known."""
    found = options[0]
    for option in options[1:]:
        found = _one_of(found, option, why)
    return found


def _one_of(one: Value, other: Value, why: Unknown) -> Value:
    if (type(one) is type(other) and one == other and not isinstance(one, OneOf)) or _reads_as(one, other):
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys((*one, *other))
        return {name: _one_of(one.get(name, ABSENT), other.get(name, ABSENT), why) for name in names}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_one_of(left, right, why) for left, right in zip(one, other, strict=True)]
    there = [value for value in (one, other) if value is not ABSENT]
    whole = unknown(why, *there)
    if len(there) < 2 or any(isinstance(value, MaybeAbsent) for value in there):
        alone = there[0] if len(there) == 1 and not isinstance(there[0], MaybeAbsent) else ABSENT
        return MaybeAbsent(whole.causes, sources=whole.sources, value=alone)
    options = _each_once(option for value in there for option in _options(value))
    if None not in options and len(options) <= MOST_FORMS:
        return OneOf(whole.causes, sources=whole.sources, values=tuple(options))
    made = all(isinstance(value, Unknown) and value.made for value in there)
    return Unknown(whole.causes, made=made, sources=whole.sources)


def _each_once(options: Iterable[Value]) -> list[Value]:
    found: list[Value] = []
    for option in options:
        if not any(type(option) is type(one) and option == one for one in found):
            found.append(option)
    return found


def _options(value: Value) -> tuple[Value, ...]:
    """Return the possible values; None in the result if one is not known."""
    if isinstance(value, OneOf):
        return value.values
    return (value if is_known(value) else None,)


def perhaps_absent(value: Value) -> Iterator[MaybeAbsent]:
    """Yield every part of a value that may be absent."""
    if isinstance(value, MaybeAbsent):
        yield value
    for item in items_of(value):
        yield from perhaps_absent(item)


def forms(value: Value) -> tuple[Value, ...]:
    """Return a value in each form that it may have: with and without the parts that may be absent, with each of the few
    values that a part may have. The form with all parts comes first.

    Returns nothing if there are too many forms, or if a part that may be absent may be several things.
    """
    found = [tuple(one) for one in _choices(value)]
    if not found or prod(map(len, found)) > MOST_FORMS or (ABSENT, ABSENT) in found:
        return ()
    return tuple(_settled(value, iter(chosen)) for chosen in product(*found))


def _choices(value: Value) -> Iterator[Sequence[Value]]:
    """Yield the possible values of each part of a value that may be several things."""
    if isinstance(value, MaybeAbsent):
        yield value.value, ABSENT
    elif isinstance(value, OneOf):
        yield value.values
    for item in items_of(value):
        yield from _choices(item)


def _settled(value: Value, chosen: Iterator[Value]) -> Value:
    """Return a value with the chosen values for its open parts, in their order."""
    if isinstance(value, MaybeAbsent | OneOf):
        return next(chosen)
    if isinstance(value, dict):
        found = {name: _settled(item, chosen) for name, item in value.items()}
        return {name: item for name, item in found.items() if item is not ABSENT}
    if isinstance(value, list):
        return [item for item in [_settled(item, chosen) for item in value] if item is not ABSENT]
    return value


def _reads_as(one: Value, other: Value) -> bool:
    """Return whether AWS treats two scalars as equal: `true` and `"true"`."""
    left, right = text_of(one), text_of(other)
    return isinstance(left, str) and left == right
