"""A value made into one of a declared type, against HCL's own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from collect.code.language.values import NAMES, TYPES, anything, filled, values
from hcl_oracle import Oracle, UnreadableError, agrees, start
from preuve.collect.code.language.values.conversion import convert
from preuve.collect.code.language.values.type import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    Attribute,
    Type,
    list_of,
    map_of,
    object_of,
    set_of,
    tuple_of,
    type_of,
    unified,
)
from preuve.collect.code.language.values.value import Map, PartText, RefusedError, Set, Unknown, Value, number_text

HOLE = Unknown(("var.hole",))
DEFAULTS = st.one_of(st.none(), TYPES.flatmap(lambda type_: values(type_, nulls=False)))
DECLARED = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, ANY]),
    lambda inner: st.one_of(
        inner.map(list_of),
        inner.map(set_of),
        inner.map(map_of),
        st.lists(inner, max_size=2).map(lambda members: tuple_of(*members)),
        st.lists(st.builds(Attribute, NAMES.filter(str.isidentifier), inner, st.booleans()), max_size=3).map(
            lambda attributes: object_of({attribute.name: attribute for attribute in attributes}.values())
        ),
    ),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    witness = start()
    yield witness
    witness.close()


def declared(type_: Type) -> str:
    """A type as Terraform's code writes it."""
    if type_.kind == "object":
        return "object({" + ", ".join(map(declared_attribute, type_.attributes)) + "})"
    if type_.kind == "tuple":
        return "tuple([" + ", ".join(map(declared, type_.members)) + "])"
    return f"{type_.kind}({declared(type_.element)})" if type_.element else type_.kind


def declared_attribute(attribute: Attribute) -> str:
    if not attribute.optional:
        return f"{attribute.name} = {declared(attribute.type)}"
    default = "" if attribute.default is None else f", {literal(attribute.default)}"
    return f"{attribute.name} = optional({declared(attribute.type)}{default})"


def literal(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return str(value).lower() if isinstance(value, bool) else number_text(value)


def outcome(function: object, *arguments: object) -> Value:
    try:
        return function(*arguments)  # type: ignore[operator]
    except RefusedError:
        return RefusedError


@given(value=anything(), type_=DECLARED)
def test_a_value_is_converted_to_its_declared_type(oracle: Oracle, value: Value, type_: Type) -> None:
    try:
        theirs = outcome(oracle.convert, value, declared(type_))
    except UnreadableError:
        assume(False)
    ours = outcome(convert, value, type_)
    assert ours is theirs or (ours is not RefusedError and agrees(ours, theirs)), (ours, theirs)


@given(data=st.data(), type_=DECLARED)
def test_a_conversion_of_unknowns_agrees_with_every_completion(
    oracle: Oracle, data: st.DataObject, type_: Type
) -> None:
    """For every value of an unknown, the result without that value stays valid."""
    value = data.draw(anything(holes=True))
    ours = outcome(convert, value, type_)
    try:
        theirs = outcome(oracle.convert, filled(value, data), declared(type_))
    except UnreadableError:
        assume(False)
    assert theirs is RefusedError or (ours is not RefusedError and agrees(ours, theirs)), (ours, theirs)


@given(data=st.data(), primitive=st.sampled_from([STRING, NUMBER, BOOL]))
def test_defaults_of_optional_attributes_are_added(oracle: Oracle, data: st.DataObject, primitive: Type) -> None:
    """A default replaces an attribute that is missing or null, at any depth, and is itself converted."""
    default = data.draw(values(primitive, nulls=False))
    attribute = Attribute("a", STRING, optional=True, default=default)
    wrap = data.draw(st.sampled_from([lambda inner: inner, list_of, map_of, set_of]))
    given_object = data.draw(st.sampled_from([{}, {"a": None}, {"a": "given"}, {"a": 5, "b": "dropped"}]))
    type_ = wrap(object_of([attribute, Attribute("c", NUMBER, optional=True)]))
    value = {"list": (given_object,), "set": (given_object,), "map": {"k": given_object}}.get(type_.kind, given_object)
    assert agrees(convert(value, type_), oracle.convert(value, declared(type_)))


@given(first=anything(), second=anything())
def test_types_are_unified_as_terraform_does(oracle: Oracle, first: Value, second: Value) -> None:
    try:
        theirs = outcome(oracle.call, "tolist", [(first, second)])
    except UnreadableError:
        assume(False)
    assume(Map() not in (first, second))  # of any type, but not with any value
    found = unified((type_of(first), type_of(second)))
    assert theirs is RefusedError if found is None else found.holds("any", "unsure") or theirs is not RefusedError


def test_an_object_keeps_its_defaults_through_an_outer_default() -> None:
    inner = object_of([Attribute("size", NUMBER, optional=True, default="5")])
    outer = object_of([Attribute("disk", inner, optional=True, default={})])
    assert convert({}, outer) == {"disk": {"size": 5}}
    assert convert({"disk": None}, outer) == {"disk": {"size": 5}}
    assert convert({"disk": HOLE}, outer) == {"disk": HOLE}


def test_a_partly_known_text_stays_one_where_a_text_is_expected() -> None:
    text = PartText(("var.name",), parts=("arn:", HOLE))
    assert convert((text,), list_of(STRING)) == [text]
    assert type(convert(text, BOOL)) is Unknown


def test_values_beside_an_unknown_are_unknown_if_their_type_may_change() -> None:
    assert type(convert((1, HOLE), list_of(ANY))) is Unknown
    assert convert(("a", HOLE), list_of(ANY)) == ["a", HOLE]


@pytest.mark.parametrize("text", ["1e999", "0." + "1" * 200, "1p5", "inf"])
def test_numbers_without_exact_digits_are_unknown(text: str) -> None:
    assert isinstance(convert(text, NUMBER), Unknown)


def test_types_are_correct_after_conversion() -> None:
    assert convert((1, True, "a"), list_of(ANY)) == ["1", "true", "a"]
    assert convert(["b", "a", "b"], set_of(STRING)) == Set(("a", "b"))
    assert isinstance(convert({"a": 1}, map_of(STRING)), Map)
    assert convert("1.50", NUMBER) == Decimal("1.5")
