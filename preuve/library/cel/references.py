"""What a condition refers to, read from its checked AST (`cel.expr.CheckedExpr`; this declares the part needed)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

_SCALAR = {"s": 9, "i": 3, "b": 8, "bytes": 12}
_SCHEMA: dict[str, list[tuple[str, int, str, bool]]] = {
    "Any": [("type_url", 1, "s", False), ("value", 2, "bytes", False)],
    "Abstract": [("name", 1, "s", False), ("parameter_types", 2, "Type", True)],
    "Empty": [],
    "ListType": [("elem_type", 1, "Type", False)],
    "Type": [
        ("dyn", 1, "Empty", False),
        ("list_type", 6, "ListType", False),
        ("message_type", 9, "s", False),
        ("abstract_type", 14, "Abstract", False),
    ],
    "Entry": [("key", 1, "i", False), ("value", 2, "Type", False)],
    "Const": [("string_value", 6, "s", False)],
    "Ident": [("name", 1, "s", False)],
    "Select": [("operand", 1, "Expr", False), ("field", 2, "s", False), ("test_only", 3, "b", False)],
    "Call": [("target", 1, "Expr", False), ("function", 2, "s", False), ("args", 3, "Expr", True)],
    "List": [("elements", 1, "Expr", True)],
    "Struct": [("entries", 2, "StructEntry", True)],
    "StructEntry": [("map_key", 3, "Expr", False), ("value", 4, "Expr", False)],
    "Comprehension": [
        (name, number, "Expr", False)
        for number, name in (
            (2, "iter_range"),
            (4, "accu_init"),
            (5, "loop_condition"),
            (6, "loop_step"),
            (7, "result"),
        )
    ],
    "Expr": [
        ("id", 2, "i", False),
        ("const_expr", 3, "Const", False),
        ("ident_expr", 4, "Ident", False),
        ("select_expr", 5, "Select", False),
        ("call_expr", 6, "Call", False),
        ("list_expr", 7, "List", False),
        ("struct_expr", 8, "Struct", False),
        ("comprehension_expr", 9, "Comprehension", False),
    ],
    "Checked": [("type_map", 3, "Entry", True), ("expr", 4, "Expr", False)],
}
_COMPREHENSION = ("iter_range", "accu_init", "loop_condition", "loop_step", "result")
_EQUALITY = frozenset({"_==_", "_!=_", "@in"})


@dataclass(frozen=True)
class Reference:
    """A member of a message that the condition reads; `guarded` where it asks first whether it is there."""

    message: str
    member: str
    guarded: bool


@dataclass(frozen=True)
class Comparison:
    """A member compared with a literal."""

    message: str
    member: str
    literal: str


@dataclass(frozen=True)
class Found:
    """What a condition refers to; `mixed` where a list in it mixes types, which ends type-checking there."""

    members: frozenset[Reference]
    comparisons: tuple[Comparison, ...]
    variables: frozenset[str]
    functions: frozenset[str]
    mixed: bool


def references(serialized: bytes) -> Found:
    """The members read, the comparisons with literals, and the variables named."""
    checked = _class("Checked")()
    wrapped = _class("Any")()
    wrapped.ParseFromString(serialized)
    checked.ParseFromString(wrapped.value)
    walker = _Walker({entry.key: _message(entry.value) for entry in checked.type_map})
    walker.walk(checked.expr)
    lists = {entry.key for entry in checked.type_map if entry.value.list_type.elem_type.HasField("dyn")}
    mixed = any(len(walker.lists[expr]) > 1 and any(walker.lists[expr]) for expr in lists & set(walker.lists))
    called = frozenset(walker.functions)
    return Found(frozenset(walker.members), tuple(walker.comparisons), frozenset(walker.variables), called, mixed)


def _message(type_: Any) -> str:
    if type_.HasField("abstract_type") and len(type_.abstract_type.parameter_types) == 1:
        return _message(type_.abstract_type.parameter_types[0])
    return str(type_.message_type)


class _Walker:
    def __init__(self, types: dict[int, str]) -> None:
        self.types = types
        self.members: set[Reference] = set()
        self.comparisons: list[Comparison] = []
        self.variables: set[str] = set()
        self.functions: set[str] = set()
        self.lists: dict[int, set[str]] = {}  # literal list -> messages of its elements

    def walk(self, expr: Any) -> None:
        if expr.HasField("select_expr"):
            select = expr.select_expr
            self._member(select.operand.id, select.field, select.test_only)
        elif expr.HasField("call_expr"):
            self._call(expr.call_expr)
        elif expr.HasField("ident_expr"):
            self.variables.add(expr.ident_expr.name)
        elif expr.HasField("list_expr"):
            self.lists[expr.id] = {self.types.get(element.id, "") for element in expr.list_expr.elements}
        for child in _children(expr):
            self.walk(child)

    def _member(self, operand: int, name: str, guarded: bool) -> None:
        message = self.types.get(operand, "")
        if message:
            self.members.add(Reference(message, name, guarded))

    def _call(self, call: Any) -> None:
        self.functions.add(call.function)
        if call.function == "_?._":
            self._member(call.args[0].id, call.args[1].const_expr.string_value, True)
        if call.function in _EQUALITY:
            left, right = call.args
            self._compare(left, right)
            self._compare(right, left)

    def _compare(self, side: Any, other: Any) -> None:
        if not side.HasField("select_expr"):
            return
        literals = [other] if other.HasField("const_expr") else list(other.list_expr.elements)
        for literal in literals:
            if literal.HasField("const_expr") and literal.const_expr.HasField("string_value"):
                message = self.types.get(side.select_expr.operand.id, "")
                value = literal.const_expr.string_value
                self.comparisons.append(Comparison(message, side.select_expr.field, value))


def _children(expr: Any) -> Iterator[Any]:
    if expr.HasField("select_expr"):
        yield expr.select_expr.operand
    elif expr.HasField("call_expr"):
        if expr.call_expr.HasField("target"):
            yield expr.call_expr.target
        yield from expr.call_expr.args
    elif expr.HasField("list_expr"):
        yield from expr.list_expr.elements
    elif expr.HasField("struct_expr"):
        for entry in expr.struct_expr.entries:
            yield from (entry.map_key, entry.value)
    elif expr.HasField("comprehension_expr"):
        for name in _COMPREHENSION:
            yield getattr(expr.comprehension_expr, name)


# Only type-checking needs protobuf: the runs that judge what was compiled before do not load it.


@cache
def _class(name: str) -> Any:
    from google.protobuf import message_factory  # noqa: PLC0415

    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"ast.{name}"))


@cache
def _pool() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool  # noqa: PLC0415

    file = descriptor_pb2.FileDescriptorProto(name="ast.proto", package="ast", syntax="proto2")
    for name, fields in _SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, number, kind, repeated in fields:
            entry: Any = message.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in _SCALAR:
                entry.type = _SCALAR[kind]
            else:
                entry.type, entry.type_name = 11, f".ast.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool
