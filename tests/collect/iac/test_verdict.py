"""When a Checkov result counts, judged on the attributes of one block."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.iac.marks import MADE, OPAQUE, OPEN
from preuve.collect.iac.verdict import Check, marked_references, settle, terraform_references

POLICY = Check(frozenset({"policy"}))
VALUE = Check(frozenset({"encrypted"}), ("encrypted",))


def terraform(result: str, attributes: dict[str, Any], check: Check) -> tuple[str, str] | None:
    return settle(result, attributes, check, terraform_references)


def test_an_unknown_without_a_hidden_value_means_not_applicable() -> None:
    assert terraform("UNKNOWN", {"encrypted": ["true"]}, VALUE) is None


def test_blocks_that_checkov_connects_in_a_circle_are_looked_through_once() -> None:
    other: dict[str, Any] = {"dynamic": [{"encrypted": {}}]}
    block = {"encrypted": ["true"], "connected_node": other}
    other["connected_node"] = block
    assert terraform("PASSED", block, VALUE) == ("UNKNOWN", "dynamic block: encrypted")


def test_an_unknown_names_a_resource_it_depends_on() -> None:
    assert terraform("UNKNOWN", {"encrypted": ["aws_kms_key.main.enabled"]}, VALUE) == (
        "UNKNOWN",
        "unresolved: aws_kms_key.main.enabled",
    )


@pytest.mark.parametrize(
    "value",
    [
        "${var.policy}",
        "merge(local.base, {})",
        "each.value.policy",
        "data.aws_iam_policy_document.a.json",
        {"Statement": [{"Action": "var.action"}]},
        'file("admin.json")',
    ],
)
def test_a_pass_on_a_value_that_was_not_seen_is_unknown(value: Any) -> None:
    assert (terraform("PASSED", {"policy": [value]}, POLICY) or ("",))[0] == "UNKNOWN"


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:s3:::logs/var.log/*",
        "https://data.example.org/local.json",
        "${data.aws_caller_identity.current.account_id}",
        "${data.aws_partition.current.partition}",
        "module.logs.bucket_arn",
        "aws_s3_bucket.logs.arn",
        "${aws:username}",
        {"Sid": "var.sid", "Action": "s3:GetObject"},
    ],
)
def test_a_pass_stands_where_only_names_and_surroundings_are_open(value: Any) -> None:
    assert terraform("PASSED", {"policy": [value]}, POLICY) == ("PASSED", "")


def test_an_attribute_that_the_check_does_not_read_is_of_no_interest() -> None:
    assert terraform("PASSED", {"policy": ["{}"], "path": ["var.path"]}, POLICY) == ("PASSED", "")


def test_a_check_that_asks_whether_a_value_is_set_passes_on_a_variable() -> None:
    check = Check(frozenset({"kms_key"}), ("kms_key",), presence=True)
    assert terraform("PASSED", {"kms_key": ["var.key"]}, check) == ("PASSED", "")
    assert terraform("PASSED", {"dynamic": [{"kms_key": {}}]}, check) == ("UNKNOWN", "dynamic block: kms_key")


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("aws_iam_user.mail[0].name", "FAILED"),
        ("${aws_iam_user.mail.id}", "FAILED"),
        ("aws_iam_user.mail[*].name", "UNKNOWN"),
        ("var.user", "UNKNOWN"),
    ],
)
def test_a_value_that_must_not_be_set_is_there_where_it_names_a_resource(value: str, result: str) -> None:
    check = Check(frozenset({"user"}), ("user",), presence=True, keys=("user",))
    assert (terraform("FAILED", {"user": [value]}, check) or ("",))[0] == result


def test_a_dynamic_block_inside_a_block_counts() -> None:
    attributes = {"rule": [{"dynamic": [{"policy": {"for_each": "var.x"}}]}], "policy": ["{}"]}
    assert terraform("PASSED", attributes, POLICY) == ("UNKNOWN", "dynamic block: policy")


def test_a_breach_that_was_seen_stands() -> None:
    assert terraform("FAILED", {"policy": ["*"], "other": ["var.x"]}, POLICY) == ("FAILED", "")
    assert terraform("FAILED", {"ingress": [{"cidr": ["0.0.0.0/0"], "port": ["var.port"]}]}, POLICY) == ("FAILED", "")


def test_a_failure_to_compare_an_unresolved_value_is_no_breach() -> None:
    check = Check(frozenset({"settings", "enabled"}), ("settings/[0]/enabled/[0]",))
    attributes = {"settings": [{"enabled": ["each.value.on"]}]}
    assert terraform("FAILED", attributes, check) == ("UNKNOWN", "unresolved: each.value.on")


MARKED = f"{OPAQUE}${{Ref Open}}"
NAMED = f"{MADE}${{Key.Arn}}"


def marked(result: str, attributes: dict[str, Any], check: Check) -> tuple[str, str] | None:
    return settle(result, attributes, check, marked_references)


@pytest.mark.parametrize(
    "value", [MARKED, [NAMED, MARKED], {"Statement": [{"Action": f"s3:{MARKED}"}]}, {OPEN: MARKED}, {"Name": MARKED}]
)
def test_what_may_be_anything_makes_a_pass_unknown_wherever_a_check_reads_it(value: Any) -> None:
    check = Check(frozenset({"Policy"}))
    assert marked("PASSED", {"Policy": value}, check) == ("UNKNOWN", "unresolved: Ref Open")
    assert marked("PASSED", {"Other": value}, check) == ("PASSED", "")
    assert marked("PASSED", {OPEN: MARKED}, check) == ("UNKNOWN", "unresolved: Ref Open")


def test_the_name_of_what_the_code_makes_is_known_unless_a_check_compares_it() -> None:
    assert marked("PASSED", {"Policy": NAMED}, Check(frozenset({"Policy"}))) == ("PASSED", "")
    compared = Check(frozenset({"Type"}), ("Type",), keys=("Type",))
    assert marked("FAILED", {"Type": NAMED}, compared) == ("UNKNOWN", "unresolved: Key.Arn")
    forbidden = Check(frozenset({"Users"}), ("Users",), presence=True, keys=("Users",))
    assert marked("FAILED", {"Users": [NAMED]}, forbidden) == ("FAILED", "")


def test_what_may_be_no_text_at_all_is_not_there_for_sure() -> None:
    wanted = Check(frozenset({"Key"}), ("Key",), presence=True, keys=("Key",))
    assert marked("PASSED", {"Key": MARKED}, wanted) == ("UNKNOWN", "unresolved: Ref Open")
    assert marked("PASSED", {"Key": f"arn:{MARKED}"}, wanted) == ("PASSED", "")
    assert marked("PASSED", {"Key": f"{MARKED}{NAMED}"}, wanted) == ("PASSED", "")


@pytest.mark.parametrize("above", [{"A": MARKED}, {"A": {OPEN: MARKED}}, {OPEN: MARKED}])
def test_a_value_is_missing_only_where_nothing_may_bring_it(above: dict[str, Any]) -> None:
    compared = Check(frozenset({"A"}), ("A/Status",), keys=("A/Status",))
    assert marked("FAILED", above, compared) == ("UNKNOWN", "unresolved: Ref Open")
    assert marked("FAILED", {"A": {}, "B": MARKED}, compared) != ("PASSED", "")
    assert marked("FAILED", {"A": {"Status": "Off", OPEN: MARKED}}, compared) == ("FAILED", "")
