"""Partly known texts of CloudFormation: joined, split, and searched for dynamic references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from preuve.collect.code.language.values.value import PartText, Unknown, Value, number_text, unknown

Part = str | Unknown

# Variables in `Fn::Sub`. A name cannot contain another `${`, so that a text of many `${` is read in linear time.
SUBSTITUTION = re.compile(r"\$\{((?:(?!\$\{)[^}])*+)\}")

_HOLE = "\ue002"  # stands for an unknown part during a search; known texts lose this sign
_DYNAMIC = re.compile(r"\{\{resolve:(?:(?!\{\{).)*?\}\}", re.DOTALL)
_BEGINNING = "{{resolve:"


def text_of(value: Value) -> Part | None:
    """Return a scalar in the form that CloudFormation inserts into a text; None if it is none."""
    if isinstance(value, Unknown | str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return number_text(value)
    return repr(value) if isinstance(value, float) else None


def joined(parts: Iterable[Part]) -> Part:
    """Return one text of several: known if all of them are."""
    flat = list(_flat(parts))
    texts = [part for part in flat if isinstance(part, str)]
    if len(texts) == len(flat):
        return "".join(texts)
    if len(flat) == 1:
        return flat[0]
    whole = unknown(*flat)
    return PartText(whole.causes, sources=whole.sources, parts=tuple(flat))


def _flat(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, PartText):
            yield from part.parts
        elif part != "":
            yield part


def resolved(text: Part) -> Part:
    """Return a text without dynamic references: the value of `{{resolve:…}}` is not known.

    A reference to a secret is no secret itself, and its value may be a wildcard or an address range as well.
    """
    if isinstance(text, Unknown) and not isinstance(text, PartText):
        return text
    parts = text.parts if isinstance(text, PartText) else (text,)
    if not any(isinstance(part, str) and "{{" in part for part in parts):
        return text
    holes = [part for part in parts if isinstance(part, Unknown)]
    plain = "".join(_HOLE if isinstance(part, Unknown) else part.replace(_HOLE, "\ufffd") for part in parts)
    return joined(_without_references(plain, iter(holes)))


def _without_references(plain: str, holes: Iterator[Unknown]) -> Iterator[Part]:
    at = 0
    for found in _DYNAMIC.finditer(plain):
        yield from _filled(plain[at : found.start()], holes)
        inside = [hole for hole in _filled(found[0], holes) if isinstance(hole, Unknown)]
        yield _reference(found[0], inside)
        at = found.end()
    rest = plain[at:]
    if _BEGINNING in rest:  # not closed, or of an unknown form
        yield _reference(rest, [hole for hole in _filled(rest, holes) if isinstance(hole, Unknown)])
    else:
        yield from _filled(rest, holes)


def _reference(text: str, inside: list[Unknown]) -> Unknown:
    what = ":".join(text.strip("{}").split(":", 2)[:2])
    sources = unknown(*inside).sources
    return Unknown((what,), sources=sources)


def _filled(text: str, holes: Iterator[Unknown]) -> Iterator[Part]:
    for number, piece in enumerate(text.split(_HOLE)):
        if number:
            yield next(holes)
        if piece:
            yield piece


def names_elsewhere(text: str) -> bool:
    """Return whether a text contains a dynamic reference, or a part of one."""
    return _BEGINNING in text
