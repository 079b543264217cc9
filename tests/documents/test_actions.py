"""The actions of a statement: a name means itself in any case, a pattern all that it matches."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from preuve.documents.document import read
from preuve.documents.permitted_actions import allowed, combine

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "iam:PassRole", "s3-object-lambda:GetObject")
PATTERNS = (
    *ACTIONS,
    *map(str.upper, ACTIONS),
    "*",
    "s3:*",
    "S3:Get*",
    "?3:*Object",
    "s3:Get??????",
    "*:GetObject",
    "s*:*l",
)


@given(st.lists(st.sampled_from(PATTERNS), max_size=6), st.sampled_from(ACTIONS), st.booleans())
def test_an_action_is_allowed_if_a_pattern_matches_it(patterns: list[str], action: str, but: bool) -> None:
    said = "NotAction" if but else "Action"
    document = read({"Statement": [{"Effect": "Allow", said: patterns, "Resource": "*"}]})
    matches = any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
    assert allowed(combine([document]), action.lower()).value is (matches is not but)
