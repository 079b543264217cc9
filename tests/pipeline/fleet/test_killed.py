"""The commands themselves, killed or without room: nothing half is left, nothing is asked twice, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator import Emulator
from pipeline.fleet.kit import ONE, TWO
from preuve.model.errors import Exit

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


def until(there: Callable[[], bool]) -> None:
    """Wait for something that comes."""
    end, waiting = time.monotonic() + 240, threading.Event()
    while not there():
        assert time.monotonic() < end
        waiting.wait(0.05)


def asked(emulator: Emulator) -> Counter[str]:
    """How often each account was entered."""
    return Counter(str(entry["params"]["RoleArn"]).split(":")[4] for entry in emulator.ledger("AssumeRole"))


def test_a_run_whose_parent_is_killed_goes_on_and_asks_nothing_twice(company: tuple[Emulator, Path]) -> None:
    emulator, folder = company
    emulator.faults({"kind": "latency", "operation": "AssumeRole", "resource": TWO, "seconds": LONG})
    parts = folder / "evidence" / ".parts" / "scan" / "accounts"
    with begun(folder, "scan", "aws", "--workers", "2") as run:
        until((parts / ONE / "part.json").exists)
        os.kill(run.pid, signal.SIGKILL)
    assert list(folder.glob("evidence/*/*.jsonl")) == []
    with begun(folder, "scan", "aws", "--workers", "2") as again:
        said = again.communicate(timeout=300)[1]
    assert again.returncode in (Exit.FINDINGS, Exit.INCOMPLETE), said
    assert f"account {ONE} was read until" in said
    assert asked(emulator) == {ONE: 1, TWO: 1}  # what the killed run had begun went on, and was waited for
    assert not parts.exists()


def test_a_worker_that_is_killed_leaves_nothing_half(company: tuple[Emulator, Path]) -> None:
    emulator, folder = company
    emulator.faults({"kind": "latency", "operation": "GetCallerIdentity", "seconds": LONG})
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts")) as worker:
        until((folder / "parts" / f".incomplete-{ONE}").exists)
        os.kill(worker.pid, signal.SIGKILL)
    assert not (folder / "parts" / ONE).exists()
    emulator.faults()
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts")) as again:
        said = again.communicate(timeout=300)[1]
    assert again.returncode in (Exit.OK, Exit.INCOMPLETE), said
    assert sorted(path.name for path in (folder / "parts").iterdir() if path.name[0] != ".") == [ONE]
    assert not (folder / "parts" / f".incomplete-{ONE}").exists()


def test_a_disk_without_room_leaves_no_part_and_is_said(company: tuple[Emulator, Path]) -> None:
    _, folder = company
    with begun(folder, "collect", "--account", ONE, "--out", str(folder / "parts"), within=SMALL) as worker:
        said = worker.communicate(timeout=300)[1]
    assert worker.returncode == Exit.FAILED, said
    assert "File too large" in said
    assert [path.name for path in (folder / "parts").iterdir() if path.name[:6] != ".turn-"] == []
