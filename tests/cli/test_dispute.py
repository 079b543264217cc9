"""`preuve dispute`: a draft that holds what decided, silences nothing, and overwrites nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from preuve.assess.changes.known_findings import finding_id
from preuve.library.company.waivers import covers
from preuve.library.yaml.documents import load
from preuve.model.errors import UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.pipeline.push.dispute import dispute
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.results import write_results
from publish import factory
from publish.push.test_push import push

TODAY = date(2026, 11, 25)
HOSTILE = Place("aws_s3_bucket", 'module.m["\u202e\n: x"].aws_s3_bucket.b', root="infra", file="infra/s3.tf", line=3)
FAILURE = factory.finding(
    "s3-encrypted",
    FindingStatus.FAIL,
    Reason("iac_failed", {"checks": "CKV_AWS_19"}),
    HOSTILE,
    checks=("CKV_AWS_19",),
    observed={"encrypted": "false ← var.encrypted"},
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: Shop}\n")
    return tmp_path


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_draft_contains_the_decisive_values(workspace: Path, language: str) -> None:
    path = dispute(workspace, finding_id(FAILURE), TODAY, lambda _: push(FAILURE, language=language).push)[0]
    draft = load(path)
    assert (draft["policy"], draft["rev"], draft["where"]) == ("s3-encrypted", 2, "shop/infra/s3.tf:3")
    assert draft["values"] == ["encrypted = false ← var.encrypted"]
    assert "GDPR.32.1.a" in draft["controls"]
    assert (draft["why_wrong"], draft["answer"]) == ("", "")
    assert "\u202e" not in path.read_text(encoding="utf-8")


def test_the_waiver_of_a_draft_covers_the_resource_and_has_no_approver_yet(workspace: Path) -> None:
    waiver = load(dispute(workspace, finding_id(FAILURE), TODAY, lambda _: push(FAILURE).push)[0])["waiver"]
    assert covers(waiver["resource"], f"infra:{HOSTILE.id}")
    assert (waiver["reason"], waiver["owner"], waiver["approver"]) == ("", "", "")
    assert (waiver["created"], waiver["expires"]) == ("2026-11-25", "2027-02-23")


def test_an_existing_draft_is_kept(workspace: Path) -> None:
    path = dispute(workspace, finding_id(FAILURE), TODAY, lambda _: push(FAILURE).push)[0]
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        dispute(workspace, finding_id(FAILURE), TODAY, lambda _: push(FAILURE).push)
    assert path.read_text() == "mine"


def audited(workspace: Path, found: Finding) -> Path:
    """The workspace's newest audit: this finding, and the calls of the snapshot."""
    folder = workspace / "evidence" / "2026-Q4"
    write_results(folder / RESULTS, factory.assessment((found,)))
    (folder / SNAPSHOT / "aws").mkdir(parents=True)
    calls = "".join(f"{json.dumps(call)}\n" for call in factory.calls().values())
    (folder / SNAPSHOT / "aws" / "s3.jsonl").write_text(calls)
    return folder


def no_code(_: Preparation) -> Push:
    raise AssertionError("the code was looked at")


def test_a_failure_in_the_account_is_shown_with_its_values_and_calls(workspace: Path) -> None:
    found = next(item for item in factory.findings() if item.source == "aws" and item.place.id == factory.HOSTILE)
    folder = audited(workspace, found)
    path, _ = dispute(workspace, finding_id(found), TODAY, no_code)
    draft = load(path)
    assert (draft["policy"], draft["where"]) == ("s3-encrypted", "123456789012/eu-west-3")
    assert 'Encryption = {"Rules": []}' in draft["values"]
    (call,) = draft["calls"]
    assert "GetBucketEncryption" in call
    assert "404 ServerSideEncryptionConfigurationNotFoundError, request REQ-17" in call
    assert "GDPR.32.1.a" in draft["controls"]
    name, number = draft["results"].rsplit(":", 1)
    assert json.loads((workspace / name).read_text().splitlines()[int(number) - 1])["policy"] == "s3-encrypted"
    assert draft["bundle"] == folder.relative_to(workspace).as_posix()
    assert covers(draft["waiver"]["resource"], found.place.arn)


def test_a_pass_in_the_account_cannot_be_disputed(workspace: Path) -> None:
    found = next(item for item in factory.findings() if item.source == "aws" and item.status is FindingStatus.PASS)
    audited(workspace, found)
    with pytest.raises(UsageError, match="no failure"):
        dispute(workspace, finding_id(found), TODAY, lambda _: push(FAILURE).push)


def test_an_unknown_failure_cannot_be_disputed(workspace: Path) -> None:
    with pytest.raises(UsageError, match="no failure 0123456789ab"):
        dispute(workspace, "0123456789ab", TODAY, lambda _: push(FAILURE).push)
