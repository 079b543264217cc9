"""Another port for the emulated account: only if the workspace has one, so that nothing else becomes a source."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.runs import write_workspace
from preuve.cli.main import main
from preuve.model.errors import UsageError


@pytest.mark.parametrize("endpoint", ["http://localhost.example.org:80", "https://s3.example.org"])
def test_only_an_endpoint_on_this_machine_can_get_another_port(tmp_path: Path, endpoint: str) -> None:
    workspace = write_workspace(tmp_path, endpoint)
    done = CliRunner().invoke(main, ["audit", "-w", str(workspace), "--demonstration-port", "5000"])
    assert isinstance(done.exception, UsageError)
    assert "names no emulated account" in str(done.exception)
    assert not (workspace / "evidence").exists()


def test_a_real_account_cannot_become_an_emulated_one(tmp_path: Path) -> None:
    workspace = write_workspace(tmp_path, "x")
    settings = (workspace / "preuve.yaml").read_text().splitlines()
    (workspace / "preuve.yaml").write_text("\n".join(line for line in settings if not line.startswith("aws:")) + "\n")
    done = CliRunner().invoke(main, ["audit", "-w", str(workspace), "--demonstration-port", "5000"])
    assert isinstance(done.exception, UsageError)
