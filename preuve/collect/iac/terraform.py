"""One Terraform root module: what it reaches, its graph, and every check on every block of it."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph
from checkov.terraform.modules.module_objects import TFDefinitionKey, TFModule
from checkov.terraform.modules.module_utils import clean_parser_types, serialize_definitions
from checkov.terraform.parser_utils import load_or_die_quietly
from checkov.terraform.runner import Runner
from checkov.terraform.tf_parser import TFParser

from preuve.collect.iac.absent import calls, judge_all, present
from preuve.collect.iac.documents import render_documents
from preuve.collect.iac.engine import Engine, Records
from preuve.collect.iac.identities import Block, identity_lines
from preuve.collect.iac.job import NOT_COVERED, NOT_READ, PARSE_ERROR, TOO_LONG, WORKER_FAILED, Gap, Line, Scope
from preuve.collect.iac.joined import joined
from preuve.collect.iac.modules import Call, Folder, Reach, called_from, reach
from preuve.collect.iac.overrides import is_override, merge
from preuve.collect.iac.providers import render_providers
from preuve.collect.iac.records import lines_of, resource_types
from preuve.collect.iac.sources import Sources, is_folder
from preuve.collect.iac.tools import ENDINGS, read_by, tools_for
from preuve.collect.iac.values import Values
from preuve.collect.iac.verdict import FAILED, terraform_references
from preuve.collect.iac.written import Origins, note_origins, write_out

_JSON = (".tf.json", ".tofu.json")
_OTHERS = ("terragrunt.hcl",)
_MOST_JOINED = 100_000  # bytes


class Reader:
    """Folders of Terraform, each read and parsed once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._folders: dict[Path, Folder] = {}
        self._parsed: dict[str, bytes] = {}  # pickled: Checkov changes what it is given
        self._merged: dict[tuple[str, str], bytes] = {}  # with what overrides change, by tool and file
        # The same by content: modules are often copies of each other.
        self._contents: dict[tuple[bytes, str], bytes] = {}
        self._same: dict[bytes, bytes] = {}  # of what other processes have parsed

    def at(self, path: Path) -> Folder:
        """The folder at a path inside the workspace."""
        if path not in self._folders:
            self._folders[path] = self._read(path)
        return self._folders[path]

    def packed(self, path: Path) -> bytes:
        """The folder at a path with all that was parsed for it, for the reader of another process to `unpack`."""
        folder = self.at(path)
        files = {str(file) for file in (*folder.files, *folder.variables)}
        parsed = {file: self._parsed[file] for file in files & self._parsed.keys()}
        merged = {key: found for key, found in self._merged.items() if key[1] in files}
        return pickle.dumps((folder, parsed, merged), protocol=5)

    def unpack(self, packed: bytes) -> None:
        """Take a folder that a process of this worker has parsed."""
        folder, parsed, merged = pickle.loads(packed)  # noqa: S301 - our own bytes
        self._folders[folder.path] = folder
        self._parsed.update({file: self._same.setdefault(found, found) for file, found in parsed.items()})
        self._merged.update(merged)

    def definitions(self, file: str, tool: str) -> Any:
        """A fresh copy of what a file holds for a tool, or None where it could not be read."""
        pickled = self._merged.get((tool, file)) or self._parsed.get(file)
        return None if pickled is None else pickle.loads(pickled)  # noqa: S301 - our own bytes

    def _read(self, path: Path) -> Folder:
        found = _Found()
        for entry in self.sources.entries(path, found.gaps):
            self._read_file(found, entry)
        tools = tools_for(found.files, found.files)
        calls = dict.fromkeys(call for tool in tools for call in self._calls(tool, found.files))
        return Folder(path, tuple(found.files), tuple(found.variables), tuple(found.gaps), tuple(calls), found.size)

    def _calls(self, tool: str, files: Sequence[Path]) -> Iterator[Call]:
        """The module calls in what a tool reads, as overrides leave them."""
        read = [file for file in read_by(tool, files) if str(file) in self._parsed]
        if any(map(is_override, read)):
            definitions = {file: self.definitions(str(file), tool) for file in read}
            merge(definitions)
            self._merged.update(
                {(tool, str(file)): pickle.dumps(merged, protocol=5) for file, merged in definitions.items()}
            )
        for file in read:
            yield from _calls(self.definitions(str(file), tool), file)

    def _read_file(self, found: _Found, file: Path) -> None:
        wanted = file.name.endswith((*ENDINGS, ".tfvars", ".tfvars.json", *_JSON, *_OTHERS))
        if (
            not wanted or file.name.startswith(".") or is_folder(file, if_hidden=False)
        ):  # Terraform ignores hidden files too
            return
        content = self.sources.content(file)
        name = self.sources.relative(file)
        if not isinstance(content, Gap) and file.name.endswith(_JSON):  # as much code as any other
            content = Gap(name, NOT_READ, "Terraform in JSON is not read")
        elif not isinstance(content, Gap) and file.name.endswith(_OTHERS):  # says which module is elsewhere
            content = Gap(name, NOT_COVERED, "Checkov does not read this kind of file")
        if isinstance(content, Gap):
            found.gaps.append(content)
        elif file.name.endswith(ENDINGS):
            found.files.append(file)
            found.size += len(content)
            self._load(found, file, content)
        elif _is_automatic(file.name) and self._load(found, file, content):
            found.variables.append(file)

    def _load(self, found: _Found, file: Path, content: bytes) -> bool:
        """Parse a file; False where that cannot be done."""
        key = (sha256(content).digest(), file.suffix)
        if key in self._contents:
            self._parsed[str(file)] = self._contents[key]
            return True
        errors: dict[str, Exception] = {}
        definitions = load_or_die_quietly(str(file), errors)
        if definitions is None and len(content) <= _MOST_JOINED:
            definitions = _loaded_joined(content)
        if definitions is None:
            found.gaps.append(self._parse_gap(file, errors.get(str(file))))
            return False
        self._parsed[str(file)] = pickled = pickle.dumps(definitions, protocol=5)
        if self.sources.content(file) == content:  # it has not changed meanwhile
            self._contents[key] = pickled
        return True

    def _parse_gap(self, file: Path, error: Exception | None) -> Gap:
        # The message of the parser quotes the file, which may hold a secret: only its place is told.
        line = getattr(error, "line", 0) or getattr(error, "lineno", 0) or 0
        line = line if isinstance(line, int) and line > 0 else 0
        name = self.sources.relative(file)
        if line:
            return Gap(name, PARSE_ERROR, "syntax error", line)
        if type(error) is Exception:  # Checkov's, when its time is up
            return Gap(name, WORKER_FAILED, TOO_LONG)
        return Gap(name, PARSE_ERROR, f"cannot be parsed: {type(error).__name__}")


def _loaded_joined(content: bytes) -> Any:
    """What a file holds that the parser refuses as it is written, or None where it is refused in either way."""
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        file = Path(folder) / "joined.tf"
        file.write_text(joined(content.decode("utf-8-sig", "replace")), "utf-8")
        return load_or_die_quietly(str(file), {})


@dataclass
class _Found:
    """What reading a folder has found so far."""

    files: list[Path] = field(default_factory=list)
    variables: list[Path] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    size: int = 0


def _is_automatic(name: str) -> bool:
    return name in ("terraform.tfvars", "terraform.tfvars.json") or ".auto.tfvars" in name


def _calls(definitions: Mapping[str, Any], file: Path) -> Iterator[Call]:
    for block in definitions.get("module") or ():
        for name, body in block.items() if isinstance(block, dict) else ():
            if isinstance(body, dict):
                source = body.get("source")
                source = source[0] if isinstance(source, list) and source else source
                line = body.get("__start_line__", 0)
                yield Call(str(name), source if isinstance(source, str) else "", file, line)


# ---- evaluation ---------------------------------------------------------------------------------------------------


class _Parser(TFParser):  # type: ignore[misc] # Checkov's class has no types
    """Checkov's parser, given only files that were screened and that a tool reads, and modules that were resolved."""

    def __init__(
        self, folders: Reader, tool: str, targets: Mapping[tuple[Path, str], Path], values: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self._folders = folders
        self._tool = tool
        self._targets = targets
        self._values = values  # of the root's variables, over what files give them

    def read(self, root: Path) -> Any:
        """Everything that a root module is made of, by file and call."""
        self._init(str(root), {}, {}, {}, False, ".external_modules")  # no environment: no TF_VAR_*
        self._parse_directory(include_sub_dirs=False)
        self._update_resolved_modules()
        return self.out_definitions

    def handle_variables(self, dir_contents: Sequence[Any], vars_files: Any, specified_vars: Any) -> Any:
        """Only what was screened: no link out of the workspace, no other kind of file."""
        if not dir_contents:
            return []
        folder = self._folders.at(Path(dir_contents[0].path).parent)
        allowed = {str(path) for path in (*folder.files, *folder.variables)}
        entries = sorted((entry for entry in dir_contents if entry.path in allowed), key=lambda entry: str(entry.name))
        super().handle_variables(entries, vars_files, specified_vars)
        if str(folder.path) == self.directory and self._values:
            known = {name: (value, "plan") for name, value in self._values.items()}
            self.external_vars.setdefault(self.directory, {}).update(known)
        return list(map(str, read_by(self._tool, folder.files)))

    def _load_files(self, files: Sequence[str]) -> list[tuple[str, Any]]:
        return [(file, self._folders.definitions(file, self._tool)) for file in files]

    def get_content_path(self, _registry: Any, root_dir: str, source: str, _version: str) -> str | None:
        """The folder of a module; Checkov's own loaders are never asked."""
        local = Path(source)
        if local.is_absolute():  # Checkov has joined a local source to its folder
            known = local in self._targets.values() and any(
                folder == Path(root_dir) and target == local for (folder, _), target in self._targets.items()
            )
            return source if known else None
        target = self._targets.get((Path(root_dir), source))
        return None if target is None else str(target)


class _Graph(TerraformLocalGraph):  # type: ignore[misc]
    """Checkov's graph, without the blocks that are surely not there."""

    def __init__(self, module: Any, root: Path) -> None:
        super().__init__(module)
        self.vertices: list[Any]
        self._root = str(root)
        self.absent: set[int] = set()  # copies in a loop that are not there
        self.written = calls(module.blocks)
        module.blocks = present(module.blocks, self._root)
        self.made = calls(module.blocks)  # of those that are written, the ones that are perhaps made

    def calculate_encryption_attribute(self, *arguments: Any) -> None:
        """Checkov's first step after the loops: only now it is known what a call gives each of its copies."""
        there = {id(block) for block in present(self.vertices, self._root)}
        self.absent = {id(block) for block in self.vertices} - there
        super().calculate_encryption_attribute(*arguments)


class _Runner(Runner):  # type: ignore[misc]
    """Checkov's runner, which says whose results it loses."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: set[str] = set()  # addresses

    def get_entity_context_and_evaluations(self, entity: dict[str, Any]) -> dict[str, Any] | None:
        """The place of a block; Checkov does not find it where the key of a loop has a dot: `this["example.org"]`."""
        kind, name = entity[CustomAttributes.BLOCK_TYPE], entity[CustomAttributes.BLOCK_NAME]
        context: dict[str, Any] | None
        if kind in ("resource", "data"):
            path = name.split(".", 1)
            key = TFDefinitionKey(entity[CustomAttributes.FILE_PATH], _call_of(entity))
            context = self.context.get(key, {}).get(kind, {}).get(path[0], {}).get(path[1])
            if context is not None:
                context["definition_path"] = path
        else:
            context = super().get_entity_context_and_evaluations(entity)
        if not context:
            self.lost.add(str(entity.get(CustomAttributes.TF_RESOURCE_ADDRESS) or name))
        return context


def _call_of(entity: Mapping[str, Any]) -> Any:
    found = entity.get(CustomAttributes.SOURCE_MODULE_OBJECT)
    return TFModule.from_json(found) if isinstance(found, dict) else found


@dataclass(frozen=True)
class Look:
    """What the code of one root module says."""

    scope: Scope
    gaps: tuple[Gap, ...]
    records: tuple[Line, ...]
    resources: tuple[Any, ...]  # vertices of Checkov's graph
    blocks: tuple[Block, ...]  # the same, for what they say of their names

    def lines(self, name: str, arguments: Mapping[str, str]) -> list[Line]:
        """Every line of the snapshot; `arguments` name blocks (`identities.py`)."""
        gaps = (gap.to_line(name, "terraform") for gap in sorted(set(self.gaps)))
        return [self.scope.to_line(name), *gaps, *self.records, *identity_lines(self.blocks, name, arguments)]


def evaluate(engine: Engine, folders: Reader, root: Path, name: str, arguments: Mapping[str, str]) -> list[Line]:
    """Every line of the snapshot for one root module."""
    return look(engine, folders, root, name).lines(name, arguments)


def look(engine: Engine, folders: Reader, root: Path, name: str, values: Mapping[str, Any] | None = None) -> Look:
    """Read a root module and run every check on it; `values` are those of its variables, where a plan tells them."""
    engine.references = terraform_references
    engine.evaluated.clear()
    engine.broken.clear()
    reached = reach(folders, root)
    gaps = [gap for folder in reached.folders.values() for gap in folder.gaps]
    files = [file for folder in reached.folders.values() for file in folder.files]
    seen = [
        _seen(engine, folders, reached, root, values or {}, tool) for tool in tools_for(folders.at(root).files, files)
    ]
    resources = list(_resources(seen))
    gaps += _not_loaded(reached, folders.sources, seen)
    gaps += _silent(engine, folders.sources, resources)
    lost = {address for one in seen for address in one.lost}
    gaps += [Gap("", NOT_COVERED, f"Checkov lost its results on {address}") for address in lost]
    gaps += [Gap("", WORKER_FAILED, f"{check} failed: {error}") for check, error in engine.broken.items()]
    scope = Scope("terraform", len(files), resource_types(resources))
    records = lines_of((record for one in seen for record in one.records), name)
    lines = (_with_calls(line, folders.sources, reached, root) for line in records)
    engine.let_go()
    blocks = tuple(_block(vertex, folders.sources) for vertex in resources)
    return Look(scope, tuple(gaps), tuple(lines), tuple(resources), blocks)


def _block(vertex: Any, sources: Sources) -> Block:
    first, last = (int(vertex.attributes.get(name) or 0) for name in ("__start_line__", "__end_line__"))
    kind, file = str(vertex.name).partition(".")[0], sources.relative(Path(vertex.path))
    return Block(_address(vertex), kind, file, first, last, vertex.attributes)


@dataclass(frozen=True)
class _Seen:
    """What one tool sees of a root module."""

    records: Records
    lost: set[str]  # addresses
    resources: list[Any]  # vertices of Checkov's graph
    written: set[tuple[str, int]]  # module calls, by file and line
    made: set[tuple[str, int]]


def _resources(seen: Iterable[_Seen]) -> Iterator[Any]:
    """The resources that any tool sees, those of a second where the first has no such block in that file."""
    known: set[tuple[str, str]] = set()
    for one in seen:
        new = [(vertex, (str(vertex.path), _address(vertex))) for vertex in one.resources]
        yield from (vertex for vertex, place in new if place not in known)
        known.update(place for _, place in new)


def _address(vertex: Any) -> str:
    return str(vertex.attributes.get("__address__", ""))


def _with_calls(line: Line, sources: Sources, reached: Reach, root: Path) -> Line:
    """A failure with the places of the module calls that lead to its block."""
    calls = called_from(reached, root, line["address"]) if line["result"] == FAILED else ()
    found = [[f"module.{call.name}", sources.relative(call.file), call.line] for call in calls]
    return line | ({"called_from": found} if found else {})


def _seen(engine: Engine, folders: Reader, reached: Reach, root: Path, values: Mapping[str, Any], tool: str) -> _Seen:
    graph, origins = _graph(_Parser(folders, tool, reached.targets, values), root)
    judge_all(graph.vertices, graph.absent)
    note_origins(graph.vertices, origins)
    render_documents(graph.vertices)
    render_providers(graph.vertices)
    base, runner, records = str(folders.sources.base), _Runner(), Records()
    runner.pbar.turn_off_progress_bar()
    runner._update_definitions_and_breadcrumbs([(None, graph)], records, base)
    engine.forget_policies()
    runner.check_tf_definition(records, base, engine.filter, collect_skip_comments=True)
    for built, _ in runner.all_graphs:
        records.extend(runner.get_graph_checks_report(base, engine.filter, graph=built))
    there = (block for block in graph.vertices if id(block) not in graph.absent)
    resources = [block for block in there if block.block_type == "resource"]
    return _Seen(records, runner.lost, resources, graph.written, graph.made)


def _not_loaded(reached: Reach, sources: Sources, seen: Iterable[_Seen]) -> Iterator[Gap]:
    """The calls that lead nowhere, but for those that are surely made zero times, whoever calls their folder."""
    written = {call for one in seen for call in one.written}
    made = {call for one in seen for call in one.made}
    never = {(sources.relative(Path(file)), line) for file, line in written - made}
    return (gap for gap in reached.gaps if (gap.file, gap.line) not in never)


def _graph(parser: _Parser, root: Path) -> tuple[_Graph, Origins]:
    """The graph of a root module, rendered, and what was written out in it; what was parsed is let go."""
    definitions = serialize_definitions(clean_parser_types(parser.read(root)))
    module, _ = parser.parse_hcl_module_from_tf_definitions(definitions, str(root), "Terraform")
    origins = write_out(definitions, Values(module.blocks, str(root)))
    if origins:
        module, _ = parser.parse_hcl_module_from_tf_definitions(definitions, str(root), "Terraform")
    graph = _Graph(module, root)
    graph.build_graph(render_variables=True)
    return graph, origins


def _silent(engine: Engine, sources: Sources, resources: Iterable[Any]) -> Iterator[Gap]:
    """Resources that a selected check applies to and that Checkov passed over without a word."""
    for vertex in resources:
        address = _address(vertex)
        if address not in engine.evaluated and engine.applies(str(vertex.name).split(".", 1)[0]):
            yield Gap(sources.relative(Path(vertex.path)), NOT_COVERED, f"Checkov passed over {address}")
