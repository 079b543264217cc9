"""Telephone numbers and bank accounts: numbers that identify a person; no number of AWS looks like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from preuve.redact.spelling import located, plain

# How long an IBAN of a country is, whose last digits are checked.
_COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI NL",
    19: "SI",
    20: "AT EE LT LU",
    21: "CH HR LI LV",
    22: "BG DE GB IE",
    24: "AD CZ ES RO SE SK",
    25: "PT",
    26: "IS",
    27: "FR GR IT MC SM",
    28: "CY HU PL",
    31: "MT",
}
_LENGTHS = {country: length for length, countries in _COUNTRIES.items() for country in countries.split()}
_OF_FRANCE = "33|262|590|594|596"
# The digits that an account begins with: hashes begin with the letters of such countries, too.
_WHOLE = "AT BE CZ DE DK EE ES FI HR HU IS LT NO PL PT SE SI SK"
_DIGITS = {"AD": 8} | dict.fromkeys(_WHOLE.split(), max(_LENGTHS.values()))
_ABROAD = rf"(?:\+ |00 ?)(?:{_OF_FRANCE})[ .-]?(?:\(0\) ?)?[1-9]"
_GROUPS = r"(?:(?:[ ./-]?\d\d){4}|\d\d[ ./-]\d{3}[ ./-]\d{3}|[ ./-]\d{3}[ ./-]\d{3}[ ./-]\d\d)"
_PORT = r"(?<!port )(?<!port: )(?<!port=)(?<!port:)(?<!ports )"
_BEFORE = _PORT + r"(?:(?<![\w.:/+-])|(?<=[^\W\d_][.:]))"
_DATE = r"\d\d[./-]\d\d[./-](?:19|20)\d\d(?!\d)"
# As `plain` reads a text: one kind of space and of hyphen.
_NUMBER = re.compile(
    r"(?<![\w+])(?P<phone>\+\d(?:[ .()/-]{0,2}\d){7,14})(?!\w)"
    rf"|{_BEFORE}(?P<national>(?:{_ABROAD}|\(0\) ?[1-9]|\(0[1-9]\)|(?!{_DATE})0 ?[1-9]){_GROUPS})(?![\w:/-]|\.\d)"
    r"|(?<![a-z0-9])(?P<iban>[a-z]{2} ?\d ?\d(?: ?[a-z0-9]){11,30})(?![a-z0-9])"
)


def without_numbers(text: str, replaced: Callable[[str, str], str]) -> str:
    """Replace these numbers in a text; `replaced` receives the value and its kind."""
    if not _NUMBER.search(plain(text)):
        return text
    read, places = located(text)
    parts, done = [], 0
    for first, last, kind in _found(read):
        parts += [text[done : places[first]], replaced(text[places[first] : places[last]], kind)]
        done = places[last]
    return "".join([*parts, text[done:]])


def _found(read: str) -> Iterator[tuple[int, int, str]]:
    for match in _NUMBER.finditer(read):
        if match["iban"] is None:
            yield match.start(), match.end(), "phone"
        elif length := _length(match["iban"]):
            yield match.start(), match.start() + length, "iban"


def _length(text: str) -> int:
    """Return the length of the IBAN at the beginning of a text, with its spaces; 0 if there is none."""
    wanted = _LENGTHS.get(text[:2].upper(), 0)
    places = [number for number, letter in enumerate(text, 1) if letter != " "]
    if not 0 < wanted <= len(places):
        return 0
    end = places[wanted - 1]
    if text[end : end + 1].strip():  # another text continues
        return 0
    plainly = text[:end].replace(" ", "")
    first = plainly[4:][: _DIGITS.get(text[:2].upper(), 0)]
    number = "".join(str(int(letter, 36)) for letter in plainly[4:] + plainly[:4])
    return end if int(number) % 97 == 1 and first.isdigit() | (not first) else 0
