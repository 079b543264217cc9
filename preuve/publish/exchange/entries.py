"""Findings in the form that other tools need: a permanent id, their resource, their texts, and who accepted them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from preuve.assess.changes.comparison import Key, key
from preuve.assess.changes.known_findings import finding_id
from preuve.assess.plan import LAW
from preuve.model.content import Policy, title_of
from preuve.model.results import QUIET, WEAK, Finding, FindingStatus, WaiverResult, by_resource
from preuve.publish.exchange import earlier_weaknesses
from preuve.publish.site.facts import Site
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import Locale
from preuve.publish.words.names import citation, place_name, strengths_of
from preuve.publish.words.text import one_line


@dataclass(frozen=True)
class Link:
    """A control that the policy of a finding supports, and how strongly: `partial` shows a part of it and no more."""

    framework: str
    edition: str
    control: str
    strength: str  # full | partial | supporting

    @property
    def relation(self) -> str:
        """The meaning for other tools: an article of law prescribes no setting, so no check decides about it."""
        return "related" if self.framework == LAW else self.strength


@dataclass(frozen=True)
class Entry:
    """A finding for another tool."""

    id: str  # the same in every run, whatever the verdict
    finding: Finding
    name: str  # title and resource
    title: str
    resource: str
    reason: str
    links: tuple[Link, ...] = ()
    waiver: WaiverResult | None = None

    @property
    def accepted(self) -> bool:
        """Whether a waiver with a verified approval covers the entry; an unsigned one only requests acceptance."""
        return self.waiver is not None and self.waiver.approval_verified

    @property
    def mended(self) -> bool:
        """Whether it passes, or its resource is gone."""
        return self.finding.status is FindingStatus.PASS or self.finding.reason == earlier_weaknesses.GONE

    @property
    def removed(self) -> bool:
        """Whether its block is no longer in the code: nothing shows that it is mended."""
        return self.finding.reason == earlier_weaknesses.REMOVED


@dataclass(frozen=True)
class Results:
    """The results of one bundle, and the language of their texts."""

    site: Site
    locale: Locale

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """A line for each resource of each finding, in the order of the bundle: an importer knows them one by one."""
        return tuple(self._entries(self.site.assessment.findings))

    @cached_property
    def unseen(self) -> tuple[Entry, ...]:
        """Weaknesses of earlier runs that this run could not examine again."""
        return tuple(self._entries(earlier_weaknesses.unseen(self.site)))

    @cached_property
    def ended(self) -> tuple[Entry, ...]:
        """Weaknesses of earlier runs that have ended with this one."""
        return tuple(self._entries(earlier_weaknesses.ended(self.site)))

    @cached_property
    def since(self) -> Mapping[Key, str]:
        """The moment of the first run that found the weakness."""
        return earlier_weaknesses.first_seen(self.site)

    def first_seen(self, entry: Entry) -> str:
        """Return the moment since when a finding is weak, of the runs that the bundle knows; "" if it never was."""
        if entry.finding.status in QUIET:
            return ""
        now = self.site.assessment.now if entry.finding.status in WEAK else ""
        return self.since.get(key(entry.finding), now)

    @cached_property
    def texts(self) -> CodeTexts:
        """The texts about code."""
        return CodeTexts(self.site.library, self.site.workspace.params, self.locale)

    @property
    def bundle(self) -> str:
        """The name of the bundle, where the snapshot has it."""
        return self.site.meta.run.id if self.site.meta.run else ""

    def reference(self, link: Link) -> str:
        """Return a control with its framework and the strength of the link to it, in words, as an item of a list."""
        t, control = self.locale, self.site.library.control(link.control)
        named = (citation(control, t) if control else "") or title_of(control, t.language, link.control)
        return f"- {link.edition}, {named} ({t.word('strength', link.relation)})"

    def policy(self, entry: Entry) -> Policy | None:
        """Return the policy of a finding, as the bundle keeps it."""
        return self.site.library.policies.get(entry.finding.policy)

    def rationale(self, entry: Entry) -> str:
        """Return why the policy matters."""
        known = self.policy(entry)
        return one_line(known.rationale.in_language(self.locale.language)) if known else ""

    def remedy(self, entry: Entry) -> str:
        """Return what to do, in preuve's Markdown, with code that passes; "" if nothing is weak."""
        known = self.policy(entry)
        if known is None or entry.finding.status not in WEAK:
            return ""
        code = self.texts.fix(entry.finding)
        text = known.remediation.in_language(self.locale.language).strip()
        return f"{text}\n\n```\n{code}\n```" if code else text

    def _entries(self, findings: Iterable[Finding]) -> Iterator[Entry]:
        taken: dict[str, int] = {}
        for finding in by_resource(findings):
            name = finding_id(replace(finding, incomplete=False))
            number = taken[name] = taken.get(name, 0) + 1
            yield self._entry(finding, f"preuve-{name}" if number == 1 else f"preuve-{name}-{number}")

    def _entry(self, finding: Finding, name: str) -> Entry:
        title = one_line(self.site.library.title(finding.policy, self.locale.language))
        resource = place_name(finding.place)
        return Entry(
            id=name,
            finding=finding,
            name=f"{title}{self.locale('site.colon')} {resource}",
            title=title,
            resource=resource,
            reason=one_line(self.texts.reason(finding)),
            links=self._links.get(finding.policy, ()),
            waiver=self._waivers.get(finding.waiver) if finding.status is FindingStatus.WAIVED else None,
        )

    @cached_property
    def _waivers(self) -> Mapping[str, WaiverResult]:
        return {waiver.id: waiver for waiver in self.site.assessment.waivers}

    @cached_property
    def _links(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, list[Link]] = {}
        results = {item.control: item for item in self.site.assessment.controls}
        for name in self.site.workspace.frameworks:
            framework = self.site.library.frameworks[name]
            for control in framework.controls:
                for policy, strength in strengths_of(control, results.get(control.id)).items():
                    item = Link(name, framework.title.in_language(self.locale.language), control.id, strength)
                    found.setdefault(policy, []).append(item)
        return {policy: tuple(links) for policy, links in found.items()}
