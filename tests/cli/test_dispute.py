"""`preuve dispute`: a draft that holds what decided, silences nothing, and overwrites nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from preuve.assess.known import finding_id
from preuve.library.waivers import covers
from preuve.library.yaml_file import load
from preuve.model.errors import UsageError
from preuve.model.results import FindingStatus, Place, Reason
from preuve.pipeline.dispute import dispute
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
def test_a_draft_holds_what_decided(workspace: Path, language: str) -> None:
    path = dispute(push(FAILURE, language=language).push, workspace, finding_id(FAILURE), TODAY)
    draft = load(path)
    assert (draft["policy"], draft["rev"], draft["where"]) == ("s3-encrypted", 2, "shop/infra/s3.tf:3")
    assert draft["values"] == ["encrypted = false ← var.encrypted"]
    assert "GDPR.32.1.a" in draft["controls"]
    assert (draft["why_wrong"], draft["answer"]) == ("", "")
    assert "\u202e" not in path.read_text(encoding="utf-8")


def test_its_waiver_covers_the_resource_and_has_no_approver_yet(workspace: Path) -> None:
    waiver = load(dispute(push(FAILURE).push, workspace, finding_id(FAILURE), TODAY))["waiver"]
    assert covers(waiver["resource"], f"infra:{HOSTILE.id}")
    assert (waiver["reason"], waiver["owner"], waiver["approver"]) == ("", "", "")
    assert (waiver["created"], waiver["expires"]) == ("2026-11-25", "2027-02-23")


def test_what_was_written_is_kept(workspace: Path) -> None:
    path = dispute(push(FAILURE).push, workspace, finding_id(FAILURE), TODAY)
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        dispute(push(FAILURE).push, workspace, finding_id(FAILURE), TODAY)
    assert path.read_text() == "mine"


def test_what_does_not_fail_cannot_be_disputed(workspace: Path) -> None:
    with pytest.raises(UsageError, match="no failure 0123456789ab"):
        dispute(push(FAILURE).push, workspace, "0123456789ab", TODAY)
