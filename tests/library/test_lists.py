"""A list that a rule for code names is the same as the list itself; a name that is wrong has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_copy import ContentCopy
from preuve.library.load import read_library
from preuve.library.parsed_content import ParsedContent
from preuve.library.yaml.place import content_root
from preuve.model.content import Library
from preuve.model.errors import Problem

RULE = "scanners/iac/s3-region.yaml"
WHOLE = "resource_types: [aws_s3_bucket, aws_s3_directory_bucket]"
NAMED = 'resource_types: [aws_s3_bucket, "${lists.others}"]'
LISTS = "lists: {others: [aws_s3_directory_bucket]}\n"


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    """A rule with a list that could be named."""
    copied = ContentCopy(tmp_path, "scanners")
    copied.edit(RULE, "resource_types: [aws_s3_bucket]", WHOLE)
    return copied


def loaded(copy: ContentCopy) -> tuple[Library, list[Problem]]:
    """Content that was not edited is as it was linted, and need not be read again."""
    return read_library(root=copy.root, opener=ParsedContent(content_root()))


def problems(copy: ContentCopy) -> list[str]:
    return [str(item) for item in loaded(copy)[1]]


def test_a_named_list_equals_its_content(copy: ContentCopy) -> None:
    before = loaded(copy)[0].code_rules["CKV2_PREUVE_S3_REGION"]
    copy.edit(RULE, WHOLE, NAMED)
    copy.write(RULE, copy.read(RULE) + LISTS)
    assert problems(copy) == []
    after = loaded(copy)[0].code_rules["CKV2_PREUVE_S3_REGION"]
    assert (after.definition, after.digest) == (before.definition, before.digest)


@pytest.mark.parametrize(
    ("written", "lists", "needle"),
    [
        ('resource_types: [aws_s3_bucket, "${lists.other}"]', LISTS, '"${lists.other}"'),
        (NAMED, "", '"${lists.others}"'),
        ('resource_types: [aws_s3_bucket], value: "${lists.others}"', LISTS, '"${lists.others}"'),
        (WHOLE, LISTS, "[aws_s3_directory_bucket]"),
    ],
    ids=["misspelt", "not declared", "no item", "never named"],
)
def test_an_undefined_name_is_reported_at_its_line(copy: ContentCopy, written: str, lists: str, needle: str) -> None:
    copy.edit(RULE, WHOLE, written)
    copy.write(RULE, copy.read(RULE) + lists)
    at = copy.find(RULE, needle)
    assert any(item.startswith(f"{at}: ") for item in problems(copy)), problems(copy)
