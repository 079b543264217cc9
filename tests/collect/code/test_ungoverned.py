"""What `ignore_changes` leaves to others is not known: nothing passes by it, here or elsewhere."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.checked.code.code_rules import rendered

RULES = ("ACL_PRIVATE", "ENCRYPTED", "VERSIONING", "PUBLIC_ACCESS_BLOCK")
CHECKS = frozenset({*(f"CKV2_PREUVE_S3_{name}" for name in RULES), "CKV2_PREUVE_SG_ADMIN_PORTS", "CKV2_AWS_12"})
BLOCKED = (
    "block_public_acls = true\nignore_public_acls = true\nblock_public_policy = true\nrestrict_public_buckets = true"
)
CODE = f"""
resource "aws_s3_bucket" "beside" {{
  lifecycle {{ ignore_changes = [server_side_encryption_configuration, acl, versioning, tags["Owner"]] }}
}}
resource "aws_s3_bucket_acl" "beside" {{
  bucket = aws_s3_bucket.beside.id
  acl    = "private"
}}
resource "aws_s3_bucket_versioning" "beside" {{
  bucket = aws_s3_bucket.beside.id
  versioning_configuration {{ status = "Enabled" }}
}}
resource "aws_s3_bucket_server_side_encryption_configuration" "beside" {{
  bucket = aws_s3_bucket.beside.id
  rule {{
    apply_server_side_encryption_by_default {{ sse_algorithm = "AES256" }}
  }}
}}
resource "aws_s3_bucket_public_access_block" "beside" {{
  bucket = aws_s3_bucket.beside.id
  {BLOCKED}
  lifecycle {{ ignore_changes = [block_public_policy] }}
}}
resource "aws_s3_bucket" "alone" {{
  lifecycle {{ ignore_changes = [acl] }}
}}
resource "aws_s3_bucket" "other" {{
  lifecycle {{ ignore_changes = [tags] }}
}}
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_default_security_group" "v" {{
  vpc_id = aws_vpc.v.id
  lifecycle {{ ignore_changes = [ingress, egress] }}
}}
resource "aws_ssm_parameter" "range" {{
  name  = "range"
  type  = "String"
  value = "10.0.0.0/8"
  lifecycle {{ ignore_changes = [value] }}
}}
resource "aws_security_group" "reads" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [aws_ssm_parameter.range.value]
  }}
}}
resource "aws_security_group" "open" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
  lifecycle {{ ignore_changes = all }}
}}
"""
CASES = {
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_ACL_PRIVATE"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_ENCRYPTED"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_VERSIONING"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_PUBLIC_ACCESS_BLOCK"): "UNKNOWN",
    ("aws_s3_bucket.alone", "CKV2_PREUVE_S3_ACL_PRIVATE"): "UNKNOWN",
    ("aws_s3_bucket.other", "CKV2_PREUVE_S3_ACL_PRIVATE"): "PASSED",
    ("aws_vpc.v", "CKV2_AWS_12"): "UNKNOWN",
    ("aws_security_group.reads", "CKV2_PREUVE_SG_ADMIN_PORTS"): "UNKNOWN",
    ("aws_security_group.open", "CKV2_PREUVE_SG_ADMIN_PORTS"): "FAILED",
}


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    library = bundled()
    params = {name: one.value for name, one in library.parameters.items()}
    rules = tuple(rendered(library.code_rules[name], params) for name in CHECKS if name in library.code_rules)
    return scan_files({"infra/main.tf": CODE}, checks=CHECKS, rules=rules)


@pytest.mark.parametrize(("address", "check"), CASES)
def test_what_is_left_to_others_is_not_known(found: Scan, address: str, check: str) -> None:
    assert found.record("infra", address, check)["result"] == CASES[address, check]
