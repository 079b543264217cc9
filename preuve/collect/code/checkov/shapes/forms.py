"""The forms that a block may have, where an argument is one of a few values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

from preuve.collect.code.language.hcl.module import Content
from preuve.collect.code.language.values.value import MOST_FORMS, OneOf, Value, items_of


def forms(content: Content) -> list[Content]:
    """Return a block in each of its forms; none if there are too many, or no value to choose."""
    found = [one.values for one in _choices(content)]
    if not found or prod(map(len, found)) > MOST_FORMS:
        return []
    return [_settled(content, iter(values)) for values in product(*found)]


def _choices(content: Content) -> Iterator[OneOf]:
    yield from (one for value in content.arguments.values() for one in _in_value(value))
    yield from (one for blocks in content.blocks.values() for _, inner in blocks for one in _choices(inner))


def _in_value(value: Value) -> Iterator[OneOf]:
    if isinstance(value, OneOf):
        yield value
    for item in items_of(value) if isinstance(value, dict | list | tuple) else ():
        yield from _in_value(item)


def _settled(content: Content, values: Iterator[Value]) -> Content:
    """Return a block with what was chosen for its parts, in their order; a null is not set."""
    arguments = {name: _chosen(value, values) for name, value in content.arguments.items()}
    blocks = {label: [(at, _settled(one, values)) for at, one in found] for label, found in content.blocks.items()}
    return replace(content, arguments={name: one for name, one in arguments.items() if one is not None}, blocks=blocks)


def _chosen(value: Value, values: Iterator[Value]) -> Value:
    if isinstance(value, OneOf):
        return next(values)
    if isinstance(value, dict):
        return type(value)({name: _chosen(item, values) for name, item in value.items()})
    return type(value)(_chosen(item, values) for item in value) if isinstance(value, list | tuple) else value
