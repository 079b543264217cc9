"""The resources of a template in the form for Checkov's graph checks. They are not joined: a check that goes from one
to another is not decided.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from checkov.cloudformation.graph_builder.graph_components.block_types import BlockType
from checkov.cloudformation.graph_builder.graph_components.blocks import CloudformationBlock
from rustworkx import PyDiGraph

from preuve.collect.code.language.templates.resources import Resource


def graph_of(file: str, resources: Sequence[Resource], properties: Mapping[str, Any]) -> Any:
    """Return a vertex for each resource, with its properties in the form for Checkov."""
    graph = PyDiGraph()
    graph.add_nodes_from([(place, _attributes(file, one, properties[one.name])) for place, one in enumerate(resources)])
    return graph


def _attributes(file: str, resource: Resource, properties: Any) -> dict[str, Any]:
    name = f"{resource.type}.{resource.name}"
    attributes = {**copy.deepcopy(properties), "resource_type": resource.type}
    block = CloudformationBlock(
        name, properties, file, BlockType.RESOURCE, attributes, id=name, source="CloudFormation"
    )
    found: dict[str, Any] = block.get_attribute_dict(add_hash=False)
    return found
