"""All that is written of what a value rests on: its expression, and the expressions of what that names, and so on.

Where a value is not known, what it may come to is in these texts: a change of one of them may make it any other. What
cannot be followed counts for all that it may be: a path that is not known for every file of its folder. What is
behind the expressions of a block is found once, and not for each instance.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from typing import Any

from msgspec import Struct

from preuve.collect.code.language.dependencies.workflows import hash_of_workflow
from preuve.collect.code.language.hcl.code import SourceBlock
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.expressions import ExhaustedError, settled
from preuve.collect.code.language.hcl.module import Module
from preuve.collect.code.language.hcl.references import address, references
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.hcl.syntax.parser import parse_template
from preuve.collect.code.language.values.value import (
    JsonText,
    PartText,
    RefusedError,
    Unknown,
    Value,
    is_known,
    items_of,
)

_LOOPS = ("count", "for_each")
_ELSEWHERE = ("provider", "providers")  # say where something is made or invoked: they are no values
_READING = re.compile(r"(?:template)?file\w*")  # functions that ask for files
_FILLED = "templatefile"
_FILE = re.compile(r"(?:^|_)(?:files?|paths?)$")  # arguments that name files
_FOLDER = re.compile(r"(?:^|_)(?:dir|directory|folder)$")  # arguments that name folders
# What the provider calls something, and the arguments that it is made of where these are told by their names.
_NAMES = re.compile(r"(?:^|_)(?:arns?|buckets?|ids?|names?|prefix|identifiers?)$")
_OF_AWS = "aws_"
_IN_AWS = ("resource", "data", "ephemeral", "action")
_HELD = frozenset({"aws_ec2_managed_prefix_list"})  # its id stands for what it holds
_LONGEST_NAME = 512  # characters: of longer texts AWS makes no name
# What says nothing of what a resource gives others. A data source is found by its tags.
_BESIDE = frozenset({"tags", "tags_all", "description", "depends_on"})
_BLOCKS_BESIDE = frozenset({"lifecycle", "timeouts", "provisioner", "connection"})
_SETTINGS_BESIDE = frozenset({"default_tags", "ignore_tags"})  # of a provider
_INPUT = re.compile(r"var\.([\w-]+)(?:\.[\w-]+| \([^()]* sets it\))*")  # also a part of a variable
_OF_VARIABLE = ("default", "type", "nullable")
_MOST = 10_000  # expressions behind one block


@dataclass(frozen=True)
class _Place:
    """Where an expression stands: its module, and the block whose loop gives it `each` and `count`."""

    module: Module
    block: SourceBlock | None = None
    reads: bool = False  # a provider is given it, and may read the file that it names


@dataclass
class _Origins:
    """The expressions behind some values, each once. `aim`: only which thing a name leads to counts, and not all that
    is written of that thing.
    """

    aim: bool = False
    texts: set[str] = field(default_factory=set)
    _seen: set[Any] = field(default_factory=set)
    _waiting: list[tuple[str, syntax.Node, _Place]] = field(default_factory=list)

    def add(self, nodes: Iterable[tuple[str, syntax.Node]], place: _Place) -> None:
        """Add expressions by their names, and all that they name."""
        self._then(nodes, place)
        while self._waiting:
            name, node, at = self._waiting.pop()
            if len(self.texts) > _MOST:
                self._cut(at.module)
                return
            key = (name, id(node), id(at.module), at.reads)
            if key in self._seen:
                continue
            self._seen.add(key)
            try:
                self._look(name, node, at)
            except ExhaustedError:
                self._cut(at.module)

    def _cut(self, module: Module) -> None:
        """Take what is not followed to its end for all that files may say."""
        module.share.cut = True
        self.texts.update(map(module.host.held, _folders(None, module)))

    def _look(self, name: str, node: syntax.Node, at: _Place) -> None:
        with suppress(RefusedError, RecursionError):  # what is beyond the limits is told elsewhere
            if not _is_reference(node):  # a name alone says nothing: what it leads to does
                self.texts.add(f"{name} {source(node, at.module.address)}")
            self._read(name, node, at)
            for reference in references(node):
                self._follow(_steps(reference), at)

    def _then(self, nodes: Iterable[tuple[str, syntax.Node]], place: _Place) -> None:
        self._waiting += [(name, node, place) for name, node in nodes]

    def _follow(self, steps: list[str], at: _Place) -> None:
        kind, name, third, *_ = (*steps, "", "")
        match kind:
            case "var":
                self._variable(name, at)
            case "local":
                argument = at.module.code.locals.get(name)
                self._then([(name, argument[0].value)] if argument else [], replace(at, block=None))
            case "module":
                self._output(name, third, at)
            case "each" | "count":
                arguments = at.block.body.arguments if at.block else {}
                self._then(((loop, arguments[loop].value) for loop in _LOOPS if loop in arguments), at)
            case "data" | "ephemeral":
                for written in _all_named(at.module, kind, (name, third)):
                    self._then(_all_in(written.body), _Place(at.module, written, reads=True))
            case _:
                for written in _all_named(at.module, "resource", (kind, name)):
                    self._resource(written, third, _Place(at.module, written, reads=True))
                self._provider(kind, name, at.module)

    def _variable(self, name: str, at: _Place) -> None:
        caller = at.module.caller
        given = caller.written.body.arguments.get(name) if caller else None
        if caller and given:
            self._then([(name, given.value)], _Place(caller.module, caller.written, at.reads))
        if caller is None:
            self.texts.update(f"{name} = {one}" for one in _given(at.module, name))
        for written in _all_named(at.module, "variable", (name,)):
            said = written.body.arguments
            # Without a default it is never null: nothing stands in for one.
            told = [part for part in (_OF_VARIABLE if "default" in said else ("type",)) if part in said]
            if self.aim and not any(map(_gives_default, syntax.all_in(said["type"].value) if "type" in said else ())):
                told = [part for part in told if part != "type"]
            self._then(((part, said[part].value) for part in told), replace(at, block=None))

    def _output(self, name: str, output: str, at: _Place) -> None:
        for call in _all_named(at.module, "module", (name,)):
            target, instances = at.module.target(call), at.module.instances(call)
            if target is None or not instances:
                self._then(_all_in(call.body), _Place(at.module, call, at.reads))
                continue
            called = at.module.called(call, instances[0], target)  # what is written is the same for each
            for written in _all_named(called, "output", (output,)) or called.code.all_of("output"):
                self._then(_all_in(written.body), _Place(called, reads=at.reads))

    def _resource(self, written: SourceBlock, name: str, place: _Place) -> None:
        """Follow an attribute of a resource: its argument, or all that it may be made of."""
        arguments, type_ = written.body.arguments, written.block.labels[0]
        if name in arguments:
            self._then([(name, arguments[name].value)], place)
        elif type_ in _HELD:
            self._then(_all_in(written.body, _BESIDE), place)
        elif self.aim and type_.startswith(_OF_AWS):
            self._then(((one, it.value) for one, it in arguments.items() if _NAMES.search(one)), place)
        elif type_.startswith(_OF_AWS) and _NAMES.search(name):
            told = ((one, it.value) for one, it in arguments.items() if one not in (*_BESIDE, *_LOOPS))
            self._then(((one, node) for one, node in told if _may_name(node, place.module)), place)
        else:
            self._then(_all_in(written.body, _BESIDE), place)

    def _provider(self, label: str, alias: str, module: Module) -> None:
        for written in module.code.all_of("provider") if alias else ():
            named = written.body.arguments.get("alias")
            if written.block.labels == (label,) and named and address(named.value) == alias:
                self._then(_all_in(written.body, _SETTINGS_BESIDE), _Place(module, reads=True))

    def _read(self, name: str, node: syntax.Node, at: _Place) -> None:
        """Add what is in the files that an expression asks for, or that a provider may read by it."""
        host = at.module.host
        for call in _calls(node):
            for path in _paths(call.arguments[0], at):
                named = [path] if isinstance(path, str) else _folders(path, at.module)
                self.texts.update(map(host.held, named))
                if call.name == _FILLED and isinstance(path, str):
                    self._template(path, at)
        if at.reads and _FOLDER.search(name):
            self.texts.update(host.held(path) for path in _paths(node, at) if isinstance(path, str) and path)
        if at.reads:
            key = ("files", id(node), _block_of(at))
            values = chain(
                (one.value for one in syntax.all_in(node) if isinstance(one, syntax.Literal)), _paths(node, at)
            )
            self.texts |= at.module.remember(key, lambda: _in_files(values, at.module), frozenset)

    def _template(self, path: str, at: _Place) -> None:
        """Add what a template asks for by itself."""
        content = at.module.host.read(path)
        if isinstance(content, bytes) and path not in self._seen:
            self._seen.add(path)
            with suppress(syntax.NotHclError):
                self._then([("", parse_template(content.decode()))], replace(at, block=None))


def texts_behind(content: Content, module: Module, block: SourceBlock, *, reads: bool = False) -> tuple[str, ...]:
    """Return the texts behind what is not known in a body of a block, and behind the provider that it does not name. A
    module that is called, and what `reads`, may read the files that it is given the names of.
    """
    called = reads or block.block.kind == "module"
    texts = _all_behind([*_unknown_in(content)], _Place(module, block, reads=called))
    if content.body is block.body and content.body.arguments.keys().isdisjoint(_ELSEWHERE):
        texts |= _behind_default(module, block)
    return tuple(sorted(texts | _in_files(content.arguments.values(), module) if called else texts))


def _behind_default(module: Module, block: SourceBlock) -> frozenset[str]:
    """Return the texts behind the provider of AWS that a block has without naming one."""
    kind, type_ = block.block.kind, "".join(block.block.labels[:1])
    if kind != "module" and not (kind in _IN_AWS and type_.startswith(_OF_AWS)):
        return frozenset()
    found = module.configuring(_OF_AWS.removesuffix("_"))
    if found is None:
        return frozenset()
    provider, written = found
    return _all_behind([*_all_in(written.body, _SETTINGS_BESIDE)], _Place(provider, reads=True))


def behind_aims(content: Content, module: Module, block: SourceBlock, name: str) -> Iterator[str]:
    """Yield a text for each thing that an argument of a block names and whose name is not known: all that is behind
    that name.
    """
    argument, value = content.body.arguments.get(name), content.arguments.get(name)
    if argument is None or is_known(value):
        return
    root = next((caller.module for caller in reversed([*module.callers()])), module)
    if (inputs := _inputs_in(value, root)) is not None:
        found = _Origins(aim=True)
        found.add([(name, one) for one in inputs], _Place(root))
        yield from ["\n".join(sorted(found.texts))] if found.texts else ()
        return
    node = argument.value
    for one in node.items if isinstance(node, syntax.TupleOf) else (node,):
        texts = _all_behind([(name, one)], _Place(module, block), aim=True)
        yield from ["\n".join(sorted(texts))] if texts else ()


def _inputs_in(value: Value, root: Module) -> list[syntax.Node] | None:
    """Return the variables of the root that stand as they are in a text, which tells the rest of it: how it is written
    does not count. None of a text in which something else is not known.
    """
    parts = value.parts if isinstance(value, PartText) else (value,)
    found = dict[str, syntax.Node]()
    for part in parts:
        if isinstance(part, Unknown):
            named = _INPUT.fullmatch(part.causes[0]) if len(part.causes) == 1 and type(part) is Unknown else None
            if part.computed or part.sources or not named or not _all_named(root, "variable", (named[1],)):
                return None
            found[named[1]] = syntax.Attribute(syntax.Name("var"), named[1])
    return list(found.values())


def behind_loop(module: Module, block: SourceBlock) -> tuple[str, ...]:
    """Return the texts behind the number of instances of a block, with its expression."""
    arguments = block.body.arguments
    found = [(loop, _named_by_local(arguments[loop].value, module)) for loop in _LOOPS if loop in arguments]
    written = (f"{loop} {source(node, module.address)}" for loop, node in found)
    return tuple(sorted({*written, *_all_behind(found, _Place(module, block))}))


def behind_choice(module: Module, block: SourceBlock) -> tuple[str, ...]:
    """Return what a block says of the provider that it or its module has, and the texts behind that."""
    arguments = block.body.arguments
    found = [(name, arguments[name].value) for name in _ELSEWHERE if name in arguments]
    written = (f"{name} {source(node, module.address)}" for name, node in found)
    return tuple(sorted({*written, *_all_behind(found, _Place(module, block, reads=True))}))


def _named_by_local(node: syntax.Node, module: Module) -> syntax.Node:
    """Return the expression for which a local stands alone; any other expression as it is."""
    seen = set[str]()
    while isinstance(bare := syntax.unwrapped(node), syntax.Attribute) and bare.of == syntax.Name("local"):
        argument = module.code.locals.get(bare.name)
        if argument is None or bare.name in seen:
            break
        seen.add(bare.name)
        node = argument[0].value
    return node


def _all_behind(nodes: list[tuple[str, syntax.Node]], place: _Place, *, aim: bool = False) -> frozenset[str]:
    """Return the texts behind some expressions of a block: the same for each of its instances."""

    def find() -> frozenset[str]:
        found = _Origins(aim)
        found.add(nodes, place)
        return frozenset(found.texts)

    key = ("behind", aim, _block_of(place), *((name, id(node)) for name, node in nodes))
    return frozenset(place.module.remember(key, find, frozenset)) if nodes else frozenset()


def _block_of(place: _Place) -> int:
    return id(place.block.block) if place.block else 0


def _in_files(values: Iterable[Value], module: Module) -> frozenset[str]:
    """Return what is in the files that some values name."""
    waiting, found = list(values), set[str]()
    while waiting:
        value = waiting.pop()
        waiting += items_of(value)
        named = isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME
        if named and module.host.exists(value) is True:
            found.add(module.host.held(value))
    return frozenset(found)


def in_named_files(content: Content, module: Module) -> tuple[str, ...]:
    """Return what is in the files of the code that a provider or a backend takes its settings from; where it is not
    known which one that is, what is in all that it may be.
    """
    key = ("named files", id(content.body))
    found: tuple[str, ...] = module.remember(key, lambda: tuple(sorted({*_in_named_files(content, module)})), tuple)
    return found


def _in_named_files(content: Content, module: Module) -> Iterator[str]:
    yield from _in_files(content.arguments.values(), module)
    for name, value in content.arguments.items():
        for one in (value, *items_of(value)):
            if isinstance(one, Unknown) and _FILE.search(name):
                yield from map(module.host.held, _folders(one, module))
    for _, inner in chain.from_iterable(content.blocks.values()):
        yield from _in_named_files(inner, module)


def _folders(path: Value, module: Module) -> Iterator[str]:
    """Yield the folders where a file may be whose path is not known: that of the beginning, as far as it is known; else
    those of the root and of the module.
    """
    parts = path.parts if isinstance(path, PartText) else ()
    begun = "".join(str(part) for part in takewhile(lambda part: isinstance(part, str), parts))
    if "/" in begun:
        yield begun.rpartition("/")[0] or "/"
    else:
        yield from ("", os.path.relpath(module.code.folder, module.share.folder))


def source(node: Any, within: str = "") -> str:
    """Return an expression in full, wherever it stands; names in it as addresses `within` a module."""
    found, waiting = [], [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            found.append(f"({len(item)}")
            waiting += reversed(item)
        elif isinstance(item, Struct):
            named = address(item) if not isinstance(item, syntax.Literal) else ""
            found.append(f"${{{within}{named}}}" if named else type(item).__name__)
            members = () if named else item.__struct_fields__
            waiting += reversed([getattr(item, name) for name in members if name != "lines"])
        else:
            found.append(repr(item))
    return " ".join(found)


def _unknown_in(content: Content) -> Iterator[tuple[str, syntax.Node]]:
    """Yield the expressions of a body whose values are not known; those of a block that may be made any number of
    times; those that say where it is made.
    """
    for name in _ELSEWHERE:
        if name in content.body.arguments:
            yield name, content.body.arguments[name].value
    for name, value in content.arguments.items():
        if not is_known(value) and name in content.body.arguments:
            yield name, content.body.arguments[name].value
    for label, blocks in content.blocks.items():
        for _, inner in blocks:
            yield from _unknown_in(inner)
            if any(_is_dynamic(one, label) for one in content.body.blocks) and not _is_all_known(inner):
                yield from _loops(content.body, label)
    for label in content.open:
        yield from _loops(content.body, label)


def _is_all_known(content: Content) -> bool:
    return next(_unknown_in(content), None) is None


def _loops(body: syntax.Body, label: str) -> Iterator[tuple[str, syntax.Node]]:
    for block in body.blocks:
        if _is_dynamic(block, label):
            yield from _all_in(block.body)


def _is_dynamic(block: syntax.Block, label: str) -> bool:
    return block.kind == "dynamic" and block.labels == (label,)


def _all_in(
    body: syntax.Body, beside: frozenset[str] = frozenset({"depends_on"}), within: str = ""
) -> Iterator[tuple[str, syntax.Node]]:
    """Yield every expression in a body and in the blocks in it by its name, without those that stand `beside`."""
    yield from ((f"{within}{name}", one.value) for name, one in body.arguments.items() if name not in beside)
    for block in body.blocks:
        if block.kind not in _BLOCKS_BESIDE | beside:
            yield from _all_in(block.body, beside, f"{within}{block.kind}.")


def _all_named(module: Module, kind: str, labels: tuple[str, ...]) -> tuple[SourceBlock, ...]:
    """Return the block of these labels; where several have them, all of them."""
    one = module.code.one(kind, *labels)
    if one is None or (kind, *labels) not in module.code.twice:
        return () if one is None else (one,)
    return tuple(written for written in module.code.all_of(kind) if written.block.labels == labels)


def _given(module: Module, name: str) -> Iterator[str]:
    """Yield all that gives a variable of the root a value: files of variables, command lines, pipelines."""
    variables = module.share.variables
    if name in variables.given:
        yield _text(variables.given[name])
    for file, value in variables.doubtful.get(name, ()):
        yield _text(value) if is_known(value) else _giving(module, file)
    if variables.unread:
        yield _giving(module, variables.unread)


def _giving(module: Module, file: str) -> str:
    """Return a hash of what a file may give variables; of the whole file if it is no text."""

    def find() -> str:
        content = module.host.read(file)
        return (hash_of_workflow(file, content) if isinstance(content, bytes) else "") or module.host.held(file)

    found: str = module.remember(("giving", file), find, str)
    return found


def _text(value: Value) -> str:
    return repr(value) if is_known(value) else "…"


def _may_name(node: syntax.Node, module: Module) -> bool:
    """Return whether the value of an argument may be a part of a name or an ARN: these are made of short texts."""
    value = settled(node, module.environment)
    if isinstance(value, str):
        return len(value) <= _LONGEST_NAME and "\n" not in value and not value.startswith("{")
    return isinstance(value, Unknown) and not isinstance(value, JsonText)


def _paths(node: syntax.Node, at: _Place) -> list[Value]:
    """Return the paths that an expression says, in each instance of its block; an unknown where one is not known."""
    key = ("paths", id(node), _block_of(at))
    found: list[Value] = at.module.remember(key, lambda: [*_each_path(node, at)], lambda: [Unknown(())])
    return found


def _each_path(node: syntax.Node, at: _Place) -> Iterator[Value]:
    instances = at.module.instances(at.block) if at.block and at.block.block.kind in ("resource", "data") else []
    for names in [one.names for one in instances] or [{}]:
        yield settled(node, at.module.environment.with_names(names))


def _calls(node: Any) -> Iterator[syntax.Call]:
    """Yield the calls in an expression that read a file."""
    for one in syntax.all_in(node):
        if isinstance(one, syntax.Call) and one.arguments and _READING.fullmatch(one.name):
            yield one


def _gives_default(node: syntax.Node) -> bool:
    """Return whether a part of a type says what stands in for an attribute that is not given."""
    return isinstance(node, syntax.Call) and node.name == "optional" and len(node.arguments) > 1


def _is_reference(node: syntax.Node) -> bool:
    """Return whether an expression is a name alone."""
    bare = syntax.unwrapped(node)
    return not isinstance(bare, syntax.Literal) and address(bare) != ""


def _steps(node: Any) -> list[str]:
    """Return the names in a traversal, without keys: `["module", "x", "y"]` of `module.x[0].y`."""
    found: list[str] = []
    while not isinstance(node, syntax.Name):
        if isinstance(node, syntax.Attribute):
            found.insert(0, node.name)
        node = node.of
    return [node.name, *found]
