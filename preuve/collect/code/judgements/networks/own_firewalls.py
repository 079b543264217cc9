"""Firewalls of services that have no security group: those of Lightsail's instances and of GameLift's fleets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from preuve.collect.code.judgements.bodies import Body, argument, blocks, cause, is_set, listed, not_known
from preuve.collect.code.judgements.networks.openness import (
    NOT_SAID,
    GroupRule,
    keys_of,
    ports_of,
    protocol_of,
    sources,
)
from preuve.collect.code.judgements.relations.neighbourhood import KEY as BESIDE
from preuve.collect.code.verdict.marks import OPEN


@dataclass(frozen=True)
class _Names:
    """The arguments of a rule: its protocol, its first and last port, and its ranges with their version of IP."""

    protocol: str
    first: str
    last: str
    ranges: Mapping[str, int]
    aliases: str = ""  # names of ranges that AWS keeps


_LIGHTSAIL = _Names("protocol", "from_port", "to_port", {"cidrs": 4, "ipv6_cidrs": 6}, "cidr_list_aliases")
_LIGHTSAIL_IN_TEMPLATES = _Names("Protocol", "FromPort", "ToPort", {"Cidrs": 4, "Ipv6Cidrs": 6}, "CidrListAliases")
_GAMELIFT = _Names("protocol", "from_port", "to_port", {"ip_range": 4})
_GAMELIFT_IN_TEMPLATES = _Names("Protocol", "FromPort", "ToPort", {"IpRange": 4})

_OF_AWS = ("lightsail-connect",)  # the aliases: the ranges from which the console of Lightsail connects
_INSTANCE, _PORTS, _IN_TEMPLATE = (
    "aws_lightsail_instance",
    "aws_lightsail_instance_public_ports",
    "AWS::Lightsail::Instance",
)
# By type, the path of the blocks that are rules.
_RULES: Mapping[str, tuple[tuple[str, ...], _Names]] = {
    _PORTS: (("port_info",), _LIGHTSAIL),
    _IN_TEMPLATE: (("Networking", "Ports"), _LIGHTSAIL_IN_TEMPLATES),
    "aws_gamelift_fleet": (("ec2_inbound_permission",), _GAMELIFT),
    "AWS::GameLift::Fleet": (("EC2InboundPermissions",), _GAMELIFT_IN_TEMPLATES),
    "AWS::GameLift::ContainerFleet": (("InstanceInboundPermissions",), _GAMELIFT_IN_TEMPLATES),
}
TYPES = (_INSTANCE, _PORTS, "aws_gamelift_fleet")
IN_TEMPLATES = tuple(name for name in _RULES if "::" in name)
# Where the code sets no ports, the image decides: Lightsail opens SSH or RDP.
_BY_ITSELF = GroupRule(None, None, hidden="depends on a value that is not in the code: the ports that Lightsail opens")


def rules_of(kind: str, body: Body, direction: str) -> list[GroupRule] | None:
    """Return the rules of such a firewall for incoming traffic; None if another block has them."""
    if direction != "ingress":
        return None
    if kind == _INSTANCE:
        beside = body.get(BESIDE)
        return None if beside is not None and beside.naming(_PORTS, "instance_name", "name").surely else [_BY_ITSELF]
    path, names = _RULES[kind]
    found = list(_below(body, path, names, ""))
    return [_BY_ITSELF] if not found and kind == _IN_TEMPLATE else found


def others_of(_kind: str, _body: Body, _direction: str) -> list[GroupRule]:
    """Return the rules that other blocks add: none, for a block has the whole firewall."""
    return []


def _below(body: Body, path: tuple[str, ...], names: _Names, place: str) -> Iterator[GroupRule]:
    """Yield the rules below a path; a value that may be any rule is unknown."""
    if not path:
        yield _rule(body, place, names)
        return
    surely, perhaps, hidden = blocks(body, path[0])
    for number, item in enumerate(surely):
        yield from _below(item, path[1:], names, f"{place}{path[0]}/[{number}]/")
    for item in perhaps:
        yield from (
            replace(one, surely=False, doubt=f"dynamic block: {path[0]}") for one in _below(item, path[1:], names, "")
        )
    hidden += [cause(body[OPEN])] if OPEN in body and path[0] not in body else []
    yield from (GroupRule(None, None, hidden=why) for why in hidden)


def _rule(body: Body, place: str, names: _Names) -> GroupRule:
    ends = (names.first, names.last)
    protocol, ports = protocol_of(argument(body, names.protocol)), ports_of(*(argument(body, name) for name in ends))
    given = [(item, version) for name, version in names.ranges.items() for item in listed(body, name)]
    ranges, hidden = sources(given)
    aliases = listed(body, names.aliases)
    unknown = next((cause(item) for item in aliases if item not in _OF_AWS), "")
    # What ranges of IPv6 alone leave to IPv4 is not documented.
    unnamed = "" if aliases or any(version == 4 for _, version in given) else "no source is named"
    open_ = cause(body[OPEN]) if OPEN in body else "dynamic block inside a rule" if is_set(body, "dynamic") else ""
    unclear = [name for name in (names.protocol, *ends) if not_known(argument(body, name))]
    return GroupRule(
        protocol=protocol,
        ports=ports,
        ranges=ranges,
        hidden=hidden or unknown or open_ or unnamed,
        unclear=cause(argument(body, unclear[0])) if unclear else NOT_SAID,
        keys=keys_of(body, place, names.ranges, (names.protocol, *ends)),
    )
