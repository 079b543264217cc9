"""When a Checkov result counts, judged on the attributes of one block and on what a check has read of them."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.verdict.marks import MADE, OPAQUE, OPEN
from preuve.collect.code.verdict.reads import Reads, read_of
from preuve.collect.code.verdict.verdict import Check, graph_reads, settle

VALUE = Check(("encrypted",), keys=("encrypted",))
ANY = Check()
OPEN_VALUE = f"{OPAQUE}${{var.x}}"
NAME = f"{MADE}${{aws_kms_key.main.arn}}"


def settled(result: str, attributes: dict[str, Any], check: Check = ANY, *names: str) -> tuple[str, str] | None:
    """Return the outcome if a check has read the values under some names, or all of them."""
    return settle(result, attributes, check, graph_reads(attributes, frozenset(names or attributes)))


def test_an_unknown_without_a_hidden_value_is_not_applicable() -> None:
    assert settled("UNKNOWN", {"encrypted": ["true"]}, VALUE) is None


def test_an_unknown_names_its_cause() -> None:
    assert settled("UNKNOWN", {"encrypted": [NAME]}, VALUE) == ("UNKNOWN", "unresolved: aws_kms_key.main.arn")


@pytest.mark.parametrize(
    "value",
    [
        OPEN_VALUE,
        f"10.0.0.0/{OPEN_VALUE}",
        {"Statement": [{"Action": OPEN_VALUE}]},
        {"Statement": [{"Resource": f"{OPEN_VALUE}/*"}]},
        [NAME, OPEN_VALUE],
        {OPEN: OPEN_VALUE},
    ],
)
def test_a_pass_is_unknown_if_the_check_reads_an_open_value(value: Any) -> None:
    assert settled("PASSED", {"policy": [value]}) == ("UNKNOWN", "unresolved: var.x")
    assert settled("PASSED", {"policy": [value], "name": ["a"]}, ANY, "name") == ("PASSED", "")


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:s3:::logs/var.log/*",
        "https://data.example.org/local.json",
        "${aws:username}",
        "var.x",
        NAME,
        {"Sid": OPEN_VALUE, "Action": "s3:GetObject"},
        {"Resource": f"arn:aws:s3:::{OPEN_VALUE}/*"},
    ],
)
def test_a_pass_holds_if_only_names_are_unknown(value: Any) -> None:
    assert settled("PASSED", {"policy": [value]}) == ("PASSED", "")


@pytest.mark.parametrize(
    ("value", "detail"), [(OPEN_VALUE, "unresolved: var.x"), (f"arn:{OPEN_VALUE}", ""), (NAME, ""), ("a", "")]
)
def test_a_value_that_may_be_null_may_be_absent(value: str, detail: str) -> None:
    check = Check(("kms_key",), presence=True, keys=("kms_key",))
    assert settled("PASSED", {"kms_key": [value]}, check) == ("UNKNOWN" if detail else "PASSED", detail)
    assert settled("FAILED", {"kms_key": [value]}, check) == ("UNKNOWN" if detail else "FAILED", detail)


def test_an_unknown_number_of_blocks_decides_nothing() -> None:
    attributes = {"dynamic": [{"ingress": {"for_each": [OPEN_VALUE]}}], "name": ["a"]}
    assert settle("PASSED", attributes, ANY, Reads(open={"ingress"})) == ("UNKNOWN", "dynamic block: ingress")
    assert settle("PASSED", attributes, ANY, Reads()) == ("PASSED", "")
    assert settled("FAILED", attributes, Check(keys=("ingress",))) == ("UNKNOWN", "dynamic block: ingress")


def test_a_failure_with_a_known_cause_holds() -> None:
    assert settled("FAILED", {"policy": ["*"], "other": [OPEN_VALUE]}) == ("FAILED", "")
    statement = {"Effect": "Allow", "Action": "*", "Sid": OPEN_VALUE}
    assert settled("FAILED", {"policy": [{"Statement": [statement]}]}, Check(keys=("policy",))) == ("FAILED", "")
    written = f'{{"Statement": [{{"Action": "*", "Sid": "{OPEN_VALUE}"}}]}}'
    assert settled("FAILED", {"policy": [written]}, Check(keys=("policy",))) == ("FAILED", "")


@pytest.mark.parametrize(
    "attributes", [{"settings": [{"enabled": [OPEN_VALUE]}]}, {"settings": [OPEN_VALUE]}, {OPEN: OPEN_VALUE}]
)
def test_a_failed_comparison_with_an_unknown_is_unknown(attributes: dict[str, Any]) -> None:
    check = Check(("settings/[0]/enabled/[0]",), keys=("settings/[0]/enabled/[0]",))
    assert settled("FAILED", attributes, check) == ("UNKNOWN", "unresolved: var.x")


def test_a_failed_comparison_with_a_name_is_unknown() -> None:
    assert settled("FAILED", {"encrypted": [NAME]}, VALUE) == ("UNKNOWN", "unresolved: aws_kms_key.main.arn")


def test_blocks_connected_in_a_circle_are_read_once() -> None:
    other: dict[str, Any] = {"name": OPEN_VALUE}
    block = {"encrypted": ["true"], "connected_node": other}
    other["connected_node"] = block
    assert settled("PASSED", block, VALUE, "encrypted") == ("PASSED", "")


def test_unknown_values_are_recorded_with_their_paths() -> None:
    assert read_of({"a": [NAME, OPEN_VALUE]}).leaves == {(("a",), NAME), (("a",), OPEN_VALUE)}
    assert read_of({"a": [{"b": [NAME]}]}).leaves == {(("a", "b"), NAME)}
