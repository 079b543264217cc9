"""Names and texts from outside."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.publish.site.paths import (
    ACCOUNTS,
    account_page,
    control_page,
    page_file,
    policy_page,
    relative,
    safe_name,
    type_page,
)
from preuve.publish.words.names import relative_file
from preuve.publish.words.text import blocks, first_sentence, in_language, one_line, short_json, spans

anything = st.text(st.characters(codec=None), max_size=200)


@given(anything)
def test_file_names_are_safe_on_windows(name: str) -> None:
    safe = safe_name(name)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", safe)
    assert not safe.endswith(".")
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", safe)


@pytest.mark.parametrize("name", ["A.8.24", "C.9.2", "GDPR.32.1.a", "s3-encrypted"])
def test_ids_of_the_catalogue_stay_unchanged(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["../../etc/passwd", "NUL", "aux.txt", "a:b", "x.", "", "a" * 300, "é"])
def test_unsafe_names_are_replaced_and_stay_distinct(name: str) -> None:
    assert safe_name(name) != name
    assert safe_name(name) != safe_name(name + "!")


def test_links_are_relative() -> None:
    page = page_file(control_page("gdpr", "GDPR.32.1.a"), "en")
    second = page_file(policy_page("s3-encrypted", 2), "en")
    assert relative(second, page) == "../../00-summary/policies/s3-encrypted/2.en.html"
    assert relative("data/00-summary/index.fr.html", "README.html") == "data/00-summary/index.fr.html"


def test_pages_of_similar_types_stay_distinct() -> None:
    assert type_page("AWS::S3::Bucket").endswith("/AWS.S3.Bucket")
    assert type_page("AWS.S3.Bucket") != type_page("AWS::S3::Bucket")
    assert account_page("index") != ACCOUNTS


@given(anything)
def test_one_line_is_one_harmless_line(value: str) -> None:
    text = one_line(value, 80)
    assert len(text) <= 80
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\u2028\u2029]", text)


@given(anything)
def test_files_never_leave_the_repository(value: str) -> None:
    parts = relative_file(value).split("/")
    assert ".." not in parts
    assert parts == [""] or "" not in parts


def test_content_is_split_into_paragraphs_and_code() -> None:
    text = "Set it.\nThen look.\n\n```bash\naws s3 ls\n  --x\n```\nAfter `that`."
    assert [(block.code, block.text) for block in blocks(text)] == [
        (False, "Set it. Then look."),
        (True, "aws s3 ls\n  --x"),
        (False, "After `that`."),
    ]
    assert [(span.code, span.text) for span in spans("After `that`.")] == [
        (False, "After "),
        (True, "that"),
        (False, "."),
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Turn it on. Then look.", "Turn it on."),
        ("Use version 1.2 of e.g. this. Then look.", "Use version 1.2 of e.g. this."),
        ("Run:\n\n```\nx\n```", "Run"),
        ("```\nx\n```\nAfter.", "After."),
        ("", ""),
    ],
)
def test_the_first_sentence_is_found(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_a_sentence_is_never_cut_before_its_end() -> None:
    """Without it, it may say the contrary: "administrators of clusters do n…"."""
    sentence = f"Take FTP out of the protocols (the option replaces the list; {'name all others, ' * 20}too)."
    assert first_sentence(f"{sentence} More.") == sentence


def test_a_long_line_is_cut_between_two_words() -> None:
    assert one_line("whoever may change the nodes", 25) == "whoever may change the…"
    assert one_line("x" * 40, 25) == "x" * 24 + "…"


def test_a_condition_on_a_french_page_has_all_code_and_no_english_comments() -> None:
    told = """// first\na == "http://x" // c\n  // a line\n  && b.matches(r"^arn:\\") // it\n  || c == 'x//y'"""
    assert in_language(told, "en") == told
    assert in_language(told, "fr") == """a == "http://x"\n  && b.matches(r"^arn:\\")\n  || c == 'x//y'"""


def test_conditions_of_the_catalogue_lose_only_their_comments() -> None:
    commented = 0
    for policy in bundled().policies.values():
        for condition in (text for rule in policy.aws for text in (rule.when, rule.assert_) if text):
            kept = [_code(line) for line in condition.split("\n")]
            commented += any(line is None for line in kept)
            assert in_language(condition, "fr").split("\n") == [line for line in kept if line is not None], policy.id
    assert commented > 10


def _code(line: str) -> str | None:
    """Return a line up to a comment that is not inside a text; None if it is only a comment."""
    cut = next((at for at in range(len(line)) if line[at : at + 2] == "//" and line[:at].count('"') % 2 == 0), None)
    return line if cut is None else line[:cut].rstrip() or None


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        (7, 10, "7"),
        (["dev", "test"], 20, '["dev", "test"]'),
        (["dev", "develop", "test", "tests"], 26, '["dev", "develop", … +2]'),
        ([20, 21, 873, 1433], 18, "[20, 21, … +2]"),
        ({"a": "b" * 20}, 10, '{"a": "bb…'),
    ],
)
def test_a_long_list_is_cut_between_its_items(value: object, limit: int, shown: str) -> None:
    assert short_json(value, limit) == shown
