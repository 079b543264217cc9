"""The graph of a template's resources for Checkov's graph checks, which go from one resource to another."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checkov.cloudformation.graph_builder.graph_components.block_types import BlockType
from checkov.cloudformation.graph_builder.graph_components.blocks import CloudformationBlock
from checkov.cloudformation.graph_builder.graph_components.generic_resource_encryption import (
    ENCRYPTION_BY_RESOURCE_TYPE,
)
from checkov.cloudformation.graph_builder.local_graph import CloudformationLocalGraph

from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.values.value import Unknown, Value, sources_of


def graph_of(file: str, resources: Sequence[Resource], properties: Mapping[str, Any]) -> CloudformationLocalGraph:
    """Return a vertex for each resource, with its properties in the form for Checkov, and an edge to each resource that
    it refers to.
    """
    graph = CloudformationLocalGraph({})
    places = {}
    for resource in resources:
        places[resource.name] = len(graph.vertices)
        graph.vertices.append(_vertex(file, resource, properties[resource.name], graph.source))
    for place, vertex in enumerate(graph.vertices):
        graph.vertices_by_block_type[vertex.block_type].append(place)
        graph.vertices_block_name_map[vertex.block_type][vertex.name].append(place)
    for resource in resources:
        for label, name in _references(resource):
            if name in places:
                graph._create_edge(places[resource.name], places[name], label)
    graph._fill_in_out_edges()
    graph.calculate_encryption_attribute(ENCRYPTION_BY_RESOURCE_TYPE)
    return graph


def _vertex(file: str, resource: Resource, properties: Any, source: str) -> CloudformationBlock:
    name = f"{resource.type}.{resource.name}"
    attributes = {**copy.deepcopy(properties), "resource_type": resource.type}
    return CloudformationBlock(name, properties, file, BlockType.RESOURCE, attributes, id=name, source=source)


def _references(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the other resources that one names, each with the path of the property."""
    yield from (("DependsOn", name) for name in resource.depends_on)
    yield from _named(resource.properties, "")


def _named(value: Value, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Unknown):
        yield from ((path or "Properties", name) for name in sorted(sources_of([value])))
    elif isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _named(item, f"{path}.{name}" if path else str(name))
