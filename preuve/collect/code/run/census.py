"""Searches the whole workspace for code, in scope or not, and reports code that is not examined.

Hidden folders are searched too. Links are not followed: their target is found at its own place, or reported.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from preuve.collect.code.files.kinds import EXAMINED, TERRAFORM, WORKFLOW, given_to, is_read, kind_of, writes_code
from preuve.collect.code.files.other_tools import made_by, said_of, tool_by_name, tool_by_path
from preuve.collect.code.files.programs import is_program
from preuve.collect.code.files.sources import AWAY, Sources, real
from preuve.collect.code.job import Gap, Line, Surroundings, content_of
from preuve.collect.code.run.units import Unit, Walk
from preuve.library.yaml.word_lists import words_in
from preuve.model.company.code import IacRoot
from preuve.model.known_types import KnownTypes
from preuve.model.snapshot import (
    LEFT_OUT,
    NOT_COVERED,
    NOT_EXAMINED,
    NOT_JUDGED,
    NOT_READ,
    OTHER_PIPELINES,
    WRITES_CODE,
)
from preuve.system.causes import cause

MOST_ENTRIES = 300_000  # files and folders: more than in the largest repository measured
MOST_TOLD = 20  # places that are reported by kind
_NOT_HERE = "git tracks it and was told not to check it out"
_MOVED = "moved from the examined code into a part that scope.exclude leaves out"
_STORE = "dependencies: git ignores them and tracks none"
_STORE_IN_PART = "dependencies: git ignores them and tracks none; only what scope.iac names is examined"
_REPOSITORY = ".git"  # a working tree cannot contain files there
# Folders for third-party code. One is skipped only if git ignores it and tracks nothing in it.
STORES = words_in("files", "folders_of_others")


@dataclass(frozen=True)
class Code:
    """A file of code and its kind."""

    path: Path
    kind: str


class Census:
    """One walk through a workspace."""

    def __init__(self, sources: Sources, around: Surroundings) -> None:
        self._sources = sources
        self._around = around
        self._passed_over: list[Path] = []
        self._links: list[Path] = []
        self._seen = 0
        self.writing: list[Path] = []  # scripts that generate code
        self.gaps: list[Gap] = [Gap(it.path, LEFT_OUT, it.reason) for it in around.left_out if it.reason]
        self.gaps += [Gap(path, NOT_EXAMINED, "a submodule that is not checked out") for path in around.absent]
        self.gaps += [Gap(path, NOT_EXAMINED, _MOVED) for path in around.moved]

    def code(self) -> Iterator[Code]:
        """Yield the code in the workspace; afterwards, `gaps` holds what could not be read."""
        waiting = [self._sources.base]
        while waiting:
            folders = []
            for entry in self._entries(waiting.pop()):
                path = Path(entry.path)
                if entry.is_symlink():
                    self._links.append(path)
                elif entry.is_dir(follow_symlinks=False):
                    folders += [] if self._is_passed_over(path) else [path]
                elif path not in self._sources.left_out:
                    self.writing += [path] if writes_code(path) else []
                    if kind := kind_of(path) or given_to(path.name):
                        yield Code(path, kind)
            waiting.extend(reversed(folders))
            if self._seen > MOST_ENTRIES:
                said = f"more than {MOST_ENTRIES} files and folders: not all were looked at; leave out what is no code"
                self.gaps.append(Gap("", NOT_EXAMINED, said))
                break
        yield from self._linked()

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.gaps.append(Gap(self._sources.relative(folder), NOT_READ, f"cannot be read: {cause(error)}"))
            return []
        self._seen += len(found)
        return found

    def _is_passed_over(self, folder: Path) -> bool:
        name = self._sources.relative(folder)
        if folder.name in STORES and self._is_ignored(name):
            self.gaps.append(Gap(name, LEFT_OUT, _STORE))
        elif folder.name != _REPOSITORY and folder not in self._sources.left_out:
            return False
        self._passed_over.append(folder)
        return True

    def _is_ignored(self, name: str) -> bool:
        parts = name.split("/")
        return "." in self._around.ignored or any(
            "/".join(parts[:length]) in self._around.ignored for length in range(1, len(parts) + 1)
        )

    def _linked(self) -> Iterator[Code]:
        """Yield the links whose name is that of code; add a gap for each link that leads outside of the walk."""
        for link in self._links:
            target, name = real(link), self._sources.relative(link)
            inside = target.is_relative_to(self._sources.base)
            read = target if inside and target.is_file() else None
            if link in self._sources.left_out or (not target.is_dir() and not (kind := kind_of(link, read))):
                continue
            if not inside:
                self.gaps.append(Gap(name, NOT_READ, AWAY))
            elif any(target.is_relative_to(folder) for folder in self._passed_over):
                self.gaps.append(Gap(name, NOT_EXAMINED, "symbolic link into a part that is left out, not followed"))
            elif read:
                yield Code(link, kind)


# ---- what of it is examined ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoveredFolders:
    """The folders whose code of each kind is examined or already reported."""

    folders: frozenset[tuple[str, Path]]
    named: frozenset[Path] = frozenset()  # files of variables that a run names

    @staticmethod
    def by(
        walked: Iterable[tuple[IacRoot, Walk]], units: Sequence[Unit], made: Iterable[Path] = (), base: Path = Path()
    ) -> CoveredFolders:
        """Return the folders that the roots of a job cover: the folders that they name, and those whose code
        they use.
        """
        found: set[tuple[str, Path]] = set()
        for root, below in walked:
            if root.kind == WORKFLOW:
                found.add((WORKFLOW, below.start / ".github" / "workflows"))
            else:
                found.update((root.kind, path) for path in below.paths)
        found.update((TERRAFORM, real(path)) for path in made)
        runs = (run for unit in units for run in unit.runs)
        return CoveredFolders(frozenset(found), frozenset(base / name for run in runs for name in run.variables))

    def holds(self, code: Code) -> bool:
        """Return whether a file is examined."""
        there = (code.kind, code.path.parent) in self.folders and is_read(code.kind, code.path.name)
        return there or code.path in self.named

    def is_made(self, code: Code) -> bool:
        """Return whether the output of a tool is examined in place of its code. A program may lie below the folder."""
        folder, kind = made_by(code.kind)
        above = code.path.parents[1:] if is_program(code.path.name) else ()
        return bool(folder) and any((kind, here / folder) in self.folders for here in (code.path.parent, *above))

    def is_below(self, folder: Path) -> bool:
        """Return whether code in a folder, or in one below it, is examined."""
        return any(path.is_relative_to(folder) for _, path in self.folders)

    def tells(self, folder: Path) -> bool:
        """Return whether an unreadable entry of a folder is already reported."""
        return any((kind, folder) in self.folders for kind in EXAMINED - {WORKFLOW})


def not_examined(
    sources: Sources, around: Surroundings, covered: CoveredFolders, only: frozenset[str] | None
) -> dict[str, list[Gap]]:
    """Return the code of a workspace that is not examined, by kind, and what is left out. `only` are changed files."""
    census = Census(sources, around)
    among = _among(sources, only)
    places: dict[tuple[str, Path], list[Path]] = defaultdict(list)
    for code in _each_once(census.code()):
        if not covered.holds(code) and not covered.is_made(code) and among(code.path):
            places[(code.kind, code.path.parent)].append(code.path)
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for gap in census.gaps:
        said = gap.cause == NOT_READ and covered.tells((sources.base / gap.file).parent)
        if not said and (gap.cause == LEFT_OUT or not gap.file or among(sources.base / gap.file)):
            partly = gap.detail == _STORE and covered.is_below(sources.base / gap.file)
            gaps[""].append(replace(gap, detail=_STORE_IN_PART) if partly else gap)
    for path in filter(among, census.writing):
        gaps[""].append(Gap(sources.relative(path), WRITES_CODE, "", grounds=content_of(path)))
    for gap in _hidden(sources, around, among):
        gaps[""].append(gap)
    for kind in sorted({kind for kind, _ in places}):
        own = [paths for (other, _), paths in sorted(places.items()) if other == kind]
        gaps[kind] += _told(sources, covered, kind, own)
    return gaps


def _hidden(sources: Sources, around: Surroundings, among: Callable[[Path], bool]) -> Iterator[Gap]:
    """Yield the code that git leaves out of the working tree (sparse checkout): the code beside it is examined without
    it.
    """
    paths = (sources.base / name for name in around.hidden)
    there = [path for path in paths if not sources.left_out.intersection((path, *path.parents))]
    found = [path for path in there if among(path) or path.parent.is_dir()]
    yield from (Gap(sources.relative(path), NOT_EXAMINED, _NOT_HERE) for path in found[:MOST_TOLD])
    if left := found[MOST_TOLD:]:
        yield Gap("", NOT_EXAMINED, f"{_NOT_HERE}; {len(left)} more in {len({path.parent for path in left})} folders")


def _each_once(found: Iterable[Code]) -> Iterator[Code]:
    """Yield code without a tool's programs that lie beside or below the tool's own file, which represents them."""
    code = list(found)
    named = {(item.kind, _home(item.path)) for item in code if _is_named(item.path)}
    for item in code:
        program = not _is_named(item.path) and is_program(item.path.name)
        if not program or all((item.kind, here) not in named for here in item.path.parents):
            yield item


def _is_named(path: Path) -> bool:
    """Return whether the name of a file, or its path, identifies a tool."""
    return bool(tool_by_name(path.name.casefold()) or tool_by_path(path))


def _home(path: Path) -> Path:
    """Return the folder of the code that a tool's own file belongs to: the parent of a hidden folder
    (`.chalice/config.json`).
    """
    return path.parent.parent if path.parent.name.startswith(".") else path.parent


def _told(sources: Sources, covered: CoveredFolders, kind: str, places: list[list[Path]]) -> Iterator[Gap]:
    """Yield a gap for each folder with code of a kind; beyond a number of folders, one gap for the rest."""
    cause = NOT_COVERED if kind in OTHER_PIPELINES else NOT_EXAMINED
    for first, *others in places[:MOST_TOLD]:
        more = f", {len(others)} more in its folder" if others else ""
        yield Gap(sources.relative(first), cause, f"{_why_not(covered, kind, first)}{more}")
    if left := places[MOST_TOLD:]:
        said = _why_not(covered, kind, left[0][0])
        yield Gap("", cause, f"{said}; {sum(map(len, left))} more in {len(left)} folders")


def _why_not(covered: CoveredFolders, kind: str, file: Path) -> str:
    if kind not in EXAMINED:
        return said_of(kind)
    return (
        "its name does not have the expected extension"
        if (kind, file.parent) in covered.folders
        else "scope.iac does not name it"
    )


def not_judged(root: Line, known: Mapping[str, KnownTypes]) -> Iterator[Line]:
    """Yield a gap for each type of block in a root that no check judges and that is not listed as harmless.

    Families with a list of their own (of a tool, or of providers that create nothing in AWS) get one gap, for the first
    type.
    """
    others = {beginning: name for name in known if name not in EXAMINED for beginning in known[name].beginnings}
    found: dict[str, Gap] = {}
    kinds: dict[str, str] = {}
    for kind, (_, file, line, grounds) in sorted(root.get("unjudged", {}).items(), key=lambda item: item[1][1:3]):
        names = known.get("cloudformation" if "::" in kind else root["framework"])  # a template may be in a block
        family = next((beginning for beginning in others if kind.startswith(beginning)), "")
        subject = f"{family}*" if family else kind
        if names is not None and kind not in names:
            kinds.setdefault(subject, others[family] if family else root["framework"])
            first = found.setdefault(subject, Gap(file, NOT_JUDGED, subject, line, subject))
            found[subject] = replace(first, grounds=(*first.grounds, *grounds))
    yield from (gap.to_line(root["root"], kinds[subject]) for subject, gap in found.items())


def _among(sources: Sources, only: frozenset[str] | None) -> Callable[[Path], bool]:
    """Return a predicate: whether a path changed, or a link at it leads to a changed path."""
    if only is None:
        return lambda _: True
    changed = {sources.base / name for name in only}
    led = [real(path) for path in changed if os.path.islink(path)]  # noqa: PTH114 - raises for no path
    return lambda path: path in changed or any(path.is_relative_to(target) for target in led)
