"""The gate of a push: examine the code, tell new findings from known ones."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.assess.known import baseline_of, compare, gone
from preuve.collect.iac import Progress
from preuve.library.workspace import FILE, load_workspace
from preuve.model.baseline import Baseline, Comparison
from preuve.model.content import Severity
from preuve.model.errors import ContentError, UsageError
from preuve.model.push import Push
from preuve.model.results import Assessment
from preuve.model.workspace import IacRoot, Workspace
from preuve.pipeline.base import Base
from preuve.pipeline.baseline import baseline_path, read_baseline, record
from preuve.pipeline.code import examine_code
from preuve.pipeline.content import check_content
from preuve.pipeline.git import Repository
from preuve.pipeline.init import code_folders
from preuve.pipeline.prepare import Prepared, adds_content, prepare


@dataclass(frozen=True)
class Request:
    """What is asked of a run."""

    path: Path
    frameworks: tuple[str, ...] = ()
    gate: Severity | None = None
    baseline: Path | None = None
    base: str = ""
    judge_head: bool = False  # by the pushed workspace, though there is a base
    cache: Path | None = None  # results of earlier runs


@dataclass(frozen=True)
class _Judge:
    """What judges: a workspace, prepared, and the folder that its files are in."""

    prepared: Prepared
    home: Path
    commit: str = ""  # "" where it is the pushed one


def examine(request: Request, progress: Progress) -> Push:
    """Examine the code of a workspace and compare it with what was there before."""
    base = Base.of(request.path, request.base) if request.base else None
    with tempfile.TemporaryDirectory(prefix="preuve-") as scratch:
        judge = _judge(request, base, Path(scratch) / "judge")
        found = examine_code(judge.prepared, progress, request.cache)
        before, compared = _before(request, base, judge, found, progress)
    return Push(
        assessment=compare(found, before),
        library=judge.prepared.library,
        gate=request.gate or judge.prepared.workspace.gate,
        language=judge.prepared.workspace.language,
        compared=replace(compared, gone=gone(found, before, (policy.id for policy in judge.prepared.policies))),
        judged_by=judge.commit,
        prefix=base.prefix if base else _prefix(request.path),
        changes=base.changed_judges() if base else (),
    )


def _prefix(path: Path) -> str:
    repository = Repository.around(path)
    return repository.prefix(path) if repository else ""


# ---- what judges --------------------------------------------------------------------------------------------------


def _judge(request: Request, base: Base | None, home: Path) -> _Judge:
    """The workspace that judges: the base's, or where there is none or it is not wanted, the pushed one."""
    if base and not request.judge_head and base.judges(home, _in_workspace(request)):
        prepared = prepare(home, request.frameworks)
        pushed = _linted(request.path, prepared)
        # The code in scope is that of both: a push takes nothing out of sight, and what it adds is seen at once.
        code = tuple(dict.fromkeys((*prepared.workspace.iac, *pushed.iac)))
        workspace = replace(prepared.workspace, root=request.path, iac=code)
        return _Judge(replace(prepared, workspace=workspace), home, base.name)
    if (request.path / FILE).is_file():
        prepared = prepare(request.path, request.frameworks)
        _linted(request.path, prepared)
    else:
        prepared = prepare(request.path, request.frameworks, _code(request.path))
    return _Judge(prepared, request.path)


def _linted(path: Path, prepared: Prepared) -> Workspace:
    """The pushed workspace; raises ContentError with every problem. Bundled content was linted when it was built."""
    if not (path / FILE).is_file():
        return prepared.workspace
    own = adds_content(path)
    library = check_content(path, update_lock=False).library if own else prepared.library
    pushed = prepared.workspace if prepared.workspace.root == path else load_workspace(path, library)
    if pushed.problems:
        raise ContentError(pushed.problems)
    return pushed


def _code(path: Path) -> tuple[IacRoot, ...]:
    """The code of a folder that is no workspace; UsageError where it is a part of one, which judges it."""
    repository = Repository.around(path)
    above = path.resolve().parents if repository else ()
    for folder in above:
        if repository and folder.is_relative_to(repository.top) and (folder / FILE).is_file():
            raise UsageError(f"{path} is a part of the workspace {folder}", f"run: preuve ci {folder}")
    if not code_folders(path):
        raise UsageError(f"there is neither {FILE} nor Terraform in {path.resolve()}", "run: preuve init")
    return (IacRoot(".", "terraform"),)


# ---- what was there before ----------------------------------------------------------------------------------------


def _before(
    request: Request, base: Base | None, judge: _Judge, found: Assessment, progress: Progress
) -> tuple[Baseline, Comparison]:
    """What is known: a baseline, read where the judge is, or else the code of the base."""
    if request.baseline is None and base is not None:
        return _before_in(base, judge.prepared, found, progress, request.cache), Comparison("base", base.name)
    known = read_baseline(request.path, request.baseline and _trusted(request, base, judge))
    name = baseline_path(request.path, request.baseline).name
    return (Baseline(), Comparison()) if known is None else (known, Comparison("baseline", name))


def _trusted(request: Request, base: Base | None, judge: _Judge) -> Path:
    """The baseline as it is where the judge is."""
    path, inside = baseline_path(request.path, request.baseline), _in_workspace(request)
    if base is None or not judge.commit:
        return path
    if not inside and path.resolve().is_relative_to(base.repository.top):
        raise UsageError(f"{path} is outside the workspace", "keep the baseline beside preuve.yaml")
    if inside and not (judge.home / inside).is_file():
        raise UsageError(f"{judge.commit} has no {inside}", "compare with its code instead: leave out --baseline")
    return judge.home / inside if inside else path


def _before_in(base: Base, prepared: Prepared, found: Assessment, progress: Progress, cache: Path | None) -> Baseline:
    if not base.changed():
        return baseline_of(found.findings)
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        before = Path(folder)
        if not base.code(before):
            return Baseline()
        progress(f"comparing with {base.name}")
        workspace = replace(prepared.workspace, root=before)
        return baseline_of(examine_code(replace(prepared, workspace=workspace), progress, cache).findings)


def _in_workspace(request: Request) -> str:
    """The baseline's path in the workspace, "" where it lies elsewhere."""
    path, home = baseline_path(request.path, request.baseline).resolve(), request.path.resolve()
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else ""


def update(request: Request, push: Push) -> Push:
    """Write what was found as known; answers the push as it is then."""
    path = baseline_path(request.path, request.baseline)
    return replace(push, assessment=record(push.assessment, path, "iac"), compared=Comparison("baseline", path.name))
