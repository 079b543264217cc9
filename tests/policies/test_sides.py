"""No policy says PASS of a setting in the account and FAIL of the same in code, or the other way round.

An argument is the member of the account that has the same letters. All other members that the condition reads are
unknown: it is compared where it has a verdict whatever these are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from preuve.library.cel.conditions import compile_program
from preuve.library.cel.evaluation import evaluate
from preuve.library.cel.unknown import Unknown
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.rules import Checker
from preuve.library.validation.shapes import message_name

HERE = Path(__file__).parent
BLOCK = re.compile(
    r'^resource "(?P<type>\w+)" "(?P<name>\w+)" \{ # (?P<said>FAILED|PASSED)\n(?P<body>.*?)^\}', re.M | re.S
)
ARGUMENT = re.compile(r'^  (\w+) += ("[^"$%\\]*"|true|false|\d+)$', re.M)
ANY = Unknown(frozenset({"not in the code"}))
# What no account says: AWS keeps other letters, another block decides, or what is copied.
APART = {
    "apigw-auth": {"other_letters"},
    "dynamodb-deletion-protection": {"replica_off", "replica_says_nothing"},
    "elb-https": {"encrypted"},
    "rds-encrypted": {"replica_of_a_clear_one_and_on"},
}
Case = tuple[str, re.Match[str]]


def cases() -> Iterator[Case]:
    for file in sorted((*HERE.glob("traps/*.tf"), *HERE.glob("iac/*/fail.tf"))):
        policy = file.stem if file.parent.name == "traps" else file.parent.name
        yield from ((policy, block) for block in BLOCK.finditer(file.read_text("utf-8")))


@cache
def rules() -> tuple[CheckedRule, ...]:
    both = [policy for policy in bundled().policies.values() if policy.iac and policy.aws]
    return Checker.of(bundled(), both).rules(both)


def in_the_account(rule: CheckedRule, arguments: Mapping[str, Any]) -> bool | None:
    """What a rule says of these members, whatever the others are; None if that depends on them."""
    library = bundled()
    members = rule.reads.get(message_name(rule.rule.resource), ())
    variables = {
        **dict.fromkeys(("account", "region", "environment", "org", "now", "reference"), ANY),
        "params": library.values({}),
        "resource": {name: arguments.get(name.lower(), ANY) for name in members},
    }
    gate = not rule.rule.when or evaluate(compile_program(rule.rule.when).tree, variables) is not False
    answer = evaluate(compile_program(rule.rule.assert_).tree, variables) if gate else None
    return answer if isinstance(answer, bool) else None


def test_no_setting_passes_on_one_side_and_fails_on_the_other() -> None:
    naming, apart, compared = bundled().namings.of, dict[str, set[str]](), 0
    for policy, block in cases():
        made = naming.get(block["type"])
        arguments = {name.replace("_", ""): json.loads(value) for name, value in ARGUMENT.findall(block["body"])}
        asked = [one for one in rules() if made and not made.part and one.policy.id == policy]
        for rule in (one for one in asked if made and one.rule.resource == made.resource):
            answer = in_the_account(rule, arguments)
            compared += answer is not None
            if answer is (block["said"] == "FAILED"):
                apart.setdefault(policy, set()).add(block["name"])
    assert compared > 40
    assert apart == APART


@pytest.mark.parametrize(("protected", "answer"), [(True, True), (None, None)])
def test_a_condition_is_compared_only_where_the_setting_decides(protected: bool | None, answer: bool | None) -> None:
    (rule,) = (
        one for one in rules() if (one.policy.id, one.rule.resource) == ("rds-encrypted", "AWS::RDS::DBInstance")
    )
    assert in_the_account(rule, {} if protected is None else {"storageencrypted": protected}) is answer
