"""The origin of an argument's value: the variables and locals in its expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.expressions import settled
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import Value

_STEP = re.compile(r"[^.\[\]]+")


Weigh = Callable[[Value], int]  # how serious a value is for the finding
Choose = Callable[[object], tuple[str, str] | None]


def first_name(node: object) -> tuple[str, str] | None:
    """Return the first `var.…` or `local.…` in an expression."""
    return next(names_in(node), None)


def origin(made: BlockInstance, name: str, weigh: Weigh, choose: Choose = first_name) -> str:
    """Return the origin of a value such as that of `ingress[1].cidr_blocks`: `var.size ← module.disk`; "" if it is a
    literal or its origin is unknown. If several blocks have the value, return their common origin; for a combined list,
    that of its most serious part. `choose` selects the variable or local in an expression that gives the value.
    """
    found = {_steps_to(made.module, part, weigh, choose) for part in _at(made.content, _STEP.findall(name))}
    return found.pop() if len(found) == 1 else ""


def _steps_to(start: Module, part: _Part, weigh: Weigh, choose: Choose) -> str:
    steps: list[str] = []
    module: Module | None = start
    while module is not None and part.is_told(choose) and len(steps) < _MOST_STEPS:
        chosen = _weightiest(module, part.node, weigh)
        found = choose(chosen)
        if found is None:
            break
        kind, label = found
        steps.append(f"{kind}.{label}")
        path = _path_below(chosen, kind, label, part.rest)
        module, node = _behind(module, kind, label, steps)
        part = _inside(node, path)
    return " ← ".join(dict.fromkeys(steps))


def _path_below(node: syntax.Node | None, kind: str, label: str, rest: list[str]) -> list[str]:
    """Return the path that an expression takes from a variable or a local (`runtime` of `var.config.runtime`), followed
    by `rest` if the reference is the whole expression.
    """
    for item in syntax.all_in(node):
        path = _path_from(item, kind)
        if path[:1] == [label]:
            return [*path[1:], *(rest if node and item is syntax.unwrapped(node) else [])]
    return []


def _weightiest(module: Module, node: syntax.Node | None, weigh: Weigh) -> syntax.Node | None:
    """Return the most serious part of a combined list, or None if a literal part is as serious."""
    parts = list(_parts(node)) if node is not None else []
    if len(parts) == 1:
        return node
    weights = [weigh(settled(part, module.environment)) for part in parts]
    most = [part for part, weight in zip(parts, weights, strict=True) if weight == max(weights)]
    return most[0] if all(map(first_name, most)) else None


def _parts(node: syntax.Node) -> Iterator[syntax.Node]:
    """Yield the parts of a combined list."""
    node = syntax.unwrapped(node)
    if isinstance(node, syntax.Call) and node.name == "concat" and not node.spread and node.arguments:
        for argument in node.arguments:
            yield from _parts(argument)
    elif isinstance(node, syntax.TupleOf) and node.items:
        yield from node.items
    else:
        yield node


@dataclass(frozen=True)
class _Part:
    """The expression at a path, None for a literal or an unknown; `rest` is the part of the path beyond it."""

    node: syntax.Node | None
    rest: list[str] = field(default_factory=list)

    def is_told(self, choose: Choose) -> bool:
        """Return whether the origin of the value at a path is shown: the path leads into an expression with one name,
        or with one that is chosen as the origin.
        """
        sure = not self.rest or choose is not first_name
        return self.node is not None and (sure or len(set(names_in(self.node))) == 1)


def _at(content: Content, path: list[str]) -> Iterator[_Part]:
    """Yield the expression at a path in each block along it."""
    if not path:
        named = [one.value for one in content.body.arguments.values() if first_name(one.value)]
        yield _Part(named[0] if len(named) == 1 else None)
        return
    name, rest = path[0], path[1:]
    argument = content.body.arguments.get(name)
    if argument is not None:
        yield _inside(argument.value, rest)
        return
    blocks = content.blocks.get(name, [])
    if rest and rest[0].isdecimal():
        blocks, rest = blocks[int(rest[0]) :][:1], rest[1:]
    for block, inner in blocks:
        yield from (_looped(content, block, part) for part in _at(inner, rest))


def _inside(node: syntax.Node | None, path: list[str]) -> _Part:
    """Return the part of a value at a path, as far as it is literal."""
    node = syntax.unwrapped(node) if node is not None else None
    if isinstance(node, syntax.Call) and node.arguments and not node.spread:
        return _inside_call(node, path)
    if not path or not isinstance(node, syntax.TupleOf | syntax.ObjectOf):
        return _Part(node, path)
    if isinstance(node, syntax.ObjectOf):
        members = _members(node)
        return _inside(members[path[0]], path[1:]) if path[0] in members else _Part(None)
    if len(node.items) == 1:  # a single item has no number in its path
        return _inside(node.items[0], path)
    place = int(path[0]) if path[0].isdecimal() else len(node.items)
    return _inside(node.items[place], path[1:]) if place < len(node.items) else _Part(None)


def _members(node: syntax.ObjectOf) -> dict[str, syntax.Node]:
    """Return the members of an object with literal names."""
    return {str(key.value): value for key, value in node.items if isinstance(key, syntax.Literal)}


def _inside_call(node: syntax.Call, path: list[str]) -> _Part:
    """Return the part at a path of the argument of `jsonencode`, or of the last map of a `merge` that contains it."""
    if node.name == "jsonencode":
        return _inside(node.arguments[0], path)
    for one in reversed(node.arguments) if node.name == "merge" and path else ():
        if not isinstance(one, syntax.ObjectOf):
            break
        if path[0] in _members(one):
            return _inside(one, path)
    return _Part(node, path)


def _looped(content: Content, block: syntax.Block, part: _Part) -> _Part:
    """Return the collection of a `dynamic` block if a value in it uses its iterator."""
    dynamic = [one for one in content.body.blocks if one.kind == "dynamic"]
    loops = [one for one in dynamic if any(inner is block for inner in one.body.blocks)]
    each = loops[0].body.arguments.get("for_each") if loops else None
    node = part.node
    if each is None or node is None or first_name(node):
        return part
    name = loops[0].body.arguments.get("iterator")
    iterator = name.value.name if name and isinstance(name.value, syntax.Name) else loops[0].labels[0]
    path = _of_element(node, iterator)
    return _Part(None) if path is None else _inside(each.value, path)


def _of_element(node: object, iterator: str) -> list[str] | None:
    """Return the path that an expression takes from an iterator's element: `port` of `ingress.value.port`; None if it
    takes none.
    """
    for item in syntax.all_in(node):
        path = _path_from(item, iterator)
        if path[:1] == ["value"]:
            return path[1:]
    return None


def _path_from(node: object, name: str) -> list[str]:
    """Return the path by which an expression continues from a name; none for any other expression."""
    path: list[str] = []
    while isinstance(node, syntax.Attribute | syntax.Index):
        key = node.key if isinstance(node, syntax.Index) else None
        path.insert(0, node.name if isinstance(node, syntax.Attribute) else str(getattr(key, "value", "*")))
        node = node.of
    return path if isinstance(node, syntax.Name) and node.name == name else []


_MOST_STEPS = 6


def _behind(module: Module, kind: str, label: str, steps: list[str]) -> tuple[Module | None, syntax.Node | None]:
    if kind == "local":
        found = module.code.locals.get(label)
        return module, found[0].value if found else None
    caller = module.caller
    given = caller.written.body.arguments.get(label) if caller else None
    if caller is None or given is None:
        return None, None
    steps.append(f"module.{caller.written.block.labels[0]}")
    return caller.module, given.value


def names_in(node: object) -> Iterator[tuple[str, str]]:
    """Yield each `var.…` and `local.…` in an expression."""
    for item in syntax.all_in(node):
        if isinstance(item, syntax.Attribute) and isinstance(item.of, syntax.Name) and item.of.name in ("var", "local"):
            yield item.of.name, item.name
