"""preuve.yaml: each key once, with what it may be and what it means.

Its schema (`reports/schemas/workspace.schema.json`) and its reference in `docs/formats.md` are made from this by
`python -m tools.shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from preuve.model.company.code import REGION, IacRoot, Omission
from preuve.model.company.notify import Notify
from preuve.model.company.organization import Role
from preuve.model.company.workspace import (
    RETENTION_MONTHS,
    ChainBranch,
    Exclusion,
    GitHub,
    RawKeeping,
    SigningKey,
    Timestamping,
)
from preuve.model.content import Severity
from preuve.model.forms import AccountId, Name, Reason, items, keywords, number, text, words

RoleArn = Annotated[str, text("the ARN of a role to assume", pattern="^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$")]
RoleOfAccount = Annotated[
    str,
    text(
        "the ARN of the role, in which {account} stands for the number of each account",
        pattern=r"^arn:aws[a-z-]*:iam::\{account\}:role/.+$",
    ),
]
ExternalId = Annotated[
    str, text("the external id that the trust policy of the role asks for", pattern="^[A-Za-z0-9_+=,.@:/-]{2,1224}$")
]
SessionTags = Annotated[
    Mapping[str, Annotated[str, text(least=0, most=256)]],
    keywords(
        "tags of the session, in quotes where they are numbers or dates",
        minProperties=1,
        maxProperties=50,
        propertyNames={"minLength": 1, "maxLength": 128},
    ),
]
UnitName = Annotated[
    str,
    text(
        "an organizational unit: its id, or its path from the root such as /Workloads/Prod; / is the whole "
        "organization",
        pattern="^(/.*|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$",
    ),
]
Region = Annotated[str, text("an AWS region such as eu-west-3", pattern=f"^{REGION}$")]
_OF_A_ROLE = {name: ["role_arn"] for name in ("external_id", "session_tags", "through")}


class _Part(Struct, frozen=True, kw_only=True):
    """A part of the file."""


class Hop(_Part, frozen=True, kw_only=True):
    """A role on the way."""

    role_arn: RoleArn
    external_id: ExternalId = ""
    session_tags: SessionTags = {}


Hops = Annotated[tuple[Hop, ...], items("roles to assume before role_arn, each with the credentials of the one before")]


class Access(_Part, frozen=True, kw_only=True):
    """How an account is reached."""

    role_arn: RoleArn = ""
    external_id: ExternalId = ""
    session_tags: SessionTags = {}
    through: Hops = ()
    profile: Annotated[str, text("of your AWS configuration; without it the credentials of the environment")] = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles in the order in which they are assumed."""
        hops = [(hop.role_arn, hop.external_id, hop.session_tags) for hop in self.through]
        hops += [(self.role_arn, self.external_id, self.session_tags)] if self.role_arn else []
        return tuple(Role(*hop) for hop in hops)


class NamedAccount(Access, frozen=True, kw_only=True):
    """An account in scope."""

    id: AccountId
    name: Annotated[str, text("Name shown on reports; the number unless set.")] = ""
    environment: Annotated[
        str, text("of resources without a tag Environment; where it is not said they count as production")
    ] = ""


class EachAccount(Access, frozen=True, kw_only=True):
    """How each account of an organization is reached."""

    role_arn: RoleOfAccount


class KeptOutEntry(_Part, frozen=True, kw_only=True):
    """An account, or all of a unit, that is not examined."""

    account: AccountId = ""
    unit: UnitName = ""
    reason: Reason


class EnvironmentEntry(_Part, frozen=True, kw_only=True):
    """The environment of the accounts in a unit, or the tag that says it."""

    unit: UnitName = ""
    environment: Annotated[str, text("The environment of the accounts in the unit.")] = ""
    tag: Annotated[str, text("The value of this tag of the account, in lower case.")] = ""


_EITHER = keywords(oneOf=[{"required": ["account"]}, {"required": ["unit"]}])
_RULE = keywords(
    anyOf=[{"required": ["unit", "environment"]}, {"required": ["tag"]}],
    dependentSchemas={"tag": {"maxProperties": 1}},
)


class OrganizationEntry(Access, frozen=True, kw_only=True):
    """The organization that names accounts."""

    accounts: Annotated[EachAccount, keywords("How each account is reached.")]
    units: Annotated[
        tuple[UnitName, ...], items("Only accounts in one of these units, or in a unit below one.", once=True)
    ] = ()
    tags: Annotated[
        Mapping[str, Annotated[tuple[str, ...], items(once=True)]],
        keywords("Only accounts that have, of each of these tags, one of the values, in any case.", minProperties=1),
    ] = {}
    exclude: Annotated[
        tuple[Annotated[KeptOutEntry, _EITHER], ...], items("Accounts that you decide not to examine.")
    ] = ()
    environments: Annotated[
        tuple[Annotated[EnvironmentEntry, _RULE], ...],
        items("The environment of an account; the first entry that fits counts."),
    ] = ()


_ASKED = (
    "The accounts that AWS Organizations names, besides those of accounts. The keys profile, role_arn, "
    "external_id, session_tags and through say as whom preuve queries it."
)
_ON_GITHUB = "The organization on GitHub. preuve permissions --for github prints everything that the token may do."
_ASKED_OR_NOT: Mapping[str, Any] = {
    "oneOf": [{"required": ["organization", "token"]}, {"required": ["none"], "maxProperties": 1}],
    "dependentSchemas": {"none": {"maxProperties": 1}},  # with a reason for having none, none is named
}


class Company(_Part, frozen=True, kw_only=True):
    """The company."""

    name: Annotated[str, text("Name shown on reports.")]
    country: Annotated[str, text('two capital letters in quotes, such as "FR"', pattern="^[A-Z]{2}$")] = ""
    language: Annotated[str, text("Language of the results: one of en, fr", pattern="^[a-z]{2}$")] = "en"


class Scope(_Part, frozen=True, kw_only=True):
    """What preuve examines."""

    accounts: Annotated[
        tuple[Annotated[NamedAccount, keywords(dependentRequired=_OF_A_ROLE)], ...], keywords("Accounts of AWS.")
    ] = ()
    organization: Annotated[OrganizationEntry | None, keywords(_ASKED, dependentRequired=_OF_A_ROLE)] = None
    regions: Annotated[tuple[Region, ...], items("Regions that are read in each account.", once=True)] = ()
    github: Annotated[GitHub | None, keywords(_ON_GITHUB, **_ASKED_OR_NOT)] = None
    iac: Annotated[tuple[IacRoot, ...], keywords("Folders of code.")] = ()
    exclude: Annotated[tuple[Omission, ...], keywords("Code that you decide not to examine.")] = ()


class Gate(_Part, frozen=True, kw_only=True):
    """What fails a scan."""

    severity: Annotated[Severity, keywords("Findings at or above it fail a scan.")] = Severity.HIGH
    skip_comments: Annotated[
        str,
        words(
            "What a checkov:skip comment does: nothing unless a waiver covers the finding, or silence it without one.",
            "ignored",
            "accepted",
        ),
    ] = "ignored"


class Evidence(_Part, frozen=True, kw_only=True):
    """Where evidence is kept, how long, and how it is sealed."""

    folder: Annotated[str, text("Folder of the bundles.")] = "evidence"
    pseudonym_key: Annotated[str, text("File with the key of the pseudonyms, outside the evidence.")] = (
        "~/.config/preuve/pseudonyms.key"
    )
    signing: SigningKey | None = None
    timestamp: Timestamping | None = None
    chain: ChainBranch | None = None
    purpose: Annotated[str, text("Why evidence is kept, as each bundle says.")] = ""
    raw: RawKeeping | None = None
    retention_months: Annotated[
        int, number("How long a bundle is kept before it is deleted. A certification cycle unless set.", 1, 240)
    ] = RETENTION_MONTHS


class Aws(_Part, frozen=True, kw_only=True):
    """Another endpoint than AWS, or a proxy on the way."""

    endpoint_url: Annotated[
        str, text("Another endpoint than AWS; marks everything as a demonstration.", pattern="^https?://")
    ] = ""
    demonstration: Annotated[bool, keywords("Marks everything as a demonstration.")] = False
    ca: Annotated[
        str,
        text(
            "File with the certificate authorities (PEM) that preuve trusts instead of the public ones, "
            "behind a proxy that decrypts TLS. Every bundle names it with its hash."
        ),
    ] = ""


class Settings(_Part, frozen=True, kw_only=True):
    """The workspace of one company."""

    schema: Annotated[int, keywords("Version of this format.", const=1)]
    organisation: Company
    frameworks: Annotated[tuple[Name, ...], items("Folders below controls/.", once=True)] = ("iso27001-2022", "gdpr")
    scope: Scope = Scope()
    params: Annotated[Mapping[str, Any], keywords("Values for parameters of policies/params.yaml.")] = {}
    gate: Gate = Gate()
    evidence: Evidence = Evidence()
    exclusions: Annotated[
        tuple[Exclusion, ...], keywords("Controls that do not apply; clauses of ISO 27001 always do.")
    ] = ()
    notify: Annotated[Notify | None, keywords(minProperties=1)] = None
    aws: Aws = Aws()
