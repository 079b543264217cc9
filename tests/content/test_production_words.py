"""What stands for production: one definition for the account, the same words for code, and no suppression by it."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import product

import pytest
import yaml

from content_copy import bundled, linted
from preuve.assess.examples import ExampleRunner
from preuve.library.yaml.place import content_root
from preuve.model.content import Example
from preuve.model.errors import Position

TABLE = {name: str(value) for name, value in bundled().reference["naming_values"]["data"].items()}
WORDS, PLACES = TABLE["production"].split(" "), TABLE["places"].split(" ")
ENDS = ["", "2", "-2", *(f"-{place}" for place in PLACES), "-us-gov-west-1", "_eu.west 3a", "-ap-southeast-2"]
KEYS = ["env", "ENV", "Envs", "appEnv", "acme:env", "env_name", "EnvName", "deployenv", "aws-environment"]
OTHERS = ["app", "inventory", "Envoy", "backstage", "stagecraft", "component"]
WIDE = ["main", "all", "acme-prod", "prod-blue", "production-main", "nonprod", "Produktion", "p", "*"]
_RESOURCES = {"AWS::Region", "AWS::S3::Bucket"}


@cache
def verdict(policy: str, resource: str) -> str:
    (rule,) = (one for one in linted().rules if one.policy.id == policy and one.rule.resource in _RESOURCES)
    example = Example("pass", Position(policy, 1, 1), json.loads(resource), type=rule.rule.resource, name="tags")
    return ExampleRunner(bundled(), linted().checker.shapes).result(rule, example).actual


def suppressed(key: str, value: str) -> str:
    """The verdict on a region whose Inspector hides all findings with this tag."""
    tag = {"comparison": "EQUALS", "key": key, "value": value}
    rule = {"name": "f", "action": "SUPPRESS", "criteria": {"resourceTags": [tag]}}
    region = {"Inspector": [{"state": {"status": "ENABLED"}}], "InspectorFilters": [rule]}
    return verdict("vulnerability-sla", json.dumps(region))


def kept_in(environment: str) -> str:
    """The verdict on a bucket of an environment with personal data."""
    return verdict("prod-data-not-in-test", json.dumps({"Tags": {"Environment": environment, "PersonalData": "yes"}}))


@pytest.mark.parametrize("word", WORDS)
def test_what_is_production_for_a_store_names_nothing_under_any_key(word: str) -> None:
    said = [f"{word}{end}" for end in ENDS] + [f" {word.upper()} "]
    assert {one: kept_in(one) for one in said} == dict.fromkeys(said, "not_applicable")
    tags = [(key, one) for one in said for key in ("env", "app", "Name")]
    assert {tag: suppressed(*tag) for tag in tags} == dict.fromkeys(tags, "fail")


@pytest.mark.parametrize("key", [*KEYS, "Environment", "Environnement", "Umgebung", "stage", "STAGES", "deployStage"])
def test_under_a_key_of_environments_only_the_others_name_something(key: str) -> None:
    assert {value: suppressed(key, value) for value in WIDE} == dict.fromkeys(WIDE, "fail")
    others = ["test", " QA ", "recette"]
    assert {value: suppressed(key, value) for value in others} == dict.fromkeys(others, "pass")


@pytest.mark.parametrize("key", OTHERS)
def test_under_any_other_key_a_word_for_production_among_others_decides_nothing(key: str) -> None:
    undecided = ["acme-prod", "prod-blue", "non-prod"]
    assert {value: suppressed(key, value) for value in undecided} == dict.fromkeys(undecided, "not_evaluated")
    others = ["blue", "products", "shared-lib", "pre-prod"]
    assert {value: suppressed(key, value) for value in others} == dict.fromkeys(others, "pass")


@pytest.mark.parametrize("check", ["CKV2_PREUVE_TEST_DATA", "CKV2_PREUVE_TEMPLATE_TEST_DATA"])
def test_the_rules_for_code_know_the_words_and_the_places_of_the_table_and_no_other(check: str) -> None:
    text = str(bundled().code_rules[check])
    patterns = re.findall(r"\(\(([a-z|]+)\)\(\[-_\. \]\?\(\[0-9\]\[a-f\]\?\|([a-z|]+)\)\)\*\)", text)
    assert set(patterns) == {("|".join(WORDS), "|".join(PLACES))}


# Of these words some are declared and some are not; a value is of up to three.
_DECLARED = ["prod", "live", "eu", "test", "pre-prod", "copy", "non"]
_UNDECLARED = ["acme", "blue", "main", "a", "crew"]
VALUES = ["-".join(words) for count in (1, 2, 3) for words in product([*_DECLARED[:4], *_UNDECLARED[:2]], repeat=count)]


@pytest.mark.parametrize("word", _UNDECLARED)
def test_an_environment_with_a_word_that_nobody_declared_decides_nothing(word: str) -> None:
    said = [word, *(form.format(one, word) for one in _DECLARED for form in ("{}-{}", "{1}_{0}", "{}/{}", "{1}.{0}-2"))]
    assert {one: kept_in(one) for one in said} == dict.fromkeys(said, "not_evaluated")


@pytest.mark.parametrize("word", ["n/a", "aucune", "customers", "unknown", "y", "pseudonymised"])
def test_a_word_that_is_neither_yes_nor_no_decides_nothing(word: str) -> None:
    said = json.dumps({"Tags": {"Environment": "test", "PersonalData": word}})
    assert verdict("prod-data-not-in-test", said) == "not_evaluated"


@pytest.mark.parametrize("file", ["test-data", "template-test-data"])
def test_the_rules_for_code_take_the_same_environments_for_tests(file: str) -> None:
    rule = yaml.safe_load((content_root() / f"scanners/iac/{file}.yaml").read_text(encoding="utf-8"))
    patterns = set(re.findall(r"'(\(\?i\)[^']*other_environments[^']*)'", str(rule)))
    assert len(patterns) == 1
    params = yaml.safe_load((content_root() / "policies/params.yaml").read_text(encoding="utf-8"))
    others = "|".join(params["other_environments"]["value"])
    pattern = re.compile(patterns.pop().replace("${params.other_environments}", others))
    said = [
        *VALUES,
        "test2",
        "prod-copy",
        "prod-eu-like",
        "nonprod",
        "hors-prod",
        "not_live",
        "pre-prod-fr",
        "dev-prod",
    ]
    assert {one: bool(pattern.fullmatch(one)) for one in said} == {one: kept_in(one) == "fail" for one in said}
