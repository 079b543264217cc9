"""Checks whether manual evidence was kept up over the whole period, and not only renewed before the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from preuve.library.company.waivers import VERIFIED
from preuve.model.company.workspace import Attestation
from preuve.model.content import EvidenceItem

_PERIOD = timedelta(days=366)  # certification and internal audits are yearly
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Interruption:
    """The days between two reviewed attestations of an item on which neither was in force."""

    item: str
    start: date
    end: date


def missed(item: EvidenceItem, attestations: Iterable[Attestation], today: date) -> Interruption | None:
    """Return the longest interval of the period without evidence in force; None if there was none since the first
    attestation.
    """
    spans = _spans(item, attestations, today)
    gaps = []
    covered = spans[0][1] if spans else today
    for start, end in spans[1:]:
        if start > covered + _DAY and start > today - _PERIOD:
            gaps.append(Interruption(item.id, covered + _DAY, start - _DAY))
        covered = max(covered, end)
    return max(gaps, key=lambda gap: gap.end - gap.start, default=None)


def is_young(item: EvidenceItem, attestations: Iterable[Attestation], today: date) -> bool:
    """Return whether an item that is due several times a year was first attested less than one interval ago, so that
    nothing shows yet that it is repeated.
    """
    spans = _spans(item, attestations, today)
    often = item.freshness_days < _PERIOD.days
    return often and bool(spans) and spans[0][0] > today - timedelta(days=item.freshness_days)


def ends(attestation: Attestation, item: EvidenceItem) -> date:
    """Return the last day on which an attestation is current."""
    by_age = attestation.effective + timedelta(days=item.freshness_days)
    return min(by_age, attestation.expires) if attestation.expires else by_age


def _spans(item: EvidenceItem, attestations: Iterable[Attestation], today: date) -> list[tuple[date, date]]:
    """Return the interval in which each reviewed attestation was in force; an attestation without review covers
    nothing.
    """
    return sorted(
        (entry.effective, ends(entry, item))
        for entry in attestations
        if entry.evidence == item.id and entry.effective <= today and entry.approval.state == VERIFIED
    )
