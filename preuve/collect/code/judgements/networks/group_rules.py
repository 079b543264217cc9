"""The rules of security groups as Terraform writes them: inline, as an argument, or each as a resource of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause, is_set, listed
from preuve.collect.code.judgements.neighbours import KEY as BESIDE
from preuve.collect.code.judgements.networks.openness import ALL, OTHER, GroupRule, ports_of, protocol_of, sources

GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})
ALONE, BY_TYPE, EGRESS = (
    "aws_vpc_security_group_ingress_rule",
    "aws_security_group_rule",
    "aws_vpc_security_group_egress_rule",
)
INGRESS = (*sorted(GROUPS), BY_TYPE, ALONE)

_GROUP = "security_group_id"
_GROUPS_NAMED = ("security_groups", "source_security_group_id", "referenced_security_group_id")
_LISTS = ("prefix_list_ids", "prefix_list_id")
_RANGES = {"cidr_blocks": 4, "cidr_ipv4": 4, "ipv6_cidr_blocks": 6, "cidr_ipv6": 6}


def rules_of(kind: str, body: Body) -> tuple[list[tuple[str, GroupRule]], list[str]] | None:
    """The rules of a block that let traffic in, each with its place, and why there may be more; None where it is about
    traffic that goes out."""
    if kind in GROUPS:
        surely, perhaps, hidden = blocks(body, "ingress")
        found = [(f"ingress/[{number}]/", _rule(item, "protocol")) for number, item in enumerate(surely)]
        return found + [("dynamic/ingress/", _rule(item, "protocol", surely=False)) for item in perhaps], hidden
    if kind != BY_TYPE:
        return [("", _rule(body, "ip_protocol"))], []
    direction = argument(body, "type")
    if direction == "egress":
        return None
    return [("", _rule(body, "protocol", surely=direction == "ingress"))], []


def others_of(kind: str, body: Body) -> list[GroupRule]:
    """The rules that the root module adds elsewhere to the group of a block."""
    beside = body.get(BESIDE)
    if beside is None:
        return []
    if kind in GROUPS:
        named = [beside.naming(type_, _GROUP, "") for type_ in (BY_TYPE, ALONE)]
        types = zip((BY_TYPE, ALONE), named, strict=True)
        found = [(type_, item, surely) for type_, one in types for item, surely in one.items()]
    else:
        found = beside.sharing((BY_TYPE, ALONE), _GROUP)
        owners = ((type_, beside.named(_GROUP, type_)) for type_ in sorted(GROUPS))
        found += [(type_, owner, True) for type_, owner in owners if owner is not None]
    return [
        replace(rule, surely=rule.surely and surely)
        for type_, item, surely in found
        for _, rule in (rules_of(type_, item) or ([], []))[0]
    ]


def _rule(body: Body, protocol_name: str, *, surely: bool = True) -> GroupRule:
    protocol = protocol_of(argument(body, protocol_name))
    first, last = argument(body, "from_port"), argument(body, "to_port")
    ports = ports_of(first, last)
    ranges, hidden = sources((item, version) for name, version in _RANGES.items() for item in listed(body, name))
    return GroupRule(
        protocol=protocol,
        ports=ports,
        ranges=ranges,
        hidden=hidden or next(_other_sources(body), ""),
        unclear=_unclear(body, protocol, protocol_name)
        if protocol is None or (protocol not in (ALL, OTHER) and ports is None)
        else "",
        surely=surely,
    )


def _other_sources(body: Body) -> Iterator[str]:
    """Why a rule may let in more than its ranges: lists that are elsewhere, loops, and a source that is not told."""
    for name in _LISTS:
        if any(item is not None for item in listed(body, name)):
            yield f"rests on what is not in the code: {name}"
    if is_set(body, "dynamic"):
        yield "dynamic block inside of a rule"
    if not any(is_set(body, name) for name in (*_RANGES, *_GROUPS_NAMED, *_LISTS)) and not _is_true(body, "self"):
        yield "no source is named"


def _is_true(body: Body, name: str) -> bool:
    return str(argument(body, name)).lower() == "true"


def _unclear(body: Body, protocol: str | None, protocol_name: str) -> str:
    names = (protocol_name,) if protocol is None else ("from_port", "to_port")
    return next((_why(name, argument(body, name)) for name in names), "")


def _why(name: str, value: Any) -> str:
    return f"{name}: {'not set' if value is None else cause(value)}"


def opens_default_group(kind: str, body: Body) -> bool:
    """Whether a rule of its own is one of a default security group."""
    named = "".join(str(item) for item in listed(body, "security_group_id"))
    return kind not in GROUPS and "default_security_group" in named
