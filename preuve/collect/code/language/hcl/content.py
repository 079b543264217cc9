"""Evaluates the bodies of one module's blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from preuve.collect.code.language.hcl.code import Code, Root, SourceBlock
from preuve.collect.code.language.hcl.expressions import Environment, Scope, evaluate_named, settled
from preuve.collect.code.language.hcl.loops import Instance, dynamic_items, element_of
from preuve.collect.code.language.hcl.references import reference_of
from preuve.collect.code.language.hcl.syntax import nodes as syntax
from preuve.collect.code.language.values.value import Unknown, Value, unknown

ABSENT: Any = object()  # the value of an argument that a call does not pass
META = frozenset({"count", "for_each", "provider", "depends_on", "providers"})


M = TypeVar("M", bound="BodyScope")
_NAMES_ONLY = ("ignore_changes", "replace_triggered_by")


@dataclass
class Content:
    """The evaluated arguments and blocks of a body. `open` are the kinds of blocks of unknown number, with the cause;
    `perhaps` holds the content of one such block.
    """

    body: syntax.Body
    arguments: dict[str, Value] = field(default_factory=dict)
    blocks: dict[str, list[tuple[syntax.Block, Content]]] = field(default_factory=dict)
    open: dict[str, Unknown] = field(default_factory=dict)
    perhaps: list[tuple[str, Content]] = field(default_factory=list)

    def inner(self, kind: str = "") -> list[Content]:
        """Return the values in the blocks of a kind, or in all blocks, including those that a loop may make."""
        surely = [one for name, found in self.blocks.items() if kind in ("", name) for _, one in found]
        return surely + [one for name, one in self.perhaps if kind in ("", name)]


@dataclass(frozen=True)
class Caller(Generic[M]):
    """A module call, as seen from the called module."""

    module: M
    written: SourceBlock
    instance: Instance

    @property
    def address(self) -> str:
        """The prefix of the addresses in this module."""
        return f"{self.module.address}module.{self.written.block.labels[0]}{self.instance.key}."

    def given(self, name: str) -> Value:
        """Return the argument of the call that gives a variable its value."""
        argument = self.written.body.arguments.get(name)
        if argument is None or name in META:
            return ABSENT
        at = f"module.{self.written.block.labels[0]}.{name} in {self.written.file.name}:{argument.line}"
        return evaluate_named(argument.value, self.module.environment.with_names(self.instance.names), at)


class BodyScope(Scope):
    """The scope of the expressions in one module: it evaluates each body, and keeps results."""

    def __init__(self, root: Root, code: Code, caller: Caller[Self] | None = None) -> None:
        self.share = root
        self.host = root.host
        self.code = code
        self.caller = caller
        self.address = caller.address if caller else ""
        self._known: dict[Any, Any] = {}
        self._asked: set[Any] = set()

    def spend(self, work: int) -> None:
        """Count work."""
        self.share.spend(work)

    @property
    def environment(self) -> Environment:
        """The environment in which this module's expressions are evaluated."""
        return Environment(self)

    def remember(self, key: Any, find: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        """Return the cached result of `find` for a key; `otherwise` if the search leads back to itself."""
        if key in self._known:
            return self._known[key]
        if key in self._asked:
            return otherwise()
        self._asked.add(key)
        try:
            self._known[key] = found = find()
        finally:
            self._asked.discard(key)
        return found

    # ---- bodies ----

    def content(self, body: syntax.Body, names: Mapping[str, Value]) -> Content:
        """Evaluate a body; `names` are extra names such as `each`."""
        environment = self.environment.with_names(names)
        found = Content(body)
        for name, argument in body.arguments.items():
            if name in META:
                continue
            value = settled(argument.value, environment)
            if value is not None:  # null means that an argument is not set
                found.arguments[name] = value
        for block in body.blocks:
            if block.kind == "dynamic" and len(block.labels) == 1:
                self._dynamic(found, block, names)
            elif block.kind == "lifecycle":
                found.blocks.setdefault(block.kind, []).append((block, _lifecycle(self.content(block.body, names))))
            elif block.kind not in META:
                found.blocks.setdefault(block.kind, []).append((block, self.content(block.body, names)))
        return found

    def _dynamic(self, found: Content, block: syntax.Block, names: Mapping[str, Value]) -> None:
        label, arguments = block.labels[0], block.body.arguments
        content = next((inner for inner in block.body.blocks if inner.kind == "content"), None)
        each = arguments.get("for_each")
        of = settled(each.value, self.environment.with_names(names)) if each else Unknown((f"dynamic {label}",))
        items = dynamic_items(of)
        iterator = arguments.get("iterator")
        name = iterator.value.name if iterator and isinstance(iterator.value, syntax.Name) else label
        if items is None or content is None or not self.share.count(len(items)):
            why = unknown(of, why=f"dynamic block: {label}")
            found.open[label] = why
            if content is not None:
                item = {"key": Unknown(why.causes), "value": element_of(Unknown(why.causes), of)}
                found.perhaps.append((label, self.content(content.body, {**names, name: item})))
            return
        for key, value in items:
            inner = self.content(content.body, {**names, name: {"key": key, "value": value}})
            found.blocks.setdefault(label, []).append((content, inner))


def _lifecycle(content: Content) -> Content:
    """Return a `lifecycle` block: some of its arguments are names of others and have no value."""
    for name in _NAMES_ONLY:
        argument = content.body.arguments.get(name)
        if argument is not None:
            nodes = argument.value.items if isinstance(argument.value, syntax.TupleOf) else (argument.value,)
            content.arguments[name] = tuple(reference_of(syntax.first_node(node)) for node in nodes)
    return content
