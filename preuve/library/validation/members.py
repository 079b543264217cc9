"""The members of each resource type, from the collector's declarations and the shapes of the provider's answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from preuve.library.validation.openapi import Operation, described
from preuve.library.validation.shapes import (
    CONTEXT,
    INTEGER,
    STRING,
    UNNAMED,
    ListOf,
    RelatedType,
    Scalar,
    Shape,
    ShapeError,
    Struct,
    agree,
    declared,
    has_operation,
    message_name,
    no_member,
    of_botocore,
    of_openapi,
    operation_model,
    steps,
    transformed,
    walk,
)
from preuve.model.content import AWS, GITHUB, Call, Library, ResourceType
from preuve.model.errors import Position, Problem

_FAILURES = re.compile(r"(?i)fail|error|unprocessed|unsuccessful|not_?found|skipped")  # names of lists of an answer


@dataclass
class Shapes:
    """The members of every resource type, resolved on demand, with the defects of the collectors."""

    library: Library
    problems: list[Problem] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)  # resource types with a reported problem
    _members: dict[str, dict[str, Shape]] = field(default_factory=dict)
    _optional: dict[str, frozenset[str]] = field(default_factory=dict)

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """Return the members of a resource type (empty when the collector is wrong; `problems` says why)."""
        if type_name not in self._members:
            self._members[type_name] = {}  # ends cycles of parents; filled below
            resource_type = self.library.types[type_name]
            resolver = _Resolver(self, resource_type)
            self._members[type_name].update(resolver.resolve())
            self._optional[type_name] = resolver.optional()
        return self._members[type_name]

    def optional(self, type_name: str) -> frozenset[str]:
        """Return the members of a listed resource that may be missing by AWS's model. A list or map that AWS leaves out
        is empty, not missing.
        """
        self.members(type_name)
        return self._optional[type_name]

    def root(self, type_name: str) -> Struct:
        """Return a resource type as a structure."""
        return Struct(message_name(type_name), lambda: self.members(type_name))

    def refuse(self, type_name: str, position: Position, message: str) -> None:
        """Collect one problem of a resource type."""
        self.wrong.add(type_name)
        self.problems.append(Problem(position, message))


class _Resolver:
    """Resolves one resource type; each `_…` method adds the members of one part of the declaration."""

    def __init__(self, shapes: Shapes, resource_type: ResourceType) -> None:
        self.shapes = shapes
        self.type = resource_type
        self.members: dict[str, Shape] = {}
        self._left_out: set[str] = set()

    def optional(self) -> frozenset[str]:
        """Return the single values and structures of the listing that AWS may leave out."""
        read_apart = {*self.type.details, *self.type.relations, self.type.identity}
        names = self._left_out - read_apart
        return frozenset(name for name in names if isinstance(self.members.get(name), Scalar | Struct))

    def resolve(self) -> dict[str, Shape]:
        for step in (self._listed, self._hydrated, self._fallbacks, self._detailed, self._overrides, self._related):
            step()
        self._attempt(self.type.position, self._counted)
        self._named()
        return self.members

    def _attempt(self, position: Position, action: Callable[[], None]) -> None:
        try:
            action()
        except ShapeError as error:
            self.shapes.refuse(self.type.name, position, f"{self.type.name}: {error}")

    def _listed(self) -> None:
        for name, kind in self.type.declared.items():
            self._attempt(self.type.position, partial(self._declare, name, kind))
        for call in self.type.lists:
            self._attempt(call.position, partial(self._list, call))
        self._attempt(self.type.position, self._declare_newer)

    def _declare(self, name: str, kind: str) -> None:
        self.members[name] = declared(kind)

    def _declare_newer(self) -> None:
        self.members = _fields_beside(self.type.name.replace("::", "_"), self.members, self.type.newer)

    def _is_newer(self, call: Call) -> bool:
        """Return whether the installed models lack the call, and have no member of the type either."""
        return bool(self.type.newer) and not has_operation(call.service, call.operation)

    def _list(self, call: Call) -> None:
        self._count(call)
        self._prove(call)
        parent = self._parent(call)
        shape = Struct(self.type.name, dict) if self._is_newer(call) else self.taken(call, parent)
        opened = call.transform is not None or not call.take  # the answer itself is the list
        item = shape.item if opened and isinstance(shape, ListOf) else shape
        if isinstance(item, Struct):
            self.members.update(item.fields)
            self._left_out |= item.optional
            self._attempt(self.type.position, partial(self._told_apart, item))
        elif call.name:
            self.members[call.name] = item
        else:
            raise ShapeError(f"{call.operation} lists plain values: give them a `name`")
        if parent:
            self.members["Parent"] = RelatedType(call.for_each, many=False)

    def _count(self, call: Call) -> None:
        if call.counted is None:
            return
        whole = self.taken(call.counted.call, {})
        for member in call.counted.sum:
            if walk(whole, member) != INTEGER:
                raise ShapeError(f"counted: {member} is no number")

    def _prove(self, call: Call) -> None:
        if call.proved is None:
            return
        whole = self.taken(call.proved.call, {})
        for member, values in call.proved.where.items():
            shape = walk(whole, member)
            known = shape.enum if isinstance(shape, Scalar) and shape.kind == STRING.kind else None
            if known is None or (known and not set(values) <= set(known)):
                raise ShapeError(f"proved: {member} is no text that may be {', '.join(values)}")

    def _parent(self, call: Call) -> Mapping[str, Shape]:
        if not call.for_each:
            return {}
        if call.for_each not in self.shapes.library.types:
            raise ShapeError(f"for_each names {call.for_each}, which no collector reads")
        return self.shapes.members(call.for_each)

    def _hydrated(self) -> None:
        call = self.type.hydrate
        if call is not None and not self._is_newer(call):
            self._attempt(call.position, lambda: self._hydrate(call))

    def _hydrate(self, call: Call) -> None:
        shape = self.taken(call, self.members)
        if not isinstance(shape, Struct):
            raise ShapeError("hydrate must take a structure")
        self.members.update(shape.fields)
        self._left_out |= shape.optional
        for theirs, ours in call.match.items():
            if theirs not in shape.fields or ours not in self.members:
                raise ShapeError(f"match: no member {theirs} or {ours}")

    def _overrides(self) -> None:
        for path, transform in self.type.transforms.items():
            self._attempt(self.type.position, partial(self._override, path, transform))

    def _override(self, path: str, transform: Any) -> None:
        self.members.update(_overridden(self.members, steps(path), transform, f"{self.type.name}_{path}"))

    def _fallbacks(self) -> None:
        for member, call in self.type.fallback.items():
            self._attempt(call.position, partial(self._fallback, member, call))

    def _fallback(self, member: str, call: Call) -> None:
        self.taken(call, self.members)
        if member not in self.members:
            raise ShapeError(f"fallback: the listing has no member {member}")

    def _detailed(self) -> None:
        listed = dict(self.members)
        for member, call in self.type.details.items():
            self._attempt(call.position, partial(self._detail, member, call, listed))

    def _detail(self, member: str, call: Call, listed: Mapping[str, Shape]) -> None:
        read = {name: shape for name, shape in self.members.items() if name not in listed}
        for path in filter(None, (call.needs, *(call.known.where if call.known else ()))):
            walk(Struct(self.type.name, lambda: read), path)
        shape = self.taken(call, listed)
        opened = call.take.endswith("[]") and call.transform is None
        self.members[member] = ListOf(shape) if opened else shape
        if call.known:
            agree(call.known.value, self.members[member], read)

    def _related(self) -> None:
        for member, relation in self.type.relations.items():
            if relation.type not in self.shapes.library.types:
                said = f"{self.type.name}.{member}: no collector reads {relation.type}"
                self.shapes.refuse(self.type.name, self.type.position, said)
                continue
            self.members[member] = RelatedType(relation.type, many=not relation.one)
            if relation.in_account:
                self._attempt(self.type.position, partial(self._text, relation.in_account))

    def _counted(self) -> None:
        counted = self.type.counted_by
        if counted is None:
            return
        if counted.type not in self.shapes.library.types:
            raise ShapeError(f"counted_by names {counted.type}, which no collector reads")
        walk(Struct(counted.type, lambda: self.shapes.members(counted.type)), counted.path)

    def _named(self) -> None:
        if "{" in self.type.arn and "Arn" not in self.members:
            self.members["Arn"] = STRING
        for member in filter(None, (self.type.identity, self.type.in_region)):
            if member not in self.members:
                said = f"{self.type.name}: no member {member} to name the resource by"
                self.shapes.refuse(self.type.name, self.type.position, said)
        named_alone = self.type.provider == AWS and self.type.lists and not self.type.arn
        if named_alone and self.type.beside is None:
            said = "two resources may have the same id: name the members that distinguish them (identity.beside)"
            self.shapes.refuse(self.type.name, self.type.position, f"{self.type.name}: {said}")
        for path in self.type.beside or ():
            self._attempt(self.type.position, partial(self._text, path))

    def _text(self, path: str) -> None:
        inside = self.shapes.members(self.type.lists[0].for_each) if path.startswith("Parent.") else self.members
        if not isinstance(walk(Struct(self.type.name, lambda: inside), path.removeprefix("Parent.")), Scalar):
            raise ShapeError(f"{path} is no single value to name the resource by")

    def _told_apart(self, item: Struct) -> None:
        """Refuse a type that is identified by its names alone and has a required enumeration: AWS may list one name
        once for each word of it.
        """
        if self.type.arn or self.type.provider != AWS:
            return
        words = (name for name, shape in item.fields.items() if isinstance(shape, Scalar) and shape.enum)
        for name in words:
            if name not in {*item.optional, self.type.identity, *(self.type.beside or ())}:
                raise ShapeError(f"two of one name may differ in {name}: name it under beside")

    def taken(self, call: Call, available: Mapping[str, Shape]) -> Shape:
        """Return the shape of a call's result, after checking its parameters against the model.

        `available` are the members for parameters. Raises ShapeError if the model has no such operation, parameter or
        answer.
        """
        if call.service == GITHUB:
            return self._taken_of_github(call, available)
        operation = operation_model(call.service, call.operation)
        _check_parameters(call, _Inputs.of_botocore(operation), available)
        if call.prepare is not None:
            self.taken(call.prepare.call, available)
        if operation.output_shape is None:
            raise ShapeError(f"{call.operation} answers nothing")
        whole = of_botocore(operation.output_shape, call.service)
        shape = _with_newer(whole, call)
        _check_failures(call, whole)
        if call.take.endswith("[]") and call.transform is not None:
            shape = ListOf(shape)
        return transformed(shape, call.transform, f"{self.type.name}_{call.operation}")

    def _taken_of_github(self, call: Call, available: Mapping[str, Shape]) -> Shape:
        operation = described(call.operation)
        if operation is None:
            raise ShapeError(f"GitHub's description has no {call.operation}: run benchmarks/github_openapi.py")
        _check_parameters(call, _Inputs.of_openapi(operation), available)
        whole = of_openapi(operation.answer, f"GitHub_{call.operation}")
        return walk(whole, call.take) if call.take else whole


@dataclass(frozen=True)
class _Inputs:
    """The parameters of an operation."""

    known: frozenset[str]
    required: frozenset[str]

    @classmethod
    def of_botocore(cls, operation: Any) -> _Inputs:
        shape = operation.input_shape
        return cls(frozenset(shape.members), frozenset(shape.required_members)) if shape else cls(*[frozenset()] * 2)

    @classmethod
    def of_openapi(cls, operation: Operation) -> _Inputs:
        return cls(operation.in_path | operation.in_query, operation.required)


def _check_parameters(call: Call, inputs: _Inputs, available: Mapping[str, Shape]) -> None:
    given = [*call.with_, *call.const, *call.ago, *call.batch]
    for parameter in given:  # not those of newer_const and newer, which the installed models may lack
        if parameter not in {*inputs.known, *call.newer}:
            known = ", ".join(sorted(inputs.known))
            raise ShapeError(f"{call.operation} has no parameter {parameter}; it has {known}")
    missing = sorted(inputs.required - set(given))
    if missing:
        raise ShapeError(f"{call.operation} requires {', '.join(missing)}")
    for path in (*call.with_.values(), *call.batch.values()):
        if path.split(".")[0] not in CONTEXT and not path.startswith("Parent."):
            _walk_members(available, path)


def _with_newer(whole: Shape, call: Call) -> Shape:
    """Return the part of a call's answer that the call takes, with its declared members for those that the installed
    models lack.
    """
    head = steps(call.take)[0][0] if call.take else ""
    if head in call.newer:
        return walk(_beside(whole, call.newer), call.take)
    return _beside(walk(whole, call.take) if head else whole, call.newer)


def _beside(shape: Shape, newer: Mapping[str, str]) -> Shape:
    """Return a structure, or a list of structures, with these members added."""
    if isinstance(shape, ListOf):
        return ListOf(_beside(shape.item, newer))
    if not isinstance(shape, Struct):
        return shape
    fields = _fields_beside(shape.name, shape.fields, newer)
    return Struct(shape.name, lambda: fields, {*shape.optional, *(fields.keys() - shape.fields.keys())})


def _fields_beside(of: str, fields: Mapping[str, Shape], newer: Mapping[str, str]) -> dict[str, Shape]:
    """Return members of a structure with the added ones; `Grants[].Operations` is a member of the elements of
    Grants.
    """
    found = dict(fields)
    for path, kind in newer.items():
        ((name, opens), *_), (_, _, rest) = steps(path), path.partition(".")
        if rest:
            none = Struct(f"{UNNAMED}{of.removeprefix(UNNAMED)}_{name}", dict)
            found[name] = _beside(found.get(name, ListOf(none) if opens else none), {rest: kind})
        else:
            found.setdefault(name, declared(kind))
    return found


def _check_failures(call: Call, whole: Shape) -> None:
    """Refuse a call whose answer may list failures, by AWS's models, unless the call declares which list that is."""
    lists = whole.fields.items() if isinstance(whole, Struct) else ()
    unsaid = [name for name, shape in lists if isinstance(shape, ListOf) and _FAILURES.search(name)]
    if call.failures is None:
        if unsaid:
            raise ShapeError(f"{call.operation} may answer with {unsaid[0]}: say under failures what it could not give")
        return
    item = walk(whole, call.failures.take)
    known = item.fields if isinstance(item, Struct) else {}
    for name in filter(None, (call.failures.code, call.failures.message, call.failures.id)):
        if name not in known:
            raise no_member(name, call.failures.take, known)


def _walk_members(available: Mapping[str, Shape], path: str) -> None:
    head = steps(path)[0][0]
    if head not in available:
        raise no_member(head, "the resource", available)
    walk(Struct("the resource", lambda: available), path)


def _overridden(
    members: Mapping[str, Shape], path: list[tuple[str, bool]], transform: Any, name: str
) -> dict[str, Shape]:
    """Return copies of the members with the transform applied at the end of the path. Raises ShapeError."""
    head, _ = path[0]
    if head not in members:
        raise no_member(head, "the resource", members)
    shape = members[head]
    if len(path) == 1:
        return {**members, head: transformed(shape, transform, name)}
    item = shape.item if isinstance(shape, ListOf) else shape
    if not isinstance(item, Struct):
        raise ShapeError(f"{head} has no members")
    changed = _overridden(item.fields, path[1:], transform, name)
    inner = Struct(f"{item.name}_{name}", lambda: changed, item.optional)
    return {**members, head: ListOf(inner) if isinstance(shape, ListOf) else inner}


def related_types(shapes: Shapes, type_names: set[str]) -> Iterator[str]:
    """Yield the given types and every type that they reach by relation or parent."""
    waiting, seen = sorted(type_names), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in shapes.library.types:
            continue
        seen.add(name)
        yield name
        waiting.extend(shape.type for shape in shapes.members(name).values() if isinstance(shape, RelatedType))
