"""Folders of Terraform as they are read: their files, what is wrong with them, and the code that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from preuve.collect.code.files.kinds import may_be_variables
from preuve.collect.code.files.modules import Call, Folder
from preuve.collect.code.files.sources import Sources, is_folder
from preuve.collect.code.files.tools import ENDINGS, LOCK, read_by, tools_for
from preuve.collect.code.inputs.loose_variables import LooseVariables
from preuve.collect.code.inputs.variables import ENDINGS as VARIABLES
from preuve.collect.code.inputs.variables import names_in_values
from preuve.collect.code.job import Gap, Line
from preuve.collect.code.language.hcl.code import Code, code_of
from preuve.collect.code.language.hcl.lone_expressions import source_of
from preuve.collect.code.language.hcl.syntax.json_syntax import parse_json
from preuve.collect.code.language.hcl.syntax.nodes import Block, Body, NotHclError
from preuve.collect.code.language.hcl.syntax.parser import parse_file
from preuve.model.snapshot import NOT_READ, PARSE_ERROR

# The blocks that stand at the top of a file of Terraform or OpenTofu.
_KINDS = frozenset(
    {"action", "check", "data", "ephemeral", "import", "locals", "module", "moved", "output", "provider", "removed"}
    | {"resource", "terraform", "variable"}
)
# Those that a called module may have too; and what may stand in its block of settings.
_OF_MODULES = _KINDS - {"import"}
_SETTINGS_OF_MODULES = frozenset({"required_providers", "provider_meta"})
# A provider with only these, or with nothing, is configured by the caller: so Terraform had it in called modules.
_NO_SETTINGS = frozenset({"alias", "version"})
_MOST_KEPT = 4_000_000  # bytes of code whose trees are kept; parsing again takes less than holding all of them


class Reader:
    """Folders of Terraform, each read once."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.loose = LooseVariables(sources)
        self._folders: dict[Path, Folder] = {}
        self._parsed: dict[bytes, Body] = {}  # by content: modules are often copies of each other
        self._said: dict[tuple[Path, bytes], list[Line]] = {}
        self._kept = 0

    def at(self, path: Path) -> Folder:
        """Return the folder at a path inside the workspace."""
        if path not in self._folders:
            self._folders[path] = self._read(path)
        return self._folders[path]

    def code(self, path: Path, tool: str) -> Code:
        """Return the code that a tool reads in a folder."""
        folder = self.at(path)
        return self._code(path, tool, folder.files, complete=not folder.gaps)

    def _code(self, path: Path, tool: str, files: Iterable[Path], *, complete: bool = True) -> Code:
        parsed: dict[Path, Body] = {}
        for file in read_by(tool, files):
            content = self.sources.content(file)
            if isinstance(content, bytes):
                parsed[file] = self.body(file, content)
            else:
                complete = False  # listed, but gone by now
        return code_of(path, parsed, complete=complete)

    def forget(self) -> None:
        """Let the trees of files go where they are many."""
        if self._kept > _MOST_KEPT:
            self._parsed.clear()
            self._said.clear()
            self._kept = 0

    def _read(self, path: Path) -> Folder:
        gaps: list[Gap] = []
        files: list[Path] = []
        variables: list[Path] = []
        size = 0
        applied = False
        for file in self.sources.entries(path, gaps):
            name = file.name
            applied |= name == LOCK and not self.sources.ignores(file)
            known = name.endswith((*ENDINGS, *VARIABLES))
            hidden = name.startswith(".") and name.endswith(ENDINGS)  # Terraform passes over hidden code, not variables
            if hidden or not (known or may_be_variables(name)):
                continue
            if is_folder(file, if_hidden=False):
                continue
            if not known:
                variables += [file] if self._gives_variables(file) else []
                continue
            if name.endswith(VARIABLES):
                variables.append(file)  # one that cannot be read may set any variable: its reader tells it
                continue
            content = self.sources.content(file)
            if isinstance(content, Gap):
                gaps.append(content)
            else:
                gap = self._examined(file, content)
                size += len(content)
                gaps.append(gap) if gap else files.append(file)
                gaps += [] if gap else self._unknown(file, content)
        calls = {call: None for tool in tools_for(files, files) for call in self._calls(path, tool, files)}
        blocks = [block for file in files for block in self._blocks(file)]
        # Variables without a default say nothing: live code is given them by its environment.
        applied |= any(block.kind not in _OF_MODULES or _is_of_root(block) or _configures(block) for block in blocks)
        kept = any(map(_keeps_state, blocks))
        asks = any(block.kind == "variable" and "default" not in block.body.arguments for block in blocks)
        return Folder(path, tuple(files), tuple(variables), tuple(gaps), tuple(calls), size, applied, kept, asks)

    def _blocks(self, file: Path) -> tuple[Block, ...]:
        """Return the blocks at the top of a file."""
        content = self.sources.content(file)
        return self.body(file, content).blocks if isinstance(content, bytes) else ()

    def _gives_variables(self, file: Path) -> bool:
        """Return whether a file holds values and nothing else, as a file of variables does, although its name does not
        say so.
        """
        content = self.sources.content(file)
        return isinstance(content, bytes) and bool(names_in_values(content))

    def _examined(self, file: Path, content: bytes) -> Gap | None:
        """Return a gap if a file cannot be parsed. Its text is never told: it may hold a secret."""
        try:
            self.body(file, content)
        except NotHclError as error:
            return Gap(self.sources.relative(file), PARSE_ERROR, "syntax error", error.line)
        except RecursionError:
            return Gap(self.sources.relative(file), PARSE_ERROR, "nested too deep")
        return None

    def _unknown(self, file: Path, content: bytes) -> Iterator[Gap]:
        """Yield a gap for each unknown kind of top-level block: it may create anything."""
        others = {block.kind: block.line for block in reversed(self.body(file, content).blocks)}
        for kind, line in sorted(others.items()):
            if kind not in _KINDS:
                said = f"an unknown type of block: {kind}"
                yield Gap(self.sources.relative(file), NOT_READ, said, line)

    def _calls(self, path: Path, tool: str, files: Iterable[Path]) -> Iterator[Call]:
        """Yield the module calls that a tool sees in a folder, as override files leave them."""
        code = self._code(path, tool, files)
        for written in code.all_of("module"):
            named = written.body.arguments.get("source")
            source = source_of(code, named.value) if named else ""
            yield Call(written.block.labels[0], source, written.file, written.block.line)

    def body(self, file: Path, content: bytes) -> Body:
        """Parse a file of Terraform. Raises NotHclError if it is not HCL."""
        key = sha256(content + file.suffix.encode()).digest()
        if key not in self._parsed:
            parse = parse_json if file.suffix == ".json" else parse_file
            self._parsed[key] = parse(content.decode("utf-8"))
            self._kept += len(content)
        return self._parsed[key]

    def said(self, file: Path, content: bytes, say: Callable[[Body], Iterable[Line]]) -> list[Line]:
        """Return the lines about one file, computed once: many roots may call the same module."""
        key = (file, sha256(content).digest())
        if key not in self._said:
            self._said[key] = list(say(self.body(file, content)))
        return self._said[key]


def _is_of_root(block: Block) -> bool:
    """Return whether a block of settings is one of a root module: with a backend, encryption, …"""
    return block.kind == "terraform" and any(inner.kind not in _SETTINGS_OF_MODULES for inner in block.body.blocks)


def _keeps_state(block: Block) -> bool:
    """Return whether a block of settings says where the state is kept, other than on the machine that applies it."""
    kept = ((inner.kind, inner.labels) for inner in block.body.blocks if block.kind == "terraform")
    return any(kind == "cloud" or (kind == "backend" and list(labels) != ["local"]) for kind, labels in kept)


def _configures(block: Block) -> bool:
    body = block.body
    return block.kind == "provider" and bool(body.blocks or body.arguments.keys() - _NO_SETTINGS)
