"""Functions of encodings: base64, CSV, and URLs. JSON and YAML are in `documents.py`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import quote_plus, unquote_to_bytes

from preuve.collect.code.language.hcl.functions.signature import MOST_ITEMS, TEXT, Function, Parameter, too_much
from preuve.collect.code.language.values.type import STRING
from preuve.collect.code.language.values.value import (
    Base64Text,
    JsonText,
    PartText,
    RefusedError,
    Unknown,
    Value,
    composed,
    unknown,
)

_ENCODINGS = {"UTF-8": "utf-8", "UTF-16LE": "utf-16-le", "UTF-16BE": "utf-16-be"}
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)
_ESCAPES = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _from_base64(text: str) -> bytes:
    kept = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(kept):
        raise RefusedError("no base64")
    try:
        return base64.b64decode(kept)
    except binascii.Error:
        raise RefusedError("no base64") from None


def decoded_text(content: bytes) -> str:
    """Return the text of bytes. Raises RefusedError if they are no text."""
    try:
        return composed(content.decode())
    except UnicodeDecodeError:
        raise RefusedError("no text") from None


def encoded_bytes(content: bytes) -> str:
    """Encode bytes in base64."""
    return base64.b64encode(content).decode("ascii")


def _base64encode(text: Value) -> Value:
    if not isinstance(text, Unknown):
        return encoded_bytes(text.encode())
    found = unknown(text)
    if not isinstance(text, PartText | JsonText):
        return found
    return Base64Text(found.causes, sources=found.sources, computed=True, written=found.written, value=text)


def _textencode(text: str, encoding: str) -> Value:
    if encoding not in _ENCODINGS:
        return unknown(why=f"the encoding {encoding[:40]}")
    return encoded_bytes(text.encode(_ENCODINGS[encoding]))


def _textdecode(text: str, encoding: str) -> Value:
    if encoding not in _ENCODINGS:
        return unknown(why=f"the encoding {encoding[:40]}")
    try:
        return composed(_from_base64(text).decode(_ENCODINGS[encoding]))
    except UnicodeDecodeError:
        return unknown(why="a text that its encoding cannot have")


def _urldecode(text: str) -> Value:
    if _ESCAPES.search(text):
        raise RefusedError("no link: a percent sign that escapes nothing")
    try:
        return composed(unquote_to_bytes(text.replace("+", " ")).decode())
    except UnicodeDecodeError:
        return unknown(why="a link that holds no text")


def _csvdecode(text: str) -> Value:
    rows = []
    for row in _csv_rows(text):
        rows.append(row)
        if len(rows) > MOST_ITEMS:
            return too_much("csvdecode()")
    if not rows:
        raise RefusedError("CSV without a first line")
    names = [composed(name) for name in rows[0]]
    if len(set(names)) < len(names):
        raise RefusedError("CSV with two columns of one name")
    if any(len(row) != len(names) for row in rows):
        raise RefusedError("CSV with a line of another length")
    return [dict(zip(names, map(composed, row), strict=True)) for row in rows[1:]]


def _csv_rows(text: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV as Go parses it, which rejects some forms that Python's reader accepts."""
    lines = _csv_lines(text)
    for line in lines:
        if line in ("", "\n"):
            continue
        row: list[str] = []
        rest: str | None = line
        while rest is not None:
            field, rest = _quoted(rest[1:], lines) if rest.startswith('"') else _bare(rest)
            row.append(field)
        yield row


def _csv_lines(text: str) -> Iterator[str]:
    for line in re.findall("[^\n]*\n|[^\n]+$", text):
        yield line[:-2] + "\n" if line.endswith("\r\n") else line.removesuffix("\r")


def _bare(line: str) -> tuple[str, str | None]:
    field, comma, rest = line.partition(",")
    if not comma:
        field = field.removesuffix("\n")
    if '"' in field:
        raise RefusedError("CSV with a quote inside of a field")
    return field, rest if comma else None


def _quoted(line: str, lines: Iterator[str]) -> tuple[str, str | None]:
    field: list[str] = []
    while True:
        before, quote, rest = line.partition('"')
        field.append(before)
        if not quote:
            line = next(lines, "")
            if not line:
                raise RefusedError("CSV with a quote that is not closed")
        elif rest.startswith('"'):
            field.append('"')
            line = rest[1:]
        elif rest in ("", "\n"):
            return "".join(field), None
        elif rest.startswith(","):
            return "".join(field), rest[1:]
        else:
            raise RefusedError("CSV with letters after a quote")


FUNCTIONS = {
    "base64decode": Function(lambda text: decoded_text(_from_base64(text)), (TEXT,)),
    "base64encode": Function(_base64encode, (Parameter(STRING, unknown=True),)),
    "csvdecode": Function(_csvdecode, (TEXT,)),
    "textdecodebase64": Function(_textdecode, (TEXT, TEXT)),
    "textencodebase64": Function(_textencode, (TEXT, TEXT)),
    "urldecode": Function(_urldecode, (TEXT,)),
    "urlencode": Function(lambda text: quote_plus(text, safe="~"), (TEXT,)),
}
