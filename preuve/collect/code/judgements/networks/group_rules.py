"""The rules of security groups in Terraform: inline, as an argument, or each as its own resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause, is_set, listed
from preuve.collect.code.judgements.networks.openness import (
    ALL,
    OTHER,
    GroupRule,
    beside_of,
    helps,
    keys_of,
    port_of,
    ports_of,
    protocol_of,
    sources,
)
from preuve.collect.code.judgements.networks.prefix_lists import in_terraform
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.judgements.relations.unknown_values import is_input
from preuve.collect.code.language.hcl.blocks import values_in
from preuve.collect.code.language.values.value import worked_out
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.collect.code.verdict.verdict import UNRESOLVED, unresolved

GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})
ALONE, BY_TYPE, EGRESS = (
    "aws_vpc_security_group_ingress_rule",
    "aws_security_group_rule",
    "aws_vpc_security_group_egress_rule",
)
INGRESS = (*sorted(GROUPS), BY_TYPE, ALONE)

_OF_ITS_OWN = {"ingress": (BY_TYPE, ALONE), "egress": (BY_TYPE, EGRESS)}
_GROUP = "security_group_id"
_GROUPS_NAMED = ("security_groups", "source_security_group_id", "referenced_security_group_id")
_LISTS = ("prefix_list_ids", "prefix_list_id")
_RANGES = {"cidr_blocks": 4, "cidr_ipv4": 4, "ipv6_cidr_blocks": 6, "cidr_ipv6": 6}
# Blocks with a range, and a range that is one unknown value.
_NETWORKS, _RANGE = ("aws_vpc", "aws_subnet"), "cidr_block"
_INPUT = re.compile(rf"[{OPAQUE}{MADE}]\$\{{((?:[\w-]|\[[^\[\]{{}}]*\]|\.)+)\}}")
_DEFAULT = "default_security_group_id"
_WITH_DEFAULT = frozenset({"aws_vpc", "aws_default_vpc"})  # types with the attribute for the default group
_LOOKED_UP = frozenset({"aws_security_group", "aws_security_groups"})
_NAME = "default"  # AWS reserves this name
_NO_GROUP = re.compile(r"for_each$|(each|count)\b|.* ")  # causes that come from a loop, or that are a sentence
_KEYS = re.compile(r"\[[^\]]*\]")
_OTHERS = (*_LISTS, "protocol", "ip_protocol", "from_port", "to_port")


def rules_of(kind: str, body: Body, direction: str) -> list[GroupRule] | None:
    """Return the rules of a block for one direction; None if it has only the other. A value that may be any rule is
    unknown.
    """
    beside = body.get(BESIDE)
    if kind in GROUPS:
        surely, perhaps, hidden = blocks(body, direction)
        found = [_rule(item, f"{direction}/[{number}]/", beside) for number, item in enumerate(surely)]
        found += [
            replace(_rule(item, "", beside), surely=False, doubt=f"dynamic block: {direction}") for item in perhaps
        ]
        return found + [GroupRule(None, None, hidden=why) for why in hidden]
    if kind not in _OF_ITS_OWN[direction]:
        return None
    said = argument(body, "type") if kind == BY_TYPE else direction
    if isinstance(said, str) and said in _OF_ITS_OWN and said != direction:
        return None
    return [replace(_rule(body, "", beside), surely=said == direction)]


def others_of(kind: str, body: Body, direction: str) -> list[GroupRule]:
    """Return the rules that other blocks of the root module add to the group of a block."""
    beside = body.get(BESIDE)
    if beside is None:
        return []
    types = _OF_ITS_OWN[direction]
    if kind in GROUPS:
        named = [(type_, beside.naming(type_, _GROUP, "")) for type_ in types]
        found = [(type_, item, surely) for type_, one in named for item, surely in one.items()]
        # Outgoing traffic is judged by group alone, so a rule of an unknown group may belong to this one.
        if direction == "egress":
            found += [(type_, item, False) for type_, one in named for item, _ in one.doubts]
    else:
        found = beside.sharing(types, _GROUP, _HELPS[direction])
        owners = ((type_, beside.named(_GROUP, type_)) for type_ in sorted(GROUPS))
        found += [(type_, owner, True) for type_, owner in owners if owner is not None]
    return beside_of(rules_of, found, direction)


_HELPS = {direction: partial(helps, rules_of, direction) for direction in _OF_ITS_OWN}


def _rule(body: Body, place: str, beside: Any) -> GroupRule:
    protocol_name = "ip_protocol" if "ip_protocol" in body else "protocol"
    protocol = protocol_of(argument(body, protocol_name))
    first, last = argument(body, "from_port"), argument(body, "to_port")
    ports = ports_of(first, last)
    written = ((item, version) for name, version in _RANGES.items() for item in listed(body, name))
    ranges, hidden = sources((_of_network(item, beside), version) for item, version in written)
    lists = [in_terraform(item, beside) for name in _LISTS for item in listed(body, name) if item is not None]
    return GroupRule(
        protocol=protocol,
        ports=ports,
        ranges=(*ranges, *(network for found, _ in lists for network in found)),
        hidden=hidden or next((why for _, why in lists if why), "") or next(_other_sources(body), ""),
        unclear=_unclear(body, protocol, protocol_name)
        if protocol is None or (protocol not in (ALL, OTHER) and ports is None)
        else "",
        keys=keys_of(body, place, _RANGES, _OTHERS),
    )


def _of_network(item: Any, beside: Any) -> Any:
    """Return a range with what the code shows of it. A variable that surely is the range of a VPC or a subnet of the
    code is that range; an expression that combines it with texts is not.
    """
    found = _INPUT.fullmatch(item) if beside is not None and isinstance(item, str) else None
    if found is None:
        return item
    changed = [one for value in values_in(beside.made.content) for one in worked_out(value) if found[1] in one.causes]
    if changed:
        return f"{OPAQUE}${{= {found[1]}}}" if any(one.written for one in changed) else item
    return next((name for name in _networks(beside, item)), item)


def _networks(beside: Any, variable: str) -> Iterator[str]:
    """Yield the ranges of networks that surely exist and whose range is a variable."""
    for type_ in _NETWORKS:
        for body, around, surely in beside.others(type_):
            if surely and argument(body, _RANGE) == variable and is_input(around.made.content.arguments.get(_RANGE)):
                yield f"{MADE}${{{around.made.address}.{_RANGE}}}"


def _other_sources(body: Body) -> Iterator[str]:
    """Yield the reasons why a rule may admit more than its ranges: loops, and unknown sources."""
    if is_set(body, "dynamic"):
        yield "dynamic block inside a rule"
    named = any(is_set(body, name) for name in (*_RANGES, *_GROUPS_NAMED, *_LISTS))
    if not named and str(argument(body, "self")).lower() != "true":
        yield "no source is named"


def _unclear(body: Body, protocol: str | None, protocol_name: str) -> str:
    ends = [name for name in ("from_port", "to_port") if port_of(argument(body, name)) is None] or ["to_port"]
    name = protocol_name if protocol is None else ends[0]
    return _why(name, argument(body, name))


def _why(name: str, value: Any) -> str:
    return f"{name}: {'not set' if value is None else cause(value)}"


def opens_default_group(kind: str, body: Body) -> bool | None:
    """Return whether a separate rule belongs to a default security group; None if it may."""
    if kind in GROUPS:
        return False
    answers = [_is_default(item, body.get(BESIDE)) for item in listed(body, "security_group_id")]
    return True if True in answers else None if None in answers else False


def _is_default(named: Any, beside: Any) -> bool | None:
    """Return whether a reference surely names a default group; None if it may, as one of several."""
    causes = [why.removeprefix(UNRESOLVED) for why in unresolved(named)]
    answers = [_is_of_default(why, beside) for why in causes if not _NO_GROUP.match(why)]
    return (all(answers) or None) if True in answers or None in answers else False


def _is_of_default(why: str, beside: Any) -> bool | None:
    """Return whether a reference names a default group; None if it may."""
    reference, _, attribute_name = why.rpartition(".")
    path = _KEYS.sub("", reference).split(".")
    type_ = path[-2] if len(path) > 1 else ""
    if type_ in _WITH_DEFAULT:
        return attribute_name == _DEFAULT
    if type_ == "module":  # a module that is not read: its output under this name is unknown
        return None if attribute_name == _DEFAULT else False
    if path[-3:-2] == ["data"]:
        found = beside.all.looked_up(reference) if beside and type_ in _LOOKED_UP else None
        return _is_called_default(found[1]) if found else False
    return type_ == "aws_default_security_group"


def _is_called_default(body: Body) -> bool | None:
    """Return whether a data source looks up the name that only default groups have; None if others match too."""
    filters = [one for one in blocks(body, "filter")[0] if argument(one, "name") == "group-name"]
    names = [name for one in filters for name in listed(one, "values")]
    names += [name for name in listed(body, "name") if name is not None]
    return (all(name == _NAME for name in names) or None) if _NAME in names else False
