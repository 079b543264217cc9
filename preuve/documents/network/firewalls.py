"""Why a web ACL of AWS WAF blocks nothing by a managed rule group of AWS.

A group blocks unless all of its rules only count, or unless a rule that allows runs before it and anybody can make a
request that this rule matches: Allow ends the evaluation.

docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-actions.html
docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html
docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-group-override-options.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.documents.answer import NO, YES, Answer, all_of, any_of, known, unknown
from preuve.documents.network.ranges import is_wide, parsed

_HARMLESS = ("Block", "Captcha", "Challenge", "Count")  # actions that let no request skip the later rules
Statement = Mapping[str, Any]
# Members of a web ACL that are read here, at any depth. The rest arrives cut out: another statement is an empty one,
# which is there all the same and takes nobody knows whom.
READS = frozenset(
    {
        *("Rules", "Name", "Priority", "Statement", "Action", "Allow", "OverrideAction", *_HARMLESS),
        *("PreProcessFirewallManagerRuleGroups", "PostProcessFirewallManagerRuleGroups", "FirewallManagerStatement"),
        *("ManagedRuleGroupStatement", "VendorName", "ExcludedRules", "RuleActionOverrides", "ActionToUse"),
        *("ScopeDownStatement", "RuleGroupReferenceStatement", "IPSetReferenceStatement", "IPSetForwardedIPConfig"),
        *("ARN", "AndStatement", "OrStatement", "NotStatement", "Statements"),
    }
)
_FIREWALL_MANAGER = {"PreProcessFirewallManagerRuleGroups": 0, "PostProcessFirewallManagerRuleGroups": 2}
_MAY_BE, _COUNTS = "+", "-"  # signs before a rule's name: not in all versions of its group; counts by default
_WITHOUT_ALLOW = "/ShieldMitigationRuleGroup"  # the group of Shield Advanced: its rules count or block


@dataclass(frozen=True)
class Surroundings:
    """What a web ACL refers to: rule groups by name, addresses of IP sets by ARN, own groups that allow nothing."""

    groups: Mapping[str, str]
    sets: Mapping[str, Sequence[str]]
    harmless: Collection[str]


@dataclass(frozen=True)
class _Rule:
    """One rule of a web ACL with its turn."""

    turn: tuple[int, int]
    place: str
    statement: Statement
    action: str  # "": one that is not known
    counts: bool  # the whole group only counts

    @property
    def managed(self) -> Statement | None:
        return self.statement.get("ManagedRuleGroupStatement")


def blocks_nothing(acl: Mapping[str, Any], around: Surroundings) -> Answer:
    """Return whether no managed group blocks, and why each of them does not."""
    rules = sorted(_rules(acl), key=lambda rule: rule.turn)
    groups = [rule for rule in rules if rule.managed is not None]
    if not groups:
        return YES.at("ManagedRuleGroupStatement: 0")
    void = [_void(group, rules, around) for group in groups]
    answer = all_of(void)
    places = dict.fromkeys(place for one in void for place in one.places)
    return answer.at(*places) if answer.value else answer


def _rules(acl: Mapping[str, Any]) -> Iterator[_Rule]:
    for rule in acl.get("Rules") or ():
        yield _rule(rule, 1, rule.get("Statement") or {})
    for member, turn in _FIREWALL_MANAGER.items():
        for group in acl.get(member) or ():
            yield _rule(group, turn, group.get("FirewallManagerStatement") or {})


def _rule(rule: Mapping[str, Any], turn: int, statement: Statement) -> _Rule:
    place = f"Rules[{rule.get('Name', '')}]"
    action = "Count" if rule.get("Action") is None else _action(rule["Action"])  # a group has no action of its own
    counts = "Count" in (rule.get("OverrideAction") or {})
    return _Rule((turn, int(rule.get("Priority", 0))), place, statement, action, counts)


def _action(written: Mapping[str, Any]) -> str:
    return next((name for name in ("Allow", *_HARMLESS) if name in written), "")


def _void(group: _Rule, rules: Sequence[_Rule], around: Surroundings) -> Answer:
    """Return whether a managed group blocks no request."""
    if group.counts:
        return YES.at(f"{group.place}.OverrideAction: Count")
    managed = group.managed or {}
    before = (_lets_by(rule, around) for rule in rules if rule.turn < group.turn)
    own = [_only_counts(group.place, managed, around), _allows_in(group, around), _left_out(group, around)]
    return any_of([*own, *before])


def _only_counts(place: str, managed: Statement, around: Surroundings) -> Answer:
    """Return whether each rule that blocks by default is overridden to count."""
    name = str(managed.get("Name", ""))
    if managed.get("VendorName") != "AWS" or name not in around.groups:
        return unknown(f"{place}: {managed.get('VendorName', '')} {name}")
    listed = around.groups[name].split()
    counted = {one["Name"] for one in managed.get("ExcludedRules") or ()}
    counted |= _overridden(managed, "Count")
    strange = sorted(counted - {rule.lstrip(_MAY_BE + _COUNTS) for rule in listed})
    if strange:
        return unknown(f"{place}: {name} {', '.join(strange)}")
    if any(rule not in counted for rule in listed if rule[0] not in (_MAY_BE, _COUNTS)):
        return NO
    perhaps = [rule[1:] for rule in listed if rule[0] == _MAY_BE and rule[1:] not in counted]
    if perhaps:
        return unknown(f"{place}: {name} {', '.join(perhaps)}")
    return YES.at(f"{place}.RuleActionOverrides: Count")


def _overridden(group: Statement, action: str) -> set[str]:
    """Return the rules of a group for which a web ACL sets another action."""
    return {one["Name"] for one in group.get("RuleActionOverrides") or () if action == _action(one["ActionToUse"])}


def _allows_in(rule: _Rule, around: Surroundings) -> Answer:
    """Return whether a web ACL overrides a rule of a managed group to allow: anybody's requests then skip all later
    rules.
    """
    managed = rule.managed or {}
    allowed = _overridden(managed, "Allow")
    if rule.counts:
        return NO
    if untold := _overridden(managed, ""):
        return unknown(f"{rule.place}.RuleActionOverrides[{min(untold)}]")
    if not allowed:
        return NO
    place = f"{rule.place}.RuleActionOverrides[{min(allowed)}]: Allow"
    scope = managed.get("ScopeDownStatement")
    return YES.at(place) if scope is None else _takes_anybody(scope, place, around)


def _left_out(group: _Rule, around: Surroundings) -> Answer:
    """Return whether anybody can make a request outside the scope of a group."""
    scope = (group.managed or {}).get("ScopeDownStatement")
    if scope is None:
        return NO
    place = f"{group.place}.ScopeDownStatement"
    return _takes_anybody({"NotStatement": {"Statement": scope}}, place, around)


def _lets_by(rule: _Rule, around: Surroundings) -> Answer:
    """Return whether anybody can make a request that a rule allows."""
    own = rule.statement.get("RuleGroupReferenceStatement")
    if rule.managed is not None:
        return _allows_in(rule, around)
    if own is not None and not rule.counts:
        allows_nothing = own.get("ARN") in around.harmless or _WITHOUT_ALLOW in str(own.get("ARN"))
        harmless = allows_nothing and not _overridden(own, "Allow") and not _overridden(own, "")
        return NO if harmless else unknown(f"{rule.place}.RuleGroupReferenceStatement")
    if rule.action in _HARMLESS:
        return NO
    takes = _takes_anybody(rule.statement, f"{rule.place}.Action.Allow", around)
    return takes if rule.action or takes is NO else unknown(f"{rule.place}.Action")


def _takes_anybody(statement: Statement, place: str, around: Surroundings) -> Answer:
    """Return whether a statement matches requests from anywhere, not just from few addresses."""
    match statement:
        case {"IPSetReferenceStatement": {"ARN": arn, **more}} if "IPSetForwardedIPConfig" not in more:
            return _is_open(str(arn), place, around)
        case {"AndStatement": {"Statements": parts}}:
            return all_of(_takes_anybody(part, place, around) for part in parts) if parts else YES.at(place)
        case {"OrStatement": {"Statements": parts}}:
            return any_of(_takes_anybody(part, place, around) for part in parts)
        case {"NotStatement": {"Statement": {"NotStatement": {"Statement": inner}}}}:
            return _takes_anybody(inner, place, around)
        case {"NotStatement": {"Statement": inner}} if _takes_anybody(inner, place, around).value is False:
            return YES.at(place)
    return unknown(place)


def _is_open(arn: str, place: str, around: Surroundings) -> Answer:
    if arn not in around.sets:
        return unknown(f"{place}: {arn}")
    blocks = [parsed(one) for one in around.sets[arn]]
    if any(block is None for block in blocks):
        return unknown(f"{place}: {arn}")
    wide = is_wide(block for block in blocks if block is not None)
    return known(wide).at(place) if wide else NO
