"""Which folders of Terraform the workspace shows to be applied by themselves, even if other code calls them as modules:
files that a root module alone has, and entries of tools, scripts and pipelines that apply exactly that folder.

A called module that nothing shows so is judged by the arguments of its callers alone: a text that only names it shows
nothing.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from preuve.collect.code.files.kinds import is_for_root, is_of_tests, is_prose, lists_files, may_give
from preuve.collect.code.files.modules import Folders
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS
from preuve.collect.code.inputs.parameter_files import is_ours
from preuve.collect.code.inputs.values_files import is_an_example
from preuve.collect.code.inputs.variables import variable_folders
from preuve.model.grouping import grouped

# Settings of tools that apply the folders which they name.
_OF_TOOLS = re.compile(
    r"(?i)(?:atlantis|digger|env0|scalr|terrateam|spacelift)[\w.-]*\.ya?ml|terragrunt\.hcl|terragrunt\.stack\.hcl"
    r"|.+\.tm\.hcl|.+\.tf(?:component|stack|deploy)\.hcl"
)
_FOLDERS_OF_TOOLS = frozenset({".spacelift", ".terrateam"})
# A text that applies something: it names the tool, and the command.
_TOOL = re.compile(rb"terraform|tofu|terragrunt|(?<![a-z])tf(?![a-z])")
_APPLY = re.compile(rb"(?<![a-z])apply(?![a-z])")
# Before a path: a variable or a function, for the top of the workspace or the folder of the file.
_BEFORE = rb"((?:\$\{\{?[^{}\n]{0,99}\}\}?|\$\([^()\n]{0,99}\)|\$\w++|%[\w~]++%?)?+[\"']?[/\\]*+)"
_PATH = rb"([\w.@-]++(?:[/\\]++[\w.@-]++)*+)"
_END = rb"[/\\]*+[\"']?(?=[\s,;&|}\])\"']|\Z)"
_SET = rb"[\"']?[ \t]*+[=:][ \t]*+[\"']?"
_COMMAND = (
    rb"(?<![\w.-])(?:cd|pushd|set-location)[ \t]++(?:/d[ \t]++)?[\"']?|(?<!-)-chdir=[\"']?"
    rb"|(?<![\w-])--(?:terragrunt-)?working-dir[= ][\"']?"
)
_RUNNERS = (b"tf_root", b"working_directory", b"project_root")
_OF_RUNNERS = rb"(?<![\w-])(?:" + b"|".join(_RUNNERS) + rb")" + _SET
_KEY = rb"(?<![\w-])(?:[a-z_][\w-]*)?(?:dir(?:ectory)?|root|path|folder|cwd)" + _SET
# Folders in settings that only runs of Terraform have, also by commands that apply, and in any settings beside these.
_NAMED = re.compile(rb"(?i)(?:" + _OF_RUNNERS + rb")" + _BEFORE + _PATH + _END)
_COMMANDED = re.compile(rb"(?i)(?:" + _OF_RUNNERS + rb"|" + _COMMAND + rb")" + _BEFORE + _PATH + _END)
_ENTERED = re.compile(rb"(?i)(?:" + _KEY + rb"|" + _COMMAND + rb")" + _BEFORE + _PATH + _END)
# An item of a list, which a loop or a matrix goes through; and the words of a loop in a shell.
_ITEM = re.compile(
    rb"(?:(?m:^)[ \t]*+-[ \t]++[\"']?|[\[,][ \t]*+[\"']?)" + _BEFORE + _PATH + _END + rb"(?=[ \t]*+(?:[\r\n,\]]|\Z))"
)
_LOOP = re.compile(rb"\bfor[ \t]++\w++[ \t]++in[ \t]++([^;\r\n]++)")
_ALL_IN = re.compile(_BEFORE + _PATH + rb"/\*/?")
_WORD = re.compile(rb"[\"']?" + _BEFORE + _PATH + rb"/?[\"']?")
_ANY = re.compile(rb"(?<![\w./\\}-])" + _BEFORE + _PATH + rb"(?=[/\\]*+[\"']?[ \t]*+(?:[\r\n,:;&|}\])]|\Z))")
_COMMENT = re.compile(rb"[ \t]*+(?:#|//|::|(?i:@?rem)\b)")
_LARGEST = 1_000_000  # bytes
_DEEPEST = 30  # steps of a path that count
_MOST_ENTERED = 20  # folders from which further steps of a script are followed


class AppliedFolders:
    """The folders of a workspace that something there shows to be applied, searched once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def shown_by(self, folders: Folders, path: Path) -> Iterator[Path]:
        """Yield the files that show a folder to be applied: in it, below it where no other code is, or anywhere."""
        if self._sources.base == path:
            return
        yield from self._named.get(path, ())
        for here in (path, *variable_folders(self._sources, path, lambda below: bool(folders.at(below).files))):
            files = self._sources.entries(here, [])
            yield from (file for file in files if is_for_root(file.name) and not is_folder(file, if_hidden=False))
        yield from folders.at(path).variables

    @cached_property
    def _named(self) -> Mapping[Path, frozenset[Path]]:
        """The folders of the workspace that a text applies, each with all files that do."""
        there = self._there
        found = defaultdict[Path, set[Path]](set)
        for file in self._sources.everything():
            if self._may_apply(file):
                for path in self._applied_in(file, there):
                    if path not in (file.parent, *file.parents):
                        found[path].add(file)
        return {path: frozenset(files) for path, files in found.items()}

    @cached_property
    def _there(self) -> frozenset[Path]:
        return frozenset(self._sources.folders(self._sources.base, []))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path.name for path in self._there)

    def _may_apply(self, file: Path) -> bool:
        """Return whether a file may be what applies a folder: any text is, but for what is known to apply none."""
        name, by = file.name, self._sources.relative(file)
        harmless = is_prose(name) or lists_files(name) or is_an_example(name)
        if harmless or not may_give(name) or is_ours(by) or is_of_tests(by):
            return False
        return not is_folder(file, if_hidden=False)

    def _applied_in(self, file: Path, there: Collection[Path]) -> Iterator[Path]:
        """Yield the folders that a file applies, of those that are there."""
        raw = self._sources.raw(file)[:_LARGEST]
        lower = raw.lower()
        applies = _applies(lower)
        lists = list[_Step]()
        if _OF_TOOLS.fullmatch(file.name) or not _FOLDERS_OF_TOOLS.isdisjoint(file.parent.parts):
            steps = _ANY.findall(_without_comments(raw))
        elif applies and file.name.endswith(ENDINGS):
            steps = _COMMANDED.findall(_without_comments(raw))
        elif applies:
            content = _without_comments(raw)
            steps, lists = _ENTERED.findall(content), [*_ITEM.findall(content), *_looped(content, there)]
        else:
            steps = _NAMED.findall(_without_comments(raw)) if any(word in lower for word in _RUNNERS) else []
        starts = {file.parent: None, self._sources.base: None}
        asked = set[tuple[_Step, int]]()
        for step in steps:  # each may be entered from one before
            if (step, len(starts)) not in asked and PurePosixPath(_path_of(step)).name in self._names:
                asked.add((step, len(starts)))
                for path in _places([*starts], step, there):
                    yield path
                    starts |= {path: None} if len(starts) < _MOST_ENTERED else {}
        for step in dict.fromkeys(lists):
            if PurePosixPath(_path_of(step)).name in self._names:
                yield from _places(starts, step, there)


_Step = tuple[bytes, bytes]  # what stands before a path, and the path


def _applies(lower: bytes) -> bool:
    """Return whether a text, in small letters, names a tool and says that it applies."""
    return b"apply" in lower and bool(_APPLY.search(lower) and _TOOL.search(lower))


def _without_comments(content: bytes) -> bytes:
    lines = content.replace(b"\\/", b"/").splitlines()
    return b"\n".join(line for line in lines if not _COMMENT.match(line))


def _path_of(step: _Step) -> str:
    return os.fsdecode(step[1].replace(b"\\", b"/"))


def _places(starts: Collection[Path], step: _Step, there: Collection[Path]) -> Iterator[Path]:
    """Yield the folders that a path may name from some others: in full, without the steps up by which a program gets
    to the top, or without those to where the workspace lies on another machine.
    """
    steps = PurePosixPath(_path_of(step)).parts[-_DEEPEST:]
    up = next((number for number, one in enumerate(steps) if one != ".."), 0)
    for number in dict.fromkeys(range(len(steps)) if step[0].endswith((b"/", b"\\")) else (0, up)):
        found = {Path(os.path.normpath(start.joinpath(*steps[number:]))) for start in starts}.intersection(there)
        if found:
            yield from sorted(found)
            return


def _looped(content: bytes, there: Collection[Path]) -> Iterator[_Step]:
    """Yield the folders that a loop of a shell goes through."""
    inside = grouped((path.parent.name, os.fsencode(path.name)) for path in there)
    for word in dict.fromkeys(word for words in _LOOP.findall(content) for word in words.split()):
        if every := _ALL_IN.fullmatch(word):
            above = os.fsdecode(every[2]).rpartition("/")[2]
            yield from ((every[1], every[2] + b"/" + name) for name in sorted(set(inside.get(above, ()))))
        elif one := _WORD.fullmatch(word):
            yield one[1], one[2]
