"""Strict YAML with positions: a value that YAML 1.1 would guess (`NO`, `1.10`, dates) is an error that tells what to
write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from preuve.model.errors import ContentError, Position, Problem
from preuve.system.causes import cause

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "map", "seq", "timestamp", "value")
)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]{1,2})?")
_TRAP_LETTERS = frozenset("yYnNoOtTfF")
_TRAPS = (
    (re.compile(r"(?i)y|yes|n|no|on|off|TRUE|FALSE|True|False"), "a boolean for some YAML readers and text for others"),
    (re.compile(r"Null|NULL"), "nothing for some YAML readers and text for others"),
    (re.compile(r"[-+]?[0-9]{19,}"), "a number too large to be kept exactly"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?"), "a date for some YAML readers"),
    (re.compile(r"[-+]?0[0-9_]+|[-+]?0[xob].*"), "an octal, hexadecimal or binary number for some YAML readers"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a base-60 number for some YAML readers"),
    (
        re.compile(
            r"[-+]?[0-9]+_[0-9_]*|\+[0-9]+|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
        ),
        "an ambiguous number",
    ),
)
_UNALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED, _BLOCK = frozenset("'\"|>"), frozenset("|>")
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """Plain data, and the position of each part (key: path of keys and indexes)."""

    data: Any
    file: str
    positions: Mapping[Path_, Position]
    linted: bool = False  # unchanged since lint validated it
    examples: Callable[[], Document] | None = None  # a document with the examples alone, if the data lacks them

    def position(self, *path: str | int) -> Position:
        """Return the position of `path`, or of the nearest existing part above it."""
        for length in range(len(path), -1, -1):
            found = self.positions.get(path[:length])
            if found is not None:
                return found
        return Position(self.file, 1, 1)

    def key_position(self, *path: str | int) -> Position:
        """Return the position of a key, or of the nearest existing part above it."""
        return self.positions.get((*path, "=key")) or self.position(*path)

    def text_position(self, *path: str | int) -> Position:
        """Return the position of a text's first character: after its quote, or on the line below `|` or `>`."""
        return self.positions.get((*path, "=text")) or self.position(*path)


def load(path: Path, shown_as: str = "") -> Any:
    """Return the data of a YAML file, without positions."""
    return load_document(path, shown_as).data


def load_document(path: Path, shown_as: str = "") -> Document:
    """Read and parse a YAML file; every defect is a ContentError with file, line and column."""
    name = shown_as or str(path)
    raw = _bytes(path, name)
    try:
        return parse(raw.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(Position(name, line, 1), "is not UTF-8", "save the file as UTF-8") from error


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():  # a device or a pipe behind a link would never end
            raise _refused(
                Position(name), "is not a file", "it is a folder, a pipe or a link to nothing: put the file there"
            )
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(Position(name), f"cannot be read: {cause(error)}") from error
    if len(raw) > MAX_BYTES:
        raise _refused(Position(name), f"has more than the {MAX_BYTES} bytes that are read")
    return raw


def parse(text: str, name: str) -> Document:
    """Parse YAML text; `name` is the file's name in messages. ContentError with every defect and its place."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refused(_position(name, mark), *_defect(text, mark, str(error.problem))) from error
    except yaml.YAMLError as error:
        raise _refused(_unallowed(text, name), "a character is not allowed in YAML", "remove it") from error
    builder = _Builder(name, text)
    data = None if node is None else builder.build(node, (), 0)
    if builder.problems:
        raise ContentError(builder.problems)
    return Document(data, name, builder.positions)


def _defect(text: str, mark: Any, problem: str) -> Sequence[str]:
    """Return what is wrong with YAML that does not parse, and what to do."""
    line = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab begins the line", "indent with spaces"
    if problem.startswith("found character that cannot start any token"):
        return f"a value cannot begin with {line[mark.column : mark.column + 1]}", "quote the value"
    return next((ours for theirs, *ours in _DEFECTS if problem.startswith(theirs)), ["is not YAML", _LOOK])


_LOOK = "compare its indentation and quotes with the lines above"
# How an error of libyaml begins, preuve's words for it, and what to do.
_DEFECTS = (
    (
        "mapping values are not allowed",
        "a key cannot stand here",
        'quote a value that holds ": ", or mend the indentation',
    ),
    ("could not find expected ':'", "a colon is missing here", 'write "key: value"'),
    (
        "did not find expected key",
        "a key is missing here",
        "indent it like the keys above it, or close what is open there",
    ),
    (
        "did not find expected ',' or",
        "a comma or a bracket is missing here",
        "close the bracket, and quote values that hold brackets or commas",
    ),
    ("found unexpected end of stream", "the file ends too early", "close the quote"),
    ("did not find expected '-' indicator", "a hyphen (-) is missing here", _LOOK),
    ("did not find expected node content", "a value is missing here", _LOOK),
    ("block sequence entries are not allowed", "an item of a list cannot stand here", _LOOK),
    ("found unexpected document indicator", "a new document (---) cannot begin here", _LOOK),
    ("found unknown escape character", "this character cannot follow a backslash", "put the text in single quotes"),
    ("found undefined alias", "no anchor has this name", "write the value out"),
    ("found duplicate anchor", "two anchors have the same name", "write the value out"),
    ("exceeded maximum nesting depth", "is nested too deeply", "write fewer levels"),
    ("but found another document", "the file holds several documents", "keep one document in each file"),
)


def _unallowed(text: str, name: str) -> Position:
    """Return the place of the first character that YAML does not allow."""
    at = next((found.start() for found in _UNALLOWED.finditer(text)), 0)
    line_start = text.rfind("\n", 0, at) + 1
    return Position(name, text.count("\n", 0, at) + 1, at - line_start + 1)


def _position(name: str, mark: Any) -> Position:
    return Position(name, mark.line + 1, mark.column + 1) if mark else Position(name, 1, 1)


def _refused(position: Position, message: str, hint: str = "") -> ContentError:
    return ContentError([Problem(position, message, hint)])


class _Builder:
    """Turns a node tree into plain data and collects positions and problems."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        self.positions: dict[Path_, Position] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path_, depth: int) -> Any:
        position = self.positions[path] = _position(self.name, node.start_mark)
        if self._is_alias(node, position):
            return None
        if depth > MAX_DEPTH:
            return self._refuse(position, f"is nested deeper than {MAX_DEPTH} levels")
        if node.tag not in _CORE_TAGS:
            return self._refuse(position, f"the tag {node.tag!r} is not read", "remove the tag")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.style in _QUOTED:
            self.positions[(*path, "=text")] = self._text_position(node, position)
        return self._scalar(node, position)

    def _text_position(self, node: yaml.ScalarNode, position: Position) -> Position:
        if node.style not in _BLOCK:
            return Position(self.name, position.line, position.column + 1)
        below = self.lines[position.line] if position.line < len(self.lines) else ""
        return Position(self.name, position.line + 1, len(below) - len(below.lstrip()) + 1)

    def _is_alias(self, node: yaml.Node, position: Position) -> bool:
        if id(node) in self._seen:
            self._refuse(position, "anchors and aliases are not read", "write the value out")
            return True
        self._seen.add(id(node))
        return False

    def _mapping(self, node: yaml.MappingNode, path: Path_, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            position = _position(self.name, key_node.start_mark)
            key = self._key(key_node, position)
            if key in result:
                self._refuse(position, f"the key {key!r} appears twice", "keep one of the two")
            result[key] = self.build(value_node, (*path, key), depth + 1)
            self.positions[(*path, key, "=key")] = position
        return result

    def _key(self, node: yaml.Node, position: Position) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(position, "a key must be text")
            return ""
        self._is_alias(node, position)
        if node.tag == "tag:yaml.org,2002:merge":
            self._refuse(position, "merge keys are not read", "write the values out")
        elif node.tag not in _CORE_TAGS:
            self._refuse(position, f"the tag {node.tag!r} is not read", "remove the tag")
        value = self._scalar(node, position)
        if not isinstance(value, str):
            self._refuse(position, f"the key {node.value!r} is not text", f'write "{node.value}"')
        return str(node.value)

    def _scalar(self, node: Any, position: Position) -> Any:
        text: str = node.value
        if node.style in _QUOTED:
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and not text.endswith("0"):
            return float(text)
        may_be_trap = not text[0].isalpha() or text[0] in _TRAP_LETTERS  # a quick test: most texts cannot be misread
        trap = may_be_trap and any(pattern.fullmatch(text) for pattern, _ in _TRAPS)
        return self._refuse_trap(position, text) if trap else text

    def _refuse_trap(self, position: Position, text: str) -> str:
        why = next((why for pattern, why in _TRAPS if pattern.fullmatch(text)), "not plain text")
        self._refuse(position, f"{text} is {why}", f'write "{text}" for text, or true, false or a plain number')
        return text

    def _refuse(self, position: Position, message: str, hint: str = "") -> None:
        self.problems.append(Problem(position, message, hint))
