"""Access that a security group gives: the same as in the account, and never removed by an unknown value."""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from content_copy import bundled
from preuve.collect.code.judgements.judgements import JUDGEMENTS
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.library.cel import compile_program

PORTS: dict[str, Any] = {
    "sg-no-admin-ports-open": [22, 3389],
    "sg-no-data-ports-open": bundled().parameters["high_risk_ports"].value,
    "sg-no-all-traffic": "all",
}
LIVE = {name: compile_program(bundled().policies[name].aws[0].assert_) for name in PORTS}
PARAMS = {name: item.value for name, item in bundled().parameters.items()}
UNKNOWN = ("${var.x}", "var.x", "data.aws_vpc.main.cidr_block", f"{OPAQUE}${{var.x}}", f"{MADE}${{aws_eip.x.id}}")


def asked(name: str, kind: str, body: dict[str, Any]) -> str:
    judged = JUDGEMENTS["open_ports"].ask(kind, body, {"ports": PORTS[name]})
    return judged.result if judged else ""


# ---- rules, as the account has them and as Terraform writes them --------------------------------------------------

PORT = st.sampled_from([0, 1, 21, 22, 23, 80, 443, 3306, 3388, 3389, 5432, 8080, 27017, 65534, 65535])
IPV4 = st.one_of(
    st.sampled_from(
        ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "52.0.0.0/8", "172.16.0.0/12", "1.2.3.4/32"]
    ),
    st.builds(
        lambda number, size: f"{ipaddress.IPv4Address(number)}/{size}", st.integers(0, 2**32 - 1), st.integers(0, 32)
    ),
)
IPV6 = st.one_of(
    st.sampled_from(["::/0", "2000::/3", "fd00::/8", "2a01:e0a::/48", "0:0::/0", "2A01::/16"]),
    st.builds(
        lambda number, size: f"{ipaddress.IPv6Address(number)}/{size}", st.integers(0, 2**128 - 1), st.integers(0, 128)
    ),
)
SPELT = {
    "-1": ["-1", -1, "all", "ALL"],
    "tcp": ["tcp", "TCP", "6", 6],
    "udp": ["udp", 17, "17"],
    "icmp": ["icmp", "1", 1],
}


@st.composite
def rules(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rule as AWS returns it, and as a block of Terraform."""
    protocol = draw(st.sampled_from(sorted(SPELT)))
    first, last = sorted([draw(PORT), draw(PORT)])
    four, six = draw(st.lists(IPV4, max_size=3)), draw(st.lists(IPV6, max_size=2))
    assume(four or six)
    live = {
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": last,
        "IpRanges": [{"CidrIp": item} for item in four],
        "Ipv6Ranges": [{"CidrIpv6": item} for item in six],
        "PrefixListIds": [],
    }
    number = draw(st.sampled_from([int, str]))
    written = {
        "protocol": [draw(st.sampled_from(SPELT[protocol]))],
        "from_port": [number(first)],
        "to_port": [number(last)],
        **({"cidr_blocks": [four]} if four else {}),
        **({"ipv6_cidr_blocks": [six]} if six else {}),
    }
    return live, written


@pytest.mark.parametrize("name", PORTS)
@given(group=st.lists(rules(), max_size=3))
def test_a_group_that_fails_in_the_account_fails_in_code(
    name: str, group: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    resource = {"IpPermissions": [live for live, _ in group], "PrefixLists": []}
    live = LIVE[name].evaluate({"resource": resource, "params": PARAMS}).value
    assert live is not None
    code = asked(name, "aws_security_group", {"ingress": [written for _, written in group]})
    assert code in ("PASSED", "FAILED")  # all of it is known
    assert live or code == "FAILED"
    if code == "FAILED" and live:  # only together do the rules, or the ranges of one, open as much
        assert len(group) > 1 or sum(len(live[part]) for live, _ in group for part in ("IpRanges", "Ipv6Ranges")) > 1


@pytest.mark.parametrize("name", PORTS)
@given(rule=rules())
def test_every_notation_of_a_rule_gives_the_same_result(name: str, rule: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, block = rule
    plain = {key: value[0] for key, value in block.items()}
    empty = {key: [] for key in ("cidr_blocks", "ipv6_cidr_blocks", "security_groups", "prefix_list_ids")}
    inline = asked(name, "aws_security_group", {"ingress": [block]})
    assert asked(name, "aws_default_security_group", {"ingress": [block]}) == inline
    assert asked(name, "aws_security_group", {"ingress": [[{**empty, **plain, "self": False}]]}) == inline
    assert asked(name, "aws_security_group_rule", {"type": ["ingress"], **block}) == inline
    assert asked(name, "aws_security_group_rule", {"type": ["egress"], **block}) == ""
    alone = [
        {"ip_protocol": block["protocol"], "from_port": block["from_port"], "to_port": block["to_port"], key: [item]}
        for key, names in (("cidr_ipv4", "cidr_blocks"), ("cidr_ipv6", "ipv6_cidr_blocks"))
        for item in block.get(names, [[]])[0]
    ]
    found = {asked(name, "aws_vpc_security_group_ingress_rule", body) for body in alone}
    assert found <= {inline, "PASSED"}


# ---- the way to a pass is closed ----------------------------------------------------------------------------------

OPEN: dict[str, Any] = {
    "protocol": ["tcp"],
    "from_port": [0],
    "to_port": [65535],
    "cidr_blocks": [["0.0.0.0/0"]],
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [found for key, item in items for found in leaves(item, (*path, key))]
    yield path
    yield from inner


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    body = copy.deepcopy(body)
    if not path:
        return value
    at = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return body


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("unknown", [*UNKNOWN, None, 3.5, True, "", "tpc", "0.0.0.0", "0.0.0.0/x", "*", {}, {"a": "b"}])
def test_no_unknown_value_closes_an_open_group(name: str, unknown: Any) -> None:
    body = {"ingress": [OPEN, {**OPEN, "from_port": [443], "to_port": [443]}]}
    for path in leaves(body):
        if len(path) > 1 and not (unknown is None and len(path) <= 3):  # null is no argument, and no block
            assert asked(name, "aws_security_group", changed(body, path, unknown)) in ("FAILED", "UNKNOWN"), path
    rule = {"type": ["ingress"], **OPEN}
    for path in leaves(rule):
        if path and not (unknown is None and path[0] == "type"):
            assert asked(name, "aws_security_group_rule", changed(rule, path, unknown)) in ("FAILED", "UNKNOWN"), path


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("unknown", UNKNOWN)
@given(rule=rules(), data=st.data())
def test_an_unknown_never_turns_a_failure_into_a_pass(
    name: str, unknown: str, rule: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    body = {"ingress": data.draw(st.permutations([OPEN, rule[1]]))}
    assert asked(name, "aws_security_group", body) == "FAILED"
    path = data.draw(st.sampled_from([path for path in leaves(body) if path]))
    assert asked(name, "aws_security_group", changed(body, path, unknown)) != "PASSED"


@pytest.mark.parametrize("name", PORTS)
def test_an_unknown_loop_that_may_open_a_port_does_not_pass(name: str) -> None:
    private = {**OPEN, "cidr_blocks": [["10.0.0.0/8"]]}
    for shape in (
        lambda block: [{"ingress": {"for_each": ["var.x"], "content": [block]}}],
        lambda block: [{"ingress": [block]}],
    ):
        assert asked(name, "aws_security_group", {"dynamic": shape(OPEN)}) == "UNKNOWN"
        assert (
            asked(name, "aws_security_group", {"dynamic": shape({**OPEN, "cidr_blocks": [["ingress.value"]]})})
            == "UNKNOWN"
        )
        assert asked(name, "aws_security_group", {"dynamic": shape(private)}) == "PASSED"
        assert asked(name, "aws_security_group", {"dynamic": shape(private), "ingress": [OPEN]}) == "FAILED"


@pytest.mark.parametrize("name", PORTS)
@settings(max_examples=20)
@given(size=st.integers(9, 12), cut=st.integers(2, 5), seed=st.randoms(use_true_random=False))
def test_ranges_that_together_cover_the_internet_are_wide(name: str, size: int, cut: int, seed: Any) -> None:
    parts = [str(item) for item in ipaddress.ip_network("0.0.0.0/0").subnets(new_prefix=size)]
    seed.shuffle(parts)
    groups = [parts[number::cut] for number in range(cut)]
    body = {"ingress": [{**OPEN, "cidr_blocks": [group]} for group in groups]}
    assert asked(name, "aws_security_group", body) == "FAILED"


@given(
    cuts=st.lists(st.integers(1, 65535), unique=True, min_size=1, max_size=6), seed=st.randoms(use_true_random=False)
)
def test_ranges_that_together_cover_all_ports_are_all_ports(cuts: list[int], seed: Any) -> None:
    ends = [*sorted(cuts), 65536]
    starts = [1, *ends[:-1]]
    ranges = [(first, last - 1) for first, last in zip(starts, ends, strict=True) if first <= last - 1]
    seed.shuffle(ranges)
    blocks = [{**OPEN, "from_port": [low], "to_port": [high]} for low, high in ranges]
    assert asked("sg-no-all-traffic", "aws_security_group", {"ingress": blocks}) == "FAILED"
    first, last = ranges[0]  # one part is missing: a small one changes nothing
    rest = "FAILED" if last - first + 1 < 1023 else "PASSED"
    assert asked("sg-no-all-traffic", "aws_security_group", {"ingress": blocks[1:]}) == rest


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize(
    ("source", "result"),
    [
        ({"security_groups": [["${var.group}"]]}, "PASSED"),
        ({"self": [True]}, "PASSED"),
        ({"cidr_blocks": [[f"{OPAQUE}${{var.office}}/32"]]}, "PASSED"),
        ({"cidr_blocks": [[f"{OPAQUE}${{var.office}}/8"]]}, "UNKNOWN"),
        ({"cidr_blocks": [[f"{OPAQUE}${{var.office}}/0"]]}, "UNKNOWN"),
        ({"cidr_blocks": [["${var.open ? 0.0.0.0/0 : 1.2.3.4/32"]]}, "UNKNOWN"),
        ({"prefix_list_ids": [["pl-1"]]}, "UNKNOWN"),
        ({}, "UNKNOWN"),
    ],
)
def test_a_source_counts_as_narrow_only_if_it_is_known(name: str, source: dict[str, Any], result: str) -> None:
    rest = {key: value for key, value in OPEN.items() if key != "cidr_blocks"}
    assert asked(name, "aws_security_group", {"ingress": [{**rest, **source}]}) == result


def test_a_group_with_more_rules_than_aws_allows_is_unknown() -> None:
    body = {"ingress": [{**OPEN, "cidr_blocks": [["10.0.0.0/8"]]}] * 1001}
    assert {asked(name, "aws_security_group", body) for name in PORTS} == {"UNKNOWN"}


# ---- where it is told ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body", "first"),
    [
        (
            "aws_security_group_rule",
            {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]},
            "cidr_blocks",
        ),
        (
            "aws_security_group",
            {
                "ingress": [
                    {
                        "protocol": "tcp",
                        "from_port": 22,
                        "to_port": 22,
                        "cidr_blocks": ["10.0.0.0/8"],
                        "ipv6_cidr_blocks": ["::/0"],
                    }
                ]
            },
            "ingress/[0]/ipv6_cidr_blocks",
        ),
        (
            "AWS::EC2::SecurityGroupIngress",
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"},
            "CidrIp",
        ),
    ],
)
def test_the_wide_range_is_the_first_decisive_argument(kind: str, body: dict[str, Any], first: str) -> None:
    judged = JUDGEMENTS["open_ports"].ask(kind, body, {"ports": [22]})
    assert judged
    assert judged.keys[0] == first
