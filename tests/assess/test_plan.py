"""The order proposed for what is missing: each document once, the law first, and what each step moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.plan import Quarter, plan
from preuve.cli.main import main
from preuve.library.company.workspace import load_workspace
from preuve.model.results import EvidenceResult

ITEMS = bundled().evidence
STATES = ("missing", "stale", "unreviewed", "current")
CONTROLS = {control.id: control for found in bundled().frameworks.values() for control in found.controls}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ws")
    text = 'schema: 1\norganisation: {name: T}\nexclusions: [{control: A.8.30, reason: "No outsourced development."}]\n'
    (folder / "preuve.yaml").write_text(text, encoding="utf-8")
    return folder


def planned(root: Path, states: Mapping[str, str], quarters: int = 4, today: str = "2026-11-27") -> list[Quarter]:
    evidence = [(ITEMS[name], EvidenceResult(name, state)) for name, state in states.items()]
    return plan(bundled(), load_workspace(root, bundled()), evidence, date.fromisoformat(today), quarters)


@given(states=st.fixed_dictionaries({name: st.sampled_from(STATES) for name in ITEMS}), quarters=st.integers(1, 12))
def test_each_open_document_is_there_once_and_every_control_is_moved_by_its_last_one(
    root: Path, states: Mapping[str, str], quarters: int
) -> None:
    found = planned(root, states, quarters)
    steps = [step for quarter in found for step in quarter.steps]
    open_ = {name for name, state in states.items() if state != "current"}
    assert sorted(step.item.id for step in steps) == sorted(open_) and len(found) <= quarters
    order = {step.item.id: number for number, step in enumerate(steps)}
    moved = {control: step.item.id for step in steps for control in step.moved}
    waiting = {name: set(control.evidence) & open_ for name, control in CONTROLS.items() if name != "A.8.30"}
    last = {control: max(names, key=lambda name: order[name]) for control, names in waiting.items() if names}
    assert moved == last
    law = [bool(step.law) for step in steps]
    assert law == sorted(law, reverse=True)
    assert all(step.law == "" for quarter in found[1:] for step in quarter.steps)


def test_after_the_law_the_document_that_most_controls_wait_for_comes_first(root: Path) -> None:
    steps = planned(root, dict.fromkeys(ITEMS, "missing"))[0].steps
    assert {step.law for step in steps} >= {"GDPR.30.1", "GDPR.33.5"}
    first = next(step for step in steps if not step.law)
    assert len(first.waiting) == max(len(step.waiting) for step in steps if not step.law)


@pytest.mark.parametrize(
    ("today", "first"),
    [("2026-11-16", "2026-Q4"), ("2026-11-18", "2027-Q1"), ("2026-12-31", "2027-Q1"), ("2027-01-01", "2027-Q1")],
)
def test_a_quarter_that_is_almost_over_gets_nothing(root: Path, today: str, first: str) -> None:
    assert planned(root, {"GOV-01": "missing"}, today=today)[0].name == first


def test_the_command_names_template_and_signature(root: Path) -> None:
    result = CliRunner().invoke(main, ["attest", "--plan", "2", "--language", "en", "-w", str(root)])
    assert result.exit_code == 0
    needed = {name for name, control in CONTROLS.items() if name != "A.8.30" for name in control.evidence}
    assert sum("--template" in line for line in result.stdout.split("\n")) == len(needed)
    assert "compulsory by GDPR, art. 30.1" in result.stdout


@pytest.mark.parametrize("quarters", ["0", "13", "x", "٣"])
def test_a_number_of_quarters_that_is_none_is_refused(root: Path, quarters: str) -> None:
    result = CliRunner().invoke(main, ["attest", "--plan", quarters, "-w", str(root)])
    assert "is not a number of quarters" in str(result.exception)
