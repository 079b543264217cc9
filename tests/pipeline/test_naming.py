"""The names of lines and the waivers that name them, as `assess` holds them against what the lines say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from preuve.collect.registers import told_apart
from preuve.pipeline.bundle.consistency.citations import is_made_of, waivers_of
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

SHOWN = f"PendingConfirmation arn:t http {Redactor(Pseudonyms(b'k' * 32)).person('http://hooks.acme.example/alert')}"


@pytest.mark.parametrize(
    ("resource", "recorded", "right"),
    [
        ("PendingConfirmation arn:t http http://hooks.acme.example/alert", True, True),
        ("PendingConfirmation arn:t http http://hooks*", True, True),
        ("PendingConfirmation arn:*", True, True),
        (SHOWN, True, True),
        ("PendingConfirmation arn:other http http://hooks.acme.example/alert", True, False),
        ("PendingConfirmation arn:other*", True, False),
        ("i-1", True, False),
    ],
)
def test_a_waiver_may_name_what_a_pseudonym_hides(resource: str, recorded: bool, right: bool) -> None:
    waiver: Any = SimpleNamespace(id="W-1", resource=resource)
    line = {"id": SHOWN, "arn": "", "waivers": ["W-1"] if recorded else []}
    assert (list(waivers_of(line, [waiver])) == []) is right


@pytest.mark.parametrize(("resource", "missing"), [("i-1", True), ("i-*", True), ("i-2", False)])
def test_a_waiver_that_names_a_resource_is_not_left_out(resource: str, missing: bool) -> None:
    waiver: Any = SimpleNamespace(id="W-1", resource=resource)
    assert bool(list(waivers_of({"id": "i-1", "arn": "", "waivers": []}, [waiver]))) is missing


@pytest.mark.parametrize(
    ("name", "parts", "made"),
    [
        ("i-1 AWS_EC2_INSTANCE NETWORK", ["i-1", "AWS_EC2_INSTANCE", "NETWORK"], True),
        ("i-1 NETWORK", ["i-1", "", "NETWORK"], True),
        ("i-1 is fine and waived NETWORK", ["i-1", "", "NETWORK"], False),
        ("i-1 NETWORK waived", ["i-1", "", "NETWORK"], False),
        ("i-1 AWS_EC2_INSTANCE NETWORK", ["i-1", None, "NETWORK"], True),
        ("i-1 NETWORK", ["i-1", None, "NETWORK"], True),
        ("i-1 AWS_EC2_INSTANCE NETWORK waived", ["i-1", None, "NETWORK"], False),
        ("i-2 NETWORK", ["i-1", None, "NETWORK"], False),
        ("waived i-1", ["i-1", None], False),
        ("www. A blue Z1", ["www.", "A", None, "Z1"], True),
        ("www. waived A blue Z1", ["www.", "A", None, "Z1"], False),
        ("www. A", ["www.", "A", None], True),
    ],
)
def test_a_name_has_words_of_its_own_only_where_a_member_is_not_kept(
    name: str, parts: list[str | None], made: bool
) -> None:
    assert is_made_of(name, parts) is made


def test_each_row_of_a_name_has_a_name_of_its_own() -> None:
    there: dict[str, int] = {}
    names = [told_apart(name, there) for name in ("A", "B", "A", "A (2)", "A", "A (2)", "A (2) (2)")]
    assert names == ["A", "B", "A (2)", "A (2) (2)", "A (3)", "A (2) (3)", "A (2) (2) (2)"]
