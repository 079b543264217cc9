"""Checkov's rendering of variables, without the work that has no effect. `accelerate.py` applies it where it is proven.

Checkov evaluates the edges of a graph in loops, most of them again and again, and does so twice: once more to learn the
values of `count` and `for_each`. Here

- an evaluation that changed nothing is not repeated while its blocks stay as they are;
- to learn `count` and `for_each`, only what they depend on is evaluated;
- what a text refers to and which variables it holds are found once, the hash of an edge too.

Which edges a loop holds, their order and the end of the loops stay Checkov's own, for the results depend on them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any

import checkov.terraform.graph_builder.local_graph as graphs
import checkov.terraform.graph_builder.utils as references
import checkov.terraform.graph_builder.variable_rendering.evaluate_terraform as evaluation
from checkov.common.graph.graph_builder import Edge
from checkov.common.util.parser_utils import VarBlockMatch
from checkov.terraform.graph_builder.foreach.abstract_handler import ForeachAbstractHandler
from checkov.terraform.graph_builder.graph_components.block_types import BlockType
from checkov.terraform.graph_builder.variable_rendering.renderer import TerraformVariableRenderer

_MOST = 20_000  # answers kept
_LOOPS = ("count", "for_each")


def render_less() -> None:
    """Put what is here in the places of Checkov's own."""
    graphs.Edge = HashedEdge
    graphs.TerraformVariableRenderer = Renderer
    ForeachAbstractHandler._render_sub_graph = staticmethod(_render_loops)
    references.get_referenced_vertices_in_str_value = _referenced(references.get_referenced_vertices_in_str_value)
    evaluation.find_var_blocks = _variables(evaluation.find_var_blocks)


class HashedEdge(Edge):  # type: ignore[misc] # Checkov's class has no types
    """An edge with the hash of Checkov's own, which decides the order of sets, computed once."""

    __slots__ = ("_hash",)
    _hash: int

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = int(super().__hash__())
            return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Edge)
            and self.origin == other.origin
            and self.dest == other.dest
            and self.label == other.label
        )


class Renderer(TerraformVariableRenderer):  # type: ignore[misc]
    """Checkov's renderer, which evaluates an edge again only where a block that it joins has changed."""

    def __init__(self, graph: Any, wanted: Callable[[Any], bool] | None = None) -> None:
        super().__init__(graph)
        self._wanted = wanted  # edges whose values anybody asks for; all where there is no such test
        self._changes = [0] * len(graph.vertices)
        self._variables: dict[int, bytes] = {}
        self._settled: dict[Any, list[int]] = {}  # edges that changed nothing, and how often their blocks had changed
        self._attributes: dict[int, tuple[int, dict[str, Any]]] = {}

    def render_variables_from_local_graph(self) -> None:
        """Render; meanwhile the attributes of a block are collected anew only where it has changed."""
        self.local_graph.get_vertex_attributes_by_index = self._attributes_of
        try:
            super().render_variables_from_local_graph()
        finally:
            del self.local_graph.get_vertex_attributes_by_index  # the method of its class is there again

    def _attributes_of(self, index: int, add_hash: bool = True) -> dict[str, Any]:
        if add_hash:
            return self._collected(index, add_hash=True)
        changes, attributes = self._attributes.get(index, (-1, {}))
        if changes != self._changes[index]:
            attributes = self._collected(index, add_hash=False)
            self._attributes[index] = (self._changes[index], attributes)
        return attributes

    def _collected(self, index: int, *, add_hash: bool) -> dict[str, Any]:
        attributes: dict[str, Any] = self.local_graph.vertices[index].get_attribute_dict(add_hash)
        return attributes

    def evaluate_vertex_attribute_from_edge(self, edge_list: Sequence[Any]) -> None:
        """Evaluate the edges that join one attribute of a block to others."""
        if self._wanted is not None and not self._wanted(edge_list[0]):
            return
        blocks = [block for edge in edge_list for block in (edge.origin, edge.dest)]
        key, before = (edge_list[0].label, *blocks), [self._changes[block] for block in blocks]
        if self._settled.get(key) == before:
            return
        super().evaluate_vertex_attribute_from_edge(edge_list)
        if all(self._changes[edge.origin] == before[2 * number] for number, edge in enumerate(edge_list)):
            self._settled[key] = before

    def update_evaluated_value(self, *values: Any, vertex: int, **named: Any) -> None:
        """Set an attribute of a block, and note that the block has changed."""
        super().update_evaluated_value(*values, vertex=vertex, **named)
        block = self.local_graph.vertices[vertex]
        if block.block_type == BlockType.VARIABLE:  # Checkov sets what a call gives a variable in every second loop
            content = pickle.dumps(block.attributes, protocol=5)
            if self._variables.get(vertex) == content:
                return
            self._variables[vertex] = content
        self._changes[vertex] += 1

    def _update_end_vertices_indexes(self, edges_to_render: Sequence[Any], end_vertices_indexes: set[int]) -> None:
        # A block that has ended stays so; Checkov compares the sets of its edges each time.
        open_ones = [edge for edge in edges_to_render if edge.origin not in end_vertices_indexes]
        super()._update_end_vertices_indexes(open_ones, end_vertices_indexes)


def _render_loops(sub_graph: Any, blocks_to_render: list[int]) -> None:
    """Takes the place of `_render_sub_graph`, which is asked for the values of `count` and `for_each` alone."""
    renderer = Renderer(sub_graph, _deciding(sub_graph))
    renderer.vertices_index_to_render = blocks_to_render
    renderer.render_variables_from_local_graph()


def _deciding(graph: Any) -> Callable[[Any], bool]:
    """Whether an edge has a part in what `count` and `for_each` of any block come to."""
    loops = {
        number
        for number, block in enumerate(graph.vertices)
        if block and any(name in block.attributes for name in _LOOPS)
    }
    waiting = [edge.dest for number in loops for edge in graph.out_edges[number] if _is_loop(edge)]
    reached: set[int] = set()
    while waiting:
        block = waiting.pop()
        if block not in reached:
            reached.add(block)
            waiting += [edge.dest for edge in graph.out_edges[block]]
    return lambda edge: edge.origin in reached or (edge.origin in loops and _is_loop(edge))


def _is_loop(edge: Any) -> bool:
    return str(edge.label).startswith(_LOOPS)


def _referenced(find: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """The same function, which reads each text once where no provider has an alias."""
    found: dict[tuple[str, ...], dict[str, list[Any]]] = {}  # by the types of resources that there are, then by text

    def quick(str_value: str, aliases: Any, resources_types: list[str]) -> list[Any]:
        if aliases or len(str_value) < 5 or "." not in str_value:  # as Checkov does, nothing to find
            return find(str_value=str_value, aliases=aliases, resources_types=resources_types)
        kinds = tuple(resources_types)
        answers = found.setdefault(kinds, {})
        if str_value not in answers:
            if sum(map(len, found.values())) >= _MOST:
                found.clear()
                found[kinds] = answers = {}
            answers[str_value] = find(str_value=str_value, aliases=aliases, resources_types=resources_types)
        return list(answers[str_value])

    return quick


def _variables(find: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """The same function, which reads each text once; its answers are changed by those who ask, so they are new."""
    found: dict[str, list[tuple[str, str]]] = {}

    def quick(value: str) -> list[Any]:
        if "$" not in value:
            return []
        if value not in found:
            if len(found) >= _MOST:
                found.clear()
            found[value] = [(match.full_str, match.var_only) for match in find(value)]
        return [VarBlockMatch(full, only) for full, only in found[value]]

    return quick
