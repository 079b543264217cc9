"""A pattern on a text that is known in part: the answer is that of HCL's own evaluator for every text it may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect.code.language.written import PATTERNS
from hcl_oracle import Oracle, UnreadableError, start
from preuve.collect.code.language.values.partial_texts import ANYTHING, Part, matches_whole
from preuve.collect.code.language.values.value import RefusedError

MAY_BE = {
    ANYTHING: ["", "a", "b", "ab", "A1", "-", "a\nb", ".", "é", "_ b"],
    "[0-9]*": ["", "1", "20"],
    "[0-9a-f]*": ["", "a", "b0", "9"],
    "(a|bb)-[0-9]": ["a-1", "bb-0"],
}
PARTS = st.lists(st.text("ab-1A.", max_size=3) | st.sampled_from([Part(one) for one in MAY_BE]), max_size=3)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    process = start()
    yield process
    process.close()


@given(pattern=PATTERNS, parts=PARTS)
def test_the_answer_holds_whatever_is_not_known(oracle: Oracle, pattern: str, parts: list[str | Part]) -> None:
    ours = matches_whole(pattern, parts)
    texts = [""]
    for part in parts:
        texts = [
            before + one for before in texts for one in ([part] if isinstance(part, str) else MAY_BE[part.pattern])
        ]
    for text in texts[:: max(1, len(texts) // 40)]:
        try:
            theirs = bool(oracle.call("regexall", [rf"\A(?:{pattern})\z", text]))
        except (RefusedError, UnreadableError):
            return
        assert ours is None or ours is theirs, (text, ours)


@pytest.mark.parametrize(
    ("pattern", "parts", "answer"),
    [
        (".*state.*", ["logs-", Part("[0-9]*")], False),
        (".*state.*", ["s", Part("[a-t]*")], None),
        ("(?i)STATE.*", ["state-", Part("[0-9]*")], True),
        ("a.*", ["a", Part()], None),  # a point is no end of a line
        ("(?s)a.*", ["a", Part()], True),
        ("(?:a|b)+c?", [Part("[ab]+"), "c"], True),
        (r"\ba", ["a", Part()], None),
        (r"\ba", ["b", Part("[0-9]*")], False),  # not even where it does not look around
        ("(^|-)a", ["-a"], None),
        ("(^|-)a", ["b", Part("[0-9]*")], False),
        ("(?>a*)a", ["a", Part("a*")], None),
        ("(?>a*)b", ["a", Part("[0-9]*")], False),
        ("(", ["a"], None),
        ("", [], True),
    ],
)
def test_all_texts_agree_or_it_is_not_known(pattern: str, parts: list[str | Part], answer: bool | None) -> None:
    assert matches_whole(pattern, parts) is answer
