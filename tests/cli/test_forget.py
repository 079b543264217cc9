"""`preuve forget`, and the other commands that delete raw copies on their date."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from preuve.cli.main import main
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library
from preuve.library.yaml.place import content_root
from preuve.pipeline.run.redaction import redaction
from preuve.redact.raw_copies import RawCopies

RAW = "evidence: {pseudonym_key: ../keys/key, raw: {folder: ../raw, days: 30}}\n"
NONE = "evidence: {pseudonym_key: ../keys/key}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with raw copies of 31 days ago and of yesterday."""
    folder = tmp_path / "workspace"
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n', encoding="utf-8")
    scope = "scope: {iac: [{path: infra, kind: terraform}]}\n"
    (folder / "preuve.yaml").write_text(f"schema: 1\norganisation: {{name: Acme}}\n{scope}{RAW}", encoding="utf-8")
    for days in (31, 1):
        RawCopies(tmp_path / "raw", datetime.now(UTC) - timedelta(days=days), 30).keep("1/eu-west-3/s3/1", {})
    return folder


def kept(root: Path) -> int:
    return len(paths(root))


def paths(root: Path) -> list[Path]:
    return list((root.parent / "raw").iterdir())


def test_expired_raw_copies_are_deleted_and_reported(root: Path) -> None:
    said = CliRunner().invoke(main, ["forget", "-w", str(root)], catch_exceptions=False).output
    assert kept(root) == 1
    assert "Deleted: " in said and "1. All are deleted after" in said
    again = CliRunner().invoke(main, ["forget", "-w", str(root)], catch_exceptions=False).output
    assert kept(root) == 1 and "Deleted" not in again


def test_a_scan_of_code_deletes_expired_raw_copies_too(root: Path, tmp_path: Path) -> None:
    arguments = ["scan", "iac", "-w", str(root), "-o", str(tmp_path / "output")]
    CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert kept(root) == 1


def setting(root: Path, written: str) -> None:
    text = (root / "preuve.yaml").read_text(encoding="utf-8")
    (root / "preuve.yaml").write_text(text.replace(RAW, written), encoding="utf-8")


def collected(root: Path) -> None:
    """Note the folder as a run does that keeps raw copies."""
    redaction(load_workspace(root, load_library(None)), keep_raw=True)


def test_without_raw_copies_the_command_reports_that_none_are_kept(root: Path) -> None:
    setting(root, NONE)
    shutil.rmtree(root.parent / "raw")
    assert "No raw answer is kept" in CliRunner().invoke(main, ["forget", "-w", str(root)]).output


@pytest.mark.parametrize("written", [NONE, RAW.replace("../raw", "../raw2")])
@pytest.mark.parametrize("command", [["forget"], ["scan", "iac", "-o", "output"]])
def test_copies_end_on_their_date_whatever_is_set_since(root: Path, command: list[str], written: str) -> None:
    collected(root)
    RawCopies(root.parent / "raw", datetime.now(UTC) - timedelta(days=40), 30).keep("1/eu-west-3/s3/1", {})
    setting(root, written)
    arguments = [str(root.parent / part) if part == "output" else part for part in command]
    result = CliRunner().invoke(main, [*arguments, "-w", str(root)], catch_exceptions=False)
    assert kept(root) == 1, "the copy of yesterday"
    if command == ["forget"]:
        assert "No raw answer is kept" not in result.output
        assert "Raw copies kept in" in result.output


def test_a_copy_in_the_usual_place_ends_without_any_note(root: Path) -> None:
    RawCopies(root / ".preuve" / "raw", datetime.now(UTC) - timedelta(days=31), 30).keep("1/eu-west-3/s3/1", {})
    setting(root, NONE)
    CliRunner().invoke(main, ["forget", "-w", str(root)], catch_exceptions=False)
    assert not list((root / ".preuve" / "raw").iterdir())


def test_a_copy_that_cannot_be_deleted_is_named_and_does_not_save_the_others(root: Path) -> None:
    stuck = root.parent / "raw" / "20200101T000000Z"
    stuck.write_text("")
    result = CliRunner().invoke(main, ["forget", "-w", str(root)])
    assert result.exit_code == 11
    assert "NOT deleted" in result.output and stuck.name in result.output
    assert kept(root) == 2, "the one that is stuck, and that of yesterday"


@pytest.mark.parametrize("name", ["github/.github/workflows/preuve-account.yml", "gitlab/.gitlab-ci.yml"])
def test_the_pipelines_written_by_init_delete_raw_copies_each_night(name: str) -> None:
    assert "bin/preuve forget" in (content_root() / "ci" / "templates" / name).read_text(encoding="utf-8")
