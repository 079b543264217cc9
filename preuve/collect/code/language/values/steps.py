"""The value that a step (`.name`, `[key]`) leads to, and the values that are allowed as a condition or an index.
Independent of syntax.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.type import BOOL, NUMBER, STRING
from preuve.collect.code.language.values.value import (
    MOST_CAUSES,
    Alternatives,
    FilteredValue,
    JsonText,
    Loop,
    LoopKey,
    NamedText,
    OneOf,
    PartialMap,
    PartText,
    RefusedError,
    Unknown,
    Value,
    items_of,
    made_of,
    one_of_few,
    one_of_values,
    unknown,
)

_LONGEST_NAME = 200  # of a cause, with its steps


class Namespace:
    """A name before a dot that is not a value itself: `var`, `data`, `aws_s3_bucket`, a resource."""

    def attribute(self, name: str) -> Value:
        """Return the value of `.name`, or another namespace. Raises RefusedError if there is none."""
        raise NotImplementedError

    def whole(self) -> Value:
        """Return the value where it is used as one. Raises RefusedError if there is none."""
        raise RefusedError("this is no value")


@dataclass(frozen=True)
class BlockValue(Unknown):
    """A resource, a data source or a module as a value: known only by its attributes.

    For a loop with unknown elements, `element` represents every element, and `loop` is the loop; `counted`: they are
    a list.
    """

    read: Callable[[str], Value] | None = field(default=None, compare=False, repr=False)
    element: Value = field(default=None, compare=False, repr=False)
    loop: Loop | None = field(default=None, compare=False, repr=False)
    counted: bool = field(default=False, compare=False, repr=False)


def plain(value: Value) -> Value:
    """Return a value in a place where a namespace is allowed."""
    return value.whole() if isinstance(value, Namespace) else value


def attribute(value: Value, name: str) -> Value:
    """Evaluate `value.name`. Raises RefusedError if Terraform does."""
    if isinstance(value, Namespace):
        return value.attribute(name)
    if isinstance(value, BlockValue) and value.read is not None:
        return value.read(name)
    if isinstance(value, OneOf):
        return _of_each(value, lambda one: attribute(one, name))
    if isinstance(value, Unknown):
        return _step(value, f".{name}", name)
    if isinstance(value, dict) and name in value:
        return value[name]
    raise RefusedError(f"no attribute {name}")


def _of_each(value: OneOf, step: Callable[[Value], Value]) -> Value:
    """Return the value that a step leads to from one of a few values, without those of which Terraform refuses the
    step. Raises RefusedError if it refuses all.
    """
    found = []
    for one in value.values:
        try:
            found.append(step(one))
        except RefusedError as error:
            refused = error
    if not found:
        raise refused
    return one_of_few(unknown(value), found)


def _step(value: Unknown, step: str, key: Value) -> Unknown:
    if isinstance(value, PartText | JsonText):
        raise RefusedError("a text has no attributes")
    named = step and len(value.causes) == 1 and len(value.causes[0]) < _LONGEST_NAME and not value.computed
    causes = (value.causes[0] + step,) if named else value.causes
    made = Unknown(causes, sources=value.sources, computed=not named, written=value.written)
    found = _may_lead_to(value, key)
    return made if found is None else one_of_values(made, found)


def _may_lead_to(value: Unknown, key: Value) -> list[Value] | None:
    """Return the values to which a step may lead, and those that they may be made of; None if they are not known."""
    if isinstance(value, FilteredValue) and not isinstance(value.value, dict):  # the position of a member is not known
        return list(items_of(value.value))
    known = (
        (value.value,) if isinstance(value, FilteredValue) else value.values if isinstance(value, Alternatives) else ()
    )
    wholes = value.maps if isinstance(value, PartialMap) else known
    found = []
    for whole in wholes:
        try:
            found.append(index(whole, key))
        except RefusedError:
            continue
    return found if wholes else None


def index(value: Value, key: Value) -> Value:
    """Evaluate `value[key]`. Raises RefusedError if Terraform does."""
    if isinstance(value, BlockValue) and value.element is not None:
        return _element(value, key)
    if isinstance(value, Namespace | BlockValue) and isinstance(key, str):
        return attribute(value, key)
    value = plain(value)
    if isinstance(value, Unknown):
        return _inside_unknown(value, key)
    if isinstance(key, Unknown):
        return _some_member(value, key)
    if isinstance(value, dict):
        name = text_of(key)
        if name in value:
            return value[name]
    elif isinstance(value, list | tuple):
        place = number_of(key)
        if isinstance(place, int) and 0 <= place < len(value):
            return value[place]
    raise RefusedError("no such element")


def _some_member(value: Value, key: Unknown) -> Unknown:
    """Return one member of a collection, whichever; of resources, each attribute is that of one of them."""
    members = list(items_of(value))
    whole = made_of(unknown(key, value), value)
    if not members or not all(isinstance(member, BlockValue) and member.read for member in members):
        return one_of_few(whole, members)

    def read(name: str) -> Value:
        found = [attribute(member, name) for member in members]
        return one_of_few(made_of(unknown(*found, key), *found), found)

    return BlockValue(whole.causes, sources=whole.sources, computed=True, read=read)


def _inside_unknown(value: Unknown, key: Value) -> Value:
    if isinstance(key, Unknown):
        return made_of(unknown(value, key), value)
    if isinstance(value, OneOf):
        return _of_each(value, lambda one: index(one, key))
    return _step(value, f"[{key}]" if isinstance(key, str | int) else "", key)


def _element(value: BlockValue, key: Value) -> Value:
    """Return one element of a loop with unknown elements. With the key of the same loop it is the current element;
    with any other key it is some element, and it is unknown which.
    """
    same = isinstance(key, LoopKey) and key.loop is not None and key.loop == value.loop
    if same or (value.loop is not None and value.loop.single):
        return value.element
    if type(value.element) is Unknown and not isinstance(key, Unknown):  # a module whose code is elsewhere
        return _step(value.element, _shown(key), key)
    return one_of(value.element, key)


def one_of(value: Value, key: Value) -> Value:
    """Mark a value as belonging to one unknown element of a loop. It keeps its sources and loses its owner."""
    if isinstance(value, dict):
        return type(value)({name: one_of(item, key) for name, item in value.items()})
    if isinstance(value, list | tuple):
        return type(value)(one_of(item, key) for item in value)
    if isinstance(value, NamedText):
        return NamedText(str(value), value.sources)
    return _alone(value, key) if isinstance(value, Unknown) else value


def _alone(value: Unknown, key: Value) -> Unknown:
    alone = replace(value, owner="", causes=_of_key(value, key))
    if isinstance(alone, PartText):
        return replace(alone, parts=tuple(one_of(part, key) for part in alone.parts))
    if not isinstance(alone, BlockValue):
        return alone
    read = alone.read
    inner = None if read is None else lambda name: one_of(read(name), key)
    return replace(alone, read=inner, element=one_of(alone.element, key))


def _of_key(value: Unknown, key: Value) -> tuple[str, ...]:
    """Return the causes of an unknown, with the key of the element."""
    if isinstance(key, Unknown):
        return tuple(dict.fromkeys((*value.causes, *key.causes)))[:MOST_CAUSES]
    places = {source: f"{source}{_shown(key)}" for source in value.sources}
    return tuple(
        next((after + cause[len(before) :] for before, after in places.items() if _is_at(cause, before)), cause)
        for cause in value.causes
    )


def _shown(key: Value) -> str:
    return f'["{key}"]' if isinstance(key, str) else f"[{key}]"


def _is_at(cause: str, address: str) -> bool:
    return cause == address or cause.startswith(f"{address}.")


def truth(value: Value) -> Value:
    """Convert a value to true, false or unknown. Raises RefusedError for null, and for what is neither."""
    found = convert(value, BOOL)
    if found is None:
        raise RefusedError("null is no condition")
    return unknown(found) if isinstance(found, Unknown) else found


def number_of(value: Value) -> Value:
    """Convert a value to a number, or return an unknown. Raises RefusedError for null, and for what is none."""
    found = convert(value, NUMBER)
    if found is None:
        raise RefusedError("null is no number")
    return found


def text_of(value: Value) -> str:
    """Convert a known value to a text. Raises RefusedError if it has none."""
    found = convert(value, STRING)
    if not isinstance(found, str):
        raise RefusedError("no text")
    return found
