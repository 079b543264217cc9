"""The results of earlier runs that are still valid: parsed folders, and results of root modules.

A result is stored under the hash of everything that it depends on: the files of the folders that the root reaches,
the calls that lead to them, the checks and rules, the versions of the evaluators, and our own code. Other files that
were opened or asked for (a policy that a resource reads, one that is not there) are listed in the entry with their
hashes. The environment sets no value in code here, so no environment variable counts.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from msgspec import ValidationError, convert

import preuve
from preuve.collect.code.checkov.shapes.plan_file import MAX_BYTES as PLAN_BYTES
from preuve.collect.code.files.modules import Folder, folder_from_json
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.inputs.attributes import table_file
from preuve.collect.code.inputs.loose_variables import LooseVariables
from preuve.collect.code.inputs.nested_stacks import as_said
from preuve.collect.code.inputs.parameter_files import giving_files
from preuve.collect.code.inputs.variables import variable_folders
from preuve.collect.code.job import TOO_LONG, Gap, IacJob, Line, as_text, presentable
from preuve.collect.code.run.fingerprints import Survey, digest
from preuve.collect.code.run.store import Store
from preuve.collect.code.run.units import Unit
from preuve.library.validation.code.known_types import table_files
from preuve.library.yaml.word_lists import list_files
from preuve.model.snapshot import SCANNER_FAILED, IacGap
from preuve.snapshot.forms import RecordLine

_ENGINE = Path(preuve.__file__).resolve().parent
# The packages that results depend on, including those that judge documents and secrets.
_EVALUATING = ("collect/code", "documents", "library", "model", "redact", "system")


@dataclass(frozen=True)
class Result:
    """The result of a unit. `about` describes the worker."""

    lines: list[Line]
    about: Mapping[str, Any]


class Reuse:
    """The entries of a store that belong to one job."""

    def __init__(self, store: Store, job: IacJob, sources: Sources) -> None:
        self.store = store
        self._job = job
        self._sources = sources
        self._survey = Survey(sources)
        self._loose = LooseVariables(sources)
        self._started = time.time_ns()
        self._keys: dict[Unit, str] = {}  # as the files of a unit were before it was evaluated

    # ---- folders --------------------------------------------------------------------------------------------------

    def folder(self, path: Path) -> Folder | None:
        """Return the folder as it was parsed before, if its files are unchanged."""
        if not self._survey.folder(path, "terraform"):
            return Folder(path)
        try:
            return folder_from_json(path, self.store.get(self._folder_key(path)))
        except (TypeError, ValueError, KeyError, OverflowError):
            return None

    def keep_folder(self, folder: Folder) -> None:
        """Remember the parse of a folder, unless files changed meanwhile."""
        before, now = self._survey.folder(folder.path, "terraform"), Survey(self._sources)
        if before == now.folder(folder.path, "terraform") and self._untouched(now):
            self.store.put(self._folder_key(folder.path), folder.to_json())

    def _folder_key(self, path: Path) -> str:
        return self._key("folder", self._sources.relative(path), self._survey.folder(path, "terraform"))

    # ---- results --------------------------------------------------------------------------------------------------

    def result(self, unit: Unit) -> Result | None:
        """Return the earlier result of a unit if nothing that it depends on has changed."""
        self._keys[unit] = key = self._unit_key(unit, self._survey)
        entry = self.store.get(key)
        try:
            result = _from_entry(entry, presentable(unit.root))
        except (ValidationError, TypeError, ValueError, KeyError, IndexError):
            return None
        return result if self._unchanged(entry["inputs"]) else None

    def _unchanged(self, inputs: Mapping[str, str]) -> bool:
        try:
            return all(self._survey.file(self._sources.base / name) == found for name, found in inputs.items())
        except (OSError, ValueError):  # not a file name here: an entry made elsewhere
            return False

    def keep(self, unit: Unit, result: Result, opened: Iterable[str]) -> None:
        """Remember a result, unless it is a failure or files changed during the evaluation."""
        if _is_failure(result.lines):
            return
        key, now = self._keys.get(unit) or self._unit_key(unit, self._survey), Survey(self._sources)
        inputs = {name: now.file(self._sources.base / name) for name in opened}
        if key == self._unit_key(unit, now) and self._untouched(now):
            self.store.put(key, _to_entry(result, inputs))

    def _untouched(self, now: Survey) -> bool:
        """Return whether no file changed since the run began: a result may contain a change that was undone."""
        return now.newest <= self._started

    def _unit_key(self, unit: Unit, survey: Survey) -> str:
        return self._key(unit.kind, unit.root, self._checks, *self._parts(unit, survey))

    def _parts(self, unit: Unit, survey: Survey) -> Iterable[str]:
        name = self._sources.relative
        path = self._sources.base / (unit.file or unit.root)
        holder = path if not unit.file or is_folder(path, if_hidden=False) else path.parent
        yield as_text(vars(self._job.outside(unit.kind, holder)), in_order=True)
        if unit.file:
            yield from (unit.file, survey.file(path))
            gaps: list[Gap] = []
            parts = list(self._sources.folders(path, gaps)) if holder == path else []
            yield from (f"{name(part)} {survey.folder(part, unit.kind)}" for part in parts)
            yield from map(str, gaps)
            yield from map(name, self._job.entries_below(path) if parts else ())
            if unit.kind == "cloudformation":
                for source, said in self._giving:
                    survey.file(source)  # of a program that names a parameter, only the lines around the names count
                    yield from said
            return
        if unit.reach is None:
            gaps = []
            for part in self._sources.folders(path, gaps):
                yield from (name(part), survey.folder(part, unit.kind))
            yield from map(str, gaps)
            return
        if unit.plan:
            yield from (unit.plan, self._plan(self._sources.base / unit.plan))
        for run in unit.runs:
            yield f"{run.workspace} {len(run.variables)}"
            for file in run.variables:
                yield from (file, survey.file(self._sources.base / file))
        for part in unit.reach.folders:
            yield from (name(part), survey.folder(part, unit.kind))
        below = variable_folders(self._sources, path, lambda _: False)  # possibly too many, which only costs hashes
        yield from (survey.folder(part, "variables") for part in below)
        loose = self._loose.beside(path)
        yield from (f"{name(one.file)} {survey.file(one.file)} {' '.join(sorted(one.given))}" for one in loose)
        yield from (f"{name(part)} {source} {name(to)}" for (part, source), to in unit.reach.targets.items())
        yield from map(str, unit.reach.gaps)

    @cached_property
    def _giving(self) -> tuple[tuple[Path, tuple[str, ...]], ...]:
        """The files that give template parameters their values, with all that they contain: every template
        reads them.
        """
        return tuple((file, tuple(map(as_said, given))) for file, given in giving_files(self._sources))

    def _plan(self, path: Path) -> str:
        """Return the hash of a plan; the hash of nothing if it is not read."""
        if not self._sources.readable(path) or path.stat().st_size > PLAN_BYTES:
            return digest([])
        return digest([path.read_bytes()])

    @cached_property
    def _checks(self) -> str:
        what = [sorted(self._job.checks), [dict(rule) for rule in self._job.rules], self._job.accelerate]
        what += [sorted(self._job.arguments.items()), dict(self._job.documents), sorted(self._job.standing)]
        what += [sorted(self._job.by_tags)]
        what += [sorted(self._job.whole), sorted((run.workspace, *run.variables) for run in self._job.added)]
        what += [sorted(part) for part in (self._job.quiet.names, self._job.quiet.beginnings, self._job.quiet.others)]
        return as_text(what, in_order=True)

    def _key(self, *parts: str) -> str:
        return digest(part.encode("utf-8", "surrogateescape") for part in (_evaluator(), *parts))


@cache
def _evaluator() -> str:
    """Return the versions of everything that evaluates, as a text: any new version changes it."""
    ours = [path for part in _EVALUATING for path in sorted((_ENGINE / part).rglob("*.py"))]
    ours += [table_file(), *list_files(), *table_files()]
    code = digest(part for path in ours for part in (str(path).encode(), path.read_bytes()))
    return " ".join([sys.version, code, *_installed()])


def _installed() -> Iterable[str]:
    """Yield every installed distribution with its version: more packages take part than Checkov pins."""
    for folder in sys.path:
        with contextlib.suppress(OSError):
            yield from sorted(entry.name for entry in os.scandir(folder or ".") if entry.name.endswith(".dist-info"))


# ---- an entry may have been written by anybody --------------------------------------------------------------------


class _Root(TypedDict):
    root: str
    framework: str
    files: int
    resources: int
    types: dict[str, int]
    unjudged: NotRequired[dict[str, tuple[int, str, int, list[str]]]]
    moved: NotRequired[dict[str, str]]
    made: NotRequired[list[str]]


class _Block(TypedDict):
    root: str
    address: str
    type: str
    file: str
    line: int
    end_line: int
    identity: dict[str, str]


class _Entry(TypedDict):
    about: dict[str, Any]
    inputs: dict[str, str]
    lines: list[dict[str, Any]]


_KINDS: Mapping[str, Any] = {"root": _Root, "gap": IacGap, "block": _Block, "record": RecordLine}


def _to_entry(result: Result, inputs: Mapping[str, str]) -> dict[str, Any]:
    return {"about": dict(result.about), "inputs": inputs, "lines": result.lines}


def _from_entry(entry: Any, root: str) -> Result:
    """Return the result of this root in an entry. Raises ValidationError, ValueError, KeyError or IndexError."""
    found: Any = convert(entry, _Entry)
    lines = found["lines"]
    for line in lines:
        convert(line, _KINDS[line["kind"]])
    if [line["kind"] for line in lines].count("root") != 1 or any(line["root"] != root for line in lines):
        raise ValueError("not the lines of one root")
    return Result(lines, found["about"])


def _is_failure(lines: Iterable[Line]) -> bool:
    """Return whether the evaluation of a root failed, as a whole or by its time limit; the next run may succeed."""
    failed = [line for line in lines if line["kind"] == "gap" and line["cause"] == SCANNER_FAILED]
    nothing_read = any(line["kind"] == "root" and not line["files"] for line in lines)
    return bool(failed) and (nothing_read or any(line["detail"] == TOO_LONG for line in failed))
