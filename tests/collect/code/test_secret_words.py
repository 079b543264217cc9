"""Words for a secret are known in the languages that people name things in, and in every spelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.secrets.search import secrets_of
from preuve.redact.forms import certain
from preuve.redact.secrets import in_map

Spelling = Callable[[list[str]], str]

PHRASES = st.sampled_from(
    ["mot de passe", "mdp", "clé api", "clé secrète", "cle privee", "clé de chiffrement", "clef maître", "jeton",
     "creds", "master key", "session salt", "pepper", "otp seed", "seed phrase", "pin code", "code pin", "senha",
     "wachtwoord", "contraseña", "kennwort", "passwort", "api schlüssel", "chave de api", "clave secreta", "chiave api",
     "parola", "lösenord", "heslo", "zugangsdaten", "api sleutel", "pass phrase", "signing key"]
)  # fmt: skip
SPELLINGS: list[Spelling] = [
    "_".join,
    "-".join,
    ".".join,
    lambda words: "_".join(words).upper(),
    lambda words: "".join(word.title() for word in words),
    lambda words: "".join([words[0], *(word.title() for word in words[1:])]),
    lambda words: "_".join(word.title() for word in words),
]
BEFORE = st.sampled_from(["", "db", "app", "smtp", "client web"])
AFTER = st.sampled_from(["", "2", "prod", "old", "value"])
VALUES = st.sampled_from(["Kx9vLq2Zt11", "Soleil2024!", "sunshine", "483920", "JBSWY3DPEHPK3PXP", "app:Kx9vLq2Zt11"])
HARMLESS = st.sampled_from(
    ["", "true", "3600", "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/db-AbCdEf", "/prod/db/password",
     "https://vault.example.com/v1", "prod/db/mot-de-passe", "${MDP}", "<mot de passe>", "****"]
)  # fmt: skip


def in_lambda(name: str, value: str) -> Any:
    return secrets_of("aws_lambda_function", {"environment": [{"variables": [{name: value}]}]}).found


@given(before=BEFORE, phrase=PHRASES, after=AFTER, spell=st.sampled_from(SPELLINGS), value=VALUES, harmless=HARMLESS)
def test_a_value_under_a_word_for_secrets_is_found_in_any_language_and_spelling(
    before: str, phrase: str, after: str, spell: Spelling, value: str, harmless: str
) -> None:
    name = spell(f"{before} {phrase} {after}".split())
    assert in_lambda(name, value), name
    assert not in_lambda(name, harmless), name
    assert in_map({name: value}), name
    assert not secrets_of("aws_instance", {"user_data": [f"echo {name}"]}).found


@given(phrase=st.sampled_from(["mot de passe", "jeton"]), spell=st.sampled_from(SPELLINGS), owner=st.sampled_from(
    ["bdd", "base de donnees", "admin", "utilisateur", "app"]
))  # fmt: skip
def test_the_owner_may_follow_the_word_for_a_secret(phrase: str, spell: Spelling, owner: str) -> None:
    assert in_lambda(spell(f"{phrase} {owner}".split()), "sunshine")


@pytest.mark.parametrize("name", ["MOTDEPASSE", "dbmotdepasse", "MASTERKEY", "CLEAPI", "appmdp", "dbCreds"])
def test_words_may_be_joined(name: str) -> None:
    assert in_lambda(name, "0f1e2d3c4b5a69788796a5b4c3d2e1f0")


@pytest.mark.parametrize("name", ["IDENTIFIANTS", "MDP_POUR_LE_SITE", "CLAVE", "SEED", "JETON_DU_PARTENAIRE"])
def test_under_an_ambiguous_word_the_value_decides(name: str) -> None:
    assert in_lambda(name, "app:Kx9vLq2Zt11")
    assert not in_lambda(name, "eu-west-3")


@pytest.mark.parametrize(
    "name",
    ["ORACLE_API", "VEHICLE_API", "ARTICLE_SECRETS_NAME", "COMPASS", "BASALT", "MDP_LONGUEUR", "JETON_DUREE",
     "SALT_LENGTH", "LED_PINS_COUNT", "KMS_KEY", "PARTITION_KEY"],
)  # fmt: skip
def test_words_that_only_sound_similar_mean_nothing(name: str) -> None:
    assert not in_lambda(name, "Kx9vLq2Zt11")


def test_signed_urls_of_azure_are_recognized_by_their_form() -> None:
    sig = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"
    for text in (
        f"https://a.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig={sig}%3D",
        f"https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig={sig}",
        f"https://shop.azurewebsites.net/api/order?code={sig}AAAA==",
    ):
        assert certain(text) == ["azure_signature" if "?code=" in text else "url_signature"]
        assert in_lambda("LINK", text)
    for place in ("<signature>", "YOUR_SIGNATURE_GOES_HERE"):
        assert not certain(f"https://a.blob.core.windows.net/c?sv=2022-11-02&sig={place}&se=2030")


@pytest.mark.parametrize("value", ["auto", "required", "enabled", "days"])
def test_a_word_is_a_password_where_aws_takes_one(value: str) -> None:
    """A word that is a setting anywhere else; what another program fills in stays none."""
    for kind, name in [
        ("aws_db_instance", "password"),
        ("aws_redshift_cluster", "master_password"),
        ("aws_elasticache_replication_group", "auth_token"),
        ("aws_rds_cluster", "master_password_wo"),
        ("AWS::RDS::DBInstance", "MasterUserPassword"),
    ]:
        assert secrets_of(kind, {name: value}).found
        for other in ("", "true", "<password>"):
            assert not secrets_of(kind, {name: other}).found
        resolved = {name: "{{resolve:secretsmanager:db:SecretString:password}}"}  # CloudFormation alone does
        assert bool(secrets_of(kind, resolved).found) is not kind.startswith("AWS::")
    assert not secrets_of("aws_db_instance", {"password_policy": value}).found
    assert not in_lambda("DB_PASSWORD", value)


@pytest.mark.parametrize("name", ["AUTHORIZATION", "X_AUTHORIZATION", "API_AUTH", "apiAuth"])
@pytest.mark.parametrize("value", ["Vb7kQ2mXz9Lw4RtYp3Nc8Hd6", "Bearer Vb7kQ2mXz9Lw4Rt", "token Vb7kQ2mXz9Lw4Rt"])
def test_what_authorises_a_request_is_a_secret_if_it_looks_like_one(name: str, value: str) -> None:
    assert in_lambda(name, value)


@pytest.mark.parametrize("name", ["AUTHORIZATION", "API_AUTH"])
@pytest.mark.parametrize(
    "value", ["AWS_IAM", "NONE", "oauth2", "COGNITO_USER_POOLS", "Bearer ${TOKEN}", "Bearer token", "RS256", "disabled"]
)
def test_how_a_request_is_authorised_is_none(name: str, value: str) -> None:
    assert not in_lambda(name, value)


def test_a_header_that_authorises_holds_a_secret() -> None:
    header = {"header": [{"key": ["Authorization"], "value": ["Vb7kQ2mXz9Lw4RtYp3Nc8Hd6"]}]}
    of_calls = {"auth_parameters": [{"invocation_http_parameters": [header]}]}
    assert secrets_of("aws_cloudwatch_event_connection", of_calls).found
    sent = {"request_parameters": [{"integration.request.header.Authorization": "'Vb7kQ2mXz9Lw4RtYp3Nc8Hd6'"}]}
    assert secrets_of("aws_api_gateway_integration", sent).found


def test_the_content_of_a_file_that_is_called_sensitive_is_a_secret() -> None:
    assert secrets_of("local_sensitive_file", {"content": ["sunshine"]}).found
    assert not secrets_of("local_file", {"content": ["sunshine"]}).found


@pytest.mark.parametrize(
    "name",
    ["DBPASS", "SSHPASS", "SMTPPASS", "SUDOPASS", "FTPPASS", "MYPASS", "DBPW", "ROOTPW", "BINDPW", "dbPass", "sshpass",
     "FERNET_KEY", "AIRFLOW__CORE__FERNET_KEY", "SOPS_AGE_KEY", "CIPHER_KEY", "SIGN_KEY", "CSRF_KEY", "WG_KEY",
     "LICENCE_KEY", "DB_PSWD", "PSWRD", "DB_PASSWRD", "DB_PWORD", "WALLET_MNEMONIC", "SNMP_COMMUNITY"],
)  # fmt: skip
def test_short_words_and_abbreviations_tell_whatever_the_value_says(name: str) -> None:
    assert in_lambda(name, "Kx9vLq2Zt11")
    assert in_lambda(name, "sunshine")


@pytest.mark.parametrize(
    "name",
    ["PORTALPASS", "AUTH", "HTTP_AUTH", "NPM_AUTH", "DOCKER_AUTH", "SENTRY_AUTH", "REDISCLI_AUTH", "SECRETS",
     "AGE_KEY", "SSH_KEY", "SSHKEY", "SSH_KEYS", "RSA_KEY", "TLS_KEY", "SSL_KEY", "CERT_KEY", "DKIM_KEY", "CRYPTO_KEY"],
)  # fmt: skip
def test_of_names_for_a_secret_or_something_else_the_value_decides(name: str) -> None:
    assert in_lambda(name, "Kx9vLq2Zt11")
    for value in (
        "~/.ssh/id_rsa",
        "app-keypair",
        "none",
        "true",
        "eu-west-3",
        "arn:aws:kms:eu-west-3:123456789012:key/x",
    ):
        assert not in_lambda(name, value), value


@pytest.mark.parametrize(
    ("words", "found"), [(11, False), (12, True), (13, False), (15, True), (24, True), (27, False)]
)
def test_the_words_of_a_wallet_are_a_secret(words: int, found: bool) -> None:
    said = " ".join(["legal", "winner", "zoo", "thank"][number % 4] for number in range(words))
    assert bool(in_lambda("MNEMONIC", said)) is found
    assert not in_lambda("MNEMONIC", said.title())


@pytest.mark.parametrize("name", ["AGE_KEY", "SOPS_AGE_KEY"])
def test_whom_age_encrypts_for_is_none(name: str) -> None:
    assert not in_lambda(name, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kdsl9ty4qhg0y5k")
    assert in_lambda(name, "AGE-SECRET-KEY-1" + "QL3Z7HJY54" * 5 + "QL3Z7HJY")


# As public repositories write them.
@pytest.mark.parametrize(
    "name",
    ["BYPASS", "byPass", "x-amz-bypass", "COMPASS", "PASSPORT", "PASSENGER", "minipass", "fs-minipass", "getpass",
     "multi-pass", "PUBLIC_KEY", "publicKey", "SORT_KEY", "sortKey", "PRIMARY_KEY", "CACHE_KEY", "cacheKey", "HASH_KEY",
     "PARTITION_KEY", "FOREIGN_KEY", "TAG_KEY", "KMS_KEY", "s3Key", "objectKey", "limit_key", "result_key",
     "pseudonym_key", "restore-keys", "KEY_NAME", "SSH_KEY_NAME", "OAUTH", "OAuth", "build-client-oauth", "useOAuth",
     "OAUTH_URL", "AUTH_URL", "AUTH_TYPE", "STOPWORDS", "valkey", "MONKEY", "TURKEY", "HOTKEY", "GPG_KEY"],
)  # fmt: skip
def test_names_that_end_alike_stay_harmless(name: str) -> None:
    assert not in_lambda(name, "Kx9vLq2Zt11")


def test_the_address_of_logs_at_datadog_ends_in_a_key() -> None:
    address = "https://http-intake.logs.datadoghq.eu/v1/input/"
    assert certain(f"{address}0f1e2d3c4b5a69788796a5b4c3d2e1f0") == ["webhook"]
    assert not certain(f"{address}{'0' * 32}")
