"""What is built like a secret beside a word that tells of one, however the language of the text writes it: with
nothing but signs and the words of a notation between them (`<Password><Value>x`, `password: |` and a line below,
`q(x)`), later on the same line, or handed over by an option or in a login. No grammar says that it is one, so that it
is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.redact.notations.definition import SECRET, At, Column, judged
from preuve.redact.notations.names import Telling, tells
from preuve.redact.notations.values import is_built_like_key, is_whole

# Capitals, small letters and digits in one run; a number that is written in hex; a UUID.
_RUN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[a-z0-9]{0,40}[A-Z])(?=[A-Z0-9]{0,40}[a-z])(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{8,200}+"
    r"|[0-9a-f]{32,128}+(?![A-Za-z0-9])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_REACH = 160  # signs before it
_BEFORE, _AFTER = re.compile(r"[^\s\"'`<>()\[\]{},;|]*\Z"), re.compile(r"[^\s\"'`<>()\[\]{},;|]*")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
# The name before it, with the signs and the words of a notation between.
_NAMED = re.compile(
    r"(?P<name>[A-Za-z_][\w.-]{1,80})[^\w\n]{0,40}\n?[^\w\n]{0,40}(?:(?<=[^\w\s])[A-Za-z]{1,10}[^\w\n]{1,20}\n?){0,2}\Z"
)
# An option of a command, or what signs in, before it.
_HANDED = re.compile(
    r"(?:^|\s)(?:--?[A-Za-z][\w-]{0,30}[ =]|(?:log-?in|sign-?in|auth)[ ]{1,3})[\"']?(?:[\w.-]{1,64}[:/])?\Z"
)
_LOGIN_BEFORE, _LOGIN_AFTER = re.compile(r"(?:(?:^|[\s\"'=])[\w.-]{1,64}/|://)\Z"), re.compile(r"@[\w.-]{1,200}")
_OF_AWS = "SecureString"
_IN_TEXT = At(Column.TEXT)


def stands_beside(text: str) -> bool:
    """Return whether something that is built like a secret stands beside what tells of one."""
    return any(_is_told(text, run) for run in _RUN.finditer(text))


def _is_told(text: str, run: re.Match[str]) -> bool:
    before = text[max(0, run.start() - _REACH) : run.start()]
    begin = _BEFORE.search(before)
    start = run.start() - len(begin[0]) if begin else run.start()
    end = _AFTER.match(text, run.end())
    word = text[start : end.end() if end else run.end()]
    if not is_whole(word) or judged(word.rpartition("=")[2] or word, _IN_TEXT) != SECRET:
        return False
    like_key = is_built_like_key(run[0])
    if like_key and (_HANDED.search(before) or (_LOGIN_BEFORE.search(before) and _LOGIN_AFTER.match(text, run.end()))):
        return True
    named = _NAMED.search(before)
    if named and _tells(named["name"]):
        return True
    return like_key and any(map(_tells, _words(before.rpartition("\n")[2])))


def _words(line: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(line))


def _tells(name: str) -> bool:
    return name == _OF_AWS or tells(name, free=True) is Telling.SURELY
