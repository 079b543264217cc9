"""The sample: drawn again by anybody from the seed and the keys, whatever order the findings come in."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.model.results import FindingStatus, Place, Reason
from preuve.publish.papers.sample import draw, key, size
from preuve.publish.papers.working_paper import method
from preuve.publish.words.locale import load_locale

from .. import factory


def buckets(number: int) -> list[Place]:
    return [factory.bucket(f"bucket-{index}") for index in range(number)]


def digest(name: str) -> str:
    return hashlib.sha256(f"A.8.24@2026-11-24|{name}".encode()).hexdigest()


@given(st.permutations(range(40)))
def test_the_sample_does_not_depend_on_the_order_of_the_findings(order: list[int]) -> None:
    findings = [factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), place) for place in buckets(40)]
    drawn = draw([findings[index] for index in order], "A.8.24@2026-11-24")
    keys = [key(place) for place, _ in drawn.resources]
    by_hand = sorted(map(key, buckets(40)), key=digest)
    assert keys == by_hand[:5]
    assert keys != [key(place) for place, _ in draw(findings, "another seed").resources]


def test_a_resource_counts_once_and_an_unjudged_one_does_not_count() -> None:
    place = factory.bucket("one")
    passed = factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), place)
    failed = factory.finding("s3-versioning", FindingStatus.FAIL, Reason("failed"), place)
    unread = replace(passed, status=FindingStatus.NOT_EVALUATED, place=factory.bucket("two"))
    drawn = draw([passed, failed, unread], "seed")
    assert drawn.population == 1
    assert drawn.resources[0][1] == {"s3-encrypted": FindingStatus.PASS, "s3-versioning": FindingStatus.FAIL}


@pytest.mark.parametrize(
    ("population", "expected"), [(0, 0), (3, 3), (5, 5), (6, 5), (50, 5), (51, 6), (240, 24), (251, 25), (20_000, 25)]
)
def test_the_size_follows_the_rule_of_the_paper(population: int, expected: int) -> None:
    assert size(population) == expected


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "La seule ressource qui a reçu un verdict."),
        (2, "Toutes les ressources qui ont reçu un verdict, soit 2."),
        (9, "5 ressources sur les 9 qui ont reçu un verdict."),
    ],
)
def test_a_paper_says_how_many_of_how_many_as_one_writes_it(number: int, said: str) -> None:
    found = [
        factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), place) for place in buckets(number)
    ]
    assert method(draw(found, "seed"), load_locale("fr")).startswith(f"{said} Tirage")


def test_signs_that_nobody_sees_are_written_out_in_a_key() -> None:
    """A table shows `grp<U+202E>x` as `grpx`, which is another resource, and whoever draws again copies it."""
    names = ["grpx", "grp\u202ex", "grp\\u202ex", "grp\nx", "grp\u200bx", "grpé x"]
    keys = [key(Place("AWS::Logs::LogGroup", name, "1", "eu-west-3")) for name in names]
    assert all(text.isprintable() for text in keys)
    assert len(set(keys)) == len(names)
    assert keys[1].endswith("|grp\\u202ex") and keys[5].endswith("|grpé x")
