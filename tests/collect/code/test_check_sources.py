"""What a check of Checkov may have read of a block: what is at its path if it only compares that, or else all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from checkov.terraform.checks.resource.aws.CloudWatchLogGroupKMSKey import check as present
from checkov.terraform.checks.resource.aws.EBSEncryption import check as comparing
from checkov.terraform.checks.resource.aws.PasswordPolicyLength import check as reading
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.check_sources import asks_presence, reads_of
from preuve.collect.code.verdict.marks import OPAQUE, OPEN
from preuve.collect.code.verdict.reads import read_of, without_makers
from preuve.library.json_data import maps

MARKED = f"{OPAQUE}${{var.x}}"
VALUES = st.recursive(
    st.sampled_from([MARKED, "a", 1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*"abc", OPEN]), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(("check", "read"), [(comparing, set()), (reading, {("name",)})])
def test_a_check_that_compares_a_value_reads_its_path_alone(check: Any, read: set[tuple[str]]) -> None:
    body = {"encrypted": [True], "name": [MARKED]}
    found = reads_of(check, body, ("encrypted",), read_of(body))
    assert {path for path, _ in found.leaves} == read


def test_a_check_that_reads_more_than_its_path_asks_for_more_than_presence() -> None:
    class Reading(type(present)):  # type: ignore[misc]
        def scan_resource_conf(self, conf: Any) -> None: ...

    assert asks_presence(present) and not asks_presence(Reading.__new__(Reading))


@pytest.mark.parametrize("body", [{"encrypted": [MARKED]}, {OPEN: MARKED}])
def test_what_may_stand_at_the_path_is_read(body: dict[str, Any]) -> None:
    assert reads_of(comparing, body, ("encrypted",), read_of(body)).leaves


def test_a_block_that_a_loop_may_make_is_read() -> None:
    body = {"dynamic": [{"encrypted": {"for_each": [MARKED]}}]}
    assert reads_of(comparing, body, ("encrypted",), read_of(body)).open == {"encrypted"}


@given(body=st.dictionaries(st.sampled_from([*"abc", OPEN, "dynamic"]), VALUES, max_size=3))
def test_a_check_sees_no_placeholder_and_every_one_counts(body: dict[str, Any]) -> None:
    assert OPEN not in [name for one in maps(without_makers(body)) for name in one]
    there = json.dumps({key: item for key, item in body.items() if key != "dynamic"}, ensure_ascii=False)
    assert {leaf for _, leaf in read_of(body).leaves} == ({MARKED} if MARKED in there else set())
