"""OSCAL: what NIST's schema and a reader of it accept, and what the documents say of open and unknown things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from preuve.model.results import ControlStatus, FindingStatus
from preuve.publish.oscal.files import write_oscal
from preuve.publish.oscal.poam import plan_of_action
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import load_locale

from . import factory

SCHEMAS = Path(__file__).parents[1] / "fixtures" / "oscal"
PYTHON = {r"\\p{L}": r"[^\\W\\d_]", r"\\p{N}": r"\\d"}  # as the schema file spells them: `re` has no \p


def schema(name: str) -> Mapping[str, Any]:
    text = (SCHEMAS / f"oscal_{name}_schema.json").read_text(encoding="utf-8")
    for theirs, ours in PYTHON.items():
        text = text.replace(theirs, ours)
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def defects(name: str, document: Mapping[str, Any]) -> list[str]:
    return [
        f"{error.json_path}: {error.message[:200]}" for error in Draft7Validator(schema(name)).iter_errors(document)
    ]


@pytest.fixture(params=["en", "fr"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_oscal(tmp_path, factory.site(request.param, demonstration=True), load_locale(request.param))
    return tmp_path


def read(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / name).read_bytes())
    return loaded


def result(folder: Path) -> dict[str, Any]:
    (found,) = read(folder, "assessment-results.json")["assessment-results"]["results"]
    return dict(found)


def test_declared_evidence_is_examined_and_has_no_state(folder: Path) -> None:
    """No check concludes anything: to a tool that imports the file, a state would be a deficiency or a pass."""
    found = result(folder)
    assert "A.5.1" not in {item["target"]["target-id"] for item in found["findings"]}
    chosen = found["reviewed-controls"]["control-selections"]
    included = {item["control-id"] for one in chosen for item in one.get("include-controls", ())}
    declared = {item.control for item in factory.control_results() if item.status.value.endswith("DECLARED")}
    assert included - {item["target"]["target-id"] for item in found["findings"]} == declared
    assert "A.5.1" in declared and "EXAMINE" in found["reviewed-controls"]["remarks"]
    (examined,) = (item for item in found["observations"] if item["methods"] == ["EXAMINE"])
    name = examined["uuid"]
    for said in ("PSSI 2026", "Direction", "Noor", "2026-03-01", "2027-04-05", "pssi.pdf", "cd" * 32):
        assert said in examined["description"], said
    assert examined["relevant-evidence"][0]["href"] == "../records/attestations/ATT-001.json"
    tested = [item for item in found["observations"] if item["uuid"] != name]
    assert all(item["methods"] == ["TEST"] for item in tested)


def test_a_point_of_attention_is_separate_from_decisive_findings(tmp_path: Path) -> None:
    (law,) = (item for item in factory.control_results() if item.control == "GDPR.32.1.a")
    beside = replace(law, supporting=("s3-versioning",), attention=("s3-versioning",))
    site = factory.site("en")
    site = replace(site, assessment=replace(site.assessment, controls=(beside,)))
    write_oscal(tmp_path, site, load_locale("en"))
    (found,) = result(tmp_path)["findings"]
    assert {"s3-versioning"} == {item["value"] for item in found["props"] if item["name"] == "attention"}
    items = read(tmp_path, "poam.json")["plan-of-action-and-milestones"]["poam-items"]
    named = {values["policy"]: values for item in items if (values := {p["name"]: p["value"] for p in item["props"]})}
    assert (named["s3-encrypted"].get("controls"), named["s3-encrypted"].get("attention")) == ("GDPR.32.1.a", None)
    assert (named["s3-versioning"].get("controls"), named["s3-versioning"].get("attention")) == (None, "GDPR.32.1.a")


@pytest.mark.parametrize("name", ["assessment-results", "poam"])
def test_nists_schema_accepts_the_documents(folder: Path, name: str) -> None:
    document = read(folder, f"{name}.json")
    assert defects(name, document) == []
    key = next(iter(document))
    document[key]["uuid"] = "not-a-uuid"
    assert defects(name, document), "the schema must be able to refuse"


def test_trestle_loads_the_documents(folder: Path) -> None:
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.poam import PlanOfActionAndMilestones

    results = AssessmentResults.oscal_read(folder / "assessment-results.json")
    plan = PlanOfActionAndMilestones.oscal_read(folder / "poam.json")
    assert results is not None and plan is not None
    assert len(results.results[0].findings) == 8
    assert len(plan.poam_items) == 4


def test_every_reference_in_the_document_is_defined(folder: Path) -> None:
    for name in ("assessment-results.json", "poam.json"):
        text = (folder / name).read_text(encoding="utf-8")
        defined = set(_values(json.loads(text), "uuid"))
        for reference in ("subject-uuid", "observation-uuid", "risk-uuid", "actor-uuid"):
            assert set(_values(json.loads(text), reference)) <= defined, (name, reference)


def _values(part: Any, key: str) -> list[str]:
    if isinstance(part, dict):
        own = [part[key]] if isinstance(part.get(key), str) else []
        return own + [found for value in part.values() for found in _values(value, key)]
    return [found for value in part for found in _values(value, key)] if isinstance(part, list) else []


def test_controls_without_a_verdict_have_no_finding_and_are_excluded_from_review(folder: Path) -> None:
    answered = {item["target"]["target-id"]: item["target"]["status"]["state"] for item in result(folder)["findings"]}
    statuses = {item.control: item.status for item in factory.control_results()}
    assert {name for name, state in answered.items() if state == "satisfied"} == {"A.8.17"}
    silent = {
        name for name, status in statuses.items() if status in (ControlStatus.NOT_ASSESSED, ControlStatus.EXCLUDED)
    }
    assert silent.isdisjoint(answered)
    selections = result(folder)["reviewed-controls"]["control-selections"]
    excluded = {item["control-id"] for group in selections for item in group.get("exclude-controls", ())}
    assert excluded == silent


def test_nothing_is_said_twice_that_a_reference_leads_to(folder: Path) -> None:
    """What to do is the plan's; a resource's name the inventory's; where a risk comes from its observations'."""
    planned = read(folder, "poam.json")["plan-of-action-and-milestones"]
    for part in (result(folder), planned):
        subjects = [subject for item in part["observations"] for subject in item.get("subjects", ())]
        assert subjects and all(set(subject) == {"subject-uuid", "type"} for subject in subjects)
    assert not any("origins" in item for item in planned["poam-items"])
    behind = {item["uuid"]: item for item in result(folder)["observations"]}
    assert all(item["origins"] for item in behind.values())
    once = ("title", "props", "origins", "relevant-evidence")
    for item in planned["observations"]:
        whole = behind[item["uuid"]]
        assert all(whole[name] for name in once)
        assert item == {name: value for name, value in whole.items() if name not in once}
    told = {item["uuid"] for item in planned["risks"] if item.get("remediations")}
    assert told == {item["uuid"] for item in result(folder)["risks"]}
    assert not any("remediations" in item for item in result(folder)["risks"])


def test_an_unsigned_waiver_is_a_deviation_requested(folder: Path) -> None:
    (accepted,) = [risk for risk in result(folder)["risks"] if risk["status"] != "open"]
    assert accepted["status"] == "deviation-requested"
    assert _own(accepted["mitigating-factors"][0], "waiver", "approval-verified") == ["W-001", "false"]
    assert accepted["deadline"] == "2027-03-01T00:00:00Z"


def _own(part: Mapping[str, Any], *names: str) -> list[str]:
    values = {item["name"]: item["value"] for item in part["props"]}
    return [values[name] for name in names]


def test_every_failing_resource_is_a_subject_and_passing_ones_are_counted(folder: Path) -> None:
    tested = (item for item in result(folder)["observations"] if item["methods"] == ["TEST"])
    seen = {tuple(_own(item, "policy", "source", "status")): item for item in tested}
    assert len(seen["s3-encrypted", "aws", "FAIL"]["subjects"]) == 2
    passing = seen["s3-encrypted", "aws", "PASS"]
    assert "subjects" not in passing
    assert _own(passing, "count") == ["1"]


def test_markup_in_a_name_stays_text(folder: Path) -> None:
    names = [item["description"] for item in result(folder)["local-definitions"]["inventory-items"]]
    hostile = [name for name in names if "script" in name]
    assert hostile and all("\\<script\\>" in title and " <" not in title for title in hostile)


def test_two_runs_differ_only_in_facts(tmp_path: Path) -> None:
    first, locale = factory.site(), load_locale("en")
    fewer = tuple(item for item in first.assessment.findings if item.status is not FindingStatus.WAIVED)
    later = replace(first, assessment=replace(factory.assessment(fewer), now="2026-12-24T12:00:00Z"))
    for name, site in (("a", first), ("b", later), ("c", first)):
        write_oscal(tmp_path / name, site, locale)
    one, two = (result(tmp_path / name) for name in ("a", "b"))
    assert (tmp_path / "a/poam.json").read_bytes() == (tmp_path / "c/poam.json").read_bytes()
    gone = {item["uuid"] for item in one["risks"]} - {item["uuid"] for item in two["risks"]}
    assert len(gone) == 1
    assert [item["uuid"] for item in one["findings"]] == [item["uuid"] for item in two["findings"]]


def test_without_an_open_finding_there_is_no_plan(tmp_path: Path) -> None:
    passing = tuple(item for item in factory.findings() if item.status is FindingStatus.PASS)
    site: Site = factory.site(found=passing)
    assert plan_of_action(site, load_locale("en")) is None
    write_oscal(tmp_path, site, load_locale("en"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assessment-results.json"]
    assert defects("assessment-results", read(tmp_path, "assessment-results.json")) == []


@pytest.mark.parametrize("status", list(ControlStatus))
def test_an_item_of_the_law_is_neither_satisfied_nor_failed(tmp_path: Path, status: ControlStatus) -> None:
    """The law prescribes no setting, and the file says so beside each of its items."""
    made = factory.site("en")
    controls = tuple(replace(item, status=status) for item in made.assessment.controls)
    write_oscal(tmp_path, replace(made, assessment=replace(made.assessment, controls=controls)), load_locale("en"))
    assert defects("assessment-results", read(tmp_path, "assessment-results.json")) == []
    found = [item for item in result(tmp_path).get("findings", ()) if item["target"]["target-id"].startswith("GDPR.")]
    concluded = (ControlStatus.SUPPORTED, ControlStatus.PARTLY_SUPPORTED, ControlStatus.NOT_SUPPORTED)
    assert bool(found) is (status in concluded)
    for item in found:
        assert (item["target"]["status"]["state"], item["target"]["status"]["reason"]) == ("not-satisfied", "other")
        remarks = item["target"]["status"]["remarks"]
        assert remarks.startswith(f"The law prescribes no setting. {load_locale('en').word('control', status)}: ")
        assert {prop["name"]: prop["value"] for prop in item["props"]}["result"] == "not_assessed"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_point_of_attention_is_said_to_decide_nothing(tmp_path: Path, language: str) -> None:
    """A satisfied control may be linked to risks: the file says that they do not decide."""
    made, locale = factory.site(language), load_locale(language)
    first, *others = (item for item in made.assessment.controls if item.policies)
    noted = replace(first, status=ControlStatus.SUPPORTED, attention=first.policies[:1])
    controls = (noted, *(replace(item, attention=()) for item in others))
    write_oscal(tmp_path, replace(made, assessment=replace(made.assessment, controls=controls)), locale)
    targets = [item["target"] for item in result(tmp_path)["findings"]]
    remarks = {target["target-id"]: target["status"]["remarks"] for target in targets}
    said = [name for name, text in remarks.items() if locale("oscal.attention") in text]
    assert said == [first.control]
    means = locale.word("control_means", ControlStatus.SUPPORTED).replace("\N{NO-BREAK SPACE}", " ")
    assert f" {means}. " in remarks[first.control].replace("\N{NO-BREAK SPACE}", " ")
