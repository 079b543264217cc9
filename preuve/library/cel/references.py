"""Finds what a condition refers to, in its checked tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.library.cel.ast import checked

_COMPREHENSION = ("iter_range", "accu_init", "loop_condition", "loop_step", "result")
_EQUALITY = frozenset({"_==_", "_!=_", "@in"})


@dataclass(frozen=True)
class Reference:
    """A member of a message that the condition reads; `guarded` if the condition first tests whether it exists."""

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
class References:
    """What a condition refers to; `mixed`: a list mixes types, which ends type-checking there.

    `asked` are members that are only tested for presence, `given` functions and the messages that they receive
    whole. `bare` are members read without a test for presence, and their first place in the text.
    """

    members: frozenset[Reference]
    comparisons: tuple[Comparison, ...]
    variables: frozenset[str]
    functions: frozenset[str]
    mixed: bool
    asked: frozenset[tuple[str, str]]
    given: frozenset[tuple[str, str]]
    bare: Mapping[tuple[str, str], int]


def references(serialized: bytes) -> References:
    """Return the members read, the comparisons with literals, and the variables named."""
    tree = checked(serialized)
    places = {entry.key: entry.value for entry in tree.source_info.positions}
    optional = {entry.key for entry in tree.type_map if entry.value.HasField("abstract_type")}
    walker = _Walker({entry.key: _message(entry.value) for entry in tree.type_map}, places, optional)
    walker.walk(tree.expr)
    lists = {entry.key for entry in tree.type_map if entry.value.list_type.elem_type.HasField("dyn")}
    mixed = any(len(walker.lists[expr]) > 1 and any(walker.lists[expr]) for expr in lists & set(walker.lists))
    return References(
        frozenset(walker.members),
        tuple(walker.comparisons),
        frozenset(walker.variables),
        frozenset(walker.functions),
        mixed,
        frozenset(walker.asked),
        frozenset(walker.given),
        walker.bare,
    )


def _message(type_: Any) -> str:
    if type_.HasField("abstract_type") and len(type_.abstract_type.parameter_types) == 1:
        return _message(type_.abstract_type.parameter_types[0])
    return str(type_.message_type)


class _Walker:
    def __init__(self, types: dict[int, str], places: Mapping[int, int], optional: set[int]) -> None:
        self.types = types
        self.places = places
        self.optional = optional  # absent members of an optional value are no error
        self.bare: dict[tuple[str, str], int] = {}
        self.members: set[Reference] = set()
        self.comparisons: list[Comparison] = []
        self.variables: set[str] = set()
        self.functions: set[str] = set()
        self.asked: set[tuple[str, str]] = set()
        self.given: set[tuple[str, str]] = set()
        self.lists: dict[int, set[str]] = {}  # literal list -> messages of its elements
        self.elements: dict[str, tuple[str, str]] = {}  # variable of a loop -> the list that it goes through

    def walk(self, expr: Any) -> None:
        if expr.HasField("select_expr"):
            select = expr.select_expr
            self._member(select.operand.id, select.field, select.test_only)
            if not select.test_only and select.operand.id not in self.optional:
                self._bare(self.types.get(select.operand.id, ""), select.field, self.places.get(expr.id, 0))
            elif select.test_only:
                self.asked.add((self.types.get(select.operand.id, ""), select.field))
        elif expr.HasField("call_expr"):
            self._call(expr.call_expr)
        elif expr.HasField("ident_expr"):
            self.variables.add(expr.ident_expr.name)
        elif expr.HasField("comprehension_expr"):
            self._loop(expr.comprehension_expr)
        elif expr.HasField("list_expr"):
            self.lists[expr.id] = {self.types.get(element.id, "") for element in expr.list_expr.elements}
        for child in _children(expr):
            self.walk(child)

    def _loop(self, loop: Any) -> None:
        self.elements.pop(loop.iter_var, None)
        if (member := self._origin(loop.iter_range)) is not None:
            self.elements[loop.iter_var] = member

    def _member(self, operand: int, name: str, guarded: bool) -> None:
        message = self.types.get(operand, "")
        if message:
            self.members.add(Reference(message, name, guarded))

    def _bare(self, message: str, name: str, place: int) -> None:
        self.bare[message, name] = min(place, self.bare.get((message, name), place))

    def _call(self, call: Any) -> None:
        self.functions.add(call.function)
        self.given |= {(call.function, self.types[arg.id]) for arg in call.args if self.types.get(arg.id)}
        if call.function == "_?._":
            self._member(call.args[0].id, call.args[1].const_expr.string_value, True)
        if call.function == "hasValue" and (member := self._origin(call.target)) is not None:
            self.asked.add(member)
        if call.function in _EQUALITY:
            left, right = call.args
            self._compare(left, right)
            self._compare(right, left)

    def _compare(self, side: Any, other: Any) -> None:
        member = self._origin(side)
        if member is None:
            return
        for literal in [other] if other.HasField("const_expr") else list(other.list_expr.elements):
            if literal.const_expr.string_value:  # the empty text is our own marker for "not set"
                self.comparisons.append(Comparison(*member, literal.const_expr.string_value))

    def _origin(self, expr: Any) -> tuple[str, str] | None:
        """Return the member that an expression reads: directly, by `.?` or in a loop."""
        if expr.HasField("select_expr"):
            return (self.types.get(expr.select_expr.operand.id, ""), str(expr.select_expr.field))
        if expr.HasField("ident_expr"):
            return self.elements.get(expr.ident_expr.name)
        if expr.call_expr.function == "_?._":
            operand, name = expr.call_expr.args
            return (self.types.get(operand.id, ""), str(name.const_expr.string_value))
        if expr.call_expr.function in ("orValue", "value"):
            return self._origin(expr.call_expr.target)
        return None


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
