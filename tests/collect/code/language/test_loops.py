"""A loop makes one element at most only where all that its collection may hold is seen."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.code.language.hcl.expressions import Environment
from preuve.collect.code.language.hcl.loops import loop_of
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import Unknown, Value


class Around:
    """The scope of an expression in which nothing is known."""

    host: Any = None

    def root(self, name: str) -> Value:
        return Unknown((name,))

    def spend(self, work: int) -> None:
        pass


@pytest.mark.parametrize("items", [0, 1, 2])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("form", ["merge({{{}}}, {})", "merge({1}, {{{0}}})", "{2} ? {{}} : merge({{{0}}}, {1})"])
def test_a_map_of_which_not_all_is_known_may_have_more_elements(form: str, known: bool, items: int) -> None:
    written = ", ".join(f'{name} = "1"' for name in "ab"[:items])
    more = "{}" if known else "more"
    loop = loop_of(parse_expression(form.format(written, more, "on")), Environment(Around()), "")
    assert loop.single is (known and items < 2)
