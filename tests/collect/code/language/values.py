"""Generated values of Terraform's, of every type, with nulls and unknowns in them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from preuve.collect.code.language.values.sets import set_of_members
from preuve.collect.code.language.values.type import (
    BOOL,
    NUMBER,
    STRING,
    Type,
    list_of,
    map_of,
    object_of,
    set_of,
    tuple_of,
    type_of,
)
from preuve.collect.code.language.values.value import Map, Set, Unknown, Value, number

HOLE = Unknown(("var.hole",))
NAMES = st.sampled_from(["a", "b", "Name", "é", "0"])
TEXTS = st.one_of(
    st.sampled_from(["", "a", "b", "ab", "a,b", "10", "-1.50", "1e3", "true", "false", "0", "1", "a\nb\n", " a ", "É"]),
    st.text("abAB01 ,.-_/é\n", max_size=8),
)
INTEGERS = st.one_of(st.integers(-3, 12), st.integers(-(10**20), 10**20))
EXACT = st.sampled_from([2**53 + 1, -(2**64) - 1, Decimal("0.1234567890123456789012345678901234567891")])
NUMBERS = st.one_of(INTEGERS, EXACT, st.decimals("-99", "99", places=2).map(number))
TYPES = st.recursive(
    st.sampled_from([STRING, STRING, NUMBER, BOOL]),
    lambda inner: st.one_of(
        inner.map(list_of),
        inner.map(set_of),
        inner.map(map_of),
        st.lists(inner, max_size=3).map(lambda members: tuple_of(*members)),
        st.dictionaries(NAMES, inner, max_size=3).map(object_of),
    ),
    max_leaves=4,
)


@cache  # to make a strategy takes longer than to draw from it
def values(type_: Type, *, holes: bool = False, nulls: bool = True) -> st.SearchStrategy[Value]:
    """Values of a type; with `holes`, members may be unknown."""
    inner = {"holes": holes, "nulls": nulls}
    match type_.kind:
        case "string":
            found: st.SearchStrategy[Value] = TEXTS
        case "number":
            found = NUMBERS
        case "bool":
            found = st.booleans()
        case "list":
            found = st.lists(values(type_.of_element(), **inner), max_size=4)
        case "set":
            found = st.lists(values(type_.of_element(), **inner), max_size=4).map(set_of_members)
        case "map":
            found = st.dictionaries(NAMES, values(type_.of_element(), **inner), max_size=3).map(Map)
        case "tuple":
            found = st.tuples(*(values(member, **inner) for member in type_.members))
        case _:
            attributes = {name: values(attribute, **inner) for name, attribute in type_.by_name().items()}
            found = st.fixed_dictionaries(attributes)
    others = [st.none()] * nulls + [st.just(HOLE)] * holes
    return st.one_of(found, found, found, *others) if others else found


@cache
def anything(*, holes: bool = False) -> st.SearchStrategy[Value]:
    """Values of any type."""
    return TYPES.flatmap(lambda type_: values(type_, holes=holes))


def filled(value: Value, data: st.DataObject) -> Value:
    """A value with a value in the place of each unknown: of the type that the members beside it have."""
    return _filled(value, _settled(type_of(value), data), data)


def _settled(type_: Type, data: st.DataObject) -> Type:
    if type_.kind in ("any", "unsure"):
        return data.draw(TYPES)
    element = _settled(type_.element, data) if type_.element else None
    members = tuple(_settled(member, data) for member in type_.members)
    attributes = object_of({name: _settled(found, data) for name, found in type_.by_name().items()}).attributes
    return Type(type_.kind, element, members, attributes)


def _filled(value: Value, type_: Type, data: st.DataObject) -> Value:  # noqa: PLR0911
    element = type_.of_element()
    match value:
        case Unknown():
            return data.draw(values(type_))
        case Map():
            return Map({name: _filled(item, element, data) for name, item in value.items()})
        case dict():
            return {name: _filled(item, type_.by_name()[name], data) for name, item in value.items()}
        case Set():
            return set_of_members([_filled(item, element, data) for item in value.members])
        case list():
            return [_filled(item, element, data) for item in value]
        case tuple():
            return tuple(_filled(item, member, data) for item, member in zip(value, type_.members, strict=True))
    return value
