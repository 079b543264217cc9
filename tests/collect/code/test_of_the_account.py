"""What code sets for a whole account or region, and the members of a cluster: what they prove of a resource beside."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.library.checked.code.code_rules import rendered

BLOCKED = (
    "block_public_acls = true\n block_public_policy = true\n"
    " ignore_public_acls = true\n restrict_public_buckets = true\n"
)
BUCKET = 'resource "aws_s3_bucket" "x" {}\n'
ACCOUNT = 'resource "aws_s3_account_public_access_block" "a" {{\n {}{} }}\n'
ELSEWHERE = 'resource "aws_s3_bucket_public_access_block" "e" {\n bucket = "elsewhere"\n block_public_acls = true\n}\n'
OTHER = 'provider "aws" {\n region = "eu-west-3"\n}\nprovider "aws" {\n alias = "other"\n region = "eu-west-1"\n}\n'
VOLUME = 'resource "aws_ebs_volume" "x" {\n availability_zone = "eu-west-3a"\n}\n'
CLUSTER = 'resource "aws_rds_cluster" "x" {\n engine = "aurora-mysql"\n}\n'
MEMBER = 'resource "aws_rds_cluster_instance" "{}" {{\n cluster_identifier = aws_rds_cluster.x.id\n {} }}\n'
A, B = 'availability_zone = "eu-west-3a"\n', 'availability_zone = "eu-west-3b"\n'
RECORDER = (
    'resource "aws_config_configuration_recorder" "{}" {{\n {}\n recording_group {{\n all_supported = true\n'
    " include_global_resource_types = {}\n }}\n}}\n"
)
INSTANCE = 'resource "aws_instance" "x" {}\n'
DEFAULTS = 'resource "aws_ec2_instance_metadata_defaults" "d" {{\n http_tokens = "{}"\n}}\n'


@pytest.mark.parametrize(
    ("rule", "address", "code", "result"),
    [
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET, "FAILED"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + ACCOUNT.format(BLOCKED, ""), "PASSED"),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            BUCKET + ACCOUNT.format("block_public_acls = true\n", ""),
            "FAILED",
        ),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            BUCKET + ACCOUNT.format(BLOCKED, "count = var.on ? 1 : 0\n") + 'variable "on" {}',
            "UNKNOWN",
        ),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            BUCKET + ACCOUNT.format(BLOCKED, 'account_id = "111122223333"\n'),
            "UNKNOWN",
        ),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            OTHER + BUCKET + ACCOUNT.format(BLOCKED, "provider = aws.other\n"),
            "UNKNOWN",
        ),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", OTHER + BUCKET + ACCOUNT.format(BLOCKED, ""), "PASSED"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket_public_access_block.e", ELSEWHERE, "FAILED"),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket_public_access_block.e",
            ELSEWHERE + ACCOUNT.format(BLOCKED, ""),
            "PASSED",
        ),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", VOLUME, "FAILED"),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", VOLUME + 'resource "aws_ebs_encryption_by_default" "d" {}', "UNKNOWN"),
        (
            "EBS_ENCRYPTED",
            "aws_ebs_volume.x",
            VOLUME + 'resource "aws_ebs_encryption_by_default" "d" {\n enabled = false\n}',
            "FAILED",
        ),
        ("IMDSV2", "aws_instance.x", INSTANCE + DEFAULTS.format("required"), "UNKNOWN"),
        ("IMDSV2", "aws_instance.x", INSTANCE + DEFAULTS.format("optional"), "FAILED"),
        ("IMDSV2", "aws_ec2_instance_metadata_defaults.d", DEFAULTS.format("required"), "PASSED"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER, "UNKNOWN"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER + MEMBER.format("a", A), "FAILED"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER + MEMBER.format("a", A) + MEMBER.format("b", A), "FAILED"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER + MEMBER.format("a", A) + MEMBER.format("b", B), "PASSED"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER + MEMBER.format("a", A) + MEMBER.format("b", ""), "UNKNOWN"),
        ("RDS_MULTI_AZ", "aws_rds_cluster.x", CLUSTER + MEMBER.format("a", ""), "FAILED"),
        (
            "RDS_MULTI_AZ",
            "aws_rds_cluster.x",
            CLUSTER + MEMBER.format("a", "count = var.n\n") + 'variable "n" {}',
            "UNKNOWN",
        ),
        (
            "RDS_MULTI_AZ",
            "aws_rds_cluster.x",
            CLUSTER + MEMBER.format("a", A) + MEMBER.format("b", "count = var.n\n" + B) + 'variable "n" {}',
            "UNKNOWN",
        ),
        ("CONFIG_RECORDER", "aws_config_configuration_recorder.x", RECORDER.format("x", "", "false"), "FAILED"),
        (
            "CONFIG_RECORDER",
            "aws_config_configuration_recorder.x",
            OTHER + RECORDER.format("x", "", "false") + RECORDER.format("o", "provider = aws.other", "true"),
            "UNKNOWN",
        ),
        (
            "CONFIG_RECORDER",
            "aws_config_configuration_recorder.x",
            OTHER + RECORDER.format("x", "", "false") + RECORDER.format("o", "provider = aws.other", "false"),
            "FAILED",
        ),
    ],
)
def test_what_stands_beside_decides_as_far_as_it_is_surely_of_the_same(
    scan_files: Scanner, rule: str, address: str, code: str, result: str
) -> None:
    check = f"CKV2_PREUVE_{rule}"
    own = rendered(bundled().code_rules[check], {})
    found = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=(own,))
    assert found.record("infra", address, check)["result"] == result


TEMPLATE = """
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Passes:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: a
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: "iam:PassRole", Resource: "*"}]}
  Runs:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: b
      RoleName: !Ref Role
      PolicyDocument: {Statement: [{Effect: Allow, Action: "ec2:RunInstances", Resource: "*"}]}
  Reads:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: c
      RoleName: !Ref Role
      PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}
"""


def test_inline_policies_of_a_template_are_judged_together(scan_files: Scanner) -> None:
    check = "CKV2_PREUVE_ESCALATION_POLICY"
    own = rendered(bundled().code_rules[check], {}, bundled().reference)
    found = scan_files({"infra/t.yaml": TEMPLATE}, checks=frozenset({check}), rules=(own,), kind="cloudformation")
    results = {line["address"]: line["result"] for line in found.of("record", "infra")}
    assert results == {
        "AWS::IAM::Policy.Passes": "FAILED",
        "AWS::IAM::RolePolicy.Runs": "FAILED",
        "AWS::IAM::RolePolicy.Reads": "PASSED",
    }


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        (MEMBER.format("a", A) + MEMBER.format("b", B), '["eu-west-3a", "eu-west-3b"]'),
        (MEMBER.format("a", A), '"eu-west-3a"'),
        (MEMBER.format("a", ""), ""),
    ],
)
def test_the_zones_of_the_members_are_shown(scan_files: Scanner, members: str, shown: str) -> None:
    check = "CKV2_PREUVE_RDS_MULTI_AZ"
    own = rendered(bundled().code_rules[check], {})
    found = scan_files({"infra/main.tf": CLUSTER + members}, checks=frozenset({check}), rules=(own,))
    record = found.record("infra", "aws_rds_cluster.x", check)
    assert record["values"] == {"aws_rds_cluster_instance.availability_zone": shown}


def test_a_recorder_is_told_once(scan_files: Scanner) -> None:
    check = "CKV2_PREUVE_CONFIG_RECORDER"
    own = rendered(bundled().code_rules[check], {})
    code = RECORDER.format("x", "", "false")
    found = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=(own,))
    values = found.record("infra", "aws_config_configuration_recorder.x", check)["values"]
    assert not [name for name in values if name.startswith("aws_config_configuration_recorder.")]
