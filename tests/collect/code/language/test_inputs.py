"""Where a value of a template comes from."""

from __future__ import annotations

from preuve.collect.code.language.templates.inputs import Inputs
from preuve.collect.code.language.templates.source import parse


def test_a_value_of_many_parameters_names_three_and_says_that_there_are_more() -> None:
    names = "ABCD"
    template = parse(
        "Parameters:\n"
        + "".join(f"  {name}: {{Type: String}}\n" for name in names)
        + 'Value: !Sub "${A}${B}${C}${D}"\n'
    )
    inputs = Inputs.of(template, "t.yaml")
    assert inputs.behind(template["Value"]) == "A (t.yaml:2), B (t.yaml:3), C (t.yaml:4), …"
