"""Who calls, by the conditions of a policy: replaced in every form of a document, in the account as in code."""

from __future__ import annotations

import json
import time
from itertools import product
from typing import Any
from unittest.mock import Mock

import pytest

from preuve.library.yaml.word_lists import words_in
from preuve.redact import redactor as redactor_module
from preuve.redact.identifiers import logins
from preuve.redact.identifiers.logins import without_callers
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, nameless

CALLERS = sorted(words_in("people_in_code", "callers_in_conditions"))
USERS = sorted(words_in("people_in_code", "users_in_conditions"))
KEYS = [
    *("aws:userid", "aws:SourceIdentity", "sts:RoleSessionName", "saml:sub", "saml:cn", "accounts.google.com:sub"),
    *("redshift:DbUser", "ec2:osuser", "aws:PrincipalTag/preferred_username", "aws:ResourceTag/Owner"),
    *(
        "aws:PrincipalTag/SSOUserName",
        "gitlab.com:user_login",
        "saml:uid",
        "saml:mail",
        "saml:givenName",
        "saml:surname",
    ),
    *(
        "saml:commonName",
        "saml:eduPersonPrincipalName",
        "graph.facebook.com:id:user",
        "login.acme.example:8443/r/x:sub",
    ),
    *(f"provider.example/a:{word}" for word in [*CALLERS, *USERS]),
]


def redactor() -> Redactor:
    return Redactor(Pseudonyms(b"k" * 32))


def document(key: str, value: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Condition": {"StringLike": {"aws:SourceAccount": "1", key: value}}}]}


# Forms of names, and what stands around them in a value.
NAMES = [
    *("eulalie.bonnefoy", "jean-pierre.bonnefoy", "j.bonnefoy", "eulalie_bonnefoy", "eulalie.le-bonnefoy"),
    *("eulalie.bonnefoy2", "Eulalie d'Bonnefoy", "Bonnefoy, Eulalie", "_eulalie.bonnefoy", "ext.eulalie.bonnefoy"),
]
AROUND = ["{}", "AROAEXAMPLEEXAMPLE123:{}", "*:{}", "{}*", "*{}", "${{aws:PrincipalTag/x}}:{}", "ACME\\{}", "{}@*"]
NEIGHBOURS = ["x", "${var.admin}:*", "${aws:PrincipalTag/x}", "]", "[a]", "{", "ACME\\x", "'"]


def texts_of(told: Any) -> list[str]:
    once = json.dumps(told)
    return [once, json.dumps(told, indent=1), json.dumps({"policy": once}), json.dumps({"a": json.dumps([once])})]


@pytest.mark.parametrize(("at", "key"), list(enumerate(["token.actions.githubusercontent.com:actor", *KEYS])))
def test_who_calls_is_replaced_in_every_form_of_a_document(at: int, key: str) -> None:
    one, pairs = redactor(), list(product(NAMES, AROUND))
    for number in range(3 * at, 3 * at + 3):  # together, the keys meet every pair
        name, around = pairs[number % len(pairs)]
        who = around.format(name)
        told = document(key, [NEIGHBOURS[number % len(NEIGHBOURS)], who, NEIGHBOURS[number // 8 % len(NEIGHBOURS)]])
        for form in (document(key, who), told, *texts_of(told)):
            kept = one.data({"a": form})
            assert "onnefoy" not in str(kept), form
            assert one.data(kept) == kept
            if isinstance(form, str):
                assert "onnefoy" not in nameless(form)
                assert nameless(nameless(form)) == nameless(form)


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_a_neighbour_in_a_list_hides_nobody_and_stays(neighbour: str) -> None:
    for key in ("aws:username", "aws:userid"):
        for form in texts_of(document(key, [neighbour, "AROAEXAMPLEEXAMPLE123:eulalie.bonnefoy"])):
            kept = nameless(form)
            assert "bonnefoy" not in kept
            assert kept.count("[removed: person]") == 1
            assert len(kept) == len(form) - len("eulalie.bonnefoy") + len("[removed: person]")


@pytest.mark.parametrize(
    "text",
    [
        "Condition:\n  StringEquals:\n    {key}: eulalie.bonnefoy\n",
        'Condition:\n  StringEquals:\n    "{key}":\n      - x\n      - eulalie.bonnefoy\n',
        "{key}: [x, eulalie.bonnefoy]",
        "{{'Condition': {{'StringEquals': {{'{key}': ['x', 'eulalie.bonnefoy']}}}}}}",
        'jsonencode({{ "{key}" = [var.admin, "eulalie.bonnefoy"] }})',
        'variable = "{key}"\n  values   = ["${{var.admin}}", "eulalie.bonnefoy"]',
        '{{"Key": "{key}", "Values": ["eulalie.bonnefoy"]}}',
        '{{"{key}": {{"eq": ["eulalie.bonnefoy"]}}}}',
        '{{"{key}": ["x", "eulalie.bonnefoy',
    ],
)
def test_who_calls_is_replaced_in_code_that_is_no_json(text: str) -> None:
    for key in ("aws:username", "sts:RoleSessionName"):
        kept = nameless(text.format(key=key))
        assert "bonnefoy" not in kept
        assert kept.count("[removed: person]") == 1
        assert "var.admin" in kept or "var.admin" not in text


@pytest.mark.parametrize(
    "run", ["\\", '\\"', '"', "\\n", "[", '"aws:username":[', 'aws:username: "', "a:", "${", "\n- "]
)
def test_a_long_text_is_read_in_time_that_grows_with_its_length(run: str) -> None:
    text = '{"a": "b:c"} "aws:userid": "' + run * (100_000 // len(run))
    began = time.process_time()
    without_callers(text, str)
    assert time.process_time() - began < 5  # a run of 40,000 backslashes took 10


@pytest.mark.parametrize("key", KEYS)
def test_a_condition_with_its_key_in_a_member_and_a_filter_are_conditions(key: str) -> None:
    forms = [
        {"variable": key, "values": ["eulalie.bonnefoy"]},
        {"Operator": "StringEquals", "Key": key, "Values": ["eulalie.bonnefoy"]},
        {f"condition.{key}": {"eq": ["eulalie.bonnefoy"]}},
    ]
    assert "bonnefoy" not in str(redactor().data(forms))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:username", "${aws:PrincipalTag/user}"),
        ("aws:username", "*"),
        ("aws:userid", "AROAEXAMPLEEXAMPLE123:*"),
        ("sts:RoleSessionName", "deploy"),
        ("sts:RoleSessionName", "app.prod"),
        ("sts:RoleSessionName", "terraform.cloud"),
        ("sts:RoleSessionName", "session_manager"),
        ("aws:SourceIdentity", "spark.jobs"),
        ("aws:userid", "AROAEXAMPLEEXAMPLE123:continuous.delivery"),
        ("ses:FromDisplayName", "Acme Facturation"),
        ("saml:cn", "Portail Client"),
        ("aws:ResourceTag/owner", "Equipe Paiement"),
        ("aws:username", {"Ref": "AdminUser"}),
        ("https://acme.example/login", "jane.doe"),
        ("Fn::Sub", "shop.acme"),
        ("AWS::IAM::User", ["shop.acme"]),
        ("token.actions.githubusercontent.com:sub", "repo:acme/shop.web:ref:refs/heads/main"),
        ("aws:PrincipalTag/team", "data.science"),
        ("aws:SourceArn", "arn:aws:s3:::eulalie.bonnefoy"),
    ],
)
def test_a_program_a_place_and_any_value_stay(key: str, value: Any) -> None:
    told = document(key, value)
    assert redactor().data(told) == told
    assert nameless(json.dumps(told)) == json.dumps(told)


def test_a_user_is_one_person_by_a_condition_and_by_an_arn() -> None:
    told = redactor().data({**document("aws:username", "jane"), "By": "arn:aws:iam::111122223333:user/jane"})
    by_condition = told["Statement"][0]["Condition"]["StringLike"]["aws:username"]
    assert told["By"] == f"arn:aws:iam::111122223333:user/{by_condition}"


def test_a_filter_by_a_tag_is_no_condition() -> None:
    told = [{"Key": "tag:User", "Values": ["Data Lemoine"]}]
    assert redactor().data(told) == told


def test_what_a_map_below_such_a_key_holds_is_no_caller() -> None:
    told = {"spring:user": {"colour": "Light Blue", "inner": [{"eq": "Deep Sea"}]}}
    assert redactor().data(told) == told


def test_only_what_stands_below_the_key_of_a_caller_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock(side_effect=logins.caller_without_name)
    for module in (redactor_module, logins):
        monkeypatch.setattr(module, "caller_without_name", asked)
    deep: Any = "x"
    for _ in range(30):
        deep = {"a:k": [deep, "b:c"]}
    redactor().data(deep)
    assert asked.call_count == 30
