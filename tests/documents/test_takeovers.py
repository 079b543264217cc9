"""Identities that their holder can give rights to and use, because a pattern leaves their name open."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.documents import grants
from preuve.documents.document import Unknown, read
from preuve.documents.patterns import common, meets

HERE = "arn:aws:iam::111122223333:"
BOUNDARY = {"StringEquals": {"iam:PermissionsBoundary": f"{HERE}policy/limit"}}
UNBOUNDED = {"StringNotEquals": {"iam:PermissionsBoundary": f"{HERE}policy/limit"}}


def allow(actions: str, resource: Any, condition: Any = None, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": actions.split(), "Resource": resource, "Condition": condition or {}}


ROLE, USER = f"{HERE}role/app-*", f"{HERE}user/bots/*"
WAYS = [
    [allow("iam:PutRolePolicy", ROLE), allow("sts:AssumeRole", f"{HERE}role/*")],
    [allow("iam:AttachRolePolicy sts:AssumeRole", f"{HERE}role/apps/*")],
    [allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE)],
    [allow("iam:CreateRole iam:AttachRolePolicy", ROLE)],
    [allow("iam:CreateRole iam:PutRolePolicy", "arn:aws:iam::*:role/${aws:PrincipalTag/team}-*")],
    [allow("iam:UpdateAssumeRolePolicy iam:PutRolePolicy", ROLE)],
    [allow("iam:CreateUser iam:PutUserPolicy iam:CreateAccessKey", USER)],
    [allow("iam:CreateUser iam:AttachUserPolicy iam:CreateLoginProfile", USER)],
    [allow("iam:PutGroupPolicy iam:AddUserToGroup", f"{HERE}group/team-*")],
    [allow("iam:CreateRole", f"{HERE}role/app-*"), allow("iam:Put*", f"{HERE}role/*-task")],
    [allow("iam:CreateRole", f"{HERE}role/app-*"), allow("iam:*RolePolicy", f"{HERE}role/app-??")],
    [allow("iam:CreateRole iam:PutRolePolicy", ROLE, {"StringEqualsIfExists": BOUNDARY["StringEquals"]})],
    [allow("iam:CreateRole iam:PutRolePolicy", ROLE, {"StringLike": {"iam:PermissionsBoundary": "*"}})],
    [allow("iam:CreateRole iam:PutRolePolicy iam:DeleteRolePermissionsBoundary", ROLE, BOUNDARY)],
    [
        allow("iam:CreateRole iam:PutRolePolicy", ROLE, BOUNDARY),
        allow("iam:PutRolePermissionsBoundary", f"{HERE}role/*"),
    ],
    [
        allow("iam:CreateRole iam:AttachRolePolicy", ROLE),
        allow("iam:*", f"{HERE}role/app-admin", effect="Deny"),
    ],
    [
        allow(
            "iam:CreateRole iam:AttachRolePolicy",
            ROLE,
            {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}},
        )
    ],
    *(
        [
            allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE, BOUNDARY),
            allow(rewrites, policy),
        ]
        for rewrites in ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
        for policy in (f"{HERE}policy/limit", f"{HERE}policy/lim*")
    ),
    [
        allow(
            "iam:CreateRole iam:AttachRolePolicy",
            ROLE,
            {"ArnEquals": {"iam:PolicyARN": f"{HERE}policy/app-base"}},
        ),
        allow("iam:CreatePolicyVersion", f"{HERE}policy/app-*"),
    ],
    [
        allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE),
        allow("iam:CreateRole iam:PutRolePolicy", "*", UNBOUNDED, effect="Deny"),
        allow("iam:CreatePolicyVersion", f"{HERE}policy/limit"),
    ],
]
NO_WAYS = [
    [
        allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE, BOUNDARY),
        allow("iam:CreatePolicyVersion", f"{HERE}policy/app-*"),
    ],
    [
        allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE, BOUNDARY),
        allow("iam:CreatePolicyVersion", f"{HERE}policy/lim*"),
        allow("iam:*PolicyVersion", f"{HERE}policy/limit", effect="Deny"),
    ],
    [
        allow(
            "iam:CreateRole iam:AttachRolePolicy",
            ROLE,
            {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        ),
        allow("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/Read*"),
    ],
    [allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", f"{HERE}role/app")],
    [allow("iam:CreateRole sts:AssumeRole", ROLE)],
    [allow("iam:PutRolePolicy", ROLE)],
    [allow("iam:CreateRole", ROLE), allow("iam:PutRolePolicy", f"{HERE}role/tasks-*")],
    [allow("iam:CreateRole iam:PutRolePolicy", ROLE, BOUNDARY)],
    [
        allow("iam:CreateRole", ROLE, BOUNDARY),
        allow("iam:PutRolePolicy sts:AssumeRole iam:UpdateAssumeRolePolicy", ROLE),
    ],
    [allow("iam:CreateUser", USER, BOUNDARY), allow("iam:PutUserPolicy iam:CreateAccessKey", USER)],
    [
        allow("iam:CreateRole iam:PutRolePolicy sts:AssumeRole", ROLE),
        allow("iam:CreateRole iam:PutRolePolicy", "*", UNBOUNDED, effect="Deny"),
    ],
    [allow("iam:CreateRole iam:PutRolePolicy iam:PutRolePermissionsBoundary", ROLE, BOUNDARY)],
    [allow("iam:CreateRole iam:PutRolePolicy", ROLE), allow("iam:Put*", f"{HERE}role/*", effect="Deny")],
    [
        allow(
            "iam:CreateRole iam:AttachRolePolicy",
            ROLE,
            {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
        )
    ],
    [allow("iam:PutUserPolicy iam:CreateAccessKey", f"{HERE}user/" + "${aws:PrincipalTag/name}")],
]


@pytest.mark.parametrize("statements", WAYS)
def test_a_pattern_leaves_the_choice_of_the_name_to_the_holder(statements: list[Any]) -> None:
    documents = [read({"Statement": statement}) for statement in statements]
    assert grants.escalates(documents, {}).value is True
    assert grants.privileged(documents).value is True


@pytest.mark.parametrize("statements", NO_WAYS)
def test_without_a_target_there_is_no_escalation(statements: list[Any]) -> None:
    document = read({"Statement": statements})
    assert grants.escalates([document], {}).value is False
    assert grants.privileged([document]).value is False


def test_a_partly_unknown_name_decides_where_it_can() -> None:
    resource = Unknown("var.team", known=(f"{HERE}role/", "-*"))
    part = allow("iam:CreateRole iam:PutRolePolicy", [resource])
    assert grants.escalates([read({"Statement": part})], {}).value is None
    part = allow("iam:CreateRole iam:PutRolePolicy", [Unknown("a.b.name", resource.known, plain=True)])
    assert grants.escalates([read({"Statement": part})], {}).value is True
    bound = {"StringEquals": {"iam:PermissionsBoundary": [Unknown("aws_iam_policy.limit.arn", plain=True)]}}
    assert grants.escalates([read({"Statement": allow("iam:*Role*", ROLE, bound)})], {}).value is True
    part = allow("iam:CreateRole iam:PutRolePolicy", ROLE, bound)
    assert grants.escalates([read({"Statement": part})], {}).value is False
    rewrites = allow("iam:CreatePolicyVersion", f"{HERE}policy/app-*")  # whether it holds the boundary is not known
    assert grants.escalates([read({"Statement": [part, rewrites]})], {}).value is None


@pytest.mark.parametrize(
    ("resource", "root"),
    [("*", True), ("arn:aws:iam::*:root", True), (f"{HERE}root", False), (f"{HERE}role/*", False)],
)
def test_the_root_user_of_any_account_is_recognized(resource: str, root: bool) -> None:
    document = read({"Statement": allow("sts:AssumeRoot", resource)})
    assert grants.privileged([document]).value is root
    assert grants.escalates([document], {"root": "sts:AssumeRoot"}).value is root


def test_a_role_has_no_user_name() -> None:
    statement = allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")
    document = read({"Version": "2012-10-17", "Statement": statement})
    ways = {"rights of a user": "iam:PutUserPolicy"}
    assert grants.escalates([document], ways, f"{HERE}role/r").value is False
    assert grants.escalates([document], ways, f"{HERE}user/u").value is True


PATTERNS = ("*", "a*", "*b", "a?c*", "??", "abc", "a*b*c", "?*?")


@pytest.mark.parametrize("left", PATTERNS)
@pytest.mark.parametrize("right", PATTERNS)
def test_a_text_matched_by_two_patterns_is_found_if_it_exists(left: str, right: str) -> None:
    text = common(left, right)
    assert bool(text) is meets(left, right)
    assert not text or (meets(left, text) and meets(right, text))
