"""The syntax tree of HCL.

Expressions keep their parentheses, which change the meaning, and their first line. A tree has many nodes: they are
structs because dataclasses take more time and memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct


class NotHclError(Exception):
    """A text that is not HCL, with the line of the error."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


# ---- expressions ----------------------------------------------------------------------------------------------------


class Literal(Struct, frozen=True):
    """A literal value."""

    value: Any


class Name(Struct, frozen=True):
    """The first name of a traversal: `var`, `aws_s3_bucket`, or a name of a `for` expression."""

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
    """`of[*]` or `of.*`; `each` is the rest of the traversal, applied to `Item`."""

    of: Node
    each: Node


class Item(Struct, frozen=True):
    """The current element of the nearest splat."""


class Call(Struct, frozen=True):
    """A call of a function; `spread` if the last argument ends in `...`."""

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
    """A sequence of texts, expressions and directives."""

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
    """`name = expression`. `override` is the override file that contains it; "" for the file of its block."""

    name: str
    value: Node
    line: int
    end_line: int
    override: str = ""


class Block(Struct, frozen=True):
    """`kind "label" { … }`. `override` is the override file that contains it; "" for the file of its parent."""

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
    """Return an expression without a template that only wraps it: `of` of `"${of}"`."""
    while isinstance(node, Interpolation):
        node = node.of
    return node


def parts_in(node: Any) -> Sequence[Any]:
    """Return the direct parts of an expression, or of a list of expressions."""
    return node if isinstance(node, tuple | list) else [getattr(node, name) for name in getattr(node, "__slots__", ())]


def all_in(node: Any) -> Iterator[Any]:
    """Yield an expression and all its parts, parents first."""
    waiting = deque([node])
    while waiting:
        item = waiting.popleft()
        yield item
        waiting += parts_in(item)


def first_node(node: Node) -> Node:
    """Return the first node of a traversal: `options` of `options[*].password`."""
    while isinstance(node, Attribute | Index | Splat):
        node = node.of
    return node
