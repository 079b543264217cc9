"""Normal code with words about secrets in it has none; the same places with a secret in them have one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.files.kinds import is_program_of_settings
from preuve.collect.code.secrets.forms import kinds
from preuve.collect.code.secrets.search import Secrets, secrets_of
from preuve.collect.code.secrets.workflows_and_images import of_workflow

SECRET = "Kx9vLq2Zt11wPz"
NAMES = st.sampled_from(["QDRANT_API_KEY", "DATABASE_PASSWORD", "db-password", "token", "api.key"])


def state(found: Secrets) -> str:
    """Return what is said of a block."""
    return "FAIL" if found.found else "UNKNOWN" if found.hidden else "PASS"


def external(member: str, key: str, beside: str = "remoteRef") -> dict[str, Any]:
    """Return a manifest of what brings a secret from elsewhere."""
    data = [{member: key, beside: {"key": "/app/x"}}]
    return {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "spec": {"data": data}}


@given(name=NAMES, beside=st.sampled_from(["remoteRef", "sourceRef"]))
def test_the_key_of_a_secret_that_is_brought_from_elsewhere_is_none(name: str, beside: str) -> None:
    manifest = external("secretKey", name, beside)
    assert state(secrets_of("kubernetes_manifest", {"manifest": [manifest]})) == "PASS"
    written = f"spec:\n  data:\n  - secretKey: {name}\n    {beside}:\n      key: /app/x\n"
    assert state(secrets_of("kubectl_manifest", {"yaml_body": [written]})) == "PASS"
    assert state(secrets_of("kubernetes_manifest", {"manifest": [external("secretKey", SECRET, beside)]})) == "FAIL"
    assert state(secrets_of("kubectl_manifest", {"yaml_body": [written.replace(name, SECRET)]})) == "FAIL"


@pytest.mark.parametrize(
    "path", ["externalSecret.secretKey", "auth.existingSecret.passwordKey", "x.externalSecrets.tokenKey"]
)
def test_a_setting_that_names_a_key_of_a_secret_elsewhere_is_none(path: str) -> None:
    for name in ("QDRANT_API_KEY", "db-password"):
        assert state(secrets_of("helm_release", {"set": [{"name": [path], "value": [name]}]})) == "PASS"
    for own in ("externalSecret.secretKey", "auth.secretKey"):
        assert state(secrets_of("helm_release", {"set": [{"name": [own], "value": [SECRET]}]})) == "FAIL"
    assert state(secrets_of("helm_release", {"set": [{"name": ["auth.secretKey"], "value": ["soleil"]}]})) == "FAIL"


@pytest.mark.parametrize(
    "text",
    [
        "Pass name+surname.",
        "Runbook: pass order_id+region to the on-call script.",
        "Pass ec2node1 and region2 to the job",
        "Say the password first+last, then go on",
        "Pass document_id to CheckSanctions.",
        "The token name=surname of the request",
        "pass x509cert, chain and key",
    ],
)
def test_prose_that_says_what_is_passed_on_is_no_secret(text: str) -> None:
    assert not list(kinds(text))
    assert state(secrets_of("aws_ssm_document", {"content": [f'{{"description": "{text}"}}']})) == "PASS"


@pytest.mark.parametrize(
    "text",
    [
        f"mytool user pass {SECRET}",
        f"mytool --pass {SECRET} to the host",
        "mytool --password name+surname",
        f"set password {SECRET} for app",
        f"setup pass {SECRET}\nnext",
        f"login -pass {SECRET}",
    ],
)
def test_a_command_that_takes_a_secret_after_the_word_for_one_has_it(text: str) -> None:
    assert list(kinds(text))


OPEN = [("db-owner-username", "homeunite_owner"), ("db-host", "db-1.internal.example.org"), ("db_port", "5432"),
        ("contact-phone-number", "+1234567890"), ("contact-email", "not_a_real_email@example.org")]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), OPEN)
def test_what_is_encrypted_under_the_name_of_no_secret_is_not_decided(name: str, value: str) -> None:
    def of(called: str, kept: str) -> str:
        body = {"name": [f"/app/{called}"], "type": ["SecureString"], "value": [kept]}
        return state(secrets_of("aws_ssm_parameter", body))

    assert of(name, value) == "UNKNOWN"
    assert of(name, SECRET) == "FAIL"
    assert of("x", value) == "FAIL"
    assert of("db-password", value) == "FAIL"


MATRIX = """
on: push
jobs:
  a:
    strategy: {{matrix: {{env_config: [{{name: Prod, account_secret: {0}}}, {{name: Dev, account_secret: DEV_ID}}]}}}}
    steps: [{{run: 'echo "$ID"', env: {{ID: "${{{{ secrets{1} }}}}"}}}}]
"""


def test_a_matrix_that_names_the_secrets_that_a_job_takes_has_none() -> None:
    def of(value: str, taken: str) -> bool:
        return any(piece.secrets.found for piece in of_workflow(MATRIX.format(value, taken), "w.yml"))

    assert not of("AWS_PROD_ACCOUNT_ID", "[matrix.env_config.account_secret]")
    assert of(SECRET, "[matrix.env_config.account_secret]")
    assert of("AWS_PROD_ACCOUNT_ID", ".ID")


@pytest.mark.parametrize(
    "path",
    ["elasticsearch/pipeline_storage_2025-10-02/transformer/api_key", "app/v2/db_password", "secrets/es_password"],
)
def test_a_path_that_ends_in_a_word_for_a_secret_may_be_its_name_with_a_date_in_it(path: str) -> None:
    assert state(secrets_of("module", {"secrets": [{"es_apikey": path}]})) == "UNKNOWN"
    assert state(secrets_of("module", {"secrets": [{"es_apikey": path.replace("/", "") + "9x!"}]})) == "FAIL"


@pytest.mark.parametrize("value", ["[DATADOG_API_KEY]", "<DATADOG_API_KEY>"])
def test_a_place_to_be_filled_in_is_no_secret(value: str) -> None:
    assert state(secrets_of("module", {"apiKey": [value]})) == "PASS"
    assert state(secrets_of("module", {"apiKey": [f"[{SECRET}]"]})) == "FAIL"


@pytest.mark.parametrize("value", ["your-auth-token-here", "your-credential-here", "your_api_key", "insert-token-here"])
def test_a_word_that_says_what_belongs_there_is_not_decided_and_told_once(value: str) -> None:
    use = 'curl -H "Authorization: Bearer ${AUTH_TOKEN}" https://api.example.org/x\n'
    found = list(pieces_of("run.sh", f'#!/bin/sh\nAUTH_TOKEN="{value}"\n' + use * 5))
    assert [(piece.lines, state(piece.secrets)) for piece in found] == [((2, 2), "UNKNOWN")]


def test_a_literal_of_a_script_is_told_at_its_line() -> None:
    use = 'curl -H "Authorization: Bearer ${AUTH_TOKEN}" https://api.example.org/x\n'
    found = list(pieces_of("run.sh", f'#!/bin/sh\nAUTH_TOKEN="{SECRET}"\n' + use * 5))
    assert [(piece.lines, state(piece.secrets)) for piece in found] == [((2, 2), "FAIL")]
    untold = list(pieces_of("run.sh", f'#!/bin/sh\nX="{SECRET}"\n' + use.replace("AUTH_TOKEN", "X")))
    assert [(piece.lines, state(piece.secrets)) for piece in untold] == [((3, 3), "FAIL"), ((2, 2), "UNKNOWN")]


def test_what_cloudformation_puts_into_an_interface_is_no_secret() -> None:
    text = "paths:\n  /a:\n    credentials:\n      Fn::GetAtt: [Role9xKq2, Arn]\n"
    assert not [piece for piece in pieces_of("api.yaml", text) if piece.secrets.found]
    assert [piece for piece in pieces_of("a.yaml", f"credentials: {SECRET}\n") if piece.secrets.found]


def test_a_test_of_what_reads_secrets_is_no_program_of_settings() -> None:
    assert not is_program_of_settings("test_secrets.py")
    assert is_program_of_settings("settings.py")
