"""Writes a tree as CEL on one line, for readers, where there are no words for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.library.cel.tree import Bind, Call, Const, Entries, Ident, Items, ListMacro, Node, Select

_CALLS = re.compile(r"[({]|^\[")  # more than the place of a member
_UNQUOTED = re.compile(r'\["([^"\]]*)"\]')
_LEVELS = ({"_||_"}, {"_&&_"}, {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"}, {"_+_", "_-_"})


def text_of(node: Node) -> str:  # noqa: PLR0911 - a case for each kind of node
    """Return the expression. `resource` is left out: everything without another name is its."""
    match node:
        case Const(value):
            return repr(value) if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
        case Ident(name):
            return name
        case Select(of, name, asked):
            text = _member(of, name)
            return f"has({text})" if asked else text
        case Items(items):
            return f"[{', '.join(map(text_of, items))}]"
        case Entries(entries):
            return "{" + ", ".join(f"{text_of(key)}: {text_of(value)}" for key, value in entries) + "}"
        case ListMacro(kind, over, variable, body, only):
            parts = [variable, *([text_of(only)] if only else []), text_of(body)]
            return f"{text_of(over)}.{kind}({', '.join(parts)})"
        case Bind(name, value, body):
            return f"cel.bind({name}, {text_of(value)}, {text_of(body)})"
        case Call():
            return _call(node)


def place_of(node: Node, within: Node) -> str:
    """Return the place of a part of a condition for readers: a member as written, or the members that the part reads.

    Local names of the condition mean nothing to readers, so their values replace them.
    """
    whole = _resolved(node, _names_at(node, within, {}) or {})
    text = text_of(whole)
    if _CALLS.search(text):
        text = ", ".join(dict.fromkeys(_members(whole))) or text
    return _UNQUOTED.sub(r"[\1]", text.replace("?", ""))


def _names_at(node: Node, within: Node, names: Mapping[str, Node]) -> Mapping[str, Node] | None:
    """Return the values of the local names at a part; None if the part is not there."""
    if within is node:
        return names
    inner: Mapping[str, Node] = names
    match within:
        case ListMacro(_, over, variable):
            inner = {**names, variable: _element(_resolved(over, names))}
        case Bind(name, value):
            inner = {**names, name: _resolved(value, names)}
    first, *others = [*within.parts, *([within.only] if isinstance(within, ListMacro) and within.only else [])] or [
        within
    ]
    if first is within:
        return None
    found = _names_at(node, first, names)
    return found if found is not None else _first(_names_at(node, part, inner) for part in others)


def _first(found: Iterator[Mapping[str, Node] | None]) -> Mapping[str, Node] | None:
    return next((names for names in found if names is not None), None)


def _element(over: Node) -> Node:
    """Return the expression for each element of a list, as `Members[]`."""
    match over:
        case ListMacro("filter", inner):
            return _element(inner)
        case ListMacro("map", inner, variable, body):
            return _resolved(body, {variable: _element(inner)})
    return Call("_[_]", (over, Ident("")))


def _resolved(node: Node, names: Mapping[str, Node]) -> Node:  # noqa: PLR0911 - a case for each kind of node
    """Return the part with its local names replaced."""
    match node:
        case Ident(name):
            return names.get(name, node)
        case Select(of):
            return replace(node, of=_resolved(of, names))
        case Call("orValue" | "value", (of, *_)):
            return _resolved(of, names)
        case Call("_[_]", (ListMacro("map", over, variable, body, None), number)):
            return _resolved(body, {**names, variable: _resolved(Call("_[_]", (over, number)), names)})
        case Call(_, args):
            return replace(node, args=tuple(_resolved(arg, names) for arg in args))
        case Items(items):
            return Items(tuple(_resolved(item, names) for item in items))
        case Entries(entries):
            return Entries(tuple((key, _resolved(value, names)) for key, value in entries))
        case ListMacro(_, over, variable, body):
            return replace(node, over=_resolved(over, names), body=_resolved(body, _without(names, variable)))
        case Bind(name, value, body):
            return Bind(name, _resolved(value, names), _resolved(body, _without(names, name)))
    return node


def _without(names: Mapping[str, Node], name: str) -> Mapping[str, Node]:
    return {other: value for other, value in names.items() if other != name}


def _members(node: Node) -> Iterator[str]:
    match node:
        case Select() | Call("_[_]" | "_[?_]" | "_?._") if not _CALLS.search(text := text_of(node)):
            yield text
        case ListMacro(_, over):
            yield from _members(over)
        case _:
            for part in node.parts:
                yield from _members(part)


def _call(call: Call) -> str:  # noqa: PLR0911 - a case for each way of writing
    args = call.args
    match call.function:
        case "_?_:_":
            return " ".join((_inside(args[0]), "?", _inside(args[1]), ":", _inside(args[2])))
        case "!_" | "-_":
            return f"{call.function[0]}{_inside(args[0])}"
        case "_?._":
            return _member(args[0], str(args[1].value) if isinstance(args[1], Const) else "", "?")
        case "_[_]":
            return f"{text_of(args[0])}[{text_of(args[1])}]"
        case "_[?_]":
            return f"{text_of(args[0])}[?{text_of(args[1])}]"
    sign = "in" if call.function == "@in" else call.function.strip("_")
    if len(args) == 2 and (call.function.startswith("_") or sign == "in"):
        return f"{_beside(args[0], call)} {sign} {_beside(args[1], call)}"
    if call.method:
        return f"{text_of(args[0])}.{call.function}({', '.join(map(text_of, args[1:]))})"
    return f"{call.function}({', '.join(map(text_of, args))})"


def _member(of: Node, name: str, perhaps: str = "") -> str:
    return name if of == Ident("resource") else f"{text_of(of)}.{perhaps}{name}"


def _beside(node: Node, operator: Call) -> str:
    """Return an operand, in brackets if it binds less than its operator."""
    if isinstance(node, Call) and (_level(node) < _level(operator) or node.function == "_?_:_"):
        return f"({text_of(node)})"
    return text_of(node)


def _inside(node: Node) -> str:
    binary = isinstance(node, Call) and (_level(node) <= len(_LEVELS) - 1 or node.function == "_?_:_")
    return f"({text_of(node)})" if binary else text_of(node)


def _level(call: Call) -> int:
    return next((number for number, level in enumerate(_LEVELS) if call.function in level), len(_LEVELS))
