"""What code sets for a whole account or region, and the members of a cluster: what they prove of a resource beside."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

BLOCKED = (
    "block_public_acls = true\n block_public_policy = true\n"
    " ignore_public_acls = true\n restrict_public_buckets = true\n"
)
BUCKET = 'resource "aws_s3_bucket" "x" {}\n'
ACCOUNT = 'resource "aws_s3_account_public_access_block" "a" {{\n {}{} }}\n'
ELSEWHERE = 'resource "aws_s3_bucket_public_access_block" "e" {\n bucket = "elsewhere"\n block_public_acls = true\n}\n'
SECOND = 'resource "aws_s3_account_public_access_block" "b" {\n block_public_acls = true\n}\n'
BOTH = ACCOUNT.format(BLOCKED, "") + SECOND
FOREIGN = SECOND.replace("true\n", 'true\n account_id = "222222222222"\n')
REPOSITORY = 'resource "aws_ecr_repository" "x" {\n name = "x"\n}\n'
REGISTRY = 'resource "aws_ecr_registry_scanning_configuration" "{}" {{\n scan_type = "BASIC"\n {} }}\n'
RULE = (
    'rule {\n scan_frequency = "SCAN_ON_PUSH"\n repository_filter {\n filter = "*"\n filter_type = "WILDCARD"\n }\n}\n'
)
ENHANCED, MANUAL = REGISTRY.replace("BASIC", "ENHANCED"), RULE.replace("SCAN_ON_PUSH", "MANUAL")
ON_PUSH = REPOSITORY.replace("\n}", "\n image_scanning_configuration {\n scan_on_push = true\n }\n}")
OTHER = 'provider "aws" {\n region = "eu-west-3"\n}\nprovider "aws" {\n alias = "other"\n region = "eu-west-1"\n}\n'
OPEN = OTHER.replace('"eu-west-1"', "var.region") + 'variable "region" {}\n'
BY_DEFAULT = 'resource "aws_ebs_encryption_by_default" "d" {{\n {}\n}}\n'
VOLUME = 'resource "aws_ebs_volume" "x" {\n availability_zone = "eu-west-3a"\n}\n'
CLUSTER = 'resource "aws_rds_cluster" "x" {\n engine = "aurora-mysql"\n}\n'
MEMBER = 'resource "aws_rds_cluster_instance" "{}" {{\n cluster_identifier = aws_rds_cluster.x.id\n {} }}\n'
A, B = 'availability_zone = "eu-west-3a"\n', 'availability_zone = "eu-west-3b"\n'
RECORDER = (
    'resource "aws_config_configuration_recorder" "{}" {{\n {}\n recording_group {{\n all_supported = true\n'
    " include_global_resource_types = {}\n }}\n}}\n"
)
INSTANCE = 'resource "aws_instance" "x" {}\n'
SEEN = INSTANCE.rstrip("}\n") + '\n metadata_options {\n  http_endpoint = "enabled"\n }\n}\n'
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
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + ACCOUNT.format(BLOCKED, "") + SECOND, "UNKNOWN"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket_public_access_block.e", ELSEWHERE + BOTH, "UNKNOWN"),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            BUCKET + ACCOUNT.format(BLOCKED, "") + SECOND.replace("true", BLOCKED.partition("= ")[2]),
            "PASSED",
        ),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + ACCOUNT.format(BLOCKED, "") + FOREIGN, "PASSED"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + FOREIGN, "FAILED"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + SECOND + FOREIGN, "FAILED"),
        ("S3_PUBLIC_ACCESS_BLOCK", "aws_s3_bucket.x", BUCKET + BOTH + FOREIGN, "UNKNOWN"),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket_public_access_block.e",
            ELSEWHERE + ACCOUNT.format(BLOCKED, "") + FOREIGN,
            "PASSED",
        ),
        (
            "S3_PUBLIC_ACCESS_BLOCK",
            "aws_s3_bucket.x",
            BUCKET + ACCOUNT.format(BLOCKED, "") + FOREIGN.replace('"222222222222"', "var.id") + 'variable "id" {}',
            "UNKNOWN",
        ),
        ("IMAGE_SCAN", "aws_ecr_repository.x", REPOSITORY + REGISTRY.format("a", RULE), "PASSED"),
        ("IMAGE_SCAN", "aws_ecr_repository.x", ON_PUSH, "PASSED"),
        ("IMAGE_SCAN", "aws_ecr_repository.x", ON_PUSH + REGISTRY.format("a", ""), "PASSED"),
        ("IMAGE_SCAN", "aws_ecr_repository.x", ON_PUSH + REGISTRY.format("a", RULE), "PASSED"),
        ("IMAGE_SCAN", "aws_ecr_repository.x", ON_PUSH + ENHANCED.format("a", ""), "FAILED"),
        ("IMAGE_SCAN", "aws_ecr_repository.x", ON_PUSH + REGISTRY.format("a", MANUAL), "FAILED"),
        (
            "IMAGE_SCAN",
            "aws_ecr_repository.x",
            ON_PUSH + REGISTRY.format("a", RULE.replace('"*"', '"prod-*"')),
            "UNKNOWN",
        ),
        (
            "IMAGE_SCAN",
            "aws_ecr_repository.x",
            OTHER + ON_PUSH + ENHANCED.format("a", "provider = aws.other"),
            "PASSED",
        ),
        (
            "IMAGE_SCAN",
            "aws_ecr_repository.x",
            OTHER + REPOSITORY + REGISTRY.format("a", "provider = aws.other\n" + RULE),
            "FAILED",
        ),
        (
            "IMAGE_SCAN",
            "aws_ecr_repository.x",
            REPOSITORY + REGISTRY.format("a", RULE) + REGISTRY.format("b", ""),
            "UNKNOWN",
        ),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", VOLUME, "FAILED"),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", VOLUME + 'resource "aws_ebs_encryption_by_default" "d" {}', "UNKNOWN"),
        (
            "EBS_ENCRYPTED",
            "aws_ebs_volume.x",
            VOLUME + 'resource "aws_ebs_encryption_by_default" "d" {\n enabled = false\n}',
            "FAILED",
        ),
        ("EBS_ENCRYPTED", "aws_instance.x", INSTANCE, "FAILED"),
        ("EBS_ENCRYPTED", "aws_instance.x", INSTANCE + 'resource "aws_ebs_encryption_by_default" "d" {}', "UNKNOWN"),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", OTHER + VOLUME + BY_DEFAULT.format("provider = aws.other"), "FAILED"),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", OTHER + VOLUME + BY_DEFAULT.format(""), "UNKNOWN"),
        ("EBS_ENCRYPTED", "aws_ebs_volume.x", OPEN + VOLUME + BY_DEFAULT.format("provider = aws.other"), "UNKNOWN"),
        ("EBS_ENCRYPTED", "aws_instance.x", OTHER + INSTANCE + BY_DEFAULT.format('region = "eu-west-1"'), "FAILED"),
        ("EBS_ENCRYPTED", "aws_instance.x", OTHER + INSTANCE + BY_DEFAULT.format('region = "eu-west-3"'), "UNKNOWN"),
        ("IMDSV2", "aws_instance.x", INSTANCE + DEFAULTS.format("required"), "UNKNOWN"),
        ("IMDSV2", "aws_instance.x", OTHER + INSTANCE + DEFAULTS.format('required"\n region = "eu-west-1'), "FAILED"),
        ("IMDSV2", "aws_instance.x", INSTANCE + DEFAULTS.format("optional"), "FAILED"),
        ("IMDSV2", "aws_ec2_instance_metadata_defaults.d", DEFAULTS.format("required"), "PASSED"),
        ("IMDSV2", "aws_instance.x", INSTANCE + DEFAULTS.format('optional"\n http_endpoint = "disabled'), "UNKNOWN"),
        ("IMDSV2", "aws_instance.x", SEEN + DEFAULTS.format('optional"\n http_endpoint = "disabled'), "FAILED"),
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


def _policy(name: str, holder: str, document: str) -> str:
    return (
        f"  {name}: {{Type: AWS::IAM::Policy, Properties: {{PolicyName: x, {holder}, PolicyDocument: {document}}}}}\n"
    )


def _function(name: str, document: str) -> str:
    code = "Runtime: python3.13, Handler: a.b, InlineCode: x"
    return f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{{code}, Policies: [{document}]}}}}\n"


PASSES = '{Statement: [{Effect: Allow, Action: "iam:PassRole", Resource: "*"}]}'
RUNS = '{Statement: [{Effect: Allow, Action: ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource: "*"}]}'
MAKES = '{Statement: [{Effect: Allow, Action: "lambda:CreateFunction", Resource: "*"}]}'
CALLS = '{Statement: [{Effect: Allow, Action: "lambda:InvokeFunction", Resource: "*"}]}'
INPUTS = "Parameters: {N: {Type: String}, M: {Type: String}, L: {Type: CommaDelimitedList}}\n"
OF_USER = f"  B: {{Type: AWS::IAM::UserPolicy, Properties: {{PolicyName: x, UserName: bob, PolicyDocument: {RUNS}}}}}\n"
NAMED = "  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Ref N, AssumeRolePolicyDocument: {Statement: []}}}\n"


@pytest.mark.parametrize(
    ("resources", "results"),
    [
        (_policy("A", "Roles: [svc]", PASSES) + _policy("B", "Roles: [svc]", RUNS), {"FAILED"}),
        (_policy("A", "Roles: [svc]", PASSES) + _policy("B", "Roles: [other]", RUNS), {"PASSED"}),
        (_policy("A", "Roles: [r, s]", PASSES) + _policy("B", "Roles: [s]", RUNS), {"FAILED"}),
        (
            _policy("A", "Roles: [r, s]", PASSES)
            + _policy("B", "Roles: [r]", MAKES)
            + _policy("C", "Roles: [s]", CALLS),
            {"PASSED"},
        ),
        (_policy("A", "Users: [bob]", PASSES) + OF_USER, {"FAILED"}),
        (_policy("A", "Groups: [bob]", PASSES) + OF_USER, {"PASSED"}),
        (_policy("A", "Roles: [!Ref N]", PASSES) + _policy("B", "Roles: [!Ref N]", RUNS), {"FAILED"}),
        (_policy("A", "Roles: !Ref L", PASSES) + _policy("B", "Roles: !Ref L", RUNS), {"FAILED"}),
        (_policy("A", 'Roles: [!Sub "${N}-x"]', PASSES) + _policy("B", 'Roles: [!Sub "${N}-x"]', RUNS), {"FAILED"}),
        (_policy("A", "Roles: [!Ref N]", PASSES) + NAMED + _policy("B", "Roles: [!Ref R]", RUNS), {"FAILED"}),
        (_policy("A", "Roles: [!Ref N]", PASSES) + _policy("B", "Roles: [!Ref M]", RUNS), {"UNKNOWN"}),
        (_policy("A", "Roles: [!Ref N]", PASSES) + _policy("B", "Roles: [svc]", RUNS), {"UNKNOWN"}),
        (_policy("A", "Roles: [!Ref N]", CALLS) + _policy("B", "Roles: [!Ref M]", MAKES), {"PASSED"}),
        (
            _policy("A", "Roles: [!ImportValue X]", PASSES) + _policy("B", "Roles: [!ImportValue X]", RUNS),
            {"FAILED"},
        ),
        (
            _policy("A", "Roles: [!ImportValue X]", PASSES) + _policy("B", "Roles: [!ImportValue Y]", RUNS),
            {"UNKNOWN"},
        ),
        (
            _policy("A", 'Roles: [Fn::ImportValue: !Sub "${N}-role"]', PASSES)
            + _policy("B", 'Roles: [Fn::ImportValue: !Sub "${N}-role"]', RUNS),
            {"FAILED"},
        ),
        (
            _policy("A", 'Roles: [Fn::ImportValue: !Select [0, !Split [",", !Ref N]]]', PASSES)
            + _policy("B", 'Roles: [Fn::ImportValue: !Select [1, !Split [",", !Ref N]]]', RUNS),
            {"UNKNOWN"},
        ),
        (_function("F", PASSES) + _policy("B", "Roles: [!Ref FRole]", RUNS), {"FAILED"}),
        (
            _function("F", PASSES).replace("Function,", "StateMachine,") + _policy("B", "Roles: [!Ref FRole]", RUNS),
            {"FAILED"},
        ),
        (_function("F", PASSES) + _function("G", CALLS) + _policy("B", "Roles: [!Ref GRole]", RUNS), {"PASSED"}),
        (_function("F", PASSES) + _policy("B", "Roles: [!Ref N]", RUNS), {"UNKNOWN"}),
        (_function("F", PASSES) + _policy("B", "Roles: [svc]", RUNS), {"PASSED"}),
    ],
)
def test_a_template_names_who_holds_an_inline_policy_in_many_ways(
    scan_files: Scanner, resources: str, results: set[str]
) -> None:
    check = "CKV2_PREUVE_ESCALATION_POLICY"
    own = rendered(bundled().code_rules[check], {}, bundled().reference)
    template = f"Transform: AWS::Serverless-2016-10-31\n{INPUTS}Resources:\n{resources}"
    found = scan_files({"infra/t.yaml": template}, checks=frozenset({check}), rules=(own,), kind="cloudformation")
    assert {line["result"] for line in found.of("record", "infra")} == results


ROLES = 'variable "a" {}\nvariable "b" {}\ndata "aws_iam_role" "r" {\n name = "svc"\n}\n'
INLINE = 'resource "aws_iam_role_policy" "{}" {{\n role = {}\n policy = jsonencode({})\n}}\n'


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        ('"svc"', '"svc"', "FAILED"),
        ('"svc"', '"other"', "PASSED"),
        ("var.a", "var.a", "FAILED"),
        ('"${var.a}-x"', '"${var.a}-x"', "FAILED"),
        ("var.a", "var.b", "UNKNOWN"),
        ("var.a", '"svc"', "UNKNOWN"),
        ("data.aws_iam_role.r.name", "data.aws_iam_role.r.id", "UNKNOWN"),
        ("data.aws_iam_role.r.name", '"svc"', "UNKNOWN"),
    ],
)
def test_names_of_roles_that_may_be_one_prove_nothing(scan_files: Scanner, one: str, other: str, result: str) -> None:
    check = "CKV2_PREUVE_ESCALATION_POLICY"
    own = rendered(bundled().code_rules[check], {}, bundled().reference)
    passes = '{Statement = [{Effect = "Allow", Action = "iam:PassRole", Resource = "*"}]}'
    runs = '{Statement = [{Effect = "Allow", Action = "ec2:RunInstances", Resource = "*"}]}'
    code = ROLES + INLINE.format("a", one, passes) + INLINE.format("b", other, runs)
    found = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=(own,))
    for name in ("a", "b"):
        assert found.record("infra", f"aws_iam_role_policy.{name}", check)["result"] == result


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
