"""Our own judgements, run by Checkov's runners on real code."""

from __future__ import annotations

import json

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

PARAMS = {name: item.value for name, item in bundled().parameters.items()}
CODE = """
variable "x" {}

resource "aws_security_group" "open" {
  count = 2

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "never_made" {
  count = 0

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# checkov:skip=CKV2_PREUVE_SG_ADMIN_PORTS: for a day
resource "aws_security_group" "with_a_comment" {
  # checkov:skip=CKV2_PREUVE_SG_ADMIN_PORTS: for a day
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "breaks" {
  ingress = 3
}

resource "aws_security_group" "loop" {
  dynamic "ingress" {
    for_each = var.x
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
"""
TEMPLATE = json.dumps(
    {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Group": {
                "Type": "AWS::EC2::SecurityGroup",
                "Properties": {
                    "GroupDescription": "x",
                    "SecurityGroupIngress": [
                        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
                    ],
                },
            }
        },
    }
)
RULE = "CKV2_PREUVE_SG_ADMIN_PORTS"
CHECKS = frozenset({RULE, "CKV_AWS_24"})
RULES = (rendered(bundled().code_rules[RULE], PARAMS),)


@pytest.fixture(scope="module")
def scanned(scan_files: Scanner) -> Scan:
    return scan_files({"infra/main.tf": CODE}, checks=CHECKS, rules=RULES)


def results(scanned: Scan, check: str) -> dict[str, str]:
    return {line["address"]: line["result"] for line in scanned.of("record", "infra") if line["check"] == check}


def test_each_block_has_the_result_of_the_judgement(scanned: Scan) -> None:
    assert results(scanned, RULE) == {
        "aws_security_group.open[0]": "FAILED",
        "aws_security_group.open[1]": "FAILED",
        "aws_security_group.with_a_comment": "FAILED",
        "aws_security_group.breaks": "UNKNOWN",
        "aws_security_group.loop": "UNKNOWN",
    }


def test_a_failure_shows_its_decisive_values_and_its_comment(scanned: Scan) -> None:
    found = scanned.record("infra", "aws_security_group.with_a_comment", RULE)
    assert found["suppressed"] == "for a day"
    assert found["values"] == {
        "ingress.protocol": '"tcp"',
        "ingress.from_port": "22",
        "ingress.to_port": "22",
        "ingress.cidr_blocks": '"0.0.0.0/0"',
        "port": "22",
    }


def test_a_check_replaced_by_a_rule_is_used_only_for_templates(scanned: Scan, scan_files: Scanner) -> None:
    assert results(scanned, "CKV_AWS_24") == {}
    template = scan_files({"infra/group.json": TEMPLATE}, kind="cloudformation", checks=CHECKS, rules=RULES)
    assert list(results(template, "CKV_AWS_24").values()) == ["FAILED"]


def test_a_judgement_applies_to_templates_if_its_rule_includes_them(scan_files: Scanner) -> None:
    template = {
        "Resources": {
            "Written": {"Type": "AWS::RDS::DBInstance", "Properties": {"MasterUserPassword": "Sup3rS3cret2024!"}},
            "Kept": {"Type": "AWS::RDS::DBInstance", "Properties": {"ManageMasterUserPassword": True}},
        },
    }
    about = {"id": "CKV2_PREUVE_TRIED", "name": "No secret is written out", "category": "GENERAL_SECURITY"}
    rule = {
        **{"metadata": about, "scope": {"provider": "aws"}, "definition": None, "when": None, "unseen": None},
        "judgement": {"ask": "literal_secrets", "of": "others"},
    }
    for also, wanted in (((), set()), (("cloudformation",), {("Written", "FAILED")})):
        found = scan_files(
            {"infra/template.json": json.dumps(template)},
            kind="cloudformation",
            checks=frozenset({"CKV2_PREUVE_TRIED"}),
            rules=({**rule, "also": list(also)},),
        )
        records = found.of("record", "infra")
        assert {(line["address"].rpartition(".")[2], line["result"]) for line in records} == wanted
