"""Finds values that have the form of a secret near a word that announces one, whatever the syntax: only punctuation and
words of a notation lie between them (`<Password><Value>x`, `password: |` with the value on the next line, `q(x)`), the
value follows an option or is part of a login, or it is built like a key and the word stands on its line or a
neighbouring one (`echo x > /run/secrets/db_password`). Since no grammar confirms it, a hit is a doubt, not a failure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain

from preuve.collect.code.secrets.contents.encoded_parts import encoded_in
from preuve.redact.notations.definition import NONE, Column, ValuePlace, judged
from preuve.redact.notations.names import announces, may_name_key, tells
from preuve.redact.notations.values import is_built_like_key, is_hash_of_one, is_key, is_whole

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
_SIGNS_IN = re.compile(
    r"(?i)(?:^|\s)(?:log-?in|sign-?in|auth|identified by) {1,3}(?:[\w.@-]{1,64}:|[\"'])?\Z"
    r"|\buser \S{1,64} on >\Z"  # of Redis
    r"|\bcreateuser \S{1,64} \w{1,9} [\"']?\Z"  # of SNMP
    r"|\]:\d{1,5}[ \t]{1,9}[\w.@-]{1,64}:\Z"  # of Postfix: a host, and who signs in there
    r"|\bclear-?text[\"']?[=:] ?[\"']?\Z"
)
_HANDED = re.compile(r"(?:^|\s)--?[A-Za-z][\w-]{0,30}[ =][\"']?(?:[\w.-]{1,64}[:/])?\Z")
_LOGIN_BEFORE, _LOGIN_AFTER = (
    re.compile(r"(?:(?:^|[\s\"'=])[\w.-]{1,64}/|://)\Z"),
    re.compile(r"[\w+.~%-]{0,200}@[\w.-]"),
)
_WORDS = re.compile(r"[A-Za-z_][\w-]{1,80}+(?![\"']?\s{0,3}=)")  # not what is assigned: that is another value
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}")
_LINES_BEFORE, _LINES_AFTER = 2, 1  # beside that of a value that is built like a key
_MEMBER = re.compile(r"\b[A-Za-z_]\w{0,40}\.\Z")  # a name in a program: `env.X`
_ENCODED = re.compile(r"[\w+/-]*")
# What a word may be that is built like a key and is none: part of a path or an address, a name of AWS, a public key, a
# hash, a variable, a number, a name that is called or assigned.
_STEP = re.compile(r"[a-z_][a-z_.-]{2,}")
_STEPS = 2  # beside what is built like a key; one alone may be who signs in, or a part of base64
_EXPLAINED = re.compile(r"arn:|[a-z][a-z0-9+.-]{0,20}://|(?:\.{0,2}|~)/|AAAA[BCE]|sha\d{3}[-:]|\$|%|0x")
_CALLED = re.compile(r"[\w.]{0,200}(?:\s?\(|\s?=(?=[^\s=\"']))")
_PUBLIC = re.compile(r"-----BEGIN (?![^-\n]{0,60}PRIVATE)[^-\n]{1,80}-----[^-]{0,100000}+-----END")
_OF_AWS = "SecureString"
_IN_TEXT = ValuePlace(Column.TEXT)


def has_secret_near_name(text: str) -> bool:
    """Return whether a value with the form of a secret stands near a word that announces one."""
    return next(secrets_near_names(text), None) is not None


def secrets_near_names(text: str) -> Iterator[int]:
    """Yield the position of each value with the form of a secret that stands near a word that announces one."""
    words = ((run, *_word(text, run)) for run in _RUN.finditer(text))
    told = [run.start() for run, word, start in words if _is_told(text, run, word, start) and _is_one(text, run, word)]
    # An encoded part is judged by its decoded text.
    opened = [start for start, inside in encoded_in(text) if inside is not None] if told else []
    yield from _outside(text, told, opened)


def has_unexplained_key(text: str) -> bool:
    """Return whether a word is built like a key, and nothing in it or around it says that it is something else."""
    text = _PUBLIC.sub("", text)
    runs = (run for run in _RUN.finditer(text) if is_built_like_key(run[0]))
    open_ = (run.start() for run in runs if not _is_explained(text, run))
    first = next(open_, None)
    if first is None:
        return False
    opened = [start for start, inside in encoded_in(text) if inside is not None]
    return next(_outside(text, chain((first,), open_), opened), None) is not None


def _outside(text: str, starts: Iterable[int], opened: Iterable[int]) -> Iterator[int]:
    """Yield the positions that are not in one of the encoded words that begin where it is said."""
    begins, ends = list[int](), list[int]()
    for begin in sorted(opened):
        if not ends or begin > ends[-1]:
            word = _ENCODED.match(text, begin)
            begins.append(begin)
            ends.append(word.end() if word else begin)
    for start in starts:
        number = bisect_right(begins, start) - 1
        if number < 0 or start > ends[number]:
            yield start


def _is_explained(text: str, run: re.Match[str]) -> bool:
    word, start = _word(text, run)
    steps = word.split("/")
    path = len([step for step in steps if _STEP.fullmatch(step)]) >= _STEPS  # a key may have a slash or two
    called = _CALLED.match(text, run.end())
    return bool(path or called or _EXPLAINED.match(text, start)) or not _is_one(text, run, word)


def _word(text: str, run: re.Match[str]) -> tuple[str, int]:
    """Return the word in which a run stands, behind a sign that assigns it, and its position."""
    begin, end = (
        _BEFORE.search(text, max(0, run.start() - _REACH), run.start()),
        _AFTER.match(text, run.end(), run.end() + _REACH),
    )
    before = text[begin.start() if begin else run.start() : run.start()].rpartition("=")[2]
    return before + text[run.start() : end.end() if end else run.end()], run.start() - len(before)


def _is_one(text: str, run: re.Match[str], word: str) -> bool:
    """Return whether the definition of a secret does not exclude the word around a run."""
    if _MEMBER.search(text, max(0, run.start() - _REACH), run.start()):
        return False
    return is_whole(word) and judged(word, _IN_TEXT) != NONE


def _is_told(text: str, run: re.Match[str], word: str, start: int) -> bool:
    """Return whether the text before a run, or before the word around it, announces a secret."""
    before = text[max(0, run.start() - _REACH) : run.start()]
    if _SIGNS_IN.search(before) or _is_under_name(before, run[0]):
        return True
    if start < run.start() and _is_under_name(text[max(0, start - _REACH) : start], word):
        return True
    if not is_built_like_key(run[0]):
        return False
    login = _LOGIN_BEFORE.search(before) and _LOGIN_AFTER.match(text, run.end(), run.end() + _REACH)
    return bool(login or _HANDED.search(before)) or _is_beside_word(text, run)


def _is_beside_word(text: str, run: re.Match[str]) -> bool:
    """Return whether a word on the line of a run, or on a line beside it, announces a secret."""
    begin = max(0, run.start() - _REACH)
    around = _BASE64.sub(lambda found: "~" * len(found[0]), text[begin : run.end() + _REACH])  # has words by chance
    before = around[: run.start() - begin].split("\n")[-1 - _LINES_BEFORE :]
    after = around[run.end() - begin :].split("\n")[: 1 + _LINES_AFTER]
    return any(_tells(word[0]) for line in (*before, *after) for word in _WORDS.finditer(line))


def _is_under_name(before: str, value: str) -> bool:
    """Return whether a name that announces a secret, or perhaps a key, precedes a value, with only punctuation or
    notation between.
    """
    names = [*_NAME.finditer(before)][-_NEAREST:]
    told = (name for name in names if _SIGNS.fullmatch(_NOTATION.sub("", before[name.end() :])))
    tells_of_one = _may_tell if is_key(value) else _tells
    return any(tells_of_one(name[0]) and not is_hash_of_one(name[0], value) for name in told)


def _tells(name: str) -> bool:
    return name == _OF_AWS or announces(name)


def _may_tell(name: str) -> bool:
    return _tells(name) or (not is_key(name) and (bool(tells(name, free=True)) or may_name_key(name)))
