"""Compares patterns of IAM (`*`, `?`) with each other and with names: do two match the same text, does one cover
another.

Source of how they match: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (wildcards)
and …/reference_policies_elements_action.html (any case).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from preuve.documents.answer import Answer, known, unknown
from preuve.documents.document import ARN_PARTS, Text

# Letters that no document contains (`clean` removes them).
FRESH = "\ue000"  # a name that no document has
CLEANED = "\ufffd"  # replaces such a letter in a text that somebody has written
FIXED = "\ue001"  # a fixed name that is not known here
ONESELF = "\ue002"  # the name of the calling user
_OTHER = "\ue003"  # a letter that no pattern contains, not even preuve's
_OWN = (FRESH, FIXED, ONESELF, _OTHER)
_WILD = re.compile(r"[*?]")


def clean(text: str) -> str:
    """Return a text without the letters that have a special meaning in this module."""
    return text if text.isascii() else "".join(CLEANED if char in _OWN else char for char in text)


@functools.lru_cache(maxsize=1 << 14)
def meets(left: str, right: str) -> bool:
    """Return whether some text matches both patterns."""
    ends = (len(left), len(right))
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        one, other = waiting.pop()
        if (one, other) == ends:
            return True
        a, b = left[one : one + 1], right[other : other + 1]
        steps = []
        if a == "*":
            steps += [(one + 1, other)] + ([(one, other + 1)] if b and b != "*" else [])
        if b == "*":
            steps += [(one, other + 1)] + ([(one + 1, other)] if a and a != "*" else [])
        if a and b and "*" not in (a, b) and (a == b or "?" in (a, b)):
            steps.append((one + 1, other + 1))
        fresh = [step for step in steps if step not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


@functools.lru_cache(maxsize=1 << 14)
def common(left: str, right: str) -> str:
    """Return a text that both patterns match, with a fresh letter where neither has one; "" if there is none."""
    waiting, seen = [(0, 0, "")], set()
    while waiting:
        one, other, text = waiting.pop()
        if (one, other) == (len(left), len(right)):
            return text
        if (one, other) not in seen:
            seen.add((one, other))
            steps = _steps(left[one : one + 1], right[other : other + 1])
            waiting += [(one + step, other + beside, text + more) for step, beside, more in steps]
    return ""


def _steps(a: str, b: str) -> list[tuple[int, int, str]]:
    """Return the possible next positions in two patterns, with the letter for each step: the least preferred first."""
    letter = next((one for one in (a, b) if one not in ("", "*", "?")), FRESH)
    if a == b == "*":
        return [(1, 0, ""), (0, 1, ""), (1, 0, FRESH), (0, 1, FRESH)]
    if a == "*":
        return [(1, 0, ""), *([(0, 1, letter)] if b else [])]
    if b == "*":
        return [(0, 1, ""), *([(1, 0, letter)] if a else [])]
    return [(1, 1, letter)] if a and b and (a == b or "?" in (a, b)) else []


def arn_meets(pattern: str, inner: str) -> bool:
    """Return whether two patterns meet, part by part if both are ARNs: a wildcard in an ARN does not cross a colon."""
    parts, of = pattern.split(":", ARN_PARTS - 1), inner.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or len(of) < ARN_PARTS:
        return meets(pattern, inner.replace("arn:*:", "arn:aws:", 1))
    return all(map(meets, parts, of))


def arn_common(left: str, right: str) -> str:
    """Return `common`, part by part if both are ARNs."""
    parts, of = left.split(":", ARN_PARTS - 1), right.split(":", ARN_PARTS - 1)
    if len(parts) < ARN_PARTS or len(of) < ARN_PARTS:
        return common(left, right)
    return ":".join(map(common, parts, of)) if all(map(meets, parts, of)) else ""


@functools.lru_cache(maxsize=1 << 14)
def covers(pattern: str, inner: str) -> bool:
    """Return whether the pattern surely matches every text that the inner pattern matches."""
    begins = _WILD.split(pattern, maxsplit=1)[0]
    if not inner.startswith(begins):
        return False
    if pattern[len(begins) :] in ("", "*"):
        return pattern in (begins + "*", inner)
    reached = _skip(pattern, {0})
    for char in inner:
        step = {at for at in reached if pattern[at : at + 1] == "*"}  # a star takes anything and stays
        if char != "*":
            step |= {
                at + 1 for at in reached if at < len(pattern) and pattern[at] in (char, "?") and pattern[at] != "*"
            }
        reached = _skip(pattern, step)
        if not reached:
            return False
    return len(pattern) in reached


# Limit of the work for the texts that patterns distinguish: steps of one pattern by one letter.
_STEPS = 1 << 20


def cover_together(patterns: Sequence[str], inner: str) -> bool | None:
    """Return whether each text that the inner pattern matches is matched by one of the patterns; each may cover a part.

    None if the patterns distinguish too many texts.
    """
    if any(covers(pattern, inner) for pattern in patterns):
        return True
    near = [pattern for pattern in dict.fromkeys(patterns) if meets(pattern, inner)]
    texts = _apart((inner, *near))
    for text in texts or ():
        if covers(inner, text) and not any(covers(pattern, text) for pattern in near):
            return False
    return None if texts is None else True


def sample_texts(patterns: Sequence[str]) -> tuple[str, ...] | None:
    """Return texts without wildcards, one for each set of patterns of which some text matches exactly these.

    A property that depends only on which of the patterns match holds for every text if it holds for these. The text
    that matches none is among them. None if they are too many.
    """
    return _apart(tuple(dict.fromkeys(patterns)))


@functools.lru_cache(maxsize=1 << 10)
def _apart(patterns: tuple[str, ...]) -> tuple[str, ...] | None:
    letters = [*sorted(set("".join(patterns)) - set("*?")), _OTHER]
    start = tuple(frozenset(_skip(pattern, {0})) for pattern in patterns)
    reached = {start: ""}
    waiting, found, steps = [start], dict[tuple[bool, ...], str](), 0
    for state in waiting:  # the list grows: the shortest texts come first
        matched = tuple(len(pattern) in at for pattern, at in zip(patterns, state, strict=True))
        found.setdefault(matched, reached[state])
        steps += len(letters) * len(patterns)
        if steps > _STEPS:
            return None
        for letter in letters:
            following = tuple(map(_after, patterns, state, [letter] * len(patterns)))
            if following not in reached:
                reached[following] = reached[state] + letter
                waiting.append(following)
    return tuple(found.values())


def _after(pattern: str, state: frozenset[int], letter: str) -> frozenset[int]:
    """Return the positions in a pattern that a further letter leads to."""
    stay = {at for at in state if pattern[at : at + 1] == "*"}
    step = {at + 1 for at in state if pattern[at : at + 1] in (letter, "?") and pattern[at : at + 1] != "*"}
    return frozenset(_skip(pattern, stay | step))


def _skip(pattern: str, reached: set[int]) -> set[int]:
    """Add the positions reached by a star that matches nothing."""
    found = set(reached)
    for at in reached:
        stars = len(pattern) - at - len(pattern[at:].lstrip("*"))
        found.update(range(at + 1, at + stars + 1))
    return found


def widest(text: Text) -> str:
    """Return the pattern that covers every possible value of a text."""
    return clean(text) if isinstance(text, str) else "*".join(map(clean, text.known))


def lower(text: Text) -> Text:
    """Return a text in lower case."""
    return text.lower() if isinstance(text, str) else replace(text, known=tuple(map(str.lower, text.known)))


def is_wild(pattern: str) -> bool:
    """Return whether a text has wildcards."""
    return "*" in pattern or "?" in pattern


def text_meets(pattern: str, text: Text) -> Answer:
    """Return `meets` for a text of a document that is a pattern itself."""
    if isinstance(text, str):
        return known(arn_meets(clean(text), pattern))
    if not meets(pattern, widest(text)):
        return known(False)
    surely = not pattern.strip("*") or (not text.many and covers(pattern, widest(text)))
    return known(True) if surely else unknown(text.cause)


def text_covers(text: Text, inner: str) -> Answer:
    """Return `covers` for a text of a document that is the pattern."""
    if isinstance(text, str):
        return known(covers(clean(text), inner))
    return unknown(text.cause) if meets(widest(text), inner) else known(False)


def texts_cover(texts: Sequence[Text], inner: str) -> Answer:
    """Return `cover_together` for texts of a document that are the patterns."""
    surely = cover_together([clean(text) for text in texts if isinstance(text, str)], inner)
    if surely:
        return known(True)
    causes = [text.cause for text in texts if not isinstance(text, str) and meets(widest(text), inner)]
    if surely is None:
        causes.append("too many patterns")
    return unknown(*causes) if causes else known(False)


def text_is(text: Text, *words: str) -> Answer:
    """Return whether a text is one of these words."""
    if isinstance(text, str):
        return known(text in words)
    return unknown(text.cause) if any(meets(widest(text), word) for word in words) else known(False)
