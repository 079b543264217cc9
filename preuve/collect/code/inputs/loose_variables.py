"""Finds sources of variable values that belong to no root: variable files of any name, programs, pipelines and
environments. Only their folder and the names that they set show which roots they may concern.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from preuve.collect.code.files.kinds import may_give
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.inputs.commands import given_in
from preuve.collect.code.inputs.input_names import ANY, HCL_IN_JSON
from preuve.collect.code.inputs.libraries import names_in_code
from preuve.collect.code.inputs.values_files import is_an_example, is_shown
from preuve.collect.code.inputs.variables import ENDINGS, is_automatic, is_read, names_in_values
from preuve.collect.code.inputs.written_values import names_requested, names_written
from preuve.collect.code.job import Gap
from preuve.collect.code.language.values.value import Unknown, Value

_NAME = re.compile(r"[A-Za-z_][\w-]*")
_NAMING = re.compile(rb"var[-_]files?[\"']?[\s,=:|>\\-]+[\"']?([^\s\"',;|&)}\]]+)")
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
_FILLED_IN = re.compile(r"\$?[{(<%]{1,3}[^})>%]*+[})>%]{1,3}|\$\w++|[\[\]?]")
_OUTSIDE = ("/", "~")
_COMMENT = "//"  # a JSON member that Terraform ignores
_OTHERS = (*CODE, *(f"{ending}.json" for ending in CODE))


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
        """Yield a file of code that creates something with Terraform variables in its environment: it may apply this
        code.
        """
        content = b"" if is_folder(file, if_hidden=False) else self._sources.raw(file)
        names = names_in_code(content.decode("utf-8", "replace")) if b"TF_VAR_" in content else ()
        if given := dict.fromkeys(names, (Unknown(()),)):
            yield LooseSource(file, around, frozenset(), given)

    def _by_content(self, file: Path, around: Path) -> Iterator[LooseSource]:
        if not may_give(file.name) or is_an_example(file.name) or is_folder(file, if_hidden=False):
            return  # of a folder, too, `raw` asks where it leads: much, in a deep tree
        content = self._sources.raw(file)
        if b"var-file" in content or b"var_file" in content:
            self._names.update(PurePath(name.decode("utf-8", "replace")).name for name in _NAMING.findall(content))
        if names := self._in_markup(file, content):
            yield LooseSource(file, around, None, dict.fromkeys(names, (Unknown(()),)))
        names = frozenset[str]() if is_shown(file.name) else _names_in(file, content)
        given = {**given_in(content, _ending(file)), **dict.fromkeys(self._written(content), (Unknown(()),))}
        if names or given:
            yield LooseSource(file, around, names, given)

    def _in_markup(self, file: Path, content: bytes) -> frozenset[str]:
        """Return the names at the top of YAML: the variables of a root that declares all of them."""
        lines = _TOP.findall(content) if file.name.endswith(_YAML) else ()
        names = [_KEY.match(line) for line in lines]
        return frozenset(name[1].decode() for name in names if name and name[1]) if all(names) else frozenset()

    def _written(self, content: bytes) -> Iterator[str]:
        """Yield the variables that a text writes into files of variables; `ANY` if an option names a file of them that
        is not in the workspace.
        """
        if b".tf" in content or b".tofu" in content:
            yield from names_written(content.decode("utf-8", "replace"))
        yield from names_requested(content)
        for named in _NAMING.finditer(content) if b"var" in content else ():
            line = content[content.rfind(b"\n", 0, named.start()) + 1 : named.start()]
            name = named[1].decode("utf-8", "replace")
            if "." in name and not line.lstrip().startswith(b"#") and not self._is_there(name):
                yield ANY

    def _is_there(self, written: str) -> bool:
        """Return whether a file is in the workspace; of a name that is filled in, whether one may be."""
        if written.startswith(_OUTSIDE):
            return False
        return any(fnmatch.filter(self._files, _FILLED_IN.sub("*", PurePath(written).name)))

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(file.name for file in self._sources.everything())


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
