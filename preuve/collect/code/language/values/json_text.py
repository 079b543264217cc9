"""The JSON of values in Terraform's form, including partly unknown values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal

from preuve.collect.code.language.values.value import (
    JsonPart,
    JsonText,
    NamedText,
    PartKey,
    PartText,
    Unknown,
    Value,
    is_assigned,
    items_of,
    number_text,
    parts_of,
    unknown,
)

_ESCAPED = {letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
VARIOUS = re.compile("[\b\f\x7f\ud800-\udfff]")  # characters that versions write differently or not at all

Piece = str | Unknown


def written(value: Value) -> Piece:
    """Return the JSON of a known value."""
    if any(VARIOUS.search(text) for text in texts_in(value)):
        return unknown(value, why="the JSON of a control character")
    return "".join(map(str, _pieces(value)))


def text_parts(value: Value) -> tuple[Piece, ...]:
    """Return the parts of a text, known or not; those of `JsonText` are the parts of its JSON.

    An unknown part is a whole value there, or a piece inside a quoted text.
    """
    if isinstance(value, JsonText) and not any(VARIOUS.search(text) for text in texts_in(value.value)):
        return tuple(_pieces(value.value))
    return value.parts if isinstance(value, PartText) else (value,)


def texts_in(value: Value) -> Iterator[str]:
    """Yield the known texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    for item in parts_of(value):
        yield from texts_in(item)


def _pieces(value: Value) -> Iterator[Piece]:
    """Yield the pieces of the JSON of a value."""
    if isinstance(value, str):
        yield from ('"', _escaped(value), '"')
    elif isinstance(value, JsonText | PartText) or (isinstance(value, Unknown) and is_assigned(value)):
        yield '"'
        for part in text_parts(value):
            yield _escaped(part) if isinstance(part, str) else _inside(part)
        yield '"'
    elif isinstance(value, Unknown):
        made = unknown(value)
        yield JsonPart(made.causes, sources=made.sources, computed=True, written=made.written)
    elif value is None or isinstance(value, bool):
        yield json.dumps(value)
    elif isinstance(value, int | Decimal):
        yield number_text(value)
    elif isinstance(value, dict):
        members = (_member(name, value[name]) for name in sorted(value))
        yield from _listed("{", members, "}")
    else:
        yield from _listed("[", map(_pieces, items_of(value)), "]")


def _member(name: str, value: Value) -> Iterator[Piece]:
    yield from _pieces(name.text if isinstance(name, PartKey) else str(name))
    yield ":"
    yield from _pieces(value)


def _listed(start: str, members: Iterator[Iterator[Piece]], end: str) -> Iterator[Piece]:
    yield start
    for place, member in enumerate(members):
        yield from (",",) if place else ()
        yield from member
    yield end


def _escaped(text: str) -> str:
    found = "".join(_ESCAPED.get(letter, letter) for letter in json.dumps(text, ensure_ascii=False)[1:-1])
    return NamedText(found, text.sources) if isinstance(text, NamedText) else found


def _inside(part: Unknown) -> Unknown:
    """Return a piece of a quoted text: a name needs no escapes, any other text gets them."""
    return part if is_assigned(part) else unknown(part)
