"""Frameworks, how they relate to each other, and what people must produce for them.

The types that end in `File` hold what a file of `controls/` may contain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from preuve.model.content.control import POLICY_NAMES, Control, ControlId, EvidenceId, PolicyId
from preuve.model.content.rule import Tags
from preuve.model.content.text import PlainText, Severity, Text
from preuve.model.errors import Position
from preuve.model.forms import ADDED, Name, items, keywords, text, words

_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_Version = Annotated[
    str, text("Version of the content: major.minor.patch, quoted.", pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")
]
_Since = Annotated[str, text("Since when this content version applies, quoted: YYYY-MM-DD.", pattern=_DAY)]
_Schema = Annotated[int, keywords("Version of the file format.", const=1)]
_Strength = Annotated[
    str,
    words(
        "How much of the first the others cover; the head of the file defines the words.",
        "strong",
        "partial",
        "weak",
        "none",
    ),
]


@dataclass(frozen=True)
class Change:
    """One version of a file's content."""

    version: _Version
    date: Annotated[str, text("Day of the change, quoted: YYYY-MM-DD.", pattern=_DAY)]
    author: Annotated[str, text("Who made the change.")]
    change: Annotated[PlainText, keywords("What changed.")]


_Changes = Annotated[tuple[Change, ...], items("What changed, newest last.")]
_Catalogues = Annotated[Mapping[str, _Version], keywords("Content version of the frameworks that the ids refer to.")]


# ---- frameworks ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amendment:
    """An amendment of the source."""

    ref: Annotated[str, text("Reference.")]
    published: Annotated[str, text("Date of publication.", pattern=_DAY)]
    subject: Annotated[PlainText, keywords("Subject.")]
    affects: Annotated[tuple[ControlId, ...], items("Controls it changes.", least=0, once=True)]
    transition: Annotated[PlainText | None, keywords("Transition period.")] = None


@dataclass(frozen=True)
class PendingChange:
    """A change to the source that is not in force."""

    subject: Annotated[PlainText, keywords("What would change.")]
    status: Annotated[PlainText, keywords("State of the procedure, and the day on which that was read.")]
    action: Annotated[PlainText, keywords("What to do about it.")]


@dataclass(frozen=True)
class FrameworkDetails:
    """What else identifies the source."""

    reference: Annotated[str, text("Official reference.")] = ""
    edition: Annotated[str, text("Edition, quoted.")] = ""
    published: Annotated[str, text("Date of publication.", pattern=_DAY)] = ""
    european_adoption: Annotated[PlainText | None, keywords("European and national adoption.")] = None
    amendments: Annotated[tuple[Amendment, ...], items("Amendments that this edition includes.", least=0)] = ()
    companion_guidance: Annotated[PlainText | None, keywords("Guidance that goes with it.")] = None
    supersedes: Annotated[PlainText | None, keywords("What it replaces.")] = None
    applicable_since: Annotated[str, text("Since when the law applies.", pattern=_DAY)] = ""
    reading: Annotated[
        PlainText | None, keywords("How to read a status of this framework; pages show it next to each status.")
    ] = None
    supervisory_authority: Annotated[str, text("Authority of the country for which the catalogue was written.")] = ""
    pending_changes: Annotated[
        tuple[PendingChange, ...], items("Changes to the source that are not in force.", least=0)
    ] = ()


@dataclass(frozen=True)
class ScopeLimit:
    """Resources that no item of a framework concerns, because their tags say so."""

    types: Annotated[
        tuple[Annotated[str, text("Type of resource in the account.")], ...],
        items("Types of resources on which the tag counts: those that hold data.", once=True),
    ]
    tagged: Annotated[
        tuple[Tags, ...],
        items("Sets of tags that say so. params.<id> stands for the values of a parameter."),
    ]
    unless: Annotated[
        str,
        text(
            "Type of findings about the content of such a resource: if one names the resource, the tag does "
            "not count, whatever the status of the finding."
        ),
    ] = ""
    contradicted_by: Annotated[
        tuple[Annotated[str, text("Name of a tag.")], ...],
        items(
            "Tags that contradict it, whatever their value: if the resource has one of them, the tag does not count.",
            once=True,
        ),
    ] = ()
    part_of: Annotated[
        Mapping[str, Annotated[Mapping[str, Annotated[str, text("type of what it names")]], keywords()]],
        keywords(
            "By type, the paths that name what such a resource is a part or a copy of. If that says otherwise, the "
            "tag does not count. Nor does it count if that could have the tag too and has not."
        ),
    ] = field(default_factory=dict)
    copied_to: Annotated[
        Mapping[str, Annotated[tuple[str, ...], items()]],
        keywords("By type, the paths that name other resources of the type that hold a copy of such a resource."),
    ] = field(default_factory=dict)
    named_by: Annotated[
        Mapping[str, Annotated[tuple[str, ...], items()]],
        keywords(
            "By type, the members in which another resource may name it without putting data into it (`.`: all). If "
            "anything else contains its name, such as a trail or a subscription, the tag does not count."
        ),
    ] = field(default_factory=dict)
    unseen_writers: Annotated[
        tuple[Annotated[str, text("Type of resource in the account.")], ...],
        items(
            "Types that hold data, and of which nothing says which programs put data into them: the tag never counts "
            "on them, nor on a part or a copy of one.",
            once=True,
        ),
    ] = ()
    closed_by: Annotated[
        Mapping[
            str,
            Annotated[
                Mapping[str, Annotated[tuple[Annotated[Mapping[str, tuple[str, ...]], keywords()], ...], items()]],
                keywords(),
            ],
        ],
        keywords(
            "By type, the paths of settings that can let somebody put data into such a resource, each with the only "
            "forms that do not. A form gives the texts that its members may have. In a text, `*` stands for any "
            "part; `{Name}` alone is the resource's own `Name`; `!` before a text means any other one. A member "
            "without a text must be missing. Example: Logging: [{TargetBucket: ['!{Name}']}], a log bucket other than "
            "itself. If a setting has another form, or was not read, the tag does not count."
        ),
    ] = field(default_factory=dict)


@dataclass(frozen=True)
class Framework:
    """A framework edition: its versions and its controls in catalogue order."""

    id: Annotated[
        str, text("Id of the framework edition; the folder is named after it.", pattern="^[a-z0-9][a-z0-9.-]{0,63}$")
    ]
    title: Annotated[Text, keywords("Name of the framework.")]
    schema: _Schema
    framework_version: Annotated[str, text("Edition of the source, with amendments and corrigenda.")]
    content_version: _Version
    effective_date: _Since
    changelog: _Changes
    controls: Annotated[tuple[Control, ...], ADDED]
    excludable: Annotated[
        tuple[Name, ...] | None,
        items(
            "Groups and ids of the controls that a company may exclude (exclusions in preuve.yaml). Without it, each.",
            least=0,
            once=True,
        ),
    ] = None
    beyond: Annotated[
        ScopeLimit | None,
        keywords(
            "Resources that no item concerns, because their tags say so: a failure there is a point of "
            "attention, a pass shows nothing.",
            additionalProperties=False,
        ),
    ] = None
    details: Annotated[
        FrameworkDetails,
        keywords(
            "What else identifies the source.",
            additionalProperties=False,
            patternProperties={"^x_[a-z0-9_]+$": {"description": "Detail of your own."}},
        ),
    ] = FrameworkDetails()

    def reading(self, language: str) -> str:
        """Return how its statuses are to be read, if its content says so."""
        return self.details.reading.in_language(language) if self.details.reading else ""

    def may_be_excluded(self, control: Control) -> bool:
        """Return whether a company may say that it does not apply: not a clause of ISO 27001 (clause 1), nor a duty
        that always applies.
        """
        return self.excludable is None or not {control.id, control.group}.isdisjoint(self.excludable)


# ---- how they relate ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CrosswalkLink:
    """One item of a framework, and the controls of another that help with it."""

    from_: ControlId
    to: Annotated[tuple[ControlId, ...], items("The controls that help.", once=True)]
    strength: _Strength
    why: Annotated[Text, keywords("What they bring.")]
    gap: Annotated[Text, keywords("What stays open.")]
    position: Annotated[Position, ADDED]

    @property
    def helping(self) -> tuple[str, ...]:
        """The controls that help: none where the other framework does not address it, whatever it points to."""
        return () if self.strength == "none" else self.to


@dataclass(frozen=True)
class GuideEntry:
    """One sheet or point of a guide, and the controls that it speaks of."""

    id: Annotated[str, text("Its number in the guide.", pattern="^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    title: Text
    links: Annotated[Mapping[ControlId, _Strength], keywords("Control, and how strong the link is.", minProperties=1)]
    position: Annotated[Position, ADDED]


@dataclass(frozen=True)
class Guide:
    """What somebody else publishes, by its own numbering."""

    id: Annotated[str, text("Name of its page.", pattern="^[a-z0-9][a-z0-9-]*$")]
    title: Text
    entries: Annotated[tuple[GuideEntry, ...], items("Its sheets or points.")]
    note: Annotated[Text | None, keywords("Whom it concerns, and who publishes it.")] = None


_Links = Annotated[
    tuple[CrosswalkLink, ...], items("Items of one framework, and those of another that help with them.")
]
_Guides = Annotated[tuple[Guide, ...], items("What others publish, by its own numbering.", least=0)]


@dataclass(frozen=True)
class Crosswalk:
    """How frameworks relate to each other and to guides."""

    links: _Links = ()
    guides: _Guides = ()

    def of(self, control: str) -> CrosswalkLink | None:
        """Return the link that supports a control."""
        return next((link for link in self.links if link.from_ == control), None)

    def helped_by(self, control: str) -> tuple[CrosswalkLink, ...]:
        """Return the items that a control helps with."""
        return tuple(link for link in self.links if control in link.helping)


@dataclass(frozen=True)
class CrosswalkFile:
    """How the frameworks relate to each other and to the guides of others: controls/crosswalk.yaml."""

    schema: _Schema
    content_version: _Version
    effective_date: _Since
    changelog: _Changes
    links: _Links
    guides: _Guides
    catalogues: _Catalogues = field(default_factory=dict)


# ---- what people produce ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvidenceItem:
    """What a person must produce, how often, and for which controls."""

    id: EvidenceId
    title: Annotated[Text, keywords("Name of the document or record.")]
    controls: Annotated[tuple[ControlId, ...], items("Controls that it supports.", once=True)]
    auditor_expects: Annotated[Text, keywords("What an auditor looks for in it.")]
    cadence: Annotated[
        str,
        words(
            "How often; per_event items also need a yearly statement that they were reviewed.",
            "monthly",
            "quarterly",
            "yearly",
            "per_event",
        ),
    ]
    freshness_days: Annotated[int, keywords("Age in days after which it is stale.", minimum=1)]
    owner_role: Annotated[
        str,
        words(
            "Who is responsible for it.",
            "management",
            "ciso",
            "it_ops",
            "dpo",
            "hr",
            "legal",
            "dev_lead",
            "internal_auditor",
            "office_manager",
        ),
    ]
    position: Annotated[Position, ADDED]
    template: Annotated[str, text("Name of the template.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$")] = ""
    mandatory_by: Annotated[str, text("Clauses or articles that make it compulsory, with a comma between them.")] = ""
    mandatory_when: Annotated[
        Text | None,
        keywords("The condition under which they do, if only in some companies; written as the end of a sentence."),
    ] = None
    after: Annotated[
        tuple[EvidenceId, ...], items("Documents that it builds on: a plan puts them before it.", once=True)
    ] = ()

    @property
    def compulsory(self) -> tuple[str, ...]:
        """The clauses and articles that make it compulsory."""
        return tuple(name.strip() for name in self.mandatory_by.split(",") if name.strip())


@dataclass(frozen=True)
class AuditQuarter:
    """A quarter of the internal audit programme, and the controls that it looks at."""

    id: Annotated[str, ADDED]  # Q1 … Q4
    theme: Annotated[Text, keywords("Theme of the quarter.")]
    iso: Annotated[tuple[ControlId, ...], items("ISO controls and clauses.", least=0, once=True)]
    gdpr: Annotated[tuple[ControlId, ...], items("GDPR items.", least=0, once=True)]

    @property
    def controls(self) -> frozenset[str]:
        """The controls that it looks at."""
        return frozenset((*self.iso, *self.gdpr))


@dataclass(frozen=True)
class EvidenceFile:
    """What people must produce, how often, and for which controls: controls/evidence.yaml."""

    evidence: Annotated[tuple[EvidenceItem, ...], items("The items.")]
    schema: _Schema = 1
    content_version: _Version = ""
    effective_date: _Since = ""
    catalogues: _Catalogues = field(default_factory=dict)
    changelog: _Changes = ()
    internal_audit_rotation: Annotated[
        Mapping[str, AuditQuarter],
        keywords(
            "Which controls are audited in which quarter; each once a year.",
            propertyNames={"enum": ["Q1", "Q2", "Q3", "Q4"]},
        ),
    ] = field(default_factory=dict)


# ---- checks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedCheck:
    """A check that is not built yet."""

    title: Annotated[Text, keywords("What is true when the check passes.")]
    severity: Severity
    tier: Annotated[int, keywords("1: first; 2: next; 3: only if the service is used, or later.", enum=[1, 2, 3])]
    scope: Annotated[str, words("live: the AWS account; iac: code and repository.", "live", "iac", "both")]


@dataclass(frozen=True)
class ExcludedCheck:
    """A check of a tool that stays out because its PASS contradicts the catalogue."""

    id: Annotated[str, text("The tool's own id.")]
    tool: Annotated[str, words("The tool.", "checkov", "prowler")]
    why: Annotated[Text, keywords("Why it is kept out.")]


@dataclass(frozen=True)
class PlannedFile:
    """Checks that are not built yet, and checks of tools that are kept out: controls/planned.yaml."""

    schema: _Schema
    content_version: _Version
    effective_date: _Since
    planned: Annotated[
        Mapping[PolicyId, PlannedCheck],
        keywords("Checks of the catalogue that are not built yet.", propertyNames=POLICY_NAMES),
    ]
    excluded: Annotated[
        tuple[ExcludedCheck, ...],
        items("Checks of tools that stay out because their PASS contradicts the catalogue.", least=0),
    ]
    tools: Annotated[Mapping[str, Name], keywords("Versions of the tools that the catalogue was checked against.")] = (
        field(default_factory=dict)
    )
