"""The effect of `lifecycle { ignore_changes }`: a block is made with the values in the code, and later changes of the
ignored parts by others stay. So a pass that depends on such a part does not count; a failure counts as long as nobody
corrects it by hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from preuve.collect.code.checkov.shapes.values import body_of
from preuve.collect.code.inputs.attributes import schema_of
from preuve.collect.code.judgements.relations.neighbours import is_made_with
from preuve.collect.code.language.hcl.blocks import BlockInstance, values_in
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.references import ALL, ignored
from preuve.collect.code.language.values.value import IgnoredValue, Unknown, Value, owner_of, sources_of
from preuve.collect.code.verdict.marks import OPEN, marked
from preuve.collect.code.verdict.tags import Tags
from preuve.collect.code.verdict.verdict import UNRESOLVED
from preuve.library.validation.code.known_types import table_of_blocks

SOME_LEFT = UNRESOLVED + "what ignore_changes leaves to others"
LEFT = "left_"  # key of a block in the graph: the paths of what it leaves to others
_STEP = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)')
_KEPT = frozenset({"lifecycle"})
_BY = "by"
_EVERYTHING = ("*",)  # in the syntax of older versions of Terraform
_ALL_TAGS = frozenset({ALL, "tag"})  # `tag`: the blocks of an Auto Scaling group
_WHOLE_TAGS = frozenset({("tags",), ("tags_all",)})
_OF_NETWORKS = ("egress", "ingress")


class IgnoredChanges:
    """The parts that the blocks of a root leave to others."""

    def __init__(self, blocks: Iterable[BlockInstance]) -> None:
        resources = [made for made in blocks if made.kind == "resource"]
        self._paths = {made.address: paths for made in resources if (paths := _paths(made))}
        leaving = [made for made in resources if made.address in self._paths]
        self._types = {made.type for made in leaving}
        self._beside = {*self._paths, *sources_of(value for made in leaving for value in values_in(made.content))}
        # The settings in separate blocks, by the address of their owner and the argument.
        self._set_apart: dict[tuple[str, str], list[BlockInstance]] = defaultdict(list)
        for made in resources if leaving else ():
            for name, said in _separate().get(made.type, ()):
                if all(made.content.arguments.get(key) == text for key, text in said.items() if key != _BY):
                    self._set_apart[owner_of(made.content.arguments.get(said[_BY])), name].append(made)

    def __bool__(self) -> bool:
        """Return whether any block leaves something to others."""
        return bool(self._paths)

    def concerns(self, made: BlockInstance, looked_at: Iterable[str] = ()) -> bool:
        """Return whether a block leaves something to others, or one does that refers to it or is of a type that was
        looked at.
        """
        return made.address in self._beside or not self._types.isdisjoint(looked_at)

    def governed(self, made: BlockInstance, content: Content) -> Content:
        """Return the content of a block in which the parts that it leaves to others are not known."""
        paths = self._paths.get(made.address, ())
        if self._is_left_whole(made):
            said = content.arguments
            return Content(content.body, {name: left_to_others(ALL, said.get(name)) for name in _all_names(made)})
        for steps in paths:
            if self._is_left(made, content, steps[0]):
                content = _without(content, steps, steps[0])
        return content

    def left(self, made: BlockInstance, governed: Content) -> dict[str, Any]:
        """Return the body of a block with this `governed` content: a block that is left completely to others may
        contain anything.
        """
        more = {OPEN: marked(left_to_others(ALL))} if self._is_left_whole(made) else {}
        return body_of(governed) | more

    def _is_left_whole(self, made: BlockInstance) -> bool:
        return any(steps[0] == ALL for steps in self._paths.get(made.address, ()))

    def tags(self, made: BlockInstance, tags: Tags | None) -> Tags | None:
        """Return the tags of a block as far as they are not left to others; None if not even their names are known."""
        for steps in self._paths.get(made.address, ()):
            if tags is None or steps[0] in _ALL_TAGS or steps in _WHOLE_TAGS:
                return None
            if steps[:1] in _WHOLE_TAGS:
                tags = {**tags, steps[1]: None}
        return tags

    def paths(self, made: BlockInstance) -> list[str]:
        """Return the paths of the parts that a block leaves to others, as `tags.Owner`; ALL for everything."""
        return [
            ".".join(_names(steps))
            for steps in self._paths.get(made.address, ())
            if steps[0] == ALL or self._is_left(made, made.content, steps[0])
        ]

    def _is_left(self, made: BlockInstance, content: Content, name: str) -> bool:
        """Return whether a block sets a name, or nothing else that is surely in the code does."""
        if name in content.arguments or name in content.blocks:
            return True
        if name in table_of_blocks("at_creation").get(made.type, ()):
            return False
        return not any(is_made_with(made, other) for other in self._set_apart.get((made.address, name), ()))


@cache
def _separate() -> Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]:
    """Return by type of block what it may set of another one: the argument, and its value then."""
    found: dict[str, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
    for names in table_of_blocks("separate").values():
        for name, types in names.items():
            for type_, said in types.items():
                found[type_].append((name, said))
    return found


def left_to_others(name: str, made_with: Value = None) -> Unknown:
    """Return the placeholder for a part that a block leaves to others."""
    return IgnoredValue((f"{name} (ignore_changes leaves it to others)",), made_with=made_with)


def left_among(left: Iterable[str], read: Iterable[str]) -> str:
    """Return why a value that was read of a block is not known, if any of it is left to others; else ""."""
    seen = [_names(_steps(path.replace("/", "."))) for path in read]
    for path in left:
        steps = path.split(".")
        if path == ALL or any(one[: len(steps)] == steps[: len(one)] for one in seen):
            return left_to_others(path).causes[0]
    return ""


def _names(steps: Iterable[str]) -> list[str]:
    return [step for step in steps if not step.isdecimal()]


def _paths(made: BlockInstance) -> list[tuple[str, ...]]:
    found = [steps for one in ignored(made.written.body) if (steps := tuple(_steps(one)))]
    return [(ALL,) if steps == _EVERYTHING else steps for steps in found]


def _steps(path: str) -> Iterator[str]:
    return ("".join(filter(None, found)) for found in _STEP.findall(path))


def _all_names(made: BlockInstance) -> Iterator[str]:
    """Yield the names of all arguments that a block may have, as far as they are known."""
    yield from {*made.content.arguments, *made.content.blocks} - _KEPT
    yield from (name for name in schema_of(made.type).kinds if not name.startswith("."))
    yield from _OF_NETWORKS  # blocks, which are not in the table


def _without(content: Content, steps: tuple[str, ...], told: str) -> Content:
    """Return a block in which the value at a path is not known."""
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
    made: Value = left_to_others(told, value)
    if isinstance(value, dict) and len(rest) == 1:
        made = type(value)({**value, rest[0]: made})
    blocks = {label: found for label, found in content.blocks.items() if label != name}
    open_ = {label: why for label, why in content.open.items() if label != name}
    return replace(content, arguments={**content.arguments, name: made}, blocks=blocks, open=open_)
