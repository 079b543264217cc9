"""Entries of `scope.iac` that call each other's folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.code.conftest import Scan, volume, write
from preuve.collect.code import IacJob, scan
from preuve.model.company.code import IacRoot, TerraformRun

CALL = 'module "m" {\n  source = "../../modules/disk"\n  on = true\n}\n'
DISK = 'variable "on" { type = bool }\n' + volume(encrypted="var.on")


@pytest.mark.parametrize(
    ("module", "call", "roots"),
    [
        (IacRoot("modules", "terraform"), CALL, {"live/prod"}),
        (
            IacRoot("modules", "terraform"),
            CALL.replace("on = true", "on = true\n  count = 0"),
            {"live/prod", "modules/disk"},
        ),
        (IacRoot("modules/disk", "terraform"), CALL, {"live/prod"}),
        (IacRoot("modules/disk", "terraform", runs=(TerraformRun("x"),)), CALL, {"live/prod", "modules/disk"}),
    ],
)
def test_a_folder_that_another_entry_calls_is_its_module(
    module: IacRoot, call: str, roots: set[str], tmp_path: Path
) -> None:
    write(tmp_path / "w", {"live/prod/main.tf": call, "modules/disk/main.tf": DISK}.items())
    job = IacJob(tmp_path / "w", (IacRoot("live", "terraform"), module), frozenset({"CKV_AWS_3"}))
    found = Scan(tmp_path / "s", scan(job, tmp_path / "s"))
    assert {line["root"] for line in found.lines if line["kind"] == "root" and line["files"]} == roots
    assert [line for line in found.lines if line["kind"] == "gap" and line["cause"] != "not_made"] == []
    if "modules/disk" not in roots:
        assert found.record("live/prod", "module.m.aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "PASSED"
