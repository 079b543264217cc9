"""Compares the accounts that were discovered with those that were read, one by one, with the cause of each gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from preuve.model.content import Severity
from preuve.model.grouping import grouped
from preuve.model.results import FindingStatus
from preuve.model.snapshot import Listing, Member, Unread
from preuve.publish.site.facts import Site

READ, PARTLY, NOT_READ = "read", "partly", "not_read"  # words of `site.accounts.states` in the locales
_STATES = (NOT_READ, PARTLY, READ)  # states of accounts in scope, worst first
_NO_GAP = frozenset({"no_earlier_run", "no_register"})
_ORGANIZATION = "AWS::Organizations::"
_MOST_CAUSES = 3


@dataclass(frozen=True)
class AccountRow:
    """An account and its state."""

    id: str
    name: str
    state: str  # read | partly | not_read, or why it is not in scope: excluded | outside
    unit: str = ""
    environment: str = ""
    reason: str = ""  # reason of an exclusion, which has no effect if preuve.yaml names the account
    unread: tuple[Unread, ...] = ()  # the causes of what was not read, most frequent first
    counts: Counter[FindingStatus] = field(default_factory=Counter)
    failing: Counter[Severity] = field(default_factory=Counter)
    named_only: bool = False  # in preuve.yaml, and not in the organization
    read_during: tuple[str, str] | None = None  # the moments between which it was read, if its part says them

    @property
    def in_scope(self) -> bool:
        """Whether the account is in the scope of the audit."""
        return self.state in _STATES

    @property
    def is_named_all_the_same(self) -> bool:
        """Whether preuve.yaml names it among its accounts, so that the exclusion of the organization does not count."""
        return self.in_scope and bool(self.reason)

    @property
    def badness(self) -> tuple[object, ...]:
        """The sort key of accounts: by failures, then by what was not read."""
        fails = [-self.failing[severity] for severity in Severity]
        return (*fails, _STATES.index(self.state) if self.in_scope else len(_STATES), self.id)

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the failures."""
        return next((severity for severity in Severity if self.failing[severity]), None)


@dataclass(frozen=True)
class UnitRow:
    """The accounts in scope of one organizational unit, worst first."""

    path: str
    accounts: Sequence[AccountRow]
    counts: Counter[FindingStatus]


def several(site: Site) -> bool:
    """Return whether there is more than one account."""
    return len(site.workspace.accounts) > 1 or site.meta.discovered


def account_rows(site: Site) -> list[AccountRow]:
    """Return every account in scope, worst first, then those that are not."""
    members = {item.id: item for item in (site.meta.organization.members if site.meta.organization else ())}
    found = _Found(site)
    inside = [found.row(account.id, members.pop(account.id, None)) for account in site.workspace.accounts]
    return [*sorted(inside, key=lambda row: row.badness), *(_outside(members[number]) for number in sorted(members))]


def units(rows: Iterable[AccountRow]) -> list[UnitRow]:
    """Return the units with accounts in scope, worst first; none if no unit is known."""
    by_unit = grouped((row.unit, row) for row in rows if row.in_scope)
    if not any(by_unit):
        return []
    return [UnitRow(path, inside, sum((row.counts for row in inside), Counter())) for path, inside in by_unit.items()]


def left_out(rows: Iterable[AccountRow]) -> Counter[str]:
    """Return the number of known accounts that are not in scope, by the reason (`site.accounts.left_out`)."""
    return Counter(row.state for row in rows if not row.in_scope)


def _outside(member: Member) -> AccountRow:
    return AccountRow(member.id, member.name, member.decision, member.unit, reason=member.reason)


class _Found:
    """The listings and findings of each account."""

    def __init__(self, site: Site) -> None:
        self._accounts = {account.id: account for account in site.workspace.accounts}
        self._discovered = site.meta.discovered
        self._parts = site.meta.parts
        self._counts: dict[str, Counter[FindingStatus]] = {}
        self._failing: dict[str, Counter[Severity]] = {}
        for finding in site.assessment.findings:
            account = finding.place.account
            self._counts.setdefault(account, Counter())[finding.status] += 1
            if finding.status is FindingStatus.FAIL:
                self._failing.setdefault(account, Counter())[finding.severity] += 1
        self._read: Counter[str] = Counter()
        self._unread: dict[str, Counter[Unread]] = {}
        told = {listing.type for listing in site.listings if listing.unread is None}
        for listing in (item for item in site.listings if not _told_elsewhere(item, told)):
            if listing.unread and listing.unread.cause not in _NO_GAP:
                self._unread.setdefault(listing.account, Counter())[listing.unread] += 1
            else:
                self._read[listing.account] += 1

    def row(self, number: str, member: Member | None) -> AccountRow:
        """Return the row of an account in scope."""
        account, unread = self._accounts[number], self._unread.get(number, Counter())
        state = NOT_READ if not self._read[number] else PARTLY if unread else READ
        part = self._parts.get(number) if state != NOT_READ else None  # of a refused role there is one, too
        return AccountRow(
            number,
            account.name,
            state,
            member.unit if member else "",
            account.environment,
            member.reason if member else "",
            unread=tuple(_causes(unread)) if unread or self._read[number] else (Unread("not_collected"),),
            counts=self._counts.get(number, Counter()),
            failing=self._failing.get(number, Counter()),
            named_only=self._discovered and member is None,
            read_during=(part["started"], part["finished"]) if part else None,
        )


def _told_elsewhere(listing: Listing, told: Collection[str]) -> bool:
    """Return whether a listing is the organization's: AWS refused it to a member account and answered another account
    in scope.
    """
    refused = listing.unread is not None and listing.unread.cause == "access_denied"
    return refused and listing.type.startswith(_ORGANIZATION) and listing.type in told


def _causes(unread: Counter[Unread]) -> Iterator[Unread]:
    """Yield the most frequent causes, each once: reasons that differ only in calls and regions count as one."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for item, times in unread.items():
        denied = item.cause == "access_denied"  # other causes: the call tells little about the account
        seen[item.cause, item.code, item.action if denied else ""] += times
    for cause, code, action in sorted(seen, key=lambda key: (-seen[key], key))[:_MOST_CAUSES]:
        yield Unread(cause, code, action=action)
