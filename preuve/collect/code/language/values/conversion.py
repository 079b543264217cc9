"""Converts a value to another type, like Terraform: for an argument, a variable, a member of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal

from preuve.collect.code.language.values.sets import set_of_members
from preuve.collect.code.language.values.type import ANY, Type, convertible, is_number, type_of, unified
from preuve.collect.code.language.values.value import (
    Alternatives,
    JsonText,
    Map,
    OneOf,
    PartialList,
    PartialMap,
    PartText,
    RefusedError,
    Set,
    Unknown,
    Value,
    is_known,
    number,
    number_text,
    one_of_few,
    unknown,
    with_default,
)

UNTOLD = "a null or an unknown whose type is not told"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_PERHAPS_NUMBER = re.compile(r"[+-]?(?:inf|Inf|infinity|[0-9.]+[pP][+-]?[0-9]+)", re.ASCII)
_EXPONENT = re.compile("[eE].*")
_BITS, _DIGITS, _MOST_LETTERS, _MOST_EXPONENT = 512, 150, 2_000, 6
_EXACT = Context(prec=_MOST_LETTERS)
_TOO_LONG = "a number with too many digits"


def convert(value: Value, wanted: Type) -> Value:
    """Return a value as one of the wanted type.

    Raises RefusedError if Terraform refuses. An unknown value stays unknown, and so does a value whose conversion
    depends on the type of an unknown one; null stays null, except in an attribute with a default.
    """
    return _Conversion(value).to(value, wanted)


def to_common(values: Iterable[Value]) -> list[Value] | Unknown:
    """Convert members of one collection to their common type. Raises RefusedError if they have none."""
    members = list(values)
    return _Conversion(members).to_common(members)


def parsed_number(text: str) -> Value:
    """Return the number in a text, unknown if it is not kept to the last digit. Raises RefusedError if it is none."""
    if not _NUMBER.fullmatch(text):
        if _PERHAPS_NUMBER.fullmatch(text):
            return unknown(why="a number that is infinite or written in powers of two")
        raise RefusedError(f"not a number: {text[:40]!r}")
    if len(text) > _MOST_LETTERS or ((exponent := _EXPONENT.search(text)) and len(exponent[0]) > _MOST_EXPONENT):
        return unknown(why=_TOO_LONG)
    return bounded_number(Decimal(text))


def bounded_number(value: int | Decimal) -> Value:
    """Return a number, unknown if it has more digits than Terraform keeps."""
    if isinstance(value, Decimal):
        if value and (len(value.normalize(_EXACT).as_tuple().digits) > _DIGITS or abs(value.adjusted()) > _DIGITS):
            return unknown(why=_TOO_LONG)
        value = number(value)
    if isinstance(value, int) and value.bit_length() > _BITS:
        return unknown(why=_TOO_LONG)
    return value


class _Conversion:
    """The conversion of one whole value: doubtful parts become unknown, with the causes of the whole."""

    def __init__(self, whole: Value) -> None:
        self.whole = whole

    def in_doubt(self) -> Unknown:
        return unknown(self.whole, why=UNTOLD if is_known(self.whole) else "")

    def to(self, value: Value, wanted: Type) -> Value:
        if wanted.kind == "any" or value is None:
            return value
        if wanted.kind == "unsure":
            return self.in_doubt()
        if isinstance(value, Unknown):
            return self.to_unknown(value, wanted)
        if wanted.kind in _TO_PRIMITIVE:
            return _TO_PRIMITIVE[wanted.kind](value)
        return {"list": self.to_list, "set": self.to_set, "map": self.to_map}.get(wanted.kind, self.to_structure)(
            value, wanted
        )

    def to_unknown(self, value: Unknown, wanted: Type) -> Value:
        if isinstance(value, OneOf):
            return one_of_few(unknown(value), [self.to(one, wanted) for one in value.values])
        if isinstance(value, Alternatives):
            return value if wanted.kind == "map" and wanted.of_element().kind == "any" else unknown(value)
        text_of_other = isinstance(value, PartText | JsonText) and wanted.kind != "string"
        of_others = isinstance(value, PartialList | PartialMap) and not _is_of_texts(value, wanted)
        return unknown(value) if text_of_other or of_others else value

    def to_structure(self, value: Value, wanted: Type) -> Value:
        if wanted.kind == "tuple":
            if not isinstance(value, tuple) or len(value) != len(wanted.members):
                raise _refused(value, wanted)
            return tuple(map(self.to, value, wanted.members))
        if not isinstance(value, dict):
            raise _refused(value, wanted)
        return self.to_object(value, wanted)

    def to_object(self, value: Mapping[str, Value], wanted: Type) -> Value:
        made = {}
        for attribute in wanted.attributes:
            given = value.get(attribute.name)
            if attribute.default is not None:
                given = with_default(given, attribute.default)
            elif attribute.name not in value and not attribute.optional:
                raise RefusedError(f"attribute {attribute.name!r} is required")
            made[attribute.name] = self.to(given, attribute.type)
        return made

    def to_list(self, value: Value, wanted: Type) -> Value:
        members = self.members(value, wanted)
        return members if isinstance(members, Unknown) else list(members)

    def to_set(self, value: Value, wanted: Type) -> Value:
        if isinstance(value, Set):  # a set with unknown members stays one
            value = list(value.members)
        members = self.members(value, wanted)
        return members if isinstance(members, Unknown) else set_of_members(members)

    def to_map(self, value: Value, wanted: Type) -> Value:
        if not isinstance(value, dict):
            raise _refused(value, wanted)
        found = self.elements(list(value.values()), wanted.of_element(), isinstance(value, Map))
        return found if isinstance(found, Unknown) else Map(zip(value, found, strict=True))

    def members(self, value: Value, wanted: Type) -> Sequence[Value] | Unknown:
        if isinstance(value, Set):
            if len(value.members) > 1 and not is_known(value):
                return unknown(value)
            value = list(value.members)
        if not isinstance(value, list | tuple):
            raise _refused(value, wanted)
        return self.elements(value, wanted.of_element(), isinstance(value, list))

    def elements(self, members: Sequence[Value], element: Type, alike: bool) -> Sequence[Value] | Unknown:
        """Convert the members of a collection to one type. `alike`: the source is a collection already, so its members
        have one type.
        """
        if element == ANY and alike:
            return members
        if element != ANY:
            _require(members, element)
        made = [self.to(member, element) for member in members]
        return self.to_common(made) if element.holds("any") else made

    def to_common(self, members: Sequence[Value]) -> list[Value] | Unknown:
        if len(members) < 2:  # a single member has its own type
            return list(members)
        found = unified(type_of(member) for member in members)
        if found is None:
            raise RefusedError("the members have no type in common")
        if found.kind == "unsure" or (found.holds("unsure") and is_known(members)):
            return self.in_doubt()
        if found.kind == "any":
            return list(members)
        return [self.to(member, found) for member in members]


def _require(members: Sequence[Value], element: Type) -> None:
    """Raise RefusedError for a collection of a wrong type before any value is read, like Terraform."""
    for type_ in dict.fromkeys(type_of(member) for member in members):
        if not convertible(type_, element):
            raise RefusedError(f"{type_.kind} where {element.kind} is wanted")


def _is_of_texts(value: PartialList | PartialMap, wanted: Type) -> bool:
    """Return whether the texts of a list, a set or a map stay unchanged in this type."""
    kinds = ("list", "set") if isinstance(value, PartialList) else ("map",)
    return wanted.kind in kinds and wanted.of_element().kind in ("any", "string")


def _refused(value: Value, wanted: Type) -> RefusedError:
    return RefusedError(f"{type_of(value).kind} where {wanted.kind} is wanted")


def _to_string(value: Value) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return number_text(value)
    raise RefusedError(f"{type_of(value).kind} where string is wanted")


def _to_number(value: Value) -> Value:
    if isinstance(value, str):
        return parsed_number(value)
    if is_number(value):
        return value
    raise RefusedError(f"{type_of(value).kind} where number is wanted")


def _to_bool(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _BOOLS:
        return _BOOLS[value]
    raise RefusedError(f"{type_of(value).kind} where bool is wanted")


_BOOLS = {"true": True, "1": True, "false": False, "0": False}
_TO_PRIMITIVE = {"string": _to_string, "number": _to_number, "bool": _to_bool}
