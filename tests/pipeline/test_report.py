"""`preuve report --month`: the management committee dashboard of the demonstration, which needs no account."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from preuve.cli.main import main
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, record
from preuve.evidence.verifier.chain import Line
from preuve.library.company.indicators import load_indicators
from preuve.library.company.templates import find
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.company.indicator import Runs
from preuve.model.errors import ContentError, UsageError
from preuve.model.layout import SNAPSHOT
from preuve.pipeline.run.history import numbered
from preuve.pipeline.workspace.report import _reading, month_of, report
from preuve.publish.dashboard.runs import Audits
from preuve.system.files import whole
from publish.history.test_history import FAIL, close

TECHSTART = Path(__file__).parents[2] / "examples" / "techstart"
TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the demonstration without any audit."""
    root = tmp_path_factory.mktemp("ws") / "techstart"
    shutil.copytree(TECHSTART, root, ignore=shutil.ignore_patterns("evidence", "account", ".terraform"))
    list(report(root, "2026-11", None, TODAY))
    return root / "monthly" / "2026-11"


OPEN = "J-1,2026-11-02,,,,,,,,,2026-11-10,,\n"
HEAD, EXAMPLE = find("capa-register", "en").text().splitlines(keepends=True)[:2]


def _review(root: Path) -> str:
    told = list(report(root, "2026-11", None, TODAY))
    path = root / "monthly" / "2026-11" / "management-review.md"
    assert any(str(path) in line for line in told)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return next(line for line in text.splitlines() if "AUD-04" in line)


@pytest.mark.parametrize(
    ("register", "beside", "said"),
    [
        (EXAMPLE, "", "not measured: the register has no entry"),
        (EXAMPLE.replace("quarterly", "Quarterly one"), "", "not measured"),
        ("EXAMPLE-1,2026-11-02,,,,,,,,,,,\n", "", "not measured"),
        (OPEN + "EXAMPLE-2,2026-11-02,,,,,,,,,,,\n", "", "not measured"),
        (OPEN, "", "1 open, 1 of them late"),
        (OPEN.replace("2026-11-10", "10/11/2026"), "", "not measured: a cell is empty or cannot be read"),
        (
            OPEN,
            '{"jira-nonconformities": [{"made": "2026-11-20", "sha256": "0", "refused": 1, "short": ""}]}',
            "were refused",
        ),
    ],
)
def test_the_minutes_count_nonconformities_only_where_the_register_has_them_all(
    tmp_path: Path, register: str, beside: str, said: str
) -> None:
    write_workspace(tmp_path, register, beside)
    assert said in _review(tmp_path)


def test_a_statement_that_there_is_none_stands_in_place_of_a_row(tmp_path: Path) -> None:
    write_workspace(tmp_path, "", "")
    (tmp_path / "attestations").mkdir()
    (tmp_path / "attestations" / "ATT-001.yaml").write_text(
        "id: ATT-001\nevidence: AUD-04\nkind: statement\ntitle: Register\nowner: Ada L.\nconclusion: in_place\n"
        "effective: '2026-11-03'\nstatement: There is no nonconformity.\n"
    )
    assert "0 open, 0 of them late" in _review(tmp_path)


def write_workspace(root: Path, register: str, beside: str) -> None:
    (root / "registers" / ".filled").mkdir(parents=True)
    (root / "preuve.yaml").write_text("schema: 1\norganisation: {name: Shop, country: FR}\n")
    (root / "registers" / "capa-register.csv").write_text(HEAD + register)
    if beside:
        (root / "registers" / ".filled" / "capa-register.files.json").write_text(beside)


def test_minutes_that_are_there_are_kept_and_the_command_says_so(tmp_path: Path) -> None:
    write_workspace(tmp_path, OPEN, "")
    assert list(report(tmp_path, "2026-11", None, TODAY))[-1].startswith("wrote")
    assert list(report(tmp_path, "2026-11", None, TODAY))[-1].startswith("not written: ")


@pytest.mark.parametrize("fits", range(4))
def test_a_full_disk_leaves_every_page_of_the_month_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: int
) -> None:
    """Two languages of one page never show different figures."""
    write_workspace(tmp_path, OPEN, "")
    for name in ("en.html", "en.pdf", "fr.html", "fr.pdf"):
        (tmp_path / "monthly" / "2026-11").mkdir(parents=True, exist_ok=True)
        (tmp_path / "monthly" / "2026-11" / f"committee.{name}").write_text("earlier")
    left = iter(range(fits))

    @contextmanager
    def disk(path: Path) -> Iterator[BinaryIO]:
        with whole(path) as file:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "full")
            yield file

    monkeypatch.setattr("preuve.pipeline.workspace.report.whole", disk)
    with pytest.raises(OSError, match="full"):
        list(report(tmp_path, "2026-11", None, TODAY))
    assert {path.read_text() for path in (tmp_path / "monthly" / "2026-11").glob("*")} == {"earlier"}


def cells(page: str, row: str) -> list[str]:
    """The cells of the first row that begins so."""
    found = next(line for line in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if f">{row}<" in line)
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", found, re.DOTALL)]


def test_a_page_of_the_whole_month_is_kept_and_one_of_a_part_of_it_replaced(tmp_path: Path) -> None:
    root = tmp_path / "techstart"
    shutil.copytree(TECHSTART, root, ignore=shutil.ignore_patterns("evidence", "account", ".terraform"))
    page = root / "monthly" / "2026-10" / "committee.en.html"

    def told(day: date) -> str:
        return next(line for line in report(root, "2026-10", None, day) if str(page) in line)

    assert told(date(2026, 10, 20)).startswith("écrit")
    assert told(date(2026, 10, 21)).startswith("remplacé")
    assert told(date(2026, 10, 31)).startswith("remplacé")
    assert "31 October 2026, before the end of the month" in page.read_text(encoding="utf-8")  # hours of it are left
    assert told(date(2026, 11, 3)).startswith("remplacé")
    page.write_text(page.read_text(encoding="utf-8") + "<!-- decided -->", encoding="utf-8")
    assert told(date(2026, 11, 4)).startswith("non écrit")
    assert page.read_text(encoding="utf-8").endswith("<!-- decided -->")


def test_the_page_exists_in_both_languages_with_the_missed_targets(pages: Path) -> None:
    french = (pages / "committee.fr.html").read_text(encoding="utf-8")
    english = (pages / "committee.en.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in french and 'href="committee.en.html"' in french
    assert cells(french, "Disponibilité du portail")[1:5] == ["au moins 99,5 %", "99,6 %", "99,8 %", "atteint"]
    assert cells(english, "Budget respected (80 k€ a year)")[3:5] == ["93 %", "MISSED"]
    assert "Budget respected (80 k€ a year): 93 % (target: at least 95 %)" in english
    assert "DEMONSTRATION" in english


def test_without_audits_and_registers_nothing_is_measured_or_good(pages: Path) -> None:
    english = (pages / "committee.en.html").read_text(encoding="utf-8")
    for title in ("Serious findings that fail", "Findings past their deadline", "Personal data breaches"):
        _, _, before, now, state, _ = cells(english, title)
        assert (before, now) == ("?", "?") and state.startswith("not measured")
    assert "Not measured: Serious findings that fail" not in english  # one line says so of all that audits measure
    assert "because no audit was closed in the month" in english


def test_a_month_without_an_entry_is_neither_good_nor_bad(pages: Path) -> None:
    english = (pages / "committee.en.html").read_text(encoding="utf-8")
    _, _, before, now, state, _ = cells(english, "Major security incidents")
    assert (before, now) == ("0 incidents", "≥ 0 incidents") and "0 was entered before" in state  # the day before
    assert cells(english, "Attendance at security training")[2:5] == ["86.7 %", "—", "no entry for the month"]


def test_the_minutes_are_prefilled_and_later_edits_stay(pages: Path) -> None:
    path = pages / "management-review.md"
    text = path.read_text(encoding="utf-8")
    assert "Disponibilité du portail : 99,8 % (atteint)" in text.replace("\u00a0", " ")
    assert "| Retours des clients et des autres parties | | |" in text
    path.write_text("ours\n", encoding="utf-8")
    list(report(pages.parents[1], "2026-11", None, TODAY))
    assert path.read_text(encoding="utf-8") == "ours\n"


def test_the_same_month_gives_the_same_bytes(pages: Path) -> None:
    before = {path.name: path.read_bytes() for path in pages.glob("committee.*")}
    list(report(pages.parents[1], "2026-11", None, TODAY))
    assert {path.name: path.read_bytes() for path in pages.glob("committee.*")} == before
    assert {"committee.en.html", "committee.fr.html", "committee.en.pdf", "committee.fr.pdf"} <= set(before)


def test_recorded_scans_are_counted_only_from_a_valid_chain(pages: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    shutil.copytree(pages.parents[1], root)
    home = root / "evidence"
    home.mkdir()
    for time, high, unsettled in (("10-31", 9, {"NOT_EVALUATED": 2}), ("11-02", 8, {}), ("11-03", 7, {})):
        counts, failing = {"FAIL": high + 1, **unsettled}, {"high": high, "low": 1}
        run = Run("scan", f"2026-{time}T01:00:00Z", "2026-Q4", counts=counts, failing=failing)
        record(FileChain(home), run)
    scanned = "Failing in the last recorded scan (without the code), high"
    list(report(root, "2026-11", tmp_path / "out", TODAY))
    page = (tmp_path / "out" / "committee.en.html").read_text(encoding="utf-8")
    assert "audits: 0, scans: 2, interrupted: 0" in page
    assert cells(page, scanned)[-2:] == ["≥ 9", "7"]
    assert cells(page, scanned.replace("high", "critical"))[-3:] == ["?", "≥ 0", "0"]
    chain = home / "chain.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b'"high":8', b'"high":0'))
    list(report(root, "2026-11", tmp_path / "out", TODAY))
    page = (tmp_path / "out" / "committee.en.html").read_text(encoding="utf-8")
    assert "the chain of runs cannot be read" in page
    assert set(cells(page, scanned)[1:]) == {"?"}


def test_a_chain_that_lacks_an_audit_counts_as_unreadable(tmp_path: Path) -> None:
    """Who removes the folder of an audit and the chain leaves no figure that rests on it."""
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: T, country: FR}\n", encoding="utf-8")
    close(tmp_path / "evidence", "a", "2026-09-01", FAIL)
    close(tmp_path / "evidence", "b", "2026-11-01", FAIL)
    meta = tmp_path / "evidence" / "b" / SNAPSHOT / "meta.json"
    meta.write_text(json.dumps({"accounts": [], "callers": {}}), encoding="utf-8")
    chain = FileChain(tmp_path / "evidence")
    told = []
    for time in ("", "2026-09-01T10:00:00Z", "2026-11-01T10:00:00Z"):
        if time:
            record(chain, Run("audit", time, "2026-Q4"))
        library = load_library(tmp_path)
        found = month_of(library, load_workspace(tmp_path, library), "2026-11", TODAY)
        told.append((found.chain is None, found.audits.figure("2026-11", Runs("new", (FAIL.severity,))).why))
    assert told == [(True, "no_chain"), (True, "no_chain"), (False, "")]


def test_an_audit_of_another_workspace_is_left_out_and_named(tmp_path: Path) -> None:
    """Its failures are not this company's, nor are this company's gone because it does not have them."""
    (tmp_path / "preuve.yaml").write_text("schema: 1\norganisation: {name: T, country: FR}\n", encoding="utf-8")
    home, other = tmp_path / "evidence", FileChain(tmp_path / "other")
    for name, day in (("a", "2026-11-01"), ("b", "2026-11-08"), ("acme", "2026-11-09")):
        close(home, name, day, FAIL)
        record(FileChain(home, beside=True) if name != "acme" else other, Run("audit", f"{day}T10:00:00Z", "2026-Q4"))
        shutil.copy((home if name != "acme" else other.folder) / "chain.jsonl", home / name / "chain.jsonl")
        meta = home / name / SNAPSHOT / "meta.json"
        meta.write_text(json.dumps({"accounts": [], "callers": {}}), encoding="utf-8")
    library = load_library(tmp_path)
    found = month_of(library, load_workspace(tmp_path, library), "2026-11", TODAY)
    assert found.chain is not None and found.audits.newest == home / "b"
    assert [(gap.kind, gap.what) for gap in found.audits.gaps] == [("foreign", "acme")]
    assert found.audits.figure("2026-11", Runs("new", (FAIL.severity,))).why != "no_chain"
    told = list(report(tmp_path, "2026-11", tmp_path / "out", TODAY))
    assert any("another chain of runs" in line and line.endswith("acme") for line in told)
    (home / "chain.jsonl").unlink()  # what is lost is told, and how to mend it
    told = list(report(tmp_path, "2026-11", tmp_path / "out", TODAY))
    assert any("lacks lines that the bundle" in line for line in told) and any("restore it" in line for line in told)


def test_a_run_without_severities_differs_from_one_without_failures() -> None:
    told = {"kind": "scan", "time": "2026-10-31T01:00:00Z", "counts": {"FAIL": 9}}
    old, new = numbered((Line(b"", {"number": 1, **told}), Line(b"", {"number": 2, **told, "failing": {}})))
    assert (old.failing, new.failing) == (None, {})


@pytest.mark.parametrize("month", ["2026-13", "2026", "November", "2999-01"])
def test_an_invalid_or_future_month_is_refused(pages: Path, month: str) -> None:
    with pytest.raises(UsageError):
        list(report(pages.parents[1], month, None, TODAY))


def test_the_command_writes_to_the_requested_folder(pages: Path, tmp_path: Path) -> None:
    arguments = ["report", "--month", "2026-10", "-w", str(pages.parents[1]), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert "octobre 2026" in (tmp_path / "out" / "committee.fr.html").read_text(encoding="utf-8")


def test_axe_finds_no_violation(pages: Path) -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(bypass_csp=True)
        page.goto((pages / "committee.fr.html").as_uri())
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
        browser.close()


OWN = """id: mine
title: {en: Mine, fr: Le mien}
definition: {en: x, fr: x}
origin: {en: x, fr: x}
owner: {en: x, fr: x}
unit: {en: x, fr: x}
source: {count: {register: incident-register, date: "detected (UTC)"}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: mine", "id: other", "differs from the file"),
        ("register: incident-register", "register: nothing", "no template of a register nothing"),
        ('date: "detected (UTC)"', "date: seen", "has no column seen"),
        ("source: {count", "target: {at_least: 1, at_most: 2}\nsource: {count", "target"),
    ],
)
def test_a_defect_of_an_indicator_is_reported(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "indicators").mkdir()
    path = tmp_path / "indicators" / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    assert "mine" in {item.id for item in load_indicators(tmp_path)}
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        load_indicators(tmp_path)


def test_an_account_without_access_was_not_read(tmp_path: Path) -> None:
    meta = {"accounts": ["111122223333", "222233334444"], "callers": {"111122223333": "arn:x", "222233334444": ""}}
    (tmp_path / SNAPSHOT).mkdir(parents=True)
    (tmp_path / SNAPSHOT / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    reading = _reading(Audits(newest=tmp_path), load_workspace(TECHSTART, load_library(None, validate=False)))
    assert (reading.in_scope, reading.read) == (2, 1)


@pytest.mark.parametrize(("month", "known"), [("2025-11", False), ("2026-11", True)])
def test_the_page_of_a_month_contains_nothing_from_later(pages: Path, month: str, known: bool) -> None:
    root = pages.parents[1]
    library = load_library(root)
    workspace = load_workspace(root, library)
    found = month_of(library, workspace, month, TODAY).workspace
    day = date.fromisoformat(f"{month}-27")
    in_force = [item for item in workspace.waivers if item.created <= day <= item.expires]
    assert [item.id for item in found.waivers if item.expires >= day] == [item.id for item in in_force]
    assert all(item.found_on <= day.isoformat() for item in found.nonconformities)
    assert all(item.effective <= day for item in found.attestations)
    assert bool(in_force) == bool(found.nonconformities) == known
