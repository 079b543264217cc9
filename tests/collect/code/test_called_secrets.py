"""A literal that the code calls a secret at one place is one wherever the code gives it, under whatever name."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.collect.code.secrets.called import pattern_of
from preuve.library.checked.code.code_rules import rendered

SECRET = "Zx9kQpw27lsTr4"
CHECK = "CKV2_PREUVE_COMPUTE_SECRETS"
RULES = (rendered(bundled().code_rules[CHECK], {}),)
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
    return scan_files(files, checks=frozenset({CHECK}), rules=RULES)


@pytest.mark.parametrize("name", CALLED)
def test_a_value_is_a_secret_under_the_names_that_it_passed(made: Scan, name: str) -> None:
    results = {
        line["address"]: line["result"]
        for line in made.of("record", f"infra/{name}")
        if line["type"] in ("aws_lambda_function", "aws_instance")
    }
    given = {f"aws_lambda_function.f{number}" for number in range(len(WAYS))} | {"aws_instance.i"}
    assert results == dict.fromkeys(given, "FAILED") | {"aws_lambda_function.fh": "PASSED"}


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
