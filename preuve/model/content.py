"""Content as the engine sees it: frameworks, controls, policies, collectors, evidence items, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from preuve.model.errors import Position


@dataclass(frozen=True)
class Text:
    """A text in the product's languages; content may add further ones."""

    en: str
    fr: str
    others: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """The text in a language (`en`, `fr`, …); English where there is none."""
        return {"fr": self.fr, **self.others}.get(language, self.en)


class Severity(StrEnum):
    """How much a failure matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Automation(StrEnum):
    """How far machine evidence alone reaches for a control."""

    FULL = "full"
    PARTIAL = "partial"
    MANUAL = "manual"


# ---- collectors ---------------------------------------------------------------------------------------------------


AWS, GITHUB = "aws", "github"  # who has what is collected
WORKSPACE = "workspace"  # the scope of what a company writes down itself: not of any account


@dataclass(frozen=True)
class AbsentError:
    """An API error that means "not set"; `message` is a part of AWS's message where the code alone is ambiguous."""

    code: str
    message: str = ""


@dataclass(frozen=True)
class Call:
    """One API operation and what is taken from its answer. Paths are botocore member names, `[]` opens a list."""

    service: str
    operation: str
    position: Position
    take: str = ""
    with_: Mapping[str, str] = field(default_factory=dict)
    const: Mapping[str, Any] = field(default_factory=dict)
    ago: Mapping[str, int] = field(default_factory=dict)  # days
    transform: Any = None
    absent: tuple[AbsentError, ...] = ()
    iam: tuple[str, ...] = ()
    for_each: str = ""
    name: str = ""
    only_in: str = ""
    needs: str = ""  # a path without which this cannot be set: where it was read and is not there, no call is made
    batch: Mapping[str, str] = field(default_factory=dict)
    batch_size: int = 0
    match: Mapping[str, str] = field(default_factory=dict)
    prepare: Prepare | None = None
    counted: Counted | None = None


@dataclass(frozen=True)
class Counted:
    """A call that says how many a listing must have, where one leaves out what the caller may not see."""

    call: Call
    sum: tuple[str, ...]  # members of its answer


@dataclass(frozen=True)
class Prepare:
    """A call that starts a job, repeated until its answer holds `until`, for `at_most` seconds."""

    call: Call
    until: Mapping[str, str]
    at_most: int


@dataclass(frozen=True)
class Relation:
    """Resources of another type that belong to this one, joined by index at assessment."""

    type: str
    where: Mapping[str, str]  # path on the other type -> path on this type
    one: bool = False
    across: str = "region"  # region | account | organization
    only: Mapping[str, Any] = field(default_factory=dict)
    distinct: bool = False  # one for each value that is joined by


@dataclass(frozen=True)
class CountedBy:
    """A second source that counts the resources of a type: a number that another resource of the account has."""

    type: str
    path: str


@dataclass(frozen=True)
class ResourceType:
    """How one CloudFormation type (or a singleton of ours) is read."""

    name: str
    service: str
    position: Position
    scope: str = "region"  # region | global | workspace: read once, from the registers that a company keeps
    singleton: bool = False
    declared: Mapping[str, str] = field(default_factory=dict)  # members of a singleton or a register: name -> type
    newer: Mapping[str, str] = field(
        default_factory=dict
    )  # members that the models of an older boto3 lack: name -> type
    registers: tuple[str, ...] = ()  # names of the registers whose entries are the resources
    columns: Mapping[str, str] = field(
        default_factory=dict
    )  # member of a register's entry -> column (English template)
    lists: tuple[Call, ...] = ()
    hydrate: Call | None = None
    transforms: Mapping[str, Any] = field(default_factory=dict)  # path -> transform
    identity: str = ""  # member that names the resource
    arn: str = ""  # member, or template with {partition} {region} {account} and members
    in_region: str = ""
    fallback: Mapping[str, Call] = field(default_factory=dict)  # member -> call, where the listing left it out
    details: Mapping[str, Call] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)
    personal: tuple[str, ...] = ()  # paths whose values name a person
    counted_by: CountedBy | None = None
    digest: str = ""  # of all of this as it is declared

    @property
    def provider(self) -> str:
        """Who has it: aws, github, or register for what a company writes down."""
        return self.name.partition("::")[0].lower()


@dataclass(frozen=True)
class Naming:
    """Which resource of the account a type of block makes, and what names it."""

    block: str  # type in code
    resource: str  # type in the account
    position: Position
    argument: str = ""  # of the block, that holds the name; "" where none does
    part: bool = False  # it sets something of a resource that is another block: the argument says of which
    last: bool = False  # the account knows the resource by an ARN or URL of which the name is the last part


@dataclass(frozen=True)
class Namings:
    """What is known of how code names what it makes; `resources` are the types of the account that were thought of."""

    entries: tuple[Naming, ...] = ()
    resources: frozenset[str] = frozenset()

    @cached_property
    def of(self) -> Mapping[str, Naming]:
        """The naming of each type of block."""
        return {naming.block: naming for naming in self.entries}


# ---- policies -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Absence:
    """What "not set" means for a member that a condition reads."""

    kind: str  # fail | not_applicable | pass | is
    value: Any = None


@dataclass(frozen=True)
class Places:
    """Where a text was written that is put together of parts: of each line the columns at which parts begin."""

    lines: tuple[tuple[tuple[int, Position], ...], ...]

    def at(self, line: int, column: int) -> Position:
        """The place of a character of the text; line and column start at 1."""
        parts = self.lines[min(line, len(self.lines)) - 1]
        start, found = next((part for part in reversed(parts) if part[0] <= column), parts[0])
        return Position(found.file, found.line, found.column + max(column - start, 0))


@dataclass(frozen=True)
class AwsRule:
    """A CEL condition on one resource type."""

    resource: str
    assert_: str
    position: Position
    when: str = ""
    when_position: Position | None = None
    absent: Mapping[str, Absence] = field(default_factory=dict)
    within: str = ""  # the parameter (days) that the condition looks back
    breach_only: Text | None = None  # why a pass proves nothing; then only FAIL is a verdict
    asks: Text | None = None  # what it asks, where the condition's own words do not tell people
    places: Places | None = None  # of `assert_`, where it names shared conditions
    when_places: Places | None = None

    def place(self, line: int, column: int, *, of_when: bool = False) -> Position:
        """Where a character of `assert_`, or of `when`, was written."""
        places, at = (self.places, self.position)
        if of_when:
            places, at = (self.when_places, self.when_position or self.position)
        return places.at(line, column) if places else Position(at.file, at.line + line - 1, at.column + column - 1)


@dataclass(frozen=True)
class IacRule:
    """Checkov ids that test the same thing in code."""

    checkov: tuple[str, ...]
    equivalence: str  # same_intent | partial
    note: Text | None = None
    tagged: tuple[Mapping[str, tuple[str, ...]], ...] = ()  # only blocks with one of these sets of tags
    untagged: tuple[Mapping[str, tuple[str, ...]], ...] = ()  # and with none of these
    one_suffices: bool = False  # one block of a root that passes is enough; the others are then not asked
    other_providers: bool = False  # also about what is made outside of AWS, which nothing looks at
    frameworks: frozenset[str] = frozenset()  # kinds of code that the checks can speak of


@dataclass(frozen=True)
class CodeRule:
    """A rule of our own for code, its `${params.<id>}` not filled in yet: a Checkov custom policy as data, or the name
    of a judgement with its parameters."""

    id: str
    name: str
    category: str
    definition: Mapping[str, Any]  # empty where a judgement decides
    position: Position
    judgement: Mapping[str, Any] | None = None  # `ask` names it, the rest are its parameters
    instead_of: tuple[str, ...] = ()  # checks of Checkov's that are not asked of Terraform beside this rule
    provider: str = "aws"  # aws: Terraform | dockerfile | github_actions
    also: tuple[str, ...] = ()  # further kinds of code of which its judgement is asked
    when: Mapping[str, Any] | None = None  # a definition; blocks that it does not hold for get no result
    unseen: Mapping[str, Any] | None = None  # a definition; where it holds, a pass rests on what is not in the code
    examples: frozenset[str] = frozenset()  # of pass.tf and fail.tf, those that are there
    digest: str = ""


@dataclass(frozen=True)
class Example:
    """A resource as a condition sees it, and the verdict that must come out."""

    expected: str  # pass | fail | not_applicable | not_evaluated
    position: Position
    type: str
    resource: Mapping[str, Any]
    name: str = ""
    account: Mapping[str, Any] = field(default_factory=dict)
    region: Mapping[str, Any] = field(default_factory=dict)
    org: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    environment: str = ""  # what the workspace says of the account
    now: str = ""
    unread: tuple[str, ...] = ()
    newer: bool = False  # it has a value that the models of an older, supported boto3 lack


@dataclass(frozen=True)
class Policy:
    """One testable technical rule. It knows nothing of frameworks."""

    id: str
    rev: int
    title: Text
    severity: Severity
    rationale: Text
    remediation: Text
    position: Position
    aws: tuple[AwsRule, ...] = ()
    iac: IacRule | None = None
    params: tuple[str, ...] = ()
    limits: Text | None = None
    examples: tuple[Example, ...] = ()
    digest: str = ""
    fix: Mapping[str, str] = field(default_factory=dict)  # kind of code -> code that passes, its `${params.<id>}` as is


@dataclass(frozen=True)
class CheckText:
    """What a check of code says where it fails."""

    why: Text  # a sentence without its full stop
    position: Position
    asks: Mapping[str, Text] = field(
        default_factory=dict
    )  # kind of code -> attribute and value, `${params.<id>}` as is


@dataclass(frozen=True)
class Parameter:
    """A threshold with its unit and origin; a workspace may override the value."""

    id: str
    value: Any
    unit: Text
    source: Text


# ---- controls -----------------------------------------------------------------------------------------------------


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
        """The claims of which every policy was built and selected, so that it judged."""
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
        """What helps with a control."""
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


@dataclass(frozen=True)
class AuditQuarter:
    """A quarter of the internal audit programme, and the controls that it looks at."""

    id: str  # Q1 … Q4
    theme: Text
    controls: frozenset[str]


@dataclass(frozen=True)
class Library:
    """Everything that was loaded: bundled content and what the workspace adds."""

    frameworks: Mapping[str, Framework]
    policies: Mapping[str, Policy]
    types: Mapping[str, ResourceType]
    parameters: Mapping[str, Parameter]
    evidence: Mapping[str, EvidenceItem]
    excluded_checks: Mapping[str, str]  # Checkov id -> why it is kept out
    reference: Mapping[str, Any]
    planned_policies: Mapping[str, Text]  # id -> title of policies of the catalogue that are not built yet
    audit_rotation: tuple[AuditQuarter, ...] = ()
    code_rules: Mapping[str, CodeRule] = field(default_factory=dict)  # id -> rule for code of our own
    crosswalk: Crosswalk = Crosswalk()
    checks: Mapping[str, CheckText] = field(default_factory=dict)  # id of a check of code -> what it says
    namings: Namings = Namings()
    documents: Mapping[str, Any] = field(default_factory=dict)  # file -> which blocks of code hold policy documents

    def values(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """The value of each parameter; `own` are those that a workspace sets."""
        return {name: item.value for name, item in self.parameters.items()} | dict(own)

    def title(self, policy: str, language: str) -> str:
        """What a policy is called; its id where there is no such policy, as in a bundle of other content."""
        found = self.policies.get(policy)
        return found.title.in_language(language) if found else policy

    def control(self, control_id: str) -> Control | None:
        """The control with this id in any framework."""
        for framework in self.frameworks.values():
            for control in framework.controls:
                if control.id == control_id:
                    return control
        return None

    def audit_quarter(self, control_id: str) -> AuditQuarter | None:
        """The quarter in which the internal audit looks at a control; nothing where no rotation names it."""
        return next((quarter for quarter in self.audit_rotation if control_id in quarter.controls), None)
