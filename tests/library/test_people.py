"""The owner of a risk or a statement cannot approve it under another spelling of the name."""

from __future__ import annotations

import pytest

from preuve.library.company.people import same_person


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zoé Lefèvre", "zoe  LEFEVRE", True),
        ("Zoé Lefèvre", "Lefèvre, Zoé (RSSI)", True),
        ("Zoe\u0301 Lefèvre", "Zoé Lefèvre", True),
        ("Zoé Lefèvre", "zoe.lefevre@techstart.example", True),
        ("Zoé Lefèvre", "Z. Lefèvre", True),
        ("Zoé Lefèvre (direction technique)", "Zoé Lefèvre (DPO)", True),
        ("ＣＩＳＯ", "ciso", True),
        ("(RSSI)", "(rssi)", True),
        ("Zoé Lefèvre", "Paul Lefèvre", False),
        ("Zoé Lefèvre", "P. Lefèvre", False),
        ("Zoé Lefèvre", "Zoé", False),
        ("CTO", "CISO", False),
        ("Nadia B. (RSSI)", "Paul M. (RSSI)", False),
        ("", "", False),
        ("Zoé Lefèvre", "", False),
    ],
)
def test_two_spellings_of_one_name_are_one_person(one: str, other: str, *, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same
