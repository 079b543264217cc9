"""`format` and `formatlist`: Terraform's verbs, most of which are Go's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from preuve.collect.code.language.hcl.functions.signature import (
    ANYTHING,
    MOST_CHARACTERS,
    MOST_ITEMS,
    TEXT,
    Function,
    may_be_list,
    too_much,
)
from preuve.collect.code.language.hcl.functions.texts import clusters, joined_text
from preuve.collect.code.language.values.arithmetic import rounded
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.json_text import written
from preuve.collect.code.language.values.sets import short_number
from preuve.collect.code.language.values.type import BOOL, NUMBER, STRING, is_number
from preuve.collect.code.language.values.value import RefusedError, Set, Unknown, Value, is_known, unknown

_VERB = re.compile(
    r"%(?:(?P<percent>%)|(?P<flags>[ #+0-]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<place>[1-9][0-9]{0,8})\])?(?P<letter>[a-zA-Z]))",
    re.ASCII,
)
_UNSUPPORTED = "format() with a verb that is not written here"
_MOST_WIDTH, _MOST_PRECISION = 10_000, 100


class _UnsupportedError(Exception):
    """A verb whose output is not reproduced here exactly."""


@dataclass(frozen=True)
class _Verb:
    flags: str
    width: int
    precision: int | None
    letter: str


def _format(template: str, *values: Value) -> Value:
    parts: list[Value] = []
    length = 0
    for piece in _pieces(template, len(values)):
        parts.append(piece if isinstance(piece, str) else _part(piece[0], values[piece[1]]))
        length += len(parts[-1]) if isinstance(parts[-1], str) else 1
        if length > MOST_CHARACTERS:
            return too_much("format()")
    return joined_text(parts)


def _pieces(template: str, given: int) -> Iterator[str | tuple[_Verb, int]]:
    """Yield the literal parts of a format, and its verbs, each with the index of its value. Raises RefusedError."""
    place = highest = end = 0
    for match in _VERB.finditer(template):
        yield _plain(template[end : match.start()])
        end = match.end()
        if match["percent"]:
            yield "%"
            continue
        place = int(match["place"]) if match["place"] else place + 1
        highest = max(place, highest)
        if place > given:
            raise RefusedError("format with more verbs than values")
        yield _verb(match), place - 1
    yield _plain(template[end:])
    if highest < given:
        raise RefusedError("format with more values than verbs")


def _plain(text: str) -> str:
    if "%" in text:
        raise RefusedError("format with a verb that there is not")
    return text


def _verb(match: re.Match[str]) -> _Verb:
    width, precision = match["width"] or "", match["precision"]
    if len(width) > 6 or len(precision or "") > 6 or precision == "":
        raise _UnsupportedError
    return _Verb(match["flags"], int(width or 0), None if precision is None else int(precision), match["letter"])


def _part(verb: _Verb, value: Value) -> Value:
    """Format a value with one verb; unknown if the value is."""
    writer = _WRITERS.get(verb.letter)
    if writer is None:
        raise RefusedError(f"format with %{verb.letter}")
    if not is_known(value):
        plain = not (verb.flags or verb.width or verb.precision is not None)
        if verb.letter == "s" and plain:
            return convert(value, STRING)
        return unknown(value)
    if value is None and verb.letter != "v":
        raise RefusedError("format of a null")
    if verb.width > _MOST_WIDTH or (verb.precision or 0) > _MOST_PRECISION:
        raise _UnsupportedError
    return writer(verb, value)


def _as_is(verb: _Verb, value: Value) -> str:
    if isinstance(value, str) and "#" not in verb.flags:
        return _padded(verb, value)
    if is_number(value) and "#" not in verb.flags:
        return _padded(verb, short_number(value, 6, shortest=True))
    return _padded(verb, _sure(written(value)))


def _as_text(verb: _Verb, value: Value) -> str:
    text = _sure(convert(value, STRING))
    if verb.precision:
        text = "".join(_sure(clusters(text))[: verb.precision])
    return _padded(verb, _sure(written(text)) if verb.letter == "q" else text)


def _as_bool(_: _Verb, value: Value) -> str:
    return "true" if convert(value, BOOL) else "false"


def _as_whole(verb: _Verb, value: Value) -> str:
    found = _sure(convert(value, NUMBER))
    if not isinstance(found, int):
        raise RefusedError("format of what is not whole")
    if "#" in verb.flags or verb.precision is not None:
        raise _UnsupportedError
    return _signed(verb, found < 0, format(abs(found), verb.letter))


def _as_decimal(verb: _Verb, value: Value) -> str:
    found = _sure(convert(value, NUMBER))
    places = 6 if verb.precision is None else verb.precision
    if "#" in verb.flags or abs(Decimal(found).adjusted()) > _MOST_PRECISION:
        raise _UnsupportedError
    scaled = round(abs(rounded(found)) * 10**places)
    digits = str(scaled).zfill(places + 1)
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return _signed(verb, found < 0, text)


def _as_power(verb: _Verb, value: Value) -> str:
    found = Decimal(_sure(convert(value, NUMBER)))
    places = 6 if verb.precision is None else verb.precision
    if "#" in verb.flags or abs(found.adjusted()) > _MOST_PRECISION:
        raise _UnsupportedError
    exponent = found.adjusted() if found else 0
    exact = abs(rounded(found)) / Fraction(10) ** exponent
    scaled = round(exact * 10**places)
    if scaled >= 10 ** (places + 1):
        scaled, exponent = scaled // 10, exponent + 1
    digits = str(scaled).zfill(places + 1)
    power = f"{verb.letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return _signed(verb, found < 0, (f"{digits[0]}.{digits[1:]}" if places else digits) + power)


def _as_shortest(verb: _Verb, value: Value) -> str:
    found = _sure(convert(value, NUMBER))
    if "#" in verb.flags or verb.precision is not None:
        raise _UnsupportedError
    text = short_number(abs(found), 6, shortest=True)
    return _signed(verb, found < 0, text.upper() if verb.letter == "G" else text)


def _signed(verb: _Verb, negative: bool, digits: str) -> str:
    """Return digits with their sign, padded to the requested width."""
    if "+" in verb.flags and " " in verb.flags:
        raise _UnsupportedError
    sign = "-" if negative else "".join(flag for flag in "+ " if flag in verb.flags)
    if "0" in verb.flags and "-" not in verb.flags:
        return sign + digits.rjust(verb.width - len(sign), "0")
    text = sign + digits
    return text.ljust(verb.width) if "-" in verb.flags else text.rjust(verb.width)


def _padded(verb: _Verb, text: str) -> str:
    if not verb.width:
        return text
    padding = ("0" if "0" in verb.flags else " ") * (verb.width - len(_sure(clusters(text))))
    return text + padding if "-" in verb.flags else padding + text


def _sure(value: Value) -> Value:
    if isinstance(value, Unknown):
        raise _UnsupportedError
    return value


_WRITERS: dict[str, Callable[[_Verb, Value], str]] = {
    "v": _as_is,
    "s": _as_text,
    "q": _as_text,
    "t": _as_bool,
    **dict.fromkeys("bdoxX", _as_whole),
    **dict.fromkeys("eE", _as_power),
    "f": _as_decimal,
    **dict.fromkeys("gG", _as_shortest),
}


def _text(template: str, *values: Value) -> Value:
    try:
        return _format(template, *values)
    except _UnsupportedError:
        return unknown(*values, why=_UNSUPPORTED)


def _list(template: str, *values: Value) -> Value:
    lengths = {len(_members(value)) for value in values if isinstance(value, list | tuple | Set)}
    if len(lengths) > 1:
        raise RefusedError("formatlist of lists of different lengths")
    if any(_is_uncounted(value) for value in values):
        return unknown(*values)
    if lengths == {0}:
        return []
    length = lengths.pop() if lengths else 1
    if length * (len(values) + 1) > MOST_ITEMS:
        return too_much("formatlist()")
    made: list[Value] = []
    characters = 0
    for row in range(length):
        try:
            text = _format(template, *(_members(value)[row] if _is_list(value) else value for value in values))
        except _UnsupportedError:
            return unknown(*values, why=_UNSUPPORTED)
        characters += len(text) if isinstance(text, str) else len(template)
        if characters > MOST_CHARACTERS:
            return too_much("formatlist()")
        made.append(text)
    return made


def _is_list(value: Value) -> bool:
    return isinstance(value, list | tuple | Set)


def _is_uncounted(value: Value) -> bool:
    """Return whether a value may be a list of unknown length."""
    if isinstance(value, Set):
        return len(value.members) > 1 and not is_known(value)
    return may_be_list(value)


def _members(value: Value) -> Sequence[Value]:
    return value.members if isinstance(value, Set) else value


FUNCTIONS = {
    "format": Function(_text, (TEXT,), rest=ANYTHING),
    "formatlist": Function(_list, (TEXT,), rest=ANYTHING),
}
