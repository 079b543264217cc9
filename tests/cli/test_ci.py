"""`preuve ci` as a push meets it: through the command line, on small trees of Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from junitparser import JUnitXml

from preuve.cli.main import main
from preuve.library.baseline import load_baseline

WORKSPACE = """\
schema: 1
organisation: {name: Shop, country: FR}
scope: {iac: [{path: infra, kind: terraform}]}
gate: {severity: high}
"""
OPEN = 'resource "aws_ebs_volume" "%s" {\n  availability_zone = "eu-west-3a"\n  encrypted = false\n}\n'
CLOSED = OPEN.replace("false", "true")


def volumes(*names: str, text: str = OPEN) -> str:
    return "".join(text % name for name in names)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with one volume that is not encrypted."""
    folder = tmp_path / "shop"
    (folder / "infra").mkdir(parents=True)
    (folder / "preuve.yaml").write_text(WORKSPACE)
    (folder / "infra" / "main.tf").write_text(volumes("old"))
    return folder


def ci(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["ci", str(folder), *arguments], catch_exceptions=False)


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
