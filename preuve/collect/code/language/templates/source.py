"""Parses the text of a CloudFormation template, YAML or JSON, into plain values with line numbers.

Short tags become their functions: `!Sub x` is `{"Fn::Sub": "x"}`. Any other tag becomes an unsupported function, so
that its result is unknown. No tag is executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from preuve.collect.code.language.templates.yaml_size import too_large

FUNCTION = "Fn::"

_PLAIN_TAGS = frozenset({"Ref", "Condition"})  # short tags that stand for themselves
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 30  # characters; a longer number stays a text
_SCALARS = frozenset({"bool", "float", "int", "null", "str", "timestamp", "value"})
_TRUE = frozenset({"y", "yes", "true", "on"})
_NUMBER = re.compile(r"\[?(\d{1,9})\]?(?![^.\[])")
_END = re.compile(r"[.\[]")
_ENDS = ("", ".", "[")
_TOO_LARGE = "it grows or nests beyond the limit"
_STANDARD = "tag:yaml.org,2002:"


class TemplateError(Exception):
    """Why a text is no template: the defect, and its line (0 if that is not known)."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class TooLargeError(TemplateError):
    """A text that grows or nests beyond the limit."""


class Block(dict[str, Any]):
    """A mapping of a template, with its first and last line and the line of each key."""

    __slots__ = ("end", "line", "lines")

    def __init__(self, line: int = 0, end: int = 0) -> None:
        super().__init__()
        self.line = line
        self.end = end
        self.lines: dict[str, int] = {}

    def put(self, key: str, value: Any, line: int) -> None:
        """Set a key, with its line."""
        self[key] = value
        self.lines[key] = line


class Items(list[Any]):
    """A list of a template, with the line of each item."""

    __slots__ = ("lines",)

    def __init__(self, items: Iterable[Any] = (), lines: Iterable[int] = ()) -> None:
        super().__init__(items)
        self.lines = list(lines)


def parse(text: str) -> Any:
    """Parse a text; a template is a `Block`. Raises TemplateError if it cannot be read: the size is limited to what
    people write, however much its aliases expand to.
    """
    try:
        if _is_too_large(text):
            raise TooLargeError(_TOO_LARGE)
        return _Reader(text).value(_composed(text))
    except RecursionError:
        raise TooLargeError(_TOO_LARGE) from None


def _is_too_large(text: str) -> bool:
    """Return whether aliases make a text grow, or it nests without end; the parser reports syntax errors."""
    try:
        json.loads(text)  # it has no aliases
    except ValueError:
        pass
    else:
        return False
    try:
        return too_large(text)
    except yaml.YAMLError:
        return False


def place_of(template: Any, at: Iterable[str | int], steps: Iterable[str]) -> tuple[int, int]:
    """Return the first and last line of the part below `at`, by the names of the path to it (`way_to`)."""
    value: Any = template
    for step in at:
        there = step in value if isinstance(value, Block) else isinstance(step, int) and step < len(value)
        value = value[step] if there else None
    line = line_of(template, (*at, *way_into(value, "/".join(steps))))
    return line, line


def way_into(value: Any, path: str, other: Callable[[Any], str] = lambda _: "") -> tuple[str | int, ...]:
    """Return the steps that a path of names takes as far as it leads, and further into lists with one item."""
    way, _ = way_to(value, path, other)
    for step in way:
        value = value[step]
    while isinstance(value, list) and len(value) == 1:
        way, value = [*way, 0], value[0]
    return tuple(way)


def way_to(value: Any, path: str, other: Callable[[Any], str] = lambda _: "") -> tuple[list[str | int], str]:
    """Return the steps that a path of names takes, and the rest of it if nothing has the next name.

    The names of a path are joined by slashes or dots, and a name may itself contain these: the longest existing name
    counts. A list of one item has no number in a path. `other` is the member of a mapping that replaces a missing name.
    """
    rest = _as_path(path)
    way: list[str | int] = []
    while rest:
        at, end = _next(value, rest, other)
        if at is None:
            break
        way.append(at)
        value, rest = value[at], rest[end:].removeprefix(".") if end else rest
    return way, rest


def _next(value: Any, rest: str, other: Callable[[Any], str]) -> tuple[str | int | None, int]:
    """Return the next step of a path, and the position after it."""
    if isinstance(value, list):
        number = _NUMBER.match(rest)
        if number and int(number[1]) < len(value):
            return int(number[1]), number.end()
        return (0, 0) if len(value) == 1 else (None, 0)
    if not isinstance(value, dict):
        return None, 0
    fits = (name for name in value if rest.startswith(_as_path(name)) and rest[len(_as_path(name)) :][:1] in _ENDS)
    found = max(fits, key=len, default="")
    if found:
        return found, len(_as_path(found))
    end = _END.search(rest, 1)
    return other(value) or None, end.start() if end else len(rest)


def _as_path(name: str) -> str:
    return name.replace("/[", "[").replace("/", ".")


def line_of(template: Any, path: Iterable[str | int]) -> int:
    """Return the line of the value at a path; if a function makes it, that of the function.

    A missing step ends the path: the result is the line of the part that should contain it.
    """
    value, line = template, getattr(template, "line", 0)
    for step in path:
        if isinstance(value, Block) and step in value:
            line, value = value.lines.get(str(step), line), value[str(step)]
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value):
            line, value = value.lines[step] if step < len(value.lines) else line, value[step]
        else:
            break
    return line


def written_in_either(own: Any, common: Any, path: Iterable[str | int]) -> tuple[int, Any]:
    """Return the line as `line_of` does, and what is written there if the path leads to its end, of a value that is
    completed with what is set for all: a mapping with the entries that it lacks, a list with items before its own. The
    line is 0 if neither has the first step. A mapping counts as a list of one.
    """
    line = 0
    for step in path:
        at = step
        if step == 0 and isinstance(own or common, Block):
            continue
        if isinstance(own, list) and isinstance(common, list) and isinstance(step, int):
            own, common, at = (own, None, step - len(common)) if step >= len(common) else (common, None, step)
        holder = next((one for one in (own, common) if _has(one, at)), None)
        if holder is None:
            return line, None
        line = line_of(holder, (at,))
        own, common = holder[at], common[at] if holder is own and _has(common, at) else None
    return line, own


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, Block):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _composed(text: str) -> yaml.Node | None:
    """Return the nodes of the first document; JSON may be written in ways that YAML does not know."""
    try:
        return yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        if not text.lstrip("\ufeff \t\r\n").startswith("{"):
            raise _as_told(error) from None
        rewritten = _rewritten(text)
        if rewritten is None:
            raise _as_told(error) from None
    try:
        return yaml.compose(rewritten, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise _as_told(error) from None


def _rewritten(text: str) -> str | None:
    """Return JSON as YAML can read it: without tabs between values or halves of characters; None if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    without_tabs = text.lstrip("\ufeff").replace("\t", " ")
    try:
        yaml.compose(without_tabs, yaml.CSafeLoader)
    except yaml.YAMLError:  # the lines are lost, the values are not
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return without_tabs


def _as_told(error: yaml.YAMLError) -> TemplateError:
    """Return an error with its position alone; its message quotes the file and is left out."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return TemplateError("syntax error", mark.line + 1 if mark else 0)


class _Reader:
    """Turns nodes into values, each node once: an alias is the same value again."""

    def __init__(self, text: str) -> None:
        self._text = text.splitlines()
        self._known: dict[int, Any] = {}

    def value(self, node: yaml.Node | None) -> Any:
        if node is None:
            return None
        if id(node) not in self._known:
            self._known[id(node)] = self._value(node)
        return self._known[id(node)]

    def _value(self, node: yaml.Node) -> Any:
        tag = str(node.tag)
        if not tag.startswith(_STANDARD):
            return self._called(tag, node)
        kind = tag.removeprefix(_STANDARD)
        if isinstance(node, yaml.ScalarNode) and kind in _SCALARS:
            return _scalar(kind, str(node.value))
        plain = self._plain(node)
        return plain if kind in ("map", "seq") else self._wrapped(f"{FUNCTION}{kind}", plain, node)

    def _plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._block(node)
        if isinstance(node, yaml.SequenceNode):
            lines = [item.start_mark.line + 1 for item in node.value]
            return Items([self.value(item) for item in node.value], lines)
        return str(node.value)

    def _called(self, tag: str, node: yaml.Node) -> Block:
        name = tag.removeprefix("!")
        value = self._plain(node)
        if name == "GetAtt" and isinstance(value, str):
            value = Items(value.split(".", 1))
        return self._wrapped(name if name in _PLAIN_TAGS else f"{FUNCTION}{name}", value, node)

    def _wrapped(self, name: str, value: Any, node: yaml.Node) -> Block:
        block = Block(node.start_mark.line + 1, self._end(node))
        block.put(name, value, block.line)
        return block

    def _block(self, node: yaml.MappingNode) -> Block:
        block = Block(node.start_mark.line + 1, self._end(node))
        merged = []
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag == f"{_STANDARD}merge":
                merged.append(value)
            elif not isinstance(key, yaml.ScalarNode):
                raise TemplateError("a key that is no text", line)
            elif str(key.value) in block:
                raise TemplateError("a key that stands twice", line)
            else:
                block.put(str(key.value), self.value(value), line)
        for name, found, line in (entry for node_ in merged for entry in self._merged(node_)):
            if name not in block:
                block.put(name, found, line)
        return block

    def _merged(self, node: yaml.Node) -> Iterator[tuple[str, Any, int]]:
        for part in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            value = self.value(part)
            if not isinstance(value, Block):
                raise TemplateError("a merge key that leads to no mapping", part.start_mark.line + 1)
            yield from ((name, item, value.lines[name]) for name, item in value.items())

    def _end(self, node: yaml.Node) -> int:
        """Return the last line of a node. The parser's end of a block is the beginning of the next one."""
        mark = node.end_mark
        if getattr(node, "flow_style", None) or isinstance(node, yaml.ScalarNode):
            return int(mark.line) + 1
        last = mark.line + 1 if mark.line == len(self._text) - 1 and mark.column else mark.line
        while last > node.start_mark.line + 1 and self._is_empty(last):
            last -= 1
        return int(last)

    def _is_empty(self, line: int) -> bool:
        text = self._text[line - 1].lstrip() if line <= len(self._text) else ""
        return not text or text.startswith("#")


def _scalar(kind: str, text: str) -> Any:
    """Return a scalar by its tag. Numbers that are not plainly decimal, and dates, stay the text that was written."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind == "int" and _INTEGER.fullmatch(text) and len(text) < _LONGEST_NUMBER:
        return int(text)
    if kind == "float" and _FLOAT.fullmatch(text) and len(text) < _LONGEST_NUMBER:
        return float(text)
    return text
