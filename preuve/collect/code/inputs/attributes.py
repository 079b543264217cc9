"""Converts the arguments of a resource to the types of the AWS provider's schema.

`encrypted = "1"` is true, `from_port = "22"` a number, `value = 1` a text. Terraform converts before the provider sees
a value, so preuve converts before it judges one. A value that Terraform would reject is unknown; so is a text that may
be a boolean, if the schema of its argument is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.type import BOOL, NUMBER, STRING, Type
from preuve.collect.code.language.values.value import OneOf, RefusedError, Set, Unknown, Value, one_of_few, unknown
from preuve.library.yaml.place import content_root

_TYPES = {"bool": BOOL, "number": NUMBER, "string": STRING}
_TRUTH = {"true": True, "false": False}
# Texts that Go reads as booleans: in these attributes the provider tells null from false.
_OF_GO = dict.fromkeys(("1", "t", "T", "true", "True", "TRUE"), True)
_OF_GO |= dict.fromkeys(("0", "f", "F", "false", "False", "FALSE"), False)
_PERHAPS_TRUTH = frozenset({"0", "1"})
_OURS = "aws_"


def table_file() -> Path:
    """Return the table of kinds (`scanners/iac/README.md`)."""
    return content_root() / "scanners" / "iac" / "attributes.json"


@dataclass(frozen=True)
class Schema:
    """The kinds of the arguments of a resource type, by name, or by `.path` where one name has several kinds.

    Every member of a `map` is a text.
    """

    kinds: Mapping[str, str]
    of_aws: bool = True  # False: of another provider, a module or the like, whose schema is unknown

    def kind(self, path: tuple[str, ...]) -> str:
        """Return the kind of the argument at a path of names; "" if unknown."""
        return self.kinds.get(path[-1]) or self.kinds.get("." + ".".join(path), "")


@cache
def _schemas() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(table_file().read_text("utf-8"))["resources"]
    return found


@cache
def schema_of(type_: str) -> Schema:
    """Return the schema of a resource type; an empty one if it is unknown."""
    written = _schemas().get(type_, {})
    kinds = {name: kind for kind, names in written.items() for name in names.split()}
    return Schema(kinds, of_aws=type_.startswith(_OURS))


def as_provider_sees(type_: str, content: Content) -> Content:
    """Return the content of a block with every argument in its type and without nulls, which mean not set.

    `type_` is that of a resource, "" for other blocks.
    """
    return _typed(content, schema_of(type_), ())


def _typed(content: Content, schema: Schema, above: tuple[str, ...]) -> Content:
    return replace(
        content,
        arguments={
            name: _argument(value, schema, (*above, name))
            for name, value in content.arguments.items()
            if value is not None
        },
        blocks={
            label: [(written, _typed(inner, schema, (*above, label))) for written, inner in found]
            for label, found in content.blocks.items()
        },
        perhaps=[(label, _typed(inner, schema, (*above, label))) for label, inner in content.perhaps],
    )


def _argument(value: Value, schema: Schema, path: tuple[str, ...]) -> Value:
    """Return the converted value of an argument; convert the members of lists, sets and objects one by one."""
    if isinstance(value, OneOf):
        return one_of_few(unknown(value), [_argument(one, schema, path) for one in value.values])
    if isinstance(value, Set):
        return replace(value, members=tuple(_argument(item, schema, path) for item in value.members))
    if isinstance(value, list | tuple):
        return type(value)(_argument(item, schema, path) for item in value)
    return _alone(value, schema, path)


def _alone(value: Value, schema: Schema, path: tuple[str, ...]) -> Value:
    kind = schema.kind(path)
    if kind == "nullable":
        return _nullable(value, path)
    if isinstance(value, dict):
        if kind == "map":
            return {name: _converted(item, STRING, path) for name, item in value.items()}
        return {name: _argument(item, schema, (*path, str(name))) for name, item in value.items() if item is not None}
    return _converted(value, _TYPES[kind], path) if kind in _TYPES else _guessed(value, schema, path)


def _converted(value: Value, wanted: Type, path: tuple[str, ...]) -> Value:
    if isinstance(value, Unknown) and wanted is STRING:
        return value
    try:
        return convert(value, wanted)
    except RefusedError:
        return unknown(value, why=f"{path[-1]}, which is no {wanted.kind}")


def _nullable(value: Value, path: tuple[str, ...]) -> Value:
    """Return a boolean that the provider stores as text; an empty text is null."""
    text = _converted(value, STRING, path)
    if not isinstance(text, str):
        return text
    return _OF_GO[text] if text in _OF_GO else unknown(value, why=f"{path[-1]}, which is no bool") if text else None


def _guessed(value: Value, schema: Schema, path: tuple[str, ...]) -> Value:
    """Convert a value without a known type: a text such as "true" becomes a boolean."""
    if not isinstance(value, str):
        return value
    if schema.of_aws and value in _PERHAPS_TRUTH:
        return unknown(value, why=f"{path[-1]}, whose type is not known")
    return _TRUTH.get(value, value)
