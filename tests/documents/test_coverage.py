"""Patterns that only together hold all texts of another, and texts that stand for all that patterns tell apart.

Held against every text of few letters, one of which no pattern writes.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.documents.denials import denies, denies_elsewhere
from preuve.documents.document import read
from preuve.documents.patterns import cover_together, covers, sample_texts

LETTERS = "ab/"
# A pattern of n letters tells texts of up to n letters apart by their length; the letter z is in none.
TEXTS = ["".join(letters) for size in range(6) for letters in itertools.product(LETTERS + "z", repeat=size)]
PATTERN = st.text("ab/*?", max_size=4)


@given(st.lists(PATTERN, max_size=4), PATTERN)
def test_patterns_hold_together_what_leaves_no_text_out(patterns: list[str], inner: str) -> None:
    left_out = [t for t in TEXTS if covers(inner, t) and not any(covers(pattern, t) for pattern in patterns)]
    assert cover_together(patterns, inner) is (not left_out)


@given(st.lists(PATTERN, max_size=4))
def test_a_text_stands_for_all_that_the_same_patterns_match(patterns: list[str]) -> None:
    def matching(text: str) -> tuple[bool, ...]:
        return tuple(covers(pattern, text) for pattern in patterns)

    chosen = sample_texts(patterns)
    assert chosen is not None
    assert {matching(text) for text in chosen} == {matching(text) for text in TEXTS}
    assert len(set(map(matching, chosen))) == len(chosen)


def test_what_tells_too_many_texts_apart_is_not_known() -> None:
    many = [f"*{a}*{b}*{c}*" for a, b, c in itertools.permutations("abcdefgh", 3)]
    assert cover_together(many, "*") is None
    assert sample_texts(many) is None


BUCKET = "arn:aws:s3:::b"
KEYS = [key for key in TEXTS if key]
PART = st.sampled_from(["Resource", "NotResource"])


@given(st.lists(st.tuples(PART, st.lists(PATTERN, min_size=1, max_size=3)), max_size=2))
def test_a_denial_of_all_objects_leaves_no_key_out(parts: list[tuple[str, list[str]]]) -> None:
    def denied(part: str, patterns: list[str], key: str) -> bool:
        return any(covers(pattern, key) for pattern in patterns) is (part == "Resource")

    statements = [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", part: [f"{BUCKET}/{pattern}" for pattern in patterns]}
        for part, patterns in parts
    ]
    found = denies(read({"Statement": statements}), ["s3:*"], f"{BUCKET}/?*", {}).value
    assert found is any(all(denied(part, patterns, key) for key in KEYS) for part, patterns in parts)


REGION = st.text("ab-*?", max_size=4)
OPERATOR = st.sampled_from(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"])
REGIONS = ["".join(letters) for size in range(6) for letters in itertools.product("ab-z", repeat=size)]


@given(st.lists(st.tuples(OPERATOR, st.lists(REGION, min_size=1, max_size=2)), max_size=2), st.sets(REGION, max_size=2))
def test_what_is_denied_elsewhere_is_denied_for_every_value(
    conditions: list[tuple[str, list[str]]], allowed: set[str]
) -> None:
    def holds(operator: str, values: list[str], region: str) -> bool:
        like = operator.endswith("Like")
        return any(covers(v, region) if like else v == region for v in values) is ("Not" not in operator)

    statements = [
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {op: {"aws:RequestedRegion": values}}}
        for op, values in conditions
    ]
    found = denies_elsewhere(read({"Statement": statements}), ["s3:*"], "*", "aws:RequestedRegion", allowed).value
    denied = all(region in allowed or any(holds(*one, region) for one in conditions) for region in REGIONS)
    # A text for equality may be taken for a pattern: then less counts as denied, never more.
    assert not found or denied
    if not any(set("*?") & set("".join(values)) for _, values in conditions):
        assert found is denied


@pytest.mark.parametrize(
    ("condition", "denied"),
    [
        ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-3", "eu-west-1"]}}, True),
        ({"StringNotEqualsIgnoreCase": {"aws:RequestedRegion": ["EU-WEST-3"]}}, True),
        ({"StringNotLike": {"aws:RequestedRegion": "eu-west-?"}}, False),
        ({"StringLike": {"aws:RequestedRegion": "*-1"}}, False),
        ({"StringLike": {"aws:RequestedRegion": "?"}}, False),
        ({"StringLike": {"aws:RequestedRegion": ["us-*", "ap-*"]}}, False),
        ({"StringLike": {"aws:RequestedRegion": ["*"]}}, True),
    ],
)
def test_regions_that_no_policy_names_are_denied_too(condition: dict[str, Any], denied: bool) -> None:
    document = read({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}})
    allowed = ["eu-west-3", "eu-west-1"]
    assert denies_elsewhere(document, ["s3:*"], "*", "aws:RequestedRegion", allowed).value is denied
