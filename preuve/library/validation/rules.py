"""Policies' conditions, type-checked: what each reads, and what the selected ones need from a collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from preuve.library.cel import CelError, CheckedCondition, Typing
from preuve.library.validation import absences
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.members import Shapes, related_types
from preuve.library.validation.shapes import (
    ACCOUNT,
    REGION,
    STRING,
    ListOf,
    Scalar,
    Shape,
    Struct,
    message_name,
    of_value,
    structures,
)
from preuve.library.validation.texts import Texts
from preuve.model.content import AwsRule, Library, Policy, ResourceType
from preuve.model.errors import Position, Problem


@dataclass
class Checker:
    """Type-checks the rules of some policies and collects every problem."""

    library: Library
    shapes: Shapes
    typing: Typing
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, library: Library, policies: Iterable[Policy]) -> Checker:
        """Return a checker that knows the types which these policies can reach."""
        shapes = Shapes(library)
        wanted = {rule.resource for policy in policies for rule in policy.aws if rule.resource in library.types}
        wanted |= {ACCOUNT, REGION} & set(library.types)
        types = [shapes.root(name) for name in related_types(shapes, wanted)]
        return cls(library, shapes, Typing(types, _context(library)))

    def rules(self, policies: Iterable[Policy]) -> tuple[CheckedRule, ...]:
        """Return the rules that pass the check; the defects of the others are in `problems`."""
        found = (self._rule(policy, rule) for policy in policies for rule in policy.aws)
        return tuple(rule for rule in found if rule is not None)

    def _rule(self, policy: Policy, rule: AwsRule) -> CheckedRule | None:
        if rule.resource not in self.library.types:
            self._refuse(rule.position, f"{policy.id}: no collector reads {rule.resource}")
            return None
        if self.shapes.wrong.intersection(related_types(self.shapes, {rule.resource, ACCOUNT, REGION})):
            return None  # the collector must be corrected first: `shapes` says how
        when = self._check(policy, rule, of_when=True) if rule.when else None
        asserted = self._check(policy, rule)
        if asserted is None or (rule.when and when is None):
            return None
        checked = CheckedRule(policy, rule, when, asserted)
        self._enums(checked)
        self._asked(checked)
        self._params(checked)
        self.problems.extend(absences.problems(checked, self.shapes))
        return checked

    def _check(self, policy: Policy, rule: AwsRule, *, of_when: bool = False) -> CheckedCondition | None:
        try:
            return self.typing.check(rule.when if of_when else rule.assert_, rule.resource)
        except CelError as error:
            position = rule.place(error.line, error.column, of_when=of_when)
            self._refuse(position, f"{policy.id}: {error} (line {error.line}, column {error.column} of the condition)")
            return None

    def _enums(self, checked: CheckedRule) -> None:
        structs = self.structs
        for part in filter(None, (checked.when, checked.assert_)):
            for item in part.comparisons:
                shape = structs[item.message].fields.get(item.member) if item.message in structs else None
                shape = shape.item if isinstance(shape, ListOf) else shape
                if isinstance(shape, Scalar) and shape.enum and item.literal not in (*shape.enum, *checked.rule.newer):
                    self._refuse(
                        checked.rule.position,
                        f"{checked.policy.id}: AWS never returns {item.literal!r} for {item.member}",
                        f"one of {', '.join(shape.enum[:20])}",
                    )

    def _asked(self, checked: CheckedRule) -> None:
        """Refuse a mere test whether a text is present: an empty text is present and means nothing."""
        structs, rule = self.structs, checked.rule
        parts = ((checked.when, rule.when_position or rule.position), (checked.assert_, rule.position))
        asked = [(pair, position) for part, position in parts if part for pair in sorted(part.asked)]
        for (message, member), position in asked:
            shape = structs[message].fields.get(member) if message in structs else None
            if isinstance(shape, Scalar) and shape.kind == "string":
                self._refuse(
                    position,
                    f"{checked.policy.id}: tests whether {member} is there, but an empty text is there too",
                    f'write .?{member}.orValue("") != ""',
                )

    @cached_property
    def structs(self) -> Mapping[str, Struct]:
        """Every structure of collected data, by its name."""
        return {struct.name: struct for name in self.library.types for struct in structures(self.shapes.root(name))}

    def _params(self, checked: CheckedRule) -> None:
        used = checked.reads.get("Params", frozenset())
        declared = set(checked.policy.params)
        text = "\n".join(f"{rule.when}\n{rule.assert_}" for rule in checked.policy.aws)
        for name in sorted(used - declared):
            self._refuse(checked.rule.position, f"{checked.policy.id}: reads params.{name}", "list it under params")
        for name in sorted(declared - used):
            if not re.search(rf"params\.{name}\b", text):
                self._refuse(checked.policy.position, f"{checked.policy.id}: never reads its parameter {name}")

    def _refuse(self, position: Position, message: str, hint: str = "") -> None:
        self.problems.append(Problem(position, message, hint))


def _context(library: Library) -> dict[str, Struct]:
    params = {name: of_value(item.value, f"param_{name}") for name, item in library.parameters.items()}
    reference: dict[str, Shape] = {
        name: of_value(item["data"], f"reference_{name}") for name, item in library.reference.items()
    }
    org: dict[str, Shape] = {"accounts": ListOf(STRING), "regions": ListOf(STRING), "country": STRING}
    return {
        "params": Struct("Params", lambda: params),
        "org": Struct("Org", lambda: org),
        "reference": Struct("Reference", lambda: reference),
    }


# ---- what must be collected ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Needs:
    """The needs of the selected rules: for each resource type the root members that they read (an empty set: listing
    only).
    """

    types: Mapping[str, frozenset[str]]
    texts: Texts | None = None  # texts of them that are kept; None: all


def needs(library: Library, rules: Iterable[CheckedRule]) -> Needs:
    """Return the types and members to collect, with the keys that relations join on and the parents listings need."""
    rules = tuple(rules)
    found: dict[str, set[str]] = {name: set() for name in (ACCOUNT, REGION) if name in library.types}
    by_message = {message_name(name): name for name in library.types}
    for rule in rules:
        found.setdefault(rule.rule.resource, set())
        for message, members in rule.reads.items():
            if message in by_message:
                found.setdefault(by_message[message], set()).update(members)
    _close(library, found)
    return Needs({name: frozenset(members) for name, members in sorted(found.items())})


def _close(library: Library, found: dict[str, set[str]]) -> None:
    """Add the members that the present ones imply, until there are no more."""
    before = -1
    while before != (before := sum(len(members) + 1 for members in found.values())):
        for name in list(found):
            for other, members in list(_implied(library.types[name], found[name])):
                found.setdefault(other, set()).update(members)


def _implied(declared: ResourceType, members: set[str]) -> Iterator[tuple[str, set[str]]]:
    if declared.counted_by:
        yield declared.counted_by.type, _heads([declared.counted_by.path])
    for call in declared.lists:
        if call.for_each:
            yield call.for_each, _heads(path for path in call.with_.values() if not path.startswith("Parent."))
    for member in members:
        relation = declared.relations.get(member)
        if relation is not None:
            yield relation.type, _heads([*relation.where, *relation.only])
            yield declared.name, _heads(relation.own_paths)
        if member == "Parent" and relation is None:
            yield from ((call.for_each, set()) for call in declared.lists if call.for_each)


def _heads(paths: Iterable[str]) -> set[str]:
    return {path.split(".")[0].removesuffix("[]") for path in paths}
