"""Files that say what code is given: secrets in them are found, and what they would change is not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.conftest import Scanner
from content_copy import bundled
from preuve.collect.code import IacJob, look
from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.inputs.values_files import is_values_file, parameters_in
from preuve.collect.code.secrets.code import Asked, lines_of
from preuve.library.checked.code_rules import rendered
from preuve.model.company.workspace import IacRoot

PARAMS = {name: item.value for name, item in bundled().parameters.items()}
SECRETS = "CKV2_PREUVE_CODE_SECRETS"
RULES = (rendered(bundled().code_rules[SECRETS], PARAMS, bundled().reference),)
SECRET = "Sup3rS3cret2024"
FILES = {
    "prod.tfbackend": 'bucket = "state"\nsecret_key = "{}"\n',
    "a.tftest.hcl": 'variables {{\n  db_password = "{}"\n}}\nrun "x" {{\n}}\n',
    "prod.vars": 'db_password = "{}"\n',
    "prod.values": "DB_PASSWORD={}\n",
    "terraform.tfstate": '{{"resources": [{{"type": "x", "instances": [{{"attributes": {{"password": "{}"}}}}]}}]}}',
    "terraform.tfstate.backup": '{{"outputs": {{"db_password": {{"value": "{}"}}}}}}',
    ".env": "# local\nexport DB_PASSWORD='{}'\n",
    ".env.prod": "DB_PASSWORD={}\n",
    "prod.env": 'DB_PASSWORD = "{}"\n',
    "samconfig.toml": '[default.deploy.parameters]\nparameter_overrides = "Stage=prod DbPassword={}"\n',
    "samconfig.yaml": "default:\n  deploy:\n    parameters:\n      parameter_overrides: [DbPassword={}]\n",
    "prod.json": '[{{"ParameterKey": "DbPassword", "ParameterValue": "{}"}}]',
    "pipeline.json": '{{"Parameters": {{"DbPassword": "{}"}}}}',
    "credentials": "[default]\naws_secret_access_key = {}\n",
    ".npmrc": "//registry.npmjs.org/:_authToken={}\n",
    ".netrc": "machine example.com login app password {}\n",
    "params.yaml": "Parameters:\n  DbPassword: {}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@given(value=st.sampled_from(["Sup3rS3cret2024", "hunter2x", "changeme"]))
def test_a_secret_is_found_and_a_name_of_one_is_none(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for written, expected in ((value, {"FAILED"}), ("/prod/db/password", set())):
        text = FILES[name].format(written)
        (folder / name).write_text(text)
        assert is_values_file(Sources(folder), folder / name)
        lines = list(lines_of(Asked({"others": (SECRETS,)}), "infra", name, text, pieces_of(name, text), "file"))
        assert {line["result"] for line in lines} - {"PASSED"} == expected
        assert value not in json.dumps(lines)


@pytest.mark.parametrize(
    ("name", "text"),
    [("main.py", "password = 'x'"), ("package.json", '{"name": "x"}'), ("openapi.json", '{"password": "string"}'),
     ("values.yaml", "password: x\n"), ("README.md", "password: x\n"), ("main.tf", 'locals {}\n'), ("LICENSE", "x")],
)  # fmt: skip
def test_code_of_programs_and_prose_is_none(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not is_values_file(Sources(tmp_path), tmp_path / name)


@pytest.mark.parametrize("name", ["deploy.pem", "tls.key", "id_rsa", "kubeconfig"])
def test_a_private_key_is_found_and_a_certificate_is_none(tmp_path: Path, name: str) -> None:
    body = "".join(f"{'MIIEpAIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun'}\n" for _ in range(3))
    (tmp_path / name).write_text("")
    assert is_values_file(Sources(tmp_path), tmp_path / name)
    for what, expected in (("RSA PRIVATE KEY", {"FAILED"}), ("CERTIFICATE", set())):
        text = f"-----BEGIN {what}-----\n{body}-----END {what}-----\n"
        lines = list(lines_of(Asked({"others": (SECRETS,)}), "infra", name, text, pieces_of(name, text), "file"))
        assert {line["result"] for line in lines} - {"PASSED"} == expected


def test_what_only_shows_what_may_be_written_holds_no_secret_but_by_its_form() -> None:
    for name in (".env.example", "prod.tfbackend.sample", "example.env.dist"):
        assert not list(pieces_of(name, "DB_PASSWORD=changeme\n"))


@pytest.mark.parametrize("kind", ["terraform", "cloudformation"])
def test_they_are_read_wherever_they_lie(scan_files: Scanner, kind: str) -> None:
    code = {"infra/main.tf": "locals {}\n", "infra/stack.yaml": "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"}
    files = {f"infra/live/{name}": text.format(SECRET) for name, text in FILES.items()}
    found = scan_files({**code, **files}, kind=kind, checks=frozenset({SECRETS}), rules=RULES)
    failed = {line["file"] for line in found.lines if line["kind"] == "record" and line["result"] == "FAILED"}
    assert failed == set(files)


def test_a_file_is_told_once_where_its_folder_is_named_for_two_kinds(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {}\n")
    (tmp_path / "stack.yaml").write_text("Resources:\n  A:\n    Type: AWS::S3::Bucket\n")
    (tmp_path / ".env").write_text(f"DB_PASSWORD={SECRET}\n")
    roots = (IacRoot(".", "terraform"), IacRoot(".", "cloudformation"))
    lines = look(IacJob(tmp_path, roots, frozenset({SECRETS}), RULES))
    assert [line["address"] for line in lines if line["kind"] == "record" and line["result"] == "FAILED"] == [".env:1"]


TEMPLATE = """
Parameters:
  Public: {Type: String, Default: "false"}
  Same: {Type: String, Default: "false"}
Resources:
  A: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: !Ref Public, StorageEncrypted: true}}
  B: {Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: !Ref Same, StorageEncrypted: true}}
"""
CHECK = "CKV_AWS_17"
WORKFLOW = """on: push
jobs:
  d:
    steps:
      - uses: aws-actions/aws-cloudformation-github-deploy@v1
        with:
          name: s
          """


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prod.json", '[{"ParameterKey": "Public", "ParameterValue": "true"}]'),
        ("env/prod.json", '{"Parameters": {"Public": "true", "Same": "false"}}'),
        ("env/prod.yaml", "Parameters:\n  Public: 'true'\n"),
        ("samconfig.toml", '[prod.deploy.parameters]\nparameter_overrides = "Public=true Other=1"\n'),
        ("samconfig.toml", '[prod.deploy.parameters]\nparameter_overrides = ["Public=\\"true\\""]\n'),
        ("../parameters/prod.json", '{"Parameters": {"Public": "true", "Gone": "x"}}'),
        ("prod.json", '["Public=true", "Gone=x"]'),
        ("prod.json", '{"Public": "true"}'),
        ("params.txt", "Gone=x\nPublic=true\n"),
        ("deploy.yaml", "template-file-path: infra/stack.yaml\nparameters:\n  Public: 'true'\n"),
        ("../.github/workflows/d.yml", f"{WORKFLOW}parameter-overrides: 'Same=false,Public=true'\n"),
        ("../.github/workflows/d.yml", f"{WORKFLOW}parameter-overrides: |\n            Public: true\n"),
        ("../deploy.sh", "aws cloudformation deploy --parameter-overrides Gone=x Public=true\n"),
        (
            "main.yaml",
            "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./stack.yaml, "
            "Parameters: {Public: !Ref X}}}\n",
        ),
        (
            "main.yaml",
            "Resources:\n  S: {Type: AWS::Serverless::Application, Properties: {Location: !Sub 's3://${X}/stack.yaml', "
            "Parameters: {Public: 'true'}}}\n",
        ),
        (
            "samconfig.toml",
            '[prod.deploy.parameters]\nparameter_overrides = "ParameterKey=Public,ParameterValue=true"\n',
        ),
    ],
)
def test_what_a_file_of_parameters_would_change_is_not_known(scan_files: Scanner, name: str, text: str) -> None:
    files = {"infra/stack.yaml": TEMPLATE, f"infra/{name}": text}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    results = {line["address"]: line["result"] for line in found.of("record", "infra")}
    assert results == {"AWS::RDS::DBInstance.A": "UNKNOWN", "AWS::RDS::DBInstance.B": "PASSED"}


def test_what_is_given_to_another_template_changes_nothing(scan_files: Scanner, tmp_path: Path) -> None:
    other = '[{"ParameterKey": "Public", "ParameterValue": "true"}, {"ParameterKey": "Vpc", "ParameterValue": "x"}]'
    sync = "template-file-path: infra/other.yaml\nparameters:\n  Public: 'true'\n"
    parent = (
        "Parameters: {Public: {Type: String}}\nResources:\n  S: {Type: AWS::CloudFormation::Stack, "
        "Properties: {TemplateURL: ./other.yaml, Parameters: {Public: !Ref Public}}}\n"
    )
    files = {"infra/stack.yaml": TEMPLATE, "infra/sync.yaml": sync, "infra/parent.yaml": parent}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    assert {line["result"] for line in found.of("record", "infra")} == {"PASSED"}
    (tmp_path / "other.json").write_text(other)
    assert parameters_in(Sources(tmp_path), tmp_path / "other.json") == {"Public": "true", "Vpc": "x"}


@pytest.mark.parametrize("name", ["prod.vars", "env/prod.values", "prod.tfvars"])
def test_values_of_variables_that_nobody_named_make_them_unknown_whatever_their_file_is_called(
    scan_files: Scanner, name: str
) -> None:
    code = (
        'variable "public" {\n  default = false\n}\n'
        'resource "aws_db_instance" "a" {\n  publicly_accessible = var.public\n}\n'
    )
    found = scan_files({"infra/main.tf": code, f"infra/{name}": "public = true\n"}, checks=frozenset({CHECK}))
    assert found.record("infra", "aws_db_instance.a", CHECK)["result"] == "UNKNOWN"
    plain = scan_files({"infra/main.tf": code, "infra/notes.vars": "public: true\n"}, checks=frozenset({CHECK}))
    assert plain.record("infra", "aws_db_instance.a", CHECK)["result"] == "PASSED"
