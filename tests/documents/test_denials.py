"""A Deny with exceptions: NotAction, NotResource, NotPrincipal.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html, …_notresource.html and
…_notprincipal.html: everything except the named items.
"""

from __future__ import annotations

from typing import Any

import pytest

from preuve.documents.denials import denies
from preuve.documents.document import read

BUCKET = "arn:aws:s3:::b"
WHOLE: dict[str, Any] = {"Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"]}


@pytest.mark.parametrize(
    ("left_out", "instead", "denied"),
    [
        ("", {}, True),
        ("Action", {"NotAction": "iam:*"}, True),
        ("Action", {"NotAction": "s3:GetObject"}, False),
        ("Action", {"NotAction": ["iam:*", "S3:get*"]}, False),
        ("Action", {"NotAction": "*"}, False),
        ("Resource", {"NotResource": "arn:aws:s3:::other/*"}, True),
        ("Resource", {"NotResource": f"{BUCKET}/public/*"}, False),
        ("Resource", {"NotResource": f"{BUCKET}*"}, False),
        ("Principal", {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/x"}}, False),
        ("Principal", {"NotPrincipal": "*"}, False),
        ("Principal", {"Principal": {"AWS": "111122223333"}}, False),
    ],
)
def test_a_denial_covers_all_but_its_exceptions(left_out: str, instead: dict[str, Any], denied: bool) -> None:
    statement = {name: value for name, value in WHOLE.items() if name != left_out} | instead
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    document = read({"Statement": [{"Effect": "Deny", **statement, "Condition": tls}]})
    sent = {"aws:SecureTransport": ["false"]}
    found = [denies(document, ["s3:*"], part, sent).value for part in (BUCKET, f"{BUCKET}/*")]
    assert all(found) is denied


@pytest.mark.parametrize(
    ("operator", "value", "denied"),
    [
        ("NumericLessThanIfExists", "1.2", True),
        ("NumericNotEquals", "1.2", True),
        ("ForAllValues:StringEquals", "1.2", True),
        ("Null", "true", True),
        ("Null", "false", False),
        ("NumericLessThan", "1.2", False),
        ("StringEquals", "1.2", False),
        ("ForAnyValue:StringNotEquals", "1.2", False),
    ],
)
def test_a_key_that_no_request_has_is_asked_as_aws_asks_it(operator: str, value: str, denied: bool) -> None:
    document = read({"Statement": [{"Effect": "Deny", **WHOLE, "Condition": {operator: {"s3:TlsVersion": value}}}]})
    assert denies(document, ["s3:*"], BUCKET, {"s3:TlsVersion": []}).value is denied
    assert denies(document, ["s3:*"], BUCKET, {}).value is False
