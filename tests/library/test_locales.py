"""A language file with a missing or unknown text is reported before a page needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_copy import ContentCopy
from preuve.library.validation import locales

FRENCH = "reports/locales/fr.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    """A language with a few texts, beside English."""
    copy = ContentCopy(tmp_path, "reports/locales")
    copy.write("reports/locales/en.yaml", 'page: {title: "Findings of {n} accounts", none: None}\nlist: {and: and}\n')
    copy.write(FRENCH, 'page: {title: "Constats de {n} comptes", none: Aucun}\nlist: {and: et}\n')
    return copy


def told(copy: ContentCopy) -> list[str]:
    return [str(problem) for problem in locales.problems(copy.root)]


def test_the_bundled_languages_have_the_same_texts(copy: ContentCopy) -> None:
    assert told(copy) == []
    assert list(locales.problems(locales_root())) == []


def locales_root() -> Path:
    return Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", none: Aucun", "", f"{FRENCH}:1:7: page.none is missing (in English: None)"),
        ("list: {and: et}\n", "", f"{FRENCH}:1:1: list is missing (copy it from reports/locales/en.yaml and"),
        ("none: Aucun", "none: Aucun, nun: x", f"{FRENCH}:1:55: nothing asks for page.nun (near it: none)"),
        ("{n} comptes", "{m} comptes", f"{FRENCH}:1:15: page.title: nothing is put in for {{m}}"),
        ("{and: et}", "et", f"{FRENCH}:2:7: list: must be keys"),
        ("{and: et}", "{and: et", f"{FRENCH}:3:1: a comma or a bracket is missing here (close the bracket"),
    ],
)
def test_texts_missing_or_unknown_in_a_language_are_reported(copy: ContentCopy, old: str, new: str, said: str) -> None:
    copy.edit(FRENCH, old, new)
    (problem,) = told(copy)
    assert problem.startswith(said)
