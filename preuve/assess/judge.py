"""Judges one resource by one rule: the verdict, its reason, and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from sys import intern
from typing import Any

from preuve.assess.view import ExpectedValues, Hit, Joins, Members, View
from preuve.library.cel import CheckedCondition, Outcome, Program, compile_program
from preuve.library.cel.unknown import NOT_READ, Unknown, known_part
from preuve.library.validation.checked_rule import CheckedRule, Reads, reads
from preuve.library.validation.code.fixes import told
from preuve.library.validation.shapes import ACCOUNT, REGION, message_name
from preuve.model.content.rule import Absence
from preuve.model.results import FindingStatus, Reason
from preuve.model.snapshot import Resource, Unread

_ASSERTED = Reason("asserted")
NOT_KEPT = frozenset({"no_register", "no_github"})  # not an error: the company keeps no such source
NO_FAULT = NOT_KEPT | {"short_history"}  # nor is it an error that time has to pass first
_AROUND = frozenset({"account", "region"})  # variables that are the same for all resources of a place
_REMEMBERED = 10_000  # outcomes of one condition that are kept
OBSERVED_BYTES = 4_000  # characters that a finding shows; the snapshot has all


@dataclass(frozen=True)
class Verdict:
    """The outcome for one resource; `incomplete` if something could not be read."""

    status: FindingStatus
    reason: Reason
    incomplete: bool = False
    observed: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    lines: frozenset[str] = frozenset()  # of the snapshot: all that was read for it


@dataclass(frozen=True)
class Context:
    """The context of a condition beside its resource."""

    params: Mapping[str, Any]
    org: Mapping[str, Any]
    reference: Mapping[str, Any]
    now: datetime
    windows: Mapping[str, int] = field(default_factory=dict)  # resource type -> days that its listing looks back
    environments: Mapping[str, str] = field(default_factory=dict)  # account -> its facts in the workspace
    expires: Mapping[str, str] = field(default_factory=dict)  # reference table -> last day of validity


@dataclass(frozen=True)
class _Surroundings:
    """An account or a region as a condition sees it: the same for every resource in it."""

    projected: Any  # Unknown where it was not collected
    hits: Sequence[Hit] = ()
    calls: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Part:
    reads: Reads
    variables: frozenset[str]
    condition: str
    # By type, the last one: resources come account by account, and each may see much of all other accounts.
    around: dict[str, tuple[tuple[str, str], _Surroundings]] = field(default_factory=dict)
    outcomes: dict[bytes, tuple[Outcome, Mapping[str, str]]] = field(default_factory=dict)  # by all that they depend on

    @cached_property
    def program(self) -> Program:
        """The condition, compiled for the first resource: most accounts lack many types."""
        return compile_program(self.condition)


@dataclass
class _PartResult:
    """The result of one part of a rule: `ends` has every verdict that an absent member would give before the part is
    evaluated.

    `settled`: such a member is known to be absent; otherwise the outcome of the condition counts too.
    """

    outcome: Outcome
    ends: list[tuple[FindingStatus, Reason]]
    unread: list[Hit]
    settled: bool
    denied: tuple[str, ...]  # permissions that were missing for a read, even if the verdict does not depend on it
    projected: Mapping[str, Any]
    calls: tuple[str, ...]
    lines: frozenset[str]
    why: Mapping[str, str]  # for a false condition: what was found, and what is required


class Judge:
    """Judges resources by one rule. Without `explains`, it leaves out the observed values, what a failure found and
    requires, and the place of an error: together they take as long as the verdict.
    """

    def __init__(
        self, rule: CheckedRule, index: Joins, shapes: Members, context: Context, *, explains: bool = True
    ) -> None:
        self._rule = rule
        self._explains = explains
        self._index = index
        self._shapes = shapes
        self._context = context
        self._expected = ExpectedValues.of(context.reference.get("expected_values", {}), context.now)
        self._when = _part(rule.when, rule.rule.when) if rule.when else None
        self._assert = _part(rule.assert_, rule.rule.assert_)
        self._outdated = _expired(rule, context) or _too_short(rule, context)

    def judge(self, resource: Resource) -> Verdict:
        """Return the verdict on one resource: the one that every completion of unread values agrees on, if there is
        one.
        """
        lines: set[str] = set()
        return replace(self._judged(resource, lines), lines=frozenset(lines))

    def _judged(self, resource: Resource, lines: set[str]) -> Verdict:
        """Return the verdict, and note the lines that were read for it."""
        if self._outdated is not None:
            return Verdict(FindingStatus.NOT_EVALUATED, self._outdated, incomplete=True)
        ends: list[tuple[FindingStatus, Reason]] = []
        unread: list[Hit] = []
        projected: dict[str, Any] = {}  # by every part that was reached
        read = frozenset[str]()  # members of the resource
        for part in filter(None, (self._when, self._assert)):
            seen = self._seen(part, resource)
            unread += seen.unread
            projected |= seen.projected
            read |= part.reads.get(message_name(resource.type), frozenset())
            lines |= seen.lines
            ends += seen.ends
            if not seen.settled:
                ends += self._ends(part, seen)
            gate_holds = part is self._when and not seen.settled and seen.outcome.value is not False
            if not gate_holds or (seen.outcome.value is None and seen.outcome.error):
                break
        status, reason = ends[-1]  # earlier ones rest on undecided conditions
        if {other for other, _ in ends} != {status}:
            incomplete = any(hit.unread.cause not in NO_FAULT for hit in unread)
            return Verdict(FindingStatus.NOT_EVALUATED, _unread_reason(unread), incomplete, calls=seen.calls)
        if status is FindingStatus.PASS and self._rule.rule.breach_only is not None:
            return Verdict(FindingStatus.NOT_EVALUATED, Reason("breach_only"), calls=seen.calls)
        if seen.denied and status is not FindingStatus.NOT_EVALUATED:
            reason = Reason(reason.code, {**reason.values, "lacking": ", ".join(seen.denied)})
        told = self._explains and status is not FindingStatus.NOT_EVALUATED
        observed = _observed(seen.projected) if told else {}
        if told and status is FindingStatus.PASS and not observed:
            unset = {member: NOT_READ if member in projected else None for member in sorted(read)}
            observed = {**unset, **_observed(projected)}  # what a PASS rests on is also the absence of these
        return Verdict(status, reason, status is FindingStatus.NOT_EVALUATED, observed=observed, calls=seen.calls)

    def explain(self, resource: Resource) -> list[str]:
        """Return each part of the conditions with its value on a resource."""
        lines = []
        for part in filter(None, (self._when, self._assert)):
            view = View(self._index, self._shapes, part.reads, self._expected)
            projected = view.project(resource)
            variables = self._variables(part, resource, projected, view)
            self._fill(part, resource, projected)
            lines += part.program.explained(variables)
        return lines

    def _seen(self, part: _Part, resource: Resource) -> _PartResult:
        view = View(self._index, self._shapes, part.reads, self._expected)
        projected = view.project(resource)
        variables = self._variables(part, resource, projected, view)
        filled = self._fill(part, resource, projected)
        ends, doubtful, settled = self._absent(part, resource, projected)
        outcome, why = (Outcome(None), {}) if settled else self._evaluated(part, variables, resource, view)
        rests_on = outcome.unread | frozenset(doubtful)
        unread = [hit for hit in dict.fromkeys(view.hits) if hit in rests_on]
        denied = denied_actions(hit.unread for hit in view.hits)
        observed = {**projected, **filled} or _of_around(variables)
        calls, lines = tuple(sorted(view.calls)), frozenset(view.lines)
        return _PartResult(outcome, ends, unread, settled, denied, observed, calls, lines, why)

    def _evaluated(
        self, part: _Part, variables: Mapping[str, Any], resource: Resource, view: View
    ) -> tuple[Outcome, Mapping[str, str]]:
        """Return the outcome of a condition, with the reason if it is false. It is computed once for equal values,
        since most resources of an account are alike.
        """
        if view.hits:
            return self._worked_out(part, variables)
        place = [resource.account, resource.region] if _AROUND & part.variables else []
        said = repr([place, variables["resource"], variables.get("environment")])
        key = sha256(said.encode(errors="surrogatepass")).digest()  # the text of a policy document takes kilobytes
        known = part.outcomes.get(key)
        if known is None:
            if len(part.outcomes) == _REMEMBERED:
                part.outcomes.clear()
            known = self._worked_out(part, variables)
            part.outcomes[key] = known
        return known

    def _worked_out(self, part: _Part, variables: Mapping[str, Any]) -> tuple[Outcome, Mapping[str, str]]:
        outcome = part.program.evaluate(variables)
        failed = part is self._assert and outcome.value is False
        return outcome, self._why(part.program, variables) if failed and self._explains else {}

    def _why(self, program: Program, variables: Mapping[str, Any]) -> Mapping[str, str]:
        """Return what was found and what is required, in the policy's own words if it has some."""
        own = self._own_words()
        found, asked = program.why_not(variables, asks=not own)
        return {"found": intern(found), "asked": intern(asked), **own}

    def _asked(self, projected: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the requirement of a condition that was not evaluated."""
        if own := self._own_words():
            return own
        context = self._context
        around = {"params": context.params, "org": context.org, "reference": context.reference, "now": context.now}
        asked = self._assert.program.why_not({"resource": projected, **around})[1]
        return {"asked": intern(asked)} if asked else {}

    def _own_words(self) -> Mapping[str, str]:
        """Return the requirement in the policy's own words; empty if it has none."""
        own = self._rule.rule.asks
        if not own:
            return {}
        texts = {**own.others, "en": own.en, "fr": own.fr}
        said = {name: told(text, self._context.params) for name, text in texts.items()}
        return {"asked": intern(json.dumps([said], ensure_ascii=False))}

    def _ends(self, part: _Part, seen: _PartResult) -> Iterator[tuple[FindingStatus, Reason]]:
        """Yield every verdict that this outcome of a condition may lead to."""
        outcome = seen.outcome
        if outcome.value is None and outcome.error:
            values = {"error": outcome.kind, "member": outcome.where}
            yield FindingStatus.NOT_EVALUATED, Reason("evaluation_error", {k: v for k, v in values.items() if v})
        elif part is self._when:
            if outcome.value is not True:
                yield FindingStatus.NOT_APPLICABLE, Reason("outside_condition")
        else:
            if outcome.value is not False:
                yield FindingStatus.PASS, _ASSERTED
            if outcome.value is not True:
                yield FindingStatus.FAIL, Reason("failed", seen.why)

    def _variables(self, part: _Part, resource: Resource, projected: dict[str, Any], view: View) -> dict[str, Any]:
        context = self._context
        variables: dict[str, Any] = {
            "resource": projected,
            "params": context.params,
            "org": context.org,
            "reference": context.reference,
            "now": context.now,
            "environment": context.environments.get(resource.account, ""),
        }
        for name, type_name in (("account", ACCOUNT), ("region", REGION)):
            if name in part.variables:
                around = self._around(part, type_name, resource, projected)
                view.hits += around.hits
                view.calls |= around.calls
                view.lines |= around.lines
                variables[name] = around.projected
        return {name: value for name, value in variables.items() if name in part.variables or name == "resource"}

    def _around(self, part: _Part, type_name: str, resource: Resource, projected: Mapping[str, Any]) -> _Surroundings:
        place = (resource.account, resource.region if type_name == REGION else "")
        found = self._index.singleton(type_name, *place)
        if found is resource:
            return _Surroundings(dict(projected))  # it is its own account: seen already
        if type_name not in part.around or part.around[type_name][0] != place:
            part.around[type_name] = (place, self._surroundings(part, type_name, found))
        return part.around[type_name][1]

    def _surroundings(self, part: _Part, type_name: str, found: Resource | None) -> _Surroundings:
        if found is None:
            hit = Hit(type_name, "", Unread("not_collected", message=f"{type_name} was not collected"))
            return _Surroundings(Unknown(frozenset([hit])), [hit])
        view = View(self._index, self._shapes, part.reads, self._expected)
        projected = view.project(found)
        return _Surroundings(projected, view.hits, frozenset(view.calls), frozenset(view.lines))

    def _lacking(self, part: _Part, resource: Resource, projected: Mapping[str, Any]) -> list[tuple[str, Absence]]:
        """Return the policy's verdicts for members that are not set, or may not be."""
        own = part.reads.get(message_name(resource.type), frozenset())
        return [
            (member, absence)
            for member, absence in self._rule.rule.absent.items()
            for value in (projected.get(member),)
            if member in own
            and (isinstance(value, Unknown) or member not in projected or member in resource.absent or value == "")
        ]

    def _fill(self, part: _Part, resource: Resource, projected: dict[str, Any]) -> dict[str, None]:
        """Add the default values of the policy for members that are not set; return these members, whose absence was
        observed.
        """
        filled = {
            member: absence.value
            for member, absence in self._lacking(part, resource, projected)
            if absence.kind == "is" and not isinstance(projected.get(member), Unknown)
        }
        projected.update(filled)
        return dict.fromkeys(filled)

    def _absent(
        self, part: _Part, resource: Resource, projected: dict[str, Any]
    ) -> tuple[list[tuple[FindingStatus, Reason]], list[Hashable], bool]:
        """Apply the policy's `absent` to members that are not set, or may not be.

        Returns the verdicts, the members they depend on, and whether the last verdict is certain.
        """
        ends: list[tuple[FindingStatus, Reason]] = []
        doubtful: list[Hashable] = []
        for member, absence in self._lacking(part, resource, projected):
            value = projected.get(member)
            perhaps = value.why if isinstance(value, Unknown) else None
            if absence.kind == "is":
                continue
            asked = self._asked(projected) if absence.kind == "fail" and self._explains else {}
            ends.append((_ABSENCES[absence.kind], Reason(f"absent_{absence.kind}", {"member": member, **asked})))
            if perhaps is None:
                return ends, doubtful, True
            doubtful += perhaps
        return ends, doubtful, False


_ABSENCES = {
    "fail": FindingStatus.FAIL,
    "pass": FindingStatus.PASS,
    "not_applicable": FindingStatus.NOT_APPLICABLE,
}


def _part(checked: CheckedCondition, condition: str) -> _Part:
    return _Part(reads(checked), checked.variables, condition)


def _expired(rule: CheckedRule, context: Context) -> Reason | None:
    """Return why nothing is judged by reference data that is past its last day."""
    today = context.now.date().isoformat()
    for name in sorted(rule.reads.get("Reference", ())):
        expires = context.expires.get(name, "")
        if expires and expires < today:
            return Reason("reference_expired", {"name": name, "expires": expires})
    return None


def _too_short(rule: CheckedRule, context: Context) -> Reason | None:
    """Return why nothing is judged by a condition that looks back further than the listing: older entries would count
    as absent.
    """
    wanted = context.params.get(rule.rule.within, 0) if rule.rule.within else 0
    for name, days in sorted(context.windows.items()):
        if message_name(name) in rule.reads and days < wanted:
            return Reason("window_too_short", {"type": name, "days": str(days), "wanted": str(wanted)})
    return None


def _unread_reason(hits: Sequence[Hit]) -> Reason:
    """Return the first unread item as a reason, with the other ones and every missing permission."""
    hit, *others = hits
    values = hit.unread.values
    denied = denied_actions(hit.unread for hit in hits)
    if denied and denied != (hit.unread.action,):
        values["lacking"] = ", ".join(denied)
    also = dict.fromkeys(item.member for item in others if item.member != hit.member)
    if also:
        values["also"] = ", ".join(also)
    if hit.relation:
        return Reason("unread_relation", {"member": hit.member, "type": hit.relation, **values})
    return Reason("unread_member", {"member": hit.member, **values})


def denied_actions(unread: Iterable[Unread]) -> tuple[str, ...]:
    """Return the IAM actions that AWS refused."""
    return tuple(sorted({item.action for item in unread if item.cause == "access_denied" and item.action}))


def _of_around(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of account and region that a condition reads, if it reads nothing of the resource itself."""
    around = {name: variables[name] for name in ("account", "region") if isinstance(variables.get(name), Mapping)}
    return {f"{name}.{member}": value for name, read in around.items() for member, value in read.items()}


def _observed(projected: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the deciding values, if they are short enough to read; longer ones are named and stay in the snapshot."""
    result: dict[str, Any] = {}
    size = 0
    for name, value in known_part(projected).items():
        length = len(json.dumps(value, ensure_ascii=False, default=str))
        size += length
        result[name] = value if size <= OBSERVED_BYTES else f"… {length} bytes, in the snapshot"
    return result
