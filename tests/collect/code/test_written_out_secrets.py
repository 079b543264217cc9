"""A secret that is written out fails in each kind of file; what only refers to one, is encrypted, or stands for none
does not, whichever tool puts in or decrypts the secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from collect.code.test_written_secrets import ASKED, cloudformation, dockerfile, hcl, workflow
from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.secrets.terraform_files import Piece, lines_of
from preuve.redact.notations.ciphertexts import without_ciphertexts

_JOB = "on: push\njobs:\n  a:\n    steps:\n"
# Files, each with a place for a value: in quotes ({q}) or as it is ({v}).
KINDS = {
    "local": ("a.tf", "locals {{\n  db_password = {q}\n}}\n"),
    "module": ("a.tf", 'module "x" {{\n  source = "./x"\n  db_password = {q}\n}}\n'),
    "default": ("a.tf", 'variable "db_password" {{\n  default = {q}\n}}\n'),
    "helm": ("a.tf", 'resource "helm_release" "x" {{\n  set {{\n    name = "a.password"\n    value = {q}\n  }}\n}}\n'),
    "env": (
        "a.tf",
        'resource "kubernetes_pod" "x" {{\n  env {{\n    name = "DB_PASSWORD"\n    value = {q}\n  }}\n}}\n',
    ),
    "user data": ("a.tf", 'resource "aws_instance" "x" {{\n  user_data = <<E\nexport DB_PASSWORD={v}\nE\n}}\n'),
    "variables": ("x.tfvars", "db_password = {q}\n"),
    "json variables": ("x.tfvars.json", '{{"db_password": {q}}}\n'),
    "parameter": ("cfn.yaml", "Parameters: {{DbPassword: {{Type: String, Default: {q}}}}}\nResources: {{}}\n"),
    "function": (
        "cfn.yaml",
        "Resources: {{F: {{Type: 'AWS::Lambda::Function', Properties: "
        "{{Environment: {{Variables: {{P_PASSWORD: {q}}}}}}}}}}}\n",
    ),
    "workflow": ("wf.yml", _JOB + "    - run: x\n      env:\n        DB_PASSWORD: {q}\n"),
    "run": ("wf.yml", _JOB + "    - run: |\n        export DB_PASSWORD={v}\n"),
    "with": ("wf.yml", _JOB + "    - uses: a/b@v1\n      with:\n        password: {q}\n"),
    "ENV": ("Dockerfile", "FROM x\nENV DB_PASSWORD={q}\n"),
    "RUN": ("Dockerfile", "FROM x\nRUN DB_PASSWORD={q} ./run\n"),
    "compose": ("docker-compose.yml", "services:\n  a:\n    environment:\n      DB_PASSWORD: {q}\n"),
    "compose list": ("docker-compose.yml", "services:\n  a:\n    environment:\n    - DB_PASSWORD={v}\n"),
    ".env": (".env", "DB_PASSWORD={v}\n"),
    "shell": ("a.sh", "#!/bin/sh\nexport DB_PASSWORD={q}\n"),
    "shell default": ("a.sh", 'f() {{\n  local db_password=${{2:-"{v}"}}\n}}\n'),
    "option": ("a.sh", "#!/bin/sh\nmytool --password {q} -x\n"),
    "PowerShell": ("a.ps1", "$env:DB_PASSWORD = '{v}'\n"),
    "PowerShell option": ("a.ps1", "New-Thing -Name x -Password '{v}'\n"),
    "secure string": ("a.ps1", "$s = ConvertTo-SecureString '{v}' -AsPlainText -Force\n"),
    "credential": ("a.cmd", "\"$c = new-object System.Net.NetworkCredential('app', '{v}')\"^\n"),
    "cmd": ("a.cmd", "set DB_PASSWORD={v}\r\n"),
    "quoted cmd": ("a.bat", 'set "DB_PASSWORD={v}"\r\n'),
    "properties": ("application.properties", "spring.datasource.password={v}\n"),
    "ini": ("x.ini", "[db]\npassword = {v}\n"),
    "yaml": ("config.yml", "db:\n  password: {q}\n"),
    "values": ("values.yaml", "auth:\n  password: {q}\n"),
    "json": ("config.json", '{{"db": {{"password": {q}}}}}\n'),
    "toml": ("config.toml", "[db]\npassword = {q}\n"),
    "kubernetes": ("secret.yaml", "apiVersion: v1\nkind: Secret\nstringData:\n  password: {q}\n"),
    "words": ("task.json", '{{"command": ["mytool", "--password", {q}]}}\n'),
    "make": ("Makefile", "DB_PASSWORD := {v}\n"),
    "Jenkins": ("Jenkinsfile", "environment {{\n  DB_PASSWORD = {q}\n}}\n"),
    "python": ("settings.py", "DB_PASSWORD: str = {q}\n"),
    "nginx": ("x.conf", "proxy_password {q};\n"),
    "xml": ("settings.xml", "<settings><server><password>{v}</password></server></settings>\n"),
    "sql": ("a.sql", "ALTER USER app PASSWORD '{v}';\n"),
    "graphql": ("a.graphql", "input A {{\n  db_password: String = {q}\n}}\n"),
}
SECRETS = ["Kx9vLq2Zt11wPz", "Tr0ub4dor&3", "aB3$dE6!gH9@jK", "S3cr3t/Path+Like9=", "p%40ssW0rd!", "no-Kx9vLq2",
           "Dev0nly!", "v1:Kx9vLq2Zt", "ENCkey9Lmz81Qpw", "AQkx92Lmz81Qpw7",
           "hunter2Hunter2", "vaultKx9vLq2"]  # fmt: skip
PUT_IN = ["$DB_PASSWORD", "${DB_PASSWORD}", "%DB_PASSWORD%", "!DB_PASSWORD!", "%%DB_PASSWORD%%", "~DB_PASSWORD~",
          "{{db_password}}", "<password>", "((db_password))", "[[db_password]]", "{$DB_PASSWORD}", "#{DbPassword}",
          "__DB_PASSWORD__", "@@DB_PASSWORD@@", "$[variables.db]", "${ssm:/app/db/password}"]  # fmt: skip
REFERENCES = ["op://vault/item/password", "op://My Vault/My Item/password", "vault:secret/data/db#password",
              "ref+awsssm://path/to/db", "ref+vault://secret/db#/password", "akv://x/y", "sm://project/db",
              "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd", "/app/prod/db/password", "ssm:/app/db",
              "{{resolve:secretsmanager:db:SecretString:password}}", "file:///run/secrets/db", "secretref:db-password",
              "projects/p1/secrets/db/versions/latest", "env:DB_PASSWORD"]  # fmt: skip
NOTHING = ["none", "null", "**None**", "NO_PASSWORD", "do-not-set", "not-used", "default", "string", "xxxxxxxx"]
_X = "9vLqK+2Zt/w7"
CIPHERTEXTS = [
    "ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)",
    "{cipher}AQA9vLqK+2Zt/w7Kx8nW3rYb5Jd1Hs6Jf0Ga2Ke8",
    "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==",
    f"AQICAHhK3GzK2b4y{_X * 7}AAAAZjBkBgkqhkiG9w0BBwagVzBVAgEAMFAGCSqGSIb3DQEHATAe",
    f"ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIB{_X * 3}]",
    "ENC[AES256_GCM,data:sDe93urx,iv:8qkbek/z=,tag:PAZ+lTN=,type:str]",
    f"encrypted:BD8n{_X * 14}",
    f"EJ[1:{_X * 3}9vLqK+0=:{_X * 2}9vLqK+0=:{_X * 3}]",
    "U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y=",
    "![nHWyNNnPNaKfAFfXC2Sx6A==]",
    "{AES}Nu2LEjo0kxMEd4G5L9bYLE5wI5fztbgeRpFec9wsrcQ=",
    f"v1:9vLqK+2Zt/w7Kx8n:{_X * 2}",
    f"01000000d08c9ddf0115d1118c7a00c04fc297eb{'0a1b2c3d' * 10}",
]


def pieces(name: str, text: str) -> Iterator[Piece]:
    if name.endswith(".tf"):
        return iter(tuple(hcl(text)))
    readers = {"cfn.yaml": cloudformation, "wf.yml": workflow, "Dockerfile": dockerfile}
    return iter(tuple(readers[name](text))) if name in readers else pieces_of(name, text)


def fails(kind: str, value: str) -> bool:
    name, form = KINDS[kind]
    quoted = json.dumps(value)
    if name.endswith((".tf", ".tfvars")):
        quoted, value = (text.replace("${", "$${").replace("%{", "%%{") for text in (quoted, value))
    text = form.format(q=quoted, v=value)
    return any(line["result"] == "FAILED" for line in lines_of(ASKED, ".", name, text, pieces(name, text), "file"))


# A module's author chose the name of its argument: what looks like an address of a tool there may be a password. A
# shell ends a word that is not in quotes at a blank, and an option's value may be any.
OTHERWISE = {"module": {"projects/p1/secrets/db/versions/latest"}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_that_is_written_out_fails(kind: str) -> None:
    written = [secret for secret in SECRETS if "$" not in secret or kind != "shell default"]  # where a shell puts in
    assert [secret for secret in written if not fails(kind, secret)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_refers_to_a_secret_or_hides_it_does_not_fail(kind: str) -> None:
    others = OTHERWISE.get(kind, set[str]())
    values = [*PUT_IN, *REFERENCES, *NOTHING, *CIPHERTEXTS]
    assert [value for value in values if value not in others and fails(kind, value)] == []


_PATH = '"/app/%s/%s", "prod", "password"'
_ENTRY = 'FROM x\nENTRYPOINT ["python", "-m", "unittest", "-p", {}]\n'
_MADE = "[System.Web.Security.Membership]::GeneratePassword(24, 4)"
_OF_KMS = 'data "aws_kms_secrets" "s" {{\n  secret {{\n    name = "password"\n    payload = {}\n  }}\n}}\n'
_OF_POD = 'resource "a_pod" "x" {{\n  env {{\n    name = "A_SECRET"\n    value = {}\n  }}\n}}\n'


@pytest.mark.parametrize(
    ("name", "text", "harmless", "secret"),
    [
        ("a.graphql", "input O {{\n  paymentToken: {}\n}}\n", "String!", 'String = "Kx9vLq2Zt11wPz"'),
        ("a.graphql", "type O {{\n  password: {}\n}}\n", "[String!]!", 'String = "Kx9vLq2Zt11wPz"'),
        ("Dockerfile", _ENTRY, '"*_tests2.py"', '"Kx9vLq2Zt11wPz"'),
        ("run.ps1", "$secret = ConvertTo-SecureString {} -AsPlainText\n", "$x", "'Kx9vLq2Zt11wPz'"),
        ("run.ps1", "$password = {}\nNew-LocalUser -Password $password\n", _MADE, "'Kx9vLq2Zt11wPz'"),
        ("run.ps1", 'Invoke-RestMethod -Headers @{{"X-auth-token" = {}}}\n', "$token", '"Kx9vLq2Zt11wPz"'),
        ("wf.yml", _JOB + "    - run: |\n        A_TOKEN={}\n", "/app/a-token/${{ inputs.app }}", "Kx9vLq2Zt11wPz"),
        ("a.tf", 'module "x" {{\n  a_password = format({})\n}}\n', _PATH, '"%s", "Kx9vLq2Zt11wPz"'),
        ("a.tf", "locals {{\n  a_password = format({})\n}}\n", _PATH, '"%s-%s", var.x, "Kx9vLq2Zt11wPz"'),
        ("a.tf", "locals {{\n  a_password = format(local.form, {})\n}}\n", '"password"', '"Kx9vLq2Zt11wPz"'),
        ("notes.txt", "postgres://jack:{}@pg.example.com:5432/mydb\n", "secret", "Kx9vLq2Zt11wPz"),
        ("a.yaml", "encryptedData:\n  password: {}\n", "AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq", "Kx9vLq2Zt11wPz"),
        ("a.tf", _OF_KMS, '"AQICAHhK3GzK2b4y9vLqK+2Zt/w7"', '"hunter2Hunter2"'),
        ("a.tf", _OF_KMS, '"AQICAHhK3GzK2b4y9vLqK+2Zt/w7"', '"ghp_Zk3Rq8Lm2Xw9Tn5Vb7Yc1Pd4Hs6Jf0Ga2Ke8"'),
        ("a.tf", _OF_POD, '"a"', '"Kx9vLq2Zt11wPz"'),
    ],
)
def test_what_only_looks_like_a_name_and_its_secret_does_not_fail(
    name: str, text: str, harmless: str, secret: str
) -> None:
    for value, found in ((harmless, False), (secret, True)):
        file = text.format(value)
        lines = lines_of(ASKED, ".", name, file, pieces(name, file), "file")
        assert any(line["result"] == "FAILED" for line in lines) is found


@pytest.mark.parametrize(
    "given",
    ['Invoke-RestMethod -Method PUT -Uri "http://x"', "[System.Web.Security.Membership]::GeneratePassword(24, 4)",
     "new-object System.Net.WebClient"],
)  # fmt: skip
@pytest.mark.parametrize(
    "use",
    ["New-LocalUser -Name a -Password $x", 'Invoke-RestMethod -Uri y -Headers @{"X-auth-token" = $x}',
     "$password = ConvertTo-SecureString $x -AsPlainText", "$x.Credentials = $y"],
)  # fmt: skip
def test_what_a_command_gives_a_variable_of_powershell_is_not_written_out(given: str, use: str) -> None:
    for value, found in ((given, False), ("'Kx9vLq2Zt11wPz'", True)):
        text = f"$x = {value}\n{use}\n"
        shown = found and "Credentials" not in use
        assert any(piece.secrets.found for piece in pieces_of("run.ps1", text)) is shown


# Values that a tool fills in or decrypts where it reads them: AWS takes each as the password.
_OF_TOOLS = ["((aX7kQ9mZ2vB8))", "[[aX7kQ9mZ2vB8]]", "$[Sommer2024]", "!SOMMER_2024!", "!DB_PASSWORD!",
             "((db_password))",
             "~SOMMER_2024~", "!Sub Sommer.2024", "%%x%%", "{$oleil2024}",
             "{AES}Nu2LEjo0kxMEd4G5L9bYLE5wI5fztbgeRpFec9wsrcQ=",
             "env:SOMMER_2024", "ab://Sommer2024", f"gAAAAA{'9vLqK' * 20}"]  # fmt: skip
_TAKE_PASSWORDS = {
    "database": ("a.tf", 'resource "aws_db_instance" "x" {{\n  password = {q}\n}}\n'),
    "template": (
        "cfn.yaml",
        "Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: {q}\n",
    ),
}


@pytest.mark.parametrize("kind", _TAKE_PASSWORDS)
def test_what_only_a_tool_reads_otherwise_is_the_password_where_aws_takes_one(kind: str) -> None:
    name, form = _TAKE_PASSWORDS[kind]
    escapes = {"%{": "%%{", "${": "$${"} if name.endswith(".tf") else {}
    for value in _OF_TOOLS:
        quoted = json.dumps(value)
        for sign, escaped in escapes.items():
            quoted = quoted.replace(sign, escaped)
        text = form.format(q=quoted)
        assert [line["result"] for line in lines_of(ASKED, ".", name, text, pieces(name, text), "file")] == [
            "FAILED"
        ], value


@pytest.mark.parametrize("member", ["secret_string", "value"])
def test_what_only_a_tool_reads_otherwise_is_the_secret_where_aws_keeps_one(member: str) -> None:
    kind = {"secret_string": "aws_secretsmanager_secret_version", "value": "aws_ssm_parameter"}[member]
    for value in ("((aX7kQ9mZ2vB8))", "[[aX7kQ9mZ2vB8]]", "!SOMMER_2024!", "%%%%Sommer2024%%%%"):
        text = (
            f'resource "{kind}" "x" {{\n  name = "/db/password"\n  type = "SecureString"\n  {member} = "{value}"\n}}\n'
        )
        assert any(
            line["result"] == "FAILED" for line in lines_of(ASKED, ".", "a.tf", text, pieces("a.tf", text), "file")
        )


# Passwords that the signs of a tool surround, and what only begins as a ciphertext does.
_DRESSED = ["%%Sommer2024%%", "((hunter2Hunter2))", "[[hunter2Hunter2]]", "{$oleil2024}", "hunter2://x",
            "ab://Sommer2024!", "secretref:Sommer2024",
            "ref+a://Sommer2024", "akv://Sommer2024", "!secret Sommer2024", "${file(Sommer2024)}",
            "Kx9vLq2Zt11wPz/{{a}}", "{AES}Sommer2024Sommer2024", "ENC(Sommer2024Sommer2024Winter)",
            "U2FsdGVkX1Sommer2024Sommer2024Sommer", "![Sommer2024Sommer2024Sommer]", "ENC[KMS,Sommer2024Sommer2024]",
            "{cipher}Sommer2024Sommer2024Winter2024", "v1:Sommer2024Sommer:Winter2024Winter2024", "Not-Today", "no way",
            "nothing else matters", "mot-de-passe-null", "empty-glass", "!not-for-you!", "DEFAULT!"]  # fmt: skip
_READ_AS_DATA = ["local", "default", "parameter", "yaml", "json"]


@pytest.mark.parametrize("kind", _READ_AS_DATA)
def test_a_password_in_the_signs_of_a_tool_fails(kind: str) -> None:
    assert [value for value in _DRESSED if not fails(kind, value)] == []


@pytest.mark.parametrize("kind", _READ_AS_DATA)
def test_a_word_in_the_signs_of_a_tool_is_not_decided(kind: str) -> None:
    name, form = KINDS[kind]
    for value in ("((sommer))", "!SOMMER_2024!", "env:SOMMER_2024", "[[sommer-2024]]", "!Ref Sommer"):
        text = form.format(q=json.dumps(value), v=value)
        assert {line["result"] for line in lines_of(ASKED, ".", name, text, pieces(name, text), "file")} == {"UNKNOWN"}


_PROGRAM = "runcmd:\n  - |\n    import os\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "#!/bin/bash\nf() {\n  local d=1\n}\ncat > /c.yml <<E\npassword: Sommer2024!\nE\n"),
        (
            "wf.yml",
            _JOB + "    - run: |\n        cat > x <<E\n        password: Sommer2024!\n        E\n        y 'x=>1'\n",
        ),
        ("Dockerfile", "FROM x\nRUN printf 'password: Sommer2024!' > /c && node -e 'a=>b'\n"),
        (
            "a.tf",
            'resource "aws_instance" "x" {\n  user_data = <<E\n'
            f"#cloud-config\npassword: Sommer2024!\n{_PROGRAM}E\n}}\n",
        ),
        ("config.yml", "db:\n  cipher_key: Kx9vLq2Zt11wPzKx9vLq2Zt11wPz\n"),
        ("a.tf", 'variable "cipher_password" {\n  default = "Kx9vLq2Zt11wPzKx9vLq2Zt11wPz"\n}\n'),
        ("a.tf", 'variable "encrypted_password" {\n  default = "correct-Horse-battery-staple9"\n}\n'),
        ("config.yml", "db:\n  encrypted_password: correct-horse-battery-staple9\n"),
        ("x.yml", "encryptedData:\n  password: Kx9vLq2Zt11wPzKx9vLq2Zt11wPz\n"),
        ("x.yml", "encryptedData:\n  password: c3VwZXJzZWNyZXRwYXNzd29yZDEyMzR4eA==\n"),
        ("docker-compose.yml", "services:\n  a:\n    environment:\n      DB: postgres://app:sommer@example:5432/db\n"),
        (".env", "DB=postgres://app:sommer@example.com@realhost/db\n"),
        (".env", "DB=mongodb://app:sommer@example.com,realhost.corp/db\n"),
        (
            "a.tf",
            'locals {\n  notes = "-----BEGIN PGP MESSAGE-----\\npostgres://app:Kx9vLq2Zt11wPz@db.corp/x\\n'
            '-----END PGP MESSAGE-----"\n}\n',
        ),
        ("notes.txt", "-----BEGIN AGE ENCRYPTED FILE-----\nAKIAQ3EGR5TZXYW2MNPQ\n-----END AGE ENCRYPTED FILE-----\n"),
    ],
)  # fmt: skip
def test_what_only_resembles_another_language_or_a_ciphertext_fails(name: str, text: str) -> None:
    assert any(line["result"] == "FAILED" for line in lines_of(ASKED, ".", name, text, pieces(name, text), "file"))


def test_lines_of_base64_between_the_marks_of_an_encrypted_message_are_no_secret() -> None:
    line = "9vLqK+2Zt/w7Kx8n" * 4
    for what, first in (("PGP MESSAGE", "hQEMA"), ("AGE ENCRYPTED FILE", "YWdlLWVuY3J5cHRpb24ub3JnL3Yx")):
        body = f"{first}{line}"[:64]
        for end in ("\n", "\\n"):
            text = f"-----BEGIN {what}-----{end}{body}{end}{line}{end}9vLqK+2Z{end}-----END {what}-----"
            assert not re.search("[a-w]vLq|YWdl|hQEM", without_ciphertexts(text))
            assert without_ciphertexts(text.replace(line, "a secret")) == text.replace(line, "a secret")


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("local", "((sommer))", ["UNKNOWN"]),
        ("default", "((sommer))", ["UNKNOWN"]),
        ("default", "((hunter2Hunter2))", ["FAILED"]),
        ("default", "((db_password))", []),
    ],
)
def test_a_doubt_about_the_form_of_a_value_is_told_where_nothing_uses_it(
    kind: str, value: str, result: list[str]
) -> None:
    name, form = KINDS[kind]
    text = form.format(q=json.dumps(value))
    lines = lines_of(ASKED, ".", name, text, pieces(name, text), "file", doubts=False)
    assert [line["result"] for line in lines if line["result"] != "PASSED"] == result
