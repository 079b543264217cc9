"""Secrets in environment variables and user data: found and named, never kept."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.redact import secrets
from preuve.redact.announcements.secrets import Announcement
from preuve.redact.forms import certain, without_certain
from preuve.redact.redactor import nameless
from preuve.redact.secrets import detectors, in_map, in_text


def test_a_key_with_slashes_is_no_path() -> None:
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert in_map({"secret_key": key}) == [{"Key": "secret_key", "Detector": "telling_name"}]
    assert in_map({"secret_key": "prod/database/main/password-of-the-shop"}) == []


def test_a_map_is_searched_by_values_and_by_revealing_names() -> None:
    found = in_map(
        {
            "URL": "postgres://app:hunter2@db/crm",
            "DB_PASSWORD": "hunter2",
            "STRIPE": f"sk_live_{'a1B2' * 6}",
            "LOG_LEVEL": "debug",
        }
    )
    assert found == [
        {"Key": "DB_PASSWORD", "Detector": "telling_name"},
        {"Key": "STRIPE", "Detector": "stripe_key"},
        {"Key": "URL", "Detector": "url_password"},
    ]
    assert "hunter2" not in json.dumps(found)


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:secretsmanager:eu-west-3:123456789012:secret:prod/db-AbCdEf",
        "{{resolve:secretsmanager:prod/db}}",
        "/prod/db/password",
        "prod/db/password",
        "https://sts.example.org/token",
        "true",
        "3600",
        "",
    ],
)
def test_a_reference_to_a_secret_is_no_secret(value: str) -> None:
    assert in_map({"DB_PASSWORD": value, "TOKEN_TTL": value}) == []


@pytest.mark.parametrize(
    "text",
    [
        "JIRA_API_TOKEN=person-t2imifins5u3:Zx8kLm2pQ9Vb7tR3",
        "password=person-t2imifins5u3!2024Soleil",
        "mdp: person-t2imifins5u3-Azerty2024!",
        'api_key="person-t2imifins5u3:Zx8kLm2pQ9Vb7tR3"',
        "config/app/db_password:S3cretXyz1",
        "env:DB_PASSWORD:S3cretXyz1!",
    ],
)
def test_a_secret_beside_a_pseudonym_or_under_a_path_is_one(text: str) -> None:
    assert detectors(text) == ["assignment"]


@pytest.mark.parametrize("text", ["password=person-t2imifins5u3", "mdp: person-t2imifins5u3.", "token: [removed: x]"])
def test_a_pseudonym_alone_is_no_secret(text: str) -> None:
    assert detectors(text) == []


def test_every_detector_that_matches_a_text_is_named_once() -> None:
    text = "export API_TOKEN=abcdefgh1 OTHER_TOKEN=abcdefgh2\nAKIAIOSFODNN7EXAMPLE AKIAIOSFODNN7EXAMPL2"
    assert in_text(text) == [
        {"Key": "", "Detector": "assignment"},
        {"Key": "", "Detector": "aws_access_key"},
    ]
    assert in_text("#!/bin/sh\nyum install -y nginx\n") == []


SAID = [
    "mot de passe",
    "mots de passe",
    "clé api",
    "clé d'API",
    "clé d’accès",
    "clé secrète",
    "phrase secrète",
    "phrase de passe",
    "code secret",
    "jeton",
    "mdp",
    "passphrase",
    "private key",
]
JOINTS = st.sampled_from([" ", "_", "-", "\u00a0", ""])


@given(
    st.sampled_from(SAID),
    JOINTS,
    st.sampled_from([str.lower, str.upper, str.capitalize]),
    st.sampled_from(["NFC", "NFD", "none"]),
    st.sampled_from([" : ", ": ", "\u00a0: ", " = ", "="]),
    st.sampled_from(["Azerty2024!", "abcdefgh12345", "hunter2hunter2"]),
)
def test_a_secret_announced_in_french_is_found_however_the_words_are_written(
    said: str, joint: str, case: Callable[[str], str], accents: str, sign: str, value: str
) -> None:
    phrase = case(said.replace(" ", joint))
    if accents == "none":
        phrase = "".join(mark for mark in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(mark))
    else:
        phrase = unicodedata.normalize(accents, phrase)
    kept = nameless(f"SG {phrase}{sign}{value} (prod)")
    assert value not in kept and kept.startswith("SG ")


@pytest.mark.parametrize(
    "text",
    [
        "Mot de passe Azerty2024!",
        "password Azerty2024!",
        "SG Bearer abcdefghijklmnopqrstuvwxyz0123456789",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345",
        "authorization = Basic YWRtaW46QXplcnR5MjAyNCE=",
        '{"Authorization": "Token 0123456789abcdef"}',
        "mot de passe : 98765432",
        "« mot de passe » : « Azerty2024! »",
        "mot de passe « Azerty2024! »",
        "le mot de passe est : Azerty2024!",
        "mot de passe provisoire : Azerty2024!",
        "mot de passe de la base : Azerty2024!",
        "mot de passe - Azerty2024!",
        "the passphrase of the vault is: Azerty2024!",
    ],
)
def test_a_secret_announced_by_a_space_or_a_header_is_found(text: str) -> None:
    assert "announced" in detectors(text)


NAMED = st.sampled_from(
    ["secret", "token", "password", "rotate-password", "api-key", "jeton", "mot-de-passe", "cle-api", "private-key"]
)
TAIL = st.from_regex(
    r"[A-Za-z0-9]{1,12}-[A-Za-z0-9]{6}|v[0-9]{1,5}|[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9a-f]{7}", fullmatch=True
)
SERVICES = sorted(botocore.session.get_session().get_available_services())


@given(st.sampled_from(SERVICES), NAMED, st.sampled_from([":", "/", ":prod/", "/prod:", ":rds!db-"]), TAIL)
def test_no_name_in_a_reference_announces_a_secret(service: str, named: str, joint: str, tail: str) -> None:
    last = f"{named}{joint}{tail}"
    begun = f"arn:aws:{service}:eu-west-3:123456789012"
    whole = [f"{begun}:{last}", f"{begun}:function:{last}", f"{begun}:type/{last}"]
    whole += [f"123456789012.dkr.ecr.eu-west-3.amazonaws.com/{last}", f"ghcr.io/org/{last}", f"repo:org/{last}:ref1"]
    for reference in (*whole, last if "password" not in last else whole[0]):
        assert nameless(reference) == reference
        assert nameless(f"Resource {reference}, and more") == f"Resource {reference}, and more"


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds!db-0d6f2b1a-ab12Cd",
        "rds!db-0d6f2b1a-7c1b-4f3a-9d51-0a2b3c4d5e6f",
        "prod/db1-a1B2c3",
        "123456789012.dkr.ecr.eu-west-3.amazonaws.com/app:v1.2.3",
        "2026-11-01T10:00:00Z",
        "2026-11-28",
        "28/11/2026",
        "v1.2.3-rc1",
        "ISO/IEC27002:2022",
        "PSSI§4.2.1",
        "cf.PSSI-v2.3",
        "rotation90jours",
        "vpc-0a1b2c3d4e5f60718",
        "eu-west-3",
        "person-ay2z7msluuq7",
        "[removed: announced]",
    ],
)
def test_a_date_a_version_a_standard_and_an_id_of_aws_are_no_announced_secret(value: str) -> None:
    for said in ("Clé API : ", "mot de passe : ", "passphrase = ", "private key: "):
        assert "announced" not in detectors(f"{said}{value}")
        assert "announced" not in detectors(f"{said}{value} (prod)")


def test_sentences_that_only_speak_of_passwords_and_keys_stay() -> None:
    root = Path(__file__).parents[2]
    told = [*root.glob("*.md"), *root.glob("reports/**/*.yaml")]
    told += [path for name in ("controls", "policies", "examples") for path in root.glob(f"{name}/**/*.yaml")]
    lines = [line for path in told for line in path.read_text(encoding="utf-8").splitlines()]
    speaking = [line for line in lines if re.search(r"(?i)mots? de passe|password|passphrase|jeton|clé|token", line)]
    assert len(speaking) > 500
    found = [line for line in speaking if "announced" in detectors(line)]
    assert found == [line for line in found if "Sup3rS3cret2024!" in line], "an example of a secret"


@pytest.mark.parametrize(
    "text",
    [
        "mot de passe : 14 caractères au moins, changé tous les 90 jours",
        "Mots de passe : voir A.5.17, et la politique PSSI-2026",
        "Clé d'accès : 90-days au plus, chiffrée en AES-256 ou RSA-4096",
        "clé de chiffrement : arn:aws:kms:eu-west-3:123456789012:key/1234abcd",
        "mot de passe : https://coffre.example/7f9c2ba4",
        "jeton : /prod/db/token1",
        "private key: rotated every 365 days",
        "The bearer authentication-of-every-caller is on; bearer of the risk",
        "Authorization: required, by the owner of the account",
        "passphrase: one that you remember",
        "un mot de passe de 12 signes, une clé secrète ou un jeton",
    ],
)
def test_a_count_an_algorithm_or_a_reference_after_such_words_is_no_secret(text: str) -> None:
    assert "announced" not in detectors(text)


@pytest.mark.parametrize(
    "text",
    [
        "restore-keys: key-d41d8cd98f00b204e9800998ecf8427e",
        "sb_secret_the_name_of_a_table_x",
        "sbp_the_name_of_a_thing_that_is_long_enough_for_one",
        "nvapi-the-name-of-a-thing-that-is-long-enough-for-one",
        "tvly-the-name-of-a-thing-that-is-long-enough",
    ],
)
def test_a_name_or_a_hash_behind_the_letters_of_a_service_is_no_token(text: str) -> None:
    assert certain(text) == [] and detectors(text) == []


@pytest.mark.parametrize(
    "text", ["MAILGUN_API_KEY=key-{}", 'mailgun:\n  # of mailgun\n  mailgun_key: "key-{}"', "curl --user api:key-{}"]
)
def test_a_key_of_mailgun_is_one_where_its_name_or_its_user_stands_before_it(text: str) -> None:
    told = text.format("d41d8cd98f00b204e9800998ecf8427e")
    assert certain(told) and detectors(told) and "d41d8" not in without_certain(told)


def test_what_a_text_announces_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    announced = secrets.announced

    def heard(text: str) -> Iterator[Announcement]:
        asked.append(text)
        return announced(text)

    monkeypatch.setattr(secrets, "announced", heard)
    text = "a text of its own: the password is Tr0ub4dor&3x"
    assert detectors(text) and "Tr0ub4dor" not in nameless(text)
    assert asked.count(text) == 1
