"""Evaluates an expression to a value, or to an unknown with its causes.

The rules are those of HCL and Terraform. A known value here is the value that Terraform computes; in doubt the
result is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, product
from typing import Any, Protocol

from preuve.collect.code.language.hcl.functions import Host, call
from preuve.collect.code.language.hcl.references import references
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.syntax.short_form import written
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.json_text import text_parts
from preuve.collect.code.language.values.operators import ARITHMETIC, SCALARS, equal, kind_of, logical
from preuve.collect.code.language.values.steps import BlockValue, attribute, index, number_of, plain, text_of, truth
from preuve.collect.code.language.values.type import type_of, unified
from preuve.collect.code.language.values.value import (
    FilteredValue,
    JsonText,
    LoopKey,
    Map,
    NamedText,
    OneOf,
    PartText,
    RefusedError,
    Set,
    Unknown,
    Value,
    composed,
    holding,
    is_assigned,
    is_known,
    listed,
    made_of,
    one_of_few,
    one_of_values,
    sources_of,
    texts_held,
    unknown,
    unknowns,
)

_MOST_TEXT = 1_000_000  # characters of a text
_MOST_PARTS = 1_000  # known and unknown parts of a text
_MOST_ITEMS = 10_000  # most items of one `for`


class ExhaustedError(Exception):
    """The code of one root needs more work than its budget allows."""


class Scope(Protocol):
    """The context of an expression: names, functions and limits."""

    host: Host

    def root(self, name: str) -> Value:
        """Return the value of the first name of a traversal."""

    def spend(self, work: int) -> None:
        """Count work. Raises ExhaustedError if it is too much."""


OWN_LOOP = ""  # not a name in code: the loop of the block that contains an expression


@dataclass(frozen=True)
class Environment:
    """A scope with the names of the loops around an expression, and the element of the nearest splat."""

    scope: Scope
    names: Mapping[str, Value] = field(default_factory=dict)
    item: Value = None

    def with_names(self, names: Mapping[str, Value]) -> Environment:
        """Return this environment with more names."""
        return replace(self, names={**self.names, **names})


def evaluate(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression. Raises RefusedError if Terraform rejects it. An error of our own makes only
    this value unknown, so that one such expression cannot leave a whole root undecided.
    """
    try:
        return plain(_evaluate(node, environment))
    except (RefusedError, ExhaustedError, RecursionError, OverflowError):
        raise
    except Exception as error:  # noqa: BLE001 - boundary
        return Unknown((f"an expression that preuve does not evaluate ({type(error).__name__}): {written(node)}",))


def evaluate_named(node: syntax.Node, environment: Environment, place: str) -> Value:
    """Return the value of the expression behind a name. Raises RefusedError with that expression and its place: the
    code that uses the name is not at fault.
    """
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        error.written = error.written or f"{written(node)} ({place})"
        raise


def settled(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression; an unknown if Terraform rejects it or if it exceeds the budget."""
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        return Unknown((f"an expression that Terraform refuses: {error.written or written(node)}",))
    except (RecursionError, OverflowError):
        return Unknown((f"an expression that takes too much work to evaluate: {written(node)}",))


def _evaluate(node: syntax.Node, environment: Environment) -> Value:
    environment.scope.spend(1)
    return _KINDS[type(node)](node, environment)


def _name(node: Any, environment: Environment) -> Value:
    if node.name in environment.names:
        return environment.names[node.name]
    return environment.scope.root(node.name)


# ---- steps ----------------------------------------------------------------------------------------------------------


def _attribute(node: Any, environment: Environment) -> Value:
    return attribute(_evaluate(node.of, environment), node.name)


def _index(node: Any, environment: Environment) -> Value:
    return index(_evaluate(node.of, environment), evaluate(node.key, environment))


def _splat(node: Any, environment: Environment) -> Value:
    value = _evaluate(node.of, environment)
    if isinstance(value, BlockValue) and _is_there_beside(value, environment):
        return (plain(_evaluate(node.each, replace(environment, item=value.element))),)
    if isinstance(value, Unknown) and (not isinstance(value, BlockValue) or value.element is not None):
        return unknown(value)
    if value is None:
        return ()
    if isinstance(value, Set) and not is_known(value):
        return unknown(value)
    found = tuple(plain(_evaluate(node.each, replace(environment, item=item))) for item in listed(value))
    return list(found) if isinstance(value, list | Set) else found


def _is_there_beside(value: BlockValue, environment: Environment) -> bool:
    """Return whether a `count` of at most one has an element wherever the block that refers to it exists: the same loop
    makes both.
    """
    loop = value.loop if value.counted and value.element is not None else None
    return loop is not None and loop.single and environment.names.get(OWN_LOOP) == loop


# ---- operators ------------------------------------------------------------------------------------------------------


def _conditional(node: Any, environment: Environment) -> Value:
    condition = truth(evaluate(node.condition, environment))
    if isinstance(condition, Unknown):
        branches = list(_both(node, environment))
        either = made_of(unknown(condition, *branches), *branches)
        named = len(branches) == 2 and all(isinstance(branch, Unknown) and is_assigned(branch) for branch in branches)
        if named:
            return replace(either, causes=unknown(*branches).causes, made=True)
        return _few(either, node, branches) if len(branches) == 2 else either
    chosen, other = (node.yes, node.no) if condition else (node.no, node.yes)
    value = evaluate(chosen, environment)
    if value is None or isinstance(value, Unknown):
        return value
    try:
        beside = evaluate(other, environment)
    except RefusedError:
        if kind_of(value) in SCALARS:
            return value
        try:
            beside = _left_of(other, environment)
        except RefusedError:
            return unknown(value, why=f"a conditional whose other branch has no value here: {written(node)}")
    return as_beside(value, beside, node)


def _left_of(node: syntax.Node, environment: Environment) -> Value:
    """Return the value of an expression that HCL rejects in part: even the branch that is not taken determines the type
    of a conditional. A failing call, loop or step may have any type. Raises RefusedError if the failing part has a
    type, or belongs to another name.
    """
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        if error.written:
            raise
        if isinstance(node, syntax.TupleOf):
            return tuple(_left_of(item, environment) for item in node.items)
        if isinstance(node, syntax.ObjectOf):
            names = (str(text_of(evaluate(key, environment))) for key, _ in node.items)
            return dict(zip(names, [_left_of(item, environment) for _, item in node.items], strict=True))
        if isinstance(node, syntax.Template):
            return ""  # some text
        if not _may_be_of_any_type(node):
            raise
        return Unknown(("what HCL refuses",))


def _may_be_of_any_type(node: syntax.Node) -> bool:
    while isinstance(node, syntax.Attribute | syntax.Index | syntax.Splat):
        if isinstance(node, syntax.Index) and not isinstance(node.key, syntax.Literal):
            return False
        node = node.of
    return isinstance(node, syntax.Name | syntax.Call | syntax.ForExpression)


def _few(either: Unknown, node: Any, branches: list[Value]) -> Unknown:
    """Return the unknown value of a conditional, with what both of its branches have in common."""
    yes, no = (branch.values if isinstance(branch, OneOf) else (branch,) for branch in branches)
    found = one_of_few(
        either, (as_beside(one, beside, node) for one, beside in chain(product(yes, no), product(no, yes)))
    )
    if isinstance(found, OneOf):
        return found
    held = holding(either, _held_by_both(branches))
    return one_of_values(either, branches) if held is either else held


def _held_by_both(branches: list[Value]) -> list[str]:
    """Return the texts that both of two lists or sets contain."""
    ours, theirs = map(list, map(texts_held, branches))
    return [text for text in ours if text in theirs]


def as_beside(value: Value, other: Value, node: syntax.Node) -> Value:
    """Convert a value to the type that it shares with another one: `true ? 1 : "a"` is a text. Raises RefusedError."""
    if value is None or other is None or isinstance(other, Unknown) or _is_empty_beside(other, value):
        return value
    if _is_empty_beside(value, other):
        return _EMPTY[type(other)]()
    found = unified([type_of(value), type_of(other)])
    if found is None:
        raise RefusedError("two types that have nothing in common")
    if not found.holds("unsure"):
        return convert(value, found)
    if value in ((), {}) and type(value) in (tuple, dict):
        return [] if value == () else Map()  # whatever the other contains
    if _are_of_one_type(value, other):
        return list(value)
    return unknown(value, other, why=f"a conditional whose branches have different types: {written(node)}")


_EMPTY: dict[type[Any], Callable[[], Value]] = {list: list, Set: Set, Map: Map}


def _is_empty_beside(value: Value, other: Value) -> bool:
    """Return whether a value is `[]` beside a list or a set, or `{}` beside a map: it then takes the other's type,
    whatever that is in full. A null or an unknown inside the other does not determine it.
    """
    if type(value) is dict:
        return not value and type(other) is Map
    return value == () and type(value) is tuple and type(other) in (list, Set)


def _are_of_one_type(value: Value, other: Value) -> bool:
    """Return whether one of two values is `[]` and the members of the other share one type: both then become lists, and
    the members do not change.
    """
    if not (type(value) is type(other) is tuple and () in (value, other)):
        return False
    return len({type_of(member) for member in value or other}) == 1


def _both(node: Any, environment: Environment) -> Iterator[Value]:
    for branch in (node.yes, node.no):
        try:
            yield evaluate(branch, environment)
        except RefusedError:
            continue


def _unary(node: Any, environment: Environment) -> Value:
    value = evaluate(node.operand, environment)
    if node.operator == "!":
        found = truth(value)
        return unknown(found) if isinstance(found, Unknown) else not found
    found = number_of(value)
    if isinstance(found, Unknown):
        return unknown(found)
    return -found if found else Unknown(("minus zero",))  # HCL writes minus zero differently


def _binary(node: Any, environment: Environment) -> Value:
    left, right = evaluate(node.left, environment), evaluate(node.right, environment)
    if node.operator in ("&&", "||"):
        return logical(node.operator, left, right)
    if node.operator in ("==", "!="):
        same = equal(left, right)
        return same if isinstance(same, Unknown) or node.operator == "==" else not same
    one, other = number_of(left), number_of(right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    return ARITHMETIC[node.operator](one, other)


# ---- collections ----------------------------------------------------------------------------------------------------


def _tuple(node: Any, environment: Environment) -> Value:
    return tuple(evaluate(item, environment) for item in node.items)


def _object(node: Any, environment: Environment) -> Value:
    found: dict[str, Value] = {}
    for key, value in node.items:
        name = evaluate(key, environment)
        if isinstance(name, Unknown):
            return unknown(name, why="the name of an attribute")
        found[str(text_of(name))] = evaluate(value, environment)
    return found


def members(value: Value) -> list[tuple[Value, Value]] | None:
    """Return the keys and values of a loop's collection; None if unknown. Raises RefusedError for a value without
    members.
    """
    if isinstance(value, Unknown) or (isinstance(value, Set) and not is_known(value)):
        return None
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, Set):
        return [(item, item) for item in value.members]
    if isinstance(value, list | tuple):
        return list(enumerate(value))
    raise RefusedError("nothing that a loop goes through")


def _items(node: Any, environment: Environment) -> list[tuple[Value, Value]] | Unknown:
    """Return the (key, value) pairs that a `for` expression iterates over, or an unknown."""
    of = evaluate(node.of, environment)
    items = members(of)
    if items is None:
        return unknown(of)
    return items if len(items) <= _MOST_ITEMS else Unknown(("a loop that is too long",))


def _for(node: Any, environment: Environment) -> Value:
    items = _items(node, environment)
    if isinstance(items, Unknown):
        return items
    if not items and node.condition is not None:  # HCL also rejects a faulty condition that is never evaluated
        _taken(node, environment.with_names(_bound(node, Unknown(("key",)), Unknown(("value",)))))
    rounds = (environment.with_names(_bound(node, key, value)) for key, value in items)
    if node.key_result is None:
        return _for_tuple(node, rounds)
    return _for_object(node, rounds)


def _bound(node: Any, key: Value, value: Value) -> dict[str, Value]:
    return {node.value: value} | ({node.key: key} if node.key else {})


def _taken(node: Any, environment: Environment) -> Value:
    return True if node.condition is None else truth(evaluate(node.condition, environment))


def _for_tuple(node: Any, rounds: Iterable[Environment]) -> Value:
    found, open_ = [], []
    perhaps: list[Value] = []
    for environment in rounds:
        taken = _taken(node, environment)
        if isinstance(taken, Unknown):
            open_.append(taken)
            perhaps.append(_if_taken(node.result, environment))
        elif taken:
            found.append(evaluate(node.result, environment))
    if not open_:
        return tuple(found)
    every = (*found, *perhaps)
    return _sifted(made_of(unknown(*open_, *found), *every), every)


def _if_taken(node: Any, environment: Environment) -> Value:
    """Return the value of a branch or member that may not be used; an unknown if Terraform rejects it."""
    try:
        return evaluate(node, environment)
    except RefusedError as error:
        cause = f"an expression that Terraform refuses: {error.written or written(node)}"
        return Unknown((cause,), computed=True)


def _sifted(found: Unknown, every: Value) -> Unknown:
    return FilteredValue(found.causes, sources=found.sources, computed=True, written=found.written, value=every)


def _for_object(node: Any, rounds: Iterable[Environment]) -> Value:
    found: dict[str, Any] = {}
    perhaps: dict[str, Any] = {}
    open_: list[Value] = []
    every: list[Value] = []
    unnamed = node.grouped
    for environment in rounds:
        taken = _taken(node, environment)
        if isinstance(taken, Unknown):
            open_.append(taken)
            key, value = (_if_taken(part, environment) for part in (node.key_result, node.result))
            unnamed = unnamed or not isinstance(key, str) or key in perhaps
            perhaps[str(key)] = value
            every.append(value)
        elif taken:
            key, value = evaluate(node.key_result, environment), evaluate(node.result, environment)
            every.append(value)
            if isinstance(key, Unknown):
                open_ += [key, value]
                unnamed = True
                continue
            name = str(text_of(key))
            if node.grouped:
                found.setdefault(name, []).append(value)
            elif name in found:
                raise RefusedError("two members of one name")
            else:
                found[name] = value
    if open_:
        whole = made_of(unknown(*open_, *found.values()), *every)
        return whole if unnamed or found.keys() & perhaps.keys() else _sifted(whole, {**found, **perhaps})
    return {name: tuple(values) for name, values in found.items()} if node.grouped else found


# ---- calls ----------------------------------------------------------------------------------------------------------


def _call(node: Any, environment: Environment) -> Value:
    if node.name in ("try", "can"):
        return _try(node, environment) if node.name == "try" else _can(node, environment)
    if "::" in node.name and not node.name.startswith("core::"):
        return Unknown((f"{node.name}()",))
    arguments = [evaluate(argument, environment) for argument in node.arguments]
    if node.spread:
        last = arguments.pop()
        items = members(last) if not isinstance(last, dict) else None
        if items is None:
            return unknown(*arguments, last)
        arguments += [value for _, value in items]
    environment.scope.spend(len(arguments))
    return call(node.name.removeprefix("core::"), arguments, environment.scope.host)


def _sure(value: Value) -> bool:
    """Return whether an unknown value cannot make Terraform reject it: it is exactly what a block has, or a text of
    such values. A computed value may be rejected, and so may a branch that may not be taken.
    """
    return all(_stands(item) for item in unknowns(value))


def _stands(item: Unknown) -> bool:
    if isinstance(item, PartText):
        return all(map(_sure, item.parts))
    if isinstance(item, JsonText):
        return _sure(item.value)
    return item.made or isinstance(item, BlockValue) or (bool(item.sources) and not item.computed)


def _doubts(node: Any, value: Value, environment: Environment) -> list[Value]:
    """Return the parts of an expression that Terraform may reject: its value and every name in it. A missing name may
    not show in the value (`length([var.x.y])`).
    """
    named = []
    for reference in references(node):
        try:
            named.append(evaluate(reference, environment))
        except RefusedError:
            continue
    missing = [found for reference in references(node) for found in _perhaps_missing(reference, environment)]
    return [item for item in (value, *named) if not _sure(item)] + missing


def _perhaps_missing(reference: Any, environment: Environment) -> Iterator[Unknown]:
    """Yield the loops whose referenced element may not exist: `aws_kms_key.x[0]` with a `count` that may be 0."""
    while not isinstance(reference, syntax.Name):
        of = reference.of
        if isinstance(reference, syntax.Index):
            try:
                found = evaluate(of, environment)
                key = evaluate(reference.key, environment)
            except RefusedError:
                return
            if isinstance(found, BlockValue) and found.element is not None and not _is_element(found, key, environment):
                yield unknown(found)
        reference = of


def _is_element(of: BlockValue, key: Value, environment: Environment) -> bool:
    """Return whether a key surely belongs to an element of a loop."""
    same = isinstance(key, LoopKey) and key.loop is not None and key.loop == of.loop
    return same or (key == 0 and _is_there_beside(of, environment))


def _try(node: Any, environment: Environment) -> Value:
    open_: list[Value] = []
    tried: list[Value] = []
    for argument in node.arguments:
        try:
            value = evaluate(argument, environment)
        except RefusedError:
            continue
        tried.append(value)
        doubts = _doubts(argument, value, environment)
        if not doubts:
            return _first_of(tried, open_) if open_ else value
        open_ += doubts
    if open_:
        return _first_of(tried, open_)
    raise RefusedError("no argument of try() can be evaluated")


def _first_of(tried: list[Value], open_: list[Value]) -> Unknown:
    """Return the unknown value of `try`: the first argument that Terraform does not reject, whichever that is."""
    return one_of_few(made_of(unknown(*tried, *open_), *tried), tried)


def _can(node: Any, environment: Environment) -> Value:
    if len(node.arguments) != 1:
        raise RefusedError("can() takes one argument")
    try:
        value = evaluate(node.arguments[0], environment)
    except RefusedError:
        return False
    doubts = _doubts(node.arguments[0], value, environment)
    return unknown(*doubts) if doubts else True


# ---- templates ------------------------------------------------------------------------------------------------------


def _template(node: Any, environment: Environment) -> Value:
    parts: list[str | Unknown] = []
    for part in node.parts:
        value = evaluate(part, environment)
        parts += text_parts(value if isinstance(value, Unknown | str) else text_of(value))
    return joined(parts)


def joined(parts: Iterable[str | Unknown]) -> Value:
    """Join texts and unknowns into one text."""
    merged: list[str | Unknown] = []
    sources = sources_of(parts := list(parts))
    for part in parts:
        if isinstance(part, Unknown) or not merged or isinstance(merged[-1], Unknown):
            merged.append(part)
        else:
            merged[-1] += part
    if len(merged) > _MOST_PARTS or sum(len(part) for part in merged if isinstance(part, str)) > _MOST_TEXT:
        return Unknown(("a text that is too long",))
    open_ = [part for part in merged if isinstance(part, Unknown)]
    if not open_:
        text = composed("".join(part for part in merged if isinstance(part, str)))
        return NamedText(text, sources) if sources else text
    causes = unknown(*open_).causes
    kept = (part if isinstance(part, Unknown) else composed(part) for part in merged if part != "")
    return PartText(causes, sources=sources, parts=tuple(kept))


def _template_if(node: Any, environment: Environment) -> Value:
    condition = truth(evaluate(node.condition, environment))
    if isinstance(condition, Unknown):
        branches = list(_both(node, environment))
        return made_of(unknown(condition, *branches), *branches)
    return evaluate(node.yes if condition else node.no, environment)


def _template_for(node: Any, environment: Environment) -> Value:
    items = _items(node, environment)
    if isinstance(items, Unknown):
        return items
    return joined(
        part
        for key, value in items
        for part in text_parts(evaluate(node.body, environment.with_names(_bound(node, key, value))))
    )


_KINDS: dict[type[Any], Callable[[Any, Environment], Value]] = {
    syntax.Literal: lambda node, _: node.value,
    syntax.Name: _name,
    syntax.Item: lambda _, environment: environment.item,
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.TupleOf: _tuple,
    syntax.ObjectOf: _object,
    syntax.ForExpression: _for,
    syntax.Interpolation: lambda node, environment: _evaluate(node.of, environment),
    syntax.Template: _template,
    syntax.TemplateIf: _template_if,
    syntax.TemplateFor: _template_for,
}
