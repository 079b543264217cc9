"""Texts as a search reads them: small letters without accents, and one kind each of space, hyphen and apostrophe,
whatever escapes a sign: JSON, HTML, a URL, code, git or a mail, once or again.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_HEX = "[0-9a-fA-F]"
_BYTE = r"(?:%(?:25)*+|\\++x)"  # what stands before each byte in a URL, and in code
_NEXT = "[89abAB][0-9a-fA-F]"  # a byte of UTF-8 that is not the first of its sign
_BYTES = (  # what is neither a letter nor a digit in ASCII, and signs of two and three bytes
    "(?:0[9aAdD]|2[0-46-9a-fA-F]|3[a-fA-F]|40|5[b-fB-F]|60|7[b-eB-E]"
    rf"|[cdCD]{_HEX}{_BYTE}{_NEXT}|[eE]{_HEX}(?:{_BYTE}{_NEXT}){{2}})"
)
# Signs as they are escaped, behind the first one: a text is searched for that sign before anything else, and of a
# run of backslashes or `%` only from its beginning. A byte of
# Latin-1 is expected behind a letter: elsewhere `%de` may be a wildcard and a word.
_ESCAPES = (
    rf"(?<!\\\\)(?<=\\)\\*+(?:u{_HEX}{{4}}|u\{{{_HEX}{{1,5}}\}}|U000{_HEX}{{5}}|x(?:{_BYTES}|[c-fC-F]{_HEX}))",
    r"(?<!\\\\)(?<=\\)\\*+3[0-3][0-7]\\++2[0-7]{2}",  # of git, in the name of a file
    rf"(?<=%)(?:25)*+(?:u{_HEX}{{4}}|{_BYTES})",
    rf"(?<=[A-Za-z]%)(?:25)*+[c-fC-F]{_HEX}",
    rf"(?<==)(?:[CD][0-9A-F]={_NEXT}|E[0-9A-F](?:={_NEXT}){{2}})",  # of a mail (RFC 2045)
    r"(?<=[A-Za-z]=)[C-F][0-9A-F](?![0-9A-Z])",
    r"(?<=&)(?:amp;(?=#?\w{1,8};))*+#?\w{1,8};",
)
_ESCAPE = re.compile(rf"[\\&%=](?:{'|'.join(_ESCAPES)})")
_ESCAPED = re.compile(rf"[\x80-\U0010ffff\\&%=](?:(?<=[\x80-\U0010ffff])|{'|'.join(_ESCAPES)})")
_POINT = re.compile(rf"[uU]\{{?({_HEX}+)")
_CODE = re.compile(rf"(?:%(?:25)*+|[=x])({_HEX}{{2}})")
_OCTAL = re.compile(r"[23][0-7]{2}")
# Signs that Unicode distinguishes and a reader does not.
_SAME = dict.fromkeys("‘’‛ʹʻʼʽ′´`＇", "'") | dict.fromkeys("−⁃", "-")
_SAME |= {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}


def plain(text: str) -> str:
    """Return a text as a search reads it, whatever its case, its accents and their form, its spaces and escapes."""
    if as_long(text):
        return text.lower()
    return _ESCAPED.sub(lambda found: _read(found[0]), text).lower()


def as_long(text: str) -> bool:
    """Return whether what `plain` gives has each sign at its own place."""
    return text.isascii() and _ESCAPE.search(text) is None


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
    """Return the sign at a place of a text, as it is where something escapes it."""
    found = _ESCAPED.match(text, place)
    return _unescaped(found[0]) if found else text[place]


def _unescaped(sign: str) -> str:
    if len(sign) == 1:
        return sign
    if sign[0] == "&":
        return html.unescape(f"&{sign.rpartition('amp;')[2].lstrip('&')}")
    if point := _POINT.search(sign):
        return chr(int(point[1], 16))
    codes = [int(code, 16) for code in _CODE.findall(sign)] or [int(code, 8) for code in _OCTAL.findall(sign)]
    try:
        return bytes(codes).decode("utf-8")
    except UnicodeDecodeError:
        return bytes(codes).decode("cp1252", "replace")


@lru_cache(maxsize=1 << 12)
def _read(sign: str) -> str:
    return "".join(map(_letters, _unescaped(sign))).lower()


def _letters(sign: str) -> str:
    if sign in _SAME:  # first: an accent alone would become a space with an accent
        return _SAME[sign]
    if sign.isspace():
        return sign if sign in "\r\n" else " "  # words on two lines count as further apart
    found = unicodedata.normalize("NFKD", sign.casefold()).casefold()
    return "".join(_SAME.get(part, _kind(part)) for part in found)


def _kind(sign: str) -> str:
    """Return the letters to keep of a sign that came apart from another: no accent or other mark, nothing invisible."""
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":  # of Hindi as well, whose vowels are marks of two kinds
        return ""
    return {"Pd": "-", "Zs": " "}.get(category, sign)
