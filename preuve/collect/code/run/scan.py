"""Scans code: unchanged results come from the cache, the worker process evaluates the rest.

Nothing of Checkov is loaded here.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from preuve.collect.code.coverage import as_stored
from preuve.collect.code.files.kinds import TERRAFORM
from preuve.collect.code.files.modules import Folder, folder_from_json, own_address, root_modules
from preuve.collect.code.files.sources import Sources, real
from preuve.collect.code.files.templates import NO_TEMPLATE
from preuve.collect.code.inputs.state import NotAStateError, state_line
from preuve.collect.code.job import Gap, IacJob, IacSummary, Line, Scope, failed, in_order, one_root, presentable
from preuve.collect.code.run.applied_folders import AppliedFolders
from preuve.collect.code.run.census import CoveredFolders, not_examined, not_judged
from preuve.collect.code.run.process import EarlyWorker, Worker, WorkerStoppedError
from preuve.collect.code.run.reuse import Result, Reuse
from preuve.collect.code.run.selection import ChangedUnits
from preuve.collect.code.run.store import Store
from preuve.collect.code.run.units import Unit, Walk, make_plan, united, walk
from preuve.collect.code.verdict.verdict import FAILED, UNKNOWN, UNRESOLVED, undecided
from preuve.model.company.code import IacRoot
from preuve.model.errors import UsageError
from preuve.model.progress import Progress, Step, silent
from preuve.model.snapshot import LEFT_OUT, NO_PROVIDER, NOT_COVERED, SCANNER_FAILED, STATE_NOT_READ
from preuve.snapshot.roots import FOLDER, file_name
from preuve.snapshot.writer import line_text
from preuve.system.files import whole

Redact = Callable[[Sequence[Line]], list[Line]]

_APPLIES = " may apply this folder by itself"
_OF_PROVIDERS = re.compile(rf"{NO_PROVIDER}|{UNRESOLVED}provider\.")
_TIMEOUT = 3600.0  # seconds for the whole scan; each root has its own limit too


def scan(  # noqa: PLR0913 - a run needs the first two
    job: IacJob,
    destination: Path,
    *,
    python: str = sys.executable,
    workers: int = 0,
    timeout: float = _TIMEOUT,
    progress: Progress = silent,
    cache: Path | None = None,
    redact: Redact = list,
) -> IacSummary:
    """Scan `job` and write `destination/iac/<root>.jsonl`, one file for each root module.

    `python` is the interpreter that has Checkov; `workers` the number of processes (default: one for each processor).
    `redact` gives the lines of a root as they may be stored. What the worker does not finish within `timeout` seconds,
    or before it dies, is written as a gap. `cache` is a folder of earlier results, outside the workspace; without it
    everything is evaluated.
    Raises UsageError if a root or the cache is on the wrong side of the workspace's border, or `python` does not run.
    """
    return _scanned(job, python, workers, timeout, progress, cache).written(destination / FOLDER, redact)


def look(
    job: IacJob, *, progress: Progress = silent, cache: Path | None = None, ahead: EarlyWorker | None = None
) -> list[Line]:
    """Return the lines that `scan` would write, for callers without a snapshot. Use the worker `ahead` if given."""
    found = _scanned(job, sys.executable, 0, _TIMEOUT, progress, cache, ahead)
    return [line for _, _, lines in found.roots() for line in lines]


def _scanned(
    job: IacJob,
    python: str,
    workers: int,
    timeout: float,
    progress: Progress,
    cache: Path | None,
    ahead: EarlyWorker | None = None,
) -> _Scan:
    job = replace(job, roots=united(job.base, job.roots))
    sources = Sources(job.base, job.left_out, job.brought, job.ignored)
    for root in job.roots:
        for path in (root.path, root.plan, root.state, *(file for run in root.runs for file in run.variables)):
            _check_inside(sources, path)
    reuse = None
    if cache is not None and python == sys.executable:  # the packages of another interpreter are unknown
        _check_outside(job.base, cache)
        reuse = Reuse(Store(cache), job, sources)
    with Worker(job, python, workers or _processors(), timeout, ahead) as worker:
        found = _Scan(job, sources, worker, reuse, progress)
        found.run()
    if reuse is not None:
        reuse.store.trim()
    return found


def _check_inside(sources: Sources, path: str) -> None:
    if not real(sources.base / path).is_relative_to(sources.base):
        raise UsageError(f"scope.iac: {path} is outside the workspace", "name a folder below the folder of preuve.yaml")


def _check_outside(base: Path, cache: Path) -> None:
    """Raise UsageError if the cache is inside the workspace: whoever changes the code must not supply results."""
    if cache.resolve().is_relative_to(base.resolve()):
        raise UsageError(f"the cache {cache} is inside the workspace", "name a folder outside the code that is scanned")


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _stored(root: str, redact: Redact) -> str:
    """Return the name of a root in the form that its lines use."""
    return str(redact([{"root": root}])[0]["root"])


def _block_of(line: Line) -> tuple[Any, ...]:
    return line["check"], line["file"], line["line"], own_address(line["address"])


def _is_worse(line: Line) -> bool:
    return line.get("result") in (FAILED, UNKNOWN)


def _is_of_providers(line: Line) -> bool:
    """Return whether a result is open for want of a provider alone, which callers give the folders that they call."""
    causes = line.get("detail", "").split("; ")
    return line["result"] == UNKNOWN and all(map(_OF_PROVIDERS.match, causes))


def _without_code(unit: Unit) -> list[Line]:
    """Return the lines of a unit without code to judge; none for any other unit."""
    return [Scope(unit.kind).to_line(presentable(unit.root))] if unit.empty else []


class _Known:
    """The folders that are parsed so far. Any other counts as empty and missing for now."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.missing: set[Path] = set()
        self._folders: dict[Path, Folder] = {}

    def at(self, path: Path) -> Folder:
        if path not in self._folders:
            self.missing.add(path)
        return self._folders.get(path) or Folder(path)

    def add(self, folder: Folder) -> None:
        self._folders[folder.path] = folder
        self.missing.discard(folder.path)


class _Scan:
    """One scan: the units, and their lines so far."""

    def __init__(self, job: IacJob, sources: Sources, worker: Worker, reuse: Reuse | None, progress: Progress) -> None:
        self._job = job
        self._sources = sources
        self._worker = worker
        self._reuse = reuse
        self._progress = progress
        self._folders = _Known(sources)
        self._lines: dict[Unit, list[Line]] = {}
        self._beside: list[tuple[Unit, list[Line]]] = []  # code that belongs to no root
        self._about: Mapping[str, Any] = {}
        self._cached = 0
        self._walked: list[tuple[IacRoot, Walk]] = []
        self._evidence = AppliedFolders(sources)

    def run(self) -> None:
        """Plan the units, take unchanged results and evaluate the rest. Then evaluate, as a root, each folder that no
        root uses, so that all code is judged.
        """
        applied = frozenset(self._job.applied)
        try:
            units = self._plan(applied)
            self._examine(units)
            while alone := self._made_by_none(units) - applied:
                applied |= alone
                units = self._plan(applied)
                self._examine(units)
        except WorkerStoppedError as stopped:
            roots = (Unit(root.kind, root.path) for root in self._job.roots)
            self._lines |= {unit: failed(unit.root, unit.kind, str(stopped)) for unit in roots}
            return
        self._beside = self._not_examined(units)

    def _examine(self, units: Iterable[Unit]) -> None:
        """Evaluate the units without a result."""
        known = {replace(unit, gaps=()): lines for unit, lines in self._lines.items()}
        if self._job.only is not None:
            units = tuple(filter(ChangedUnits(self._sources, self._job.only).touches, units))
        self._lines = {unit: known.get(replace(unit, gaps=())) or _without_code(unit) for unit in units}
        if self._reuse is not None:
            self._take_known(self._reuse)
        waiting = [unit for unit, lines in self._lines.items() if not lines]
        try:
            # The largest first, so that none of them runs alone at the end.
            self._evaluate(sorted(waiting, key=lambda unit: (-unit.size, unit.kind, unit.root)))
        except WorkerStoppedError as stopped:
            for unit in waiting:
                lost = failed(presentable(unit.root), unit.kind, str(stopped))
                self._lines[unit] = self._lines[unit] or lost

    def _made_by_none(self, units: Iterable[Unit]) -> frozenset[str]:
        """Return the folders in scope that no root uses, without the folders that these call."""
        made = self._made(units)
        named = {path for root, below in self._walked if root.kind == TERRAFORM for path in below.paths}
        return frozenset(map(self._sources.relative, root_modules(self._folders, named - made)))

    def _made(self, units: Iterable[Unit]) -> set[Path]:
        """Return the folders of modules that roots surely create; for a root that does not tell, all that it calls."""
        found: set[Path] = set()
        for unit in units:
            if unit.maybe:
                continue
            told = next((line["made"] for line in self._lines.get(unit, ()) if "made" in line), None)
            reached = unit.reach.folders if unit.reach else ()
            found.update(reached if told is None else (self._sources.base / name for name in told))
        return found

    def _plan(self, applied: frozenset[str]) -> tuple[Unit, ...]:
        """Follow calls from folder to folder until all reached folders are parsed."""
        self._walked = walk(self._job, self._folders)
        while True:
            units = make_plan(self._walked, self._folders, applied, self._evidence)
            if not self._folders.missing:
                return units
            self._learn(sorted(self._folders.missing))

    def _not_examined(self, units: Sequence[Unit]) -> list[tuple[Unit, list[Line]]]:
        """Return the lines for code in the workspace that belongs to no root."""
        if self._job.around is None:
            return []
        covered = CoveredFolders.by(self._walked, units, self._made(units), self._sources.base)
        gaps = not_examined(self._sources, self._job.around, covered, self._job.only)
        if not self._job.roots and all(gap.cause == LEFT_OUT for found in gaps.values() for gap in found):
            return []  # no code at all: nothing to report
        return [
            (Unit(kind or "workspace", "."), [gap.to_line(".", kind) for gap in found]) for kind, found in gaps.items()
        ]

    def _learn(self, paths: Iterable[Path]) -> None:
        unknown = {}
        for path in paths:
            folder = self._reuse.folder(path) if self._reuse else None
            if folder is None:
                unknown[self._sources.relative(path)] = path
            else:
                self._folders.add(folder)
        if not unknown:
            return
        self._progress(Step("folders", {"n": len(unknown)}))
        for message in self._worker.ask({"read": list(unknown)}):
            folder = folder_from_json(unknown[message["folder"]], message["found"])
            self._folders.add(folder)
            if self._reuse is not None:
                self._reuse.keep_folder(folder)

    def _take_known(self, reuse: Reuse) -> None:
        for unit, lines in self._lines.items():
            result = None if lines else reuse.result(unit)
            if result is not None:
                self._lines[unit], self._about = result.lines, result.about
                self._cached += 1

    def _evaluate(self, units: list[Unit]) -> None:
        if not units:
            return
        answers = self._worker.ask({"evaluate": [[unit.kind, unit.root, unit.file] for unit in units]})
        for done, message in enumerate(answers, 1):
            unit, lines = units[message["unit"]], message["lines"]
            self._lines[unit], self._about = lines, self._worker.about
            root = next(line for line in lines if line["kind"] == "root")
            self._progress(Step("root", {"root": root["root"], "n": root["resources"]}), done, len(units))
            if self._reuse is not None and message["opened"] is not None:
                self._reuse.keep(unit, Result(lines, self._about), message["opened"])

    def written(self, folder: Path, redact: Redact) -> IacSummary:
        """Write the results."""
        found = [(kind, _stored(root, redact), redact(part)) for kind, root, part in self.roots()]
        lines = [line for _, _, part in found for line in part]
        roots = [line for line in lines if line["kind"] == "root"]
        return IacSummary(
            checkov=str(self._about.get("checkov", "")),
            written=write(found, folder),
            roots=len(roots),
            files=sum(root["files"] for root in roots),
            resources=sum(root["resources"] for root in roots),
            records=sum(line["kind"] == "record" for line in lines),
            gaps=sum(line["kind"] == "gap" for line in lines),
            unknown_checks=tuple(self._about.get("unknown_checks", ())),
            cached=self._cached,
        )

    def roots(self) -> list[tuple[str, str, list[Line]]]:
        """Return each root with its kind and lines; for a root evaluated in parts, the lines of all parts."""
        found: dict[tuple[str, str], list[Line]] = {}
        sure = [(unit, lines) for unit, lines in self._lines.items() if not unit.maybe]
        for unit, lines in (*sure, *self._doubts(sure), *self._beside):
            root = presentable(unit.root)
            gaps = (gap.to_line(root, unit.kind) for gap in unit.gaps)
            found.setdefault((unit.kind, root), []).extend([*lines, *gaps, *self._state(unit, root)])
        return [(kind, root, self._as_one(kind, root, lines)) for (kind, root), lines in found.items()]

    def _doubts(self, sure: Iterable[tuple[Unit, list[Line]]]) -> Iterator[tuple[Unit, list[Line]]]:
        """Yield the folders that something may apply by themselves, with what would fail or be open there and does
        neither in calls: it is not decided.
        """
        known = {_block_of(line) for _, lines in sure for line in lines if _is_worse(line)}
        for unit, lines in self._lines.items():
            worse = [line for line in lines if _is_worse(line) and _block_of(line) not in known]
            worse = [line for line in worse if not _is_of_providers(line)]
            broken = [line for line in lines if line.get("cause") == SCANNER_FAILED]
            if unit.maybe and (worse or broken):
                why = f"{UNRESOLVED}{unit.maybe}{_APPLIES}"
                yield unit, [Scope(unit.kind).to_line(unit.root), *broken, *(undecided(line, why) for line in worse)]

    def _state(self, unit: Unit, root: str) -> Iterable[Line]:
        """Yield the line for a root's state, if a state is named and the root has blocks to find in it."""
        if not unit.state or not self._job.arguments:
            return
        path = self._sources.base / unit.state
        try:
            if len(unit.runs) > 1:
                raise NotAStateError("a state belongs to one run, and several runs are named")
            if not self._sources.readable(path):
                raise NotAStateError("the state does not exist: write it before the audit, or remove it from scope.iac")
            yield state_line(path, unit.state, root, frozenset(self._job.arguments))
        except NotAStateError as error:
            yield Gap(unit.state, STATE_NOT_READ, str(error)).to_line(root, unit.kind)

    def _as_one(self, kind: str, root: str, lines: list[Line]) -> list[Line]:
        whole = one_root(lines)
        scope = next((line for line in whole if line["kind"] == "root"), None)
        if scope is not None:
            whole = [as_stored(line) if line is scope else line for line in whole]
            whole += not_judged(scope, self._job.known)
        if (
            kind == "cloudformation"
            and self._job.only is None
            and [line["files"] for line in whole if "files" in line] == [0]
        ):
            nothing = Gap("", NOT_COVERED, NO_TEMPLATE).to_line(root, kind)
            return whole if any(line["kind"] == "gap" for line in whole) else [*whole, nothing]
        return whole


# ---- writing --------------------------------------------------------------------------------------------------------
# Writes the lines of root modules into a snapshot, one file for each root.


def write(units: Iterable[tuple[str, str, list[Line]]], folder: Path) -> tuple[Path, ...]:
    """Write (kind, root, lines) of every unit; afterwards the folder contains only these files."""
    merged: dict[str, list[Line]] = {}
    for kind, root, lines in units:
        merged.setdefault(file_name(kind, root), []).extend(lines)
    if merged:
        folder.mkdir(parents=True, exist_ok=True)
    written = [_write_file(folder / name, in_order(lines)) for name, lines in sorted(merged.items())]
    for stale in set(folder.glob("*.jsonl")) - set(written):
        stale.unlink()  # left by an earlier scan: readers would take it for part of this one
    return tuple(written)


def _write_file(path: Path, lines: list[Line]) -> Path:
    with whole(path, durable=True) as file:
        for line in lines:
            file.write(line_text(line).encode())
    return path
