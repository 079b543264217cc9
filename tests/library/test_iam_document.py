"""IAM documents get one typed form, whatever a scanned account contains."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.library.iam.policy_documents import iam_document
from preuve.library.validation.shapes import POLICY, ListOf, Struct

STATEMENT = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip


def statement(**parts: Any) -> dict[str, Any]:
    (only,) = iam_document({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **parts}})["Statement"]
    result: dict[str, Any] = only
    return result


def test_single_values_become_lists() -> None:
    found = statement(Action="s3:*", Resource="*")
    assert (found["Action"], found["Resource"], found["NotAction"]) == (["s3:*"], ["*"], [])
    assert statement(Action=["a:b", "c:d"])["Action"] == ["a:b", "c:d"]


def test_principals_are_split_by_kind_and_account() -> None:
    found = statement(
        Principal={
            "AWS": ["123456789012", "arn:aws:iam::210987654321:root", "*"],
            "Service": "ec2.amazonaws.com",
            "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        }
    )["Principal"]
    assert [(item["Kind"], item["Account"]) for item in found] == [
        ("AWS", "123456789012"),
        ("AWS", "210987654321"),
        ("AWS", ""),
        ("Service", ""),
        ("Federated", "123456789012"),
    ]
    everyone = {"Kind": "AWS", "Value": "*", "Account": ""}
    assert statement(Principal="*")["Principal"] == [everyone]
    assert statement(Principal={"*": "*"})["Principal"] == [everyone]
    assert statement()["Principal"] == []


def test_not_principal_is_separate_from_principal() -> None:
    found = statement(NotPrincipal={"AWS": "123456789012"}, NotAction="iam:*")
    assert found["Principal"] == []
    assert [item["Account"] for item in found["NotPrincipal"]] == ["123456789012"]
    assert found["NotAction"] == ["iam:*"]


def test_condition_keys_are_lower_case_and_values_are_texts() -> None:
    found = statement(
        Condition={
            "Bool": {"aws:SecureTransport": False},
            "NumericLessThan": {"s3:TlsVersion": 1.2},
            "StringLike": {"aws:PrincipalOrgID": ["o-1", "o-2"]},
        }
    )["Condition"]
    assert found == [
        {"Operator": "Bool", "Key": "aws:securetransport", "Values": ["false"]},
        {"Operator": "NumericLessThan", "Key": "s3:tlsversion", "Values": ["1.2"]},
        {"Operator": "StringLike", "Key": "aws:principalorgid", "Values": ["o-1", "o-2"]},
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.dictionaries(st.sampled_from([*sorted(STATEMENT), "Statement", "Version", "Id"]), JSON, max_size=6)
DOCUMENTS = st.one_of(
    st.dictionaries(st.text(max_size=5), JSON),
    st.fixed_dictionaries({"Statement": PARTS | st.lists(PARTS | JSON, max_size=3)}, optional={"Id": JSON}),
)


@settings(max_examples=300)
@given(DOCUMENTS)
def test_every_document_gets_the_typed_form(document: dict[str, Any]) -> None:
    typed = iam_document(document)
    assert set(typed) == set(POLICY.fields)
    shape = POLICY.fields["Statement"]
    assert isinstance(shape, ListOf) and isinstance(shape.item, Struct)
    for found in typed["Statement"]:
        assert set(found) == set(shape.item.fields) == STATEMENT
        for item in found["Condition"]:
            assert item["Key"] == item["Key"].lower()
            assert all(isinstance(value, str) for value in item["Values"])
        for name in ("Action", "NotAction", "Resource", "NotResource"):
            assert all(isinstance(value, str) for value in found[name])
        for item in found["Principal"] + found["NotPrincipal"]:
            assert set(item) == {"Kind", "Value", "Account"}


@pytest.mark.parametrize("odd", [{"Conditoin": {}}, {"Condition": [{"Bool": {"aws:SecureTransport": "true"}}]}])
def test_a_statement_with_an_element_that_is_not_understood_has_no_effect_of_its_own(odd: dict[str, Any]) -> None:
    written = {"Effect": "Deny", "Action": "*", "Resource": "*", **odd}
    assert [one["Effect"] for one in iam_document({"Statement": [written]})["Statement"]] == [""]
