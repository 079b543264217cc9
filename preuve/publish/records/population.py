"""The population of a policy: its number, whether listings were read to their end, what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from preuve.assess.paths import values
from preuve.model.content import Library, Policy
from preuve.model.results import Finding, by_resource
from preuve.model.snapshot import Snapshot
from preuve.publish.words.names import place_name, place_scope

_WHY = {  # preuve's words for causes -> those of the record's schema
    "access_denied": "denied",
    "role_refused": "denied",
    "throttled": "throttled",
    "time_out": "timeout",
    "time_limit": "timeout",
    "not_ready": "timeout",
    "connection": "connection",
    "credentials": "credentials",
    "no_credentials": "credentials",
    "wrong_account": "credentials",
    "clock": "credentials",
    "signature": "credentials",
    "region_off": "region-disabled",
    "not_supported": "unsupported",
    "github_denied": "denied",
    "github_hidden": "denied",
    "not_shown": "denied",
    "github_throttled": "throttled",
    "github_credentials": "credentials",
    "github_no_token": "credentials",
}


@dataclass(frozen=True)
class CountComparison:
    """The number of resources of a type by a second source, next to the number listed."""

    source: str
    count: int
    listed: int


@dataclass(frozen=True)
class Populations:
    """The populations of one snapshot."""

    library: Library
    found: Snapshot

    def in_account(self, policy: Policy, findings: Sequence[Finding]) -> dict[str, Any]:
        """Return the population of a policy's conditions on the account; its number is unknown if a listing failed."""
        types = list(dict.fromkeys(rule.resource for rule in policy.aws))
        listed = not self._listed.isdisjoint(types)
        failed = any(finding.reason.code == "unread_listing" for finding in findings)
        count = sum(self._resources[name] for name in types)
        known = listed and not failed
        return {
            "source": "; ".join(self._source(name) for name in types),
            "count": count if known else None,
            "pagination": "failed" if failed else "exhausted" if listed else "n/a",
            "reconciled": self._reconciled(types, count) if known else None,
            "unread": list(_unread(findings)),
            "sampling": {"method": "all", "size": count},
        }

    def in_code(self, policy: Policy, findings: Sequence[Finding]) -> dict[str, Any]:
        """Return the population of a policy's checks on code; its number is unknown if some code was not examined."""
        checks = ", ".join(policy.iac.checkov) if policy.iac else ""
        gaps = any(finding.reason.code == "iac_gap" for finding in findings)
        blocks = {(one.place.root, one.place.id) for one in by_resource(findings) if one.place.line}
        return {
            "source": f"blocks of code that Checkov tests with {checks}",
            "count": None if gaps else len(blocks),
            "pagination": "n/a",
            "reconciled": None,
            "unread": list(_unread(findings)),
            "sampling": {"method": "all", "size": len(blocks)},
        }

    def seconds(self) -> dict[str, CountComparison]:
        """Return the counts of second sources for the listed types."""
        failed = {listing.type for listing in self.found.listings if listing.unread}
        told = {}
        for name in sorted(self._listed - failed):
            counted = self._counted(name) if name in self.library.types else None
            if counted:
                told[name] = CountComparison(*counted, self._resources[name])
        return told

    @cached_property
    def _resources(self) -> Counter[str]:
        """The number of resources of each type, counted once for all policies."""
        return Counter(resource.type for resource in self.found.resources)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset(listing.type for listing in self.found.listings)

    def _source(self, name: str) -> str:
        declared = self.library.types[name]
        if declared.registers:
            return f"{name}: entries of {', '.join(declared.registers)}"
        calls = [f"{call.service}:{call.operation}" for call in declared.lists]
        return f"{name} by {', '.join(dict.fromkeys(calls))}" if calls else f"{name}: one in each place in scope"

    def _reconciled(self, types: Sequence[str], count: int) -> dict[str, Any] | None:
        """Return the counts of second sources, if the collector names one for each type and it was read everywhere
        in scope.
        """
        found = [counted for name in types if (counted := self._counted(name))]
        if not found or len(found) != len(types):
            return None
        other = sum(number for _, number in found)
        return {"with": " and ".join(source for source, _ in found), "count": other, "delta": count - other}

    def _counted(self, name: str) -> tuple[str, int] | None:
        """Return the second source of a type, and what it counts."""
        counted = self.library.types[name].counted_by
        if counted is None:
            return None
        counting = self.library.types[counted.type]
        places = len(self.found.meta.accounts)
        if counting.scope == "region":
            places *= len(self.found.meta.regions)
        sources = [resource for resource in self.found.resources if resource.type == counted.type]
        numbers = [value for resource in sources for value in values(resource.data, counted.path)]
        if not numbers or len(numbers) != places:
            return None
        detail, _, member = counted.path.partition(".")
        call = counting.details[detail]
        return f"{call.service}:{call.operation} {member}", sum(int(number) for number in numbers)


def _unread(findings: Sequence[Finding]) -> Iterator[dict[str, str]]:
    """Yield each unread source that left findings undecided, and why."""
    for finding in findings:
        if finding.incomplete:
            known = finding.reason.values
            what = " ".join(part for part in (place_name(finding.place), place_scope(finding.place)) if part)
            detail = [finding.reason.code, *(known.get(name, "") for name in ("type", "member", "code", "action"))]
            why = _WHY.get(known.get("cause", ""), "error")
            yield {"what": what, "why": why, "detail": " ".join(part for part in detail if part)}
