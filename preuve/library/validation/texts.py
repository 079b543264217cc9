"""Selects the texts of answers that a snapshot keeps: those that a condition reads, and those used in joins.

Of all other texts only the form is kept. A search string, a comment or a variable may contain a secret that does not
look like one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from preuve.library.validation.shapes import ListOf, MapOf, Shape, Struct, message_name
from preuve.model.content import Library, ResourceType
from preuve.model.snapshot import UNKEPT

Path = tuple[str, ...]
# Members that pages and the matching of code with the account read.
_BESIDE = {
    "AWS::CloudFormation::Stack": tuple(
        f"Resources.{name}" for name in ("LogicalResourceId", "PhysicalResourceId", "ResourceType", "ResourceStatus")
    ),
    "AWS::EnabledRegion": ("TaggedResources.ResourceARN", "Reservations.Instances.State.Name"),
}


class Members(Protocol):
    """The questions about types that `Shapes` and the compiled table both answer."""

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """Return the members of a resource type."""


@dataclass(frozen=True)
class Texts:
    """Keeps the texts of resources that the selected rules read, by message, and those that join them."""

    library: Library
    shapes: Members
    reads: Mapping[str, frozenset[str]]

    def kept(self, type_name: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members of a resource with `UNKEPT` in place of each text that no condition reads."""
        root = Struct(message_name(type_name), lambda: self.shapes.members(type_name))
        texts = {name: _named(item) for name, item in data.items() if isinstance(item, str)}
        return {**dict(self._struct(data, root, self.paths.get(type_name, ()))), **texts}

    @cached_property
    def paths(self) -> Mapping[str, tuple[Path, ...]]:
        """The paths at which texts are kept for joins, even if no condition reads them, by type."""
        found: dict[str, set[Path]] = {name: set(map(_steps, paths)) for name, paths in _BESIDE.items()}
        for declared in self.library.types.values():
            for name, paths in _joined(declared):
                found.setdefault(name, set()).update(map(_steps, paths))
        return {name: tuple(sorted(paths)) for name, paths in found.items()}

    def _value(self, value: Any, shape: Shape | None, paths: Sequence[Path]) -> Any:
        """Return a value in its kept form; `shape` if a condition reads it."""
        if () in paths:
            return _named(value)
        if isinstance(value, list):
            inner = shape.item if isinstance(shape, ListOf) else None
            return [self._value(item, inner, paths) for item in value]
        if isinstance(value, Mapping) and (shape is None or isinstance(shape, Struct)):
            return dict(self._struct(value, shape, paths))
        if isinstance(value, Mapping) and isinstance(shape, MapOf):
            return {key: self._value(item, shape.value, remaining_paths(paths, key)) for key, item in value.items()}
        if shape is None and isinstance(value, str):
            return UNKEPT
        return _named(value)

    def _struct(
        self, value: Mapping[str, Any], shape: Struct | None, paths: Sequence[Path]
    ) -> Iterable[tuple[str, Any]]:
        read = self.reads.get(shape.name, frozenset()) if shape else frozenset()
        for name, item in value.items():
            inner = shape.fields.get(name) if shape and name in read else None
            yield name, self._value(item, inner, remaining_paths(paths, name))


def _steps(path: str) -> Path:
    return tuple(path.replace("[]", "").split("."))


def remaining_paths(paths: Sequence[Path], name: str) -> Sequence[Path]:
    """Return the rest of the paths that lead through a member."""
    return tuple(path[1:] for path in paths if path[0] == name) if paths else ()


def _named(value: Any) -> Any:
    """Return a value unchanged, protected from being read as `UNKEPT`."""
    return f"{UNKEPT}?" if value == UNKEPT else value


def _joined(declared: ResourceType) -> Iterable[tuple[str, Iterable[str]]]:
    """Yield the types that this one is joined with, and the paths for it."""
    for relation in declared.relations.values():
        yield declared.name, relation.own_paths
        yield relation.type, (*relation.where, *relation.only)
