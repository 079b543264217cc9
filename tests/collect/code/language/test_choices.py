"""Maps of which one is taken: what both say is known, in a merge too."""

from __future__ import annotations

import pytest

from collect.code.language.test_no_errors import Scope
from preuve.collect.code.language.hcl.expressions import Environment, evaluate
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.value import OneOf

CHOICES = {
    '{ a = "1" }': ({"a": "1"},),
    'x ? { a = "1" } : {}': ({"a": "1"}, {}),
    'x ? { a = "1", b = "2" } : { b = "3" }': ({"a": "1", "b": "2"}, {"b": "3"}),
}


@pytest.mark.parametrize("one", CHOICES)
@pytest.mark.parametrize("other", CHOICES)
def test_a_merge_of_choices_is_one_of_the_merges(one: str, other: str) -> None:
    found = evaluate(parse_expression(f"merge({one}, {other})"), Environment(Scope()))
    wanted = [{**first, **then} for first in CHOICES[one] for then in CHOICES[other]]
    said = list(found.values) if isinstance(found, OneOf) else [found]
    assert [one for one in wanted if one not in said] == [one for one in said if one not in wanted] == []
