"""What is a secret in a text is one for code, for the account and for redaction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.secrets.forms import kinds
from preuve.collect.code.secrets.search import secrets_of
from preuve.redact.identifiers.numbers import without_numbers
from preuve.redact.redactor import nameless
from preuve.redact.secrets import detectors, in_map, in_text

SECRET = "Kx92lmQz8872"
COMMANDS = [
    "curl --user admin:{} https://x.test/a",
    "curl -sSu admin:{} https://x.test/a",
    "curl --proxy-user admin:{} https://x.test/a",
    "http -a admin:{} x.test",
    "sudo -S ls <<< '{}'",
    "docker login -u a --password-stdin r <<< '{}'",
    "echo {} | docker login -u a --password-stdin r",
    "useradd --password {} bob",
    "useradd -p {} bob",
    "usermod -a -G wheel -p '{}' bob",
    "curl -H 'Cookie: session={}' https://x.test",
    "curl -b 'lang=fr; sid={}' https://x.test",
    'headers = {{"Cookie": "JSESSIONID={}AB12CD34EF56"}}',
    "SSHPASS={} sshpass -e ssh h",
    "REDISCLI_AUTH={} redis-cli",
    "aws ssm put-parameter --name /a --type SecureString --value '{}'",
    "aws ssm put-parameter --name /a --value '{}' \\\n  --type SecureString",
    "cmdkey /add:h /user:u /pass:{}",
    "lftp -u a,{} h",
    "sed -i s/@@DB_PASSWORD@@/{}/ app.conf",
    "7z a -p{} x.7z",
    "#cloud-config\nchpasswd:\n  list: |\n    root:{}\n",
]
HARMLESS = [
    "-s, --sync-secrets        Attempts to fetch the secret",
    "--reset-passwords         Resets everything",
    "  --client-secret      Secret of the client",
    "may read the ${Env}-common-passwords table",
    'RESET_PASSWORD_ROUTE: "reset-password?code="',
    "RESET_PASSWORD_ROUTE=reset-password?code=",
    'SECRET_ROUTE: "a/b?c="',
    '"credential": "{ credential }"',
    'Authorization: "Api-Token ${env:DT_TOKEN}"',
    'Authorization: "Api-Token ${DT_TOKEN}"',
    "@authToken = unset",
    "openssl enc -pass env:PASS9X -in x",
    "curl --user admin:$PASSWORD https://x.test/a",
    "useradd -p $PASSWORD bob",
    "useradd -m bob; mkdir -p /srv/Kx92lmQz8872",
    "useradd -p $(openssl passwd -1 x) bob",
    "Cookie: session=$SESSION",
    "Cookie: lang=fr; theme=dark-mode; consent=accepted",
    "curl --cookie jar.txt https://x.test",
    "aws ssm put-parameter --name /a --type String --value 'Kx92lmQz8872'",
]
POINT = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"  # RFC 7515, A.3
NUMBER = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx" * 7
EC, RSA = f'"kty":"EC","crv":"P-256","x":"{POINT}","y":"{POINT}"', f'"kty":"RSA","e":"AQAB","n":"{NUMBER}"'
PUBLIC = f'{{{EC},"kid":"{POINT}","use":"sig"}}'
PRIVATE = f'{{{RSA},"d":"X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH"}}'
SHARED = '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ","alg":"HS256"}'


PARTS = [
    "db",
    "my",
    "auth",
    "pin",
    "pass",
    "salt",
    "key",
    "access",
    "pwd",
    "secret",
    "token",
    "prod",
    "type",
    "id",
    "url",
]
NAMES = st.builds(
    lambda words, joint: joint.join(words),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3),
    st.sampled_from(["_", "-", "."]),
)


@given(name=NAMES, sign=st.sampled_from(["=", ": ", " = "]), upper=st.booleans())
def test_a_name_that_announces_a_secret_to_code_announces_it_to_redaction(name: str, sign: str, upper: bool) -> None:
    text = f"{name.upper() if upper else name}{sign}{SECRET}"
    if {"assignment", "argument"}.intersection(kinds(text)):
        assert SECRET not in nameless(text)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_is_handed_is_a_secret_everywhere(command: str) -> None:
    text = f"#!/bin/sh\n{command.format(SECRET)}\n" if command[0] != "#" else command.format(SECRET)
    assert in_text(text) and in_map({"OPTS": text}) and [*kinds(text)]
    assert SECRET not in nameless(text) and not detectors(nameless(text))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_hands_over_nothing_is_a_secret_nowhere(text: str) -> None:
    assert not detectors(text) and not in_text(text) and not [*kinds(text)]
    assert nameless(text) == text


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ("app --password  correcthorse ping host", True),
        ("app \\\n  --password  correcthorse ping host", True),
        ("A=(\n  --password  Correcthorse batterystaple\n)\napp ${A[@]}", True),
        ("  --password   The password to use", False),
        ("  -p, --password   The password to use", False),
    ],
)
def test_blanks_make_a_help_text_only_of_what_begins_its_line(text: str, handed: bool) -> None:
    assert bool(in_text(text)) is handed and bool([*kinds(text)]) is handed


@pytest.mark.parametrize(("last", "found"), [("XYZ123", False), ("aB3dE5fG7hI9jK1lM3nO5pQ7", True)])
def test_the_last_part_of_a_webhook_is_its_secret(last: str, found: bool) -> None:
    assert bool(detectors(f"https://hooks.slack.com/services/T0A6BLEEA/B0A6D1PRD/{last}")) is found


def test_a_sentence_about_a_secret_is_no_command_where_people_write() -> None:
    text = "rotate the secret after 90days of 2024Q3"
    assert nameless(text) == text


@pytest.mark.parametrize("wrap", ["{}", '{{"keys": [{}]}}'])
def test_a_json_web_key_is_a_secret_by_its_private_part_alone(wrap: str) -> None:
    public, private, shared = (wrap.format(key) for key in (PUBLIC, PRIVATE, SHARED))
    for name in ("SIGNING_KEY", "JWKS"):
        function = {"environment": [{"variables": [{name: public}]}]}
        assert not secrets_of("aws_lambda_function", function).found and not in_map({name: public})
        for secret in (private, shared):
            found = secrets_of("aws_lambda_function", {"environment": [{"variables": [{name: secret}]}]}).found
            assert {one.kind for one in found} == {"json_web_key"} and in_map({name: secret})
    assert secrets_of("aws_ssm_parameter", {"type": ["String"], "value": [private]}).found
    assert secrets_of(
        "aws_lambda_function", {"environment": [{"variables": [{"X": PRIVATE[:-40] + NUMBER + '"}'}]}]}
    ).found
    assert nameless(f"clé {public}") == f"clé {public}" and "X4cT" not in nameless(f"clé {private}")


@pytest.mark.parametrize("kind", ["kty: RSA", 'kty: "RSA"', "kty: RSA # of Jane"])
@pytest.mark.parametrize("order", ["{kind}\n{public}\n{private}", "{public}\n{private}\n{kind}\nuse: sig"])
@pytest.mark.parametrize("wrap", ["{}\n", "keys:\n  - {}\n", "---\n{}\nother: x\n"])
def test_a_web_key_in_yaml_is_a_secret_by_its_private_part_alone(wrap: str, order: str, kind: str) -> None:
    public = f"e: AQAB\nn: {NUMBER}"
    private = "d: X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH\np: 83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQ"
    text = order.format(kind=kind, public=public, private=private)
    indented = wrap.format(text.replace("\n", "\n    ") if "  - " in wrap else text)
    found = secrets_of("aws_ssm_parameter", {"type": ["String"], "value": [indented]}).found
    assert {one.kind for one in found} == {"json_web_key"}
    assert "X4cT" not in nameless(indented) and "83i-7" not in nameless(indented)
    for other in (f"{kind}\n{public}\n", f"{private}\n", f"{kind}\nd: true\n", f"kty: other\n{private}"):
        assert not secrets_of("aws_ssm_parameter", {"type": ["String"], "value": [other]}).found


@pytest.mark.parametrize(
    "kid", ["", "did:web:x#key-1", f"did:key:{POINT}#{POINT}", "https://x.y/k?id=1&v=~2", "a|b", "my key 2024", "clé"]
)
def test_the_id_of_a_public_key_is_any_text(kid: str) -> None:
    key = f'{{{EC},"kid":"{kid}","alg":"ES256","key_ops":["verify"]}}'
    function = {"environment": [{"variables": [{"SIGNING_KEY": key}]}]}
    assert not in_map({"SIGNING_KEY": key}) and not secrets_of("aws_lambda_function", function).found


@pytest.mark.parametrize(
    "key",
    [
        f'{{{RSA},"db_password":"{SECRET}"}}',  # nobody knows the member
        f'{{{EC},"p":"{SECRET}"}}',  # of another type
        f'{{"kty":"EC","crv":"P-256","x":"{SECRET}","y":"{POINT}"}}',  # no coordinate
        f'{{"kty":"RSA","password":"{SECRET}"}}',
        f'{{"kty":"oct","k":"{SECRET}"}}',
        f'{{{RSA},"p":"{SECRET}"}}',
        f'{{"kty":"RSA"}} {SECRET}',
        f'{{"keys":[{{{EC}}}],"password":"{SECRET}"}}',
        f'{{"keys":[{{{EC}}},{{"kty":"EC","password":"{SECRET}"}}]}}',
        '{"kty":"RSA"}',
        f'{{"kty":"oct","kid":"{SECRET}"}}',  # nothing of it is for everybody
        f'{{{EC},"x5c":["{SECRET}"]}}',  # no certificate
        f'{{{EC},"kid":"{SECRET} and more"}}',
        f'{{{EC},"use":"{SECRET}"}}',
        f'{{{EC},"alg":"{SECRET}"}}',
    ],
)
def test_a_key_is_public_only_if_all_of_it_is(key: str) -> None:
    assert in_map({"DB_PASSWORD": key})
    if SECRET in key:
        assert secrets_of("aws_lambda_function", {"environment": [{"variables": [{"DB_PASSWORD": key}]}]}).found


@pytest.mark.parametrize("kty", ["EC", "RSA", "OKP", "oct"])
def test_a_variable_called_as_a_member_of_a_key_spares_none_beside_it(kty: str) -> None:
    variables = {"kty": kty, "DB_PASSWORD": SECRET, "x": POINT, "db": {"password": SECRET}}
    found = secrets_of("aws_lambda_function", {"environment": [{"variables": [variables]}]}).found
    assert {one.path.partition("variables/")[2] for one in found} == {"DB_PASSWORD", "db/password"}


@pytest.mark.parametrize("value", ["Kx92?lmQz8872=", "Hunter?winter=", "a1/b?c=", "kx92lmqz?a="])
def test_what_only_ends_like_an_address_is_a_secret(value: str) -> None:
    assert in_map({"DB_PASSWORD": value})
    assert secrets_of("aws_lambda_function", {"environment": [{"variables": [{"DB_PASSWORD": value}]}]}).found


@pytest.mark.parametrize(
    "text", [f"s/@@DB_PASSWORD@@/{SECRET}/", f"/pass:{SECRET}", f"db:5432:app:bob:{SECRET}", f"*:*:app:bob:{SECRET}"]
)
def test_what_hands_over_without_a_blank_is_found(text: str) -> None:
    assert "argument" in detectors(text)


@pytest.mark.parametrize(
    "name",
    [
        "ThisIsAVeryLongCamelCaseIdentifierOf40Ch",
        "OrchExternalTokenRsaSigningKmsKeyAliasV2",
        "GetEC2InstanceProfileNameForECSClusterV3",
    ],
)
def test_a_name_made_of_words_is_no_secret_key(name: str) -> None:
    assert not [*kinds(f"Ref: {name}")]


@pytest.mark.parametrize("tags", [{"tags": [{"Environment": "\ue000${var.stack}"}]}, {"tags": [{"Name": "x"}]}])
def test_a_tag_configures_no_program(tags: dict[str, object]) -> None:
    assert not secrets_of("aws_lambda_function", tags).hidden


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("dots.yaml", 'svc:\n  "a.b/c":\n    password: @\n', 3),
        ("list.json", '[\n  {\n    "method": {\n      "credential": "@"\n    }\n  }\n]\n', 4),
        ("two.json", '[\n {"a": 1},\n {"b": {\n   "password": "@"}}\n]\n', 4),
        ("arr.json", '{\n "a": 1,\n "db": {\n  "password": [\n   "@"\n  ]\n }\n}\n', 5),
        ("api.yaml", "paths:\n  /v1/x:\n    get:\n      example:\n        password: @\n", 5),
    ],
)
def test_the_line_of_a_secret_in_a_file_is_its_own(name: str, text: str, line: int) -> None:
    (piece,) = pieces_of(name, text.replace("@", SECRET))
    (found,) = piece.secrets.found
    assert piece.line(tuple(step.strip("[]") for step in found.path.split("/"))) == (line, line)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("RIB 30006 00001 12345678901 89.", "RIB iban."),
        ("RIB : 30006-00001-12345678901-89", "RIB : iban"),
        ("compte 20041 01005 0500013M026 06", "compte iban"),
        ("carte 4111 1111 1111 1111, 3782-822463-10005", "carte card, card"),
        ("CB 4111111111111111", "CB card"),
        ("4111 1111 1111 1111 12/27 123", "card 12/27 123"),
        ("4111.1111.1111.1111, 6759 6498 2643 8453, 3530 1113 3330 0000", "card, card, card"),
    ],
)
def test_an_account_as_a_bank_prints_it_and_a_card_go(text: str, kept: str) -> None:
    assert without_numbers(text, lambda _, kind: kind) == kept


@pytest.mark.parametrize(
    "text",
    [
        *("30006 00001 12345678901 88", "4111 1111 1111 1112", "id 4111111111111111", "2024-0101-1234-5678"),
        "4111 1111 1111 1111 1111",
    ],
)
def test_a_number_with_another_key_stays(text: str) -> None:
    assert without_numbers(text, lambda _, kind: kind) == text
