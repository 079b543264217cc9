"""The code of a module (all files of one folder, with override files merged), and the root that the module
belongs to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from msgspec import structs

from preuve.collect.code.language.hcl.expressions import ExhaustedError
from preuve.collect.code.language.hcl.functions import Host
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.syntax.nodes import Argument, Block, Body, Call, Literal, Node, Template
from preuve.collect.code.language.values.value import Value

LABELS = dict.fromkeys(("resource", "data", "ephemeral", "action"), 2)
LABELS |= dict.fromkeys(("variable", "module", "provider", "output"), 1)


_MOST_OF_A_ROOT = 10_000  # most instances of blocks and modules
_MOST_WORK = 5_000_000  # steps of one root
TOO_MUCH = "its expressions take too much work"


@dataclass(frozen=True)
class Variables:
    """The sources of a root's variables other than defaults.

    `given` are values from variable files and plans. `doubtful` are values from variable files that the workspace does
    not name, by variable, with the name of the file. `unread` is a file that may set any variable. `elsewhere` are
    files that set a variable together with others that the root does not declare: they are named where the variable has
    no value.
    """

    given: Mapping[str, Value] = field(default_factory=dict)
    doubtful: Mapping[str, tuple[tuple[str, Value], ...]] = field(default_factory=dict)
    workspace: str = ""  # "" if unknown
    unread: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Root:
    """The state that all modules of one root share."""

    folder: Path
    host: Host
    code: Callable[[Path], Code]
    target: Callable[[Path, str], Path | None]  # (calling folder, source) -> the folder of the module
    variables: Variables = field(default_factory=Variables)
    work: int = 0
    instances: int = 0
    cut: bool = False  # whether the budget ran out after the blocks were listed
    _sizes: dict[Path, int] = field(default_factory=dict)

    def size(self, folder: Path) -> int:
        """Count the blocks of a module and of all modules that it calls."""
        if folder not in self._sizes:
            self._sizes[folder] = 0  # a recursive call adds nothing
            code = self.code(folder)
            calls = [one.body.arguments.get("source") for one in code.all_of("module")]
            texts = [call.value.value for call in calls if call and isinstance(call.value, syntax.Literal)]
            targets = [self.target(folder, text) for text in texts if isinstance(text, str)]
            own = len(code.all_of("resource")) + len(code.all_of("data")) + len(code.all_of("module"))
            self._sizes[folder] = own + sum(self.size(target) for target in targets if target is not None)
        return self._sizes[folder]

    def spend(self, work: int) -> None:
        """Count work. Raises ExhaustedError if the root has used up its budget."""
        self.work += work
        if self.work > _MOST_WORK:
            raise ExhaustedError(TOO_MUCH)

    def count(self, number: int) -> bool:
        """Count instances; return whether the limit still allows them."""
        if self.instances + number > _MOST_OF_A_ROOT:
            return False
        self.instances += number
        return True


@dataclass(frozen=True)
class SourceBlock:
    """A block and the file that contains it."""

    block: Block
    file: Path

    @property
    def body(self) -> Body:
        """The arguments and nested blocks of the block."""
        return self.block.body


@dataclass(frozen=True)
class Code:
    """The code of one folder. A name that is declared twice refers to the first block; `all_of` returns every block.

    Terraform rejects such code, so a variable, local or output that is declared `twice` has an unknown value.
    """

    folder: Path
    blocks: Mapping[str, tuple[SourceBlock, ...]] = field(default_factory=dict)  # by kind
    locals: Mapping[str, tuple[Argument, Path]] = field(default_factory=dict)
    named: Mapping[tuple[str, ...], SourceBlock] = field(default_factory=dict)  # by kind and labels
    twice: frozenset[tuple[str, ...]] = frozenset()  # names that are declared more than once, by kind and name
    complete: bool = True  # whether all files of the folder were read

    @cached_property
    def single_locals(self) -> Mapping[str, Node]:
        """The expressions of the locals that are declared only once."""
        return {
            name: argument.value for name, (argument, _) in self.locals.items() if ("local", name) not in self.twice
        }

    def all_of(self, kind: str) -> tuple[SourceBlock, ...]:
        """Return the blocks of a kind, in the order of files and lines."""
        return self.blocks.get(kind, ())

    def one(self, kind: str, *labels: str) -> SourceBlock | None:
        """Return a block by its labels."""
        return self.named.get((kind, *labels))

    def types(self, kind: str) -> frozenset[str]:
        """Return the declared types of resources, or of data sources."""
        return frozenset(written.block.labels[0] for written in self.all_of(kind))


def is_override(file: Path) -> bool:
    """Return whether Terraform merges this file into the others."""
    stem = file.name.removesuffix(".json").rsplit(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def code_of(folder: Path, files: Mapping[Path, Body], *, complete: bool = True) -> Code:
    """Return the code of a folder from its parsed files; `complete` if none of them is missing."""
    ordered = sorted(files, key=lambda file: (is_override(file), file.name))
    blocks: dict[str, list[SourceBlock]] = defaultdict(list)
    locals_: dict[str, tuple[Argument, Path]] = {}
    twice: set[tuple[str, ...]] = set()
    for file in ordered:
        for block in files[file].blocks:
            if block.kind == "locals":
                if not is_override(file):
                    twice.update(("local", name) for name in block.body.arguments.keys() & locals_.keys())
                locals_.update({name: (argument, file) for name, argument in block.body.arguments.items()})
            elif not (is_override(file) and _merged(blocks, _from(file, block))):
                blocks[block.kind].append(SourceBlock(block, file))
    named: dict[tuple[str, ...], SourceBlock] = {}
    for kind, count in LABELS.items():
        for written in blocks[kind]:
            if len(written.block.labels) == count and not (kind == "provider" and "alias" in written.body.arguments):
                known = named.setdefault((kind, *written.block.labels), written)
                twice.update(() if known is written else {(kind, *written.block.labels)})
    whole = {kind: tuple(written for written in found if _is_whole(written)) for kind, found in blocks.items()}
    return Code(folder, whole, locals_, named, frozenset(twice), complete)


def _is_whole(written: SourceBlock) -> bool:
    return len(written.block.labels) == LABELS.get(written.block.kind, len(written.block.labels))


def _from(file: Path, block: Block) -> Block:
    """Return a block whose arguments and nested blocks each name their override file."""
    arguments = {name: structs.replace(one, override=str(file)) for name, one in block.body.arguments.items()}
    body = Body(arguments, tuple(_from(file, inner) for inner in block.body.blocks))
    return structs.replace(block, body=body, override=str(file))


def _merged(blocks: Mapping[str, list[SourceBlock]], override: Block) -> bool:
    """Merge an override file's block into the block that it overrides; return False if there is none."""
    found = blocks.get(override.kind, [])
    for place, written in enumerate(found):
        if written.block.labels == override.labels and _alias(written.block) == _alias(override):
            block = structs.replace(written.block, body=_overridden(written.body, override.body))
            found[place] = replace(written, block=block)
            return True
    return False


def _alias(block: Block) -> object:
    argument = block.body.arguments.get("alias") if block.kind == "provider" else None
    return argument.value if argument else None


def _overridden(body: Body, by: Body) -> Body:
    """Merge an override file's block into a block. Arguments replace those of the same name. Nested blocks replace all
    blocks of their kind, and an argument of that name, since JSON does not distinguish them. A `dynamic` block counts
    as a block of its label. An argument in place of blocks makes the result unknown: Terraform may merge or reject
    them.
    """
    kinds = {_made(block) for block in by.blocks}
    unsure = {_made(block) for block in body.blocks} & by.arguments.keys() - kinds
    kept = (block for block in body.blocks if _made(block) not in kinds | unsure)
    arguments = {name: one for name, one in body.arguments.items() if name not in kinds}
    given = {name: _in_place_of_blocks(one) if name in unsure else one for name, one in by.arguments.items()}
    return Body({**arguments, **given}, (*kept, *by.blocks))


def _in_place_of_blocks(argument: Argument) -> Argument:
    return structs.replace(argument, value=Call(f"override::{argument.name}", (), spread=False))


def _made(block: Block) -> str:
    return block.labels[0] if block.kind == "dynamic" and block.labels else block.kind


_WRITING = frozenset({"local_file", "local_sensitive_file"})


def files_written(code: Code) -> Iterator[str]:
    """Yield the end of the path of each file that resources write: the literal part after the last folder and the last
    expression, "" if nothing is literal.
    """
    for written in code.all_of("resource"):
        if written.block.labels[0] in _WRITING:
            named = written.body.arguments.get("filename")
            yield _end(named.value) if named else ""


def _end(node: Node) -> str:
    last = node.parts[-1] if isinstance(node, Template) and node.parts else node
    text = last.value if isinstance(last, Literal) else ""
    return text.rpartition("/")[2] if isinstance(text, str) else ""
