"""A literal secret is found at every place that a language allows; its place is reported, and the secret is not.

The same secret is moved from place to place: each file with it fails. If a function hides its result, the result may be
UNKNOWN, but never a pass and never nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect.code.conftest import Scan, Scanner
from collect.code.test_literal_secrets import LITERALS, SECRETS
from content_copy import bundled
from preuve.collect.code.inputs.variables import arguments_in
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.collect.code.language.templates import source as template
from preuve.collect.code.secrets.templates import of_template
from preuve.collect.code.secrets.terraform_files import Piece, SecretRules, lines_of, of_file, of_variables
from preuve.collect.code.secrets.workflows_and_images import of_dockerfile, of_workflow
from preuve.library.validation.code.code_rules import rendered

RULES = [rendered(bundled().code_rules[f"CKV2_PREUVE_{name}_SECRETS"], {}) for name in ("CODE", "COMPUTE")]
ASKED = SecretRules.by(RULES, frozenset(rule["metadata"]["id"] for rule in RULES))

ON_ONE_LINE = SECRETS.filter(lambda text: "\n" not in text)

Pieces = Callable[[str], Iterable[Piece]]


def found(pieces: Pieces, text: str) -> list[dict[str, Any]]:
    """Return the failures reported for a file."""
    return [line for line in lines_of(ASKED, ".", "file", text, pieces(text)) if line["result"] == "FAILED"]


def fails(pieces: Pieces, text: str, secret: str) -> None:
    """Check that the file fails at an existing line, and that the secret is not shown."""
    lines = found(pieces, text)
    assert lines
    assert all(1 <= line["decided_at"][0] <= text.count("\n") + 1 for line in lines)
    assert secret not in repr(lines)


def hcl(text: str) -> Iterator[Piece]:
    return of_file(parse_file(text))


def variables(text: str) -> Iterator[Piece]:
    return of_variables(arguments_in("x.tfvars", text))


def json_variables(text: str) -> Iterator[Piece]:
    return of_variables(arguments_in("x.tfvars.json", text))


def cloudformation(text: str) -> Iterator[Piece]:
    return of_template(template.parse(text))


def workflow(text: str) -> Iterator[Piece]:
    return of_workflow(text, "a.yml")


def dockerfile(text: str) -> Iterator[Piece]:
    # Loads Checkov: not while the tests are collected.
    from preuve.collect.code.checkov.kinds.dockerfile import _instructions

    return of_dockerfile(text, "Dockerfile", _instructions(text))


def called(item: Any) -> str:
    """A part of the name of a test."""
    return item if isinstance(item, str) else str(item.__name__)


# ---- by its form: anywhere ----------------------------------------------------------------------------------------

# `@` is replaced by the secret as a text of the language.
IN_TERRAFORM = [
    "locals {\n  a = @\n}",
    "locals {\n  a = { b = [1, { c = @ }] }\n}",
    "locals {\n  a = { (@) = 1 }\n}",
    'variable "a" {\n  default = @\n}',
    'variable "a" {\n  type = string\n  description = @\n}',
    'variable "a" {\n  validation {\n    condition = true\n    error_message = @\n  }\n}',
    'output "a" {\n  value = @\n}',
    'terraform {\n  backend "s3" {\n    bucket = @\n  }\n}',
    'provider "x" {\n  a = @\n}',
    'provider "aws" {\n  default_tags {\n    tags = { a = @ }\n  }\n}',
    'resource "a_b" "c" {\n  d = @\n}',
    'resource "a_b" "c" {\n  count = 0\n  d = @\n}',
    'resource "a_b" "c" {\n  for_each = { x = @ }\n}',
    'resource "a_b" "c" {\n  d {\n    e {\n      f = @\n    }\n  }\n}',
    'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = var.x\n    content {\n      e = @\n    }\n  }\n}',
    'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = [@]\n    content {\n      e = d.value\n    }\n  }\n}',
    'resource "aws_instance" "c" {\n  provisioner "remote-exec" {\n    inline = [@]\n  }\n}',
    'resource "aws_instance" "c" {\n  connection {\n    host = @\n  }\n}',
    'resource "aws_lambda_function" "c" {\n  environment {\n    variables = { A = @ }\n  }\n}',
    'resource "terraform_data" "c" {\n  triggers_replace = [@]\n}',
    'data "external" "c" {\n  query = { a = @ }\n}',
    'module "c" {\n  source = "./x"\n  a = @\n}',
    'module "c" {\n  source = @\n}',
    "locals {\n  a = var.on ? @ : null\n}",
    "locals {\n  a = var.x == @\n}",
    "locals {\n  a = jsonencode({ b = @, c = var.x })\n}",
    "locals {\n  a = base64encode(@)\n}",
    'locals {\n  a = format("%s-%s", @, var.x)\n}',
    'locals {\n  a = join(",", [@, var.x])\n}',
    'locals {\n  a = coalesce(var.x, @)\n}',
    'locals {\n  a = some_function_of_tomorrow(@)\n}',
    'locals {\n  a = templatefile("x", { b = @ })\n}',
    'locals {\n  a = merge(var.x, { b = @ })\n}',
    "locals {\n  a = [for x in [@] : x]\n}",
    "locals {\n  a = { for x in var.y : x => @ }\n}",
    'locals {\n  a = "${var.on ? @ : ""}"\n}',
    "locals {\n  a = { b = @ }[var.x]\n}",
    "check \"a\" {\n  assert {\n    condition = true\n    error_message = @\n  }\n}",
]  # fmt: skip
PLAIN_IN_TERRAFORM = [  # as it is
    "# @\nlocals {}",
    "locals {} // @",
    "/*\n@\n*/",
    "locals {\n  a = <<EOT\nx @\nEOT\n}",
    "locals {\n  a = <<EOT\n${var.x}\n@\n%{ if var.y }a%{ endif }\nEOT\n}",
]


@pytest.mark.parametrize("place", IN_TERRAFORM)
@settings(max_examples=8)
@given(secret=SECRETS)
def test_a_secret_by_form_is_found_at_every_place_of_terraform(place: str, secret: str) -> None:
    fails(hcl, place.replace("@", json.dumps(secret)), secret)


@pytest.mark.parametrize("place", PLAIN_IN_TERRAFORM)
@settings(max_examples=8)
@given(secret=ON_ONE_LINE)
def test_a_secret_outside_expressions_is_found(place: str, secret: str) -> None:
    fails(hcl, place.replace("@", secret), secret)


@settings(max_examples=30)
@given(secret=SECRETS)
def test_a_secret_in_variable_files_is_found(secret: str) -> None:
    fails(variables, f"a = {json.dumps(secret)}\n", secret)
    fails(variables, f"b = {{ a = [{json.dumps(secret)}] }}\n", secret)
    fails(json_variables, json.dumps({"a": {"b": [secret]}}), secret)


def of_resources(properties: Any) -> dict[str, Any]:
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"A": {"Type": "AWS::S3::Bucket", **properties}}}


IN_TEMPLATES: list[Callable[[str], Any]] = [
    lambda secret: of_resources({"Properties": {"Name": secret}}),
    lambda secret: of_resources({"Properties": {"A": [{"B": {"C": secret}}]}}),
    lambda secret: of_resources({"Properties": {secret: 1}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Sub": f"${{X}} {secret}"}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Sub": ["${X}", {"X": secret}]}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Join": ["", [{"Ref": "X"}, secret]]}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::If": ["C", secret, {"Ref": "AWS::NoValue"}]}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Base64": secret}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Base64": {"Fn::Sub": f"x ${{Y}}\n{secret}\n"}}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Select": [0, [secret, {"Ref": "X"}]]}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Tomorrow": [secret]}}}),
    lambda secret: of_resources({"Properties": {"A": {"Fn::Transform": {"Name": "M", "Parameters": {"P": secret}}}}}),
    lambda secret: of_resources({"Properties": {"A": json.dumps({"a": [secret]})}}),
    lambda secret: of_resources({"Metadata": {"AWS::CloudFormation::Init": {"c": {"files": {"f": secret}}}}}),
    lambda secret: {**of_resources({}), "Parameters": {"P": {"Type": "String", "Default": secret}}},
    lambda secret: {**of_resources({}), "Parameters": {"P": {"Type": "String", "AllowedValues": ["a", secret]}}},
    lambda secret: {**of_resources({}), "Parameters": {"P": {"Type": "String", "Description": f"as {secret}"}}},
    lambda secret: {**of_resources({}), "Mappings": {"M": {"a": {"b": secret}}}},
    lambda secret: {**of_resources({}), "Conditions": {"C": {"Fn::Equals": [{"Ref": "X"}, secret]}}},
    lambda secret: {**of_resources({}), "Outputs": {"O": {"Value": secret}}},
    lambda secret: {**of_resources({}), "Metadata": {"x": secret}},
    lambda secret: {**of_resources({}), "Description": secret},
    lambda secret: {**of_resources({}), "Globals": {"Function": {"Environment": {"Variables": {"A": secret}}}}},
    lambda secret: {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Fn::ForEach::L": ["V", ["a"], {"R${V}": {"Type": "AWS::X::Y", "Properties": {"A": secret}}}]},
    },
]


@pytest.mark.parametrize("place", range(len(IN_TEMPLATES)))
@settings(max_examples=8)
@given(secret=SECRETS)
def test_a_secret_by_form_is_found_at_every_place_of_a_template(place: int, secret: str) -> None:
    fails(cloudformation, json.dumps(IN_TEMPLATES[place](secret), indent=1), secret)


IN_WORKFLOWS = [
    "env: {A: @}\njobs: {j: {runs-on: u}}",
    "jobs:\n  j:\n    runs-on: u\n    env: {A: @}",
    "jobs:\n  j:\n    container: {image: x, env: {A: @}}",
    "jobs:\n  j:\n    uses: a/b@v1\n    with: {a: @}",
    "jobs:\n  j:\n    strategy: {matrix: {a: [@]}}",
    "jobs:\n  j:\n    steps: [{run: x}, {run: @}]",
    "jobs:\n  j:\n    steps:\n      - uses: a/b@v1\n        with: {a: @}",
    "jobs:\n  j:\n    steps: [{run: x, env: {A: @}}]",
    "on: {workflow_call: {inputs: {a: {default: @}}}}\njobs: {j: {runs-on: u}}",
]
IN_DOCKERFILES = [
    "FROM x\nENV A=@", "FROM x\nENV A @", "ARG A=@\nFROM x", "FROM x\nLABEL a=@", "FROM x\nRUN use @ --now",
    "FROM x\nRUN a && \\\n  use @", "FROM x\nRUN <<EOF\nuse @\nEOF", "FROM x\nCOPY <<EOF /x\n@\nEOF", "# @\nFROM x",
    'FROM x\nCMD ["a", "@"]', "FROM x\nHEALTHCHECK CMD curl -H @ x", "FROM x AS a\nENV A=@\nFROM y\nRUN z",
]  # fmt: skip


@pytest.mark.parametrize("place", IN_WORKFLOWS)
@settings(max_examples=8)
@given(secret=SECRETS)
def test_a_secret_by_form_is_found_at_every_place_of_a_workflow(place: str, secret: str) -> None:
    fails(workflow, place.replace("b@v1", "b#v1").replace("@", json.dumps(secret)).replace("#v1", "@v1"), secret)


@pytest.mark.parametrize("place", IN_DOCKERFILES)
@settings(max_examples=8)
@given(secret=ON_ONE_LINE)
def test_a_secret_by_form_is_found_at_every_place_of_a_dockerfile(place: str, secret: str) -> None:
    fails(dockerfile, place.replace("@", secret) + "\n", secret)


# ---- by its name --------------------------------------------------------------------------------------------------

NAMES = ["db_password", "apiToken", "CLIENT_SECRET", "signing-key"]
NAMED: list[tuple[Pieces, str]] = [
    (hcl, 'locals {\n  "@n" = @v\n}'.replace('"@n"', "@n")),
    (hcl, "locals {\n  x = { @n = @v }\n}"),
    (hcl, 'variable "@n" {\n  default = @v\n}'),
    (hcl, 'variable "x" {\n  default = { y = { @n = @v } }\n}'),
    (hcl, 'output "@n" {\n  value = @v\n}'),
    (hcl, 'terraform {\n  backend "x" {\n    @n = @v\n  }\n}'),
    (hcl, 'provider "x" {\n  @n = @v\n}'),
    (hcl, 'resource "a_b" "c" {\n  @n = @v\n}'),
    (hcl, 'resource "a_b" "c" {\n  count = 0\n  d {\n    @n = @v\n  }\n}'),
    (hcl, 'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = var.x\n    content {\n      @n = @v\n    }\n  }\n}'),
    (hcl, 'resource "a_b" "c" {\n  for_each = { x = { @n = @v } }\n}'),
    (hcl, 'resource "a_b" "c" {\n  @n = var.x ? random_password.x.result : @v\n}'),
    (hcl, 'resource "a_b" "c" {\n  @n = "${@v}"\n}'),
    (hcl, 'resource "a_b" "c" {\n  d = jsonencode({ e = var.x, @n = @v })\n}'),
    (hcl, 'resource "a_b" "c" {\n  d = [{ name = "@n", value = @v }]\n}'),
    (hcl, 'module "c" {\n  source = "./x"\n  @n = @v\n}'),
    (variables, "@n = @v\n"),
    (json_variables, '{"@n": @v}'),
    (cloudformation, '{"Resources": {}, "Parameters": {"@n": {"Type": "String", "Default": @v}}}'),
    (cloudformation, '{"Resources": {}, "Parameters": {"@n": {"Type": "String", "AllowedValues": [@v]}}}'),
    (cloudformation, '{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"@n": @v}}}}'),
    (cloudformation, '{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"E": [{"Name": "@n", "Value": @v}]}}}}'),
    (cloudformation, '{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"@n": {"Fn::If": ["C", @v, ""]}}}}}'),
    (cloudformation, '{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"@n": {"Ref": "P"}}}}, '
     '"Parameters": {"P": {"Type": "String", "NoEcho": true, "Default": @v}}}'),
    (cloudformation, '{"Resources": {}, "Mappings": {"M": {"a": {"@n": @v}}}}'),
    (cloudformation, '{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"@n": {"Fn::FindInMap": '
     '["M", {"Ref": "P"}, "a"]}}}}, "Mappings": {"M": {"x": {"a": @v}}}}'),
    (cloudformation, '{"Resources": {}, "Outputs": {"@n": {"Value": @v}}}'),
    (workflow, "env: {@n: @v}\njobs: {j: {runs-on: u}}"),
    (workflow, "jobs: {j: {env: {@n: @v}}}"),
    (workflow, "jobs: {j: {steps: [{run: a}, {uses: b, with: {@n: @v}}]}}"),
    (dockerfile, "FROM x\nENV @n=@v\n"),
    (dockerfile, "FROM x\nARG @n=@v\n"),
    (dockerfile, "FROM x\nLABEL @n=@v\n"),
]  # fmt: skip


@pytest.mark.parametrize(("pieces", "place"), NAMED, ids=called)
@settings(max_examples=10)
@given(name=st.sampled_from(NAMES), value=LITERALS)
def test_a_literal_under_a_revealing_name_is_found_at_every_place(
    pieces: Pieces, place: str, name: str, value: str
) -> None:
    fails(pieces, place.replace("@n", name).replace("@v", json.dumps(value)), value + "\0")


@pytest.mark.parametrize(
    "part",
    [
        '"Conditions": {"C": {"Fn::Equals": [{"Ref": "DbPassword"}, "Kq93hfPz2x"]}}',
        '"Conditions": {"C": {"Fn::Not": [{"Fn::Equals": ["Kq93hfPz2x", {"Ref": "DbPassword"}]}]}}',
        '"Rules": {"R": {"Assertions": [{"Assert": {"Fn::Contains": [["Kq93hfPz2x"], {"Ref": "DbPassword"}]}}]}}',
        '"Parameters": {"DbPassword": {"Type": "String", "AllowedPattern": "^Kq93hfPz2x$"}}',
    ],
)
def test_a_literal_compared_with_a_secret_parameter_is_a_secret(part: str) -> None:
    fails(cloudformation, f'{{"Resources": {{}}, {part}}}', "Kq93hfPz2x")
    for other in ("", "none", ".{8,}"):
        assert found(cloudformation, f'{{"Resources": {{}}, {part.replace("Kq93hfPz2x", other)}}}') == []


_WRITTEN = "S3cr3tV4lue9xQz7Lm"
_IN_BASE64 = base64.b64encode(_WRITTEN.encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        *(
            f'{name}("{_WRITTEN}")'
            for name in ("basename", "core::trimspace", "ephemeralasnull", "strrev", "yamldecode")
        ),
        f'regex(".*", "{_WRITTEN}")',
        f'core::substr("{_WRITTEN}", 0, -1)',
        f'base64decode("{_IN_BASE64}")',
        f'textdecodebase64("{_IN_BASE64}", "UTF-8")',
        f'jsondecode("{{\\"a\\":\\"{_WRITTEN}\\"}}").a',
        f'csvdecode("a\\n{_WRITTEN}")[0].a',
        f'join("", regexall(".", "{_WRITTEN}"))',
        f'"x${{basename("{_WRITTEN}")}}"',
        f'bcrypt("{_WRITTEN}", 10)',
        f'substr("{_WRITTEN}", 0, var.x)',
        f'regex(var.x, "{_WRITTEN}")',
        f'setsubtract(["{_WRITTEN}"], [var.x])',
        f'setintersection(["{_WRITTEN}"], [var.x])',
        f'compact(["{_WRITTEN}", var.x])',
        f'one(compact(["{_WRITTEN}", var.x]))',
        f'reverse([var.x, "{_WRITTEN}"])[0]',
        f'indent(2, "{_WRITTEN}")',
    ],
)
def test_what_a_function_makes_of_literals_is_a_literal(value: str) -> None:
    fails(hcl, f"locals {{\n  db_password = {value}\n}}", _WRITTEN)


@pytest.mark.parametrize(
    "value",
    [
        "basename(var.x)",
        'length("a1b2c3d4")',
        'contains(["a1b2c3d4"], var.x)',
        'regex("^[a-z0-9]{4}$", var.x)',
        'setsubtract(var.x, ["a1b2c3d4"])',
        'md5(file("x"))',
    ],
)
def test_what_a_function_only_looks_at_is_no_secret(value: str) -> None:
    assert found(hcl, f"locals {{\n  db_password = {value}\n}}") == []


# ---- what is none -------------------------------------------------------------------------------------------------

REFERENCES = {
    hcl: ["var.x", "random_password.x.result", 'data.x.y["z"].a', '"${var.x}"', "null", '""', 'sensitive(var.x)',
          'jsondecode(data.x.y.z)["password"]', 'lookup(var.x, "password")', "local.x[0].y", 'var.on ? var.x : ""',
          'file("secret.txt")', 'split(":", var.x)[1]', 'replace(var.x, "a1b2c3d4", "")'],
    cloudformation: ['{"Ref": "Given"}', '{"Fn::GetAtt": ["A", "B"]}', '"{{resolve:secretsmanager:a:SecretString:b}}"',
                     '{"Fn::Sub": "{{resolve:ssm-secure:/a/${AWS::StackName}}}"}', '{"Fn::ImportValue": "a-b"}', '""'],
    workflow: ['"${{ secrets.X }}"', '"${{ github.token }}"', '""', '"$TOKEN"'],
    dockerfile: ["$X", "${X}", '""', "/run/secrets/x"],
}  # fmt: skip
PLACES_OF_REFERENCES = [(pieces, place) for pieces, place in NAMED if pieces in REFERENCES and '"${@v}"' not in place]


@pytest.mark.parametrize(("pieces", "place"), PLACES_OF_REFERENCES, ids=called)
@pytest.mark.parametrize("name", NAMES)
def test_a_reference_is_no_secret(pieces: Pieces, place: str, name: str) -> None:
    for value in REFERENCES[pieces]:
        if '"Default": @v' not in place or value == '""':  # a default is no function
            assert found(pieces, place.replace("@n", name).replace("@v", value)) == [], value


@pytest.mark.parametrize("name", ["DB_PASSWORD", "APP_SECRET", "api_token"])
@pytest.mark.parametrize(
    "value",
    ["sm://prod/db", "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/db)", "__FROM_SSM__",
     "{% $states.input.password %}", "prod-db-password", "prod/db/secret"],
)  # fmt: skip
def test_the_name_of_an_external_secret_is_no_secret(name: str, value: str) -> None:
    assert found(hcl, f'resource "a_b" "c" {{\n  d = {{ {name} = "{value}" }}\n}}') == []


def test_values_that_a_state_machine_or_a_build_fetches_are_no_secrets() -> None:
    machine = {"Parameters": {"password.$": "$.password", "Payload": {"token.$": "$$.Task.Token"}}}
    text = json.dumps(machine).replace('"', '\\"')
    assert found(hcl, f'resource "a_b" "c" {{\n  definition = "{text.replace("$", "$")}"\n}}') == []
    for kept in ("secrets-manager", "parameter-store"):
        build = f"version: 0.2\nenv:\n  {kept}:\n    DB_PASSWORD: Kq93hfPz2x:token\n"
        assert found(cloudformation, _project(build)) == []
    fails(cloudformation, _project("version: 0.2\nenv:\n  variables:\n    DB_PASSWORD: Kq93hfPz2x\n"), "Kq93hfPz2x")
    fails(cloudformation, _project("phases: {build: {commands: ['export DB_PASSWORD=Kq93hfPz2x']}}\n"), "Kq93hfPz2x")


def _project(build: str) -> str:
    source = {"Type": "GITHUB", "BuildSpec": build}
    return json.dumps({"Resources": {"P": {"Type": "AWS::CodeBuild::Project", "Properties": {"Source": source}}}})


HARMLESS = [
    ("token_endpoint", "a1B2c3D4e5F6"), ("password_policy", "Strict99!"), ("secret_name", "Prod9db"),
    ("secret_arn", "Prod9db!"), ("key_id", "Abc123xyz"), ("kms_key", "Abc123xyz"),
    ("passwords_last_used", "2024-01-01"),
    ("token_validity_units", "Abc123xyz"), ("pass_role_arn", "Abc123xyz"), ("public_key", "ssh-rsa Abc123xyz"),
    ("password_hash", "$2y$10$abcdefgh"), ("token_fingerprint", "ab:cd:12"), ("secret_id", "Prod9"),
    ("password_length", "24"), ("token_url", "https://x.example/a1b2"), ("TOKEN_FOR_APP", "eu-west-3"),
    ("SECRET_OF_SHOP", "t3.micro"), ("secrets_provider_class", "vault"), ("existing_secret", "shop-db"),
    ("secretEnv", "ALERTS_SECRET"), ("max_tokens", "4096"),
    ("token.actions.githubusercontent.com:aud", "sts.amazonaws.com"),
    ("EKSEncryptSecrets", "Enabled"),
    ("DB_ENGINE", "postgres"), ("DB_USERNAME", "app"), ("ssh_key_path", "~/.ssh/id_rsa"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_a_text_about_a_secret_is_no_secret(name: str, value: str) -> None:
    text = json.dumps(value)
    assert found(hcl, f'resource "a_b" "c" {{\n  d = {{ "{name}" = {text} }}\n}}') == []
    assert found(cloudformation, json.dumps(of_resources({"Properties": {"A": {name: value}}}))) == []
    assert found(workflow, f"jobs: {{j: {{env: {{{json.dumps(name)}: {text}}}}}}}") == []


NO_SECRETS = [
    (hcl, 'data "google_secret_manager_secret_version" "x" {\n  secret = "oauth-client-secret"\n}'),
    (hcl, """data "aws_iam_policy_document" "x" {
  statement {
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}"""),
    (hcl, """resource "aws_iam_role" "x" {
  assume_role_policy = jsonencode({
    Statement = [{ Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:acme/Shop1:x" } } }]
  })
}"""),
    (hcl, """resource "aws_secretsmanager_secret_version" "x" {
  secret_string = jsonencode({
    DB_ENGINE = "postgres", DB_USERNAME = "shop", "${var.x}_URL" = "x", DB_PASSWORD = random_password.x.result
  })
}"""),
    (hcl, 'resource "aws_codebuild_project" "x" {\n  encryption_key = "mrk-1234abcd12ab34cd56ef1234567890ab"\n}'),
    (hcl, "# https://hooks.slack.com/services/T0GKQH9S8/B01BZQZQZQZ/xxxxxxxxxxxxxxxxxxxxxxxx\nlocals {}"),
    (hcl, 'locals {\n  hook = "https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX"\n}'),
    (hcl, """resource "aws_secretsmanager_secret_version" "x" {
  secret_string = jsonencode({ BUCKET = "s3://${replace(var.x, "arn:aws:s3:::", "")}/grafana/" })
}"""),
    (hcl, 'resource "aws_cognito_user_pool_client" "x" {\n  token_validity_units {\n    access_token = "days7"\n}\n}'),
    (hcl, 'resource "aws_db_instance" "x" {\n  tags = { note = "Password: see the vault of the team" }\n}'),
    (hcl, """resource "aws_instance" "x" {
  user_data = <<EOT
import boto3
token = get_token()
password = args.password
connect(secret=secret, token=os.environ['TOKEN'])
EOT
}"""),
    (hcl, 'locals {\n  check = "-----BEGIN RSA PRIVATE KEY-----"\n}'),
    (workflow, "permissions: {id-token: write}\njobs: {j: {permissions: {id-token: write}, steps: [{run: a}]}}"),
    (dockerfile, "FROM x\nRUN adduser --disabled-password --gecos '' app\n"),
    (cloudformation, json.dumps(of_resources({"Properties": {"GenerateSecretString": {
        "SecretStringTemplate": '{"username": "app"}', "GenerateStringKey": "password", "PasswordLength": 30}}}))),
    (cloudformation, json.dumps({"Resources": {"A": {"Type": "AWS::CodeBuild::Project", "Properties": {"Environment": {
        "EnvironmentVariables": [{"Name": "TOKEN", "Type": "SECRETS_MANAGER", "Value": "Prod9db"}]}}}}})),
    (cloudformation, json.dumps({"Resources": {}, "Parameters": {
        "User": {"Type": "String", "NoEcho": True, "Default": "admin"},
        "Password": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "ProdPassword1"}}})),
]  # fmt: skip


@pytest.mark.parametrize(("pieces", "text"), NO_SECRETS, ids=called)
def test_code_without_a_secret_passes(pieces: Pieces, text: str) -> None:
    assert found(pieces, text) == []


# ---- what expressions come to: with the evaluator and the worker ---------------------------------------------------

LITERAL = "Sup3rS3cret2024!"
TOLD_BY_EVALUATION = f"""
variable "part" {{
  default = "{LITERAL}"
}}
variable "rate_limit_token" {{
  default = "{LITERAL}"
}}
locals {{
  parts = [substr(var.part, 0, 5), substr(var.part, 5, -1)]
}}
resource "aws_instance" "completed" {{
  user_data = "#!/bin/sh\\nexport DB_PASSWORD=${{var.part}}\\n"
}}
resource "aws_instance" "encoded" {{
  user_data_base64 = base64encode("#!/bin/sh\\nexport DB_PASSWORD=${{join("", local.parts)}}\\n")
}}
resource "aws_db_instance" "composed" {{
  password = join("", local.parts)
}}
resource "aws_db_instance" "decoded" {{
  password = base64decode("{base64.b64encode(LITERAL.encode()).decode()}")
}}
resource "aws_db_instance" "of_files" {{
  password = var.of_files
}}
variable "of_files" {{
  default = null
}}
resource "aws_db_instance" "not_made" {{
  count    = 0
  password = "{LITERAL}"
}}
module "handing_on" {{
  source           = "acme/waf/aws"
  rate_limit_token = var.rate_limit_token
}}
locals {{
  of_no_name         = "{LITERAL}"
  database_password  = local.of_no_name
  rate_limit_token   = "{LITERAL}"
  rate_limit_token_2 = local.rate_limit_token
}}
module "handing_on_what_is_told_nowhere" {{
  source   = "acme/waf/aws"
  password = local.database_password
}}
module "handing_on_a_name_of_it" {{
  source           = "acme/waf/aws"
  rate_limit_token = local.rate_limit_token_2
}}
"""


@pytest.fixture(scope="module")
def evaluated(scan_files: Scanner) -> Scan:
    files = {"infra/main.tf": TOLD_BY_EVALUATION, "infra/prod.tfvars": f'of_files = "{LITERAL}"\n'}
    return scan_files(files, checks=ASKED.all, rules=tuple(RULES))


def test_secrets_built_by_expressions_are_found_and_nothing_is_passed(evaluated: Scan) -> None:
    results = {line["address"]: line["result"] for line in evaluated.of("record", "infra")}
    for name in ("aws_instance.completed", "aws_instance.encoded", "aws_db_instance.composed"):
        assert results[name] == "FAILED", name
    assert results["aws_db_instance.decoded"] == "FAILED"
    assert results["aws_db_instance.not_made"] == "FAILED"
    assert results["aws_db_instance.of_files"] == "UNKNOWN"
    assert LITERAL not in json.dumps(evaluated.lines)


def test_a_secret_default_is_reported_at_the_variable_and_not_at_the_call(evaluated: Scan) -> None:
    results = {line["address"]: line["result"] for line in evaluated.of("record", "infra")}
    assert results["var.rate_limit_token"] == "FAILED"
    assert results["module.handing_on"] == "PASSED"
    assert results["local.rate_limit_token"] == "FAILED"
    assert results["module.handing_on_a_name_of_it"] == "PASSED"
    assert results["module.handing_on_what_is_told_nowhere"] == "FAILED"


def test_the_gap_of_a_module_does_not_show_a_secret_in_its_source(scan_files: Scanner) -> None:
    source = "git::https://ci:" + LITERAL.strip("!") + "@git.example.com/x.git"
    made = scan_files(
        {"infra/main.tf": f'module "m" {{\n  source = "{source}"\n}}\n'}, checks=ASKED.all, rules=tuple(RULES)
    )
    assert made.record("infra", "module.m", "CKV2_PREUVE_CODE_SECRETS")["result"] == "FAILED"
    assert made.gaps("infra")
    assert LITERAL.strip("!") not in json.dumps(made.lines)


RETURNED = f"""
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Environment:
      Variables:
        DB_PASSWORD: {LITERAL}
Resources:
  Kept: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: {LITERAL}}}}}
  Asks:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Environment: {{Variables: {{API_TOKEN: !GetAtt Kept.Value}}}}
  Copies:
    Type: AWS::SecretsManager::Secret
    Properties: {{SecretString: !GetAtt Kept.Value}}
  Inherits:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Environment: {{Variables: {{LEVEL: info}}}}}}
"""


def test_a_secret_that_another_resource_of_the_template_returns_is_a_secret(scan_files: Scanner) -> None:
    """And that of the globals is told at its own line, not at that of a function that inherits it. What keeps the same
    text in clear keeps a secret.
    """
    checks = frozenset(rule["metadata"]["id"] for rule in RULES)
    files = {"infra/stack.yaml": RETURNED}
    told = scan_files(files, kind="cloudformation", checks=checks, rules=tuple(RULES)).of("record", "infra")
    failed = {line["address"].split(".")[1]: line["decided_at"] for line in told if line["result"] == "FAILED"}
    assert failed == {"Function": [7, 7], "Kept": [9, 9], "Asks": [14, 14], "Copies": [17, 17], "Inherits": [7, 7]}


IN_CLEAR = """
Parameters:
  Pw: {Type: String, NoEcho: true, Default: hunter2hunter2}
  Asked: {Type: String, NoEcho: true}
  Level: {Type: String}
Resources:
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: bob}}
  Told:
    Type: AWS::Lambda::Function
    Properties: {Environment: {Variables: {X: %s}}}
  Boots:
    Type: AWS::EC2::Instance
    Properties: {UserData: !Base64 {"Fn::Sub": "#!/bin/sh\\nexport X=${%s}\\n"}}
  Runs:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: a, Environment: [{Name: X, Value: %s}], Secrets: [{Name: X, ValueFrom: !Ref Asked}]}
"""


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("Pw", "UNKNOWN"),
        ("Asked", "UNKNOWN"),
        ("Key.SecretAccessKey", "UNKNOWN"),
        ("{{resolve:secretsmanager:db:SecretString:password}}", "UNKNOWN"),
        ("{{resolve:ssm:/app/level}}", "PASSED"),
        ("Level", "PASSED"),
        ("Key", "PASSED"),
    ],
)
def test_a_secret_that_configures_a_program_stands_there_in_clear(scan_files: Scanner, value: str, result: str) -> None:
    called = f"!GetAtt {value}" if "." in value else f"!Ref {value}"
    written = f'"{value}"' if value.startswith("{{") else ""
    text = IN_CLEAR.replace("${%s}", value) if written else IN_CLEAR
    given = (written, written) if written else (called, value, called)
    files = {"infra/stack.yaml": text % given}
    asked = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    told = scan_files(files, kind="cloudformation", checks=asked, rules=tuple(RULES)).of("record", "infra")
    results = {line["address"].split(".")[1]: line["result"] for line in told}
    assert {name: results[name] for name in ("Told", "Boots", "Runs")} == dict.fromkeys(
        ("Told", "Boots", "Runs"), result
    )


OF_TERRAFORM = """
resource "aws_lambda_function" "told_%(number)s" {
  environment {
    variables = { X = %(value)s }
  }
}
resource "aws_instance" "boots_%(number)s" {
  user_data = "#!/bin/sh\\nexport X=${%(value)s}\\n"
}
resource "aws_ecs_task_definition" "runs_%(number)s" {
  container_definitions = jsonencode([{ environment = [{ name = "X", value = %(value)s }] }])
}
resource "aws_elastic_beanstalk_environment" "set_%(number)s" {
  setting {
    namespace = "aws:elasticbeanstalk:application:environment"
    name      = "X"
    value     = %(value)s
  }
}
resource "aws_ecs_task_definition" "looks_up_%(number)s" {
  container_definitions = jsonencode([{ secrets = [{ name = "X", valueFrom = %(value)s }] }])
}
"""
BESIDE = """
variable "x" {}
resource "random_password" "db" {
  length = 24
}
resource "aws_amplify_app" "is_given_it" {
  oauth_token = random_password.db.result
}
"""
MADE_AS_SECRETS = [
    *("random_password.db.result", "aws_iam_access_key.u.secret", "tls_private_key.k.private_key_pem"),
    *("aws_cognito_user_pool_client.c.client_secret", "data.aws_secretsmanager_secret_version.s.secret_string"),
    *('jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)["p"]', "data.aws_ssm_parameter.token.value"),
    '"postgres://app:${random_password.db.result}@db/app"',
    *('random_password.each["a.b"].result', "random_password.all[0].result"),
]
MADE_AS_NONE = [
    *(
        "var.x",
        "random_string.suffix.result",
        "aws_secretsmanager_secret.db_password.name",
        "aws_db_instance.d.username",
    ),
    *("aws_secretsmanager_secret_version.db.arn", "data.aws_ssm_parameter.table.value", "aws_iam_access_key.u.id"),
    *("aws_rds_cluster.c.master_user_secret[0].secret_arn", "tls_private_key.k.public_key_openssh"),
]


def test_a_secret_that_the_code_makes_or_looks_up_stands_in_clear_in_what_runs(scan_files: Scanner) -> None:
    values = [*MADE_AS_SECRETS, *MADE_AS_NONE]
    text = BESIDE + "".join(OF_TERRAFORM % {"value": value, "number": number} for number, value in enumerate(values))
    asked = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    told = scan_files({"infra/main.tf": text}, checks=asked, rules=tuple(RULES)).of("record", "infra")
    results = {line["address"].split(".")[1]: line["result"] for line in told}
    assert results.pop("is_given_it") == "PASSED"
    for number, value in enumerate(values):
        clear = "UNKNOWN" if value in MADE_AS_SECRETS else "PASSED"
        assert [results[f"{name}_{number}"] for name in ("told", "boots", "runs", "set")] == [clear] * 4, value
        assert results[f"looks_up_{number}"] == "PASSED", value


def test_what_secrets_manager_gives_a_template_is_a_secret_under_a_telling_name(scan_files: Scanner) -> None:
    value = '"{{resolve:secretsmanager:db:SecretString:password}}"'
    text = (IN_CLEAR % (value, "Level", value)).replace("Variables: {X:", "Variables: {DB_PASSWORD:")
    asked = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    told = scan_files({"infra/s.yaml": text}, kind="cloudformation", checks=asked, rules=tuple(RULES))
    results = {line["address"].split(".")[1]: line["result"] for line in told.of("record", "infra")}
    assert (results["Told"], results["Runs"]) == ("FAILED", "UNKNOWN")


AS_THEY_ARE = [
    *("random_password.db.result", '"${random_password.db.result}"', "nonsensitive(random_password.db.result)"),
    *("data.aws_secretsmanager_secret_version.s.secret_string", "module.m.random_password.db[0].result"),
    *('random_password.all["a"].result', "aws_iam_access_key.u.secret", "data.vault_generic_secret.s.data.password"),
]
NOT_AS_THEY_ARE = [
    *("sha256(random_password.db.result)", "length(random_password.db.result)", "data.aws_ssm_parameter.token.value"),
    *('var.x == "" ? random_password.db.result : ""', "split(random_password.db.result, var.x)[0]"),
    *("coalesce(var.x, random_password.db.result)", "data.vault_generic_secret.s.data.username"),
    'jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)["host"]',
]
TOLD = """
resource "aws_lambda_function" "told_%(number)s" {
  environment {
    variables = { DB_PASSWORD = %(value)s }
  }
}
resource "aws_lambda_function" "of_a_public_key_%(number)s" {
  environment {
    variables = { RECAPTCHA_SITE_KEY = %(value)s }
  }
}
resource "aws_glue_job" "asked_%(number)s" {
  default_arguments = { "--db_password" = %(value)s }
}
resource "aws_codebuild_project" "builds_%(number)s" {
  environment {
    environment_variable {
      name  = "TOKEN"
      value = %(value)s
    }
  }
}
resource "aws_codebuild_project" "perhaps_fetches_%(number)s" {
  environment {
    environment_variable {
      name  = "TOKEN"
      type  = var.x
      value = %(value)s
    }
  }
}
resource "aws_ecs_task_definition" "fetches_%(number)s" {
  container_definitions = jsonencode([{ secrets = [{ name = "DB_PASSWORD", valueFrom = %(value)s }] }])
}
"""


def test_what_makes_or_keeps_secrets_is_one_under_a_telling_name_as_it_is(scan_files: Scanner) -> None:
    """What an expression made of it, or a store fetches by it, may be none."""
    values = [*AS_THEY_ARE, *NOT_AS_THEY_ARE]
    text = BESIDE + "".join(TOLD % {"value": value, "number": number} for number, value in enumerate(values))
    asked = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    told = scan_files({"infra/main.tf": text}, checks=asked, rules=tuple(RULES)).of("record", "infra")
    results = {line["address"].split(".")[1]: line["result"] for line in told}
    for number, value in enumerate(values):
        surely = [results[f"{name}_{number}"] == "FAILED" for name in ("told", "asked", "builds")]
        assert surely == [value in AS_THEY_ARE] * 3, value
        rest = {results[f"{name}_{number}"] for name in ("of_a_public_key", "perhaps_fetches", "fetches")}
        assert "FAILED" not in rest, value


def test_nothing_says_that_a_value_was_searched_that_is_not_in_the_code(scan_files: Scanner) -> None:
    text = """resource "aws_lambda_function" "f" {
  environment {
    variables = { API_TOKEN = aws_ssm_parameter.token.arn, DB_PASSWORD = "$DB_PASSWORD" }
  }
}
resource "aws_ssm_parameter" "token" {}
"""
    asked = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    told = scan_files({"infra/main.tf": text}, checks=asked, rules=tuple(RULES))
    record = told.record("infra", "aws_lambda_function.f", "CKV2_PREUVE_COMPUTE_SECRETS")
    assert record["values"] == {
        "environment.variables.API_TOKEN": "[not in the code]",
        "environment.variables.DB_PASSWORD": "[searched: no secret]",
    }


def test_nothing_says_that_a_default_was_searched_that_is_not_written(scan_files: Scanner) -> None:
    asked = {"checks": frozenset({"CKV2_PREUVE_CODE_SECRETS"}), "rules": tuple(RULES)}
    code = 'variable "api_token" {}\nvariable "db_password" {\n  default = ""\n}\n'
    told = scan_files({"infra/main.tf": code}, **asked).of("record", "infra")
    assert [line["values"] for line in told] == [{"default": ""}, {"default": "[searched: no secret]"}]
    template = (
        "Parameters:\n  ApiToken: {Type: String}\n  DbPassword: {Type: String, NoEcho: true, Default: ''}\n"
        "Resources:\n  T: {Type: AWS::SNS::Topic}\n"
    )
    told = scan_files({"infra/t.yaml": template}, kind="cloudformation", **asked).of("record", "infra")
    assert [line["values"] for line in told] == [{"Default": ""}, {"Default": "[searched: no secret]"}]


def test_a_secret_that_another_block_returns_under_another_name_is_a_secret(scan_files: Scanner) -> None:
    text = f"""resource "aws_ssm_parameter" "p" {{
  name           = "/app/level"
  type           = "String"
  insecure_value = "{LITERAL}"
}}
resource "terraform_data" "t" {{
  input = "{LITERAL}"
}}
""" + "".join(
        f"""resource "aws_lambda_function" "{name}" {{
  environment {{
    variables = {{ DB_PASSWORD = {value} }}
  }}
}}
"""
        for name, value in (("stored", "aws_ssm_parameter.p.value"), ("kept", "terraform_data.t.output"))
    )
    found = scan_files({"infra/main.tf": text}, checks=frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"}), rules=tuple(RULES))
    told = {line["address"]: line["result"] for line in found.of("record", "infra")}
    assert told == {"aws_lambda_function.stored": "FAILED", "aws_lambda_function.kept": "FAILED"}


def test_a_secret_that_another_resource_has_under_any_name_is_a_secret(scan_files: Scanner) -> None:
    """Only how a resource of AWS is called, or where it is, is none; and no password is that."""
    text = f"""resource "aws_sns_topic" "t" {{
  name         = "{LITERAL}"
  display_name = "{LITERAL}"
  tags         = {{ Note = "{LITERAL}" }}
}}
resource "aws_ssm_parameter" "p" {{
  name  = "/app/x"
  type  = "String"
  value = "{LITERAL}"
}}
resource "terraform_data" "d" {{
  input = "{LITERAL}"
}}
resource "terraform_data" "named" {{
  input = aws_sns_topic.t.name
}}
""" + "".join(
        f"""resource "{type_}" "r{number}" {{
  {argument} = {value}
}}
"""
        for number, (type_, argument, value, _) in enumerate(OF_ANOTHER)
    )
    asked = frozenset({"CKV2_PREUVE_CODE_SECRETS"})
    found = scan_files({"infra/main.tf": text}, checks=asked, rules=tuple(RULES))
    told = {line["address"]: line["result"] for line in found.of("record", "infra")}
    for number, (type_, _, value, failed) in enumerate(OF_ANOTHER):
        assert (told[f"{type_}.r{number}"] == "FAILED") is failed, value


OF_ANOTHER = [
    *(
        ("aws_db_instance", "password", value, True)
        for value in (
            *("aws_ssm_parameter.p.value", "terraform_data.d.output", "terraform_data.d.input"),
            *("aws_sns_topic.t.display_name", "aws_sns_topic.t.name", "aws_sns_topic.t.tags.Note"),
        )
    ),
    ("aws_secretsmanager_secret_version", "secret_string", "aws_sns_topic.t.display_name", True),
    ("aws_mwaa_x", "api_token", "aws_sns_topic.t.display_name", True),
    ("aws_mwaa_x", "api_token", "aws_sns_topic.t.name", False),
]


def test_each_entry_of_a_map_that_a_key_may_choose_is_looked_at(scan_files: Scanner) -> None:
    """An image that is chosen by the region is no secret; what a map holds and a function gets is one."""
    token = "ghp_" + "R8xT2mKq9vLw4nZs7bYc1dFg6hJk3pQa5eUt"
    text = f"""
Mappings:
  Table:
    eu-west-1: {{Image: ami-0123456789abcdef0, Key: {LITERAL}, Level: info}}
    eu-west-3: {{Image: ami-0123456789abcdef1, Key: {LITERAL}, Level: {token}}}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties: {{ImageId: !FindInMap [Table, !Ref AWS::Region, Image]}}
  Unread:
    Type: AWS::EC2::Instance
    Properties: {{ImageId: !FindInMap [Brought, !Ref AWS::Region, Image]}}
  Named:
    Type: AWS::Lambda::Function
    Properties: {{Environment: {{Variables: {{DB_PASSWORD: !FindInMap [Table, !Ref AWS::Region, Key]}}}}}}
  Formed:
    Type: AWS::Lambda::Function
    Properties: {{Environment: {{Variables: {{LEVEL: !FindInMap [Table, !Ref AWS::Region, Level]}}}}}}
"""
    checks = frozenset({"CKV2_PREUVE_COMPUTE_SECRETS"})
    found = scan_files({"infra/stack.yaml": text}, kind="cloudformation", checks=checks, rules=tuple(RULES))
    told = {line["address"].split(".")[1]: line["result"] for line in found.of("record", "infra")}
    assert told == {"Machine": "PASSED", "Unread": "UNKNOWN", "Named": "FAILED", "Formed": "FAILED"}
