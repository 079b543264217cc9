"""Texts as a search reads them: small letters without accents, and one kind each of space, hyphen and apostrophe."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_SIGN = re.compile(r"[\x80-\U0010ffff]")
_ESCAPED = re.compile(r"[\x80-\U0010ffff]|\\u[0-9a-fA-F]{4}|&#?\w{1,8};")  # also as JSON and HTML escape them
# Signs that Unicode distinguishes and a reader does not.
_SAME = dict.fromkeys("‘’‛ʹʻʼʽ′´`＇", "'") | dict.fromkeys("−⁃", "-")
_SAME |= {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}


def plain(text: str) -> str:
    """Return a text as a search reads it, whatever its case, its accents and their form, its spaces and escapes."""
    if as_long(text):
        return text.lower()
    signs = _ESCAPED if "\\u" in text or "&" in text else _SIGN
    return signs.sub(lambda found: _read(found[0]), text).lower()


def as_long(text: str) -> bool:
    """Return whether what `plain` gives has each sign at its own place."""
    return text.isascii() and "\\u" not in text and "&" not in text


def located(text: str) -> tuple[str, list[int]]:
    """Return a text as `plain` does, with the place of each of its signs in the text, and of its end."""
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for found in _ESCAPED.finditer(text):
        read = _read(found[0])
        parts += [text[done : found.start()].lower(), read]
        places += range(done, found.start())
        places += [found.start()] * len(read)
        done = found.end()
    return "".join([*parts, text[done:].lower()]), [*places, *range(done, len(text) + 1)]


def sign_at(text: str, place: int) -> str:
    """Return the sign at a place of a text, as it is where JSON or HTML escapes it."""
    found = _ESCAPED.match(text, place)
    return _unescaped(found[0]) if found else text[place]


def _unescaped(sign: str) -> str:
    return chr(int(sign[2:], 16)) if sign.startswith("\\") else html.unescape(sign)


@lru_cache(maxsize=1 << 12)
def _read(sign: str) -> str:
    return "".join(map(_letters, _unescaped(sign))).lower()


def _letters(sign: str) -> str:
    if sign in _SAME:  # first: an accent alone would become a space with an accent
        return _SAME[sign]
    if sign.isspace():
        return " "
    found = unicodedata.normalize("NFKD", sign.casefold()).casefold()
    return "".join(_SAME.get(part, _kind(part)) for part in found)


def _kind(sign: str) -> str:
    """Return the letters to keep of a sign that came apart from another: no accent and nothing invisible."""
    category = unicodedata.category(sign)
    if category in ("Mn", "Cf"):
        return ""
    return {"Pd": "-", "Zs": " "}.get(category, sign)
