"""Who may assume a role, where the check of Checkov reads it otherwise than AWS does."""

from __future__ import annotations

import json

import pytest

from preuve.collect.code.checkov.trust import with_trust_spelt_out

from .conftest import Scanner

ROLE = """
resource "aws_iam_role" "like_a_variable" {
  assume_role_policy = jsonencode({
    Statement = {
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = "*"
      Condition = { StringLike = { "aws:PrincipalOrgID" = var.organisation } }
    }
  })
}

resource "aws_iam_role" "anyone" {
  assume_role_policy = <<EOT
{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}
EOT
}

variable "organisation" {}
"""


def _template(principal: object, condition: dict[str, object]) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, "Condition": condition}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}},
    }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Role": role}})


def test_a_variable_that_may_hold_a_wildcard_is_not_known_to_limit_a_trust(scan_files: Scanner) -> None:
    found = scan_files({"infra/main.tf": ROLE}, checks=frozenset({"CKV_AWS_60"}))
    open_ = found.record("infra", "aws_iam_role.like_a_variable", "CKV_AWS_60")
    assert (open_["result"], open_["detail"]) == ("UNKNOWN", "unresolved: var.organisation")
    anyone = found.record("infra", "aws_iam_role.anyone", "CKV_AWS_60")
    assert anyone["result"] == "FAILED"
    assert any(
        "Action" in name + text for name, text in anyone["values"].items()
    )  # as it is written, not as the check was shown it


def test_a_template_is_read_as_terraform_is(scan_files: Scanner) -> None:
    organisation = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    files = {
        "infra/anyone.json": _template("*", {}),
        "infra/organisation.json": _template({"AWS": "*"}, organisation),
    }
    found = scan_files(files, kind="cloudformation", checks=frozenset({"CKV_AWS_60"}))
    results = {line["file"]: line["result"] for line in found.of("record", "infra")}
    assert results == {"infra/anyone.json": "FAILED", "infra/organisation.json": "PASSED"}


@pytest.mark.parametrize("policy", ["var.policy", "", "{", '["a"]', {"Statement": "x"}, {"Statement": [None]}, {}])
def test_what_is_no_policy_is_left_to_the_check(policy: object) -> None:
    body = {"assume_role_policy": [policy]}
    assert with_trust_spelt_out("CKV_AWS_61", body) is body
    with_trust_spelt_out("CKV_AWS_60", body)
