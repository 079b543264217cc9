"""The results of type-checking the bundled conditions, kept in a file.

With it a run needs neither botocore's models nor the type checker for linted content. A line of the file is one policy:
the members that its conditions read, and their shapes. It is valid while the conditions and the types that they read
are unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from preuve.library.cel import CheckedCondition
from preuve.library.cel.references import Reference
from preuve.library.lines import Lines, line_of, write
from preuve.library.validation.checked_rule import CheckedRule, Reads, merged
from preuve.library.validation.members import Shapes
from preuve.library.validation.shapes import (
    TIME,
    UNNAMED,
    Json,
    ListOf,
    MapOf,
    RelatedType,
    Scalar,
    Shape,
    Struct,
    message_name,
    of_value,
)
from preuve.model.content import Library, Policy
from preuve.model.errors import Position, Problem
from preuve.model.grouping import grouped

NAME = "policies/compiled.jsonl"
_Members = dict[str, dict[str, Any]]  # of types or structures: name -> member -> shape in its written form
_PLAIN: Mapping[str, Shape] = {"json": Json(), TIME: Scalar("string", time=True)}
_Rules = list[list[Any]]  # of a policy: the members that `when` and `assert` of each rule read


# ---- what a line was made from ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sources:
    """The sources of a policy's line."""

    library: Library

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        return {message_name(name): item.digest for name, item in self.library.types.items()}

    def digest(self, policy: Policy, rules: _Rules) -> str:
        """Return the hash of a policy's conditions and of the types of all that they read."""
        parts = (part["reads"] for rule in rules for part in rule if part)
        read = merged({message: frozenset(members) for message, members in part.items()} for part in parts)
        named = {*read, *(message_name(rule.resource) for rule in policy.aws)}
        types = {message: self._digests[message] for message in named if message in self._digests}
        values = {
            **{f"params.{name}": self._parameter(name) for name in read.get("Params", ())},
            **{f"reference.{name}": self._reference(name) for name in read.get("Reference", ())},
        }
        conditions = [(rule.resource, rule.when, rule.assert_) for rule in policy.aws]
        made_from = line_of(conditions, sorted(types.items()), sorted(values.items()))
        return hashlib.sha256(made_from.encode()).hexdigest()

    def _parameter(self, name: str) -> str:
        found = self.library.parameters.get(name)
        return repr(of_value(found.value, "")) if found else ""

    def _reference(self, name: str) -> str:
        found = self.library.reference.get(name)
        return repr(of_value(found["data"], "")) if found else ""


# ---- writing ------------------------------------------------------------------------------------------------------


def update(root: Path, shapes: Shapes, rules: Iterable[CheckedRule]) -> Path:
    """Write the file below a content root."""
    sources = _Sources(shapes.library)
    return write(root / NAME, (_line(sources, shapes, own) for own in _by_policy(rules)))


def problems(root: Path, library: Library, rules: Iterable[CheckedRule]) -> Iterator[Problem]:
    """Yield the policies whose line in the file below `root` is missing or out of date."""
    known, sources = Lines(root / NAME), _Sources(library)
    for own in _by_policy(rules):
        policy = own[0].policy
        found = _current(known, sources, policy)
        if not known.merged(policy.id) and (found is None or not _covers(found["rules"], _read(own))):
            said = f"it does not say what {policy.id} reads"
            yield Problem(Position(NAME), said, "run: make content")


def _covers(line: _Rules, checked: _Rules) -> bool:
    """Return whether a line has everything that the check found: an older boto3 has fewer members of types that are
    read whole.
    """
    if [len(rule) for rule in line] != [len(rule) for rule in checked]:
        return False
    parts = zip((part for rule in line for part in rule), (part for rule in checked for part in rule), strict=True)
    return all(said == read or (said and read and _holds(said, read)) for said, read in parts)


def _holds(said: Mapping[str, Any], read: Mapping[str, Any]) -> bool:
    return said["variables"] == read["variables"] and all(
        set(members) <= set(said["reads"].get(name, ()))
        for name, members in read["reads"].items()
        if not name.startswith(UNNAMED)
    )


def _by_policy(rules: Iterable[CheckedRule]) -> Iterable[Sequence[CheckedRule]]:
    found = grouped((rule.policy.id, rule) for rule in rules)
    return found.values()


def _line(sources: _Sources, shapes: Shapes, rules: Sequence[CheckedRule]) -> str:
    reads = merged(rule.reads for rule in rules)
    policy, read = rules[0].policy, _read(rules)
    data = {"rules": read, **_Tables(reads).all(shapes)}
    return line_of(policy.id, sources.digest(policy, read), data)


def _read(rules: Sequence[CheckedRule]) -> _Rules:
    return [[_checked(rule.when), _checked(rule.assert_)] for rule in rules]


def _checked(checked: CheckedCondition | None) -> Any:
    if checked is None:
        return None
    members: dict[str, list[str]] = {}
    for reference in sorted(checked.references, key=lambda item: (item.message, item.member)):
        members.setdefault(reference.message, [])
        if reference.member not in members[reference.message]:
            members[reference.message].append(reference.member)
    return {"reads": members, "variables": sorted(checked.variables)}


@dataclass(frozen=True)
class _Tables:
    """The members that rules read, of resource types and of the structures below them."""

    reads: Reads
    structs: _Members = field(default_factory=dict)

    def all(self, shapes: Shapes) -> dict[str, _Members]:
        """Return both tables."""
        read = sorted(name for name in shapes.library.types if message_name(name) in self.reads)
        types = {name: self._fields(message_name(name), shapes.members(name)) for name in read}
        return {"types": types, "structs": dict(sorted(self.structs.items()))}

    def _fields(self, message: str, members: Mapping[str, Shape]) -> dict[str, Any]:
        wanted = sorted(self.reads.get(message, frozenset()) & set(members))
        return {name: self._encode(members[name]) for name in wanted}

    def _encode(self, shape: Shape) -> Any:
        if isinstance(shape, Scalar):
            return ["one_of", *shape.enum] if shape.enum else TIME if shape.time else shape.kind
        if isinstance(shape, Json):
            return "json"
        if isinstance(shape, ListOf):
            return ["list", self._encode(shape.item)]
        if isinstance(shape, MapOf):
            return ["map", self._encode(shape.value)]
        if isinstance(shape, RelatedType):
            return ["related", shape.type, shape.many]
        if shape.name not in self.structs:
            self.structs[shape.name] = {}
            self.structs[shape.name].update(self._fields(shape.name, shape.fields))
        return ["struct", shape.name]


# ---- reading ------------------------------------------------------------------------------------------------------


def _current(known: Lines, sources: _Sources, policy: Policy) -> Any:
    lines = ((made_from, data) for made_from, data in known.of(policy.id))
    return next((data for made_from, data in lines if made_from == sources.digest(policy, data["rules"])), None)


def restored(
    root: Path, library: Library, policies: Sequence[Policy]
) -> tuple[tuple[CheckedRule, ...], CompiledShapes] | None:
    """Return the rules of `policies` and the shapes that they read; None if one of them has changed since lint.

    `root` has the content and this file.
    """
    known, sources = Lines(root / NAME), _Sources(library)
    found = [(policy, _current(known, sources, policy)) for policy in policies if policy.aws]
    if any(data is None for _, data in found):
        return None
    rules = tuple(rule for policy, data in found for rule in _rules(policy, data["rules"]))
    types, structs = (_together(data[name] for _, data in found) for name in ("types", "structs"))
    return rules, CompiledShapes(types, structs)


def _rules(policy: Policy, read: _Rules) -> Iterator[CheckedRule]:
    for rule, (when, asserted) in zip(policy.aws, read, strict=True):
        checked = _restored(asserted)
        assert checked is not None  # noqa: S101 - every rule has an assert
        yield CheckedRule(policy, rule, _restored(when), checked)


def _restored(item: Any) -> CheckedCondition | None:
    if item is None:
        return None
    references = frozenset(
        Reference(message, member, guarded=False) for message, members in item["reads"].items() for member in members
    )
    return CheckedCondition(references, (), frozenset(item["variables"]))


def _together(many: Iterable[_Members]) -> _Members:
    """Merge the members that several policies read of types or structures."""
    result: _Members = {}
    for one in many:
        for name, members in one.items():
            result.setdefault(name, {}).update(members)
    return result


@dataclass(frozen=True)
class CompiledShapes:
    """Shapes from the file; replaces `Shapes` where conditions are evaluated."""

    types: _Members
    structs: _Members

    @cached_property
    def _structs(self) -> dict[str, Struct]:
        return {}

    @cached_property
    def _members(self) -> dict[str, Mapping[str, Shape]]:
        return {}

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """Return the members of a resource type that some rule reads."""
        if type_name not in self._members:
            declared = self.types.get(type_name, {})
            self._members[type_name] = {name: self._decode(item) for name, item in declared.items()}
        return self._members[type_name]

    def _decode(self, item: Any) -> Shape:
        if isinstance(item, str):
            return _PLAIN.get(item) or Scalar(item)
        kind, *rest = item
        if kind == "list":
            return ListOf(self._decode(rest[0]))
        if kind == "map":
            return MapOf(self._decode(rest[0]))
        if kind == "one_of":
            return Scalar("string", tuple(rest))
        if kind == "related":
            return RelatedType(rest[0], many=rest[1])
        return self._struct(rest[0])

    def _struct(self, name: str) -> Struct:
        if name not in self._structs:
            fields = self.structs[name]
            self._structs[name] = Struct(name, lambda: {field: self._decode(item) for field, item in fields.items()})
        return self._structs[name]
