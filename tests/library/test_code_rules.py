"""Rules for code: parameters are inserted as data, and lint reports the defects of a rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from content_copy import ContentCopy, bundled
from preuve.library.load import read_library
from preuve.library.parsed_content import ParsedContent
from preuve.library.validation.code import code_rules
from preuve.library.yaml.place import content_root
from preuve.model.content import CodeRule, Library
from preuve.model.errors import Position, Problem, UsageError

PARAMS = {name: item.value for name, item in bundled().parameters.items()}


def rule(attribute: str = "region", operator: str = "within", value: Any = None, **more: Any) -> CodeRule:
    condition = {"cond_type": "attribute", "resource_types": ["aws_vpc"], "attribute": attribute, "operator": operator}
    definition = condition if value is None else {**condition, "value": value}
    example = frozenset(code_rules.examples_of("aws"))
    return CodeRule("CKV2_PREUVE_X", "x", "IAM", definition, Position("x.yaml", 1, 1), examples=example, **more)


def messages(found: CodeRule, policy: str = "s3-region-allowed") -> list[str]:
    """Return the problems of one rule that one policy names."""
    owner = bundled().policies[policy]
    assert owner.iac is not None
    owner = replace(owner, iac=replace(owner.iac, checkov=(found.id,)))
    library: Library = replace(bundled(), policies={policy: owner}, code_rules={found.id: found})
    return [problem.message for problem in code_rules.problems(library)]


def test_a_parameter_is_inserted_with_its_type() -> None:
    listed = code_rules.rendered(rule(value="${params.allowed_regions}"), PARAMS)
    assert listed["definition"]["value"] == PARAMS["allowed_regions"]
    number = code_rules.rendered(rule(operator="equals", value="${params.backup_min_retention_days}"), PARAMS)
    assert number["definition"]["value"] == 30


@pytest.mark.parametrize(
    ("levels", "said"), [(["a.b", "c"], r"(?i)(?:a\.b|c)$"), ("a|b", r"(?i)(?:a\|b)$"), ([], "(?i)(?!)$")]
)
def test_in_a_pattern_a_parameter_is_one_of_its_values_as_written(levels: Any, said: str) -> None:
    found = rule(operator="regex_match", value="(?i)${params.levels}$")
    assert code_rules.rendered(found, {"levels": levels})["definition"]["value"] == said
    asked = {
        "ask": "settings",
        "resources": {"aws_vpc": {"at": "x", "matches": "(?i)${params.levels}$", "absent": "fail"}},
    }
    filled = code_rules.rendered(replace(found, definition={}, judgement=asked), {"levels": levels})
    assert filled["judgement"]["resources"]["aws_vpc"]["matches"] == said


def test_nested_conditions_are_filled_in_too() -> None:
    inner = rule(value="${params.allowed_regions}").definition
    outer = replace(rule(), definition={"or": [{"and": [inner]}, {"not": inner}]}, when=inner, unseen=inner)
    filled = code_rules.rendered(outer, PARAMS)
    assert "${" not in str(filled)
    assert filled["when"] == filled["unseen"] == filled["definition"]["or"][0]["and"][0]


def test_a_list_of_names_gives_one_condition_per_name() -> None:
    params = {"mandatory_tags": ["Owner", "cost:id"]}
    filled = code_rules.rendered(rule("tags.${params.mandatory_tags}", "exists"), params)
    assert [item["attribute"] for item in filled["definition"]["and"]] == ["tags.Owner", "tags.cost:id"]


def test_a_list_of_numbers_gives_one_jsonpath_per_number() -> None:
    path = "$.ingress[?(@.from_port <= ${params.ports} & @.to_port >= ${params.ports})]"
    filled = code_rules.rendered(rule(path, "jsonpath_not_exists"), {"ports": [22, 3389]})
    assert [item["attribute"] for item in filled["definition"]["and"]] == [
        "$.ingress[?(@.from_port <= 22 & @.to_port >= 22)]",
        "$.ingress[?(@.from_port <= 3389 & @.to_port >= 3389)]",
    ]


@pytest.mark.parametrize("name", ["Owner.*", "*", "a.b", "", "Owner\n", "$[?(1)]", "${params.x}", 3, True, []])
def test_a_name_with_other_characters_is_refused(name: Any) -> None:
    with pytest.raises(UsageError, match="mandatory_tags"):
        code_rules.rendered(rule("tags.${params.mandatory_tags}", "exists"), {"mandatory_tags": name})


@pytest.mark.parametrize("port", ["22", "22)] | $..[?(1", 2.5, True, None, [22, "x"], []])
def test_a_number_with_other_characters_is_refused(port: Any) -> None:
    with pytest.raises(UsageError, match="ports"):
        code_rules.rendered(rule("$.ingress[?(@.from_port == ${params.ports})]", "jsonpath_exists"), {"ports": port})


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (rule(value="${params.alowed_regions}"), "there is no parameter alowed_regions"),
        (rule(value="prefix-${params.allowed_regions}"), "'prefix-${params.allowed_regions}' is not read"),
        (rule(value=["${params.allowed_regions}"]), "'${params.allowed_regions}' is not read"),
        (rule(value="${param.allowed_regions}"), "'${param.allowed_regions}' is not read"),
        (rule("tags.x${params.mandatory_tags}", "exists"), "is not read"),
        (rule("tags.${params.high_risk_ports}", "exists"), "high_risk_ports does not fit: 20"),
        (rule("$.x[?(@.y == ${params.mandatory_tags})]", "jsonpath_exists"), "mandatory_tags does not fit: 'Owner'"),
        (rule(value="eu-west-3"), "within needs a list"),
        (rule(value="${params.backup_min_retention_days}"), "within needs a list"),
        (rule(operator="equals", value="${params.allowed_regions}"), "equals needs one value"),
        (rule(operator="regex_match", value="${param.personal_data_tag}"), "is not read"),
        (rule("replica.*.region_name", "not_equals", "us-east-1"), "passes if any element passes"),
        (rule("$[?(@.type == 'ingress')]", "jsonpath_exists"), "finds the block itself"),
        (replace(rule(value=["x"]), examples=frozenset({"pass.tf"})), "scanners/iac/examples/x/fail.tf is missing"),
    ],
)
def test_a_defect_of_a_rule_is_reported(found: CodeRule, message: str) -> None:
    (said,) = messages(found)
    assert message in said


def test_valid_rules_and_the_bundled_ones_have_no_problems() -> None:
    assert messages(rule(value="${params.allowed_regions}")) == []
    assert list(code_rules.problems(bundled())) == []


@pytest.fixture
def copy(tmp_path: Path) -> ContentCopy:
    return ContentCopy(tmp_path)


def read(copy: ContentCopy) -> tuple[Library, list[Problem]]:
    """Content that was not edited is as it was linted, and need not be read again."""
    return read_library(root=copy.root, opener=ParsedContent(content_root()))


def said(copy: ContentCopy) -> list[str]:
    return [str(problem) for problem in code_rules.problems(read(copy)[0])]


def test_an_unknown_check_id_and_an_unused_rule_are_reported(copy: ContentCopy) -> None:
    copy.edit("policies/s3/s3-region-allowed.yaml", "CKV2_PREUVE_S3_REGION", "CKV2_PREUVE_S3_REGIONS")
    named = copy.find("policies/s3/s3-region-allowed.yaml", "CKV2_PREUVE_S3_REGIONS")
    assert said(copy) == [
        f"{named}: s3-region-allowed: CKV2_PREUVE_S3_REGIONS is no check of Checkov's"
        " and no rule here (fix the id, or add scanners/iac/s3-regions.yaml)",
        "scanners/iac/s3-region.yaml:2:1: CKV2_PREUVE_S3_REGION: no policy names it"
        " (list it under iac.checkov of a policy)",
    ]


def test_a_rule_without_examples_is_reported(copy: ContentCopy) -> None:
    (copy.root / "scanners/iac/examples/s3-region/pass.tf").unlink()
    (problem,) = said(copy)
    assert "scanners/iac/examples/s3-region/pass.tf is missing" in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("operator: within", "operator: python", '"python" is not valid'),
        ("CKV2_PREUVE_S3_REGION,", "CKV2_PREUVE_OTHER,", "the id CKV2_PREUVE_OTHER differs from the file's name"),
        ("scope: {provider: aws}", "scope: {provider: aws}\ncode: import os", "unknown key code"),
    ],
)
def test_the_content_of_a_rule_file_is_checked(copy: ContentCopy, old: str, new: str, message: str) -> None:
    copy.edit("scanners/iac/s3-region.yaml", old, new)
    _, problems = read(copy)
    assert any(message in problem.message for problem in problems), problems


def test_a_changed_rule_changes_the_digest_of_the_policy(copy: ContentCopy) -> None:
    before = bundled().policies
    copy.edit("scanners/iac/s3-region.yaml", "operator: within", "operator: not_within")
    after = read(copy)[0].policies
    assert {name for name in before if before[name].digest != after[name].digest} == {"s3-region-allowed"}
