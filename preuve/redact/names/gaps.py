"""The gaps between the words of a name: punctuation, a middle name or an initial, or the label of the next column."""

from __future__ import annotations

import re

from preuve.library.company.registers import FAMILY, GIVEN
from preuve.redact.lists.machines import PARTICLES
from preuve.redact.names.text import Text
from preuve.redact.names.variants import ordinary
from preuve.redact.spelling import plain

# Between two words: no letter, in whole escapes of JSON, of code in it and of mails. A quotation mark ends a value,
# unless it is the name of a tag and the next word its value.
_OTHER = r"\\[nrtbf\\\"/]|\\(?![\\\"])|=(?:[0-3][0-9a-f]|5[b-f]|7[b-e])|[^\\\"\w\s+]|[\d_]"
_SIGN = rf"(?:(?:\\++[nrt]|[\s+])++|{_OTHER})"  # around a word in between: a label, a middle name
_FEW = rf"(?:\\++[nrt]|[\s+]|{_OTHER}){{0,5}}"
# Any number of blanks, with one end of a line at most, behind which a comment may go on. With other signs beside them,
# or over an empty line, what stands apart is another item, column or sentence.
_BLANK = r"(?:[^\S\r\n]|\+|\\++t)"
_END = r"(?:\r?\n|\r|\\++r(?:\\++n)?|\\++n)"
_APART = rf"{_BLANK}*+(?:{_END}(?:{_BLANK}|_)*+(?:(?:#|//){_BLANK}++)?)?"
_PAIR = r"\"\s?:\s?\""
_ANY = rf"(?:{_SIGN}|\")"
_WORDED = rf"(?:{_ANY}{{1,6}}[^\W\d_]{{1,20}}){{1,4}}{_ANY}{{1,6}}"
BETWEEN = rf"({_FEW}|{_APART}|{_PAIR}|{_WORDED})"
_WORDLESS = re.compile(rf"{_FEW}|{_APART}|{_PAIR}")
REACH = 80  # characters between two words, and more
_LETTERS = re.compile(r"[^\W\d_]+")
_ESCAPE = re.compile(r"\\[nrtbf]|=(?:[0-3][0-9a-f]|5[b-f]|7[b-e])")
_MORE = "first last given family name surname fname lname key value"
_LABELS = frozenset(word for label in (*GIVEN, *FAMILY, _MORE) for word in _LETTERS.findall(plain(label)))
_MIDDLE = re.compile(
    r"(?P<sign>[ ._-])(?P<open>\\?\"|[('«“„] ?)?(?P<name>[^\W\d_]+(?:\.?[ '-][^\W\d_]+)?)"
    r"(?P<close>\\?\"| ?[)'»”“])?(?P<dot>\.)?[ ._-] ?"
)
_BRACKETS = {"(": ")", "[": "]", "«": "»"}
_VOWELS = "aeiouy"  # a word of its own in one of the languages


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def is_pair(gap: str) -> bool:
    """Return whether a gap joins the name of a tag and its value."""
    return re.fullmatch(_PAIR, gap) is not None


def is_labelled(gap: str) -> bool:
    """Return whether a gap holds the label of the next column, and no other word."""
    return _holds(gap, _LABELS)


def is_particle(gap: str) -> bool:
    """Return whether a gap contains only words that precede a last name."""
    return _holds(gap, PARTICLES)


def _holds(gap: str, known: frozenset[str]) -> bool:
    """Return whether a gap holds words, and all of them are known."""
    words = _LETTERS.findall(_ESCAPE.sub(_blank, gap))
    return bool(words) and known.issuperset(words)


def brackets(gap: str) -> tuple[str, str]:
    """Return the brackets that a gap closes without opening them, and those that it opens without closing them: their
    partners surround the name.
    """
    closed, opened = "", ""
    for sign in gap:
        if sign in _BRACKETS:
            opened += sign
        elif opened and sign == _BRACKETS[opened[-1]]:
            opened = opened[:-1]
        elif sign in _BRACKETS.values():
            closed += sign
    return closed, opened


def is_gap(text: Text, start: int, end: int, *, formal: bool) -> bool:
    """Return whether a gap may separate the words of a name. `formal`: the name is written with capitals, or in a
    script without them, in which a middle name looks like any other word.
    """
    gap = text.read[start:end]
    bare = _ESCAPE.sub(_blank, gap)
    if not _LETTERS.search(bare):  # the letter of an escape is none
        return _WORDLESS.fullmatch(gap) is not None
    if is_labelled(gap):
        return True
    middle = _MIDDLE.fullmatch(bare)
    if middle is None or bool(middle["open"]) != bool(middle["close"]):
        return False
    words = list(_LETTERS.finditer(bare))
    if middle["dot"] and len(words[-1][0]) > 1:
        return False
    dotted = middle["dot"] or middle["sign"] != " " or middle["open"]
    return all(
        text.is_capital(start + word.start()) or (not formal and _may_be(word[0], bool(dotted))) for word in words
    )


def _may_be(word: str, dotted: bool) -> bool:
    """Return whether a word in small letters may be a middle name."""
    if len(word) == 1:
        return dotted or word not in _VOWELS
    return word not in ordinary()
