"""States of an account that no example names one by one: made from the examples, or from the words of a company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import pytest

from content_copy import bundled, linted
from preuve.assess.examples import ExampleRunner
from preuve.library.validation.checked_rule import CheckedRule
from preuve.model.content import Example
from preuve.model.errors import Position

OFF = {"ActionsEnabled": False}
BROKEN = {"EvaluationState": "EVALUATION_ERROR"}
STUCK = {"StateValue": "ALARM", "StateTransitionedTimestamp": "2024-01-01T00:00:00Z"}
# What scales goes on doing so while the alarm rings, and an alarm's recipient is one whether it rings or not.
RING_ON = {"capacity-scaling-configured", "alerts-reach-a-human"}
PER_RULE = 4
_places = count(1)


@cache
def _runner() -> ExampleRunner:
    return ExampleRunner(bundled(), linted().checker.shapes)


def _verdict(rule: CheckedRule, example: Example, resource: Mapping[str, Any]) -> str:
    place = Position(f"state {next(_places)}", 1, 1)
    return _runner().result(rule, replace(example, resource=resource, position=place)).actual


def _alarms(value: Any) -> Iterator[dict[str, Any]]:
    """Yield each alarm in a resource: what has actions that may be off."""
    if isinstance(value, dict):
        if "ActionsEnabled" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _alarms(one)


def _with_alarms(resource: Mapping[str, Any], state: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = deepcopy(dict(resource))
    for alarm in _alarms(changed):
        alarm.update(state)
    return changed


def _heard() -> Iterator[tuple[CheckedRule, Example]]:
    """Yield the passing examples that pass for their alarms."""
    for rule in linted().rules:
        passing = [
            one for one in rule.policy.examples if one.expected == "pass" and one.type in ("", rule.rule.resource)
        ]
        with_alarms = [one for one in passing if any(_alarms(deepcopy(dict(one.resource)))) and not one.newer]
        for example in with_alarms[:PER_RULE]:
            if _verdict(rule, example, _with_alarms(example.resource, OFF)) != "pass":
                yield rule, example


def test_an_alarm_that_is_off_broken_or_stuck_is_no_alarm() -> None:
    passed, asked = [], set()
    for rule, example in _heard():
        asked.add(rule.policy.id)
        for state in (BROKEN,) if rule.policy.id in RING_ON else (BROKEN, STUCK):
            if _verdict(rule, example, _with_alarms(example.resource, state)) == "pass":
                passed.append((rule.policy.id, example.name, state))
    assert not passed
    assert len(asked) >= 9


def _rule(policy: str) -> CheckedRule:
    return next(one for one in linted().rules if one.policy.id == policy)


@pytest.mark.parametrize("other", ["dev", "Test", "recette", "preprod", "pre-prod", "uat"])
@pytest.mark.parametrize("sign", ["/", "+", ",", ", ", " & ", ":", ";", "|", "-", "_", ".", " ", "-et-", " and "])
def test_a_value_that_names_production_and_another_environment_is_no_separation(other: str, sign: str) -> None:
    rule = _rule("org-env-separate-accounts")
    example = rule.policy.examples[0]
    for said in (f"prod{sign}{other}", f"{other}{sign}production", f"{other}{sign}PRD"):
        resource = {"TaggedResources": [{"Tags": {"Environment": said}}]}
        assert _verdict(rule, example, resource) in ("fail", "not_evaluated"), said
        assert _verdict(rule, example, {"TaggedResources": [{"Tags": {"Environment": other}}]}) == "pass"


WORDS = (
    "OrganizationAccountAccessRole AWSReservedSSO_AdministratorAccess_ ExecutionRole TaskRole InstanceRole EventsRole "
    "SingletonLambda AWSAccelerator ecsTaskExecutionRole EMR_EC2_DefaultRole Lambda Bucket Access Administrator Public "
    "Global Production _prod_ Pipeline Handler S3Bucket AutoScaling AWSGlueServiceRole rds-monitoring-role DevOpsRole "
    "s3.amazonaws.com who@partner.example ROSA-Installer TerraformCloudRole"
)


@pytest.mark.parametrize("word", WORDS.split())
@pytest.mark.parametrize("field", ["resource", "principal.AWS"])
def test_a_word_in_the_names_of_an_account_names_nothing(word: str, field: str) -> None:
    rule = _rule("iam-access-analyzer-findings")
    rules = [{"ruleName": "r", "filter": {field: {"contains": [word]}}}]
    resource = {"type": "ACCOUNT", "status": "ACTIVE", "ActiveFindings": [], "ArchiveRules": rules}
    assert _verdict(rule, rule.policy.examples[0], resource) in ("fail", "not_evaluated")


def _beside_stuck(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the resource with each alarm twice: first as it is after years of ringing, then as it was."""

    def doubled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: doubled(one) for key, one in value.items()}
        if isinstance(value, list):
            stuck = [{**one, **STUCK} for one in value if isinstance(one, dict) and "ActionsEnabled" in one]
            return stuck + [doubled(one) for one in value]
        return value

    return dict(doubled(dict(resource)))


def test_an_alarm_that_is_stuck_takes_nothing_from_another() -> None:
    for rule, example in _heard():
        if rule.policy.id not in RING_ON:
            assert _verdict(rule, example, _beside_stuck(example.resource)) == "pass", (rule.policy.id, example.name)


@pytest.mark.parametrize("word", ["pre", "pré", "non", "hors", "not"])
@pytest.mark.parametrize("sign", ["-", "_", ".", " "])
def test_what_is_not_production_is_no_production(word: str, sign: str) -> None:
    rule = _rule("org-env-separate-accounts")
    example = replace(rule.policy.examples[0], params={"other_environments": ["dev", "staging", "non-prod"]})
    for said in (f"{word}{sign}prod", f"staging{sign}{word}{sign}production", f"dev/{word}{sign}prd"):
        assert _verdict(rule, example, {"TaggedResources": [{"Tags": {"Environment": said}}]}) == "pass", said


@pytest.mark.parametrize(
    ("year", "expected"),
    [("*", "pass"), ("*/1", "pass"), ("2020", "fail"), ("2020 ", "fail"), ("2019,2020", "fail")]
    + [(year, "not_evaluated") for year in ("2020-2020/1", "2020/100", "2019,2020/90", "2024-2199", "*/2")],
)
def test_a_copy_lasts_only_if_its_years_do(year: str, expected: str) -> None:
    rule = _rule("backup-second-site-allowed")
    example = next(one for one in rule.policy.examples if one.name == "the only copy was made in one year")
    resource = deepcopy(dict(example.resource))
    resource["BackupPlan"]["Rules"][1]["ScheduleExpression"] = f"cron(0 5 1 1 ? {year})"
    assert _verdict(rule, example, resource) == expected
