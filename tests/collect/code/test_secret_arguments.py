"""Secrets in commands, connections and headers are found in every notation, and nothing else is."""

from __future__ import annotations

import base64
import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.test_literal_secrets import HARMLESS, judged
from preuve.collect.code.secrets.forms import kinds
from preuve.collect.code.verdict.marks import OPAQUE
from preuve.redact.notations.values import looks_secret

ALNUM = string.ascii_letters + string.digits
SECRETS = st.tuples(st.text(ALNUM, min_size=8, max_size=20), st.sampled_from(["a1B", "Z9z", "7qX"])).map("".join)
TEXTS = {
    "Go": "app:{}@tcp(db.internal:3306)/shop?parseTime=true",
    "Go, a socket": "app:{}@unix(/var/run/mysql.sock)/shop",
    "Go, no protocol": "app:{}@/shop",
    "host and port": "app:{}@db.internal:5432",
    "Oracle": "jdbc:oracle:thin:app/{}@db.internal:1521/shop",
    "words of PostgreSQL": "host=db user=app password={} dbname=shop",
    "JDBC": "jdbc:mysql://db/shop?user=app&password={}",
    "ODBC": "Server=db;Uid=app;Pwd={};",
    "bearer": "Bearer {}0123456789",
    "header": "Authorization: Bearer {}",
    "a property of Java": "java -Dspring.datasource.password={} -jar shop.jar",
    "an option": "run --db-password {}",
    "an option on the next line": "run --token \\\n    {}",
    "a cache": "redis-server --requirepass {}",
    "JSON in a script": 'curl -d "{{\\"password\\": \\"{}\\"}}" https://example.com',
    "a list in a program": 'import os\nrun(["mysql", "--password", "{}"])\n',
    "a list of YAML": "args:\n  - --password\n  - {}\n",
    "an environment that is set": 'import os\nos.environ["PASSWORD"] = "{}"\n',
    "where nothing is set": 'import os\nx = os.environ.get("DB_PASSWORD", "{}")\n',
    "where nothing is set, JavaScript": 'const x = process.env.PASSWORD || "{}";\n',
    "SQL": "CREATE USER app WITH PASSWORD '{}';",
    "MySQL": "CREATE USER 'app'@'%' IDENTIFIED BY '{}';",
    "XML": "<settings><password>{}</password></settings>",
    "Windows": "setx DB_PASSWORD {}",
    "netrc": "machine example.com login app password {}",
    "a word after one that tells": "grafana-cli admin reset-admin-password {}",
    "a setting without a sign": "echo 'requirepass {}' >> /etc/redis.conf",
    "after a user": "rabbitmqctl change_password bob {}",
    "after options": "htpasswd -nb admin {}",
    "of a store of keys": "keytool -genkey -alias a -storepass {} -keystore k",
    "of a key": "ssh-keygen -t rsa -N {} -f k",
    "of a certificate": "openssl pkcs12 -in a -passin pass:{}",
    "of an account of Windows": "net user admin {} /add",
    "of an archive": "zip -P {} a.zip b",
    "piped": "echo '{}' | sudo -S apt-get update",
    "piped to a login": "echo {} | docker login -u bob --password-stdin reg",
    "a here-string": "docker login -u bob --password-stdin reg <<< {}",
    "a here-document": "passwd bob <<EOF\n{}\nEOF\n",
    "a file of PostgreSQL": "echo 'db:5432:*:app:{}' > ~/.pgpass",
    "PowerShell": 'ConvertTo-SecureString "{}" -AsPlainText',
}
COMMANDS: dict[str, list[str]] = {
    "long": ["run", "--password", "{}"],
    "of a name": ["run", "--db-password", "{}"],
    "token": ["run", "--token", "{}", "--verbose"],
    "short": ["app", "-p", "{}"],
    "login": ["curl", "-u", "app:{}", "https://example.com"],
    "long login": ["curl", "--user", "app:{}", "https://example.com"],
    "in one word": ["/usr/bin/mysql", "-u", "app", "-p{}"],
    "with a sign": ["run", "--password={}"],
    "header": ["curl", "-H", "Authorization: Bearer {}"],
    "shell": ["sh", "-c", "run --password {}"],
}


def placed(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Yield blocks that contain a text."""
    return [
        ("aws_lambda_function", {"environment": [{"variables": [{"SETTING": text}]}]}),
        ("aws_instance", {"user_data": [f"#!/bin/sh\n{text}\n"]}),
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"SETTING": text}}}),
        ("AWS::Lambda::Function", {"Code": {"ZipFile": text}}),
        ("AWS::EC2::Instance", {"UserData": text}),
    ]


def run(words: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Blocks that run a command."""
    return [
        ("aws_ecs_task_definition", {"container_definitions": [json.dumps([{"command": words}])]}),
        ("aws_batch_job_definition", {"container_properties": [json.dumps({"command": words})]}),
        ("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Command": words}]}),
        ("AWS::Batch::JobDefinition", {"ContainerProperties": {"Command": words}}),
    ]


@pytest.mark.parametrize("form", TEXTS)
@given(value=SECRETS)
def test_a_secret_in_a_text_is_found(form: str, value: str) -> None:
    for kind, body in placed(TEXTS[form].format(value)):
        (found,) = judged(kind, body)
        assert found.result == "FAILED", kind
        assert value not in repr(found)


@given(
    form=st.sampled_from([one for one in TEXTS if TEXTS[one].startswith(("run --", "redis-server --"))]),
    sign=st.sampled_from("abk0"),
    length=st.integers(8, 40),
)
def test_one_sign_again_and_again_is_no_mask_where_a_command_is_handed_it(form: str, sign: str, length: int) -> None:
    for kind, body in placed(TEXTS[form].format(sign * length)):
        assert [found.result for found in judged(kind, body)] == ["UNKNOWN"], kind


@pytest.mark.parametrize("form", COMMANDS)
@given(value=SECRETS)
def test_a_secret_in_a_command_is_found(form: str, value: str) -> None:
    for kind, body in run([word.replace("{}", value) for word in COMMANDS[form]]):
        (found,) = judged(kind, body)
        assert found.result == "FAILED", kind
        assert value not in repr(found)


@given(name=st.text(ALNUM, min_size=1, max_size=10), value=SECRETS, sign=st.sampled_from(["Basic", "basic", "BASIC"]))
def test_an_http_login_is_found(name: str, value: str, sign: str) -> None:
    login = base64.b64encode(f"{name}:{value}".encode()).decode()
    for text in (f"{sign} {login}", f"Authorization: {sign} {login.rstrip('=')}", f"curl -H 'x: {sign} {login}'"):
        assert {judged(kind, body)[0].result for kind, body in placed(text)} == {"FAILED"}, text


@pytest.mark.parametrize("form", COMMANDS)
@given(reference=st.sampled_from(["$X", "${X}", "{{ x }}", "<x>", "prod/db/password", "/run/secrets/password"]))
def test_an_interpolated_or_external_value_is_no_secret(form: str, reference: str) -> None:
    words = [word.replace("{}", reference) for word in COMMANDS[form]]
    assert {judged(kind, body)[0].result for kind, body in run(words)} == {"PASSED"}


@given(option=st.sampled_from(["--name", "--region", "-v", "--token-ttl", "--secret-id", "--port"]), value=HARMLESS)
def test_an_ordinary_option_is_no_secret(option: str, value: str) -> None:
    assert {judged(kind, body)[0].result for kind, body in run(["run", option, value])} == {"PASSED"}


@pytest.mark.parametrize(
    "words",
    [["mkdir", "-p", "data1dir"], ["docker", "run", "-p", "8080:80"], ["psql", "-p", "5432"], ["id", "-u", "app"],
     ["docker", "run", "-u", "1000:1000", "x"], ["docker", "build", "--secret", "id=npm1,src=.npmrc"],
     ["app", "-p", "/var/lib/data1"], ["run", "--password", "--verbose"]],
)  # fmt: skip
def test_a_command_without_a_secret_passes(words: list[str]) -> None:
    assert {judged(kind, body)[0].result for kind, body in run(words)} == {"PASSED"}


@pytest.mark.parametrize("known", ["", "Sup3r"])
def test_an_unknown_word_is_unknown_and_its_known_part_is_not_shown(known: str) -> None:
    words = ["run", "--password", f"{known}{OPAQUE}${{provider::x::y()}}"]
    (found,) = judged("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Command": words}]})
    assert found.result == "UNKNOWN"
    assert "Sup3r" not in found.detail


PROGRAMS = (
    'password = os.environ["PASSWORD"]',
    'import os\ndsn = "user=" + user + " password=" + os.environ["PASSWORD"] + " host=" + host\n',
    'import os\nargs = ["mysql", "--password=" + os.environ["PASSWORD"]]\n',
    'import os\nargs = ["mysql", f"--password={os.environ[\'PASSWORD\']}"]\n',
    'import os\nargs = ["mysql", "--password", os.environ["PASSWORD"], "-u", user]\n',
    'import os\nh = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}\n',
    'import os\ndsn = f"{user}:{password}@tcp({host}:3306)/{db}"\nother = "%s:%s@tcp(%s)/%s" % (u, p, h, d)\n',
    'import os\nparser.add_argument("--password", help="The password")\nparser.add_argument("--token", "-t")\n',
    '@click.option("--password", "password")\ndef run(password): ...\n',
    'if "PASSWORD" not in os.environ: raise ValueError("PASSWORD: is not set")\n',
    'import os\ndef handler(event, context): return {"password": os.environ["PASSWORD"]}\n',
    'import os\nx = connect(host=os.environ["DB_HOST"], password=os.environ["DB_PASSWORD"])\n',
    'import os\nprint("password=%s" % os.environ["PASSWORD"])\n',
    'import os\nfor key in ["password", "token"]: print(key)\n',
    "exports.handler = async (e) => ({ password: process.env.PASSWORD, token: `Bearer ${e.token}` });\n",
    "password = process.env.PASSWORD\n",
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_reads_its_secrets_elsewhere_passes(program: str) -> None:
    (found,) = judged("AWS::Lambda::Function", {"Code": {"ZipFile": program}})
    assert (found.result, found.detail) == ("PASSED", "")


@pytest.mark.parametrize(
    "text",
    ["shop:1.2@sha256:" + "0a" * 32, "registry:5000/shop:1.2@sha256:" + "1234" * 16,
     "mailto:info@example.com",
     "npm:react@18.2.0", "user:@localhost:5432", "Basic authentication", "Bearer authentication is used here",
     "app:$DB_PASSWORD@tcp(db:3306)/shop", "app:${DB_PASSWORD}@db.internal:5432"],
)  # fmt: skip
def test_a_text_that_only_resembles_a_login_passes(text: str) -> None:
    assert {judged(kind, body)[0].result for kind, body in placed(text)} == {"PASSED"}


@pytest.mark.parametrize("name", ["RECAPTCHA_KEY", "SENTRY_PUBLIC_TOKEN", "NEXT_PUBLIC_API_KEY"])
def test_a_public_key_by_name_is_unknown(name: str) -> None:
    value = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI"
    (found,) = judged("AWS::Lambda::Function", {"Environment": {"Variables": {name: value}}})
    assert found.result == "UNKNOWN"


@pytest.mark.parametrize("name", ["RECAPTCHA_SECRET_KEY", "RECAPTCHA_PRIVATE_KEY", "PUBLIC_DB_PASSWORD", "SITE_SECRET"])
def test_a_secret_by_name_fails_although_the_name_says_public(name: str) -> None:
    (found,) = judged("AWS::Lambda::Function", {"Environment": {"Variables": {name: "6LeIxAcTAAAAAJcZVRqyHh71"}}})
    assert found.result == "FAILED"


def test_a_placeholder_word_is_unknown_and_a_weak_password_fails() -> None:
    def of(value: str) -> str:
        return judged("AWS::Lambda::Function", {"Environment": {"Variables": {"DB_PASSWORD": value}}})[0].result

    stand_ins = ("foo", "bar", "dummy", "placeholder", "REPLACED_BY_PIPELINE", "CHANGE_ME")
    assert {of(value) for value in stand_ins} == {"UNKNOWN"}
    assert {of(value) for value in ("changeme", "admin", "password", "foobar1")} == {"FAILED"}


@pytest.mark.parametrize(
    ("name", "result"), [("SIGNING_KEY", "UNKNOWN"), ("API_KEY", "FAILED"), ("ACCESS_TOKEN", "FAILED")]
)
def test_a_uuid_may_be_the_id_of_a_key_if_a_key_is_expected(name: str, result: str) -> None:
    variables = {name: "1234abcd-12ab-34cd-56ef-1234567890ab"}
    assert judged("AWS::Lambda::Function", {"Environment": {"Variables": variables}})[0].result == result


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_cloudfront_distribution", {"origin": [{"custom_header": [{"name": ["X-Origin"], "value": ["{}"]}]}]}),
        (
            "AWS::CloudFront::Distribution",
            {"DistributionConfig": {"Origins": [{"OriginCustomHeaders": [{"HeaderName": "X", "HeaderValue": "{}"}]}]}},
        ),
    ],
)
@given(value=SECRETS.filter(looks_secret))
def test_a_pair_below_an_argument_for_secrets_fails_if_it_looks_like_a_secret(
    kind: str, body: dict[str, Any], value: str
) -> None:
    written = json.loads(json.dumps(body).replace("{}", value))
    assert [found.result for found in judged(kind, written)] == ["FAILED"]
    assert not judged(kind, json.loads(json.dumps(body).replace("{}", "example.com")))


@pytest.mark.parametrize(
    "script",
    [
        "$credential = Get-Credential",
        '$cred = New-Object PSCredential("app", $kept)',
        "$script:token = Invoke-RestMethod -Method PUT -Uri http://169.254.169.254/latest/api/token",
        "$env:DB_PASSWORD = Get-SECSecretValue -SecretId db\nWrite-Host 'a', 'b'",
        "$password = ConvertTo-SecureString $plain -AsPlainText -Force",
    ],
)
def test_what_a_command_of_powershell_gives_is_no_secret(script: str) -> None:
    assert not list(kinds(script))


@pytest.mark.parametrize(
    "script",
    [
        '$cred = New-Object System.Net.NetworkCredential("app", "{}")',
        "$cred = New-Object PSCredential -ArgumentList `\n  'app', '{}'",
        "$password = ConvertTo-SecureString -AsPlainText -Force {}",
        '$password = ConvertTo-SecureString -String "{}" -AsPlainText',
        '$password = "{}"',
        "password = {}",
        "DB_PASSWORD=Get-{}",
    ],
)
def test_a_secret_beside_a_command_of_powershell_is_found(script: str) -> None:
    assert list(kinds(script.replace("{}", "Hunter2xyz9Qq")))
