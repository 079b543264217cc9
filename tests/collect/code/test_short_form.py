"""Expressions of code as causes show them: texts in them may be secrets, and an empty one is none."""

from __future__ import annotations

import pytest

from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.hcl.syntax.short_form import written


@pytest.mark.parametrize("around", ["{} ? 0 : 1", "f({})", "[{}]", "x.y == 1 && {}"])
def test_a_text_is_not_shown_unless_it_is_empty(around: str) -> None:
    empty, secret = (written(parse_expression(around.format(f'var.x == "{text}"'))) for text in ("", "hunter2"))
    assert 'var.x == ""' in empty
    assert 'var.x == "…"' in secret
