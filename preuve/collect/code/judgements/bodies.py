"""The bodies of Terraform blocks in the shapes in which Checkov's parser leaves them, and which values are not known.

A block is a map in a list, its arguments each in a list of one: `{"ingress": [{"cidr_blocks": [["0.0.0.0/0"]]}]}`.
Blocks written as an argument are plain: `{"ingress": [[{"cidr_blocks": ["0.0.0.0/0"]}]]}`. What reads them through
these functions reads both alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preuve.collect.code.verdict.marks import MADE, OPAQUE, is_marked
from preuve.collect.code.verdict.verdict import told, unresolved

# An unknown part of a text.
PART = re.compile(rf"[{OPAQUE}{MADE}]\$\{{([^{{}}]*)\}}")
Body = Mapping[str, Any]


def single_value(value: Any) -> Any:
    """Return a value without the list of one that the parser puts around it."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def leaves(value: Any) -> Iterator[Any]:
    """Yield the items of nested lists; yield any other value itself."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def argument(body: Body, name: str) -> Any:
    """Return the value of an argument that is not a list; None if it is not set."""
    value = body.get(name)
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return None if value == [] else value


def listed(body: Body, name: str) -> list[Any]:
    """Return the items of an argument that is a list; none if it is not set."""
    value = single_value(body.get(name))
    return [] if value is None else list(leaves(value))


def is_set(body: Body, name: str) -> bool:
    """Return whether an argument is set and not null."""
    return name in body and body[name] not in (None, [None])


def blocks(body: Body, name: str) -> tuple[list[Body], list[Body], list[str]]:
    """Return the blocks of a name: those that surely exist, those that a loop may make, and marks for unknown ones."""
    surely, perhaps, hidden = list[Body](), list[Body](), list[str]()
    for item in leaves(body.get(name)):
        if isinstance(item, Mapping):
            surely.append(item)
        elif item is not None:
            hidden.append(cause(item))
    for loop in leaves(body.get("dynamic")):
        for made in leaves(loop[name]) if isinstance(loop, Mapping) and name in loop else ():
            written = leaves(made.get("content", made)) if isinstance(made, Mapping) else ()
            found = [item for item in written if isinstance(item, Mapping)]
            perhaps += found
            hidden += [] if found else [f"dynamic block: {name}"]
    return surely, perhaps, hidden


def not_known(leaf: Any) -> bool:
    """Return whether a leaf is a text that is unknown, in whole or in part."""
    return is_marked(leaf)


def cause(leaf: Any) -> str:
    """Return, for people, why a leaf does not answer: the reference that it is, or its type."""
    return told(unresolved(leaf)) or "a value of another type than expected"
