"""The operators of HCL on values: equality, logic and exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

from preuve.collect.code.language.values import sets
from preuve.collect.code.language.values.steps import BlockValue, truth
from preuve.collect.code.language.values.value import (
    JsonText,
    Map,
    PartText,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_assigned,
    number,
    unknown,
)

SCALARS = {"string", "number", "bool"}


def kind_of(value: Value) -> str:
    """Return the kind of a value, as far as it decides whether two values are equal or convert."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | Decimal):
        return "number"
    if isinstance(value, Map):
        return "map"
    return {tuple: "tuple", dict: "object", list: "list", Set: "set"}.get(type(value), "")


def logical(operator: str, left: Value, right: Value) -> Value:
    """Evaluate `&&` and `||`. With an unknown operand the other one does not decide: Terraform may refuse the value of
    the unknown.
    """
    one, other = truth(left), truth(right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    return (one or other) if operator == "||" else (one and other)


def equal(one: Value, other: Value) -> Value:
    """Evaluate `==`: true, false or unknown. Values of different types are never equal."""
    for value, beside in ((one, other), (other, one)):
        if value is None:
            if isinstance(beside, Unknown):
                told = is_assigned(beside) or isinstance(beside, PartText | JsonText | BlockValue)
                return False if told else unknown(beside)
            return beside is None
        if isinstance(value, str) and not value and _has_letters(beside):
            return False
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return unknown(one, other)
    return kind_of(one) == kind_of(other) and sets.equal(one, other)


def _has_letters(value: Value) -> bool:
    """Return whether a partly unknown text is surely not empty."""
    written = value.parts if isinstance(value, PartText) else ()
    return isinstance(value, Unknown) and (
        is_assigned(value) or any(part and isinstance(part, str) for part in written)
    )


def _divide(one: Any, other: Any) -> Value:
    if other == 0:
        raise RefusedError("a division by zero")
    with localcontext() as context:
        context.prec = 100
        found = Decimal(one) / Decimal(other)
        exact = found * Decimal(other) == Decimal(one)
    return number(found) if exact else Unknown(("a number without end",))


def _remainder(one: Any, other: Any) -> Value:
    if other == 0:
        raise RefusedError("a division by zero")
    if not (isinstance(one, int) and isinstance(other, int)):
        return Unknown(("a remainder of numbers that are not whole",))
    found = abs(one) % abs(other)
    return found if one >= 0 else -found


def _bounded(found: Any) -> Value:
    if isinstance(found, int):
        return found if found.bit_length() <= 512 else Unknown(("a number that is too large",))
    return number(found) if len(found.as_tuple().digits) < 100 else Unknown(("a number that is too long",))


def _exactly(operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Value]:
    def work(one: Any, other: Any) -> Value:
        with localcontext() as context:
            context.prec = 400
            return _bounded(operate(one, other))

    return work


ARITHMETIC: dict[str, Callable[[Any, Any], Value]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "+": _exactly(lambda one, other: one + other),
    "-": _exactly(lambda one, other: one - other),
    "*": _exactly(lambda one, other: one * other),
    "/": _divide,
    "%": _remainder,
}
