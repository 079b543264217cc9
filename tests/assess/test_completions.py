"""Whatever is not read of an account: a verdict that is given all the same is that of the whole account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from content_copy import bundled, linted
from preuve.assess.examples import ExampleResources, ExampleRunner
from preuve.assess.judge import Judge, Verdict
from preuve.assess.view import ListingSource
from preuve.library.validation.checked_rule import CheckedRule
from preuve.model.content import Example
from preuve.model.results import FindingStatus
from preuve.model.snapshot import Resource, Unread

DENIED = Unread("access_denied", "AccessDenied")
Choose = Callable[[], bool]


class Unseen:
    """An account with unread parts: members of any resource in it, and parts of listings."""

    def __init__(self, inline: ExampleResources, choose: Choose) -> None:
        self._inline = inline
        self._choose = choose
        self._resources: dict[tuple[str, str], Resource] = {}
        self._found: dict[tuple[str, str], tuple[list[Resource], bool]] = {}
        self._candidates: dict[tuple[str, str], list[Resource] | None] = {}

    def masked(self, resource: Resource) -> Resource:
        key = (resource.type, resource.id)
        if key not in self._resources:
            names = sorted({*resource.data, *resource.absent, *resource.unread})
            unread = {**resource.unread, **{name: DENIED for name in names if self._choose()}}
            data = {name: value for name, value in resource.data.items() if name not in unread}
            self._resources[key] = replace(resource, data=data, unread=unread, absent=resource.absent - set(unread))
        return self._resources[key]

    def singleton(self, type_name: str, account: str, region: str) -> Resource | None:
        found = self._inline.singleton(type_name, account, region)
        return None if found is None else self.masked(found)

    def listed(self, resource: Resource, member: str) -> ListingSource:
        return ListingSource()

    def related(self, resource: Resource, member: str) -> list[Resource]:
        return [self.masked(other) for other in self._listed(resource, member)[0]]

    def unread(self, resource: Resource, member: str) -> tuple[Unread, ...]:
        hides = self._listed(resource, member)[1]
        return (*self._inline.unread(resource, member), *((DENIED,) if hides else ()))

    def perhaps(self, resource: Resource, member: str) -> list[Resource] | None:
        """Those that are hidden, and sometimes one that does not belong; None where it is not known which."""
        self._listed(resource, member)
        return self._candidates[resource.id, member]

    def doubted(self, resource: Resource, member: str) -> frozenset[str]:
        """No snapshot."""
        return frozenset()

    def unlisted(self, resource: Resource, type_name: str) -> tuple[Unread, ...]:
        return ()

    def join_keys(self, resource: Resource, member: str) -> list[str]:
        return []

    def uncollected(self, type_name: str, member: str) -> Unread | None:
        return None

    def _listed(self, resource: Resource, member: str) -> tuple[list[Resource], bool]:
        key = (resource.id, member)
        if key not in self._found:
            every = self._inline.related(resource, member)
            hides = self._choose()
            shown = [other for other in every if not (hides and self._choose())]
            self._found[key] = (shown, hides)
            others = [self.masked(other) for other in every if other not in shown or self._choose()]
            self._candidates[key] = others if self._choose() else None
        return self._found[key]


@cache
def examples() -> list[tuple[CheckedRule, Example]]:
    return [
        (rule, example)
        for rule in linted().rules
        for example in rule.policy.examples
        if example.type == rule.rule.resource
    ]


def verdicts(rule: CheckedRule, example: Example, choose: Choose) -> tuple[Verdict, Verdict]:
    """The verdict on an example, and on what is left of it."""
    runner = ExampleRunner(bundled(), linted().checker.shapes)
    inline = ExampleResources(runner, example)
    context = runner.context(example)
    left = Unseen(inline, choose)
    whole = Judge(rule, inline, runner.shapes, context).judge(inline.subject)
    return whole, Judge(rule, left, runner.shapes, context).judge(left.masked(inline.subject))


@settings(max_examples=300, deadline=None)
@given(
    st.deferred(lambda: st.sampled_from(range(len(examples())))),  # not when the tests are collected
    st.sampled_from([0.1, 0.3, 0.5]),
    st.integers(0, 2**32),
)
def test_an_unread_member_can_only_turn_a_verdict_into_not_evaluated(number: int, share: float, seed: int) -> None:
    chance = Random(seed)
    whole, left = verdicts(*examples()[number], lambda: chance.random() < share)
    if left.status is not FindingStatus.NOT_EVALUATED:
        assert left.status is whole.status
    elif whole.status is not FindingStatus.NOT_EVALUATED:
        assert left.incomplete
        assert left.reason.code in ("unread_member", "unread_relation")


def test_some_verdicts_are_settled_despite_unread_members() -> None:
    """Otherwise the property above would be true of a judge that always gives up."""
    kept = total = 0
    for rule, example in examples()[::8]:
        flags: Any = iter([True, *[False] * 1000])
        whole, left = verdicts(rule, example, lambda flags=flags: next(flags))
        if whole.status is not FindingStatus.NOT_EVALUATED:
            total += 1
            kept += left.status is whole.status
    assert kept > total / 10
