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
