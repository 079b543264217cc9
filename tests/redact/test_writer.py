"""A snapshot folder appears when it is whole, and not at all otherwise."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from preuve.model.errors import PreuveError
from preuve.snapshot.writer import snapshot_writer, write_lines
from preuve.system.folders import leftovers


def write_something(destination: Path) -> None:
    with snapshot_writer(destination) as writer:
        writer.unit("123456789012", "eu-west-3", "s3", [{"kind": "call", "é": 1}, {"kind": "listing"}])
        writer.document("meta.json", {"schema": 1})


def test_a_written_snapshot_appears_under_its_name(tmp_path: Path) -> None:
    destination = tmp_path / "deep" / "snapshot"
    write_something(destination)
    lines = (destination / "aws/123456789012/eu-west-3/s3.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"kind": "call", "é": 1}, {"kind": "listing"}]
    assert json.loads((destination / "meta.json").read_text()) == {"schema": 1}
    assert [item.name for item in destination.parent.iterdir()] == ["snapshot"]
    assert destination.stat().st_mode & 0o055 == 0o055


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), snapshot_writer(tmp_path / "snapshot") as writer:
        writer.unit("1", "eu-west-3", "s3", [{"kind": "call"}])
        raise error
    assert list(tmp_path.iterdir()) == []


def test_the_name_does_not_exist_while_it_is_written(tmp_path: Path) -> None:
    with snapshot_writer(tmp_path / "snapshot") as writer:
        writer.document("meta.json", {})
        assert not (tmp_path / "snapshot").exists()


def test_an_existing_folder_is_not_changed(tmp_path: Path) -> None:
    destination = tmp_path / "snapshot"
    destination.mkdir()
    with pytest.raises(PreuveError, match="exists already"):
        write_something(destination)
    assert list(tmp_path.rglob("*")) == [destination]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "s3.jsonl"
    write_lines(path, [{"a": 1}])
    with pytest.raises(TypeError):
        write_lines(path, [{"a": 2}, {"a": {1, 2}}])
    assert path.read_text() == '{"a":1}\n'


KILLED = """
import sys
from pathlib import Path
from preuve.snapshot.writer import snapshot_writer
with snapshot_writer(Path(sys.argv[1])) as writer:
    writer.unit("1", "eu-west-3", "s3", [{"kind": "call"}])
    print("written", flush=True)
    sys.stdin.read()
"""


def test_a_killed_run_leaves_no_folder_under_the_name(tmp_path: Path) -> None:
    destination = tmp_path / "snapshot"
    command = [sys.executable, "-c", KILLED, str(destination)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"written\n"
        run.kill()
        assert run.wait() == -signal.SIGKILL
    assert not destination.exists()
    (left,) = leftovers(tmp_path)
    assert left.name.startswith(".incomplete-")
    write_something(destination)
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]
