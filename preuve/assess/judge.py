"""One rule on one resource: the verdict, its reason, and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from preuve.assess.view import Hit, Joins, Members, View
from preuve.library.cel import Checked, Program, compile_program, explained, shown
from preuve.library.rules import CheckedRule, Reads, reads
from preuve.library.shapes import ACCOUNT, REGION, message_name
from preuve.model.results import FindingStatus, Reason
from preuve.model.snapshot import Resource, Unread

_ASSERTED, _FAILED = Reason("asserted"), Reason("failed")
OBSERVED_BYTES = 4_000  # what a finding shows of the values that decided; the snapshot has them whole


@dataclass(frozen=True)
class Verdict:
    """The outcome for one resource. `incomplete` where something could not be read."""

    status: FindingStatus
    reason: Reason
    incomplete: bool = False
    observed: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a condition sees beside its resource."""

    params: Mapping[str, Any]
    org: Mapping[str, Any]
    reference: Mapping[str, Any]
    now: datetime
    windows: Mapping[str, int] = field(default_factory=dict)  # resource type -> days that its listing looks back
    expires: Mapping[str, str] = field(default_factory=dict)  # reference table -> last day on which it counts


@dataclass(frozen=True)
class _Around:
    """An account or a region as a condition sees it, the same for everything in it."""

    projected: dict[str, Any]
    hits: Sequence[Hit] = ()
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Part:
    reads: Reads
    variables: frozenset[str]
    program: Program
    around: dict[tuple[str, str, str], _Around] = field(default_factory=dict)  # by type, account and region


class Judge:
    """Judges resources by one rule."""

    def __init__(self, rule: CheckedRule, index: Joins, shapes: Members, context: Context) -> None:
        self._rule = rule
        self._index = index
        self._shapes = shapes
        self._context = context
        self._when = _part(rule.when, rule.rule.when) if rule.when else None
        self._assert = _part(rule.assert_, rule.rule.assert_)
        self._outdated = _expired(rule, context) or _too_short(rule, context)

    def judge(self, resource: Resource) -> Verdict:
        """The verdict on one resource."""
        if self._outdated is not None:
            return Verdict(FindingStatus.NOT_EVALUATED, self._outdated, incomplete=True)
        if self._when is not None:
            gate = self._evaluate(self._when, resource)
            if gate.status is FindingStatus.FAIL and gate.reason.code == "failed":
                why = Reason("outside_condition")
                return Verdict(FindingStatus.NOT_APPLICABLE, why, observed=gate.observed, calls=gate.calls)
            if gate.status is not FindingStatus.PASS or gate.reason.code != "asserted":
                return gate
        verdict = self._evaluate(self._assert, resource)
        if verdict.status is FindingStatus.PASS and self._rule.rule.breach_only is not None:
            return Verdict(FindingStatus.NOT_EVALUATED, Reason("breach_only"), calls=verdict.calls)
        return verdict

    def explain(self, resource: Resource) -> list[str]:
        """Each part of the conditions with its value on a resource that was read."""
        lines = []
        for part, condition in ((self._when, self._rule.rule.when), (self._assert, self._rule.rule.assert_)):
            if part is not None:
                view = View(self._index, self._shapes, part.reads)
                projected = view.project(resource)
                variables = self._variables(part, resource, projected, view)
                self._absent(part, resource, projected)
                lines += explained(condition, partial(shown, variables=variables))
        return lines

    def _evaluate(self, part: _Part, resource: Resource) -> Verdict:
        view = View(self._index, self._shapes, part.reads)
        projected = view.project(resource)
        variables = self._variables(part, resource, projected, view)
        calls = tuple(sorted(view.calls))
        if view.hits:
            also = self._hits(self._assert, resource) if part is self._when else []
            reason = _unread_reason([*view.hits, *also])
            return Verdict(FindingStatus.NOT_EVALUATED, reason, incomplete=True, calls=calls)
        settled = self._absent(part, resource, projected)
        if settled is not None:
            return Verdict(settled[0], settled[1], observed=_observed(projected), calls=calls)
        outcome = part.program.evaluate(variables)
        if outcome.value is None:
            reason = Reason("evaluation_error", {"error": outcome.error})
            return Verdict(FindingStatus.NOT_EVALUATED, reason, incomplete=True, calls=calls)
        if outcome.value:
            return Verdict(FindingStatus.PASS, _ASSERTED, observed=_observed(projected), calls=calls)
        return Verdict(FindingStatus.FAIL, _FAILED, observed=_observed(projected), calls=calls)

    def _hits(self, part: _Part, resource: Resource) -> list[Hit]:
        """What is unread of what a part refers to."""
        view = View(self._index, self._shapes, part.reads)
        self._variables(part, resource, view.project(resource), view)
        return view.hits

    def _variables(self, part: _Part, resource: Resource, projected: dict[str, Any], view: View) -> dict[str, Any]:
        context = self._context
        variables: dict[str, Any] = {
            "resource": projected,
            "params": context.params,
            "org": context.org,
            "reference": context.reference,
            "now": context.now,
        }
        for name, type_name in (("account", ACCOUNT), ("region", REGION)):
            if name in part.variables:
                around = self._around(part, type_name, resource)
                view.hits += around.hits
                view.calls |= around.calls
                variables[name] = around.projected
        return {name: value for name, value in variables.items() if name in part.variables or name == "resource"}

    def _around(self, part: _Part, type_name: str, resource: Resource) -> _Around:
        key = (type_name, resource.account, resource.region if type_name == REGION else "")
        if key not in part.around:
            part.around[key] = self._singleton(part, *key)
        return part.around[key]

    def _singleton(self, part: _Part, type_name: str, account: str, region: str) -> _Around:
        found = self._index.singleton(type_name, account, region)
        if found is None:
            return _Around({}, [Hit(type_name, "", Unread("not_collected", message=f"{type_name} was not collected"))])
        view = View(self._index, self._shapes, part.reads)
        projected = view.project(found)
        return _Around(projected, view.hits, frozenset(view.calls))

    def _absent(
        self, part: _Part, resource: Resource, projected: dict[str, Any]
    ) -> tuple[FindingStatus, Reason] | None:
        """Settle what the policy says of members that are not set; `is` fills the value in."""
        own = part.reads.get(message_name(resource.type), frozenset())
        for member, absence in self._rule.rule.absent.items():
            if (member in projected and member not in resource.absent) or member not in own:
                continue
            if absence.kind == "is":
                projected[member] = absence.value
                continue
            return _ABSENCES[absence.kind], Reason(f"absent_{absence.kind}", {"member": member})
        return None


_ABSENCES = {
    "fail": FindingStatus.FAIL,
    "pass": FindingStatus.PASS,
    "not_applicable": FindingStatus.NOT_APPLICABLE,
}


def _part(checked: Checked, condition: str) -> _Part:
    return _Part(reads(checked), checked.variables, compile_program(condition))


def _expired(rule: CheckedRule, context: Context) -> Reason | None:
    """Reference data ages: past its date nothing is judged by it."""
    today = context.now.date().isoformat()
    for name in sorted(rule.reads.get("Reference", ())):
        expires = context.expires.get(name, "")
        if expires and expires < today:
            return Reason("reference_expired", {"name": name, "expires": expires})
    return None


def _too_short(rule: CheckedRule, context: Context) -> Reason | None:
    """A condition that looks back further than the listing did would take what was not read for absent."""
    wanted = context.params.get(rule.rule.within, 0) if rule.rule.within else 0
    for name, days in sorted(context.windows.items()):
        if message_name(name) in rule.reads and days < wanted:
            return Reason("window_too_short", {"type": name, "days": str(days), "wanted": str(wanted)})
    return None


def _unread_reason(hits: Sequence[Hit]) -> Reason:
    """The first of what is unread, and every permission that all of it lacks."""
    hit, *_ = hits
    values = hit.unread.values
    denied = sorted(
        {item.unread.action for item in hits if item.unread.cause == "access_denied" and item.unread.action}
    )
    if denied and denied != [hit.unread.action]:
        values["lacking"] = ", ".join(denied)
    if hit.relation:
        return Reason("unread_relation", {"member": hit.member, "type": hit.relation, **values})
    return Reason("unread_member", {"member": hit.member, **values})


def _observed(projected: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values that decided, small enough to read; longer ones are named and left in the snapshot."""
    result: dict[str, Any] = {}
    size = 0
    for name, value in projected.items():
        length = len(json.dumps(value, ensure_ascii=False, default=str))
        size += length
        result[name] = value if size <= OBSERVED_BYTES else f"… {length} bytes, in the snapshot"
    return result
