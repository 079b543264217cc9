"""Terraform's sets, which have no member twice and their own order, and the equality of two values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from decimal import Context, Decimal

from preuve.collect.code.language.values.type import Type, is_number, type_of
from preuve.collect.code.language.values.value import Map, Set, Unknown, Value, is_known, number_text, unknown


def equal(one: Value, other: Value) -> bool | Unknown:
    """Return whether two values are equal in Terraform, where values of different types differ.

    Unknown if one is not known, or if a null or an empty collection in them does not show its type.
    """
    if not is_known(one) or not is_known(other):
        return unknown(one, other)
    if one is None or other is None:
        return one is other
    first, second = type_of(one), type_of(other)
    if first != second and not (_untold(first) or _untold(second)):
        return False
    if not _may_be_one(first, second) or identity(one) != identity(other):
        return False
    return unknown(why="the type of a null or an empty collection") if _untold(first) or _untold(second) else True


def _untold(type_: Type) -> bool:
    return type_.holds("any", "unsure")


def _may_be_one(one: Type, other: Type) -> bool:
    if "any" in (one.kind, other.kind) or one == other:
        return True
    if one.kind != other.kind or len(one.parts()) != len(other.parts()):
        return False
    if one.by_name().keys() != other.by_name().keys():
        return False
    return bool(one.parts()) and all(map(_may_be_one, one.parts(), other.parts()))


def identity(value: Value) -> Hashable:
    """Return a key that two known values of one type share exactly if they are equal."""
    if is_number(value):
        return "number", Decimal(value)
    if isinstance(value, dict):
        return "by name", frozenset((name, identity(item)) for name, item in value.items())
    if isinstance(value, Set):
        return "set", frozenset(map(identity, value.members))
    if isinstance(value, list | tuple):
        return "sequence", tuple(map(identity, value))
    return type(value).__name__ if value is None else isinstance(value, bool), value


def distinct(members: Iterable[Value]) -> list[Value]:
    """Return members of one type, each once. An unknown is a separate member: it may be equal to none."""
    kept: list[Value] = []
    seen = set()
    for member in members:
        if is_known(member):
            key = identity(member)
            if key in seen:
                continue
            seen.add(key)
        kept.append(member)
    return kept


def set_of_members(members: Iterable[Value]) -> Set:
    """Return a set of members of one type."""
    return Set(tuple(sorted(distinct(members), key=_place)))


def _place(member: Value) -> tuple[int, Value]:
    """Return the sort key of a member of a set: unknown values and null come last."""
    if isinstance(member, Unknown):
        return 1, 0
    if member is None:
        return 2, 0
    if isinstance(member, str | bool) or is_number(member):
        return 0, member
    return 0, _written(member).encode("utf-8", "surrogatepass")


def _written(value: Value) -> str:  # noqa: PLR0911
    """Return a value as go-cty writes it to order set members that are neither texts, numbers nor booleans."""
    match value:
        case None:
            return "~"
        case Unknown():
            return "?"
        case bool():
            return "T" if value else "F"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
        case Map():
            return "{" + "".join(f"{_written(name)}:{_written(value[name])};" for name in sorted(value)) + "}"
        case dict():
            return "<" + "".join(f"{_written(value[name])};" for name in sorted(value)) + ">"
        case list():
            return "[" + "".join(f"{_written(item)};" for item in value) + "]"
        case Set():
            return "[" + "".join(f"{_written(item)};" for item in value.members) + "]"
        case tuple():
            return "<" + "".join(f"{_written(item)};" for item in value) + ">"
    return short_number(value)


def short_number(value: int | Decimal, digits: int = 10, *, shortest: bool = False) -> str:
    """Return a number in the form of Go's `%.10g` or, with all its digits, of `%g`."""
    found = Decimal(value)
    kept = found if shortest else Context(prec=digits).plus(found)
    sign, mantissa, _ = kept.normalize(Context(prec=1000)).as_tuple()
    exponent = kept.adjusted() if kept else 0
    if -4 <= exponent < digits:
        return number_text(kept) if kept else "0"
    text = "".join(map(str, mantissa))
    point = f".{text[1:]}" if len(text) > 1 else ""
    return f"{'-' * sign}{text[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
