"""What may stand in an argument behind what is not known is searched for secrets; what only chooses is not."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.collect.code.checkov.shapes.values import argument_of
from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.syntax.parser import parse_expression
from preuve.collect.code.language.values.steps import attribute
from preuve.collect.code.secrets.possible_texts import may_be_one, possible
from preuve.collect.code.secrets.search import secrets_of
from preuve.library.validation.code.code_rules import rendered

S = '"Sup3rS3cret2024!"'


def result(variables: str) -> str:
    """Return what is said of a block with these members, which nobody reads in clear."""
    value = lone_value(parse_expression(variables))
    body = {"default_arguments": [argument_of(value, possible)]}
    found = secrets_of("aws_glue_trigger", body)
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
        (f"[for k, v in {{ a = {S} }} : v if k == var.u][0]", "UNKNOWN"),
        (f"[for o in [{{ k = 1, pw = {S} }}] : o if o.k == var.u][0].pw", "UNKNOWN"),
        (f"{{ for k, v in {{ a = {S} }} : k => v if var.u }}.a", "UNKNOWN"),
        (f'{{ for k, v in {{ a = {{ pw = {S} }} }} : k => v if var.u }}["a"].pw', "UNKNOWN"),
        (f"{{ for k, v in {{ a = {S} }} : k => v... if var.u }}.a[0]", "UNKNOWN"),
        (f"(var.u ? {{ a = {S}, b = var.v }} : {{}}).a", "UNKNOWN"),
        (f"merge({{ pw = {S} }}, var.u).pw", "UNKNOWN"),
        (f"merge({{ pw = {S} }}, var.u)[var.v]", "UNKNOWN"),
        (f"merge({{ a = 1 }}, var.u ? {{ pw = {S} }} : var.v).pw", "UNKNOWN"),
        ('merge({ name = "shop-production", port = 5432 }, var.u).pw', "PASS"),
        ('merge({ db = { name = "shop-production" } }, var.u)["db"].pw', "PASS"),
        ('{ for k, v in { pw = var.v, name = "shop-production" } : k => v if var.u }.pw', "PASS"),
        ('(var.u ? { pw = var.v, name = "shop-production" } : {}).pw', "PASS"),
        ('[for k, v in { production = "production" } : var.v if k == var.u][0]', "PASS"),
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
    assert not may_be_one(
        {"a": ["x", lone_value(parse_expression("var.u")), lone_value(parse_expression('"${var.u}-text"'))]}
    )


_X = f"{{ prod = {S}, dev = {S} }}"
_O = f'{{ prod = {{ pw = {S}, of = var.w, name = "shop-production" }}, dev = {{ pw = "", of = var.w, name = "b" }} }}'


_CODE = rendered(bundled().code_rules["CKV2_PREUVE_CODE_SECRETS"], {})
_ELEMENTS = [
    ("var.u ? local.x : {}", "each.value", "FAILED"),
    ("merge(var.w, local.x)", "each.value", "UNKNOWN"),
    ("{ for k, v in local.x : k => v if var.u }", "each.value", "UNKNOWN"),
    ("toset([for k, v in local.x : v if var.u])", "each.value", "UNKNOWN"),
    (f'var.u ? toset([{S}, "other"]) : toset([])', "each.key", "UNKNOWN"),
    ("var.u ? local.o : {}", "each.value.pw", "UNKNOWN"),
    ("merge(var.w, local.o)", "each.value.pw", "UNKNOWN"),
    ("var.u ? local.o : {}", "each.value.of", "PASSED"),
    ("merge(var.w, local.o)", "each.value.of", "PASSED"),
    ("var.u ? local.o : {}", "var.w[each.value.name]", "PASSED"),
    ("var.w", "each.value.pw", "PASSED"),
]


@pytest.fixture(scope="module")
def elements(scan_files: Scanner) -> Scan:
    """Databases, each made for the elements of a collection that is not known; and a variable without a default."""
    text = 'variable "u" {}\nvariable "w" {}\nvariable "db_password" {}\n'
    text += f"locals {{\n  x = {_X}\n  o = {_O}\n}}\n" + "".join(
        f'resource "aws_db_instance" "d{number}" {{\n  for_each = {each}\n  password = {password}\n}}\n'
        for number, (each, password, _) in enumerate(_ELEMENTS)
    )
    return scan_files({"infra/main.tf": text}, checks=frozenset({_CODE["metadata"]["id"]}), rules=(_CODE,))


@pytest.mark.parametrize("number", range(len(_ELEMENTS)))
def test_an_element_of_a_collection_that_is_not_known_may_be_a_secret_of_the_code(elements: Scan, number: int) -> None:
    record = elements.record("infra", f"aws_db_instance.d{number}", _CODE["metadata"]["id"])
    assert record["result"] == _ELEMENTS[number][2], _ELEMENTS[number]


def test_a_variable_without_a_default_is_not_said_to_show_one(elements: Scan) -> None:
    record = elements.record("infra", "var.db_password", _CODE["metadata"]["id"])
    assert (record["result"], record["values"]) == ("PASSED", {"default": ""})


@pytest.mark.parametrize("whole", ["merge(x, x, var.u)", "var.u ? x : merge(x, { a = var.u })"])
def test_names_of_names_are_each_followed_once(whole: str) -> None:
    made = "x"
    for _ in range(20):
        made = f"[for x in [{whole}] : {made}][0]"
    value = lone_value(parse_expression(f"[for x in [{{ pw = {S}, b = var.u }}] : {made}][0]"))
    assert attribute(value, "pw").written == {S.strip('"')}
    assert attribute(value, "b").written == frozenset()
