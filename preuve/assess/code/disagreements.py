"""Finds disagreements between code and account: a policy fails a resource in one and passes it in the other.

A PASS of the code counts only if nothing else in the code can affect the resource: a part of unknown owner, or
unreadable code, leaves the question open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from preuve.assess.code.join import BlockKey, Match, Matcher, block_key, cloud_place, key_in_code
from preuve.model.results import WEAK, Disagreement, Finding, FindingStatus, Place, by_resource
from preuve.model.snapshot import IacBlock

_OPEN = frozenset({*WEAK, FindingStatus.NOT_EVALUATED})


def disagreements(joining: Matcher, findings: Iterable[Finding]) -> Iterator[Disagreement]:
    """Yield every policy and resource with different verdicts on the two sides, in stable order."""
    if not joining.joined:  # code alone, or an account alone
        return
    judged = _SubjectFindings(joining, findings)
    for item in joining.joined:
        for policy, cloud in judged.in_account(item):
            found = _disagreement(item, cloud, judged.in_code(item, policy), settled=judged.settled(item, policy))
            if found is not None:
                yield found


def _disagreement(item: Match, cloud: list[Finding], code: list[Finding], *, settled: bool) -> Disagreement | None:
    theirs, ours = _side(cloud), _side(code)
    if not theirs or not ours or theirs == ours or (ours == "holds" and not settled):
        return None
    told = next(found for found in code if found.status in (WEAK if ours == "breach" else {FindingStatus.PASS}))
    fails = {found.status for found in (cloud if theirs == "breach" else code)}
    waived = FindingStatus.FAIL not in fails
    return Disagreement(told.policy, cloud[0].place, told.place, theirs == "breach", item.by, waived)


def _side(findings: Iterable[Finding]) -> str:
    """Return the worst verdict of one side, "" if it has none."""
    statuses = {finding.status for finding in findings}
    if statuses & WEAK:
        return "breach"
    return "holds" if FindingStatus.PASS in statuses and FindingStatus.NOT_EVALUATED not in statuses else ""


class _SubjectFindings:
    """Findings by their subject."""

    def __init__(self, joining: Matcher, findings: Iterable[Finding]) -> None:
        self._joining = joining
        self._cloud: dict[Place, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        self._code: dict[BlockKey, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        self._loose: dict[tuple[str, str], set[str]] = defaultdict(set)  # (root, policy) -> undecided types
        self._parts = self._owned()
        self._types = {block_key(block): joining.namings.of[block.type].resource for block in joining.parts}
        attributed = {block_key(part) for parts in self._parts.values() for part in parts}
        apart = attributed | {block_key(block) for block in joining.makers}
        for finding in by_resource(findings):
            place = finding.place
            if finding.source == "aws":
                self._cloud[place][finding.policy].append(finding)
                continue
            at = key_in_code(place.root, place.file, place.id, place.type)
            self._code[at][finding.policy].append(finding)
            if at not in apart and finding.status in _OPEN:
                self._loose[place.root, finding.policy].add(self._types.get(at, ""))

    def _owned(self) -> Mapping[Place, list[IacBlock]]:
        """Return the parts of each resource."""
        found: dict[Place, list[IacBlock]] = defaultdict(list)
        for part in self._joining.parts:
            for resource in self._joining.resources_of(part):
                found[cloud_place(resource)].append(part)
        return found

    def in_account(self, item: Match) -> Iterator[tuple[str, list[Finding]]]:
        """Yield the findings of each policy on the resource."""
        yield from sorted(self._cloud.get(cloud_place(item.resource), {}).items())

    def in_code(self, item: Match, policy: str) -> list[Finding]:
        """Return the findings of a policy on the block and on all parts of the resource."""
        blocks = (item.block, *self._parts.get(cloud_place(item.resource), ()))
        return [finding for block in blocks for finding in self._code.get(block_key(block), {}).get(policy, ())]

    def settled(self, item: Match, policy: str) -> bool:
        """Return whether nothing undecided in the root can concern the resource."""
        return not self._loose.get((item.block.root, policy), set()) & {"", item.resource.type}
