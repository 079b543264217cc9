"""A tree as CEL is written, on one line; for what is shown to people where there are no words for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from preuve.library.cel.texts.function_words import parts
from preuve.library.cel.tree import Bind, Call, Const, Each, Entries, Ident, Items, Node, Select

_LEVELS = ({"_||_"}, {"_&&_"}, {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in"}, {"_+_", "_-_"})


def text_of(node: Node) -> str:  # noqa: PLR0911 - a case for each kind of node
    """The expression. `resource` is left out: everything without another name is its."""
    match node:
        case Const(value):
            return _literal(value)
        case Ident(name):
            return name
        case Select(of, name, asked):
            text = _member(of, name)
            return f"has({text})" if asked else text
        case Items(items):
            return f"[{', '.join(map(text_of, items))}]"
        case Entries(entries):
            return "{" + ", ".join(f"{text_of(key)}: {text_of(value)}" for key, value in entries) + "}"
        case Each(kind, over, variable, body, only):
            parts = [variable, *([text_of(only)] if only else []), text_of(body)]
            return f"{text_of(over)}.{kind}({', '.join(parts)})"
        case Bind(name, value, body):
            return f"cel.bind({name}, {text_of(value)}, {text_of(body)})"
        case Call():
            return _call(node)


def place_of(node: Node) -> str:
    """Return the place of a part for people: a member as written, or the members that the part reads."""
    text = text_of(node)
    return text if "(" not in text and "{" not in text else ", ".join(dict.fromkeys(_members(node))) or text


def _members(node: Node) -> Iterator[str]:
    match node:
        case Select() if "(" not in (text := text_of(node)):
            yield text
        case Each(_, over):
            yield from _members(over)
        case _:
            for part in parts(node):
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
    """An operand, in brackets where it binds less than its operator."""
    if isinstance(node, Call) and (_level(node) < _level(operator) or node.function == "_?_:_"):
        return f"({text_of(node)})"
    return text_of(node)


def _inside(node: Node) -> str:
    binary = isinstance(node, Call) and (_level(node) <= len(_LEVELS) - 1 or node.function == "_?_:_")
    return f"({text_of(node)})" if binary else text_of(node)


def _level(call: Call) -> int:
    return next((number for number, level in enumerate(_LEVELS) if call.function in level), len(_LEVELS))


def _literal(value: Any) -> str:
    return repr(value) if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
