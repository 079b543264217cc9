"""When a Checkov result counts, judged on what a check may have read of one block."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.verdict.marks import MADE, OPAQUE, OPEN
from preuve.collect.code.verdict.reads import Reads, read_of
from preuve.collect.code.verdict.verdict import settle

OPEN_VALUE = f"{OPAQUE}${{var.x}}"
NAME = f"{MADE}${{aws_kms_key.main.arn}}"


@pytest.mark.parametrize("result", ["PASSED", "FAILED", "UNKNOWN"])
@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (OPEN_VALUE, "var.x"),
        (NAME, "aws_kms_key.main.arn"),
        (f"10.0.0.0/{OPEN_VALUE}", "var.x"),
        ({"Statement": [{"Action": OPEN_VALUE}]}, "var.x"),
        ([["a"], OPEN_VALUE], "var.x"),
        ({OPEN: OPEN_VALUE}, "var.x"),
    ],
)
def test_no_result_counts_if_the_check_may_have_read_an_unknown_value(value: Any, cause: str, result: str) -> None:
    assert settle(result, read_of({"policy": [value], "name": ["a"]})) == ("UNKNOWN", f"unresolved: {cause}")


@pytest.mark.parametrize(
    "value", ["arn:aws:s3:::logs/var.log/*", "https://data.example.org/local.json", "${aws:username}"]
)
def test_a_result_on_known_values_counts(value: str) -> None:
    reads = read_of({"policy": [value]})
    assert [settle(result, reads) for result in ("PASSED", "FAILED")] == [("PASSED", ""), ("FAILED", "")]


def test_an_unknown_without_a_hidden_value_is_not_applicable() -> None:
    assert settle("UNKNOWN", read_of({"encrypted": ["true"]})) is None


@pytest.mark.parametrize("result", ["PASSED", "FAILED"])
@pytest.mark.parametrize(
    ("value", "detail"), [(OPEN_VALUE, "unresolved: var.x"), (f"arn:{OPEN_VALUE}", ""), (NAME, ""), ("a", "")]
)
def test_a_value_that_may_be_null_may_be_absent(value: str, detail: str, result: str) -> None:
    reads = read_of({"kms_key": [value]})
    assert settle(result, reads, presence=True) == ("UNKNOWN" if detail else result, detail)


@pytest.mark.parametrize("result", ["PASSED", "FAILED", "UNKNOWN"])
def test_an_unknown_number_of_blocks_decides_nothing(result: str) -> None:
    assert settle(result, Reads(open={"ingress"})) == ("UNKNOWN", "dynamic block: ingress")


def test_unknown_values_are_recorded_with_their_paths() -> None:
    assert read_of({"a": [NAME, OPEN_VALUE]}).leaves == {(("a",), NAME), (("a",), OPEN_VALUE)}
    assert read_of({"a": [{"b": [NAME]}]}).leaves == {(("a", "b"), NAME)}
