"""Evaluates a condition, also with unknown parts: then it is true or false only if every completion agrees.

The rules are those of CEL's own partial evaluation, which the binding does not offer. Known operands can decide
`&&`, `||`, `exists` and `all`; any other operation on an unknown is unknown. The known elements of an incomplete
list can decide `exists`, `all`, `in` and a minimum size. The binding itself evaluates strict functions of known
values, so that each has one meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preuve.library.cel.operations import (
    NOT_BOOLEAN,
    OWN,
    Fault,
    elements,
    named,
    not_all_bool,
    selected,
    settled,
    strict,
    weakened,
    what_spoils,
)
from preuve.library.cel.texts.source import place_of
from preuve.library.cel.tree import Bind, Call, Const, Entries, Ident, Items, ListMacro, Node, Select
from preuve.library.cel.unknown import PartialList, Unknown, causes_of

_MOST_STEPS = 10_000  # as in the binding
_NO_VALUE = object()


class _TooLongError(Exception):
    pass


@dataclass
class _Steps:
    left: int = _MOST_STEPS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooLongError


@dataclass(frozen=True)
class Memory:
    """What parts came to, for the values of the names that they rest on. To explain a condition asks for most of its
    parts many times over.
    """

    # Each result is kept with the objects of its key, so that their ids stay unique.
    _results: dict[tuple[int, ...], tuple[Any, Node, list[Any]]] = field(default_factory=dict)

    def of(self, node: Node, names: Mapping[str, Any], work: Callable[[], Any]) -> Any:
        """Return the value of a part, worked out once."""
        values = [names.get(name, _NO_VALUE) for name in node.free]
        key = (id(node), *map(id, values))
        if key not in self._results:
            self._results[key] = (work(), node, values)
        return self._results[key][0]


def evaluate(node: Node, variables: Mapping[str, Any]) -> Any:
    """Evaluate a tree to plain data, OptionalValue, Unknown or Fault. Raises UnknownNodeError for an
    unsupported node.
    """
    value = evaluate_part(node, variables)
    if not isinstance(value, Fault) or value.at is None:
        return value
    return replace(value, where=place_of(value.at, node), at=None)


def evaluate_part(node: Node, variables: Mapping[str, Any], memory: Memory | None = None) -> Any:
    """Evaluate as `evaluate` does, but do not say where an error began.

    What is in `memory` takes no steps: a value of a part may be found where the whole would take too many.
    """
    try:
        return _Evaluation(_Steps(), memory).of(node, variables)
    except _TooLongError:
        return Fault("too_long", message="iteration budget exceeded")


@dataclass(frozen=True)
class _Evaluation:
    steps: _Steps
    memory: Memory | None = None

    def of(self, node: Node, names: Mapping[str, Any]) -> Any:
        """Return the value of a node. A table finds the kind: `match` asks for each in turn, millions of times."""
        return _BY_KIND[type(node)](self, node, names)

    def _remembered(self, node: Call | ListMacro, names: Mapping[str, Any]) -> Any:
        if self.memory is None:
            return self._worked_out(node, names)
        return self.memory.of(node, names, lambda: self._worked_out(node, names))

    def _worked_out(self, node: Call | ListMacro, names: Mapping[str, Any]) -> Any:
        return self._call(node, names) if isinstance(node, Call) else self._each(node, names)

    def _member(self, node: Select, names: Mapping[str, Any]) -> Any:
        return _placed(selected(self.of(node.of, names), node.name, asked=node.asked), node)

    def _bound(self, node: Bind, names: Mapping[str, Any]) -> Any:
        return self.of(node.body, {**names, node.name: self.of(node.value, names)})

    # ---- operators that need not know all of what they get --------------------------------------------------------

    def _call(self, call: Call, names: Mapping[str, Any]) -> Any:
        if call.function in ("_&&_", "_||_"):
            return settled(call.function == "_||_", (self.of(arg, names) for arg in call.args))
        if call.function == "_?_:_":
            return self._choice(call.args, names)
        args = [self.of(arg, names) for arg in call.args]
        if call.function in OWN:
            return _placed(OWN[call.function](*args), call)
        return _placed(strict(call.function, args, method=call.method), call)

    def _choice(self, args: tuple[Node, ...], names: Mapping[str, Any]) -> Any:
        test = self.of(args[0], names)
        if isinstance(test, bool):
            return self.of(args[1] if test else args[2], names)
        if isinstance(test, Unknown):
            return Unknown(test.why | causes_of(self.of(arg, names) for arg in args[1:]))
        return test if isinstance(test, Fault) else NOT_BOOLEAN

    # ---- literals and macros --------------------------------------------------------------------------------------

    def _items(self, node: Items, names: Mapping[str, Any]) -> Any:
        items = [self.of(item, names) for item in node.items]
        return what_spoils(items) or items

    def _entries(self, node: Entries, names: Mapping[str, Any]) -> Any:
        pairs = [(self.of(key, names), self.of(value, names)) for key, value in node.entries]
        if spoiled := what_spoils([part for pair in pairs for part in pair]):
            return spoiled
        keys = [key for key, _ in pairs]
        if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
            return Fault("value", message="a key that is no text, or occurs twice")
        return dict(pairs)

    def _each(self, each: ListMacro, names: Mapping[str, Any]) -> Any:
        over = self.of(each.over, names)
        if isinstance(over, Unknown | Fault):
            return over
        if not isinstance(over, list | Mapping | PartialList):
            return Fault("value", message="not a list")
        if each.kind in ("exists", "all"):
            return settled(each.kind == "exists", self._answers(each, over, names))
        if isinstance(over, PartialList):
            return Unknown(over.why | causes_of(self._asked(each.body, each, over, names)))
        return self._made(each, over, names)

    def _answers(self, each: ListMacro, over: Any, names: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the results of the elements of exists or all; an element that may not belong to the list decides
        nothing.
        """
        if not isinstance(over, PartialList):
            yield from self._asked(each.body, each, over, names)
            return
        yield from self._asked(each.body, each, over.known, names)
        more = (Unknown(over.why),) if over.perhaps is None else over.perhaps
        for answer in self._asked(each.body, each, more, names):
            yield weakened(each.kind == "exists", answer, over)

    def _asked(self, body: Node, each: ListMacro, over: Any, names: Mapping[str, Any]) -> Iterator[Any]:
        for item in elements(over):
            self.steps.take()
            yield self.of(body, {**names, each.variable: item})

    def _made(self, each: ListMacro, over: Any, names: Mapping[str, Any]) -> Any:
        """Evaluate exists_one, filter and map, which need every element."""
        items = list(elements(over))
        test = each.only if each.kind == "map" else each.body
        kept = [True] * len(items) if test is None else list(self._asked(test, each, over, names))
        if test is not None and (spoiled := what_spoils(kept) or not_all_bool(kept)):
            return spoiled
        items = [item for item, keep in zip(items, kept, strict=True) if keep]
        if each.kind == "exists_one":
            return len(items) == 1
        if each.kind == "filter":
            return what_spoils(items) or items
        made = list(self._asked(each.body, each, items, names))
        return what_spoils(made) or made


_BY_KIND: Mapping[type[Node], Callable[[_Evaluation, Any, Mapping[str, Any]], Any]] = {
    Const: lambda _, node, __: node.value,
    Ident: lambda _, node, names: named(node.name, names),
    Select: _Evaluation._member,
    Call: _Evaluation._remembered,
    ListMacro: _Evaluation._remembered,
    Items: _Evaluation._items,
    Entries: _Evaluation._entries,
    Bind: _Evaluation._bound,
}


def _placed(value: Any, node: Node) -> Any:
    """Return an error with the part in which it began; any other value unchanged."""
    return replace(value, at=node) if isinstance(value, Fault) and not (value.where or value.at) else value
