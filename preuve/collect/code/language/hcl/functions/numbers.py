"""Functions of numbers. `log` is always unknown: Go rounds differently from Python (2.0000000000000004 for 9 and 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import islice

from preuve.collect.code.language.hcl.functions.sequences import members_of, refuse
from preuve.collect.code.language.hcl.functions.signature import NUMERAL, VALUE, Function, whole
from preuve.collect.code.language.values.arithmetic import added, rounded, told
from preuve.collect.code.language.values.conversion import bounded_number, convert
from preuve.collect.code.language.values.type import NUMBER
from preuve.collect.code.language.values.value import RefusedError, Unknown, Value, is_known, number, unknown

_EXACT = 2**53  # whole numbers below are exact floats
_MOST_IN_RANGE = 1024
_BITS = 500  # of the limits of a range: whole numbers between them are exact
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _absolute(value: Value) -> Value:
    return -value if value < 0 else value


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


def _power(value: Value, exponent: Value) -> Value:
    """Compute a power in floating point; the result is known only if it is exact."""
    if isinstance(value, int) and isinstance(exponent, int) and 0 <= exponent < 64 and abs(value) < _EXACT:
        found = value**exponent
        if abs(found) < _EXACT:
            return found
    return unknown(why="pow() of what is not exact to a machine")


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
        return unknown(why="a number with too many digits")
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
    found: list[Value] = list(islice(_counted(start, end, step), _MOST_IN_RANGE + 1))
    if len(found) > _MOST_IN_RANGE:
        raise RefusedError("range of more than 1024 numbers")
    return found


def _counted(start: int | Decimal, end: int | Decimal, step: int | Decimal) -> Iterator[Value]:
    """Yield the numbers of a range. Whole numbers are exact, and much faster."""
    if all(isinstance(limit, int) and limit.bit_length() <= _BITS for limit in (start, end, step)):
        yield from range(int(start), int(end), int(step))
        return
    each, last, by = rounded(start), rounded(end), rounded(step)
    while (each > last) if step < 0 else (each < last):
        yield int(each) if each.denominator == 1 else told(each)
        each = rounded(each + by)


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
    return added(numbers)


FUNCTIONS = {
    "abs": Function(_absolute, (NUMERAL,)),
    "ceil": Function(lambda value: _to_whole(value, ROUND_CEILING), (NUMERAL,)),
    "floor": Function(lambda value: _to_whole(value, ROUND_FLOOR), (NUMERAL,)),
    "max": Function(_largest, rest=NUMERAL),
    "min": Function(_smallest, rest=NUMERAL),
    "parseint": Function(_parseint, (VALUE, NUMERAL)),
    "pow": Function(_power, (NUMERAL, NUMERAL)),
    "range": Function(_range, rest=NUMERAL),
    "signum": Function(_signum, (NUMERAL,)),
    "sum": Function(_sum, (VALUE,)),
}
