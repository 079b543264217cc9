"""Address ranges: which of them contain, together, as many public addresses as count as everyone.

That is a /8 of IPv4 or a /32 of IPv6, in one range or in many. AWS draws the line of bucket policies just beyond:
docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (the meaning of public).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network

LAST_PORT = 65535
_WIDE = {4: 2 ** (32 - 8), 6: 2 ** (128 - 32)}  # addresses
_PRIVATE = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4"),
            *("::1/128", "2001:db8::/32", "fc00::/7", "fe80::/10"),
            *("224.0.0.0/4", "ff00::/8"),  # multicast: no request comes from such an address
        ),
    )
)
_MAPPED = ip_network("::ffff:0:0/96")


def parsed(text: str) -> Network | None:
    """Return the range in a text, a CIDR block or one address; None if it is neither."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def is_wide(networks: Iterable[Network]) -> bool:
    """Return whether the ranges contain, together, as many addresses as count as everyone; private ones do not
    count.
    """
    public = [item for item in map(_as_ipv4, networks) if _is_public(item)]
    for version, most in _WIDE.items():
        own = [item for item in public if item.version == version]
        if _size(own) >= most and _size(collapse_addresses(own)) >= most:  # type: ignore[type-var]
            return True
    return False


def _size(networks: Iterable[Network]) -> int:
    """Return the number of addresses in ranges; overlapping ones are counted twice."""
    return sum(item.num_addresses for item in networks)


def any_public(networks: Iterable[Network]) -> bool:
    """Return whether one of the ranges counts at all."""
    return any(map(_is_public, map(_as_ipv4, networks)))


def covers(networks: Iterable[Network], whole: Network) -> bool:
    """Return whether the ranges contain, together, all addresses of another."""
    own = collapse_addresses(item for item in networks if item.version == whole.version)  # type: ignore[type-var]
    return any(_within(whole, item) for item in own)


@dataclass(frozen=True)
class PortRule:
    """The ranges to or from which ports are open."""

    first: int
    last: int
    networks: tuple[Network, ...]


def wide_ports(rules: Sequence[PortRule]) -> int:
    """Count the ports that the rules together open to as many addresses as count as everyone. Port 0 does not count."""
    starts = sorted({1, *(rule.first for rule in rules), *(rule.last + 1 for rule in rules)})
    starts = [start for start in starts if 1 <= start <= LAST_PORT]
    ends = [*starts[1:], LAST_PORT + 1]
    return sum(
        end - start
        for start, end in zip(starts, ends, strict=True)
        if is_wide(network for rule in rules if rule.first <= start <= rule.last for network in rule.networks)
    )


def admits_wide(rules: Iterable[tuple[int, bool, Network]]) -> bool:
    """Return whether rules (number, whether it allows, range), of which the first match decides, admit everyone."""
    decided: list[Network] = []
    admitted: list[Network] = []
    for _, allows, network in sorted(rules, key=lambda rule: rule[0]):
        if allows:
            admitted += _without(network, decided)
        decided.append(network)
    return is_wide(admitted)


def _without(network: Network, taken: Iterable[Network]) -> list[Network]:
    """Return the parts of a range outside the others."""
    left = [network]
    for other in taken:
        left = [
            part
            for item in left
            if not _within(item, other)
            for part in (item.address_exclude(other) if _within(other, item) else (item,))  # type: ignore[arg-type]
        ]
    return left


def _is_public(network: Network) -> bool:
    return not any(_within(network, private) for private in _PRIVATE)


def _as_ipv4(network: Network) -> Network:
    """Return an IPv4 range that is written as IPv6 in IPv4 form."""
    if _within(network, _MAPPED):
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network


def _within(item: Network, other: Network) -> bool:
    return item.version == other.version and item.subnet_of(other)  # type: ignore[arg-type]
