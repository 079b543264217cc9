"""Functions of addresses and networks."""

from __future__ import annotations

import ipaddress
import re

from preuve.collect.code.language.hcl.functions.signature import MOST_ITEMS, NUMERAL, TEXT, Function, too_much, whole
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, unknown

_PREFIX = re.compile(r"[0-9A-Fa-f:.]+/[0-9]+", re.ASCII)
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+", re.ASCII)
_LEADING_ZERO = re.compile(r"(?:^|[./])0[0-9]", re.ASCII)  # older versions accept it, newer ones reject it
_MOST_BITS, _MOST_HOSTS = 32, 2**63

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: str) -> Network | Unknown:
    """Return a network in prefix notation, without the part of an address beyond the prefix. Raises RefusedError."""
    if not _PREFIX.fullmatch(text):
        raise RefusedError(f"no network: {text[:60]!r}")
    if _LEADING_ZERO.search(text):
        return unknown(why="an address with a leading zero")
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise RefusedError(f"no network: {text[:60]!r}") from None
    return found if _is_plain(found.network_address) else unknown(why="an address of one family written in the other")


def _is_plain(address: Address) -> bool:
    return isinstance(address, ipaddress.IPv4Address) or int(address) >> 32 not in (0, 0xFFFF) or int(address) < 2


def _told(address: int, like: Network) -> Value:
    made = type(like.network_address)(address)
    return str(made) if _is_plain(made) else unknown(why="an address of one family written in the other")


def _cidrhost(prefix: str, place: Value) -> Value:
    network = _network(prefix)
    if isinstance(network, Unknown):
        return network
    if not isinstance(place, int):
        raise RefusedError("the number of a host must be whole")
    if not -network.num_addresses <= place < network.num_addresses:
        raise RefusedError("a host that is not in the network")
    if not -_MOST_HOSTS <= place < _MOST_HOSTS:  # refused by some versions
        return unknown(why="cidrhost() of a number that is not a machine's")
    first = int(network.network_address)
    return _told(first + place % network.num_addresses, network)


def _cidrnetmask(prefix: str) -> Value:
    network = _network(prefix)
    if isinstance(network, Unknown):
        return network
    if isinstance(network, ipaddress.IPv6Network):  # refused by some versions, answered by others
        return unknown(why="cidrnetmask() of a network of IPv6")
    return str(network.netmask)


def _cidrsubnet(prefix: str, more: Value, place: Value) -> Value:
    network = _network(prefix)
    bits = whole(more, "the number of bits")
    if not isinstance(place, int):
        raise RefusedError("the number of a network must be whole")
    if isinstance(network, Unknown):
        return network
    if bits < 0 or place < 0 or bits > _MOST_BITS:
        return unknown(why="cidrsubnet() of numbers below zero, or of more than 32 bits")
    length = network.prefixlen + bits
    if length > network.max_prefixlen or place >= 2**bits:
        raise RefusedError("a network that is not in the other")
    return _subnet(int(network.network_address) + (place << (network.max_prefixlen - length)), length, network)


def _subnet(address: int, length: int, network: Network) -> Value:
    told = _told(address, network)
    return told if isinstance(told, Unknown) else f"{told}/{length}"


def _cidrsubnets(prefix: str, *more: Value) -> Value:
    network = _network(prefix)
    if isinstance(network, Unknown):
        return network
    if len(more) > MOST_ITEMS:
        return too_much("cidrsubnets()")
    if more and int(network.network_address) == 0:
        return unknown(why="cidrsubnets() of a network that begins with zero")
    found: list[Value] = []
    following = int(network.network_address)
    for each in more:
        bits = whole(each, "the number of bits")
        length = network.prefixlen + bits
        if not 1 <= bits <= _MOST_BITS or length > network.max_prefixlen:
            raise RefusedError("a network that is not in the other")
        size = 1 << (network.max_prefixlen - length)
        start = -(-following // size) * size
        if start > int(network.broadcast_address):
            raise RefusedError("networks that are more than the other holds")
        found.append(_subnet(start, length, network))
        following = start + size
    return found


def _cidrcontains(prefix: str, other: str) -> Value:
    network = _network(prefix)
    if "/" in other:
        inner = _network(other)
    elif not _ADDRESS.fullmatch(other):
        raise RefusedError(f"no address: {other[:60]!r}")
    else:
        inner = _network(f"{other}/{128 if ':' in other else 32}")
    if isinstance(network, Unknown) or isinstance(inner, Unknown):
        return unknown(network, inner)
    if network.version != inner.version:
        return unknown(why="cidrcontains() of networks of two families")
    first, last = int(network.network_address), int(network.broadcast_address)
    return first <= int(inner.network_address) and int(inner.broadcast_address) <= last


FUNCTIONS = {
    "cidrcontains": Function(_cidrcontains, (TEXT, TEXT)),
    "cidrhost": Function(_cidrhost, (TEXT, NUMERAL)),
    "cidrnetmask": Function(_cidrnetmask, (TEXT,)),
    "cidrsubnet": Function(_cidrsubnet, (TEXT, NUMERAL, NUMERAL)),
    "cidrsubnets": Function(_cidrsubnets, (TEXT,), rest=NUMERAL),
}
