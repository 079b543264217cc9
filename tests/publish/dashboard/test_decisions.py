"""Decisions for the committee: each states known facts, and a day in the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.library.company.indicators import load_indicators
from preuve.model.company.indicator import Figure, Indicator, IndicatorSeries, Runs, Source
from preuve.model.company.workspace import Nonconformity, Waiver
from preuve.model.content import GRAVE, Severity, Text
from preuve.model.errors import Position
from preuve.model.layout import RESULTS
from preuve.model.results import EvidenceResult, Finding, FindingStatus, WaiverResult
from preuve.publish.dashboard.decisions import decisions, lost_audit
from preuve.publish.dashboard.month import AccountCounts, Month
from preuve.publish.dashboard.paper import dashboard
from preuve.publish.dashboard.review import management_review
from preuve.publish.dashboard.runs import read_audits
from preuve.publish.dashboard.words import title
from preuve.publish.history.history import Gap
from preuve.publish.history.runs import ChainRun
from preuve.publish.papers.document import Facts, Grid
from preuve.publish.results import write_results
from preuve.publish.words.approvals import waiver_counts
from preuve.publish.words.locale import load_locale

from .. import factory
from ..history.test_history import FAIL, OPEN, PASS, WORKSPACE, assessment, close
from .kit import audits_of, chain_of

TODAY = date(2026, 11, 27)
WAIVED = replace(FAIL, status=FindingStatus.WAIVED, waiver="W-004")
ELSEWHERE = replace(FAIL, place=replace(FAIL.place, id="other", arn=""))
MORE = replace(FAIL, place=replace(FAIL.place, id="more", arn=""))
WAIVER = Waiver(
    "W-004", FAIL.policy, FAIL.place.id, "why", "Owner", "Approver", date(2026, 3, 2), date(2026, 9, 30), Position("w")
)


def month(home: Path, *nonconformities: Nonconformity, waivers: Sequence[Waiver] = ()) -> Month:
    workspace = replace(WORKSPACE, waivers=tuple(waivers), nonconformities=nonconformities)
    audits = audits_of(home, "2026-11-28T00:00:00Z", {Severity.HIGH: 900})
    months = ("2026-10", "2026-11")
    return Month("2026-11", TODAY, months, (), audits, (), AccountCounts(1, None), (), factory.library(), workspace)


def of_waiver(home: Path, waiver: Waiver = WAIVER) -> tuple[str, str, str]:
    what, owner, by = next(
        row for row in decisions(month(home, waivers=[waiver]), load_locale("en")) if "W-004" in row[0]
    )
    return what, owner, by


@pytest.mark.parametrize(
    ("audits", "said"),
    [
        ((), "no audit here shows whether what it covered still fails"),
        ((("2026-09-01", WAIVED), ("2026-10-15", FAIL)), "and 1 finding that it covered fails"),
        ((("2026-10-15", FAIL),), "and 1 finding that it covered fails"),
        ((("2026-09-01", WAIVED),), "it covered 1 finding in the last audit"),
        ((("2026-09-01", WAIVED), ("2026-10-15", PASS)), "no finding that it covered fails in the last audit"),
        ((("2026-09-01", WAIVED), ("2026-10-15", OPEN)), "the last audit could not settle 1 finding"),
        ((("2026-09-01", FAIL), ("2026-10-15", ELSEWHERE)), "no finding that it covered fails in the last audit"),
        ((("2026-10-15", ELSEWHERE),), "no audit that was read found a failure that it covers"),
        ((("2026-10-15", PASS),), "no audit that was read found a failure that it covers"),
    ],
)
def test_an_ended_waiver_shows_the_knowledge_of_the_audits(
    tmp_path: Path, audits: Sequence[tuple[str, Finding]], said: str
) -> None:
    for number, (day, finding) in enumerate(audits):
        close(tmp_path, f"a{number}", day, finding)
    what, _, by = of_waiver(tmp_path)
    assert said in what and "ended on 30 September 2026" in what
    assert by == "27 November 2026"


def test_a_waiver_of_another_account_or_policy_shows_no_finding(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-10-15", FAIL)
    for other in (replace(WAIVER, account="999988887777"), replace(WAIVER, policy="other")):
        assert "no audit that was read found a failure" in of_waiver(tmp_path, other)[0]


def test_a_past_due_date_is_shown_as_past(tmp_path: Path) -> None:
    late = Nonconformity("NC-1", "2026-06-30", "audit", "A.5.18", "x", due="2026-11-15")
    row = next(row for row in decisions(month(tmp_path, late), load_locale("en")) if "NC-1" in row[0])
    assert row[2] == "immediately; was due on 15 November 2026"


def test_without_an_audit_the_number_of_accounts_read_is_not_measured(tmp_path: Path) -> None:
    blocks = [block for section in dashboard(month(tmp_path), load_locale("en")).sections for block in section.blocks]
    facts = next(dict(block.pairs) for block in blocks if isinstance(block, Facts))
    assert facts["Accounts"].startswith("1 in scope; the number of accounts read was not measured: no closed audit")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_accounts_read_in_an_earlier_month_are_told_with_their_date(tmp_path: Path, language: str) -> None:
    """The first decision says that the accounts of the month are not measured."""
    t = load_locale(language)

    def accounts() -> str:
        asked = replace(month(tmp_path), reading=AccountCounts(1, 1))
        blocks = [block for section in dashboard(asked, t).sections for block in section.blocks]
        return next(dict(block.pairs) for block in blocks if isinstance(block, Facts))[t("monthly.accounts")]

    close(tmp_path, "a", "2026-10-15", PASS)
    assert accounts() == t("monthly.accounts_were", date=t.date("2026-10-15"), read="1", scope="1")
    close(tmp_path, "b", "2026-11-15", PASS)
    assert accounts() == t("monthly.accounts_are", read="1", scope="1")


def test_the_waivers_and_gaps_that_are_not_named_are_counted(tmp_path: Path) -> None:
    waivers = [replace(WAIVER, id=f"W-{number:03}", expires=date(2026, 12, 1)) for number in range(20)]
    asked = month(tmp_path, waivers=waivers)
    gaps = [Gap("interrupted", f"run {number}") for number in range(5)]
    page = dashboard(replace(asked, audits=replace(asked.audits, gaps=gaps)), load_locale("en"))
    facts = next(block for section in page.sections for block in section.blocks if isinstance(block, Facts))
    told = [value for _, value in facts.pairs]
    assert [value for value in told if "W-011 (1 December 2026) and 8 more" in value]
    assert [value for value in told if "run 1" in value and value.endswith(" and 2 more") and value.count("; ") == 2]


def test_failures_that_left_the_scope_unmended_are_put_to_the_committee(tmp_path: Path) -> None:
    def told() -> list[str]:
        return [row[0] for row in decisions(month(tmp_path), load_locale("en")) if "no longer examined" in row[0]]

    close(tmp_path, "a", "2026-11-10", FAIL, ELSEWHERE)
    close(tmp_path, "b", "2026-11-15", FAIL)  # what was deleted is mended
    assert told() == []
    close(tmp_path, "c", "2026-11-20", accounts=[])
    assert len(told()) == 1 and told()[0].startswith("1 failure of an earlier audit (critical or high: 1)")
    close(tmp_path, "d", "2026-11-22", FAIL)
    assert told() == []
    close(tmp_path, "e", "2026-11-24", accounts=[])
    assert len(told()) == 1 and told()[0].startswith("1 failure of an earlier audit (critical or high: 1)")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("before", [(), (FAIL,), (FAIL, OPEN)])
@pytest.mark.parametrize(
    "now", [(FAIL,), (FAIL, MORE), (FAIL, OPEN), (FAIL, MORE, replace(OPEN, severity=Severity.LOW))]
)
def test_what_is_overdue_is_as_sure_as_its_figure(
    tmp_path: Path, before: Sequence[Finding], now: Sequence[Finding], language: str
) -> None:
    close(tmp_path, "a", "2026-01-01", *before)
    close(tmp_path, "b", "2026-11-20", *now)
    t = load_locale(language)
    audits = audits_of(tmp_path, "2026-11-28T00:00:00Z", {Severity.HIGH: 10, Severity.LOW: 900})
    figure, grave = (audits.figure("2026-11", Runs("overdue", of)) for of in (tuple(Severity), tuple(GRAVE)))
    told = [row[0] for row in decisions(replace(month(tmp_path), audits=audits), t) if t.date("2026-11-20") in row[0]]
    assert bool(told) is bool(audits.overdue(1))
    for row in told:
        sure = [item.value is not None and not item.least for item in (figure, grave)]
        assert row.count(t("monthly.at_least", number="#").rstrip("#")) == sure.count(False)


def ages(home: Path) -> tuple[str, str]:
    """The middle and the oldest age of what is high, as the table has them."""
    blocks = [block for section in dashboard(month(home), load_locale("en")).sections for block in section.blocks]
    grid = next(block for block in blocks if isinstance(block, Grid) and "Oldest open, days" in block.columns)
    row = next(row for row in grid.rows if row[0] == "high")
    return row[-2], row[-1]


@pytest.mark.parametrize(
    ("audits", "told"),
    [
        ((("2026-11-20", [FAIL]),), ("?", "?")),  # the audits know nothing older
        ((("2026-08-12", [FAIL]), ("2026-11-20", [FAIL])), ("≥ 100", "≥ 100")),
        ((("2026-08-12", [PASS]), ("2026-11-10", [FAIL]), ("2026-11-20", [FAIL])), ("10", "10")),
        ((("2026-08-12", [FAIL]), ("2026-11-20", [FAIL, ELSEWHERE])), ("≥ 50", "≥ 100")),
        ((("2026-08-12", [FAIL]), ("2026-11-20", [FAIL, ELSEWHERE, MORE])), ("0", "≥ 100")),
        ((("2026-11-20", [PASS]),), ("—", "—")),
    ],
)
def test_an_age_is_exact_only_as_far_as_the_audits_know_it(
    tmp_path: Path, audits: Sequence[tuple[str, list[Finding]]], told: tuple[str, str]
) -> None:
    for number, (day, findings) in enumerate(audits):
        close(tmp_path, str(number), day, *findings)
    assert ages(tmp_path) == told


def test_the_first_document_is_the_first_of_the_plan(tmp_path: Path) -> None:
    """Nothing that is missing was due on a day: the committee meets again to see it."""
    states = {"SUP-05": "missing", "GDP-01": "missing", "GOV-01": "missing"}
    evidence = [(bundled().evidence[name], EvidenceResult(name, state)) for name, state in states.items()]
    asked = replace(month(tmp_path), evidence=evidence, library=bundled())
    row = next(row for row in decisions(asked, load_locale("en")) if "3 items of manual evidence are missing" in row[0])
    assert "GDP-01" in row[0] and row[2] == "31 December 2026"


def test_what_is_declared_in_part_or_not_in_place_is_proposed_for_decision(tmp_path: Path) -> None:
    states = {"SUP-05": "not_in_place", "GDP-01": "partly", "GOV-01": "current"}
    evidence = [
        (bundled().evidence[name], EvidenceResult(name, state, f"ATT-{name}", "2026-11-03", owner="Nadia B."))
        for name, state in states.items()
    ]
    rows = decisions(replace(month(tmp_path), evidence=evidence), load_locale("en"))
    told = [row for row in rows if "ATT-" in row[0]]
    assert ["SUP-05" in told[0][0] and "declared not in place" in told[0][0], len(told)] == [True, 2]
    assert "GDP-01" in told[1][0] and "only in part" in told[1][0]
    assert {row[1:] for row in map(tuple, told)} == {("Nadia B.", "31 December 2026")}


def test_a_subject_without_its_source_in_the_month_is_not_measured(tmp_path: Path) -> None:
    """What an audit of an earlier month saw is no fact of this one, and no register is no register without entries."""
    close(tmp_path, "a", "2026-08-12", PASS)
    close(tmp_path, "b", "2026-10-15", FAIL)
    asked = replace(month(tmp_path), chain=None, reading=AccountCounts(3, 1), uncounted="no_register")
    told = [row[0] for row in decisions(asked, load_locale("en")) if "not measured" in row[0]]
    assert [line.split(":")[0] for line in told] == [
        "Runs and findings of the month", "Findings, time limits and accounts of the month",
        "Nonconformities and late actions",
    ]  # fmt: skip
    assert not [row for row in decisions(asked, load_locale("en")) if "not read by" in row[0]]
    close(tmp_path, "c", "2026-11-20", FAIL)
    seen = replace(month(tmp_path), reading=AccountCounts(3, 1))
    assert [row for row in decisions(seen, load_locale("en")) if "2 accounts in scope were not read" in row[0]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_month_lacks_for_want_of_an_audit_is_told_once_with_what_the_last_one_found(
    tmp_path: Path, language: str
) -> None:
    """Audits need not be monthly: nobody stopped to measure, and a scan of the month still counts what fails."""
    t = load_locale(language)
    close(tmp_path, "a", "2026-10-15", FAIL)
    scan = ChainRun(2, "scan", "2026-11-20T10:00:00Z", "", failing={Severity.HIGH: 7})
    of_audits = [item for item in load_indicators() if item.source.runs]
    audits, months = audits_of(tmp_path, "2026-11-28T00:00:00Z", {Severity.HIGH: 900}), ("2026-10", "2026-11")
    figures = [IndicatorSeries(item, [audits.figure(one, item.source.runs) for one in months]) for item in of_audits]
    asked = replace(month(tmp_path), measured=figures, chain=(*chain_of(tmp_path), scan))
    assert {item.now.why for item in asked.not_measured()} == {"no_audit"}
    told = [row[0] for row in decisions(asked, t)]
    assert len(told) == 1 and t.date("2026-10-15") in told[0]
    assert [title(item, t) in told[0] for item, _ in asked.last_audited()] == [True] * len(asked.last_audited()) != []
    cells = [
        cell
        for section in dashboard(asked, t).sections
        for block in section.blocks
        if isinstance(block, Grid) and t("monthly.col.scanned") in block.columns
        for row in block.rows
        for cell in row
    ]
    assert "7" in cells and "?" not in cells


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_audit_that_cannot_be_used_is_asked_for_and_not_said_to_be_missing(tmp_path: Path, language: str) -> None:
    close(tmp_path, "a", "2026-10-15", FAIL)
    run = ChainRun(7, "audit", "2026-11-20T10:00:00Z", "", "2026-Q4")
    audits = read_audits(tmp_path, "2026-11-28T00:00:00Z", {Severity.HIGH: 900}, (), [*chain_of(tmp_path), run])
    t = load_locale(language)
    told = [row[0] for row in decisions(replace(month(tmp_path), audits=audits, chain=(run,)), t)]
    assert lost_audit(run, t) in told and t("monthly.decide.no_source.audit") not in told


def test_failures_whose_block_left_the_code_are_put_to_the_committee(tmp_path: Path) -> None:
    code = replace(FAIL, source="iac", place=replace(FAIL.place, type="aws_s3_bucket", account="", region="", root="i"))
    close(tmp_path, "a", "2026-10-15", code, PASS, iac=[{"path": "i"}])
    close(tmp_path, "b", "2026-11-20", PASS, iac=[{"path": "i"}])
    told = [row[0] for row in decisions(month(tmp_path), load_locale("en")) if "no longer in the code" in row[0]]
    assert [line[:9] for line in told] == ["1 failure"]


@pytest.mark.parametrize(("language", "said"), [("en", "this indicator"), ("fr", "cet indicateur")])
def test_one_subject_without_a_measurement_is_told_in_the_singular(language: str, said: str) -> None:
    t = load_locale(language)
    assert said in t.count("monthly.decide.not_measured", 1, titles="a")
    assert said not in t.count("monthly.decide.not_measured", 2, titles="a, b")


def test_a_review_in_french_has_a_space_before_its_semicolons(tmp_path: Path) -> None:
    assert load_locale("fr").clauses(["a", "b"]) == "a\u00a0; b"
    assert load_locale("en").clauses(["a", "b"]) == "a; b"
    assert "toujours approprié, adapté et efficace" in management_review(month(tmp_path), load_locale("fr"))


def test_a_review_without_a_register_of_nonconformities_does_not_claim_that_there_are_none(tmp_path: Path) -> None:
    t = load_locale("en")
    none = replace(month(tmp_path), uncounted="no_register")
    assert t("monthly.why.no_register") in management_review(none, t)
    assert any("no register of them" in row[0] for row in decisions(none, t))
    short = replace(month(tmp_path), uncounted="short_refused")
    assert t("monthly.why.short_refused") in management_review(short, t)
    assert any("Nonconformities and late actions, not measured: rows" in row[0] for row in decisions(short, t))
    assert "0 open, 0 of them late" in management_review(month(tmp_path), t)


def test_the_minutes_count_the_waivers_as_the_audit_of_the_month_does(tmp_path: Path) -> None:
    """A waiver that covers nothing is none in force; without an audit nothing says what one covers."""
    valid = replace(WAIVER, expires=date(2027, 1, 1))
    t = load_locale("fr")
    told = management_review(month(tmp_path, waivers=[valid]), t)
    assert "en cours de validité" in told and "aucun audit de ce mois" in told
    judged = [
        WaiverResult(f"W-{number}", "p", "r", "", "", "", "2027-01-01", state, approval_verified=verified)
        for number, (state, verified) in enumerate(
            [("active", True), ("active", False), ("unused", True), ("expired", False)]
        )
    ]
    folder = close(tmp_path, "a", "2026-11-15", FAIL)
    write_results(folder / RESULTS, replace(assessment("2026-11-15", FAIL), waivers=tuple(judged)))
    told = management_review(month(tmp_path, waivers=[valid]), t)
    counts = waiver_counts(judged).told(t)
    assert counts == "2 en vigueur (dont 1 sans approbation vérifiée), 1 sans effet, 1 échue"
    assert counts in told and "en cours de validité" not in told


@pytest.mark.parametrize("early", range(4))
def test_a_month_whose_number_may_be_higher_was_not_measured(tmp_path: Path, early: int) -> None:
    """The minutes are signed: a zero entered early is a lower bound, in the sum of a year as in its own row."""
    text = Text("t", "t")
    indicator = Indicator("major-incidents", text, text, text, text, text, Source(entered=True), Position("i"))
    sure = [Figure(1.0) for _ in range(11 - early)]
    figures = [*sure, *(Figure(0.0, "entered_before") for _ in range(early)), Figure(why="no_value")]
    told = management_review(
        replace(month(tmp_path), measured=(IndicatorSeries(indicator, figures),)), load_locale("en")
    )
    bound = "≥ " if early else ""
    assert f"{bound}{11 - early} in the months that were measured (not measured: {early + 1} of 12)" in told
