"""Compares two runs: new, fixed, returned and unchanged findings, and those that cannot be compared because rule or
scope changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from preuve.model.results import WEAK, Finding, FindingStatus, by_resource
from preuve.redact.announcements.values import PSEUDONYM

Blind = tuple[str, str, str, str]  # policy, account, region, root
Left = tuple[str, str]  # CODE or the holder, and the part that is not read
Look = tuple[str, str]  # a folder of code or an account, and how it is read: runs and plan, or its environment
CODE = "code"

_UNREAD = frozenset({"unread_listing", "iac_gap"})  # reasons why the resources of a place are not known
_OPEN = FindingStatus.NOT_EVALUATED
_GLOBAL = "global"  # the region of resources that an account has only once
_RESOURCE = re.compile(r"[a-z][a-z0-9]*_\w+|\w+::.+", re.DOTALL)  # types of blocks in code
# A person's pseudonym may directly follow a letter, as names do; `monkey-…` and `prod-key-…` contain no key id.
_NAMED = re.compile(rf"(?:(?=person)|(?<![A-Za-z0-9-])){PSEUDONYM}")
_WORST = {status: number for number, status in enumerate(FindingStatus)}


class Kind(StrEnum):
    """The change of a weakness between two runs."""

    NEW = "new"  # fails, and was not examined before
    REGRESSED = "regressed"  # fails, and did not fail before
    FIXED = "fixed"  # failed, and now passes or no longer exists
    REMOVED = "removed"  # failed, and its block left the code, which does not show whether the resource exists
    UNCHANGED = "unchanged"  # the same verdict as before
    ACCEPTANCE = "acceptance"  # fails as before; a waiver came or went
    UNCLEAR = "unclear"  # one of the two runs could not tell
    RULE_CHANGED = "rule_changed"  # the policy asks something else: the verdicts do not compare
    SCOPE_CHANGED = "scope_changed"  # only one of the two runs had the place or the policy in scope
    OTHER_KEY = "other_key"  # only one of the two has this pseudonym, and their keys differ: it may be the same person


@dataclass(frozen=True)
class Scope:
    """The scope of a run."""

    accounts: frozenset[str]  # and the organization on GitHub
    regions: frozenset[str]
    code: frozenset[str]
    policies: Mapping[str, int]  # and their revisions; 0 where no finding tells
    params: Mapping[str, object]
    unread: frozenset[Blind] = frozenset()  # places whose resources a policy could not list
    left_out: frozenset[Left] = frozenset()  # within what is in scope
    rules: Mapping[str, str] = field(default_factory=dict)  # hashes of what policies ask, where the run tells
    looks: frozenset[Look] = frozenset()  # how code is applied and read; the environment of each account
    key: str = ""  # id of the pseudonym key; "" if the run did not record it

    def differs(self, other: Scope, finding: Finding) -> bool:
        """Return whether only one of two runs had the policy or the place of a finding in scope."""
        return self.differs_at(other, *_place(finding))

    def differs_at(self, other: Scope, policy: str, account: str, region: str, root: str) -> bool:
        """Return whether only one of two runs had the policy or this place in scope."""
        sides = (
            (policy in self.policies, policy in other.policies),
            (account in self.accounts, account in other.accounts),
            (region in self.regions, region in other.regions),
            (self.reads(root), other.reads(root)),
        )
        return any(here != there for here, there in sides)

    def reads(self, root: str) -> bool:
        """Return whether a folder of code, or one above it, is in scope."""
        return bool(root) and any(_lies_in(root, path) for path in self.code)

    def narrows(self, other: Scope, account: str, root: str) -> bool:
        """Return whether the other run excluded more of what this run examined, or applied or read it differently, so
        that fewer failures there need not mean fixes.
        """
        if other._tells(root) and any(
            _lies_in(root, seen) if root else seen == account for seen, _ in self.looks - other.looks
        ):
            return True
        return any(holder == (CODE if root else account) for holder, _ in other.left_out - self.left_out)

    def _tells(self, root: str) -> bool:
        """Return whether this run recorded how it read code or accounts; earlier versions did not."""
        places = self.code if root else self.accounts
        return any(place in places for place, _ in self.looks)

    def rule_differs(self, other: Scope, policy: str) -> bool:
        """Return whether a policy is known to have asked different things in the two runs: by its revision or
        its text.
        """
        asked = {self.rules.get(policy, ""), other.rules.get(policy, "")} - {""}
        return len(asked) > 1 or len({self.policies.get(policy) or 0, other.policies.get(policy) or 0} - {0}) > 1

    def renames(self, other: Scope, root: str, name: str) -> bool:
        """Return whether another run names this resource by another pseudonym, if it has the resource."""
        keys = {self.key, other.key} - {""}
        return len(keys) > 1 and _NAMED.search(f"{root} {name}") is not None

    def blind_at(self, policy: str, account: str, region: str, root: str) -> bool:
        """Return whether `policy` could not list the resources of a place.

        A listing of a whole account holds resources of any region.
        """
        return any((policy, account, where, root) in self.unread for where in (region, _GLOBAL))


def _lies_in(root: str, folder: str) -> bool:
    return PurePosixPath(root).is_relative_to(PurePosixPath(folder))


@dataclass(frozen=True)
class Run:
    """The results of a run: `findings` are those of one policy and source on one resource."""

    name: str
    now: str
    scope: Scope
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Change:
    """A weakness in two runs; a side is missing if that run did not see the resource."""

    kind: Kind
    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two is always there
        return found

    @property
    def weak(self) -> bool:
        """Whether it is or was a weakness; otherwise neither run could decide it."""
        return any(item is not None and item.status in WEAK for item in (self.before, self.after))

    @property
    def unsettled(self) -> bool:
        """Whether the newer run could not evaluate what was a weakness; it is not gone, whatever else changed."""
        was = self.before is not None and self.before.status in WEAK
        return was and (self.kind is Kind.UNCLEAR if self.after is None else self.after.status is _OPEN)


@dataclass(frozen=True)
class Comparison:
    """The changes from one run to another, in the order of the newer one. `params` are the changed parameters."""

    earlier: str
    later: str
    changes: Sequence[Change]
    params: Mapping[str, tuple[object, object]]

    def of(self, kind: Kind) -> list[Change]:
        """Return the changes of one kind."""
        return [change for change in self.changes if change.kind is kind]

    @property
    def left(self) -> list[Finding]:
        """The failures of the earlier run that the later one has neither found nor fixed, since scope or rule
        changed.
        """
        return self._lost(Kind.SCOPE_CHANGED, Kind.RULE_CHANGED)

    @property
    def removed(self) -> list[Finding]:
        """The failures of the earlier run whose block the code no longer has: nothing shows that they are fixed."""
        return self._lost(Kind.REMOVED)

    def _lost(self, *kinds: Kind) -> list[Finding]:
        lost = (change.before for kind in kinds for change in self.of(kind) if change.after is None)
        return [item for item in lost if item and item.status is FindingStatus.FAIL]

    @property
    def renamed(self) -> list[Finding]:
        """The failures of the earlier run that another pseudonym key hides in the later one, fixed or not."""
        return self._lost(Kind.OTHER_KEY)

    @property
    def unsettled(self) -> list[Finding]:
        """The failures of the earlier run on which the later one has no verdict, though it looked."""
        lost = (change.before for change in self.changes if change.unsettled)
        return [finding for finding in lost if finding and finding.status is FindingStatus.FAIL]


Key = tuple[str, str, str, str, str, str, str]


def key(finding: Finding) -> Key:
    """Return the key of a question, equal in two runs: policy, place and resource."""
    place = finding.place
    return (finding.policy, finding.source, place.type, place.account, place.region, place.root, place.own_name)


def by_key(findings: Iterable[Finding]) -> dict[Key, Finding]:
    """Return the findings by question; of several answers in one run, the worst counts."""
    found: dict[Key, Finding] = {}
    for finding in by_resource(findings):
        known = found.setdefault(key(finding), finding)
        if _WORST[finding.status] < _WORST[known.status]:
            found[key(finding)] = finding
    return found


def compare(earlier: Run, later: Run) -> Comparison:
    """Return all weaknesses of either run and all findings that a run could not decide; leave out what passes
    in both.
    """
    before, after = by_key(earlier.findings), by_key(later.findings)
    changes = []
    for name in (*after, *(name for name in before if name not in after)):
        kind = _kind(before.get(name), after.get(name), earlier.scope, later.scope)
        if kind:
            changes.append(Change(kind, before.get(name), after.get(name)))
    return Comparison(earlier.name, later.name, changes, dict(_params(earlier.scope.params, later.scope.params)))


def _params(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[tuple[str, tuple[object, object]]]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield name, (before.get(name), after.get(name))


def unread_places(findings: Iterable[Finding]) -> frozenset[Blind]:
    """Return the places whose resources are not fully known, according to these findings."""
    return frozenset(_place(finding) for finding in findings if finding.reason.code in _UNREAD)


def _place(finding: Finding) -> Blind:
    return finding.policy, finding.place.account, finding.place.region, finding.place.root


def _kind(before: Finding | None, after: Finding | None, earlier: Scope, later: Scope) -> Kind | None:
    """Classify a pair of findings; None if neither is a weakness."""
    if not _matters(before) and not _matters(after):
        return None
    finding = after or before
    assert finding is not None  # noqa: S101 - one of the two matters
    if earlier.differs(later, finding):
        return Kind.SCOPE_CHANGED
    if earlier.rule_differs(later, finding.policy):
        return Kind.RULE_CHANGED
    kind = _between(before, after, later)
    place = (finding.place.account, finding.place.root)
    alone = kind in (Kind.NEW, Kind.FIXED, Kind.REMOVED) and (before is None or after is None)
    if alone and earlier.renames(later, finding.place.root, finding.place.own_name):
        return Kind.OTHER_KEY
    narrower = kind in (Kind.FIXED, Kind.REMOVED) and earlier.narrows(later, *place)
    wider = before is None and kind is Kind.NEW and later.narrows(earlier, *place)
    return Kind.SCOPE_CHANGED if narrower or wider else kind


def _between(before: Finding | None, after: Finding | None, later: Scope) -> Kind | None:
    """Return the kind of change between two findings of the same rule and scope."""
    if after is None:
        return _gone(before, later) if before else None
    if before is None:
        return {FindingStatus.FAIL: Kind.NEW, FindingStatus.WAIVED: Kind.NEW}.get(after.status, Kind.UNCLEAR)
    return _pair(before.status, after.status)


def _matters(finding: Finding | None) -> bool:
    return finding is not None and finding.status in (FindingStatus.FAIL, FindingStatus.WAIVED, _OPEN)


def _gone(before: Finding, later: Scope) -> Kind | None:
    """Return the kind for a finding whose resource is gone: None if the finding was undecided, and unclear if the later
    run could not list the resources there.
    """
    if before.status is _OPEN:
        return None
    if later.blind_at(*_place(before)):
        return Kind.UNCLEAR
    return Kind.REMOVED if is_made_by_code(before.place.type, before.place.root) else Kind.FIXED


def is_made_by_code(type_: str, root: str) -> bool:
    """Return whether code creates a resource, which may outlive its block. A workflow, a Dockerfile or a module does
    not.
    """
    return bool(root) and _RESOURCE.fullmatch(type_) is not None


def _pair(before: FindingStatus, after: FindingStatus) -> Kind:
    if before is after:
        return Kind.UNCHANGED
    if before in WEAK and after in WEAK:
        return Kind.ACCEPTANCE
    if after in WEAK:
        return Kind.NEW if before is _OPEN else Kind.REGRESSED
    if after is _OPEN or before is _OPEN:
        return Kind.UNCLEAR
    return Kind.FIXED
