"""What a resource has at an argument that its code does not set: the provider may assign it, or it is null."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner

CHECK = "CKV_AWS_24"  # no group opens port 22 to the internet
MADE = """
variable "x" { type = bool }
resource "aws_cloudwatch_log_group" "plain" {}
resource "aws_cloudwatch_log_group" "sealed" { kms_key_id = "arn:aws:kms:eu-west-3:123456789012:key/one" }
resource "aws_cloudwatch_log_group" "one" { count = 1 }
data "aws_db_instance" "shop" { db_instance_identifier = "shop" }
locals { key = aws_cloudwatch_log_group.plain.kms_key_id }
"""
GROUP = """
resource "aws_security_group" "g{number}" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [{test} ? "10.0.0.0/8" : "0.0.0.0/0"]
  }}
}}
"""
TESTS = {
    "aws_cloudwatch_log_group.plain.kms_key_id != null": "UNKNOWN",
    "aws_cloudwatch_log_group.plain.kms_key_id == null": "UNKNOWN",
    "null != local.key": "UNKNOWN",
    "aws_cloudwatch_log_group.one[0].kms_key_id != null": "UNKNOWN",
    "try(local.key, null) != null": "UNKNOWN",
    "(var.x ? local.key : local.key) != null": "UNKNOWN",
    "length(compact([local.key])) > 0": "UNKNOWN",
    "coalesce(local.key, 1) != null": "UNKNOWN",
    "data.aws_db_instance.shop.kms_key_id != null": "UNKNOWN",
    "aws_cloudwatch_log_group.sealed.kms_key_id != null": "PASSED",
    "aws_cloudwatch_log_group.plain.id != null": "PASSED",
    "aws_cloudwatch_log_group.plain.arn == null": "FAILED",
}


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    groups = [GROUP.format(number=number, test=test) for number, test in enumerate(TESTS)]
    return scan_files({"infra/main.tf": MADE + "".join(groups)}, checks=frozenset({CHECK}))


@pytest.mark.parametrize("test", list(TESTS))
def test_what_nothing_sets_is_perhaps_null(found: Scan, test: str) -> None:
    group = f"aws_security_group.g{list(TESTS).index(test)}"
    assert found.record("infra", group, CHECK)["result"] == TESTS[test]
