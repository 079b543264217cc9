"""Selects the units that a push changes, for a run that examines only these.

The files of a unit are known, and it names what it may read elsewhere. A change that no unit names (a script that sets
a variable, the target of a link) affects all units.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from preuve.collect.code.files.kinds import CLOUDFORMATION, TERRAFORM
from preuve.collect.code.files.modules import Reach, local_target
from preuve.collect.code.files.sources import Sources, is_folder, real
from preuve.collect.code.files.tools import ENDINGS
from preuve.collect.code.inputs.loose_variables import LooseVariables
from preuve.collect.code.inputs.named_parameters import DeclaredNames, used_in
from preuve.collect.code.inputs.parameter_files import given_by
from preuve.collect.code.inputs.variables import ENDINGS as VARIABLES
from preuve.collect.code.inputs.variables import is_automatic
from preuve.collect.code.run.units import Unit

_READS = re.compile(rb"\b(?:template)?file(?:base64|exists|md5|set|sha1)?(?:sha(?:256|512))?\s*\(")
# A literal path below the module's folder; any other path may lead anywhere.
_BELOW = re.compile(rb'\s*"(?:\$\{path\.(?:module|root)\}/)?(?![/~])(?:(?!\.\.)[^"$%\\])*"')


class ChangedUnits:
    """The changed files of a workspace, and the units that contain them."""

    def __init__(self, sources: Sources, changed: frozenset[str]) -> None:
        self._sources = sources
        self._changed = changed
        self._read: dict[Path, frozenset[bool]] = {}

    def touches(self, unit: Unit) -> bool:
        """Return whether a changed file lies in a folder that a unit uses, used or may read."""
        if unit.file:
            return any(PurePosixPath(name).is_relative_to(unit.file) for name in self._changed)
        if unit.reach is None:
            return any(PurePosixPath(name).is_relative_to(unit.root) for name in self._changed)
        if any(self._sources.relative(file) in self._changed for file in unit.shown):
            return True
        given = {unit.plan, *(file for run in unit.runs for file in run.variables)}
        return bool(given & self._changed) or self._in_reach(unit.reach)

    def _in_reach(self, reach: Reach) -> bool:
        calls = (call for folder in reach.folders.values() for call in folder.calls)
        reached = (*reach.folders, *filter(None, map(local_target, calls)))  # the module is deleted too
        folders = {self._sources.relative(path) for path in reached if path.is_relative_to(self._sources.base)}
        if any(folders & _parts_of(name) for name in self._changed):
            return True
        reads = frozenset[bool]().union(*map(self._reads, reach.folders))
        if False in reads:  # it may read files anywhere
            return bool(self._changed)
        return True in reads and any(folders & _above(name) for name in self._changed)

    def _reads(self, folder: Path) -> frozenset[bool]:
        """Return, for each file that a function in a folder's code reads, whether its path surely lies below that
        folder.
        """
        if folder not in self._read:
            code = (path for path in self._sources.entries(folder, []) if path.name.endswith(ENDINGS))
            contents = (content for path in code if isinstance(content := self._sources.content(path), bytes))
            self._read[folder] = frozenset(below for content in contents for below in _read_in(content))
        return self._read[folder]


def _read_in(content: bytes) -> Iterator[bool]:
    return (_BELOW.match(content, found.end()) is not None for found in _READS.finditer(content))


def _above(name: str) -> set[str]:
    return {parent.as_posix() for parent in PurePosixPath(name).parents}


def _parts_of(name: str) -> set[str]:
    """Return the folders that a file belongs to: for Terraform code its own folder, for any other file also those above
    it.
    """
    return {PurePosixPath(name).parent.as_posix()} if name.endswith(ENDINGS) else _above(name)


# ---- what concerns units that do not name it ----------------------------------------------------------------------


def concerns_all(home: Path, changed: Iterable[str], kinds: Iterable[str], before: Path) -> bool:
    """Return whether a changed file may change the meaning of any code of some kinds.

    `before` is a folder with the earlier versions of the changed files.
    """
    names = frozenset(changed)
    trees, asked = (Sources(home), Sources(before)), frozenset(kinds)
    if any((sources.base / name).is_symlink() for sources in trees for name in names) or _led_to(trees[0], names):
        return True
    there = ((sources, sources.base / name) for sources in trees for name in names)
    used = used_in(trees[0]) | used_in(trees[1]) if CLOUDFORMATION in asked else DeclaredNames()
    if any(_gives(sources, path, asked, used) for sources, path in there if path.is_file()):
        return True
    return TERRAFORM in asked and any(_is_apart(name, names, trees[0]) for name in names)


def _gives(sources: Sources, file: Path, kinds: frozenset[str], used: DeclaredNames) -> bool:
    """Return whether a file gives variables or parameters their values, wherever these are declared."""
    terraform = TERRAFORM in kinds and LooseVariables(sources).gives(file)
    return terraform or (CLOUDFORMATION in kinds and bool(given_by(sources, file, used)))


def _led_to(sources: Sources, names: Iterable[str]) -> bool:
    """Return whether a link in the workspace leads to one of some files, or to a folder above it."""
    targets = {real(path) for path in sources.everything() if os.path.islink(path)}  # noqa: PTH114 - never raises
    return any(not targets.isdisjoint((sources.base / name, *(sources.base / name).parents)) for name in names)


def _is_apart(name: str, changed: frozenset[str], sources: Sources) -> bool:
    """Return whether a file of variables may belong to code outside of the folders above it."""
    if not name.endswith(VARIABLES):
        return False
    above = [sources.base / folder for folder in PurePosixPath(name).parents]
    if is_automatic(PurePosixPath(name).name) and _has_code(sources.base, above[0], changed):
        return False
    for folder in above:
        below = sources.folders(folder, []) if is_folder(folder, if_hidden=False) else ()
        if code := [path for path in below if _has_code(sources.base, path, changed)]:
            return not set(code) <= set(above)
    return True


def _has_code(home: Path, folder: Path, changed: frozenset[str]) -> bool:
    """Return whether a folder has code that also existed before."""
    there = folder.iterdir() if is_folder(folder, if_hidden=False) else ()
    return any(path.name.endswith(ENDINGS) and path.relative_to(home).as_posix() not in changed for path in there)
