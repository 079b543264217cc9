"""Parses HCL's native syntax by the grammar of HCL's specification; any other text is a `NotHclError`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeVar

from preuve.collect.code.language.hcl.syntax.nodes import (
    Argument,
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    ForExpression,
    Index,
    Item,
    Literal,
    Name,
    Node,
    NotHclError,
    ObjectOf,
    Splat,
    TupleOf,
    Unary,
)
from preuve.collect.code.language.hcl.syntax.templates import Directive, Text, Trim, flush, template
from preuve.collect.code.language.values.value import composed, number

Read = TypeVar("Read")

_DEEPEST = 200  # levels of nested brackets, templates and blocks
_MOST_NODES = 2_000_000  # nodes of one file

_SPACE = re.compile(r"(?:[ \t\r]++|#[^\n]*+|//[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
# White space where line ends have no meaning.
_FREE = re.compile(r"(?:\s++|#[^\n]*+|//[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w\u0300-\u036f-]*")  # an accent may follow its letter
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_OPERATOR = re.compile(r"\|\||&&|==|!=|<=|>=|[<>+*/%-]")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*)[ \t\r]*\n")
_PLAIN = re.compile(r"[^\"\\$%\n]+")
_PLAIN_HEREDOC = re.compile(r"[^$%]+")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HEX = re.compile(r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})")
_LEVELS = ("||", "&&", "== !=", "< <= > >=", "+ -", "* / %")  # the weakest operators first
_PRECEDENCE = {sign: level for level, signs in enumerate(_LEVELS, start=1) for sign in signs.split()}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}


def parse_file(text: str) -> Body:
    """Return the body of a file. Raises NotHclError if it is not HCL."""
    return _Parser(text).file()


def parse_expression(text: str) -> Node:
    """Parse a text that is one expression. Raises NotHclError."""
    return _Parser(text).alone()


def parse_template(text: str, line: int = 1) -> Node:
    """Parse a template from a file, or a text of HCL's JSON syntax: a backslash escapes nothing in it."""
    return _Parser(text, line).template_alone()


class _Parser:
    """Parses one text from left to right."""

    def __init__(self, text: str, line: int = 1) -> None:
        self._text = text.removeprefix("\ufeff")
        self._at = 0
        self._first_line = line
        self._free = False  # whether line ends have no meaning here
        self._depth = 0
        self._nodes = 0
        self._ends = [match.start() for match in re.finditer("\n", self._text)]

    # ---- signs ----

    def line(self, at: int | None = None) -> int:
        """Return the line of a position; of the current one by default."""
        return bisect_right(self._ends, (self._at if at is None else at) - 1) + self._first_line

    def _fail(self, why: str = "syntax error") -> NotHclError:
        return NotHclError(self.line(), why)

    def _skip(self) -> None:
        match = (_FREE if self._free else _SPACE).match(self._text, self._at)
        if match is not None:
            self._at = match.end()

    def _peek(self, length: int = 1) -> str:
        self._skip()
        return self._text[self._at : self._at + length]

    def _take(self, sign: str) -> bool:
        self._skip()
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._fail()

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        self._skip()
        match = pattern.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _word(self) -> str:
        found = self._match(_NAME)
        if found is None:
            raise self._fail()
        return composed(found)

    def _inside(self, read: Callable[[], Read], *, free: bool) -> Read:
        before, self._free = self._free, free
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fail("nested too deep")
        try:
            return read()
        finally:
            self._free = before
            self._depth -= 1

    # ---- bodies ----

    def file(self) -> Body:
        """Parse the whole text as a body. Raises NotHclError."""
        body = self._body()
        if self._at < len(self._text):
            raise self._fail()
        return body

    def _blank(self) -> None:
        while self._peek() == "\n":
            self._at += 1

    def _body(self) -> Body:
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        while True:
            self._blank()
            if self._peek() in ("", "}"):
                return Body(arguments, tuple(blocks))
            self._item(arguments, blocks)
            if self._peek() not in ("", "\n", "}"):
                raise self._fail()

    def _item(self, arguments: dict[str, Argument], blocks: list[Block]) -> None:
        line, name = self._line_here(), self._word()
        if self._peek() == "=" and self._peek(2) != "==":
            self._at += 1
            value = self.expression()
            if name in arguments:
                raise NotHclError(line, f"the argument {name} is set twice")
            arguments[name] = Argument(name, value, line, self.line())
            return
        labels: list[str] = []
        while self._peek() != "{":
            labels.append(self._label())
        self._at += 1
        body = self._inside(self._body, free=False)
        self._expect("}")
        blocks.append(Block(name, tuple(labels), body, line, self.line()))

    def _line_here(self) -> int:
        self._skip()
        return self.line()

    def _label(self) -> str:
        if self._peek() != '"':
            return self._word()
        node = self._quoted()
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            raise self._fail()
        return node.value

    # ---- expressions ----

    def alone(self) -> Node:
        """Parse the whole text as an expression. Raises NotHclError."""
        self._free = True
        found = self.expression()
        if self._peek() != "":
            raise self._fail()
        return found

    def expression(self) -> Node:
        """Parse an expression, including a conditional."""
        condition = self._binary(0)
        if self._peek() != "?":
            return condition
        self._at += 1
        yes = self._inside(self.expression, free=self._free)
        self._expect(":")
        return Conditional(condition, yes, self._inside(self.expression, free=self._free))

    def _binary(self, lowest: int) -> Node:
        left = self._term()
        while True:
            self._skip()
            match = _OPERATOR.match(self._text, self._at)
            level = _PRECEDENCE[match[0]] if match else 0
            if match is None or level <= lowest:
                return left
            self._at = match.end()
            left = Binary(match[0], left, self._binary(level))

    def _term(self) -> Node:
        sign = self._peek()
        if sign in ("-", "!"):
            self._at += 1
            return Unary(sign, self._inside(self._term, free=self._free))
        found = self._steps(self._primary(), splat=False)
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise self._fail("too large")
        return found

    def _primary(self) -> Node:  # noqa: PLR0911 - one case for each sign
        sign = self._peek()
        if sign == '"':
            return self._quoted()
        if sign == "(":
            self._at += 1
            found = self._inside(self.expression, free=True)
            self._inside(lambda: self._expect(")"), free=True)
            return found
        if sign == "[":
            self._at += 1
            return self._inside(self._tuple, free=True)
        if sign == "{":
            self._at += 1
            return self._inside(self._object, free=False)
        if sign == "<":
            return self._heredoc()
        if sign.isdecimal() and sign.isascii():
            return Literal(self._number())
        name = self._word()
        if self._text.startswith("::", self._at) or self._peek() == "(":
            return self._call(name)
        return Literal(_CONSTANTS[name]) if name in _CONSTANTS else Name(name)

    def _number(self) -> Any:
        try:
            return number(_decimal(self._match(_NUMBER) or ""))
        except (ArithmeticError, ValueError) as error:
            raise self._fail("a number that is too large") from error

    def _call(self, name: str) -> Node:
        while self._take("::"):
            name = f"{name}::{self._word()}"
        self._expect("(")
        return self._inside(lambda: self._arguments(name), free=True)

    def _arguments(self, name: str) -> Node:
        found: list[Node] = []
        while not self._take(")"):
            found.append(self.expression())
            if self._take("..."):
                self._take(",")
                self._expect(")")
                return Call(name, tuple(found), spread=True)
            if not self._take(","):
                self._expect(")")
                break
        return Call(name, tuple(found), spread=False)

    def _steps(self, of: Node, *, splat: bool) -> Node:
        """Parse the rest of a traversal: attributes, indexes and splats. Only attributes may follow an
        attribute splat.
        """
        while True:
            sign = self._peek()
            if sign == "." and not self._text.startswith("...", self._at):
                self._at += 1
                if self._take("*"):
                    of = Splat(of, self._steps(Item(), splat=True))
                elif (places := self._match(_PLACES)) is not None:
                    for place in places.split("."):
                        of = Index(of, Literal(int(place)))
                else:
                    of = Attribute(of, self._word())
            elif sign == "[" and not splat:
                self._at += 1
                if self._inside(self._is_splat, free=True):
                    of = Splat(of, self._steps(Item(), splat=False))
                else:
                    of = Index(of, self._inside(self._key, free=True))
            else:
                return of

    def _is_splat(self) -> bool:
        start = self._at
        if self._take("*") and self._take("]"):
            return True
        self._at = start
        return False

    def _key(self) -> Node:
        found = self.expression()
        self._expect("]")
        return found

    def _tuple(self) -> Node:
        if (found := self._for("]")) is not None:
            return found
        items: list[Node] = []
        lines: list[int] = []
        while not self._take("]"):
            lines.append(self._line_here())
            items.append(self.expression())
            if not self._take(","):
                self._expect("]")
                break
        if len(items) > _FOLDED and all(isinstance(item, Literal) for item in items):
            return Literal(tuple(item.value for item in items if isinstance(item, Literal)))
        return TupleOf(tuple(items), tuple(lines))

    def _object(self) -> Node:
        self._blank()
        if (found := self._inside(lambda: self._for("}"), free=True)) is not None:
            return found
        items: list[tuple[Node, Node]] = []
        lines: list[int] = []
        while True:
            self._blank()
            if self._take("}"):
                return ObjectOf(tuple(items), tuple(lines))
            lines.append(self._line_here())
            items.append(self._field())
            if self._peek() not in (",", "\n", "}"):
                raise self._fail()
            self._take(",")

    def _field(self) -> tuple[Node, Node]:
        if self._peek() == "(":
            key = self.expression()
        elif isinstance(key := self.expression(), Name):
            key = Literal(key.name)
        elif isinstance(key, Literal) and not isinstance(key.value, str):
            key = Literal(_field_name(key.value))
        if not self._take("=") and not self._take(":"):
            raise self._fail()
        return key, self.expression()

    def _for(self, end: str) -> Node | None:
        start = self._at
        if self._match(_FOR) is None:
            return None
        key, value, of = self._loop()
        if not self._take(":"):
            self._at = start
            return None
        result = self.expression()
        key_result, grouped = None, False
        if end == "}":
            self._expect("=>")
            key_result, result = result, self.expression()
            grouped = self._take("...")
        condition = self.expression() if self._match(_IF) else None
        self._expect(end)
        return ForExpression(key, value, of, key_result, result, condition, grouped)

    def _loop(self) -> tuple[str, str, Node]:
        key, value = "", self._word()
        if self._take(","):
            key, value = value, self._word()
        if self._word() != "in":
            raise self._fail()
        return key, value, self.expression()

    # ---- templates ----

    def template_alone(self) -> Node:
        """Parse the whole text as a template."""
        parts: list[Any] = []
        while self._at < len(self._text):
            self._part(parts, _PLAIN_HEREDOC)
        return template(parts, self._fail)

    def _quoted(self) -> Node:
        self._at += 1
        parts: list[Any] = []
        while not self._text.startswith('"', self._at):
            if self._text.startswith("\\", self._at):
                parts.append(Text(self._escape()))
            elif self._at >= len(self._text) or self._text[self._at] == "\n":
                raise self._fail()
            else:
                self._part(parts, _PLAIN)
        self._at += 1
        return template(parts, self._fail)

    def _escape(self) -> str:
        sign = self._text[self._at + 1 : self._at + 2]
        if sign in _ESCAPES:
            self._at += 2
            return _ESCAPES[sign]
        match = _HEX.match(self._text, self._at + 1)
        if match is None:
            raise self._fail()
        self._at = match.end()
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise self._fail()
        return chr(code)

    def _part(self, parts: list[Any], plain: re.Pattern[str]) -> None:
        text, at = self._text, self._at
        if match := plain.match(text, at):
            self._at = match.end()
            parts.append(Text(match[0]))
        elif text.startswith(("$${", "%%{"), at):
            self._at += 3
            parts.append(Text(text[at] + "{"))
        elif text.startswith("${", at):
            self._sequence(parts, self.expression)
        elif text.startswith("%{", at):
            self._sequence(parts, self._directive)
        else:
            self._at += 1
            parts.append(Text(text[at]))

    def _sequence(self, parts: list[Any], read: Callable[[], Any]) -> None:
        self._at += 2
        if self._text.startswith("~", self._at):
            self._at += 1
            parts.append(Trim(before=True))

        def inner() -> Any:
            found = read()
            trimmed = self._take("~")
            self._skip()
            if not self._text.startswith("}", self._at):
                raise self._fail()
            self._at += 1
            return found, trimmed

        found, trimmed = self._inside(inner, free=True)
        parts.append(found)
        if trimmed:
            parts.append(Trim(before=False))

    def _directive(self) -> Directive:
        word = self._word()
        if word == "if":
            return Directive(word, of=self.expression())
        if word == "for":
            key, value, of = self._loop()
            return Directive(word, (key, value), of)
        if word in ("else", "endif", "endfor"):
            return Directive(word)
        raise self._fail()

    def _heredoc(self) -> Node:
        match = _HEREDOC.match(self._text, self._at)
        if match is None:
            raise self._fail()
        end = re.compile(rf"^[ \t]*{re.escape(match[2])}[ \t\r]*(?=\n|\Z)", re.MULTILINE).search(
            self._text, match.end()
        )
        if end is None:
            raise self._fail()
        parts: list[Any] = []
        inner = _Parser(self._text[: end.start()], self._first_line)
        inner._at, inner._depth = match.end(), self._depth
        inner._ends = self._ends
        while inner._at < end.start():
            inner._part(parts, _PLAIN_HEREDOC)
        self._at = end.end()
        return template(flush(parts) if match[1] else parts, self._fail, wrapped=False)


_PLACES = re.compile(r"\d{1,18}(?:\.\d{1,18})*")
_FOR = re.compile(r"for(?=\s)")
_IF = re.compile(r"if(?![\w-])")
_FOLDED = 1_000  # longer lists of literals become one literal


def _decimal(text: str) -> Any:
    if text.isdecimal() and len(text) < 1_000:
        return int(text)
    if len(text) > 1_000 or ("e" in text.lower() and abs(int(re.split("[eE]", text)[1])) > 1_000):
        raise ValueError
    return Decimal(text)


def _field_name(value: Any) -> str:
    return next((word for word, constant in _CONSTANTS.items() if constant is value), str(value))
