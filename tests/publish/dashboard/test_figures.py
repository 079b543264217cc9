"""Figures of a month: what is missing is not measured, never nothing and never good."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from content_copy import bundled
from preuve.library.company.indicators import load_indicators
from preuve.library.company.register.cells import number
from preuve.library.company.register.open_cells import BY_A_CELL, VALUES, Row
from preuve.library.company.registers import load_registers
from preuve.library.company.templates import register_columns
from preuve.library.yaml.place import content_root
from preuve.model.company.indicator import Count, Figure, Indicator, Ratio, Runs, Source, State, Target
from preuve.model.content import Severity, Text
from preuve.model.errors import Position, PreuveError
from preuve.model.results import Finding, FindingStatus, Reason
from preuve.pipeline.workspace.report import registers_of
from preuve.publish.dashboard import words
from preuve.publish.dashboard.month import last_day, measured, months_until
from preuve.publish.dashboard.registers import Registers
from preuve.publish.dashboard.runs import Audits, read_audits
from preuve.publish.history.runs import ChainRun
from preuve.publish.words.locale import load_locale

from ..history.test_history import FAIL, OPEN, PASS, close
from .kit import audits_of

TIMES = {Severity.CRITICAL: 7, Severity.HIGH: 30, Severity.MEDIUM: 90, Severity.LOW: 180}
SEVERITY = FAIL.severity
LESS = replace(FAIL, severity=Severity.MEDIUM, place=replace(FAIL.place, id="less", arn="arn:aws:s3:::less"))
COUNT = Count("incident-register", "detected", {"severity": ("3", "4")}, past=True)
SHARE = Ratio("training-records", "date", "present", "expected", past=True)


def registers(*rows: Row, today: str = "2026-11-27") -> Registers:
    return Registers(lambda _: rows, date.fromisoformat(today))


# ---- registers ----------------------------------------------------------------------------------------------------


def test_a_missing_or_unusable_register_gives_no_figure() -> None:
    def broken(name: str) -> Sequence[Row]:
        raise PreuveError(name)

    for read, why in ((lambda _: None, "no_register"), (broken, "register_unusable")):
        kept = Registers(read, date(2026, 11, 27))
        for figure in (kept.entered("2026-11", "x"), kept.count("2026-11", "x", COUNT), kept.share("2026-11", SHARE)):
            assert (figure.value, figure.why) == (None, why)
            assert figure.state(Target(at_most=0)) is State.NOT_MEASURED


@pytest.mark.parametrize(("value", "why"), [("150", "above_all"), ("-1", "above_all"), ("100", ""), ("99,8", "")])
def test_a_share_above_all_there_is_does_not_reach_its_target(value: str, why: str) -> None:
    both = Text("%", "%")
    found = Indicator(
        "x", both, both, both, both, both, Source(entered=True), Position("x"), target=Target(at_least=99.5)
    )
    rows = registers({"month": "2026-11", "indicator": "x", "value": value})
    (measured_,) = measured([found], ["2026-11"], rows, Audits())
    assert (measured_.now.why, measured_.state is State.NOT_MEASURED) == (why, bool(why))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["99,5"], Figure(99.5)),
        ([], Figure(why="no_value")),
        (["1", "1"], Figure(why="several_values")),
        ([""], Figure(why="unreadable")),
        (["99 %"], Figure(why="unreadable")),
    ],
)
def test_a_figure_may_be_entered_by_people(values: Sequence[str], expected: Figure) -> None:
    rows = [{"month": "2026-11", "indicator": "x", "value": value} for value in values]
    other = {"month": "2026-10", "indicator": "x", "value": "7"}
    assert registers(other, *rows).entered("2026-11", "x") == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"detected": "2026-11-30T23:59Z", "severity": "3"}, Figure(1.0)),
        ({"detected": "2026-11-01", "severity": "1"}, Figure(0.0)),
        ({"detected": "2026-10-31", "severity": "3"}, Figure(why="no_voucher")),
        ({"detected": "", "severity": "3"}, Figure(why="unreadable")),
        ({"detected": "early November", "severity": "3"}, Figure(why="unreadable")),
        ({"detected": "2026-11-01", "severity": ""}, Figure(why="unreadable")),
        ({"detected": "2026-11-01", "severity": "high"}, Figure(why="unreadable")),
        ({"detected": "2026-11-01", "severity": "4.0"}, Figure(why="unreadable")),
    ],
)
def test_rows_of_the_month_are_counted_unless_one_has_an_unclear_date(row: Row, expected: Figure) -> None:
    assert registers(row, today="2026-11-30").count("2026-11", "x", COUNT) == expected


ZONES = ["Z", "+01:00", "-05:00", "+14:00", "-12:00", "+0545"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("wall", ["2026-11-01T00:30", "2026-11-30T23:30", "2026-12-01T00:30", "2026-10-31T23:59"])
def test_a_moment_counts_in_the_month_that_it_has_in_utc(wall: str, zone: str) -> None:
    row = {"detected": f"{wall}{zone}", "severity": "3", "filled from": "x: 2027-01-05", "fresh until": "2027-02-01"}
    old = {**row, "detected": "2026-09-01"}
    own = datetime.fromisoformat(wall + zone).astimezone(UTC).strftime("%Y-%m")
    for month in ("2026-10", "2026-11", "2026-12"):
        counted = registers(old, row, today="2027-01-05").count(month, "x", COUNT)
        assert counted.value == float(own == month), (month, counted)


@pytest.mark.parametrize(
    "typed",
    ["2026-11-29", "2026-12-01", "2026-11-28T00:00Z", "2062-11-12T09:40Z", "9999-12-31T23:59-05:00", "2027-01-01"],
)
def test_a_date_in_the_future_may_stand_for_one_of_any_month(typed: str) -> None:
    row = {"detected": "2026-11-05", "severity": "1"}
    ahead = registers(row, {"detected": typed, "severity": "3"}, today="2026-11-27")
    assert {month: ahead.count(month, "x", COUNT).why for month in ("2026-11", "2026-10")} == {
        "2026-11": "future", "2026-10": "future",
    }  # fmt: skip
    shares = registers({"date": typed, "present": "5", "expected": "45"}, today="2026-11-27")
    assert shares.share("2026-11", SHARE) == Figure(why="future")
    planned = registers({**row, "severity": "3"}, {"detected": typed, "severity": "3"}, today="2026-11-27")
    of_month = 1.0 + typed.startswith("2026-11")
    assert planned.count("2026-11", "x", replace(COUNT, past=False)) == Figure(of_month), "a day that is due"
    for begun in ("2026-11-28T13:00+14:00", "2026-11-28", "2026-11-28T13:00"):
        ended = registers(row, {"detected": begun, "severity": "3"}, today="2026-11-27")
        assert ended.count("2026-11", "x", COUNT) == Figure(1.0)


def test_what_bundled_indicators_count_has_happened() -> None:
    sources = [item.source.count or item.source.share for item in load_indicators()]
    assert [source for source in sources if source and not source.past] == []


def test_a_filled_register_counts_only_while_its_source_is_fresh() -> None:
    row = {"detected": "2026-10-02", "severity": "3", "filled from": "jira-incidents: 2026-11-30"}
    assert registers({**row, "fresh until": "2026-11-26"}).count("2026-11", "x", COUNT) == Figure(why="out_of_date")
    assert registers({**row, "fresh until": "2026-11-27"}).count("2026-11", "x", COUNT) == Figure(0.0)
    assert registers({**row, "fresh until": "2026-11-01"}).count("2026-10", "x", COUNT) == Figure(1.0)
    old = {**row, "fresh until": "2026-11-26"}
    assert registers(old, {**row, "fresh until": "2026-12-01"}).count("2026-11", "x", COUNT) == Figure(0.0)
    assert registers({**row, "fresh until": "03/01/2028"}).count("2026-11", "x", COUNT) == Figure(why="unreadable")


@pytest.mark.parametrize(
    ("pager", "jira", "why"),
    [
        (("2026-06-10", "2026-07-20"), ("2026-06-12", "2027-01-02"), "out_of_date"),
        (("2026-06-10", ""), ("2026-06-12", "2027-01-02"), "out_of_date"),
        (("2026-06-10", "2026-12-20"), ("2026-06-12", "2027-01-02"), ""),
        (("2026-12-01", "2026-12-20"), ("2026-06-12", "2027-01-02"), "no_voucher"),  # the pager may begin later
    ],
)
def test_each_source_of_a_register_must_have_seen_the_month(
    pager: tuple[str, str], jira: tuple[str, str], why: str
) -> None:
    sources = (("pager-incidents", *pager), ("jira-incidents", *jira))
    names = ("filled from", "detected", "fresh until")
    rows = [dict(zip(names, (f"{name}: x.csv, 2026-11-30", *cells), strict=True)) for name, *cells in sources]
    kept = {"severity": "1"}
    by_hand = {"detected": "2026-01-02", "severity": "1"}
    figure = registers(*({**row, **kept} for row in rows), by_hand, today="2026-12-02").count("2026-11", "x", COUNT)
    assert figure == (Figure(why=why) if why else Figure(0.0))


@pytest.mark.parametrize(
    ("made", "expected", "state"),
    [
        ("2026-12-01", Figure(0.0), State.MET),
        ("2026-11-30", Figure(0.0), State.MET),
        ("2026-11-29", Figure(0.0, "made_before"), State.NOT_MEASURED),
        ("2026-11-01", Figure(0.0, "made_before"), State.NOT_MEASURED),
        ("2026-10-31", Figure(why="made_earlier"), State.NOT_MEASURED),
        ("yesterday", Figure(why="made_unknown"), State.NOT_MEASURED),
    ],
)
def test_a_file_tells_of_a_month_only_up_to_the_day_on_which_it_was_made(
    made: str, expected: Figure, state: State
) -> None:
    """However long its rows are fresh, and whatever the file is called."""
    row = {
        "detected": "2026-09-14",
        "severity": "1",
        "fresh until": "2027-03-01",
        "filled from": f'jira-incidents: Jira, "until 2026-12-31.json", {made}, sha256 {"0" * 64}',
    }
    found = registers(row, today="2026-12-02").count("2026-11", "x", COUNT)
    assert (found, found.state(Target(at_most=0))) == (expected, state)
    seen = {**row, "detected": "2026-11-14", "severity": "3"}
    assert registers(row, seen, today="2026-12-02").count("2026-11", "x", COUNT).value == (
        None if expected.value is None else 1.0
    )
    # A later session may lower a share, and make one of a month without a session: it has no figure, and no state.
    for session in ("2026-11-05", "2026-10-12"):
        trained = {**row, "date": session, "present": "9", "expected": "10"}
        share = registers(trained, today="2026-12-02").share("2026-11", SHARE)
        whole = Figure(90.0) if session.startswith("2026-11") else Figure(why="no_row")
        assert share == (Figure(why=expected.why) if expected.why else whole)
        assert (share.state(Target(at_least=90)) is State.NOT_MEASURED) is bool(expected.why)
    rows = registers(row, today="2026-12-02").complete("incident-register", "2026-11")
    assert (rows if isinstance(rows, Figure) else Figure()) == Figure(why=expected.why)


@pytest.mark.parametrize("cell", ["high", "4 - critical", "4.0", "critique", "5", "0", "4,0", "III", "³", ""])
def test_a_severity_that_does_not_exist_is_not_taken_for_a_minor_one(cell: str) -> None:
    """The month has a zero that somebody entered, and one incident."""
    found = next(item.source.count for item in load_indicators() if item.id == "major-incidents")
    assert found is not None
    rows = [{found.date: "2026-11-14", "severity (1-4)": value} for value in (cell, "2")]
    said = {
        "month": "2026-11",
        "indicator": "major-incidents",
        "value": "0",
        "entered by": "R",
        "entered on": "2026-11-30",
    }
    kept = Registers(lambda name: [said] if name == VALUES else rows, date(2026, 12, 1))
    assert kept.count("2026-11", "major-incidents", found) == Figure(why="unreadable")
    rows[0]["severity (1-4)"] = "1"
    figure = Registers(kept.read, kept.today).count("2026-11", "major-incidents", found)
    assert figure == Figure(0.0)


@pytest.mark.parametrize("rows", [[], [{"detected": "2026-10-31", "severity": "3"}]])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Figure(0.0, "entered_before")),  # nobody knows on the 26th what the 27th brings
        ({"entered on": "2026-11-27"}, Figure(0.0)),
        ({"entered on": "2026-12-01"}, Figure(0.0)),
        ({"entered on": "2026-11-01"}, Figure(0.0, "entered_before")),
        ({"value": "2"}, Figure(why="contradicted")),
        ({"value": "none"}, Figure(why="contradicted")),
        ({"entered by": ""}, Figure(why="no_voucher")),
        ({"entered on": "2026-10-30"}, Figure(why="no_voucher")),  # before the month began
        ({"month": "2026-10"}, Figure(why="no_voucher")),
        ({"indicator": "y"}, Figure(why="no_voucher")),
    ],
)
def test_a_register_without_a_row_of_the_month_needs_a_person_who_confirms_zero(
    rows: Sequence[Row], said: Row, expected: Figure
) -> None:
    row = {"month": "2026-11", "indicator": "x", "value": "0", "entered by": "CISO", "entered on": "2026-11-26", **said}
    kept = Registers(lambda name: [row] if name == VALUES else rows, date(2026, 11, 27))
    assert kept.count("2026-11", "x", COUNT) == expected


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (("01",), "entered_before"),
        (("29",), "entered_before"),
        (("30",), ""),
        (("15", "30"), ""),  # again, as it is asked for
        (("30", "15"), ""),
        (("15", "29"), "entered_before"),
    ],
)
def test_a_zero_entered_before_the_month_ended_says_nothing_of_its_end(days: Sequence[str], why: str) -> None:
    row = {"month": "2026-11", "indicator": "x", "value": "0", "entered by": "CISO"}
    said = [{**row, "entered on": f"2026-11-{day}"} for day in days]
    kept = Registers(lambda name: said if name == VALUES else [], date(2026, 12, 27))
    found = kept.count("2026-11", "x", COUNT)
    assert (found, found.least) == (Figure(0.0, why), bool(why))


def test_a_filled_register_confirms_no_month_before_its_first_row() -> None:
    row = {"detected": "2026-10-02", "severity": "3", "fresh until": "2026-12-31", "filled from": "x: 2026-11-27"}
    assert registers(row).count("2026-09", "x", COUNT) == Figure(why="no_voucher")
    assert registers(row).count("2026-11", "x", COUNT) == Figure(0.0)


def test_a_share_needs_every_number_and_a_total_above_zero() -> None:
    row = {"date": "2026-11-05", "present": "9", "expected": "10"}
    assert registers(row, {**row, "present": "1"}).share("2026-11", SHARE) == Figure(50.0)
    assert registers({**row, "present": ""}).share("2026-11", SHARE) == Figure(why="unreadable")
    nobody_came = {**row, "present": "0", "expected": "20"}
    for wrong in ({"present": "30"}, {"present": "-1"}, {"present": "1", "expected": "0"}):
        assert registers({**row, **wrong}, nobody_came).share("2026-11", SHARE) == Figure(why="above_all")
    nobody = {**row, "present": "0", "expected": "0"}
    assert registers(nobody).share("2026-11", SHARE) == Figure(why="nothing")
    assert registers(row).share("2026-10", SHARE) == Figure(why="no_row")
    assert {Figure(why=why).state(Target(at_least=90)) for why in ("nothing", "no_row")} == {State.NOTHING}


@given(st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 2)))
def test_a_number_is_read_in_french_and_english_notation(value: float) -> None:
    plain = f"{value:.2f}"
    grouped = f"{value:,.2f}".replace(",", "\u202f")
    assert number(plain) == number(plain.replace(".", ",")) == number(grouped) == value


@pytest.mark.parametrize("text", ["", "-", "1.000,5", "12 34", "1e3", "0x1", "nan", "99.5%", "١"])
def test_an_invalid_number_is_not_guessed(text: str) -> None:
    assert number(text) is None


# ---- audits -------------------------------------------------------------------------------------------------------


def figures(home: Path, month: str, *measures: str) -> Mapping[str, Figure]:
    audits = audits_of(home, "2027-01-01T00:00:00Z", TIMES)
    return {name: audits.figure(month, Runs(name, (SEVERITY,))) for name in measures}


def test_a_month_without_an_audit_has_no_figure(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-09-01", PASS)
    names = ("failing", "new", "fixed", "regressed", "overdue", "median_fix", "p90_fix")
    assert set(figures(tmp_path, "2026-10", *names).values()) == {Figure(why="no_audit")}


MEASURES = ("failing", "new", "fixed", "regressed", "other", "overdue", "median_fix", "p90_fix")
DAYS = ("2026-05-01", "2026-06-01", "2026-07-01", "2026-07-20", "2026-09-01")


@settings(max_examples=25, deadline=None)
@given(
    fails=st.lists(st.booleans(), min_size=len(DAYS), max_size=len(DAYS)),
    lost=st.sets(st.sampled_from(DAYS), min_size=1),
    cut=st.none() | st.integers(0, len(DAYS)),
)
@example([True] * len(DAYS), {"2026-09-01"}, len(DAYS))
@example([True, False, True, True, False], {"2026-06-01", "2026-07-01"}, len(DAYS))
@example([True, False, True, True, False], {"2026-06-01", "2026-07-01"}, None)
@example([True, False, True, True, False], {"2026-06-01", "2026-07-01"}, 0)
@example([True, False, True, True, False], {"2026-06-01"}, 1)
def test_a_figure_says_no_more_than_the_audits_that_are_here(
    tmp_path_factory: pytest.TempPathFactory, fails: Sequence[bool], lost: set[str], cut: int | None
) -> None:
    """With the audits that are gone, it would be the same, or at least so much; also where the chain of runs is not
    there (None), or was cut, unless no audit is left that was closed after the cut.
    """
    assume(cut is None or cut == len(DAYS) or set(DAYS[cut:]) - lost)
    all_, here = tmp_path_factory.mktemp("all"), tmp_path_factory.mktemp("here")
    for day, failing in zip(DAYS, fails, strict=True):
        for home in (all_, here) if day not in lost else (all_,):
            close(home, day, day, FAIL if failing else PASS)
    numbered = [ChainRun(number, "audit", f"{day}T10:00:00Z", "") for number, day in enumerate(DAYS, 1)]
    told_of = None if cut is None else numbered[:cut]
    whole = read_audits(all_, "2027-01-01T00:00:00Z", TIMES, (), numbered)
    part = read_audits(here, "2027-01-01T00:00:00Z", TIMES, (), told_of)
    known = DAYS[:cut] if cut is not None else ()
    assert [item.time[:10] for item in part.lost] == sorted(lost.intersection(known)) and not whole.lost
    assert part.chained is (cut == len(DAYS))
    assert part.chained or not part.overdue(len(part.runs) - 1), "an age rests on two audits"
    for month in ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09"):
        for name in MEASURES:
            true, told = (audits.figure(month, Runs(name, (SEVERITY,))) for audits in (whole, part))
            assert told.why != "no_audit" or true.why == "no_audit", "what was done is not said not to have been"
            if told.value is not None and true.value is not None:
                least = told.value <= true.value if told.why else told.value == true.value
                assert least, (month, name, told, true)


def test_the_first_audit_gives_failures_but_neither_changes_nor_delays(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-09-01", FAIL)
    found = figures(tmp_path, "2026-09", "failing", "new", "overdue", "median_fix")
    assert [found[name].why for name in found] == ["", "first_audit", "short_history", "first_audit"]
    assert found["failing"].value == 1


def test_a_failure_past_its_time_is_overdue_in_every_audit_until_fixed(tmp_path: Path) -> None:
    days = TIMES[SEVERITY]
    close(tmp_path, "a", "2026-01-01", FAIL)
    for name, now in (("b", "2026-06-01"), ("c", "2026-09-01")):
        close(tmp_path, name, now, FAIL)
    close(tmp_path, "d", "2026-11-01", PASS)
    assert days < 150
    assert [figures(tmp_path, month, "overdue")["overdue"].value for month in ("2026-06", "2026-09")] == [1, 1]
    found = figures(tmp_path, "2026-11", "overdue", "fixed", "median_fix", "p90_fix")
    assert [figure.value for figure in found.values()] == [0, 1, 304, 304]


@pytest.mark.parametrize(
    ("first", "second", "figure"),
    [
        ((FAIL,), (FAIL,), Figure(1.0)),
        ((FAIL, LESS), (FAIL, LESS), Figure(1.0, "short_history")),  # the other one may be past its 90 days
        ((LESS,), (LESS,), Figure(why="short_history")),
        ((FAIL, replace(LESS, status=FindingStatus.PASS)), (FAIL, LESS), Figure(1.0)),  # it began between the two
        ((FAIL, replace(LESS, status=OPEN.status)), (FAIL, LESS), Figure(1.0, "short_history")),
        ((PASS,), (PASS,), Figure(0.0)),
    ],
)
def test_overdue_failures_are_counted_as_far_as_the_audits_know_their_age(
    tmp_path: Path, first: Sequence[Finding], second: Sequence[Finding], figure: Figure
) -> None:
    close(tmp_path, "a", "2026-09-01", *first)
    close(tmp_path, "b", "2026-11-01", *second)
    both = Runs("overdue", (Severity.HIGH, Severity.MEDIUM))
    assert audits_of(tmp_path, "2026-11-30T00:00:00Z", TIMES).figure("2026-11", both) == figure


def test_a_failure_is_overdue_from_the_day_after_its_limit(tmp_path: Path) -> None:
    old, may = replace(FAIL, severity=Severity.HIGH), "2026-01-31"
    close(tmp_path, "a", "2026-01-01", old)
    close(tmp_path, "b", may, old)
    audits = audits_of(tmp_path, f"{may}T23:59:59Z", TIMES)
    assert audits.overdue(1) == []
    close(tmp_path, "c", "2026-02-01", old)
    audits = audits_of(tmp_path, "2026-02-02T00:00:00Z", TIMES)
    assert len(audits.overdue(2)) == 1


def test_a_severity_without_a_time_limit_is_never_on_time(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-01-01", FAIL)
    audits = audits_of(tmp_path, "2026-02-02T00:00:00Z", {})
    assert audits.figure("2026-01", Runs("overdue", (SEVERITY,))) == Figure(why="no_time")


def test_an_audit_of_fewer_frameworks_does_not_stand_for_the_month(tmp_path: Path) -> None:
    both, one = ["iso27001-2022", "gdpr"], ["gdpr"]
    close(tmp_path, "a", "2026-09-01", FAIL, frameworks=one)
    close(tmp_path, "b", "2026-11-01", FAIL, frameworks=both)
    close(tmp_path, "c", "2026-11-02", PASS, frameworks=one)
    audits = audits_of(tmp_path, "2026-11-30T00:00:00Z", TIMES, both)
    failing = Runs("failing", (SEVERITY,))
    assert audits.figure("2026-11", failing) == Figure(1.0)
    assert audits.figure("2026-09", failing) == Figure(1.0, "narrow")  # at least so many
    assert [run.name for run in audits.runs] == ["a", "b"]


@pytest.mark.parametrize("measure", ["failing", "overdue"])
def test_without_an_account_no_figure_is_exact(tmp_path: Path, measure: str) -> None:
    for name, now in (("a", "2026-09-01"), ("b", "2026-10-01")):
        close(tmp_path, name, now, PASS, accounts=[])
    audits = audits_of(tmp_path, "2026-11-30T00:00:00Z", TIMES)
    figure = audits.figure("2026-10", Runs(measure, (SEVERITY,)))
    assert figure == Figure(0.0, "no_account")
    assert figure.state(Target(at_most=0)) is State.NOT_MEASURED


def test_a_failure_without_a_verdict_any_more_is_told_until_it_is_mended(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-09-01", FAIL)
    close(tmp_path, "b", "2026-10-01", OPEN)
    audits = audits_of(tmp_path, "2026-10-30T00:00:00Z", TIMES)
    assert [item.policy for item in audits.unsettled("2026-10")] == [FAIL.policy]
    close(tmp_path, "c", "2026-10-20", PASS)
    assert audits_of(tmp_path, "2026-10-30T00:00:00Z", TIMES).unsettled("2026-10") == []


def test_an_unreadable_bundle_is_a_gap(tmp_path: Path) -> None:
    (close(tmp_path, "a", "2026-01-01", FAIL) / "data/08-machine/snapshot/workspace.json").unlink()
    audits = read_audits(tmp_path, "2026-02-02T00:00:00Z", TIMES, (), ())
    assert [gap.kind for gap in audits.gaps] == ["unchained", "unreadable"]  # it is in no chain here either
    assert audits.figure("2026-01", Runs("failing", (SEVERITY,))) == Figure(why="no_audit")


def other(finding: Finding) -> Finding:
    return replace(finding, place=replace(finding.place, id="another", arn="arn:aws:s3:::another"))


@pytest.mark.parametrize(
    ("found", "value", "state"),
    [
        ((OPEN,), 0, State.NOT_MEASURED),
        ((PASS, other(OPEN)), 0, State.NOT_MEASURED),
        ((FAIL, other(OPEN)), 1, State.MISSED),
        ((FAIL, other(PASS)), 1, State.MISSED),
        ((PASS, replace(other(OPEN), severity=Severity.INFO)), 0, State.MET),
    ],
)
def test_what_an_audit_could_not_evaluate_may_fail(
    tmp_path: Path, found: Sequence[Finding], value: int, state: State
) -> None:
    close(tmp_path, "a", "2026-01-01", PASS)
    close(tmp_path, "b", "2026-11-01", *found)
    failing = figures(tmp_path, "2026-11", "failing")["failing"]
    assert (failing.value, failing.state(Target(at_most=0))) == (value, state)
    overdue = figures(tmp_path, "2026-11", "overdue")["overdue"]
    assert overdue.value == 0 and overdue.least is failing.least


@pytest.mark.parametrize(
    ("before", "value", "state"),
    [
        ((PASS,), "10 days", State.MET),
        ((OPEN,), "≥ 10 days", State.NOT_MEASURED),
        ((other(PASS),), "10 days", State.MET),  # the resource was not there
        ((replace(OPEN, reason=Reason("unread_listing"), place=replace(FAIL.place, id="", arn="")),), "≥ 10 days",
         State.NOT_MEASURED),
    ],
)  # fmt: skip
def test_a_delay_since_an_audit_that_had_none_before_is_at_least_so_long(
    tmp_path: Path, before: Sequence[Finding], value: str, state: State
) -> None:
    close(tmp_path, "a", "2026-09-01", *before)
    close(tmp_path, "b", "2026-10-10", FAIL)
    close(tmp_path, "c", "2026-10-20", PASS)
    indicator = next(item for item in load_indicators(None) if item.id == "time-to-fix-grave")
    found = figures(tmp_path, "2026-10", "median_fix")["median_fix"]
    assert words.figure(found, indicator, load_locale("en")) == value
    assert found.state(indicator.target) is state


def test_a_weakness_of_the_first_audit_is_at_least_as_old_as_the_audits(tmp_path: Path) -> None:
    close(tmp_path, "a", "2026-09-21", FAIL)
    close(tmp_path, "b", "2026-10-01", PASS)
    found = figures(tmp_path, "2026-10", "fixed", "median_fix")
    close(tmp_path, "c", "2026-12-05", FAIL)
    assert figures(tmp_path, "2026-09", "fixed", "median_fix") == dict.fromkeys(found, Figure(why="first_audit"))
    assert found["fixed"] == Figure(1.0) and found["median_fix"] == Figure(10.0, "short_history")
    assert found["median_fix"].state(Target(at_most=30)) is State.NOT_MEASURED
    assert found["median_fix"].state(Target(at_most=9)) is State.MISSED


# ---- months and targets -------------------------------------------------------------------------------------------


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_twelve_months_end_with_the_requested_one(year: int, month: int) -> None:
    name = f"{year}-{month:02}"
    found = months_until(name)
    assert (len(set(found)), found[-1], found == sorted(found)) == (12, name, True)
    assert f"{last_day(name):%Y-%m}" == name and (last_day(name).toordinal() + 1) == (
        date(year + month // 12, month % 12 + 1, 1).toordinal()
    )


@pytest.mark.parametrize(
    ("value", "target", "state"),
    [
        (99.5, Target(at_least=99.5), State.MET),
        (99.4, Target(at_least=99.5), State.MISSED),
        (0.0, Target(at_most=0), State.MET),
        (1.0, Target(at_most=0), State.MISSED),
        (1.0, None, State.NONE),
    ],
)
def test_a_figure_is_compared_with_its_target(value: float, target: Target | None, state: State) -> None:
    assert Figure(value).state(target) is state


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [(0, "0 findings", "0 constat"), (1, "1 finding", "1 constat"), (2, "2 findings", "2 constats")],
)
def test_a_unit_is_singular_or_plural_like_its_number(value: int, english: str, french: str) -> None:
    indicator = next(item for item in load_indicators(None) if item.id == "failing-grave")
    said = [words.figure(Figure(float(value)), indicator, load_locale(name)) for name in ("en", "fr")]
    assert said == [english, french]


def test_the_row_of_a_severity_adds_up_when_a_waiver_ends(tmp_path: Path) -> None:
    waived = replace(FAIL, status=FindingStatus.WAIVED, waiver="W-001")
    close(tmp_path, "a", "2026-09-01", waived)
    close(tmp_path, "b", "2026-11-01", FAIL)
    found = figures(tmp_path, "2026-11", "failing", "new", "regressed", "fixed", "other")
    assert {name: figure.value for name, figure in found.items()} == {
        "failing": 1, "new": 0, "regressed": 0, "fixed": 0, "other": 1,
    }  # fmt: skip
    assert figures(tmp_path, "2026-09", "other")["other"].why == "first_audit"


@pytest.mark.parametrize(
    ("value", "target", "said"),
    [
        (99.95, Target(at_least=99.95), "99.95"),
        (99.949, Target(at_least=99.95), "99.949"),
        (99.96, Target(at_least=99.95), "99.96"),
        (99.9, Target(at_least=99.95), "99.9"),
        (89.96, Target(at_least=90), "89.96"),
        (99.96, None, "99.96"),
        (0.04, Target(at_most=0), "0.04"),
        (12.345, Target(at_least=90), "12.3"),
        (0.1 + 0.2, Target(at_most=0.3), "0.3"),
        (89.99999999999999, Target(at_least=90), "90"),
        (1234.0, None, "1,234"),
        (-0.5, None, "−0.5"),
        (100.0, None, "100"),
    ],
)
def test_a_number_is_not_rounded_across_its_target_to_nothing_or_to_all(
    value: float, target: Target | None, said: str
) -> None:
    assert words.amount(value, load_locale("en"), target) == said


@given(st.floats(0, 200), st.decimals(0, 200, places=3))
def test_what_is_printed_meets_the_target_exactly_when_the_figure_does(value: float, target: Decimal) -> None:
    beside = Target(at_least=float(target))
    said, limit = (float(words.amount(one, load_locale("en"), beside)) for one in (value, beside.number))
    assert (said >= limit) == beside.met(value) and limit == beside.number


GOOD_ROWS = {  # a good row of each register that a bundled figure counts
    "major-incidents": {"number": "1", "detected (UTC)": "2026-11-12T09:40Z", "severity (1-4)": "1"},
    "training-attendance": {"session": "a", "date": "2026-11-12", "present": "4", "expected": "5"},
    "personal-data-breaches": {"number": "1", "known since (UTC)": "2026-11-12T09:40Z"},
}
AHEAD = ("2062-11-12T09:40Z", "2999-01-01")
CELLS = [
    *("", " ", "4.0", "4,0", "04", "5", "0", "-1", "1,234", "99999", "６", "élevée", "anne@ex.com"),
    *("31/11/2026", *AHEAD, "2026-11", "12.11.2026", "1899-12-30"),
]


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize("name", GOOD_ROWS)
def test_each_cell_that_leaves_a_figure_open_is_told_by_lint_with_line_and_column(
    tmp_path: Path, name: str, language: int
) -> None:
    indicator = next(item for item in load_indicators() if item.id == name)
    source = indicator.source.count or indicator.source.share
    assert source
    english, titles = (register_columns(source.register)[place] for place in (0, language))
    read = {*(source.where if isinstance(source, Count) else (source.part, source.whole)), source.date}
    for column, cell in product(sorted(read), CELLS):
        rows = [GOOD_ROWS[name], GOOD_ROWS[name] | {column: cell}]
        lines = [titles, *([row.get(known, "") for known in english] for row in rows)]
        file = tmp_path / "registers" / f"{source.register}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
        kept = registers_of(tmp_path, datetime.now(UTC).date())
        (series,) = measured([indicator], ["2026-10", "2026-11", "2062-11"], kept, Audits())
        whys = {figure.why for figure in series.figures}
        registers = load_registers(tmp_path, bundled(), ())
        problems = (*registers.problems, *registers.waiting)
        assert not registers.waiting or not cell.strip() or cell in AHEAD
        assert cell.strip() or not registers.problems, "what is normal for a while is no problem"
        title = titles[english.index(column)]
        told = [one for one in problems if one.position.line == 3 and title in one.message]
        assert bool(whys & BY_A_CELL) == bool(told) == bool(problems), (column, cell, whys, problems)
        assert not any(word in str(one) for one in problems for word in ("élevée", "anne")), "it may name a person"
        if cell == "4.0" and column == "severity (1-4)":
            assert f"under {title} leaves a figure open: 4.0 is none of 1, 2, 3, 4" in str(problems[0])


@pytest.mark.parametrize(
    "wrong",
    [{"month": ""}, {"month": "novembre"}, {"value": ""}, {"value": "99 %"}, {"value": "101"}, {"value": "-1"}, {}],
)
def test_each_entered_value_that_leaves_a_figure_open_is_told_by_lint(tmp_path: Path, wrong: Row) -> None:
    own = tmp_path / "indicators" / "attendance.yaml"
    own.parent.mkdir()
    bundled_ = (content_root() / "indicators" / "training-attendance.yaml").read_text(encoding="utf-8")
    text = re.sub(r"source: .*", "source: {entered: true}", bundled_).replace(
        "id: training-attendance", "id: attendance"
    )
    own.write_text(text, encoding="utf-8")
    row = {"month": "2026-11", "indicator": "attendance", "value": "90"}
    rows = [{**row, **wrong}] if wrong else [row, row]
    titles = register_columns(VALUES)[0]
    (tmp_path / "registers").mkdir()
    lines = [titles, *([one.get(column, "") for column in titles] for one in rows)]
    (tmp_path / f"registers/{VALUES}.csv").write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    indicator = next(item for item in load_indicators(tmp_path) if item.id == "attendance")
    (series,) = measured([indicator], ["2026-11"], registers_of(tmp_path, date(2026, 12, 1)), Audits())
    assert series.now.why in BY_A_CELL
    registers = load_registers(tmp_path, bundled(), ())
    (problem,) = (*registers.problems, *registers.waiting)
    assert problem.position.line == len(rows) + 1 and f"under {next(iter(wrong), 'month')} " in problem.message
