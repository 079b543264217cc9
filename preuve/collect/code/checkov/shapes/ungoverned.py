"""What `lifecycle { ignore_changes }` leaves to others: a block is made with what the code says there, and whatever
it has later stays. So a pass that rests on it is none; a failure is one as long as nobody mends it by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from preuve.collect.code.checkov.shapes.values import body_of
from preuve.collect.code.inputs.attributes import schema_of
from preuve.collect.code.language.hcl.blocks import Made, values_in
from preuve.collect.code.language.hcl.module import Content
from preuve.collect.code.language.hcl.references import ALL, ignored
from preuve.collect.code.language.values.value import Unknown, Value, sources_of
from preuve.collect.code.verdict.marks import OPEN, marked
from preuve.library.checked.code.known_types import table_of_blocks

LEFT = "left_"  # key of a block in the graph: the paths of what it leaves to others
_STEP = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')
_KEPT = frozenset({"lifecycle"})
_OF_NETWORKS = ("egress", "ingress")


class Ungoverned:
    """What the blocks of a root leave to others."""

    def __init__(self, blocks: Iterable[Made]) -> None:
        resources = [made for made in blocks if made.kind == "resource"]
        self._paths = {made.address: paths for made in resources if (paths := _paths(made))}
        wanted = {type_ for types in _separate().values() for type_ in types} if self._paths else set()
        self._named: dict[str, set[str]] = {type_: set() for type_ in wanted}
        for made in resources:
            if made.type in wanted:
                self._named[made.type] |= sources_of(values_in(made.content))
        leaving = [made for made in resources if made.address in self._paths]
        self._beside = {*self._paths, *sources_of(value for made in leaving for value in values_in(made.content))}

    def concerns(self, made: Made) -> bool:
        """Return whether a block leaves something to others, or one does that refers to it."""
        return made.address in self._beside

    def left(self, made: Made, content: Content) -> dict[str, Any]:
        """Return the body of a block in which what it leaves to others is not known."""
        paths = self._paths.get(made.address, ())
        if any(steps[0] == ALL for steps in paths):
            return {name: [marked(left_to_others(ALL))] for name in _all_names(made)} | {
                OPEN: marked(left_to_others(ALL))
            }
        for steps in paths:
            if self._is_left(made, content, steps[0]):
                content = _without(content, steps, steps[0])
        return body_of(content)

    def paths(self, made: Made) -> list[str]:
        """Return the paths of what a block leaves to others, as `tags.Owner`; ALL for everything."""
        return [
            ".".join(_names(steps))
            for steps in self._paths.get(made.address, ())
            if steps[0] == ALL or self._is_left(made, made.content, steps[0])
        ]

    def _is_left(self, made: Made, content: Content, name: str) -> bool:
        """Return whether a name is said in a block, or set nowhere else in the code."""
        said = name in content.arguments or name in content.blocks
        return said or not any(made.address in self._named[type_] for type_ in _separate().get((made.type, name), ()))


@cache
def _separate() -> Mapping[tuple[str, str], Sequence[str]]:
    """Return by type and argument the types of blocks that may set it instead."""
    table = table_of_blocks("separate")
    return {(type_, name): types for type_, names in table.items() for name, types in names.items()}


def left_to_others(name: str) -> Unknown:
    """Return what is there in place of what a block leaves to others."""
    return Unknown((f"{name} (ignore_changes leaves it to others)",))


def left_among(left: Iterable[str], read: Iterable[str]) -> str:
    """Return why what was read of a block is not known, if any of it is left to others; else ""."""
    seen = [_names(_steps(path.replace("/", "."))) for path in read]
    for path in left:
        steps = path.split(".")
        if path == ALL or any(one[: len(steps)] == steps[: len(one)] for one in seen):
            return left_to_others(path).causes[0]
    return ""


def _names(steps: Iterable[str]) -> list[str]:
    return [step for step in steps if not step.isdecimal()]


def _paths(made: Made) -> list[tuple[str, ...]]:
    return [steps for one in ignored(made.written.body) if (steps := tuple(_steps(one)))]


def _steps(path: str) -> Iterator[str]:
    return ("".join(filter(None, found)) for found in _STEP.findall(path))


def _all_names(made: Made) -> Iterator[str]:
    """Yield the names of all arguments that a block may have, as far as they are known."""
    yield from {*made.content.arguments, *made.content.blocks} - _KEPT
    yield from (name for name in schema_of(made.type).kinds if not name.startswith("."))
    yield from _OF_NETWORKS  # blocks, which are not in the table


def _without(content: Content, steps: tuple[str, ...], told: str) -> Content:
    """Return a block in which what a path leads to is not known."""
    name, rest = steps[0], steps[1:]
    place = int(rest[0]) if rest and rest[0].isdecimal() else None
    inside = rest if place is None else rest[1:]
    if inside and name in content.blocks:
        found = [
            (at, _without(one, inside, told) if place in (None, number) else one)
            for number, (at, one) in enumerate(content.blocks[name])
        ]
        return replace(content, blocks={**content.blocks, name: found})
    value = content.arguments.get(name)
    made: Value = left_to_others(told)
    if isinstance(value, dict) and len(rest) == 1:
        made = type(value)({**value, rest[0]: made})
    blocks = {label: found for label, found in content.blocks.items() if label != name}
    open_ = {label: why for label, why in content.open.items() if label != name}
    return replace(content, arguments={**content.arguments, name: made}, blocks=blocks, open=open_)
