"""A policy's rule, type-checked: its conditions, and what they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from preuve.library.cel import CheckedCondition
from preuve.model.content import AwsRule, Policy

Reads = Mapping[str, frozenset[str]]  # message name -> members


@dataclass(frozen=True)
class CheckedRule:
    """A rule with what its two conditions read."""

    policy: Policy
    rule: AwsRule
    when: CheckedCondition | None
    assert_: CheckedCondition

    @cached_property
    def reads(self) -> Reads:
        """Everything that either condition reads."""
        return merged([reads(checked) for checked in (self.when, self.assert_) if checked])


def reads(checked: CheckedCondition | None) -> Reads:
    """Return the members that a condition reads, by message."""
    result: dict[str, set[str]] = {}
    for reference in checked.references if checked else ():
        result.setdefault(reference.message, set()).add(reference.member)
    return {message: frozenset(members) for message, members in result.items()}


def merged(many: Iterable[Reads]) -> Reads:
    """Return the union of several."""
    result: dict[str, frozenset[str]] = {}
    for one in many:
        for message, members in one.items():
            result[message] = result.get(message, frozenset()) | members
    return result
