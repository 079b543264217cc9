"""The evidence folder: numbered, whole or not there, never touched again, and enough to judge again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.evidence.folder import OWN, evidence_folder, keep_content, next_name, period
from preuve.library.load import load_library
from preuve.model.errors import PreuveError
from preuve.redact.beside import leftovers


def write(home: Path, name: str, text: str = "x") -> None:
    with evidence_folder(home, name) as folder:
        (folder / "index.html").write_text(text)


@pytest.mark.parametrize(
    ("month", "day", "name"), [(1, 1, "2026-Q1"), (3, 31, "2026-Q1"), (4, 1, "2026-Q2"), (12, 31, "2026-Q4")]
)
def test_a_period_is_a_quarter(month: int, day: int, name: str) -> None:
    assert period(datetime(2026, month, day, 23, 59, tzinfo=UTC)) == name


def test_folders_of_a_period_are_numbered(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        names.append(next_name(tmp_path / "evidence", "2026-Q4"))
        write(tmp_path / "evidence", names[-1], names[-1])
    assert names == ["2026-Q4", "2026-Q4-2", "2026-Q4-3"]
    assert [(tmp_path / "evidence" / name / "index.html").read_text() for name in names] == names
    assert sorted(path.name for path in (tmp_path / "evidence").iterdir()) == names


def test_a_file_of_that_name_counts_too(tmp_path: Path) -> None:
    (tmp_path / "2026-Q4").write_text("")
    assert next_name(tmp_path, "2026-Q4") == "2026-Q4-2"


def test_a_folder_that_exists_is_never_touched(tmp_path: Path) -> None:
    write(tmp_path, "2026-Q4", "first")
    with pytest.raises(PreuveError, match="could not be written"):
        write(tmp_path, "2026-Q4", "second")
    assert (tmp_path / "2026-Q4" / "index.html").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["2026-Q4"]


def test_an_empty_folder_that_exists_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "2026-Q4").mkdir()
    with pytest.raises(PreuveError, match="could not be written"):
        write(tmp_path, "2026-Q4")
    assert list((tmp_path / "2026-Q4").iterdir()) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interruption_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), evidence_folder(tmp_path, "2026-Q4") as folder:
        (folder / "data").mkdir()
        assert [path.name for path in leftovers(tmp_path)] == [folder.name]
        assert not (tmp_path / "2026-Q4").exists()
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(PreuveError, match="No space left on device") as caught, evidence_folder(tmp_path, "x"):
        raise OSError(28, "No space left on device")
    assert "disk" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


EVIDENCE = """\
schema: 1
content_version: "1.0.0"
effective_date: "2026-01-01"
catalogues: {gdpr: "1.0.0"}
changelog: [{version: "1.0.0", date: "2026-01-01", author: me, change: {en: x, fr: x}}]
evidence:
  - id: OWN-01
    title: {en: Ours, fr: Le nôtre}
    template: own
    controls: [GDPR.5.2]
    auditor_expects: {en: x, fr: x}
    cadence: yearly
    freshness_days: 400
    owner_role: ciso
"""


def test_the_content_that_is_kept_is_the_content_that_judged(tmp_path: Path) -> None:
    workspace, kept = tmp_path / "workspace", tmp_path / "kept"
    (workspace / "controls").mkdir(parents=True)
    (workspace / "controls/evidence.yaml").write_text(EVIDENCE, encoding="utf-8")
    (workspace / "preuve.yaml").write_text("secret: stays")
    keep_content(kept, workspace)
    before, after = load_library(workspace), load_library(kept / OWN, root=kept)
    assert "OWN-01" in after.evidence and "GOV-01" in after.evidence
    assert after == before
    assert after.policies == bundled().policies
    assert not list(kept.rglob("preuve.yaml"))
