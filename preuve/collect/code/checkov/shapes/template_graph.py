"""The graph of a template's resources for Checkov's graph checks, which go from one resource to another."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checkov.cloudformation.graph_builder.graph_components.block_types import BlockType
from checkov.cloudformation.graph_builder.graph_components.blocks import CloudformationBlock
from rustworkx import PyDiGraph

from preuve.collect.code.language.templates.resources import Resource
from preuve.collect.code.language.values.value import Unknown, Value, sources_of


def graph_of(file: str, resources: Sequence[Resource], properties: Mapping[str, Any]) -> Any:
    """Return a vertex for each resource, with its properties in the form for Checkov, and an edge to each resource that
    it refers to.
    """
    places = {resource.name: place for place, resource in enumerate(resources)}
    ends = (
        (places[resource.name], places[name], label)
        for resource in resources
        for label, name in _references(resource)
        if name in places and name != resource.name
    )
    graph = PyDiGraph()
    graph.add_nodes_from([(places[one.name], _attributes(file, one, properties[one.name])) for one in resources])
    graph.add_edges_from(
        [(one, other, {"label": label, "source": one, "target": other}) for one, other, label in dict.fromkeys(ends)]
    )
    return graph


def _attributes(file: str, resource: Resource, properties: Any) -> dict[str, Any]:
    name = f"{resource.type}.{resource.name}"
    attributes = {**copy.deepcopy(properties), "resource_type": resource.type}
    block = CloudformationBlock(
        name, properties, file, BlockType.RESOURCE, attributes, id=name, source="CloudFormation"
    )
    found: dict[str, Any] = block.get_attribute_dict(add_hash=False)
    return found


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
