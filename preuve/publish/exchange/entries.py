"""Findings as other tools take them: an id that stays, what they are about, in words, and who accepted them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from preuve.assess.compare import Key, by_key, key
from preuve.assess.known import finding_id
from preuve.model.content import Policy
from preuve.model.results import Finding, FindingStatus, Place, Reason, WaiverResult
from preuve.publish.code_texts import CodeTexts
from preuve.publish.history.spells import Outcome
from preuve.publish.locale import Locale
from preuve.publish.names import place_name
from preuve.publish.site import Site
from preuve.publish.text import one_line

WEAK = frozenset({FindingStatus.FAIL, FindingStatus.WAIVED})


@dataclass(frozen=True)
class Link:
    """A control that the policy of a finding supports, and how strongly: `partial` shows a part of it and no more."""

    framework: str
    edition: str
    control: str
    strength: str  # full | partial | supporting


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
        """Whether a waiver covers it whose approval was verified; one that nobody signed only asks for acceptance."""
        return self.waiver is not None and self.waiver.approval_verified

    @property
    def mended(self) -> bool:
        """Whether it passes, or what it is about is gone."""
        return self.finding.status is FindingStatus.PASS or self.finding.reason is _GONE


@dataclass(frozen=True)
class Results:
    """The results of one bundle, and the language to tell them in."""

    site: Site
    locale: Locale

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """A line for each finding, in the order of the bundle."""
        return tuple(self._entries(self.site.assessment.findings))

    @cached_property
    def unseen(self) -> tuple[Entry, ...]:
        """Weaknesses of earlier runs that this one could not look at again: their place was not read."""
        known = {key(finding) for finding in self.site.assessment.findings}
        names = (name for name in self.since if name not in known and name[0] in self.site.library.policies)
        return tuple(self._entries(_not_seen(self._before.get(name) or _remembered(name, self.site)) for name in names))

    @cached_property
    def fixed(self) -> tuple[Entry, ...]:
        """Weaknesses of earlier runs that ended in this one: they pass, do not apply, or are gone."""
        history = self.site.history
        if history is None:
            return ()
        ended = [item.key for item in history.spells if item.ended == len(history.runs) - 1 and item.outcome in _MENDED]
        now, before = by_key(self.site.assessment.findings), self._before
        return tuple(
            self._entries(now.get(name) or _gone(before.get(name) or _remembered(name, self.site)) for name in ended)
        )

    @cached_property
    def since(self) -> Mapping[Key, str]:
        """The day on which a run first saw what is weak since, and was in no run seen to be mended."""
        history = self.site.history
        if history is None:
            return {}
        return {item.key: history.runs[item.first].now[:10] for item in history.spells if item.outcome is Outcome.OPEN}

    @cached_property
    def texts(self) -> CodeTexts:
        """What is said of code."""
        return CodeTexts(self.site.library, self.site.workspace.params, self.locale)

    @property
    def bundle(self) -> str:
        """The name of the bundle, where the snapshot has it."""
        return str((self.site.meta.get("run") or {}).get("id", ""))

    def policy(self, entry: Entry) -> Policy | None:
        """The policy of a finding, as the bundle keeps it."""
        return self.site.library.policies.get(entry.finding.policy)

    def rationale(self, entry: Entry) -> str:
        """Why the policy matters."""
        known = self.policy(entry)
        return one_line(known.rationale.in_language(self.locale.language)) if known else ""

    def remedy(self, entry: Entry) -> str:
        """What to do, in our own Markdown, and in code what passes; nothing where nothing is weak."""
        known = self.policy(entry)
        if known is None or entry.finding.status not in WEAK:
            return ""
        code = self.texts.fix(entry.finding)
        text = known.remediation.in_language(self.locale.language).strip()
        return f"{text}\n\n```\n{code}\n```" if code else text

    def _entries(self, findings: Iterable[Finding]) -> Iterator[Entry]:
        taken: dict[str, int] = {}
        for finding in findings:
            name = finding_id(replace(finding, incomplete=False))
            number = taken[name] = taken.get(name, 0) + 1
            yield self._entry(finding, f"preuve-{name}" if number == 1 else f"preuve-{name}-{number}")

    def _entry(self, finding: Finding, name: str) -> Entry:
        known = self.site.library.policies.get(finding.policy)
        title = one_line(known.title.in_language(self.locale.language)) if known else finding.policy
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
        for name in self.site.workspace.frameworks:
            framework = self.site.library.frameworks[name]
            for control in framework.controls:
                for link in control.policies:
                    item = Link(name, framework.title.in_language(self.locale.language), control.id, link.strength)
                    found.setdefault(link.policy, []).append(item)
        return {policy: tuple(links) for policy, links in found.items()}

    @cached_property
    def _before(self) -> Mapping[Key, Finding]:
        """What changed since the run before, as that one had it."""
        comparison = self.site.history.comparison if self.site.history else None
        changes = comparison.changes if comparison else ()
        return {key(change.before): change.before for change in changes if change.before is not None}


_MENDED = frozenset({Outcome.FIXED, Outcome.GONE, Outcome.RULE_CHANGED})
_OPEN = FindingStatus.NOT_EVALUATED
_UNSEEN = Reason("not_seen_again")  # an earlier run saw it, and this one could not look
_GONE = Reason("gone")


def _gone(before: Finding) -> Finding:
    """What was weak, and is not there any more in a place that was read."""
    return replace(before, status=FindingStatus.NOT_APPLICABLE, reason=_GONE, waiver="", known=False)


def _remembered(name: Key, site: Site) -> Finding:
    """A weakness of which only the key is known."""
    policy, source, type_, account, region, root, own_name = name
    known = site.library.policies[policy]
    place = Place(type_, own_name, account, region, root=root)
    return Finding(policy, known.rev, source, _OPEN, known.severity, place, _UNSEEN)


def _not_seen(finding: Finding) -> Finding:
    return replace(finding, status=_OPEN, reason=_UNSEEN, incomplete=True, waiver="", known=False)
