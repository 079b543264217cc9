"""Redaction before a snapshot: no address, no name in an ARN, no secret, and everything else unchanged."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.redact.forms import is_masked
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, nameless

ACCOUNT = "123456789012"
JANE = "person-[a-z2-7]{12}"


def new(key: bytes = b"k" * 32) -> Redactor:
    return Redactor(Pseudonyms(key))


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def test_a_pseudonym_is_stable_for_a_key_and_different_for_another() -> None:
    first, again, other = new().person("jane"), new().person("jane"), new(b"x" * 32).person("jane")
    assert first == again
    assert matches(JANE, first)
    assert first != other
    assert new().person("john") != first


def test_an_address_has_one_pseudonym_everywhere() -> None:
    redactor = new()
    alone = redactor.text("jane.doe@techstart.fr")
    assert matches(JANE, alone)
    assert redactor.text("Owner: 'jane.doe@techstart.fr'.") == f"Owner: '{alone}'."
    assert redactor.text("<jane.doe@techstart.fr>,jane.doe@techstart.fr") == f"<{alone}>,{alone}"
    assert redactor.data({"a": ["x jane.doe@techstart.fr"]}) == {"a": [f"x {alone}"]}


@pytest.mark.parametrize(
    "address",
    [
        "jane@techstart.fr",
        "jane+aws@mail.techstart.co.uk",
        "o'neill@x.ie",
        "rené@société.fr",
        "j_d%x@a-b.io",
        "a@b.museum",
    ],
)
def test_addresses_of_every_kind_are_replaced(address: str) -> None:
    assert matches(JANE, new().text(address))
    assert matches(f"mailto:{JANE}\\?", new().text(f"mailto:{address}?"))


AT = ["@", "%40", "%2540", "&#64;", "&#x40;", "&commat;", "＠", r"\u0040", " (at) ", "[arobase]", " @ ", " arobase "]
AT += [" @", "@ ", "\u00a0@  ", "   @   ", "(arobas)", "[chez]", " arobas ", r"\x40", "&#0000000064;", "&#x0040;"]
DOT = [".", "%2E", "&#46;", "．", "(dot)", " [point] "]


@given(
    st.from_regex(r"[a-z]{2,8}\.[a-z]{2,8}", fullmatch=True),
    st.from_regex(r"[a-z]{3,8}", fullmatch=True),
    st.sampled_from(AT),
    st.sampled_from(DOT),
    st.sampled_from(["", "\u00ad", "\u200b"]),
    st.sampled_from(["", "https://x/?m=", "écrire à ", "<", "(", "Owner: "]),
)
def test_an_address_has_one_pseudonym_in_every_spelling(
    name: str, domain: str, at: str, dot: str, unseen: str, before: str
) -> None:
    written = f"{name[0]}{unseen}{name[1:]}{at}{domain}{dot}fr"
    redactor = new()
    assert redactor.text(f"{before}{written}, merci") == f"{before}{redactor.text(f'{name}@{domain}.fr')}, merci"


def test_an_address_with_an_accent_is_one_however_the_accent_is_written() -> None:
    redactor = new()
    assert redactor.text("rene\u0301@socie\u0301te\u0301.fr") == redactor.text("rené@société.fr")
    assert redactor.text("ren%C3%A9%40soci%C3%A9t%C3%A9.fr") == redactor.text("rené@société.fr")


@pytest.mark.parametrize("text", ["postgres://app:Sup3rS4cret@db.interne:5432/p", "see amqp://u:p%40x@mq.example.fr"])
def test_a_password_in_a_url_is_no_person(text: str) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    kept = Redactor(pseudonyms).text(text)
    assert "[removed: url_password]" in kept and pseudonyms.names == {}


@pytest.mark.parametrize("text", ["http://host:8080,jane@techstart.fr", "http://host:8080/?to=jane@techstart.fr"])
def test_an_address_after_a_url_with_a_port_is_a_person(text: str) -> None:
    assert re.search(JANE, new().text(text)) and "techstart" not in new().text(text)


@pytest.mark.parametrize("text", ["à 20 % (at) midi", "npm i (at) 2.0", "100%40", "prix : 3 @ 4.50", "@media (at) x"])
def test_signs_for_an_address_without_one_stay(text: str) -> None:
    assert new().text(text) == text


@pytest.mark.parametrize(
    "text",
    ["t3.large @ eu.west", "Deployed @ api.prod yesterday", "HEAD @ origin.main", "job @ midnight.utc", "10 @ 0.5.usd",
     "Ratio 3 @ 4.5 point de vue", "see [at] docs.md", "the load (at) peak.time",
     "les adresses @acme.fr, cc @jane.doe"],
)  # fmt: skip
def test_a_sign_between_the_words_of_a_sentence_makes_no_address(text: str) -> None:
    assert new().text(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("x @ jane@acme.fr", "x @ {}"), ("jane @ acme.fr, x", "{}, x"), ("le 3 @ 4.5, jane @ acme.fr", "le 3 @ 4.5, {}")],
)
def test_an_address_beside_another_sign_for_one_is_replaced(text: str, kept: str) -> None:
    redactor = new()
    assert redactor.text(text) == kept.format(redactor.text("jane@acme.fr"))


@pytest.mark.parametrize(
    "text",
    ["git@github.com:techstart/mod.git", "git::ssh://git@github.com/techstart/mod.git//x?ref=v1.0.0",
     "Depot = git@gitlab.acme.fr", "ssh://git%40bitbucket.org/x"],
)  # fmt: skip
def test_the_user_of_ssh_at_a_server_of_git_is_nobody(text: str) -> None:
    assert new().text(text) == nameless(text) == text
    assert re.fullmatch(JANE, new().text("legit@github.com"))


@pytest.mark.parametrize("text", ["@", "a@b", "user@localhost", "s3@2.1", "@media", "x @ y.z", "npm i @types/node"])
def test_a_text_that_is_no_address_stays(text: str) -> None:
    assert new().text(text) == text


@pytest.mark.parametrize(
    ("arn", "redacted"),
    [
        ("arn:aws:iam::123456789012:user/jane", f"arn:aws:iam::123456789012:user/{JANE}"),
        ("arn:aws:iam::123456789012:user/team/it/jane", f"arn:aws:iam::123456789012:user/team/it/{JANE}"),
        ("arn:aws-cn:iam::123456789012:user/jane", f"arn:aws-cn:iam::123456789012:user/{JANE}"),
        ("arn:aws:iam::123456789012:mfa/jane-phone", f"arn:aws:iam::123456789012:mfa/{JANE}"),
        ("arn:aws:sts::123456789012:federated-user/jane", f"arn:aws:sts::123456789012:federated-user/{JANE}"),
        ("arn:aws:sts::123456789012:assumed-role/Admin/jane", f"arn:aws:sts::123456789012:assumed-role/Admin/{JANE}"),
        ("arn:aws:sts::123456789012:assumed-role/Admin/j@x.fr", f"arn:aws:sts::123456789012:assumed-role/Admin/{JANE}"),
    ],
)
def test_a_person_in_an_arn_is_replaced_and_the_rest_stays(arn: str, redacted: str) -> None:
    assert matches(redacted, new().text(arn))
    assert matches(
        f'{{"AWS": "{redacted}"}}'.replace("{", "\\{", 1).replace('"}', '"\\}'), new().text(f'{{"AWS": "{arn}"}}')
    )


def test_a_person_has_one_pseudonym_as_name_and_in_arns() -> None:
    redactor = new()
    name = redactor.person("jane")
    assert redactor.text(f"arn:aws:iam::{ACCOUNT}:user/jane") == f"arn:aws:iam::{ACCOUNT}:user/{name}"
    assert redactor.person(f"arn:aws:iam::{ACCOUNT}:user/jane").endswith(name)


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:iam::{ACCOUNT}:mfa/root-account-mfa-device",
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:role/Admin",
        f"arn:aws:iam::{ACCOUNT}:user/*",
        "arn:aws:s3:::techstart-logs/*",
        f"arn:aws:secretsmanager:eu-west-3:{ACCOUNT}:secret:prod/db-AbCdEf",
        f"arn:aws:ssm:eu-west-3:{ACCOUNT}:parameter/db/password",
        f"arn:aws:sns:eu-west-3:{ACCOUNT}:password-reset:0a1b2c3d",
        f"arn:aws:logs:eu-west-3:{ACCOUNT}:log-group:/aws/lambda/token-service:log-stream:abcdef",
        "secretsmanager:GetSecretValue",
        "token.actions.githubusercontent.com:repository",
        "iam:UpdateAccountPasswordPolicy",
        '{"Action": "secretsmanager:GetSecretValue", "Condition": {"Null": {"aws:TokenIssueTime": "true"}}}',
        '{ ($.eventSource = "secretsmanager.amazonaws.com") && ($.eventName = "GetSecretValue") }',
        "person-ejblkh75vvhb",
    ],
)
def test_a_text_without_a_person_or_secret_stays(text: str) -> None:
    assert new().text(text) == text


SECRETS = [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", "[removed: private_key]"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[removed: aws_secret_key]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "[removed: json_web_token]"),
    (f"ghp_{'a1B2' * 9}", "[removed: github_token]"),
    (f"github_pat_{'a1B2' * 9}", "[removed: github_token]"),
    (f"glpat-{'a1B2' * 5}", "[removed: gitlab_token]"),
    ("xoxb-1234567890-abcdefghij", "[removed: slack_token]"),
    (f"sk_live_{'a1B2' * 6}", "[removed: stripe_key]"),
    ("postgres://app:hunter2@db/crm", "[removed: url_password]db/crm"),
    ("DB_PASSWORD=correct-horse-battery", "DB_PASSWORD=[removed: assignment]"),
    ('password: "hunter2222"', 'password: "[removed: assignment]"'),
    ('{"api_key": "0123456789abcdef", "x": 1}', '{"api_key": "[removed: assignment]", "x": 1}'),
    ("password:hunter2222", "password:[removed: assignment]"),
    ("export client.secret='s3cr3t-s3cr3t'", "export client.secret='[removed: assignment]'"),
]


@pytest.mark.parametrize(("secret", "redacted"), SECRETS)
def test_a_secret_is_removed_and_its_detector_named(secret: str, redacted: str) -> None:
    assert new().text(f"before {secret} after") == f"before {redacted} after"


def test_an_unfinished_private_key_is_removed_to_the_end_of_the_text() -> None:
    assert new().text("a -----BEGIN PRIVATE KEY-----\nMIIEow") == "a [removed: private_key]"


def test_an_access_key_id_becomes_a_pseudonym_and_stays_traceable() -> None:
    redactor = new()
    key = redactor.text("AKIAIOSFODNN7EXAMPLE")
    assert matches("key-[a-z2-7]{12}", key)
    assert redactor.text("key_AKIAIOSFODNN7EXAMPLE;") == f"key_{key};"
    assert redactor.person("AKIAIOSFODNN7EXAMPLE") == key


def test_personal_paths_are_replaced_through_lists() -> None:
    redactor = new()
    data = {"Users": [{"Name": "jane", "Age": 3}, {"Name": "<root_account>"}, {}], "Name": "kept"}
    redacted = redactor.data(data, ["Users[].Name", "Missing.Path", "Name.Deeper"])
    assert redacted == {
        "Users": [{"Name": redactor.person("jane"), "Age": 3}, {"Name": "<root_account>"}, {}],
        "Name": "kept",
    }


def test_a_personal_value_with_an_address_is_replaced_once() -> None:
    redactor = new()
    assert redactor.data({"Mail": "jane@x.fr"}, ["Mail"]) == {"Mail": redactor.text("jane@x.fr")}


@pytest.mark.parametrize("name", ["person-in-charge", "key-account-manager-jane", "key-"])
def test_a_name_that_looks_like_a_pseudonym_is_still_replaced(name: str) -> None:
    assert new().data({"UserName": name}, ["UserName"]) == {"UserName": new().person(name)}


def test_other_values_keep_their_types() -> None:
    data = {"a": 1, "b": True, "c": None, "d": 1.5, "e": [], "f": {"g": "text", "h": {"i": [1, "x"]}}}
    assert new().data(data) == data


def test_keys_are_redacted_too() -> None:
    redacted = new().data({"jane@x.fr": {"AKIAIOSFODNN7EXAMPLE": 1}})
    assert "jane" not in json.dumps(redacted) and "AKIA" not in json.dumps(redacted)
    assert len(redacted) == 1


@pytest.mark.parametrize(
    "text",
    ["a-" * 30_000, "a" * 200_000 + "@", "a." * 30_000 + "@", "secret" * 10_000, "password " * 10_000, "a@b." * 20_000,
     "arn:aws:iam::1:user/" * 5_000, "eyJ-" * 10_000, "-----BEGIN PRIVATE KEY-----" * 2_000, "a://b:" * 10_000,
     "password=" + "a/" * 100 + "!", "password=" + "_/" * 100 + "!", "password (" * 20_000, "password=" + "a/" * 9_000,
     "%40" * 30_000, "&#64;" * 30_000, "a (at) " * 20_000, "é＠" * 30_000, "fr76 " * 20_000, "1 85 05 " * 20_000,
     "a @ " * 30_000, "a @b." * 20_000, "a" * 100_000 + " @ ", "&#" + "0" * 100_000,
     "'" * 100_000 + " @ a.fr", "aws_secret_" * 10_000, "aws_secret" + " " * 100_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_hostile_text_takes_no_excessive_time(text: str) -> None:
    assert isinstance(new().text(text), str)


# ---- nothing planted survives -------------------------------------------------------------------------------------

EMAIL = st.from_regex(
    r"[a-z][a-z0-9_%+]{0,8}(\.[a-z0-9]{1,5})?@[a-z0-9]{1,8}(-[a-z]{1,3})?\.(fr|com|co\.uk)", fullmatch=True
)
KEY = st.from_regex(r"A[KS]IA[0-9A-Z]{16}", fullmatch=True).filter(lambda key: not is_masked(key))
EDGE = st.text("ab \n\"'<>(){}[],;:=/&?|é*#", max_size=6)
FILLER = st.none() | st.booleans() | st.integers() | st.text(max_size=8)


def nested(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaf | FILLER,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=5) | leaf, inner, max_size=3)
            | st.fixed_dictionaries({"UserName": inner})
        ),
        max_leaves=8,
    )


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in [key, *strings(item)]]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@given(st.data(), EMAIL, EDGE, EDGE)
def test_no_address_survives_in_any_structure(data: st.DataObject, address: str, before: str, after: str) -> None:
    found = new().data(data.draw(nested(st.just(f"{before}{address}{after}"))), ["UserName"])
    assert not any(address in text for text in strings(found))


@given(st.data(), KEY, EDGE, EDGE)
def test_no_access_key_survives_in_any_structure(data: st.DataObject, key: str, before: str, after: str) -> None:
    found = new().data(data.draw(nested(st.just(f"{before}_{key}-{after}"))), ["UserName"])
    assert not any(key in text for text in strings(found))


@given(st.text("abc é", min_size=20, max_size=30), EMAIL)
def test_no_address_survives_in_base64(text: str, address: str) -> None:
    encoded = base64.b64encode(f"{text} {address} {text}".encode()).decode()
    assert encoded not in json.dumps(new().data([encoded]))


@given(nested(st.just("jane@x.fr")))
def test_redacting_twice_changes_nothing_more(value: Any) -> None:
    once = new().data(value, ["UserName"])
    assert new().data(once, ["UserName"]) == once


def test_a_blank_name_is_not_replaced() -> None:
    assert [new().person(blank) for blank in ("", " ", "\t")] == ["", " ", "\t"]
