"""A name in words joins two blocks of one account and region; what is not known of a name may be any."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.collect.code.judgements.relations.neighbourhood import NAMESAKES
from preuve.library.validation.code.code_rules import rendered

VARIABLES = 'variable "n" {}\nvariable "m" {}\n'
DEFAULT = 'provider "aws" {\n region = "eu-west-3"\n}\n'
OTHER = 'provider "aws" {{\n alias = "o"\n region = "{}"\n {}\n}}\n'
IRELAND, PARIS = OTHER.format("eu-west-1", ""), OTHER.format("eu-west-3", "")
OPEN = OTHER.format("${var.m}", "")
FOREIGN = OTHER.format("eu-west-3", 'assume_role {\n role_arn = "arn:aws:iam::222222222222:role/x"\n }')
PERHAPS_FOREIGN = OTHER.format(
    "eu-west-3",
    'dynamic "assume_role" {\n for_each = var.n\n content {\n role_arn = "arn:aws:iam::222222222222:role/x"\n }\n }',
)
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
        (DEFAULT + PERHAPS_FOREIGN, ('"v"', ""), ('"v"', AT), "UNKNOWN"),
        (DEFAULT + PERHAPS_FOREIGN, ('"v"', AT), ('"v"', AT), "PASSED"),
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


SECRET = 'resource "aws_secretsmanager_secret" "s" {\n name = "s"\n}\n'
ROTATION = (
    'resource "aws_secretsmanager_secret_rotation" "r" {{\n secret_id = "arn:aws:{}"\n'
    " rotation_lambda_arn = aws_lambda_function.f.arn\n rotation_rules {{\n automatically_after_days = 30\n }}\n}}\n"
)
OWN = 'provider "aws" {\n region = "eu-west-3"\n allowed_account_ids = ["111111111111"]\n}\n'
OWN_ROLE = DEFAULT.replace("}\n", ' assume_role {\n role_arn = "arn:aws:iam::111111111111:role/x"\n }\n}\n')


@pytest.mark.parametrize(
    ("providers", "arn", "result"),
    [
        (OWN, "secretsmanager:eu-west-3:111111111111:secret:s", "PASSED"),
        (OWN_ROLE, "secretsmanager:eu-west-3:111111111111:secret:s", "PASSED"),
        (OWN, "secretsmanager:eu-west-3:999999999999:secret:s", "FAILED"),
        (OWN_ROLE, "secretsmanager:eu-west-3:999999999999:secret:s", "FAILED"),
        (DEFAULT, "secretsmanager:eu-west-3:999999999999:secret:s", "UNKNOWN"),
        (OWN, "secretsmanager:us-east-1:111111111111:secret:s", "FAILED"),
        ("", "secretsmanager:us-east-1:111111111111:secret:s", "UNKNOWN"),
        (OWN, "sns:eu-west-3:111111111111:s", "FAILED"),
        (OWN, "secretsmanager:eu-west-3:111111111111:secret:t", "FAILED"),
    ],
)
def test_an_arn_in_words_names_what_is_of_its_service_region_and_account(
    scan_files: Scanner, providers: str, arn: str, result: str
) -> None:
    code = providers + SECRET + ROTATION.format(arn)
    found = _result(scan_files, {"infra/main.tf": code}, "SECRET_ROTATED", "aws_secretsmanager_secret.s")
    assert found == result


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


@pytest.mark.parametrize(("named", "result"), [("arn:aws:s3:::b", "UNKNOWN"), ("arn:aws:sqs:eu-west-3:1:b", "FAILED")])
def test_an_arn_without_an_account_proves_nothing(scan_files: Scanner, named: str, result: str) -> None:
    code = DEFAULT + BUCKET.format('"b"', "") + VERSIONS.format(f'"{named}"', "", "Enabled")
    assert _result(scan_files, {"infra/main.tf": code}, "S3_VERSIONING", "aws_s3_bucket.x") == result


@pytest.mark.parametrize("versioned", [True, False])
def test_of_many_namesakes_some_are_looked_at(scan_files: Scanner, versioned: bool) -> None:
    others = "".join(BUCKET.format('"b"', "count = var.n").replace('"x"', f'"y{n}"') for n in range(NAMESAKES + 1))
    sure = BUCKET.format('"b"', "").replace('"x"', '"z"')
    named = VERSIONS.format('"b"', "", "Suspended")
    code = VARIABLES + DEFAULT + BUCKET.format("var.n", INLINE) + (sure + others if versioned else others) + named
    found = _result(scan_files, {"infra/main.tf": code}, "S3_VERSIONING", "aws_s3_bucket.x")
    assert found == ("PASSED" if versioned else "UNKNOWN")


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
        ("c", '"arn:aws:rds:eu-west-3:111111111111:cluster:c"', "UNKNOWN"),
        ("c", '"arn:aws:rds:eu-west-3:111111111111:cluster:d"', "FAILED"),
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
    own = rendered(
        bundled().code_rules[check], {"backup_min_retention_days": 35, "secret_rotation_days": 90}, bundled().reference
    )
    found = scan_files(files, checks=frozenset({check}), rules=(own,), kind=kind)
    result: str = found.record("infra", address, check)["result"]
    return result
