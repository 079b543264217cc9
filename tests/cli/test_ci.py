"""`preuve ci` as a push meets it: through the command line, on small trees of Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest
from junitparser import JUnitXml

from cli.pushes import CLOSED, ci, volumes, workspace
from preuve.library.baseline import load_baseline


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with one volume that is not encrypted."""
    return workspace(tmp_path / "shop", volumes("old"))


def test_a_baseline_lets_through_what_was_there_and_nothing_else(shop: Path) -> None:
    first = ci(shop)
    assert (first.exit_code, "aws_ebs_volume.old" in first.output) == (10, True)

    assert ci(shop, "--update-baseline").exit_code == 0
    lines = (shop / "baseline.yaml").read_text().splitlines()
    assert '    - {at: "infra:aws_ebs_volume.old", checks: [CKV_AWS_3]}' in lines

    moved = "# a comment\n\n" + volumes("fine", text=CLOSED) + volumes("old")
    (shop / "infra" / "main.tf").unlink()
    (shop / "infra" / "storage.tf").write_text(moved + volumes("new"))
    second = ci(shop, "--junit", str(shop / "j.xml"), "--summary", str(shop / "s.md"))
    assert second.exit_code == 10
    assert "aws_ebs_volume.new" in second.output
    assert "aws_ebs_volume.old" not in second.output

    cases = {
        case.name: case.result[0] for suite in JUnitXml.fromfile(str(shop / "j.xml")) for case in suite if case.result
    }
    assert type(cases["infra:aws_ebs_volume.old"]).__name__ == "Skipped"
    assert "Known before" in cases["infra:aws_ebs_volume.old"].message
    assert type(cases["infra:aws_ebs_volume.new"]).__name__ == "Failure"
    assert "known problem" in (shop / "s.md").read_text()


def test_what_was_fixed_can_leave_the_baseline(shop: Path) -> None:
    ci(shop, "--update-baseline")
    before = len(load_baseline(shop / "baseline.yaml").marks)
    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    fixed = ci(shop)
    assert (fixed.exit_code, "no longer occur" in fixed.output) == (0, True)
    ci(shop, "--update-baseline")
    assert len(load_baseline(shop / "baseline.yaml").marks) < before


def test_what_did_not_change_is_taken_from_the_cache_and_an_old_verdict_never_outlives_its_code(shop: Path) -> None:
    cache = shop.parent / "cache"
    first = ci(shop, "--cache", str(cache))
    again = ci(shop, "--cache", str(cache))
    assert again.stdout == first.stdout
    assert "scanned" in first.stderr
    assert "scanned" not in again.stderr
    assert "scanned" in ci(shop, "--cache", str(cache), "--no-cache").stderr

    (shop / "infra" / "main.tf").write_text(volumes("old", text=CLOSED))
    fixed = ci(shop, "--cache", str(cache))
    assert (fixed.exit_code, "scanned" in fixed.stderr) == (0, True)


def test_the_cache_never_lies_in_the_code_that_is_judged(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ci(shop, "--cache", str(shop / ".preuve" / "cache")).exit_code == 2
    monkeypatch.setenv("XDG_CACHE_HOME", str(shop / "home"))
    assert ci(shop).exit_code == 10
    assert not (shop / "home").exists()
