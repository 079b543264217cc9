"""Processes that are killed or fail end alone, and all of them end with the run."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline.fleet.kit import appears
from preuve.pipeline.fleet.engine import Order, ReadingResult
from preuve.pipeline.fleet.processes import Processes

# Replaces `preuve collect --orders`: the account's name selects its action, and it records that it was started.
PROGRAM = """\
import json, os, signal, sys, pathlib
for line in sys.stdin:
    order = json.loads(line)
    account, notes = order["account"], pathlib.Path(order["place"])
    times = len(list(notes.glob(f"{account}.*")))
    (notes / f"{account}.{times}").write_text(str(os.getpid()))
    if account.startswith("dies") or (account == "once" and not times):
        os.kill(os.getpid(), signal.SIGKILL)
    if account == "breaks":
        sys.exit("first line\\nsomething unexpected")
    if account == "waits":
        signal.pause()
    print(json.dumps("the disk is full" if account == "fails" else ""), flush=True)
"""
ENGINE = (sys.executable, "-c", PROGRAM)


def orders(folder: Path, *accounts: str) -> list[Order]:
    """Return the accounts to read."""
    return [Order(account, "ws", str(folder)) for account in accounts]


def times(folder: Path, account: str) -> int:
    """Count how often an account was started."""
    return len(list(folder.glob(f"{account}.*")))


def test_a_killed_process_is_restarted_once_and_a_failed_one_is_not(tmp_path: Path) -> None:
    told: list[ReadingResult] = []
    asked = orders(tmp_path, "good", "once", "dies", "fails", "breaks", "other")
    ends = Processes(2, ENGINE).read(asked, told.append)
    assert ends["good"] == ReadingResult("good")
    assert ends["other"] == ReadingResult("other")
    assert ends["once"] == ReadingResult("once")
    assert ends["dies"] == ReadingResult("dies", "worker_killed", "SIGKILL")
    assert ends["fails"] == ReadingResult("fails", "worker_failed", "", "the disk is full")
    assert ends["breaks"] == ReadingResult("breaks", "worker_failed", "exit 1", "something unexpected")
    counts = {account: times(tmp_path, account) for account in ends}
    assert counts == {"good": 1, "once": 2, "dies": 2, "fails": 1, "breaks": 1, "other": 1}
    assert sorted(end.account for end in told) == sorted(ends)


@pytest.mark.parametrize("begun", range(3))
def test_an_account_whose_process_cannot_be_started_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: int
) -> None:
    start, started = subprocess.Popen, count()

    def refused(*given: Any, **named: Any) -> Any:
        if next(started) == begun:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return start(*given, **named)

    monkeypatch.setattr(subprocess, "Popen", refused)
    names = ("dies", "good", "other", "once")
    ends = Processes(1, ENGINE).read(orders(tmp_path, *names), lambda _: None)
    failed = {name: end for name, end in ends.items() if end.cause == "worker_failed"}
    assert sorted(ends) == sorted(names)
    assert [(end.code, bool(end.message)) for end in failed.values()] == [("BlockingIOError", True)]
    assert {name for name, end in ends.items() if not end.cause} == {"good", "other", "once"} - failed.keys()


def test_a_process_reads_one_account_after_another(tmp_path: Path) -> None:
    names = [f"good-{number}" for number in range(6)]
    ends = Processes(2, ENGINE).read(orders(tmp_path, *names), lambda _: None)
    assert ends == {name: ReadingResult(name) for name in names}
    readers = {(tmp_path / f"{name}.0").read_text() for name in names}
    assert len(readers) <= 2
    for reader in readers:
        with pytest.raises(ProcessLookupError):
            os.kill(int(reader), 0)


def test_a_stopped_run_ends_its_processes_and_starts_no_more(tmp_path: Path) -> None:
    program = f"""\
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from preuve.cli.stop import stoppable
from preuve.pipeline.fleet.engine import Order
from preuve.pipeline.fleet.processes import Processes
asked = [Order(name, "ws", {str(tmp_path)!r}) for name in ("waits", "later")]
with stoppable():
    Processes(1, (sys.executable, "-c", {PROGRAM!r})).read(asked, print)
"""
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) as run:
        note = appears(tmp_path / "waits.0")
        run.send_signal(signal.SIGTERM)
        assert b"StopRequest" in run.communicate(timeout=60)[1]
    with pytest.raises(ProcessLookupError):
        os.kill(int(note), 0)
    assert times(tmp_path, "waits") == 1
    assert times(tmp_path, "later") == 0
