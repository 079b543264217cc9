"""JSON Schema validation whose errors have file, line and column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preuve.library.suggestion import suggest
from preuve.library.yaml.documents import Document
from preuve.library.yaml.place import content_root
from preuve.model.errors import Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_SHOWN = 80
_CLOSED = "additionalProperties"
_TYPES: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean", dict: "object"}
_EMPTY = frozenset({"minLength", "minItems", "minProperties"})


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of a schema of the content, named by its path below the content root."""
    path: Path = content_root() / name
    found: Draft202012Validator = _quick()(json.loads(path.read_text(encoding="utf-8")))  # lint checks the schema
    return found


@cache
def _quick() -> Any:
    """Return a class of validators that tries the alternative with matching keys first. In the other alternatives, the
    parts of the value would be validated again, and their parts again in each of theirs. A member that is checked
    without a validator gets none: making one takes longer than looking at a text.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes long to load, and code may have no workspace
    from jsonschema.validators import extend  # noqa: PLC0415

    every, each = (Draft202012Validator.VALIDATORS[name] for name in ("oneOf", "properties"))

    def one_of(validator: Any, alternatives: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
        meant = [one for one in alternatives if _may_be_meant(one, instance)]
        if len(meant) != 1 or not validator.evolve(schema=meant[0]).is_valid(instance):
            yield from every(validator, alternatives, instance, schema)

    def properties(validator: Any, members: Mapping[str, Any], instance: Any, schema: Any) -> Iterator[Any]:
        if isinstance(instance, dict):
            there = {name: one for name, one in members.items() if name in instance}
            left = {name: one for name, one in there.items() if not _fits(one, instance[name])}
            yield from each(validator, left, instance, schema)

    changed = {"oneOf": one_of, "properties": properties}
    return extend(Draft202012Validator, changed)  # type: ignore[no-untyped-call]


def _fits(schema: bool | Mapping[str, Any], value: Any) -> bool:
    """Return whether a value surely fits a schema that requires one type or one of some texts."""
    if isinstance(schema, bool):
        return schema
    if schema.keys() == {"enum"}:
        return isinstance(value, str) and value in schema["enum"]
    return schema.keys() <= {"type", "description"} and _TYPES.get(type(value), "") == schema.get("type")


def _may_be_meant(alternative: bool | Mapping[str, Any], instance: Any) -> bool:
    """Return whether an alternative has the kind of a value, allows its keys, and requires no others."""
    if isinstance(alternative, bool):
        return alternative
    if "enum" in alternative:
        return instance in alternative["enum"]
    if not isinstance(instance, dict):
        return alternative.get("type") != "object"
    keys, known = set(instance), set(alternative.get("properties", ()))
    closed = alternative.get(_CLOSED) is False and "patternProperties" not in alternative
    return keys.issuperset(alternative.get("required", ())) and (not closed or keys <= known)


def problems(document: Document, schema: str) -> list[Problem]:
    """Return everything that the schema refuses in a document."""
    errors = [leaf for error in validator(schema).iter_errors(document.data) for leaf in _leaves(error)]
    unknown = {tuple(error.absolute_path): _unknown(error) for error in errors if error.validator == _CLOSED}
    return [
        problem
        for error in errors
        if not _misspelt(error, unknown.get(tuple(error.absolute_path), ()))
        for problem in _problems(document, error)
    ]


def _unknown(error: ValidationError) -> list[str]:
    """Return the keys that a closed mapping does not have."""
    known = _schema(error).get("properties", {})
    return [str(key) for key in _instance(error) if key not in known]


def _misspelt(error: ValidationError, unknown: Iterable[str]) -> bool:
    """Return whether a missing key is reported already, because one of the unknown keys is a misspelling of it."""
    missing = error.message.split("'")[1] if error.validator == "required" else ""
    return any(suggest(key, [missing]) for key in unknown) if missing else False


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors that name a cause; for alternatives, those of the best match."""
    if not error.context:
        yield error
        return
    best = max(error.context, key=lambda inner: (len(inner.absolute_path), -_type_error(inner)))
    deepest = [inner for inner in error.context if inner.schema_path[0] == best.schema_path[0]]
    for inner in deepest:
        yield from _leaves(inner)


def _schema(error: ValidationError) -> dict[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _instance(error: ValidationError) -> Any:
    return error.instance


def _type_error(error: ValidationError) -> int:
    """Return 1 if the value is of another kind than this alternative expects, so that another alternative was meant."""
    scalar_wanted = error.validator in ("const", "enum") and isinstance(error.instance, list | dict)
    return 1 if error.validator == "type" or scalar_wanted else 0


_KINDS = {
    "string": "a text",
    "object": "keys",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def _problems(document: Document, error: ValidationError) -> Iterator[Problem]:
    """Yield the problems of an error, at the wrong key if there is one."""
    path = tuple(error.absolute_path)
    where = ".".join(str(part) for part in path) or "the file"
    if error.validator == _CLOSED:
        known = sorted(_schema(error).get("properties", {}))
        for key in _unknown(error):
            hint = "; ".join([*filter(None, [suggest(key, known)]), f"known: {', '.join(known)}"])
            yield Problem(document.key_position(*path, key), f"{where}: unknown key {key}", hint)
        return
    at = document.position(*path)
    if "propertyNames" in error.absolute_schema_path and isinstance(error.instance, str):
        at = document.key_position(*path, error.instance)
    yield Problem(at, f"{where}: {_message(error)}", _hint(error))


def _message(error: ValidationError) -> str:
    if error.validator in _EMPTY and not error.instance:
        return "is empty"
    if error.validator == "maxProperties" and error.validator_value == 1:
        return _alone(error)
    if error.validator == "oneOf" and isinstance(error.instance, dict):  # several of them fit
        alternatives: Any = error.validator_value
        required = {key for one in alternatives for key in one.get("required", ())}
        return f"{', '.join(sorted(required & error.instance.keys()))} do not go together"
    if error.validator == "required":
        return error.message.replace("is a required property", "is missing")
    if error.validator == "type" and isinstance(error.instance, str) and _wanted(error) & {"object", "array"}:
        return "a text is not valid"  # not shown: it may be a secret in the wrong place
    value = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    return f"{shown} is not valid" if error.validator in ("enum", "pattern", "type", "const") else error.message[:200]


def _alone(error: ValidationError) -> str:
    """Return which key allows no other key with it, if the schema has such a key."""
    names = [str(name) for name in _instance(error)]
    path = list(error.absolute_schema_path)
    key = path[path.index("dependentSchemas") + 1] if "dependentSchemas" in path else ""
    if key in names:
        return f"{key} does not go with {', '.join(name for name in names if name != key)}"
    return f"{', '.join(names)} do not go together"


def _wanted(error: ValidationError) -> set[str]:
    """Return the kinds of value that would fit."""
    expected: Any = error.validator_value
    return {expected} if isinstance(expected, str) else set(expected)


def _hint(error: ValidationError) -> str:
    expected: Any = error.validator_value
    if error.validator == "enum":
        return "one of " + ", ".join(str(item) for item in expected)
    if error.validator == "const":
        return f"must be {expected}"
    if error.validator == "type":
        quote = ": quote it" if expected == "string" and isinstance(error.instance, int | float | bool) else ""
        keys = sorted(_schema(error).get("properties", {})) if expected == "object" else ()
        below = f" below it: {', '.join(keys)}" if keys else ""
        return f"must be {' or '.join(_KINDS[kind] for kind in sorted(_wanted(error)))}{quote}{below}"
    if error.validator == "pattern":
        return str(_schema(error).get("description") or f"must match {expected}")
    if error.validator in _EMPTY:
        short = error.validator == "minLength" and error.instance
        return f"write at least {expected} characters" if short else "write something, or leave out the key"
    return ""
