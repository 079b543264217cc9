"""Removes locations from a text: ARNs, accounts, regions, addresses, names that AWS gave."""

from __future__ import annotations

import ipaddress
import re

_WAY = "(?:north|south)?(?:east|west)|north|south|central"
_PLACES = re.compile(
    rf"""(?ix)
    (?P<arn> \barn:[\w-]*:\S* )
  | (?P<address> \b[a-z][a-z0-9+.-]*://\S+ | [\w.-]+\.amazonaws\.com(?:\.cn)?\S* | [\w.-]+\.on\.aws\b )
  | (?P<account> (?<![\w-]) \d{{4}}(?P<dash>[-\ ]?)\d{{4}}(?P=dash)\d{{4}} (?![\w-]) )
  | (?P<region> (?<![\w-]) [a-z]{{2,4}}(?:-[a-z]{{2,4}})?-(?:{_WAY})-\d{{1,2}}[a-z]? (?![\w-]) )
  | (?P<resource> (?<![\w-]) [a-z]{{1,12}}-(?:[0-9a-f]{{17}}|[0-9a-f]{{8}}) (?![\w-]) )
  | (?P<ip> (?<![\w.:]) (?: \d{{1,3}}(?:\.\d{{1,3}}){{3}} | [0-9a-f]{{0,4}}(?::[0-9a-f]{{0,4}}){{2,7}} )
      (?:/\d{{1,3}})? (?![\w:]) )
    """
)
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - says "from everywhere", and tells of no place


def placeless(text: str) -> str:
    """Return a text without locations; a word marks the kind of each one removed."""
    return _PLACES.sub(_removed, text)


def _removed(found: re.Match[str]) -> str:
    kind = found.lastgroup if found.lastgroup != "dash" else "account"
    if kind == "ip" and not _is_place(found["ip"].partition("/")[0]):
        return found[0]
    return f"[removed: {kind}]"


def _is_place(address: str) -> bool:
    if address in _ANYWHERE:
        return False
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True
