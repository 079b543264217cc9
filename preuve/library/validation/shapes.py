"""The types of collected data, derived from botocore's output shapes and the collectors' declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from preuve.library.suggestion import suggest

ACCOUNT = "AWS::Account"
REGION = "AWS::Region"
ENVIRONMENT = "Environment"  # the tag
CONTEXT = frozenset({"Account", "Region", "Partition"})  # names that a call's `with` may use besides members
TIME = "timestamp"
_SCALARS = {
    "string": "string",
    "character": "string",
    TIME: "string",
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
    """A single value; `kind` is string, boolean, integer, double or bytes. A time is a string."""

    kind: str
    enum: tuple[str, ...] = ()
    time: bool = False


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
class RelatedType:
    """Another resource type: its one resource, or a list of them."""

    type: str
    many: bool


class Struct:
    """Named members, resolved on first use because botocore's shapes may be recursive."""

    def __init__(
        self, name: str, load: Callable[[], Mapping[str, Shape]], optional: Collection[str] = frozenset()
    ) -> None:
        self.name = re.sub(r"\W", "_", name)
        self.optional = frozenset(optional)  # members that may be missing by AWS's model
        self._load = load

    @cached_property
    def fields(self) -> Mapping[str, Shape]:
        """Member name to shape."""
        return self._load()


Shape = Scalar | Json | ListOf | MapOf | RelatedType | Struct


def structures(root: Struct) -> Iterator[Struct]:
    """Yield a structure and those in it."""
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
    """Return the error for a missing member, with the existing ones."""
    has = f"; it has {', '.join(sorted(known))}" if known else ", of which nothing is read before"
    return ShapeError(f"no member {name} in {of}{has}")


def declared(name: str) -> Shape:
    """Return the shape of a declared member: string, boolean, integer, double, timestamp, `list<…>` or `map<…>`.

    Raises ShapeError for any other name.
    """
    if name.startswith("list<"):
        return ListOf(declared(name[5:-1]))
    if name.startswith("map<"):
        return MapOf(declared(name[4:-1]))
    if name not in _SCALARS:
        raise ShapeError(f"unknown type {name}; one of {', '.join(sorted(_SCALARS))}")
    return Scalar(_SCALARS[name], time=name == TIME)


def of_value(value: Any, name: str) -> Shape:
    """Return the shape of a plain value (a parameter, reference data)."""
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
    """Return the shape of a botocore shape."""
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
    return Scalar(_SCALARS.get(kind, "string"), tuple(getattr(shape, "enum", ()) or ()), kind == TIME)


def of_openapi(schema: Mapping[str, Any], name: str) -> Shape:
    """Return the shape of a schema of GitHub's description."""
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
    """Return whether a structure of this name includes its empty lists and maps: GitHub writes them, AWS may
    omit them.
    """
    return _OF_GITHUB.match(name) is not None


def steps(path: str) -> list[tuple[str, bool]]:
    """Take `A.B[].C` apart into (member, opens a list) pairs. Raises ShapeError if it is no path."""
    result = []
    for part in path.split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ShapeError(f"{path} is not a path such as Rules[].Status")
        result.append((match.group(1), bool(match.group(2))))
    return result


def agree(value: Any, shape: Shape, members: Mapping[str, Shape]) -> None:
    """Refuse a written value that does not fit the shape; `{Member}` stands for one of the members."""
    if isinstance(value, str) and value.startswith("{"):
        value, shape = "", members.get(value[1:-1], Json())
    if isinstance(value, list) and isinstance(shape, ListOf):
        for item in value:
            agree(item, shape.item, members)
    elif isinstance(value, Mapping) and isinstance(shape, Struct):
        for name, item in value.items():
            agree(item, walk(shape, name), members)
    elif not (
        isinstance(value, str) and isinstance(shape, Scalar) and (not value or not shape.enum or value in shape.enum)
    ):
        raise ShapeError(f"known: {value} is not what the call gives")


def walk(shape: Shape, path: str) -> Shape:
    """Return the shape at the end of a path. Raises ShapeError, which names the missing part."""
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
    """Return the shape after a transform of the vocabulary, or a list of them; `name` is for the types that it makes.

    Raises ShapeError if the transform does not fit the shape.
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


PACKAGE = "preuve"  # of the protobuf messages
UNNAMED = "unnamed_"  # prefix for structures whose own names the installed models lack


def message_name(type_name: str) -> str:
    """Return the protobuf message name of a resource type."""
    return "type_" + type_name.replace("::", "_")


def operation_model(service: str, operation: str) -> Any:
    """Return botocore's model of an operation. Raises ShapeError for unknown names."""
    model = service_model(service)
    if operation not in model.operation_names:
        raise ShapeError(
            f"{service} has no operation {operation}; {suggest(operation, model.operation_names, 'see its API')}"
        )
    return model.operation_model(operation)


def has_operation(service: str, operation: str) -> bool:
    """Return whether the installed models have an operation, for a service that they have."""
    return operation in service_model(service).operation_names


@cache
def service_model(service: str) -> Any:
    """Return botocore's model of a service, loaded once. Raises ShapeError for unknown names."""
    import botocore.exceptions  # noqa: PLC0415 - slow, and only some commands need it

    try:
        return _session().get_service_model(service)
    except botocore.exceptions.UnknownServiceError as error:
        raise ShapeError(f"botocore knows no service {service}") from error


@cache
def _session() -> Any:
    import botocore.session  # noqa: PLC0415

    return botocore.session.Session()
