"""The parts of a condition as its author wrote them, so that each can be evaluated alone.

The type checker's tree has expanded macros and no end positions, but an explanation needs the source. Only conditions
that compile come here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})

_TOKEN = re.compile(
    r"""\s+|//[^\n]*
    |(?P<text>[rRbB]{0,2}(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<number>\d[\w.]*(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>\|\||&&|[=!<>]=|[][(){}.,:?<>!+*/%-])""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_CONSTANTS = frozenset({"true", "false", "null"})
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


@dataclass(frozen=True)
class Part:
    """A piece of a condition. `variable` is that of a macro, whose `parts` are its list and its predicate."""

    text: str
    parts: tuple[Part, ...] = ()
    variable: str = ""
    literal: bool = False


def parts_of(condition: str) -> Part:
    """Take apart a condition that compiles."""
    return _Reader(condition).expression()


@dataclass(frozen=True)
class _Token:
    kind: str  # text | number | name | sign
    text: str
    start: int
    end: int


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = [
            _Token(str(match.lastgroup), match[0], *match.span())
            for match in _TOKEN.finditer(source)
            if match.lastgroup
        ]
        self._next = 0

    def expression(self) -> Part:
        start = self._start
        test = self._level(0)
        if not self._take("?"):
            return test
        yes = self._level(0)
        self._take(":")
        return self._part(start, (test, yes, self.expression()))

    @property
    def _start(self) -> int:
        return self._tokens[self._next].start

    def _part(self, start: int, parts: tuple[Part, ...] = (), variable: str = "", *, literal: bool = False) -> Part:
        return Part(self._source[start : self._tokens[self._next - 1].end], parts, variable, literal)

    def _peek(self, *texts: str) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next].text in texts

    def _take(self, *texts: str) -> bool:
        found = self._peek(*texts)
        self._next += found
        return found

    def _level(self, level: int) -> Part:
        if level == len(_LEVELS):
            return self._unary()
        start, found = self._start, [self._level(level + 1)]
        while self._take(*_LEVELS[level]):
            found.append(self._level(level + 1))
        return found[0] if len(found) == 1 else self._part(start, tuple(found))

    def _unary(self) -> Part:
        start = self._start
        if self._take("!", "-"):
            inner = self._unary()
            return self._part(start, (inner,), literal=inner.literal)
        return self._member()

    def _member(self) -> Part:
        start = self._start
        found = self._primary()
        while self._peek(".", "["):
            if self._take("["):
                self._take("?")
                inside = self.expression()
                self._take("]")
                found = self._part(start, _worth((inside,)))
            else:
                found = self._selected(start, found)
        return found

    def _selected(self, start: int, of: Part) -> Part:
        self._take(".")
        self._take("?")
        name = self._tokens[self._next].text
        self._next += 1
        if not self._take("("):
            return self._part(start)
        arguments = self._until(")")
        if name in MACROS and len(arguments) > 1:
            return self._part(start, (of, arguments[-1]), arguments[0].text)
        return self._part(start, _worth((of, *arguments)))

    def _primary(self) -> Part:
        token, start = self._tokens[self._next], self._start
        self._next += 1
        if token.text == "(":
            inner = self.expression()
            self._take(")")
            return self._part(start, (inner,))
        if token.text in ("[", "{"):
            return self._part(start, _worth(self._until("]" if token.text == "[" else "}")))
        if token.kind == "name" and self._take("("):
            return self._part(start, _worth(self._until(")")))
        return self._part(start, literal=token.kind in ("text", "number") or token.text in _CONSTANTS)

    def _until(self, end: str) -> tuple[Part, ...]:
        found: list[Part] = []
        while not self._take(end):
            found.append(self.expression())
            self._take(",", ":")
        return tuple(found)


def _worth(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts that say something beside the whole: no literals, no plain names."""
    return tuple(part for part in parts if part.parts or ("." in part.text and not part.literal))


# ---- values --------------------------------------------------------------------------------------------------------

Show = Callable[[str], str]  # an expression -> its value, in words; "" where it has none to show

_ELEMENTS = 3
_LINES = 40
_WIDTH = 100


def explained(condition: str, show: Show) -> list[str]:
    """Return each part of a condition with its value, indented below the part that contains it."""
    lines = list(_explained(parts_of(condition), show, 0))
    return lines if len(lines) <= _LINES else [*lines[:_LINES], f"… {len(lines) - _LINES} more"]


def _explained(part: Part, show: Show, depth: int) -> list[str]:
    if part.literal:
        return []
    if part.text.startswith("(") and len(part.parts) == 1 and part.text.endswith(")"):
        return _explained(part.parts[0], show, depth)
    value = show(part.text)
    lines = [f"{'  ' * depth}{_short(part.text)} = {_short(value)}"] if value else []
    if part.variable:
        return lines + _elements(part, show, depth + 1)
    for inner in part.parts:
        lines += _explained(inner, show, depth + 1)
    return lines


def _elements(part: Part, show: Show, depth: int) -> list[str]:
    of, asked = part.parts
    lines = _explained(of, show, depth)
    elements = f"({of.text}).map(element, element)"
    size = show(f"size({elements})")
    number = int(size) if size.isdigit() else 0
    for index in range(min(number, _ELEMENTS)):
        element = f"{elements}[{index}]"

        def inside(text: str, element: str = element) -> str:
            return show(f"cel.bind({part.variable}, {element}, {text})")

        lines.append(f"{'  ' * depth}{part.variable} = {_short(show(element))}")
        lines += _explained(asked, inside, depth + 1)
    if number > _ELEMENTS:
        lines.append(f"{'  ' * depth}… {number - _ELEMENTS} more")
    return lines


def _short(text: str) -> str:
    text = " ".join(_COMMENT.sub("", text).split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
