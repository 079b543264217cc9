"""Divides a job into units, one for each root module, and prepares Checkov for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from checkov.version import version

from preuve.collect.iac import cloudformation, terraform
from preuve.collect.iac.accelerate import accelerate
from preuve.collect.iac.engine import Engine
from preuve.collect.iac.job import NOT_COVERED, Gap, IacJob, Line, Scope, Unit
from preuve.collect.iac.sources import Sources
from preuve.model.workspace import IacRoot

_OF_BLOCKS = {"dockerfile": "preuve.collect.iac.dockerfile", "github_actions": "preuve.collect.iac.workflows"}


@dataclass(frozen=True)
class Plan:
    """The units of a job, and what does the work."""

    units: tuple[Unit, ...]
    checkov: str
    accelerated: bool
    unknown_checks: tuple[str, ...]


def make_plan(job: IacJob) -> Plan:
    """Find the root modules below the folders of a job."""
    accelerated = job.accelerate and accelerate(version)
    engine = Engine(job.checks, job.rules)
    sources = Sources(job.base)
    folders = terraform.Folders(sources)
    units: dict[tuple[str, str], Unit] = {}
    for root in job.roots:
        for unit in _units(engine, sources, folders, root):
            units.setdefault((unit.kind, unit.root), unit)  # folders of a workspace may overlap
    ordered = tuple(units[key] for key in sorted(units))
    return Plan(ordered, version, accelerated, engine.unknown_checks)


def _units(engine: Engine, sources: Sources, folders: terraform.Folders, root: IacRoot) -> Iterator[Unit]:
    start = (sources.base / root.path).resolve()
    if not start.is_dir():
        yield _empty(sources, root, start, [Gap("", NOT_COVERED, "the folder does not exist")])
    elif root.kind == "cloudformation":
        name = sources.relative(start)
        yield Unit(root.kind, name, partial(cloudformation.evaluate, engine, sources, start, name))
    elif root.kind in _OF_BLOCKS:
        module = import_module(_OF_BLOCKS[root.kind])  # loads checks of Checkov that others do not need
        name = sources.relative(start)
        checks = module.checks_of(engine.checks, engine.rules)
        yield Unit(root.kind, name, partial(module.evaluate, checks, sources, start, name))
    else:
        yield from _terraform(engine, sources, folders, root, start)


def _terraform(
    engine: Engine, sources: Sources, folders: terraform.Folders, root: IacRoot, start: Path
) -> Iterator[Unit]:
    gaps: list[Gap] = []
    paths = list(sources.folders(start, gaps))
    modules = terraform.root_modules(folders, paths)
    reached = {folder.path for module in modules for folder in terraform.reach(folders, module).folders}
    gaps += [gap for path in paths if path not in reached for gap in folders.at(path).gaps]
    if not modules:
        gaps.append(Gap("", NOT_COVERED, "no Terraform file (*.tf) in this folder"))
    for module in modules:
        name = sources.relative(module)
        yield Unit("terraform", name, partial(_with, gaps if module == start else [], engine, folders, module))
    if gaps and start not in modules:
        yield _empty(sources, root, start, gaps)


def _with(gaps: list[Gap], engine: Engine, folders: terraform.Folders, module: Path) -> list[Line]:
    name = folders.sources.relative(module)
    return [
        *terraform.evaluate(engine, folders, module, name),
        *(gap.to_line(name, "terraform") for gap in sorted(set(gaps))),
    ]


def _empty(sources: Sources, root: IacRoot, start: Path, gaps: list[Gap]) -> Unit:
    """A configured folder that is no root itself: only what could not be read there."""
    name = sources.relative(start)
    lines = [Scope(root.kind).to_line(name), *(gap.to_line(name, root.kind) for gap in sorted(set(gaps)))]
    return Unit(root.kind, name, lambda: lines)
