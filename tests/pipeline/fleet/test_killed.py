"""The commands themselves, killed or without disk space: no partial files, no repeated call, no loss."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator import Emulator
from pipeline.fleet.kit import ONE, TWO
from preuve.cli.main import main
from preuve.model.errors import Exit
from preuve.pipeline.fleet.engine import Order
from preuve.pipeline.fleet.work import serve

WORKSPACE = """schema: 1
organisation: {{name: Try, country: FR, language: en}}
frameworks: [gdpr]
scope:
  accounts:
    - {{id: "{one}", name: one, role_arn: "arn:aws:iam::{one}:role/preuve"}}
    - {{id: "{two}", name: two, role_arn: "arn:aws:iam::{two}:role/preuve"}}
  regions: [eu-west-3]
evidence: {{pseudonym_key: .key/p.key}}
aws: {{endpoint_url: "{endpoint}", demonstration: true}}
"""
SMALL = ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh")  # blocks of a file: some kilobytes
LONG = 8.0  # seconds


@pytest.fixture(scope="module")
def _accounts(_emulator: Emulator) -> Emulator:
    _emulator.reset()
    return _emulator


@pytest.fixture
def company(_accounts: Emulator, tmp_path: Path) -> Iterator[tuple[Emulator, Path]]:
    """Two accounts in a workspace."""
    _accounts.reset(state=False)
    text = WORKSPACE.format(one=ONE, two=TWO, endpoint=_accounts.endpoint)
    (tmp_path / "preuve.yaml").write_text(text)
    yield _accounts, tmp_path
    _accounts.reset(state=False)


def begun(folder: Path, *command: str, within: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A command of preuve."""
    whole = [*within, sys.executable, "-m", "preuve.cli.main", *command, "--workspace", str(folder)]
    return subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def until(there: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Wait for something that comes while a command runs."""
    end, waiting = time.monotonic() + 240, threading.Event()
    while not there():
        assert run.poll() is None, run.communicate()[1]
        assert time.monotonic() < end
        waiting.wait(0.05)


def asked(emulator: Emulator) -> Counter[str]:
    """Count how often each account was entered."""
    return Counter(str(entry["params"]["RoleArn"]).split(":")[4] for entry in emulator.ledger("AssumeRole"))


def test_a_run_killed_at_any_stage_continues_and_reads_nothing_twice(company: tuple[Emulator, Path]) -> None:
    emulator, folder = company
    emulator.faults({"kind": "latency", "operation": "AssumeRole", "resource": TWO, "seconds": LONG})
    evidence = folder / "evidence"
    parts = evidence / ".parts" / "audit" / "accounts"
    audit = ("audit", "--workers", "2", "--name", "try")
    with begun(folder, *audit) as reading:
        until((parts / ONE / "part.json").exists, reading)
        os.kill(reading.pid, signal.SIGKILL)
    assert not (evidence / "try").exists()
    with begun(folder, *audit) as writing:
        until(lambda: any(evidence.glob(".incomplete-try/data/00-summary/*")), writing)
        os.kill(writing.pid, signal.SIGKILL)
    assert not (evidence / "try").exists()
    assert (parts / TWO / "part.json").exists()
    with begun(folder, *audit) as again:
        said = again.communicate(timeout=300)[1]
    assert again.returncode in (Exit.OK, Exit.INCOMPLETE), said
    for account in (ONE, TWO):
        assert f"an interrupted run had read account {account}, until" in said
    assert asked(emulator) == {ONE: 1, TWO: 1}  # the work of the first run continued, and was awaited
    assert len(emulator.ledger("GetCallerIdentity")) == len((ONE, TWO))
    assert not parts.exists()
    assert (evidence / "try" / "manifest-sha256.txt").is_file()


def test_one_process_reads_accounts_with_the_credentials_of_each(company: tuple[Emulator, Path]) -> None:
    emulator, folder = company
    parts = folder / "parts"
    accounts = (ONE, "333333333333", TWO)
    lines = [
        json.dumps({**asdict(Order(name, str(folder), str(parts), run="once")), "raw": False}) for name in accounts
    ]
    answers: list[str] = []
    serve(lines, lambda line: answers.append(json.loads(line)))
    assert [bool(answer) for answer in answers] == [False, True, False], answers
    assert asked(emulator) == {ONE: 1, TWO: 1}
    for account in (ONE, TWO):
        assert f":{account}:" in json.loads((parts / account / "part.json").read_text())["caller"]
        assert {path.parts[-3] for path in (parts / account).rglob("*.jsonl")} == {account}


def test_a_killed_worker_leaves_no_partial_files(company: tuple[Emulator, Path]) -> None:
    emulator, folder = company
    emulator.faults({"kind": "latency", "operation": "GetCallerIdentity", "seconds": LONG})
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts")) as worker:
        until((folder / "parts" / f".incomplete-{ONE}").exists, worker)
        os.kill(worker.pid, signal.SIGKILL)
    assert not (folder / "parts" / ONE).exists()
    emulator.faults()
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts")) as again:
        said = again.communicate(timeout=300)[1]
    assert again.returncode in (Exit.OK, Exit.INCOMPLETE), said
    assert sorted(path.name for path in (folder / "parts").iterdir() if path.name[0] != ".") == [ONE]
    assert not (folder / "parts" / f".incomplete-{ONE}").exists()


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("AssumeRole", ("sts:AssumeRole (eu-west-3)", "Allow the caller sts:AssumeRole on it")),
        ("ListBuckets", ("× access denied: s3:ListBuckets (eu-west-3)", "Give the scanning role")),
    ],
)
def test_what_of_an_account_is_not_read_is_told(
    company: tuple[Emulator, Path], operation: str, said: tuple[str, ...]
) -> None:
    """In a pipeline, the job of one account is red, and its log is all that there is to see."""
    emulator, folder = company
    emulator.faults({"kind": "deny", "operation": operation})
    for more in ((), ("--max-age", "1")):  # a part that is kept says it too
        command = ["collect", "--account", ONE, "--out", str(folder / "parts"), "-w", str(folder), *more]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == Exit.INCOMPLETE and f"account {ONE}" in done.output
        assert all(words in done.output for words in said), done.output


def test_a_full_disk_is_reported_and_leaves_no_part(company: tuple[Emulator, Path]) -> None:
    _, folder = company
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts"), within=SMALL) as worker:
        said = worker.communicate(timeout=300)[1]
    assert worker.returncode == Exit.FAILED, said
    assert "File too large" in said
    assert [path.name for path in (folder / "parts").iterdir() if path.name[:6] != ".turn-"] == []
