"""What a company owns: its scope, parameters, waivers and attestations."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preuve.model.company.notify import Notify
from preuve.model.company.secret import SecretPlace
from preuve.model.content import GITHUB, Severity
from preuve.model.errors import Position, Problem
from preuve.model.snapshot import Unread

if TYPE_CHECKING:
    from preuve.model.company.organization import Organization


@dataclass(frozen=True)
class Role:
    """A role to assume, with what its trust policy may ask for."""

    arn: str
    external_id: str = ""
    session_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """One AWS account in scope and how it is reached."""

    id: str
    name: str
    roles: tuple[Role, ...] = ()  # each assumed with the credentials of the one before; the last reads the account
    profile: str = ""
    environment: str = ""
    unread: Unread | None = None  # why it is in scope and not asked


@dataclass(frozen=True)
class LeftOut:
    """What is no part of what is examined, and why: a file or folder, relative to the workspace, or a repository."""

    path: str
    reason: str


@dataclass(frozen=True)
class GitHub:
    """The organization on GitHub that is in scope, and how it is asked; or why there is none."""

    organization: str = ""
    api: str = "https://api.github.com"
    token: SecretPlace | None = None  # None in a snapshot
    none: str = ""  # where the company says that it has no organization: why
    only: tuple[str, ...] = ()  # names or globs of the repositories in scope; all of them unless set
    only_why: str = ""
    left_out: tuple[LeftOut, ...] = ()  # repositories by name or glob


@dataclass(frozen=True)
class TerraformRun:
    """One way in which a Terraform root module is applied: in this workspace of Terraform, with these variables."""

    workspace: str = "default"
    variables: tuple[str, ...] = ()  # files in the order of `-var-file`, relative to the workspace


@dataclass(frozen=True)
class IacRoot:
    """A folder of code, relative to the workspace."""

    path: str
    kind: str  # terraform | cloudformation | dockerfile | github_actions
    plan: str = ""  # of the root module at `path`: the file that `terraform show -json` wrote
    state: str = ""  # likewise its state: which resource of the account each block made
    runs: tuple[TerraformRun, ...] = ()  # of the root module at `path`: each is judged; none stands for the plain one

    @staticmethod
    def of(data: Mapping[str, Any]) -> IacRoot:
        """The folder in plain data, as `asdict` or a workspace's file has it."""
        runs = tuple(
            TerraformRun(**{**run, "variables": tuple(run.get("variables", ()))}) for run in data.get("runs", ())
        )
        return IacRoot(**{**data, "runs": runs})


@dataclass(frozen=True)
class Approval:
    """What came out when a run checked the approver's signature on a waiver or attestation: a fact of that run."""

    state: str = "unchecked"  # or verified, or why not: a word of `approval` in the locales
    key: str = ""  # fingerprint of the key that signed; this and what follows only where it is verified
    public_key: str = ""  # the same key, as OpenSSH writes it
    signature: str = ""  # as ssh-keygen writes it
    salt: str = ""  # of what was signed, in hexadecimal: stays in the workspace, goes into no bundle
    committed: Mapping[str, str] = field(default_factory=dict)  # field -> commitment: what was signed
    opened: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # field -> salt and value, where no name stands


@dataclass(frozen=True)
class Waiver:
    """An accepted risk. It silences findings only while it is valid."""

    id: str
    policy: str
    resource: str  # glob over the resource's id or ARN, or `root:address` in code
    reason: str
    owner: str
    approver: str
    created: date
    expires: date
    position: Position
    approval: Approval = Approval()
    account: str = ""  # only there; "" for wherever the pattern fits


@dataclass(frozen=True)
class Attestation:
    """Manual evidence: a document or a statement that somebody stands for."""

    id: str
    evidence: str
    kind: str  # document | statement
    title: str
    owner: str
    effective: date
    position: Position
    expires: date | None = None
    file: str = ""
    sha256: str = ""
    statement: str = ""
    approver: str = ""  # who reviewed it, never its owner
    approval: Approval = Approval()


@dataclass(frozen=True)
class Exclusion:
    """A control that does not apply, with the reason recorded in the Statement of Applicability."""

    control: str
    reason: str


@dataclass(frozen=True)
class Register:
    """A living register as it stands: how long it is and its hash, not what it holds."""

    name: str  # of the template whose columns it has, or of the company's own
    file: str  # relative to the workspace
    rows: int
    sha256: str
    origins: tuple[str, ...] = ()  # of rows that an inlet filled: inlet, file, hash, tool, version and date


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
class Signing:
    """Whose key signs bundles; the private key is never named in a workspace."""

    identity: str  # a name of a function, not of a person: it is in every bundle
    public_key: str  # type and key as OpenSSH writes them, without comment


@dataclass(frozen=True)
class Timestamping:
    """The RFC 3161 authority that bundles are timestamped by."""

    authority: str
    ca: str  # file with its root certificate, relative to the workspace


@dataclass(frozen=True)
class ChainBranch:
    """Where the chain of runs lives when it does not lie beside the bundles: a branch of its own in the repository."""

    remote: str
    branch: str


@dataclass(frozen=True)
class RawKeeping:
    """Where raw responses are kept apart from the evidence, and for how long."""

    folder: str
    days: int


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
    retention_months: int = 36  # a certification cycle
    raw: RawKeeping | None = None
    signing: Signing | None = None
    timestamping: Timestamping | None = None
    chain: ChainBranch | None = None
    accept_comments: bool = False  # a comment in code that switches a check off silences it, without owner or expiry
    endpoint_url: str = ""
    demonstration: bool = False
    ca: str = ""  # file with the authorities that answers are accepted from, where a proxy opens TLS
    github: GitHub | None = None  # the organization in scope, if any
    organization: Organization | None = None  # that names more accounts
    notify: Notify | None = None  # whom a result is told
    left_out: tuple[LeftOut, ...] = ()  # code that is not examined, on purpose
    exclusions: tuple[Exclusion, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    registers: tuple[Register, ...] = ()
    decisions: tuple[Decision, ...] = ()
    nonconformities: tuple[Nonconformity, ...] = ()
    problems: tuple[Problem, ...] = ()
    to_complete: tuple[str, ...] = field(default_factory=tuple)  # keys of preuve.yaml not filled in yet

    def holders(self, provider: str) -> tuple[str, ...]:
        """What is in scope of a provider: accounts of AWS, the organization on GitHub."""
        if provider == GITHUB:
            return (self.github.organization,) if self.github and not self.github.none else ()
        return tuple(account.id for account in self.accounts)

    @property
    def reads_accounts(self) -> bool:
        """Whether accounts are in scope, named or to be discovered."""
        return bool(self.accounts) or self.organization is not None

    @property
    def reads_live(self) -> bool:
        """Whether accounts or an organization on GitHub are in scope, or it is said why there is none of the latter."""
        return self.reads_accounts or self.github is not None

    def delete_after(self, closed: date) -> date:
        """The day until which a bundle of that day is kept, and after which it is deleted."""
        months = closed.year * 12 + closed.month - 1 + self.retention_months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(closed.day, monthrange(year, month)[1]))
