"""Content as the engine sees it: frameworks, controls, policies, collectors, evidence items, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct

from preuve.model.errors import Position
from preuve.model.forms import ADDED, about, items, text, words


class Text:
    """A text in the product's languages; content may add further ones.

    No dataclass: of one, msgspec would read the members and not `{en, fr, …}`.
    """

    __slots__ = ("en", "fr", "others")

    def __init__(self, en: str, fr: str, others: Mapping[str, str] | None = None) -> None:
        self.en = en
        self.fr = fr
        self.others = others or {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.en, self.fr, self.others) == (other.en, other.fr, other.others)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Text({self.en!r}, {self.fr!r})"

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


class Call(Struct, frozen=True, rename={"operation": "call", "with_": "with", "transform": "as", "batch_size": "size"}):
    """One API operation and what is taken from its answer. Paths are botocore member names, `[]` opens a list."""

    service: str
    operation: str
    position: Position
    take: str = ""
    with_: Mapping[str, str] = {}
    const: Mapping[str, Any] = {}
    ago: Mapping[str, int] = {}  # days
    transform: Any = None
    absent: tuple[AbsentError, ...] = ()
    iam: tuple[str, ...] = ()
    for_each: str = ""
    name: str = ""
    only_in: str = ""
    needs: str = ""  # a path without which this cannot be set: where it was read and is not there, no call is made
    batch: Mapping[str, str] = {}
    batch_size: int = 0
    match: Mapping[str, str] = {}
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
    where: Mapping[str, str] = field(default_factory=dict)  # path on the other type -> path on this type
    one: bool = False
    across: str = "region"  # region | account | organization
    only: Mapping[str, Any] = field(default_factory=dict)
    distinct: bool = False  # one for each value that is joined by


@dataclass(frozen=True)
class CountedBy:
    """A second source that counts the resources of a type: a number that another resource of the account has."""

    type: str
    path: str


class ResourceType(Struct, frozen=True, rename={"declared": "members", "transforms": "as"}):
    """How one CloudFormation type (or a singleton of ours) is read."""

    name: str
    service: str
    position: Position
    scope: str = "region"  # region | global | workspace: read once, from the registers that a company keeps
    singleton: bool = False
    declared: Mapping[str, str] = {}  # members of a singleton or a register: name -> type
    newer: Mapping[str, str] = {}  # members that the models of an older boto3 lack: name -> type
    registers: tuple[str, ...] = ()  # names of the registers whose entries are the resources
    columns: Mapping[str, str] = {}  # member of a register's entry -> column (English template)
    lists: tuple[Call, ...] = ()
    hydrate: Call | None = None
    transforms: Mapping[str, Any] = {}  # path -> transform
    identity: str = ""  # member that names the resource
    arn: str = ""  # member, or template with {partition} {region} {account} and members
    in_region: str = ""
    fallback: Mapping[str, Call] = {}  # member -> call, where the listing left it out
    details: Mapping[str, Call] = {}
    relations: Mapping[str, Relation] = {}
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


_TYPE = "^(AWS|GitHub|Register)(::[A-Za-z0-9]+){1,2}$"
_PARAMETER = Annotated[str, text("a name such as root_unused_days", pattern="^[a-z][a-z0-9_]*$")]
_MEMBER = {"pattern": "^[A-Za-z][A-Za-z0-9]*$"}


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

    resource: Annotated[
        str,
        text(
            "The resource type, named as in CloudFormation, or AWS::Account, AWS::Region, GitHub::<name>, "
            "Register::<name>.",
            pattern=_TYPE,
        ),
    ]
    assert_: Annotated[
        str, text("CEL: true passes, false fails. Sees resource, account, region, params, org, reference and now.")
    ]
    position: Annotated[Position, ADDED]
    when: Annotated[str, text("CEL: outside it the finding is NOT_APPLICABLE.")] = ""
    when_position: Annotated[Position | None, ADDED] = None
    absent: Annotated[
        Mapping[str, Absence],
        about(
            "What it means that a member is not set. pass is allowed only for the sole member that the condition "
            "reads.",
            propertyNames=_MEMBER,
        ),
    ] = field(default_factory=dict)
    within: Annotated[
        str,
        text(
            "The parameter (days) that the condition looks back; NOT_EVALUATED where the collector's window is "
            "shorter.",
        ),
    ] = ""
    breach_only: Annotated[
        Text | None,
        about("Why a true condition proves nothing: then it is NOT_EVALUATED, and only a breach is a verdict."),
    ] = None
    asks: Annotated[
        Text | None,
        about(
            "What the condition asks, in a clause without a full stop, where the words that are made from it do not "
            "tell people."
        ),
    ] = None
    places: Annotated[Places | None, ADDED] = None  # of `assert_`, where it names shared conditions
    when_places: Annotated[Places | None, ADDED] = None

    def place(self, line: int, column: int, *, of_when: bool = False) -> Position:
        """Where a character of `assert_`, or of `when`, was written."""
        places, at = (self.places, self.position)
        if of_when:
            places, at = (self.when_places, self.when_position or self.position)
        return places.at(line, column) if places else Position(at.file, at.line + line - 1, at.column + column - 1)


_Tags = Annotated[Mapping[str, Annotated[tuple[str, ...], items()]], about(minProperties=1)]


@dataclass(frozen=True)
class IacRule:
    """Checkov ids that test the same thing in code."""

    checkov: Annotated[
        tuple[Annotated[str, text("a Checkov id such as CKV_AWS_19", pattern="^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")], ...],
        items("Ids of checks; all of them count.", once=True),
    ]
    equivalence: Annotated[
        str, words("partial: a pass of Checkov is never a pass of the policy.", "same_intent", "partial")
    ]
    note: Annotated[Text | None, about("Where the Checkov ids differ from the policy.")] = None
    tagged: Annotated[
        tuple[_Tags, ...],
        items(
            "Only blocks with one of these sets of tags (tag: values, ignoring case; `!no` stands for any other value "
            "that is set); others are NOT_APPLICABLE."
        ),
    ] = ()
    untagged: Annotated[
        tuple[_Tags, ...],
        items(
            "Blocks with one of these sets of tags are NOT_APPLICABLE. params.<id> stands for the values of a "
            "parameter."
        ),
    ] = ()
    one_suffices: Annotated[
        bool,
        about(
            "One block of a root module that passes is enough: the others of that root are NOT_APPLICABLE.", const=True
        ),
    ] = False
    other_providers: Annotated[
        bool,
        about(
            "Also about what is made outside of AWS, by providers of scanners/types/other_providers.txt, which nothing "
            "looks at: NOT_EVALUATED where a root has such resources.",
            const=True,
        ),
    ] = False
    frameworks: Annotated[frozenset[str], ADDED] = frozenset()  # kinds of code that the checks can speak of


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


_TEXTS = {"type": "array", "items": {"type": "string"}}
_SCOPE = {
    "accounts": _TEXTS | {"description": "Ids of the accounts."},
    "regions": _TEXTS | {"description": "The regions."},
    "country": {"type": "string", "description": "The country of the company."},
}


@dataclass(frozen=True)
class Example:
    """A resource as a condition sees it."""

    expected: Annotated[str, ADDED]  # pass | fail | not_applicable | not_evaluated: the verdict that must come out
    position: Annotated[Position, ADDED]
    resource: Annotated[
        Mapping[str, Any],
        about("Members as AWS returns them; relations inline as lists, IAM documents as written in IAM JSON."),
    ]
    type: Annotated[str, text("The resource type; needed where aws has several rules.", pattern=_TYPE)] = ""
    name: Annotated[str, text("What the example is about; shown when it comes out otherwise.")] = ""
    account: Annotated[Mapping[str, Any], about("Members of AWS::Account beside Id and Partition.")] = field(
        default_factory=dict
    )
    region: Annotated[Mapping[str, Any], about("Members of AWS::Region beside Name.")] = field(default_factory=dict)
    org: Annotated[
        Mapping[str, Any],
        about(
            "The scope of the workspace.",
            closed=True,
            properties=_SCOPE,
        ),
    ] = field(default_factory=dict)
    params: Annotated[Mapping[str, Any], about("Parameters that differ from their defaults.")] = field(
        default_factory=dict
    )
    environment: Annotated[str, text("What the workspace says of the environment of the account.")] = ""
    now: Annotated[
        str,
        text(
            "The time of the assessment; 2026-11-24T12:00:00Z where left out.",
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$",
        ),
    ] = ""
    unread: Annotated[
        tuple[str, ...], items("Members of the resource that could not be read.", least=0, once=True)
    ] = ()
    newer: Annotated[
        bool,
        about(
            "It has a value that the models of an older, supported boto3 lack: with such a boto3 it is NOT_EVALUATED "
            "for that reason.",
            const=True,
        ),
    ] = False


_CODE = {"type": "string", "minLength": 1}
_FIXES = {
    "terraform": _CODE | {"description": "Blocks that pass, with an empty line between them."},
    "cloudformation": _CODE
    | {"description": "Resources that pass, as they stand below Resources, with an empty line between them."},
    "dockerfile": _CODE | {"description": "A Dockerfile that passes."},
    "github_actions": _CODE | {"description": "A workflow that passes."},
}


@dataclass(frozen=True)
class Policy:
    """One testable technical rule: a CEL condition on AWS resource types, Checkov ids for code, or both. The file is
    named after its id. It knows nothing of frameworks.
    """

    id: Annotated[
        str,
        text("The file's name without .yaml: lower case words joined by hyphens.", pattern="^[a-z0-9]+(-[a-z0-9]+)*$"),
    ]
    rev: Annotated[
        int,
        about(
            "Grows by one when the meaning changes (conditions, severity, Checkov ids, parameters); words and examples "
            "do not count.",
            minimum=1,
        ),
    ]
    title: Annotated[Text, about("What it is called.")]
    severity: Annotated[Severity, about("How much a failure matters.")]
    rationale: Annotated[Text, about("Why it matters, in one to three sentences.")]
    remediation: Annotated[Text, ADDED]
    position: Annotated[Position, ADDED]
    aws: Annotated[tuple[AwsRule, ...], ADDED] = ()
    iac: Annotated[IacRule | None, about("Checkov ids that test the same thing in code.")] = None
    params: Annotated[
        tuple[_PARAMETER, ...],
        items(
            "The parameters that the conditions read as params.<name>; they are declared in policies/params.yaml.",
            least=0,
            once=True,
        ),
    ] = ()
    limits: Annotated[Text | None, about("What the check does not see.")] = None
    examples: Annotated[tuple[Example, ...], ADDED] = ()
    digest: Annotated[str, ADDED] = ""
    fix: Annotated[
        Mapping[str, str],
        about(
            "The fix in code, for each kind of code that the checks speak of: the attributes and values that they ask "
            "for. ${params.<id>} is the value of a parameter, [0] and [-1] after the name its first and last item; a "
            "line with [*] stands for each item.",
            minProperties=1,
            closed=True,
            properties=_FIXES,
        ),
    ] = field(default_factory=dict)


@dataclass(frozen=True)
class Examples:
    """Resources and the verdict that must come out."""

    pass_: Annotated[tuple[Example, ...], items("They pass.")] = ()
    fail: Annotated[tuple[Example, ...], items("They fail.")] = ()
    not_applicable: Annotated[tuple[Example, ...], items("The condition is not about them.")] = ()
    not_evaluated: Annotated[tuple[Example, ...], items("What would decide was not read.")] = ()


_BLOCKS = {name: _CODE | {"description": f"Code in {name}."} for name in ("dockerfile", "hcl", "json", "sh", "yaml")}


@dataclass(frozen=True)
class Remediation:
    """The fix: words in each language, then commands or code, once for all languages."""

    en: Annotated[str, text("English")]
    fr: Annotated[str, text("French")]
    code: Annotated[
        tuple[
            Annotated[
                Mapping[str, str],
                about(minProperties=1, maxProperties=1, closed=True, properties=_BLOCKS),
            ],
            ...,
        ],
        items("Blocks that stand below the words, each under the name of its language. Comments in them are English."),
    ] = ()
    then: Annotated[Text | None, about("Words below the code.")] = None


_OTHER_LANGUAGES = about(
    "The fix: words in each language, then commands or code, once for all languages.",
    propertyNames={"pattern": "^([a-z]{2}|code|then)$", "description": "a language of two letters, code or then"},
    additionalProperties=_CODE,
    dependentRequired={"then": ["code"]},
)
_SHARED = (
    "Conditions, or parts of them, that the rules name more than once as ${shared.<name>}. What several policies need "
    "is in policies/shared.yaml."
)


@dataclass(frozen=True)
class PolicyParts:
    """What a policy's file has otherwise than the policy keeps it."""

    remediation: Annotated[Remediation, _OTHER_LANGUAGES]
    shared: Annotated[
        Mapping[str, Annotated[str, text()]],
        about(_SHARED, minProperties=1, propertyNames={"pattern": "^[a-z][a-z0-9_]*$"}),
    ] = field(default_factory=dict)
    aws: Annotated[tuple[AwsRule, ...], about("A rule, or one rule for each resource type.", alone=True)] = ()
    github: Annotated[
        tuple[AwsRule, ...], about("The same, where all of it is about an organization on GitHub.", alone=True)
    ] = ()
    examples: Annotated[
        Examples,
        about(
            "Resources and the verdict that must come out. Each rule needs one that passes (not_evaluated where it can "
            "only prove a breach) and one that fails."
        ),
    ] = Examples()


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
