"""Numbers as Terraform computes them, in binary floating point of 512 bits, which cannot represent a tenth exactly.
Only results with few digits are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction

from preuve.collect.code.language.values.value import Value, number, unknown

_BITS, _DIGITS, _TOLD = 512, 150, 100
_CONTEXT = Context(prec=_DIGITS, Emax=10_000, Emin=-10_000)


def rounded(exact: Fraction | Decimal | int) -> Fraction:
    """Return the number of 512 bits that is nearest to an exact one."""
    fraction = Fraction(exact)
    if not fraction:
        return fraction
    shift = _BITS - (abs(fraction.numerator).bit_length() - fraction.denominator.bit_length())
    scale = Fraction(2) ** shift
    if abs(fraction) * scale >= 2**_BITS:
        scale /= 2
    return Fraction(round(fraction * scale)) / scale


def told(computed: Fraction) -> Value:
    """Return the number that Terraform prints for a computed value; unknown if it has too many digits."""
    found = _CONTEXT.divide(Decimal(computed.numerator), Decimal(computed.denominator)).normalize(_CONTEXT)
    if len(found.as_tuple().digits) > _TOLD or abs(found.adjusted()) > _DIGITS or rounded(found) != computed:
        return unknown(why="a number with too many digits")
    return number(found)


def added(numbers: Iterable[int | Decimal]) -> Value:
    """Return the sum of numbers, added in their order."""
    computed = Fraction()
    for each in numbers:
        computed = rounded(computed + rounded(each))
    return told(computed)
