"""The runs of a root module: the evaluation gets them from the scope, and a missing file is reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preuve.collect.code import IacJob, scan
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.job import from_text, job_from_json
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.units import Unit, make_plan, united, walk
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.model.errors import UsageError

from .conftest import CHECKS, Scan, Scanner, volume, write

PROD = TerraformRun("prod", ("infra/prod.tfvars",))
STAGING = TerraformRun("staging", ("infra/staging.tfvars",))


def _units(job: IacJob) -> dict[str, Unit]:
    folders = Reader(Sources(job.base))
    return {unit.root: unit for unit in make_plan(walk(job, folders), folders) if not unit.file}


@pytest.mark.parametrize("name", ["infra", "é → \u2028", "not UTF-8: \udcff"])
def test_the_worker_gets_the_runs(tmp_path: Path, name: str) -> None:
    job = IacJob(tmp_path, (IacRoot(name, "terraform", runs=(PROD, STAGING)),), CHECKS)
    text = job.to_json(2)
    assert job_from_json(from_text(text))[0].roots == job_from_json(json.loads(text))[0].roots == job.roots
    assert "\n" not in text


@pytest.mark.parametrize("order", [1, -1])
def test_a_run_applies_only_to_its_named_root_module(tmp_path: Path, order: int) -> None:
    write(tmp_path, [("main.tf", volume()), ("infra/main.tf", volume()), ("infra/prod.tfvars", "")])
    roots = (IacRoot(".", "terraform"), IacRoot("infra", "terraform", runs=(PROD,)))[::order]
    units = _units(IacJob(tmp_path, roots, CHECKS))
    assert {root: unit.runs for root, unit in units.items()} == {".": (), "infra": (PROD,)}
    assert ChangedUnits(Sources(tmp_path), frozenset({"infra/prod.tfvars"})).touches(units["infra"])
    assert not ChangedUnits(Sources(tmp_path), frozenset({"infra/more.tf"})).touches(units["."])


def test_several_entries_for_one_folder_are_combined() -> None:
    plain, prod = IacRoot("infra", "terraform"), IacRoot("./infra", "terraform", runs=(PROD,))
    assert united(Path(), [plain, prod, prod])[0].runs == (TerraformRun(), PROD)
    assert united(Path(), [prod, IacRoot("infra", "terraform", runs=(STAGING,))])[0].runs == (PROD, STAGING)
    assert united(Path(), [plain, IacRoot("infra", "cloudformation")]) == (plain, IacRoot("infra", "cloudformation"))


def test_an_unreadable_variable_file_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, [("infra/main.tf", volume()), ("infra/staging.tfvars", b"\xff")])
    (tmp_path / "infra" / "circle.tfvars").symlink_to("circle.tfvars")
    runs = (PROD, STAGING, TerraformRun(variables=("infra", "infra/circle.tfvars")))
    job = IacJob(tmp_path, (IacRoot("infra", "terraform", runs=runs),), CHECKS)
    gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).gaps("infra")
    assert sorted({(file, cause) for file, _, cause, _ in gaps}) == [
        ("infra", "not_read"),
        ("infra/circle.tfvars", "not_read"),
        ("infra/prod.tfvars", "not_read"),
        ("infra/staging.tfvars", "parse_error"),
    ]


def test_a_variable_file_outside_the_workspace_is_refused(tmp_path: Path) -> None:
    write(tmp_path, [("w/infra/main.tf", volume()), ("secret.tfvars", "")])
    (tmp_path / "w" / "infra" / "prod.tfvars").symlink_to("../../secret.tfvars")
    job = IacJob(tmp_path / "w", (IacRoot("infra", "terraform", runs=(PROD,)),), CHECKS)
    with pytest.raises(UsageError, match="outside the workspace"):
        scan(job, tmp_path / "snapshot")


def test_runs_of_a_folder_that_is_no_root_module_are_a_gap(tmp_path: Path) -> None:
    write(tmp_path, [("infra/prod/main.tf", volume()), ("infra/prod.tfvars", "")])
    unit = _units(IacJob(tmp_path, (IacRoot("infra", "terraform", runs=(PROD,)),), CHECKS))["infra"]
    assert [(gap.file, gap.cause) for gap in unit.gaps] == [("infra/prod.tfvars", "not_read")]


def test_a_variable_set_by_another_run_does_not_make_this_run_unknown(scan_files: Scanner) -> None:
    code = volume(encrypted="var.on") + 'variable "on" { type = bool }\n'
    files = {"infra/main.tf": code, "infra/prod.tfvars": "on = false", "infra/staging.tfvars": "on = true"}
    found = scan_files(files, checks=frozenset({"CKV_AWS_3"}), runs=(PROD, STAGING))
    results = {line["result"] for line in found.of("record", "infra")}
    assert "FAILED" in results and "UNKNOWN" not in results
    alone = scan_files(files, checks=frozenset({"CKV_AWS_3"}), runs=(PROD,))
    assert {line["result"] for line in alone.of("record", "infra")} == {"UNKNOWN"}
