"""Which folders of Terraform the workspace shows to be applied by themselves, even if other code calls them as modules:
files that a root module alone has, and settings of tools, scripts and pipelines that name the folder.

A called module that nothing shows so is judged by the arguments of its callers alone.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from preuve.collect.code.files.kinds import is_for_root, is_of_tests, is_prose, lists_files, may_give
from preuve.collect.code.files.modules import Folders
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS
from preuve.collect.code.inputs.parameter_files import is_ours
from preuve.collect.code.inputs.values_files import is_an_example
from preuve.collect.code.inputs.variables import variable_folders

# A path of several steps. A word of one step is a path only where an option or a key says so.
_PATH = re.compile(rb"(?<![\w.@-])[\w.@-]*+(?:/++[\w.@-]++)++(?!/?[*$%{<])")
_END = rb"/?+[\"']?[ \t]*+(?:[\r\n,;&|}\])]|\Z)"
_STEP = re.compile(
    rb"(?i)(?:dir(?:ectory)?|root|path|folder|chdir)[\"']?[ \t]*+[=:][ \t]*+[\"']?([\w.@-]++)"
    + _END
    + rb"|\bcd[ \t]++[\"']?([\w.@-]++)"
    + _END
)
_SOURCE = re.compile(rb"source\"?[ \t]*+[=:][ \t]*+\"\Z")  # of a module call, or of a file
_COMMENT = (b"#", b"//")
# Settings that name folders and apply none: those of updates, of labels, of releases, of tests and documentation.
_HARMLESS = re.compile(
    r"(?i)\.?(?:dependabot|renovate|labeler|mkdocs|codecov|coderabbit|pre-commit-config|terraform-docs|tflint|checkov"
    r"|yamllint|sonar-project|release-please-config|release-please-manifest|release-drafter|mega-linter|catalog-info)\b.*"
)
_UP = re.compile(r"^(?:\.{0,2}/)*")
_NEAR = 40  # characters
_LARGEST = 1_000_000  # bytes


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
        """The folders of the workspace that a text names, each with all files that do."""
        there = frozenset(self._sources.folders(self._sources.base, []))
        names = frozenset(os.fsencode(path.name) for path in there)
        found = defaultdict[Path, set[Path]](set)
        for file in self._sources.everything():
            if self._may_apply(file):
                for path in self._paths_in(file, names):
                    if path in there and path not in (file.parent, *file.parents):
                        found[path].add(file)
        return {path: frozenset(files) for path, files in found.items()}

    def _may_apply(self, file: Path) -> bool:
        """Return whether a file may be what applies a folder: any text is, but for what is known to apply none."""
        name, by = file.name, self._sources.relative(file)
        harmless = is_prose(name) or lists_files(name) or is_an_example(name) or _HARMLESS.fullmatch(name)
        if harmless or not may_give(name) or is_ours(by) or is_of_tests(by):
            return False
        return not is_folder(file, if_hidden=False)

    def _paths_in(self, file: Path, names: Container[bytes]) -> Iterator[Path]:
        """Yield the folders with one of some names that a file may name: from its own folder, from the top of the
        workspace, and from where a program works its way to the top.
        """
        content, base = self._sources.raw(file)[:_LARGEST], self._sources.base
        is_code = file.name.endswith(ENDINGS)
        for match in (*_PATH.finditer(content), *_STEP.finditer(content)):
            step = match[0] if match.re is _PATH else match[1] or match[2]
            if step.rpartition(b"/")[2] not in names:
                continue
            before = content[content.rfind(b"\n", 0, match.start()) + 1 : match.start()]
            if before.lstrip().startswith(_COMMENT) or (is_code and _SOURCE.search(before[-_NEAR:])):
                continue
            written = os.fsdecode(step)
            above = _UP.sub("", written.partition("/")[2] if before.endswith(b"$") else written)
            for start, steps in ((file.parent, written), (base, written), (base, above)):
                if steps and not steps.startswith("/"):
                    yield Path(os.path.normpath(start / steps))
