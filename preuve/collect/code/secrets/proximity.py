"""Finds values that have the form of a secret near a word that announces one, whatever the syntax: only punctuation and
words of a notation lie between them (`<Password><Value>x`, `password: |` with the value on the next line, `q(x)`), or
the value follows an option or is part of a login. Since no grammar confirms it, a hit is a doubt, not a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.collect.code.secrets.contents.encoded_parts import encoded_in
from preuve.redact.notations.definition import NONE, Column, ValuePlace, judged
from preuve.redact.notations.names import Telling, tells
from preuve.redact.notations.values import is_built_like_key, is_whole

# A run with capitals, small letters and digits; a hexadecimal number; a UUID.
_RUN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[a-z0-9]{0,40}[A-Z])(?=[A-Z0-9]{0,40}[a-z])(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{8,200}+"
    r"|[0-9a-f]{32,128}+(?![A-Za-z0-9])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_REACH = 160  # characters before a run
_BEFORE, _AFTER = re.compile(r"[^\s\"'`<>()\[\]{},;|]*\Z"), re.compile(r"[^\s\"'`<>()\[\]{},;|]*")
_NAME = re.compile(r"(?<![\w/-])[A-Za-z_][\w.-]{1,80}")
_NEAREST = 4  # names before a run that are tried
# Notation between a name and its value; the pattern of what may remain without it.
_NOTATION = re.compile(r"</?[A-Za-z]{1,20}>|<!\[CDATA\[|(?i:\bvalue\b)|\bqq?\b")
_SIGNS = re.compile(r"[^\w\n]{0,60}+(?:(?<![,;])(?:\n[^\w\n]{0,60}+){1,2})?")
# A login word, or an option of a command, before a run.
_SIGNS_IN = re.compile(r"(?:^|\s)(?:log-?in|sign-?in|auth) {1,3}[\"']?\Z")
_HANDED = re.compile(r"(?:^|\s)--?[A-Za-z][\w-]{0,30}[ =][\"']?(?:[\w.-]{1,64}[:/])?\Z")
_LOGIN_BEFORE, _LOGIN_AFTER = (
    re.compile(r"(?:(?:^|[\s\"'=])[\w.-]{1,64}/|://)\Z"),
    re.compile(r"[\w+.~%-]{0,200}@[\w.-]"),
)
_MEMBER = re.compile(r"\b[A-Za-z_]\w{0,40}\.\Z")  # a name in a program: `env.X`
_ENCODED = re.compile(r"[\w+/-]*")
_OF_AWS = "SecureString"
_IN_TEXT = ValuePlace(Column.TEXT)


def has_secret_near_name(text: str) -> bool:
    """Return whether a value with the form of a secret stands near a word that announces one."""
    return next(secrets_near_names(text), None) is not None


def secrets_near_names(text: str) -> Iterator[int]:
    """Yield the position of each value with the form of a secret that stands near a word that announces one."""
    told = [run.start() for run in _RUN.finditer(text) if _is_told(text, run) and _is_one(text, run)]
    # An encoded part is judged by its decoded text.
    opened = [start for start, inside in encoded_in(text) if inside is not None] if told else []
    yield from (start for start in told if not any(_ENCODED.fullmatch(text, begin, start) for begin in opened))


def _is_one(text: str, run: re.Match[str]) -> bool:
    """Return whether the word around a run is not excluded by the definition of a secret."""
    begin, end = _BEFORE.search(text, max(0, run.start() - _REACH), run.start()), _AFTER.match(text, run.end())
    word = text[begin.start() if begin else run.start() : end.end() if end else run.end()]
    if _MEMBER.search(text, max(0, run.start() - _REACH), run.start()):
        return False
    return is_whole(word) and judged(word.rstrip("=").rpartition("=")[2], _IN_TEXT) != NONE


def _is_told(text: str, run: re.Match[str]) -> bool:
    before = text[max(0, run.start() - _REACH) : run.start()]
    if _SIGNS_IN.search(before) or _is_under_name(before):
        return True
    if not is_built_like_key(run[0]):
        return False
    login = _LOGIN_BEFORE.search(before) and _LOGIN_AFTER.match(text, run.end())
    return bool(login or _HANDED.search(before))


def _is_under_name(before: str) -> bool:
    """Return whether a name that announces a secret precedes a value, with only punctuation or notation between."""
    names = [*_NAME.finditer(before)][-_NEAREST:]
    return any(
        _tells(name[0]) and _SIGNS.fullmatch(_NOTATION.sub("", before[name.end() :])) is not None for name in names
    )


def _tells(name: str) -> bool:
    return name == _OF_AWS or tells(name, free=True) is Telling.SURELY
