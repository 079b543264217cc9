"""The instances that a block makes, and loops with unknown elements: which go over the same, which make one at most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from preuve.collect.code.language.hcl.expressions import OWN_LOOP, as_beside, evaluate, members, settled
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

if TYPE_CHECKING:
    from preuve.collect.code.language.hcl.module import Module


_MOST_DYNAMIC = 1_000  # blocks that one `dynamic` makes


@dataclass(frozen=True)
class Instance:
    """One of the things that a block makes."""

    key: str  # "", `[0]`, `["a"]`
    names: Mapping[str, Value]  # `each`, `count`
    sure: bool  # whether it is surely made
    loop: Loop | None = None  # it stands for all elements of this loop


def open_instance(why: Unknown, loop: Loop | None, of: Value = None, *, sure: bool = False) -> Instance:
    """Return the instance that represents all elements of a loop with unknown elements, that goes over `of`."""
    return Instance("", open_names(why, loop, of), sure, loop)


def each_items(each: Value) -> list[tuple[str, Value]] | None:
    """Return the keys and values that `for_each` goes over; None if they are not known."""
    if isinstance(each, Set):
        if all(isinstance(item, str) for item in each.members):
            return [(str(item), item) for item in each.members]
        return None
    if isinstance(each, dict):
        return [(key, each[key]) for key in sorted(each)]
    return None


def dynamic_items(of: Value) -> list[tuple[Value, Value]] | None:
    """Return the keys and values that a `dynamic` block goes over; None if they are not known, or too many."""
    try:
        items = members(of)
    except RefusedError:
        return None
    return items if items is not None and len(items) <= _MOST_DYNAMIC else None


def by_key(found: list[Instance], value: Callable[[Instance], Value], arguments: Mapping[str, Any]) -> Value:
    """Return the instances of a block as the value of its name: one, a tuple, or an object."""
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


def loop_of(module: Module, node: syntax.Node) -> Loop:
    """Return the loop of `count` or `for_each`. If it iterates over another block's instances, it is that block's
    loop.

    Two blocks of one module with equal expressions share a loop.
    """
    node = syntax.unwrapped(node)
    block = node
    if isinstance(node, syntax.Call) and node.name == "length" and len(node.arguments) == 1:
        block = node.arguments[0]
    if isinstance(block, syntax.Attribute) and isinstance(block.of, syntax.Name):
        found = _evaluated(module, block)
        if isinstance(found, BlockValue) and found.loop is not None:
            return found.loop
    return Loop(module.address, node, single=at_most_one(module, node))


def element_of(made: Unknown, of: Value) -> Unknown:
    """Return an element of a collection that is not known, with what it may be as far as that is told."""
    if isinstance(of, OneOf):
        return one_of_few(made_of(made, of), [item for one in of.values for item in items_of(one)])
    return one_of_values(made, _elements(of))


def _elements(of: Value) -> Iterator[Value]:
    """Yield what an element of a collection may be, and what it may be made of."""
    if (isinstance(of, PartialMap) and of.maps) or isinstance(of, Alternatives | OneOf):
        for one in of.maps if isinstance(of, PartialMap) else of.values:
            yield from _elements(one)
    elif isinstance(of, Unknown) and not isinstance(of, FilteredValue):
        yield unknown(of)
    else:
        yield from items_of(of.value if isinstance(of, FilteredValue) else of)


def open_names(why: Unknown, loop: Loop | None = None, of: Value = None) -> dict[str, Value]:
    """Return `each` and `count` for a loop with unknown elements, that goes over `of`."""
    of_map = isinstance(of, OneOf | PartialMap | Alternatives) or (
        isinstance(of, FilteredValue) and isinstance(of.value, dict)
    )
    texts = frozenset[str]() if of_map else why.written  # of a set the keys are the members
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


def names_of_only(module: Module, node: syntax.Node, loop: Loop | None) -> dict[str, Value]:
    """Return `each` or `count` of a loop that makes one element or none, if it is known which: `var.on ? 1 : 0`.
    Neither otherwise.
    """
    if loop is None or not loop.single:
        return {}
    found = _made_of(module, node)
    if isinstance(found, Set) and len(found.members) == 1 and isinstance(found.members[0], str):
        return {"each": {"key": found.members[0], "value": found.members[0]}}
    if isinstance(found, dict) and len(found) == 1:
        ((key, value),) = found.items()
        return {"each": {"key": key, "value": value}}
    return {"count": {"index": 0}} if str(found) == "1" else {}


def _made_of(module: Module, node: syntax.Node) -> Value:
    """Return what a loop goes over wherever it makes anything: in the only branch of a conditional that is not empty.
    Null if that is not known.
    """
    node = syntax.unwrapped(node)
    if not isinstance(node, syntax.Conditional):
        return settled(node, module.environment)
    yes, no = (_made_of(module, branch) for branch in (node.yes, node.no))
    for value, other in ((yes, no), (no, yes)):
        if (is_known(value) or isinstance(value, dict)) and not _is_none(value) and _is_none(other):
            try:
                return as_beside(value, other, node)
            except RefusedError:
                return None
    return yes if _is_none(yes) and _is_none(no) else None


def makes_nothing(module: Module, node: syntax.Node) -> bool:
    """Return whether a loop makes nothing whatever the unknown values in its conditions are:
    `var.x != "" && false ? 1 : 0`.
    """
    node = syntax.unwrapped(node)
    if not isinstance(node, syntax.Conditional):
        value = settled(node, module.environment)
        return is_known(value) and _is_none(value)
    holds = _truth(module, node.condition, set())
    branches = (node.yes, node.no) if holds is None else (node.yes,) if holds else (node.no,)
    return all(makes_nothing(module, branch) for branch in branches)


def _truth(module: Module, node: syntax.Node, followed: set[str]) -> bool | None:
    """Return what a condition is whatever the unknown values in it are; None if that rests on them. Each local value is
    followed once: what names another twice, and so on, doubles.
    """
    node = syntax.unwrapped(node)
    match node:
        case syntax.Unary(operator="!"):
            holds = _truth(module, node.operand, followed)
            return None if holds is None else not holds
        case syntax.Binary(operator="&&" | "||"):
            found = [_truth(module, side, followed) for side in (node.left, node.right)]
            decides = node.operator == "||"
            return decides if decides in found else None if None in found else not decides
        case syntax.Attribute(of=syntax.Name(name="local"), name=name) if (
            name in module.code.locals and name not in followed and ("local", name) not in module.code.twice
        ):
            followed.add(name)
            return _truth(module, module.code.locals[name][0].value, followed)
    value = _evaluated(module, node)
    return value if isinstance(value, bool) else None


def _is_none(value: Value) -> bool:
    if isinstance(value, Set):
        return not value.members
    return not value if isinstance(value, dict | list | tuple) else str(value) == "0"


def _evaluated(module: Module, node: syntax.Node) -> Value:
    try:
        return evaluate(node, module.environment)
    except (RefusedError, RecursionError, OverflowError):
        return None


def at_most_one(module: Module, node: syntax.Node) -> bool:
    """Return whether both branches of a conditional surely make one element at most: `var.create ? 1 : 0`."""
    node = syntax.unwrapped(node)
    if isinstance(node, syntax.Conditional):
        return all(at_most_one(module, branch) for branch in (node.yes, node.no))
    value = settled(node, module.environment)
    if isinstance(value, dict | list | tuple | Set):
        return len(items_of(value)) <= 1
    return isinstance(value, int | str) and str(value) in ("0", "1")
