"""Whether two names in a register may be one person's: who owns a risk or makes a statement does not approve it."""

from __future__ import annotations

import re
import unicodedata

_ROLE = re.compile(r"\([^()]*\)")
_DOMAIN = re.compile(r"@\S*")
_WORD = re.compile(r"[^\W_]+")


def same_person(one: str, other: str) -> bool:
    """Return whether two names may be one person's, however spelled: case, accents, order, role, initials, e-mail."""
    first, second = _words(one), _words(other)
    if not first or len(first) != len(second):
        return False
    for word in first:
        found = next((item for item in second if _alike(word, item)), "")
        if not found:
            return False
        second.remove(found)
    return True


def _words(name: str) -> list[str]:
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter)
    )
    words = _WORD.findall(_DOMAIN.sub("", _ROLE.sub(" ", plain))) or _WORD.findall(plain)
    return sorted(words, key=len, reverse=True)  # initials last: they match what is left


def _alike(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])
