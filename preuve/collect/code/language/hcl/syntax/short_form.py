"""Writes an expression in short form: names and operators. Texts are left out because they may contain a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from preuve.collect.code.language.hcl.syntax import nodes as syntax

_LONGEST = 100
_MOST_ITEMS = 3
_TEXT = '"…"'


def written(node: syntax.Node) -> str:
    """Return an expression on one line, cut if it is long. It contains no comma with a space, which separates
    causes.
    """
    try:
        text = _written(node)
    except RecursionError:
        text = "…"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _written(node: Any) -> str:
    write = _KINDS.get(type(node))
    return write(node) if write else _TEXT


def _literal(node: Any) -> str:
    if isinstance(node.value, str):
        return _TEXT if node.value else '""'  # an empty one holds no secret
    if node.value is None:
        return "null"
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


def _tuple(node: Any) -> str:
    more = ",…" if len(node.items) > _MOST_ITEMS else ""
    return f"[{','.join(map(_written, node.items[:_MOST_ITEMS]))}{more}]"


def _call(node: Any) -> str:
    return f"{node.name}({','.join(map(_written, node.arguments))}{'...' if node.spread else ''})"


_KINDS: dict[type[Any], Callable[[Any], str]] = {
    syntax.Literal: _literal,
    syntax.Name: lambda node: str(node.name),
    syntax.Item: lambda _: "",
    syntax.Attribute: lambda node: f"{_written(node.of)}.{node.name}",
    syntax.Index: lambda node: f"{_written(node.of)}[{_written(node.key)}]",
    syntax.Splat: lambda node: f"{_written(node.of)}[*]{_written(node.each)}",
    syntax.Call: _call,
    syntax.Conditional: lambda node: f"{_written(node.condition)} ? {_written(node.yes)} : {_written(node.no)}",
    syntax.Binary: lambda node: f"{_written(node.left)} {node.operator} {_written(node.right)}",
    syntax.Unary: lambda node: f"{node.operator}{_written(node.operand)}",
    syntax.TupleOf: _tuple,
    syntax.ObjectOf: lambda _: "(…)",
    syntax.ForExpression: lambda node: f"[for {node.value} in {_written(node.of)} : …]",
    syntax.Interpolation: lambda node: _written(node.of),
}
