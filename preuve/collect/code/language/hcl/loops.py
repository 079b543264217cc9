"""The instances of a block, and loops with unknown elements: which of them share a collection, which make at
most one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from preuve.collect.code.language.hcl.expressions import OWN_LOOP, Environment, as_beside, evaluate, members, settled
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.steps import BlockValue
from preuve.collect.code.language.values.value import (
    MOST_CAUSES,
    Alternatives,
    FilteredValue,
    Loop,
    LoopKey,
    OneOf,
    PartialMap,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
    items_of,
    made_of,
    one_of_few,
    one_of_values,
    unknown,
)

_MOST_DYNAMIC = 1_000  # most blocks of one `dynamic`


@dataclass(frozen=True)
class Instance:
    """One instance of a block."""

    key: str  # "", `[0]`, `["a"]`
    names: Mapping[str, Value]  # `each`, `count`
    sure: bool  # whether it surely exists
    loop: Loop | None = None  # it represents all elements of this loop


def open_instance(why: Unknown, loop: Loop | None, of: Value = None, *, sure: bool = False) -> Instance:
    """Return the instance that represents all elements of a loop over `of` with unknown elements."""
    return Instance("", open_names(why, loop, of), sure, loop)


def each_items(each: Value) -> list[tuple[str, Value]] | None:
    """Return the keys and values of a `for_each`; None if unknown."""
    if isinstance(each, Set):
        if all(isinstance(item, str) for item in each.members):
            return [(str(item), item) for item in each.members]
        return None
    if isinstance(each, dict):
        return [(key, each[key]) for key in sorted(each)]
    return None


def dynamic_items(of: Value) -> list[tuple[Value, Value]] | None:
    """Return the keys and values of a `dynamic` block; None if unknown, or if there are too many."""
    try:
        items = members(of)
    except RefusedError:
        return None
    return items if items is not None and len(items) <= _MOST_DYNAMIC else None


def by_key(found: list[Instance], value: Callable[[Instance], Value], arguments: Mapping[str, Any]) -> Value:
    """Return the instances of a block as the value of its name: a single one, a tuple, or an object."""
    if any(instance.key == "" for instance in found):
        single = value(found[0])
        if "count" in arguments or "for_each" in arguments:
            counted = "count" in arguments
            return BlockValue(
                single.causes, sources=single.sources, element=single, loop=found[0].loop, counted=counted
            )
        return single
    if "count" in arguments:
        return tuple(value(instance) for instance in found)
    if "for_each" in arguments:
        return {instance.key[2:-2]: value(instance) for instance in found}
    raise RefusedError("it is not made")


def loop_of(node: syntax.Node, environment: Environment, module: str) -> Loop:
    """Return the loop of `count` or `for_each`. If it iterates over another block's instances, it is that block's
    loop.

    Two blocks of one `module` (its address) with equal expressions share a loop.
    """
    node = syntax.unwrapped(node)
    block = node
    if isinstance(node, syntax.Call) and node.name == "length" and len(node.arguments) == 1:
        block = node.arguments[0]
    if isinstance(block, syntax.Attribute) and isinstance(block.of, syntax.Name):
        found = _evaluated(block, environment)
        if isinstance(found, BlockValue) and found.loop is not None:
            return found.loop
    return Loop(module, node, single=at_most_one(node, environment))


def element_of(made: Unknown, of: Value) -> Unknown:
    """Return an element of an unknown collection, with the values that it may have, as far as the code tells."""
    if isinstance(of, OneOf):
        return one_of_few(made_of(made, of), [item for one in of.values for item in items_of(one)])
    return one_of_values(made, _elements(of))


def _elements(of: Value) -> Iterator[Value]:
    """Yield the values that an element of a collection may have, and those that it may be made of."""
    if (isinstance(of, PartialMap) and of.maps) or isinstance(of, Alternatives | OneOf):
        for one in of.maps if isinstance(of, PartialMap) else of.values:
            yield from _elements(one)
    elif isinstance(of, Unknown) and not isinstance(of, FilteredValue):
        yield unknown(of)
    else:
        yield from items_of(of.value if isinstance(of, FilteredValue) else of)


def open_names(why: Unknown, loop: Loop | None = None, of: Value = None) -> dict[str, Value]:
    """Return `each` and `count` for a loop over `of` with unknown elements."""
    of_map = isinstance(of, OneOf | PartialMap | Alternatives) or (
        isinstance(of, FilteredValue) and isinstance(of.value, dict)
    )
    texts = frozenset[str]() if of_map else why.written  # the keys of a set are its members
    key = LoopKey((*why.causes, "each.key")[:MOST_CAUSES], written=texts, loop=loop)
    each = element_of(Unknown((*why.causes, "each.value")[:MOST_CAUSES]), of)
    if loop is not None and isinstance(loop.node, syntax.Call) and loop.node.name == "toset":
        each = replace(key, causes=each.causes)  # in a set the value is the key
    if isinstance(of, BlockValue) and of.element is not None:
        each = of.element
    own = {} if loop is None else {OWN_LOOP: loop}
    return {
        "each": {"key": key, "value": each},
        "count": {"index": LoopKey(("count.index",), loop=loop)},
        **own,
    }


def names_of_only(node: syntax.Node, environment: Environment, loop: Loop | None) -> dict[str, Value]:
    """Return `each` or `count` of a loop that makes at most one element, if the names of that element are known:
    `var.on ? 1 : 0`. Return neither otherwise.
    """
    if loop is None or not loop.single:
        return {}
    found = _made_of(node, environment)
    if isinstance(found, Set) and len(found.members) == 1 and isinstance(found.members[0], str):
        return {"each": {"key": found.members[0], "value": found.members[0]}}
    if isinstance(found, dict) and len(found) == 1:
        ((key, value),) = found.items()
        return {"each": {"key": key, "value": value}}
    return {"count": {"index": 0}} if str(found) == "1" else {}


def _made_of(node: syntax.Node, environment: Environment) -> Value:
    """Return the collection of a loop wherever it makes anything: the only branch of a conditional that is not empty.
    Null if unknown.
    """
    node = syntax.unwrapped(node)
    if not isinstance(node, syntax.Conditional):
        return settled(node, environment)
    yes, no = (_made_of(branch, environment) for branch in (node.yes, node.no))
    for value, other in ((yes, no), (no, yes)):
        if (is_known(value) or isinstance(value, dict)) and not _is_none(value) and _is_none(other):
            try:
                return as_beside(value, other, node)
            except RefusedError:
                return None
    return yes if _is_none(yes) and _is_none(no) else None


def makes_nothing(node: syntax.Node, environment: Environment, locals_: Mapping[str, syntax.Node]) -> bool:
    """Return whether a loop makes nothing, whatever the unknown values in its conditions are:
    `var.x != "" && false ? 1 : 0`. `locals_` are the expressions of the module's locals.
    """
    node = syntax.unwrapped(node)
    if not isinstance(node, syntax.Conditional):
        value = settled(node, environment)
        return is_known(value) and _is_none(value)
    holds = _truth(node.condition, environment, dict(locals_))
    branches = (node.yes, node.no) if holds is None else (node.yes,) if holds else (node.no,)
    return all(makes_nothing(branch, environment, locals_) for branch in branches)


def _truth(node: syntax.Node, environment: Environment, locals_: dict[str, syntax.Node]) -> bool | None:
    """Return the value of a condition, whatever the unknown values in it are; None if it depends on them. Each local is
    followed once and then removed from `locals_`: chains of locals that name others twice would double each time.
    """
    node = syntax.unwrapped(node)
    match node:
        case syntax.Unary(operator="!"):
            holds = _truth(node.operand, environment, locals_)
            return None if holds is None else not holds
        case syntax.Binary(operator="&&" | "||"):
            found = [_truth(side, environment, locals_) for side in (node.left, node.right)]
            decides = node.operator == "||"
            return decides if decides in found else None if None in found else not decides
        case syntax.Attribute(of=syntax.Name(name="local"), name=name) if name in locals_:
            return _truth(locals_.pop(name), environment, locals_)
    value = _evaluated(node, environment)
    return value if isinstance(value, bool) else None


def _is_none(value: Value) -> bool:
    if isinstance(value, Set):
        return not value.members
    return not value if isinstance(value, dict | list | tuple) else str(value) == "0"


def _evaluated(node: syntax.Node, environment: Environment) -> Value:
    try:
        return evaluate(node, environment)
    except (RefusedError, RecursionError, OverflowError):
        return None


def at_most_one(node: syntax.Node, environment: Environment) -> bool:
    """Return whether both branches of a conditional surely make at most one element: `var.create ? 1 : 0`."""
    node = syntax.unwrapped(node)
    if isinstance(node, syntax.Conditional):
        return all(at_most_one(branch, environment) for branch in (node.yes, node.no))
    value = settled(node, environment)
    if isinstance(value, dict | list | tuple | Set):
        return len(items_of(value)) <= 1
    return isinstance(value, int | str) and str(value) in ("0", "1")
