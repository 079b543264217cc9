"""Parses Terraform's JSON syntax (`*.tf.json`) into the same tree. Texts are templates; the place of a block gives
its kind.

Inside a resource, JSON does not distinguish a block from an argument that is a map. An object or a list of objects
is taken for blocks, except for arguments that are known to be maps.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from preuve.collect.code.language.hcl.code import LABELS
from preuve.collect.code.language.hcl.syntax.nodes import (
    Argument,
    Block,
    Body,
    Literal,
    Node,
    NotHclError,
    ObjectOf,
    TupleOf,
)
from preuve.collect.code.language.hcl.syntax.parser import parse_expression, parse_template
from preuve.collect.code.language.values.value import composed, number

_LABELS = {**LABELS, "check": 1}
_MAPS = re.compile(
    r"(^|_)(tags|tags_all|variables|labels|parameters|options|attributes|triggers|vars|providers|mapping|for_each)$"
)
# Texts that are expressions, by the kind of the block at the top; everywhere else a text is a template.
_EXPRESSIONS = {"variable": "type", "resource": "provider", "data": "provider", "dynamic": "iterator"}
_DEEPEST = 100
_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_ATOM = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


@dataclass(frozen=True, slots=True)
class _Object:
    """An object with the line of each name."""

    items: tuple[tuple[str, int, Any], ...]


@dataclass(frozen=True, slots=True)
class _Array:
    """An array with the line of each item."""

    items: tuple[tuple[int, Any], ...]


def parse_json(text: str) -> Body:
    """Return the body of a file: an object, or an array of objects. Raises NotHclError for anything else."""
    blocks: list[Block] = []
    for kind, line, value in (item for top in _objects(_Json(text).whole(), 1) for item in _named(top)):
        if kind == "locals":
            blocks += (Block(kind, (), _arguments(part), line, line) for part in _objects(value, line))
        else:
            blocks += _blocks(kind, _LABELS.get(kind, 0), value, line)
    return Body({}, tuple(blocks))


def parse_json_variables(text: str) -> dict[str, Argument]:
    """Parse a `*.tfvars.json` file, in which no text is a template. Raises NotHclError if it holds no object."""
    top = _Json(text).whole()
    if not isinstance(top, _Object):
        raise NotHclError(1, "no object")
    return {
        name: Argument(name, _node(value, line, template=False), line, _last_line(value, line))
        for name, line, value in _named(top)
    }


def _named(value: _Object) -> Iterator[tuple[str, int, Any]]:
    return (item for item in value.items if item[0] != "//")  # a comment


def _objects(value: Any, line: int) -> Iterator[_Object]:
    """Yield an object, or the objects of an array. Raises NotHclError for anything else."""
    for item in [part for _, part in value.items] if isinstance(value, _Array) else [value]:
        if not isinstance(item, _Object):
            raise NotHclError(line, "no object")
        yield item


def _blocks(kind: str, labels: int, value: Any, line: int, above: tuple[str, ...] = ()) -> Iterator[Block]:
    for item in _objects(value, line):
        if len(above) == labels:
            yield Block(kind, above, _body(item, kind if above else "", above[:1]), line, _last_line(item, line))
        else:
            for name, at, inner in _named(item):
                yield from _blocks(kind, labels, inner, at, (*above, name))


def _last_line(value: Any, line: int) -> int:
    if isinstance(value, _Object):
        return max([line, *(_last_line(item, at) for _, at, item in value.items)])
    if isinstance(value, _Array):
        return max([line, *(_last_line(item, at) for at, item in value.items)])
    return line


def _arguments(value: _Object) -> Body:
    return Body({name: _argument(name, line, item) for name, line, item in _named(value)}, ())


def _argument(name: str, line: int, value: Any) -> Argument:
    return Argument(name, _node(value, line), line, _last_line(value, line))


def _body(value: _Object, kind: str, type_: tuple[str, ...] = ()) -> Body:
    """Return the body of a block; `kind` is that of a block with labels, so that no nested block counts as one."""
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for name, line, item in _named(value):
        if name == "dynamic" and kind != "variable":
            blocks += _blocks("dynamic", 1, item, line)
        elif (kind, name) == ("check", "data"):
            blocks += _blocks(name, _LABELS[name], item, line)
        elif name == _EXPRESSIONS.get(kind) and isinstance(item, str):
            arguments[name] = Argument(name, _expression(item, line), line, line)
        elif kind in _PLAIN or _MAPS.search(name) or (*type_, name) in _VALUES or not _holds_objects(item):
            arguments[name] = _argument(name, line, item)
        else:
            blocks += _blocks(name, 0, item, line)
    return Body(arguments, tuple(blocks))


_PLAIN = frozenset({"variable", "output", "module"})  # kinds whose objects are values
_VALUES = frozenset({("terraform_data", "input"), ("terraform_data", "triggers_replace")})  # of any type


def _holds_objects(value: Any) -> bool:
    if isinstance(value, _Array):
        return bool(value.items) and all(isinstance(item, _Object) for _, item in value.items)
    return isinstance(value, _Object)


def _expression(text: str, line: int) -> Node:
    inner = text[2:-1] if text.startswith("${") and text.endswith("}") else text
    try:
        return parse_expression(inner)
    except NotHclError as error:
        raise NotHclError(line, str(error)) from error


def _node(value: Any, line: int, *, template: bool = True) -> Node:
    if isinstance(value, str):
        return parse_template(value, line) if template else Literal(composed(value))
    if isinstance(value, _Object):
        return ObjectOf(
            tuple((parse_template(name, at), _node(item, at, template=template)) for name, at, item in value.items),
            tuple(at for _, at, _ in value.items),
        )
    if isinstance(value, _Array):
        return TupleOf(
            tuple(_node(item, at, template=template) for at, item in value.items), tuple(at for at, _ in value.items)
        )
    return Literal(value)


class _Json:
    """A JSON parser that keeps lines. A name that occurs twice is kept twice: Terraform merges blocks of one name."""

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("\ufeff")
        self._at = 0
        self._depth = 0
        self._ends = [match.start() for match in re.finditer("\n", self._text)]

    def whole(self) -> Any:
        """Return the value of the whole text. Raises NotHclError for anything after it."""
        found = self._value()
        if self._peek():
            raise self._fail()
        return found

    def _line(self) -> int:
        self._peek()
        return bisect_right(self._ends, self._at - 1) + 1

    def _fail(self) -> NotHclError:
        return NotHclError(self._line(), "syntax error")

    def _peek(self) -> str:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> bool:
        if self._peek() == sign:
            self._at += 1
            return True
        return False

    def _string(self) -> str:
        self._peek()
        match = _TEXT.match(self._text, self._at)
        if match is None:
            raise self._fail()
        self._at = match.end()
        try:
            found = str(json.loads(match[0]))
            found.encode()
        except ValueError as error:
            raise self._fail() from error
        return found

    def _value(self) -> Any:
        sign = self._peek()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fail()
        try:
            if sign == "{":
                return self._object()
            if sign == "[":
                return self._array()
            return self._string() if sign == '"' else self._atom()
        finally:
            self._depth -= 1

    def _atom(self) -> Any:
        match = _ATOM.match(self._text, self._at)
        if match is None or len(match[0]) > 400:
            raise self._fail()
        self._at = match.end()
        found = json.loads(match[0], parse_float=lambda text: text)
        return number(Decimal(found)) if isinstance(found, str) else found

    def _object(self) -> _Object:
        self._at += 1
        items: list[tuple[str, int, Any]] = []
        while not self._take("}"):
            line, name = self._line(), self._string()
            if not self._take(":"):
                raise self._fail()
            items.append((composed(name), line, self._value()))
            if not self._take(",") and self._peek() != "}":
                raise self._fail()
        return _Object(tuple(items))

    def _array(self) -> _Array:
        self._at += 1
        items: list[tuple[int, Any]] = []
        while not self._take("]"):
            items.append((self._line(), self._value()))
            if not self._take(",") and self._peek() != "]":
                raise self._fail()
        return _Array(tuple(items))
