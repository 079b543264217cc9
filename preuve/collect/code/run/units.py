"""Divides a job into units, one for each root module and each template.

Knows nothing of Checkov: folders may come from the cache.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from preuve.collect.code.files.modules import MOST_COPIES, Folders, Reach, called_folders, reach, root_modules
from preuve.collect.code.files.sources import Sources, is_folder, real
from preuve.collect.code.files.templates import NO_TEMPLATE, candidates
from preuve.collect.code.files.tools import ENDINGS
from preuve.collect.code.inputs.parameter_files import may_be_given
from preuve.collect.code.inputs.values_files import parameters_in, values_files
from preuve.collect.code.inputs.variables import ENDINGS as VARIABLES
from preuve.collect.code.job import Gap, IacJob
from preuve.collect.code.run.applied_folders import AppliedFolders
from preuve.model.company.code import IacRoot, TerraformRun
from preuve.model.snapshot import NOT_COVERED, NOT_READ, STATE_NOT_READ


@dataclass(frozen=True)
class Unit:
    """One root to evaluate, or a configured folder that is no root and only has gaps."""

    kind: str
    root: str  # relative to the workspace, as named on disk
    gaps: tuple[Gap, ...] = ()  # in addition to gaps found by evaluating it
    reach: Reach | None = field(default=None, compare=False)  # of a Terraform root
    empty: bool = False
    plan: str = ""  # the file with the plan of a Terraform root
    state: str = ""  # the file with its state
    runs: tuple[TerraformRun, ...] = ()  # the ways in which a Terraform root is applied; each is judged
    shown: frozenset[Path] = field(
        default=frozenset(), compare=False
    )  # the files that show a called folder to be a root, or leave it open
    file: str = ""  # the template that this unit is, or the folder of its parts
    maybe: str = ""  # the file that may apply a called folder: only what is worse than in the calls counts

    @property
    def size(self) -> int:
        """An estimate of the work."""
        return self.reach.size if self.reach else 0


@dataclass(frozen=True)
class Walk:
    """The folders below a configured one, and the links that were not followed."""

    start: Path
    paths: tuple[Path, ...]
    gaps: tuple[Gap, ...]
    templates: tuple[Path, ...] = ()
    values: tuple[Path, ...] = ()  # files with values for code


def united(base: Path, roots: Iterable[IacRoot]) -> tuple[IacRoot, ...]:
    """Merge entries of one folder below `base` and kind: all their runs, and the first plan, state, tags and region. A
    link counts as the folder that it leads to.

    An entry without runs means the plain run and is kept beside entries with runs, so that no entry hides another.
    """
    found: dict[tuple[Path, str], IacRoot] = {}
    for root in roots:
        key = (real(base / root.path), root.kind)
        found[key] = _both(found[key], root) if key in found else root
    return tuple(found.values())


def _both(one: IacRoot, other: IacRoot) -> IacRoot:
    plain = (TerraformRun(),) if one.runs or other.runs else ()
    runs = dict.fromkeys((*(one.runs or plain), *(other.runs or plain)))
    one = replace(one, tags=other.tags if one.tags is None else one.tags, region=one.region or other.region)
    one = replace(one, merged=one.merged or other.merged)
    return replace(one, plan=one.plan or other.plan, state=one.state or other.state, runs=tuple(runs))


def walk(job: IacJob, folders: Folders) -> list[tuple[IacRoot, Walk]]:
    """Return every configured folder with its subfolders."""
    found = []
    plans = {folders.sources.base / root.plan for root in job.roots if root.plan}  # plans are judged, but not stored
    read = [real(folders.sources.base / root.path) for root in job.roots if root.kind == "terraform"]  # with variables
    giving = _giving(folders.sources) if any(root.kind == "cloudformation" for root in job.roots) else ()
    for root in job.roots:
        start = real(folders.sources.base / root.path)
        gaps: list[Gap] = []
        paths = tuple(folders.sources.folders(start, gaps))
        found_in = candidates(folders.sources, paths, gaps, parts=root.merged)
        templates = tuple(found_in) if root.kind == "cloudformation" else ()
        values = [*(values_files(folders.sources, paths) if root.kind in ("terraform", "cloudformation") else ())]
        values = [file for file in values if file not in plans]
        if root.kind == "cloudformation":
            values = [file for file in values if not (file.name.endswith(VARIABLES) and _is_below(file, read))]
        values += giving if root.kind == "cloudformation" else ()
        found.append((root, Walk(start, paths, tuple(gaps), templates, tuple(values))))
    return found


def _is_below(file: Path, folders: Iterable[Path]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)


def _giving(sources: Sources) -> tuple[Path, ...]:
    """Return the files anywhere in the workspace that give template parameters their values; searched once."""
    return tuple(file for file in sources.everything() if may_be_given(file) and parameters_in(sources, file))


def make_plan(
    walked: list[tuple[IacRoot, Walk]],
    folders: Folders,
    applied: Collection[str] = (),
    evidence: AppliedFolders | None = None,
) -> tuple[Unit, ...]:
    """Return the units of a job; the folders of its entries may overlap. `applied` are roots even if a module calls
    them, and so are the folders that the `evidence` in the workspace shows to be applied; those that something there
    may apply are units beside their calls.
    """
    units: dict[tuple[str, str, str], Unit] = {}
    named = {below.start: root for root, below in walked if root.kind == "terraform"}
    given = {folders.sources.relative(file) for _, below in walked for file in below.values}
    roots = frozenset(folders.sources.base / name for name in applied)
    templates = {below.start: root.merged for root, below in walked if root.kind == "cloudformation"}
    evidence = evidence or AppliedFolders(folders.sources)
    called = _called(walked, folders)
    shown = {path: files for path in called if (files := frozenset(evidence.shown_by(folders, path)))}
    modules = _modules(walked, folders, {*roots, *shown})
    read: set[str] = set()  # files read so far: a file counts once, even if several entries name its folder
    for root, below in walked:
        for unit in _units(folders, root, _without(below, templates), named, modules):
            if unit.file not in read:
                by = shown.get(folders.sources.base / unit.root, frozenset())
                units.setdefault((unit.kind, unit.root, unit.file), replace(unit, shown=by))
            read |= {unit.file} & given
    for path in sorted(called - modules.keys()):
        found = reach(folders, path)
        if found.copies(path) > MOST_COPIES:
            continue  # reported at its callers, which have the same number of copies
        if by := evidence.left_open_by(folders, path):
            name, first = folders.sources.relative(path), folders.sources.relative(min(by))
            unit = Unit("terraform", name, reach=found, shown=by, maybe=first)
            units.setdefault((unit.kind, unit.root, unit.file), unit)
    return tuple(units[key] for key in sorted(units))


def _called(walked: list[tuple[IacRoot, Walk]], folders: Folders) -> Set[Path]:
    """Return the folders in scope that others call."""
    paths = dict.fromkeys(path for root, below in walked if root.kind == "terraform" for path in below.paths)
    holding = [path for path in paths if folders.at(path).files]
    return called_folders(folders, holding).intersection(holding)


def _modules(walked: list[tuple[IacRoot, Walk]], folders: Folders, applied: Collection[Path]) -> Mapping[Path, Reach]:
    """Return the root modules of all entries together, since one may call the folders of another. A folder whose entry
    says how it is applied is a root.
    """
    entries = [(root, below) for root, below in walked if root.kind == "terraform"]
    paths = dict.fromkeys(path for _, below in entries for path in below.paths)
    said = {below.start for root, below in entries if root.plan or root.state or root.runs or root.region}
    return root_modules(folders, paths, {*applied, *said})


def _without(below: Walk, entries: Mapping[Path, bool]) -> Walk:
    """Return a walk without the templates that are parts of one which another entry names; for a walk of parts, without
    those that have their own entry. `entries` are folders of templates, with whether each holds the parts of one
    template.
    """
    apart = entries.get(below.start, False)
    inside = (folder for folder in entries if folder != below.start and folder.is_relative_to(below.start))
    others = [folder for folder in inside if apart or entries[folder]]
    own = (file for file in below.templates if not _is_below(file, others))
    return replace(below, templates=tuple(own)) if others else below


def _units(
    folders: Folders, root: IacRoot, below: Walk, named: Mapping[Path, IacRoot], modules: Mapping[Path, Reach]
) -> Iterator[Unit]:
    name = folders.sources.relative(below.start)
    if not is_folder(below.start, if_hidden=True):
        yield Unit(root.kind, name, (Gap("", NOT_COVERED, "the folder does not exist"),), empty=True)
    elif root.kind == "terraform":
        yield from _terraform(folders, below, named, modules)
    elif root.kind == "cloudformation":
        yield from _cloudformation(folders, name, below, merged=root.merged)
    else:
        yield Unit(root.kind, name)


def _cloudformation(folders: Folders, name: str, below: Walk, *, merged: bool) -> Iterator[Unit]:
    gaps = set(below.gaps)
    if not below.templates:
        gaps.add(Gap("", NOT_COVERED, NO_TEMPLATE))
    if gaps:
        yield Unit("cloudformation", name, tuple(sorted(gaps)), empty=True)
    templates = (below.start,) if merged and below.templates else below.templates
    for file in dict.fromkeys((*templates, *below.values)):
        yield Unit("cloudformation", name, file=folders.sources.relative(file))


def _terraform(
    folders: Folders, below: Walk, named: Mapping[Path, IacRoot], every: Mapping[Path, Reach]
) -> Iterator[Unit]:
    modules = {path: every[path] for path in sorted(below.paths) if path in every}
    reached = {path for found in every.values() for path in found.folders}
    gaps = {*below.gaps, *(gap for path in below.paths if path not in reached for gap in folders.at(path).gaps)}
    is_code = any(folders.at(path).files for path in below.paths)
    if not is_code and not any(gap.file.endswith(ENDINGS) for gap in gaps):  # an unreadable file is reported as such
        gaps.add(Gap("", NOT_COVERED, "no Terraform file (*.tf, *.tofu) in this folder"))
    if below.start not in modules:
        gaps.update(_of_no_root(named[below.start]))
    ordered = tuple(sorted(gaps))
    for module, found in modules.items():
        entry = named.get(module, _PLAIN)
        own = (*(ordered if module == below.start else ()), *_missing(folders.sources, entry))
        name = folders.sources.relative(module)
        if (copies := found.copies(module)) > MOST_COPIES:
            endless = Gap("", NOT_READ, f"its calls make {copies} modules, more than {MOST_COPIES}")
            yield Unit("terraform", name, (*own, endless), found, empty=True)
        else:
            yield Unit("terraform", name, own, found, plan=entry.plan, state=entry.state, runs=entry.runs)
    if ordered and below.start not in modules:
        yield Unit("terraform", folders.sources.relative(below.start), ordered, empty=True)
    variables = list(_beside(folders, below.paths, modules))
    read = {file for path in below.paths for file in folders.at(path).variables}
    read |= {folders.sources.base / name for entry in named.values() for run in entry.runs for name in run.variables}
    others = [file for file in below.values if file not in read and not file.name.endswith(VARIABLES)]
    for file in (*variables, *others):
        yield Unit("terraform", folders.sources.relative(file.parent), file=folders.sources.relative(file))


def _beside(folders: Folders, paths: Iterable[Path], modules: Mapping[Path, Reach]) -> Iterator[Path]:
    """Yield variable files that no root reads: they are reported, and searched for secrets."""
    known = set(paths)
    for path in paths:
        above, variables = path, folders.at(path).variables
        while variables and above not in modules and above in known and not folders.at(above).files:
            above = above.parent
        if above not in modules:
            yield from variables


_PLAIN = IacRoot("", "terraform")  # a root module that no entry names itself


def _of_no_root(entry: IacRoot) -> Iterator[Gap]:
    """Yield the gaps of an entry whose folder is not a root module."""
    if entry.plan or entry.runs:
        what = entry.plan or next((file for run in entry.runs for file in run.variables), "")
        yield Gap(what, NOT_READ, "its folder is not a root module: name one in scope.iac")
    if entry.state:
        yield Gap(entry.state, STATE_NOT_READ, "its folder is not a root module: name one in scope.iac")


def _missing(sources: Sources, entry: IacRoot) -> Iterator[Gap]:
    """Yield the files of variables that are missing or unreadable."""
    for file in dict.fromkeys(file for run in entry.runs for file in run.variables):
        path = sources.base / file
        gap = sources.screen(path) if path.exists() else Gap(file, NOT_READ, "this variables file does not exist")
        if gap is not None:
            yield gap
