"""Lists everything that a root module creates: its blocks and those of the modules it calls, instance by instance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from preuve.collect.code.language.hcl.code import SourceBlock
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.loops import Instance
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.references import address, keyless, without_keys
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.syntax.short_form import written as written_out
from preuve.collect.code.language.values.value import Value, sources_of
from preuve.model.company.code import is_there

_RENAMED = re.compile(r"aws_alb(_|$)")  # the provider also offers each of these types as aws_lb…
IMPORT = "import"
MAKING_NOTHING = ("ephemeral", "action", "check", IMPORT, "removed", "terraform")


@dataclass(frozen=True)
class BlockInstance:
    """One instance of a block, with the values of its arguments. `kind` is resource, data, provider or module, or one
    of the rarer kinds: action, ephemeral, import, removed, terraform, or check for a data source inside one.
    """

    kind: str
    type: str  # the type of a resource or data source, or of a provider; "" for a module call
    name: str  # with the key of the instance
    address: str
    written: SourceBlock
    content: Content
    module: Module
    instance: Instance

    @property
    def file(self) -> Path:
        """The file that contains the block."""
        return self.written.file


@dataclass(frozen=True)
class AbsentBlock:
    """A block that surely creates nothing; for a module call, with everything that the module calls."""

    address: str
    written: SourceBlock
    why: str


def made_by(root: Module) -> Iterator[BlockInstance | AbsentBlock]:
    """Yield everything that a root creates, module by module."""
    waiting = [root]
    while waiting:
        module = waiting.pop(0)
        yield from _providers(module)
        for kind in ("data", "resource", *MAKING_NOTHING):
            for written in module.code.all_of(kind):
                yield from _MAKES.get(kind, _instances)(module, written)
        for written in module.code.all_of("module"):
            yield from _calls(module, written, waiting)


def _instances(module: Module, written: SourceBlock) -> Iterator[BlockInstance | AbsentBlock]:
    type_, name = written.block.labels
    kind = written.block.kind
    address = f"{module.address}{'' if kind == 'resource' else f'{kind}.'}{type_}.{name}"
    found = module.instances(written)
    if not found:
        yield AbsentBlock(address, written, _why_not(written))
    for instance in found:
        content = module.content(written.body, instance.names)
        yield BlockInstance(
            kind, type_, f"{name}{instance.key}", f"{address}{instance.key}", written, content, module, instance
        )


def _checked(module: Module, check: SourceBlock) -> Iterator[BlockInstance]:
    """Yield the data sources in a `check` block, which are read like any other."""
    for block in check.body.blocks:
        if block.kind == "data":
            type_, name = block.labels if len(block.labels) == 2 else ("", "")
            address, written = f"{module.address}data.{type_}.{name}", SourceBlock(block, check.file)
            yield _alone(module, "check", type_, name, address, written)


def _removed(module: Module, written: SourceBlock) -> Iterator[BlockInstance]:
    """Yield a `removed` block: its provisioners run when the object that it names is destroyed."""
    of = written.body.arguments.get("from")
    name = written_out(of.value) if of else ""
    yield _alone(module, "removed", "", name, f"{module.address}removed.{name}", written)


def _imports(module: Module, written: SourceBlock) -> Iterator[BlockInstance | AbsentBlock]:
    """Yield an `import` block of a root, once per element of its loop. Its name is the address, without keys, of the
    block that adopts an existing object.
    """
    to = written.body.arguments.get("to")
    if module.caller is None and to is not None:
        name = without_keys(to.value)
        for instance in module.instances(written):
            content = module.content(written.body, instance.names)
            yield BlockInstance(IMPORT, "", name, f"{IMPORT}.{name}", written, content, module, instance)


def _settings(module: Module, written: SourceBlock) -> Iterator[BlockInstance]:
    """Yield a `terraform` block of a root: a backend or an encryption of the state may run something."""
    if module.caller is None:
        yield _alone(module, "terraform", "", "", "terraform", written)


def _alone(module: Module, kind: str, type_: str, name: str, address: str, written: SourceBlock) -> BlockInstance:
    """Return the instance of a block without a loop."""
    content = module.content(written.body, {})
    return BlockInstance(kind, type_, name, address, written, content, module, Instance("", {}, sure=True))


_MAKES: Mapping[str, Callable[[Module, SourceBlock], Iterator[BlockInstance | AbsentBlock]]] = {
    "check": _checked,
    IMPORT: _imports,
    "removed": _removed,
    "terraform": _settings,
}


def _calls(module: Module, written: SourceBlock, waiting: list[Module]) -> Iterator[BlockInstance | AbsentBlock]:
    name, target = written.block.labels[0], module.target(written)
    found = module.instances(written)
    if not found:
        yield AbsentBlock(f"{module.address}module.{name}", written, _why_not(written))
    for instance in found:
        content = module.content(written.body, instance.names)
        address = f"{module.address}module.{name}{instance.key}"
        yield BlockInstance("module", "", f"{name}{instance.key}", address, written, content, module, instance)
        if target is not None:
            waiting.append(module.called(written, instance, target))


def _providers(module: Module) -> Iterator[BlockInstance]:
    for written in module.code.all_of("provider"):
        content = module.content(written.body, {})
        alias = content.arguments.get("alias")
        label = written.block.labels[0]
        type_ = module.provider_type(label)
        name = f"{type_}.{alias}" if isinstance(alias, str) else type_
        address = f"{module.address}{label}.{alias if isinstance(alias, str) else 'default'}"
        yield BlockInstance("provider", type_, name, address, written, content, module, Instance("", {}, sure=True))


def _why_not(written: SourceBlock) -> str:
    """Return, as written, the expression that leaves a block out."""
    arguments = written.body.arguments
    name = next((name for name in ("count", "for_each") if name in arguments), "")
    return f"{name} = {written_out(arguments[name].value)}" if name else "lifecycle.enabled"


def moves(modules: Iterable[Module], there: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield, for each `moved` block of these modules, the new address and the earlier one, both from the root. Moves to
    another type do not count, nor moves from an address that still exists: Terraform rejects both.
    """
    for module in modules:
        for body in (written.body for written in module.code.all_of("moved")):
            now, then = (
                address(body.arguments[name].value) if name in body.arguments else "" for name in ("to", "from")
            )
            found = f"{module.address}{now}", f"{module.address}{then}"
            if now and then and _type(now) == _type(then) and not is_there(found[1], there, found[0]):
                yield found


def sole(moved: Set[tuple[str, str]]) -> dict[str, str]:
    """Return the earlier address of each address that has exactly one. If two moves share an address, new or earlier,
    neither counts: Terraform rejects them, or each tool or run of a root moves a different object.
    """
    nows, thens = Counter(now for now, _ in moved), Counter(then for _, then in moved)
    return {now: then for now, then in moved if nows[now] == thens[then] == 1}


def _type(address: str) -> str:
    """Return the type of the block at an address, in its canonical name; module for a call."""
    type_ = ["", *keyless(address).split(".")][-2]
    return f"aws_lb{type_.removeprefix('aws_alb')}" if _RENAMED.match(type_) else type_


def addresses(content: Content) -> frozenset[str]:
    """Return the addresses of the blocks that the arguments of a body come from."""
    return sources_of(values_in(content))


def values_in(content: Content) -> Iterator[Value]:
    """Yield the values of all arguments of a block and its nested blocks, including those that a loop may make."""
    yield from content.arguments.values()
    for one in content.inner():
        yield from values_in(one)


def values_at(content: Content, path: tuple[str, ...]) -> Iterator[Value]:
    """Yield the values of an argument in each of the blocks along a path."""
    name, rest = path[0], path[1:]
    if name in content.arguments:
        yield content.arguments[name]
    for one in content.inner(name) if rest else ():
        yield from values_at(one, rest)


@dataclass(frozen=True)
class Span:
    """The place of a part of a block: its file, which may be an override file, and its first and last line."""

    file: Path
    lines: tuple[int, int]
    whole: bool = True  # whether the part itself is there; otherwise the block that should contain it
    value: syntax.Node | None = field(default=None, compare=False)  # the expression there, if it is a value

    def holds(self, other: Span) -> bool:
        """Return whether another place is part of this one."""
        return self.file == other.file and self.lines[0] <= other.lines[0] <= other.lines[1] <= self.lines[1]


def stand_of(made: BlockInstance, path: tuple[str, ...]) -> Span | None:
    """Return the place of the argument, block or part of a value at a path; None if the code does not contain it."""
    return _stand(made.content, path, made.file)


def _stand(content: Content, path: tuple[str, ...], file: Path) -> Span | None:
    if not path:
        return None
    name, rest = path[0], path[1:]
    argument = content.body.arguments.get(name)
    if argument is not None:
        lines, value = _inside(argument.value, rest, (argument.line, argument.end_line))
        return Span(_file(argument, file), lines, value is not None, value)
    blocks = content.blocks.get(name)
    if not blocks:
        return None
    place = int(rest[0]) if rest and rest[0].isdecimal() else 0
    rest = rest[1:] if rest and rest[0].isdecimal() else rest
    block, inner = blocks[place] if place < len(blocks) else blocks[0]
    return _stand(inner, rest, file) or Span(_file(block, file), (block.line, block.end_line), not rest)


def _file(part: syntax.Argument | syntax.Block, of_block: Path) -> Path:
    return Path(part.override) if part.override else of_block


def lines_inside(node: syntax.Node, path: tuple[str, ...], lines: tuple[int, int]) -> tuple[int, int]:
    """Return the lines of a part of a value if it is literal; otherwise those of the whole value."""
    return _inside(node, path, lines)[0]


def _inside(
    node: syntax.Node, path: tuple[str, ...], lines: tuple[int, int]
) -> tuple[tuple[int, int], syntax.Node | None]:
    """Return the lines of a part of a value and the part, if it is literal; otherwise the lines of the whole value."""
    while isinstance(node, syntax.Call) and node.name == "jsonencode" and len(node.arguments) == 1:
        node = node.arguments[0]
    if not path:
        return lines, node
    if isinstance(node, syntax.TupleOf):
        if not path[0].isdecimal():
            alone = len(node.items) == 1
            return _inside(node.items[0], path, (node.lines[0], node.lines[0])) if alone else (lines, None)
        place = int(path[0])
        if place < len(node.items):
            return _inside(node.items[place], path[1:], (node.lines[place], node.lines[place]))
    if isinstance(node, syntax.ObjectOf):
        for (key, value), line in zip(node.items, node.lines, strict=True):
            if isinstance(key, syntax.Literal) and key.value == path[0]:
                return _inside(value, path[1:], (line, line))
    return lines, None
