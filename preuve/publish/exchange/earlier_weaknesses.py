"""Weaknesses of earlier runs, by the history in a bundle: since when they exist, which ended, which this run did not
examine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.assess.changes.comparison import Key, Scope, by_key, key
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.publish.history.durations import Outcome, WeaknessSpan
from preuve.publish.history.runs import run_of
from preuve.publish.site.facts import Site

_ENDED = frozenset({Outcome.FIXED, Outcome.GONE, Outcome.REMOVED, Outcome.RULE_CHANGED})
_NOT_SEEN = Reason("not_seen_again")
GONE, REMOVED = Reason("gone"), Reason("removed")  # what is weak, or only its block in the code


def first_seen(site: Site) -> Mapping[Key, str]:
    """Return the moment since when something is weak: a run found it then, and no later run found it corrected."""
    if site.history is None:
        return {}
    runs = site.history.runs
    newest = {item.key: item for item in site.history.spells}
    return {name: runs[item.first].now for name, item in newest.items() if item.outcome not in _ENDED}


def ended(site: Site) -> Iterator[Finding]:
    """Yield weaknesses that ended with this run: they pass, do not apply, or are missing in a complete reading."""
    if site.history is None:
        return
    now, last = by_key(site.assessment.findings), len(site.history.runs) - 1
    for spell in site.history.spells:
        if spell.ended == last and spell.outcome in _ENDED:
            yield now.get(spell.key) or replace(
                _as_before(spell, site), status=FindingStatus.NOT_APPLICABLE,
                reason=REMOVED if spell.outcome is Outcome.REMOVED else GONE, waiver="", known=False,
            )  # fmt: skip


def unseen(site: Site) -> Iterator[Finding]:
    """Yield weaknesses that this run could not examine, or did not: their place was not read, or is out of scope."""
    if site.history is None:
        return
    now = by_key(site.assessment.findings)
    scope = run_of("", site.assessment, site.workspace)[0].scope
    last = len(site.history.runs) - 1
    newest = {spell.key: spell for spell in site.history.spells}
    for name, spell in newest.items():
        left = spell.outcome in (Outcome.SCOPE_CHANGED, Outcome.OTHER_KEY) and spell.ended == last
        if name not in now and spell.outcome not in _ENDED and (left or _may_be_there(name, scope)):
            yield replace(
                _as_before(spell, site), status=FindingStatus.NOT_EVALUATED, reason=_NOT_SEEN, incomplete=True,
                waiver="", known=False,
            )  # fmt: skip


def _may_be_there(name: Key, scope: Scope) -> bool:
    """Return whether a run leaves open whether the object exists."""
    policy, _, _, account, region, root, _ = name
    inside = scope.reads(root) if root else account in scope.accounts and region in {*scope.regions, "global", ""}
    return policy not in scope.policies or not inside or scope.blind_at(policy, account, region, root)


def _as_before(spell: WeaknessSpan, site: Site) -> Finding:
    """Return a weakness as the previous run recorded it; if that run did not examine it either, the data in its key."""
    comparison = site.history.comparison if site.history else None
    for change in comparison.changes if comparison else ():
        if change.before is not None and key(change.before) == spell.key:
            return change.before
    policy, source, type_, account, region, root, own_name = spell.key
    known = site.library.policies.get(policy)
    place = Place(type_, own_name, account, region, root=root)
    return Finding(policy, known.rev if known else 0, source, FindingStatus.FAIL, spell.severity, place, _NOT_SEEN)
