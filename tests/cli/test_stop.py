"""A stopped run cleans up, completes the file that it is writing, and ends by the signal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.pushes import OPEN, volumes, workspace
from preuve.cli.stop import StopRequest, finished_first, stoppable

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 60


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    for number in SIGNALS:  # a suite that was begun with `nohup` or `&` ignores some, and so would its children
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before:
        signal.signal(number, handler)


def begun(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command whose temporary files are all below a folder."""
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "preuve.cli.main", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
    )


def endless() -> str:
    """A small file that takes far longer to evaluate than any test waits."""
    return "".join(volumes(f"x{number}", text=OPEN.replace("{", "{\n  count = 900", 1)) for number in range(40))


@pytest.mark.parametrize(("command", "number"), [*(("ci", number) for number in SIGNALS), ("audit", signal.SIGTERM)])
def test_a_stopped_run_leaves_nothing_behind(tmp_path: Path, command: str, number: signal.Signals) -> None:
    shop = workspace(tmp_path / "shop", endless())
    (shop / "infra" / "short").mkdir()
    (shop / "infra" / "short" / "main.tf").write_text(volumes("old") + "# the larger file is evaluated first\n" * 1000)
    arguments = {
        "ci": ["ci", str(shop), "--no-cache", "--json", str(shop / "o.json")],
        "audit": ["audit", "--workspace", str(shop)],
    }
    before = {path.name for path in shop.iterdir()}
    child = begun(tmp_path / "tmp", *arguments[command])
    assert child.stderr is not None
    while "(1/2)" not in (line := child.stderr.readline()):
        assert line, "it ended too early"
    assert any((tmp_path / "tmp").iterdir())
    child.send_signal(number)
    _, said = child.communicate(timeout=PATIENCE)
    assert child.returncode == -number
    assert f"Stopped by {number.name}" in said
    assert "Traceback" not in said
    assert list((tmp_path / "tmp").iterdir()) == []
    left = {path.name for path in shop.iterdir()} - before
    assert left <= {"evidence", ".preuve"}
    assert not [path for path in shop.glob("evidence/*") if path.name != "chain.jsonl"]


def test_a_file_being_written_is_completed_before_the_run_stops(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop", "".join(volumes(f"one_of_{n}") for n in range(60)))
    os.mkfifo(shop / "o.json")
    child = begun(tmp_path / "tmp", "ci", str(shop), "--no-cache", "--json", str(shop / "o.json"))
    with (shop / "o.json").open() as file:
        start = file.read(1)
        child.send_signal(signal.SIGTERM)  # while it waits for somebody to read the rest
        assert len(json.loads(start + file.read())["findings"]) > 60
    child.communicate(timeout=PATIENCE)
    assert child.returncode == -signal.SIGTERM


def test_a_second_signal_does_not_interrupt_the_cleanup() -> None:
    cleaned = []
    with pytest.raises(StopRequest) as stopped, stoppable():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleaned.append("all")
    assert (stopped.value.name, cleaned) == ("SIGINT", ["all"])


def test_a_protected_section_ends_before_the_first_signal_counts() -> None:
    written = []
    with pytest.raises(StopRequest) as stopped, stoppable(), finished_first():
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
        written.append("all")
    assert (stopped.value.name, written) == ("SIGHUP", ["all"])


def test_an_ignored_signal_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with stoppable(), finished_first():
        signal.raise_signal(signal.SIGHUP)
