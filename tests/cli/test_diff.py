"""`preuve diff`: what changed between two bundles, in the language of the newer one or another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from preuve.cli.main import main
from preuve.model.errors import UsageError
from preuve.model.layout import RESULTS, SNAPSHOT
from preuve.model.results import Assessment, FindingStatus
from preuve.publish.results import write_results
from publish import factory

FAIL = factory.findings()[4]
HOSTILE = replace(factory.findings()[5], status=FindingStatus.FAIL)


def bundle(folder: Path, now: str, *found: FindingStatus) -> Path:
    findings = (*(replace(FAIL, status=status) for status in found), HOSTILE)
    write_results(folder / RESULTS, Assessment(now, findings, {}, (), ()))
    workspace = {"accounts": [], "regions": [], "iac": [], "params": {}, "language": "fr"}
    (folder / SNAPSHOT).mkdir(parents=True)
    (folder / SNAPSHOT / "workspace.json").write_text(json.dumps(workspace), encoding="utf-8")
    return folder


def diff(*arguments: object) -> str:
    result = CliRunner().invoke(main, ["diff", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_fixed_findings_are_named_and_unchanged_ones_counted(tmp_path: Path) -> None:
    earlier = bundle(tmp_path / "2026-Q3", "2026-08-01T10:00:00Z", FindingStatus.FAIL)
    later = bundle(tmp_path / "2026-Q4", "2026-11-24T10:00:00Z", FindingStatus.PASS)
    text = diff(earlier, later)
    assert "2026-Q3 → 2026-Q4" in text
    assert "techstart-exports" in text and "Échec → Réussite" in text
    assert "<script>" not in text, "unchanged findings are counted and not listed"
    english = diff(earlier, later, "--language", "en")
    assert "Failed → Passed" in english and "1  Fixed" in english and "1  Unchanged" in english
    assert "is more recent than" not in english
    inverted = diff(later, earlier, "--language", "en")
    assert "1  Regressed" in inverted and "2026-Q4, is more recent than the second, 2026-Q3" in inverted


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    later = bundle(tmp_path / "2026-Q4", "2026-11-24T10:00:00Z")
    with pytest.raises(UsageError, match="holds no results that can be read"):
        CliRunner().invoke(main, ["diff", str(tmp_path), str(later)], catch_exceptions=False, standalone_mode=False)


def test_a_language_without_texts_is_refused_by_name(tmp_path: Path) -> None:
    folder = bundle(tmp_path / "2026-Q4", "2026-11-24T10:00:00Z")
    with pytest.raises(UsageError, match="'xx'"):
        diff(folder, folder, "--language", "xx")
