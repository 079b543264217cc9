"""What may stand in an argument behind what is not known is searched for secrets; what only chooses is not."""

from __future__ import annotations

import pytest

from preuve.collect.code.checkov.shapes.values import argument_of
from preuve.collect.code.language.hcl.lone_expressions import alone
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.secrets.literal import secrets_of
from preuve.collect.code.secrets.possible_texts import may_be_one, possible

S = '"Sup3rS3cret2024!"'


def result(variables: str) -> str:
    """Return what is said of a function with these variables."""
    value = alone(parse_expression(variables))
    body = {"environment": [{"variables": [argument_of(value, possible)]}]}
    found = secrets_of("aws_lambda_function", body)
    return "FAIL" if found.found else "UNKNOWN" if found.hidden else "PASS"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f'var.u ? {S} : ""', "FAIL"),
        (f"{{ a = {S}, b = null }}[var.u]", "FAIL"),
        (f"lookup({{ a = {S} }}, var.u, 1234567)", "FAIL"),
        ("var.u ? 1234567 : 7654321", "FAIL"),
        (f"coalesce(var.u, {S})", "UNKNOWN"),
        (f"try(var.u.x, {S})", "UNKNOWN"),
        (f"one([for v in [{S}] : v if var.u])", "UNKNOWN"),
        (f'"${{var.u ? {S} : "other"}}-x"', "UNKNOWN"),
        (f'format("%s", coalesce(var.u, {S}))', "UNKNOWN"),
        ('var.u == "production" ? var.v : var.w', "PASS"),
        ('var.u["production"][var.v == "production" ? "production" : "development"]', "PASS"),
        ('lookup(var.u, "production", "")', "PASS"),
        ('split("production", var.u)[1]', "PASS"),
        ('replace(var.u, "production", "")', "PASS"),
        ('regex("production-(.*)", var.u)[0]', "PASS"),
        ('format("%s-%s", var.u, var.v)', "PASS"),
        ('"${var.u}-x"', "PASS"),
        ('{ a = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:a-AbCdEf", b = "" }[var.u]', "PASS"),
        ('var.u ? "true" : "false"', "PASS"),
    ],
)
def test_what_may_stand_under_the_name_of_a_secret_is_searched(value: str, expected: str) -> None:
    assert result(f"{{ DB_PASSWORD = {value} }}") == expected
    plain = result(f"{{ DB_NAME = {value} }}")
    assert plain == "PASS"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (f'{{ for k in ["db"] : upper("${{k}}_password") => coalesce(var.u, {S}) }}', "UNKNOWN"),
        (f'zipmap(["DB_PASSWORD"], [var.u ? {S} : "other"])', "FAIL"),
        (f"{{ for k, v in {{ DB_PASSWORD = var.u ? {S} : {S}, B = 1 }} : k => v if var.v }}", "FAIL"),
        (f'jsondecode(jsonencode({{ DB_PASSWORD = var.u ? {S} : "x" }}))', "FAIL"),
        (f'{{ A = jsonencode({{ DB_PASSWORD = var.u ? {S} : "x" }}) }}', "FAIL"),
        (f'{{ A = "{{\\"DB_PASSWORD\\": \\"${{var.u ? {S} : "x"}}\\"}}" }}', "FAIL"),
    ],
)
def test_the_name_may_be_made_and_the_value_be_packed(variables: str, expected: str) -> None:
    assert result(variables) == expected


def test_what_is_known_holds_no_possible_text() -> None:
    assert not may_be_one({"a": ["x", alone(parse_expression("var.u")), alone(parse_expression('"${var.u}-text"'))]})
