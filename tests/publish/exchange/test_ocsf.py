"""OCSF: events follow its schema, and no event claims more than its finding."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from preuve.model.results import FindingStatus, Place, Reason
from preuve.publish.exchange import ocsf

from .. import factory
from .runs import WAIVER, Company, exported

SCHEMA = json.loads((Path(__file__).parents[2] / "fixtures/ocsf/compliance_finding.schema.json").read_bytes())
# Without the profile its attributes are not there: the class asks for no cloud, and a resource has no region.
PLAIN = {**SCHEMA, "required": [name for name in SCHEMA["required"] if name != "cloud"]}
S = FindingStatus


def defects(event: dict[str, Any]) -> list[str]:
    cloud = "cloud" in event["metadata"].get("profiles", ())
    errors = Draft202012Validator(SCHEMA if cloud else PLAIN).iter_errors(event)
    beyond = not cloud and ("cloud" in event or {"region", "cloud_partition"} & event["resources"][0].keys())
    return [f"{error.json_path}: {error.message[:200]}" for error in errors] + ["cloud"] * bool(beyond)


def events(language: str = "en", **more: Any) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(ocsf.array(exported(language, **more)))
    return loaded


def of(status: str) -> list[dict[str, Any]]:
    return [event for event in events() if event["status_code"] == status]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_schema_accepts_every_event(language: str) -> None:
    assert [defect for event in events(language, demonstration=True) for defect in defects(event)] == []


def test_the_schema_refuses_defective_events() -> None:
    event = events()[0]
    assert (
        defects({**event, "severity_id": 77})
        and defects({**event, "colour": "red"})
        and defects({**event, "time": "x"})
    )


def test_each_finding_gives_an_event_with_its_status() -> None:
    expected = Counter(finding.status.value for finding in factory.findings())
    assert Counter(event["status_code"] for event in events()) == expected


def test_only_a_pass_passes() -> None:
    outcomes = {event["status_code"]: event["compliance"]["status_id"] for event in events()}
    assert outcomes == {"PASS": 1, "NOT_EVALUATED": 2, "FAIL": 3, "WAIVED": 3, "NOT_APPLICABLE": 99}
    checks = {event["compliance"]["checks"][0]["status_id"] for event in of("NOT_EVALUATED")}
    assert checks == {2}


def test_only_a_verified_approval_suppresses(tmp_path: Path) -> None:
    (asked,) = of("WAIVED")
    assert asked["status"] == "In Progress"
    assert asked["unmapped"]["waiver"] == {"id": "W-001", "expires": "2027-03-01", "approval": "unchecked"}
    waived = factory.finding(
        "s3-encrypted", S.WAIVED, Reason("waived", factory.WAIVED), factory.bucket("x"), waiver=WAIVER.id
    )
    (accepted,) = json.loads(ocsf.array(Company(tmp_path).run(waived)))
    assert (accepted["status"], accepted["compliance"]["status"]) == ("Suppressed", "Fail")


def test_a_pass_is_informational_and_an_unread_finding_keeps_its_severity() -> None:
    assert {event["severity"] for event in of("PASS") + of("NOT_APPLICABLE")} == {"Informational"}
    assert {event["severity"] for event in of("NOT_EVALUATED")} == {"High"}


def test_a_control_that_is_only_supported_is_no_requirement_of_the_check() -> None:
    (event, *_) = [event for event in events() if event["compliance"]["control"] == "s3-versioning"]
    assert "requirements" not in event["compliance"]
    assert {item["relation"] for item in event["unmapped"]["controls"]} == {"supporting", "related"}
    (other, *_) = [event for event in events() if event["compliance"]["control"] == "s3-encrypted"]
    assert other["compliance"]["requirements"] == ["A.8.24"]


def test_no_check_decides_on_an_article_of_the_law() -> None:
    """A setting of AWS is no legal duty: whatever the strength of the link, the article is only related."""
    seen = []
    for event in events():
        about = event["compliance"]
        assert not [name for name in about.get("requirements", ()) if name.startswith("GDPR")]
        assert not [name for name in about.get("standards", ()) if "GDPR" in name or "2016/679" in name]
        seen += [item for item in event.get("unmapped", {}).get("controls", ()) if item["framework"] == "gdpr"]
    assert seen and {item["relation"] for item in seen} == {"related"}


def test_code_is_named_by_file_and_line() -> None:
    (event,) = [event for event in of("FAIL") if event["resources"][0]["name"] == "infra:aws_s3_bucket.exports"]
    (evidence,) = event["evidences"]
    assert (evidence["file"]["path"], evidence["data"]) == ("infra/s3.tf", {"start_line": 12, "end_line": 20})
    assert "cloud" not in event


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("AWS::S3::Bucket", "aws"),
        ("GitHub::Repository", "github"),
        ("Register::Person", "register"),
        ("Register::ChainOfRuns", "chain"),
    ],
)
def test_the_source_is_where_the_facts_come_from(type_: str, said: str) -> None:
    (event,) = events(found=(factory.finding("s3-encrypted", S.FAIL, Reason("failed"), Place(type_, "x")),))
    assert event["finding_info"]["data_sources"] == [said]


def test_lines_and_array_are_equal_and_stable() -> None:
    assert [json.loads(line) for line in ocsf.lines(exported()).splitlines()] == events()
    assert ocsf.array(exported()) == ocsf.array(exported())


def test_half_a_character_in_a_name_causes_no_error() -> None:
    place = Place("AWS::S3::Bucket", "a\ud800\u202eb", factory.ACCOUNT, "eu-west-3", "arn:aws:s3:::a\ud800")
    (event,) = events(found=(factory.finding("s3-encrypted", S.FAIL, Reason("failed"), place),))
    assert event["resources"][0]["name"] == "ab"
    json.dumps(event, ensure_ascii=False).encode("utf-8")
