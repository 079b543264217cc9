"""The rules of security groups in templates: in lists of a group, or each as its own resource."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from ipaddress import ip_network
from typing import Any

from preuve.collect.code.judgements.bodies import Body, cause
from preuve.collect.code.judgements.networks.openness import (
    ALL,
    NOT_SAID,
    OTHER,
    GroupRule,
    beside_of,
    helps,
    keys_of,
    ports_of,
    protocol_of,
    sources,
)
from preuve.collect.code.judgements.networks.prefix_lists import in_template
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.verdict.marks import OPEN, is_marked, is_opaque

GROUP = "AWS::EC2::SecurityGroup"
ALONE = {"ingress": "AWS::EC2::SecurityGroupIngress", "egress": "AWS::EC2::SecurityGroupEgress"}
TYPES = (GROUP, ALONE["ingress"])
# Checkov's checks of templates that are judged so: they pass a rule for all protocols, a port that is a text beside one
# that is a number, a second range beside a first, and a rule that stands where a list is due.
CHECKS: Mapping[str, Any] = {"CKV_AWS_24": [22], "CKV_AWS_25": [3389], "CKV_AWS_277": "all"}
_INLINE = {"ingress": "SecurityGroupIngress", "egress": "SecurityGroupEgress"}
_BY = ("GroupId", "GroupName")  # the properties by which a separate rule names its group
_RANGES = {"CidrIp": 4, "CidrIpv6": 6}
_LISTS = ("SourcePrefixListId", "DestinationPrefixListId")
_OPENS = ("IpProtocol", "FromPort", "ToPort")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")  # without 026, which YAML reads as 22
_LAST = 65535


def rules_of(kind: str, properties: Body, direction: str) -> list[GroupRule] | None:
    """Return the rules of a resource; None if it has only the other direction. A value that may be any rule may contain
    anything.
    """
    beside = properties.get(BESIDE)
    if kind != GROUP:
        return [_rule(properties, "", beside)] if kind == ALONE[direction] else None
    name = _INLINE[direction]
    written = properties.get(name, properties.get(OPEN))
    if written in (None, []):
        return [_given(beside, name)] if direction == "egress" else []
    items = written if isinstance(written, list) else [written]
    return [
        _rule(item, f"{name}/[{place}]/", beside)
        if isinstance(item, Mapping)
        else GroupRule(None, None, hidden=cause(item))
        for place, item in enumerate(items)
    ]


def others_of(kind: str, properties: Body, direction: str) -> list[GroupRule]:
    """Return the rules that other resources add to the group of a resource."""
    beside = properties.get(BESIDE)
    if beside is None:
        return []
    if kind == GROUP:
        named = [beside.naming(ALONE[direction], by, "GroupName" if by == "GroupName" else "") for by in _BY]
        found = [(ALONE[direction], item, surely) for one in named for item, surely in one.items()]
    else:
        found = [one for by in _BY for one in beside.sharing((ALONE[direction],), by, _HELPS[direction])]
        found += [(GROUP, owner, True) for by in _BY for owner in beside.each_named(by, GROUP)[0]]
    return beside_of(rules_of, found, direction)


_HELPS = {direction: partial(helps, rules_of, direction) for direction in ALONE}


def _given(beside: Any, name: str) -> GroupRule:
    """Return the rule that AWS adds to a group without rules for outgoing traffic."""
    written = beside is not None and beside.naming(ALONE["egress"], "GroupId", "").items()
    return GroupRule(
        ALL,
        None,
        (ip_network("0.0.0.0/0"),),
        unclear="whether the rule that AWS creates is still there" if written else "",
        surely=not written,
        keys=(name,),
    )


def _rule(rule: Body, place: str, beside: Any) -> GroupRule:
    protocol = protocol_of(_text(_member(rule, "IpProtocol", "tcp")))
    ends = [_port(rule, name, otherwise) for name, otherwise in (("FromPort", 0), ("ToPort", _LAST))]
    ports = ports_of(*ends)
    ranges, hidden = sources(_addresses(rule))
    lists = [in_template(value, beside) for name in _LISTS if (value := _member(rule, name)) is not None]
    return GroupRule(
        protocol=protocol,
        ports=ports,
        ranges=(*ranges, *(network for found, _ in lists for network in found)),
        hidden=hidden or next((why for _, why in lists if why), ""),
        unclear="" if protocol in (ALL, OTHER) or (protocol and ports) else _unclear(rule),
        keys=keys_of(rule, place, _RANGES, (*_LISTS, *_OPENS)),
    )


def _member(rule: Body, name: str, otherwise: Any = None) -> Any:
    """Return a member of a rule; an unknown if it is missing and the rule may contain more."""
    found = rule.get(name, rule.get(OPEN))
    return otherwise if found is None else found


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _addresses(rule: Body) -> Iterator[tuple[Any, int]]:
    """Yield the ranges of a rule. A value that AWS computes as a whole is one address, not a wide range."""
    for name, version in _RANGES.items():
        value = _text(_member(rule, name))
        if value is not None and (is_opaque(value) or not is_marked(value) or "/" in value):
            yield value, version


def _port(rule: Body, name: str, otherwise: int) -> int | None:
    text = str(_member(rule, name, -1)).strip()
    if not _NUMBER.fullmatch(text):
        return None
    return otherwise if int(text) < 0 else int(text)


def _unclear(rule: Body) -> str:
    read = [_member(rule, name) for name in _OPENS]
    return next((cause(value) for value in read if is_marked(value)), NOT_SAID)
