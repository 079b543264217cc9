"""Explains a false condition from its own text: what was found, and what is required.

Both are phrases: a key of `words` in the locales with its parts (texts or phrases), so that every language says the
same. A part of a condition without its own words is named by the members that it reads.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from preuve.library.cel.evaluation import Memory, evaluate_part
from preuve.library.cel.operations import Fault, OptionalValue
from preuve.library.cel.texts.function_words import ARE_TRUE, FIND_NOTHING, event_in_words, told
from preuve.library.cel.texts.phrases import (
    MOST,
    Phrase,
    _widest,
    are_texts,
    concerning,
    distinct_phrases,
    flattened,
    found_at,
    in_words,
    items_in,
    joined_by,
    label_of,
    of_the_resource,
    path_below,
    rank_of,
    said_once,
    shortened,
)
from preuve.library.cel.tree import Bind, Call, Const, Ident, Items, ListMacro, Node, Select
from preuve.library.cel.unknown import PartialList, Unknown

Root = tuple[str, Any]  # the path to a member, and its value
V = TypeVar("V")

_LOOKED_AT = 50  # failing elements of a list that are looked at
_COMPARED = {"_==_": "is", "_!=_": "is_not", "_<_": "below", "_<=_": "at_most", "_>_": "above", "_>=_": "at_least"}
_OPPOSITE = {
    "_==_": "_!=_", "_!=_": "_==_", "_<_": "_>=_", "_>=_": "_<_", "_>_": "_<=_", "_<=_": "_>_",
}  # fmt: skip
_MIRRORED = {**{name: name for name in ("_==_", "_!=_")}, "_<_": "_>_", "_>_": "_<_", "_<=_": "_>=_", "_>=_": "_<=_"}
_TESTS = frozenset({"matches", "startsWith", "endsWith", "contains"})
_SAME = frozenset({"orValue", "value", "lowerAscii", "upperAscii", "trim", "string", "int", "double", "timestamp"})
_NOT_ASKED: Phrase = ["fits_policy"]
_OF_RANGES = frozenset({"cidrs_wide", "wide_ports"})
_SAY_FOR_WHAT = frozenset(
    {"for", "found_trail_records", "found_filter_takes", "found_filter_leaves", "found_rule_takes"}
)
_TIMES = {
    "is": "is",
    "is_not": "is_not",
    "below": "before",
    "at_most": "not_after",
    "above": "after",
    "at_least": "not_before",
}


@dataclass(frozen=True)
class ReasonParts:
    """The values found and the values required, as JSON of phrases; "" for those that were not requested."""

    found: str
    asked: str


def why_not(node: Node, variables: Mapping[str, Any], *, asks: bool = True) -> ReasonParts:
    """Return why a condition is false; with `asks`, also what it requires."""
    paths = {"resource": "", "account": "account", "region": "region", "environment": "environment"}
    found, asked = _Scope(variables, paths, asks=asks).because(node, wanted=True)
    found = sorted(said_once(of_the_resource(found)), key=rank_of)
    shown = found[:MOST] + ([["more"]] if len(found) > MOST else [])
    required = json.dumps([asked], ensure_ascii=False) if asks else ""
    return ReasonParts(json.dumps(shown, ensure_ascii=False) if shown else "", required)


_Because = tuple[list[Phrase], Phrase]  # what was found, what is required


def _together(word: str, many: Iterable[_Because]) -> _Because:
    each = list(many)
    return distinct_phrases(item for found, _ in each for item in found), joined_by(word, [asked for _, asked in each])


def _perhaps(path: str, over: Any) -> list[Phrase]:
    """Return that a list was not read in full, and how many entries may belong to it if that is known."""
    if not isinstance(over, PartialList) or over.perhaps == ():
        return []
    return [["unread", path] if over.perhaps is None else ["perhaps", path, str(len(over.perhaps))]]


@dataclass(frozen=True)
class _Scope:
    """The values of names, and the paths of the members that they stand for."""

    names: Mapping[str, Any]
    paths: Mapping[str, str]
    bindings: Mapping[str, tuple[_Scope, Node]] = field(default_factory=dict)  # values of names
    labels: Mapping[str, Any] = field(default_factory=dict)  # names of elements that are no members, such as ports
    asks: bool = True  # whether to return the requirement; policies mostly state it themselves
    _memory: Memory = field(default_factory=Memory)

    # ---- what decided ------------------------------------------------------------------------------------------------

    def because(self, node: Node, *, wanted: bool) -> _Because:
        """Explain a part without the required result: what was found, and what is required."""
        match node:
            case Call("!_", (inner,)):
                return self.because(inner, wanted=not wanted)
            case Call("_&&_" | "_||_" as function, args):
                word = "and" if (function == "_&&_") is wanted else "or"
                each = [self.because(arg, wanted=wanted) for arg in self._against(args, wanted=wanted)]
                found, asked = _together(word, each)
                return (self._for(node, found) if word == "or" else found), asked
            case Call("_?_:_", (test, yes, no)):
                found, asked = self.because(yes if self.value(test) is True else no, wanted=wanted)
                return distinct_phrases([*found, *self.seen(test)]), asked
            case Bind(name, value, body):
                return self.bound(name, value).because(body, wanted=wanted)
            case ListMacro() if because := self._of_elements(node, wanted=wanted):
                return because
        call = told(node, wanted=wanted)
        found = [self._found_by(call)] if call else self._amount(node) or self.seen(node) or self._counted(node)
        return self._for(node, found), self._required(node, wanted=wanted)

    def _required(self, node: Node, *, wanted: bool) -> Phrase:
        return self.asked(node, wanted=wanted) if self.asks else _NOT_ASKED

    def _of_elements(self, each: ListMacro, *, wanted: bool) -> _Because | None:
        """Explain a quantified list by the elements that decided, if there are any."""
        if each.kind == ("all" if wanted else "exists"):
            deciding = list(self._deciding(each, wanted=wanted))
            return _together("and", deciding) if deciding else None
        lacking = self._missing(each, wanted=wanted) if each.kind in ("all", "exists") else []
        return (lacking, self._required(each, wanted=wanted)) if lacking else None

    def _amount(self, node: Node) -> list[Phrase]:
        """Return the number that a comparison counted, if it is not just the size of a list."""
        match node:
            case Call(function, (left, _)) if function in _COMPARED and _goes_through(left) and not _written_out(left):
                number = self.value(left)
                if isinstance(number, int) and not isinstance(number, bool):
                    return [["amount", self._subject(left), str(number)]]
        return []

    def _against(self, args: Sequence[Node], *, wanted: bool) -> list[Node]:
        """Return the parts without the required result; unknown ones only if there are no others."""
        return [arg for arg in args if self.value(arg) is (not wanted)] or [
            arg for arg in args if self.value(arg) is not wanted
        ]

    def _deciding(self, each: ListMacro, *, wanted: bool) -> Iterator[_Because]:
        """Yield the first elements that differ from `wanted`, of a list whose elements must all agree."""
        scopes = [self._labelled(each.variable, *element) for element in self._elements(each.over)]
        against = [scope for scope in scopes if scope.value(each.body) is not wanted]
        known = [scope for scope in against if scope.value(each.body) is (not wanted)]
        for scope in (known or against)[:MOST]:
            found, asked = scope.because(each.body, wanted=wanted)
            yield found or self._element(each, scope.names[each.variable]), asked

    def _element(self, each: ListMacro, item: Any) -> list[Phrase]:
        """Return the phrase for an element of several combined lists, about which nothing more is known; none for an
        element of a table of preuve's own, which was not found anywhere.
        """
        subject = self._subject(each.over)
        return [found_at(subject, item)] if subject else []

    def _missing(self, each: ListMacro, *, wanted: bool) -> list[Phrase]:
        """Return what the closest elements lack, for a list in which one element must meet the condition."""
        scopes = [self.within(each.variable, *element) for element in self._elements(each.over)]
        scope, over = self._unbound(each.over)
        if not scopes and isinstance(over, ListMacro) and over.kind == "filter":
            return scope._missing(over, wanted=True)
        reached = [scope._reached(each.body, wanted=wanted) for scope in scopes[:_LOOKED_AT]]
        closest = [scope for scope, far in zip(scopes, reached, strict=False) if far == max(reached)]
        found = [phrase for inner in closest[:MOST] for phrase in inner.because(each.body, wanted=wanted)[0]]
        path = self.path(each.over)
        counted: list[Phrase] = [["count", path, str(len(scopes))]] if path and len(scopes) > 1 else []
        return counted + found + (_perhaps(path, self.value(each.over)) if path else [])

    def _reached(self, node: Node, *, wanted: bool) -> int:
        """Count the parts that hold before the first that does not. Conditions first select an element, then
        test it.
        """
        both = _flat_parts(node, "_&&_" if wanted else "_||_")
        return next((number for number, part in enumerate(both) if self.value(part) is not wanted), len(both))

    def _labelled(self, variable: str, item: Any, path: str | None) -> _Scope:
        """Return the scope within an element, which gets a name if it is no member."""
        inner = self.within(variable, item, path)
        return replace(inner, labels={**inner.labels, variable: item}) if path is None else inner

    def _elements(self, over: Node) -> Iterator[tuple[Any, str | None]]:
        """Yield the elements of a list and their paths; elements of a filter keep their paths in the whole list."""
        scope, node = self._unbound(over)
        if isinstance(node, ListMacro) and node.kind == "filter":
            for item, path in scope._elements(node.over):
                if scope.within(node.variable, item, path).value(node.body) is True:
                    yield item, path
        else:
            for index, item in enumerate(items_in(self.value(over))):
                yield item, self._at(over, item, index)

    def _unbound(self, node: Node) -> tuple[_Scope, Node]:
        """Resolve a name to its expression and scope."""
        if isinstance(node, Ident) and node.name in self.bindings:
            scope, value = self.bindings[node.name]
            return scope._unbound(value)
        return self, node

    def _for(self, node: Node, phrases: Iterable[Phrase]) -> list[Phrase]:
        """Add to phrases the port or action that the question was about; an event is named by itself."""
        names = set(self._names(node)) & self.labels.keys() if self.labels else set()
        items = [self.labels[name] for name in sorted(names)]
        return [phrase if phrase[0] in _SAY_FOR_WHAT else concerning(items, phrase) for phrase in phrases]

    def _names(self, node: Node) -> Iterator[str]:
        """Yield the names that a part rests on."""
        if isinstance(node, Ident):
            yield node.name
            if node.name in self.bindings:
                scope, value = self.bindings[node.name]
                yield from scope._names(value)
        for part in node.parts:
            yield from self._names(part)

    def _at(self, over: Node, item: Any, index: int) -> str | None:
        """Return the path to an element; if the list is written out, that of the part itself."""
        if isinstance(over, Items):
            return self.path(over.items[index])
        path = self.path(over)
        return None if path is None else f"{path}[{label_of(item, index)}]"

    def seen(self, node: Node) -> list[Phrase]:
        """Return the values of the members that a part reads."""
        return distinct_phrases(self._seen(node))

    def _seen(self, node: Node) -> Iterator[Phrase]:
        path = self.path(node)
        if path:
            yield found_at(path, self.value(_bare(node)))
        elif isinstance(node, ListMacro):
            yield from self._seen_of_all(node)
        elif isinstance(node, Bind):
            yield from self.seen(node.value)
        elif isinstance(node, Ident) and node.name in self.bindings:
            scope, value = self.bindings[node.name]
            yield from scope._seen(value)
        elif isinstance(node, Select):
            yield from self._seen_to_be_set(node)
        elif isinstance(node, Call):
            for arg in node.args:
                yield from self._seen(arg)
        elif isinstance(node, Items):
            for item in node.items:
                yield from self._seen(item)

    def _seen_to_be_set(self, node: Select) -> Iterator[Phrase]:
        """Yield the member that `has()` tests, or the member that contains the tested value."""
        path = self.path(node.of)
        if path is None or not node.asked:
            yield from self._seen(node.of)
        else:
            yield ["set" if self.value(node) is True else "unset", path_below(path, node.name)]

    def _seen_of_all(self, each: ListMacro) -> Iterator[Phrase]:
        over, path = self.value(each.over), self.path(each.over)
        if path is None and isinstance(each.over, Ident) and over and are_texts(over):
            yield ["is", self._subject(each.over), in_words(over)]
        elif path is None:
            yield from self._seen(each.over)
            yield from self.within(each.variable, None, None)._seen(each.body)
        elif isinstance(over, list | Mapping | PartialList):
            items, more = items_in(over), _perhaps(path, over)
            if len(items) == 1:
                yield from self.within(each.variable, items[0], f"{path}[0]").seen(each.body)
            elif items:
                yield ["count", path, str(len(items))]
            elif not more:
                yield ["none", path]
            yield from more
        else:
            yield found_at(path, over)

    # ---- what is asked -----------------------------------------------------------------------------------------------

    def asked(self, node: Node, *, wanted: bool, depth: int = 0) -> Phrase:  # noqa: C901, PLR0911 - a case for each
        """Return the requirement of a part, in words if it has some."""
        if (call := told(node, wanted=wanted)) is not None:
            return self._asked_by(call, node)
        match node:
            case Call("!_", (inner,)):
                return self.asked(inner, wanted=not wanted, depth=depth)
            case Call("_&&_" | "_||_", args):
                word = "and" if (node.function == "_&&_") is wanted else "or"
                return self._several(word, args, node, wanted=wanted, depth=depth)
            case Bind(name, value, body):
                return self.bound(name, value).asked(body, wanted=wanted, depth=depth)
            case ListMacro("all" | "exists"):
                return self._asked_of_elements(node, wanted=wanted, depth=depth)
            case Call(function, (left, right)) if function in _COMPARED:
                return self._compared(node, function if wanted else _OPPOSITE[function], left, right)
            case Call("@in", (item, items)):
                return self._asked_in(node, item, items, wanted=wanted)
            case Call(function, (of, arg)) if function in _TESTS and (path := self.path(of)):
                return [function if wanted else f"not_{function}", path, self.shown(arg)]
            case Call("hasValue", (of,)) if path := self.path(of):
                return ["set" if wanted else "unset", path]
            case Select(of, name, True) if (path := self.path(of)) is not None:
                return ["set" if wanted else "unset", path_below(path, name)]
            case _ if path := self.path(node):
                return ["is", path, "true" if wanted else "false"]
        return self._about(node)

    def _several(self, word: str, args: Sequence[Node], node: Node, *, wanted: bool, depth: int) -> Phrase:
        parts = flattened(word, [word, *(self.asked(arg, wanted=wanted, depth=depth) for arg in args)])
        return joined_by(word, parts) if len(parts) <= MOST or not depth else self._about(node)

    def _asked_of_elements(self, each: ListMacro, *, wanted: bool, depth: int) -> Phrase:
        path = self.path(each.over)
        if path is None or depth > 1:
            return self._about(each)
        every = (each.kind == "all") is wanted
        inner = self.within(each.variable, Fault("of any element"), "")
        return ["every" if every else "some", path, inner.asked(each.body, wanted=wanted, depth=depth + 1)]

    def _compared(self, node: Call, function: str, left: Node, right: Node) -> Phrase:  # noqa: PLR0911 - likewise
        if self.path(left) is None and self.path(right) is not None:
            return self._compared(node, _MIRRORED[function], right, left)
        word, limit = _COMPARED[function], self.value(right)
        if (path := self.path(left)) is not None and self.path(right) is None:
            if limit == "" and word in ("is", "is_not"):
                return ["unset" if word == "is" else "set", path]
            return [_TIMES[word] if isinstance(limit, datetime.datetime) else word, path, self.shown(right)]
        match left:
            case Call("size", (of,)) if (path := self.path(of)) is not None:
                return [f"count_{word}", path, self.shown(right)]
            case Call("_-_", (Ident("now"), moment)) if path := self.path(moment):
                return [f"age_{word}", path, self.shown(right)]
        if path and (other := self.path(right)) and other != path:
            return [word, path, other]
        return self._about(node)

    def _asked_in(self, node: Node, item: Node, items: Node, *, wanted: bool) -> Phrase:
        if path := self.path(item):
            return ["in" if wanted else "not_in", path, self.shown(items)]
        if path := self.path(items):
            return ["holds" if wanted else "holds_not", path, self.shown(item)]
        return self._about(node)

    # ---- what has no words of its own, and what functions say -------------------------------------------------------

    def _about(self, node: Node) -> Phrase:
        """Return the subject of a part, with the event if it concerns one."""
        subject = self._subject(node)
        event = next(filter(None, (self._event(call) for call in _calls(node))), "")
        if event:
            return ["fits_event", subject, event]
        return ["fits", subject] if subject else ["fits_policy"]

    def _asked_by(self, call: Call, node: Node) -> Phrase:
        limit = node.args[1] if isinstance(node, Call) and node.function == "_<=_" else None
        detail = self.shown(limit) if limit else "" if call.function in FIND_NOTHING else self._detail(call)
        return [f"asks_{call.function}", self._subject(call.args[0]), detail]

    def _found_by(self, call: Call) -> Phrase:
        value = self.value(call)
        detail = self._detail(call) if isinstance(value, bool) else in_words(value)
        if call.function in _OF_RANGES:
            ranges = _widest(self.value(call.args[0]))
            detail = ranges if isinstance(value, bool) else f"{detail} ({ranges})"
        return [f"found_{call.function}", self._rules(call.args[0]) or self._subject(call.args[0]), detail]

    def _rules(self, node: Node) -> str:
        """Return the elements that a list is made from, if a filter chose them."""
        if not isinstance(node, ListMacro) or self.path(node.over) is not None:
            return ""
        return shortened(", ".join(path for _, path in self._elements(node.over) if path))

    def _detail(self, call: Call) -> str:
        """Return the actions, or the event, that a function is about."""
        return self._event(call) or (str(self.shown(call.args[1])) if len(call.args) > 1 else "")

    def _event(self, call: Call) -> str:
        """Return the event that a function is about; "" where only the elements of a list would say which."""
        if call.function not in ARE_TRUE or len(call.args) < 2 or not set(self._names(call.args[1])) <= set(self.names):
            return ""
        return event_in_words(self.value(call.args[1]))

    def _subject(self, node: Node) -> str:
        named = shortened(", ".join(dict.fromkeys(path for path, _ in self._roots(node))))
        return named or (node.name if isinstance(node, Select) else "")  # of an element of lists put together

    def _counted(self, node: Node) -> list[Phrase]:
        """Return the sizes of the lists that a part reads, if there is nothing else to show."""
        return distinct_phrases(
            found_at(path, value) for path, value in self._roots(node) if isinstance(value, list | PartialList)
        )

    def _roots(self, node: Node) -> Iterator[Root]:
        """Yield the members that a part reads; for lists, without the requirements on their elements."""
        if path := self.path(node):
            yield path, self.value(_bare(node))
        elif isinstance(node, Ident):
            if node.name in self.bindings:
                scope, value = self.bindings[node.name]
                yield from scope._roots(value)
        else:
            for part in node.parts[:1] if isinstance(node, ListMacro) else node.parts:
                yield from self._roots(part)

    # ---- values and paths --------------------------------------------------------------------------------------------

    def value(self, node: Node) -> Any:
        """Return the value of a part here."""
        return evaluate_part(node, self.names, self._memory)

    def shown(self, node: Node) -> Any:
        """Return the value of a part in words; its subject if it has no value here."""
        value = self.value(node)
        return self._subject(node) if isinstance(value, Fault | Unknown | OptionalValue) else in_words(value)

    def path(self, node: Node) -> str | None:
        """Return the path of the member that a part reads, also in converted form; None for anything else."""
        match node:
            case Ident(name):
                return self.paths.get(name)
            case Select(of, name, False) | Call("_?._", (of, Const(name))):
                within = self.path(of)
                return None if within is None else path_below(within, name)
            case Call("_[_]" | "_[?_]", (of, key)):
                within = self.path(of)
                return self._at_number(of, key) if within is None else f"{within}[{self.shown(key)}]"
            case Call(function, (of, *_)) if function in _SAME:
                return self.path(of)
        return None

    def _at_number(self, of: Node, key: Node) -> str | None:
        """Return the path of an element that a filter selects."""
        number = self.value(key)
        paths = [path for _, path in self._elements(of)] if isinstance(self._unbound(of)[1], ListMacro) else []
        return paths[number] if isinstance(number, int) and 0 <= number < len(paths) else None

    def bound(self, name: str, value: Node) -> _Scope:
        """Return the scope with a name for a value."""
        inner = self.within(name, self.value(value), self.path(value))
        return replace(inner, bindings={**inner.bindings, name: (self, value)})

    def within(self, name: str, value: Any, path: str | None) -> _Scope:
        """Return the scope with one more name."""
        paths = _without(name, self.paths) if path is None else {**self.paths, name: path}
        bindings, labels = _without(name, self.bindings), _without(name, self.labels)
        return _Scope({**self.names, name: value}, paths, bindings, labels, self.asks, self._memory)


def _without(name: str, known: Mapping[str, V]) -> dict[str, V]:
    return {other: value for other, value in known.items() if other != name}


def _goes_through(node: Node) -> bool:
    """Return whether a part goes through the elements of a list."""
    return isinstance(node, ListMacro) or any(_goes_through(part) for part in node.parts)


def _written_out(node: Node) -> bool:
    """Return whether a part iterates over members that it lists one by one."""
    match node:
        case Call("size", (of,)):
            return _written_out(of)
        case ListMacro(_, over):
            return isinstance(over, Items)
    return False


def _flat_parts(node: Node, function: str) -> list[Node]:
    """Return the parts that an operator joins."""
    if isinstance(node, Call) and node.function == function:
        return [part for arg in node.args for part in _flat_parts(arg, function)]
    return [node]


def _calls(node: Node) -> Iterator[Call]:
    """Yield all calls in a part, outer ones first."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Call):
            yield part
        waiting += reversed(part.parts)


def _bare(node: Node) -> Node:
    """Return the member itself, without conversions or defaults that the condition applies to it."""
    match node:
        case Call(function, (of, *_)) if function in _SAME:
            return _bare(of)
    return node
