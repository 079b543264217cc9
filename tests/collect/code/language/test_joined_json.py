"""JSON in a text that joins it: what is not known in it is one value, and what is not known beside it may be more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.checkov.shapes.values import argument_of
from preuve.collect.code.language.hcl.expressions import Environment, evaluate
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import FilteredValue, Unknown, Value
from preuve.collect.code.verdict.marks import is_opaque, marked, may_be_empty


class Around:
    """The scope of an expression in which nothing is known."""

    host: Any = SimpleNamespace()

    def root(self, name: str) -> Value:
        return Unknown((name,))

    def spend(self, work: int) -> None:
        pass


def shaped(expression: str) -> Any:
    return argument_of(evaluate(parse_expression(expression), Environment(Around())))


LEAVES = st.sampled_from(["x", '"a"', "true", "1", "null", '"a-${x}"', "[x]", "{ b = x }"])


@given(leaves=st.lists(LEAVES, min_size=1, max_size=3), more=LEAVES)
def test_a_text_that_joins_documents_is_read_as_one_that_holds_them(leaves: list[str], more: str) -> None:
    one = ", ".join(f"k{number} = {leaf}" for number, leaf in enumerate(leaves))
    other = f'k = {more}, t = "t"'
    apart = shaped(f'"[${{jsonencode({{ {one} }})}}, ${{jsonencode({{ {other} }})}}]"')
    whole = shaped(f"jsonencode([{{ {one} }}, {{ {other} }}])")
    assert _without_marks(apart) == _without_marks(whole)


def _without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_marks(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_marks(item) for item in value]
    return "?" if is_opaque(value) else value


@pytest.mark.parametrize(
    "expression",
    [
        '"[${jsonencode({ a = true })}, ${x}]"',
        '"[${jsonencode({ a = true })}${x}]"',
        '"{\\"a\\": true ${x} }"',
        '"{\\"a\\": ${x} }"',  # what stands there may hold a comma and more
    ],
)
def test_what_is_put_beside_json_may_hold_more_of_it(expression: str) -> None:
    assert is_opaque(shaped(expression))


def test_a_list_of_which_nothing_may_be_there_may_be_empty() -> None:
    assert may_be_empty(marked(FilteredValue(("var.on",), value=("a", "b"))))
