"""Changes each condition of the bundled policies, and asks their examples whether they notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from content_copy import bundled
from mutation.mutants import Siblings, mutants
from preuve.assess.examples import ExampleRunner
from preuve.library.cel import CelError
from preuve.library.checked.rules import CheckedRule, Checker, Reads, merged
from preuve.library.checked.shapes import ListOf, MapOf, Shape, Struct
from preuve.model.content import Absence

_OTHER_ABSENCE = {"fail": "not_applicable", "not_applicable": "fail", "pass": "fail"}
_SIBLINGS = 3


@dataclass(frozen=True)
class Change:
    """One change of a policy: what it says, and the rules with it."""

    text: str
    rules: tuple[CheckedRule, ...]


@cache
def judging() -> tuple[str, ...]:
    """The policies that judge an account."""
    return tuple(sorted(policy.id for policy in bundled().policies.values() if policy.aws))


def changes(policy_id: str) -> Iterator[Change]:
    """Every change of a policy that the type checker lets through, each once."""
    policy = bundled().policies[policy_id]
    rules = _checker().rules([policy])
    for part in ("when", "assert_"):
        for condition in dict.fromkeys(getattr(rule.rule, part) for rule in rules if getattr(rule.rule, part)):
            written_in = tuple(rule for rule in rules if getattr(rule.rule, part) == condition)
            yield from _changed(written_in, part, condition)
    for rule in rules:
        yield from _without_absences(rule)


def noticed(change: Change) -> bool:
    """Whether an example comes out otherwise than it is written."""
    return any(not result.passed for result in _runner().run(change.rules))


def _changed(rules: tuple[CheckedRule, ...], part: str, condition: str) -> Iterator[Change]:
    """One condition, changed in all the rules that it is written in."""
    if part == "when":
        without = (replace(rule, rule=replace(rule.rule, when=""), when=None) for rule in rules)
        yield Change("when: all of it → removed", tuple(without))
    params = {name: item.value for name, item in bundled().parameters.items()}
    for mutant in mutants(condition, _siblings(merged(rule.reads for rule in rules)), params):
        changed = [_with(rule, part, mutant.text) for rule in rules]
        if None not in changed:
            yield Change(f"{part.rstrip('_')}: {mutant.change}", tuple(filter(None, changed)))


def _with(rule: CheckedRule, part: str, condition: str) -> CheckedRule | None:
    """The rule with another condition; None where that does not compile."""
    try:
        checked = _checker().typing.check(condition, rule.rule.resource)
    except CelError:
        return None
    changed: Mapping[str, Any] = {part: condition}
    return replace(rule, rule=replace(rule.rule, **changed), **{part: checked})


def _without_absences(rule: CheckedRule) -> Iterator[Change]:
    for member, absence in rule.rule.absent.items():
        others = {name: item for name, item in rule.rule.absent.items() if name != member}
        kind = _OTHER_ABSENCE.get(absence.kind)
        absent = {**others, member: Absence(kind)} if kind else others
        text = f"absent: {member} of {rule.rule.resource}: {absence.kind} → {kind or 'removed'}"
        yield Change(text, (replace(rule, rule=replace(rule.rule, absent=absent)),))


def _siblings(reads: Reads) -> Siblings:
    """What a member may be taken for: of its structure those of its type that the condition reads, else any one."""

    @cache
    def siblings(member: str) -> tuple[str, ...]:
        found: list[str] = []
        for message, read in reads.items():
            fields = _structs()[message].fields if message in _structs() else {}
            if member in fields:
                alike = [name for name in fields if name != member and _alike(fields[name], fields[member])]
                found += [name for name in alike if name in read][:_SIBLINGS] or alike[:1]
        return tuple(dict.fromkeys(found))

    return siblings


def _alike(one: Shape, other: Shape) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        return _alike(one.item, other.item)
    if isinstance(one, MapOf) and isinstance(other, MapOf):
        return _alike(one.value, other.value)
    return all(getattr(one, name, None) == getattr(other, name, None) for name in ("name", "kind", "type"))


@cache
def _checker() -> Checker:
    return Checker.of(bundled(), bundled().policies.values())


@cache
def _runner() -> ExampleRunner:
    return ExampleRunner(bundled(), _checker().shapes)


@cache
def _structs() -> Mapping[str, Struct]:
    """Every structure that a condition can reach, by the name of its message."""
    found: dict[str, Struct] = {}
    waiting: list[Any] = [_checker().shapes.root(name) for name in bundled().types]
    while waiting:
        shape = waiting.pop()
        shape = shape.item if isinstance(shape, ListOf) else shape.value if isinstance(shape, MapOf) else shape
        if isinstance(shape, Struct) and shape.name not in found:
            found[shape.name] = shape
            waiting += shape.fields.values()
    return found
