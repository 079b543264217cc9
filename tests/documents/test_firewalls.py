"""When a web ACL blocks nothing: known cases, and against a firewall that runs its rules one by one."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preuve.documents.network.firewalls import READS, Surroundings, blocks_nothing

OFFICE, WORLD, HALVES = "arn:office", "arn:world", "arn:halves"
SETS = {OFFICE: ["192.0.2.0/24"], WORLD: ["0.0.0.0/1", "128.0.0.0/1"], HALVES: ["0.0.0.0/1"], "arn:none": []}
GROUPS = {"AWSOne": "a b", "AWSNewer": "a +b", "AWSCounting": "a -b"}
AROUND = Surroundings(GROUPS, SETS, ["arn:harmless"])
OPAQUE = {"ByteMatchStatement": {"SearchString": "x"}}


def from_set(arn: str, **more: Any) -> dict[str, Any]:
    return {"IPSetReferenceStatement": {"ARN": arn, **more}}


def but(statement: dict[str, Any]) -> dict[str, Any]:
    return {"NotStatement": {"Statement": statement}}


def joined(word: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {f"{word}Statement": {"Statements": list(statements)}}


def managed(priority: int = 5, name: str = "AWSOne", over: str = "None", **more: Any) -> dict[str, Any]:
    statement = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name, **more}}
    return {"Name": f"m{priority}", "Priority": priority, "Statement": statement, "OverrideAction": {over: {}}}


def told(action: str, *names: str) -> dict[str, Any]:
    return {"RuleActionOverrides": [{"Name": name, "ActionToUse": {action: {}}} for name in names]}


def allow(statement: dict[str, Any], priority: int = 1) -> dict[str, Any]:
    return {"Name": f"r{priority}", "Priority": priority, "Statement": statement, "Action": {"Allow": {}}}


def acting(action: str, statement: dict[str, Any]) -> dict[str, Any]:
    return {**allow(statement), "Action": {action: {}}}


def own(arn: str, over: str = "None", **more: Any) -> dict[str, Any]:
    statement = {"RuleGroupReferenceStatement": {"ARN": arn, **more}}
    return {"Name": "own", "Priority": 1, "Statement": statement, "OverrideAction": {over: {}}}


def seen(value: Any) -> Any:
    """A web ACL as a condition sees it: without the members that are not read."""
    if isinstance(value, list):
        return [seen(item) for item in value]
    return {key: seen(item) for key, item in value.items() if key in READS} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("rules", "nothing"),
    [
        ([], True),
        ([managed()], False),
        ([managed(over="Count")], True),
        ([managed(**told("Count", "a"))], False),
        ([managed(**told("Count", "a", "b"))], True),
        ([managed(**told("Count", "a"), ExcludedRules=[{"Name": "b"}])], True),
        ([managed(**told("Block", "a", "b"))], False),
        ([managed(**told("Challenge", "a", "b"))], False),
        ([managed(**told("Count", "renamed"))], None),
        ([managed(name="AWSNewer", **told("Count", "a"))], None),
        ([managed(name="AWSNewer", **told("Count", "b"))], False),
        ([managed(name="AWSNewer", **told("Count", "a", "b"))], True),
        ([managed(name="AWSCounting", **told("Count", "a"))], True),
        ([managed(name="AWSCounting", **told("Count", "b"))], False),
        ([managed(name="Unheard")], None),
        ([managed(VendorName="Seller")], None),
        ([managed(**told("Monetize", "a"))], None),
        ([managed(over="Count", **told("Monetize", "a"))], True),
        ([managed(**told("Allow", "a"))], True),
        ([managed(1, **told("Allow", "a")), managed(2)], True),
        ([managed(2, **told("Allow", "a")), managed(1)], False),
        ([managed(1, over="Count", **told("Allow", "a")), managed(2)], False),
        ([allow(OPAQUE), managed()], None),
        ([allow(OPAQUE, 9), managed()], False),
        *(([acting(action, OPAQUE), managed()], None) for action in ("Monetize", "OfTomorrow")),
        *(([acting(action, from_set(WORLD)), managed()], None) for action in ("Monetize", "OfTomorrow")),
        *(([acting(action, from_set(OFFICE)), managed()], False) for action in ("Monetize", "OfTomorrow")),
        *(
            ([acting(action, from_set(WORLD)), managed()], False)
            for action in ("Block", "Captcha", "Challenge", "Count")
        ),
        ([allow(OPAQUE), managed(0), managed(9)], False),
        ([allow(from_set(OFFICE)), managed()], False),
        ([allow(from_set("arn:none")), managed()], False),
        ([allow(from_set(WORLD)), managed()], True),
        ([allow(from_set("arn:unread")), managed()], None),
        ([allow(from_set(OFFICE, IPSetForwardedIPConfig={"HeaderName": "X-Forwarded-For"})), managed()], None),
        ([allow(but(from_set(OFFICE))), managed()], True),
        ([allow(but(but(from_set(OFFICE)))), managed()], False),
        ([allow(but(from_set(HALVES))), managed()], None),
        ([allow(joined("And", OPAQUE, from_set(OFFICE))), managed()], False),
        ([allow(joined("And", OPAQUE, from_set(WORLD))), managed()], None),
        ([allow(joined("Or", OPAQUE, from_set(OFFICE))), managed()], None),
        ([allow(joined("Or", OPAQUE, from_set(WORLD))), managed()], True),
        ([managed(ScopeDownStatement=but(from_set(OFFICE)))], False),
        ([managed(ScopeDownStatement=from_set(OFFICE))], True),
        ([managed(ScopeDownStatement=OPAQUE)], None),
        ([own("arn:harmless"), managed()], False),
        ([managed(**told("Allow", "a"), ScopeDownStatement=OPAQUE)], None),
        ([managed(**told("Allow", "a"), ScopeDownStatement=from_set(WORLD))], True),
        ([own("arn:own"), managed()], None),
        ([own("arn:harmless", **told("Allow", "a")), managed()], None),
        ([own("arn:harmless", over="Count", **told("Allow", "a")), managed()], False),
        ([own("arn:harmless", **told("Monetize", "a")), managed()], None),
        ([own("arn:harmless", **told("Count", "a")), managed()], False),
        ([own("arn:own", over="Count"), managed()], False),
        ([own("arn:aws:wafv2:eu-west-3:1:regional/rulegroup/ShieldMitigationRuleGroup_1/2"), managed()], False),
    ],
)
def test_a_managed_group_blocks_only_if_that_is_known(rules: list[dict[str, Any]], nothing: bool | None) -> None:
    assert blocks_nothing({"Rules": rules}, AROUND).value is nothing
    assert blocks_nothing(seen({"Rules": rules}), AROUND).value is nothing


def test_rule_groups_of_firewall_manager_run_before_and_after_the_own_rules() -> None:
    group = {"Name": "f", "Priority": 3, "FirewallManagerStatement": managed()["Statement"]}
    open_ = [allow(but(from_set(OFFICE)), 2)]
    assert blocks_nothing({"PreProcessFirewallManagerRuleGroups": [group], "Rules": open_}, AROUND).value is False
    assert blocks_nothing({"PostProcessFirewallManagerRuleGroups": [group], "Rules": open_}, AROUND).value is True


def test_the_answer_names_the_responsible_rule() -> None:
    answer = blocks_nothing({"Rules": [allow(but(from_set(OFFICE))), managed(over="Count")]}, AROUND)
    assert answer.places == ("Rules[m5].OverrideAction: Count",)
    assert blocks_nothing({"Rules": [allow(OPAQUE), managed()]}, AROUND).causes == ("Rules[r1].Action.Allow",)


# ---- a firewall that runs its rules ----------------------------------------------------------------------------------

STATEMENTS = st.recursive(
    st.sampled_from([OPAQUE, *map(from_set, SETS)]),
    lambda inner: st.one_of(inner.map(but), st.builds(joined, st.sampled_from(["And", "Or"]), inner, inner)),
    max_leaves=4,
)
GROUPED = st.builds(
    lambda over, told_, scope: managed(0, "AWSOne", over, **told_, **({"ScopeDownStatement": scope} if scope else {})),
    st.sampled_from(["None", "None", "Count"]),
    st.sampled_from([{}, told("Count", "a"), told("Count", "a", "b"), told("Allow", "a")]),
    st.none() | STATEMENTS,
)
RULES = st.lists(GROUPED | STATEMENTS.map(allow), max_size=4).map(
    lambda rules: [{**rule, "Priority": turn, "Name": str(turn)} for turn, rule in enumerate(rules)]
)


def matches(statement: dict[str, Any], address: str, opaque: bool) -> bool:
    ((kind, body),) = statement.items()
    match kind:
        case "IPSetReferenceStatement":
            return any(ipaddress.ip_address(address) in ipaddress.ip_network(block) for block in SETS[body["ARN"]])
        case "NotStatement":
            return not matches(body["Statement"], address, opaque)
        case "AndStatement":
            return all(matches(one, address, opaque) for one in body["Statements"])
        case "OrStatement":
            return any(matches(one, address, opaque) for one in body["Statements"])
    return opaque


def blocked(rules: list[dict[str, Any]], address: str, attack: str, opaque: bool) -> bool:
    """Whether a request that the rule `attack` of a managed group looks for is blocked."""
    for rule in rules:
        group = rule["Statement"].get("ManagedRuleGroupStatement")
        if group is None:
            if matches(rule["Statement"], address, opaque):
                return False
            continue
        scope = group.get("ScopeDownStatement")
        if "Count" in rule["OverrideAction"] or (scope and not matches(scope, address, opaque)):
            continue
        actions = {one["Name"]: one["ActionToUse"] for one in group.get("RuleActionOverrides", ())}
        action = next(iter(actions.get(attack, {"Block": {}})))
        if action != "Count":
            return action == "Block"
    return False


@settings(max_examples=300, deadline=None)
@given(RULES, st.randoms(use_true_random=False))
def test_what_is_said_of_a_web_acl_holds_for_whoever_asks(rules: list[dict[str, Any]], random: Any) -> None:
    mixed = {"Rules": random.sample(rules, len(rules))}
    answer = blocks_nothing(mixed, AROUND).value
    assert blocks_nothing(seen(mixed), AROUND).value is answer
    outside = [
        [blocked(rules, address, attack, opaque) for attack in ("a", "b")]
        for opaque in (True, False)
        for address in ("8.8.8.8", "150.1.1.1")
    ]
    if answer is False:
        assert all(any(attacks) for attacks in outside)
    elif answer is True:
        assert not all(all(attacks) for attacks in outside)
