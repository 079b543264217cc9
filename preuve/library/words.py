"""Words for a secret in the languages in which people name things, and the names built from them, in any spelling.

A phrase counts however its words are joined (`MOT_DE_PASSE`, `motDePasse`, `mot-de-passe`), with or without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product

from preuve.library.yaml.word_lists import word_lists, words_in

_SAID = re.compile(r"(?i)password|passwd|pwd|secret|token|api_?key|private_?key|credential")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

_LISTS = word_lists("secrets")
_BETWEEN = ("", "de", "d", "du", "des", "da", "do", "di", "del", "della")
_FIRST_OF_TWO = frozenset({"fr", "es", "pt", "it"})  # languages in which the word for a key comes first
_BESIDE, _OWNERS = words_in("secrets", "beside"), words_in("secrets", "owners")


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without accents: for `dbPassword_2` db, password, 2."""
    return [word.lower() for word in _WORD.findall(_plain(name))]


def without_which_one(words: Sequence[str]) -> list[str]:
    """Return words without those at their end that number a secret or name its encoding."""
    last = len(words)
    while last and (words[last - 1] in _BESIDE or words[last - 1].isdigit()):
        last -= 1
    return list(words[:last])


def is_secret(words: Sequence[str]) -> bool:
    """Return whether the last words mean a secret."""
    if not words or _is_none(words):
        return False
    joined = "".join(words)
    if joined.endswith(_ALL_ENDINGS) or (joined[-1] == "s" and joined[:-1].endswith(_ALL_ENDINGS)):
        return True
    return _ends_in(words, _ALL_WHOLE) or _is_owned(words)


@lru_cache(maxsize=1 << 13)
def tells_secret(name: str) -> bool:
    """Return whether a name contains a word for a secret, or ends in one of any language."""
    return _SAID.search(name) is not None or is_secret(without_which_one(words_of(name)))


def is_perhaps_secret(words: Sequence[str]) -> bool:
    """Return whether the last words may mean a secret or something else, also if the owner follows."""
    own = _without_owner(words)
    if _is_none(words):
        return False
    return _ends_in(words, _ALL_PERHAPS) or _ends_in(own, _ALL_PERHAPS) or _is_run_together(words)


def _is_none(words: Sequence[str]) -> bool:
    """Return whether the last word only ends like one for a secret, in one or in two parts: `bypass`, `byPass`."""
    return not _NO_PASSES.isdisjoint((*words[-1:], "".join(words[-2:])))


def names_whose_pass(word: str) -> bool:
    """Return whether a single word joins the owner and the password, such as `sshpass`, which may also be the name of a
    program or a container.
    """
    return word in _WHOSE_PASS


def _is_run_together(words: Sequence[str]) -> bool:
    """Return whether the last word ends in a short word for a password: `portalpass`."""
    last = words[-1] if words else ""
    return last.endswith(_PASSES) and last not in _PASSES


def _ends_in(words: Sequence[str], phrases: frozenset[str]) -> bool:
    end = ""
    for word in reversed(words):
        end = word + end
        if len(end) > _LONGEST_PHRASE:  # a text may be one name with hundreds of words
            return False
        if end in phrases or (end.endswith("s") and not end.endswith("pass") and end[:-1] in phrases):
            return True
    return False


def _is_owned(words: Sequence[str]) -> bool:
    """Return whether words are a phrase with its owner after it, as some languages write "the key of …"."""
    before = _without_owner(words)
    return 0 < len(before) < len(words) and "".join(before).endswith(_OWNED)


def _without_owner(words: Sequence[str]) -> Sequence[str]:
    last = len(words)
    while last and words[last - 1] in _OWNERS:
        last -= 1
    return words[:last]


def _plain(text: str) -> str:
    """Return a text without accents; letters with a ring or a line become plain ones."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ß", "ss").replace("ł", "l")


def _phrases(lists: Iterable[str]) -> frozenset[str]:
    return frozenset("".join(words_of(phrase)) for words in lists for phrase in words.split(","))


def _keys(language: str) -> Iterable[str]:
    """Return the words of a language for a key, in the sense of a secret, in one word."""
    first = language in _FIRST_OF_TWO
    for noun, of in product(_LISTS["key"][language].split(), _LISTS["of_keys"][language].split()):
        yield of + noun
        yield from (noun + between + of for between in _BETWEEN if first)


_PASSES = tuple(_LISTS["passes"]["as"].split())
_NO_PASSES = frozenset(_LISTS["passes"]["none"].split())
_ALL_ENDINGS = tuple(_phrases(_LISTS["endings"].values()))
_OWNED = tuple(_phrases(_LISTS["endings"][language] for language in sorted(_FIRST_OF_TWO)))
_ALL_WHOLE = _phrases(_LISTS["whole"].values()) | {key for language in _LISTS["key"] for key in _keys(language)}
_WHOSE_PASS = frozenset(of + noun for of, noun in product(_LISTS["passes"]["of"].split(), _PASSES))
_ALL_WHOLE |= _WHOSE_PASS
_ALL_PERHAPS = _phrases([_LISTS["perhaps"]])
_LONGEST_PHRASE = max(map(len, _ALL_WHOLE | _ALL_PERHAPS)) + len("s")
