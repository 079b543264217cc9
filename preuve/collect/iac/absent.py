"""Blocks that are surely not there: `count` comes to 0 or `for_each` to nothing, theirs or that of a module call above.

Checkov's own rendering is no proof of it: it takes `var.x == "prod" ? 1 : 0` for 0 where nothing gives `var.x` a value,
and `local.tags["env"] == "prod" ? 1 : 0` whatever the map holds.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from preuve.collect.iac.values import LOOPED, Values

ZERO = ([0], 0, ["0"], "0")  # a `count` of none, in Checkov's words


def present(blocks: Iterable[Any], root: str) -> list[Any]:
    """The blocks of a root module, as Checkov has parsed them, without those that are surely not there."""
    found = list(blocks)
    values = Values(found, root)
    return [block for block in found if not values.outside(block.source_module_object) and not values.nothing(block)]


def calls(blocks: Iterable[Any]) -> set[tuple[str, int]]:
    """The module calls among some blocks, by file and line."""
    found = (block for block in blocks if block.block_type == "module")
    return {(str(block.path), int(_body(block).get("__start_line__", 0))) for block in found}


def judge_all(vertices: Iterable[Any], absent: Container[int]) -> None:
    """Make `count` 0 exactly where a block is known not to be there, by its `id`: Checkov passes over such blocks."""
    for vertex in vertices:
        if id(vertex) in absent:
            vertex.attributes["count"] = _body(vertex)["count"] = [0]
        elif vertex.block_type in LOOPED and vertex.attributes.get("count") in ZERO:
            del vertex.attributes["count"]
            _body(vertex).pop("count", None)


def _body(vertex: Any) -> dict[str, Any]:
    body: dict[str, Any] = vertex.config
    for name in str(vertex.name).split(".", 1):
        body = body.get(name, {})
    return body
