"""The forms of a block are all that its choices make of it, and nothing else."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.shapes.forms import forms
from preuve.collect.code.language.hcl.content import Content
from preuve.collect.code.language.hcl.syntax.nodes import Body
from preuve.collect.code.language.values.value import MOST_FORMS, JsonText, OneOf, PartText, Unknown, Value

PART = PartText(("x",), parts=("a", Unknown(("x",))))
LEAVES = st.sampled_from(["a", "b", 1, True, PART])


def _grown(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(st.sampled_from(["k", "l"]), inner, max_size=2),
        inner.map(lambda value: JsonText(("x",), value=value)),
        st.lists(inner, min_size=1, max_size=2).map(lambda values: OneOf(("x",), values=tuple(values))),
    )


def _all(value: Value) -> list[Any]:
    """Every value that a choice of each part makes."""
    if isinstance(value, OneOf):
        return [found for one in value.values for found in _all(one)]
    if isinstance(value, JsonText):
        return [JsonText(value.causes, value=one) for one in _all(value.value)]
    if isinstance(value, dict):
        return [dict(zip(value, found, strict=True)) for found in product(*map(_all, value.values()))]
    return list(product(*map(_all, value))) if isinstance(value, tuple) else [value]


@given(st.recursive(LEAVES, _grown, max_leaves=6))
def test_a_block_has_every_form_that_its_choices_make(value: Value) -> None:
    every = _all(value)
    found = [form.arguments["a"] for form in forms(Content(Body({}, ()), {"a": value}, {}, {}))]
    assert found == ([] if len(every) > MOST_FORMS or every == [value] else every)


def test_many_values_that_are_one_alone_take_no_time() -> None:
    value = tuple(OneOf(("x",), values=("a",)) for _ in range(10_000))
    (form,) = forms(Content(Body({}, ()), {"a": value}, {}, {}))
    assert form.arguments["a"] == ("a",) * 10_000
