"""Judges the resources of the account; where nothing was found, proves that nothing exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from preuve.assess.index import Index, expected
from preuve.assess.judge import NOT_KEPT, Context, Judge, Verdict, denied_actions
from preuve.assess.repositories import RepositoryScope
from preuve.assess.view import Members
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.shapes import RelatedType, message_name
from preuve.model.company.workspace import Workspace
from preuve.model.content import GITHUB
from preuve.model.packed_object import WHOLE, pack
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import DECLARED_NONE, GLOBAL, Listing, Resource, Unread


class AccountFindings:
    """Judges every resource of a snapshot by the rules."""

    def __init__(self, index: Index, shapes: Members, workspace: Workspace, context: Context) -> None:
        self._index = index
        self._shapes = shapes
        self._workspace = workspace
        self._context = context
        self._repositories = RepositoryScope(workspace.github)
        self._places: dict[int, Place] = {}  # by resource: all policies share one
        self._kept: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._judged = 0

    def findings(self, rules: Iterable[CheckedRule]) -> Iterator[Finding]:
        """Yield the findings of all rules."""
        for rule in rules:
            yield from self._rule(rule)

    def _rule(self, rule: CheckedRule) -> Iterator[Finding]:
        judge = Judge(rule, self._index, self._shapes, self._context)
        resources = self._index.of_type(rule.rule.resource)
        for resource in resources:
            left_out = self._repositories.why_not(resource)
            verdict = Verdict(FindingStatus.NOT_APPLICABLE, left_out) if left_out else judge.judge(resource)
            yield Finding(
                policy=rule.policy.id,
                rev=rule.policy.rev,
                source="aws",
                status=verdict.status,
                severity=rule.policy.severity,
                place=self._place(resource),
                reason=verdict.reason,
                incomplete=verdict.incomplete,
                observed=self._held(verdict.observed),
                calls=self._once(verdict.calls or self._listed(rule, resource)),
                lines=self._lines(resource, verdict.lines),
            )
        yield from self._silence(rule, bool(resources))

    def _held(self, observed: Mapping[str, Any]) -> Mapping[str, Any]:
        self._judged += 1
        return pack(observed) if observed and self._judged > WHOLE else observed

    def _lines(self, resource: Resource, read: frozenset[str]) -> tuple[str, ...]:
        """Return the snapshot lines that a verdict rests on besides the resource's own; lines that many verdicts share
        are kept once.
        """
        return self._once(tuple(sorted(read - {resource.at, ""})))

    def _once(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return equal names as one object."""
        return self._kept.setdefault(names, names)

    def _listed(self, rule: CheckedRule, resource: Resource) -> tuple[str, ...]:
        """Return the calls that found nothing that belongs to a resource, if only these decide the verdict."""
        members = self._shapes.members(resource.type)
        read = [members.get(name) for name in rule.reads.get(message_name(resource.type), ())]
        types = sorted({shape.type for shape in read if isinstance(shape, RelatedType)})
        listings = [item for name in types for item in self._index.listings(name, (resource.account, ""))]
        return tuple(sorted({call for listing in listings for call in listing.calls}))

    def _place(self, resource: Resource) -> Place:
        if id(resource) not in self._places:  # the index keeps the resource alive, so its id stays unique
            place = Place(resource.type, resource.id, resource.account, resource.region, resource.arn)
            self._places[id(resource)] = place
        return self._places[id(resource)]

    def _silence(self, rule: CheckedRule, found: bool) -> Iterator[Finding]:
        """Yield findings about listings as a whole: unread, missing, or provably empty."""
        name = rule.rule.resource
        listings = self._index.listings(name)
        unread = [listing for listing in listings if listing.unread is not None]
        declared = self._index.types[name]
        wanted = expected(declared, self._workspace.holders(declared.provider), self._workspace.regions)
        missing = sorted(wanted - {(listing.account, listing.region) for listing in listings})
        if declared.provider == GITHUB and not listings and not wanted:
            unread = [Listing(name, "", GLOBAL, 0, unread=Unread("no_github"))]
        unread += [Listing(name, account, region, 0) for account, region in missing]
        for together in _by_cause(unread):
            yield self._unlisted(rule, together)
        if listings and not found and not unread and not missing:
            regions = ", ".join(sorted({listing.region for listing in listings}))
            listed = {listing.account for listing in listings}
            place = Place(name, "", listed.pop() if len(listed) == 1 else "")  # no account if there are several
            reason = Reason("no_resource", {"type": name, "regions": regions})
            yield self._finding(rule, place, FindingStatus.NOT_APPLICABLE, reason, listings)

    def _unlisted(self, rule: CheckedRule, listings: Sequence[Listing]) -> Finding:
        """Return the one finding about a place and a cause, however many calls list its resources."""
        listing, *_ = listings
        unread = listing.unread
        if unread is not None and unread.cause == DECLARED_NONE:
            reason = Reason("declared_none", {"type": listing.type, "reason": unread.message})
            return self._finding(rule, Place(listing.type, ""), FindingStatus.NOT_APPLICABLE, reason, listings)
        if listing.account in self._workspace.holders(GITHUB):
            left_out = self._repositories.why_not_named(listing.parent)
            if left_out is not None:
                place = Place(listing.type, listing.parent, listing.account, listing.region)
                return self._finding(rule, place, FindingStatus.NOT_APPLICABLE, left_out, listings)
        values = {
            "type": listing.type,
            "region": listing.region,
            **(unread or Unread("not_collected")).values,
        }
        denied = denied_actions(item.unread for item in listings if item.unread is not None)
        if denied and denied != (values.get("action"),):
            values["lacking"] = ", ".join(denied)
        place = Place(listing.type, listing.parent, listing.account, listing.region)
        first = values["cause"] == "no_earlier_run"  # no failure: no earlier run exists yet
        reason = Reason("first_run") if first else Reason("unread_listing", values)
        read = first or values["cause"] in NOT_KEPT
        return self._finding(rule, place, FindingStatus.NOT_EVALUATED, reason, listings, incomplete=not read)

    @staticmethod
    def _finding(
        rule: CheckedRule,
        place: Place,
        status: FindingStatus,
        reason: Reason,
        listings: Sequence[Listing],
        *,
        incomplete: bool = False,
    ) -> Finding:
        return Finding(
            policy=rule.policy.id,
            rev=rule.policy.rev,
            source="aws",
            status=status,
            severity=rule.policy.severity,
            place=place,
            reason=reason,
            incomplete=incomplete,
            calls=tuple(sorted({call for listing in listings for call in listing.calls})),
            lines=tuple(sorted({listing.at for listing in listings} - {""})),
        )


def _by_cause(listings: Iterable[Listing]) -> Iterable[list[Listing]]:
    """Return the listings of each place that are unread for the same cause, those of one parent together: each cause is
    mended in its own way.
    """
    found: dict[tuple[str, str, str, str], list[Listing]] = {}
    for listing in listings:
        cause = listing.unread.cause if listing.unread is not None else ""
        found.setdefault((listing.account, listing.region, listing.parent, cause), []).append(listing)
    return found.values()
