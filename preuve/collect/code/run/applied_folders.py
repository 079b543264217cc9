"""Which folders of Terraform the workspace shows to be applied by themselves, even if other code calls them as modules:
by a file that a root module alone has, by settings of a tool that applies the folders which they name, or by a command
that applies one.

Scripts, pipelines and programs have too many other ways to enter a folder to know them all. So each text that may run
Terraform and lies in a called folder, or names it, leaves open whether the folder is a root, too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from preuve.collect.code.files.kinds import (
    is_for_root,
    is_of_tests,
    is_prose,
    is_source,
    is_test_of_modules,
    lists_files,
    may_give,
)
from preuve.collect.code.files.modules import Folders
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS
from preuve.collect.code.inputs.parameter_files import is_ours
from preuve.collect.code.inputs.values_files import is_an_example
from preuve.collect.code.inputs.variables import variable_folders
from preuve.collect.code.language.dependencies.workflows import without_paths

# Settings of tools that apply the folders which they name, and of those that apply none.
_OF_TOOLS = re.compile(
    r"(?i)(?:atlantis|digger|env0|scalr|terrateam|spacelift)[\w.-]*\.ya?ml|terragrunt\.hcl|terragrunt\.stack\.hcl"
    r"|.+\.tm\.hcl|.+\.tf(?:component|stack|deploy)\.hcl"
)
_APPLY_NONE = re.compile(
    r"(?:.*/)?(?:\.github/(?:dependabot|labeler|release-please)\.ya?ml|\.(?:pre-commit-config|terraform-docs|checkov)\.ya?ml"
    r"|(?:\.github/)?\.?renovate(?:rc)?\.json5?|\.?release-please-(?:config|manifest)\.json|\.tflint\.hcl|\.?codecov\.ya?ml)"
)
_COMMAND = re.compile(r"(?i)apply|command|entry|tasks")
# What settings of Terragrunt depend on has settings of its own: no other folder of its name is meant. A relative path
# begins at the folder of the settings, or at that of the settings that include them.
_OF_TERRAGRUNT = "terragrunt.hcl"
_DEPENDED = re.compile(
    r'(?m)^[ \t]*+dependenc(?:y[ \t]++"[^"\n]*+"[ \t]*+\{\s*+config_path[ \t]*+=[ \t]*+"(?:[^"$\n]|\$\{[^{}"\n]*+\})*+"'
    r'|ies[ \t]*+\{\s*+paths[ \t]*+=[ \t]*+\[(?:[\s,]|"(?:[^"$\n]|\$\{[^{}"\n]*+\})*+")*+\])'
)
_RELATIVE = re.compile(r'"((?:\$\{get_(?:original_)?terragrunt_dir\(\)\}/|(?=\.\.?/))[\w.@/-]++)"')
_FOLDERS_OF_TOOLS = frozenset({".spacelift", ".terrateam"})
# What a text has that runs Terraform, once the commands and actions that change nothing are taken out.
_RUNS = re.compile(
    r"(?i)(?<![a-z])(?:apply|terraform|(?:open)?tofu)(?![a-z])|(?<![a-z.])tf(?:exec|(?![a-z]))|terragrunt|working[_-]?dir|project_root"
)
_CHANGE_NOTHING = re.compile(
    r"(?i)(?:terraform|tofu|terragrunt|(?<![\w-])tf)[\"', \t]++(?:-chdir=\S++[ \t]++)?"
    r"(?:fmt|hclfmt|validate|version|test(?![^\n]*?cleanup)|get|graph|console|providers|show|output"
    r"|init[ \t]++-backend=false)(?![\w-])"
    r"|(?:setup-)?(?:terraform|tofu|opentofu)[-_](?:docs|version|wrapper|validate|fmt|lint)\w*"
    r"|setup-(?:terraform|opentofu|terragrunt)"
)
# Terraform names folders as sources of calls; where a command or a workspace of its code names one, its line says so.
_PLACED = re.compile(
    r"(?i)(?<![\w-])(?:apply(?![\w-])|command[ \t]*+=)|working_?dir|project_root|tf_root|chdir|(?<![\w-])cd\b"
)
_ESCAPED = re.compile(r"\\[nrt]")
_BETWEEN = re.compile(r"[^\w.@/\\-]+")
_STEPS = re.compile(r"[/\\]+")
_AFTER_A_VALUE = re.compile(r"(?:\$\w++|[%})])[\"']?[/\\]++(?=[\w.@-])")  # the folder may be any
# A step that is filled in after the name of a folder, and commands that go through all folders in one.
_FILLED_IN = re.compile(r"(?<![\w.@-])([\w.@-]++)[\"']?[/\\]++[\"']?(?=[$*{<%(`@])")
_INTO_A_VALUE = re.compile(
    r"(?i)(?:(?<![\w-])(?:cd|pushd|set-location)[ \t]++|-chdir=)[\"']?(?!\$\((?:dirname|git|pwd|cd)\b)[$%{*]"
)
_EACH = re.compile(r"(?i)\b(?:find|ls|run[-_]all|listdir|iterdir|readdir|walk|glob|get-childitem)\b|--all\b")
# What surely applies one folder: a command that enters it right before one that applies, or a step of a workflow that
# has both. Each begins a line, so that it is no part of a message.
_BEGIN = r"(?m:^)[ \t]*+(?:-[ \t]++)?+(?:(?:run|script|command|cmd|shell|bash)[ \t]*+:[ \t]*+)?+[@(\"']*+"
_PATH = r"[\"']?([\w.@-]++(?:/[\w.@-]++)*+)/?[\"']?(?=[\s;&|)]|\Z)"
_TOOL = r"(?:\w++=\S*+[ \t]++)*+(?:terraform|tofu|terragrunt)[ \t]++"
_APPLY = r"(?:-(?!chdir)\S++[ \t]++)*+apply(?![\w-])"
_NEXT = r"[ \t]*+(?:&&|\|\||;|\n[ \t]*+-[ \t]|\n)\s*+"
_ENTERED = re.compile(
    rf"{_BEGIN}(?:cd[ \t]++{_PATH}(?:{_NEXT}{_TOOL}(?!{_APPLY})[^\n;&|]*+)*+{_NEXT}{_TOOL}"
    rf"|{_TOOL}-chdir=[\"']?{_PATH}[ \t]++){_APPLY}"
)
_STEP = re.compile(r"(?m)^([ \t]*+)-[ \t][^\n]*+(?:\n(?:\1[ \t][^\n]*+|[ \t]*+$))*+")
_APPLIED = re.compile(_BEGIN + _TOOL + _APPLY)
_GONE = re.compile(r"(?:(?<![\w-])(?:cd|pushd)[ \t]++|working-?[Dd]irectory[\"']?[ \t]*+:[ \t]*+)" + _PATH)
_BY_LINE = re.compile(r"(?i)(?:gnu)?makefile|.+\.mk|\.?justfile|taskfile\.ya?ml")  # each line in a shell of its own
# Nothing is sure by a line that may be a comment; only the parser of its language knows whether it is one.
_MAY_BE_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))(?:#|//).*|^[ \t]*+/\*[\s\S]*?(?:\*/|\Z)")
_TABLES = (".csv", ".tsv")
_LARGEST = 1_000_000  # bytes
_MOST_PATHS = 100  # of one text


@dataclass(frozen=True)
class _Text:
    """A text that may apply folders: the folders that it names by their last step, each with the step before it, and
    those of which it may mean any in them. Settings of a tool apply those that they name `surely`.
    """

    file: Path
    named: frozenset[tuple[str, str]]
    above: frozenset[str]
    surely: frozenset[tuple[str, str]]
    applied: frozenset[Path]  # by a command

    def means(self, path: Path, *, alone: bool) -> bool:
        """Return whether the text names a folder, with the step above it or, if that is enough, `alone`. It is where
        the text lies beside the folder or names the step above it, too.
        """
        last, above = path.name.casefold(), path.parent.name.casefold()
        alone = alone or self.file.parent == path.parent or any(name == above for _, name in self.named)
        if any((before, last) in self.named for before in (*([""] if alone else []), "..", above)):
            return True
        return above in self.above

    def shows(self, path: Path) -> bool:
        """Return whether the text surely applies a folder."""
        last, above = path.name.casefold(), path.parent.name.casefold()
        return path in self.applied or any((before, last) in self.surely for before in ("", "..", above))


class AppliedFolders:
    """The folders of a workspace that something there shows to be applied, or may apply; searched once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def shown_by(self, folders: Folders, path: Path) -> Iterator[Path]:
        """Yield the files that show a folder to be applied: in it, below it where no other code is, or anywhere."""
        if self._sources.base == path:
            return
        yield from (text.file for text in self._texts if text.shows(path))
        for here in (path, *self._below(folders, path)):
            files = self._sources.entries(here, [])
            yield from (file for file in files if is_for_root(file.name) and not is_folder(file, if_hidden=False))
        yield from folders.at(path).variables

    def left_open_by(self, folders: Folders, path: Path) -> frozenset[Path]:
        """Return the files that may apply a folder: they name it, or lie in it or below it where no other code is. Its
        name alone is a word that may mean anything: it counts if the folder needs no values.
        """
        inside = {path, *self._below(folders, path)}
        lying = (text for text in self._texts if text.file.parent in inside and not text.file.name.endswith(ENDINGS))
        alone = not folders.at(path).asks or path.parent == self._sources.base
        naming = (text for text in self._texts if text.means(path, alone=alone))
        return frozenset(text.file for text in (*lying, *naming))

    def _below(self, folders: Folders, path: Path) -> list[Path]:
        return variable_folders(self._sources, path, lambda below: bool(folders.at(below).files))

    @cached_property
    def _texts(self) -> tuple[_Text, ...]:
        """The texts of the workspace that apply folders or may do so: also those that name one that may, and those that
        one names, which may list folders for it.
        """
        contents = {file: self._content(file) for file in self._sources.everything() if self._may_apply(file)}
        contents = {file: content for file, content in contents.items() if not self._applies_none(file, content)}
        running = {file for file, content in contents.items() if _applies(file) or _runs(content)}
        waiting = {
            file: {_last_of(word)[1] for word in _words_of(contents[file])} for file in contents.keys() - running
        }
        while waiting:
            names = {file.name for file in running if not file.name.endswith(ENDINGS)}
            found = {file for file, told in waiting.items() if not names.isdisjoint(told)}
            if not found:
                break
            running |= found
            waiting = {file: told for file, told in waiting.items() if file not in found}
        told = frozenset[str]().union(*({_last_of(word)[1] for word in _words_of(contents[file])} for file in running))
        tables = (file for file in self._sources.everything() if file.suffix in _TABLES)
        read = (file for file in chain(waiting, tables) if file.name in told and not is_folder(file, if_hidden=False))
        return (
            *(self._read(file, contents[file]) for file in contents if file in running),
            *(self._listing(file) for file in read),
        )

    def _may_apply(self, file: Path) -> bool:
        """Return whether a file may be what applies a folder: any text is, but for what is known to apply none."""
        name, by = file.name, self._sources.relative(file)
        harmless = is_prose(name) or lists_files(name) or is_an_example(name)
        if harmless or not may_give(name) or is_ours(by) or is_of_tests(by):
            return False
        return not is_folder(file, if_hidden=False)

    def _applies_none(self, file: Path, content: str) -> bool:
        """Return whether a text is the settings of a tool that applies nothing, without a command of its user, or a
        test of modules that keeps nothing.
        """
        if is_test_of_modules(file.name):
            return "cleanup" not in content
        return _APPLY_NONE.fullmatch(self._sources.relative(file)) is not None and _COMMAND.search(content) is None

    def _content(self, file: Path) -> str:
        """Return the lines of a file that count, and its name: `.terraform-version` says which one runs here."""
        text = self._sources.raw(file)[:_LARGEST].decode("utf-8", "replace")
        if file.name.endswith(ENDINGS):  # its name says nothing; most have no such line
            lines = text.splitlines() if _PLACED.search(text) else []
            return "\n".join(line for line in lines if _PLACED.search(line))
        return "\n".join((file.name, *without_paths(self._sources.relative(file), text).splitlines()))

    def _read(self, file: Path, content: str) -> _Text:
        told = _MAY_BE_COMMENT.sub("", content)
        applied = self._applied(file, told)
        if file.name == _OF_TERRAGRUNT:
            paths = [path for found in _DEPENDED.finditer(told) for path in _RELATIVE.findall(found[0])]
            applied |= {place for path in paths for place in self._meant(file, path)}
            content = _DEPENDED.sub("", content)
        content = content.casefold()
        named = self._named_in(content)
        if _applies(file):
            return _Text(file, named, frozenset(), self._named_in(_MAY_BE_COMMENT.sub("", content)), applied)
        filled_in = frozenset(_FILLED_IN.findall(content))
        if _INTO_A_VALUE.search(content):
            filled_in |= {file.parent.name.casefold()}
        every = frozenset(name for _, name in named) if _EACH.search(content) else frozenset[str]()
        return _Text(file, named, filled_in | every, frozenset(), applied)

    def _listing(self, file: Path) -> _Text:
        """Read a text that one which may apply folders reads: its values may be folders, as paths of several steps."""
        named = frozenset(pair for pair in self._named_in(self._content(file).casefold()) if pair[0] not in ("", ".."))
        return _Text(file, named, frozenset(), frozenset(), frozenset())

    def _named_in(self, content: str) -> frozenset[tuple[str, str]]:
        """Return the folders that a content names, each with the step before it."""
        words = _words_of(_AFTER_A_VALUE.sub(" ../", content))
        named = frozenset(pair for word in words if (pair := _last_of(word))[1] in self._names)
        return named | {("..", name) for name in self._names_of_several_words if name in content}

    def _meant(self, file: Path, path: str) -> frozenset[Path]:
        """Return the folders with settings of their own that a relative path in settings of Terragrunt may mean."""
        starts = (start for start in self._of_terragrunt if start.is_relative_to(file.parent))
        path = path.rpartition("}/")[2]
        return frozenset(Path(os.path.normpath(start / path)) for start in starts) & self._of_terragrunt

    def _applied(self, file: Path, content: str) -> frozenset[Path]:
        """Return the folders in which commands of a text surely run: those that only one place leads to of all that
        the text goes to.
        """
        if file.name.endswith(ENDINGS) or is_source(file.name):  # what stands there may be a comment
            return frozenset()
        content = content.replace("\\\n", " ")
        content = content.replace("\n", "\n#\n") if _BY_LINE.fullmatch(file.name) else content
        paths = {entered or placed for entered, placed in _ENTERED.findall(content)} | _of_steps(content)
        gone = set(_GONE.findall(content)) if paths else set[str]()
        if len(paths | gone) > _MOST_PATHS:
            return frozenset()
        starts = {self._sources.base, file.parent}
        starts |= {Path(os.path.normpath(start / path)) for start in starts for path in gone}
        places = ({Path(os.path.normpath(start / path)) for start in starts} & self._folders for path in paths)
        return frozenset(place for found in places if len(found) == 1 for place in found)

    @cached_property
    def _of_terragrunt(self) -> frozenset[Path]:
        return frozenset(file.parent for file in self._sources.everything() if file.name == _OF_TERRAGRUNT)

    @cached_property
    def _folders(self) -> frozenset[Path]:
        return frozenset(self._sources.folders(self._sources.base, []))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path.name.casefold() for path in self._folders)

    @cached_property
    def _names_of_several_words(self) -> frozenset[str]:
        return frozenset(filter(_BETWEEN.search, self._names))


def _applies(file: Path) -> bool:
    return _OF_TOOLS.fullmatch(file.name) is not None or not _FOLDERS_OF_TOOLS.isdisjoint(file.parent.parts)


def _of_steps(content: str) -> set[str]:
    """Return the folders of steps of workflows that apply there."""
    steps = (found[0] for found in _STEP.finditer(content) if _APPLIED.search(found[0]) and "cd " not in found[0])
    return {paths[0] for step in steps if len(paths := _GONE.findall(step)) == 1}


def _runs(content: str) -> bool:
    return _RUNS.search(_CHANGE_NOTHING.sub(" ", content)) is not None


def _words_of(content: str) -> frozenset[str]:
    plain = _ESCAPED.sub(" ", content)
    words = frozenset(_BETWEEN.split(content))
    return words if plain == content else words | frozenset(_BETWEEN.split(plain))


def _last_of(word: str) -> tuple[str, str]:
    """Return the last two steps of a path that a word may be."""
    steps = [step for step in _STEPS.split(word) if step not in ("", ".")]
    return ("", "", *steps)[-2], ("", *steps)[-1]
