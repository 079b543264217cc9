"""Resources that a waiver's pattern covers, compared with a slow and simple matcher."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.library.company.waivers import covers


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("techstart-logs*", "techstart-logs-eu", True),
        ("techstart-logs*", "my-techstart-logs", False),
        ("techstart-logs", "techstart-logs-eu", False),
        ("techstart-logs", "Techstart-logs", False),
        ("arn:aws:s3:::techstart-?", "arn:aws:s3:::techstart-1", True),
        ("infra:aws_s3_bucket.*", "infra:aws_s3_bucket.logs[0]", True),
        ("bucket[1]", "bucket1", False),
        ("bucket.1", "bucketX1", False),
        ("*", "anything", True),
        ("*", "", False),
    ],
)
def test_patterns_cover_whole_names(pattern: str, name: str, covered: bool) -> None:
    assert covers(pattern, name) is covered
    assert covers(pattern, "", "other\x00", name) is (covered or pattern == "*")


def obvious(pattern: str, name: str) -> bool:
    @cache
    def match(i: int, j: int) -> bool:
        if i == len(pattern):
            return j == len(name)
        if pattern[i] == "*":
            return match(i + 1, j) or (j < len(name) and match(i, j + 1))
        return j < len(name) and pattern[i] in ("?", name[j]) and match(i + 1, j + 1)

    return match(0, 0)


@settings(max_examples=400)
@given(st.text("ab*?", max_size=8), st.text("ab", min_size=1, max_size=10))
def test_globs_match_like_a_simple_implementation(pattern: str, name: str) -> None:
    assert covers(pattern, name) is obvious(pattern, name)
