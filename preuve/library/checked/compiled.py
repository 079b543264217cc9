"""What type-checking the bundled conditions gave, kept in a file.

With it a run needs neither botocore's models nor the type checker for content that was linted. The file counts only
while the hash of the content that it was made from matches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from preuve.library.cel import Checked
from preuve.library.cel.references import Comparison, Reference
from preuve.library.checked.rules import CheckedRule, Reads, compared, merged
from preuve.library.checked.shapes import Json, ListOf, MapOf, Related, Scalar, Shape, Shapes, Struct, message_name
from preuve.model.content import Policy
from preuve.model.errors import Position, Problem

NAME = "policies/compiled.json"
_FOLDERS = ("policies", "scanners")


def content_digest(root: Path) -> str:
    """The hash of every policy and collector file below a content root."""
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*.yaml")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compiled_text(root: Path, shapes: Shapes, rules: Iterable[CheckedRule]) -> str:
    """The file's content for these rules."""
    rules = tuple(rules)
    reads = merged(rule.reads for rule in rules)
    wanted = frozenset(pair for rule in rules for part in (rule.when, rule.assert_) if part for pair in compared(part))
    by_policy: dict[str, list[Any]] = {}
    for rule in rules:
        by_policy.setdefault(rule.policy.id, []).append([_checked(rule.when), _checked(rule.assert_)])
    data = {
        "content_sha256": content_digest(root),
        "rules": by_policy,
        **_Tables(reads, wanted).all(shapes),
    }
    return json.dumps(data, sort_keys=True, separators=(",", ":"), indent=0) + "\n"


def _checked(checked: Checked | None) -> Any:
    if checked is None:
        return None
    members: dict[str, list[str]] = {}
    for reference in sorted(checked.references, key=lambda item: (item.message, item.member)):
        members.setdefault(reference.message, [])
        if reference.member not in members[reference.message]:
            members[reference.message].append(reference.member)
    return {"reads": members, "variables": sorted(checked.variables), "compared": sorted(compared(checked))}


@dataclass(frozen=True)
class _Tables:
    """The members that the rules read, of resource types and of the structures below them.

    Of those that are compared with values of a rule, also the values that AWS's models know.
    """

    reads: Reads
    compared: frozenset[tuple[str, str]]
    structs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def all(self, shapes: Shapes) -> dict[str, Any]:
        """Both tables."""
        types = {name: self._fields(message_name(name), shapes.members(name)) for name in sorted(shapes.library.types)}
        return {"types": types, "structs": dict(sorted(self.structs.items()))}

    def _fields(self, message: str, members: Mapping[str, Shape]) -> dict[str, Any]:
        wanted = sorted(self.reads.get(message, frozenset()) & set(members))
        return {name: self._encode(members[name], (message, name) in self.compared) for name in wanted}

    def _encode(self, shape: Shape, is_compared: bool) -> Any:
        if isinstance(shape, Scalar):
            return ["one_of", *shape.enum] if is_compared and shape.enum else shape.kind
        if isinstance(shape, Json):
            return "json"
        if isinstance(shape, ListOf):
            return ["list", self._encode(shape.item, is_compared)]
        if isinstance(shape, MapOf):
            return ["map", self._encode(shape.value, is_compared=False)]
        if isinstance(shape, Related):
            return ["related", shape.type, shape.many]
        if shape.name not in self.structs:
            self.structs[shape.name] = {}
            self.structs[shape.name].update(self._fields(shape.name, shape.fields))
        return ["struct", shape.name]


@dataclass(frozen=True)
class Compiled:
    """The file, read; stands in for `Shapes` where conditions are evaluated."""

    data: Mapping[str, Any]

    @cached_property
    def _structs(self) -> dict[str, Struct]:
        return {}

    @cached_property
    def _members(self) -> dict[str, Mapping[str, Shape]]:
        return {}

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """The members of a resource type that some rule reads."""
        if type_name not in self._members:
            declared = self.data["types"].get(type_name, {})
            self._members[type_name] = {name: self._decode(item) for name, item in declared.items()}
        return self._members[type_name]

    def rules(self, policies: Iterable[Policy]) -> Iterator[CheckedRule]:
        """The checked rules of these policies."""
        for policy in policies:
            for rule, (when, asserted) in zip(policy.aws, self.data["rules"].get(policy.id, ()), strict=True):
                checked = _restored(asserted)
                assert checked is not None  # noqa: S101 - every rule has an assert
                yield CheckedRule(policy, rule, _restored(when), checked)

    def _decode(self, item: Any) -> Shape:
        if isinstance(item, str):
            return Json() if item == "json" else Scalar(item)
        kind, *rest = item
        if kind == "list":
            return ListOf(self._decode(rest[0]))
        if kind == "map":
            return MapOf(self._decode(rest[0]))
        if kind == "one_of":
            return Scalar("string", tuple(rest))
        if kind == "related":
            return Related(rest[0], many=rest[1])
        return self._struct(rest[0])

    def _struct(self, name: str) -> Struct:
        if name not in self._structs:
            fields = self.data["structs"][name]
            self._structs[name] = Struct(name, lambda: {field: self._decode(item) for field, item in fields.items()})
        return self._structs[name]


def _restored(item: Any) -> Checked | None:
    if item is None:
        return None
    references = frozenset(
        Reference(message, member, guarded=False) for message, members in item["reads"].items() for member in members
    )
    comparisons = tuple(Comparison(message, member, "") for message, member in item["compared"])
    return Checked(references, comparisons, frozenset(item["variables"]))


def read(root: Path) -> Compiled | None:
    """What was compiled from exactly this content, or nothing."""
    path = root / NAME
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    return Compiled(data) if data.get("content_sha256") == content_digest(root) else None


def problems(root: Path) -> Iterator[Problem]:
    """Whether the file is there and made from today's content."""
    if read(root) is None:
        yield Problem(Position(NAME), "it was not made from this content", "run: preuve lint --update-lock")


def update(root: Path, shapes: Shapes, rules: Iterable[CheckedRule]) -> Path:
    """Write the file."""
    path = root / NAME
    path.write_text(compiled_text(root, shapes, rules), encoding="utf-8")
    return path
