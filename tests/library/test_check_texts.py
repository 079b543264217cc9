"""The texts of preuve's own rules are in the file of the rule; files that several branches extend are sorted by id."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import yaml
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.library.validation.code import fixes
from preuve.library.yaml.place import content_root
from preuve.model.content import Library
from preuve.model.errors import Position, Problem

RULE = "CKV2_PREUVE_SG_EGRESS"
IDS = sorted(bundled().parameters)[:6]


def with_parameters(names: list[str]) -> Library:
    parameters = {
        name: replace(bundled().parameters[name], position=Position(fixes.PARAMETERS, line, 1))
        for line, name in enumerate(names, 1)
    }
    return replace(bundled(), checks={}, parameters=parameters)


@given(st.permutations(IDS))
def test_an_entry_out_of_order_is_reported_with_its_place(names: list[str]) -> None:
    found = list(fixes.order(with_parameters(names)))
    wanted = [number for number, (before, name) in enumerate(pairwise(names), 2) if name < before]
    assert [problem.position.line for problem in found] == wanted
    for problem in found:
        name = names[problem.position.line - 1]
        assert problem.message.startswith(name)
        assert problem.hint == f"move it before {IDS[IDS.index(name) + 1]}"


def test_the_bundled_files_are_in_the_order_of_the_ids() -> None:
    assert list(fixes.order(bundled())) == []
    for file in (fixes.PARAMETERS, fixes.TEXTS):
        names = list(yaml.safe_load((content_root() / file).read_text(encoding="utf-8")))
        assert names == sorted(names)


def test_texts_of_a_rule_elsewhere_are_reported() -> None:
    text = bundled().checks[RULE]
    assert text.position.file == "scanners/iac/sg-egress.yaml"
    moved = replace(bundled(), checks={RULE: replace(text, position=Position(fixes.TEXTS, 3, 1))}, parameters={})
    said = Problem(
        Position(fixes.TEXTS, 3, 1), f"{RULE} is a rule of preuve", f"move the texts to {text.position.file}"
    )
    assert list(fixes.order(moved)) == [said]


def test_a_rule_without_texts_is_reported_with_its_file() -> None:
    checks = {name: text for name, text in bundled().checks.items() if name != RULE}
    (problem,) = fixes.missing(replace(bundled(), checks=checks))
    assert f"{RULE} has no sentence" in problem.message
    assert problem.hint == "say why it fails in scanners/iac/sg-egress.yaml"


def test_both_files_take_the_same_texts() -> None:
    rules, checks = (
        json.loads((content_root() / f"scanners/{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("iac", "checks")
    )
    there = json.dumps(checks["additionalProperties"]["properties"]).replace("#/additionalProperties/", "#/")
    assert {name: rules["properties"][name] for name in ("why", "asks", "causes")} == json.loads(there)
    assert {name: rules["$defs"][name] for name in checks["$defs"]} == checks["$defs"]
