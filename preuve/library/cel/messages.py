"""Shapes as protobuf messages, which is how CEL's type checker learns about them."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    empty_pb2,
    struct_pb2,
    timestamp_pb2,
    wrappers_pb2,
)

from preuve.library.validation.shapes import (
    PACKAGE,
    Json,
    ListOf,
    MapOf,
    RelatedType,
    Scalar,
    Shape,
    Struct,
    message_name,
)

_FIELD = descriptor_pb2.FieldDescriptorProto
_KINDS = {
    "string": _FIELD.TYPE_STRING,
    "boolean": _FIELD.TYPE_BOOL,
    "integer": _FIELD.TYPE_INT64,
    "double": _FIELD.TYPE_DOUBLE,
    "bytes": _FIELD.TYPE_BYTES,
}
_WELL_KNOWN = (timestamp_pb2, duration_pb2, struct_pb2, wrappers_pb2, any_pb2, empty_pb2)
_VALUE, _MAP, _LIST = (f".google.protobuf.{name}" for name in ("Value", "Struct", "ListValue"))


def pool(structs: Iterable[Struct]) -> descriptor_pool.DescriptorPool:
    """Return a pool with the messages of these structures and everything below them."""
    result = descriptor_pool.DescriptorPool()
    for module in _WELL_KNOWN:
        known = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(known)
        result.Add(known)
    result.Add(_File(structs).descriptor)
    return result


class _File:
    def __init__(self, structs: Iterable[Struct]) -> None:
        self.descriptor = descriptor_pb2.FileDescriptorProto(name="preuve.proto", package=PACKAGE, syntax="proto3")
        self.descriptor.dependency.append("google/protobuf/struct.proto")
        self._seen: set[str] = set()
        self._waiting = list(structs)
        while self._waiting:
            self._message(self._waiting.pop())

    def _message(self, struct: Struct) -> None:
        if struct.name in self._seen:
            return
        self._seen.add(struct.name)
        message = self.descriptor.message_type.add()
        message.name = struct.name
        for number, (name, shape) in enumerate(struct.fields.items(), 1):
            self._field(message, name, number, shape)

    def _field(self, message: descriptor_pb2.DescriptorProto, name: str, number: int, shape: Shape) -> None:
        field = message.field.add(name=name, number=number, label=_FIELD.LABEL_OPTIONAL)
        if isinstance(shape, ListOf):
            field.label = _FIELD.LABEL_REPEATED
            self._kind(field, shape.item)
        elif isinstance(shape, MapOf):
            self._map(message, field, shape)
        elif isinstance(shape, RelatedType):
            field.label = _FIELD.LABEL_REPEATED if shape.many else _FIELD.LABEL_OPTIONAL
            field.type, field.type_name = _FIELD.TYPE_MESSAGE, f".{PACKAGE}.{message_name(shape.type)}"
        else:
            self._kind(field, shape)

    def _map(
        self, message: descriptor_pb2.DescriptorProto, field: descriptor_pb2.FieldDescriptorProto, shape: MapOf
    ) -> None:
        entry = message.nested_type.add(name=_entry_name(field.name))
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, label=_FIELD.LABEL_OPTIONAL, type=_FIELD.TYPE_STRING)
        self._kind(entry.field.add(name="value", number=2, label=_FIELD.LABEL_OPTIONAL), shape.value)
        field.label, field.type = _FIELD.LABEL_REPEATED, _FIELD.TYPE_MESSAGE
        field.type_name = f".{PACKAGE}.{message.name}.{entry.name}"

    def _kind(self, field: descriptor_pb2.FieldDescriptorProto, shape: Shape) -> None:
        if isinstance(shape, Scalar):
            field.type = _KINDS[shape.kind]
            return
        field.type = _FIELD.TYPE_MESSAGE
        if isinstance(shape, Struct):
            self._waiting.append(shape)
            field.type_name = f".{PACKAGE}.{shape.name}"
        else:
            field.type_name = _VALUE if isinstance(shape, Json) else _LIST if isinstance(shape, ListOf) else _MAP


def _entry_name(field: str) -> str:
    """Return the name that protobuf prescribes for a map's entry type."""
    return "".join(part[:1].upper() + part[1:] for part in field.split("_")) + "Entry"
