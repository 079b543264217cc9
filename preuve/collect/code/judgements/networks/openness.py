"""Whom the rules of a security group let in or out, and on which ports: one definition, for every policy that asks.

As wide as the internet counts what holds as many public addresses as a /8 of IPv4 or a /32 of IPv6, in one range or in
many. What is not known to be narrower is not closed: a protocol is known by its name or number, a port if it is one, a
range if it parses. Everything else may be open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from ipaddress import ip_network
from typing import Any

from preuve.collect.code.judgements.bodies import Body, cause, leaves
from preuve.collect.code.judgements.relations.neighbourhood import KEY
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.documents.network.ranges import Network, any_public, is_wide
from preuve.model.grouping import grouped

TCP, UDP, ALL, OTHER = "tcp", "udp", "all", "other"
_WITH_PORTS = frozenset({TCP, UDP})
LAST_PORT = 65535
NOT_SAID = "the code does not say what the rules open"
_WELL_KNOWN = 1023  # if fewer ports than these are closed, all count as open
MOST_RULES = 1000  # AWS's limit for one network interface

_BITS = {4: 32, 6: 128}
_SMALL = {4: 16, 6: 48}  # prefix lengths: no VPC and no office has a larger range
_ANY = {4: "1.0.0.0", 6: "2000::"}
_PROTOCOLS = {"-1": ALL, "all": ALL, "tcp": TCP, "6": TCP, "udp": UDP, "17": UDP, "icmp": OTHER, "icmpv6": OTHER}
_NUMBER = re.compile(r"[0-9]{1,3}")
_PORT = re.compile(r"[0-9]{1,5}")
_RANGE = re.compile(r"[0-9A-Fa-f.:]+/[0-9]{1,3}")
# A range of known size around an unknown address: `${var.office}/32`.
_SIZED = re.compile(rf"[{OPAQUE}{MADE}]\$\{{[^{{}}]*\}}/([0-9]{{1,3}})")
# The range of a VPC or a subnet, unchanged: docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
_OF_NETWORK = re.compile(
    rf"[{OPAQUE}{MADE}]\$\{{(?:module\.[\w-]+(?:\[[^\]{{}}]*\])?\.)*(?:data\.)?aws_(?:default_)?(?:vpc|subnet)"
    r"\.[\w-]+(?:\[[^\]{}]*\])?\.(?:ipv6_cidr_block|(?:cidr_block_associations\[\d+\]\.)?cidr_block)\}"
)
_OF_NETWORKS = {4: 16, 6: 44}  # prefix lengths: AWS makes no VPC of a larger range


@dataclass(frozen=True)
class GroupRule:
    """A rule that lets traffic through. What is None or hidden is not known, for the cause that is there."""

    protocol: str | None
    ports: tuple[int, int] | None
    ranges: tuple[Network, ...] = ()
    hidden: str = ""  # why the rule may admit more than its ranges
    unclear: str = ""  # why its protocol or ports are unknown
    surely: bool = True  # False: it may not exist, because of `doubt`
    doubt: str = "this block may not be created, or may be for another resource"
    keys: tuple[str, ...] = ()  # its paths in the judged block

    @cached_property
    def counts(self) -> bool:
        """Whether it may help to open a port to the internet."""
        return bool(self.hidden) or any_public(self.ranges)

    @cached_property
    def perhaps(self) -> GroupRule:
        """The same rule, as one that may not exist."""
        return replace(self, surely=False)

    def covers(self, protocols: frozenset[str], port: int) -> bool | None:
        """Return whether the rule covers a port; None if unknown."""
        if self.protocol == ALL:
            return True
        if self.protocol is None:
            return None  # it may be all protocols, which have no ports
        if self.protocol not in protocols:
            return False
        return None if self.ports is None else self.ports[0] <= port <= self.ports[1]


@dataclass(frozen=True)
class Openness:
    """Whether a port is open to as much as the internet: `open` if it surely is, else for what cause it may be."""

    open: bool
    causes: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()  # indexes of the rules that open it


RulesOf = Callable[[str, Body, str], "list[GroupRule] | None"]
CLOSED = Openness(open=False)


def rules_in(rules_of: RulesOf, kind: str, body: Body, direction: str) -> Sequence[GroupRule] | None:
    """Return the rules of a block: the same objects as for the blocks that see it as a neighbour, so that results about
    a group are computed once for all its blocks.
    """
    rules, beside = rules_of(kind, body, direction), body.get(KEY)
    seen = beside.body if beside and rules else None
    written = _written(rules_of, kind, seen, direction) if seen else rules
    return written if written == rules else rules


def helps(rules_of: RulesOf, direction: str, kind: str, body: Body) -> bool:
    """Return whether a block adds a rule to its group that admits traffic from the internet."""
    return any(rule.counts for rule in _written(rules_of, kind, body, direction))


def beside_of(rules_of: RulesOf, found: Iterable[tuple[str, Body, bool]], direction: str) -> list[GroupRule]:
    """Return the rules that other blocks add to a group and that help to open it, each with whether it surely
    exists.
    """
    return [
        rule if surely else rule.perhaps
        for kind, body, surely in found
        for rule in _written(rules_of, kind, body, direction)
        if rule.counts
    ]


def _written(rules_of: RulesOf, kind: str, body: Body, direction: str) -> Sequence[GroupRule]:
    beside = body.get(KEY)
    find = partial(rules_of, kind, body, direction)
    return (beside.all.remember(("rules", id(body), direction), find) if beside else find()) or []


def opened_by(rules: Iterable[GroupRule], ports: Iterable[int] | str, beside: Any) -> tuple[Openness, frozenset[int]]:
    """Return whether rules open a port, and the ids of the rules that do; computed once for the same rules."""
    counting = [rule for rule in rules if rule.counts]

    def find() -> tuple[list[GroupRule], Openness, frozenset[int]]:
        found = opened(counting, ports)
        return counting, found, frozenset(id(counting[number]) for number in found.rules)

    asked = ports if isinstance(ports, str) else tuple(ports)
    key = ("opened", frozenset(map(id, counting)), asked)
    # The rules are remembered with the answer: no later object can have their ids.
    _, found, opening = beside.all.remember(key, find) if beside else find()
    return found, opening


def protocol_of(value: Any) -> str | None:
    """Return the protocol of a rule; None if unknown."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    name = str(value).strip().lower()
    if name in _PROTOCOLS:
        return _PROTOCOLS[name]
    return OTHER if _NUMBER.fullmatch(name) and 1 <= int(name) <= 255 else None


def port_of(value: Any) -> int | None:
    """Return a TCP or UDP port; None if unknown."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)
    return int(text) if _PORT.fullmatch(text) and int(text) <= LAST_PORT else None


def ports_of(first: Any, last: Any) -> tuple[int, int] | None:
    """Return the ports of a range; None if unknown."""
    start, end = port_of(first), port_of(last)
    return (start, end) if start is not None and end is not None and start <= end else None


def range_of(value: Any, *, version: int) -> Network | None:
    """Parse a range of addresses; None if its width is unknown.

    If only its size is known and small, any range of that size represents it.
    """
    if not isinstance(value, str):
        return None
    if _OF_NETWORK.fullmatch(value):
        return ip_network(f"{_ANY[version]}/{_OF_NETWORKS[version]}")
    if sized := _SIZED.fullmatch(value):
        size = int(sized[1])
        return ip_network(f"{_ANY[version]}/{size}") if _SMALL[version] <= size <= _BITS[version] else None
    try:
        return ip_network(value, strict=False) if _RANGE.fullmatch(value) else None
    except ValueError:
        return None


def keys_of(body: Mapping[str, Any], place: str, ranges: Mapping[str, int], others: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of a rule's arguments, beginning with the range that is as wide as the internet, which
    decides.
    """
    there = [name for name in ranges if name in body]
    wide = [name for name in there if is_wide(sources((item, ranges[name]) for item in leaves(body[name]))[0])]
    return tuple(f"{place}{name}" for name in dict.fromkeys((*wide, *there, *others)) if name in body)


def open_on(rules: Sequence[GroupRule], protocols: frozenset[str], port: int) -> Openness:
    """Return whether rules together open a port to as much as the internet."""
    covering = [
        (number, rule, covers)
        for number, rule in enumerate(rules)
        if (covers := rule.covers(protocols, port)) is not False
    ]
    surely = [(number, rule) for number, rule, covers in covering if covers and rule.surely]
    if is_wide(item for _, rule in surely for item in rule.ranges):
        wide = [number for number, rule in surely if is_wide(rule.ranges)]
        wide = wide or [number for number, rule in surely if any_public(rule.ranges)]
        return Openness(open=True, rules=tuple(wide))
    hidden = [rule.hidden for _, rule, _ in covering if rule.hidden]
    if is_wide(item for _, rule, _ in covering for item in rule.ranges):
        hidden += [
            rule.unclear or rule.hidden or rule.doubt for _, rule, covers in covering if not (covers and rule.surely)
        ]
    return Openness(open=False, causes=tuple(dict.fromkeys(hidden))) if hidden else CLOSED


def opened(rules: Sequence[GroupRule], ports: Iterable[int] | str) -> Openness:
    """Return whether rules open any of some ports, or all ports (`all`)."""
    return open_on_all(rules) if isinstance(ports, str) else open_on_any(rules, ports)


def open_on_any(rules: Sequence[GroupRule], ports: Iterable[int]) -> Openness:
    """Return whether rules open any of some TCP or UDP ports, and every rule that does; otherwise why one may
    be open.
    """
    if len(rules) > MOST_RULES:
        return Openness(open=False, causes=(f"more than {MOST_RULES} rules",))
    found = [open_on(rules, _WITH_PORTS, same[0]) for same in _alike(rules, ports)]
    if any(one.open for one in found):
        return Openness(open=True, rules=tuple(sorted({number for one in found for number in one.rules})))
    return Openness(open=False, causes=tuple(dict.fromkeys(cause for one in found for cause in one.causes)))


def ports_open(rules: Sequence[GroupRule], ports: Iterable[int]) -> frozenset[int]:
    """Return those of some TCP or UDP ports that rules open."""
    return frozenset(port for same in _alike(rules, ports) if open_on_any(rules, same[:1]).open for port in same)


def _alike(rules: Sequence[GroupRule], ports: Iterable[int]) -> Iterable[list[int]]:
    """Group ports that the same rules cover: one answer holds for the whole group."""
    alike = grouped((tuple(rule.covers(_WITH_PORTS, port) for rule in rules), port) for port in ports)
    return alike.values()


def open_on_all(rules: Sequence[GroupRule]) -> Openness:
    """Return whether rules open every port of TCP or every port of UDP, but for a few."""
    if len(rules) > MOST_RULES:
        return Openness(open=False, causes=(f"more than {MOST_RULES} rules",))
    causes: dict[str, None] = {}
    for protocol in (TCP, UDP):
        found = _every(rules, protocol)
        if found.open:
            return found
        causes |= dict.fromkeys(found.causes)
    return Openness(open=False, causes=tuple(causes))


def _every(rules: Sequence[GroupRule], protocol: str) -> Openness:
    """Return whether all but a few ports of a protocol are open. Between the ends of ranges, every port has the same
    answer.
    """
    known = [rule.ports for rule in rules if rule.ports is not None and rule.protocol in (None, protocol)]
    ends = {1, *(first for first, _ in known), *(last + 1 for _, last in known)}
    starts = sorted(start for start in ends if 1 <= start <= LAST_PORT)
    causes: dict[str, None] = {}
    opening: set[int] = set()
    closed = unclear = 0
    for port, following in zip(starts, [*starts[1:], LAST_PORT + 1], strict=True):
        found = open_on(rules, frozenset({protocol}), port)
        closed += 0 if found.open or found.causes else following - port
        unclear += following - port if found.causes else 0
        if closed >= _WELL_KNOWN:
            return CLOSED
        causes |= dict.fromkeys(found.causes)
        opening.update(found.rules)
    if closed + unclear >= _WELL_KNOWN:
        return Openness(open=False, causes=tuple(causes))
    return Openness(open=True, rules=tuple(sorted(opening)))


def sources(ranges: Iterable[tuple[Any, int]]) -> tuple[tuple[Network, ...], str]:
    """Return the ranges among values, each with its IP version, and why a value is unknown."""
    known: list[Network] = []
    hidden = ""
    for value, version in ranges:
        found = range_of(value, version=version)
        if found is None:
            hidden = hidden or cause(value)
        else:
            known.append(found)
    return tuple(known), hidden


def ranges_of(values: Iterable[Any]) -> tuple[tuple[Network, ...], str]:
    """Return the ranges among values whose IP version only their form shows, and why a value is unknown."""
    return sources((value, 6 if isinstance(value, str) and ":" in value else 4) for value in values)
