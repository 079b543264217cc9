"""Findings of the account: nothing found is only "not applicable" when every place was listed and was empty."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from content_copy import bundled
from preuve.assess.account import AccountFindings
from preuve.assess.index import Index
from preuve.model.results import Finding, FindingStatus, lacking
from preuve.model.snapshot import GLOBAL, Listing, Resource, Unread

from .factory import (
    ACCOUNT,
    DENIED,
    IRELAND,
    OTHER,
    PARIS,
    aws,
    checked,
    context,
    listing,
    policy,
    resource,
    shapes,
    snapshot,
    workspace,
)  # fmt: skip

VOLUME, BUCKET = "AWS::EC2::Volume", "AWS::S3::Bucket"
RULE = aws(VOLUME, "resource.Encrypted")


def found(*items: Resource | Listing, type_name: str = VOLUME, accounts: tuple[str, ...] = (ACCOUNT,)) -> list[Finding]:
    rule = RULE if type_name == VOLUME else aws(BUCKET, 'resource.Name != ""')
    index = Index(snapshot(*items), bundled().types)
    judge = AccountFindings(index, shapes(), workspace(accounts=accounts, regions=(PARIS, IRELAND)), context())
    return list(judge.findings(checked(policy(rule))))


def said(findings: list[Finding]) -> list[tuple[str, str, str, bool]]:
    return [(item.status.value, item.reason.code, item.place.region, item.incomplete) for item in findings]


def test_no_resource_in_any_region_is_not_applicable_and_names_its_calls() -> None:
    (finding,) = found(listing(VOLUME, PARIS, calls=("1",)), listing(VOLUME, IRELAND, calls=("2",)))
    assert said([finding]) == [("NOT_APPLICABLE", "no_resource", "", False)]
    assert finding.reason.values == {"type": VOLUME, "regions": f"{IRELAND}, {PARIS}"}
    assert finding.calls == ("1", "2")


def test_packed_findings_of_many_accounts_equal_unpacked_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [resource(VOLUME, str(number), {"Encrypted": number % 2 == 0}) for number in range(4)]
    whole = found(*items, listing(VOLUME, PARIS), listing(VOLUME, IRELAND))
    monkeypatch.setattr("preuve.assess.account.WHOLE", 1)  # the others are held packed
    assert [item.observed for item in whole[:2]] == [{"Encrypted": True}, {"Encrypted": False}]
    assert found(*items, listing(VOLUME, PARIS), listing(VOLUME, IRELAND)) == whole


@pytest.mark.parametrize("listed", [PARIS, IRELAND])
def test_an_unlisted_region_prevents_not_applicable(listed: str) -> None:
    (other,) = {PARIS, IRELAND} - {listed}
    (finding,) = found(listing(VOLUME, listed))
    assert said([finding]) == [("NOT_EVALUATED", "unread_listing", other, True)]
    assert finding.reason.values["cause"] == "not_collected"


def test_an_unlisted_account_prevents_not_applicable() -> None:
    findings = found(listing(VOLUME, PARIS), listing(VOLUME, IRELAND), accounts=(ACCOUNT, OTHER))
    assert said(findings) == [
        ("NOT_EVALUATED", "unread_listing", IRELAND, True),
        ("NOT_EVALUATED", "unread_listing", PARIS, True),
    ]
    assert {item.place.account for item in findings} == {OTHER}


def test_without_any_listing_nothing_is_not_applicable() -> None:
    assert said(found()) == [
        ("NOT_EVALUATED", "unread_listing", IRELAND, True),
        ("NOT_EVALUATED", "unread_listing", PARIS, True),
    ]
    assert found(accounts=()) == []


def test_a_refused_listing_gives_not_evaluated_with_its_cause_and_action() -> None:
    (finding,) = found(listing(VOLUME, PARIS), listing(VOLUME, IRELAND, unread=DENIED, calls=("7",)))
    assert said([finding]) == [("NOT_EVALUATED", "unread_listing", IRELAND, True)]
    assert (finding.reason.values["cause"], finding.reason.values["action"]) == ("access_denied", "ec2:DescribeVolumes")
    assert finding.calls == ("7",)


def test_a_refused_listing_stays_visible_beside_resources_of_other_regions() -> None:
    findings = found(
        resource(VOLUME, "v", {"Encrypted": True}),
        listing(VOLUME, PARIS, count=1),
        listing(VOLUME, IRELAND, unread=DENIED),
    )
    assert said(findings) == [
        ("PASS", "asserted", PARIS, False),
        ("NOT_EVALUATED", "unread_listing", IRELAND, True),
    ]


@pytest.mark.parametrize("refused", [["1"], ["2"], ["1", "3"], ["1", "2", "3"]])
def test_a_place_whose_type_takes_several_calls_has_one_finding_whichever_are_refused(refused: list[str]) -> None:
    """Else the number of findings, of tickets and of entries elsewhere would be that of the calls that failed."""
    listings = [
        listing(
            VOLUME, IRELAND, unread=replace(DENIED, action=f"ec2:{name}") if name in refused else None, calls=(name,)
        )
        for name in ("1", "2", "3")
    ]
    (finding,) = found(listing(VOLUME, PARIS), *listings)
    assert said([finding]) == [("NOT_EVALUATED", "unread_listing", IRELAND, True)]
    assert finding.calls == tuple(refused)
    assert lacking(finding.reason) == tuple(f"ec2:{name}" for name in refused)


@pytest.mark.parametrize("order", list(permutations(["access_denied", "throttled", "time_limit"])))
def test_each_cause_of_a_place_is_told_whichever_call_came_first(order: tuple[str, ...]) -> None:
    causes = {
        "access_denied": DENIED,
        "throttled": Unread("throttled", "Throttling", "slow", call="DescribeVolumes"),
        "time_limit": Unread("time_limit"),
    }
    findings = found(listing(VOLUME, PARIS), *(listing(VOLUME, IRELAND, unread=causes[name]) for name in order))
    told = {finding.reason.values["cause"]: lacking(finding.reason) for finding in findings}
    assert told == {"access_denied": ("ec2:DescribeVolumes",), "throttled": (), "time_limit": ()}
    assert len(findings) == len(order)


def test_an_unlisted_parent_gives_its_own_finding() -> None:
    child = "AWS::ElasticLoadBalancingV2::Listener"
    rule = checked(policy(aws(child, 'resource.Protocol == "HTTPS"')))
    index = Index(
        snapshot(
            listing(child, PARIS, parent="lb-1", count=1),
            listing(child, PARIS, parent="lb-2", unread=DENIED),
            resource(child, "l-1", {"Protocol": "HTTPS"}, parent="lb-1"),
        ),
        bundled().types,
    )
    findings = list(AccountFindings(index, shapes(), workspace(), context()).findings(rule))
    assert [(item.status, item.place.id) for item in findings] == [
        (FindingStatus.PASS, "l-1"),
        (FindingStatus.NOT_EVALUATED, "lb-2"),
    ]


def test_a_global_resource_is_listed_once_per_account() -> None:
    assert said(found(listing(BUCKET), type_name=BUCKET)) == [("NOT_APPLICABLE", "no_resource", "", False)]
    assert said(found(listing(BUCKET, PARIS), type_name=BUCKET)) == [("NOT_EVALUATED", "unread_listing", GLOBAL, True)]


def test_every_resource_has_its_finding() -> None:
    findings = found(
        resource(VOLUME, "a", {"Encrypted": True}),
        resource(VOLUME, "b", {"Encrypted": False}, region=IRELAND, arn="arn:b", calls={"": "9"}),
        listing(VOLUME, PARIS, count=1),
        listing(VOLUME, IRELAND, count=1),
    )
    assert said(findings) == [("FAIL", "failed", IRELAND, False), ("PASS", "asserted", PARIS, False)]
    assert (findings[0].place.id, findings[0].place.arn, findings[0].calls, findings[0].rev) == (
        "b",
        "arn:b",
        ("9",),
        1,
    )
