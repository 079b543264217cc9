"""An attestation that does not count is told on the page of each control that asks for it, with the reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from preuve.model.company.workspace import Approval, RefusedAttestation
from preuve.model.errors import Position, Problem
from preuve.model.results import EvidenceResult
from preuve.publish.papers.working_paper import WorkingPapers
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import control_page, page_file
from preuve.publish.site.views import Facts
from preuve.publish.site.writer import write_site
from preuve.publish.words.attestations import set_aside
from preuve.publish.words.locale import load_locale

from . import factory

MISSING = EvidenceResult("GOV-03", "missing")
CHANGED = RefusedAttestation(
    "ATT-009",
    "GOV-03",
    Problem(Position("attestations/i.yaml", 8, 7), "pssi.pdf changed since it was attested", "attest the new version"),
)


def site(language: str = "en") -> Site:
    made = factory.site(language)
    (first, *_) = made.workspace.attestations
    verified = Approval("verified")
    entries = (
        first,
        replace(first, id="ATT-010", effective=date(2026, 11, 20), approval=Approval("other_key")),
        replace(first, id="ATT-011", effective=date(2027, 1, 2), expires=None, approval=verified),
        replace(first, id="ATT-012", effective=date(2026, 4, 1), expires=date(2026, 5, 1), approval=verified),
        replace(first, id="ATT-013", effective=date(2025, 1, 1), approval=Approval("unsigned")),
    )
    return replace(made, workspace=replace(made.workspace, attestations=entries, refused_attestations=(CHANGED,)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_control_tells_what_does_not_count_and_why(tmp_path: Path, language: str) -> None:
    made, t = site(language), load_locale(language)
    write_site(tmp_path, made)
    (result,) = (item for item in made.assessment.controls if item.control == "A.5.1")
    told = set_aside(result.evidence[0], made, t)
    named = [re.findall(r"ATT-\d+", line)[0] for line in told]
    assert named == ["ATT-009", "ATT-010", "ATT-011", "ATT-012"], "the one before the current one is history"
    assert t.word("approval", "other_key") in told[1]
    page = (tmp_path / page_file(control_page(result.framework, result.control), language)).read_text("utf-8")
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for name in named:
        assert re.search(rf"{name} (does not count|ne compte pas)", shown), name


def test_a_document_that_changed_is_told_where_nothing_else_was_attested() -> None:
    made = site()
    made = replace(made, workspace=replace(made.workspace, attestations=()))
    assert set_aside(MISSING, made, load_locale("en")) == [
        "ATT-009 does not count: attestations/i.yaml:8:7: pssi.pdf changed since it was attested "
        "(attest the new version)"
    ]
    assert set_aside(replace(MISSING, id="GOV-04"), made, load_locale("en")) == []


def test_the_working_paper_tells_it_too() -> None:
    made = site()
    (result,) = (item for item in made.assessment.controls if item.control == "A.5.1")
    told = str(list(WorkingPapers(made, Facts(made), load_locale("en"))._manual(result)))
    assert "ATT-010 does not count" in told
