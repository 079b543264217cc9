"""The functions that conditions may call beside CEL's own and the optional, strings and bindings extensions."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from preuve.documents.access import senders
from preuve.documents.captures import events
from preuve.documents.network import firewalls
from preuve.documents.network import ranges as networks
from preuve.library import glob, words
from preuve.library.cel import policy_functions
from preuve.library.cel.binding import cel
from preuve.library.validation.shapes import ENVIRONMENT

OF_POLICIES = policy_functions.NAMES  # they read any member of a policy
# They read their argument whole; of a web ACL only the named members.
READ_WHOLE: Mapping[str, Collection[str] | None] = {
    "trail_records": None,
    "management_events": None,
    "web_acl_gaps": firewalls.READS,
}
SAY_WHY = OF_POLICIES | {"web_acl_gaps", "subscription_takes", "rule_takes"}  # they fail with the unknown place


def cidr_prefix(network: str) -> int:
    """Return the prefix length of a CIDR block."""
    return ipaddress.ip_network(network, strict=False).prefixlen


def cidr_public(network: str) -> bool:
    """Return whether a CIDR block holds public addresses; `0.0.0.0/0` and its halves do, though Python disagrees."""
    parsed = ipaddress.ip_network(network, strict=False)
    if parsed.prefixlen <= 1:
        return True
    return not parsed.is_private


def globs(patterns: Sequence[str], value: str) -> bool:
    """Return whether an IAM pattern (`*`, `?`, ignoring case) of the list matches the value."""
    return any(glob.compiled(str(pattern), ignore_case=True).fullmatch(value) for pattern in patterns)


def environment_of(tags: Mapping[str, str], environment: str) -> str:
    """Return the environment of a resource by its tag `Environment`, or else that of its account.

    In lower case. A tag whose name differs in case counts only if the exact one is missing.
    """
    said = {name: value.strip().lower() for name, value in tags.items() if name.lower() == ENVIRONMENT.lower()}
    values = [said.get(ENVIRONMENT, ""), *(value for _, value in sorted(said.items()))]
    return next(filter(None, values), environment.strip().lower())


def days(number: int) -> datetime.timedelta:
    """Return a duration of whole days."""
    return datetime.timedelta(days=number)


def cidrs_wide(rules: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Return whether the CIDR blocks of rules (each has lists of them) hold, together, as many public addresses as /8.

    Of IPv6 a /32 counts as much.
    """
    blocks = (block for rule in rules for listed in rule for block in listed)
    return networks.is_wide(ipaddress.ip_network(block, strict=False) for block in blocks)


def cidrs_cover(blocks: Sequence[str], whole: str) -> bool:
    """Return whether CIDR blocks hold, together, all addresses of another."""
    parsed = [ipaddress.ip_network(block, strict=False) for block in (whole, *blocks)]
    return networks.covers(parsed[1:], parsed[0])


def wide_ports(rules: Sequence[Sequence[Sequence[str]]]) -> int:
    """Count the ports that rules together open to the internet. Each rule has its first port, its last port, and
    ranges.
    """
    return networks.wide_ports(
        [
            networks.PortRule(
                int(ports[0]),
                int(ports[1]),
                tuple(ipaddress.ip_network(block, strict=False) for listed in ranges for block in listed),
            )
            for ports, *ranges in rules
        ]
    )


def first_rule_wide(rules: Sequence[Sequence[str]]) -> bool:
    """Return whether rules, applied in the order of their numbers, allow the internet.

    Each rule is its number, `allow` or `deny`, and a range of addresses.
    """
    return networks.admits_wide(
        (int(number), action == "allow", ipaddress.ip_network(block, strict=False)) for number, action, block in rules
    )


def subscription_takes(filter_policy: Mapping[str, Any], scope: str, source: str) -> bool:
    """Return whether the filter of a subscription lets the message of an alarm or a rule (its ARN) pass."""
    return events.passes_filter(filter_policy, scope, senders.message(source))


def web_acl_gaps(
    acl: Mapping[str, Any], groups: Mapping[str, str], sets: Sequence[Sequence[Sequence[str]]], harmless: Sequence[str]
) -> list[str]:
    """Return why no managed group of a web ACL blocks.

    Given the rules of groups by name, IP sets (each its ARN and its addresses), and own rule groups that allow nothing.
    """
    listed = {arn: addresses for (arn,), addresses in sets}
    answer = firewalls.blocks_nothing(acl, firewalls.Surroundings(groups, listed, harmless))
    return policy_functions.found(answer)


def _table(kinds: Any, policy: Any, structure: Any) -> Iterator[tuple[str, list[Any], Any, Callable[..., Any]]]:
    """Yield the name, the types of parameters, the type of the result and the function of each; `policy` is the type of
    a document, `structure` that of one of AWS's structures.
    """
    event = kinds.Map(kinds.STRING, kinds.STRING)
    blocks = kinds.List(kinds.List(kinds.List(kinds.STRING)))
    yield from (
        ("cidr_public", [kinds.STRING], kinds.BOOL, cidr_public),
        ("cidr_prefix", [kinds.STRING], kinds.INT, cidr_prefix),
        ("cidrs_wide", [blocks], kinds.BOOL, cidrs_wide),
        ("cidrs_cover", [kinds.List(kinds.STRING), kinds.STRING], kinds.BOOL, cidrs_cover),
        ("wide_ports", [blocks], kinds.INT, wide_ports),
        ("first_rule_wide", [kinds.List(kinds.List(kinds.STRING))], kinds.BOOL, first_rule_wide),
        ("globs", [kinds.List(kinds.STRING), kinds.STRING], kinds.BOOL, globs),
        ("tells_secret", [kinds.STRING], kinds.BOOL, words.tells_secret),
        ("environment_of", [kinds.Map(kinds.STRING, kinds.STRING), kinds.STRING], kinds.STRING, environment_of),
        ("days", [kinds.INT], kinds.DURATION, days),
        ("event_of", [kinds.STRING, event], event, events.event_of),
        ("trail_records", [structure, event], kinds.BOOL, events.trail_records),
        ("management_events", [kinds.List(structure)], kinds.List(event), events.management_events),
        ("subscription_takes", [structure, kinds.STRING, kinds.STRING], kinds.BOOL, subscription_takes),
        ("filter_takes", [kinds.STRING, event], kinds.BOOL, events.caught_by_filter),
        ("filter_leaves", [kinds.STRING, event], kinds.BOOL, events.left_by_filter),
        (
            "web_acl_gaps",
            [structure, kinds.Map(kinds.STRING, kinds.STRING), blocks, kinds.List(kinds.STRING)],
            kinds.List(kinds.STRING),
            web_acl_gaps,
        ),
        (
            "rule_takes",
            [structure, kinds.Map(kinds.STRING, kinds.DYN), kinds.STRING],
            kinds.BOOL,
            events.caught_by_rule,
        ),
    )
    yield from policy_functions.table(kinds, policy)


def declarations(policy: Any = None) -> list[Any]:
    """Return the functions as CEL declarations; `policy` is the type of a document: any map if none is declared."""
    kinds = cel().Type
    any_map = kinds.Map(kinds.STRING, kinds.DYN)  # at run time a structure is a map
    table = _table(kinds, policy or any_map, kinds.DYN if policy else any_map)
    return [
        cel().FunctionDecl(
            name, [cel().Overload(f"{name}_0", return_type=result, parameters=parameters, impl=function)]
        )
        for name, parameters, result, function in table
    ]


class _Kinds:
    """CEL's types as Python's, as far as CEL chooses a function by them."""

    STRING, INT, BOOL, DURATION, DYN = str, int, bool, datetime.timedelta, object

    @staticmethod
    def List(_item: Any) -> Any:  # noqa: N802 - named as in the binding
        """Return the type of a list, whatever its items are."""
        return list

    @staticmethod
    def Map(_key: Any, _value: Any) -> Any:  # noqa: N802
        """Return the type of a map, whatever is in it."""
        return Mapping


@cache
def calls() -> Mapping[str, tuple[Sequence[Any], Callable[..., Any]]]:
    """Return the functions by name, with the types of their parameters."""
    return {name: (given, function) for name, given, _, function in _table(_Kinds, Mapping, Mapping)}


def extensions() -> list[Any]:
    """Return the CEL extensions that conditions may use."""
    from cel_expr_python.ext import ext_bindings, ext_optional, ext_strings  # noqa: PLC0415 - as in `binding.py`

    return [ext_optional.ExtOptional(), ext_strings.ExtStrings(), ext_bindings.ExtBindings()]
