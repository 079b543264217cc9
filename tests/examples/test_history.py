"""The months before the demonstration's audit: put back as runs that verify, with figures for the dashboard."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from emulator import PROGRAM
from examples.techstart.history.day import as_of, ran
from examples.techstart.history.kept import read_audits
from examples.techstart.history.restore import restore
from pipeline.runs import narrowed
from preuve.assess.changes.basis import rule_of
from preuve.assess.changes.comparison import Kind
from preuve.evidence.verifier.chain import CHAIN, read
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.model.content import Severity
from preuve.model.errors import UsageError
from preuve.model.layout import RESULTS
from preuve.model.snapshot import Meta, Snapshot
from preuve.pipeline.bundle.export import export_bundle
from preuve.pipeline.run.preparation import judge, prepare
from preuve.pipeline.workspace.report import month_of
from preuve.publish.dashboard.month import Month
from preuve.publish.results import read_lines

MONTHS = 12


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("history") / "techstart"
    away = shutil.ignore_patterns("evidence", ".preuve", "account", "history", "monthly")
    shutil.copytree(PROGRAM.parent, folder, ignore=away)
    restore(folder)
    yield folder


@pytest.fixture(scope="module")
def month(root: Path) -> Month:
    library = load_library(root)
    return month_of(library, load_workspace(root, library), "2026-11", date(2026, 11, 30))


def test_the_chain_holds_and_is_marked_as_demonstration(root: Path) -> None:
    chain = read(root / "evidence" / CHAIN)
    assert chain.items == ()
    assert {line.data["demonstration"] for line in chain.lines} == {True}


@pytest.mark.parametrize(
    ("time", "status"),
    [
        ("2025-12-18T09:00:00Z", "NOT_EVALUATED"),  # the chain began seventeen days before
        ("2026-06-25T09:00:00Z", "PASS"),
        ("2026-09-24T09:00:00Z", "FAIL"),  # no scan in August
        ("2026-11-23T01:00:00Z", "PASS"),  # an audit has seen that gap
    ],
)
def test_an_earlier_run_is_judged_on_the_chain_of_its_day(root: Path, tmp_path: Path, time: str, status: str) -> None:
    for line in read(root / "evidence" / CHAIN).lines:
        if line.data["time"] < time:
            ran(tmp_path, line.data["kind"], line.data["time"], line.data["period"])
    prepared = narrowed(prepare(root), lambda rule: rule.policy.id == "compliance-run-fresh")
    judged = judge(prepared, as_of(prepared, Snapshot(meta=Meta()), tmp_path, time))
    assert [(finding.place.type, finding.status) for finding in judged.findings] == [("Register::ChainOfRuns", status)]


def test_the_history_is_restored_once(root: Path) -> None:
    before = (root / "evidence" / CHAIN).read_bytes()
    assert "has its own" in restore(root)
    assert (root / "evidence" / CHAIN).read_bytes() == before


def test_each_verifier_holds_an_audit_cut_short_for_intact_and_it_has_no_format_of_another_tool(
    root: Path, tmp_path: Path
) -> None:
    for bundle in sorted(root.glob("evidence/[!.]*/")):
        shell = subprocess.run(
            ["sh", bundle / "verification" / "verify.sh"], capture_output=True, text=True, check=False
        )
        alone = [sys.executable, "-I", str(bundle / "verification" / "verify.py"), str(bundle)]
        python = subprocess.run(alone, capture_output=True, text=True, check=False)
        assert (shell.returncode, python.returncode) == (11, 11), shell.stdout + python.stdout
        with pytest.raises(UsageError, match="without the content that judged them"):
            list(export_bundle(bundle, tmp_path / "x.json", "ocsf"))


def test_each_month_was_scanned_except_the_one_without_a_runner(month: Month) -> None:
    figures = {name: month.scanned(name, Severity.CRITICAL) for name in month.months}
    assert len(figures) == MONTHS
    assert [name for name, figure in figures.items() if figure.value is None] == ["2026-08"]
    assert len({figure.value for figure in figures.values()}) > 2, "something changed over the year"


def test_quarterly_audits_contain_fixed_and_returning_failures(month: Month) -> None:
    assert [run.now[:7] for run in month.audits.runs] == ["2025-12", "2026-03", "2026-06", "2026-09"]
    assert any(item.ended is not None for item in month.audits.spells)
    assert any(change.of(Kind.REGRESSED) for change in month.audits.changes if change)
    assert all(item.kind == "quarter" for item in month.audits.gaps) or not month.audits.gaps


def test_the_kept_audits_asked_what_the_policies_ask_today(root: Path) -> None:
    """Else the demonstration's next audit has almost nothing to compare: `make history` makes them anew."""
    prepared = prepare(root)
    values = prepared.library.values(prepared.workspace.params)
    today = {policy.id: rule_of(policy, prepared.library, values) for policy in prepared.policies}
    for time, text in read_audits().items():
        lines = [json.loads(line) for line in text.splitlines()]
        asked = {line["policy"]: line["rule"] for line in lines if line["kind"] == "policy"}
        apart = {policy for policy in asked.keys() | today.keys() if asked.get(policy) != today.get(policy)}
        assert not apart, f"{time}: run `make history`"


def test_a_person_has_one_pseudonym_in_all_audits(root: Path) -> None:
    users = [_users(path) for path in sorted((root / "evidence").glob(f"*/{RESULTS}"))]
    assert all(user.startswith("person-") for user in users[0])
    assert users[0] and all(of_audit == users[0] for of_audit in users)


def _users(path: Path) -> set[str]:
    places = (line["place"] for line in read_lines(path) if line["kind"] == "finding")
    return {place["id"] for place in places if place["type"] == "AWS::IAM::User"}
