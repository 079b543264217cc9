"""Changes each condition of the bundled policies, and tests whether their examples notice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from content_copy import bundled
from mutation import pieces
from mutation.mutants import Siblings, mutants
from preuve.assess.examples import ExampleRunner
from preuve.assess.judge import Judge
from preuve.library.cel import CelError, Outcome, Program
from preuve.library.checked.rules import CheckedRule, Checker, Reads, merged
from preuve.library.checked.shapes import ListOf, MapOf, Shape, Struct
from preuve.model.content import Absence, Example
from preuve.model.errors import Position

SHARED = "shared."
_OTHER_ABSENCE = {"fail": "not_applicable", "not_applicable": "fail", "pass": "fail"}
_PARTS = ("when", "assert_")
_SIBLINGS = 3


class _Silent(Judge):
    """Judges without reasons: they are not needed for a changed condition, and take longer than the verdict."""

    def _why(self, program: Program, variables: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def _asked(self, projected: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def _located(self, program: Program, fault: Outcome, variables: Mapping[str, Any]) -> Outcome:
        return fault


@dataclass(frozen=True)
class Change:
    """One change: its description, and the rules with it."""

    text: str
    rules: Iterable[CheckedRule]


@cache
def judging() -> tuple[str, ...]:
    """The policies that judge an account, and what several of them share."""
    policies = sorted(policy.id for policy in bundled().policies.values() if policy.aws)
    return (*policies, *(f"{SHARED}{piece.name}" for piece in pieces.for_all()))


def changes(name: str) -> Iterator[Change]:
    """Every change of a policy, or of what policies share, that the type checker lets through, each once.

    What is written once for several rules is changed in all of them, and anything else in its rule alone.
    """
    if name.startswith(SHARED):
        shared = next(piece for piece in pieces.for_all() if piece.name == name.removeprefix(SHARED))
        yield from _changed_for_all(_all_rules(), shared, pieces.for_all())
        return
    rules = tuple(rule for rule in _all_rules() if rule.policy.id == name)
    known = (*pieces.for_all(), *pieces.of(name))
    for number, rule in enumerate(rules):
        at = f" {number}" if [other.rule.resource for other in rules].count(rule.rule.resource) > 1 else ""
        yield from _changed(rule, f"{rule.rule.resource}{at}, " if len(rules) > 1 else "", known)
    for piece in pieces.of(name):
        yield from (Change(f"shared.{piece.name}: {it.text}", it.rules) for it in _changed_for_all(rules, piece, known))


def noticed(change: Change) -> bool:
    """Whether an example has another result than its expected one. Those that noticed another change are tried first,
    the last one before all others, in every rule: they notice most.
    """
    left: list[tuple[CheckedRule, list[Example]]] = []
    for rule in change.rules:
        examples = _examples(rule.policy.id, rule.rule.resource)
        proven = [example for example in examples if example.position in _proven()]
        if _notices(rule, proven):
            return True
        left.append((rule, [example for example in examples if example not in proven]))
    return any(_notices(rule, examples) for rule, examples in left)


def _notices(rule: CheckedRule, examples: list[Example]) -> bool:
    for example in examples:
        if not _runner().result(rule, example).passed:
            every = _examples(rule.policy.id, rule.rule.resource)
            every.insert(0, every.pop(every.index(example)))
            _proven().add(example.position)
            _noticing().append(rule.policy.id)
            return True
    return False


@cache
def _proven() -> set[Position]:
    """Where the examples are that noticed a change."""
    return set()


@cache
def _noticing() -> deque[str]:
    """The policies whose examples noticed the last changes."""
    return deque(maxlen=20)


@cache
def _examples(policy: str, resource: str) -> list[Example]:
    return [example for example in bundled().policies[policy].examples if example.type == resource]


def _changed(rule: CheckedRule, of: str, known: tuple[pieces.Piece, ...]) -> Iterator[Change]:
    """One rule, changed in all that is its own."""
    if rule.rule.when:
        yield Change(f"{of}when: all of it → removed", [replace(rule, rule=replace(rule.rule, when=""), when=None)])
    for part in filter(lambda part: getattr(rule.rule, part), _PARTS):
        condition, texts = pieces.held(getattr(rule.rule, part), known)
        for mutant in mutants(condition, _siblings(rule.reads), _params()):
            if changed := _with(rule, part, pieces.written(mutant.text, texts)):
                yield Change(f"{of}{part.rstrip('_')}: {pieces.told(mutant.change)}", [changed])
    yield from _without_absences(rule)


def _changed_for_all(
    rules: tuple[CheckedRule, ...], piece: pieces.Piece, known: tuple[pieces.Piece, ...]
) -> Iterator[Change]:
    """Yield changes of a shared condition in every rule that has it: an example of any of them may notice."""
    holding = tuple((rule, part) for rule in rules for part in _PARTS if piece.found.search(getattr(rule.rule, part)))
    reads = merged(rule.reads for rule, _ in holding)
    # Those that it names are changed by themselves.
    condition, texts = pieces.held(piece.text.strip(), tuple(other for other in known if other.text != piece.text))
    for mutant in mutants(condition, _siblings(reads), _params()):
        text = pieces.written(mutant.text, texts)
        if _with_piece(*holding[0], piece, text):
            likely = sorted(holding, key=lambda held: held[0].policy.id not in _noticing())
            changed = (_with_piece(rule, part, piece, text) for rule, part in likely)
            yield Change(pieces.told(mutant.change), filter(None, changed))


def _with_piece(rule: CheckedRule, part: str, piece: pieces.Piece, text: str) -> CheckedRule | None:
    return _with(rule, part, piece.found.sub(lambda _: text, getattr(rule.rule, part)))


def _params() -> Mapping[str, Any]:
    return {name: item.value for name, item in bundled().parameters.items()}


@cache
def _all_rules() -> tuple[CheckedRule, ...]:
    return tuple(_checker().rules([policy for policy in bundled().policies.values() if policy.aws]))


def _with(rule: CheckedRule, part: str, condition: str) -> CheckedRule | None:
    """Return the rule with another condition; None if that does not compile."""
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
        yield Change(text, [replace(rule, rule=replace(rule.rule, absent=absent))])


def _siblings(reads: Reads) -> Siblings:
    """Return the members that may replace a member: those of its type in its structure that the condition reads, or
    otherwise any.
    """

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
    return ExampleRunner(bundled(), _checker().shapes, _Silent)


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
