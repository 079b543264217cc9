"""Ranges of addresses that are wide only by numbered rules, or by rules with ports, compared one block at a time."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network

from hypothesis import given
from hypothesis import strategies as st

from preuve.documents.network.ranges import PortRule, admits_wide, wide_ports

BLOCKS = list(IPv4Network("32.0.0.0/5").subnets(new_prefix=10))
RANGES = st.sampled_from(
    [ip_network(text) for text in ("32.0.0.0/5", "32.0.0.0/6", "33.0.0.0/8", "33.128.0.0/9")] + BLOCKS
)
NUMBERED = st.lists(st.tuples(st.integers(1, 5), st.booleans(), RANGES), max_size=6, unique_by=lambda rule: rule[0])


@given(NUMBERED)
def test_the_first_rule_that_matches_an_address_decides(rules: list[tuple[int, bool, IPv4Network]]) -> None:
    admitted = 0
    for block in BLOCKS:
        fitting = [rule for rule in sorted(rules) if block.subnet_of(rule[2])]
        admitted += bool(fitting) and fitting[0][1]
    assert admits_wide(rules) is (admitted >= 4)


PORTS = st.tuples(st.integers(-1, 30), st.integers(-1, 30)).map(sorted)


@given(st.lists(st.tuples(PORTS, st.lists(RANGES, max_size=2)), max_size=4))
def test_a_port_is_wide_if_all_its_rules_together_are_wide(rules: list[tuple[list[int], list[IPv4Network]]]) -> None:
    wide = 0
    for port in range(1, 31):
        open_to = [network for (first, last), networks in rules if first <= port <= last for network in networks]
        wide += sum(any(block.subnet_of(network) for network in open_to) for block in BLOCKS) >= 4
    assert wide_ports([PortRule(first, last, tuple(networks)) for (first, last), networks in rules]) == wide
