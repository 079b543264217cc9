"""What a person's name is written like: its words, user names that are made of them, and initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from preuve.library.vocabulary import vocabulary
from preuve.redact.lists.harmless import WORDS
from preuve.redact.lists.machines import MACHINES, NOBODY, PARTICLES
from preuve.redact.spelling import plain

WORD = re.compile(r"(?=[^\W\d_]['-]?[^\W\d_])[^\W\d_]+(?:['-][^\W\d_]+)*")  # a word of a name in any spelling
LEAST = 6
_LEAST_LAST, _INITIALS = 3, 3  # letters of a last name, and initials
_WITHIN = r"[\s._'-]?"  # a name of two words


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in an order of their own; none if they are not all those of a person's name."""
    words = re.split(r"[\s._]+", name)
    words = name.split("-") if len(words) == 1 else words
    if len(words) < 2 or not all(map(WORD.fullmatch, words)) or not MACHINES.isdisjoint(words):
        return ()
    return min(turned(words))


def turned(words: list[str]) -> list[tuple[str, ...]]:
    """Return the words first name first, and last name first, wherever one ends."""
    return [(*words[start:], *words[:start]) for start in range(len(words))]


def logins_of(person: tuple[str, ...]) -> Iterator[str]:
    """Yield what companies make of a first and a last name."""
    for first, *rest in turned(list(person)) if len(person) > 1 else ():
        initial, name, others = first[0], re.sub("['-]", "", first), re.sub("['-]", "", "".join(rest))
        yield from (initial + others, others + initial, name + others, name + others[0])


def halves_of(name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands for the first name and what for the last, as far as one can tell, where a name is cut short:
    initials or the first name, and the last name with and without its particle.
    """
    words = re.split(r"[\s._]+", name)
    cuts = [(words[:at], words[at:]) for at in range(1, len(words))]
    for given, family in (pair for first, second in cuts for pair in ((first, second), (second, first))):
        core = family[next((at for at, word in enumerate(family) if word not in PARTICLES), 0) :]
        initials = "".join(part[0] for word in given for part in word.split("-"))
        if (
            len(max(family, key=len)) >= _LEAST_LAST
            and given[0] not in PARTICLES
            and given[0][1:2] != "'"
            and MACHINES.isdisjoint(family)
        ):
            for last in {" ".join(family), " ".join(core), re.sub("^[dl]'", "", " ".join(core))}:
                yield from ((first, last) for first in {initials[0], initials, "".join(given)})


def as_logins(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of user names: with a sign between the two, or without one if that is no word of a language."""
    known, joined = flexible(last), re.sub("[ '-]", "", last)
    said = "|".join(map(re.escape, firsts))
    run = [first for first in firsts if len(first + joined) >= LEAST and first + joined not in ordinary()]
    forms = [rf"(?:{said})[._-]{known}", rf"{known}[._-](?:{said})"]
    return [*forms, *([rf"(?:{'|'.join(map(re.escape, run))}){known}"] if run else [])]


def as_initials(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of a name in prose with its initials, unless the last name is a word of a language as well."""
    if last in ordinary():
        return []
    known = flexible(last)
    dotted = "|".join(r"\.[\s-]?".join(first) for first in firsts if len(first) <= _INITIALS)
    return [rf"(?:{dotted})\.\s?{known}", rf"{known},?\s(?:{dotted})\."] if dotted else []


def last_word(text: str) -> int:
    """Return the place of the last word in a text."""
    return max(text.rfind(sign) for sign in " .,-'") + 1 if text[-1] != "." else last_word(text[:-1])


@cache
def ordinary() -> frozenset[str]:
    """Return words that are not taken for a user name, although somebody's name may make one."""
    return frozenset({*MACHINES, *WORDS, *NOBODY, *map(plain, vocabulary())})


def flexible(word: str) -> str:
    """Return a pattern of a word, whatever stands between its parts."""
    return _WITHIN.join(re.escape(part) for part in re.split("[ '-]", word))
