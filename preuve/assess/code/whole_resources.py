"""A resource that several blocks set passes as a whole, or not at all.

The block of a bucket says nothing of its policy, nor an open rule of a group anything of the next one: what passes in
one block is a part of the verdict on the resource, and counts only if no other block of it fails or is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from preuve.assess.code.join import BlockKey, key_in_code
from preuve.model.results import Finding, FindingStatus, Reason

_NONE: frozenset[object] = frozenset()


def as_whole_resources(
    found: Iterable[Finding], resources_set: Mapping[BlockKey, frozenset[object]]
) -> Iterator[Finding]:
    """Yield the findings of a policy in code. One that passes on a part of a resource is about nothing of its own where
    another part decides against the resource, or leaves it open.
    """
    findings = [(item, _resources(item, resources_set)) for item in found]
    open_: dict[object, Finding] = {}
    for item, resources in findings:
        if item.status in (FindingStatus.FAIL, FindingStatus.NOT_EVALUATED):
            open_ |= {one: _worse(open_.get(one), item) for one in resources}
    for item, resources in findings:
        other = next((open_[one] for one in resources if one in open_), None)
        yield _decided_at(item, other) if other and item.status is FindingStatus.PASS else item


def _resources(item: Finding, resources_set: Mapping[BlockKey, frozenset[object]]) -> frozenset[object]:
    place = item.place
    return resources_set.get(key_in_code(place.root, place.file, place.id, place.type), _NONE)


def _worse(known: Finding | None, item: Finding) -> Finding:
    return known if known and known.status is FindingStatus.FAIL else item


def _decided_at(item: Finding, other: Finding) -> Finding:
    code = "iac_failed_at_part" if other.status is FindingStatus.FAIL else "iac_open_at_part"
    reason = Reason(code, {"other": other.place.id})
    return replace(item, status=FindingStatus.NOT_APPLICABLE, reason=reason, checks=(), observed={}, grounds=())
