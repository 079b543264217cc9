"""Verdicts on marked values, and on mappings that may have unknown keys."""

from __future__ import annotations

import pytest

from preuve.collect.code.language.values.value import Unknown
from preuve.collect.code.verdict.marks import OPAQUE, OPEN, given_as_it_is, marked
from preuve.collect.code.verdict.reads import read_of
from preuve.collect.code.verdict.verdict import settle

MARKED = f"{OPAQUE}${{Ref Anything}}"
UNKNOWN = ("UNKNOWN", "unresolved: Ref Anything")


def test_an_open_mapping_is_neither_empty_nor_read_to_its_end() -> None:
    for body in ({"There": "known", OPEN: MARKED}, {"Properties": {OPEN: MARKED}}):
        for result in ("PASSED", "FAILED", "UNKNOWN"):
            assert settle(result, read_of(body)) == UNKNOWN


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
