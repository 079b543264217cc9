"""Who calls, by the conditions of a policy: replaced in every form of a document, in the account as in code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from preuve.library.yaml.word_lists import words_in
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor, nameless

CALLERS = sorted(words_in("people_in_code", "callers_in_conditions"))
USERS = sorted(words_in("people_in_code", "users_in_conditions"))
KEYS = [
    *("aws:userid", "aws:SourceIdentity", "sts:RoleSessionName", "saml:sub", "saml:cn", "accounts.google.com:sub"),
    *("redshift:DbUser", "ses:FromDisplayName", "ec2:osuser", "aws:PrincipalTag/preferred_username"),
    *(f"provider.example/a:{word}" for word in [*CALLERS, *USERS]),
]


def redactor() -> Redactor:
    return Redactor(Pseudonyms(b"k" * 32))


def document(key: str, value: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Condition": {"StringLike": {"aws:SourceAccount": "1", key: value}}}]}


@pytest.mark.parametrize("key", ["aws:username", "token.actions.githubusercontent.com:actor", *KEYS])
@pytest.mark.parametrize(
    "value",
    ["eulalie.bonnefoy", ["x", "eulalie.bonnefoy"], "AROAEXAMPLEEXAMPLE123:eulalie.bonnefoy", "eulalie.bonnefoy*"],
)
def test_who_calls_is_replaced_in_every_form_of_a_document(key: str, value: Any) -> None:
    told = document(key, value)
    forms = [told, json.dumps(told), json.dumps(told, indent=1), json.dumps({"policy": json.dumps(told)})]
    for form in forms:
        kept = redactor().data({"a": form})
        assert "bonnefoy" not in str(kept)
        assert redactor().data(kept) == kept
    for form in forms[1:]:
        assert "bonnefoy" not in nameless(form)
        assert "[removed: person]" in nameless(form)


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
        ("token.actions.githubusercontent.com:sub", "repo:acme/shop.web:ref:refs/heads/main"),
        ("aws:PrincipalTag/team", "data.science"),
        ("aws:SourceArn", "arn:aws:s3:::eulalie.bonnefoy"),
    ],
)
def test_a_program_a_place_and_any_value_stay(key: str, value: str) -> None:
    told = document(key, value)
    assert redactor().data(told) == told
    assert nameless(json.dumps(told)) == json.dumps(told)


def test_a_user_is_one_person_by_a_condition_and_by_an_arn() -> None:
    told = redactor().data({**document("aws:username", "jane"), "By": "arn:aws:iam::111122223333:user/jane"})
    by_condition = told["Statement"][0]["Condition"]["StringLike"]["aws:username"]
    assert told["By"] == f"arn:aws:iam::111122223333:user/{by_condition}"
