"""Literal secrets are found in every form, and nothing else is."""

from __future__ import annotations

import base64
import gzip
import json
import re
import string
from collections.abc import Callable
from typing import Any

import pytest
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from preuve.collect.code.judgements.judgements import JUDGEMENTS, Ruling
from preuve.collect.code.secrets.search import secrets_of
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.redact.notations.names import may_name_key, tells
from preuve.redact.notations.values import is_key, is_key_of_cipher

# ---- what is a secret by its form ---------------------------------------------------------------------------------

ALNUM = string.ascii_letters + string.digits


def of(alphabet: str, size: int) -> st.SearchStrategy[str]:
    """Make texts without a run of three signs alike: a mask is no secret."""
    return st.text(alphabet, min_size=size, max_size=size).map(
        lambda text: "".join(sign if at % 3 else alphabet[at * 7 % len(alphabet)] for at, sign in enumerate(text))
    )


def made(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


HEX = "0123456789abcdef"
FORMS: dict[str, st.SearchStrategy[str]] = {
    "GitHub": made(st.sampled_from(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"]), of(ALNUM, 36)),
    "GitHub, fine-grained": made("github_pat_", of(ALNUM, 22), "_", of(ALNUM, 59)),
    "GitLab": made("glpat-", of(ALNUM, 20)),
    "Slack": made("xoxb-", of(string.digits, 11), "-", of(string.digits, 11), "-", of(ALNUM, 24)),
    "Slack webhook": made("https://hooks.slack.com/services/T", of(ALNUM, 8), "/B", of(ALNUM, 8), "/1", of(ALNUM, 23)),
    "Stripe": made(st.sampled_from(["sk_live_", "rk_live_"]), of(ALNUM, 24)),
    "AWS key": made(st.sampled_from(["AKIA", "ASIA"]), of(string.ascii_uppercase + string.digits, 16)),
    "Google": made("AIza", of(ALNUM + "-_", 35)),
    "SendGrid": made("SG.", of(ALNUM, 22), ".", of(ALNUM, 43)),
    "Twilio": made("SK", of(HEX, 32)),
    "npm": made("npm_", of(ALNUM, 36)),
    "PyPI": made("pypi-", of(ALNUM, 60)),
    "Vault": made("hvs.", of(ALNUM, 24)),
    "DigitalOcean": made("dop_v1_", of(HEX, 64)),
    "Databricks": made("dapi", of(HEX, 32)),
    "OpenAI": made("sk-proj-", of(ALNUM, 40)),
    "private key": made("-----BEGIN RSA PRIVATE KEY-----\n", of(ALNUM, 64), "\n-----END RSA PRIVATE KEY-----\n"),
    "JSON web token": made(
        st.dictionaries(of(string.ascii_lowercase, 3), of(ALNUM, 8), min_size=1).map(
            lambda claims: ".".join(
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                for part in ({"alg": "HS256", "typ": "JWT"}, claims)
            )
        ),
        ".",
        of(ALNUM, 43),
    ),
    "connection": made(
        st.sampled_from(["postgres", "mysql", "redis", "amqp", "mongodb+srv"]), "://",
        of(string.ascii_lowercase, 4), ":",
        of(ALNUM, 9), "@db.internal:5432/shop",
    ),
    "connection without a user": made("redis://:", of(ALNUM, 9), "@cache.internal:6379/0"),
}  # fmt: skip
SECRETS = st.one_of(*FORMS.values())
PLUGINS = [
    (AWSKeyDetector, 0), (BasicAuthDetector, 0), (DiscordBotTokenDetector, 0), (GitHubTokenDetector, 0),
    (MailchimpDetector, 0), (NpmDetector, 0), (SendGridDetector, 0), (SlackDetector, 0), (SlackDetector, 1),
    (SquareOAuthDetector, 0), (StripeDetector, 0),
]  # fmt: skip

# ---- where it may stand -------------------------------------------------------------------------------------------

Wrap = Callable[[str], tuple[str, dict[str, Any]]]


def in_lambda(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_lambda_function", {"environment": [{"variables": [{"SETTING": value}]}]}


def in_ecs(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_ecs_task_definition", {
        "container_definitions": [json.dumps([{"environment": [{"name": "A", "value": value}]}])]
    }


def in_ecs_parsed(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_ecs_task_definition", {"container_definitions": [[{"environment": [{"name": "A", "value": value}]}]]}


def in_batch(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_batch_job_definition", {"container_properties": [json.dumps({"command": ["run", value]})]}


def in_codebuild(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_codebuild_project", {"environment": [{"environment_variable": [{"name": ["A"], "value": [value]}]}]}


def in_apprunner(value: str) -> tuple[str, dict[str, Any]]:
    configuration = {"image_configuration": [{"runtime_environment_variables": [{"A": value}]}]}
    return "aws_apprunner_service", {"source_configuration": [{"image_repository": [configuration]}]}


def in_script(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_instance", {"user_data": [f"#!/bin/sh\nset -e\nrun --with '{value}'\n"]}


def in_base64(value: str) -> tuple[str, dict[str, Any]]:
    script = f"#!/bin/sh\nrun '{value}'\n".encode()
    return "aws_launch_template", {"user_data": [base64.b64encode(script).decode()]}


def in_gzip(value: str) -> tuple[str, dict[str, Any]]:
    script = gzip.compress(f"#cloud-config\nruncmd: [run, '{value}']\n".encode())
    return "aws_instance", {"user_data_base64": [base64.b64encode(script).decode()]}


def in_a_loop(value: str) -> tuple[str, dict[str, Any]]:
    content = {"variables": [{"A": value}]}
    return "aws_lambda_function", {"dynamic": [{"environment": {"for_each": ["var.x"], "content": [content]}}]}


def in_another_resource(value: str) -> tuple[str, dict[str, Any]]:
    return "aws_sns_topic_subscription", {"endpoint": [value]}


def in_a_module(value: str) -> tuple[str, dict[str, Any]]:
    return "module", {"source": ["acme/shop/aws"], "settings": [{"a": value}]}


PLACES = (
    *(in_lambda, in_ecs, in_ecs_parsed, in_batch, in_codebuild, in_apprunner, in_script, in_base64, in_gzip, in_a_loop),
    *(in_another_resource, in_a_module),
)


def judged(kind: str, body: dict[str, Any]) -> list[Ruling]:
    """Return the results of both rules for a block; one of them concerns it."""
    asked = (JUDGEMENTS["literal_secrets"].ask(kind, body, {"of": part}) for part in ("computing", "others"))
    return [found for found in asked if found is not None]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
@given(value=SECRETS)
def test_a_secret_is_found_at_any_place_and_never_shown(place: Wrap, value: str) -> None:
    (found,) = judged(*place(value))
    assert found.result == "FAILED"
    assert value not in repr(found)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data(), before=st.sampled_from(["", " ", "\n", '"', "x "]))
def test_every_form_of_secret_is_recognized(form: str, data: st.DataObject, before: str) -> None:
    value = data.draw(FORMS[form])
    assert secrets_of("aws_lambda_function", {"description": [before + value]}).found


@pytest.mark.parametrize(("plugin", "number"), PLUGINS, ids=lambda item: getattr(item, "__name__", item))
@given(data=st.data())
def test_every_form_of_detect_secrets_is_recognized(plugin: Any, number: int, data: st.DataObject) -> None:
    pattern = re.compile(plugin.denylist[number].pattern, plugin.denylist[number].flags & ~re.UNICODE | re.ASCII)
    # As in code: alone, between characters that are no space.
    signs = st.sampled_from(ALNUM + "_-./:=@+~")
    value = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=signs))
    assume(not re.search(r"([A-Za-z0-9])\1{7}", value))  # a mask, as documents write one
    if plugin is BasicAuthDetector:
        assume(re.fullmatch(r"://[^/:@]+:[A-Za-z0-9]{3,}@", value) and not re.fullmatch(r".*:([xX])\1*@", value))
        value = f"https{value}db.internal"
    if plugin is NpmDetector and not value.startswith("npm_"):  # as in .npmrc
        value = f"//registry.npmjs.org/:_authToken={value[-36:]}"
    if plugin in (NpmDetector, SlackDetector):  # as long as real ones are, and in their letters
        value = (
            re.sub(r"(?i)^https://hooks.slack.com/services|^xox.", lambda match: match[0].lower(), value) + "0a1b" * 5
        )
    assert secrets_of("aws_lambda_function", {"description": [value]}).found


# ---- what is a secret by its name ---------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ["DB_PASSWORD", "dbPassword", "PASSWORD", "REDIS_AUTH_TOKEN", "api_key", "APIKEY", "ClientSecret",
     "JWT_SECRET_PROD",     "SECRET_KEY_BASE", "GITHUB_TOKEN", "MYSQL_PWD", "DB_PASS", "PRIVATE_KEY",
     "SMTP_PASSWORD_2", "spring.datasource.password",
     "ENCRYPTION_KEY", "service-account-credentials", "PASSPHRASE", "SLACK_TOKEN_VALUE"]
)  # fmt: skip
LITERALS = st.one_of(
    st.sampled_from(
        ["Sup3rS3cret2024!", "changeme", "password", "hunter2", "admin", "p@ss w0rd", "correct-horse-battery"]
    ),
    of(ALNUM, 12).filter(lambda text: not text.isdigit()),
)


@given(name=NAMES, value=LITERALS)
def test_a_literal_under_a_revealing_name_is_a_secret_in_every_configuration(name: str, value: str) -> None:
    pair = {"name": name, "value": value}
    for kind, body in (
        ("aws_lambda_function", {"environment": [{"variables": [{name: value}]}]}),
        ("aws_ecs_task_definition", {"container_definitions": [json.dumps([{"environment": [pair]}])]}),
        ("aws_batch_job_definition", {"container_properties": [json.dumps({"environment": [pair]})]}),
        ("aws_codebuild_project", {"environment": [{"environment_variable": [{"name": [name], "value": [value]}]}]}),
        ("aws_elastic_beanstalk_environment", {"setting": [{"namespace": ["x"], "name": [name], "value": [value]}]}),
        ("aws_instance", {"user_data": [f"export {name}='{value}'\n"]}),
        ("aws_instance", {"user_data": [f'write_files:\n  - content: |\n      {name}: "{value}"\n']}),
        ("aws_glue_job", {"default_arguments": [{f"--{name}": value}]}),
    ):
        (found,) = judged(kind, body)
        assert found.result == "FAILED", kind
        assert found.values
        assert all(text.startswith("[removed: ") for text in found.values.values())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_db_instance", {"password": ["{}"]}),
        ("aws_db_instance", {"password_wo": ["{}"]}),
        ("aws_rds_cluster", {"master_password": ["{}"]}),
        ("aws_docdb_cluster", {"master_password": ["{}"]}),
        ("aws_redshift_cluster", {"master_password": ["{}"]}),
        ("aws_elasticache_replication_group", {"auth_token": ["{}"]}),
        ("aws_elasticache_user", {"passwords": [["{}"]]}),
        ("aws_opensearch_domain",
        {"advanced_security_options": [{"master_user_options": [{"master_user_password": ["{}"]}]}]}),
        ("aws_mq_broker",
        {"user": [{"username": ["a"], "password": ["{}"]},
                  {"username": ["b"], "password": [f"{OPAQUE}${{{{var.x}}}}"]}]}),
        ("aws_directory_service_directory", {"password": ["{}"]}),
        ("aws_dms_endpoint", {"password": ["{}"]}),
        ("aws_iam_server_certificate", {"private_key": ["{}"]}),
        ("aws_vpn_connection", {"tunnel1_preshared_key": ["{}"]}),
        ("aws_codebuild_source_credential", {"token": ["{}"]}),
        ("aws_ssm_parameter", {"name": ["/a/b"], "type": ["SecureString"], "value": ["{}"]}),
        ("aws_ssm_parameter", {"name": ["/a/db-password"], "type": ["String"], "value": ["{}"]}),
        ("aws_ssm_parameter", {"name": ["/a/b"], "type": ["SecureString"], "value_wo": ["{}"]}),
        ("aws_ssm_parameter", {"name": ["/a/db-password"], "type": ["String"], "insecure_value": ["{}"]}),
        ("aws_cloudwatch_event_connection", {"auth_parameters": [{"api_key": [{"key": ["x"], "value": ["{}"]}]}]}),
        ("aws_kms_ciphertext", {"key_id": ["x"], "plaintext": ["{}"]}),
        ("aws_kms_external_key", {"key_material_base64": ["{}"]}),
        ("aws_lb_listener_rule",
        {"condition": [{"http_header": [{"http_header_name": ["X-Origin-Secret"], "values": [["{}"]]}]}]}),
        ("aws_wafv2_web_acl", {"rule": [{"statement": [{"byte_match_statement": [
            {"search_string": ["{}"], "field_to_match": [{"single_header": [{"name": ["x-origin-secret"]}]}]}]}]}]}),
        ("github_actions_secret", {"secret_name": ["foo"], "plaintext_value": ["{}"]}),
        ("azurerm_key_vault_secret", {"name": ["foo"], "value": ["{}"]}),
        ("google_secret_manager_secret_version", {"secret_data": ["{}"]}),
        ("vault_kv_secret_v2", {"data_json": [{"foo": "{}"}]}),
        ("kubernetes_secret_v1_data", {"data": [{"foo": "{}"}]}),
        ("kubernetes_manifest", {"manifest": [{"apiVersion": "v1", "kind": "Secret", "stringData": {"foo": "{}"}}]}),
        ("aws_secretsmanager_secret_version", {"secret_id": ["x"], "secret_string": ["{}"]}),
        ("aws_secretsmanager_secret_version", {"secret_string": [{"user": "a", "other": "{}"}]}),
        ("aws_glue_connection", {"connection_properties": [{"PASSWORD": "{}", "USERNAME": "a"}]}),
        ("aws_cloudformation_stack", {"parameters": [{"DBPassword": "{}"}]}),
        ("kubernetes_secret", {"data": [{"anything": "{}"}]}),
        ("helm_release", {"set_sensitive": [{"name": ["db.password"], "value": ["{}"]}]}),
        ("provider.datadog", {"api_key": ["{}"]}),
        ("module", {"source": ["acme/db/aws"], "master_password": ["{}"]}),
    ],
)  # fmt: skip
@given(value=LITERALS)
def test_a_literal_in_an_argument_for_secrets_fails_and_a_reference_does_not(
    kind: str, body: dict[str, Any], value: str
) -> None:
    (found,) = judged(kind, filled(body, value))
    assert found.result == "FAILED"
    assert found.values
    assert set(found.values.values()) == {"[removed: telling_name]"}
    for reference in (f"{OPAQUE}${{var.x}}", f"{MADE}${{random_password.x.result}}"):
        assert "FAILED" not in {item.result for item in judged(kind, filled(body, reference))}
        assert judged(kind, filled(body, reference))[0].result == "PASSED"


@given(value=LITERALS)
def test_a_literal_in_a_secret_document_fails_and_a_reference_does_not(value: str) -> None:
    body = {"secret_string": ['{{"user": "a", "other": "{}"}}']}
    (found,) = judged("aws_secretsmanager_secret_version", filled(body, value))
    assert (found.result, set(found.values.values())) == ("FAILED", {"[removed: telling_name]"})
    for reference in (f"{OPAQUE}${{var.x}}", f"{MADE}${{random_password.x.result}}"):
        assert "FAILED" not in {
            item.result for item in judged("aws_secretsmanager_secret_version", filled(body, reference))
        }


def filled(body: Any, value: str) -> Any:
    if isinstance(body, dict):
        return {key: filled(item, value) for key, item in body.items()}
    if isinstance(body, list):
        return [filled(item, value) for item in body]
    return body.replace("{{", "{").replace("}}", "}").replace("{}", value)


# ---- what is none -------------------------------------------------------------------------------------------------

HARMLESS = st.one_of(
    st.uuids().map(str),
    made("arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/", of(string.ascii_lowercase, 6)),
    made("arn:aws:iam::123456789012:role/", of(ALNUM, 10)),
    made("shop@sha256:", of(HEX, 64)),
    of(HEX, 40),
    of(HEX, 64),
    made(st.sampled_from(["ami-", "vpc-", "sg-", "subnet-", "i-"]), of(HEX, 17)),
    made("https://", of(string.ascii_lowercase, 8), ".example.com/", of(string.ascii_lowercase, 5)),
    made("/", of(string.ascii_lowercase, 4), "/", of(string.ascii_lowercase, 4), "/password"),
    st.integers(0, 10**12).map(str),
    st.sampled_from(
        ["true", "debug", "eu-west-3", "production", "changeme", "2024-01-01T00:00:00Z", "info@example.com", ""]
    ),
    st.dates().map(str),
    st.text(string.ascii_lowercase + " .,-", max_size=60),
)
PLAIN_NAMES = st.sampled_from(
    ["LOG_LEVEL", "IMAGE", "COMMIT", "BUILD_ID", "ENDPOINT", "KMS_KEY_ARN", "TABLE", "VPC", "NOTE"]
)
ABOUT = st.sampled_from(
    ["SECRET_NAME", "DB_SECRET_ARN", "TOKEN_URL", "TOKEN_ENDPOINT", "PASSWORD_FILE", "SECRET_ID", "TOKEN_TTL",
     "PASSWORD_LENGTH",
     "SECRET_VERSION", "API_KEY_HEADER", "SECRETS_BACKEND", "TOKEN_ISSUER", "PASSWORD_POLICY"]
)  # fmt: skip


@settings(max_examples=300)
@given(name=st.one_of(PLAIN_NAMES, ABOUT), value=HARMLESS)
def test_a_harmless_value_passes(name: str, value: str) -> None:
    for kind, body in (
        ("aws_lambda_function", {"environment": [{"variables": [{name: value}]}]}),
        (
            "aws_ecs_task_definition",
            {"container_definitions": [json.dumps([{"environment": [{"name": name, "value": value}]}])]},
        ),
        ("aws_instance", {"user_data": [f"#!/bin/sh\nexport {name}='{value}'\n"]}),
    ):
        (found,) = judged(kind, body)
        if is_key(value) and (may_name_key(name) or is_key_of_cipher(value)):
            assert found.result != "FAILED", kind
        else:
            assert (found.result, found.detail) == ("PASSED", ""), kind


@pytest.mark.parametrize(
    "value",
    ["arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/db-AbCdEf", "{{resolve:secretsmanager:prod/db}}",
     "$DB_PASSWORD",
     "${DB_PASSWORD}", "{{ vault_password }}", "<your password>", "%DB_PASSWORD%", "prod/db/password",
     "/prod/db/password", "****",
     "xxxxxxxx", "", " ", "true", "360", "https://login.example.com/token", "secretsmanager:prod/db", "ssm:/prod/db"],
)  # fmt: skip
@given(name=NAMES)
def test_a_reference_or_a_placeholder_is_no_secret(value: str, name: str) -> None:
    (found,) = judged("aws_lambda_function", {"environment": [{"variables": [{name: value}]}]})
    assert found.result == "PASSED"


@pytest.mark.parametrize(
    "script",
    [
        "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600')",
        'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/',
        "TOKEN=`curl -X PUT http://169.254.169.254/latest/api/token`",
        "DB_PASSWORD=$(aws ssm get-parameter --name /prod/db --with-decryption --query Parameter.Value)",
        'export DB_PASSWORD="${db_password}"',
        "aws secretsmanager get-secret-value --secret-id production/database",
        'echo "$PASSWORD" | docker login --username app --password-stdin',
        "#cloud-config\nssh_pwauth: false\nchpasswd: { expire: false }\nusers:\n  - name: app\n    lock_passwd: true\n",
        "# the secret token is fetched from the password store",
        "cat data.json | jq .token",
        'read -rsp "Password: " PASSWORD; echo "done"',
        "sed 's/API_TOKEN=.*/API_TOKEN=<removed>/' log",
        "  --secret NAME       name of the secret (default: shop)",
        "aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
        "sed -i 's/__DB_PASSWORD__/'\"$DB_PASSWORD\"'/' /etc/app.env",
    ],
)
def test_a_script_that_fetches_its_secrets_passes(script: str) -> None:
    (found,) = judged("aws_instance", {"user_data": [script]})
    assert (found.result, found.detail) == ("PASSED", "")


@pytest.mark.parametrize(
    "script",
    [
        "mysql --user app --password=Sup3rS3cret",
        "vault login --token s.abcdefgh12345",
        "curl -u admin:Sup3rS3cret https://example.com",
        "curl -H 'Authorization: Bearer abcdef0123456789'",
        "echo 'app:Sup3rS3cret' | chpasswd",
        "kubectl create secret generic db --from-literal=password=Sup3rS3cret",
        "wget 'https://example.com/?user=a&password=Sup3rS3cret'",
        "DB_PASSWORD: Sup3rS3cret",
        "consul acl set-agent-token agent 3f2a1b4c-9d8e-4f7a-b6c5-1a2b3c4d5e6f",
        "sed -i 's|@@DB_PASSWORD@@|Sup3rS3cret|' /etc/app.env",
        r"printf 'host smtp\nuser bob\npassword Sup3rS3cret\n' > /etc/msmtprc",
        "export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEX",
        'echo "Password: "; DB_PASSWORD="Sup3rS3cret"',
        '{"a": 1, "db_password" : "Sup3rS3cret",,}',
    ],
)
def test_a_script_that_contains_its_secrets_fails(script: str) -> None:
    (found,) = judged("aws_instance", {"user_data": [f"#!/bin/sh\n{script}\n"]})
    assert found.result == "FAILED"
    assert "Sup3r" not in repr(found)


# ---- what is not known --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_instance", {"user_data": [f"{OPAQUE}${{data.template_file.setup.rendered}}"]}),
        ("aws_instance", {"user_data": [f"{OPAQUE}${{content of file()}}"]}),
        ("aws_lambda_function", {"environment": [{"variables": [f"{OPAQUE}${{var.variables}}"]}]}),
        ("aws_ecs_task_definition", {"container_definitions": [f"{OPAQUE}${{module.container.json}}"]}),
        ("aws_db_instance", {"password": [f"{OPAQUE}${{provider::x::y()}}"]}),
        ("aws_db_instance", {"password": [f"Sup3r{OPAQUE}${{provider::x::y()}}"]}),
        ("aws_secretsmanager_secret_version", {"secret_string": [f"{OPAQUE}${{an expression without end}}"]}),
    ],
)
def test_unseen_content_is_unknown_and_its_text_is_not_shown(kind: str, body: dict[str, Any]) -> None:
    (found,) = judged(kind, body)
    assert found.result == "UNKNOWN"
    assert "Sup3r" not in found.detail


@pytest.mark.parametrize(
    ("value", "result"), [("my-secret-name", "UNKNOWN"), ("prod/db/password", "PASSED"), ("my-secret-9f", "FAILED")]
)
def test_a_possible_name_of_a_secret_is_unknown(value: str, result: str) -> None:
    (found,) = judged("aws_lambda_function", {"environment": [{"variables": [{"SECRET": value}]}]})
    assert found.result == result


def test_a_value_set_later_by_hand_passes_only_if_it_is_a_placeholder() -> None:
    later = {"lifecycle": [{"ignore_changes": [["value"]]}], "name": ["/a/password"], "type": ["SecureString"]}
    assert judged("aws_ssm_parameter", {**later, "value": ["changeme"]})[0].result == "PASSED"
    assert judged("aws_ssm_parameter", {**later, "value": ["CHANGE_ME in the console"]})[0].result == "PASSED"
    assert judged("aws_ssm_parameter", {**later, "value": ["Sup3rS3cret2024!"]})[0].result == "FAILED"
    assert judged("aws_ssm_parameter", {**later, "lifecycle": [], "value": ["changeme"]})[0].result == "FAILED"


def test_a_block_without_an_argument_for_secrets_is_not_judged() -> None:
    for kind, body in (
        ("aws_s3_bucket", {"bucket": ["x"]}),
        ("aws_iam_account_password_policy", {"minimum_password_length": [14]}),
        ("aws_efs_file_system", {"creation_token": ["x"]}),
        ("aws_secretsmanager_secret", {"name": ["prod/db/password"]}),
        ("aws_cognito_user_pool_client", {"generate_secret": [True], "access_token_validity": [60]}),
    ):
        assert judged(kind, body) == []


@pytest.mark.parametrize(
    "text",
    ["password" * 20_000, "password=" * 20_000, "a" * 200_000, "[" * 100_000,
     "{\"a\":" * 50_000, "--password " * 20_000,
     "mysql " * 30_000, "a:b@" * 40_000, "setx a " * 20_000, "with password " * 20_000, "a" * 50_000 + " or ",
     "aws secret " + "aB1" * 5_000,
     "a://b:" * 20_000, "Aa0/" * 50_000, base64.b64encode(gzip.compress(b"a" * 50_000_000, mtime=0)).decode()],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_text_takes_no_excessive_time(text: str) -> None:
    assert judged("aws_instance", {"user_data": [text]})


def test_revealing_names_are_recognized() -> None:
    assert all(tells(name, free=True) for name in ("token", "DBPASSWORD", "db_password_old", "x-api-key", "tokens"))
    assert not any(
        tells(name, free=True)
        for name in (
            "tokenizer",
            "secretary",
            "passwordless",
            "bypass",
            "compass",
            "monkey",
            "key",
            "token_url",
            "PUBLIC_KEY",
        )
    )
    assert tells("passwords", free=False)
    assert not tells("http_tokens", free=False)
