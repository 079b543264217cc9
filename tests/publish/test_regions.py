"""Enabled regions that no run reads: the resources that the calls found there, and the calls that failed."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from pipeline.runs import narrowed, run
from preuve.model.snapshot import Listing, Meta, Resource, Snapshot
from preuve.model.snapshot import Unread as Why
from preuve.pipeline.run.outcome import site_of
from preuve.pipeline.run.preparation import Preparation
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.report import audit_report
from preuve.publish.site.paths import LIMITS_PAGE, SCOPE_PAGE, page_file
from preuve.publish.site.regions import BUCKET, ENABLED, unread_regions
from preuve.publish.site.writer import write_site
from preuve.publish.words.locale import load_locale

from . import factory

ACCOUNT = "123456789012"


def region(
    name: str,
    status: str = "ENABLED_BY_DEFAULT",
    unread: dict[str, Why] | None = None,
    account: str = ACCOUNT,
    **data: Any,
) -> Resource:
    return Resource(
        ENABLED, name, account, "global", {"RegionName": name, "RegionOptStatus": status, **data}, unread=unread or {}
    )


def test_resources_in_a_region_out_of_scope_are_counted() -> None:
    tagged = [{"ResourceARN": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:old"}, {"ResourceARN": "arn:aws:s3:::b"}]
    group = {"Instances": [{"State": {"Name": "terminated"}}, {"State": {"Name": "stopped"}}]}
    bucket = Resource(BUCKET, "b", ACCOUNT, "global", {"BucketRegion": "us-east-1"})
    other = Resource(BUCKET, "c", "210987654321", "global", {"BucketRegion": "us-east-1"})
    found = Snapshot(
        Meta(),
        (
            region("eu-west-3", DbInstances=[{}]),
            region("us-east-1", TaggedResources=tagged, Reservations=[group], DbInstances=[{}, {}]),
            region("sa-east-1", TaggedResources=tagged, Reservations=[], DbInstances=[]),
            region("me-south-1", "DISABLED"),
            bucket,
            other,
        ),
        (Listing(ENABLED, ACCOUNT, "global", 4),),
    )
    unread = unread_regions(found, ["eu-west-3"])
    assert unread.asked and not unread.mute
    assert [(item.name, dict(item.holds)) for item in unread.regions] == [
        ("sa-east-1", {}),
        ("us-east-1", {"tagged": 1, "instances": 1, "databases": 2, "buckets": 1}),
    ]


def test_a_region_that_refused_the_query_is_not_empty() -> None:
    denied = Why("access_denied", "AccessDenied", action="tag:GetResources")
    found = Snapshot(
        Meta(), (region("us-east-1", unread={"TaggedResources": denied}),), (Listing(ENABLED, ACCOUNT, "", 1),)
    )
    (item,) = unread_regions(found, []).regions
    assert not item.holds and item.unread[0].action == "tag:GetResources"


def test_an_unasked_account_differs_from_one_that_refused() -> None:
    assert not unread_regions(Snapshot(Meta()), []).asked
    refused = Listing(ENABLED, ACCOUNT, "", 0, "failed", unread=Why("access_denied", "AccessDenied"))
    found = unread_regions(Snapshot(Meta(), listings=(refused,)), [])
    assert found.asked and [account for account, _ in found.refused] == [ACCOUNT]


def test_what_was_not_asked_of_a_region_is_not_known() -> None:
    answers = {"TaggedResources": [], "Reservations": [], "DbInstances": []}
    partly = {"TaggedResources": []}
    listings = (Listing(ENABLED, ACCOUNT, "global", 2), Listing(BUCKET, ACCOUNT, "global", 0))
    denied = Listing(BUCKET, ACCOUNT, "global", 0, "failed", unread=Why("access_denied", "AccessDenied"))
    both = (region("us-east-1", **answers), region("us-east-2", **partly))
    whole, part = unread_regions(Snapshot(Meta(), both, listings), []).regions
    assert (whole.asked, list(whole.unread)) == (True, [])
    assert (part.asked, list(part.unread)) == (False, [])
    whole, _ = unread_regions(Snapshot(Meta(), both, (listings[0], denied)), []).regions
    assert [why.code for why in whole.unread] == ["AccessDenied"]  # the buckets were not compared


REFUSED = Why("access_denied", "AccessDeniedException", action="account:ListRegions")
ANSWERED = "AWS::EC2::VPC"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("enabled", ["listed", "refused", "not asked"])
@pytest.mark.parametrize("second", ["listed", "refused", "not asked", "no account"])
@pytest.mark.parametrize("answers", [2, 1, 0])
def test_no_sentence_of_scope_and_summary_says_more_than_was_read(
    tmp_path: Path, language: str, enabled: str, second: str, answers: int
) -> None:
    """Each sentence against what was not read: the list of enabled regions, of either account, and the regions."""
    t = load_locale(language)
    accounts = [ACCOUNT] + ([] if second == "no account" else ["210987654321"])
    names = ("eu-west-3", "eu-west-1")
    listings = [
        Listing(ENABLED, account, "", 2, unread=REFUSED if how == "refused" else None)
        for account, how in zip(accounts, (enabled, second), strict=False)
        if how != "not asked"
    ]
    for number, name in enumerate(names):
        unread = None if number < answers else Why("no_credentials", "NoCredentialsError")
        calls = () if unread else (f"{ACCOUNT}/{name}/ec2/000001",)
        listings.append(Listing(ANSWERED, ACCOUNT, name, 0, unread=unread, calls=calls))
        listings += [Listing(ANSWERED, other, name, 0, calls=(f"{other}/{name}/ec2/000001",)) for other in accounts[1:]]
    inside = [region(name, account=account) for account in accounts for name in names]
    found = Snapshot(Meta(accounts=tuple(accounts)), tuple(inside), tuple(listings))
    made = factory.site(language)
    named = replace(made.workspace.accounts[0], id=ACCOUNT, name=ACCOUNT)
    workspace = replace(
        made.workspace, accounts=tuple(replace(named, id=item, name=item) for item in accounts), regions=names
    )
    site = replace(made, workspace=workspace, regions=unread_regions(found, names), meta=found.meta)
    write_site(tmp_path, site)
    page, readme = (plain(tmp_path / name) for name in (page_file(SCOPE_PAGE, language), "README.html"))
    untold = {*site.regions.unlisted, *(account for account, _ in site.regions.refused)}
    assert (t("site.scope.regions_none") in page) is (site.regions.asked and not untold), "said of all, or of none"
    if site.regions.asked:
        assert all(f"{account}{t('site.colon')}" in page for account in untold)
    silent = t("site.scope.no_answer") if len(accounts) == 1 else t.count("site.scope.no_answer_in", 1)
    papers = str(management_summary(site, t)), str(audit_report(site, t))
    for said in (*papers, page, *([readme] if language == "en" else [])):
        assert [f"{name} {silent}" in said for name in names] == [number >= answers for number in range(2)]
        unheard = f"{ACCOUNT} {t('site.scope.no_answer')}" in said
        assert unheard is (answers == 0 and enabled != "listed")


def plain(page: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("faults", "mute", "told"),
    [
        ([{"kind": "deny", "region": "eu-west-1"}], ["eu-west-1"], "(AccessDenied"),
        ([{"kind": "region_off", "region": "eu-west-1"}], ["eu-west-1"], "the region is switched off"),
        ([{"kind": "deny", "region": "eu-west-1", "operation": "ListFunctions"}], [], ""),
        ([], [], ""),
    ],
)
def test_a_region_in_scope_that_answered_nothing_is_told_as_unread(
    techstart_account: Emulator,
    prepared: Preparation,
    tmp_path: Path,
    faults: list[dict[str, str]],
    mute: list[str],
    told: str,
) -> None:
    types = {"AWS::Lambda::Function", "AWS::Region", "AWS::EC2::VPC"}
    few = narrowed(prepared, lambda rule: rule.rule.resource in types)
    techstart_account.faults(*faults)
    found = run(few, tmp_path / "run")
    site = site_of(found.assessment, few, found.snapshot, found.calls)
    assert [place.name for place in site.regions.mute] == mute
    write_site(tmp_path / "pages", site)
    for page in (SCOPE_PAGE, LIMITS_PAGE):
        text = (tmp_path / "pages" / page_file(page, "en")).read_text(encoding="utf-8")
        assert ("Regions in scope without an answer" in text) == bool(mute)
        assert told in text
        assert "No region outside the scope is enabled" not in text
