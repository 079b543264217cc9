"""Unknown texts with the values that they may have, as far as the code tells: one of a few literals, or an expression
made of others. A literal secret that may be among these values counts, whatever lies between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from preuve.collect.code.language.values.value import (
    Alternatives,
    FilteredValue,
    JsonText,
    OneOf,
    PartText,
    Unknown,
    Value,
    is_known,
    parts_of,
)
from preuve.collect.code.verdict.marks import PART_OF_A_SECRET, given, is_marked, known, marked

_MOST = 20_000  # parts of one value


class PossibleText(str):
    """A marked text. `options` are all the values that it may have, `literals` the texts that it may equal or contain;
    `inside` are the texts whose marks it contains, as in JSON that is decoded later.
    """

    options: tuple[Any, ...] = ()
    literals: frozenset[str] = frozenset()
    inside: tuple[PossibleText, ...] = ()


def possible(value: Unknown) -> str:
    """Return an unknown value as a marked text with the values that it may have."""
    inside = tuple(found for item in _behind(value) if (found := _alone(item)) is not None)
    text: str = given(value) if isinstance(value, JsonText) else marked(value)
    if not inside:
        return _alone(value) or text
    made = PossibleText(text)
    made.inside = inside
    made.literals = frozenset[str]().union(*map(_literals, inside)) if isinstance(value, PartText) else frozenset()
    return made


def _alone(value: Unknown) -> PossibleText | None:
    """Return an unknown value without parts as such a text; None if nothing tells what it may be."""
    options = tuple(map(given, _options(value)))
    literals = _texts(value)
    if not (options or literals):
        return None
    made = PossibleText(marked(value))
    made.options, made.literals = options, literals
    return made


def _options(value: Unknown) -> tuple[Value, ...]:
    """Return every value that a value may have; return maps and lists only where they are one option among others, or a
    part.
    """
    if isinstance(value, OneOf):
        return value.values
    return tuple(one for one in value.values if not _is_text(one)) if isinstance(value, Alternatives) else ()


def _is_text(value: Value) -> bool:
    return isinstance(value, str | Unknown)


def _texts(value: Unknown) -> frozenset[str]:
    """Return the texts that a value is made of, without parts that the search sees anyway: members that a loop selects,
    and known values.
    """
    if isinstance(value, Alternatives):
        of = (_texts(one) if isinstance(one, Unknown) else _long([one]) for one in value.values if _is_text(one))
        return frozenset[str]().union(*of)
    whole = isinstance(value, FilteredValue) or (isinstance(value, OneOf) and all(map(is_known, value.values)))
    return frozenset() if whole else _long(value.written)


def _long(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(known(text) for text in texts if len(text) >= PART_OF_A_SECRET)


def _behind(value: Value) -> Iterator[Unknown]:
    """Yield the unknown parts of a value."""
    waiting, seen = list(parts_of(value)), 0
    while waiting and seen < _MOST:
        item = waiting.pop()
        seen += 1
        waiting += parts_of(item)
        if isinstance(item, Unknown):
            yield item


def may_be_one(value: Value) -> bool:
    """Return whether a literal may end up in a value through its unknown parts."""
    return any(isinstance(item, OneOf | Alternatives) or _texts(item) for item in _behind([value]))


def decoded_text(found: Any, text: str) -> Any:
    """Return a decoded text together with what is known of the marked texts in it."""
    if not isinstance(text, PossibleText) or not text.inside:
        return found
    if isinstance(found, dict):
        return {name: decoded_text(item, text) for name, item in found.items()}
    if isinstance(found, list):
        return [decoded_text(item, text) for item in found]
    return _with(found, text.inside) if is_marked(found) else found


def _with(text: str, inside: tuple[PossibleText, ...]) -> str:
    there = [one for one in inside if one in text]
    if not there:
        return text
    made = PossibleText(text)
    made.options = tuple(option for one in there if one == text for option in one.options)
    made.literals = frozenset[str]().union(*map(_literals, there))
    made.inside = tuple(there)
    return made


def _literals(one: PossibleText) -> frozenset[str]:
    return one.literals | _long(option for option in one.options if isinstance(option, str))
