"""What a company owns: its scope, parameters, waivers and attestations."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from preuve.model.company.code import IacRoot, Omission
from preuve.model.company.notify import Notify
from preuve.model.company.organization import Account, Organization
from preuve.model.company.secret import Secret
from preuve.model.content import GITHUB, Severity
from preuve.model.errors import Position, Problem
from preuve.model.forms import ADDED, AWS_ID, Reason, day, items, keywords, number, text, words

RETENTION_MONTHS = 36  # how long a bundle is kept unless the workspace says otherwise: a certification cycle
_Repository = Annotated[
    str,
    text(
        "Name of a repository without its organization; * and ? as in file names", pattern="^[A-Za-z0-9._*?-]{1,100}$"
    ),
]


@dataclass(frozen=True)
class OnlyRepositories:
    """The repositories that are in scope, if not all are, and why."""

    names: Annotated[tuple[_Repository, ...], items("Names, or patterns of names.", once=True)]
    reason: Annotated[str, text("Why all others are left out", least=10)]


@dataclass(frozen=True)
class LeftOutRepository:
    """A repository that is not examined, and why."""

    name: _Repository
    reason: Reason


@dataclass(frozen=True)
class Repositories:
    """Which repositories of an organization are examined."""

    only: OnlyRepositories | None = None
    exclude: Annotated[tuple[LeftOutRepository, ...], keywords("Repositories that you decide not to examine.")] = ()


@dataclass(frozen=True)
class GitHub:
    """The organization on GitHub that is in scope, and how it is asked; or why there is none."""

    organization: Annotated[
        str,
        text(
            "Its name in addresses, such as acme in https://github.com/acme",
            pattern="^[A-Za-z0-9](-?[A-Za-z0-9])*$",
            most=39,
        ),
    ] = ""
    api: Annotated[
        str,
        text(
            "Address of the API, without a / at the end; https://HOST/api/v3 of a GitHub Enterprise Server. http on "
            "127.0.0.1 only, which marks everything as a demonstration.",
            pattern=r"^(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|http://127\.0\.0\.1:[0-9]{1,5})(/[A-Za-z0-9_-]+)*$",
        ),
    ] = "https://api.github.com"
    token: Secret | None = None  # None in a snapshot
    none: Annotated[
        str,
        text(
            "Why there is no organization on GitHub, such as: the code is kept on GitLab. The evidence shows it.",
            least=10,
        ),
    ] = ""
    repositories: Annotated[
        Repositories | None,
        keywords(
            "Which repositories are in scope: all of them unless set. preuve lists the others too, and the "
            "evidence shows them with the reason.",
            minProperties=1,
        ),
    ] = None


@dataclass(frozen=True)
class Approval:
    """The result of checking the approver's signature on a waiver or attestation in one run."""

    state: str = "unchecked"  # verified, or why not: a word of `approval` in the locales
    key: str = ""  # fingerprint of the key that signed; this and what follows only where it is verified
    public_key: str = ""  # the same key, as OpenSSH writes it
    signature: str = ""  # as ssh-keygen writes it
    salt: str = ""  # the salt of what was signed, in hexadecimal; never in a bundle
    committed: Mapping[str, str] = field(default_factory=dict)  # field -> commitment: what was signed
    opened: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # field -> salt and value, if nameless


_WAIVED_IN = 'twelve digits in quotes, such as "123456789012": only there, and not in code'
IN_PLACE, PARTLY, NOT_IN_PLACE = "in_place", "partly", "not_in_place"  # what an attestation concludes
_CONCLUSION = "What its owner concludes: what the item requires is in place, only a part of it, or not."
_SIGNER = "Who reviews and signs it (preuve attest --sign), not its owner: then both as First Last (CISO)."


@dataclass(frozen=True)
class Waiver:
    """An accepted risk. It silences findings only while it is valid."""

    id: Annotated[str, text("Names it in reports, and its signature: approvals/ID.sig.")]
    policy: Annotated[str, text("The policy whose findings it covers.")]
    resource: Annotated[str, text("Glob over id or ARN, or root:address in code.")]
    reason: Annotated[str, text("Why the risk is accepted.")]
    owner: Annotated[str, text("Who owns the risk.")]
    approver: Annotated[str, text("Who accepts it: somebody else than its owner, both as First Last (CISO).")]
    created: Annotated[date, day("the first on which it counts")]
    expires: Annotated[date, day("the last on which it counts, at most twelve months later")]
    position: Annotated[Position, ADDED]
    approval: Annotated[Approval, ADDED] = Approval()
    account: Annotated[str, text(_WAIVED_IN, pattern=AWS_ID)] = ""


@dataclass(frozen=True)
class RefusedWaiver:
    """An entry of waivers.yaml that counts for nothing, as far as it can be read, and why: `defect`."""

    id: str
    policy: str
    resource: str
    reason: str
    owner: str
    approver: str
    created: str
    expires: str
    defect: str


@dataclass(frozen=True)
class Waivers:
    """Accepted risks."""

    waivers: Annotated[tuple[Waiver, ...], keywords("Each an accepted risk.")]


FILED_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"  # names a file, also in a bundle


@dataclass(frozen=True)
class Attestation:
    """Manual evidence: a document or a statement that somebody stands for."""

    id: Annotated[
        str,
        text(
            "letters, digits, - and _, such as ATT-012; it names it in reports, and its signature: reviews/ID.sig",
            pattern=f"^{FILED_ID}$",
        ),
    ]
    evidence: Annotated[str, text("Id of controls/evidence.yaml.")]
    kind: Annotated[str, words("What it is.", "document", "statement")]
    title: Annotated[str, text("What it is called.")]
    owner: Annotated[str, text("Who is responsible for it.")]
    effective: Annotated[date, day("the first on which it counts")]
    conclusion: Annotated[str, words(_CONCLUSION, IN_PLACE, PARTLY, NOT_IN_PLACE)]
    position: Annotated[Position, ADDED]
    expires: Annotated[date | None, day("the last on which it counts")] = None
    file: Annotated[str, text("The document, in the same folder, attestations/.")] = ""
    sha256: Annotated[str, text("The hash of the document or register.", pattern="^[0-9a-f]{64}$")] = ""
    statement: Annotated[str, text("What the owner states, where there is no document.")] = ""
    approver: Annotated[str, text(_SIGNER)] = ""
    approval: Annotated[Approval, ADDED] = Approval()


@dataclass(frozen=True)
class RefusedAttestation:
    """A file in attestations/ that counts for nothing, as far as it can be read, and why."""

    id: str
    evidence: str
    problem: Problem


@dataclass(frozen=True)
class Exclusion:
    """A control that does not apply, with the reason recorded in the Statement of Applicability."""

    control: Annotated[str, text("Its id, such as A.7.1.")]
    reason: Annotated[str, text("Why; the Statement of Applicability shows it.")]


@dataclass(frozen=True)
class Register:
    """A living register as it stands: how long it is and its hash, not what it holds."""

    name: str  # name of its template, or of the company's own register
    file: str  # relative to the workspace
    rows: int
    sha256: str
    origins: tuple[str, ...] = ()  # for rows that an inlet filled: inlet, file, hash, tool, version and date
    fresh_until: tuple[str, ...] = ()  # the last day of each source that filled it; empty if no cell tells
    short: str = ""  # why it may lack rows that its sources have, a word of `register_short`


@dataclass(frozen=True)
class Decision:
    """Why a control is or is not in the Statement of Applicability, as decided by a person."""

    control: str
    justification: str
    owner: str = ""
    decided: str = ""  # YYYY-MM-DD
    implemented: str = ""  # yes | partly | no | planned, where the register says


@dataclass(frozen=True)
class Nonconformity:
    """An entry of the register of nonconformities (ISO/IEC 27001, 10.2), as the company wrote it."""

    number: str
    found_on: str = ""
    source: str = ""
    control: str = ""
    finding: str = ""
    grade: str = ""
    correction: str = ""
    cause: str = ""
    action: str = ""
    owner: str = ""
    due: str = ""
    effective: str = ""  # whether the action worked, who checked it and when
    closed: str = ""


@dataclass(frozen=True)
class SigningKey:
    """Whose key signs bundles; the private key is never named in a workspace."""

    identity: Annotated[
        str,
        text(
            "a name of a function such as audit.example.org, not of a person: it is in every bundle",
            pattern="^[a-z0-9][a-z0-9.-]*$",
        ),
    ]
    public_key: Annotated[
        str,
        text(
            "the line of an OpenSSH .pub file; the private key stays in ssh-agent or outside the workspace",
            pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [^\r\n]*)?$",
        ),
    ]  # loaded without its comment


@dataclass(frozen=True)
class Timestamping:
    """The RFC 3161 authority that bundles are timestamped by."""

    authority: Annotated[str, text("Address of an RFC 3161 timestamp authority.", pattern=r"^https?://[!#-\[\]-~]+$")]
    ca: Annotated[str, text("File with the authority's root certificate (PEM), relative to the workspace.")]


@dataclass(frozen=True)
class ChainBranch:
    """Where the chain of runs is kept if not next to the bundles: a separate branch of the repository."""

    remote: Annotated[
        str, text("a remote of the workspace's repository, such as origin", pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")
    ]
    branch: Annotated[
        str,
        text(
            "Protected branch with nothing but the chain of runs.",
            pattern="^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$",
        ),
    ] = "evidence-log"


@dataclass(frozen=True)
class RawKeeping:
    """Where raw responses are kept apart from the evidence, and for how long. Not kept unless set."""

    folder: Annotated[str, text("Folder for the responses before redaction, outside the evidence and never in git.")]
    days: Annotated[int, number("After so many days the next audit deletes them.", 1, 366)]


@dataclass(frozen=True)
class Workspace:
    """The workspace, loaded. `problems` are defects that disable one entry (a malformed waiver) but not the run."""

    root: Path
    organisation: str
    country: str
    language: str
    frameworks: tuple[str, ...]
    accounts: tuple[Account, ...]
    regions: tuple[str, ...]
    iac: tuple[IacRoot, ...]
    params: Mapping[str, Any]
    gate: Severity
    evidence_folder: str
    pseudonym_key: str
    purpose: str = ""  # why evidence is kept; "" for the words of the locale
    retention_months: int = RETENTION_MONTHS
    raw: RawKeeping | None = None
    signing: SigningKey | None = None
    timestamping: Timestamping | None = None
    chain: ChainBranch | None = None
    accept_comments: bool = False  # comments in code silence checks, without owner or expiry
    endpoint_url: str = ""
    demonstration: bool = False
    ca: str = ""  # file with accepted certificate authorities, if a proxy opens TLS
    github: GitHub | None = None  # the organization in scope, if any
    organization: Organization | None = None  # the organization that names more accounts
    notify: Notify | None = None  # who is told a result
    left_out: tuple[Omission, ...] = ()  # code that is not examined, on purpose
    exclusions: tuple[Exclusion, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    refused: tuple[RefusedWaiver, ...] = ()  # waivers that count for nothing
    attestations: tuple[Attestation, ...] = ()
    refused_attestations: tuple[RefusedAttestation, ...] = ()
    registers: tuple[Register, ...] = ()
    decisions: tuple[Decision, ...] = ()
    nonconformities: tuple[Nonconformity, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: tuple[Problem, ...] = ()  # what is normal for a while in a register, and leaves a figure open
    to_complete: tuple[str, ...] = field(default_factory=tuple)  # keys of preuve.yaml not filled in yet

    def holders(self, provider: str) -> tuple[str, ...]:
        """Return what is in scope of a provider: accounts of AWS, or the organization on GitHub."""
        if provider == GITHUB:
            return (self.github.organization,) if self.github and not self.github.none else ()
        return tuple(account.id for account in self.accounts)

    @property
    def reads_accounts(self) -> bool:
        """Whether accounts are in scope, named or to be discovered."""
        return bool(self.accounts) or self.organization is not None

    @property
    def reads_live(self) -> bool:
        """Whether accounts or a GitHub organization are in scope, or the workspace says why it has none on GitHub."""
        return self.reads_accounts or self.github is not None

    def delete_after(self, closed: date) -> date:
        """Return the day until which a bundle closed on this day is kept, and after which it is deleted."""
        months = closed.year * 12 + closed.month - 1 + self.retention_months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(closed.day, monthrange(year, month)[1]))
