"""Finds the code of a folder, for people who set up a workspace or have none: all that an examination would miss."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from preuve.collect.code.files.kinds import CLOUDFORMATION, DOCKERFILE, EXAMINED, TERRAFORM, WORKFLOW, is_read
from preuve.collect.code.files.other_tools import made_by, name_of
from preuve.collect.code.files.sources import IGNORED, Sources
from preuve.collect.code.files.template_parts import folders_of_parts
from preuve.collect.code.job import Surroundings
from preuve.collect.code.run.census import Census, Code
from preuve.model.company.code import IacRoot
from preuve.pipeline.push.surroundings import folder_surroundings


def other_tools(folder: Path) -> tuple[str, ...]:
    """Return the names of tools whose code a folder contains and that are not examined."""
    sources, around = _read(folder)
    kinds = {item.kind for item in Census(sources, around).code()} - EXAMINED
    return tuple(sorted(map(name_of, kinds)))


def found_code(folder: Path) -> tuple[IacRoot, ...]:
    """Return the entries for `scope.iac`: every kind of code, in the folders where it is found."""
    sources, around = _read(folder)
    every = list(Census(sources, around).code())
    # The output of a tool is proposed if it is next to the tool's own code and git keeps it.
    passed_over = IGNORED - {made_by(item.kind)[0] for item in every if item.kind not in EXAMINED}
    code = [
        item
        for item in every
        if is_read(item.kind, item.path.name) and _is_proposed(sources.relative(item.path), passed_over, around)
    ]
    found = [IacRoot(path, kind) for kind in (TERRAFORM, CLOUDFORMATION) for path in _grouped(sources, code, kind)]
    found += [IacRoot(path, CLOUDFORMATION, merged=True) for path in _merged(sources, code)]
    found += [IacRoot(".", DOCKERFILE)] if any(item.kind == DOCKERFILE for item in code) else []
    holders = {item.path.parents[2] for item in code if item.kind == WORKFLOW}
    return (*found, *(IacRoot(sources.relative(holder), WORKFLOW) for holder in sorted(holders)))


def _read(folder: Path) -> tuple[Sources, Surroundings]:
    around = folder_surroundings(folder)
    return Sources(folder, [item.path for item in around.left_out]), around


def _merged(sources: Sources, code: Iterable[Code]) -> Iterator[str]:
    """Yield the folders whose templates are parts of one template."""
    contents = {item.path: sources.content(item.path) for item in code if item.kind == CLOUDFORMATION}
    texts = {path.relative_to(sources.base): one.decode() for path, one in contents.items() if isinstance(one, bytes)}
    yield from (folder.as_posix() for folder in folders_of_parts(texts))


def _is_proposed(name: str, passed_over: Set[str], around: Surroundings) -> bool:
    """Return whether a file is in no folder that is ignored, and in no folder of copies that git ignores."""
    folders = Path(name).parents
    if not passed_over.isdisjoint(Path(name).parts):
        return False
    return IGNORED.isdisjoint(Path(name).parts) or not any(one.as_posix() in around.ignored for one in folders)


def _grouped(sources: Sources, code: Iterable[Code], kind: str) -> tuple[str, ...]:
    """Return the folders with code of a kind: per first-level folder the deepest that contains all of it."""
    groups: dict[str, list[Path]] = {}
    for item in code:
        if item.kind == kind:
            relative = item.path.parent.relative_to(sources.base)
            groups.setdefault(relative.parts[0] if relative.parts else "", []).append(relative)
    if "" in groups:
        return (".",)
    return tuple(Path(os.path.commonpath(group)).as_posix() for _, group in sorted(groups.items()))
