"""Several accounts: what was discovered against what was read, the worst first, and one account chosen."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from preuve.model.company.organization import Account
from preuve.model.content import GRAVE, Severity
from preuve.model.layout import SUMMARY
from preuve.model.results import FindingStatus
from preuve.model.snapshot import Discovery, Listing, Member, Unread
from preuve.publish.papers.html import Sheets
from preuve.publish.papers.management import management_summary
from preuve.publish.papers.report import audit_report
from preuve.publish.site.accounts import account_rows, units
from preuve.publish.site.facts import Site
from preuve.publish.site.paths import (
    ACCOUNTS,
    FINDINGS,
    HOME,
    LIMITS_PAGE,
    SCOPE_PAGE,
    account_page,
    page_file,
    policy_page,
)
from preuve.publish.site.writer import write_site
from preuve.publish.tables.accounts import write_accounts
from preuve.publish.words.locale import load_locale

from . import factory

SHOP, CLOSED, SOLD, LAB = "111122223333", "222233334444", "333344445555", "444455556666"
SUSPENDED = Unread("account_suspended", "SUSPENDED")


def member(number: str, name: str, decision: str, unit: str, reason: str = "") -> Member:
    return Member(number, name, "ACTIVE", unit, decision, reason)


MEMBERS = (
    member(factory.ACCOUNT, "production", "read", "/Workloads/Prod"),
    member(SHOP, "shop", "read", "/Workloads/Prod"),
    member(CLOSED, "closed", "closed", "/Workloads"),
    member(SOLD, "sold", "excluded", "/Workloads", reason="sold in March"),
    member(LAB, "lab", "outside", "/Lab"),
)


def listing(account: str, unread: Unread | None = None) -> Listing:
    return Listing("AWS::S3::Bucket", account, "eu-west-3", 0, unread=unread)


@pytest.fixture
def site() -> Site:
    plain = factory.site("en")
    accounts = (*plain.workspace.accounts, Account(SHOP, "shop", environment="prod"), Account(CLOSED, "closed"))
    return replace(
        plain,
        workspace=replace(plain.workspace, accounts=accounts),
        listings=(*plain.listings, listing(SHOP), listing(CLOSED, SUSPENDED)),
        meta=replace(plain.meta, organization=Discovery(MEMBERS)),
    )


def test_every_known_account_has_a_state(site: Site) -> None:
    rows = [(row.id, row.state) for row in account_rows(site)]
    assert rows == [  # the worst first; accounts out of scope last
        (factory.ACCOUNT, "partly"), (CLOSED, "not_read"), (SHOP, "read"), (SOLD, "excluded"), (LAB, "outside"),
    ]  # fmt: skip


def test_an_account_that_was_not_read_has_no_time_of_reading(site: Site) -> None:
    """A role that is refused leaves a part, too."""
    part = {"started": "2026-03-01T20:40:00Z", "finished": "2026-03-01T20:41:00Z"}
    rows = account_rows(replace(site, meta=replace(site.meta, parts={SHOP: part, CLOSED: part})))
    assert {row.id: row.read_during for row in rows if row.id in (SHOP, CLOSED)} == {
        SHOP: tuple(part.values()),
        CLOSED: None,
    }


def test_an_account_without_a_listing_was_not_read(site: Site) -> None:
    silent = replace(site, listings=[item for item in site.listings if item.account != SHOP])
    (row,) = [row for row in account_rows(silent) if row.id == SHOP]
    assert (row.state, row.unread) == ("not_read", (Unread("not_collected"),))


@pytest.mark.parametrize(
    ("name", "elsewhere", "cause", "state"),
    [
        ("AWS::Organizations::Root", True, "access_denied", "read"),
        ("AWS::Organizations::Root", False, "access_denied", "partly"),
        ("AWS::Organizations::Root", True, "throttled", "partly"),
        ("AWS::S3::Bucket", True, "access_denied", "partly"),
    ],
)
def test_a_type_refused_to_members_is_no_gap_if_another_account_read_it(
    site: Site, name: str, elsewhere: bool, cause: str, state: str
) -> None:
    refused = Listing(name, SHOP, "global", 0, unread=Unread(cause))
    told = [Listing(name, factory.ACCOUNT, "global", 1)] if elsewhere else []
    (row,) = [row for row in account_rows(replace(site, listings=(listing(SHOP), refused, *told))) if row.id == SHOP]
    assert row.state == state


def test_units_are_ordered_by_their_worst_account(site: Site) -> None:
    found = units(account_rows(site))
    assert [(unit.path, [row.name for row in unit.accounts]) for unit in found] == [
        ("/Workloads/Prod", ["production", "shop"]),
        ("/Workloads", ["closed"]),
    ]


def test_an_account_named_only_by_the_workspace_is_marked(site: Site) -> None:
    found = Discovery(tuple(item for item in MEMBERS if item.id != SHOP))
    rows = account_rows(replace(site, meta=replace(site.meta, organization=found)))
    assert [row.id for row in rows if row.named_only] == [SHOP]


def test_an_exclusion_of_an_account_that_the_workspace_names_does_not_count_and_says_so(
    site: Site, tmp_path: Path
) -> None:
    left_out = member(SHOP, "shop", "excluded", "/Partners", reason="run by a partner")
    found = Discovery(tuple(left_out if item.id == SHOP else item for item in MEMBERS))
    told = replace(site, meta=replace(site.meta, organization=found))
    write_accounts(tmp_path, told, load_locale("fr"))
    write_site(tmp_path, told)
    assert "run by a partner (excluded, but preuve.yaml names" in (tmp_path / page_file(ACCOUNTS, "en")).read_text(
        "utf-8"
    )
    lines = (tmp_path / SUMMARY / "accounts.csv").read_text("utf-8-sig").splitlines()
    (marked,) = (line for line in lines if "l'exclusion ne compte pas" in line)
    assert SHOP in marked


def test_the_page_shows_the_population_of_each_account(site: Site, tmp_path: Path) -> None:
    factory.write_snapshot(tmp_path)
    write_accounts(tmp_path, site, load_locale("fr"))
    write_site(tmp_path, site)
    text = (tmp_path / page_file(ACCOUNTS, "en")).read_text(encoding="utf-8")
    assert "5 accounts are known. 3 are in scope: 1 read, 1 read in part, 1 not read." in text
    assert "the account is suspended" in text
    assert "sold in March" in text
    assert "accounts.csv" in text
    for page in (FINDINGS,):
        assert "data-accounts" in (tmp_path / page_file(page, "en")).read_text(encoding="utf-8")
    table = (tmp_path / SUMMARY / "accounts.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [factory.ACCOUNT, CLOSED, SHOP, SOLD, LAB]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_an_organization_that_did_not_answer_is_reported_first(site: Site, tmp_path: Path) -> None:
    unread = Unread("access_denied", "AccessDenied", action="organizations:ListAccounts")
    factory.write_snapshot(tmp_path)
    write_site(tmp_path, replace(site, meta=replace(site.meta, organization=Discovery(unread=unread))))
    text = (tmp_path / page_file(ACCOUNTS, "fr")).read_text(encoding="utf-8")
    assert "AWS Organizations n'a pas dit quels comptes existent" in text
    assert "organizations:ListAccounts" in text


def test_a_long_table_of_several_accounts_can_be_filtered_by_account(site: Site, tmp_path: Path) -> None:
    found = factory.many(12)
    other = tuple(replace(item, place=replace(item.place, account=SHOP)) for item in found[:6])
    factory.write_snapshot(tmp_path)
    write_site(tmp_path, replace(site, assessment=factory.assessment((*found[6:], *other))))
    page = tmp_path / page_file(policy_page(found[0].policy), "en")
    text = page.read_text(encoding="utf-8")
    assert f'<option value="{SHOP}">shop ({SHOP})</option>' in text
    assert f'<option value="{factory.ACCOUNT}">' in text


def test_the_management_summary_has_the_number_of_accounts_read(site: Site) -> None:
    t = load_locale("en")
    page = Sheets().render(management_summary(site, t), "TechStart", t, []).decode()
    assert "3 in scope: 1 read, 1 read in part, 1 not read" in page
    assert SHOP in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_accounts_left_out_are_counted_and_named_wherever_the_scope_is_told(
    site: Site, tmp_path: Path, language: str
) -> None:
    """Whoever reads the scope, the limits or a paper must not believe that the whole organization was examined."""
    t = load_locale(language)
    factory.write_snapshot(tmp_path)
    write_site(tmp_path, site)
    pages = {name: (tmp_path / page_file(name, language)).read_text("utf-8") for name in (SCOPE_PAGE, LIMITS_PAGE)}
    papers = {
        made.title: Sheets().render(made, "TechStart", t, []).decode()
        for made in (management_summary(site, t), audit_report(site, t))
    }
    excluded, outside = (t.count(f"site.accounts.left_out.{state}", 1) for state in ("excluded", "outside"))
    for text in (pages[SCOPE_PAGE], (tmp_path / page_file(ACCOUNTS, language)).read_text("utf-8"), *papers.values()):
        assert excluded in text and outside in text
    for text in (*pages.values(), papers[t("paper.report")]):
        assert SOLD in text and "sold in March" in text and LAB in text
        assert t("site.accounts.states.outside") in text
    assert t("site.scope.read_in_part") in pages[SCOPE_PAGE]
    assert all(t("site.scope.read_in_part") in text for text in papers.values())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_date_of_the_bundle_is_when_it_was_read_and_each_account_has_its_own(
    site: Site, tmp_path: Path, language: str
) -> None:
    """Parts may be days older than the judging; only the start of the first one was shown, and on two pages."""
    started, finished = "2026-03-01T20:40:00Z", "2026-03-02T21:00:00Z"
    meta = replace(site.meta, started=started, finished="2026-07-01T08:00:00Z")
    meta = replace(meta, parts={SHOP: {"started": started, "finished": finished}})
    old, t = replace(site, meta=meta), load_locale(language)
    factory.write_snapshot(tmp_path)
    write_accounts(tmp_path, old, t)
    write_site(tmp_path, old)
    whole, own = t.span(meta.started, meta.finished), t.span(started, finished)
    texts = [(tmp_path / page_file(name, language)).read_text("utf-8") for name in (HOME, SCOPE_PAGE)]
    texts += [Sheets().render(made(old, t), "T", t, []).decode() for made in (management_summary, audit_report)]
    assert all(whole in text for text in texts)
    assert own in (tmp_path / page_file(account_page(SHOP), language)).read_text("utf-8")
    assert (tmp_path / page_file(ACCOUNTS, language)).read_text("utf-8").count(own) == 1
    (line,) = [it for it in (tmp_path / SUMMARY / "accounts.csv").read_text("utf-8-sig").splitlines() if SHOP in it]
    assert own in line


def test_a_single_account_has_no_page_of_accounts(tmp_path: Path) -> None:
    factory.write_snapshot(tmp_path)
    site = factory.site("en")
    write_accounts(tmp_path, site, load_locale("en"))
    write_site(tmp_path, site)
    assert not (tmp_path / SUMMARY / "accounts.csv").exists()
    assert not [path for path in tmp_path.rglob("*.html") if "data-accounts" in path.read_text(encoding="utf-8")]


def test_the_severities_of_an_account_have_one_order_in_the_summary(site: Site) -> None:
    """A summary that is made again must have the same bytes, and sets have another order in each process."""
    told = [
        replace(finding, status=FindingStatus.FAIL, severity=severity)
        for finding, severity in zip(site.assessment.findings, itertools.cycle((Severity.HIGH, Severity.CRITICAL)))
    ]
    lines = str(
        management_summary(replace(site, assessment=replace(site.assessment, findings=tuple(told))), load_locale("en"))
    )
    assert re.search(r"production: critical \d+, high \d+", lines)
    assert isinstance(GRAVE, tuple)
