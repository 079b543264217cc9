"""The references in an expression."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from preuve.collect.code.language.hcl.syntax import nodes as syntax

_KEYS = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[[^"\]]*\]')


def references(node: Any, bound: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Yield the longest traversals in an expression, except those that begin with a name of its own loops."""
    if isinstance(node, syntax.ForExpression | syntax.TemplateFor):
        yield from references(node.of, bound)
        bound |= {node.key, node.value}
    if _is_traversal(node) and not _names(node) & bound:
        yield node
        yield from _keys(node)
    elif not isinstance(node, syntax.Name):
        for part in syntax.parts_in(node):
            yield from references(part, bound)


def _keys(node: Any) -> Iterator[Any]:
    while not isinstance(node, syntax.Name):
        if isinstance(node, syntax.Index):
            yield from references(node.key)
        node = node.of


def _is_traversal(node: Any) -> bool:
    while isinstance(node, syntax.Attribute | syntax.Index):
        node = node.of
    return isinstance(node, syntax.Name)


def _names(node: Any) -> set[str]:
    return {one.name for one in syntax.all_in(node) if isinstance(one, syntax.Name)}


def address(node: Any) -> str:
    """Return the address in an expression of a `moved` block, "" for none. JSON syntax writes it as a text."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        return node.value
    if isinstance(node, syntax.Name):
        return node.name
    of = address(node.of) if isinstance(node, syntax.Attribute | syntax.Index) else ""
    if of and isinstance(node, syntax.Index):
        key = node.key.value if isinstance(node.key, syntax.Literal) else None
        return f"{of}[{json.dumps(key)}]" if isinstance(key, str | int) else ""
    return f"{of}.{node.name}" if of else ""


def reference_of(node: syntax.Node) -> str:
    """Return `aws.west` as a text, as Terraform reads names of providers."""
    node = syntax.unwrapped(node)
    if isinstance(node, syntax.Literal):
        return str(node.value)
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Attribute) and isinstance(node.of, syntax.Name):
        return f"{node.of.name}.{node.name}"
    return ""


def keyless(address: str) -> str:
    """Return an address without instance keys."""
    return _KEYS.sub("", address)


def without_keys(node: Any) -> str:
    """Return the address in an expression of an `import` block, without its keys."""
    if isinstance(node, syntax.Index):
        return without_keys(node.of)
    if isinstance(node, syntax.Attribute):
        return f"{without_keys(node.of)}.{node.name}"
    return keyless(address(node))


ALL = "all"  # the word of `ignore_changes` for every argument


def ignored(body: syntax.Body) -> tuple[str, ...]:
    """Return the paths of the arguments whose changes `lifecycle` ignores; ALL for all."""
    blocks = (block.body.arguments.get("ignore_changes") for block in body.blocks if block.kind == "lifecycle")
    nodes = (
        node
        for said in blocks
        if said is not None
        for node in (said.value.items if isinstance(said.value, syntax.TupleOf) else (said.value,))
    )
    return tuple(address(node).strip("${}") or address(syntax.first_node(node)) for node in nodes)
