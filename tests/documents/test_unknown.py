"""An unknown part of a document leaves an answer open, or does not matter."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.strangers import opens_to_strangers
from preuve.documents import audience, denials, grants
from preuve.documents.answer import Answer
from preuve.documents.document import Document, Unknown, read

OWN = "123456789012"
WAYS = {"keys": "iam:CreateAccessKey", "function": "iam:PassRole lambda:CreateFunction lambda:InvokeFunction"}

QUESTIONS: Mapping[str, Callable[[Document], Answer]] = {
    "everyone": audience.opens_to_everyone,
    "service": audience.opens_to_any_behind_service,
    "provider": audience.opens_to_any_of_provider,
    "strangers": lambda document: opens_to_strangers(document, [OWN, "o-abcdefghij"]),
    "external id": lambda document: audience.opens_without_external_id(document, [OWN]),
    "repository": audience.opens_beyond_repository,
    "administers": lambda document: grants.administers([document]),
    "privileged": lambda document: grants.privileged([document]),
    "escalates": lambda document: grants.escalates([document], WAYS),
    "unbounded": lambda document: grants.unbounded([document], ["s3:GetObject", "sts:AssumeRole"]),
    "keys": lambda document: grants.owns_service([document], ["kms"]),
    "denies": lambda document: denials.denies(
        document, ["s3:*"], "arn:aws:s3:::data/any", {"aws:SecureTransport": ["false"]}
    ),
    "denies most": lambda document: denials.denies(document, ["cloudtrail:StopLogging"], "*", {}, but_named=True),
}

VALUES = {
    "aws:SecureTransport": ["false", "true", "*"],
    "aws:PrincipalIsAWSService": ["true", "false"],
    "aws:PrincipalOrgID": [
        "o-abcdefghij",
        "o-stranger001",
        "o-*",
        "${aws:PrincipalOrgID}",
        "${aws:ResourceOrgID, '*'}",
    ],
    "aws:PrincipalOrgPaths": ["o-abcdefghij/*", "*/ou-1/*"],
    "aws:PrincipalAccount": [OWN, "999999999999", "*", "1234567890??", "anonymous"],
    "aws:PrincipalArn": [f"arn:aws:iam::{OWN}:role/app", "arn:aws:iam::*:role/*", "arn:aws:iam::*:role/app", "*"],
    "aws:SourceArn": [
        *("arn:aws:s3:::bucket", "arn:aws:s3:::*", "arn:aws:s3:*:*:bucket", f"arn:aws:s3:*:{OWN}:bucket"),
        *(f"arn:aws:sns:*:{OWN}:*", "arn:aws:sns:*:*:*"),
    ],
    "aws:SourceAccount": [OWN, "999999999999", "*"],
    "aws:SourceIp": ["51.15.10.20/32", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8"],
    "aws:SourceVpce": ["vpce-1a2b3c4d", "vpce-*"],
    "aws:userid": ["AROAEXAMPLEEXAMPLE123:*", "*:x", OWN],
    "aws:PrincipalTag/team": ["sales"],
    "sts:ExternalId": ["x-42", "*", ""],
    "iam:PassedToService": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "*"],
    "token.actions.githubusercontent.com:sub": ["repo:acme/shop:*", "repo:acme/*", "repo:*", "*"],
    "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com", "*"],
    "cognito-identity.amazonaws.com:aud": ["eu-west-3:1", "*"],
    "cognito-identity.amazonaws.com:amr": ["authenticated", "unauthenticated"],
}
OPERATORS = [
    *("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "ArnLike", "ArnNotLike", "Bool", "Null"),
    *("IpAddress", "NotIpAddress", "StringEqualsIfExists", "ForAllValues:StringLike", "ForAnyValue:StringLike"),
    *("BoolIfExists", "NumericLessThan", "DateLessThan", "Strange"),
]
PRINCIPALS = {
    "AWS": ["*", OWN, "999999999999", f"arn:aws:iam::{OWN}:role/app", "arn:aws:iam::999999999999:root"],
    "Service": ["s3.amazonaws.com", "ec2.amazonaws.com"],
    "Federated": [
        f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com",
        f"arn:aws:iam::{OWN}:saml-provider/entra",
        "cognito-identity.amazonaws.com",
    ],
    "CanonicalUser": ["79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"],
}
ACTIONS = [
    "*",
    "s3:*",
    "S3:Get*",
    "iam:*",
    "iam:PassRole",
    "iam:CreateAccessKey",
    "lambda:*",
    "sts:AssumeRole",
    "kms:*",
]
RESOURCES = [
    "*",
    f"arn:aws:iam::{OWN}:role/*",
    f"arn:aws:iam::{OWN}:role/app-*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::*",
]
FRAGMENTS = ["", "*", "x", OWN, "999999999999", ":*", "o-abcdefghij", "${aws:PrincipalOrgID}", "role/*", "/*", "Allow"]
PLAIN = [OWN, "999999999999", "x"]

texts = st.sampled_from


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(texts(values), min_size=1, max_size=2, unique=True)


conditions = st.dictionaries(
    texts(OPERATORS),
    texts(sorted(VALUES)).flatmap(lambda key: st.fixed_dictionaries({key: some(VALUES[key])})),
    max_size=3,
)
principals = st.one_of(
    st.just("*"),
    *(st.fixed_dictionaries({kind: some(values)}) for kind, values in PRINCIPALS.items()),
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    result: dict[str, Any] = {"Effect": draw(texts(["Allow", "Allow", "Deny"])), "Condition": draw(conditions)}
    result[draw(texts(["Action", "Action", "NotAction"]))] = draw(some(ACTIONS))
    result[draw(texts(["Resource", "Resource", "NotResource"]))] = draw(some(RESOURCES))
    if draw(st.booleans()):
        result[draw(texts(["Principal", "Principal", "NotPrincipal"]))] = draw(principals)
    return result


documents = st.fixed_dictionaries(
    {"Version": texts(["2012-10-17", "2008-10-17"]), "Statement": st.lists(statements(), min_size=1, max_size=2)}
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, item in items for found in leaves(item, (*path, key))]
    return [path]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    result = copy.deepcopy(value)
    at(result, path[:-1])[path[-1]] = new
    return result


@settings(max_examples=60, deadline=None)
@given(documents, st.data())
def test_an_unknown_text_does_not_matter_or_leaves_the_answer_open(document: Any, data: st.DataObject) -> None:
    hidden, completions = document, [document]
    for path in data.draw(st.lists(texts(leaves(document)), min_size=1, max_size=2, unique=True)):
        text = at(document, path)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        before, after = data.draw(texts([("", ""), (text[:start], text[end:])]))
        before, after = ("", "") if path[-1] == "Effect" else (before, after)
        hidden = put(hidden, path, Unknown("hidden", known=(before, after)))
        of_principal = "Principal" in path or "NotPrincipal" in path
        fragments = PLAIN if of_principal and before.startswith("arn:") else [*FRAGMENTS, text[start:end]]
        if path[-1] == "Effect":
            fragments = ["Allow", "Deny"]
        completions = [put(one, path, before + part + after) for one in completions for part in fragments]
    told = {name: ask(read(hidden)) for name, ask in QUESTIONS.items()}
    for completed in completions[:: max(1, len(completions) // 6)]:
        for name, answer in told.items():
            if answer.value is not None:
                assert QUESTIONS[name](read(completed)).value == answer.value, (name, hidden, completed)
            else:
                assert answer.causes


_OPEN_FIRST = (True, None, False)
_NARROWING = ("StringEquals", "StringLike", "ArnLike", "StringEqualsIfExists", "IpAddress", "Bool")


def opens(principal: Any, operator: str, key: str, value: Any) -> bool | None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": {operator: {key: value}}}]}
    return audience.opens_wide(read(document)).value


@pytest.mark.parametrize("key", VALUES)
def test_a_wider_principal_is_judged_no_better(key: str) -> None:
    for operator, value in itertools.product(OPERATORS, VALUES[key]):
        for kind in ("AWS", "Service", "CanonicalUser"):
            for first, second in itertools.pairwise([*PRINCIPALS[kind], PRINCIPALS[kind][0]]):
                wider = ({kind: first}, {kind: [first, second]}, "*")
                found = [opens(principal, operator, key, value) for principal in wider]
                assert found == sorted(found, key=_OPEN_FIRST.index, reverse=True), (operator, value, wider)


@pytest.mark.parametrize("key", VALUES)
def test_a_value_with_a_hidden_end_is_judged_as_it_is_or_not_at_all(key: str) -> None:
    for operator, value in itertools.product(_NARROWING, VALUES[key]):
        for principal in ("*", {"Service": "s3.amazonaws.com"}):
            known = opens(principal, operator, key, value)
            for end in range(len(value)):
                hidden = opens(principal, operator, key, Unknown("hidden", known=(value[:end], "")))
                assert hidden in (None, known), (operator, value[:end])


PARTS: Mapping[str, list[Any]] = {
    "Effect": ["Allow", "Deny"],
    "Condition": [
        {},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"Bool": {"aws:SecureTransport": "false"}},
    ],
    "Principal": ["*", {"AWS": OWN}, {"Service": "s3.amazonaws.com"}, None],
    "NotPrincipal": [{"AWS": OWN}, None],
    "Action": ["*", "s3:GetObject", ["kms:*", "iam:*"]],
    "NotAction": ["s3:*", "iam:*"],
    "Resource": ["*", "arn:aws:s3:::data/*"],
    "NotResource": ["arn:aws:s3:::data/*", "*"],
}


@settings(max_examples=40, deadline=None)
@given(documents, st.data())
def test_an_unknown_part_or_statement_does_not_matter_or_leaves_the_answer_open(
    document: Any, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(document["Statement"]) - 1))
    name = data.draw(texts([*sorted(document["Statement"][number]), ""]))
    if name:
        path: tuple[Any, ...] = ("Statement", number, name)
        choices = [put(document, path, part) for part in PARTS[name]]
    else:
        path = ("Statement", number)
        other = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        choices = [
            put(document, path, part) for part in (other, {**other, "Effect": "Deny"}, {**other, "Action": "a:b"})
        ]
    hidden = read(put(document, path, Unknown("hidden", many=True)))
    for question, ask in QUESTIONS.items():
        answer = ask(hidden)
        for completed in [document, *choices]:
            assert answer.value in (None, ask(read(completed)).value), (question, path, completed)


@settings(max_examples=40, deadline=None)
@given(documents)
def test_a_fully_known_document_has_an_answer(document: Any) -> None:
    known = read(document)
    for name, ask in QUESTIONS.items():
        if name not in {"strangers", "external id"}:  # a network does not show its owner
            answer = ask(known)  # AWS does not say how it compares as an ARN what is none
            assert answer.value is not None or all(cause.startswith("Arn") for cause in answer.causes), name


def test_a_statement_of_which_an_element_has_an_unknown_name_may_name_an_action() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Resource": "*", Unknown("var.k"): "s3:*"}
    assert audience.opens_to_everyone(read({"Version": "2012-10-17", "Statement": [statement]})).value is None


def test_an_invalid_document_is_unknown_and_not_ignored() -> None:
    everyone = {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "*", "Resource": "*"}
    for broken in (
        "text",
        [everyone],
        {"Statement": ["text"]},
        {"Statement": [{**everyone, "Effect": "allow"}]},
        {"Statement": [{**everyone, "Condition": ["x"]}], "Version": "2012-10-17"},
        {"Statement": [{**everyone, "Principal": {"AWS": [3, {}]}}]},
        {"Statement": [{**everyone, "Principal": {"Aws": "*"}}]},
        {"Statement": [], "Statements": [everyone]},
    ):
        found = opens_to_strangers(read(broken), [])
        assert found.value is not False, broken
        assert found.value or found.causes, broken
