"""Whom a resource policy gives two duties at once, as AWS evaluates it.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from typing import Any

import pytest

from preuve.documents.access import duties
from preuve.documents.document import read

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-west-3:{ACCOUNT}:key/k"
KEEPER = f"arn:aws:iam::{ACCOUNT}:role/ops/keeper"
BOTH = {"Effect": "Allow", "Principal": {"AWS": KEEPER}, "Action": "kms:*", "Resource": "*"}
DENY = {**BOTH, "Effect": "Deny", "Action": "kms:Decrypt"}


def asked(*statements: dict[str, Any]) -> bool | None:
    document = read({"Statement": list(statements)})
    return duties.both_allowed(document, KEY, ["kms:PutKeyPolicy"], ["kms:Decrypt"]).value


def under(operator: str, key: str, value: Any, statement: dict[str, Any] = BOTH) -> dict[str, Any]:
    return {**statement, "Condition": {operator: {key: value}}}


def anybody(operator: str, key: str, value: Any) -> dict[str, Any]:
    return under(operator, key, value, {**BOTH, "Principal": "*"})


def named(*patterns: str, action: str = "kms:*", operator: str = "ArnLike") -> dict[str, Any]:
    whole = [one if one.startswith("*") else f"arn:aws:iam::{one}" for one in patterns]
    return {**anybody(operator, "aws:PrincipalArn", whole), "Action": action}


@pytest.mark.parametrize(
    ("administers", "decrypts", "both"),
    [
        ([f"{ACCOUNT}:role/*-admin"], [f"{ACCOUNT}:role/app-*"], True),
        ([f"{ACCOUNT}:role/*-admin"], [f"{ACCOUNT}:role/*-app"], False),
        ([f"{ACCOUNT}:role/a*"], [f"{ACCOUNT}:user/a*"], False),
        ([f"{ACCOUNT}:user/a*"], [f"{ACCOUNT}:user/?b*"], True),
        (["999999999999:role/a*"], ["999999999999:role/*b"], True),
        (["999999999999:role/a*"], [f"{ACCOUNT}:role/*b"], False),
        (["*:role/a*"], ["999999999999:role/*b"], True),
        ([f"{ACCOUNT}:role/a*", f"{ACCOUNT}:role/b*"], [f"{ACCOUNT}:role/*c", f"{ACCOUNT}:role/d*"], True),
        (["*/admin*"], ["*role/*app"], True),
        (["*/admin"], ["*/app"], False),
    ],
)
def test_somebody_whom_two_patterns_match_has_both_duties(administers: Any, decrypts: Any, both: bool) -> None:
    one = named(*administers, action="kms:PutKeyPolicy", operator="StringLike")
    other = named(*decrypts, action="kms:Decrypt", operator="StringLike")
    assert asked(one, other) is both


def test_who_meets_three_patterns_is_found() -> None:
    one = named(f"{ACCOUNT}:role/a*", action="kms:PutKeyPolicy")
    one["Condition"]["StringLike"] = {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*z"}
    other = named(f"{ACCOUNT}:role/*-b-*", action="kms:Decrypt")
    assert asked(one, other) is True
    kept = named(f"{ACCOUNT}:role/a*", action="kms:Decrypt")
    assert asked(one, other, {**kept, "Effect": "Deny"}) is False


@pytest.mark.parametrize(
    ("statements", "both"),
    [
        ([BOTH], True),
        ([{**BOTH, "Resource": f"{KEY}-other"}], False),
        ([{**BOTH, "Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}], False),
        # A Deny takes away what it surely denies in every session.
        ([BOTH, DENY], False),
        ([BOTH, {**DENY, "Principal": "*"}], False),
        ([BOTH, {**DENY, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/keeper"}}], False),
        ([BOTH, {**DENY, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}}], True),
        ([BOTH, {**DENY, "Principal": {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/keeper/alice"}}], None),
        ([BOTH, {**DENY, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}], None),
        ([BOTH, {**DENY, "Principal": {"AWS": "999999999999"}}], True),
        ([BOTH, {**DENY, "Principal": {"Service": "logs.amazonaws.com"}}], True),
        ([BOTH, {**DENY, "Principal": None, "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}}], False),
        ([BOTH, {**DENY, "Principal": None, "NotPrincipal": {"AWS": KEEPER}}], None),
        ([BOTH, {**DENY, "Action": "kms:Encrypt"}], True),
        ([BOTH, under("ArnNotEquals", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/app", DENY)], False),
        ([BOTH, under("ArnNotEquals", "aws:PrincipalArn", KEEPER, DENY)], True),
        ([BOTH, under("StringEquals", "aws:PrincipalTag/team", "ops", DENY)], None),
        # What a request says, its sender chooses.
        ([BOTH, under("Bool", "aws:SecureTransport", "false", DENY)], True),
        ([under("StringEquals", "kms:ViaService", "s3.eu-west-3.amazonaws.com")], True),
        # Who they are, they do not.
        ([under("StringEquals", "aws:PrincipalTag/team", "ops")], None),
        ([under("StringEquals", "aws:PrincipalAccount", "999999999999")], False),
        ([under("Bool", "aws:PrincipalIsAWSService", "true")], False),
        ([under("StringEquals", "aws:SourceAccount", ACCOUNT)], False),
        ([under("StringEquals", "aws:PrincipalOrgID", "o-abcdefghij")], None),
        ([under("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z")], False),
        ([anybody("StringEquals", "kms:CallerAccount", ACCOUNT)], True),
        ([anybody("ArnEquals", "aws:PrincipalArn", KEEPER)], True),
        ([anybody("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/adm*")], True),
        ([anybody("StringEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/adm*")], False),
        # What is not understood may allow or deny.
        ([{**BOTH, "Principals": "*"}], None),
        ([BOTH, {**DENY, "Principals": "*"}], None),
        ([BOTH, {**DENY, "Effect": "deny"}], None),
    ],
)
def test_who_has_both_duties(statements: list[dict[str, Any]], both: bool | None) -> None:
    assert asked(*statements) is both


@pytest.mark.parametrize(
    ("principal", "holder"),
    [
        ("arn:aws:sts::123456789012:assumed-role/keeper/alice", "arn:aws:iam::123456789012:role/keeper"),
        ("arn:aws:iam::123456789012:role/ops/eu/keeper", "arn:aws:iam::123456789012:role/keeper"),
        ("arn:aws-cn:iam::123456789012:role/keeper", "arn:aws-cn:iam::123456789012:role/keeper"),
        ("arn:aws:iam::123456789012:user/keeper", "arn:aws:iam::123456789012:user/keeper"),
        ("arn:aws:sts::123456789012:federated-user/keeper", "arn:aws:sts::123456789012:federated-user/keeper"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"),
        ("*", "*"),
    ],
)
def test_a_session_belongs_to_its_role(principal: str, holder: str) -> None:
    assert duties.holder_of(principal) == holder
