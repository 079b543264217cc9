"""Frameworks, their controls, and what a person must produce for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preuve.model.content.text import Automation, Text
from preuve.model.errors import Position

DECISIVE = frozenset({"full", "partial"})


@dataclass(frozen=True)
class PolicyLink:
    """A control names a policy, and how strongly it supports the control."""

    policy: str
    strength: str  # full | partial | supporting

    @property
    def decides(self) -> bool:
        """Whether the policy tests the control itself; what merely supports it can speak neither for nor against it."""
        return self.strength in DECISIVE


@dataclass(frozen=True)
class Claim:
    """A sentence about what checks test, and the policies that carry it: without all of them it may not be said."""

    text: Text
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Control:
    """One item of a framework."""

    id: str
    framework: str
    rev: int
    title: Text
    objective: Text
    automation: Automation
    position: Position
    group: str = ""  # theme (ISO), article (GDPR)
    ref: str = ""
    label: Text | None = None
    claims: tuple[Claim, ...] = ()  # what the automated part tests
    not_shown: Text | None = None  # and what it does not show
    policies: tuple[PolicyLink, ...] = ()
    planned: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    same_policies_as: str = ""  # why two controls share one list of policies
    details: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    def claimed(self, judged: Iterable[str]) -> tuple[Claim, ...]:
        """Return the claims whose policies are all built and selected, so that they judged."""
        known = frozenset(judged)
        return tuple(claim for claim in self.claims if known.issuperset(claim.policies))


@dataclass(frozen=True)
class Framework:
    """A framework edition: its versions and its controls in catalogue order."""

    id: str
    title: Text
    framework_version: str
    content_version: str
    schema: int
    effective_date: str
    details: Mapping[str, Any]
    controls: tuple[Control, ...]
    excludable: tuple[str, ...] | None = None  # groups and controls; None: the framework does not say, and each is

    def may_be_excluded(self, control: Control) -> bool:
        """Whether a company may say that it does not apply: of no clause of ISO 27001 (clause 1), of no duty that is
        always one.
        """
        return self.excludable is None or not {control.id, control.group}.isdisjoint(self.excludable)


@dataclass(frozen=True)
class CrosswalkLink:
    """One item of a framework, and the controls of another that help with it."""

    control: str
    related: tuple[str, ...]
    strength: str  # strong | partial | weak | none
    why: Text
    gap: Text
    position: Position

    @property
    def helping(self) -> tuple[str, ...]:
        """The controls that help: none where the other framework does not address it, whatever it points to."""
        return () if self.strength == "none" else self.related


@dataclass(frozen=True)
class GuideEntry:
    """One sheet or point of a guide, and the controls that it speaks of."""

    id: str
    title: Text
    links: Mapping[str, str]  # control -> strength
    position: Position


@dataclass(frozen=True)
class Guide:
    """What somebody else publishes, by its own numbering."""

    id: str
    title: Text
    entries: tuple[GuideEntry, ...]
    note: Text | None = None


@dataclass(frozen=True)
class Crosswalk:
    """How frameworks relate to each other and to guides."""

    links: tuple[CrosswalkLink, ...] = ()
    guides: tuple[Guide, ...] = ()

    def of(self, control: str) -> CrosswalkLink | None:
        """Return the link that supports a control."""
        return next((link for link in self.links if link.control == control), None)

    def helped_by(self, control: str) -> tuple[CrosswalkLink, ...]:
        """The items that a control helps with."""
        return tuple(link for link in self.links if control in link.helping)


@dataclass(frozen=True)
class EvidenceItem:
    """What a person must produce, how often, and for which controls."""

    id: str
    title: Text
    template: str
    controls: tuple[str, ...]
    auditor_expects: Text
    cadence: str
    freshness_days: int
    owner_role: str
    position: Position
    mandatory_by: str = ""
    mandatory_when: Text | None = None  # the company in which it is compulsory, where that is not every one
    after: tuple[str, ...] = ()  # the documents that it rests on

    @property
    def compulsory(self) -> tuple[str, ...]:
        """The clauses and articles that make it compulsory."""
        return tuple(name.strip() for name in self.mandatory_by.split(",") if name.strip())


@dataclass(frozen=True)
class AuditQuarter:
    """A quarter of the internal audit programme, and the controls that it looks at."""

    id: str  # Q1 … Q4
    theme: Text
    controls: frozenset[str]
