"""Which folders of Terraform the workspace shows to be applied by themselves, even if other code calls them as modules:
files that a root module alone has, and settings of tools, scripts and pipelines that name the folder.

A called module that nothing shows so is judged by the arguments of its callers alone.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Set
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
# The same with the signs of Windows, or escaped as in JSON.
_WINDOWS = re.compile(rb"(?<![\w.@\\/-])[\w.@-]*+(?:[\\/]++[\w.@-]++)++(?!/?[*$%{<])")
_SIGNS = re.compile(rb"[\\/]+")
_LOOP = re.compile(rb"\bfor[ \t]++\w++[ \t]++in[ \t]++[\"']?([\w./@-]++)[\"']?\*")  # each folder in another one
_GOES = re.compile(rb"(?i)(?:(?:dir(?:ectory)?|root|path|folder|chdir)[\"']?[ \t]*[=:]|\bcd[ \t])[ \t]*[\"']?\Z")
_END = rb"/?+[\"']?[ \t]*+(?:[\r\n,;&|}\])]|\Z)"
_STEP = re.compile(
    rb"(?i)(?:dir(?:ectory)?|root|path|folder|chdir)[\"']?[ \t]*+[=:][ \t]*+[\"']?([\w.@-]++)"
    + _END
    + rb"|\bcd[ \t]++[\"']?([\w.@-]++)"
    + _END
    + rb"|-chdir[= ][\"']?([\w.@-]++)(?=[\"'\s])"
)
_SOURCE = re.compile(rb"source\"?[ \t]*+[=:][ \t]*+\"\Z")  # of a module call, or of a file
_READS = re.compile(rb"\b(?:tflint|terraform-docs|checkov|tfsec|trivy|terrascan)\b[^;&|\n]*+\Z")
_COMMENT = re.compile(rb"\s*+(?:#|//)")
# Settings that name folders and apply none: those of updates, of labels, of releases, of tests and documentation.
_HARMLESS = re.compile(
    r"(?i)\.?(?:dependabot|renovate|labeler|mkdocs|codecov|coderabbit|pre-commit-config|terraform-docs|tflint|checkov"
    r"|yamllint|sonar-project|release-please-config|release-please-manifest|release-drafter|mega-linter|catalog-info)"
    r"\.(?:ya?ml|json5?|jsonc|toml|hcl|properties|baseline)"
)
_UP = re.compile(r"^(?:\.{0,2}/)*")
_NEAR = 200  # characters
_LONG = 2_000  # characters of a line
_DEEPEST = 20  # steps
_LONGEST = 1_000  # bytes of a path
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
                for path in self._paths_in(file, names, there):
                    if path not in (file.parent, *file.parents):
                        found[path].add(file)
        return {path: frozenset(files) for path, files in found.items()}

    def _may_apply(self, file: Path) -> bool:
        """Return whether a file may be what applies a folder: any text is, but for what is known to apply none."""
        name, by = file.name, self._sources.relative(file)
        harmless = is_prose(name) or lists_files(name) or is_an_example(name) or _HARMLESS.fullmatch(name)
        if harmless or not may_give(name) or is_ours(by) or is_of_tests(by):
            return False
        return not is_folder(file, if_hidden=False)

    def _paths_in(self, file: Path, names: Container[bytes], there: Set[Path]) -> Collection[Path]:
        """Return the folders, of those with some names that are there, which a file may name: from its own folder, from
        the top of the workspace, from where a program works its way to the top, and from another folder that it names.
        """
        content, base = self._sources.raw(file)[:_LARGEST], self._sources.base
        is_code = file.name.endswith(ENDINGS)
        found = dict[Path, None]()
        asked, gone = set[tuple[str, bool, bool]](), set[str]()  # paths, and single steps
        for form in (_PATH, _STEP, *((_WINDOWS,) if b"\\" in content else ())):
            for match in form.finditer(content):
                step = next(filter(None, match.groups()), match[0])
                step = _SIGNS.sub(b"/", step) if form is _WINDOWS else step
                while step.endswith(b"/."):
                    step = step[:-2]
                if len(step) > _LONGEST or step.rpartition(b"/")[2] not in names:
                    continue
                before = content[max(0, match.start() - _NEAR) : match.start()]
                if (is_code and _SOURCE.search(before)) or _is_idle(content, before, match.start()):
                    continue
                if form is _STEP:
                    gone.add(os.fsdecode(step))
                goes = step.startswith(b"/") and _GOES.search(before) is not None
                asked.add((os.fsdecode(step), before.endswith(b"$"), goes))
        for step, is_variable, goes in asked:
            found.update(dict.fromkeys(_meant(step, file.parent, base, is_variable=is_variable, goes=goes) & there))
        for match in _LOOP.finditer(content):
            each = {Path(os.path.normpath(start / os.fsdecode(match[1]))) for start in (file.parent, base)}
            found.update(dict.fromkeys(path for path in there if path.parent in each))
        after = list(found)
        for path in after:  # the list grows
            further = {path / step for step in gone} & there - found.keys()
            found.update(dict.fromkeys(further))
            after += further
        return found


def _meant(written: str, here: Path, base: Path, *, is_variable: bool, goes: bool) -> Set[Path]:
    """Return the folders that a path may mean: one that begins at the top of a machine may lead through the workspace
    with its last steps, and only with the very last one if a command `goes` there.
    """
    if written.startswith("/"):
        steps = [step for step in written.split("/") if step]
        least = 1 if goes else 2
        ends = ["/".join(steps[number:]) for number in range(max(1, len(steps) - least + 1))][-_DEEPEST:]
        return {Path(os.path.normpath(base / end)) for end in ends}
    above = _UP.sub("", written.partition("/")[2] if is_variable else written)
    starts = ((here, written), (base, written), (base, above))
    return {Path(os.path.normpath(start / steps)) for start, steps in starts if steps and not steps.startswith("/")}


def _is_idle(content: bytes, before: bytes, at: int) -> bool:
    """Return whether a position is behind a command that only reads, or on a comment line that is not very long."""
    if _READS.search(before):
        return True
    start = content.rfind(b"\n", max(0, at - _LONG), at) + 1
    return at - start < _LONG and _COMMENT.match(content, start, at) is not None
