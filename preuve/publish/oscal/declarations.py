"""Declarations by people: an observation of method EXAMINE for each, with what was examined and what was not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preuve.model.company.workspace import Attestation
from preuve.model.content import title_of
from preuve.model.results import EvidenceResult
from preuve.publish.oscal.parts import RECORDS, Part, markup, origins, props, uid, without_empty
from preuve.publish.site.facts import Site
from preuve.publish.words.locale import Locale

_METHOD = "EXAMINE"


@dataclass(frozen=True)
class Declaration:
    """An item of manual evidence and the attestation that counts for it."""

    result: EvidenceResult
    attestation: Attestation

    @property
    def evidence(self) -> str:
        """The id of the item."""
        return self.result.id

    @property
    def id(self) -> str:
        """The identifier of the observation."""
        return uid("declaration", self.evidence, self.attestation.id)


def declarations(site: Site) -> Iterator[Declaration]:
    """Yield every item that an assessed control uses and that somebody attested, each once."""
    known = {item.id: item for item in site.workspace.attestations}
    results = {item.id: item for control in site.assessment.controls for item in control.evidence}
    for _, result in sorted(results.items()):
        if result.attestation in known:
            yield Declaration(result, known[result.attestation])


def examination(item: Declaration, site: Site, locale: Locale) -> Part:
    """Return who declares what, who reviewed it, and what was examined: dates, hash and signature, never the
    content.
    """
    result, attestation = item.result, item.attestation
    declared = site.library.evidence.get(item.evidence)
    title = title_of(declared, locale.language, item.evidence)
    state = locale.word("evidence_state", result.state)
    text = locale(
        "oscal.examined",
        title=attestation.title,
        owner=result.owner,
        approver=result.approver,
        conclusion=locale.word("conclusion", result.conclusion),
        effective=result.effective,
        expires=result.expires,
        file=attestation.file,
        sha256=attestation.sha256,
    )
    return without_empty(
        {
            "uuid": item.id,
            "title": markup(f"{item.evidence} {title}"),
            "description": f"{state}{locale('site.colon')} {markup(text)}",
            "props": props(
                evidence=item.evidence,
                attestation=attestation.id,
                kind=attestation.kind,
                state=result.state,
                conclusion=result.conclusion,
                owner=result.owner,
                approver=result.approver,
                approval=attestation.approval.state,
                approval_key=attestation.approval.key,
                salted_sha256=attestation.sha256,
                expires=result.expires,
            ),
            "methods": [_METHOD],
            "types": ["control-objective"],
            "origins": origins(),
            "relevant-evidence": [
                {
                    "href": f"{RECORDS}/attestations/{attestation.id}.json",
                    "description": locale("oscal.declaration", attestation=markup(attestation.id)),
                }
            ],
            "collected": site.meta.finished or site.assessment.now,
        }
    )
