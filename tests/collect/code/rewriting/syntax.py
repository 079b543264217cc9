"""The part of Terraform's language that the examples are written in, as trees that can be changed and written again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

# ---- expressions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """A quoted text without interpolation; `source` is the text between the quotes."""

    source: str

    @property
    def value(self) -> str:
        """Return its text."""
        plain = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1]) or chr(int(match[1][1:], 16)), self.source)
        return plain.replace("$${", "${").replace("%%{", "%{")


@dataclass(frozen=True)
class Number:
    """A number as it is written."""

    source: str


@dataclass(frozen=True)
class Bool:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True)
class Tuple:
    """`[…]`"""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Object:
    """`{…}`; keys as they are written."""

    members: tuple[tuple[str, Expr], ...]

    @property
    def plain(self) -> dict[str, Expr]:
        """The members by their names."""
        return {key_text(key): value for key, value in self.members}


@dataclass(frozen=True)
class Call:
    """A call of a function."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Raw:
    """Any other expression, as it is written."""

    source: str


Expr: TypeAlias = "Text | Number | Bool | Tuple | Object | Call | Raw"

NULL = Raw("null")
_ESCAPE = re.compile(r"\\(n|r|t|\"|\\|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NAME = re.compile(r"[A-Za-z_][\w-]*")


def key_text(key: str) -> str:
    """Return the name that a key of an object means."""
    return Text(key[1:-1]).value if key.startswith('"') else key


def quoted(text: str) -> str:
    """A text as a quoted literal."""
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """Return a text in the form that it has between quotes."""
    plain = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return plain.replace("${", "$${").replace("%{", "%%{")


def key(name: str) -> str:
    """A name as the key of an object."""
    return name if _NAME.fullmatch(name) else quoted(name)


# ---- bodies -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attribute:
    """`name = value`"""

    name: str
    value: Expr


@dataclass(frozen=True)
class Block:
    """`kind "label" { … }`; `failed` if the example marks it."""

    kind: str
    labels: tuple[str, ...]
    items: tuple[Item, ...]
    failed: bool = False

    @property
    def address(self) -> str:
        """The address of a block at the top; of a provider with its alias."""
        if self.kind == "provider":
            alias = self.attributes.get("alias")
            return f"provider.{self.labels[0]}.{alias.value if isinstance(alias, Text) else 'default'}"
        return ".".join(self.labels if self.kind == "resource" else (self.kind, *self.labels))

    @property
    def attributes(self) -> dict[str, Expr]:
        """The values of its own attributes."""
        return {item.name: item.value for item in self.items if isinstance(item, Attribute)}

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in it."""
        return tuple(item for item in self.items if isinstance(item, Block))

    def holding(self, *items: Item) -> Block:
        """The same block with these items in place of its own."""
        return replace(self, items=items)

    def adding(self, *items: Item) -> Block:
        """The same block with more items at its end."""
        return replace(self, items=(*self.items, *items))

    def without(self, *names: str) -> Block:
        """The same block without what has one of these names."""
        return replace(self, items=tuple(item for item in self.items if name_of(item) not in names))


Item: TypeAlias = "Attribute | Block"


def name_of(item: Item) -> str:
    """The name of an attribute or the type of a block."""
    return item.name if isinstance(item, Attribute) else item.kind


# ---- reading ------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+)|(?P<newline>\n)|(?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\])*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*(?:::[\w-]+)*)
    |(?P<sign>==|!=|<=|>=|=>|&&|\|\||\.\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Token:
    """A piece of text: its kind, its beginning and its end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a text without heredocs, spaces and comments among them."""
    for match in _TOKEN.finditer(text):
        yield Token(str(match.lastgroup), match[0], match.start(), match.end())


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [token for token in tokens(text) if token.kind != "space"]
        self._at = 0

    def blocks(self) -> Iterator[Block]:
        """The blocks of a file; a mark is at the end of the first line, or the line before."""
        marked = False
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "name":
                yield self._block(marked)
                marked = False
                continue
            marked = marked or token.text == "# FAILED"
            self._at += 1

    def _block(self, marked: bool) -> Block:
        kind, labels = self._take().text, []
        while (token := self._take()).text != "{":
            labels.append(token.text.strip('"'))
        beside = self._tokens[self._at]
        items: list[Item] = []
        while True:
            self._skip()
            if self._tokens[self._at].text == "}":
                self._at += 1
                return Block(kind, tuple(labels), tuple(items), marked or beside.text == "# FAILED")
            if self._tokens[self._at + 1].text == "=":
                name = self._take().text
                self._at += 1
                items.append(Attribute(name, self._expression()))
            else:
                items.append(self._block(False))

    def _expression(self) -> Expr:
        begin = self._at
        simple = self._simple()
        if simple is not None and self._ends():
            return simple
        self._at = begin
        return self._raw()

    def _ends(self) -> bool:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token is None or token.kind in ("newline", "comment") or token.text in ",)]}"

    def _simple(self) -> Expr | None:
        token = self._take()
        match token:
            case Token("text"):
                return None if re.search(r"(?<!\$)\$\{|(?<!%)%\{", token.text) else Text(token.text[1:-1])
            case Token("number"):
                return Number(token.text)
            case Token(text="true" | "false"):
                return Bool(token.text == "true")
        return self._composed(token)

    def _composed(self, token: Token) -> Expr | None:
        if token.text == "[":
            return Tuple(tuple(self._several("]")))
        if token.text == "{":
            return self._object()
        if token.kind == "name" and self._tokens[self._at].text == "(":
            self._at += 1
            return Call(token.text, tuple(self._several(")")))
        return None

    def _several(self, end: str) -> Iterator[Expr]:
        self._skip(",")
        while self._tokens[self._at].text != end:
            yield self._expression()
            self._skip(",")
        self._at += 1

    def _object(self) -> Object | None:
        members = []
        self._skip(",")
        while self._tokens[self._at].text != "}":
            name = self._take()
            if name.kind not in ("name", "text") or self._take().text not in ("=", ":"):
                return None
            members.append((name.text, self._expression()))
            self._skip(",")
        self._at += 1
        return Object(tuple(members))

    def _raw(self) -> Raw:
        begin, depth = self._tokens[self._at].start, 0
        while depth or not self._ends():
            text = self._take().text
            depth += (text in _OPEN) - (text in _CLOSE)
        return Raw(self._text[begin : self._tokens[self._at - 1].end])

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _skip(self, also: str = "") -> None:
        while self._tokens[self._at].kind in ("newline", "comment") or self._tokens[self._at].text == (also or "\n"):
            self._at += 1


def read(text: str) -> tuple[Block, ...]:
    """The blocks of a file."""
    return tuple(_Reader(text).blocks())


# ---- writing ------------------------------------------------------------------------------------------------------


def show(value: Expr) -> str:
    """Return an expression on one line, as far as its content allows that."""
    match value:
        case Text():
            return f'"{value.source}"'
        case Bool():
            return "true" if value.value else "false"
        case Tuple():
            return f"[{', '.join(map(show, value.items))}]"
        case Object():
            return "{ " + ", ".join(f"{name} = {show(item)}" for name, item in value.members) + " }"
        case Call():
            return f"{value.name}({', '.join(map(show, value.arguments))})"
    return value.source


def show_block(block: Block, indent: str = "") -> str:
    """A block with its lines; what is marked is not, so that no comment is in the way."""
    head = " ".join([block.kind, *(f'"{label}"' for label in block.labels), "{"])
    inner = indent + "  "
    lines = [
        f"{inner}{item.name} = {show(item.value)}" if isinstance(item, Attribute) else show_block(item, inner)
        for item in block.items
    ]
    return "\n".join([f"{indent}{head}", *lines, f"{indent}}}"])


def show_all(blocks: tuple[Block, ...]) -> str:
    """The text of a file."""
    return "\n\n".join(map(show_block, blocks)) + "\n"


# ---- changing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """The place of an expression. `typed` if a provider defines its type, which is not so in an
    argument of a function.
    """

    typed: bool = True


Change = Callable[[Expr, Site], "Expr | None"]  # None: look at the parts

_META = {
    "resource": {"provider", "depends_on", "count", "for_each", "lifecycle", "provisioner", "connection"},
    "data": {"provider", "depends_on", "count", "for_each", "lifecycle"},
    "provider": {"alias", "version"},
}


def changed(block: Block, change: Change) -> Block:
    """A block at the top with some of its values changed; those that Terraform wants as they are stay."""
    if block.kind not in _META:
        return block
    kept = _META[block.kind]
    return block.holding(*(item if name_of(item) in kept else _changed_item(item, change) for item in block.items))


def _changed_item(item: Item, change: Change) -> Item:
    if isinstance(item, Attribute):
        return replace(item, value=changed_value(item.value, change, Site()))
    return item.holding(*(_changed_item(inner, change) for inner in item.items))


def changed_value(value: Expr, change: Change, site: Site) -> Expr:
    """An expression with some of its parts changed."""
    made = change(value, site)
    if made is not None:
        return made
    match value:
        case Tuple():
            return Tuple(tuple(changed_value(item, change, site) for item in value.items))
        case Object():
            return Object(tuple((name, changed_value(item, change, site)) for name, item in value.members))
        case Call():
            inner = Site(typed=False)
            return Call(value.name, tuple(changed_value(item, change, inner) for item in value.arguments))
    return value


def otherwise(value: Expr, site: Site) -> Expr | None:
    """Another value of the same type in place of a literal."""
    match value:
        case Text():
            return Text("other")
        case Bool():
            return Bool(not value.value)
        case Number():
            return Number("7")
    return None


def renamed(block: Block, old: str, new: str) -> Block:
    """A block in which references to one address are references to another."""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w-])")

    def rename(value: Expr, site: Site) -> Expr | None:
        return Raw(pattern.sub(new, value.source)) if isinstance(value, Raw) else None

    return block.holding(*(_changed_item(item, rename) for item in block.items))
