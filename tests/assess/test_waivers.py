"""A waiver silences the failures that it covers, for as long as it is valid, and they stay visible."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from content_copy import bundled
from preuve.assess.waivers import matched_at_collection, refused, waive
from preuve.library.company.waivers import commitments
from preuve.model.company.workspace import RefusedWaiver, Waiver
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import Resource
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import load_locale

from .factory import ACCOUNT, PARIS, TODAY, waiver

BUCKET = "AWS::S3::Bucket"
FAIL, WAIVED = FindingStatus.FAIL, FindingStatus.WAIVED
ASKED = {"test"}


def finding(name: str, status: FindingStatus = FAIL, policy: str = "test", **place: str) -> Finding:
    where = Place(place.pop("type", BUCKET), name, ACCOUNT, PARIS, **place)  # type: ignore[arg-type]
    source = "iac" if where.root else "aws"
    return Finding(policy, 1, source, status, Severity.HIGH, where, Reason("failed"))


def waived(found: Finding, *waivers: Waiver, resources: tuple[Resource, ...] = (), today: date = TODAY) -> bool:
    (result,), _ = waive([found], waivers, matched_at_collection(resources), today, ASKED)
    assert result.status in (FAIL, WAIVED)
    return result.status is WAIVED


def test_a_waived_failure_names_the_waiver_owner_and_approver() -> None:
    (result,), (said,) = waive([finding("logs")], [waiver(pattern="lo*")], {}, TODAY, ASKED)
    assert (result.status, result.waiver, result.reason.code) == (WAIVED, "W-1", "waived")
    assert result.reason.values == {
        "waiver": "W-1", "reason": "because", "owner": "Nadia", "approver": "Paul", "expires": "2027-03-01",
        "approval": "unchecked", "deviation": "failed",
    }  # fmt: skip
    assert (said.state, said.findings, said.approval_verified) == ("active", 1, False)


def test_a_waived_finding_keeps_what_deviates() -> None:
    """A recorded deviation says from what: the reason of the failure, with what was found and asked."""
    failing = replace(finding("logs"), reason=Reason("failed", {"found": "Tags {}", "asked": "an end"}))
    (result,), _ = waive([failing], [waiver(pattern="logs")], {}, TODAY, ASKED)
    for said in (CodeTexts(bundled(), {}, load_locale("en")).verdict(result), load_locale("en").reason(result.reason)):
        assert said.count("Waived by W-1") == 1
        assert said.count("The condition does not hold. Found: Tags {}. Expected: an end.") == 1
    absent = replace(failing, reason=Reason("absent_fail", {"member": "PublicAccessBlock"}))
    (result,), _ = waive([absent], [waiver(pattern="logs")], {}, TODAY, ASKED)
    assert "PublicAccessBlock is not set" in CodeTexts(bundled(), {}, load_locale("en")).verdict(result)


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("logs", True), ("l?gs", True), ("*", True), ("arn:aws:s3:::logs", True), ("arn:aws:s3:::*", True),
        ("log", False), ("LOGS", False), ("logs-2", False), ("infra:logs", False),
    ],
)  # fmt: skip
def test_a_pattern_is_matched_against_id_and_arn(pattern: str, covered: bool) -> None:
    assert waived(finding("logs", arn="arn:aws:s3:::logs"), waiver(pattern=pattern)) is covered


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("infra:aws_s3_bucket.logs", True), ("aws_s3_bucket.logs", True), ("infra:*", True),
        ("other:aws_s3_bucket.logs", False), ("logs", False), ("infra", False),
    ],
)  # fmt: skip
def test_a_pattern_is_matched_against_the_address_in_code(pattern: str, covered: bool) -> None:
    assert waived(finding("aws_s3_bucket.logs", root="infra"), waiver(pattern=pattern)) is covered


def test_a_waiver_of_another_policy_covers_nothing() -> None:
    assert not waived(finding("logs"), waiver(policy_id="other"))


@pytest.mark.parametrize(
    ("days", "covered"), [(-86, False), (-85, False), (-84, True), (0, True), (97, True), (98, False), (400, False)]
)
def test_a_waiver_counts_from_its_first_to_its_last_day(days: int, covered: bool) -> None:
    today = TODAY + timedelta(days=days)
    given = waiver(created=date(2026, 9, 1), expires=date(2027, 3, 1))
    assert waived(finding("logs"), given, today=today) is covered


def test_an_expired_waiver_is_reported() -> None:
    _, (said,) = waive([finding("logs")], [waiver(expires=TODAY - timedelta(days=1))], {}, TODAY, ASKED)
    assert (said.state, said.findings) == ("expired", 0)


def test_a_future_waiver_is_reported_with_its_first_day() -> None:
    starts = TODAY + timedelta(days=1)
    _, (said,) = waive([finding("logs")], [waiver(created=starts, expires=TODAY + timedelta(days=9))], {}, TODAY, ASKED)
    assert (said.state, said.findings, said.created) == ("later", 0, starts.isoformat())


@pytest.mark.parametrize(
    ("judged", "asked", "state"),
    [(True, True, "unused"), (False, True, "not_asked"), (True, False, "not_asked"), (False, False, "not_asked")],
)
def test_a_waiver_that_covers_nothing_is_reported_as_such_only_where_its_policy_judged(
    judged: bool, asked: bool, state: str
) -> None:
    found = [finding("logs", policy="other"), *([finding("logs")] if judged else [])]
    _, (said,) = waive(found, [waiver(pattern="nothing")], {}, TODAY, ASKED if asked else {"other"})
    assert said.state == state


@pytest.mark.parametrize("status", sorted(set(FindingStatus) - {FAIL}))
def test_only_failures_are_waived(status: FindingStatus) -> None:
    found = finding("logs", status)
    assert waive([found], [waiver()], {}, TODAY, ASKED)[0] == [found]


# ---- names that were redacted ---------------------------------------------------------------------------------------


def user(name: str, *waivers: str, parent: str = "") -> Resource:
    return Resource("AWS::IAM::User", name, ACCOUNT, PARIS, {}, waivers=waivers, parent=parent)


def test_a_waiver_matched_before_redaction_covers_a_person() -> None:
    found = finding("person-abc", type="AWS::IAM::User")
    by_name = waiver(pattern="jane")
    assert waived(found, by_name, resources=(user("person-abc", "W-1"),))
    assert not waived(found, by_name, resources=(user("person-abc"), user("person-def", "W-1")))
    assert not waived(found, waiver("W-2", pattern="jane"), resources=(user("person-abc", "W-1"),))
    assert not waived(found, waiver(pattern="jane", policy_id="other"), resources=(user("person-abc", "W-1"),))
    expired = waiver(pattern="jane", expires=TODAY - timedelta(days=1))
    assert not waived(found, expired, resources=(user("person-abc", "W-1"),))


def test_a_match_in_the_account_does_not_cover_code_of_the_same_name() -> None:
    in_code = finding("person-abc", type="AWS::IAM::User", root="infra")
    assert not waived(in_code, waiver(pattern="jane"), resources=(user("person-abc", "W-1"),))


def test_a_waiver_for_one_of_two_children_of_the_same_name_does_not_cover_the_other() -> None:
    found = finding("person-abc", type="AWS::IAM::User")
    children = (user("person-abc", "W-1", parent="a"), user("person-abc", parent="b"))
    assert not waived(found, waiver(pattern="jane"), resources=children)
    assert waived(found, waiver(pattern="jane"), resources=(children[0], user("person-abc", "W-1", parent="b")))


def test_a_waiver_of_one_account_covers_nothing_elsewhere() -> None:
    here, there = replace(waiver(), account=ACCOUNT), replace(waiver(), account="999988887777")
    assert waived(finding("logs"), here)
    assert not waived(finding("logs"), there)
    known = (Resource(BUCKET, "logs", ACCOUNT, PARIS, {}, waivers=("W-1",)),)
    assert not waived(finding("logs"), there, resources=known)  # matched at collection, by its pattern alone
    code = Place("aws_s3_bucket", "aws_s3_bucket.logs", root="infra")
    assert not waived(replace(finding("logs"), source="iac", place=code), here)


def test_an_approval_for_one_account_is_not_valid_for_another() -> None:
    salt = b"s" * 32
    plain, here = commitments(waiver(), salt), commitments(replace(waiver(), account=ACCOUNT), salt)
    assert set(here) - set(plain) == {"account"}
    assert here["account"] != commitments(replace(waiver(), account="999988887777"), salt)["account"]


def test_a_refused_waiver_is_among_the_results_with_its_defect_and_hides_no_other() -> None:
    refused_one = RefusedWaiver("W-9", "p", "r", "why", "A", "A", "2026-01-01", "2026-06-01", "the id appears twice")
    (found,) = refused([refused_one])
    assert (found.id, found.state, found.defect, found.findings) == ("W-9", "invalid", "the id appears twice", 0)
