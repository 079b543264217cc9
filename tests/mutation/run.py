"""Changes each condition of the bundled policies, and asks their examples whether they notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from content_copy import bundled
from mutation.mutants import Siblings, mutants
from preuve.assess.examples import ExampleRunner
from preuve.library import shared
from preuve.library.cel import CelError
from preuve.library.checked.rules import CheckedRule, Checker, Reads, merged
from preuve.library.checked.shapes import ListOf, MapOf, Shape, Struct
from preuve.library.yaml.documents import load_document
from preuve.library.yaml.place import content_root
from preuve.model.content import Absence
from preuve.model.errors import Position

SHARED = "shared."
_OTHER_ABSENCE = {"fail": "not_applicable", "not_applicable": "fail", "pass": "fail"}
_PARTS = ("when", "assert_")
_SIBLINGS = 3
Rules = tuple[CheckedRule, ...]


@dataclass(frozen=True)
class Change:
    """One change: what it says, and the rules with it, those of a policy compiled when they are asked for."""

    text: str
    rules: Mapping[str, Callable[[], Rules]]


@cache
def judging() -> tuple[str, ...]:
    """The policies that judge an account, and what several of them share."""
    policies = sorted(policy.id for policy in bundled().policies.values() if policy.aws)
    return (*policies, *(f"{SHARED}{name}" for name in _shared()))


def changes(name: str) -> Iterator[Change]:
    """Every change of a policy, or of what several share, that the type checker lets through, each once."""
    if name.startswith(SHARED):
        yield from _changed_for_all(_shared()[name.removeprefix(SHARED)])
        return
    rules = _checker().rules([bundled().policies[name]])
    for part in _PARTS:
        for condition in dict.fromkeys(getattr(rule.rule, part) for rule in rules if getattr(rule.rule, part)):
            written_in = tuple(rule for rule in rules if getattr(rule.rule, part) == condition)
            yield from _changed(written_in, part, condition)
    for rule in rules:
        yield from _without_absences(rule)


class Watch:
    """Asks the examples about one change after the other, first those that noticed one lately: most are alike."""

    def __init__(self) -> None:
        self._turn = 0
        self._noticed: dict[str | Position, int] = {}  # policy or example, and when it last did

    def notices(self, change: Change) -> bool:
        """Whether an example comes out otherwise than it is written."""
        self._turn += 1
        for policy in sorted(change.rules, key=self._long_ago):
            rules = map(self._lately_first, change.rules[policy]())
            for result in _runner().run(rules):
                if not result.passed:
                    self._noticed |= {policy: self._turn, result.position: self._turn}
                    return True
        return False

    def _long_ago(self, who: str | Position) -> int:
        return -self._noticed.get(who, 0)

    def _lately_first(self, rule: CheckedRule) -> CheckedRule:
        examples = sorted(rule.policy.examples, key=lambda example: self._long_ago(example.position))
        return replace(rule, policy=replace(rule.policy, examples=tuple(examples)))


def _of(rules: Iterable[CheckedRule]) -> Mapping[str, Callable[[], Rules]]:
    """Rules of one policy that are compiled."""
    compiled = tuple(rules)
    return {compiled[0].policy.id: lambda: compiled}


def _changed(rules: Rules, part: str, condition: str) -> Iterator[Change]:
    """One condition, changed in all the rules that it is written in."""
    if part == "when":
        without = (replace(rule, rule=replace(rule.rule, when=""), when=None) for rule in rules)
        yield Change("when: all of it → removed", _of(without))
    params = {name: item.value for name, item in bundled().parameters.items()}
    for mutant in mutants(condition, _siblings(merged(rule.reads for rule in rules)), params):
        if any(len(piece.findall(condition)) != len(piece.findall(mutant.text)) for piece in _shared().values()):
            continue  # a change of what others share too
        changed = [_with(rule, part, mutant.text) for rule in rules]
        if None not in changed:
            yield Change(f"{part.rstrip('_')}: {mutant.change}", _of(filter(None, changed)))


def _changed_for_all(piece: re.Pattern[str]) -> Iterator[Change]:
    """What is shared, changed in every rule that has it: an example of any of them may notice."""
    rules = tuple(rule for rule in _all_rules() for part in _PARTS if piece.search(getattr(rule.rule, part)))
    text = next(found[0] for rule in rules for part in _PARTS if (found := piece.search(getattr(rule.rule, part))))
    params = {name: item.value for name, item in bundled().parameters.items()}
    for mutant in mutants(text, _siblings(merged(rule.reads for rule in rules)), params):
        if _with_piece(rules[0], piece, mutant.text):
            yield Change(mutant.change, _of_each_policy(rules, piece, mutant.text))


def _of_each_policy(rules: Rules, piece: re.Pattern[str], text: str) -> Mapping[str, Callable[[], Rules]]:
    """The changed rules of each policy: most changes are noticed by the first."""
    policies = dict.fromkeys(rule.policy.id for rule in rules)
    return {policy: partial(_with_pieces, rules, policy, piece, text) for policy in policies}


def _with_pieces(rules: Rules, policy: str, piece: re.Pattern[str], text: str) -> Rules:
    changed = (_with_piece(rule, piece, text) for rule in rules if rule.policy.id == policy)
    return tuple(filter(None, changed))


def _with_piece(rule: CheckedRule, piece: re.Pattern[str], text: str) -> CheckedRule | None:
    part = next(part for part in _PARTS if piece.search(getattr(rule.rule, part)))
    return _with(rule, part, piece.sub(lambda _: text, getattr(rule.rule, part)))


@cache
def _all_rules() -> tuple[CheckedRule, ...]:
    return tuple(_checker().rules([policy for policy in bundled().policies.values() if policy.aws]))


@cache
def _shared() -> Mapping[str, re.Pattern[str]]:
    """What several policies share, as it is found in them, where its lines begin behind other spaces."""
    written = load_document(content_root() / shared.FILE, shared.FILE)
    found = {name: _as_found(piece.text) for name, piece in shared.pieces(written).items()}
    return {name: piece for name, piece in found.items() if len(_with_it(piece)) > 1}


def _as_found(text: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, text.split())))


def _with_it(piece: re.Pattern[str]) -> set[str]:
    return {rule.policy.id for rule in _all_rules() for part in _PARTS if piece.search(getattr(rule.rule, part))}


def _with(rule: CheckedRule, part: str, condition: str) -> CheckedRule | None:
    """The rule with another condition; None where that does not compile."""
    try:
        checked = _checker().typing.check(condition, rule.rule.resource)
    except CelError:
        return None
    changed: Mapping[str, Any] = {part: condition}
    typed: Mapping[str, Any] = {part: checked}
    return replace(rule, rule=replace(rule.rule, **changed), **typed)


def _without_absences(rule: CheckedRule) -> Iterator[Change]:
    for member, absence in rule.rule.absent.items():
        others = {name: item for name, item in rule.rule.absent.items() if name != member}
        kind = _OTHER_ABSENCE.get(absence.kind)
        absent = {**others, member: Absence(kind)} if kind else others
        text = f"absent: {member} of {rule.rule.resource}: {absence.kind} → {kind or 'removed'}"
        yield Change(text, _of([replace(rule, rule=replace(rule.rule, absent=absent))]))


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
