"""The forms of a person's name: its words, user names made of them, and initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from preuve.library.vocabulary import shipped_texts, technical_words, vocabulary
from preuve.redact.lists.harmless import WORDS
from preuve.redact.lists.machines import MACHINES, NOBODY, PARTICLES
from preuve.redact.spelling import plain

# Each of these is a word by Unicode's rules (UAX #29), whatever stands beside it, and may be a whole name.
IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
# A word of a name in any spelling.
WORD = re.compile(rf"(?=[^\W\d_]['-]?[^\W\d_]|{IDEOGRAPH})[^\W\d_]+(?:['-][^\W\d_]+)*")
LETTERS = re.compile(r"[^\W\d_]+")
LEAST = 6
_SHORTEST = 5  # characters of a first and a last name
_LEAST_LAST, _LEAST_LOGIN, _INITIALS = 3, 4, 3  # letters of a last name, of a user name without a sign; initials
_WITHIN = r"[\s._'-]?"  # a name of two words
_APART = re.compile(r"[\s._]+")
# How people write letters that a keyboard lacks; and two vowels between consonants, which may stand for one of these.
_LONG = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"}
_TWO_FOR_ONE = re.compile(r"(?<=[^aeiouy])(?:([aou])e|a(a))(?=[^aeiouy])")


@dataclass(frozen=True)
class NameHalves:
    """A name in two halves: what may stand for the first name and for the last, in prose or in a user name."""

    initials: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]


def spellings_of(name: str) -> list[str]:
    """Return the ways in which a name is written with the letters of any keyboard, the plainest first."""
    parts = re.split(r"([^\W\d_]+)", unicodedata.normalize("NFC", _given_first(name)))
    return ["".join(one).strip() for one in product(*map(_ways, parts))]


def _ways(part: str) -> list[str]:
    read = plain(part)
    spelt = plain("".join(_LONG.get(sign, sign) for sign in part.lower()))
    cut = _TWO_FOR_ONE.sub(lambda found: found[1] or found[2], read)
    return list(dict.fromkeys([read, spelt, *([cut] if len(cut) >= _LEAST_LAST + 1 else [])]))


def _given_first(name: str) -> str:
    """Put the first name first if the last name comes first, in capitals."""
    words = name.split()
    families = [word for word in words if len(word) > 1 and word.isupper()]
    turns = families and len(families) < len(words) and words[: len(families)] == families
    return " ".join([*words[len(families) :], *families]) if turns else name


def is_full(name: str) -> bool:
    """Return whether a name is long enough to be searched for."""
    long = len(name) >= _SHORTEST or re.search(IDEOGRAPH, name)
    return len(name) >= LEAST or bool(" " in name and long and len(words_of(name)) > 1)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in a canonical order; none if some are not words of a person's name."""
    words = re.split(_APART, name)
    words = name.split("-") if len(words) == 1 else words
    if len(words) < 2 or not all(map(WORD.fullmatch, words)) or not MACHINES.isdisjoint(words):
        return ()
    return min(turned(words))


def turned(words: list[str]) -> list[tuple[str, ...]]:
    """Return the words with the first name first, and with the last name first, for every possible division."""
    return [(*words[start:], *words[:start]) for start in range(len(words))]


def logins_of(person: tuple[str, ...]) -> Iterator[str]:
    """Yield the user names that companies form from a first and a last name."""
    for first, *rest in turned(list(person)) if len(person) > 1 else ():
        initial, name, others = first[0], re.sub("['-]", "", first), re.sub("['-]", "", "".join(rest))
        yield from (initial + others, others + initial, name + others, name + others[0])


def cuts_of(name: str) -> Iterator[NameHalves]:
    """Yield the short forms of the first name and of the last name, as far as they can be told apart: initials, the
    first name or its first word, half of a double name, the last name without particles.
    """
    words = re.split(_APART, name)
    cuts = [(words[:at], words[at:]) for at in range(1, len(words))]
    sides = [(pair, True) for pair in cuts] + [((second, first), False) for first, second in cuts]
    for (given, family), in_order in sides:
        if (
            len(max(family, key=len)) < _LEAST_LAST
            or given[0] in PARTICLES
            or given[0][1:2] == "'"
            or not MACHINES.isdisjoint(family)
        ):
            continue
        initials = "".join(part[0] for word in given for part in word.split("-"))
        first = {" ".join(given), *(_halves(given[0]) if in_order or len(given) == 1 else ())}
        last = {" ".join(family[at:]) for at in range(_particles(family) + 1)}
        last |= {re.sub("^[dl]'", "", one) for one in last} | set(_halves(family[-1]))
        yield NameHalves(frozenset({initials[0], initials}), frozenset(first), frozenset(last))


def _particles(family: Sequence[str]) -> int:
    """Return how many particles a last name begins with."""
    return next((at for at, word in enumerate(family) if word not in PARTICLES), 0)


def _halves(word: str) -> Iterator[str]:
    """Yield a word, and the halves of a double name."""
    yield word
    yield from (part for part in word.split("-") if len(part) >= _LEAST_LAST and part not in PARTICLES)


def as_logins(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of user names: with a separator, or without one if the result is not a word of a language."""
    known, joined = flexible(last), re.sub("[ '-]", "", last)
    said = "|".join(map(flexible, firsts))
    whole = ((first, re.sub("[ '-]", "", first) + joined) for first in firsts)
    run = [first for first, login in whole if len(login) >= _LEAST_LOGIN and login not in ordinary()]
    forms = [rf"(?:{said})[._-]{known}", rf"{known}[._-](?:{said})"]
    return [*forms, *([rf"(?:{'|'.join(map(flexible, run))}){known}"] if run else [])]


def as_initials(firsts: Sequence[str], last: str) -> list[str]:
    """Return patterns of a name with initials in prose, unless the last name is also a word of a language."""
    if last in ordinary():
        return []
    known = flexible(last)
    dotted = "|".join(r"\.?[\s-]?".join(first) for first in firsts if first.isalpha() and len(first) <= _INITIALS)
    if not dotted:
        return []
    return [rf"(?:{dotted})(?:\.\s?|\s)(?:[a-z](?:\.\s?|\s))?{known}", rf"{known},?\s(?:{dotted})(?:\.|(?![^\W\d_]|'))"]


def last_word(text: str) -> int:
    """Return the place of the last word in a text."""
    return max(text.rfind(sign) for sign in " .,-'") + 1 if text[-1] != "." else last_word(text[:-1])


@cache
def ordinary() -> frozenset[str]:
    """Return the words that are not taken for a user name, even if somebody's name could form them."""
    return frozenset({*MACHINES, *WORDS, *NOBODY, *map(plain, vocabulary() | technical_words())})


@cache
def _own_texts(*, spelt: bool) -> str:
    """Return our own texts, one per line: in their spelling, or as a search reads them."""
    return "\n".join(" ".join(text.split()) for text in shipped_texts()) if spelt else plain(_own_texts(spelt=True))


@cache
def own_words() -> frozenset[str]:
    """Return every word of our own texts, as a search reads it. It takes seconds, so it is used only if a name seems to
    occur in one of them.
    """
    return frozenset(LETTERS.findall(_own_texts(spelt=False)))


@cache
def is_own_phrase(phrase: str, *, spelt: bool) -> bool:
    """Return whether words are adjacent, with the same characters between them, in one of our own texts: in its
    spelling, or as a search reads it.
    """
    texts, place = _own_texts(spelt=spelt), -1
    while (place := texts.find(phrase, place + 1)) >= 0:
        end = place + len(phrase)
        if not any(map(str.isalpha, (texts[place - 1 : place], texts[end : end + 1]))):
            return True
    return False


def are_ordinary(names: Iterable[str]) -> bool:
    """Return whether all words of a name are words of a language, so that forms of it may be a phrase."""
    return all(part in ordinary() for name in names for part in re.split("[ '-]", name))


def flexible(word: str) -> str:
    """Return the pattern of a word that allows anything between its parts."""
    return _WITHIN.join(re.escape(part) for part in re.split("[ '-]", word))
