"""The syntax tree of a condition, with the place of each node in the text, so that a part of it can be rewritten.

Only conditions that compile come here: CEL's own parser has read them before, and reads each mutant again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
_TOKEN = re.compile(
    r"""\s+|//[^\n]*
    |(?P<text>[rRbB]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<number>\d[\w.]*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>\|\||&&|[=!<>]=|[][(){}.,:?<>!+*/%-])""",
    re.VERBOSE,
)
_CONSTANTS = frozenset({"true", "false", "null"})
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


@dataclass(frozen=True)
class Token:
    """A word of a condition: its kind is text, number, name or sign."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Node:
    """A part of a condition.

    `kind`: chain (operands joined by `&&`, `||`, a comparison or arithmetic), not, ternary, select, index, call, macro,
    list, map, paren, name, text, number, constant. `words` are the operators of a chain, the name that is selected or
    called, or the token itself.
    """

    kind: str
    start: int
    end: int
    children: tuple[Node, ...] = ()
    words: tuple[Token, ...] = ()

    @property
    def word(self) -> str:
        """The first of the words: the operator, the name, the literal."""
        return self.words[0].text if self.words else ""

    def below(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


def tree(condition: str) -> Node:
    """A condition that compiles, as a tree."""
    return _Reader(condition).expression()


class _Reader:
    def __init__(self, source: str) -> None:
        self._tokens = [
            Token(str(match.lastgroup), match[0], *match.span()) for match in _TOKEN.finditer(source) if match.lastgroup
        ]
        self._next = 0

    def expression(self) -> Node:
        test = self._level(0)
        if not self._take("?"):
            return test
        yes = self._level(0)
        self._take(":")
        return self._node("ternary", test.start, (test, yes, self.expression()))

    def _node(self, kind: str, start: int, children: tuple[Node, ...] = (), words: tuple[Token, ...] = ()) -> Node:
        return Node(kind, start, self._tokens[self._next - 1].end, children, words)

    def _peek(self, *texts: str) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next].text in texts

    def _take(self, *texts: str) -> bool:
        found = self._peek(*texts)
        self._next += found
        return found

    def _word(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        operands, words = [self._level(level + 1)], []
        while self._peek(*_LEVELS[level]):
            words.append(self._word())
            operands.append(self._level(level + 1))
        return self._node("chain", operands[0].start, tuple(operands), tuple(words)) if words else operands[0]

    def _unary(self) -> Node:
        if not self._peek("!", "-"):
            return self._member()
        word = self._word()
        return self._node("not" if word.text == "!" else "minus", word.start, (self._unary(),), (word,))

    def _member(self) -> Node:
        found = self._primary()
        while self._peek(".", "["):
            found = self._indexed(found) if self._take("[") else self._selected(found)
        return found

    def _indexed(self, of: Node) -> Node:
        self._take("?")
        inside = self.expression()
        self._take("]")
        return self._node("index", of.start, (of, inside))

    def _selected(self, of: Node) -> Node:
        self._take(".")
        self._take("?")
        word = self._word()
        if not self._take("("):
            return self._node("select", of.start, (of,), (word,))
        arguments = self._until(")")
        macro = word.text in MACROS and len(arguments) > 1
        return self._node("macro" if macro else "call", of.start, (of, *arguments), (word,))

    def _primary(self) -> Node:
        word = self._word()
        if word.text == "(":
            inner = self.expression()
            self._take(")")
            return self._node("paren", word.start, (inner,))
        if word.text in ("[", "{"):
            items = self._until("]" if word.text == "[" else "}")
            return self._node("list" if word.text == "[" else "map", word.start, items)
        if word.kind == "name" and self._take("("):
            return self._node("call", word.start, self._until(")"), (word,))
        kind = "constant" if word.text in _CONSTANTS else word.kind
        return self._node(kind, word.start, words=(word,))

    def _until(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._take(end):
            found.append(self.expression())
            self._take(",", ":")
        return tuple(found)
