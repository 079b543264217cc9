"""The tree that a text in HCL is read into.

Expressions keep their parentheses, since these decide what an expression means, and the line on which they begin.
A tree has many nodes: they are structs, which take less time and memory than dataclasses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct


class NotHclError(Exception):
    """A text that is not HCL, with the line on which that is seen."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


# ---- expressions ----------------------------------------------------------------------------------------------------


class Literal(Struct, frozen=True):
    """A value that is written out."""

    value: Any


class Name(Struct, frozen=True):
    """The first name of a traversal: `var`, `aws_s3_bucket`, or a name that a `for` gives."""

    name: str


class Attribute(Struct, frozen=True):
    """`of.name`."""

    of: Node
    name: str


class Index(Struct, frozen=True):
    """`of[key]`."""

    of: Node
    key: Node


class Splat(Struct, frozen=True):
    """`of[*]` or `of.*`; `each` is what follows, over `Item`."""

    of: Node
    each: Node


class Item(Struct, frozen=True):
    """The element at hand of the nearest splat."""


class Call(Struct, frozen=True):
    """A call of a function; `spread` where the last argument ends in `...`."""

    name: str
    arguments: tuple[Node, ...]
    spread: bool


class Conditional(Struct, frozen=True):
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node


class Binary(Struct, frozen=True):
    """An operator between two operands."""

    operator: str
    left: Node
    right: Node


class Unary(Struct, frozen=True):
    """`!operand` or `-operand`."""

    operator: str
    operand: Node


class TupleOf(Struct, frozen=True):
    """`[a, b]`, with the line of each item."""

    items: tuple[Node, ...]
    lines: tuple[int, ...]


class ObjectOf(Struct, frozen=True):
    """`{a = b}`: keys are expressions; a bare name is a `Literal`."""

    items: tuple[tuple[Node, Node], ...]
    lines: tuple[int, ...]


class ForExpression(Struct, frozen=True):
    """`[for key, value in of : result if condition]`; with `key_result`, an object."""

    key: str
    value: str
    of: Node
    key_result: Node | None
    result: Node
    condition: Node | None
    grouped: bool


class Template(Struct, frozen=True):
    """Texts, expressions and directives, one after the other."""

    parts: tuple[Node, ...]


class Interpolation(Struct, frozen=True):
    """`"${of}"`: the value of its expression, whatever its type."""

    of: Node


class TemplateIf(Struct, frozen=True):
    """`%{ if condition }yes%{ else }no%{ endif }`."""

    condition: Node
    yes: Node
    no: Node


class TemplateFor(Struct, frozen=True):
    """`%{ for key, value in of }body%{ endfor }`."""

    key: str
    value: str
    of: Node
    body: Node


Node = (
    Literal
    | Name
    | Attribute
    | Index
    | Splat
    | Item
    | Call
    | Conditional
    | Binary
    | Unary
    | TupleOf
    | ObjectOf
    | ForExpression
    | Template
    | Interpolation
    | TemplateIf
    | TemplateFor
)


# ---- bodies ---------------------------------------------------------------------------------------------------------


class Argument(Struct, frozen=True):
    """`name = expression`. `override` is the override file in which it stands; "" in the file of its block."""

    name: str
    value: Node
    line: int
    end_line: int
    override: str = ""


class Block(Struct, frozen=True):
    """`kind "label" { … }`. `override` is the override file in which it stands; "" in the file of what holds it."""

    kind: str
    labels: tuple[str, ...]
    body: Body
    line: int
    end_line: int
    override: str = ""


class Body(Struct, frozen=True):
    """The arguments and blocks of a file or of a block."""

    arguments: dict[str, Argument]
    blocks: tuple[Block, ...]


def unwrapped(node: Node) -> Node:
    """Return an expression without the text around it that only holds it: `of` of `"${of}"`."""
    while isinstance(node, Interpolation):
        node = node.of
    return node


def parts_in(node: Any) -> Sequence[Any]:
    """Return what an expression, or a list of some, is made of."""
    return node if isinstance(node, tuple | list) else [getattr(node, name) for name in getattr(node, "__slots__", ())]


def all_in(node: Any) -> Iterator[Any]:
    """Yield an expression and all its parts, whole ones first."""
    waiting = deque([node])
    while waiting:
        item = waiting.popleft()
        yield item
        waiting += parts_in(item)
