"""Parts of conditions: every part of the catalogue's conditions can be evaluated by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from content_copy import bundled
from preuve.library.cel import explained, shown
from preuve.library.cel.parts import Part, parts_of

CONDITIONS = sorted(
    {
        condition
        for policy in bundled().policies.values()
        for rule in policy.aws
        for condition in (rule.when, rule.assert_)
        if condition
    }
)


def all_parts(part: Part) -> Iterator[Part]:
    yield part
    for inner in part.parts:
        yield from all_parts(inner)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_whole_condition_is_parsed_and_each_part_is_an_expression(condition: str) -> None:
    whole = parts_of(condition)
    assert whole.text == re.sub(r"\A(//.*\n)+", "", condition).strip()
    for part in all_parts(whole):
        assert "Syntax error" not in shown(part.text, {})


def lines(condition: str, **resource: object) -> list[str]:
    return explained(condition, lambda text: shown(text, {"resource": resource}))


def test_the_value_of_each_part_is_listed_below_its_expression() -> None:
    assert lines('resource.A > 3 && resource.B == "x"', A=5, B="y") == [
        'resource.A > 3 && resource.B == "x" = false',
        "  resource.A > 3 = true",
        "    resource.A = 5",
        '  resource.B == "x" = false',
        '    resource.B = "y"',
    ]


def test_a_macro_shows_its_elements() -> None:
    said = lines("resource.Rules.all(r, r.On || r.Age < 7)", Rules=[{"On": True}, {"On": False, "Age": 9}])
    # CEL shows the keys of a map in any order.
    assert [line.replace('{"Age": 9, "On": false}', '{"On": false, "Age": 9}') for line in said] == [
        "resource.Rules.all(r, r.On || r.Age < 7) = false",
        '  resource.Rules = [{"On": true}, {"On": false, "Age": 9}]',
        '  r = {"On": true}',
        "    r.On || r.Age < 7 = true",
        "      r.On = true",
        "      r.Age < 7 = error: Rules[0].Age is not set",
        "        r.Age = error: Rules[0].Age is not set",
        '  r = {"On": false, "Age": 9}',
        "    r.On || r.Age < 7 = false",
        "      r.On = false",
        "      r.Age < 7 = false",
        "        r.Age = 9",
    ]


def test_macros_in_macros_and_maps_keep_their_variables() -> None:
    found = lines("resource.A.all(a, a.B.exists(b, b in resource.C))", A=[{"B": ["x"]}], C={"x": 1})
    assert "    a.B.exists(b, b in resource.C) = true" in found
    assert '      b = "x"' in found
    assert lines('resource.T.exists(k, k == "b")', T={"a": 1}) == [
        'resource.T.exists(k, k == "b") = false',
        '  resource.T = {"a": 1}',
        '  k = "a"',
        '    k == "b" = false',
        '      k = "a"',
    ]


def test_long_lists_and_long_values_are_cut() -> None:
    found = lines("resource.A.all(a, a == 1)", A=list(range(1000)))
    assert found[-1] == "  … 997 more"
    assert max(map(len, found)) < 250


def test_an_operator_in_a_text_is_text() -> None:
    assert lines('resource.A == "x && y" || resource.B', A="z", B=False)[1:] == [
        '  resource.A == "x && y" = false',
        '    resource.A = "z"',
        "  resource.B = false",
    ]
