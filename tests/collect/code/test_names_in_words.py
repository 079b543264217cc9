"""A name in words joins two blocks of one account and region; what is not known of a name may be any."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.library.checked.code.code_rules import rendered

VARIABLES = 'variable "n" {}\nvariable "m" {}\n'
DEFAULT = 'provider "aws" {\n region = "eu-west-3"\n}\n'
OTHER = 'provider "aws" {{\n alias = "o"\n region = "{}"\n {}\n}}\n'
IRELAND, PARIS = OTHER.format("eu-west-1", ""), OTHER.format("eu-west-3", "")
OPEN = OTHER.format("${var.m}", "")
FOREIGN = OTHER.format("eu-west-3", 'assume_role {\n role_arn = "arn:aws:iam::222222222222:role/x"\n }')
VAULT = 'resource "aws_backup_vault" "x" {{\n name = {}\n {}\n}}\n'
LOCKED = "backup_vault_name = {}\n min_retention_days = 400\n {}"
LOCK = 'resource "aws_backup_vault_lock_configuration" "l" {{\n ' + LOCKED + "\n}}\n"
SECOND = VAULT.replace('"x"', '"y"')
AT = "provider = aws.o"


@pytest.mark.parametrize(
    ("providers", "vault", "lock", "result"),
    [
        ("", ('"v"', ""), ('"v"', ""), "PASSED"),
        (DEFAULT, ('"v"', ""), ('"v"', ""), "PASSED"),
        (DEFAULT, ('"v"', ""), ('"w"', ""), "FAILED"),
        (DEFAULT + IRELAND, ('"v"', AT), ('"v"', ""), "FAILED"),
        (DEFAULT + IRELAND, ('"v"', AT), ('"v"', AT), "PASSED"),
        (DEFAULT + IRELAND, ('"v"', AT), ('"v"', 'region = "eu-west-1"'), "PASSED"),
        (DEFAULT + PARIS, ('"v"', AT), ('"v"', ""), "PASSED"),
        (DEFAULT + OPEN, ('"v"', AT), ('"v"', ""), "UNKNOWN"),
        (DEFAULT + FOREIGN, ('"v"', ""), ('"v"', AT), "UNKNOWN"),
        (DEFAULT, ('"v"', 'region = "eu-west-1"'), ('"v"', ""), "FAILED"),
        (DEFAULT, ('"v"', "region = var.m"), ('"v"', "region = var.m"), "PASSED"),
        (DEFAULT, ('"v"', "region = var.m"), ('"v"', "region = var.n"), "UNKNOWN"),
        (DEFAULT, ('"v"', ""), ("aws_backup_vault.x.name", ""), "PASSED"),
        (DEFAULT, ('"v"', ""), ("aws_backup_vault.x.name", 'region = "eu-west-1"'), "UNKNOWN"),
        (DEFAULT + FOREIGN, ('"v"', ""), ("aws_backup_vault.x.id", AT), "UNKNOWN"),
        (DEFAULT + IRELAND, ('"${var.n}-v"', AT), ('"${var.n}-v"', ""), "FAILED"),
        (DEFAULT, ('"${var.n}-v"', ""), ('"${var.n}-v"', ""), "PASSED"),
        (DEFAULT, ("var.n", ""), ('"v"', ""), "UNKNOWN"),
        (DEFAULT, ('"${var.n}-v"', ""), ('"prod-v"', ""), "UNKNOWN"),
        (DEFAULT, ('"${var.n}-v-${var.m}"', ""), ('"prod-v-1"', ""), "UNKNOWN"),
        (DEFAULT, ('"${var.n}-v"', ""), ('"prod-w"', ""), "FAILED"),
        (DEFAULT, ('"v-${var.n}"', ""), ('"w-v"', ""), "FAILED"),
        (DEFAULT, ('"${var.n}-v-${var.m}"', ""), ('"prod-w-1"', ""), "FAILED"),
        (DEFAULT + SECOND.format('"v"', ""), ("var.n", ""), ('"v"', ""), "FAILED"),
        (DEFAULT + IRELAND + SECOND.format('"v"', AT), ("var.n", ""), ('"v"', ""), "UNKNOWN"),
    ],
)
def test_a_name_is_taken_once_in_an_account_and_region(
    scan_files: Scanner, providers: str, vault: tuple[str, str], lock: tuple[str, str], result: str
) -> None:
    code = VARIABLES + providers + VAULT.format(*vault) + LOCK.format(*lock)
    assert _result(scan_files, {"infra/main.tf": code}, "BACKUP_VAULT_LOCK", "aws_backup_vault.x") == result


@pytest.mark.parametrize(
    ("providers", "passed", "result"),
    [
        ("", "", "PASSED"),
        (DEFAULT, "", "PASSED"),
        (DEFAULT + IRELAND, "providers = { aws = aws.o }", "FAILED"),
        (DEFAULT + FOREIGN, "providers = { aws = aws.o }", "UNKNOWN"),
    ],
)
def test_a_module_has_the_provider_that_its_call_passes(
    scan_files: Scanner, providers: str, passed: str, result: str
) -> None:
    code = providers + f'module "m" {{\n source = "./m"\n {passed}\n}}\n' + LOCK.format('"v"', "")
    files = {"infra/main.tf": code, "infra/m/main.tf": VAULT.format('"v"', "")}
    assert _result(scan_files, files, "BACKUP_VAULT_LOCK", "module.m.aws_backup_vault.x") == result


BUCKET = 'resource "aws_s3_bucket" "x" {{\n bucket = {}\n {}\n}}\n'
VERSIONS = (
    'resource "aws_s3_bucket_versioning" "v" {{\n bucket = {}\n {}\n'
    ' versioning_configuration {{\n status = "{}"\n }}\n}}\n'
)
INLINE = "versioning {\n enabled = true\n }"


@pytest.mark.parametrize(
    ("bucket", "versions", "result"),
    [
        (('"b"', ""), ('"b"', AT, "Enabled"), "PASSED"),
        (("var.n", INLINE), ('"b"', "", "Enabled"), "PASSED"),
        (("var.n", INLINE), ('"b"', "", "Suspended"), "UNKNOWN"),
        (("var.n", ""), ('"b"', "", "Suspended"), "FAILED"),
        (("var.n", ""), ('"b"', "", "Enabled"), "UNKNOWN"),
    ],
)
def test_the_name_of_a_bucket_is_taken_once_in_the_world(
    scan_files: Scanner, bucket: tuple[str, str], versions: tuple[str, str, str], result: str
) -> None:
    code = VARIABLES + DEFAULT + IRELAND + BUCKET.format(*bucket) + VERSIONS.format(*versions)
    assert _result(scan_files, {"infra/main.tf": code}, "S3_VERSIONING", "aws_s3_bucket.x") == result


TEMPLATE = """
Parameters: {{N: {{Type: String}}}}
Resources:
  X: {{Type: AWS::RDS::DBCluster, Properties: {{DBClusterIdentifier: {}, Engine: aurora-mysql}}}}
  A: {{Type: AWS::RDS::DBInstance, Properties: {{DBClusterIdentifier: {}, AvailabilityZone: eu-west-3a}}}}
  B: {{Type: AWS::RDS::DBInstance, Properties: {{DBClusterIdentifier: !Ref X, AvailabilityZone: eu-west-3a}}}}
"""


@pytest.mark.parametrize(
    ("own", "named", "result"),
    [
        ("c", "c", "FAILED"),
        ("!Ref N", "c", "UNKNOWN"),
        ('!Sub "${N}-c"', "prod-c", "UNKNOWN"),
        ('!Sub "${N}-c"', "prod-d", "FAILED"),
    ],
)
def test_a_template_that_is_not_told_a_name_may_be_told_any(
    scan_files: Scanner, own: str, named: str, result: str
) -> None:
    files = {"infra/t.yaml": TEMPLATE.format(own, named)}
    found = _result(scan_files, files, "RDS_MULTI_AZ", "AWS::RDS::DBCluster.X", kind="cloudformation")
    assert found == result


ROLES = 'resource "aws_iam_role_policy" "{}" {{\n role = "app"\n {}\n policy = jsonencode({})\n}}\n'


@pytest.mark.parametrize(
    ("providers", "second", "result"),
    [
        (DEFAULT, "", "FAILED"),
        (DEFAULT + IRELAND, AT, "FAILED"),
        (DEFAULT + FOREIGN, AT, "UNKNOWN"),
    ],
)
def test_a_role_of_another_account_is_another_role(
    scan_files: Scanner, providers: str, second: str, result: str
) -> None:
    passes = '{Statement = [{Effect = "Allow", Action = "iam:PassRole", Resource = "*"}]}'
    runs = '{Statement = [{Effect = "Allow", Action = "ec2:RunInstances", Resource = "*"}]}'
    code = providers + ROLES.format("a", "", passes) + ROLES.format("b", second, runs)
    assert _result(scan_files, {"infra/main.tf": code}, "ESCALATION_POLICY", "aws_iam_role_policy.a") == result


def _result(scan_files: Scanner, files: dict[str, str], rule: str, address: str, kind: str = "terraform") -> str:
    check = f"CKV2_PREUVE_{rule}"
    own = rendered(bundled().code_rules[check], {"backup_min_retention_days": 35}, bundled().reference)
    found = scan_files(files, checks=frozenset({check}), rules=(own,), kind=kind)
    result: str = found.record("infra", address, check)["result"]
    return result
