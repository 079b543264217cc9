"""Parts of conditions: every part of the catalogue's conditions can be evaluated by itself."""

from __future__ import annotations

import pytest

from content_copy import bundled
from preuve.library.cel import compile_program
from preuve.library.cel.conditions import VARIABLES
from preuve.library.cel.unknown import Unknown

CONDITIONS = sorted(
    {
        condition
        for policy in bundled().policies.values()
        for rule in policy.aws
        for condition in (rule.when, rule.assert_)
        if condition
    }
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_part_has_a_value_or_none_to_show(condition: str) -> None:
    first, *others = compile_program(condition).explained(dict.fromkeys(VARIABLES, Unknown(frozenset())))
    assert first.endswith((" = unread", " = true", " = false"))
    assert all(line.startswith(("  ", "…")) and "error: " not in line for line in others)


def lines(condition: str, **resource: object) -> list[str]:
    return compile_program(condition).explained({"resource": resource})


def test_the_value_of_each_part_is_listed_below_its_expression() -> None:
    assert lines('resource.A > 3 && resource.B == "x"', A=5, B="y") == [
        'A > 3 && B == "x" = false',
        "  A > 3 = true",
        "    A = 5",
        '  B == "x" = false',
        '    B = "y"',
    ]


def test_a_macro_shows_its_elements() -> None:
    said = lines("resource.Rules.all(r, r.On || r.Age < 7)", Rules=[{"On": True}, {"On": False, "Age": 9}])
    assert said == [
        "Rules.all(r, r.On || r.Age < 7) = false",
        '  Rules = [{"On": true}, {"On": false, "Age": 9}]',
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
    assert "    a.B.exists(b, b in C) = true" in found
    assert '      b = "x"' in found
    assert lines('resource.T.exists(k, k == "b")', T={"a": 1}) == [
        'T.exists(k, k == "b") = false',
        '  T = {"a": 1}',
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
        '  A == "x && y" = false',
        '    A = "z"',
        "  B = false",
    ]
