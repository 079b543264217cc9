"""What a push writes into preuve.yaml adds to what the base has judged, and takes the place of nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from preuve.collect.code.files.folders import Reader
from preuve.collect.code.files.sources import Sources
from preuve.collect.code.job import IacJob
from preuve.collect.code.run.units import Unit, make_plan, united, walk
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.pipeline.push.scope import scope_of

_FOLDERS = ("infra", "infra/prod", "infra/dev", "other")
_SPELLED = (*_FOLDERS, "./infra/prod", "infra/prod/", "infra/link", "infra/../other")  # the link leads to infra/prod
_RUNS = (TerraformRun(variables=("a.tfvars",)), TerraformRun(variables=("b.tfvars",)), TerraformRun("staging"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for folder in _FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "main.tf").write_text('variable "x" {}\n')
    (root / "infra" / "link").symlink_to("prod")
    for name in ("a.tfvars", "b.tfvars"):
        (root / name).write_text("")
    return root


def _units(root: Path, entries: Iterable[IacRoot]) -> dict[str, Unit]:
    reader = Reader(Sources(root))
    return {unit.root: unit for unit in make_plan(walk(_job(root, entries), reader), reader) if unit.reach}


def _job(root: Path, entries: Iterable[IacRoot]) -> IacJob:
    return IacJob(root, united(root, entries), frozenset())


def _entries(chance: random.Random, paths: tuple[str, ...]) -> list[IacRoot]:
    def one(path: str) -> IacRoot:
        runs = tuple(chance.sample(_RUNS, chance.randrange(3)))
        plan, state = chance.choice(("", "plan.json", "x.json")), chance.choice(("", "s"))
        tags, region = chance.choice((None, {}, {"Owner": path})), chance.choice(("", "eu-west-3", "us-east-1"))
        return IacRoot(path, "terraform", plan, state, runs, tags, region)

    return [one(path) for path in chance.sample(paths, chance.randrange(1, 4))]


@pytest.mark.parametrize("seed", range(150))
def test_no_entry_of_a_push_takes_the_place_of_what_the_base_says(tree: Path, seed: int) -> None:
    chance = random.Random(seed)
    base, pushed = _entries(chance, _FOLDERS), _entries(chance, _SPELLED)
    scope = scope_of(tree, base, pushed)
    alone, together, before = (_units(tree, entries) for entries in (base, scope.judged, scope.before))
    plain = (TerraformRun(),)
    for name, unit in alone.items():
        now = together[name]
        assert {*(unit.runs or plain)} <= {*(now.runs or plain)}, name
        assert (now.plan, now.state) == (unit.plan, unit.state), name
        assert (before[name].runs, before[name].plan) == (unit.runs, unit.plan), name
    for name in together:
        judges = (base, scope.judged, scope.before)
        said = [_job(tree, entries).outside("terraform", tree.resolve() / name) for entries in judges]
        assert said[0] == said[1] == said[2], name
    assert together.keys() >= _units(tree, pushed).keys()
    assert all(not together[name].plan for name in together.keys() - alone.keys())
