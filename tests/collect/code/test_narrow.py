"""If only the changes of a push are examined, every file that a root reads counts as a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.collect.code import IacJob, concerns_all
from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.units import make_plan, walk
from preuve.model.company.code import IacRoot

from .conftest import CHECKS, volume, write


def _touched(base: Path, changed: str) -> set[str]:
    sources = Sources(base)
    folders = Reader(sources)
    units = make_plan(walk(IacJob(base, (IacRoot("infra", "terraform"),), CHECKS), folders), folders)
    narrowed = ChangedUnits(sources, frozenset({changed}))
    return {unit.root for unit in units if narrowed.touches(unit)}


@pytest.mark.parametrize(
    ("read", "changed", "counts"),
    [
        ('file("${path.module}/../../cfg/c.json")', "cfg/c.json", True),
        ('file("../../cfg/c.json")', "cfg/c.json", True),
        ("templatefile(var.template, {})", "cfg/c.tpl", True),
        ("filesha256(local.path)", "infra/b/main.tf", True),
        ('fileexists("${dirname(path.module)}/c.json")', "infra/c.json", True),
        ('file("${path.module}/${each.key}")', "cfg/c.json", True),
        ('file("templates/x.tf")', "infra/a/templates/x.tf", True),
        ('file("${path.module}/c.json")', "infra/a/c.json", True),
        ('file("${path.module}/c.json")', "cfg/c.json", False),
        ('upper("x")', "cfg/c.json", False),
        ('upper("x")', "infra/a/templates/x.tf", False),
    ],
)
def test_a_file_that_a_function_may_read_belongs_to_the_root(
    tmp_path: Path, read: str, changed: str, counts: bool
) -> None:
    write(tmp_path, [("infra/a/main.tf", f"locals {{\n  read = {read}\n}}\n"), ("infra/b/main.tf", volume())])
    assert ("infra/a" in _touched(tmp_path, changed)) is counts


_GIVING = {
    "Makefile": "plan:\n\tterraform plan -var 'c=1'\n",
    "deploy.yml": "env:\n  TF_VAR_c: 1\n",
    "env/prod.tfvars": "c = 1\n",
    "env/prod.json": '{"c": "1"}',
    "params/prod.json": '[{"ParameterKey": "C", "ParameterValue": "0.0.0.0/0"}]',
}


@pytest.mark.parametrize("name", _GIVING)
def test_a_file_that_gives_values_affects_all_roots_if_added_changed_or_removed(tmp_path: Path, name: str) -> None:
    home, before = tmp_path / "home", tmp_path / "before"
    template = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref C}}}\n"
    write(home, [("infra/main.tf", volume()), ("t.yaml", template), ("README.md", "Nothing to see\n")])
    write(before, [("README.md", "Nothing\n")])
    kinds = ("terraform", "cloudformation")
    assert not concerns_all(home, ["README.md"], kinds, before)
    write(before, [(name, _GIVING[name])])
    assert concerns_all(home, ["README.md", name], kinds, before)
    assert not concerns_all(home, ["README.md", name], ("dockerfile",), before)


def test_a_variable_file_below_code_belongs_to_its_root(tmp_path: Path) -> None:
    write(tmp_path, [("infra/main.tf", volume()), ("infra/env/prod.tfvars", "c = 1\n")])
    assert not concerns_all(tmp_path, ["infra/env/prod.tfvars"], ("terraform",), tmp_path / "before")
    assert concerns_all(tmp_path, ["infra/env/prod.tfvars", "infra/main.tf"], ("terraform",), tmp_path / "before")


def test_a_link_and_its_target_affect_all_roots(tmp_path: Path) -> None:
    before = tmp_path / "before"
    home = tmp_path / "home"
    write(home, [("infra/main.tf", volume()), ("real/net/main.tf", volume()), ("real/apart.tf", volume())])
    (home / "infra" / "m").symlink_to("../real/net")
    assert concerns_all(home, ["real/net/main.tf"], ("terraform",), before)
    assert concerns_all(home, ["real/net/gone.tf"], ("terraform",), before)
    assert not concerns_all(home, ["real/apart.tf"], ("terraform",), before)
    (home / "infra" / "other.tf").symlink_to("../real/apart.tf")
    assert concerns_all(home, ["real/apart.tf"], ("terraform",), before)
    assert concerns_all(home, ["infra/m"], ("terraform",), before)
    before.mkdir()
    (before / "gone").symlink_to("infra")
    assert concerns_all(home, ["gone"], ("terraform",), before)
