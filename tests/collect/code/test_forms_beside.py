"""A block beside that may have several forms counts as what all of them come to, here and in templates."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

CHECK = "CKV2_PREUVE_S3_VERSIONING"
STATES = {"Enabled": "PASSED", "Suspended": "FAILED", "Disabled": "FAILED"}
PAIRS = list(combinations_with_replacement(STATES, 2))
BUCKET = """
resource "aws_s3_bucket" "b%(n)s" {}
resource "aws_s3_bucket_versioning" "b%(n)s" {
  bucket = aws_s3_bucket.b%(n)s.id
  versioning_configuration {
    status = var.x ? "%(one)s" : "%(other)s"
  }
}
"""


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    blocks = (BUCKET % {"n": number, "one": one, "other": other} for number, (one, other) in enumerate(PAIRS))
    rule = rendered(bundled().code_rules[CHECK], {})
    code = 'variable "x" { type = bool }\n' + "".join(blocks)
    return scan_files({"infra/main.tf": code}, checks=frozenset({CHECK}), rules=(rule,))


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_what_all_forms_of_a_block_beside_come_to_is_known(found: Scan, number: int) -> None:
    results = {STATES[state] for state in PAIRS[number]}
    wanted = results.pop() if len(results) == 1 else "UNKNOWN"
    assert found.record("infra", f"aws_s3_bucket.b{number}", CHECK)["result"] == wanted
