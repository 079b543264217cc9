"""DefectDojo: what its parser takes, and that a re-import closes nothing that was not seen to be mended."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preuve.model.results import FindingStatus, Place, Reason
from preuve.publish.exchange import ciso_assistant, defectdojo, ocsf

from .. import factory
from .dojo import Dojo, defects
from .runs import WAIVER, Company, exported

S = FindingStatus
FAIL = factory.finding("s3-encrypted", S.FAIL, Reason("failed"), factory.bucket("techstart-exports"), calls=("1",))
PASS = replace(FAIL, status=S.PASS, reason=Reason("asserted"))
UNREAD = replace(FAIL, status=S.NOT_EVALUATED, reason=Reason("unread_member", factory.DENIED), incomplete=True)
WAIVED = replace(FAIL, status=S.WAIVED, reason=Reason("waived", factory.WAIVED), waiver=WAIVER.id)
PLACE = Place("AWS::S3::Bucket", "", factory.ACCOUNT, "eu-west-3")
UNLISTED = replace(UNREAD, place=PLACE, reason=Reason("unread_listing", {"type": "AWS::S3::Bucket"}))
UNPROVEN = replace(FAIL, status=S.NOT_EVALUATED, reason=Reason("breach_only"))
OUTSIDE = replace(FAIL, status=S.NOT_APPLICABLE, reason=Reason("outside_condition"))
UNSIGNED = replace(WAIVER, approval_verified=False)


def report(language: str = "en") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(defectdojo.report(exported(language, demonstration=True)))
    return loaded


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_parser_accepts_the_file(language: str) -> None:
    assert list(defects(report(language))) == []


def test_the_parser_can_refuse() -> None:
    item = report()["findings"][0]
    broken = [{**item, "colour": "red"}, {**item, "severity": "high"}, {**item, "title": "x" * 512}]
    assert all(list(defects({"findings": [each]})) for each in broken)


def test_only_failures_waivers_and_findings_not_evaluated_are_in_the_file() -> None:
    counts = Counter(finding.status for finding in factory.findings())
    tags = Counter(item["tags"][1] for item in report()["findings"])
    assert tags == {"fail": counts[S.FAIL], "not-evaluated": counts[S.NOT_EVALUATED], "waived": counts[S.WAIVED]}


def test_places_in_code_are_given_and_no_finding_is_marked_verified() -> None:
    (item,) = [item for item in report()["findings"] if item["static_finding"]]
    assert (item["file_path"], item["line"], item["dynamic_finding"]) == ("infra/s3.tf", 12, False)
    assert not any(item["verified"] for item in report()["findings"])


def test_the_strength_of_each_link_to_a_control_is_given() -> None:
    (item, *_) = [item for item in report()["findings"] if item["vuln_id_from_tool"] == "s3-versioning"]
    assert item["references"].splitlines() == [
        "- ISO/IEC 27001:2022, A.8.13 (supports, does not decide the status)",
        "- GDPR, Art. 32(1)(a) (related: the law prescribes no setting)",
    ]


def test_no_id_of_ours_stands_for_an_article(tmp_path: Path) -> None:
    said = json.loads(defectdojo.report(exported("fr")))["findings"]
    assert said and not [item for item in said if "GDPR." in item["references"]]
    assert not [item for item in said for word in ("partial", "supporting", "related") if word in item["references"]]


def test_markup_in_a_name_stays_text() -> None:
    (item,) = [item for item in report()["findings"] if "script" in item["title"]]
    assert "<script" not in item["description"].replace("\\<script", "")


@pytest.mark.parametrize("by", ["hash_code", "unique_id_from_tool"])
@pytest.mark.parametrize(
    ("runs", "states"),
    [
        ([FAIL, PASS], ["open", "closed"]),
        ([FAIL, OUTSIDE], ["open", "closed"]),
        ([FAIL, PASS, FAIL], ["open", "closed", "open"]),
        ([FAIL, UNREAD, PASS], ["open", "open", "closed"]),
        ([FAIL, UNPROVEN], ["open", "open"]),
        ([UNPROVEN, FAIL], ["open", "open"]),
        ([UNREAD, FAIL], ["open", "open"]),
    ],
)
def test_only_a_fixed_or_inapplicable_finding_is_closed(
    tmp_path: Path, by: str, runs: list[Any], states: list[str]
) -> None:
    company, dojo = Company(tmp_path), Dojo(by, minimum_severity="High")
    found = [list(dojo.reimport(defectdojo.report(company.run(finding))).values()) for finding in runs]
    assert found == [[state] for state in states]


@pytest.mark.parametrize("by", ["hash_code", "unique_id_from_tool"])
def test_an_unread_place_never_closes_a_finding(tmp_path: Path, by: str) -> None:
    company, dojo = Company(tmp_path), Dojo(by)
    about = exported_id(FAIL) if by == "unique_id_from_tool" else "techstart-exports"
    dojo.reimport(defectdojo.report(company.run(FAIL)))
    for _ in range(3):
        blind = company.run(UNLISTED)
        assert [entry.id for entry in blind.unseen] == [exported_id(FAIL)]
        states = dojo.reimport(defectdojo.report(blind))
        assert "open" in {state for name, state in states.items() if about in name}
    gone = dojo.reimport(defectdojo.report(company.run(replace(PASS, place=factory.bucket("other")))))
    assert set(gone.values()) == {"closed"}


@pytest.mark.parametrize("by", ["hash_code", "unique_id_from_tool"])
def test_a_finding_out_of_scope_stays_open_until_its_place_is_read(tmp_path: Path, by: str) -> None:
    company, dojo = Company(tmp_path), Dojo(by)
    elsewhere = replace(PASS, place=factory.bucket("other", "eu-west-1"))
    dojo.reimport(defectdojo.report(company.run(FAIL)))
    for _ in range(2):
        narrowed = company.run(elsewhere, regions=("eu-west-1",))
        assert "open" in set(dojo.reimport(defectdojo.report(narrowed)).values())
    assert set(dojo.reimport(defectdojo.report(company.run(elsewhere))).values()) == {"closed"}


@pytest.mark.parametrize("by", ["hash_code", "unique_id_from_tool"])
@pytest.mark.parametrize("several", [2, 5])
def test_no_resource_of_a_cause_is_closed_that_leaves_several_undecided(tmp_path: Path, by: str, several: int) -> None:
    """What failed one by one, and what nobody can tell any more for one reason, has the same entries in each format."""
    company, dojo = Company(tmp_path), Dojo(by)
    places = [factory.code(f"aws_s3_bucket.b{number}", "infra/s3.tf", 9 * number + 1) for number in range(several)]
    failing = [replace(FAIL, source="iac", place=place, calls=(), checks=("CKV_AWS_19",)) for place in places]
    reason = Reason("iac_unknown", {"detail": "unresolved: var.key", "resources": str(several)})
    first = replace(failing[0], status=S.NOT_EVALUATED, reason=reason, also=tuple(places[1:]))
    before = company.run(*failing)
    dojo.reimport(defectdojo.report(before))
    now = company.run(first)
    assert list(dojo.reimport(defectdojo.report(now)).values()) == ["open"] * several
    ids = sorted(entry.id for entry in before.entries)
    assert sorted(json.loads(line)["finding_info"]["uid"] for line in ocsf.lines(now).splitlines()) == ids
    rows = csv.DictReader(ciso_assistant.files(now)["2-vulnerabilities.csv"].decode("utf-8-sig").splitlines())
    assert sorted((row["ref_id"], row["status"]) for row in rows) == [(name, "potential") for name in ids]


def exported_id(finding: Any) -> str:
    (entry,) = exported(found=(finding,)).entries
    return entry.id


@pytest.mark.parametrize("by", ["hash_code", "unique_id_from_tool"])
def test_a_failure_reopens_when_its_waiver_ends(tmp_path: Path, by: str) -> None:
    company, dojo = Company(tmp_path), Dojo(by)
    seen = [sorted(dojo.reimport(defectdojo.report(company.run(item))).values()) for item in (FAIL, WAIVED, FAIL)]
    assert seen == [["open"], ["accepted", "closed"], ["closed", "open"]]


def test_an_unsigned_waiver_accepts_no_risk(tmp_path: Path) -> None:
    company, dojo = Company(tmp_path), Dojo()
    states = [
        list(dojo.reimport(defectdojo.report(company.run(item, waiver=UNSIGNED))).values()) for item in (FAIL, WAIVED)
    ]
    assert states == [["open"], ["open"]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([FAIL, PASS, UNREAD, UNPROVEN, UNLISTED, WAIVED]), min_size=1, max_size=5))
def test_a_finding_that_last_failed_is_open_or_accepted(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any]
) -> None:
    company, dojo = Company(tmp_path_factory.mktemp("company")), Dojo("unique_id_from_tool")
    for finding in runs:
        dojo.reimport(defectdojo.report(company.run(finding)))
    verdicts = [finding.status for finding in runs if finding.status in (S.FAIL, S.WAIVED, S.PASS)]
    states = {item.state for name, item in dojo.findings.items() if name.startswith(exported_id(FAIL))}
    if verdicts and verdicts[-1] is S.PASS:
        assert not {"accepted"} & states
    elif verdicts:
        assert states & {"open", "accepted"}


def test_the_same_bundle_gives_the_same_bytes() -> None:
    assert defectdojo.report(exported()) == defectdojo.report(exported())
