"""Puts what a provider sets where graph checks look for it: the region of its resources, and its default tags.

A resource that names no region is made in the region of its provider, and carries the provider's default tags below
its own; where neither is known, an availability zone tells the region. Which provider a resource has is followed from
module to module as Terraform does, whatever file the provider is in: Checkov looks in one file. Only the attributes of
the graph are completed; checks that Checkov runs block by block do not see them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from preuve.collect.iac.rules import unresolved

FROM_PROVIDER = "region_of_provider"  # set where a resource has the region of its provider
# Set on a provider that makes nothing but what AWS wants in one region of its own, or nothing at all: it only reads.
EVERYWHERE = "makes_global_only"
_EVERYWHERE = (
    *("aws_acm_certificate", "aws_cloudfront_", "aws_globalaccelerator_", "aws_iam_", "aws_organizations_"),
    *("aws_route53_", "aws_shield_", "aws_waf_", "aws_wafv2_"),
)
_DEFAULT = "aws"  # the provider of a resource that names none
_NAME = re.compile(r"(?:\$\{)?([\w-]+(?:\.[\w-]+)?)(?:\})?")
_ZONE = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]\b")

Attributes = Mapping[str, Any]


def render_providers(vertices: Iterable[Any]) -> None:
    """Complete the resources of a graph."""
    vertices = list(vertices)
    providers = _Providers(vertices)
    made: dict[int, set[str]] = defaultdict(set)  # the types of what each provider makes
    unclear: set[str] = set()  # the providers that resources name and that were not found
    for vertex in vertices:
        if vertex.block_type == "resource":
            provider = providers.of(vertex)
            if provider is not None:
                made[id(provider)].add(str(vertex.name).partition(".")[0])
                _complete(vertex.attributes, provider)
            else:
                unclear.add(str(_alone(vertex.attributes.get("provider"))))
            _complete_by_zone(vertex.attributes)
    read = {id(providers.of(vertex)) for vertex in vertices if vertex.block_type == "data"}
    for vertex in vertices:
        if vertex.block_type == "provider":
            types = made[id(vertex.attributes)]
            if types:
                alone = all(kind.startswith(_EVERYWHERE) for kind in types)
            else:
                named = any(str(vertex.name) in name for name in unclear)
                alone = id(vertex.attributes) in read and not named and not providers.may_make(str(vertex.name))
            if alone:
                vertex.attributes[EVERYWHERE] = True


class _Providers:
    """The providers of a root and of its modules, and how calls of modules pass them on."""

    def __init__(self, vertices: Iterable[Any]) -> None:
        self._own: dict[tuple[Any, str], Attributes | None] = {}  # (module, name); None where there are several
        self._passed: dict[tuple[str, str], Mapping[str, Any]] = {}  # (file, call) -> name in the module -> name here
        for vertex in vertices:
            if vertex.block_type == "provider":
                key = (vertex.source_module_object, str(vertex.name))
                self._own[key] = None if key in self._own else vertex.attributes
            elif vertex.block_type == "module":
                call = str(vertex.name).partition("[")[0]  # each instance of a loop is called alike
                self._passed[(str(vertex.path), call)] = _table(vertex.attributes.get("providers"))

    def may_make(self, name: str) -> bool:
        """Whether a provider of which nothing is made here may make something in a module that is elsewhere: it is the
        default one, which every module has, or a call passes it on."""
        return name == _DEFAULT or any(name in map(_name, table.values()) for table in self._passed.values())

    def of(self, resource: Any) -> Attributes | None:
        """The provider of a resource, None where it is not clear which one it is."""
        if not str(resource.name).startswith("aws_"):
            return None
        name, module = _name(resource.attributes.get("provider") or _DEFAULT), resource.source_module_object
        while (module, name) not in self._own:
            if module is None or not name:
                return None
            passed = self._passed.get((str(module.path), str(module.name)), {})
            if name in passed:
                name = _name(passed[name])
            elif name != _DEFAULT:  # only this one is inherited without a word
                return None
            module = module.nested_tf_module
        return self._own[(module, name)]


def _table(value: Any) -> Mapping[str, Any]:
    value = _alone(value)
    return value if isinstance(value, Mapping) else {}


def _name(value: Any) -> str:
    match = _NAME.fullmatch(str(_alone(value)))
    return match[1] if match else ""


def _complete(attributes: dict[str, Any], provider: Attributes) -> None:
    if attributes.get("region") is None:
        attributes[FROM_PROVIDER] = True
        if provider.get("region") is not None:
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
        attributes.pop(FROM_PROVIDER, None)
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
