"""Chooses the examples for each rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice

from collect.code.rewriting.combined import FIRST, SECOND, combined
from collect.code.rewriting.project import Example, load
from collect.code.rewriting.rule import Rule
from collect.code.rewriting.verdicts import Case
from content_copy import bundled
from preuve.library.validation.code.code_rules import TERRAFORM
from preuve.library.yaml.place import content_root
from tools.proofs import code_proofs, provider_of


def examples() -> tuple[Example, ...]:
    """Every Terraform example of a policy, those that fail and those that pass."""
    return tuple(
        example
        for name, policy in sorted(bundled().policies.items())
        for folder in code_proofs(content_root(), policy)
        if provider_of(folder) == TERRAFORM
        for example in load(name, folder)
    )


def each(rule: Rule, known: Sequence[Example], *, most: int | None) -> Iterator[Case]:
    """The rule on every example in each of its forms, or in `most` of them."""
    for example in known:
        for project in islice(rule.rewrite(example), most):
            yield Case(example, rule.name, project)


def some(rule: Rule, known: Sequence[Example], failing: int, passing: int) -> Iterator[Case]:
    """The rule on a few examples, in a form of each: always the same, and spread over all."""
    for fails, wanted in ((True, failing), (False, passing)):
        alike = sorted((example for example in known if example.fails is fails), key=lambda e: _mix(rule.name, e.name))
        cases = (case for example in alike if (case := _one(rule, example)) is not None)
        yield from islice(cases, wanted)


def thinly(rules: Sequence[Rule], example: Example, wanted: int) -> Iterator[Case]:
    """A few rules on one example."""
    order = sorted(rules, key=lambda rule: _mix(example.name, rule.name))
    yield from islice((case for rule in order if (case := _one(rule, example)) is not None), wanted)


def pairs(example: Example, wanted: int) -> Iterator[Case]:
    """Some rules on one example, two at a time."""
    numbers = range(wanted * 20)  # not every pair has something to rewrite
    rules = (
        combined(
            FIRST[_mix(example.name, number, "1") % len(FIRST)], SECOND[_mix(example.name, number, "2") % len(SECOND)]
        )
        for number in numbers
    )
    yield from islice((case for rule in rules for case in each(rule, (example,), most=1)), wanted)


def _one(rule: Rule, example: Example) -> Case | None:
    """One of the first forms that the rule gives the example, two times of three the first: all at once."""
    forms = list(islice(rule.rewrite(example), 6))
    number = _mix(rule.name, example.name, "form")
    return Case(example, rule.name, forms[number // 3 % len(forms) if number % 3 == 0 else 0]) if forms else None


def _mix(*words: object) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(map(str, words)).encode()).digest()[:6])
