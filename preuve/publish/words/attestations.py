"""Attestations that do not count, reported next to the evidence that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from preuve.assess.cadence import ends as attestation_ends
from preuve.library.company.waivers import VERIFIED
from preuve.model.company.workspace import Attestation
from preuve.model.results import EvidenceResult
from preuve.publish.site.facts import Site
from preuve.publish.words.errors import defect
from preuve.publish.words.locale import Locale
from preuve.publish.words.text import one_line


def set_aside(item: EvidenceResult, site: Site, t: Locale) -> list[str]:
    """Return each attestation of an item of manual evidence that does not count, with the reason; one that was replaced
    by a newer one is not among them.
    """
    return [t("attest.set_aside", id=one_line(name), why=one_line(why)) for name, why in _set_aside(item, site, t)]


def _set_aside(item: EvidenceResult, site: Site, t: Locale) -> Iterator[tuple[str, str]]:
    for refused in site.workspace.refused_attestations:
        if refused.evidence == item.id:
            yield refused.id, defect(str(refused.problem), t)
    others = [entry for entry in site.workspace.attestations if entry.evidence == item.id]
    for entry in others:
        since = entry.id != item.attestation and entry.effective.isoformat() >= item.effective
        if since and (why := _why_not(entry, site, t)):
            yield entry.id, why


def _why_not(entry: Attestation, site: Site, t: Locale) -> str:
    """Return why an attestation does not count on the day of the run; "" if nothing is wrong with it."""
    today, known = date.fromisoformat(site.assessment.now[:10]), site.library.evidence.get(entry.evidence)
    if entry.effective > today:
        return t("attest.not_yet", date=t.date(entry.effective.isoformat()))
    if known and (ends := attestation_ends(entry, known)) < today:
        return t("attest.over", date=t.date(ends.isoformat()))
    return "" if entry.approval.state == VERIFIED else t.word("approval", entry.approval.state)
