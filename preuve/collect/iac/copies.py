"""How often `count` and `for_each` may copy blocks of one root module; a block beyond that is judged once, as a loop.

Checkov copies a block for each element, and a module with all that it holds: a thousand resources of a thousand copies
each would be a million blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkov.terraform.graph_builder.foreach.abstract_handler import ForeachAbstractHandler
from checkov.terraform.graph_builder.graph_components.block_types import BlockType

_OF_ONE_BLOCK = 1000
_OF_A_ROOT = 10_000  # blocks, those of copied modules too

Elements = Callable[[Any, int, Any], Any]  # what the loop of a block runs over: a number, texts, or None if not known


def bound_copies() -> None:
    """Have Checkov take a loop with too many elements for one that it does not know."""
    ForeachAbstractHandler._handle_static_statement = _few(ForeachAbstractHandler._handle_static_statement)


def _few(elements: Elements) -> Elements:
    def few(handler: Any, index: int, sub_graph: Any = None) -> Any:
        found = elements(handler, index, sub_graph)
        number = found if isinstance(found, int) else len(found or ())
        if number < 2:
            return found
        graph = handler.local_graph
        copied = getattr(graph, "copied", 0) + number * _size(handler, index)
        if number > _OF_ONE_BLOCK or copied > _OF_A_ROOT:
            return None
        graph.copied = copied
        return found

    return few


def _size(handler: Any, index: int) -> int:
    """How many blocks one copy is."""
    block = handler.local_graph.vertices[index]
    if block.block_type != BlockType.MODULE:
        return 1
    module = handler._get_current_tf_module_object(index)
    return 1 + sum(_is_in(vertex.source_module_object, module) for vertex in handler.local_graph.vertices)


def _is_in(module: Any, outer: Any) -> bool:
    while module is not None:
        if module == outer:
            return True
        module = module.nested_tf_module
    return False
