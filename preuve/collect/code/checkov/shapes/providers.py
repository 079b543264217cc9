"""Adds the settings of a provider to resources, for graph checks: the region and the default tags.

A resource without a region is created in the region of its provider, and has the provider's default tags below its
own: whatever they are where its provider is not in the code, unless the company says which. If neither region is
known, an availability zone shows it; one that is not known is of the region that the provider sets, for AWS takes no
other. Only the graph's attributes are completed; checks that Checkov runs block by block do not see them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from preuve.collect.code.checkov.shapes.values import argument_of, body_of, set_tags, tags_merged
from preuve.collect.code.inputs.attributes import schema_of
from preuve.collect.code.language.hcl.blocks import BlockInstance
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.providers import AWS
from preuve.collect.code.language.values.value import unknown
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque, marked
from preuve.collect.code.verdict.tags import NOT_IN_CODE, OF_ALL
from preuve.model.company.code import NOTHING_SAID, OutsideValues

FROM_PROVIDER = "region_of_provider"  # set on a resource that has the region of its provider
# Set on a provider that creates only resources which AWS requires in one region or has in none, or that only reads.
EVERYWHERE = "makes_global_only"
IN_ONE_REGION = (
    *("aws_acm_certificate", "aws_cloudfront_", "aws_cloudwatch_dashboard", "aws_globalaccelerator_", "aws_iam_"),
    *("aws_organizations_", "aws_route53_", "aws_shield_", "aws_waf_", "aws_wafv2_"),
)
_UNSEEN = "?"  # a type that is none of these
_ZONE = re.compile(r"\b([a-z]{2}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]\b")


def complete(blocks: Sequence[BlockInstance], attributes: Sequence[dict[str, Any]], outside: OutsideValues) -> None:
    """Complete the attributes of the blocks of a root; `outside` is what a provider outside the code gives."""
    # By provider, the types of all that it may make, and of what surely exists; UNSEEN for a resource that is not seen.
    made: dict[int, set[str]] = defaultdict(set)
    surely: dict[int, set[str]] = defaultdict(set)
    read: set[int] = set()  # providers of data sources
    for block, found in zip(blocks, attributes, strict=True):
        if block.kind == "module":
            for key in _passed_away(block):
                _add(_UNSEEN, block, key, made, surely)
        if outside.region and _is_provider(block) and found.get("region") is None:
            found["region"] = outside.region
        if not block.type.startswith("aws_") or block.kind not in ("resource", "data"):
            continue
        provider = block.module.provider(block.written)
        given = outside if block.module.is_implied(block.written) else NOTHING_SAID
        if block.kind == "data":
            read |= {id(provider.body)} if provider else set()
            continue
        if provider is None:  # any of them may make it
            for key in {id(one.content.body) for one in blocks if one.kind == "provider"}:
                _add(_UNSEEN, block, key, made, surely)
        else:
            _add(block.type, block, id(provider.body), made, surely)
            _complete(found, body_of(provider), outside.region)
        if _takes_tags(block.type):
            _complete_tags(found, provider, given.tags)
        _complete_by_zone(found, given.region)
    _mark_global(blocks, attributes, made, surely, read)


def _is_provider(block: BlockInstance) -> bool:
    return block.kind == "provider" and block.module.provider_type(block.written.block.labels[0]) == AWS


def _add(
    type_: str, block: BlockInstance, provider: int, made: dict[int, set[str]], surely: dict[int, set[str]]
) -> None:
    made[provider].add(type_)
    if _surely_exists(block):
        surely[provider].add(type_)


def _surely_exists(block: BlockInstance) -> bool:
    """Return whether a block exists in every case, and so do the calls that lead to its module."""
    return block.instance.sure and all(caller.instance.sure for caller in block.module.callers())


def _mark_global(
    blocks: Sequence[BlockInstance],
    attributes: Sequence[dict[str, Any]],
    made: Mapping[int, set[str]],
    surely: Mapping[int, set[str]],
    read: set[int],
) -> None:
    """Mark the providers that create only what AWS requires in one region, or that only read; with an unknown value
    those that do so unless blocks exist which may not.
    """
    for block, found in zip(blocks, attributes, strict=True):
        if block.kind == "provider":
            key = id(block.content.body)
            if _is_global(made.get(key, set()), reads=key in read):
                found[EVERYWHERE] = True
            elif _is_global(surely.get(key, set()), reads=key in read):
                found[EVERYWHERE] = marked(unknown(why="count"))


def _is_global(types: set[str], *, reads: bool) -> bool:
    return all(kind.startswith(IN_ONE_REGION) for kind in types) and (bool(types) or reads)


def _passed_away(call: BlockInstance) -> set[int]:
    """Return the providers that a module which cannot be read may use."""
    if call.module.target(call.written) is not None:
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
