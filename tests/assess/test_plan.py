"""The order proposed for what is missing: each document once, the law first, and what each step moves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.plan import Quarter, plan
from preuve.cli.main import main
from preuve.library.company.workspace import load_workspace
from preuve.model.errors import PreuveError
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
def test_each_open_document_is_planned_once_and_the_last_one_moves_its_control(
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
    duty = {step.item.id: 2 if not step.law else 1 if step.item.mandatory_when else 0 for step in steps}
    # What a document of a general duty rests on comes as early.
    asked = [min(duty[other] for other in duty if name == other or name in _ahead(other)) for name in duty]
    assert asked == sorted(asked)
    assert not any(step.law for quarter in found[1:] for step in quarter.steps)
    assert all(order[name] < order[step.item.id] for step in steps for name in step.item.after if name in order)


def test_general_legal_duties_come_first_and_then_the_document_that_most_controls_need(root: Path) -> None:
    steps = planned(root, dict.fromkeys(ITEMS, "missing"))[0].steps
    assert {name for step in steps[:3] for name in step.law} == {"GDPR.13", "GDPR.30.1", "GDPR.33.5"}
    everyone = {step.item.id for step in steps if step.law and not step.item.mandatory_when}
    assert {step.item.id for step in steps[:3]} - everyone == {"GDP-01"}, "art. 30(5) exempts some; notices rest on it"
    assert everyone < {step.item.id for step in steps[:3]}
    rest = [step for step in steps if not step.law]
    most = next(number for number, step in enumerate(rest) if step.item.id == "GOV-04")
    assert len(rest[most].waiting) == max(len(step.waiting) for step in rest)
    assert {step.item.id for step in rest[:most]} == _ahead("GOV-04"), "and what it rests on before it"


def _ahead(name: str) -> set[str]:
    return {other for one in ITEMS[name].after for other in {one, *_ahead(one)}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("GOV-06", "GOV-07"),  # the method of the risk assessment, and its results
        ("AUD-01", "AUD-02"),  # the audit programme, and a report
        ("AUD-02", "AUD-03"),  # the reports, and the review by management
        ("GOV-10", "AUD-03"),
        ("GOV-07", "GOV-09"),
        ("GOV-01", "GOV-09"),
        ("GDP-01", "GDP-05"),  # the record of processing, and the information for people
    ],
)
def test_a_document_comes_after_its_prerequisites(root: Path, before: str, after: str) -> None:
    order = [step.item.id for quarter in planned(root, dict.fromkeys(ITEMS, "missing")) for step in quarter.steps]
    assert order.index(before) < order.index(after)


@pytest.mark.parametrize(
    ("today", "first"),
    [("2026-11-16", "2026-Q4"), ("2026-11-18", "2027-Q1"), ("2026-12-31", "2027-Q1"), ("2027-01-01", "2027-Q1")],
)
def test_a_quarter_near_its_end_gets_no_documents(root: Path, today: str, first: str) -> None:
    assert planned(root, {"GOV-01": "missing"}, today=today)[0].name == first


def test_what_the_company_excludes_makes_no_document_compulsory(tmp_path: Path) -> None:
    text = 'schema: 1\norganisation: {name: T}\nexclusions: [{control: GDPR.7, reason: "No consent."}]\n'
    (tmp_path / "preuve.yaml").write_text(text, encoding="utf-8")
    steps = [step for quarter in planned(tmp_path, dict.fromkeys(ITEMS, "missing")) for step in quarter.steps]
    order = {step.item.id: number for number, step in enumerate(steps)}
    last = max(number for number, step in enumerate(steps) if step.law)
    assert order["GDP-04"] > last and not steps[order["GDP-04"]].law
    for command in (["explain", "GDP-04"], ["attest", "--plan"]):
        said = CliRunner().invoke(main, [*command, "--language", "en", "-w", str(tmp_path)]).stdout
        assert "GDP-04" in said and "GDPR Art. 7" not in said.partition("GDP-04")[2].partition("\n")[0]


def test_a_standard_that_was_not_chosen_makes_no_document_compulsory(tmp_path: Path) -> None:
    """The law does: nobody chooses it."""
    for frameworks, ids in (("gdpr", {"GDP-04"}), ("iso27001-2022", {"GDP-04", "AUD-02"})):
        text = f"schema: 1\norganisation: {{name: T}}\nframeworks: [{frameworks}]\n"
        (tmp_path / "preuve.yaml").write_text(text, encoding="utf-8")
        told = {}
        for name in ("AUD-02", "GDP-04"):
            told[name] = CliRunner().invoke(main, ["explain", name, "--language", "en", "-w", str(tmp_path)]).stdout
        assert {name for name, said in told.items() if "ompulsory" in said} == ids


def test_the_command_names_template_and_signature(root: Path) -> None:
    result = CliRunner().invoke(main, ["attest", "--plan", "2", "--language", "en", "-w", str(root)])
    assert result.exit_code == 0
    needed = {name for name, control in CONTROLS.items() if name != "A.8.30" for name in control.evidence}
    assert sum("--template" in line for line in result.stdout.split("\n")) == len(needed)
    assert "compulsory by GDPR Art. 30(1), unless art. 30(5) exempts the company;" in result.stdout
    assert "compulsory by GDPR Art. 13;" in result.stdout
    assert "compulsory by GDPR Art. 35, where processing is likely to result in a high risk" in result.stdout


def test_the_plan_names_controls_as_people_do(root: Path) -> None:
    """Clauses, articles and themes, no ids of files."""
    lines = CliRunner().invoke(main, ["attest", "--plan", "--language", "fr", "-w", str(root)]).stdout
    assert "ISO 27001, 9.3.1 ; ISO 27001, 9.3.2 ; ISO 27001, 9.3.3" in lines and "« Localisation des données »" in lines
    assert not re.search(r"GDPR\.|\bC\.\d", lines)


@pytest.mark.parametrize("quarters", ["0", "13", "x", "٣"])
def test_an_invalid_number_of_quarters_is_refused(root: Path, quarters: str) -> None:
    result = CliRunner().invoke(main, ["attest", "--plan", quarters, "-w", str(root)])
    assert "is not a number of quarters" in str(result.exception)


def test_the_plan_proposes_no_template_that_is_there_already(root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "preuve.yaml", tmp_path)
    root, run = tmp_path, partial(CliRunner().invoke, main)
    said = run(["attest", "--plan", "12", "--language", "en", "-w", str(root)]).stdout
    proposed = re.findall(r"Begin: preuve attest (\S+) --template", said)
    written = {}
    for item in [*proposed[::9], "SUP-01", "GOV-02"]:
        if not (done := run(["attest", item, "--template", "-w", str(root)])).exception:
            (written[item],) = re.findall(r"(?:attestations|registers)/\S+\w", done.stdout)
    assert len(written) > 3 and {Path(file).suffix for file in written.values()} == {".csv", ".md"}
    said = run(["attest", "--plan", "12", "--language", "en", "-w", str(root)]).stdout
    assert set(written).isdisjoint(re.findall(r"Begin: preuve attest (\S+) --template", said))
    for item, file in written.items():
        command = f"preuve attest {item}{' --file ' + file if file.endswith('.md') else ''} --owner "
        assert re.search(rf"{item} .*to complete and to attest.* exists; .*: {re.escape(command)}", said), item
        error = run(["attest", item, "--template", "-w", str(root)]).exception
        assert isinstance(error, PreuveError) and command in error.hint
