"""Expressions as people read them in a reason: with their names, and never with their texts."""

from __future__ import annotations

import pytest

from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.hcl.syntax.short_form import written


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("var.on ? 1 : 0", "var.on ? 1 : 0"),
        ("0", "0"),
        ("false", "false"),
        ("null", "null"),
        ("!local.off && var.n >= 2", "!local.off && var.n >= 2"),
        ('var.password == "hunter2" ? ["a"] : []', 'var.password == "…" ? ["…"] : []'),
        ('"${var.x}-secret"', '"…"'),
        ('"${var.x}"', "var.x"),
        ('contains(var.names, "x")', 'contains(var.names,"…")'),
        ("aws_x.y[*].id", "aws_x.y[*].id"),
        ('var.map["key"].a', 'var.map["…"].a'),
        ("[for a in var.all : a.id if a.on]", "[for a in var.all : …]"),
        ("merge({a = 1}, var.b...)", "merge((…),var.b...)"),
        ("[1, 2, 3, 4]", "[1,2,3,…]"),
    ],
)
def test_an_expression_is_shown_with_its_names(expression: str, said: str) -> None:
    assert written(parse_expression(expression)) == said


def test_a_long_expression_is_cut_and_contains_no_separator_of_causes() -> None:
    text = written(parse_expression(" + ".join(f"concat(var.a{number}, [1, 2])" for number in range(40))))
    assert len(text) <= 100
    assert ", " not in text


@pytest.mark.parametrize("around", ["{} ? 0 : 1", "f({})", "[{}]", "x.y == 1 && {}"])
def test_a_text_is_not_shown_unless_it_is_empty(around: str) -> None:
    empty, secret = (written(parse_expression(around.format(f'var.x == "{text}"'))) for text in ("", "hunter2"))
    assert 'var.x == ""' in empty
    assert 'var.x == "…"' in secret
