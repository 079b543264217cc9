"""The forms that a block may have if an argument, or a part of a document in it, is one of a few values.

Blocks that a loop may make have no forms: if they differ, several of the values exist at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.data import PERHAPS
from preuve.collect.code.language.values.value import MOST_FORMS, JsonText, OneOf, Value


def forms(content: Content) -> list[Content]:
    """Return the block once for each combination of the values that its conditionals may choose (a chosen value may
    contain a further conditional); nothing if there are more than MOST_FORMS, or no conditional.
    """
    waiting, found = [content], list[Content]()
    while waiting:
        one = waiting.pop()
        choice = next((it for it in _choices(one) if len(it.values) > 1), None)
        if choice is not None:
            waiting += [_settled(one, _Choice((value,))) for value in reversed(choice.values)]
        elif any(_choices(one)):
            waiting.append(_settled(one, _Choice()))
        else:
            found.append(one)
        if len(waiting) + len(found) > MOST_FORMS:
            return []
    return [] if found == [content] else found


class _Choice:
    """Replaces the first value that may be one of several, if there is one; values with a single possibility are
    replaced by it.
    """

    def __init__(self, chosen: tuple[Value, ...] = ()) -> None:
        self.left = list(chosen)

    def at(self, value: Value) -> Value:
        """Return a value with the choice made in it, if it is still open."""
        if isinstance(value, OneOf):
            return value.values[0] if len(value.values) == 1 else self.left.pop() if self.left else value
        if isinstance(value, JsonText):
            return replace(value, value=self.at(value.value))
        if isinstance(value, dict):
            return type(value)({name: item if name == PERHAPS else self.at(item) for name, item in value.items()})
        return type(value)(self.at(item) for item in value) if isinstance(value, list | tuple) else value


def _choices(content: Content) -> Iterator[OneOf]:
    yield from (one for value in content.arguments.values() for one in _in_value(value))
    yield from (one for blocks in content.blocks.values() for _, inner in blocks for one in _choices(inner))


def _in_value(value: Value) -> Iterator[OneOf]:
    if isinstance(value, OneOf):
        yield value
    if isinstance(value, JsonText):
        yield from _in_value(value.value)
    elif isinstance(value, dict):
        yield from (one for name, item in value.items() if name != PERHAPS for one in _in_value(item))
    elif isinstance(value, list | tuple):
        yield from (one for item in value for one in _in_value(item))


def _settled(content: Content, choice: _Choice) -> Content:
    """Return a block with one choice made; a null counts as not set."""
    arguments = {name: choice.at(value) for name, value in content.arguments.items()}
    blocks = {label: [(at, _settled(one, choice)) for at, one in found] for label, found in content.blocks.items()}
    return replace(content, arguments={name: one for name, one in arguments.items() if one is not None}, blocks=blocks)
