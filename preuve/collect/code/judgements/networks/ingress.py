"""Whether a security group of a template opens ports to the internet: our own judgement.

Checkov's checks pass a rule for all protocols, a port that is a text beside one that is a number, a second range beside
a first, and a rule that stands where a list is due; and there is none for rules of all traffic. What is open here is
what the policies call open in an account. Nothing that is not known counts as closed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preuve.collect.code.judgements.networks.openness import range_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, is_marked, is_opaque
from preuve.collect.code.verdict.verdict import FAILED, PASSED, UNKNOWN, told, unresolved
from preuve.documents.networks import Network, is_wide

TYPES = frozenset({"AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"})
_ADMIN_PORTS = {"CKV_AWS_24": 22, "CKV_AWS_25": 3389}
ALL_TRAFFIC = "CKV_AWS_277"
CHECKS = frozenset({*_ADMIN_PORTS, ALL_TRAFFIC})

_RULES = "SecurityGroupIngress"
GROUP = "__group__"  # beside the properties of a resource: the others with rules of its group
_WIDEST = {4: 8, 6: 32}  # the longest prefixes that are the internet, as in policies/ec2/sg-no-admin-ports-open.yaml
_PREFIX = re.compile(r"/([0-9]{1,3})")  # at the end of a range
_MOST_PORTS = 65535
_EVERY, _TCP, _UDP = frozenset({"-1", "all"}), frozenset({"tcp", "6"}), frozenset({"udp", "17"})
_WITHOUT_PORTS = frozenset({"icmp", "icmpv6"})
_DECIDING = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "SourcePrefixListId")

Rule = Mapping[str, Any]
Answer = bool | None  # None where it is not known


@dataclass(frozen=True)
class Judgement:
    """What a check comes to, why it is not known, and what it looked at."""

    result: str
    detail: str
    keys: tuple[str, ...]


def judged(check: str, kind: str, properties: Rule, others: Iterable[tuple[str, Rule]] = ()) -> Judgement:
    """What one of `CHECKS` says of a resource of one of `TYPES`.

    `others` are the other resources of the template with rules of the same group: small ranges add up.
    """
    return _judged(_ADMIN_PORTS.get(check), kind, properties, others)


def judged_on(ports: Iterable[int], kind: str, properties: Rule) -> Judgement:
    """Whether a resource of one of `TYPES` opens one of some ports of TCP."""
    others = properties.get(GROUP, ())
    answers = [_judged(port, kind, properties, others) for port in ports]
    return min(answers, key=lambda one: (FAILED, UNKNOWN, PASSED).index(one.result))


def _judged(port: int | None, kind: str, properties: Rule, others: Iterable[tuple[str, Rule]]) -> Judgement:
    """The same for one port of TCP and UDP, or for all ports."""
    rules = list(_rules(kind, properties))
    beside = [rule for other, found in others for _, rule in _rules(other, found)]
    together = _is_internet_together(port, [*(rule for _, rule in rules), *beside])
    answers = [
        (key, rule, _both(True if together and _is_counted(rule) else _is_internet(rule), _has_ports(port, rule)))
        for key, rule in rules
    ]
    looked_at = tuple(f"{key}{name}" for key, rule, answer in answers if answer for name in _DECIDING if name in rule)
    if looked_at:
        return Judgement(FAILED, "", looked_at)
    undecided = [rule for _, rule, answer in answers if answer is None]
    if not undecided:
        return Judgement(PASSED, "", ())
    read = [rule.get(name) for rule in undecided for name in (*_DECIDING, OPEN)]
    hidden = [cause for value in read if is_opaque(value) for cause in unresolved(value)]
    return Judgement(UNKNOWN, told(hidden) or "what the rules open cannot be read from the code", ())


def _rules(kind: str, properties: Rule) -> Iterator[tuple[str, Rule]]:
    """The rules of a resource; what may be any rule is one that may hold anything."""
    if kind == "AWS::EC2::SecurityGroupIngress":
        yield "", properties
        return
    written = properties.get(_RULES, properties.get(OPEN, []))
    for place, rule in enumerate(written if isinstance(written, list) else [written]):
        yield f"{_RULES}/[{place}]/", rule if isinstance(rule, Mapping) else {OPEN: f"{OPAQUE}${{{_RULES}}}"}


def _member(rule: Rule, name: str) -> Any:
    """What a rule says; what it does not say may be anything where it may say more."""
    return rule.get(name, rule.get(OPEN))


# ---- from where -----------------------------------------------------------------------------------------------------


def _is_internet(rule: Rule) -> Answer:
    ranges = (_is_wide(_member(rule, "CidrIp"), 4), _is_wide(_member(rule, "CidrIpv6"), 6), _is_list(rule))
    return True if True in ranges else None if None in ranges else False


def _is_list(rule: Rule) -> Answer:
    """What a prefix list holds is not told by its name."""
    return False if _member(rule, "SourcePrefixListId") is None else None


def _is_wide(written: Any, version: int) -> Answer:
    if written is None or (is_marked(written) and not is_opaque(written)):
        return False  # what AWS makes is no range
    text = str(written).strip()
    prefix = _PREFIX.search(text, max(text.rfind("/"), 0))
    if is_opaque(text):  # an address that is not known, with a prefix that is
        return False if prefix and prefix.end() == len(text) and int(prefix[1]) > _WIDEST[version] else None
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    # Python calls the halves of `0.0.0.0/0` private.
    return network.prefixlen <= _WIDEST[network.version] and (network.prefixlen <= 1 or not network.is_private)


def _is_internet_together(port: int | None, rules: Iterable[Rule]) -> bool:
    """Whether the ranges of all rules for some ports hold as many addresses as the internet."""
    ranges = [network for rule in rules if _has_ports(port, rule) for network in _ranges(rule)]
    return is_wide(ranges)


def _is_counted(rule: Rule) -> bool:
    """Whether a rule is a part of what many open together."""
    return any(map(_is_public, _ranges(rule)))


def _is_public(network: Network) -> bool:
    return not network.is_private


def _ranges(rule: Rule) -> Iterator[Network]:
    for name, version in (("CidrIp", 4), ("CidrIpv6", 6)):
        found = range_of(str(rule.get(name, "")).strip(), version=version)
        if found is not None:
            yield found


# ---- which ports ----------------------------------------------------------------------------------------------------


def _has_ports(port: int | None, rule: Rule) -> Answer:
    written = _member(rule, "IpProtocol")
    protocol = "tcp" if written is None else str(written).strip().lower()
    if protocol in _EVERY:
        return True
    if is_marked(protocol):
        return None
    if protocol in _TCP | _UDP:
        first, last = (1, _MOST_PORTS) if port is None else (port, port)
        lowest, highest = _port(rule, "FromPort", 0), _port(rule, "ToPort", _MOST_PORTS)
        return _both(None if lowest is None else lowest <= first, None if highest is None else highest >= last)
    return False if protocol in _UDP | _WITHOUT_PORTS or protocol.isdecimal() else None


def _port(rule: Rule, name: str, otherwise: int) -> int | None:
    """A port; `otherwise` where there is none, None where it is not known."""
    written = _member(rule, name)
    text = "-1" if written is None else str(written).strip()
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", text):  # 026 is 22 to YAML, and 26 as a text
        return None
    return otherwise if int(text) < 0 else int(text)


def _both(one: Answer, other: Answer) -> Answer:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
