"""Transforms values between AWS's answer and the snapshot."""

from __future__ import annotations

import base64
import binascii
import csv
import datetime
import io
import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

from preuve.library.iam.policy_documents import iam_document
from preuve.library.json_data import is_deeper, leaves
from preuve.redact.secrets import in_map, in_text

_SCALARS = frozenset({str, bool, int, float})
DEEPEST = 100  # nesting levels; AWS writes far fewer, and Python itself fails somewhere beyond
_CSV_ABSENT = frozenset({"", "N/A", "no_information", "not_supported"})


class TransformError(Exception):
    """A value that does not fit the collector's declaration."""


class NoJsonError(TransformError):
    """A text that is no JSON although AWS accepts nothing else."""


def plain(value: Any) -> Any:
    """Return a parsed answer as JSON data: times as RFC 3339, bytes as text or base64, nulls dropped."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None and key != "ResponseMetadata"}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value if item is not None]
    if isinstance(value, datetime.datetime):
        return timestamp(value)
    if isinstance(value, bytes):
        return _text(value)
    return _text(value.read()) if hasattr(value, "read") else value


def timestamp(value: datetime.datetime) -> str:
    """Return a time as RFC 3339 in UTC, to the second."""
    aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return aware.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def apply(value: Any, transform: Any) -> Any:
    """Apply a transform of the vocabulary, or several in turn. Raises TransformError."""
    if transform is None:
        return value
    if value is None:  # AWS writes nothing for us-east-1; a table may map the empty text
        return transform["values"].get("") if isinstance(transform, Mapping) and "values" in transform else None
    if isinstance(transform, list):
        for step in transform:
            value = apply(value, step)
        return value
    try:
        return _one(value, transform)
    except (ValueError, TypeError, KeyError, AttributeError, csv.Error) as error:
        said = f"{transform} does not fit what was returned ({type(error).__name__})"
        raise (NoJsonError if isinstance(error, json.JSONDecodeError) else TransformError)(said) from error


def _one(value: Any, transform: Any) -> Any:
    if isinstance(transform, str):
        return _NAMED[transform](value)
    if "map" in transform:
        key, item = transform["map"]
        return {str(entry[key]): entry[item] for entry in value if entry.get(item) is not None}
    if "csv" in transform:
        return _csv(value, transform["csv"])
    return transform["values"].get(value or "", value)


def _json(value: Any) -> Any:
    return value if isinstance(value, Mapping | list) else _loaded(value)


def _loaded(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError if it is none, or nested deeper than any of AWS."""
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if is_deeper(value, DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _policy(value: Any) -> Any:
    if isinstance(value, str):
        value = urllib.parse.unquote(value) if value.startswith("%") else value
        value = _loaded(json.loads(f'"{value}"') if value.startswith("{\\") else value)  # so API Gateway writes it
    if value is not None and any(leaf is None for leaf in leaves(value)):
        raise ValueError("a policy that AWS keeps holds no null")
    return iam_document(value)


def _base64(value: str) -> str:
    try:
        return _text(base64.b64decode(value, validate=False))
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _secrets(value: Any) -> list[dict[str, str]]:
    return in_map(value, of_a_program=True) if isinstance(value, Mapping) else in_text(str(value))


_NAMED = {"json": _json, "policy": _policy, "base64": _base64, "secrets": _secrets}


def _csv(value: str, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(value))
    if not set(columns) <= set(rows.fieldnames or ()):
        raise ValueError("not the table that was expected")  # it must not count as an empty table
    return [
        {name: _cell(row[name], kind) for name, kind in columns.items() if row.get(name, "") not in _CSV_ABSENT}
        for row in rows
    ]


def _cell(text: str, kind: str) -> Any:
    if kind == "boolean":
        return text.lower() == "true"
    if kind == "integer":
        return int(text)
    if kind == "timestamp":
        return timestamp(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")))
    return text


def at_path(data: Any, steps: list[tuple[str, bool]], transform: Any) -> Any:
    """Return a copy of the data with the transform applied at the end of the path."""
    (name, opens), *rest = steps
    if not isinstance(data, Mapping) or name not in data:
        return data
    value = data[name]
    if opens and isinstance(value, list):
        changed = [at_path(item, rest, transform) if rest else apply(item, transform) for item in value]
    else:
        changed = at_path(value, rest, transform) if rest else apply(value, transform)
    return {**data, name: changed}
