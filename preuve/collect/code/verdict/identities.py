"""The names of the resources that blocks create: a line of the snapshot for each block.

Only a known text counts as a name. A partly unknown name is left out, so that nothing in the account is matched by
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from preuve.collect.code.job import Line
from preuve.collect.code.language.values.value import Value, owner_of

_LONGEST = 2048  # characters of an ARN or URL
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]+")


@dataclass(frozen=True)
class Block:
    """A block that creates a resource or a part of one, with the name that it gives (`identity`)."""

    address: str
    type: str
    file: str
    line: int
    end_line: int
    identity: Mapping[str, str]
    optional: bool = False  # a condition of its template may leave it out


def identity(value: Value, region: Value = None) -> dict[str, str]:
    """Return what a naming argument says: `name` or `arn` if known, with the `region`; or `of`, the address of the
    resource that a part belongs to.
    """
    found = {"region": str(region)} if isinstance(region, str) and _REGION.fullmatch(region) else {}
    if isinstance(value, str) and 0 < len(value) <= _LONGEST:
        found["arn" if value.startswith("arn:") else "name"] = str(value)
    owner = owner_of(value)
    return {**found, "of": owner} if owner else found


def agreed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield each block once, with what all runs of a root agree on."""
    found: dict[tuple[str, str], Block] = {}
    for block in blocks:
        key = (block.file, block.address)
        found[key] = _alike(found[key], block) if key in found else block
    yield from found.values()


def _alike(one: Block, other: Block) -> Block:
    both = one.identity.items() & other.identity.items()
    return replace(one, identity={name: value for name, value in one.identity.items() if (name, value) in both})


def block_lines(blocks: Iterable[Block], root: str) -> Iterator[Line]:
    """Yield the lines of the snapshot for some blocks of a root."""
    for block in blocks:
        yield {
            "kind": "block",
            "root": root,
            "address": block.address,
            "type": block.type,
            "file": block.file,
            "line": block.line,
            "end_line": block.end_line,
            "identity": dict(block.identity),
            **({"optional": True} if block.optional else {}),
        }
