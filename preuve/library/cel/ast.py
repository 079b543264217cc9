"""CEL's checked tree as protobuf messages (`cel.expr.CheckedExpr`; only the needed part is declared).

Only type-checking and partial evaluation need protobuf: a run with compiled conditions and everything read does not
load it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_SCALAR = {"s": 9, "i": 3, "u": 4, "d": 1, "b": 8, "e": 5, "bytes": 12}
_SCHEMA: dict[str, list[tuple[str, int, str, bool]]] = {
    "Any": [("type_url", 1, "s", False), ("value", 2, "bytes", False)],
    "Abstract": [("name", 1, "s", False), ("parameter_types", 2, "Type", True)],
    "Empty": [],
    "ListType": [("elem_type", 1, "Type", False)],
    "Type": [
        ("dyn", 1, "Empty", False),
        ("list_type", 6, "ListType", False),
        ("message_type", 9, "s", False),
        ("abstract_type", 14, "Abstract", False),
    ],
    "Entry": [("key", 1, "i", False), ("value", 2, "Type", False)],
    "Const": [
        ("null_value", 1, "e", False),
        ("bool_value", 2, "b", False),
        ("int64_value", 3, "i", False),
        ("uint64_value", 4, "u", False),
        ("double_value", 5, "d", False),
        ("string_value", 6, "s", False),
        ("bytes_value", 7, "bytes", False),
    ],
    "Ident": [("name", 1, "s", False)],
    "Select": [("operand", 1, "Expr", False), ("field", 2, "s", False), ("test_only", 3, "b", False)],
    "Call": [("target", 1, "Expr", False), ("function", 2, "s", False), ("args", 3, "Expr", True)],
    "List": [("elements", 1, "Expr", True), ("optional_indices", 2, "e", True)],
    "Struct": [("message_name", 1, "s", False), ("entries", 2, "StructEntry", True)],
    "StructEntry": [("map_key", 3, "Expr", False), ("value", 4, "Expr", False), ("optional_entry", 5, "b", False)],
    "Comprehension": [
        ("iter_var", 1, "s", False),
        ("iter_range", 2, "Expr", False),
        ("accu_var", 3, "s", False),
        ("accu_init", 4, "Expr", False),
        ("loop_condition", 5, "Expr", False),
        ("loop_step", 6, "Expr", False),
        ("result", 7, "Expr", False),
    ],
    "Expr": [
        ("id", 2, "i", False),
        ("const_expr", 3, "Const", False),
        ("ident_expr", 4, "Ident", False),
        ("select_expr", 5, "Select", False),
        ("call_expr", 6, "Call", False),
        ("list_expr", 7, "List", False),
        ("struct_expr", 8, "Struct", False),
        ("comprehension_expr", 9, "Comprehension", False),
    ],
    "Place": [("key", 1, "i", False), ("value", 2, "i", False)],
    "Source": [("positions", 4, "Place", True)],
    "Checked": [("type_map", 3, "Entry", True), ("expr", 4, "Expr", False), ("source_info", 5, "Source", False)],
}


def checked(serialized: bytes) -> Any:
    """Parse the binding's serialised expression: `type_map`, `expr` and `source_info`."""
    wrapped = _class("Any")()
    wrapped.ParseFromString(serialized)
    result = _class("Checked")()
    result.ParseFromString(wrapped.value)
    return result


@cache
def _class(name: str) -> Any:
    from google.protobuf import message_factory  # noqa: PLC0415

    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"ast.{name}"))


@cache
def _pool() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool  # noqa: PLC0415

    file = descriptor_pb2.FileDescriptorProto(name="ast.proto", package="ast", syntax="proto2")
    for name, fields in _SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, number, kind, repeated in fields:
            entry: Any = message.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in _SCALAR:
                entry.type = _SCALAR[kind]
                entry.options.packed = repeated
            else:
                entry.type, entry.type_name = 11, f".ast.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool
