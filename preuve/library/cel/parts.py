"""The parts of a condition, each with its value: what `preuve test` shows of an example that fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from preuve.library.cel.evaluation import evaluate
from preuve.library.cel.operations import Fault, OptionalValue
from preuve.library.cel.texts.source import text_of
from preuve.library.cel.tree import Bind, Call, Const, Ident, ListMacro, Node, Select, UnknownNodeError
from preuve.library.cel.unknown import holds_unknown

Bound = Callable[[Node], Node]  # gives a part the values of the names around it
_ELEMENTS = 3
_LINES = 40
_WIDTH = 100


def explained(condition: Node, variables: Mapping[str, Any]) -> list[str]:
    """Return each part of a condition with its value, indented below the part that contains it."""
    lines = list(_explained(condition, variables, lambda part: part, ""))
    return lines if len(lines) <= _LINES else [*lines[:_LINES], f"… {len(lines) - _LINES} more"]


def _explained(part: Node, variables: Mapping[str, Any], bound: Bound, margin: str) -> Iterator[str]:
    try:
        value = _words(evaluate(bound(part), variables))
    except UnknownNodeError:
        value = ""
    if value:
        yield f"{margin}{_short(text_of(part))} = {_short(value)}"
    if isinstance(part, ListMacro):
        yield from _elements(part, variables, bound, margin + "  ")
    elif isinstance(part, Bind):
        yield from _explained(part.value, variables, bound, margin + "  ")
        yield from _explained(part.body, variables, _binding(bound, part.name, part.value), margin + "  ")
    else:
        for inner in _telling(part):
            yield from _explained(inner, variables, bound, margin + "  ")


def _telling(part: Node) -> Iterator[Node]:
    """Yield the parts that say something beside the whole: no literals; plain names only beside an operator."""
    match part:
        case Select(asked=True):
            yield replace(part, asked=False)
            return
        case Select() | Call("_?._"):
            return  # the members above one are in its value
    operator = isinstance(part, Call) and part.function.startswith(("_", "!", "@")) and "[" not in part.function
    for inner in part.parts:
        if not isinstance(inner, Const) and (operator or not isinstance(inner, Ident)):
            yield inner


def _elements(macro: ListMacro, variables: Mapping[str, Any], bound: Bound, margin: str) -> Iterator[str]:
    yield from _explained(macro.over, variables, bound, margin)
    over = evaluate(bound(macro.over), variables)
    keys: list[Node] = [*map(Const, over)] if isinstance(over, Mapping) else []
    if isinstance(over, list):
        keys = [Call("_[_]", (macro.over, Const(index))) for index in range(len(over))]
    for element in keys[:_ELEMENTS]:
        inside = _binding(bound, macro.variable, element)
        yield f"{margin}{macro.variable} = {_short(_words(evaluate(bound(element), variables)))}"
        yield from _explained(macro.body, variables, inside, margin + "  ")
    if len(keys) > _ELEMENTS:
        yield f"{margin}… {len(keys) - _ELEMENTS} more"


def _binding(bound: Bound, name: str, value: Node) -> Bound:
    return lambda part: bound(Bind(name, value, part))


def _words(value: Any) -> str:
    """Return a value in words; "" for an optional, which has none to show."""
    if isinstance(value, OptionalValue):
        return ""
    if isinstance(value, Fault):
        return f"error: {value.words}"
    return "unread" if holds_unknown(value) else json.dumps(value, ensure_ascii=False, default=str)


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
