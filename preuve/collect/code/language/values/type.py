"""Types of Terraform's language: declared types, the type of a value, and the common type of several values.

A value here carries no type; its type is derived from it. Three values do not show theirs: null and an empty
collection, which take the type of their neighbours (`ANY`), and an unknown, which may have any type (`UNSURE`) and
may then change its neighbours: in `tolist([1, var.name])`, 1 may become "1".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from types import NoneType
from typing import Any

from preuve.collect.code.language.values.value import Base64Text, JsonText, Map, PartText, Set, Unknown, Value

_MOST_TYPES = 50  # types in one collection: ordering takes quadratic time


@dataclass(frozen=True)
class Attribute:
    """An attribute of an object. One that has a default, or is null when it is left out, is optional."""

    name: str
    type: Type
    optional: bool = False
    default: Value = None


@dataclass(frozen=True)
class Type:
    """A type: its kind, and its parts.

    `list_of(STRING)` and the like make one. `kind` is `any`, `unsure`, `bool`, `number`, `string`, `list`, `set`,
    `map`, `tuple` or `object`.
    """

    kind: str
    element: Type | None = None  # of a list, a set, a map
    members: tuple[Type, ...] = ()  # of a tuple
    attributes: tuple[Attribute, ...] = ()  # of an object, by name

    def of_element(self) -> Type:
        """Return the type of the members of a collection."""
        return self.element or ANY

    def by_name(self) -> dict[str, Type]:
        """Return the types of the attributes of an object."""
        return {attribute.name: attribute.type for attribute in self.attributes}

    def parts(self) -> tuple[Type, ...]:
        """Return the types that this one is made of."""
        element = (self.element,) if self.element else ()
        return element + self.members + tuple(attribute.type for attribute in self.attributes)

    def holds(self, *kinds: str) -> bool:
        """Return whether this type, or one of its parts, is of one of these kinds."""
        return self.kind in kinds or any(part.holds(*kinds) for part in self.parts())


ANY, UNSURE = Type("any"), Type("unsure")
BOOL, NUMBER, STRING = Type("bool"), Type("number"), Type("string")
_PRIMITIVES = frozenset({"bool", "number", "string"})


def list_of(element: Type) -> Type:
    """Return the type `list(element)`."""
    return Type("list", element)


def set_of(element: Type) -> Type:
    """Return the type `set(element)`."""
    return Type("set", element)


def map_of(element: Type) -> Type:
    """Return the type `map(element)`."""
    return Type("map", element)


def tuple_of(*members: Type) -> Type:
    """Return the type `tuple([…])`."""
    return Type("tuple", members=members)


def object_of(attributes: Mapping[str, Type] | Iterable[Attribute]) -> Type:
    """Return the type `object({…})`, of types by name, or of attributes if some are optional."""
    if isinstance(attributes, Mapping):
        attributes = [Attribute(name, type_) for name, type_ in attributes.items()]
    return Type("object", attributes=tuple(sorted(attributes, key=lambda attribute: attribute.name)))


def is_number(value: Value) -> bool:
    """Return whether a value is a number; to Python, true and false are numbers too."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def type_of(value: Value) -> Type:
    """Return the type of a value, as far as the value shows it. Raises TypeError if it is no value."""
    for kind, read in _READ:
        if isinstance(value, kind):
            return read(value)
    raise TypeError(f"no value of Terraform's: {type(value).__name__}")


def _of_members(members: Iterable[Value]) -> Type:
    return common(type_of(member) for member in members)


_READ: tuple[tuple[Any, Callable[[Any], Type]], ...] = (
    (NoneType, lambda _: ANY),
    (str | PartText | JsonText | Base64Text, lambda _: STRING),
    (Unknown, lambda _: UNSURE),
    (bool, lambda _: BOOL),
    (int | Decimal, lambda _: NUMBER),
    (Map, lambda value: map_of(_of_members(value.values()))),
    (dict, lambda value: object_of({name: type_of(item) for name, item in value.items()})),
    (list, lambda value: list_of(_of_members(value))),
    (Set, lambda value: set_of(_of_members(value.members))),
    (tuple, lambda value: tuple_of(*map(type_of, value))),
)


def common(types: Iterable[Type]) -> Type:
    """Return the common type of members that all have one type; each may show only a part of it."""
    return reduce(_filled, dict.fromkeys(types), ANY)


def _filled(one: Type, other: Type) -> Type:
    """Merge two partial descriptions of one type; `UNSURE` if they contradict each other."""
    if one == other or other.kind == "any":
        return one
    if one.kind in ("any", "unsure"):
        return other
    if other.kind == "unsure":
        return one
    if one.kind != other.kind or one.kind in _PRIMITIVES or len(one.parts()) != len(other.parts()):
        return UNSURE
    return _filled_inside(one, other)


def _filled_inside(one: Type, other: Type) -> Type:
    if one.kind == "object":
        ours, theirs = one.by_name(), other.by_name()
        same = ours.keys() == theirs.keys()
        return object_of({name: _filled(ours[name], theirs[name]) for name in ours}) if same else UNSURE
    if one.kind == "tuple":
        return tuple_of(*map(_filled, one.members, other.members))
    return Type(one.kind, _filled(one.of_element(), other.of_element()))


def unified(types: Iterable[Type]) -> Type | None:
    """Return the most general type that values of all these types can be converted to; None if there is none.

    It is `UNSURE` if it depends on the later value of an unknown, or of a null next to a collection.
    """
    distinct = tuple(dict.fromkeys(types))
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) > _MOST_TYPES:
        return UNSURE
    told = [type_ for type_ in distinct if type_.kind not in ("any", "unsure")]
    return _of_told(told) if len(told) == len(distinct) else _beside_untold(told, UNSURE in distinct)


def _of_told(types: Sequence[Type]) -> Type | None:
    kinds = {type_.kind for type_ in types}
    if kinds <= _PRIMITIVES:
        return STRING if STRING in types else None
    if len(kinds) == 1:
        return _of_one_kind(kinds.pop(), types)
    collections = _as_collections(types) if kinds in ({"map", "object"}, {"list", "tuple"}) else None
    if collections or kinds == {"object", "tuple"}:
        return collections
    return _preferred(types)


def _beside_untold(told: Sequence[Type], unsure: bool) -> Type:
    """Return the common type of known types and a null or an unknown."""
    if not told:
        return UNSURE if unsure else ANY
    found = unified(told)
    if found == STRING:
        return found
    return UNSURE if unsure or found is None or found.kind not in _PRIMITIVES else found


def _of_one_kind(kind: str, types: Sequence[Type]) -> Type | None:
    if kind == "object":
        return _of_objects(types)
    if kind == "tuple":
        return _of_tuples(types)
    element = unified(type_.of_element() for type_ in types)
    return Type(kind, element) if element else None


def _of_objects(types: Sequence[Type]) -> Type | None:
    named = [type_.by_name() for type_ in types]
    if any(other.keys() != named[0].keys() for other in named):
        return _gathered("map", types)
    found = {name: unified(other[name] for other in named) for name in named[0]}
    if None in found.values():
        return None
    return object_of({name: type_ for name, type_ in found.items() if type_})


def _of_tuples(types: Sequence[Type]) -> Type | None:
    if any(len(other.members) != len(types[0].members) for other in types):
        return _gathered("list", types)
    found = [unified(members) for members in zip(*(type_.members for type_ in types), strict=True)]
    return None if None in found else tuple_of(*(type_ for type_ in found if type_))


def _gathered(kind: str, types: Sequence[Type]) -> Type | None:
    """Return the map that objects of different attributes become, or the list that tuples of unequal lengths become."""
    parts = [part for type_ in types for part in type_.parts()]
    element = unified(parts) if parts else None
    return Type(kind, element) if element else None


def _as_collections(types: Sequence[Type]) -> Type | None:
    """Return the type for lists with tuples, or for maps with objects: tuples become lists, objects become maps."""
    kind = "list" if any(type_.kind == "list" for type_ in types) else "map"
    loose = [type_ for type_ in types if type_.kind != kind]
    gathered = _gathered(kind, loose)
    if gathered is None:
        return None
    found = unified([*(type_ for type_ in types if type_.kind == kind), gathered])
    return found if found and found.kind == kind else None


def _preferred(types: Sequence[Type]) -> Type | None:
    """Return the first of types of different kinds, the most general first, that all can be converted to."""
    for wanted in _by_generality(types):
        if all(type_ == wanted or convertible(type_, wanted) for type_ in types):
            return UNSURE if wanted.holds("any") else wanted
    return None


def _by_generality(types: Sequence[Type]) -> list[Type]:
    before = {index: set[int]() for index in range(len(types))}
    for index, one in enumerate(types):
        for later, other in enumerate(types[index + 1 :], index + 1):
            order = _generality(one, other)
            if order < 0:
                before[later].add(index)
            elif order > 0:
                before[index].add(later)
    ordered: list[int] = []
    waiting = list(before)
    while ready := [index for index in waiting if before[index] <= set(ordered)]:
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return [types[index] for index in ordered + waiting]


_RANK = {"list": 0, "tuple": 1, "set": 2, "map": 0, "object": 1}


def _generality(one: Type, other: Type) -> int:
    """Return below zero if the first type is more general than the second, above if less, zero if neither."""
    if one.kind == other.kind:
        if one.kind in ("list", "set", "map"):
            return _generality(one.of_element(), other.of_element())
        return 0
    if {one.kind, other.kind} <= _PRIMITIVES:
        return (other.kind == "string") - (one.kind == "string")
    sequences, mappings = {"set", "list", "tuple"}, {"map", "object"}
    if {one.kind, other.kind} <= sequences or {one.kind, other.kind} <= mappings:
        return _RANK[one.kind] - _RANK[other.kind]
    return 0


def convertible(given: Type, wanted: Type) -> bool:
    """Return whether values of one type may be converted to the other; some may still be refused: "a" for a number."""
    if wanted.kind in ("any", "unsure") or given.kind in ("any", "unsure") or given == wanted:
        return True
    if wanted.kind in _PRIMITIVES:
        return given.kind in _PRIMITIVES and (wanted.kind == "string" or given.kind == "string")
    sources = {
        "list": {"list", "set", "tuple"},
        "set": {"list", "set", "tuple"},
        "map": {"map", "object"},
        "object": {"map", "object"},
        "tuple": {"tuple"},
    }
    if given.kind not in sources[wanted.kind]:
        return False
    if wanted.kind == "tuple":
        same = len(given.members) == len(wanted.members)
        return same and all(map(convertible, given.members, wanted.members))
    if wanted.kind == "object":
        return all(_can_be_given(given, attribute) for attribute in wanted.attributes)
    return _fits_element(given, wanted.of_element())


def _can_be_given(given: Type, attribute: Attribute) -> bool:
    found = given.of_element() if given.kind == "map" else given.by_name().get(attribute.name)
    if found is None or (given.kind == "map" and attribute.optional):
        return attribute.optional
    return convertible(found, attribute.type)


def _fits_element(given: Type, element: Type) -> bool:
    parts = given.parts()
    if element.kind == "any" and given.kind in ("tuple", "object") and parts:
        return unified(parts) is not None
    return all(convertible(part, element) for part in parts)
