"""Unpacks what a text contains: JSON, base64, gzip, build instructions, settings."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from preuve.collect.code.judgements.bodies import PART, Body, not_known
from preuve.collect.code.language.templates.source import TemplateError, parse
from preuve.collect.code.secrets.contents.archives import unpack
from preuve.collect.code.secrets.contents.key_bytes import is_for_everybody

_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{24,}+(?:={1,2}\s*+)?")
_BARE_PART = re.compile(rf"(?<=[:\[,]){PART.pattern}(?=[,\]}}])|(?<=[:\[,] ){PART.pattern}(?=\s*[,\]}}])")  # JSON
_ENCODED = frozenset({"userdata", "userdatabase64"})
_BEGINS = re.compile(r"[A-Za-z0-9+/]{24}")
_HASH = re.compile(r"[0-9A-Fa-f]+")
_LEAST_BYTES = 64  # characters of base64; a shorter one is judged as a word
_LEAST_LINES = 2  # lines with settings
_SETTING = re.compile(r"\s*+(?:[#;].*|\[[^\[\]]+\]|(?P<name>[\w.*-]+)\s*+=\s*+(?P<value>.*))")


def inside_of(name: str, text: str) -> Any:
    """Return what a text under a name contains in packed form, even if parts of the text are unknown; None if
    nothing.
    """
    inner = _build(text) if name.lower() == "buildspec" else _unpacked(text)
    if inner is None and not_known(text):
        inner = _unpacked(_BARE_PART.sub(r'"\g<0>"', text))
    return inner


def is_encoded_as_a_whole(name: str, text: str) -> bool:
    """Return whether AWS takes the value under a name only as base64: the start script of a machine."""
    bare = text.strip()
    by_chance = not bare.isalpha() and _HASH.fullmatch(bare) is None
    return name.lower().replace("_", "") in _ENCODED and by_chance and _BEGINS.match(bare) is not None


def is_packed(text: str) -> bool:
    """Return whether a part of a text may be base64 that cannot be decoded without the rest."""
    return _BASE64.fullmatch(text) is not None and " " not in text


def _unpacked(text: str) -> Any:
    """Decode a text that is JSON or base64; None if it is neither."""
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            value = json.loads(stripped)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict | list) else None
    return _decoded(stripped) if _BASE64.fullmatch(stripped) else None


def is_unexplained(text: str) -> bool:
    """Return whether a text is base64 of unexplained bytes: no text, nothing that unpacks, no public key or
    certificate.
    """
    bare = text.strip()
    if len(bare) < _LEAST_BYTES or _BASE64.fullmatch(bare) is None or not is_encoded_as_a_whole("userdata", bare):
        return False
    try:
        data = base64.b64decode("".join(bare.split()), validate=True)
    except binascii.Error:
        return False
    return not is_for_everybody(data) and not unpack(data).whole


def settings_in(text: str) -> Body | None:
    """Return the settings in a text of several lines (YAML, or names with `=`) whose names say which of them are
    secret. None for any other text, and for an unknown one.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < _LEAST_LINES or not_known(text):
        return None
    if all(map(_SETTING.fullmatch, lines)):
        found = [match for line in lines if (match := _SETTING.fullmatch(line)) and match["name"]]
        return {match["name"]: match["value"] for match in found} or None
    return _mapping(text)


def _build(text: str) -> Body | None:
    """Parse build instructions; None if they are not a mapping, or unknown."""
    return None if not_known(text) else _mapping(text)


def _mapping(text: str) -> Body | None:
    """Parse YAML; None if it is not a mapping."""
    try:
        value = parse(text)
    except TemplateError:
        return None
    return value if isinstance(value, dict) else None


def _decoded(text: str) -> str | None:
    """Return the decoded base64 of a text; None if it is no base64, or if not all of it was seen."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        return None
    found = unpack(data)
    inner = "\n".join(found.texts)
    return inner if inner and found.whole and all(sign.isprintable() or sign.isspace() for sign in inner) else None
