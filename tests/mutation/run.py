"""Changes each condition of the bundled policies, and tests whether their examples notice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, islice, zip_longest
from typing import Any

from content_copy import bundled, linted
from mutation import pieces
from mutation.mutants import Siblings, mutants
from preuve.assess.examples import ExampleRunner
from preuve.library.cel import CelError
from preuve.library.validation.checked_rule import CheckedRule, Reads, merged
from preuve.library.validation.rules import Checker
from preuve.library.validation.shapes import ListOf, MapOf, Shape
from preuve.model.content import Absence, Example
from preuve.model.errors import Position

SHARED = "shared."
_OTHER_ABSENCE = {"fail": "not_applicable", "not_applicable": "fail", "pass": "fail"}
_PARTS = ("when", "assert_")
_SIBLINGS = 3


@dataclass(frozen=True)
class Change:
    """One change: its description, the rules that have it, and each of them (by its place) with it; None if that does
    not compile. What adds no member is taken to read what the rule reads: to type-check it takes longer than to see
    that an example notices it.
    """

    text: str
    rules: tuple[CheckedRule, ...]
    made: Callable[[int], CheckedRule | None]

    def typed(self) -> Change | None:
        """The change with what it reads itself; None if the type checker refuses it."""
        typed = replace(self, made=cache(lambda number: _typed(self.made(number))))
        return typed if typed.made(0) else None


@cache
def judging() -> tuple[str, ...]:
    """The policies that judge an account, and what several of them share."""
    policies = sorted(policy.id for policy in bundled().policies.values() if policy.aws)
    return (*policies, *(f"{SHARED}{piece.name}" for piece in pieces.for_all()))


def changes(name: str) -> Iterator[Change]:
    """Every change of a policy, or of what policies share, each once and by a name of its own; it need not compile."""
    told = Counter[str]()
    for change in _changes(name):
        told[change.text] += 1
        again = told[change.text]
        yield change if again == 1 else replace(change, text=f"{change.text} ({again})")


def _changes(name: str) -> Iterator[Change]:
    """Yield what is written once for several rules changed in all of them, and anything else in its rule alone."""
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
        yield from (replace(it, text=f"shared.{piece.name}: {it.text}") for it in _changed_for_all(rules, piece, known))


def noticed(change: Change, most: int | None = None) -> bool:
    """Whether an example, of the likeliest `most`, has another result than its expected one; false if CEL refuses the
    change.
    """
    for number, example in islice(_likely(change), most):
        rule = change.made(number)
        try:
            seen = rule is not None and not _runner().result(rule, example).passed
        except RuntimeError:
            return False
        if seen:
            _noticing().pop(example.position, None)
            _noticing()[example.position] = None
            return True
    return False


def _likely(change: Change) -> Iterator[tuple[int, Example]]:
    """Yield every example of the rules once, with the number of its rule, the likeliest to notice the change first.

    In turn: one that noticed another change, the last first; one beside the last, as those about one thing stand
    together; one with most of what is rare in the change; one with the rarest values of the members that it names.
    """
    every = [
        (number, it) for number, rule in enumerate(change.rules) for it in _examples(rule.policy.id, rule.rule.resource)
    ]
    last = {position: place for place, position in enumerate(_noticing())}
    places = range(len(every))
    recent = sorted((at for at in places if every[at][1].position in last), key=lambda at: -last[every[at][1].position])
    yield from (every[at] for at in recent[:1])  # most often it is this one, and no order of the others is needed
    words = _words(change.text)
    orders = (
        recent,
        sorted(places, key=lambda at: abs(at - recent[0])) if recent else (),
        _rarest([words & _words_of(example) for _, example in every]),
        _rarest([_values_of(example, words) for _, example in every]),
    )
    for at in dict.fromkeys(chain.from_iterable(zip_longest(*orders))):
        if at is not None and at not in recent[:1]:
            yield every[at]


def _rarest(traits: list[Collection[Any]]) -> list[int]:
    """Return the places of these by how rare their traits are among them."""
    often = Counter(chain.from_iterable(traits))
    worth = [sum(1 / often[trait] for trait in own) for own in traits]
    return sorted(range(len(traits)), key=lambda at: -worth[at])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


@cache
def _known() -> dict[Position, tuple[frozenset[str], dict[str, set[str]]]]:
    """The words of each example, and the values of each of its members."""
    return {}


def _words_of(example: Example) -> frozenset[str]:
    return _known_of(example)[0]


def _values_of(example: Example, members: Iterable[str]) -> set[tuple[str, str]]:
    """Return these members with each of their values in an example; it is one to have none."""
    known = _known_of(example)[1]
    return {(member, value) for member in members for value in known.get(member, ("",))}


def _known_of(example: Example) -> tuple[frozenset[str], dict[str, set[str]]]:
    if example.position not in _known():
        values: dict[str, set[str]] = {}
        for given in (example.resource, example.account, example.region, example.params, example.org):
            _gather(given, "", values)
        _known()[example.position] = (_words(repr(example)), values)
    return _known()[example.position]


def _gather(given: Any, member: str, found: dict[str, set[str]]) -> None:
    if isinstance(given, Mapping):
        for name, value in given.items():
            _gather(value, name, found)
    elif isinstance(given, list) and given:
        for item in given:
            _gather(item, member, found)
    else:
        found.setdefault(member, set()).add(str(given))


@cache
def _noticing() -> dict[Position, None]:
    """The examples that noticed a change, the last one last."""
    return {}


@cache
def _examples(policy: str, resource: str) -> list[Example]:
    return [example for example in bundled().policies[policy].examples if example.type == resource]


def _of_one(text: str, rule: CheckedRule, changed: CheckedRule) -> Change:
    return Change(text, (rule,), lambda _: changed)


def _changed(rule: CheckedRule, of: str, known: tuple[pieces.Piece, ...]) -> Iterator[Change]:
    """One rule, changed in all that is its own."""
    if rule.rule.when:
        ungated = replace(rule, rule=replace(rule.rule, when=""), when=None)
        yield _of_one(f"{of}when: all of it → removed", rule, ungated)
    for part in filter(lambda part: getattr(rule.rule, part), _PARTS):
        condition, texts = pieces.held(getattr(rule.rule, part), known)
        for mutant in mutants(condition, _siblings(rule.reads), _params()):
            if changed := _with(rule, part, pieces.written(mutant.text, texts)):
                yield _of_one(f"{of}{part.rstrip('_')}: {pieces.told(mutant.change)}", rule, changed)
    yield from _without_absences(rule)


def _changed_for_all(
    rules: tuple[CheckedRule, ...], piece: pieces.Piece, known: tuple[pieces.Piece, ...]
) -> Iterator[Change]:
    """Yield changes of a shared condition in every rule that has it: an example of any of them may notice."""
    rules = tuple(rule for rule in rules if any(piece.found.search(getattr(rule.rule, part)) for part in _PARTS))
    reads = merged(rule.reads for rule in rules)
    # Those that it names are changed by themselves.
    condition, texts = pieces.held(piece.text.strip(), tuple(other for other in known if other.text != piece.text))
    for mutant in mutants(condition, _siblings(reads), _params()):
        made = cache(partial(_with_piece, rules, piece, pieces.written(mutant.text, texts)))
        if made(0):
            yield Change(pieces.told(mutant.change), rules, made)


def _with_piece(rules: tuple[CheckedRule, ...], piece: pieces.Piece, text: str, number: int) -> CheckedRule | None:
    rule = rules[number]
    changed: CheckedRule | None = rule
    for part in _PARTS:
        if changed and piece.found.search(getattr(rule.rule, part)):
            changed = _with(changed, part, piece.found.sub(lambda _: text, getattr(rule.rule, part)))
    return changed


def _params() -> Mapping[str, Any]:
    return {name: item.value for name, item in bundled().parameters.items()}


def _all_rules() -> tuple[CheckedRule, ...]:
    return linted().rules


def _with(rule: CheckedRule, part: str, condition: str) -> CheckedRule | None:
    """Return the rule with another condition; None if that reads another member and does not compile."""
    checked = getattr(rule, part)
    if _members() & (_words(condition) - _words(getattr(rule.rule, part))):
        try:
            checked = _checker().typing.check(condition, rule.rule.resource)
        except CelError:
            return None
    changed: Mapping[str, Any] = {part: condition}
    typed: Mapping[str, Any] = {part: checked}
    return replace(rule, rule=replace(rule.rule, **changed), **typed)


def _typed(rule: CheckedRule | None) -> CheckedRule | None:
    if rule is None:
        return None
    check, of = _checker().typing.check, rule.rule
    try:
        when = check(of.when, of.resource) if of.when else None
        return replace(rule, when=when, assert_=check(of.assert_, of.resource))
    except CelError:
        return None


@cache
def _members() -> frozenset[str]:
    """Return the names of all that a condition can read."""
    return frozenset(member for struct in _checker().structs.values() for member in struct.fields)


def _without_absences(rule: CheckedRule) -> Iterator[Change]:
    for member, absence in rule.rule.absent.items():
        others = {name: item for name, item in rule.rule.absent.items() if name != member}
        kind = _OTHER_ABSENCE.get(absence.kind)
        absent = {**others, member: Absence(kind)} if kind else others
        text = f"absent: {member} of {rule.rule.resource}: {absence.kind} → {kind or 'removed'}"
        yield _of_one(text, rule, replace(rule, rule=replace(rule.rule, absent=absent)))


def _siblings(reads: Reads) -> Siblings:
    """Return the members that may replace a member: those of its type in its structure that the condition reads, or
    otherwise any.
    """

    @cache
    def siblings(member: str) -> tuple[str, ...]:
        found: list[str] = []
        for message, read in reads.items():
            fields = _checker().structs[message].fields if message in _checker().structs else {}
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


def _checker() -> Checker:
    return linted().checker


@cache
def _runner() -> ExampleRunner:
    return ExampleRunner(bundled(), _checker().shapes)
