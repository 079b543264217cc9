"""`preuve scan` writes its results beside the code, never into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.pushes import volumes, workspace
from preuve.cli.main import main
from preuve.model.errors import UsageError


@pytest.mark.parametrize("place", ["infra", "infra/../infra", ".", "link"])
def test_results_are_not_written_among_the_code(tmp_path: Path, place: str) -> None:
    shop = workspace(tmp_path / "shop", volumes("old"))
    (shop / "link").symlink_to("infra")
    result = CliRunner().invoke(main, ["scan", "iac", "-w", str(shop), "-o", str(shop / place)])
    assert isinstance(result.exception, UsageError), result.output
    assert [path.name for path in (shop / "infra").iterdir()] == ["main.tf"]
    assert not (shop / "results.jsonl").exists()


def test_results_are_written_into_a_folder_below_the_workspace(tmp_path: Path) -> None:
    shop = workspace(tmp_path / "shop", volumes("old"))
    result = CliRunner().invoke(main, ["scan", "iac", "-w", str(shop), "-o", str(shop / "build")])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    assert (shop / "build" / "results.jsonl").is_file()
