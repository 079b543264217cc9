"""Sources of a root module's variables: files that Terraform reads by itself, files that a run names, and other
variable files, which make the variables that they set unknown.
"""

from __future__ import annotations

import os.path
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from preuve.collect.code.files.sources import Sources
from preuve.collect.code.files.tools import ENDINGS as CODE
from preuve.collect.code.files.tools import LOCK
from preuve.collect.code.inputs.input_names import ANY
from preuve.collect.code.job import Gap
from preuve.collect.code.language.hcl.code import Variables
from preuve.collect.code.language.hcl.expressions import Environment, settled
from preuve.collect.code.language.hcl.functions import Host
from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.syntax.json_syntax import parse_json_variables
from preuve.collect.code.language.hcl.syntax.nodes import Argument, Name, NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_file, parse_template
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value
from preuve.model.company.code import TerraformRun
from preuve.model.snapshot import PARSE_ERROR

ENDINGS = (".tfvars", ".tfvars.json")
_READ_AS_SUCH = (*CODE, *ENDINGS, LOCK)
Said = Sequence[tuple[Path, Mapping[str, Iterable[Value]]]]  # variables that are set by files of other kinds


def is_automatic(name: str) -> bool:
    """Return whether Terraform reads a file of variables without being told to."""
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


_ASSIGNS = re.compile(rb"(?:\s|(?:#|//).*\n|/\*(?:[^*]|\*(?!/))*\*/)*[A-Za-z_][\w-]*[ \t]*=(?![=>])")


def variable_folders(sources: Sources, root: Path, holds_code: Callable[[Path], bool]) -> list[Path]:
    """Return the folders below a root in which variable files for it may lie: those that hold no code."""
    found: list[Path] = []
    waiting = [root]
    for here in waiting:
        for path in sources.below(here):
            if not holds_code(path):
                found.append(path)
                waiting.append(path)
    return found


def variables_of(
    sources: Sources,
    root: Path,
    found: Iterable[Path],
    run: TerraformRun | None,
    gaps: list[Gap],
    said: Said = (),
    of_runs: Collection[Path] = (),
) -> Variables:
    """Return the values of the variables in one run of a root. `found` are all files of variables in and below its
    folder, `said` what other files set, `of_runs` the files that its runs name: one of another run is none of this.
    """
    files = sorted(found, key=lambda file: (file.name not in ("terraform.tfvars",), "auto" in file.name, file.name))
    own = [file for file in files if file.parent == root and is_automatic(file.name)]
    named = [sources.base / name for name in run.variables] if run else []
    others = [file for file in files if file not in (*own, *named, *of_runs)]
    values = {file: read(sources, file, gaps) for file in (*own, *named, *others)}
    given: dict[str, Value] = {}
    for file in (*own, *named):
        given.update(values[file] or {})
    doubtful: dict[str, list[tuple[str, Value]]] = defaultdict(list)
    for file in others:
        for name, value in (values[file] or {}).items():
            doubtful[name].append((_from(root, file), value))
    for file, names in said:
        for name, others_of in names.items():
            doubtful[name] += [(_from(root, file), value) for value in others_of]
    anything = [
        *(file for file, read_in in values.items() if read_in is None),
        *(file for file, it in said if ANY in it),
    ]
    unread = next((_from(root, file) for file in anything), "")
    told = {name: tuple(found) for name, found in doubtful.items()}
    return Variables(given, told, run.workspace if run else "", unread)


def _from(root: Path, file: Path) -> str:
    return Path(os.path.relpath(file, root)).as_posix()


def read(sources: Sources, file: Path, gaps: list[Gap]) -> Mapping[str, Value] | None:
    """Return the values in a file of variables; None, with a gap, if it cannot be read: it may set any variable."""
    content = sources.content(file)
    if isinstance(content, Gap):
        gaps.append(content)
        return None
    try:
        return dict(_values(file.name, content.decode("utf-8")))
    except NotHclError as error:
        gaps.append(Gap(sources.relative(file), PARSE_ERROR, "syntax error", error.line))
    except RecursionError:
        gaps.append(Gap(sources.relative(file), PARSE_ERROR, "nested too deep"))
    return None


def _values(name: str, text: str) -> Iterator[tuple[str, Value]]:
    for key, argument in arguments_in(name, text).items():
        yield key, lone_value(argument.value, len(text))


def is_read(name: str, content: bytes) -> bool:
    """Return whether the text of a file of variables can be read."""
    try:
        arguments_in(name, content.decode("utf-8"))
    except (NotHclError, RecursionError):
        return False
    return True


def arguments_in(name: str, text: str) -> Mapping[str, Argument]:
    """Parse a file of variables. Raises NotHclError if it is not one."""
    return _arguments(text, json=name.endswith(".json"))


@lru_cache(maxsize=1 << 8)  # every root asks each file again that may give its variables values
def _arguments(text: str, *, json: bool) -> Mapping[str, Argument]:
    return parse_json_variables(text) if json else parse_file(text).arguments


def names_in_values(content: bytes) -> frozenset[str]:
    """Return the names to which a text of HCL gives values, if it does nothing else; none of any other text."""
    if not _ASSIGNS.match(content):
        return frozenset()
    try:
        body = parse_file(content.decode("utf-8", "replace"))
    except (NotHclError, RecursionError):
        return frozenset()
    values = [argument.value for argument in body.arguments.values()]
    names = any(isinstance(value, Name) for value in values)
    return frozenset() if body.blocks or names else frozenset(body.arguments)


class Files:
    """The files of a workspace as functions of Terraform ask for them, and templates. What a file holds that the root
    writes itself is not known: `written` are the ends of the names of such files.
    """

    def __init__(self, sources: Sources, root: Path, written: tuple[str, ...] = ()) -> None:
        self._sources = sources
        self._root = root
        self._written = written
        self._held: dict[str, str] = {}

    def _path(self, name: str) -> Path | None:
        try:
            path = Path(self._root, name)
            return path if self._sources.inside(path) else None
        except ValueError:
            return None

    def read(self, path: str) -> bytes | Unknown:
        """Return the bytes of a file, or an unknown."""
        found = None if path.endswith(self._written) else self._path(path)
        content = None if found is None else self._sources.content(Path(_normal(found)))
        return content if isinstance(content, bytes) else Unknown((f"content of {path}",))

    def exists(self, path: str) -> bool | Unknown:
        """Return whether a file is there."""
        found = None if path.endswith(self._written) else self._path(path)
        there = None if found is None else self._sources.is_file(Path(_normal(found)))
        return Unknown((f"whether {path} is there",)) if there is None else there

    def names(self, path: str, pattern: str) -> tuple[str, ...] | Unknown:
        """Return an unknown: nothing remembers that a folder was listed, so a result must not rest on it."""
        return Unknown((f"fileset({path}, {pattern})",))

    def held(self, path: str) -> str:
        """Return a hash of the file at a path, or of all files but code below the folder there. What git ignores stands
        on this machine alone.
        """
        if path not in self._held:
            found = self._path(path)
            self._held[path] = "" if found is None else self._hash(Path(_normal(found)))
        return self._held[path]

    def _hash(self, path: Path) -> str:
        if self._sources.is_file(path):
            return self._sources.hash_of(path)
        found = sha256()
        for folder in self._sources.folders(path, []) if self._sources.inside(path) else ():
            for file in self._sources.listed(folder):
                if not file.name.endswith(_READ_AS_SUCH) and self._sources.is_file(file):
                    found.update(f"{os.path.relpath(file, path)} {self._hash(file)}\n".encode("utf-8", "replace"))
        return found.hexdigest()

    def render(self, template: str, variables: Mapping[str, Value]) -> Value:
        """Render a template with these variables. Raises RefusedError if it is none."""
        try:
            node = parse_template(template)
        except NotHclError as error:
            raise RefusedError("no template") from error
        return settled(node, Environment(_TemplateScope(variables, self)))


class _TemplateScope:
    """The scope of a template: the variables that it is given."""

    def __init__(self, names: Mapping[str, Value], host: Host) -> None:
        self.host = host
        self._names = names

    def root(self, name: str) -> Value:
        if name not in self._names:
            raise RefusedError(f"no {name} in a template")
        return self._names[name]

    def spend(self, work: int) -> None:
        pass


def _normal(path: Path) -> str:
    return os.path.normpath(path)
