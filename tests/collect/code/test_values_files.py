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
from preuve.collect.code.secrets.terraform_files import SecretRules, lines_of
from preuve.library.validation.code.code_rules import rendered
from preuve.model.company.code import IacRoot

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
    "deploy.sh": "#!/bin/sh\nexport DB_PASSWORD={}\nterraform apply\n",
    "setup.ps1": "$env:DB_PASSWORD = '{}'\n",
    "config.json": '{{"db": {{"password": "{}"}}}}',
    "app-config.prod.yaml": "db: {{password: {}}}\n",
    "settings.toml": '[db]\npassword = "{}"\n',
    "application-prod.properties": "spring.datasource.password={}\n",
    "my.cnf": "[client]\npassword = {}\n",
    "buildspec-prod.yml": "version: 0.2\nenv: {{variables: {{DB_PASSWORD: {}}}}}\n",
    "task-definition.json":
    '{{"containerDefinitions": [{{"environment": [{{"name": "DB_PASSWORD", "value": "{}"}}]}}]}}',
}  # fmt: skip
# Files without a known purpose: a text in them counts as a secret by its form.
DATA = {
    "prod.json": '{{"DbPassword": "{}"}}',
    "values.yaml": "db:\n  password: {}\n",
    "docker-compose.yml": "services:\n  db:\n    image: x\n    environment: [DB_PASSWORD={}]\n",
    "k8s.yaml": "kind: A\n---\nspec:\n  env:\n    - name: DB_PASSWORD\n      value: {}\n",
    "plan.json":
    '{{"planned_values": {{"root_module": {{"resources": [{{"type": "x", "values": {{"password": "{}"}}}}]}}}}}}',
    "run.toml": '[env]\nAPI_TOKEN = "{}"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@given(value=st.sampled_from(["Sup3rS3cret2024", "hunter2x", "changeme"]))
def test_a_secret_is_found_and_a_name_of_one_is_not(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for written, expected in ((value, {"FAILED"}), ("/prod/db/password", set())):
        text = FILES[name].format(written)
        (folder / name).write_text(text)
        assert is_values_file(Sources(folder), folder / name)
        lines = list(lines_of(SecretRules({"others": (SECRETS,)}), "infra", name, text, pieces_of(name, text), "file"))
        assert {line["result"] for line in lines} - {"PASSED"} == expected
        assert value not in json.dumps(lines)


def results_of(name: str, text: str) -> set[str]:
    """Return the results for a file, without passes."""
    lines = lines_of(SecretRules({"others": (SECRETS,)}), "infra", name, text, pieces_of(name, text), "file")
    return {line["result"] for line in lines} - {"PASSED"}


@pytest.mark.parametrize("text", ['"Password=hunter2x"', '"password": "hunter2x"', "'token' = 'hunter2x'"])
def test_a_secret_in_quotes_or_under_a_name_in_quotes_is_found(text: str) -> None:
    assert results_of("files.vcl", f"set h =\n  {text}\n") == {"FAILED"}


@pytest.mark.parametrize("name", DATA)
@given(value=st.from_regex(r"[a-z]{3,8}[0-9]{2,4}[A-Z]{2,6}", fullmatch=True))
def test_a_secret_by_form_is_found_in_any_data(tmp_path_factory: pytest.TempPathFactory, name: str, value: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    text = DATA[name].format(value)
    (folder / name).write_text(text)
    assert is_values_file(Sources(folder), folder / name)
    assert results_of(name, text) == {"FAILED"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("openapi.json", '{"password": {"type": "string", "pattern": "^[A-Z0-9]{8,}$", "example": "secret"}}'),
        ("fr.json", '{"login": {"password": "Mot de passe", "token_hint": "Code à 6 chiffres"}}'),
        ("package.json", '{"dependencies": {"js-tokens": "4.0.0"}, "scripts": {"token": "node get-token.js"}}'),
        ("ask.sh", 'read -rsp "Password: " PASSWORD; echo "$PASSWORD" | app login --password-stdin\n'),
        ("run.sh", '# DB_PASSWORD=hunter2x\nDB_PASSWORD=$(aws ssm get-parameter --name /db)\n'),
        ("config.yaml", "db:\n  password: ${DB_PASSWORD}\n  token_url: https://x/y\n"),
        ("files.vcl", 'set h = "AWS4-HMAC-SHA256 "\n  "Credential=" var.KeyID "/" var.scope ", "\n'),
        ("run.vcl", "set h =\n  'password=' req.http.X;\n"),
    ],
)  # fmt: skip
def test_data_and_scripts_without_a_secret_pass(name: str, text: str) -> None:
    assert results_of(name, text) == set()


RESULT = '"attributes": {"result": "<>", "id": "none"}'
STATES = {
    "what its type makes": f'{{"resources": [{{"type": "random_password", "instances": [{{{RESULT}}}]}}]}}',
    "called so": f'{{"resources": [{{"type": "x", "instances": [{{{RESULT}, "sensitive_attributes": '
    '[[{"type": "get_attr", "value": "result"}]]}]}]}',
    "an output": '{"version": 4, "outputs": {"o": {"value": ["<>"], "sensitive": true}}}',
    "a plan": '{"resource_changes": [{"type": "x", "change": {"after": {"a": [{"b": "<>"}]}, '
    '"after_sensitive": {"a": [{"b": true}]}}}]}',
}


@pytest.mark.parametrize("text", STATES.values(), ids=STATES)
@given(value=st.text("abc1", min_size=1))
def test_a_value_marked_sensitive_in_a_state_is_a_secret(text: str, value: str) -> None:
    assert results_of("terraform.tfstate", text.replace("<>", value)) == {"FAILED"}


def test_an_empty_sensitive_value_is_no_secret() -> None:
    assert results_of("terraform.tfstate", '{"outputs": {"o": {"value": "", "sensitive": true}}}') == set()
    assert (
        results_of("plan.json", '{"values": {"a": 1}, "x": {"after": {"b": "c"}, "after_sensitive": false}}') == set()
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("main.py", "password = 'x'"), ("config.tf.json", '{"locals": {"token": 1}}'),
     ("config.json", '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}'), ("README.md", "password: x\n"),
     ("main.tf", 'locals {}\n'), ("logo.png", "x")],
)  # fmt: skip
def test_source_code_and_prose_are_no_values_files(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert not is_values_file(Sources(tmp_path), tmp_path / name)


@pytest.mark.parametrize("name", ["deploy.pem", "tls.key", "id_rsa", "kubeconfig"])
def test_a_private_key_is_found_and_a_certificate_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    assert is_values_file(Sources(tmp_path), tmp_path / name)
    key, certificate = "MIIEpAIBAAKCAQEAu1SU1LfVLPHCozMx", "MIIDdzCCAl+gAwIBAgIEAgAA"
    for what, begins, expected in (("RSA PRIVATE KEY", key, {"FAILED"}), ("CERTIFICATE", certificate, set())):
        body = f"{begins}{'H2Mo4lgOEePzNm0tRgeLezV6ffAt0gun' * 3}\n" * 3
        text = f"-----BEGIN {what}-----\n{body}-----END {what}-----\n"
        lines = list(lines_of(SecretRules({"others": (SECRETS,)}), "infra", name, text, pieces_of(name, text), "file"))
        assert {line["result"] for line in lines} - {"PASSED"} == expected


def test_a_sample_file_has_secrets_only_by_form() -> None:
    for name in (".env.example", "prod.tfbackend.sample", "example.env.dist"):
        assert not list(pieces_of(name, "DB_PASSWORD=changeme\n"))


@pytest.mark.parametrize("before", [0, 12_000])
def test_a_setting_in_xml_is_told_however_long_its_line_is(before: int) -> None:
    setting = f'<add key="DB_PASSWORD" value="{SECRET}"/>'
    text = f'<?xml version="1.0"?><c><entry name="x">{"ab " * before}</entry>{setting}</c>\n'
    assert any(piece.secrets.found for piece in pieces_of("web.xml", text))


@pytest.mark.parametrize("kind", ["terraform", "cloudformation"])
def test_values_files_are_read_at_any_depth(scan_files: Scanner, kind: str) -> None:
    code = {"infra/main.tf": "locals {}\n", "infra/stack.yaml": "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"}
    files = {f"infra/live/{name}": text.format(SECRET) for name, text in FILES.items()}
    found = scan_files({**code, **files}, kind=kind, checks=frozenset({SECRETS}), rules=RULES)
    failed = {line["file"] for line in found.lines if line["kind"] == "record" and line["result"] == "FAILED"}
    assert failed == set(files)


def test_a_file_in_a_folder_of_two_kinds_is_reported_once(tmp_path: Path) -> None:
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
PIPELINE = """Resources:
  P:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages: [{Actions: [{ActionTypeId: {Provider: CloudFormation}, Configuration: {%s}}]}]
"""
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
        ("../ops/values", '[{"ParameterKey": "Public", "ParameterValue": "true"}]'),
        ("../ops/values", '["Public=true"]'),
        ("../ops/values", '{"Parameters": {"Public": "true"}}'),
        ("../ops/values", '{"Public": "true"}'),
        ("../ops/values", "# of production\nPublic=true Gone='x y'\n"),
        ("../ops/prod.values", "Public=true\n"),
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
        ("pipe.yaml", PIPELINE % "TemplatePath: 'S::infra/stack.yaml', ParameterOverrides: '{\"Public\":\"true\"}'"),
        ("pipe.yaml", PIPELINE % 'TemplatePath: !Ref P, ParameterOverrides: !Sub \'{"Public": "${P}"}\''),
        ("pipe.json", '{"configuration": {"ParameterOverrides": "{\\"Public\\": true}"}}'),
        (
            "samconfig.toml",
            '[prod.deploy.parameters]\nparameter_overrides = "ParameterKey=Public,ParameterValue=true"\n',
        ),
    ],
)
def test_a_value_that_a_parameter_file_changes_is_unknown(scan_files: Scanner, name: str, text: str) -> None:
    files = {"infra/stack.yaml": TEMPLATE, f"infra/{name}": text}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    results = {line["address"]: line["result"] for line in found.of("record", "infra")}
    assert results == {"AWS::RDS::DBInstance.A": "UNKNOWN", "AWS::RDS::DBInstance.B": "PASSED"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LICENSE", "Public=true is written here, and this is prose.\n"),
        ("README.md", "rain deploy stack.yaml s --params Public=true\n"),
        ("ops/values", '[{"Key": "Publicity", "Value": "true"}]'),
        ("ops/values", "Public=false\n"),
        ("Makefile", "Public=false\nall:\n\taws cloudformation deploy --parameter-overrides Public=false\n"),
    ],
)
def test_a_text_that_names_no_parameter_or_gives_its_default_changes_nothing(
    scan_files: Scanner, name: str, text: str
) -> None:
    files = {"infra/stack.yaml": TEMPLATE, name: text}
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    assert {line["result"] for line in found.of("record", "infra")} == {"PASSED"}


def test_parameters_for_another_template_change_nothing(scan_files: Scanner, tmp_path: Path) -> None:
    other = '[{"ParameterKey": "Public", "ParameterValue": "true"}, {"ParameterKey": "Vpc", "ParameterValue": "x"}]'
    sync = "template-file-path: infra/other.yaml\nparameters:\n  Public: 'true'\n"
    parent = (
        "Parameters: {Public: {Type: String}}\nResources:\n  S: {Type: AWS::CloudFormation::Stack, "
        "Properties: {TemplateURL: ./other.yaml, Parameters: {Public: !Ref Public}}}\n"
    )
    files = {"infra/stack.yaml": TEMPLATE, "infra/sync.yaml": sync, "infra/parent.yaml": parent}
    overrides = 'ParameterOverrides: \'{"Public":"true"}\''
    files["infra/pipe.yaml"] = PIPELINE % f"TemplatePath: 'S::infra/other.yaml', {overrides}"
    found = scan_files(files, kind="cloudformation", checks=frozenset({CHECK}))
    assert {line["result"] for line in found.of("record", "infra")} == {"PASSED"}
    (tmp_path / "other.json").write_text(other)
    assert parameters_in(Sources(tmp_path), tmp_path / "other.json") == {"Public": "true", "Vpc": "x"}


@pytest.mark.parametrize("name", ["prod.md", "prod.toml", "env/prod.yaml"])
@pytest.mark.parametrize("option", ["-var-file %s", "-var-file=%s", '"-var-file", "%s"'])
def test_a_file_of_any_name_gives_values_where_a_command_names_it(scan_files: Scanner, name: str, option: str) -> None:
    code = (
        'variable "public" {\n  default = false\n}\n'
        'resource "aws_db_instance" "a" {\n  publicly_accessible = var.public\n}\n'
    )
    files = {
        "infra/main.tf": code,
        f"infra/{name}": "public = true\n",
        "Makefile": f"terraform apply {option % name}\n",
    }
    found = scan_files(files, checks=frozenset({CHECK}))
    assert [line["result"] for line in found.of("record", "infra")] == ["UNKNOWN"]


@pytest.mark.parametrize("name", ["prod.vars", "env/prod.values", "prod.tfvars"])
def test_unnamed_variable_files_make_their_variables_unknown_with_any_name(scan_files: Scanner, name: str) -> None:
    code = (
        'variable "public" {\n  default = false\n}\n'
        'resource "aws_db_instance" "a" {\n  publicly_accessible = var.public\n}\n'
    )
    found = scan_files({"infra/main.tf": code, f"infra/{name}": "public = true\n"}, checks=frozenset({CHECK}))
    assert found.record("infra", "aws_db_instance.a", CHECK)["result"] == "UNKNOWN"
    plain = scan_files({"infra/main.tf": code, "infra/notes.vars": "public: true\n"}, checks=frozenset({CHECK}))
    assert plain.record("infra", "aws_db_instance.a", CHECK)["result"] == "PASSED"


FUNCTION = """
Parameters:
  P: {{Type: String{more}}}
{rest}
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties: {{Role: r, Code: {{S3Bucket: b, S3Key: k}}, Environment: {{Variables: {{DB_PASSWORD: !Ref P}}}}}}
"""
COMPUTE = "CKV2_PREUVE_COMPUTE_SECRETS"
COMPUTE_RULES = (rendered(bundled().code_rules[COMPUTE], PARAMS, bundled().reference),)
GIVEN = {
    "prod.json": '[{{"ParameterKey": "P", "ParameterValue": "{}"}}]',
    "samconfig.toml": '[prod.deploy.parameters]\nparameter_overrides = "P={}"\n',
    "deploy.sh": "aws cloudformation deploy --parameter-overrides P='{}'\n",
    "sync.yaml": "template-file-path: stack.yaml\nparameters:\n  P: {}\n",
    "parent.yaml": "Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: ./stack.yaml, "
    "Parameters: {{P: {}}}}}}}\n",
}  # fmt: skip
RULE = f"Rules: {{R: {{Assertions: [{{Assert: !Equals [!Ref P, {SECRET}]}}]}}}}"
WITHIN = f"Rules: {{R: {{Assertions: [{{Assert: !Contains [['', {SECRET}], !Ref P]}}]}}}}"


def compute_results(scan_files: Scanner, code: dict[str, str]) -> set[str]:
    files = {f"infra/{name}": text for name, text in code.items()}
    found = scan_files(files, kind="cloudformation", checks=frozenset({COMPUTE}), rules=COMPUTE_RULES)
    return {line["result"] for line in found.of("record", "infra") if line["address"] == "AWS::Lambda::Function.A"}


@pytest.mark.parametrize(
    ("more", "rest", "files"),
    [
        *((", Default: x", "", {name: text.format(SECRET)}) for name, text in GIVEN.items()),
        ("", "", {"prod.json": GIVEN["prod.json"].format(SECRET)}),
        (", NoEcho: true", "", {"prod.json": GIVEN["prod.json"].format(SECRET)}),
        (f", Default: '', AllowedValues: ['', {SECRET}]", "", {}),
        (f", AllowedValues: [a, {SECRET}]", "", {}),
        (", Default: ''", RULE, {}),
        ("", RULE, {}),
        (", Default: ''", WITHIN, {}),
    ],
)
def test_a_secret_that_something_in_the_workspace_gives_a_parameter_is_no_pass(
    scan_files: Scanner, more: str, rest: str, files: dict[str, str]
) -> None:
    code = {"stack.yaml": FUNCTION.format(more=more, rest=rest), **files}
    assert compute_results(scan_files, code) == {"UNKNOWN"}


def test_a_parameter_that_nothing_in_the_workspace_gives_is_not_evaluated(scan_files: Scanner) -> None:
    assert compute_results(scan_files, {"stack.yaml": FUNCTION.format(more="", rest="")}) == {"UNKNOWN"}


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("one.json", '{\n  "a": 1,\n  "db": {\n    "password": "SECRET"\n  }\n}\n', 4),
        ("list.json", '{\n  "dbs": [\n    {"host": "x"},\n    {"password": "SECRET"}\n  ]\n}\n', 4),
        ("prod.json", '[\n  {\n    "ParameterKey": "DbPassword",\n    "ParameterValue": "SECRET"\n  }\n]\n', 4),
        ("task.json", '{"containerDefinitions": [\n{"environment": [\n{"name": "A", "value": "b"},\n'
                      '{"name": "DB_PASSWORD",\n "value": "SECRET"}]}]}\n', 5),
        ("conf.yaml", "a: 1\ndb:\n  host: x\n  password: SECRET\n", 4),
        ("two.yaml", "a: 1\n---\npassword: SECRET\n", 1),
    ],
)  # fmt: skip
def test_a_secret_in_settings_is_told_at_its_line(name: str, text: str, line: int) -> None:
    asked = SecretRules.by(RULES, frozenset({SECRETS}))
    text = text.replace("SECRET", SECRET)
    (told,) = [
        found for found in lines_of(asked, ".", name, text, pieces_of(name, text)) if found["result"] == "FAILED"
    ]
    assert told["decided_at"][0] == line
