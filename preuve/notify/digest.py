"""Reduces a run to its notice: only the parts of a finding that the model allows are used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from preuve.assess.changes.comparison import CODE as LEFT_IN_CODE
from preuve.assess.changes.comparison import Kind, key
from preuve.model.company.workspace import Workspace
from preuve.model.content import Library, Text
from preuve.model.errors import PreuveError
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, by_resource
from preuve.notify.model import (
    CODE,
    COMPANY,
    Digest,
    EndingWaiver,
    Item,
    NoticeRun,
    StaleEvidence,
    Subject,
    Verdict,
    has_form,
)
from preuve.notify.source import Source, statuses
from preuve.publish.site.paths import page_file, policy_page
from preuve.publish.words.locale import load_locale
from preuve.publish.words.names import called
from preuve.redact.pseudonyms import Pseudonyms
from preuve.system.causes import cause

SOON = timedelta(days=30)
_TARGET = "vuln_sla_days"  # parameter: days to correct a weakness, by severity
_APART = (Kind.RULE_CHANGED, Kind.SCOPE_CHANGED, Kind.OTHER_KEY)
Place = tuple[str, str]  # policy, and where


def digested(source: Source, library: Library, workspace: Workspace, label: str) -> Digest:
    """Return the digest of a run; the labels of its tickets begin with `label`.

    Raises PreuveError if the result is of another version.
    """
    try:
        return _Maker(source, library, workspace, label).digest()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PreuveError(f"the result is not of this version: {cause(error)}", "audit or scan again") from error


def account_names(source: Source) -> dict[str, str]:
    """Return the pseudonym of each account of a run, for the terminal of a person who may see both."""
    known = _pseudonyms(source)
    accounts = sorted({finding.place.account for finding in source.run.findings} - {""})
    return {known.of(account, "account"): account for account in accounts}


def _pseudonyms(source: Source) -> Pseudonyms:
    """Return pseudonyms that can be computed from the bundle, but not from the message."""
    return Pseudonyms(source.key.encode())


@dataclass(frozen=True)
class _Maker:
    source: Source
    library: Library
    workspace: Workspace
    label: str

    def digest(self) -> Digest:
        findings, compared = self.source.run.findings, self.source.comparison
        return Digest(
            told=NoticeRun(self.source.run.name, self.source.run.now, _pseudonyms(self.source).key_id),
            counts=Counter(finding.status for finding in findings),
            failing=Counter(finding.severity for finding in self._failing()),
            incomplete=self.source.incomplete,
            new=self._changed(FindingStatus.FAIL, Kind.NEW, Kind.REGRESSED, Kind.ACCEPTANCE),
            fixed=self._changed(None, Kind.FIXED),
            apart=self._apart(),
            left=Counter(finding.severity for finding in compared.left) if compared else {},
            removed=Counter(finding.severity for finding in compared.removed) if compared else {},
            params=len(compared.params) if compared else 0,
            overdue=self._overdue(),
            waivers=tuple(self._ending()),
            stale=tuple(self._stale()),
            missing=sum(state == "missing" for _, state in statuses(self.source)),
            subjects=(*self._subjects(), *self._emptied()),
        )

    # ---- lists ----------------------------------------------------------------------------------------------------

    def _changed(self, status: FindingStatus | None, *kinds: Kind) -> tuple[Item, ...] | None:
        """Return what changed since the previous run, optionally of one status."""
        compared = self.source.comparison
        if compared is None:
            return None
        found = (change.finding for kind in kinds for change in compared.of(kind))
        return self._items(finding for finding in found if status in (None, finding.status))

    def _apart(self) -> int:
        """Return the number of failures of this run that cannot be compared with the previous one."""
        compared = self.source.comparison
        found = (change.after for kind in _APART for change in (compared.of(kind) if compared else ()))
        return sum(finding is not None and finding.status is FindingStatus.FAIL for finding in found)

    def _overdue(self) -> tuple[Item, ...] | None:
        if self.source.since is None:
            return None
        late = {id(finding): days for finding in self._failing() if (days := self._late(finding)) is not None}
        if not late and self._short_history():
            return None
        return self._items((item for item in self._failing() if id(item) in late), lambda item: late[id(item)])

    def _short_history(self) -> bool:
        """Return whether a failure may be late unnoticed, because no run reaches back as far as the time allowed for
        it.
        """
        times = self.library.values(self.workspace.params)[_TARGET]
        allowed = [time for item in self._failing() if (time := times.get(item.severity.value)) is not None]
        return bool(allowed) and self._days_since(self.source.known_from) <= max(allowed)

    def _days_since(self, moment: str) -> int:
        return (self._today - date.fromisoformat(moment[:10])).days

    def _failing(self) -> Iterator[Finding]:
        return (finding for finding in self.source.run.findings if finding.status is FindingStatus.FAIL)

    def _late(self, finding: Finding) -> int | None:
        """Return the number of days for which a failure has been open, if its severity allows fewer."""
        target = self.library.values(self.workspace.params)[_TARGET].get(finding.severity.value)
        since = (self.source.since or {}).get(key(finding))
        if target is None or since is None:
            return None
        days = self._days_since(since)
        return days if days > target else None

    def _ending(self) -> Iterator[EndingWaiver]:
        active = (line for line in self.source.waivers if line["state"] == "active")
        for line in sorted(active, key=lambda line: str(line["expires"])):
            if date.fromisoformat(line["expires"]) - self._today <= SOON:
                yield EndingWaiver(line["policy"], self._title(line["policy"]), line["expires"])

    def _stale(self) -> Iterator[StaleEvidence]:
        for name, state in statuses(self.source):
            if state == "stale" and name in self.library.evidence:
                yield StaleEvidence(name, self._said(self.library.evidence[name].title))

    # ---- items ----------------------------------------------------------------------------------------------------

    def _items(self, findings: Iterable[Finding], days: Callable[[Finding], int] = lambda _: 0) -> tuple[Item, ...]:
        groups = self._grouped(findings)
        items = [self._item(place, found, len(found), max(map(days, found))) for place, found in groups.items()]
        return tuple(sorted(items, key=lambda item: (item.severity.rank, -item.count, item.policy, item.where)))

    def _grouped(self, findings: Iterable[Finding]) -> Mapping[Place, list[Finding]]:
        return grouped(((finding.policy, self._where(finding)), finding) for finding in findings)

    def _item(self, place: Place, found: list[Finding], count: int, days: int = 0) -> Item:
        policy, where = place
        controls = tuple(
            line["control"]
            for line in self.source.controls
            if policy in line["policies"]
            and policy not in line.get("supporting", ())
            and self.library.control(line["control"])
        )
        severity = min((finding.severity for finding in found), key=lambda item: item.rank)
        page = page_file(policy_page(policy), self.workspace.language) if self.source.closed else ""
        cited = tuple(self._cited(name) for name in controls)
        return Item(policy, self._title(policy), severity, where, count, cited, page, days)

    def _cited(self, control: str) -> str:
        """Return a control as readers cite it, or else its id."""
        (name,) = called([control], self.library, load_locale(self.workspace.language))
        return name if has_form("control", name) else control

    def _where(self, finding: Finding) -> str:
        if finding.source == "iac":
            return CODE
        account = finding.place.account
        return _pseudonyms(self.source).of(account, "account") if account else COMPANY

    def _title(self, policy: str) -> str:
        return self.library.title(policy, self.workspace.language)

    def _said(self, text: Text) -> str:
        return text.in_language(self.workspace.language)

    @property
    def _today(self) -> date:
        return date.fromisoformat(self.source.run.now[:10])

    # ---- what tickets are about -----------------------------------------------------------------------------------

    def _subjects(self) -> Iterator[Subject]:
        known = _pseudonyms(self.source)
        for (policy, where), found in sorted(self._grouped(by_resource(self.source.run.findings)).items()):
            failing = sum(finding.status is FindingStatus.FAIL for finding in found)
            yield Subject(
                item=self._item((policy, where), found, failing),
                label=known.of(f"{policy}/{where}", self.label),
                verdict=self._verdict(policy, where, found),
                resources=len(found),
                rule=known.of(self._rule(policy, found), "rule"),
                places=() if where == COMPANY else self._places(where, found),
                left_out=self._left_out(found),
                held=self._held(found),
            )

    def _emptied(self) -> Iterator[Subject]:
        """Yield the policies about code without any finding in a run that examined code: a ticket from before may
        remain.

        In an account, a policy without resources still has a finding.
        """
        scope, known = self.source.run.scope, _pseudonyms(self.source)
        found = {finding.policy for finding in self.source.run.findings if finding.source == "iac"}
        for policy in sorted({*scope.policies} - found) if scope.code else ():
            about = self.library.policies.get(policy)
            if about is None or about.iac is None:
                continue
            yield Subject(
                item=Item(policy, self._title(policy), about.severity, CODE, 0),
                label=known.of(f"{policy}/{CODE}", self.label),
                verdict=self._verdict(policy, CODE, []),
                resources=0,
                rule="",
                places=(),
            )

    def _verdict(self, policy: str, where: str, found: list[Finding]) -> Verdict:
        """Return the verdict of findings; open also if unread code may concern the policy."""
        seen = verdict(found)
        unread = where == CODE and any(
            name == policy and not account for name, account, _, _ in self.source.run.scope.unread
        )
        return Verdict.OPEN if unread and seen is not Verdict.FAILING else seen

    def _places(self, where: str, found: list[Finding]) -> tuple[str, ...]:
        """Return where and how the run searched for these findings."""
        known, scope = _pseudonyms(self.source), self.source.run.scope
        holders = {item.place.account for item in found}
        seen = (look for look in scope.looks if (look[0] in scope.code if where == CODE else look[0] in holders))
        names = {*(scope.code if where == CODE else scope.regions), *(f"{place} {how}" for place, how in seen)}
        return tuple(sorted(known.of(name, "place") for name in names))

    def _held(self, found: list[Finding]) -> tuple[str, ...]:
        """Return the failing resources, or else all, of the accounts or code from which the run left something out: one
        of them may be moved there.
        """
        known, left = _pseudonyms(self.source), {holder for holder, _ in self.source.run.scope.left_out}
        among = [item for item in found if (LEFT_IN_CODE if item.source == "iac" else item.place.account) in left]
        failing = [item for item in among if item.status is FindingStatus.FAIL]
        places = (item.place for item in failing or among)
        return tuple(sorted({known.of(f"{it.account}/{it.root}/{it.type}/{it.id}", "resource") for it in places}))

    def _left_out(self, found: list[Finding]) -> tuple[str, ...]:
        """Return what the run excluded from the places of these findings."""
        known = _pseudonyms(self.source)
        holders = {LEFT_IN_CODE if item.source == "iac" else item.place.account for item in found}
        left = (f"{holder}/{name}" for holder, name in self.source.run.scope.left_out if holder in holders)
        return tuple(sorted(known.of(name, "place") for name in left))

    def _rule(self, policy: str, found: list[Finding]) -> str:
        """Return everything that decides the meaning of a policy: its revision, the parameters that it reads, its
        conditions.
        """
        known = self.library.policies.get(policy)
        values = self.library.values(self.source.run.scope.params)
        read = {name: values.get(name) for name in (known.params if known else ())}
        asked = self.source.run.scope.rules.get(policy, "")
        return json.dumps([found[0].rev, read, asked], sort_keys=True, default=str)


def verdict(found: Iterable[Finding]) -> Verdict:
    """Return the verdict of findings: a pass only if something passes and nothing is open, failing or waived."""
    statuses_ = {finding.status for finding in found}
    unread = any(finding.incomplete for finding in found)
    if FindingStatus.FAIL in statuses_:
        return Verdict.FAILING
    if FindingStatus.NOT_EVALUATED in statuses_ or unread:
        return Verdict.OPEN
    if FindingStatus.WAIVED in statuses_:
        return Verdict.WAIVED
    return Verdict.PASSING if FindingStatus.PASS in statuses_ else Verdict.EMPTY
