"""Every small change of a condition: each operator, key, literal and branch in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mutation.patterns import weakened
from mutation.syntax import Node, tree

_SHOWN = 40  # characters on both sides of a change
HELD = "shared__"  # the name of something in place of its text, which is changed elsewhere
OTHER = "preuve-mutant"  # a text that no account and no condition has
_FLIPPED = {
    "&&": ("||",),
    "||": ("&&",),
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
}
_SWAPPED = {
    "all": ("exists",),
    "exists": ("all",),
    "exists_one": ("exists", "all"),
    "startsWith": ("endsWith", "contains"),
    "endsWith": ("startsWith", "contains"),
    "contains": ("startsWith", "endsWith"),
}
_DROPPED = frozenset({"lowerAscii", "upperAscii", "trim"})
_TRUTHS = frozenset({"startsWith", "endsWith", "contains", "matches", "has", "hasValue", "globs", "cidr_public"})
_LOGICAL = frozenset({"&&", "||"})
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})
_FAR = 1_000_000  # as the default of a number: whatever is compared with it, it is beyond

Siblings = Callable[[str], Iterable[str]]  # the members that can replace one


@dataclass(frozen=True)
class Mutant:
    """A changed condition. `change` describes the replacement, as in `mutation/survivors.yaml`."""

    text: str
    change: str


def mutants(condition: str, siblings: Siblings, params: Mapping[str, Any]) -> Iterator[Mutant]:
    """All changes of one condition, each once."""
    seen = {_plain(condition)}
    for mutant in _Mutator(condition, siblings, params).all():
        if _plain(mutant.text) not in seen:
            seen.add(_plain(mutant.text))
            yield mutant


def _plain(text: str) -> str:
    return " ".join(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE).split())


class _Mutator:
    def __init__(self, source: str, siblings: Siblings, params: Mapping[str, Any]) -> None:
        self._source = source
        self._siblings = siblings
        self._params = params
        self._patterns = ".matches(" in source

    def all(self) -> Iterator[Mutant]:
        yield from self._operand(tree(self._source))

    def _text(self, node: Node) -> str:
        return self._source[node.start : node.end]

    def _change(self, start: int, end: int, new: str, around: Node) -> Mutant:
        """Replace a piece of the text, and describe it with its surroundings."""
        text = f"{self._source[:start]}{new}{self._source[end:]}"
        head = self._source[max(around.start, start - _SHOWN) : start]
        tail = self._source[end : min(around.end, end + _SHOWN)]
        return Mutant(text, f"{_plain(head + self._source[start:end] + tail)} → {_plain(head + new + tail)}")

    def _replace(self, node: Node, new: str, around: Node) -> Mutant:
        return self._change(node.start, node.end, new, around)

    # `around` is the smallest part that is true or false; `default` is whether `orValue` returns the node.

    def _walk(self, node: Node, around: Node, *, default: bool) -> Iterator[Mutant]:
        if node.kind == "chain" and node.word in _LOGICAL:
            yield from self._chain(node)
            for child in node.children:
                yield from self._operand(child)
            return
        yield from self._own(node, around, default=default)
        last = len(node.children) - 1
        binds = node.kind == "macro" or (node.kind == "call" and node.word == "bind")
        for index, child in enumerate(node.children):
            if node.kind == "ternary" or (binds and index == last):
                yield from self._operand(child)
            elif node.kind in ("paren", "not"):
                yield from self._walk(child, around, default=default)
            else:
                inside = node.kind == "call" and node.word == "orValue" and index == 1
                yield from self._walk(child, around, default=inside)

    def _operand(self, node: Node) -> Iterator[Mutant]:
        """Something that is true or false as a whole (or what a `map` or `bind` gives)."""
        truth = node.kind == "select" or (node.kind == "call" and node.word in _TRUTHS)
        truth = truth or (node.kind == "chain" and node.word == "in")
        if node.kind == "name" and node.word.startswith(HELD):
            yield from (self._replace(node, always, node) for always in ("true", "false"))
        if truth:
            yield self._replace(node, f"!({self._text(node)})", node)
        yield from self._walk(node, node, default=False)

    def _chain(self, node: Node) -> Iterator[Mutant]:
        for index, word in enumerate(node.words):
            left, right = node.children[index], node.children[index + 1]
            for new in _FLIPPED[word.text]:
                around = Node("chain", left.start, right.end)
                yield self._change(word.start, word.end, new, around)
        for index, child in enumerate(node.children):
            rest = [self._text(other) for other in (*node.children[:index], *node.children[index + 1 :])]
            joined = f" {node.word} ".join(rest)
            text = f"{self._source[: node.start]}{joined}{self._source[node.end :]}"
            yield Mutant(text, f"{node.word} {_plain(self._text(child))[: 2 * _SHOWN]} → removed")

    def _own(self, node: Node, around: Node, *, default: bool) -> Iterator[Mutant]:
        known = {
            "chain": self._operators,
            "not": self._negation,
            "ternary": self._ternary,
            "call": self._called,
            "macro": self._called,
            "list": self._items,
            "constant": self._constant,
        }.get(node.kind)
        if known:
            yield from known(node, around)
        elif node.kind == "number":
            yield from self._number(node, around, default=default)
        elif node.kind == "text":
            yield from self._literal(node, around, default=default)
        elif node.kind in ("select", "index"):
            yield from self._key(node, around)

    def _operators(self, node: Node, around: Node) -> Iterator[Mutant]:
        for word in node.words:
            for new in _FLIPPED.get(word.text, ()):
                yield self._change(word.start, word.end, new, around)
        if node.word == "in":
            yield self._replace(node, f"!({self._text(node)})", around)
        if node.word == "+" and len(node.children) > 1:
            for index in range(len(node.children)):
                rest = [self._text(other) for other in (*node.children[:index], *node.children[index + 1 :])]
                yield self._replace(node, " + ".join(rest), around)

    def _negation(self, node: Node, around: Node) -> Iterator[Mutant]:
        yield self._replace(node, self._text(node.children[0]), around)

    def _ternary(self, node: Node, around: Node) -> Iterator[Mutant]:
        test, yes, no = node.children
        yield self._replace(node, self._text(yes), around)
        yield self._replace(node, self._text(no), around)
        yield self._replace(test, f"!({self._text(test)})", around)

    def _called(self, node: Node, around: Node) -> Iterator[Mutant]:
        word = node.words[0]
        for new in _SWAPPED.get(word.text, ()):
            yield self._change(word.start, word.end, new, around)
        if word.text in _DROPPED:
            yield self._replace(node, self._text(node.children[0]), around)
        if word.text == "filter":
            yield self._replace(node, self._text(node.children[0]), around)

    def _items(self, node: Node, around: Node) -> Iterator[Mutant]:
        for index in range(len(node.children) if len(node.children) > 1 else 0):
            rest = (self._text(item) for at, item in enumerate(node.children) if at != index)
            yield self._replace(node, f"[{', '.join(rest)}]", around)

    def _constant(self, node: Node, around: Node) -> Iterator[Mutant]:
        if node.word in ("true", "false"):
            yield self._replace(node, "false" if node.word == "true" else "true", around)

    def _number(self, node: Node, around: Node, *, default: bool) -> Iterator[Mutant]:
        value = float(node.word) if "." in node.word else int(node.word)
        if default:
            yield self._replace(node, "0" if value else str(_FAR), around)
            return
        yield self._replace(node, str(value + 1), around)
        yield self._replace(node, str(value - 1) if value else "(-1)", around)

    def _literal(self, node: Node, around: Node, *, default: bool) -> Iterator[Mutant]:
        if default:
            yield from (self._replace(node, new, around) for new in _defaults(node, around))
            return
        yield self._replace(node, f'"{OTHER}"', around)
        if self._patterns:
            for new in weakened(node.word):
                yield self._replace(node, new, around)

    def _key(self, node: Node, around: Node) -> Iterator[Mutant]:
        of = node.children[0]
        if of.kind == "name" and of.word == "params":
            yield from self._param(node, self._params.get(node.word), around)
        elif node.kind == "index" and of.kind == "select" and of.children[0].word == "params":
            yield from self._param(node, 1, around)
        elif node.kind == "select":
            word = node.words[0]
            for new in self._siblings(word.text):
                yield self._change(word.start, word.end, new, around)

    def _param(self, node: Node, value: Any, around: Node) -> Iterator[Mutant]:
        text = self._text(node)
        if isinstance(value, bool):
            yield self._replace(node, f"!{text}", around)
        elif isinstance(value, int):
            yield self._replace(node, f"({text} + 1)", around)
            yield self._replace(node, f"({text} - 1)", around)
        elif isinstance(value, str):
            yield self._replace(node, f'"{OTHER}"', around)
        elif isinstance(value, list):
            yield self._replace(node, f'["{OTHER}"]', around)


def _defaults(node: Node, around: Node) -> Iterable[str]:
    """Yield replacements for a default: the texts that its member is compared with; if the default is one of them, any
    other text.

    A default that goes into a pattern or a list defined elsewhere is not replaced, because nothing is known to matter.
    """
    beside = [part for part in around.below() if part.kind in ("index", "call") and part.word in ("", "matches")]
    keys = {child.start for part in beside for child in part.children[1:]}
    texts = [part for part in around.below() if part.kind == "text" and part.start not in keys]
    compared = dict.fromkeys(part.word for part in texts if part.word != node.word)
    if not compared and any(part.word == node.word and part.start != node.start for part in texts):
        return [f'"{OTHER}"']
    return list(compared)[:3]
