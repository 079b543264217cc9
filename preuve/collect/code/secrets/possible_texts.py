"""Texts that are not known, with what they may be as far as the code tells: one of a few literals, or what an
expression made of others. Whatever lies between, a secret that is written out and may stand there is one.
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
    """A marked text. `options` are all that it may be, `literals` the texts of which it may be or may have a part;
    `inside` are those of which it holds the marks, as in JSON that is decoded later.
    """

    options: tuple[Any, ...] = ()
    literals: frozenset[str] = frozenset()
    inside: tuple[PossibleText, ...] = ()


def possible(value: Unknown) -> str:
    """Return what is not known as a marked text, with what it may be."""
    inside = tuple(found for item in _behind(value) if (found := _alone(item)) is not None)
    text: str = given(value) if isinstance(value, JsonText) else marked(value)
    if not inside:
        return _alone(value) or text
    made = PossibleText(text)
    made.inside = inside
    made.literals = frozenset[str]().union(*map(_literals, inside)) if isinstance(value, PartText) else frozenset()
    return made


def _alone(value: Unknown) -> PossibleText | None:
    """Return what is not known and has no parts; None if nothing tells what it may be."""
    options = tuple(map(given, _options(value)))
    literals = _texts(value)
    if not (options or literals):
        return None
    made = PossibleText(marked(value))
    made.options, made.literals = options, literals
    return made


def _options(value: Unknown) -> tuple[Value, ...]:
    """Return all that a value may be; of what it may be among others, or in part, what has members."""
    if isinstance(value, OneOf):
        return value.values
    return tuple(one for one in value.values if not _is_text(one)) if isinstance(value, Alternatives) else ()


def _is_text(value: Value) -> bool:
    return isinstance(value, str | Unknown)


def _texts(value: Unknown) -> frozenset[str]:
    """Return the texts of which a value is made; none of what is seen itself, as members that a loop takes are, and
    values that are known.
    """
    if isinstance(value, Alternatives):
        of = (_texts(one) if isinstance(one, Unknown) else _long([one]) for one in value.values if _is_text(one))
        return frozenset[str]().union(*of)
    whole = isinstance(value, FilteredValue) or (isinstance(value, OneOf) and all(map(is_known, value.values)))
    return frozenset() if whole else _long(value.written)


def _long(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(known(text) for text in texts if len(text) >= PART_OF_A_SECRET)


def _behind(value: Value) -> Iterator[Unknown]:
    """Yield what is not known in the parts of a value."""
    waiting, seen = list(parts_of(value)), 0
    while waiting and seen < _MOST:
        item = waiting.pop()
        seen += 1
        waiting += parts_of(item)
        if isinstance(item, Unknown):
            yield item


def may_be_one(value: Value) -> bool:
    """Return whether a literal may stand in a value behind what is not known of it."""
    return any(isinstance(item, OneOf | Alternatives) or _texts(item) for item in _behind([value]))


def decoded_text(found: Any, text: str) -> Any:
    """Return what was decoded from a text, with what is known of the marked texts in it."""
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
