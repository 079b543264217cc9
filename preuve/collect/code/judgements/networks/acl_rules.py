"""The rules of a network ACL in Terraform, by their numbers: the first match decides.

A rule that allows traffic opens a port unless a rule with a smaller number surely denies the whole of its range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from preuve.collect.code.judgements.answer import Ruling
from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause
from preuve.collect.code.judgements.networks.openness import (
    ALL,
    OTHER,
    TCP,
    GroupRule,
    open_on_any,
    ports_of,
    protocol_of,
    sources,
)
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.verdict.marks import OPEN, made_causes
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told

ACL, RULE = "aws_network_acl", "aws_network_acl_rule"
TYPES = (ACL, RULE)
ENTRY = "AWS::EC2::NetworkAclEntry"  # in a template: a separate rule
_OWNER = "network_acl_id"
_DEFAULT, _OF_DEFAULT = "aws_default_network_acl", (".default_network_acl_id", ".DefaultNetworkAcl")
_NUMBER = re.compile(r"[0-9]{1,9}")  # AWS accepts numbers up to 32766
_RANGES = {"cidr_block": 4, "ipv6_cidr_block": 6}
_OF_ENTRIES = {
    "RuleNumber": "rule_number",
    "Protocol": "protocol",
    "RuleAction": "rule_action",
    "Egress": "egress",
    "CidrBlock": "cidr_block",
    "Ipv6CidrBlock": "ipv6_cidr_block",
}
_MEMBERS = frozenset(_OF_ENTRIES)
_OF_PORTS = {"From": "from_port", "To": "to_port"}
_DECIDING = ("cidr_block", "ipv6_cidr_block", "protocol", "from_port", "to_port", "action", "rule_action")
_COMES_IN = ("false", "none")  # values of `egress` in a rule for incoming traffic
_ALLOW, _DENY = "allow", "deny"


@dataclass(frozen=True)
class _Entry:
    """A rule for incoming traffic. `action` and `number` are None if unknown."""

    place: str
    action: str | None
    number: int | None
    rule: GroupRule
    surely: bool = True  # False: it may not exist, or may be for outgoing traffic or another ACL

    def refuses(self, other: _Entry, port: int) -> bool | None:
        """Return whether this entry surely denies a port before another one allows it; None if unknown."""
        if self.action == _ALLOW or not self._may_shield(other):
            return False
        covers = self.rule.covers(frozenset({other.rule.protocol or TCP, TCP}), port)
        if covers is False:
            return False
        known = (
            self.action and self.surely and self.rule.surely and self.number is not None and other.number is not None
        )
        if not known or self.rule.hidden or covers is None:
            return None
        return all(any(_holds(mine, its) for mine in self.rule.ranges) for its in other.rule.ranges)

    def _may_shield(self, other: _Entry) -> bool:
        return self.number is None or other.number is None or self.number < other.number


def open_acl(kind: str, body: Body, options: Mapping[str, Any]) -> Ruling | None:
    """Return whether a network ACL admits as much as the internet to one of some ports."""
    if kind == ENTRY and OPEN in body:
        return Ruling(UNKNOWN, cause(body[OPEN]))
    entries, hidden = _entries(kind, body)
    if kind != ACL and (not entries or _is_of_default(body)):
        return None
    others = [*entries, *_others(kind, body)]
    causes = list(hidden)
    opening: list[_Entry] = []
    for entry in (one for one in entries if one.action != _DENY):
        result, why = _opens(entry, others, options["ports"])
        opening += [entry] if result == FAILED else []
        causes += why
    if opening:
        keys = tuple(key for entry in opening for key in _keys(entry, body))
        return Ruling(FAILED, keys=keys, restraints=tuple(_refusals(others, opening)))
    return Ruling(UNKNOWN, told(causes)) if causes else Ruling(PASSED, keys=("ingress",) if kind == ACL else ())


def _is_of_default(body: Body) -> bool:
    """Return whether a separate rule belongs to the default ACL of a network, which allows everything."""
    named = str(argument(body, _OWNER) or argument(body, "NetworkAclId") or "")
    return any(name.endswith(_OF_DEFAULT) or _DEFAULT in name.split(".") for name in made_causes(named))


def _opens(entry: _Entry, others: Sequence[_Entry], ports: Iterable[int]) -> tuple[str, list[str]]:
    """Return the result for an allowing entry, with the causes if it is unknown."""
    causes: list[str] = []
    for port in ports:
        found = open_on_any([entry.rule], [port])
        refused = [one.refuses(entry, port) for one in others if one is not entry] if found.open else [True]
        if True in refused:
            causes += found.causes
        elif None in refused or entry.action is None:
            causes.append("its action, or that of a rule before it")
        else:
            return FAILED, []
    return UNKNOWN if causes else PASSED, causes


def _refusals(others: Iterable[_Entry], opening: Sequence[_Entry]) -> Iterator[str]:
    """Yield a text for each rule that denies something before a rule that opens a port, and another one if it comes
    before all of these. Apart from that, numbers do not count.
    """
    for one in (one for one in others if one.action == _DENY):
        before = sum(one._may_shield(entry) for entry in opening)
        text = f"refuses {one.rule.protocol} {one.rule.ports} {', '.join(map(str, one.rule.ranges))}"
        yield from (text,) if before else ()
        yield from (f"{text} before all",) if before == len(opening) else ()


def _as_rule(body: Body) -> Body:
    """Return the entry of a template in the form of Terraform."""
    ports = argument(body, "PortRange")
    found = {name: body[own] for own, name in _OF_ENTRIES.items() if own in body}
    if isinstance(ports, Mapping):
        return found | {name: ports.get(own, ports.get(OPEN)) for own, name in _OF_PORTS.items()}
    return found | ({} if ports is None else dict.fromkeys(_OF_PORTS.values(), ports))


def _entries(kind: str, body: Body) -> tuple[list[_Entry], list[str]]:
    if kind == ENTRY:
        return _entries(RULE, _as_rule(body))
    if kind == RULE:
        egress = str(argument(body, "egress")).lower()
        entry = _entry(body, "", "rule_number")
        return ([] if egress == "true" else [replace(entry, surely=egress in _COMES_IN)]), []
    surely, perhaps, hidden = blocks(body, "ingress")
    found = [_entry(item, f"ingress/[{number}]/", "rule_no") for number, item in enumerate(surely)]
    return found + [_entry(item, "dynamic/ingress/", "rule_no", surely=False) for item in perhaps], hidden


def _others(kind: str, body: Body) -> Iterator[_Entry]:
    """Yield the rules of the same ACL elsewhere in the root module."""
    beside = body.get(BESIDE)
    if beside is None:
        return
    if kind == ENTRY:
        found = beside.sharing((ENTRY,), "NetworkAclId")
    elif kind == ACL:
        found = [(RULE, item, surely) for item, surely in beside.naming(RULE, _OWNER, "").items()]
    else:
        owner = beside.named(_OWNER, ACL)
        found = beside.sharing((RULE,), _OWNER)
        found += [(ACL, owner, True)] if owner is not None else []
    for type_, item, surely in found:
        entries = beside.all.remember(("entries", id(item)), partial(_entries, type_, item))[0]
        yield from entries if surely else (replace(one, surely=False) for one in entries)


def _entry(body: Body, place: str, numbered: str, *, surely: bool = True) -> _Entry:
    action = argument(body, "action" if numbered == "rule_no" else "rule_action")
    number = argument(body, numbered)
    return _Entry(
        place,
        action.lower() if isinstance(action, str) and action.lower() in (_ALLOW, _DENY) else None,
        int(number) if isinstance(number, int | str) and _NUMBER.fullmatch(str(number)) else None,
        _rule(body, surely=surely),
    )


def _rule(body: Body, *, surely: bool) -> GroupRule:
    protocol = protocol_of(argument(body, "protocol"))
    ports = ports_of(argument(body, "from_port"), argument(body, "to_port"))
    given = [(argument(body, name), version) for name, version in _RANGES.items()]
    ranges, hidden = sources((value, version) for value, version in given if value not in (None, ""))
    unclear = cause(argument(body, "protocol")) if protocol is None else ""
    if protocol not in (None, ALL, OTHER) and ports is None:
        unclear = cause(argument(body, "from_port"))
    return GroupRule(protocol, ports, ranges, hidden, unclear, surely)


def _holds(wide: Any, narrow: Any) -> bool:
    return wide.version == narrow.version and bool(narrow.subnet_of(wide))


def _keys(entry: _Entry, body: Body) -> Iterator[str]:
    if _MEMBERS & set(body):
        yield from (
            name for name in ("CidrBlock", "Ipv6CidrBlock", "Protocol", "PortRange", "RuleAction") if name in body
        )
        return
    number = entry.place.partition("[")[2].partition("]")[0]
    item = blocks(body, "ingress")[0][int(number)] if number else body
    yield from (f"{entry.place}{name}" for name in _DECIDING if name in item)
