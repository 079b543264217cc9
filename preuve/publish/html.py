"""Writes the site: two trees of static pages, `en/` and `fr/`, and a first page in the workspace's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.model.content import Control, EvidenceItem, Library
from preuve.model.results import ControlResult, ControlStatus, EvidenceResult, Finding, FindingStatus
from preuve.publish.locale import Locale, languages, load_locale
from preuve.publish.manual import quarters, register_changed
from preuve.publish.names import missing_action
from preuve.publish.page import Pages
from preuve.publish.paths import control_page, policy_page
from preuve.publish.site import Site
from preuve.publish.soa import FILES, FRAMEWORK, attested, soa_rows, write_soa
from preuve.publish.views import Evidence, Facts, Group, Row, Segment, groups, listed, pages, segments

DATA = "data"  # beside the pages: what machines and spreadsheets read
ROWS_PER_PAGE = 500
ROWS_PER_POLICY = 50  # on the page of a control, and fewer when many policies share it
ROWS_PER_CONTROL = 500
FEWEST_ROWS = 5
CALLS_PER_CONTROL = 100
WITHOUT_VERDICT = (ControlStatus.NOT_ASSESSED, ControlStatus.EXCLUDED)
SHOWN_ON_CONTROLS = (FindingStatus.FAIL, FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED)


def write_site(folder: Path, site: Site) -> None:
    """Write every page below `folder`; the bytes depend on the input alone."""
    templates, facts = Pages(), Facts(site)
    known = languages()
    first = site.workspace.language if site.workspace.language in known else known[0]
    for language in known:
        writer = _Writer(folder, templates, facts, load_locale(language))
        writer.write_all()
        if language == first:
            writer.write_index(inside="index.html")
    write_soa(folder / DATA, site, load_locale(first))


@dataclass(frozen=True)
class FrameworkView:
    """A framework on the first page."""

    id: str
    title: str
    version: str
    counts: Mapping[ControlStatus, int]
    groups: list[Group]
    segments: list[Segment]
    results: list[ControlResult]
    controls: Mapping[str, Control]


@dataclass(frozen=True)
class PolicyView:
    """A policy on the page of a control: the findings that matter there, cut to a readable number."""

    id: str
    strength: str
    counts: Mapping[FindingStatus, int]
    rows: Mapping[FindingStatus, list[Row]]
    left_out: Mapping[FindingStatus, int]


class _Writer:
    """Writes the pages of one language."""

    def __init__(self, folder: Path, templates: Pages, facts: Facts, locale: Locale) -> None:
        self._folder = folder
        self._templates = templates
        self._facts = facts
        self._locale = locale
        self._site = facts.site
        self._library: Library = facts.site.library
        self._shared = _shared(facts)

    def write_all(self) -> None:
        """Every page of this language."""
        self.write_index()
        for result in self._site.assessment.controls:
            self._write_control(result)
        for policy in self._facts.policies:
            self._write_policy(policy)
        rows = soa_rows(self._site, self._locale)
        if rows:
            framework = self._library.frameworks[FRAMEWORK]
            values = {"rows": rows, "framework": framework, "files": FILES}
            self._write("soa", "soa.html", {**values, "attested": attested(self._site, self._locale)})
        self._write("waivers", "waivers.html", {"deviations": self._deviations()})
        self._write("limits", "limits.html", self._limits())

    def write_index(self, inside: str = "") -> None:
        """The first page, at `inside` from the site's root when it is not in the language's folder."""
        assessment = self._site.assessment
        values = {
            "frameworks": list(self._frameworks()),
            "counts": Counter(finding.status for finding in assessment.findings),
            "policies": self._facts.policies,
        }
        self._write("index", "index.html", values, inside)

    def _write(self, template: str, page: str, values: Mapping[str, Any], inside: str = "") -> None:
        text = self._templates.render(template, page, self._locale, {**self._shared, **values}, inside)
        path = self._folder / (inside or f"{self._locale.language}/{page}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))

    # ---- first page -----------------------------------------------------------------------------------------------

    def _frameworks(self) -> Iterator[FrameworkView]:
        by_framework: dict[str, list[ControlResult]] = {}
        for result in self._site.assessment.controls:
            by_framework.setdefault(result.framework, []).append(result)
        for name, results in by_framework.items():
            found = self._library.frameworks.get(name)
            controls = {control.id: control for control in found.controls} if found else {}
            counts = Counter(result.status for result in results)
            yield FrameworkView(
                id=name,
                title=found.title.in_language(self._locale.language) if found else name,
                version=found.framework_version if found else "",
                counts=counts,
                groups=groups(results, controls, self._locale),
                segments=list(segments(counts)),
                results=results,
                controls=controls,
            )

    # ---- controls -------------------------------------------------------------------------------------------------

    def _write_control(self, result: ControlResult) -> None:
        evidence = Evidence(self._site, CALLS_PER_CONTROL)
        control = self._library.control(result.control)
        strengths = {link.policy: link.strength for link in control.policies} if control else {}
        most = max(FEWEST_ROWS, min(ROWS_PER_POLICY, ROWS_PER_CONTROL // max(1, len(result.policies))))
        policies = [self._policy_view(policy, strengths.get(policy, ""), evidence, most) for policy in result.policies]
        listings = self._facts.population(result.policies, evidence)
        values = {"result": result, "control": control, "policies": policies, "listings": listings}
        self._write("control", control_page(result.framework, result.control), {**values, "evidence": evidence})

    def _policy_view(self, policy: str, strength: str, evidence: Evidence, most: int) -> PolicyView:
        rows, left_out = {}, {}
        for status in SHOWN_ON_CONTROLS:
            found = self._facts.of(policy, status)
            rows[status] = self._facts.rows(found[:most], self._locale, evidence)
            left_out[status] = max(0, len(found) - most)
        return PolicyView(policy, strength, self._facts.counts([policy]), rows, left_out)

    # ---- policies -------------------------------------------------------------------------------------------------

    def _write_policy(self, policy: str) -> None:
        parts = pages(self._facts.findings.get(policy, ()), ROWS_PER_PAGE)
        for number, part in enumerate(parts, start=1):
            evidence = Evidence(self._site)
            rows = self._facts.rows(part, self._locale, evidence)
            values = {
                "id": policy,
                "rows": rows,
                "first": (number - 1) * ROWS_PER_PAGE + 1,
                "number": number,
                "pages": [policy_page(policy, other) for other in range(1, len(parts) + 1)],
                "counts": self._facts.counts([policy]),
                "results": self._facts.controls.get(policy, []),
                "listings": self._facts.population([policy], evidence) if number == 1 else [],
                "evidence": evidence,
            }
            self._write("policy", policy_page(policy, number), values)

    # ---- waivers and limits ---------------------------------------------------------------------------------------

    def _deviations(self) -> dict[str, list[ControlResult]]:
        found: dict[str, list[ControlResult]] = {}
        for result in self._site.assessment.controls:
            for waiver in result.deviations:
                found.setdefault(waiver, []).append(result)
        return found

    def _due(self) -> list[DueView]:
        found = {item.id: item for result in self._site.assessment.controls for item in result.evidence}
        open_items = [item for item in found.values() if item.state != "current"]
        declared = self._library.evidence
        return [
            DueView(
                item, declared.get(item.id), quarters(self._library, declared[item.id]) if item.id in declared else ()
            )
            for item in sorted(open_items, key=lambda item: (item.state, item.id))
        ]

    def _limits(self) -> dict[str, Any]:
        unread = [f for f in self._site.assessment.findings if f.status is FindingStatus.NOT_EVALUATED]
        planned = sorted({name for result in self._site.assessment.controls for name in result.planned})
        return {
            "unread": _unread_lines(unread, self._locale),
            "actions": Counter(action for finding in unread if (action := missing_action(finding))),
            "unread_listings": [item for item in listed(self._site.listings) if item.unread],
            "gaps": self._site.gaps,
            "planned": planned,
            "due": self._due(),
            "limited": [name for name in self._facts.policies if _limited(self._library, name)],
            "not_assessed": [result for result in self._site.assessment.controls if result.status in WITHOUT_VERDICT],
        }


@dataclass(frozen=True)
class DueView:
    """An item of manual evidence that is missing or stale, and when the internal audit looks at it."""

    result: EvidenceResult
    item: EvidenceItem | None
    quarters: tuple[str, ...]


def _shared(facts: Facts) -> dict[str, Any]:
    site = facts.site
    return {
        "assessment": site.assessment,
        "library": site.library,
        "workspace": site.workspace,
        "meta": site.meta,
        "demonstration": site.demonstration,
        "facts": facts,
        "statuses": list(FindingStatus),
        "attestations": {item.id: item for item in site.workspace.attestations},
        "rows_per_page": ROWS_PER_PAGE,
        "has_soa": any(result.framework == FRAMEWORK for result in site.assessment.controls),
        "registers": {item.name: item for item in site.workspace.registers},
        "register_changed": lambda register, result: register_changed(register, result, site.workspace.attestations),
    }


def _unread_lines(unread: list[Finding], locale: Locale) -> list[tuple[str, str, int]]:
    """Policy, sentence and number of findings, so that one denied call on 500 buckets is one line."""
    return [(policy, reason, number) for (policy, reason), number in _counted(unread, locale).items()]


def _counted(unread: list[Finding], locale: Locale) -> Counter[tuple[str, str]]:
    return Counter((finding.policy, locale.reason(finding.reason)) for finding in unread)


def _limited(library: Library, name: str) -> bool:
    policy = library.policies.get(name)
    return policy is not None and (policy.limits is not None or any(rule.breach_only for rule in policy.aws))
