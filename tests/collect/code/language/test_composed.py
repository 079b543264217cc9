"""A text is the same whether its accents are composed or not: it is compared with HCL's own evaluator."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from hcl_oracle import Oracle, agrees, start
from preuve.collect.code.language.hcl.expressions import Environment, evaluate
from preuve.collect.code.language.hcl.lone_expressions import lone_value
from preuve.collect.code.language.hcl.syntax.json_syntax import parse_json_variables
from preuve.collect.code.language.hcl.syntax.parser import parse_expression

LETTERS = ("\u00e9", "A\u030a", "\uac01", "\u2126", "a\u0323\u0307")
IDIOMS = (
    '"{0}" == "{1}"',
    '{{"{0}" = 1}}["{1}"]',
    '{{"{0}" = 1}}.{1}',
    "{{ x{0} = 1 }}.x{1}",
    'lookup({{"{0}" = "open"}}, "{1}", "closed")',
    'contains(["{0}"], "{1}")',
    '"${{"{0}"}}" == "${{"{1}"}}"',
    '"${{substr("a", 0, 1)}}{0}" == "a{1}"',
    'join("", ["{0}", "x"]) == "{1}x"',
    'replace("x", "x", "{0}") == "{1}"',
    'jsondecode("{{\\"a\\": \\"{0}\\"}}").a == "{1}"',
    'merge({{"{0}" = 1}}, {{"{1}" = 2}})',
    'toset(["{0}", "{1}"])',
    '{{ for k in ["{0}"] : k => 1 }}["{1}"]',
    'distinct(["{0}", "{1}"])',
    'base64encode("{0}") == base64encode("{1}")',
    'format("%s", "{0}")',
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    witness = start()
    yield witness
    witness.close()


class Nothing:
    """A scope without names."""

    host: Any = None

    def root(self, name: str) -> Any:
        raise AssertionError(name)

    def spend(self, work: int) -> None:
        pass


def written(letter: str) -> set[str]:
    """Return the spellings of a letter: composed or not, as it is or escaped, in two parts."""
    plain = {unicodedata.normalize("NFC", letter), unicodedata.normalize("NFD", letter), letter}
    escaped = {"".join(f"\\u{ord(sign):04x}" for sign in text) for text in plain}
    return plain | escaped | {"".join(f'${{"{sign}"}}' for sign in text) for text in plain}


@pytest.mark.parametrize("idiom", IDIOMS)
def test_no_spelling_of_a_letter_differs(oracle: Oracle, idiom: str) -> None:
    for letter in LETTERS:
        for one, other in itertools.product(sorted(written(letter)), repeat=2):
            text = idiom.format(one, other)
            if any(sign in one + other for sign in '\\"') and ("x{" in idiom or "}." in idiom or "json" in idiom):
                continue  # a name and a text in a text have no escapes
            ours = evaluate(parse_expression(text), Environment(Nothing()))
            assert agrees(ours, oracle.evaluate(text, {})), text


def test_a_file_of_values_in_json_has_composed_texts() -> None:
    found = parse_json_variables('{"x": {"e\u0301": "e\u0301"}, "y": ["e\\u0301"]}')
    assert [lone_value(found[name].value) for name in "xy"] == [{"\u00e9": "\u00e9"}, ("\u00e9",)]
