"""Computes how long each weakness lasted, from the findings of the runs; a pure walk over the runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from preuve.assess.changes.comparison import Key, Scope, is_made_by_code
from preuve.model.content import Severity
from preuve.model.results import WEAK, FindingStatus
from preuve.publish.history.store import RunVerdicts, Track


class Outcome(StrEnum):
    """The end of a weakness."""

    OPEN = "open"
    FIXED = "fixed"
    GONE = "gone"  # the resource no longer exists, and its place was read
    REMOVED = "removed"  # its block is no longer in the code, which does not show whether the resource exists
    RULE_CHANGED = "rule_changed"  # it passes since the policy has another revision
    SCOPE_CHANGED = "scope_changed"  # out of scope since
    OTHER_KEY = "other_key"  # a run with another pseudonym key has it under another name, if it exists


@dataclass(frozen=True)
class WeaknessSpan:
    """A weakness from the first run that found it to the first run that did not; runs by their numbers."""

    key: Key
    severity: Severity
    first: int
    last: int  # the last run that found it
    outcome: Outcome = Outcome.OPEN
    ended: int | None = None
    again: bool = False  # it regressed according to the comparison with the run before `first`


def spells(track: Track, scopes: Sequence[Scope]) -> Iterator[WeaknessSpan]:
    """Yield the spans of one weakness, in order."""
    seen = {item.run: item for item in track.seen}
    current: WeaknessSpan | None = None
    rev = 0
    for number, scope in enumerate(scopes):
        item = seen.get(number)
        if item and item.status in WEAK:
            start = current or WeaknessSpan(track.key, track.severity, number, number)
            current, rev = replace(start, last=number), item.rev
            continue
        outcome = _outcome(track.key, item, scope, rev, scopes[current.last]) if current else None
        if current and outcome:
            yield replace(current, outcome=outcome, ended=number)
            current = None
    if current:
        yield current


def begun_before(track: Track, spell: WeaknessSpan, scopes: Sequence[Scope]) -> bool:
    """Return whether a weakness may be older than its span: the run before did not look there, or could not decide."""
    if not spell.first:
        return True
    before = next((item for item in track.seen if item.run == spell.first - 1), None)
    if before is not None:
        return before.status is FindingStatus.NOT_EVALUATED
    policy, _, _, account, region, root, name = track.key
    scope, now = scopes[spell.first - 1], scopes[spell.first]
    outside = scope.differs_at(now, policy, account, region, root) or now.narrows(scope, account, root)
    return outside or scope.renames(now, root, name) or scope.blind_at(policy, account, region, root)


def _outcome(key: Key, item: RunVerdicts | None, scope: Scope, rev: int, before: Scope) -> Outcome | None:
    """Return how a weakness ended in a run without a failure; None if the run could not decide."""
    policy, _, type_, account, region, root, name = key
    if item is not None:
        if item.status is FindingStatus.NOT_EVALUATED:
            return None
        if before.narrows(scope, account, root):
            return Outcome.SCOPE_CHANGED
        same = item.rev == rev and not before.rule_differs(scope, policy)
        return Outcome.FIXED if same else Outcome.RULE_CHANGED
    inside = scope.reads(root) if root else account in scope.accounts and region not in before.regions - scope.regions
    if policy not in scope.policies or not inside or before.narrows(scope, account, root):
        return Outcome.SCOPE_CHANGED
    if scope.blind_at(policy, account, region, root):
        return None
    gone = Outcome.REMOVED if is_made_by_code(type_, root) else Outcome.GONE
    over = Outcome.OTHER_KEY if before.renames(scope, root, name) else gone
    return Outcome.RULE_CHANGED if before.rule_differs(scope, policy) else over  # the policy may have changed
