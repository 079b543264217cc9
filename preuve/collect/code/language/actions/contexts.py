"""Finds the properties of contexts that enter a text of a workflow by `${{ … }}`.

docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# In lower case, as names ignore case; `*` and numbers are left out: `github.event.commits.message`.
Path = tuple[str, ...]

UNREAD: Path = ("?",)  # stands for an expression that is not understood: it may contain anything

_TOKEN = re.compile(
    r"\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w-]*)|([+-]?(?:\d|\.\d)[\w.+-]*)|(&&|\|\||[=!<>]=|[][().,*!<>]))"
)
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})
_OF_ANY = frozenset({"contains", "startswith", "endswith", "hashfiles", "success", "always", "cancelled", "failure"})
_MAKING = frozenset({"format", "join", "tojson", "fromjson", "case"})
_WORDS = frozenset({"true", "false", "null", "nan", "infinity"})
_BEGINNING = "${{"
EXPRESSION = r"\$\{\{(?:(?!\$\{\{).)*?\}\}"  # a pattern: none holds the beginning of another one
_INNER = re.compile(r"(?:[^'}]|'[^']*'|\}(?!\}))*")
_MOST = 10_000  # characters of one expression


def paths_in(text: str) -> frozenset[Path]:
    """Return the properties that come into the value of a text, from any of its expressions."""
    return frozenset(path for inner in _expressions(text) for path in _paths(inner))


def _expressions(text: str) -> Iterator[str]:
    """Yield the texts between `${{` and `}}`. A `}}` in a string of the expression does not end it."""
    start = text.find(_BEGINNING)
    while start >= 0:
        start += len(_BEGINNING)
        inner = _INNER.match(text[start : start + _MOST])
        found = inner[0] if inner else ""
        yield found
        start = text.find(_BEGINNING, start + len(found))


def _paths(expression: str) -> frozenset[Path]:
    try:
        parser = _Parser(list(_tokens(expression)))
        found = parser.either()
        parser.end()
    except (_NotReadError, RecursionError):
        return frozenset({UNREAD})
    return found


def _tokens(expression: str) -> Iterator[str]:
    at, text = 0, expression.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _NotReadError
        at = match.end()
        yield match[0].strip()


class _NotReadError(Exception):
    """The expression is none that is known."""


class _Parser:
    """Reads an expression from left to right; each method returns what may come into the value of a part."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _NotReadError

    def either(self) -> frozenset[Path]:
        found = self._both()
        while self._taken("||"):
            found |= self._both()
        return found

    def _both(self) -> frozenset[Path]:
        """Return what the last part takes in: of another one only a value comes out that is empty, false, 0 or null."""
        found = self._compared()
        while self._taken("&&"):
            found = self._compared()
        return found

    def _compared(self) -> frozenset[Path]:
        found = self._single()
        while self._next() in _COMPARING:
            self._at += 1
            self._single()
            found = frozenset()  # true or false
        return found

    def _single(self) -> frozenset[Path]:
        if self._taken("!"):
            self._single()
            return frozenset()
        if self._taken("("):
            found = self.either()
            self._expect(")")
            return self._below(found)
        token = self._take()
        if token[0] in "'+-.0123456789" or token.lower() in _WORDS:
            return frozenset()
        if not re.match(r"[A-Za-z_]", token):
            raise _NotReadError
        if self._taken("("):
            return self._below(self._called(token.lower()))
        return self._below(frozenset({(token.lower(),)}))

    def _called(self, function: str) -> frozenset[Path]:
        found: frozenset[Path] = frozenset()
        while not self._taken(")"):
            found |= self.either()
            if self._next() != ")":
                self._expect(",")
        if function in _OF_ANY:
            return frozenset()
        return found if function in _MAKING else frozenset({UNREAD})

    def _below(self, paths: frozenset[Path]) -> frozenset[Path]:
        """Return the paths, extended by the properties read from them."""
        while self._next() in (".", "["):
            paths = frozenset((*path, *self._step()) for path in paths) if paths else self._nothing()
        return paths

    def _nothing(self) -> frozenset[Path]:
        self._step()
        return frozenset()

    def _step(self) -> Path:
        if self._taken("."):
            token = self._take()
            return () if token == "*" else (token.lower(),)  # noqa: S105 - a sign of the expression
        self._expect("[")
        if self._taken("*"):
            found: Path = ()
        elif self._next()[:1] == "'":
            found = (self._take()[1:-1].replace("''", "'").lower(),)
        else:
            start = self._at
            self.either()
            found = (
                ()
                if self._tokens[start : self._at] == [self._tokens[start]] and self._tokens[start][0].isdigit()
                else UNREAD
            )
        self._expect("]")
        return found

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        if not token:
            raise _NotReadError
        self._at += 1
        return token

    def _taken(self, token: str) -> bool:
        found = self._next() == token
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._taken(token):
            raise _NotReadError
