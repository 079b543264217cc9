"""A resource that several blocks set passes as a whole, or not at all.

The block of a bucket says nothing of its policy, nor an open rule of a group anything of the next one: what passes in
one block is a part of the verdict on the resource, and counts only if no other block of it fails or is undecided. If
the code does not show which resource such a block configures, none of its root that it may configure passes; in other
roots, only those of its name are left open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from preuve.assess.code.join import BlockKey, Ties, key_in_code
from preuve.model.results import Finding, FindingStatus, Reason

_NONE = Ties()


def as_whole_resources(found: Iterable[Finding], ties: Mapping[BlockKey, Ties]) -> Iterator[Finding]:
    """Yield the findings of a policy in code. One that passes on a part of a resource is about nothing of its own where
    another part decides against the resource, or leaves it open; it is undecided where another part may do so. A
    resource that is open only because the part may be its own says nothing of the part.
    """
    findings = [(item, _ties(item, ties)) for item in found]
    of, reaching = dict[object, Finding](), dict[object, Finding]()
    within = defaultdict[object, dict[str, Finding]](dict)  # each by the type of the blocks that leave it open
    for item, tied in findings:
        if item.status in (FindingStatus.FAIL, FindingStatus.NOT_EVALUATED):
            for known, names in ((of, tied.of), (reaching, tied.may_reach)):
                known |= {one: _worse(known.get(one), item) for one in names}
            for one in tied.within:
                by = _left_open_by(item)
                within[one][by] = _worse(within[one].get(by), item)
    for item, tied in findings:
        if item.status is not FindingStatus.PASS:
            yield item
        elif other := _first(of, tied.of):
            yield _decided_at(item, other)
        elif other := _first(reaching, tied.within) or _first_but(item.place.type, within, tied.may_reach):
            yield _undecided_by(item, other)
        else:
            yield item


def _ties(item: Finding, ties: Mapping[BlockKey, Ties]) -> Ties:
    place = item.place
    return ties.get(key_in_code(place.root, place.file, place.id, place.type), _NONE)


def _first(found: Mapping[object, Finding], asked: Iterable[object]) -> Finding | None:
    return next((found[one] for one in sorted(asked, key=repr) if one in found), None)


def _first_but(kind: str, found: Mapping[object, Mapping[str, Finding]], asked: Iterable[object]) -> Finding | None:
    named = (one for one in sorted(asked, key=repr) if one in found)
    return next((item for one in named for by, item in found[one].items() if by != kind), None)


def _left_open_by(item: Finding) -> str:
    """Return the type of the blocks of which one may belong to a resource and leaves it open, if that is why it is."""
    return item.reason.values.get("at", "") if item.status is FindingStatus.NOT_EVALUATED else ""


def _worse(known: Finding | None, item: Finding) -> Finding:
    return known if known and known.status is FindingStatus.FAIL else item


def _decided_at(item: Finding, other: Finding) -> Finding:
    code = "iac_failed_at_part" if other.status is FindingStatus.FAIL else "iac_open_at_part"
    reason = Reason(code, {"other": other.place.id})
    return replace(item, status=FindingStatus.NOT_APPLICABLE, reason=reason, checks=(), observed={}, grounds=())


def _undecided_by(item: Finding, other: Finding) -> Finding:
    """Return a pass as undecided: another block does not pass, and may be one of the same resource."""
    reason = Reason("iac_part_of_unknown", {"other": other.place.id})
    return replace(item, status=FindingStatus.NOT_EVALUATED, reason=reason, observed={}, grounds=())
