"""Functions that write values as JSON, base64 and the like, and read them."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import urllib.parse
from decimal import Decimal
from typing import Any

from preuve.collect.iac.language.functions.signature import ANYTHING, TEXT, Function, Parameter
from preuve.collect.iac.language.type import STRING
from preuve.collect.iac.language.value import (
    Encoded,
    Named,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
    number,
    number_text,
    sources_of,
    unknown,
)

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _jsonencode(value: Value) -> Value:
    if isinstance(value, Unknown):
        return Encoded(value.causes, sources=value.sources, value=value)
    sources = sources_of([value])
    if not is_known(value):
        return Encoded(unknown(value).causes, sources=sources, value=value)
    text = _written(value)
    return Named(text, sources) if sources else text


def _written(value: Value) -> str:
    if isinstance(value, str):
        text = json.dumps(str(value), ensure_ascii=False)
        for sign, escape in _ESCAPED.items():
            text = text.replace(sign, escape)
        return text
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple | Set):
        return "[" + ",".join(map(_written, value.members if isinstance(value, Set) else value)) + "]"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return number_text(value)


def _jsondecode(value: Value) -> Value:
    if isinstance(value, Encoded):
        return value.value
    if isinstance(value, Unknown):
        return unknown(value)
    try:
        return _read(json.loads(value, parse_float=Decimal, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        raise RefusedError("not JSON") from error


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        return {key: _read(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(map(_read, value))
    return number(value) if isinstance(value, Decimal) else value


def _base64decode(text: str) -> Value:
    try:
        return base64.b64decode(text.encode(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise RefusedError("not base64 of a text") from error


def _csvdecode(text: str) -> Value:
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or len(set(rows[0])) != len(rows[0]) or any(len(row) != len(rows[0]) for row in rows[1:] if row):
        raise RefusedError("not CSV with a line of names")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row]


_TEXT_OR_NOT = Parameter(STRING, unknown=True)

FUNCTIONS = {
    "jsonencode": Function(_jsonencode, (ANYTHING,)),
    "jsondecode": Function(_jsondecode, (_TEXT_OR_NOT,)),
    "base64encode": Function(lambda text: base64.b64encode(text.encode()).decode(), (TEXT,)),
    "base64decode": Function(_base64decode, (TEXT,)),
    "csvdecode": Function(_csvdecode, (TEXT,)),
    "urlencode": Function(lambda text: urllib.parse.quote_plus(text, safe="~"), (TEXT,)),
}
