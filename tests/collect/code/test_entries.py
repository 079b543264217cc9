"""Entries of `scope.iac` that call each other's folders."""

from __future__ import annotations

import os
import random
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


HOW_OFTEN = ("", "count = 0", "count = local.none", "for_each = {}", "count = var.on ? 1 : 0", "count = var.x")
NAMES = ("", "examples/a", "f", "f/g", "h", "live")


def tree(chance: random.Random, top: str) -> dict[str, str]:
    """Folders that call each other as it comes, in circles too, each with a volume that is made and one that may be."""
    files = {}
    for name in NAMES:
        on = chance.choice(("true", "false"))
        given = f'variable "on" {{\n  default = {on}\n}}\nvariable "x" {{}}\nlocals {{\n  none = 0\n}}\n'
        calls = ""
        for number, other in enumerate(chance.sample(NAMES, chance.randrange(3))):
            source = os.path.relpath(f"/{top}/{other}", f"/{top}/{name}")
            source = source if source.startswith(".") else f"./{source}"
            often, on = chance.choice(HOW_OFTEN), chance.choice(("", "on = true", "on = false"))
            calls += f'module "m{number}" {{\n  source = "{source}"\n  x = 1\n  {often}\n  {on}\n}}\n'
        blocks = volume() + volume("also").replace("{\n", f"{{\n  {chance.choice(HOW_OFTEN)}\n", 1)
        files[f"{top}/{name}/main.tf".replace("//", "/")] = given + calls + blocks
    return files


def test_no_folder_is_left_that_nothing_judged(tmp_path: Path) -> None:
    """Whatever calls what, and whether or not: each block has a result, or is told as one that is not made; and one
    that every copy of its folder makes has a result.
    """
    chance = random.Random(36)
    files = {name: text for number in range(60) for name, text in tree(chance, f"t{number}").items()}
    write(tmp_path / "w", files.items())
    job = IacJob(tmp_path / "w", (IacRoot(".", "terraform"),), frozenset({"CKV_AWS_3"}))
    found = Scan(tmp_path / "s", scan(job, tmp_path / "s"))
    judged = {(line["file"], line["line"]) for line in found.lines if line["kind"] == "record"}
    told = {(line["file"], line["line"]) for line in found.lines if line["kind"] == "gap"}
    roots = {line["root"] for line in found.lines if line["kind"] == "root"}
    for name, text in files.items():
        places = [(name, at) for at, line in enumerate(text.splitlines(), 1) if line.startswith("resource")]
        assert places[0] in judged, name
        assert places[1] in judged | told, name
    assert not roots.issuperset(map(os.path.dirname, files))
