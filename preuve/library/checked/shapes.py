"""The types of collected data, derived from botocore's output shapes and the collectors' declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

from preuve.library.checked.openapi import Described, described
from preuve.library.suggestion import near
from preuve.model.content import GITHUB, Call, Library, ResourceType
from preuve.model.errors import Position, Problem

ACCOUNT = "AWS::Account"
REGION = "AWS::Region"
CONTEXT = frozenset({"Account", "Region", "Partition"})  # names a call's `with` may use beside members
_SCALARS = {
    "string": "string",
    "character": "string",
    "timestamp": "string",
    "boolean": "boolean",
    "integer": "integer",
    "long": "integer",
    "biginteger": "integer",
    "float": "double",
    "double": "double",
    "bigdecimal": "double",
    "blob": "bytes",
}
_STEP = re.compile(r"([A-Za-z0-9_-]+)(\[\])?")


@dataclass(frozen=True)
class Scalar:
    """A single value; `kind` is string, boolean, integer, double or bytes."""

    kind: str
    enum: tuple[str, ...] = ()


@dataclass(frozen=True)
class Json:
    """A JSON document without declared members."""


@dataclass(frozen=True)
class ListOf:
    """A list of one type."""

    item: Shape


@dataclass(frozen=True)
class MapOf:
    """A map from text to one type."""

    value: Shape


@dataclass(frozen=True)
class Related:
    """Another resource type: its one resource, or a list of them."""

    type: str
    many: bool


class Struct:
    """Named members, resolved when first asked for because botocore's shapes may be recursive."""

    def __init__(
        self, name: str, load: Callable[[], Mapping[str, Shape]], optional: Collection[str] = frozenset()
    ) -> None:
        self.name = re.sub(r"\W", "_", name)
        self.optional = frozenset(optional)  # members that AWS's model says may be left out
        self._load = load

    @cached_property
    def fields(self) -> Mapping[str, Shape]:
        """Member name to shape."""
        return self._load()


Shape = Scalar | Json | ListOf | MapOf | Related | Struct


def below(root: Struct) -> Iterator[Struct]:
    """A structure and those in it."""
    waiting, seen = [root], set()
    while waiting:
        struct = waiting.pop()
        if struct.name in seen:
            continue
        seen.add(struct.name)
        yield struct
        for shape in struct.fields.values():
            inner = shape.item if isinstance(shape, ListOf) else shape.value if isinstance(shape, MapOf) else shape
            if isinstance(inner, Struct):
                waiting.append(inner)


STRING, BOOLEAN, INTEGER = Scalar("string"), Scalar("boolean"), Scalar("integer")
_PRINCIPAL = Struct("PolicyPrincipal", lambda: {"Kind": STRING, "Value": STRING, "Account": STRING})
_CONDITION = Struct("PolicyCondition", lambda: {"Operator": STRING, "Key": STRING, "Values": ListOf(STRING)})
_STATEMENT = Struct(
    "PolicyStatement",
    lambda: {
        "Sid": STRING,
        "Effect": Scalar("string", ("Allow", "Deny")),
        **{name: ListOf(STRING) for name in ("Action", "NotAction", "Resource", "NotResource")},
        "Principal": ListOf(_PRINCIPAL),
        "NotPrincipal": ListOf(_PRINCIPAL),
        "Condition": ListOf(_CONDITION),
    },
)
POLICY = Struct("PolicyDocument", lambda: {"Version": STRING, "Id": STRING, "Statement": ListOf(_STATEMENT)})
POLICY_STRUCTS = (POLICY, _STATEMENT, _PRINCIPAL, _CONDITION)
_SECRET = Struct("SecretFound", lambda: {"Key": STRING, "Detector": STRING})


class ShapeError(Exception):
    """A declaration that botocore's model does not allow."""


def no_member(name: str, of: str, known: Collection[str]) -> ShapeError:
    """The error that a member is not there, with those that are."""
    has = f"; it has {', '.join(sorted(known))}" if known else ", of which nothing is read before"
    return ShapeError(f"no member {name} in {of}{has}")


def declared(name: str) -> Shape:
    """Give the shape of a declared member: string, boolean, integer, double, timestamp, `list<…>` or `map<…>`.

    ShapeError for any other name.
    """
    if name.startswith("list<"):
        return ListOf(declared(name[5:-1]))
    if name.startswith("map<"):
        return MapOf(declared(name[4:-1]))
    if name not in _SCALARS:
        raise ShapeError(f"unknown type {name}; one of {', '.join(sorted(_SCALARS))}")
    return Scalar(_SCALARS[name])


def of_value(value: Any, name: str) -> Shape:
    """The shape of a plain value (a parameter, reference data)."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int):
        return INTEGER
    if isinstance(value, float):
        return Scalar("double")
    if isinstance(value, list):
        return ListOf(of_value(value[0], name) if value else STRING)
    if isinstance(value, dict):
        values = [of_value(item, f"{name}_value") for item in value.values()]
        return MapOf(values[0]) if values and not isinstance(values[0], ListOf | MapOf) else Json()
    return STRING


def of_botocore(shape: Any, service: str) -> Shape:
    """The shape of a botocore shape."""
    kind = shape.type_name
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return Json()
        return Struct(
            f"{service}_{shape.name}",
            lambda: {name: of_botocore(member, service) for name, member in shape.members.items()},
            set(shape.members).difference(shape.required_members),
        )
    if kind == "list":
        return ListOf(of_botocore(shape.member, service))
    if kind == "map":
        return MapOf(of_botocore(shape.value, service))
    return Scalar(_SCALARS.get(kind, "string"), tuple(getattr(shape, "enum", ()) or ()))


def of_openapi(schema: Mapping[str, Any], name: str) -> Shape:
    """The shape of a schema of GitHub's description."""
    kind = schema.get("type", "")
    if kind == "array":
        return ListOf(of_openapi(schema["items"], name))
    if kind == "object":
        members = schema["properties"]
        return Struct(name, lambda: {key: of_openapi(item, f"{name}_{key}") for key, item in members.items()})
    if kind not in _OPENAPI:
        return Json()
    return Scalar(_OPENAPI[kind], tuple(schema.get("enum", ())))


_OPENAPI = {"string": "string", "boolean": "boolean", "integer": "integer", "number": "double"}
_OF_GITHUB = re.compile(r"(type_)?GitHub_")


def writes_empty(name: str) -> bool:
    """Whether a structure of this name has its empty lists and maps: GitHub writes them, AWS may leave them out."""
    return _OF_GITHUB.match(name) is not None


def steps(path: str) -> list[tuple[str, bool]]:
    """Take `A.B[].C` apart into (member, opens a list) pairs; ShapeError where it is no path."""
    result = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ShapeError(f"{path} is not a path such as Rules[].Status")
        result.append((match.group(1), bool(match.group(2))))
    return result


def walk(shape: Shape, path: str) -> Shape:
    """Give the shape at the end of a path; ShapeError names the part that is not there."""
    for name, opens in steps(path):
        if isinstance(shape, MapOf):
            shape = shape.value
        elif isinstance(shape, Struct):
            if name not in shape.fields:
                raise no_member(name, shape.name, shape.fields)
            shape = shape.fields[name]
        else:
            raise ShapeError(f"{name} cannot be reached: the part before it has no members")
        if opens:
            if not isinstance(shape, ListOf):
                raise ShapeError(f"{name} is not a list: write it without []")
            shape = shape.item
    return shape


def transformed(shape: Shape, transform: Any, name: str) -> Shape:
    """Work out the shape after a transform of the vocabulary, or a list of them; `name` is for the types that it makes.

    ShapeError where it does not fit the shape.
    """
    if transform is None:
        return shape
    if isinstance(transform, list):
        for step in transform:
            shape = transformed(shape, step, name)
        return shape
    if isinstance(transform, str):
        return _NAMED[transform]
    if "map" in transform:
        return _as_map(shape, *transform["map"])
    if "csv" in transform:
        columns = {column: declared(kind) for column, kind in transform["csv"].items()}
        return ListOf(Struct(f"{name}_row", lambda: columns))
    return STRING


_NAMED: Mapping[str, Shape] = {"json": Json(), "policy": POLICY, "base64": STRING, "secrets": ListOf(_SECRET)}


def _as_map(shape: Shape, key: str, value: str) -> Shape:
    item = shape.item if isinstance(shape, ListOf) else shape
    if not isinstance(item, Struct):
        raise ShapeError("map needs a list of structures")
    for name in (key, value):
        if name not in item.fields:
            raise no_member(name, item.name, item.fields)
    return MapOf(item.fields[value])


@dataclass
class Shapes:
    """The members of every resource type, resolved on demand, with what is wrong in the collectors."""

    library: Library
    problems: list[Problem] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)  # resource types of which a problem is told
    _members: dict[str, dict[str, Shape]] = field(default_factory=dict)

    def members(self, type_name: str) -> Mapping[str, Shape]:
        """The members of a resource type (empty when the collector is wrong; `problems` says why)."""
        if type_name not in self._members:
            self._members[type_name] = {}  # ends a cycle of parents; filled below
            resource_type = self.library.types[type_name]
            self._members[type_name].update(_Resolver(self, resource_type).resolve())
        return self._members[type_name]

    def root(self, type_name: str) -> Struct:
        """A resource type as a structure."""
        return Struct(message_name(type_name), lambda: self.members(type_name))

    def refuse(self, type_name: str, position: Position, message: str) -> None:
        """Collect one problem of a resource type."""
        self.wrong.add(type_name)
        self.problems.append(Problem(position, message))


PACKAGE = "preuve"  # of the protobuf messages


def message_name(type_name: str) -> str:
    """The protobuf message name of a resource type."""
    return "type_" + type_name.replace("::", "_")


def operation_model(service: str, operation: str) -> Any:
    """botocore's model of an operation; raises ShapeError for unknown names."""
    model = service_model(service)
    if operation not in model.operation_names:
        raise ShapeError(
            f"{service} has no operation {operation}; {near(operation, model.operation_names, 'see its API')}"
        )
    return model.operation_model(operation)


@cache
def service_model(service: str) -> Any:
    """botocore's model of a service, loaded once; raises ShapeError for unknown names."""
    import botocore.exceptions  # noqa: PLC0415 - slow, and only some commands need it

    try:
        return _session().get_service_model(service)
    except botocore.exceptions.UnknownServiceError as error:
        raise ShapeError(f"botocore knows no service {service}") from error


@cache
def _session() -> Any:
    import botocore.session  # noqa: PLC0415

    return botocore.session.Session()


class _Resolver:
    """Resolves one resource type; each `_…` method adds the members that one part of the declaration brings."""

    def __init__(self, shapes: Shapes, resource_type: ResourceType) -> None:
        self.shapes = shapes
        self.type = resource_type
        self.members: dict[str, Shape] = {}

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
        for name, kind in (*self.type.declared.items(), *self.type.newer.items()):
            self._attempt(self.type.position, partial(self._declare, name, kind))
        for call in self.type.lists:
            self._attempt(call.position, partial(self._list, call))

    def _declare(self, name: str, kind: str) -> None:
        self.members[name] = declared(kind)

    def _list(self, call: Call) -> None:
        self._count(call)
        self._prove(call)
        parent = self._parent(call)
        shape = self.taken(call, parent)
        opened = call.transform is not None or not call.take  # the answer itself is the list
        item = shape.item if opened and isinstance(shape, ListOf) else shape
        if isinstance(item, Struct):
            self.members.update(item.fields)
        elif call.name:
            self.members[call.name] = item
        else:
            raise ShapeError(f"{call.operation} lists plain values: give them a `name`")
        if parent:
            self.members["Parent"] = Related(call.for_each, many=False)

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
        if call is not None:
            self._attempt(call.position, lambda: self._hydrate(call))

    def _hydrate(self, call: Call) -> None:
        shape = self.taken(call, self.members)
        if not isinstance(shape, Struct):
            raise ShapeError("hydrate must take a structure")
        self.members.update(shape.fields)
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
        if call.needs:
            read = {name: shape for name, shape in self.members.items() if name not in listed}
            walk(Struct(self.type.name, lambda: read), call.needs)
        shape = self.taken(call, listed)
        opened = call.take.endswith("[]") and call.transform is None
        self.members[member] = ListOf(shape) if opened else shape

    def _related(self) -> None:
        for member, relation in self.type.relations.items():
            if relation.type not in self.shapes.library.types:
                said = f"{self.type.name}.{member}: no collector reads {relation.type}"
                self.shapes.refuse(self.type.name, self.type.position, said)
                continue
            self.members[member] = Related(relation.type, many=not relation.one)

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

    def taken(self, call: Call, available: Mapping[str, Shape]) -> Shape:
        """Give the shape of what a call gives, after checking its parameters against the model.

        `available` are the members that parameters may be taken from. ShapeError where the model has no such operation,
        parameter or answer.
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
        shape = walk(whole, call.take) if call.take else whole
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
    def of_openapi(cls, operation: Described) -> _Inputs:
        return cls(operation.in_path | operation.in_query, operation.required)


def _check_parameters(call: Call, inputs: _Inputs, available: Mapping[str, Shape]) -> None:
    given = [*call.with_, *call.const, *call.ago, *call.batch]
    for parameter in given:
        if parameter not in inputs.known:
            known = ", ".join(sorted(inputs.known))
            raise ShapeError(f"{call.operation} has no parameter {parameter}; it has {known}")
    missing = sorted(inputs.required - set(given))
    if missing:
        raise ShapeError(f"{call.operation} requires {', '.join(missing)}")
    for path in (*call.with_.values(), *call.batch.values()):
        if path.split(".")[0] not in CONTEXT and not path.startswith("Parent."):
            _walk_members(available, path)


def _walk_members(available: Mapping[str, Shape], path: str) -> None:
    head = steps(path)[0][0]
    if head not in available:
        raise no_member(head, "the resource", available)
    walk(Struct("the resource", lambda: available), path)


def _overridden(
    members: Mapping[str, Shape], path: list[tuple[str, bool]], transform: Any, name: str
) -> dict[str, Shape]:
    """Copies of the members with the transform applied at the end of the path."""
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
    """The given types and every type that they reach by relation or parent."""
    waiting, seen = sorted(type_names), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in shapes.library.types:
            continue
        seen.add(name)
        yield name
        waiting.extend(shape.type for shape in shapes.members(name).values() if isinstance(shape, Related))
