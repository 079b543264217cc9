"""Bounds what one expression of hostile code may cost: Checkov evaluates Terraform's functions as Python's.

`format("%999999999d", 1)` is a gigabyte, `pow(9, 999999999)` and `regex("(a+)+$", …)` take hours, and a text may hold
Python that no Terraform would read: `'a'.ljust(999999999)`. Whatever goes beyond a bound is a value that the code does
not tell, as is any other that Checkov cannot evaluate. The time of a whole root has a limit too; this one saves it.
"""

from __future__ import annotations

import ast
import contextlib
import re
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import asteval.astutils as interpreter
import checkov.terraform.graph_builder.variable_rendering.evaluate_terraform as terraform
import checkov.terraform.graph_builder.variable_rendering.safe_eval_functions as functions

from preuve.collect.iac.expressions import MOST_BITS

_LONGEST = 1_000_000  # characters or items of what one operation makes
_SECONDS = 2.0  # of the processor's time, so that a busy machine changes no result; most take microseconds
_LONGEST_VALUE = 50_000  # characters of a text, with the values of what it refers to
_SEVERAL = (str, bytes, list, tuple)
_WIDE = re.compile(r"%[^a-zA-Z%]*(\d{5}|\*)")  # how a conversion of `format` asks for a long text


class BeyondError(ValueError):
    """An operation that would make too much, or takes too long."""


def bound() -> None:
    """Apply the bounds, before anything is evaluated."""
    functions.SAFE_EVAL_DICT.update(
        pow=_power,
        format=_format,
        formatlist=lambda text, values: [_format(text, value) for value in values],
        join=_join,
        replace=_replace,
    )
    interpreter.OPERATORS.update({ast.Mult: _product, ast.Mod: _remainder, ast.Pow: _power, ast.LShift: _refused})
    # Terraform has no methods; those of Python's texts make long ones.
    interpreter.UNSAFE_ATTRS_DTYPES.update({kind: tuple(dir(kind)) for kind in _SEVERAL})
    functions.evaluate = terraform.evaluate = _in_time(functions.evaluate)
    terraform.replace_string_value = _not_too_long(terraform.replace_string_value)


def _in_time(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    def evaluated(text: Any) -> Any:
        with _limit():
            return evaluate(text)

    return evaluated


def _not_too_long(replace: Callable[..., Any]) -> Callable[..., Any]:
    """A local that names another one twice, which does the same, and so on, doubles with each: it stays as it is."""

    def replaced(original_str: Any, str_to_replace: str, replaced_value: Any, keep_origin: bool = True) -> Any:
        times = original_str.count(str_to_replace) if isinstance(original_str, str) else 0
        if times and len(original_str) + times * len(str(replaced_value)) > _LONGEST_VALUE:
            return original_str
        return replace(original_str, str_to_replace, replaced_value, keep_origin)

    return replaced


@contextlib.contextmanager
def _limit() -> Iterator[None]:
    """Raise where it takes too long; a regular expression and the interpreter's own steps can be interrupted."""
    if threading.current_thread() is not threading.main_thread():  # nobody else is told of a signal
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _late)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _late(*_: object) -> None:
    raise BeyondError("takes too long")


def _checked(size: float, most: int = _LONGEST) -> None:
    if size > most:
        raise BeyondError("makes too much")


def _product(one: Any, other: Any) -> Any:
    if isinstance(one, _SEVERAL) or isinstance(other, _SEVERAL):  # so many times
        several, times = (one, other) if isinstance(one, _SEVERAL) else (other, one)
        _checked(len(several) * times)
    elif isinstance(one, int) and isinstance(other, int):
        _checked(one.bit_length() + other.bit_length(), MOST_BITS)
    return one * other


def _power(base: Any, exponent: Any, *modulus: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int):
        _checked(base.bit_length() * abs(exponent), MOST_BITS)
    return pow(base, exponent, *modulus)


def _remainder(one: Any, other: Any) -> Any:
    return _refused() if isinstance(one, str | bytes) else one % other


def _refused(*_: object) -> None:
    raise BeyondError("Terraform has no such operation")


def _format(text: Any, *values: Any) -> Any:
    if _WIDE.search(text):
        raise BeyondError("makes too much")
    return text % values


def _join(separator: Any, items: Any) -> Any:
    _checked(len(separator) * len(items))
    return separator.join(items)


def _replace(text: Any, old: Any, new: Any) -> Any:
    _checked(text.count(old) * len(new))
    return text.replace(old, new)
