"""Finds the values that a name announces as secrets, in one pass: a name, a joint, and a value.

The names are those of tags and variables, too (`preuve/library/words.py`). A value beside one is removed unless it is
known to be harmless (`preuve/redact/announcements/values.py`). Every search before and after a joint is bounded, or
ends where the next one begins, so that hostile text takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preuve.redact.announcements.announcers import CLAUSE, PHRASE, REACH, begins_with_secret, judged
from preuve.redact.announcements.joints import BLANK, JOINT
from preuve.redact.announcements.value_bounds import value_at, without_end
from preuve.redact.announcements.values import Proof, goes

_AFTER = 5  # characters after a value
_TOKEN = re.compile(r"\S{1,100}\Z")
_QUOTED = "\"'`«»“”()[]<>,;:"
# Between two of several secrets.
_ALSO = re.compile(
    rf"(?:\\?[\"'`]|{BLANK}?»)?(?:{BLANK}{{0,2}}(?:[,;/+|]|[-=]>|→){BLANK}{{0,2}}"
    rf"|{BLANK}(?i:to|into|and|or|then|et|ou|puis|à|en|par){BLANK}"
    rf"|{BLANK}\(?(?i:ancien|nouveau|old|new)(?:{BLANK}?:)?{BLANK})(?:\\?[\"'`]|«{BLANK}?)?"
)
_TOKEN_OF_MANY = re.compile(r"[^\s\"'`«»,;|<>]{8,100}")
_SIGN_OF_WORD = re.compile(r"[^\W_]")
_ASSIGNS = re.compile(r"[=:]\S")
_KEY = re.compile(r"[\w.-]+:(?!\S)|-(?!\S)")  # on the next line: a member, an item
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_SPOKEN = frozenset({"colon", "equals", "says"})
_MORE = re.compile(r"(?:[ \u00a0]+[^\W\d_][\w'’.-]*)*")  # words of a passphrase or of a name


@dataclass(frozen=True)
class Announcement:
    """A secret in a text: the place of its value, and whether a one-word name or a phrase announces it."""

    start: int
    end: int
    kind: str


def announced(text: str) -> Iterator[Announcement]:
    """Yield the secrets that a name announces, in the order of the text."""
    done = place = 0
    while joint := JOINT.search(text, place):
        found = _beside(text, joint)
        for one in _several(text, found) if found and found.start >= done else ():
            yield one
            done = one.end
        # A match that is no joint may contain one: only values that were removed earlier are skipped.
        place = max(done, joint.end() if joint["left"] else joint.start() + 1)


def _several(text: str, found: Announcement) -> Iterator[Announcement]:
    """Yield a secret and the values after it that are built like one: `A1b2C3d4, E5f6G7h8`, `from … to …`."""
    one: Announcement | None = found
    while one:
        yield one
        one = _next(text, one)


def _next(text: str, found: Announcement) -> Announcement | None:
    also = _ALSO.match(text, found.end)
    value = _TOKEN_OF_MANY.match(text, also.end()) if also else None
    if value is None:
        return None
    said = without_end(value[0])
    proof = Proof.WEAK if _shape(said) == _shape(text[found.start : found.end]) else Proof.FAR
    if _ASSIGNS.search(said) or not goes(said, text[value.end() : value.end() + _AFTER], proof):
        return None
    return Announcement(value.start(), value.start() + len(said), found.kind)


def _beside(text: str, joint: re.Match[str]) -> Announcement | None:
    """Return the secret on one side of a joint, if the text on the other side announces one."""
    return _after(text, joint) or (_before(text, joint) if joint.lastgroup in ("says", "role") else None)


def _before(text: str, joint: re.Match[str]) -> Announcement | None:
    """Return the secret before a joint (`… is the password`, `… as password`), if it is built like one."""
    clause = CLAUSE.match(text, joint.end(), joint.end() + REACH)
    token = _TOKEN.search(text, max(0, joint.start() - REACH), joint.start())
    if clause is None or token is None or not begins_with_secret(clause[0]):
        return None
    value = token[0].strip(_QUOTED)
    start = token.start() + token[0].index(value)
    return Announcement(start, start + len(value), PHRASE) if value and goes(value, "", Proof.FAR) else None


def _after(text: str, joint: re.Match[str]) -> Announcement | None:
    proof, kind = judged(text, joint)
    place = value_at(text, joint) if proof else None
    if place is None:
        return None
    start, end = place
    value = text[start:end]
    if "\n" in joint[0]:
        proof = Proof.NONE if _KEY.match(text, start) else min(proof, Proof.WEAK)
    if not proof or not goes(value, text[end : end + _AFTER], proof):
        return None
    if proof is Proof.SURE and joint.lastgroup in _SPOKEN and joint[0][-1:].isspace() and _WORD.fullmatch(value):
        more = _MORE.match(text, end)
        end = more.end() if more else end
    return Announcement(start, end, kind)


def _shape(value: str) -> str:
    """Return the positions of letters and digits, and of the signs between them."""
    return _SIGN_OF_WORD.sub("x", value)
