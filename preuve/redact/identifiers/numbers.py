"""Finds numbers that identify a person: telephone numbers, bank accounts, cards and French social security numbers. No
number of AWS looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter

from preuve.redact.lists.accounts import ACCOUNTS
from preuve.redact.spelling import located, plain

PHONE, IBAN, NIR, CARD = "phone", "iban", "nir", "card"
_LETTERS = 4  # before the account: two letters, two digits
_KINDS = {"n": "[0-9]", "a": "[a-z]", "c": "[a-z0-9]"}
_BUILT = {
    country: re.compile(re.sub(r"(\d+)([anc])", lambda part: f"{_KINDS[part[2]]}{{{part[1]}}}", structure))
    for country, structure in ACCOUNTS.items()
}
_LENGTHS = {country: sum(map(int, re.findall(r"\d+", structure))) for country, structure in ACCOUNTS.items()}
_COUNTRIES = "|".join(
    f"{first}[{''.join(country[1] for country in countries)}]"
    for first, countries in groupby(sorted(ACCOUNTS), itemgetter(0))
)
_OF_FRANCE = "33|262|590|594|596"
_ABROAD = rf"(?:\+ |00 ?)(?:{_OF_FRANCE})[ .-]?(?:\(0\) ?)?[1-9]"
_GROUPS = (
    r"(?:(?:[ ./_·-]?\d\d){4}|\d\d[ ./-]\d{3}[ ./-]\d{3}|[ ./-]\d{3}[ ./-]\d{3}[ ./-]\d\d"
    r"|[ ./-]\d\d[ ./-]\d{3}[ ./-]\d{3}|\d[ ./-]\d{3}(?:[ ./-]\d\d){2})"
)
_WIDE = r"(?P<wide>[ ./_·-]{2,3})\d\d(?:(?P=wide)\d\d){3}"
_PORT = r"(?<!port )(?<!port: )(?<!port=)(?<!port:)(?<!ports )"
# Days and hours after a letter and a slash are a path. After a digit, it may be the end of another number.
_CALLED = ("tel", "gsm", "fax", "mobile", "portable", "phone", "telephone", "astreinte", "oncall", "urgence")
_TELEPHONE = "|".join(rf"(?<={word}[_-])" for word in _CALLED)
_BEFORE = _PORT + rf"(?:(?<![\w.:/+-])|(?<=[^\W\d_][.:])|{_TELEPHONE}|(?<=[^\W\d_]/)(?!\d\d/)|(?<=\d[/_-]))"
_DATE = r"\d\d[./-]\d\d[./-](?:19|20)\d\d(?!\d)"
_LEAD = rf"(?:{_ABROAD}|\(0\) ?[1-9]|\(0[1-9]\)|(?!{_DATE})0 ?[1-9])"
_NEXT = rf"[/_-]{_LEAD}{_GROUPS}(?![^\W_])"  # another number follows
# After a number in groups of two or three: the last two digits of another one on the next line.
_LINES = r"(?:(?<=[ .·]\d\d)|(?<=[ .·]\d{3}))(?:[/-]\d\d){1,5}(?![^\W_]|[.:/_-]\d)"
_BESIDE = r" ./_,:;|·-"  # what may stand between the signs of an IBAN
_ACCOUNT = rf"[{_BESIDE}]{{0,3}}[a-z0-9]"
# Sex, year, month (20 and above if unknown), place of birth, serial number, check digits.
_JOINT = r"[ ./_-]{0,2}"
_BORN = rf"[1-478](?:{_JOINT}\d){{2}}{_JOINT}(?:0[1-9]|1[0-2]|[2-9]\d)"
_OF_A_DAY = r"20\d\d(?P<sign>[ ./_-])[01]\d(?P=sign)[0-3]\d"
_SAID_KEY = r"(?:clef?|key)[ :=]{0,3}"
_KEY = rf"(?:[ ./_|-]{{0,3}}\d ?\d|[ ,;|-]{{0,3}}{_SAID_KEY}\d ?\d| ?\((?:{_SAID_KEY})?\d ?\d\))"
# A French account as banks print it: bank, branch, account and key. A number of a card, in groups.
_APART = r"[ ./_|,;:-]{1,3}"
_RIB = rf"\d{{5}}{_APART}\d{{5}}{_APART}[a-z0-9]{{11}}{_APART}\d\d"
# Of Visa, Mastercard, Maestro, Discover, UnionPay and JCB; of American Express and of Diners, in other groups.
_SCHEMES = r"(?:4\d{3}|5[0-8]\d\d|2[2-7]\d\d|6(?:011|304|[2457]\d\d)|35\d\d)"
_CARD = (
    rf"{_SCHEMES}(?P<between>[ .-]?)\d{{4}}(?:(?P=between)\d{{4}}){{2}}|3[47]\d\d[ .-]?\d{{6}}[ .-]?\d{{5}}"
    r"|3[0689]\d\d[ .-]?\d{6}[ .-]?\d{4}"
)
# As `plain` reads a text: one kind of space and of hyphen.
_NUMBER = re.compile(
    r"(?<![^\W_])(?<!\+)(?P<phone>\+\d(?:[ .()/-]{0,2}\d){7,14})(?![^\W_])"
    rf"|(?<![^\W_])(?P<rib>{_RIB})(?![^\W_])|(?<![^\W_])(?<!\d[ .-])(?P<card>{_CARD})(?![^\W_]|[ .-]\d{{4}})"
    rf"|(?:(?<![^\W_])(?<!\d\.)|(?<=nir)|(?<=nss))"
    rf"(?P<nir>(?!{_OF_A_DAY}){_BORN}{_JOINT}\d{_JOINT}[\dab](?:{_JOINT}\d){{6}}{_KEY}?)(?![^\W_])"
    rf"|{_BEFORE}(?P<national>{_LEAD}(?:{_GROUPS}|{_WIDE}))"
    rf"(?![^\W_]|(?!{_NEXT}|{_LINES})[.:/_-]\d|-[^\W\d_])"
    rf"|(?:(?<![a-z0-9])|(?<=iban))(?P<iban>(?:{_COUNTRIES})"
    rf"(?:[{_BESIDE}]{{0,3}}\d){{2}}(?:{_ACCOUNT}){{11,30}})"
)
_GROUPED = re.compile(rf"\d(?:{_JOINT}\d\d){{2}}{_JOINT}\d[\dab](?:{_JOINT}\d{{3}}){{2}}")
_DEPARTMENTS = {"2a": "19", "2b": "18"}  # as digits, for the key
_SAYS_NIR = re.compile(r"(?<![^\W_])(?:nir|nss|insee|secu|securite sociale|social security)(?![^\W_])[^\d\n]{0,20}\Z")
_SAYS_CARD = re.compile(r"(?<![^\W_])(?:cartes?|cards?|cb|visa|mastercard|amex|pan)(?![^\W_])[^\d\n]{0,20}\Z")
_ON = re.compile(r"\d[/_-]\Z")  # digits before a number that it continues
_REACH = 60  # characters before a number that may name it
_AS_DIGITS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "12345678912345678923456789")  # of a RIB
_NIR_DIGITS, _MODULUS = 13, 97


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
    """Yield the numbers in a text. A match that is no number may contain the beginning of one, so none of it is
    skipped. A text grouped like a social security number is taken whole if a part looks like a telephone number.
    """
    place = done = 0
    born = (0, 0)
    while match := _NUMBER.search(read, place):
        end, kind = _judged(match, done)
        if end and match.start() < born[1]:
            yield born[0], (done := max(end, born[1])), NIR
        elif end:
            yield match.start(), (done := end), kind
        elif match["nir"] is not None and match.start() >= born[1] and _GROUPED.match(match["nir"]):
            born = match.span()
        place = done if end else match.start() + 1


def _judged(match: re.Match[str], done: int) -> tuple[int, str]:
    """Return the end and the kind of a number, 0 if it is none; `done` is the end of the previous number."""
    if match["iban"] is not None:
        length = _length(match["iban"], match.string[match.end() : match.end() + 1])
        return (match.start() + length if length else 0), IBAN
    if match["rib"] is not None:
        return (match.end() if _has_rib_key(match["rib"]) else 0), IBAN
    if match["card"] is not None:
        before = match.string[max(0, match.start() - _REACH) : match.start()]
        told = not match["card"].isdigit() or _SAYS_CARD.search(before)
        return (match.end() if told and _passes_luhn(match["card"]) else 0), CARD
    if match["nir"] is not None:
        before = match.string[max(0, match.start() - _REACH) : match.start()]
        return (match.end() if _has_key(match["nir"]) or _SAYS_NIR.search(before) else 0), NIR
    if match["national"] is not None and _ON.search(match.string, max(0, match.start() - 2), match.start()):
        return (match.end() if match.start() - 1 == done else 0), PHONE
    return match.end(), PHONE


def _length(text: str, after: str) -> int:
    """Return the length of the IBAN at the beginning of a text, including its separators; 0 if there is none. `after`
    is the character after the text.
    """
    wanted = _LETTERS + _LENGTHS[text[:2]]
    places = [number for number, letter in enumerate(text, 1) if letter.isalnum()]
    if wanted > len(places):
        return 0
    end = places[wanted - 1]
    if (text[end : end + 1] or after).isalnum():  # another text continues
        return 0
    plainly = "".join(letter for letter in text[:end] if letter.isalnum())
    account = plainly[_LETTERS:]
    number = "".join(str(int(letter, 36)) for letter in account + plainly[:_LETTERS])
    return end if int(number) % _MODULUS == 1 and _BUILT[text[:2]].fullmatch(account) else 0


def _has_rib_key(text: str) -> bool:
    """Return whether the check digits of a French account match its bank, branch and account number."""
    signs = "".join(filter(str.isalnum, text)).translate(_AS_DIGITS)
    bank, branch, account, key = int(signs[:5]), int(signs[5:10]), int(signs[10:21]), int(signs[21:])
    return (89 * bank + 15 * branch + 3 * account + key) % _MODULUS == 0


def _passes_luhn(text: str) -> bool:
    """Return whether the check digit of a card number is correct (ISO/IEC 7812-1)."""
    digits = [int(sign) for sign in reversed(text) if sign.isdigit()]
    return sum(digits[0::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _has_key(text: str) -> bool:
    """Return whether the check digits of a number match the digits before."""
    signs = re.sub(r"[^\dab]", "", text)
    place = signs[5:7]
    number = signs[:5] + _DEPARTMENTS.get(place, place) + signs[7:]
    key = number[_NIR_DIGITS:]
    return bool(key) and number.isdigit() and int(key) == _MODULUS - int(number[:_NIR_DIGITS]) % _MODULUS
