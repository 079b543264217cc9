"""Functions of encodings: base64, CSV, and what a link may hold. JSON and YAML have modules of their own."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote_plus

from preuve.collect.code.language.hcl.functions.signature import MOST_ITEMS, TEXT, Function, Parameter, too_much
from preuve.collect.code.language.values.type import STRING
from preuve.collect.code.language.values.value import (
    Encoded,
    Packed,
    PartText,
    RefusedError,
    Unknown,
    Value,
    composed,
    unknown,
)

_ENCODINGS = {"UTF-8": "utf-8", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be"}
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)


def _from_base64(text: str) -> bytes:
    kept = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(kept):
        raise RefusedError("no base64")
    try:
        return base64.b64decode(kept)
    except binascii.Error:
        raise RefusedError("no base64") from None


def decoded_text(content: bytes) -> str:
    """Return the text of bytes. Raises RefusedError if they are none."""
    try:
        return composed(content.decode())
    except UnicodeDecodeError:
        raise RefusedError("no text") from None


def encoded_bytes(content: bytes) -> str:
    """Encode bytes in base64."""
    return base64.b64encode(content).decode("ascii")


def _textdecode(text: str, encoding: str) -> Value:
    if encoding not in _ENCODINGS:
        return unknown(why=f"the encoding {encoding[:40]}")
    try:
        return composed(_from_base64(text).decode(_ENCODINGS[encoding]))
    except UnicodeDecodeError:
        return unknown(why="a text that its encoding cannot have")


def _base64encode(text: Value) -> Value:
    if not isinstance(text, Unknown):
        return encoded_bytes(text.encode())
    found = unknown(text)
    if not isinstance(text, PartText | Encoded):
        return found
    return Packed(found.causes, sources=found.sources, computed=True, written=found.written, value=text)


def _csvdecode(text: str) -> Value:
    """Read a CSV without quotes and line ends of other systems, of which not every reader makes the same."""
    if '"' in text or "\r" in text:
        return unknown(text, why="CSV with quotes")
    rows = [line.split(",") for line in text.split("\n") if line]
    if len(rows) > MOST_ITEMS:
        return too_much("csvdecode()")
    if not rows:
        raise RefusedError("CSV without a first line")
    names = [composed(name) for name in rows[0]]
    if len(set(names)) < len(names) or any(len(row) != len(names) for row in rows):
        raise RefusedError("CSV with two columns of one name, or a line of another length")
    return [dict(zip(names, map(composed, row), strict=True)) for row in rows[1:]]


FUNCTIONS = {
    "base64decode": Function(lambda text: decoded_text(_from_base64(text)), (TEXT,)),
    "base64encode": Function(_base64encode, (Parameter(STRING, unknown=True),)),
    "csvdecode": Function(_csvdecode, (TEXT,)),
    "textdecodebase64": Function(_textdecode, (TEXT, TEXT)),
    "urlencode": Function(lambda text: quote_plus(text, safe="~"), (TEXT,)),
}
