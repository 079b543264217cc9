"""Telephone numbers and bank accounts: numbers that identify a person; no number of AWS looks like one."""

from __future__ import annotations

import re
from collections.abc import Callable

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
_NUMBER = re.compile(
    r"(?<![\w+])(?P<phone>\+\d(?:[ .()/-]{0,2}\d){7,14})(?!\w)"
    r"|(?<![\w.:/+-])(?P<national>0[1-9](?:[ .-]?\d\d){4})(?![\w:/-]|\.\d)"
    r"|(?<![A-Za-z0-9])(?P<iban>[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30})(?![A-Za-z0-9])"
)


def without_numbers(text: str, replaced: Callable[[str, str], str]) -> str:
    """Replace these numbers in a text; `replaced` receives the value and its kind."""

    def one(match: re.Match[str]) -> str:
        iban = match["iban"]
        if iban is None:
            return replaced(match[0], "phone")
        length = _length(iban)
        return replaced(iban[:length], "iban") + iban[length:] if length else iban

    return _NUMBER.sub(one, text)


def _length(text: str) -> int:
    """Return the length of the IBAN at the beginning of a text, with its spaces; 0 if there is none."""
    wanted = _LENGTHS.get(text[:2], 0)
    places = [number for number, letter in enumerate(text, 1) if letter != " "]
    if not 0 < wanted <= len(places):
        return 0
    end = places[wanted - 1]
    plain = text[:end].replace(" ", "")
    number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    return end if int(number) % 97 == 1 else 0
