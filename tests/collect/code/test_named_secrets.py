"""A literal that the code calls a secret at one place is one wherever the code gives it, under whatever name."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.collect.code.secrets.named_secrets import pattern_of
from preuve.collect.code.secrets.search import CALLED as BESIDE
from preuve.collect.code.secrets.search import secrets_of, secrets_under
from preuve.library.validation.code.code_rules import rendered

SECRET = "Zx9kQpw27lsTr4"
CHECKS = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS", "CKV2_PREUVE_CODE_SECRETS"})
RULES = tuple(rendered(bundled().code_rules[check], {}) for check in sorted(CHECKS))
# What calls it a secret, and how it is named there.
CALLED = {
    "local": (f'locals {{\n  db_password = "{SECRET}"\n}}\n', "local.db_password"),
    "member": (f'locals {{\n  cfg = {{ password = "{SECRET}", user = "a" }}\n}}\n', 'local.cfg["password"]'),
    "variable": (f'variable "db_password" {{\n  default = "{SECRET}"\n}}\n', "var.db_password"),
    "argument": (f'resource "aws_db_instance" "d" {{\n  password = "{SECRET}"\n}}\n', "aws_db_instance.d.password"),
    "store": (
        f'resource "aws_secretsmanager_secret_version" "v" {{\n  secret_id = "x"\n  secret_string = "{SECRET}"\n}}\n',
        "aws_secretsmanager_secret_version.v.secret_string",
    ),
    "parameter": (
        f'resource "aws_ssm_parameter" "p" {{\n  name = "a"\n  type = "SecureString"\n  value = "{SECRET}"\n}}\n',
        "aws_ssm_parameter.p.value",
    ),
    "two_names": (
        f'locals {{\n  db_password = "{SECRET}"\n  a = local.db_password\n  b = [local.a]\n}}\n',
        "local.b[0]",
    ),
}
WAYS = ("{}", '"a-${{{}}}"', "base64encode({})", "jsonencode({{ a = {} }})", "upper({}) == {} ? {} : {}")
COMPUTING = 'resource "aws_lambda_function" "f{}" {{\n  environment {{\n    variables = {{ P = {} }}\n  }}\n}}\n'
MACHINE = 'resource "aws_instance" "i" {{\n  user_data = "#!/bin/sh\\n./install ${{{}}}\\n"\n}}\n'
COMPARED = '{} == "x" ? "1" : "2"'
# Names that only may tell of a secret, and what is called by the text that they are given; `SECRET` may be one.
NAMED = f"""
variable "ssh_key" {{ default = "{SECRET}a" }}
locals {{
  auth      = "{SECRET}b"
  db_secret = "{SECRET}c"
}}
variable "secrets" {{ default = ["{SECRET}d"] }}
resource "aws_instance" "i" {{ key_name = var.ssh_key }}
resource "aws_key_pair" "k" {{ key_name = "{SECRET}a" }}
resource "aws_iam_role" "r" {{ name = "{SECRET}b" }}
resource "aws_secretsmanager_secret" "c" {{ name = "{SECRET}c" }}
resource "aws_secretsmanager_secret" "d" {{ name = var.secrets[0] }}
resource "aws_lambda_function" "f" {{
  environment {{
    variables = {{ KEY_PAIR = var.ssh_key, A = local.auth, B = var.secrets[0] }}
  }}
}}
"""
PARAMETERS = {"SSHKey": f"{SECRET}a", "Auth": f"{SECRET}b", "Secrets": f"{SECRET}d", "DbSecret": f"{SECRET}c"}
CALLING = {
    "AWS::EC2::Instance": "KeyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SecretsManager::Secret": "Name",
    "aws_db_instance": "identifier",
}


@pytest.fixture(scope="module")
def made(scan_files: Scanner) -> Scan:
    files = {
        f"infra/{name}/main.tf": "".join(
            (
                written,
                *(COMPUTING.format(number, way.replace("{}", called).replace("{{", "{").replace("}}", "}"))
                  for number, way in enumerate(WAYS)),
                MACHINE.format(called),
                COMPUTING.format("h", COMPARED.format(called)),
            )
        )
        for name, (written, called) in CALLED.items()
    }  # fmt: skip
    files |= {"infra/named/main.tf": NAMED}
    return scan_files(files, checks=CHECKS, rules=RULES)


@pytest.mark.parametrize("name", CALLED)
def test_a_value_is_a_secret_under_the_names_that_it_passed(made: Scan, name: str) -> None:
    results = {
        line["address"]: line["result"]
        for line in made.of("record", f"infra/{name}")
        if line["check"] == "CKV2_PREUVE_COMPUTE_SECRETS" and line["type"] in ("aws_lambda_function", "aws_instance")
    }
    given = {f"aws_lambda_function.f{number}" for number in range(len(WAYS))} | {"aws_instance.i"}
    assert results == dict.fromkeys(given, "FAILED") | {"aws_lambda_function.fh": "PASSED"}


def test_what_may_be_a_name_and_how_a_resource_is_called_are_none(made: Scan) -> None:
    records = made.of("record", "infra/named")
    assert {line["address"] for line in records if line["result"] == "FAILED"} == {"local.db_secret"}
    assert {"aws_instance.i", "aws_lambda_function.f"} <= {line["address"] for line in records}


def test_of_parameters_only_those_that_surely_tell_are_recognised() -> None:
    told = {name: secrets_under(name, text, path="Default", kind="Parameters") for name, text in PARAMETERS.items()}
    assert [name for name, secrets in told.items() if secrets.found] == ["DbSecret"]
    called = pattern_of(text for secrets in told.values() for text in secrets.texts)
    texts = PARAMETERS.values()
    assert not [(kind, text) for kind, name in CALLING.items() for text in texts
                if secrets_of(kind, {name: text, BESIDE: called}).found]  # fmt: skip
    given = secrets_of("aws_lambda_function", {"environment": [{"variables": [PARAMETERS]}], BESIDE: called})
    assert {found.path.rsplit("/", 1)[1] for found in given.found} == {"SSHKey", "Auth", "Secrets", "DbSecret"}
    under = {"environment": [{"variables": [dict(zip("abcd", texts, strict=True))]}], BESIDE: called}
    assert {found.path.rsplit("/", 1)[1] for found in secrets_of("aws_lambda_function", under).found} == {"d"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SECRET, True),
        (f"x:{SECRET},", True),
        (f"a{SECRET}", False),
        (f"{SECRET}9", False),
        ("postgres", False),
        ("t3.micro", False),
    ],
)
def test_only_a_whole_text_that_no_chance_writes_is_recognised(text: str, found: bool) -> None:
    pattern = pattern_of([SECRET, "postgres", "t3.micro"])
    assert (pattern is not None and pattern.search(text) is not None) is found
    assert pattern_of(["postgres"]) is None
