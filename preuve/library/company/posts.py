"""The words for functions of people, each in a form that is the same for all its spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import dropwhile

from preuve.library.vocabulary import vocabulary
from preuve.library.yaml.word_lists import word_lists, words_in

_ELIDED = re.compile(r"\b[dl]'|\ba\s+(?=la\s|l')")  # also `à la`
_SMALL = ("au", "aux", "de", "den", "der", "des", "du", "en", "la", "le", "les", "of", "the", "van", "von")
_JOINS = re.compile(rf"['-]|(\b(?:{'|'.join(_SMALL)}))\s+")
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
# How people write letters that a keyboard lacks; of two vowels, the first alone may replace both.
_OTHER_LETTERS = str.maketrans({"ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})
_TWO_FOR_ONE = re.compile(r"(?<=[aou])e|(?<=a)a")
# Endings of feminine and masculine, singular and plural are treated as one. The first match counts.
_ENDINGS = (
    ("trice", "teur"), ("euse", "eur"), ("ive", "if"), ("lle", "l"), ("nne", "n"), ("ffe", "f"), ("eaux", "eau"),
    ("aux", "al"),
    ("director", "directeur"), ("direction", "directeur"), ("e", ""),
)  # fmt: skip
WORD = re.compile(r"[^\W_]+")
_LONG = 4  # letters of a word whose ending counts
_LISTS = "people"  # of words in names and functions
_DIGITS = "0123456789"


def words_in_text(text: str, *, joined: bool) -> list[str]:
    """Return the words of a text without titles; `joined`: a name with a hyphen is one word."""
    known = _JOINS.sub(r"\1", text) if joined else _ELIDED.sub(" ", text).replace("'", "")
    numbered = (word.strip(_DIGITS) or word for word in WORD.findall(known))  # `jean.dupont2`: another account
    words = [_TWO_FOR_ONE.sub("", word) for word in numbered if word not in _SMALL]
    return list(dropwhile(words_in(_LISTS, "titles").__contains__, words))


def folded(text: str) -> str:
    """Return a text in small letters without accents and invisible characters."""
    signs = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    seen = (sign for sign in signs if unicodedata.category(sign) not in ("Mn", "Cf"))
    return "".join(seen).translate(_OTHER_LETTERS)


def post_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the canonical form of a function; empty if the words are no function."""
    if not words or not all(map(is_of_functions, words)):
        return ()
    known = tuple(part for word in words for part in _short().get(word, (base_of(word),)))
    each = frozenset(known)
    for form, post in posts_by_words().items():
        if form <= each:
            return (post, *(word for word in known if word not in form))
    return known


def base_of(word: str) -> str:
    """Return the masculine singular of a word of functions."""
    one = word.removesuffix("s") if len(word) > _LONG else word
    for ending, male in _ENDINGS:
        if one.endswith(ending) and len(one) > _LONG:
            return one.removesuffix(ending) + male
    return one


def is_of_functions(word: str) -> bool:
    """Return whether a word occurs in the names of functions."""
    return word in ordinary_words() or base_of(word) in known_words()


@cache
def ordinary_words() -> frozenset[str]:
    """Return the words in the names of functions, as they are written."""
    return (_spelt(vocabulary()) - also_names()) | _spelt(words_in(_LISTS, "functions") | words_in(_LISTS, "fields"))


@cache
def bases_of_words() -> frozenset[str]:
    """Return the words of functions, as they are written and in the form of `base_of`."""
    return (frozenset(map(base_of, ordinary_words())) - also_names()) | ordinary_words()


@cache
def function_words() -> frozenset[str]:
    """Return the words for functions, in the form of `base_of`."""
    return frozenset(map(base_of, _spelt(words_in(_LISTS, "functions"))))


@cache
def known_words() -> frozenset[str]:
    """Return the words of functions and of their subjects, in the form of `base_of`."""
    return frozenset(map(base_of, _spelt(words_in(_LISTS, "functions") | words_in(_LISTS, "fields"))))


@cache
def also_names() -> frozenset[str]:
    """Return the words that are also names."""
    return _spelt(words_in(_LISTS, "names"))


@cache
def _short() -> Mapping[str, tuple[str, ...]]:
    return {letters: tuple(_forms(text)) for letters, text in word_lists(_LISTS)["short"].items()}


@cache
def posts_by_words() -> Mapping[frozenset[str], str]:
    """Return the posts by the words of each of their forms, the longest first."""
    forms = {
        frozenset(_forms(form)): post for post, each in word_lists(_LISTS)["posts"].items() for form in (post, *each)
    }
    return dict(sorted(forms.items(), key=lambda item: -len(item[0])))


def _forms(text: str) -> list[str]:
    return [base_of(word) for word in words_in_text(re.sub(r"\bet\b", "", folded(text)), joined=False)]


def _spelt(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(spelling_of, words))


def spelling_of(word: str) -> str:
    """Return a word in the form of `words_in_text`."""
    return _TWO_FOR_ONE.sub("", folded(word))
