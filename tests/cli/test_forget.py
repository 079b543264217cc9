"""`preuve forget`, and the other commands that delete raw copies on their date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from preuve.cli.main import main
from preuve.library.yaml.place import content_root
from preuve.redact.raw import RawCopies

RAW = "evidence: {raw: {folder: ../raw, days: 30}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with raw copies of 31 days ago and of yesterday."""
    folder = tmp_path / "workspace"
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n', encoding="utf-8")
    scope = "scope: {iac: [{path: infra, kind: terraform}]}\n"
    (folder / "preuve.yaml").write_text(f"schema: 1\norganisation: {{name: Acme}}\n{scope}{RAW}", encoding="utf-8")
    for days in (31, 1):
        RawCopies(tmp_path / "raw", datetime.now(UTC) - timedelta(days=days)).keep("1/eu-west-3/s3/1", {})
    return folder


def kept(root: Path) -> int:
    return len(list((root.parent / "raw").iterdir()))


def test_expired_raw_copies_are_deleted_and_reported(root: Path) -> None:
    said = CliRunner().invoke(main, ["forget", "-w", str(root)], catch_exceptions=False).output
    assert kept(root) == 1
    assert "Deleted: " in said and "1, each for 30 days" in said
    again = CliRunner().invoke(main, ["forget", "-w", str(root)], catch_exceptions=False).output
    assert kept(root) == 1 and "Deleted" not in again


def test_a_scan_of_code_deletes_expired_raw_copies_too(root: Path, tmp_path: Path) -> None:
    arguments = ["scan", "iac", "-w", str(root), "-o", str(tmp_path / "output")]
    CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert kept(root) == 1


def test_without_raw_copies_the_command_reports_that_none_are_kept(root: Path) -> None:
    text = (root / "preuve.yaml").read_text(encoding="utf-8")
    (root / "preuve.yaml").write_text(text.replace(RAW, ""), encoding="utf-8")
    assert "No raw answer is kept" in CliRunner().invoke(main, ["forget", "-w", str(root)]).output
    assert kept(root) == 2


@pytest.mark.parametrize("name", ["github/.github/workflows/preuve-account.yml", "gitlab/.gitlab-ci.yml"])
def test_the_pipelines_written_by_init_delete_raw_copies_each_night(name: str) -> None:
    assert "bin/preuve forget" in (content_root() / "ci" / "templates" / name).read_text(encoding="utf-8")
