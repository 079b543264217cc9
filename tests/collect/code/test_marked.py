"""Verdicts on marked values, and on mappings that may have unknown keys."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.language.values.value import Unknown
from preuve.collect.code.verdict.marks import MADE, OPAQUE, OPEN, given_as_it_is, marked
from preuve.collect.code.verdict.reads import read_of
from preuve.collect.code.verdict.verdict import Check, settle

MARKED = f"{OPAQUE}${{Ref Anything}}"
NAMED = f"{MADE}${{Key.Arn}}"
UNKNOWN = ("UNKNOWN", "unresolved: Ref Anything")


def test_an_open_mapping_is_neither_empty_nor_read_to_its_end() -> None:
    for body in ({"There": "known", OPEN: MARKED}, {"Properties": {OPEN: MARKED}}):
        assert settle("PASSED", {}, Check(), read_of(body)) == UNKNOWN
        assert settle("UNKNOWN", {}, Check(), read_of(body)) == UNKNOWN


@pytest.mark.parametrize("above", [{"A": MARKED}, {"A": {OPEN: MARKED}}, {OPEN: MARKED}])
def test_a_value_counts_as_missing_only_if_nothing_may_add_it(above: dict[str, Any]) -> None:
    compared = Check(("A/Status",), keys=("A/Status",))
    reads = read_of(above)
    assert settle("FAILED", above, compared, reads) == UNKNOWN
    assert settle("FAILED", {"A": {"Status": "Off", OPEN: MARKED}}, compared, reads) == ("FAILED", "")


def test_a_failure_is_unknown_if_one_of_its_values_is_unknown() -> None:
    body = {"Protocol": "HTTPS", "Policy": MARKED}
    assert settle("FAILED", body, Check(keys=("Protocol", "Policy")), read_of(body)) == UNKNOWN


def test_a_partly_unknown_mapping_may_fail_for_its_known_part() -> None:
    attributes = {"Document": {"Action": "*", "Id": MARKED}}
    reads = read_of(attributes)
    assert settle("FAILED", attributes, Check(keys=("Document",)), reads) == ("FAILED", "")
    assert settle("FAILED", {"Document": [NAMED]}, Check(keys=("Document",)), reads)[0] == "UNKNOWN"


@pytest.mark.parametrize(
    ("cause", "of_secrets"),
    [
        ("random_password.r.result", True),
        ("data.aws_secretsmanager_secret_version.d.secret_string", True),
        ("module.m.module.n.random_bytes.b.hex", True),
        ("data.vault_generic_secret.v.data", True),
        (f"{'a_' * 100_000}key.x.result", True),
        (f"{'a_' * 100_000}b.x.result", False),
        ("aws_s3_bucket.secret.id", False),
        ("module.secret_key.aws_s3_bucket.b.id", False),
        ("var.db_password", False),
    ],
)
def test_what_a_type_returns_is_of_secrets_by_the_name_of_the_type(cause: str, of_secrets: bool) -> None:
    assert given_as_it_is(marked(Unknown((cause,)))) == (cause if of_secrets else "")
