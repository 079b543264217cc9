"""CISO Assistant: the columns and words that its data wizard reads; no requirement is reported as compliant or not.

After backend/data_wizard/views.py of ciso-assistant-community f990d7b: it reads commas with pandas, which treats some
words as missing values and digits as numbers; finds existing entries by `ref_id`, else by name; and splits lists at `|`
and `,`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from preuve.library.load import load_library
from preuve.model.content import Text
from preuve.model.results import ControlStatus, EvidenceResult, FindingStatus, Reason, WaiverResult
from preuve.publish.exchange import ciso_assistant
from preuve.publish.exchange.ciso_assistant import files, libraries
from preuve.publish.exchange.entries import Results

from .. import factory
from .runs import WAIVER, Company, exported

S = FindingStatus
COLUMNS = {
    "1-security-exceptions.csv": "ref_id name description domain status severity expiration_date observation",
    "2-vulnerabilities.csv": "ref_id name description status severity assets applied_controls security_exceptions "
    "filtering_labels detected_at due_date",
    "3-assessment-iso27001-2022.csv": "urn assessable ref_id name description compliance_result requirement_progress "
    "observations score",
}
SEVERITIES = {"undefined", "info", "low", "medium", "high", "critical"}
STATUSES = {"undefined", "potential", "exploitable", "mitigated", "fixed", "not exploitable", "unaffected"}
EXCEPTION_STATUSES = {"draft", "in_review", "approved", "resolved", "expired", "deprecated"}
RESULTS = {"not_assessed", "not_applicable"}  # the others say how far a requirement is met, which is never ours
PROGRESS = {"to_do", "in_progress", "in_review", "done"}
NOTHING = {
    "",
    "#N/A",
    "#N/A N/A",
    "#NA",
    "-NaN",
    "-nan",
    "<NA>",
    "N/A",
    "NA",
    "NULL",
    "NaN",
    "None",
    "n/a",
    "nan",
    "null",
}
FAIL = factory.finding("s3-encrypted", S.FAIL, Reason("failed"), factory.bucket("techstart-exports"))


def read(results: Results, number: str) -> list[dict[str, str]]:
    (content,) = (content for name, content in files(results).items() if name.startswith(number))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def vulnerabilities(results: Results) -> list[dict[str, str]]:
    return read(results, "2")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_import_wizard_knows_every_column_and_word(language: str) -> None:
    results = exported(language)
    for name, known in COLUMNS.items():
        rows = read(results, name)
        assert rows and set(rows[0]) <= set(known.split())
        assert all(cell not in NOTHING - {""} for row in rows for cell in row.values())
    assert {row["severity"] for row in [*read(results, "1"), *read(results, "2")]} <= SEVERITIES
    assert {row["status"] for row in vulnerabilities(results)} <= STATUSES
    assert {row["status"] for row in read(results, "1")} <= EXCEPTION_STATUSES
    sheets = [*read(results, "3-assessment-iso"), *read(results, "3-assessment-gdpr")]
    assert {row["compliance_result"] for row in sheets} <= RESULTS
    assert {row["requirement_progress"] for row in sheets} <= PROGRESS


def test_ids_and_names_stay_stable_and_fit_the_limits() -> None:
    for number in ("1", "2"):
        rows = read(exported(), number)
        assert len({row["ref_id"] for row in rows}) == len({row["name"].lower() for row in rows}) == len(rows)
        assert all(len(row["ref_id"]) <= 100 and len(row["name"]) <= 200 for row in rows)
        assert not any(is_number(row["ref_id"]) for row in rows)


def test_long_names_stay_distinct() -> None:
    found = [replace(FAIL, place=factory.bucket(f"{'x' * 300}{number}")) for number in range(2)]
    one, other = vulnerabilities(exported(found=tuple(found)))
    assert one["name"] != other["name"] and len(one["name"]) <= 200


def test_only_failures_waivers_and_findings_not_evaluated_are_rows() -> None:
    counts = Counter(finding.status for finding in factory.findings())
    statuses = Counter(row["status"] for row in vulnerabilities(exported()))
    assert statuses == {"potential": counts[S.FAIL] + counts[S.WAIVED], "undefined": counts[S.NOT_EVALUATED]}


def test_a_row_contains_its_place_in_code() -> None:
    (row,) = [row for row in vulnerabilities(exported()) if "infra:aws_s3_bucket.exports" in row["name"]]
    assert "infra/s3.tf:12" in row["description"]


def test_every_exception_named_in_a_row_is_in_the_first_file() -> None:
    named = {row["security_exceptions"] for row in vulnerabilities(exported())} - {""}
    assert named == {"preuve-W-001"}
    assert named <= {row["ref_id"] for row in read(exported(), "1")}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "approved"),
        ({"approval_verified": False}, "in_review"),
        ({"state": "expired"}, "expired"),
        ({"state": "unused"}, "approved"),
        ({"state": "invalid"}, "draft"),
    ],
)
def test_only_a_verified_approval_is_approved(tmp_path: Path, change: dict[str, object], status: str) -> None:
    waiver: WaiverResult = replace(WAIVER, **change)  # type: ignore[arg-type]
    (row,) = read(Company(tmp_path).run(FAIL, waiver=waiver), "1")
    assert (row["status"], row["expiration_date"]) == (status, "2027-03-01")


@pytest.mark.parametrize("name", ["A|B", "1e5", "a, b", "=HYPERLINK(1)", "x" * 200, "W\n1"])
def test_a_waiver_with_any_name_is_one_reference(tmp_path: Path, name: str) -> None:
    waived = replace(FAIL, status=S.WAIVED, waiver=name, reason=Reason("waived", factory.WAIVED))
    results = Company(tmp_path).run(waived, waiver=replace(WAIVER, id=name))
    (exception,), (row,) = read(results, "1"), vulnerabilities(results)
    assert row["security_exceptions"] == exception["ref_id"]
    assert not set("|,\n") & set(exception["ref_id"]) and len(exception["ref_id"]) <= 100


def test_only_a_fixed_weakness_is_reported_as_fixed(tmp_path: Path) -> None:
    company = Company(tmp_path)
    unread = replace(FAIL, status=S.NOT_EVALUATED, reason=Reason("unread_member", factory.DENIED), incomplete=True)
    runs = [FAIL, unread, replace(FAIL, status=S.PASS), FAIL, replace(FAIL, status=S.NOT_APPLICABLE), FAIL]
    rows = [row for finding in runs for row in vulnerabilities(company.run(finding))]
    assert [row["status"] for row in rows if "exports" in row["name"]] == [
        "potential", "potential", "fixed", "potential", "unaffected", "potential",
    ]  # fmt: skip
    assert len({row["ref_id"] for row in rows}) == 1


def test_a_weakness_that_no_longer_exists_is_fixed_if_its_place_was_read(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.run(FAIL)
    (row,) = vulnerabilities(company.run(replace(FAIL, status=S.PASS, place=factory.bucket("other"))))
    assert (row["status"], "no longer exists" in row["description"]) == ("fixed", True)


def test_a_weakness_whose_block_left_the_code_is_not_reported_as_fixed(tmp_path: Path) -> None:
    company, root = Company(tmp_path), factory.workspace("en").iac[0].path
    place = replace(FAIL.place, type="aws_s3_bucket", account="", region="", arn="", root=root)
    company.run(replace(FAIL, source="iac", place=place))
    (row,) = vulnerabilities(company.run(replace(FAIL, status=S.PASS, place=factory.bucket("other"))))
    assert (row["status"], "no longer in the code" in row["description"]) == ("undefined", True)


def test_no_requirement_is_reported_as_compliant_or_not() -> None:
    results = {row["ref_id"]: row["compliance_result"] for row in read(exported(), "3-assessment-iso")}
    ours = {item.control.removeprefix("C."): item.status for item in factory.control_results()}
    expected = {
        ControlStatus.SUPPORTED: "not_assessed",
        ControlStatus.DECLARED: "not_assessed",
        ControlStatus.PARTLY_SUPPORTED: "not_assessed",
        ControlStatus.NOT_SUPPORTED: "not_assessed",
        ControlStatus.NOT_ASSESSED: "not_assessed",
        ControlStatus.EXCLUDED: "not_applicable",
    }
    assert results == {name: expected[ours[name]] for name in results}
    assert {"9.2", "A.5.1", "A.8.24"} <= results.keys()


@pytest.mark.parametrize(
    ("state", "policies", "progress"),
    [
        ("missing", (), "to_do"), ("missing", ("kms-rotation",), "to_do"), ("current", (), "in_progress"),
        ("stale", (), "in_progress"), ("missing", ("s3-encrypted",), "in_progress"),
    ],
)  # fmt: skip
def test_a_partly_judged_or_declared_requirement_is_in_progress(
    state: str, policies: tuple[str, ...], progress: str
) -> None:
    results = exported()
    item = EvidenceResult("GOV-01", state)
    controls = tuple(
        replace(one, evidence=(item,), policies=policies) if one.control == "C.9.2" else one
        for one in results.site.assessment.controls
    )
    site = replace(results.site, assessment=replace(results.site.assessment, controls=controls))
    (row,) = [row for row in read(Results(site, results.locale), "3-assessment-iso") if row["ref_id"] == "9.2"]
    assert (row["compliance_result"], row["requirement_progress"]) == ("not_assessed", progress)


@pytest.mark.parametrize("status", list(ControlStatus))
def test_a_law_gets_no_result_and_its_observation_begins_with_the_reason(status: ControlStatus) -> None:
    results = exported()
    controls = tuple(replace(item, status=status) for item in results.site.assessment.controls)
    site = replace(results.site, assessment=replace(results.site.assessment, controls=controls))
    rows = read(Results(site, results.locale), "3-assessment-gdpr")
    assert rows and {row["compliance_result"] for row in rows} == {"not_assessed"}
    assert all(row["observations"].startswith("The law prescribes no setting. preuve ") for row in rows)


def test_rows_name_requirements_by_number_and_by_urn() -> None:
    (row,) = [row for row in read(exported(), "3-assessment-gdpr") if row["ref_id"] == "32.1.a"]
    assert row["urn"] == "urn:intuitem:risk:req_node:gdpr:32.1.a" and row["assessable"] == "True"
    assert ciso_assistant.left_out(exported()) == ("GDPR.44", "GDPR.T.RES")


def test_every_item_of_our_frameworks_has_a_requirement_or_is_listed_without_one() -> None:
    library = load_library(None, validate=False)
    for name, known in libraries().items():
        controls = {control.id for control in library.frameworks[name].controls}
        assert known.without <= controls
        named = [found[0] for control in controls if (found := known.requirement(control))]
        assert all("." in name and not name.startswith(("T.", known.prefix)) for name in named)
    assert set(libraries()) == set(library.frameworks)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    place = factory.bucket("=cmd|'/c calc'!A1")
    waiver = replace(WAIVER, id="=1+1", reason="@SUM(1)")
    policy = factory.POLICIES["s3-encrypted"]
    site = replace(Company(tmp_path).run(replace(FAIL, place=place), waiver=waiver).site)
    hostile = replace(policy, title=Text("+1", "+1"))
    library = replace(site.library, policies={**site.library.policies, policy.id: hostile})
    results = Results(replace(site, library=library), exported().locale)
    cells = [
        cell for number in ("1", "2", "3-assessment-iso") for row in read(results, number) for cell in row.values()
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_same_bundle_gives_the_same_bytes() -> None:
    assert files(exported()) == files(exported())
