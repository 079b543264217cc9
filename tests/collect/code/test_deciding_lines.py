"""A failure in code stands at the line of what decided it: in the block, in a list of it, or in a block beside."""

from __future__ import annotations

import pytest

from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

from .conftest import Scan, Scanner

NAMES = (
    *(
        "S3_VERSIONING",
        "S3_PUBLIC_ACCESS_BLOCK",
        "TAG_MANDATORY",
        "ADMINISTRATOR_ATTACHED",
        "RDS_TLS",
        "SG_ADMIN_PORTS",
    ),
    *("EKS_CLUSTER_HARDENING", "RDS_BACKUP_RETENTION", "LOG_RETENTION_MAX", "REPLICA_REGION"),
)
CHECKS = frozenset(f"CKV2_PREUVE_{name}" for name in NAMES)
PARAMS = {name: item.value for name, item in bundled().parameters.items()}
RULES = tuple(rendered(bundled().code_rules[name], PARAMS, bundled().reference) for name in sorted(CHECKS))

CODE = """
provider "aws" {
  region = "us-east-1"
}

resource "aws_cloudwatch_log_group" "l" {
  name = "l"
  tags = {
    Owner = "a"
  }
}

resource "aws_secretsmanager_secret" "not_copied" {
  tags = { Owner = "a", Environment = "prod" }
}

resource "aws_secretsmanager_secret" "copied" {
  tags = { Owner = "a", Environment = "prod" }
  replica { # REPLICA_REGION
    region = "us-east-2"
  }
}

resource "aws_s3_bucket" "b" {
  bucket = "b"
  tags = { # TAG_MANDATORY
    Environment = "prod"
  }
}

resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Suspended" # S3_VERSIONING
  }
}

resource "aws_s3_bucket_public_access_block" "b" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false # S3_PUBLIC_ACCESS_BLOCK
}

resource "aws_iam_role" "r" {
  managed_policy_arns = [
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::aws:policy/AdministratorAccess", # ADMINISTRATOR_ATTACHED
  ]
}

resource "aws_db_parameter_group" "p" {
  family = "postgres14"
  parameter {
    name  = "rds.force_ssl"
    value = "0" # RDS_TLS
  }
}

resource "aws_db_instance" "d" {
  engine               = "postgres"
  engine_version       = "14"
  parameter_group_name = aws_db_parameter_group.p.name
  tags                 = { Owner = "a", Environment = "prod", DataClassification = "internal", PersonalData = "no" }
}

resource "aws_security_group" "g" {
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    cidr_blocks = [
      "10.0.0.0/8",
      "0.0.0.0/0", # SG_ADMIN_PORTS
    ]
  }
}
"""

TEMPLATE = """
Parameters:
  Days:
    Type: Number
    Default: 1
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration:
        Status: Suspended # S3_VERSIONING
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonRDSReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonVPCReadOnlyAccess
        - arn:aws:iam::aws:policy/AdministratorAccess # ADMINISTRATOR_ATTACHED
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      ResourcesVpcConfig:
        SubnetIds: [a, b]
        EndpointPublicAccess: true # EKS_CLUSTER_HARDENING
        PublicAccessCidrs: ["0.0.0.0/0"]
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      BackupRetentionPeriod: !Ref Days # RDS_BACKUP_RETENTION
"""


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> dict[str, Scan]:
    """One scan of the code, and one of the template."""
    files = {"terraform": {"infra/main.tf": CODE}, "cloudformation": {"infra/t.yaml": TEMPLATE}}
    return {kind: scan_files(files[kind], kind=kind, checks=CHECKS, rules=RULES) for kind in files}


def failures(scan: Scan) -> dict[str, dict[str, object]]:
    return {
        line["check"].removeprefix("CKV2_PREUVE_"): line
        for line in scan.of("record", "infra")
        if line["result"] == "FAILED"
    }


@pytest.mark.parametrize("kind", ["terraform", "cloudformation"])
def test_a_failure_stands_at_the_line_that_decided(found: dict[str, Scan], kind: str) -> None:
    text = {"terraform": CODE, "cloudformation": TEMPLATE}[kind]
    marked = {part[1]: number for number, line in enumerate(text.splitlines(), 1) if (part := line.split(" # "))[1:]}
    told = failures(found[kind])
    assert {name: told[name]["decided_at"][0] for name in marked} == marked  # type: ignore[index]


def test_what_is_missing_in_a_block_stands_at_the_block(found: dict[str, Scan]) -> None:
    assert "decided_at" not in failures(found["terraform"])["LOG_RETENTION_MAX"]


def test_the_region_of_a_replica_is_not_that_of_its_secret(found: dict[str, Scan]) -> None:
    assert list(failures(found["terraform"])["REPLICA_REGION"]["values"]) == ["replica"]  # type: ignore[call-overload]
    alone = found["terraform"].record("infra", "aws_secretsmanager_secret.not_copied", "CKV2_PREUVE_REPLICA_REGION")
    assert (alone["result"], alone["values"]) == ("PASSED", {"replica": ""})


def test_the_value_that_decided_is_shown_whole(found: dict[str, Scan]) -> None:
    values = {name: line["values"] for name, line in failures(found["terraform"]).items()}
    assert values["S3_VERSIONING"] == {"aws_s3_bucket_versioning.versioning_configuration.status": '"Suspended"'}
    assert values["S3_PUBLIC_ACCESS_BLOCK"] == {"aws_s3_bucket_public_access_block.restrict_public_buckets": "false"}
    assert set(values["TAG_MANDATORY"]) == {  # type: ignore[call-overload]
        f"tags.{name}" for name in PARAMS["mandatory_tags"] if name != "Environment"
    }
    assert values["RDS_TLS"]["aws_db_parameter_group.parameter.value"] == '"0"'  # type: ignore[index]
    shown = failures(found["cloudformation"])["ADMINISTRATOR_ATTACHED"]["values"]
    assert shown == {"ManagedPolicyArns[6]": '"arn:aws:iam::aws:policy/AdministratorAccess"'}


def test_a_bucket_and_its_block_are_one_failure(found: dict[str, Scan]) -> None:
    told = [
        line["address"]
        for line in found["terraform"].of("record", "infra")
        if line["check"] == "CKV2_PREUVE_S3_PUBLIC_ACCESS_BLOCK"
    ]
    assert told == ["aws_s3_bucket.b"]


def test_a_value_of_a_template_is_told_with_its_parameter(found: dict[str, Scan]) -> None:
    line = failures(found["cloudformation"])["RDS_BACKUP_RETENTION"]
    assert (line["values"], line["origins"]) == (
        {"BackupRetentionPeriod": "1"},
        {"BackupRetentionPeriod": "Days (infra/t.yaml:3)"},
    )


def test_a_second_setting_that_is_off_is_another_failure(scan_files: Scanner) -> None:
    worse = CODE.replace("block_public_acls       = true", "block_public_acls = false")
    checks = frozenset({"CKV2_PREUVE_S3_PUBLIC_ACCESS_BLOCK"})
    first, more = (
        set(scan_files({"infra/main.tf": text}, checks=checks, rules=RULES).of("record", "infra")[0]["grounds"])
        for text in (CODE, worse)
    )
    assert first < more


def test_a_tag_that_a_provider_may_give_is_not_known_where_none_is_in_the_code(scan_files: Scanner) -> None:
    code = CODE.partition("}\n")[2]
    check = "CKV2_PREUVE_TAG_MANDATORY"
    found = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=RULES)
    told = {line["address"]: (line["result"], line["detail"]) for line in found.of("record", "infra")}
    assert told["aws_s3_bucket.b"] == ("UNKNOWN", "unresolved: provider.default_tags")
    assert told["aws_db_instance.d"][0] == "PASSED"  # it sets them all
