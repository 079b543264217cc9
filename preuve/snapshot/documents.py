"""The forms of a snapshot's documents, `meta.json`, `workspace.json` and `earlier.json`, as `forms` has those of lines.

What people write in a workspace (titles, reasons, names of files) is free; what a run adds to it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from preuve.model.company.code import LeftOut, TerraformRun
from preuve.model.company.workspace import GitHub, Nonconformity, RefusedWaiver
from preuve.model.content import Severity
from preuve.snapshot.forms import (
    Account,
    AnyAddress,
    AnyFingerprint,
    AnySha256,
    Arn,
    Cause,
    Check,
    Count,
    Form,
    Member,
    Region,
    Sha256,
    Time,
    Type,
    UnreadForm,
    Word,
)

_AWS_ID = Annotated[str, Meta(pattern=r"^([0-9]{12}|not-discovered)\Z")]
_Account = Annotated[str, Meta(pattern=r"^([0-9]{12})?\Z")]
_Time = Annotated[str, Meta(pattern=r"^([0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z)?\Z")]
_AnyDay = Annotated[str, Meta(pattern=r"^([0-9]{4}-[01][0-9]-[0-3][0-9])?\Z")]
_Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]*\Z")]
_PublicKey = Annotated[str, Meta(pattern=r"^([a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2})?\Z")]
_ARMOUR = r"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END SSH SIGNATURE-----\n"
_Signature = Annotated[str, Meta(pattern=rf"^({_ARMOUR})?\Z")]


class PartForm(Form, frozen=True):
    """What the part of an account says of its reading."""

    started: Time
    finished: Time
    calls: Count
    preuve: Word
    build: _Hex


class RunForm(Form, frozen=True):
    """The audit that took the snapshot."""

    id: Word = ""
    period: Word = ""
    kind: Literal["audit", "tryout"] = "audit"
    commit: _Hex | None = None
    dirty: bool = False
    workflow_run_url: AnyAddress = ""


class AuthoritiesForm(Form, frozen=True):
    """The file of the authorities that answers were accepted from."""

    file: str
    sha256: Sha256


class MemberForm(Form, frozen=True):
    """An account as Organizations listed it."""

    id: _AWS_ID
    name: str
    state: Word
    unit: str
    decision: Literal["read", "excluded", "outside", "closed", "unknown"]
    reason: str = ""
    environment: str = ""
    unread: UnreadForm | None = None


class DiscoveryForm(Form, frozen=True):
    """What Organizations answered."""

    members: tuple[MemberForm, ...] = ()
    unread: UnreadForm | None = None
    units_unread: UnreadForm | None = None
    calls: Count = 0


class MetaForm(Form, frozen=True):
    """`meta.json`."""

    schema: Literal["preuve-snapshot/1"]
    preuve: Word = ""
    build: _Hex = ""
    started: _Time = ""
    finished: _Time = ""
    organisation: str = ""
    accounts: tuple[_AWS_ID, ...] = ()
    regions: tuple[Region, ...] = ()
    organizations: tuple[Account, ...] = ()
    callers: Mapping[_AWS_ID, Arn] = {}
    calls: Count = 0
    parts: Mapping[_AWS_ID, PartForm] = {}
    checkov: Word = ""
    unknown_checks: tuple[Check, ...] = ()
    demonstration: bool = False
    types: tuple[Type, ...] | None = None  # of an earlier version: the names of `members`
    members: Mapping[Type, tuple[Member, ...]] | None = None
    pseudonym_key_id: _Hex = ""
    ca: AuthoritiesForm | None = None
    run: RunForm | None = None
    organization: DiscoveryForm | None = None


class RecordForm(Form, frozen=True):
    """What the newest bundle before says of one record."""

    status: Annotated[str, Meta(pattern=r"^[A-Z_]{1,40}\Z")]
    since: Time


class EarlierForm(Form, frozen=True):
    """`earlier.json`."""

    bundle: Word = ""
    records: Mapping[Word, RecordForm] = {}
    runs_in_period: Count | None = None


class PositionForm(Form, frozen=True):
    """A place in a file of the workspace."""

    file: str
    line: Count = 0
    column: Count = 0


class ProblemForm(Form, frozen=True):
    """A defect of the workspace; the catalogue of messages says whether its texts are ours."""

    position: PositionForm
    message: str
    hint: str = ""


class ApprovalForm(Form, frozen=True):
    """The outcome of checking a signature."""

    state: Cause = "unchecked"
    key: AnyFingerprint = ""
    public_key: _PublicKey = ""
    signature: _Signature = ""
    salt: Literal[""] = ""
    committed: Mapping[Member, Sha256] = {}
    opened: Mapping[Member, tuple[Sha256, str]] = {}


class WaiverForm(Form, frozen=True):
    """An accepted risk."""

    id: str
    policy: str
    resource: str
    reason: str
    owner: str
    approver: str
    created: date
    expires: date
    position: PositionForm
    approval: ApprovalForm = ApprovalForm()
    account: _Account = ""


class AttestationForm(Form, frozen=True):
    """Manual evidence."""

    id: str
    evidence: Word
    kind: Literal["document", "statement"]
    title: str
    owner: str
    effective: date
    position: PositionForm
    conclusion: Literal["", "in_place", "partly", "not_in_place"] = ""
    expires: date | None = None
    file: str = ""
    sha256: AnySha256 = ""
    statement: str = ""
    approver: str = ""
    approval: ApprovalForm = ApprovalForm()


class RegisterForm(Form, frozen=True):
    """A register as it stood."""

    name: str
    file: str
    rows: Count
    sha256: AnySha256
    origins: tuple[str, ...] = ()
    fresh_until: tuple[_AnyDay, ...] = ()
    short: Literal["", "refused", "partial", "unproved", "page", "unknown"] = ""


class AccountForm(Form, frozen=True):
    """An account in scope."""

    id: _AWS_ID
    name: str
    environment: str = ""


class RootForm(Form, frozen=True):
    """A folder of code."""

    path: str
    kind: Literal["terraform", "cloudformation", "dockerfile", "github_actions"]
    plan: str = ""
    state: str = ""
    runs: tuple[TerraformRun, ...] = ()
    tags: Mapping[str, str] | None = None
    region: str = ""


class RefusedAttestationForm(Form, frozen=True):
    """A file in attestations/ that counts for nothing."""

    id: str
    evidence: Word
    problem: ProblemForm


class ExclusionForm(Form, frozen=True):
    """A control that does not apply."""

    control: Word
    reason: str


class DecisionForm(Form, frozen=True):
    """A decision of the Statement of Applicability."""

    control: Word
    justification: str
    owner: str = ""
    decided: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")] = ""
    implemented: Literal["", "yes", "partly", "no", "planned"] = ""


class WorkspaceForm(Form, frozen=True):
    """`workspace.json`."""

    organisation: str
    country: Annotated[str, Meta(pattern=r"^[A-Z]{0,2}\Z")]
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    frameworks: tuple[Word, ...]
    accounts: tuple[AccountForm, ...]
    regions: tuple[Region, ...]
    iac: tuple[RootForm, ...]
    params: Mapping[str, Any]
    gate: Severity
    evidence_folder: str
    purpose: str = ""
    retention_months: Count = 36
    accept_comments: bool = False
    demonstration: bool = False
    ca: str = ""
    github: GitHub | None = None
    left_out: tuple[LeftOut, ...] = ()
    exclusions: tuple[ExclusionForm, ...] = ()
    waivers: tuple[WaiverForm, ...] = ()
    refused: tuple[RefusedWaiver, ...] = ()
    attestations: tuple[AttestationForm, ...] = ()
    refused_attestations: tuple[RefusedAttestationForm, ...] = ()
    registers: tuple[RegisterForm, ...] = ()
    decisions: tuple[DecisionForm, ...] = ()
    nonconformities: tuple[Nonconformity, ...] = ()
    problems: tuple[ProblemForm, ...] = ()
    to_complete: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9_.\[\]-]+\Z")], ...] = ()


DOCUMENTS: Mapping[str, Any] = {"meta.json": MetaForm, "workspace.json": WorkspaceForm, "earlier.json": EarlierForm}
