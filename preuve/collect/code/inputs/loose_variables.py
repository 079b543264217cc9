"""Finds sources of variable values that belong to no root: variable files of any name, programs, pipelines and
environments. Only their folder and the names that they set show which roots they may concern.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from pathlib import Path, PurePath

from preuve.collect.code.files.kinds import is_page, is_prose, lists_files, may_give
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.inputs.commands import given_in
from preuve.collect.code.inputs.input_names import ANY, HCL_IN_JSON
from preuve.collect.code.inputs.libraries import names_in_code
from preuve.collect.code.inputs.parameter_files import is_ours
from preuve.collect.code.inputs.values_files import is_an_example, is_shown
from preuve.collect.code.inputs.variables import ENDINGS, is_automatic, is_read, names_in_values
from preuve.collect.code.inputs.written_values import names_requested, names_written
from preuve.collect.code.job import Gap
from preuve.collect.code.language.dependencies.workflows import without_paths
from preuve.collect.code.language.values.value import Unknown, Value

_NAME = re.compile(r"[A-Za-z_][\w-]*")
# What gives variables otherwise than by the environment: an option, a module of Ansible, an action, a library.
_COMMANDED = re.compile(rb"-var(?![\w-])|project_path|\buses\b|tfexec|terratest|tftest|python_terraform")
# An option for a file of variables, or the key of a tool for one, and the name with what is filled in.
_NAMING = re.compile(
    rb"(?P<option>(?<![\w-])--?)?var[-_]files?(?P<closed>[\"']?)[\s,=:|>\\-]+(?P<quote>[\"']?)"
    rb"(?P<name>(?:\$?\{\{[^{}\n]{0,200}\}\}|\$?\{[^{}\n]{0,200}\}|\$\([^()\n]{0,200}\)"
    rb"|[\"'](?=[$\w./])|[^\s\"',;|&)}\]])++)"
)
# Blocks with which code writes files where it is applied, or runs commands; and what it says to people.
_WRITES = re.compile(rb"\blocal(?:_sensitive)?_file\b|\blocal-exec\b|\bdata[ \t\"]++external\b|\"external\"")
_FOR_PEOPLE = re.compile(
    r"(?m)(?:^|(?<=\s))(?:#|//).*|^[ \t]*+/\*[\s\S]*?(?:\*/|\Z)|^[ \t]*+(?:description|error_message)\b.*"
)
_UP = re.compile(r"(?:\.\./)++")
_FOLDER = re.compile(rb"-chdir[= ][\"']?([\w./-]++)(?=[\"'\s])|\bcd[ \t]+[\"']?([\w./-]++)[\"']?[ \t]*+(?:&&|;)")
_GOING = re.compile(rb"\b(?:cd|pushd|Set-Location)\b")
# Tools that only read code: their option for a file of variables gives Terraform nothing.
_OF_READERS = re.compile(rb"\b(?:checkov|conftest|infracost|kics|terrascan|tflint|tfsec|trivy)\b[^;&|\n]*+\Z")
_NEAR = 300  # characters before an option
_LONG = 2_000  # characters of a line
_MOST = 1_000  # names of files that a text may name
# A placeholder in a file that Terraform cannot parse: it is filled in before use.
_WRITTEN = re.compile(rb"(?m)^[ \t]*([A-Za-z_][\w-]*)[ \t]*=[ \t]*[^\s=]")
# The same in JSON, too.
_ASSIGNED = re.compile(rb"(?m)^[ \t]*\"?([A-Za-z_][\w-]*)\"?[ \t]*[=:][ \t]*[^\s=]")
# A file of variables with one more ending: what is rendered or decrypted. An example is copied by hand.
_RENDERED = re.compile(r"(?i)[^.]*+(?:\.(?!tfvars)[^.]*+)*+\.tfvars(?:\.json)?\.(?!json)[\w.-]+")
# Encrypted, as text.
_SEALED = re.compile(rb"\s*(?:\$ANSIBLE_VAULT|-----BEGIN|age-encryption\.org)|.*?ENC\[", re.DOTALL)
_TOP = re.compile(rb"(?m)^[^\s#].*+")
_KEY = re.compile(rb"(?:([A-Za-z_]\w*+)[ \t]*+:(?:\s|$)|---|\.\.\.)")
_YAML = (".yaml", ".yml")
_FILLED_IN = re.compile(r"\$?[{(<%]{1,3}[^})>%]{0,200}+[})>%]{1,3}|\$\w++|%\w|[\[\]?]")
_KEYS = (*_YAML, ".toml", ".hcl", ".json")
_WORKFLOWS = (".github", "workflows")
_OUTSIDE = ("/", "~")
_COMMENT = "//"  # a JSON member that Terraform ignores
_OTHERS = (*CODE, *(f"{ending}.json" for ending in CODE))


class Rank(IntEnum):
    """What a source has the last word against, where a run names its files of variables: nothing, since the run says
    which files it reads; the defaults; all.
    """

    FILE = 0
    ENVIRONMENT = 1
    COMMAND = 2


@dataclass(frozen=True)
class LooseSource:
    """A file that may set variables, by its contents or by options and environment variables in it.

    It applies below the folder `around`. `names` are the variables that a file of values sets, all of which a root must
    declare; None if the file is a Terraform variable file by its extension or by an option that names it.
    """

    file: Path
    around: Path
    names: frozenset[str] | None = frozenset()
    given: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    rank: Rank = Rank.FILE

    def beside_files(self, declared: Set[str], of_files: Set[str]) -> LooseSource | None:
        """Return the source as it counts in a run whose files set some of the declared variables; None if in none."""
        if self.rank is not Rank.ENVIRONMENT:
            return self if self.rank is Rank.COMMAND else None
        anything = dict[str, tuple[Value, ...]].fromkeys(declared if ANY in self.given else (), (Unknown(()),))
        given = {**anything, **self.given}
        left = {name: values for name, values in given.items() if name not in (*of_files, ANY)}
        return replace(self, given=left) if left else None


class LooseVariables:
    """The sources of variable values in a workspace; searched once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._names: set[str] = set()  # files that options name, whatever their suffix

    def beside(self, root: Path) -> list[LooseSource]:
        """Return the sources that may concern a root: the root must be below the nearest folder above the source that
        contains code.
        """
        return [one for one in self.found if root.is_relative_to(one.around)]

    @cached_property
    def found(self) -> tuple[LooseSource, ...]:
        """All sources; the first access searches them."""
        return tuple(self._look())

    def gives(self, file: Path) -> bool:
        """Return whether a file sets variables."""
        if file.name.endswith(ENDINGS):
            return False
        if file.name.endswith(_OTHERS):
            return any(self._by_code(file, self._sources.base))
        sealed = may_give(file.name) and self._is_sealed(file)
        return sealed or any(self._named(file, file.parent)) or any(self._by_content(file, self._sources.base))

    def _look(self) -> Iterator[LooseSource]:
        base = self._sources.base
        files = {path: self._sources.entries(path, []) for path in self._sources.folders(base, [])}
        code = {path for path, inside in files.items() if any(file.name.endswith(_OTHERS) for file in inside)}
        around = {above for path in code for above in (path, *path.parents)}
        near: dict[Path, Path] = {}
        for path in files:  # each folder before its contents
            near[path] = path if path in around else near.get(path.parent, base)
        told: set[Path] = set()
        for path, inside in files.items():
            for one in self._in_folder(inside, near[path], beside_code=path in code):
                told.add(one.file)
                yield one
        named = [file for inside in files.values() for file in inside if file.name in self._names and file not in told]
        for file in named:
            if file.name.endswith((*ENDINGS, *_OTHERS)) or is_folder(file, if_hidden=False):
                continue
            if self._is_sealed(file):
                yield LooseSource(file, near[file.parent], None)
            else:
                yield from self._named(file, near[file.parent])

    def _is_sealed(self, file: Path) -> bool:
        """Return whether a file cannot be opened or is encrypted, so that it may set any variable."""
        content = self._sources.content(file)
        return isinstance(content, Gap) or _SEALED.match(content) is not None

    def _of_terraform(self, file: Path, around: Path) -> Iterator[LooseSource]:
        """Yield a file with the suffix of variable files. Terraform rejects one with a syntax error, so no run uses it
        unchanged: it may be a template of one, unless it is an example.
        """
        content = self._sources.content(file)
        if isinstance(content, Gap) or _SEALED.match(content) or is_read(file.name, content):
            yield LooseSource(file, around, None)
        elif not is_an_example(file.name):
            names = {name.decode() for name in _WRITTEN.findall(content)}
            yield LooseSource(file, around, None, dict.fromkeys(names, (Unknown(()),)))

    def _rendered(self, file: Path, around: Path) -> Iterator[LooseSource]:
        """Yield a file from which one of variables is made: what it writes is not known, and of an encrypted one what
        it sets.
        """
        if is_folder(file, if_hidden=False):
            return
        written = () if self._is_sealed(file) else _ASSIGNED.findall(self._sources.raw(file))
        names = {name.decode() for name in written} or {ANY}
        yield LooseSource(file, around, frozenset(), dict.fromkeys(names, (Unknown(()),)))

    def _named(self, file: Path, around: Path) -> Iterator[LooseSource]:
        """Yield a file that an option names and that contains only values, whatever its name."""
        names = _names_in(file, self._sources.raw(file))
        if names:
            yield LooseSource(file, around, names)

    def _in_folder(self, files: Iterable[Path], around: Path, *, beside_code: bool) -> Iterator[LooseSource]:
        """Yield the sources among the files of a folder. A file that a root reads automatically concerns only that
        root.
        """
        for file in files:
            if _is_rendered(file.name):
                yield from self._rendered(file, around)
            elif file.name.endswith(ENDINGS):
                if not (beside_code and is_automatic(file.name)) and not is_folder(file, if_hidden=False):
                    yield from self._of_terraform(file, around)
            elif file.name.endswith(_OTHERS):
                yield from self._by_code(file, around)
            else:
                yield from self._by_content(file, around)

    def _by_code(self, file: Path, around: Path) -> Iterator[LooseSource]:
        """Yield a file of code that creates something with Terraform variables in its environment, or in a workspace of
        HCP Terraform: it may apply this code.
        """
        content = b"" if is_folder(file, if_hidden=False) else self._sources.raw(file)
        names = names_in_code(content.decode("utf-8", "replace")) if b"TF_VAR_" in content else ()
        if given := dict.fromkeys((*names, *names_requested(content)), (Unknown(()),)):
            yield LooseSource(file, around, frozenset(), given, Rank.ENVIRONMENT)
        if _WRITES.search(content):
            yield from self._written_by_code(file, _FOR_PEOPLE.sub("", content.decode("utf-8", "replace")))

    def _written_by_code(self, file: Path, text: str) -> Iterator[LooseSource]:
        """Yield code that may write files of variables where it is applied: beside its folder, or as far above it as
        its paths lead.
        """
        names = names_written(text) if "tfvar" in text or "override.t" in text else ()
        if given := dict.fromkeys(names, (Unknown(()),)):
            up = max((len(steps) // len("../") for steps in _UP.findall(text)), default=1)
            above = [path for path in file.parent.parents if path.is_relative_to(self._sources.base)][:up]
            yield LooseSource(file, [file.parent, *above][-1], frozenset(), given, Rank.COMMAND)

    def _by_content(self, file: Path, around: Path) -> Iterator[LooseSource]:
        if not may_give(file.name) or is_an_example(file.name) or is_folder(file, if_hidden=False):
            return  # of a folder, too, `raw` asks where it leads: much, in a deep tree
        content = self._sources.raw(file)
        if _may_ask(content):
            self._names.update(PurePath(name.decode("utf-8", "replace")).name for name in _named_in(content))
        if names := self._in_markup(file, content):
            yield LooseSource(file, around, None, dict.fromkeys(names, (Unknown(()),)))
        names = frozenset[str]() if is_shown(file.name) else _names_in(file, content)
        silent = lists_files(file.name) or is_prose(file.name) or is_page(file.name)
        silent = silent or is_ours(self._sources.relative(file))
        written = () if silent else (*_written(content, self._sources.relative(file)),)
        given = {**given_in(content, _ending(file)), **dict.fromkeys(written, (Unknown(()),))}
        if names or given:
            rank = Rank.COMMAND if written or _COMMANDED.search(content) else Rank.ENVIRONMENT
            yield LooseSource(file, around, names, given, rank if given else Rank.FILE)
        for folder in sorted(self._asking(file, content, around)):
            yield LooseSource(file, folder, frozenset(), {ANY: (Unknown(()),)})

    def _in_markup(self, file: Path, content: bytes) -> frozenset[str]:
        """Return the names at the top of YAML: the variables of a root that declares all of them."""
        lines = _TOP.findall(content) if file.name.endswith(_YAML) else ()
        names = [_KEY.match(line) for line in lines]
        return frozenset(name[1].decode() for name in names if name and name[1]) if all(names) else frozenset()

    def _asking(self, file: Path, content: bytes, around: Path) -> Set[Path]:
        """Return the folders around the roots that a text gives a file of variables which is not in the workspace."""
        if not _may_ask(content) or (file.name.endswith(_YAML) and file.parent.parts[-3:-1] == _WORKFLOWS):
            return frozenset()  # GitHub reads no folders below that of the workflows
        found = (one for one in _NAMING.finditer(content) if not _is_for_others(content, one.start()))
        asked = {(_file_asked(one, file), _folder_said(content, one.start())) for one in found}
        if len(asked) > _MOST:
            return {around}
        folders = {said for name, said in asked if name and not self._is_there(name)}
        return {folder for said in folders for folder in self._called(said, around)}

    def _called(self, said: bytes, around: Path) -> Collection[Path]:
        """Return the folders below another one that a command may mean; that one itself if it does not say which."""
        steps = PurePath(os.fsdecode(said)).parts
        if not steps or not {"..", "/"}.isdisjoint(steps):
            return (around,)
        ends = [path for path in self._folders if path.parts[-len(steps) :] == steps]
        return [path for path in ends if path.is_relative_to(around)] or (around,)

    def _is_there(self, name: str) -> bool:
        """Return whether a file is in the workspace; of a name that is filled in, whether one may be."""
        if name.startswith(_OUTSIDE):
            return False
        last = PurePath(name).name
        if not last.strip("*"):
            return any(file.endswith(ENDINGS) for file in self._files)
        return last in self._files or ("*" in last and any(fnmatch.filter(self._files, last)))

    @cached_property
    def _folders(self) -> tuple[Path, ...]:
        return tuple(self._sources.folders(self._sources.base, []))

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(file.name for file in self._sources.everything())


def _written(content: bytes, file: str) -> Iterator[str]:
    """Yield the variables that a text writes into files of variables, or asks HCP Terraform to set."""
    if b"tfvar" in content or b"override.t" in content:
        yield from names_written(without_paths(file, content.decode("utf-8", "replace")))
    yield from names_requested(content)


def _may_ask(content: bytes) -> bool:
    """Return whether a text has what every option and key for a file of variables has: the pattern takes longer."""
    return b"var-file" in content or b"var_file" in content


def _named_in(content: bytes) -> Iterator[bytes]:
    return (found["name"] for found in _NAMING.finditer(content) if len(found["name"]) <= _LONG)


def _file_asked(found: re.Match[bytes], file: Path) -> str:
    """Return the file that an option asks for, with a wildcard for what is filled in; "" if that is none, or a key that
    only looks like an option: a program may call something else so.
    """
    if len(found["name"]) > _LONG:
        return ""
    name = _FILLED_IN.sub("*", found["name"].decode("utf-8", "replace")).replace('"', "").replace("'", "")
    if not found["option"]:
        return name if "." in name and (file.name.endswith(_KEYS) or name.endswith(ENDINGS)) else ""
    between = found[0][: found.start("name") - found.start()]
    if found["closed"] and b"," in between and not found["quote"] and not file.name.endswith(_KEYS):
        return "*"  # an expression of a program
    return name if "." in name or "*" in name else ""


def _is_for_others(content: bytes, at: int) -> bool:
    """Return whether an option is one of a tool that applies nothing."""
    return _OF_READERS.search(content[max(0, at - _NEAR) : at]) is not None


def _folder_said(content: bytes, at: int) -> bytes:
    """Return the only folder that a command before an option on its line goes to; b"" if there is none or several."""
    before = content[max(0, at - _NEAR) : at].rpartition(b"\n")[2]
    said = [found[1] or found[2] for found in _FOLDER.finditer(before)]
    goes = before.count(b"chdir") + len(_GOING.findall(before))
    return said[0] if len(said) == goes == 1 else b""


def _is_rendered(name: str) -> bool:
    """Return whether a file of this name is one of variables with another ending, and no example."""
    shown = is_an_example(name.removesuffix(".tmpl").removesuffix(".tpl"))
    return _RENDERED.fullmatch(name) is not None and may_give(name) and not shown


def _ending(file: Path) -> str:
    """Return the suffix that decides how a file is read; a Jenkins pipeline is Groovy, and HCL may be in JSON."""
    if file.name.endswith(HCL_IN_JSON):
        return HCL_IN_JSON
    return ".groovy" if file.name.startswith("Jenkinsfile") else file.suffix


def _names_in(file: Path, content: bytes) -> frozenset[str]:
    """Return the variables that a file sets, if it does nothing else."""
    if file.suffix != ".json":
        return names_in_values(content)
    try:
        value = json.loads(content) if content.lstrip()[:1] == b"{" else None
    except (ValueError, RecursionError):
        return frozenset()
    names = value.keys() - {_COMMENT} if isinstance(value, dict) else frozenset[str]()
    return frozenset(names) if all(map(_NAME.fullmatch, names)) else frozenset()
