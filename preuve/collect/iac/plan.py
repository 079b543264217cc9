"""Divides a job into units, one for each root module. Knows nothing of Checkov: folders may come from the cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from preuve.collect.iac.job import NOT_COVERED, NOT_READ, STATE_NOT_READ, Gap, IacJob
from preuve.collect.iac.modules import MOST_COPIES, Folders, Reach, local_target, root_modules
from preuve.collect.iac.sources import Sources, is_folder
from preuve.collect.iac.tools import ENDINGS
from preuve.model.workspace import IacRoot


@dataclass(frozen=True)
class Unit:
    """One root to evaluate, or a configured folder that is none: then only its gaps are told."""

    kind: str
    root: str  # relative to the workspace, as it is called on disk
    gaps: tuple[Gap, ...] = ()  # beside those that evaluating it gives
    reach: Reach | None = field(default=None, compare=False)  # of a Terraform root
    empty: bool = False
    plan: str = ""  # the file with the plan of a Terraform root
    state: str = ""  # the file with its state

    @property
    def size(self) -> int:
        """A measure of the work."""
        return self.reach.size if self.reach else 0


@dataclass(frozen=True)
class Walk:
    """The folders below a configured one, and the links that were not followed."""

    start: Path
    paths: tuple[Path, ...]
    gaps: tuple[Gap, ...]


def walk(job: IacJob, folders: Folders) -> list[tuple[IacRoot, Walk]]:
    """Every configured folder with what lies below it."""
    found = []
    for root in job.roots:
        start = (folders.sources.base / root.path).resolve()
        gaps: list[Gap] = []
        found.append((root, Walk(start, tuple(folders.sources.folders(start, gaps)), tuple(gaps))))
    return found


def make_plan(walked: list[tuple[IacRoot, Walk]], folders: Folders) -> tuple[Unit, ...]:
    """The units of a job; folders of a workspace may overlap."""
    units: dict[tuple[str, str], Unit] = {}
    for root, below in walked:
        for unit in _units(folders, root, below):
            units.setdefault((unit.kind, unit.root), unit)
    return tuple(units[key] for key in sorted(units))


def touched(unit: Unit, changed: frozenset[str], sources: Sources) -> bool:
    """Whether one of the changed files lies in a folder that a unit is made of, or was made of."""
    if unit.reach is None:
        return any(PurePosixPath(name).is_relative_to(unit.root) for name in changed)
    calls = (call for folder in unit.reach.folders.values() for call in folder.calls)
    reached = (*unit.reach.folders, *filter(None, map(local_target, calls)))  # a module that is gone too
    folders = {sources.relative(path) for path in reached if path.is_relative_to(sources.base)}
    return unit.plan in changed or any(folders & _parts_of(name) for name in changed)


def _parts_of(name: str) -> set[str]:
    """The folders that a file is a part of: Terraform its own, any other also those above, which may read it."""
    parents = [parent.as_posix() for parent in PurePosixPath(name).parents]
    return set(parents[:1] if name.endswith((*ENDINGS, ".tfvars")) else parents)


def _units(folders: Folders, root: IacRoot, below: Walk) -> Iterator[Unit]:
    name = folders.sources.relative(below.start)
    if not is_folder(below.start, if_hidden=True):
        yield Unit(root.kind, name, (Gap("", NOT_COVERED, "the folder does not exist"),), empty=True)
    elif root.kind == "terraform":
        yield from _terraform(folders, below, root.plan, root.state)
    else:
        yield Unit(root.kind, name)


def _terraform(folders: Folders, below: Walk, plan: str, state: str) -> Iterator[Unit]:
    modules = root_modules(folders, below.paths)
    reached = {path for found in modules.values() for path in found.folders}
    gaps = {*below.gaps, *(gap for path in below.paths if path not in reached for gap in folders.at(path).gaps)}
    if not modules:
        gaps.add(Gap("", NOT_COVERED, "no Terraform file (*.tf, *.tofu) in this folder"))
    if plan and below.start not in modules:
        gaps.add(Gap(plan, NOT_READ, "its folder is no root module: name one in scope.iac"))
    if state and below.start not in modules:
        gaps.add(Gap(state, STATE_NOT_READ, "its folder is no root module: name one in scope.iac"))
    ordered = tuple(sorted(gaps))
    for module, found in modules.items():
        own = ordered if module == below.start else ()
        name = folders.sources.relative(module)
        if (copies := found.copies(module)) > MOST_COPIES:
            endless = Gap("", NOT_READ, f"its calls make {copies} modules, more than {MOST_COPIES}")
            yield Unit("terraform", name, (*own, endless), found, empty=True)
        else:
            given = (plan, state) if module == below.start else ("", "")
            yield Unit("terraform", name, own, found, plan=given[0], state=given[1])
    if ordered and below.start not in modules:
        yield Unit("terraform", folders.sources.relative(below.start), ordered, empty=True)
