"""Compares unknown values: whether two are surely equal, and what one may be."""

from __future__ import annotations

import re
from typing import Any

from preuve.collect.code.language.values.value import GAP, PartText, Unknown, Value

# A cause that names one value: a parameter, a pseudo parameter, a named export, a resource, a Terraform path.
# `Fn::FindInMap M` does not: its key may differ.
_INPUT = re.compile(
    r"Ref [\w:]+(?:\[\])?(?: \(.*\))?|AWS::\w+|Fn::ImportValue (?:[\w:.-]|\((?:Ref \w+|AWS::\w+)\))+"
    r"|[A-Za-z0-9]+(?: \(.*\))?|[\w-]+(?:\.[\w-]+|\[[^\[\]]*\])+"
)
_NO_NAMES = frozenset({"Condition", "null"})  # causes that name nothing
_LONGEST = 2048  # characters of a pattern


def are_surely_equal(one: Value, other: Value) -> bool:
    """Return whether two unknown values are surely equal: the same input, or the same text around it."""
    said = identity_of(one)
    return said is not None and said == identity_of(other)


def identity_of(value: Value) -> tuple[Any, ...] | None:
    """Return a key for an unknown value that is equal for surely equal values; None if nothing is certain."""
    if isinstance(value, PartText):
        words = [word if isinstance(word, str) else identity_of(word) for word in _words(value)]
        return None if None in words else ("text", *words)
    return ("input", *value.causes) if is_input(value) else None


def _words(text: PartText) -> list[str | Unknown]:
    """Return the parts of a text with adjacent literals joined: `Fn::Join` leaves them separate."""
    found: list[str | Unknown] = []
    for part in text.parts:
        last = found[-1] if found else None
        if isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        else:
            found.append(part)
    return found


def is_input(value: Value) -> bool:
    """Return whether a value is exactly one input, which has the same value wherever it is named."""
    if type(value) is not Unknown or value.computed or len(value.causes) != 1:
        return False
    return value.causes[0] not in _NO_NAMES and _INPUT.fullmatch(value.causes[0]) is not None


def name_pattern(value: Value) -> dict[str, str]:
    """Return the pattern of a partly known name: `…{var.env}-crm`, with `…{}` for a part that is not one input. Empty
    if nothing is known or it is too long.
    """
    parts = value.parts if isinstance(value, PartText) else ()
    known = "".join(part for part in parts if isinstance(part, str))
    text = "".join(part if isinstance(part, str) else f"{GAP}{{{_input(part)}}}" for part in parts)
    return {"words": text} if known and GAP not in known and len(text) <= _LONGEST else {}


def _input(part: Unknown) -> str:
    cause = part.causes[0] if is_input(part) else ""
    return "" if set(cause) & set("{}") else cause


def may_equal(value: Value, text: str) -> bool:
    """Return whether an unknown value may be a text."""
    if not isinstance(value, PartText):
        return isinstance(value, Unknown)
    words = _words(value)
    first, last = (word if isinstance(word, str) else "" for word in (words[0], words[-1]))
    if len(words) == 1 or len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return len(words) == 1 and may_equal(words[0], text)
    place, end = len(first), len(text) - len(last)
    for word in words[1:-1]:
        if isinstance(word, str):
            place = text.find(word, place, end) + len(word)
            if place < len(word):
                return False
    return True
