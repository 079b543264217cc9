"""The JUnit file as junitparser and the consumers named in the design read it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from preuve.model.content import Severity
from preuve.model.results import Assessment, Finding, FindingStatus, Place, Reason, similar_findings
from preuve.publish.junit import write_junit
from preuve.publish.terminal.summary import at_gate

from . import factory

SHOP = "111122223333"


def written(
    folder: Path, assessment: Assessment, *, controls: bool = False, accounts: tuple[str, ...] = ()
) -> dict[str, TestSuite]:
    path = folder / "junit.xml"
    write_junit(path, assessment, factory.library(), controls=controls, accounts=accounts)
    return {suite.name: suite for suite in JUnitXml.fromfile(str(path))}


def case(suite: TestSuite, name: str, classname: str = "") -> TestCase:
    (found,) = [item for item in suite if item.name == name and classname in ("", item.classname)]
    return found


@pytest.fixture
def findings(tmp_path: Path) -> TestSuite:
    return written(tmp_path, factory.assessment())["findings"]


def test_a_push_has_only_findings(tmp_path: Path) -> None:
    assert list(written(tmp_path, factory.assessment())) == ["findings"]


def test_each_of_several_accounts_has_a_suite(tmp_path: Path) -> None:
    found = [item for item in factory.findings() if item.place.account]
    other = tuple(replace(item, place=replace(item.place, account=SHOP)) for item in found)
    both = factory.assessment((*factory.findings(), *other))
    suites = written(tmp_path, both, accounts=(factory.ACCOUNT, SHOP, "999988887777"))
    assert list(suites) == ["findings", f"account {factory.ACCOUNT}", f"account {SHOP}"]
    assert suites[f"account {SHOP}"].tests == suites[f"account {factory.ACCOUNT}"].tests == len(other)
    assert suites["findings"].tests == len(factory.findings()) - len(other)
    assert list(written(tmp_path, both, accounts=(factory.ACCOUNT,))) == ["findings"]


def test_totals_are_on_the_suite(findings: TestSuite) -> None:
    # 13 findings: 5 FAIL; 2 unread and in error; 1 waived, 1 not applicable and 1 unprovable are skipped
    assert (findings.tests, findings.failures, findings.errors, findings.skipped) == (13, 5, 2, 3)


@pytest.mark.parametrize("gate", Severity)
def test_with_a_gate_the_file_fails_when_the_run_fails(tmp_path: Path, gate: Severity) -> None:
    assessment = factory.assessment()
    path = tmp_path / "junit.xml"
    write_junit(path, assessment, factory.library(), controls=False, gate=gate)
    (suite,) = JUnitXml.fromfile(str(path))
    assert suite.failures == at_gate(assessment, gate)
    assert (suite.tests, suite.errors) == (13, 2)
    below = [item for case in suite for item in case.result if item.message.startswith("Below the gate:")]
    assert len(below) == 5 - suite.failures
    assert all(isinstance(item, Skipped) for item in below)


def test_what_is_not_decided_is_skipped_unless_it_stops_the_push(tmp_path: Path) -> None:
    place = Place("AWS::S3::Bucket", "aws_s3_bucket.a", root="infra", file="infra/a.tf", line=1)
    reason = Reason("iac_unknown", {"checks": "CKV_AWS_19", "detail": "var.a"})
    one = factory.finding("s3-encrypted", FindingStatus.NOT_EVALUATED, reason, place)
    told = factory.assessment((replace(one, source="iac"),))

    def written_as(**more: Any) -> tuple[int, int, str]:
        write_junit(tmp_path / "junit.xml", told, factory.library(), controls=False, **more)
        (suite,) = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
        (case,) = suite
        return suite.errors, suite.skipped, case.result[0].message

    errors, skipped, message = written_as(gate=Severity.HIGH)
    assert (errors, skipped) == (0, 1) and message.startswith("Undecided (this does not stop the run):")
    assert written_as(gate=Severity.HIGH, hidden=told.findings)[:2] == (1, 0)
    assert written_as()[:2] == (1, 0)


def test_a_case_of_several_resources_stands_where_the_push_is_stopped(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    places = [Place("AWS::S3::Bucket", f"aws_s3_bucket.{n}", root="infra", file=f"infra/{n}.tf", line=1) for n in names]
    reason = Reason("iac_unknown", {"checks": "CKV_AWS_19", "detail": "var.a"})
    each = [
        replace(factory.finding("s3-encrypted", FindingStatus.NOT_EVALUATED, reason, place), source="iac")
        for place in places
    ]
    told = factory.assessment((replace(each[0], also=tuple(places[1:]), each=tuple(each)),))
    for one, stops in zip(each, names, strict=True):
        write_junit(tmp_path / "junit.xml", told, factory.library(), controls=False, gate=Severity.HIGH, hidden=[one])
        (suite,) = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
        (case,) = suite
        assert suite.errors == 1
        assert (case._elem.get("file"), case._elem.get("line")) == (f"infra/{stops}.tf", "1")
        assert all(f"infra/{other}.tf" in case.result[0].text for other in names)


@pytest.mark.parametrize(
    ("name", "classname", "kind", "message"),
    [
        ("techstart-exports", "s3.s3-encrypted", Failure, "Encryption is not set"),
        ("techstart-payroll", "s3.s3-encrypted", Error, "lacks s3:GetEncryptionConfiguration"),
        ("AWS::RDS::DBInstance", "rds.rds-encrypted", Error, "throttled by AWS (Throttling)"),
        (
            "techstart-pictures",
            "s3.s3-versioning",
            Skipped,
            "W-001: Public product pictures. · owner Nadia B. · approver Paul M. · expires 2027-03-01",
        ),
        ("AWS::KMS::Key", "kms.kms-rotation", Skipped, "There is no AWS::KMS::Key in eu-west-3, eu-west-1"),
        ("eu-west-3", "region.region-resources-allowed", Skipped, "not the absence of one"),
    ],
)
def test_each_status_has_its_child(findings: TestSuite, name: str, classname: str, kind: type, message: str) -> None:
    (child,) = case(findings, name, classname).result
    assert isinstance(child, kind)
    assert message in child.message


def test_a_pass_has_no_child(findings: TestSuite) -> None:
    assert case(findings, "techstart-logs", "s3.s3-encrypted").result == []


def test_throttling_does_not_blame_the_permissions(findings: TestSuite) -> None:
    (child,) = case(findings, "AWS::RDS::DBInstance").result
    assert "rds:DescribeDBInstances" not in child.message


def test_controls_are_in_message_and_properties(findings: TestSuite) -> None:
    found = case(findings, "techstart-exports", "s3.s3-encrypted")
    assert "A.8.24; GDPR Art. 5(1)(f); GDPR Art. 32(1)(a)" in found.result[0].message
    properties = [(item.get("name"), item.get("value")) for item in found._elem.iter("property")]
    assert [value for name, value in properties if name == "control"] == ["A.8.24", "GDPR.5.1.f", "GDPR.32.1.a"]


def test_code_has_a_repository_relative_place(findings: TestSuite) -> None:
    found = case(findings, "infra:aws_s3_bucket.exports")
    assert (found._elem.get("file"), found._elem.get("line")) == ("infra/s3.tf", "12")


def test_attributes_that_jenkins_refuses_are_not_written(tmp_path: Path) -> None:
    write_junit(tmp_path / "j.xml", factory.assessment(), factory.library(), controls=True)
    text = (tmp_path / "j.xml").read_text(encoding="utf-8")
    assert "disabled" not in text
    assert "timestamp" not in text


def test_the_file_for_xunit_has_the_same_facts_in_other_places(tmp_path: Path) -> None:
    """Its schema does not have properties, file and line; they are in the output of a case."""
    files = {xunit: tmp_path / f"{xunit}.xml" for xunit in (False, True)}
    for xunit, path in files.items():
        write_junit(path, factory.assessment(), factory.library(), controls=True, xunit=xunit)
    plain, other = (
        {item.name: item for suite in JUnitXml.fromfile(str(path)) for item in suite} for path in files.values()
    )
    assert plain.keys() == other.keys()
    for name, item in plain.items():
        said = other[name].system_out.splitlines()
        named: dict[str, list[str]] = {}
        for one in item._elem.iter("property"):
            named.setdefault(str(one.get("name")), []).append(str(one.get("value")))
        told = [f"{key}: {', '.join(values)}" for key, values in named.items()]
        place = [f"{key}: {value}" for key in ("file", "line") if (value := item._elem.get(key))]
        assert said == [*told, *place]
    assert "file: infra/s3.tf" in other["infra:aws_s3_bucket.exports"].system_out


@pytest.mark.parametrize("xunit", [False, True])
def test_a_case_for_several_findings_states_their_number(tmp_path: Path, *, xunit: bool) -> None:
    (block,) = (item for item in factory.findings() if item.place.id == "aws_s3_bucket.exports")
    same = [replace(block, place=replace(block.place, id=f'{block.place.id}["{name}"]')) for name in "abc"]
    found = factory.assessment((*factory.findings(), *same))
    write_junit(tmp_path / "j.xml", found, factory.library(), controls=False, xunit=xunit)
    (suite,) = JUnitXml.fromfile(str(tmp_path / "j.xml"))
    told = [int(text.partition("findings: ")[2].splitlines()[0]) for item in suite if (text := _told(item, "findings"))]
    assert suite.tests - len(told) + sum(told) == len(found.findings) == 16
    (case_,) = (item for item in suite if _told(item, "findings"))
    assert suite._elem.find("properties/property").attrib == {"name": "findings", "value": str(len(found.findings))}
    assert told == [4] and "Counted once, for 4 findings." in case_.result[0].message


def _told(item: TestCase, name: str) -> str:
    """Return the property of a case as a line, at any place."""
    lines = (item.system_out or "").splitlines()
    lines += [f"{one.get('name')}: {one.get('value')}" for one in item._elem.iter("property")]
    return next((line for line in lines if line.startswith(f"{name}: ")), "")


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        write_junit(tmp_path / name, factory.assessment(), factory.library(), controls=True)
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


def test_an_empty_run_is_an_error(tmp_path: Path) -> None:
    suite = written(tmp_path, factory.assessment(()))["findings"]
    assert (suite.tests, suite.errors) == (1, 1)


@pytest.mark.parametrize(
    ("framework", "name", "kind"),
    [
        ("iso27001-2022", "A.8.24", Failure),  # NOT_SUPPORTED, although its evidence is stale too
        ("iso27001-2022", "A.5.17", Error),  # stale evidence
        ("iso27001-2022", "C.9.2", Error),  # missing evidence, which is no better
        ("iso27001-2022", "A.7.1", Skipped),
        ("gdpr", "GDPR.44", Skipped),
    ],
)
def test_controls_have_their_own_suites(tmp_path: Path, framework: str, name: str, kind: type) -> None:
    (child,) = case(written(tmp_path, factory.assessment(), controls=True)[framework], name).result
    assert isinstance(child, kind)


def test_missing_evidence_beside_outdated_evidence_has_its_own_type(tmp_path: Path) -> None:
    made = factory.assessment()
    missing = next(item for control in made.controls for item in control.evidence if item.state == "missing")
    alone = written(tmp_path, made, controls=True)["iso27001-2022"]
    assert case(alone, "C.9.2").result[0].type == "evidence_missing"
    for more, type_ in (((), "evidence_stale"), ((missing,), "evidence_stale_and_missing")):
        controls = [replace(c, evidence=(*c.evidence, *more)) if c.control == "A.5.17" else c for c in made.controls]
        suite = written(tmp_path, replace(made, controls=tuple(controls)), controls=True)["iso27001-2022"]
        assert case(suite, "A.5.17").result[0].type == type_


def test_a_supported_control_has_no_child(tmp_path: Path) -> None:
    assert case(written(tmp_path, factory.assessment(), controls=True)["iso27001-2022"], "A.8.17").result == []


def test_cases_with_equal_names_get_distinct_names(tmp_path: Path) -> None:
    places = (
        factory.bucket("logs"),
        factory.bucket("logs", "eu-west-1"),
        factory.bucket("logs", account="210987654321"),
        Place("AWS::S3::AccessPoint", "logs", factory.ACCOUNT, "eu-west-3"),
        factory.bucket("logs"),
    )
    found = tuple(factory.finding("s3-encrypted", FindingStatus.PASS, Reason("asserted"), place) for place in places)
    names = [item.name for item in written(tmp_path, factory.assessment(found))["findings"]]
    assert "logs (123456789012/eu-west-1)" in names
    assert "logs (210987654321/eu-west-3)" in names
    assert len(set(names)) == 5


hostile = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "]]>",
        "a\nb",
        "a b",
        "::error::x",
        factory.HOSTILE,
        "\u202egnp",
        "\x1b[31m",
        "\ufffe",
        "../../x",
        "C:\\x",
    ]
)
places = st.builds(
    Place, type=hostile, id=hostile, account=hostile, region=hostile, root=hostile, file=hostile, line=st.integers(0, 9)
)


def hostile_finding(status: FindingStatus, place: Place, value: str) -> Finding:
    return factory.finding("s3-encrypted", status, Reason("evaluation_error", {"error": value}), place)


@settings(max_examples=60)
@given(st.lists(st.builds(hostile_finding, st.sampled_from(FindingStatus), places, hostile), min_size=1, max_size=12))
def test_each_hostile_name_gives_one_readable_case(found: list[Finding]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        suite = written(Path(folder), factory.assessment(tuple(found)))["findings"]
        cases = list(suite)
    assert len({(item.classname, item.name) for item in cases}) == len(similar_findings(found)) == suite.tests
    assert all(item.name and len(item.result) <= 1 for item in cases)
    files = [item._elem.get("file") or "x" for item in cases]
    assert all(not file.startswith("/") and ".." not in file.split("/") for file in files)
