"""What is a secret, as `docs/adr/0017-what-is-a-secret.md` says: each row of its table in each column, and names,
values and kinds of files against each other.
"""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from preuve.collect.code.checkov.kinds.values_files import pieces_of
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.collect.code.language.templates.source import parse
from preuve.collect.code.secrets.search import secrets_under
from preuve.collect.code.secrets.templates import of_template
from preuve.collect.code.secrets.terraform_files import Piece, of_file
from preuve.collect.code.secrets.workflows_and_images import of_workflow
from preuve.redact.notations.definition import _TABLE, NONE, SECRET, Column, ValuePlace, judged
from preuve.redact.notations.values import is_built_like_key, looks_secret

_CIPHER = "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w=="
_PGP = base64.b64encode(b"\x99\x01\x0d\x04" + Random(1).randbytes(270)).decode()
_RAILS = "--".join(base64.b64encode(Random(1).randbytes(size)).decode() for size in (301, 12, 16))
S, N, U = "secret", "none", "not decided"
# A name, a value, and what it is in each column: where nobody fills in but in a text.
ROWS = [
    ("password", "xxxxxxxx", (N, N, N, N)),
    ("password", "true", (N, N, N, N)),
    ("password", "{}", (N, N, N, N)),
    ("change_password", "function x(user) {\n  return user;\n}\n", (S, S, N, N)),
    ("password", "enabled", (S, N, N, N)),
    ("password", _CIPHER, (S, N, N, N)),
    ("password", "AKIAIOSFODNN7EXAMPLE", (S, N, N, N)),
    ("password", "op://vault/item/password", (S, S, N, N)),
    ("password", "vault:secret/data/db#password", (S, N, N, N)),
    ("password", "vault:aX7kQ9mZ2vB8", (S, U, U, U)),
    ("password", "((db_password))", (S, S, N, N)),
    ("password", "((sommer))", (S, S, U, U)),
    ("password", "((Sommer2024))", (S, S, S, S)),
    ("password", "${DB_PASSWORD}", (N, N, N, N)),
    ("password", "<Sommer2024>", (S, S, S, N)),
    ("password", "<sommer>", (U, U, U, N)),
    ("password", "$KQ9V_TZ4L", (U, U, U, N)),
    ("password", "48213", (S, S, U, N)),
    ("password", "/prod/db/password", (U, S, N, N)),
    ("hash_secret", "5f4dcc3b5aa765d61d8327deb882cf99", (S, S, S, S)),
    ("password_hash", "5f4dcc3b5aa765d61d8327deb882cf99", (N, N, N, N)),
    ("password", "Bearer {{resolve:ssm:x}}", (S, S, S, N)),
    ("password", "./keys/db.pem", (S, S, N, N)),
    ("password", "app/prod/db-Ab12Cd", (S, S, N, N)),
    ("password", "app/$ENV/db", (S, S, N, N)),
    ("password", "$oleil2024/$ENV", (S, S, S, S)),
    ("encryption_key", "arn:aws:kms:eu-west-1:ACCOUNT_ID:key/550e8400-e29b-41d4-a716-446655440000", (S, N, N, N)),
    ("password", "aX7kQ9mZ2vB8/Lw4nR6tYp1sD3f", (S, S, U, U)),
    ("password", "/aX7kQ9mZ2vB8/db.pem", (S, S, U, U)),
    ("password", "The password is set later.", (U, S, U, N)),
    ("password", "NO_TOKEN", (S, S, U, U)),
    ("password", "your-token-here", (U, S, U, U)),
    ("password", "app-db-password", (U, S, U, S)),
    ("encrypted_password", "Kx9vLqK2Zt8w7QpX4mR1sT6yU3iO5aSd", (S, S, U, S)),
    ("password", f"gAAAAA{'9vLqK' * 20}", (S, S, U, S)),
    ("encryption_key", "550e8400-e29b-41d4-a716-446655440000", (S, S, U, S)),
    ("rotate_secret", "cron(0 1 * * ? *)", (S, S, U, S)),
    ("require_token", "always", (S, S, U, S)),
    ("hashed_secret", "72afd27dd0d59edf2e9c3c39f3b4a26c1c7b0e4f", (N, N, N, N)),
    ("pgp_key", _PGP, (S, N, N, N)),
    ("credentials", _RAILS, (S, N, N, N)),
    ("recaptcha_key", "Kx9vLq2Zt11wPz", (S, S, U, S)),
    ("password", "Kx9vLq2Zt11wPz", (S, S, S, S)),
    ("password", "sommer", (S, S, S, S)),
]


def at(column: Column, name: str) -> ValuePlace:
    free = column not in (Column.ARGUMENT, Column.CONTENT)
    return ValuePlace(column, name, free, taken=column is not Column.TEXT)


def told(verdict: str) -> str:
    return {SECRET: S, NONE: N}.get(verdict, U)


@pytest.mark.parametrize(("name", "value", "verdicts"), ROWS)
def test_a_value_is_what_the_first_row_says_that_it_fits(name: str, value: str, verdicts: tuple[str, ...]) -> None:
    assert tuple(told(judged(value, at(column, name))) for column in Column) == verdicts


def test_each_row_decides_about_something() -> None:
    """A row that decides about no example is one nobody needs."""
    places = [(value, at(column, name)) for name, value, _ in ROWS for column in Column]
    first = {next((row for row, (fits, _) in enumerate(_TABLE) if fits(value, one)), -1) for value, one in places}
    assert first == {*range(len(_TABLE)), -1}


_LETTERS = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", min_size=3, max_size=12)
_LITERALS = st.builds(
    lambda first, number, sign, last: f"{first}{number}{sign}{last}",
    _LETTERS, st.integers(1000, 99999), st.sampled_from(["!", "?", "+", "&", "=x", ""]), _LETTERS,
)  # fmt: skip
_NO_SECRETS = st.sampled_from([value for _, value, verdicts in ROWS if N in verdicts[1:]])


@given(_LITERALS, st.sampled_from(Column))
def test_what_no_row_fits_is_a_secret(value: str, column: Column) -> None:
    assert judged(value, at(column, "password")) == SECRET


_OTHER_NAMES = ["OPENAI_KEY", "VAULT_SECRET_ID", "HASH_KEY", "HMAC", "COOKIE", "TLS_PRIVATE", "DB_PASSWORD_CACHE"]
_NAMES_OF_ONE = ["DB_PASSWORD", "SSH_KEY", "AUTH", "PULL_SECRET", "SERVICE_TOKEN", "MAX_API_KEY", *_OTHER_NAMES]
_FORMS = ["{}", "/{}/db", "./{}", "%s/{}", "db/{}.pem", "db.pem # {}", "${}", "<{}>", "{{{{{}}}}}", "vault:{}", "/{}/*"]
_BYTES = st.binary(min_size=24, max_size=24).filter(lambda some: max(some) > 0x7F)  # no text in base64
_RANDOM = _BYTES.map(lambda some: base64.b64encode(some).decode())
_KEYS = st.one_of(
    _RANDOM.filter(lambda key: len(set(key)) > 8 and key.isalnum() and is_built_like_key(key.rstrip(string.digits))),
    st.binary(min_size=16, max_size=32).map(bytes.hex).filter(lambda key: not key.isdecimal() and not key.isalpha()),
)


@given(_KEYS, st.sampled_from(_FORMS), st.sampled_from(Column), st.booleans(), st.booleans())
def test_what_is_built_like_a_key_is_never_none(key: str, form: str, column: Column, free: bool, taken: bool) -> None:
    place = ValuePlace(column, "password", free, taken or column is Column.ARGUMENT)
    verdict = judged(form.format(key), place)
    assert verdict == SECRET if column is Column.ARGUMENT else verdict != NONE


@given(_KEYS, st.sampled_from(["/{}/*", "/api/{}/*.json"]))
def test_a_pattern_of_paths_with_a_key_in_it_looks_like_a_secret(key: str, form: str) -> None:
    assert looks_secret(form.format(key))
    assert not looks_secret(form.format("users"))


@pytest.mark.parametrize("size", [12, 15, 16, 18, 20, 21, 24, 27, 30, 32, 48, 64])
def test_random_bytes_in_base64_are_no_path(size: int) -> None:
    made = Random(size)
    keys = [base64.b64encode(made.randbytes(size)).decode() for _ in range(400)]
    places = [ValuePlace(column, "DB_PASSWORD", taken=True) for column in Column]
    assert [key for key in keys for place in places if judged(key, place) == NONE] == []


@given(
    st.lists(
        st.sampled_from(["prod", "Prod2", "MyApp", "GoServer", "dbPassword", "EU1", "v1beta1", "2024", "a"]), min_size=2
    )
)
def test_a_path_of_names_is_none(steps: list[str]) -> None:
    path = "/".join(steps)
    assume(len(path) < 20)  # a longer one has the length of a key
    assert judged(path, at(Column.NAME, "DB_PASSWORD")) == NONE


_IN_CAPITALS = st.from_regex(r"[A-Z]{1,3}[0-9][A-Z]{1,3}_[A-Z]{1,3}[0-9][A-Z]{1,2}", fullmatch=True)


@given(st.one_of(_IN_CAPITALS, _LITERALS, _LETTERS), st.sampled_from(_FORMS))
def test_where_nobody_fills_in_nothing_is_judged_less_strictly_than_under_a_name(value: str, form: str) -> None:
    text = form.format(value)
    if judged(text, at(Column.NAME, "password")) != NONE:
        assert judged(text, at(Column.ARGUMENT, "password")) != NONE
        assert judged(text, at(Column.CONTENT, "password")) != NONE


@settings(deadline=None)
@given(_KEYS, st.sampled_from(_NAMES_OF_ONE), st.sampled_from([".env", "config.yaml", "x.tfvars", "app.properties"]))
def test_a_key_is_never_none_under_a_name_that_may_be_its_own(key: str, name: str, file: str) -> None:
    sign, quote = (": ", "") if file.endswith("yaml") else ("=", '"' if file == "x.tfvars" else "")
    pieces = list(pieces_of(file, f"{name}{sign}{quote}{key}{quote}\n"))
    assert any(piece.secrets.found or piece.secrets.hidden for piece in pieces)


@given(_LITERALS, st.sampled_from(["PULL_SECRET", "ENCRYPT_KEY", "ENABLE_PASSWORD", "SERVICE_TOKEN", "MAX_API_KEY"]))
def test_a_word_before_that_for_a_secret_spares_no_password(value: str, name: str) -> None:
    (piece,) = pieces_of("x.tfvars", f"{name} = {_value(value)}\n")
    assert piece.secrets.found
    assert not secrets_under(name, "true", path=name).found


@given(_LITERALS, _NO_SECRETS, st.booleans(), st.sampled_from([Column.CONTENT, Column.NAME]))
def test_what_is_no_secret_hides_no_secret_beside_it(literal: str, spared: str, before: bool, column: Column) -> None:
    value = f"{literal}?{spared}" if before else f"{spared}?{literal}"
    assert judged(value, at(column, "password")) != NONE, value


# ---- names, values and kinds of files -------------------------------------------------------------------------------


def _hcl(text: str) -> list[Piece]:
    return list(of_file(parse_file(text)))


def _template(text: str) -> list[Piece]:
    return list(of_template(parse(text)))


def _value(text: str) -> str:
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")


_TAKEN = ValuePlace(Column.NAME, taken=True)
_ARGUMENT = ValuePlace(Column.NAME, free=False, taken=True)  # of who wrote the module
_FREE = ValuePlace(Column.NAME)
# Each kind of file: how it has a name and its value, and where that stands.
FILES: Mapping[str, tuple[Callable[[str, str], Any], ValuePlace]] = {
    "local": (lambda name, value: _hcl(f"locals {{\n  {name} = {_value(value)}\n}}\n"), _TAKEN),
    "module": (lambda name, value: _hcl(f'module "x" {{\n  {name} = {_value(value)}\n}}\n'), _ARGUMENT),
    "variables": (lambda name, value: pieces_of("x.tfvars", f"{name} = {_value(value)}\n"), _TAKEN),
    "environment": (lambda name, value: pieces_of(".env", f"{name}={_value(value)}\n"), _TAKEN),
    "remark": (lambda name, value: pieces_of("prod.env", f"export {name}={_value(value)} # as before\n"), _TAKEN),
    "mapping": (
        lambda name, value: _template(f"Mappings:\n  M:\n    K: {{{name}: {json.dumps(value)}}}\nResources: {{}}\n"),
        _TAKEN,
    ),
    "compose": (
        lambda name, value: pieces_of(
            "docker-compose.yml", f"services: {{a: {{environment: {{{name}: {json.dumps(value)}}}}}}}\n"
        ),
        _FREE,
    ),
    "workflow": (
        lambda name, value: of_workflow(f"on: push\nenv:\n  {name}: {json.dumps(value)}\njobs: {{}}\n", "a.yml"),
        _FREE,
    ),
}
_NAMES = st.sampled_from(["db_password", "api_key", "client_secret", "mot_de_passe", "DB_PASSWORD", "authToken"])
_VALUES = st.one_of(_LITERALS, st.sampled_from([value for name, value, _ in ROWS if name == "password"]))


@settings(deadline=None)
@given(st.sampled_from(sorted(FILES)), _NAMES, _VALUES)
def test_a_value_under_a_name_is_the_same_in_each_kind_of_file(kind: str, name: str, value: str) -> None:
    read, place = FILES[kind]
    pieces = list(read(name, value))
    found, hidden = (any(getattr(piece.secrets, of) for piece in pieces) for of in ("found", "hidden"))
    assert (S if found else U if hidden else N) == told(judged(value, place._replace(name=name)))


@settings(deadline=None)
@given(st.sampled_from(["{}={}\n", "export {}={}\n", "{}: {}\n", '{} = "{}"\n']), _NAMES, _LITERALS, _LETTERS)
def test_a_value_beside_a_name_in_a_script_is_a_secret_unless_the_name_says_nothing(
    form: str, name: str, value: str, other: str
) -> None:
    assume(form != "{}: {}\n" or value.isalnum())  # a sign ends a word there
    for called, found in ((name, True), (other.lower(), False)):
        pieces = list(pieces_of("run.sh", f"#!/bin/sh\n{form.format(called, value)}"))
        assert any(piece.secrets.found for piece in pieces) is found, (called, value)
