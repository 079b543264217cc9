"""Observations and risks: the results of each policy, grouped by side and verdict, and their consequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preuve.model.content import Policy, Severity
from preuve.model.grouping import grouped
from preuve.model.results import Finding, FindingStatus, WaiverResult
from preuve.publish.oscal.parts import Part, evidence, markup, origins, props, subjects, uid, without_empty
from preuve.publish.site.facts import Site
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale

# Passing resources are counted, not listed: results.jsonl has each of them, and a document without them stays readable.
LISTED = frozenset({FindingStatus.FAIL, FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED})
_METHOD = "TEST"


@dataclass(frozen=True)
class PolicyFindings:
    """The findings of one policy, in the account or in code, that have one verdict."""

    policy: str
    source: str
    status: FindingStatus
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The identifier of the observation."""
        return uid("observation", self.policy, self.source, self.status)

    @property
    def severity(self) -> Severity:
        """The severity of the policy at the time."""
        return self.findings[0].severity


@dataclass(frozen=True)
class Weakness:
    """A weakness: a failing policy, or a waiver over one."""

    policy: str
    severity: Severity
    seen: tuple[PolicyFindings, ...]
    waiver: WaiverResult | None = None

    @property
    def id(self) -> str:
        """The identifier of the risk."""
        return uid("risk", self.policy, self.waiver.id if self.waiver else "")


def seen(findings: Iterable[Finding]) -> list[PolicyFindings]:
    """Group findings by policy, side and verdict, in a stable order."""
    found = grouped(((finding.policy, finding.source, finding.status), finding) for finding in findings)
    return [PolicyFindings(*key, tuple(found[key])) for key in sorted(found)]


def observation(item: PolicyFindings, site: Site, locale: Locale, *, planned: bool = False) -> Part:
    """Return the observation of one policy; resources are listed unless they pass. That of the plan of action
    (`planned`) leaves its title, facts, origin and evidence to the observation of the results with the same identifier.
    """
    title = site.library.title(item.policy, locale.language)
    texts = CodeTexts(site.library, site.workspace.params, locale)
    reasons = dict.fromkeys(texts.reason(finding) for finding in item.findings)
    shown = list(reasons)[:5] if item.status in LISTED else []
    text = locale("oscal.observed", status=locale.word("finding", item.status), n=locale.number(len(item.findings)))
    return without_empty(
        {
            "uuid": item.id,
            "title": "" if planned else markup(title),
            "description": " ".join([text, *(markup(reason) for reason in shown)]),
            "props": [] if planned else _facts(item),
            "methods": [_METHOD],
            "types": ["finding"],
            "origins": [] if planned else origins(),
            "subjects": subjects(item.findings) if item.status in LISTED else [],
            "relevant-evidence": [] if planned else evidence(item.policy, locale),
            "collected": site.meta.finished or site.assessment.now,
        }
    )


def _facts(item: PolicyFindings) -> list[Part]:
    return props(
        policy=item.policy,
        rev=item.findings[0].rev,
        source=item.source,
        status=item.status.value,
        severity=item.severity.value,
        count=len(item.findings),
    )


def weaknesses(items: Iterable[PolicyFindings], waivers: Mapping[str, WaiverResult]) -> Iterator[Weakness]:
    """Yield a weakness per failing policy, and one per waiver that covers findings, worst severity first."""
    found: dict[tuple[str, str], list[PolicyFindings]] = {}
    for item in items:
        if item.status is FindingStatus.FAIL:
            found.setdefault((item.policy, ""), []).append(item)
        if item.status is FindingStatus.WAIVED:
            for name in dict.fromkeys(finding.waiver for finding in item.findings):
                found.setdefault((item.policy, name), []).append(item)
    ordered = sorted(found.items(), key=lambda pair: (pair[1][0].severity.rank, pair[0]))
    for (policy, waiver), group in ordered:
        yield Weakness(policy, group[0].severity, tuple(group), waivers.get(waiver))


def risk(item: Weakness, site: Site, locale: Locale, *, planned: bool = False) -> Part:
    """Return a weakness as a risk of OSCAL: open, or accepted by a waiver that may or may not be signed. Only the plan
    of action (`planned`) has the remedy; the observations of a risk show where it comes from.
    """
    policy = site.library.policies.get(item.policy)
    title = site.library.title(item.policy, locale.language)
    rationale = policy.rationale.in_language(locale.language) if policy else ""
    found = sum(len(part.findings) for part in item.seen)
    part = {
        "uuid": item.id,
        "title": markup(title),
        "description": markup(rationale or title),
        "statement": locale("oscal.risk", n=locale.number(found), policy=item.policy),
        "props": props(policy=item.policy, severity=item.severity.value),
        "status": _status(item),
        "mitigating-factors": [_accepted(item.waiver, locale)] if item.waiver else [],
        "deadline": f"{item.waiver.expires}T00:00:00Z" if item.waiver else "",
        "remediations": [_remedy(item, policy, locale)] if planned and policy else [],
        "related-observations": [{"observation-uuid": part.id} for part in item.seen],
    }
    return without_empty(part)


def _status(item: Weakness) -> str:
    if item.waiver is None:
        return "open"
    return "deviation-approved" if item.waiver.approval_verified else "deviation-requested"


def _accepted(waiver: WaiverResult, locale: Locale) -> Part:
    text = locale("oscal.accepted", id=waiver.id, owner=waiver.owner, approver=waiver.approver, reason=waiver.reason)
    about = props(
        waiver=waiver.id,
        expires=waiver.expires,
        approval_verified=str(waiver.approval_verified).lower(),
        approval=waiver.approval,
        approval_key=waiver.approval_key,
    )
    return {"uuid": uid("waiver", waiver.id), "description": markup(text), "props": about}


def _remedy(item: Weakness, policy: Policy, locale: Locale) -> Part:
    return {
        "uuid": uid("remedy", item.policy),
        "lifecycle": "recommendation",
        "title": markup(policy.title.in_language(locale.language)),
        "description": policy.remediation.in_language(locale.language),  # Markdown of preuve's own content
    }
