"""All that is written of what a value rests on: its expression, and the expressions of what that names, and so on.

Where a value is not known, what it may come to is in these texts: a change of one of them may make it any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from preuve.collect.code.language.hcl.code import Written
from preuve.collect.code.language.hcl.expressions import ExhaustedError, settled
from preuve.collect.code.language.hcl.module import Content, Module
from preuve.collect.code.language.hcl.references import references
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import RefusedError, Value, is_known

_LOOPS = ("count", "for_each")
_READING = re.compile(r"(?:template)?file(?:base64)?")  # functions that give what is in a file
# What the provider calls something: it is no text of the code, whatever the code says of that thing.
_NAMES = re.compile(r"(?:^|_)(?:arns?|ids?|names?)$")
_MOST = 10_000  # expressions behind one block; of more, these count


@dataclass(frozen=True)
class _Place:
    """Where an expression stands: its module, and the block whose loop gives it `each` and `count`."""

    module: Module
    block: Written | None = None


@dataclass
class _Behind:
    """The expressions behind some values, each once."""

    texts: list[str] = field(default_factory=list)
    _seen: set[Any] = field(default_factory=set)
    _waiting: list[tuple[syntax.Node, _Place]] = field(default_factory=list)

    def add(self, nodes: Iterable[syntax.Node], place: _Place) -> None:
        """Add expressions, and all that they name."""
        self._waiting += [(node, place) for node in nodes]
        while self._waiting and len(self.texts) < _MOST:
            node, at = self._waiting.pop()
            if (id(node), id(at.module)) in self._seen:
                continue
            self._seen.add((id(node), id(at.module)))
            self.texts.append(source(node))
            with suppress(RefusedError, RecursionError, ExhaustedError):  # what is beyond the limits is told elsewhere
                self.texts += _read(node, at.module)
                for reference in references(node):
                    self._follow(_steps(reference), at)

    def _follow(self, steps: list[str], at: _Place) -> None:
        kind, name, third, fourth, *_ = (*steps, "", "", "")
        module = at.module
        match kind:
            case "var":
                self._variable(name, module)
            case "local":
                argument = module.code.locals.get(name)
                self._then([argument[0].value] if argument else [], _Place(module))
            case "module":
                self._output(name, third, module)
            case "each" | "count":
                arguments = at.block.body.arguments if at.block else {}
                self._then([arguments[loop].value for loop in _LOOPS if loop in arguments], at)
            case "data" | "ephemeral":
                self._member(module, module.code.one(kind, name, third), fourth)
            case _:
                self._member(module, module.code.one("resource", kind, name), third)

    def _then(self, nodes: Iterable[syntax.Node], place: _Place) -> None:
        self._waiting += [(node, place) for node in nodes]

    def _variable(self, name: str, module: Module) -> None:
        given = module.caller.written.body.arguments.get(name) if module.caller else None
        if module.caller and given:
            self._then([given.value], _Place(module.caller.module, module.caller.written))
        written = module.code.one("variable", name)
        self._then(_all_in(written.body) if written else (), _Place(module))

    def _output(self, name: str, output: str, module: Module) -> None:
        call = module.code.one("module", name)
        if call is None:
            return
        target, instances = module.target(call), module.instances(call)
        if target is None or not instances:
            self._then(_all_in(call.body), _Place(module, call))
            return
        called = module.called(call, instances[0], target)  # what is written is the same for each
        one = called.code.one("output", output)
        for written in (one,) if one else called.code.all_of("output"):
            self._then(_all_in(written.body), _Place(called))

    def _member(self, module: Module, written: Written | None, name: str) -> None:
        if written is None:
            return
        argument = written.body.arguments.get(name)
        nodes = [argument.value] if argument else () if _NAMES.search(name) else _all_in(written.body)
        self._then(nodes, _Place(module, written))


def behind(content: Content, module: Module, block: Written) -> tuple[str, ...]:
    """Return the texts behind what is not known in a body of a block; none if all of it is known."""
    found = _Behind()
    found.add(_unknown_in(content), _Place(module, block))
    return tuple(found.texts)


def source(node: Any) -> str:
    """Return an expression in full, wherever it stands."""
    found, waiting = [], [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            found.append(f"({len(item)}")
            waiting += reversed(item)
        elif isinstance(item, Struct):
            found.append(type(item).__name__)
            waiting += reversed([getattr(item, name) for name in item.__struct_fields__ if name != "lines"])
        else:
            found.append(repr(item))
    return " ".join(found)


def _unknown_in(content: Content) -> Iterator[syntax.Node]:
    """Yield the expressions of a body whose values are not known; those of a block that may be made any number of
    times.
    """
    for name, value in content.arguments.items():
        if not is_known(value) and name in content.body.arguments:
            yield content.body.arguments[name].value
    for label, blocks in content.blocks.items():
        for _, inner in blocks:
            yield from _unknown_in(inner)
            if any(_is_dynamic(one, label) for one in content.body.blocks) and not _is_all_known(inner):
                yield from _loops(content.body, label)
    for label in content.open:
        yield from _loops(content.body, label)


def _is_all_known(content: Content) -> bool:
    return next(_unknown_in(content), None) is None


def _loops(body: syntax.Body, label: str) -> Iterator[syntax.Node]:
    for block in body.blocks:
        if _is_dynamic(block, label):
            yield from _all_in(block.body)


def _is_dynamic(block: syntax.Block, label: str) -> bool:
    return block.kind == "dynamic" and block.labels == (label,)


def _all_in(body: syntax.Body) -> Iterator[syntax.Node]:
    """Yield every expression in a body and in the blocks in it."""
    yield from (argument.value for argument in body.arguments.values())
    for block in body.blocks:
        yield from _all_in(block.body)


def _read(node: syntax.Node, module: Module) -> Iterator[str]:
    """Yield what is in the files that an expression reads."""
    for call in _calls(node):
        value: Value = settled(syntax.Call("file", call.arguments[:1], spread=False), module.environment)
        if isinstance(value, str):
            yield value


def _calls(node: Any) -> Iterator[syntax.Call]:
    """Yield the calls in an expression that read a file."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, syntax.Call) and item.arguments and _READING.fullmatch(item.name):
            yield item
        if isinstance(item, tuple):
            waiting += item
        elif isinstance(item, Struct):
            waiting += [getattr(item, name) for name in item.__struct_fields__]


def _steps(node: Any) -> list[str]:
    """Return the names in a traversal, without keys: `["module", "x", "y"]` of `module.x[0].y`."""
    found: list[str] = []
    while not isinstance(node, syntax.Name):
        if isinstance(node, syntax.Attribute):
            found.insert(0, node.name)
        node = node.of
    return [node.name, *found]
