"""Adds the settings of a provider to resources, for graph checks: the region and the default tags.

A resource without a region is created in the region of its provider, and has the provider's default tags below its
own: whatever they are where its provider is not in the code, unless the company says which. If neither region is
known, an availability zone shows it; one that is not known is of the region that the provider sets, for AWS takes no
other. Only the graph's attributes are completed; checks that Checkov runs block by block do not see them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.checkov.shapes.values import argument_of, body_of, set_tags, tags_merged
from preuve.collect.code.inputs.attributes import schema_of
from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.providers import AWS
from preuve.collect.code.language.values.value import Value, is_known, owner_of, unknown
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, marked
from preuve.collect.code.verdict.tags import NOT_IN_CODE, OF_ALL
from preuve.model.company.code import NOTHING_SAID, OutsideValues

FROM_PROVIDER = "region_of_provider"  # set on a resource that has the region of its provider
# Set on a provider that creates only resources which AWS requires in one region or has in none, or that only reads.
EVERYWHERE = "makes_global_only"
PERHAPS = "may_make_global_only"  # unknown: all that is seen to exist is such
IN_ONE_REGION = (
    *("aws_acm_certificate", "aws_cloudfront_", "aws_cloudwatch_dashboard", "aws_cur_", "aws_ecrpublic_"),
    *("aws_globalaccelerator_", "aws_iam_", "aws_organizations_", "aws_route53_", "aws_route53domains_"),
    *("aws_shield_", "aws_waf_", "aws_wafv2_"),
)
# These services send their metrics to us-east-1 alone.
_METRICS_IN_ONE_REGION = frozenset({"AWS/Billing", "AWS/CloudFront", "AWS/Route53"})
# Keys that sign zones, which Route 53 takes from us-east-1 alone.
_OF_KEYS = {"aws_kms_alias": "target_key_id", "aws_kms_key_policy": "key_id"}
_SIGNS_ZONES, _SIGNING_KEY = "aws_route53_key_signing_key", "key_management_service_arn"
_ZONE = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]\b")


def complete(blocks: Sequence[BlockInstance], attributes: Sequence[dict[str, Any]], outside: OutsideValues) -> None:
    """Complete the attributes of the blocks of a root; `outside` is what a provider outside the code gives."""
    made = _made_by_provider(blocks)
    for block, found in zip(blocks, attributes, strict=True):
        if block.kind == "provider":
            found.update(_marks(block, made[id(block.content.body)]))
            if outside.region and _is_of_aws(block) and found.get("region") is None:
                found["region"] = outside.region
        if block.type.startswith("aws_") and block.kind == "resource":
            _complete_resource(block, found, outside)


def _complete_resource(block: BlockInstance, found: dict[str, Any], outside: OutsideValues) -> None:
    provider = block.module.provider(block.written)
    given = outside if block.module.is_implied(block.written) else NOTHING_SAID
    if provider is not None:
        _complete(found, body_of(provider), outside.region)
    if _takes_tags(block.type):
        _complete_tags(found, provider, given.tags)
    _complete_by_zone(found, given.region)


@dataclass(frozen=True)
class _Creation:
    """What a provider makes, or reads: by default something at an address that is not seen, so that it may be any."""

    address: str
    sure: bool = False
    in_one_region: bool = False


def _made_by_provider(blocks: Sequence[BlockInstance]) -> Mapping[int, Sequence[_Creation]]:
    found: dict[int, list[_Creation]] = defaultdict(list)
    zone_keys = {owner_of(one.content.arguments.get(_SIGNING_KEY)) for one in blocks if one.type == _SIGNS_ZONES} - {""}
    every = {id(one.content.body) for one in blocks if one.kind == "provider"}
    for block in blocks:
        if block.kind == "module":
            for key in _passed_away(block):
                found[key].append(_Creation(block.address))
        elif block.type.startswith("aws_") and block.kind in ("resource", "data"):
            provider, made = block.module.provider(block.written), _creation(block, zone_keys)
            if provider is not None:
                found[id(provider.body)].append(made)
            elif not made.in_one_region:  # any of them may make it
                for key in every:
                    found[key].append(made)
    return found


def _creation(block: BlockInstance, zone_keys: Container[str]) -> _Creation:
    spaces = _namespaces(block.content) if block.type == "aws_cloudwatch_metric_alarm" else []
    in_one_region = (
        block.kind == "data"
        or block.type.startswith(IN_ONE_REGION)
        or (bool(spaces) and all(isinstance(one, str) and one in _METRICS_IN_ONE_REGION for one in spaces))
        or block.address in zone_keys
        or owner_of(block.content.arguments.get(_OF_KEYS.get(block.type, ""))) in zone_keys
    )
    return _Creation(block.address, all(map(is_known, spaces)) and _surely_exists(block), in_one_region)


def _namespaces(alarm: Content) -> list[Value]:
    """Return the namespaces of the metrics that an alarm watches."""
    if "metric_query" in alarm.open:
        return [alarm.open["metric_query"]]
    queries = (query for _, query in alarm.blocks.get("metric_query", ()))
    metrics = (metric for query in queries for _, metric in query.blocks.get("metric", ()))
    found = (one.arguments.get("namespace") for one in (alarm, *metrics))
    return [value for value in found if value is not None]


def _surely_exists(block: BlockInstance) -> bool:
    """Return whether a block exists in every case, and so do the calls that lead to its module."""
    return block.instance.sure and all(caller.instance.sure for caller in block.module.callers())


def _marks(provider: BlockInstance, made: Sequence[_Creation]) -> dict[str, Any]:
    """Return the mark of a provider that creates only what AWS requires in one region, or that creates nothing although
    blocks name it; that of one of which this is not known, as all else is not seen or may not exist.
    """
    others = [one for one in made if not one.in_one_region]
    if any(one.sure for one in others):
        return {}
    if others:
        return {PERHAPS: marked(unknown(why=min(one.address for one in others)))}
    if not made and not _is_named(provider):
        return {}
    return {EVERYWHERE: True} if provider.module.code.complete else {PERHAPS: marked(unknown(why=provider.address))}


def _is_named(provider: BlockInstance) -> bool:
    """Return whether a block of its module has a provider, or passes it on."""
    module, alias = provider.module, provider.content.arguments.get("alias")
    name = f"{provider.written.block.labels[0]}.{alias}" if alias else provider.written.block.labels[0]
    blocks = (written for kind in ("resource", "ephemeral") for written in module.code.all_of(kind))
    calls = module.code.all_of("module")
    return any(module.provider_name(one) == name for one in blocks) or any(name in module.passed(one) for one in calls)


def _is_of_aws(block: BlockInstance) -> bool:
    return block.module.provider_type(block.written.block.labels[0]) == AWS


def _passed_away(call: BlockInstance) -> set[int]:
    """Return the providers that a module may use of which not all files can be read."""
    target = call.module.target(call.written)
    if target is not None and call.module.called(call.written, call.instance, target).code.complete:
        return set()
    found = (call.module.configured(name) for name in ("aws", *call.module.passed(call.written)))
    return {id(provider.body) for provider in found if provider is not None}


def _complete(attributes: dict[str, Any], provider: Mapping[str, Any], said: str) -> None:
    if attributes.get("region") is None:
        attributes[FROM_PROVIDER] = True
        if provider.get("region") is not None:
            attributes["region"] = provider["region"][0]
        elif said:
            attributes["region"] = said


def _complete_by_zone(attributes: dict[str, Any], said: str) -> None:
    """Complete the region by an availability zone, or else by the region that is stated outside the code, `said`, if
    there is one.
    """
    region = attributes.get("region")
    if isinstance(region, str) and not is_marked(region):
        return
    zones = (str(attributes.get(name)) for name in ("availability_zone", "availability_zones"))
    for match in filter(None, map(_ZONE.search, zones)):
        attributes["region"] = match[1]
        attributes.pop(FROM_PROVIDER, None)
        return
    if said and region is None:
        attributes["region"] = said
    elif region is None:  # no region is stated: the region of the zone is for the block's own check
        for zone in filter(is_opaque, map(attributes.get, ("availability_zone", "availability_zones"))):
            attributes["region"] = zone
            attributes.pop(FROM_PROVIDER, None)


def _takes_tags(type_: str) -> bool:
    """Return whether a resource gets the provider's default tags: an Auto Scaling group, for example, does not."""
    schema = schema_of(type_)
    return not schema.kinds or schema.kind(("tags",)) == "map"


def _complete_tags(attributes: dict[str, Any], provider: Content | None, given: Mapping[str, str] | None) -> None:
    if provider is None:
        _complete_by(attributes, {OPEN: NOT_IN_CODE} if given is None else given)
        return
    for _, written in provider.blocks.get("default_tags", ()):
        if (tags := written.arguments.get("tags")) is not None:
            _complete_by(attributes, tags_merged(written) or argument_of(tags))


def _complete_by(attributes: dict[str, Any], defaults: Any) -> None:
    own = attributes.get("tags") or {}
    if not isinstance(own, Mapping) or OPEN in own:
        return  # its unknown own tags may be any of these
    if not isinstance(defaults, Mapping):
        defaults = {OPEN: defaults if is_marked(defaults) else marked(unknown(why="default_tags"))}
    set_tags(attributes, {**defaults, **own})
    attributes[OF_ALL] = [name for name in defaults if name not in own and name != OPEN]
