"""A condition as a tree of few kinds of nodes, with macros restored: it is evaluated and explained by this tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from preuve.library.cel.ast import checked

_UNSIGNED = "an unsigned number"


class UnknownNodeError(Exception):
    """A part of CEL that is not supported here."""


class _Part:
    """What every kind of node has."""

    @cached_property
    def parts(self) -> tuple[Node, ...]:
        """The nodes with the subject, then the iterated list before its predicate."""
        match self:
            case Call(_, parts) | Items(parts):
                return parts
            case Entries(entries):
                return tuple(part for entry in entries for part in entry)
            case ListMacro(_, over, _, body):
                return (over, body)
            case Bind(_, value, body):
                return (value, body)
            case Select(of):
                return (of,)
        return ()

    @cached_property
    def free(self) -> frozenset[str]:
        """The names that its value rests on."""
        match self:
            case Ident(name):
                return frozenset({name})
            case ListMacro(_, over, variable, body, only):
                return over.free | (body.free | (only.free if only else frozenset())) - {variable}
            case Bind(name, value, body):
                return value.free | body.free - {name}
        return frozenset().union(*(part.free for part in self.parts))


@dataclass(frozen=True)
class Const(_Part):
    """A literal."""

    value: Any


@dataclass(frozen=True)
class Ident(_Part):
    """A variable, or the name of a type."""

    name: str


@dataclass(frozen=True)
class Select(_Part):
    """A member; `asked` if the condition only tests whether it exists."""

    of: Node
    name: str
    asked: bool = False


@dataclass(frozen=True)
class Call(_Part):
    """A function or an operator; the first argument of a method is its object."""

    function: str
    args: tuple[Node, ...]
    method: bool = False


@dataclass(frozen=True)
class Items(_Part):
    """A literal list."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Entries(_Part):
    """A literal map."""

    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class ListMacro(_Part):
    """A macro over a list: all, exists, exists_one, filter, or map (with `only` where it filters first)."""

    kind: str
    over: Node
    variable: str
    body: Node
    only: Node | None = None


@dataclass(frozen=True)
class Bind(_Part):
    """A name for a value."""

    name: str
    value: Node
    body: Node


Node = Const | Ident | Select | Call | Items | Entries | ListMacro | Bind


def tree(serialized: bytes) -> Node:
    """Return the tree of a compiled condition. Raises UnknownNodeError."""
    return _node(checked(serialized).expr)


def _node(expr: Any) -> Node:
    kind = next((name for name in _NODES if expr.HasField(name)), "")
    if not kind:
        raise UnknownNodeError("an empty node")
    return _NODES[kind](getattr(expr, kind))


def _const(const: Any) -> Node:
    name = next((field.name for field, _ in const.ListFields()), "null_value")
    if name == "uint64_value":
        raise UnknownNodeError(_UNSIGNED)
    return Const(None if name == "null_value" else getattr(const, name))


def _ident(ident: Any) -> Node:
    if ident.name == "uint":
        raise UnknownNodeError(_UNSIGNED)
    return Ident(ident.name)


def _select(select: Any) -> Node:
    return Select(_node(select.operand), select.field, select.test_only)


def _call(call: Any) -> Node:
    if call.function == "uint":
        raise UnknownNodeError(_UNSIGNED)
    method = call.HasField("target")
    of = [_node(call.target)] if method and not _is_namespace(call.target) else []
    function = f"optional.{call.function}" if method and not of else call.function
    return Call(function, (*of, *map(_node, call.args)), bool(of))


def _is_namespace(target: Any) -> bool:
    return bool(target.ident_expr.name == "optional")


def _list(items: Any) -> Node:
    if items.optional_indices:
        raise UnknownNodeError("an optional element of a list")
    return Items(tuple(map(_node, items.elements)))


def _map(struct: Any) -> Node:
    if struct.message_name or any(entry.optional_entry for entry in struct.entries):
        raise UnknownNodeError("a message or an optional entry")
    return Entries(tuple((_node(entry.map_key), _node(entry.value)) for entry in struct.entries))


def _fold(fold: Any) -> Node:  # noqa: PLR0911 - a case for each macro
    start, step = _node(fold.accu_init), _node(fold.loop_step)
    over, result = _node(fold.iter_range), _node(fold.result)
    so_far = Ident(fold.accu_var)
    if fold.iter_var == "optional":  # stands for the functions of optionals everywhere else
        raise UnknownNodeError("a variable named optional")
    if over == Items(()) and step == so_far:
        return Bind(fold.accu_var, start, result)
    match start, step:
        case Const(False), Call("_||_", (first, body)) if first == so_far and result == so_far:
            return ListMacro("exists", over, fold.iter_var, body)
        case Const(True), Call("_&&_", (first, body)) if first == so_far and result == so_far:
            return ListMacro("all", over, fold.iter_var, body)
        case Const(0), Call("_?_:_", (body, Call("_+_", (first, Const(1))), last)) if first == last == so_far:
            return ListMacro("exists_one", over, fold.iter_var, body)
        case Items(()), Call("_+_", (first, Items((body,)))) if first == result == so_far:
            return ListMacro("map", over, fold.iter_var, body)
        case Items(()), Call("_?_:_", (only, Call("_+_", (first, Items((body,)))), last)) if first == last == so_far:
            if body == Ident(fold.iter_var):
                return ListMacro("filter", over, fold.iter_var, only)
            return ListMacro("map", over, fold.iter_var, body, only)
        case _:
            raise UnknownNodeError("another loop")


_NODES: Mapping[str, Callable[[Any], Node]] = {
    "const_expr": _const,
    "ident_expr": _ident,
    "select_expr": _select,
    "call_expr": _call,
    "list_expr": _list,
    "struct_expr": _map,
    "comprehension_expr": _fold,
}
