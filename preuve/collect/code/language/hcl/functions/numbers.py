"""Functions of numbers. `log` is always unknown: Go rounds differently from Python (2.0000000000000004 for 9 and 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice

from preuve.collect.code.language.hcl.functions.sequences import members_of, refuse
from preuve.collect.code.language.hcl.functions.signature import NUMERAL, VALUE, Function, whole
from preuve.collect.code.language.values.conversion import bounded_number, convert
from preuve.collect.code.language.values.type import NUMBER
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, is_known, number, unknown

_MOST_IN_RANGE = 1024
_BITS = 480  # numbers of fewer, and a sum of many, are not rounded
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _to_whole(value: Value, rounding: str) -> Value:
    return number(value.to_integral_value(rounding)) if isinstance(value, Decimal) else value


def _largest(*values: Value) -> Value:
    return max(values) if values else refuse("max wants a number")


def _smallest(*values: Value) -> Value:
    return min(values) if values else refuse("min wants a number")


def _signum(value: Value) -> Value:
    if not isinstance(value, int):
        return unknown(why="signum() of what is not whole")
    return (whole(value, "the argument of signum") > 0) - (value < 0)


def _parseint(text: Value, base: Value) -> Value:
    if not isinstance(text, str):
        raise RefusedError("parseint wants a text")
    radix = whole(base, "a base")
    if not 2 <= radix <= len(_DIGITS):
        raise RefusedError("a base is from 2 to 62")
    digits = text.lower() if radix <= 36 else text
    if not text.isascii() or not re.fullmatch(f"[+-]?[{_DIGITS[:radix]}]+", digits):
        raise RefusedError(f"no whole number: {text[:40]!r}")
    if len(digits) > 512:
        return unknown(why="a number of too many digits")
    found = 0
    for digit in digits.lstrip("+-"):
        found = found * radix + _DIGITS.index(digit)
    return bounded_number(-found if digits.startswith("-") else found)


def _range(*limits: Value) -> Value:
    if not 1 <= len(limits) <= 3:
        raise RefusedError("range wants one to three arguments")
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else (-1 if end < start else 1)
    if (step < 0 and end > start) or (step >= 0 and end < start):
        raise RefusedError("range from what its step leads away from")
    if step == 0:
        return unknown(why="range() with a step of 0") if start == end else refuse("range with a step of 0")
    if not _are_whole((start, end, step)):
        return unknown(why="range() of numbers that are not whole")
    found = list(islice(range(start, end, step), _MOST_IN_RANGE + 1))
    if len(found) > _MOST_IN_RANGE:
        raise RefusedError("range of more than 1024 numbers")
    return found


def _are_whole(numbers: Iterable[Value]) -> bool:
    """Return whether numbers are whole and small: Terraform computes with 512 bits, which others may not fit."""
    return all(isinstance(one, int) and one.bit_length() <= _BITS for one in numbers)


def _sum(values: Value) -> Value:
    members = members_of(values)
    if not members:
        raise RefusedError("sum of nothing")
    if not is_known(values):
        return unknown(values)
    if None in members:
        raise RefusedError("sum of a null")
    numbers = [convert(member, NUMBER) for member in members]
    if any(isinstance(each, Unknown) for each in numbers):
        return unknown(*numbers)
    return sum(numbers) if _are_whole(numbers) else unknown(why="sum() of numbers that are not whole")


FUNCTIONS = {
    "ceil": Function(lambda value: _to_whole(value, ROUND_CEILING), (NUMERAL,)),
    "floor": Function(lambda value: _to_whole(value, ROUND_FLOOR), (NUMERAL,)),
    "max": Function(_largest, rest=NUMERAL),
    "min": Function(_smallest, rest=NUMERAL),
    "parseint": Function(_parseint, (VALUE, NUMERAL)),
    "range": Function(_range, rest=NUMERAL),
    "signum": Function(_signum, (NUMERAL,)),
    "sum": Function(_sum, (VALUE,)),
}
