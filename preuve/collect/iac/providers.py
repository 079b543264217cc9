"""Puts what a provider sets where graph checks look for it: the region of its resources, and its default tags.

A resource that names no region is made in the region of its provider, and carries the provider's default tags below
its own; where neither is known, an availability zone tells the region. Checkov knows which provider a resource has if
both are in one file, and stops there. Only the attributes of the graph are completed; checks that Checkov runs block by
block do not see them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from preuve.collect.iac.rules import unresolved

_ADDRESS = "__provider_address__"
_DEFAULT = "aws.default"  # as Checkov calls a provider without alias
_ZONE = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]\b")


def render_providers(vertices: Iterable[Any]) -> None:
    """Complete the resources of a graph."""
    vertices = list(vertices)
    found = [vertex for vertex in vertices if vertex.block_type == "provider" and vertex.name.split(".")[0] == "aws"]
    counts = Counter(str(vertex.attributes.get("__address__")) for vertex in found)
    # An address is only as good as it is unique: a module may have a provider of its own under the same one.
    known = {
        address: vertex.attributes
        for vertex in found
        if counts[address := str(vertex.attributes.get("__address__"))] == 1 and not vertex.source_module_object
    }
    elsewhere = _Elsewhere(vertices)
    for vertex in vertices:
        provider = known.get(str(vertex.attributes.get(_ADDRESS) or elsewhere.address(vertex)))
        if vertex.block_type == "resource":
            if provider is not None:
                _complete(vertex.attributes, provider)
            _complete_by_zone(vertex.attributes)


class _Elsewhere:
    """Finds the provider of a resource that is in another file, or in a module that takes its caller's."""

    def __init__(self, vertices: Iterable[Any]) -> None:
        self._passing = set()  # calls of modules that name providers
        self._own = set()  # modules with providers of their own
        for vertex in vertices:
            if vertex.block_type == "module" and "providers" in vertex.attributes:
                self._passing.add((vertex.path, vertex.name))
            elif vertex.block_type == "provider":
                self._own.add(vertex.source_module_object)

    def address(self, vertex: Any) -> str:
        """The address of the provider, "" where it is not clear which one it is."""
        named = str(vertex.attributes.get("provider") or "")
        module = vertex.source_module_object
        if not str(vertex.name).startswith("aws_") or (module is not None and named):
            return ""
        while module is not None:
            if module in self._own or (module.path, module.name) in self._passing:
                return ""
            module = module.nested_tf_module
        return named or _DEFAULT


def _complete(attributes: dict[str, Any], provider: Mapping[str, Any]) -> None:
    if attributes.get("region") is None and provider.get("region") is not None:
        attributes["region"] = _alone(provider["region"])
    defaults = _alone(provider.get("default_tags"))
    if isinstance(defaults, Mapping) and defaults.get("tags") is not None:
        _complete_tags(attributes, _alone(defaults["tags"]))


def _alone(value: Any) -> Any:
    """A value out of the list that the parser puts around it in some places."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _complete_by_zone(attributes: dict[str, Any]) -> None:
    region = attributes.get("region")
    if isinstance(region, str) and not unresolved(region):
        return
    zones = (str(attributes.get(name)) for name in ("availability_zone", "availability_zones"))
    for match in filter(None, map(_ZONE.search, zones)):
        attributes["region"] = match[1]
        return


def _complete_tags(attributes: dict[str, Any], defaults: Any) -> None:
    own = _alone(attributes.get("tags")) or {}
    if not isinstance(own, Mapping):
        return  # an expression, and it stays one
    if not isinstance(defaults, Mapping):
        attributes["tags"] = f"merge({defaults}, …)"
        return
    attributes["tags"] = {**defaults, **own}
    attributes.update({f"tags.{name}": value for name, value in defaults.items() if name not in own})
