"""The chain of runs as policies read it: `compliance-run-fresh` over real chains, in a whole run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator import Emulator
from pipeline.runs import narrowed, prepared_for, run
from preuve.evidence.runs.file import FileChain
from preuve.evidence.runs.lines import Run, record
from preuve.evidence.verifier.chain import CHAIN
from preuve.library.validation.rules import Needs
from preuve.model.results import Finding
from preuve.pipeline.run.kept_registers import REGISTER, kept_registers
from preuve.publish.history.cadence import longest
from preuve.publish.history.runs import ChainRun

POLICY = "compliance-run-fresh"


def ran(workspace: Path, *, days: int, incomplete: int = 0, kind: str = "scan") -> None:
    time = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    record(FileChain(workspace / "evidence"), Run(kind, time, "2026-Q4", incomplete=incomplete))


def judged(emulator: Emulator, workspace: Path, policy: str = POLICY) -> Finding:
    prepared = narrowed(prepared_for(workspace, emulator.endpoint), lambda rule: rule.policy.id == policy)
    (finding,) = run(prepared, workspace / f"out-{len(list(workspace.iterdir()))}").assessment.findings
    return finding


def test_the_first_run_has_no_earlier_run_to_judge(emulator: Emulator, tmp_path: Path) -> None:
    """And is not incomplete for that: nothing that it should have read was left unread."""
    finding = judged(emulator, tmp_path)
    assert (finding.status, finding.reason.code, finding.incomplete) == ("NOT_EVALUATED", "first_run", False)


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ([{"days": 40}, {"days": 7}], "PASS"),
        ([{"days": 60}, {"days": 7}], "FAIL"),  # 53 days apart
        ([{"days": 40}, {"days": 22, "incomplete": 4}, {"days": 1}], "FAIL"),
        # An audit before the quarter saw the gap before it.
        ([{"days": 150}, {"days": 100, "kind": "audit"}, {"days": 70}, {"days": 40}, {"days": 7}], "PASS"),
        ([{"days": 70}, {"days": 30, "kind": "audit", "incomplete": 1}, {"days": 7}], "FAIL"),
        ([{"days": 7, "kind": "audit"}, {"days": 1, "incomplete": 4}], "NOT_EVALUATED"),  # too young to show a gap
        ([{"days": 34}, {"days": 1}], "NOT_EVALUATED"),
        ([{"days": 60}], "FAIL"),
        ([{"days": 60}, {"days": 7, "incomplete": 4}], "FAIL"),
        ([{"days": 7, "incomplete": 4}], "NOT_EVALUATED"),  # nor is it older for having read less
        ([{"days": 60, "incomplete": 4}, {"days": 7, "incomplete": 4}], "FAIL"),
        ([{"days": 60, "incomplete": 4}, {"days": 1}], "FAIL"),  # the first complete run ends the gap, and hides none
        ([{"days": 60, "incomplete": 4}, {"days": 30}, {"days": 1}], "PASS"),  # it was short enough
    ],
)
def test_a_complete_run_must_be_recent(
    emulator: Emulator, tmp_path: Path, runs: list[dict[str, int]], verdict: str
) -> None:
    for one in runs:
        ran(tmp_path, **one)  # type: ignore[arg-type]
    finding = judged(emulator, tmp_path)
    assert finding.status == verdict
    assert not finding.incomplete


def test_an_invalid_waiver_fails_by_itself_and_says_nothing_of_the_runs(emulator: Emulator, tmp_path: Path) -> None:
    ran(tmp_path, days=40)
    ran(tmp_path, days=7)
    assert judged(emulator, tmp_path, "waivers-in-order").status == "PASS"
    (tmp_path / "waivers.yaml").write_text("waivers: [{id: W-001, policy: s3-versioning, resource: x, owner: A}]\n")
    assert judged(emulator, tmp_path, "waivers-in-order").status == "FAIL"
    assert judged(emulator, tmp_path).status == "PASS"


def test_a_broken_chain_is_not_evaluated(emulator: Emulator, tmp_path: Path) -> None:
    ran(tmp_path, days=7)
    ran(tmp_path, days=1)
    path = tmp_path / "evidence" / CHAIN
    path.write_bytes(path.read_bytes().replace(b'"incomplete":0', b'"incomplete":9', 1))
    finding = judged(emulator, tmp_path)
    assert (finding.status, finding.reason.values["cause"]) == ("NOT_EVALUATED", "register_unusable")
    assert finding.incomplete


def test_a_register_file_of_the_same_name_does_not_replace_the_chain(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    today = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"chain;last complete run;waivers in order\nx;{today};yes\n"
    (tmp_path / "registers" / f"{REGISTER}.csv").write_text(text)
    assert judged(emulator, tmp_path).reason.code == "first_run"


def test_the_chain_is_read_only_if_a_policy_needs_it(emulator: Emulator, tmp_path: Path) -> None:
    prepared = prepared_for(tmp_path, emulator.endpoint)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / CHAIN).write_bytes(b"x\n")
    assert not kept_registers(Needs({}), prepared.workspace, prepared.library, datetime.now(UTC))[REGISTER].cause


@given(st.lists(st.tuples(st.integers(1, 120), st.booleans()), min_size=1, max_size=6, unique_by=lambda run: run[0]))
def test_the_next_complete_run_cures_nothing_that_was_too_long(runs: list[tuple[int, bool]]) -> None:
    """Held against days counted one by one, from the first run on; without an audit before the quarter."""
    today = date(2026, 11, 28)
    chain = [
        ChainRun(n, "scan", f"{today - timedelta(days=age)}T01:00:00Z", "", incomplete=int(not whole))
        for n, (age, whole) in enumerate(sorted(runs, reverse=True))
    ]
    ages = sorted((age for age, whole in runs if whole), reverse=True)
    first = max(age for age, _ in runs)
    longest_wait = max((before - after for before, after in zip([first, *ages], ages, strict=False)), default=0)
    found = longest(chain, today)
    assert (found.seconds // 86400 if found else 0) == longest_wait


@pytest.mark.parametrize(
    ("audits", "gap"),
    [
        (["2026-11-24", "2026-11-25"], "2026-11-24"),  # the first saw a gap of this quarter, the second shows it still
        (["2026-06-01", "2026-09-15"], "2026-11-25"),  # an audit of the quarter before saw all before it
        ([], "2026-11-25"),
    ],
)
def test_a_second_audit_of_the_period_hides_no_gap(audits: list[str], gap: str) -> None:
    times = dict.fromkeys(["2026-09-20", "2026-10-01", "2026-11-25"], "scan") | dict.fromkeys(audits, "audit")
    runs = [ChainRun(0, kind, f"{day}T01:00:00Z", "", incomplete=0) for day, kind in sorted(times.items())]
    found = longest(runs, date(2026, 11, 28))
    assert found and found.end.startswith(gap)
