"""The forms of a snapshot's documents, `meta.json`, `workspace.json` and `earlier.json`; `forms` has the forms of
lines.

Texts that people write in a workspace (titles, reasons, names of files) are free; texts that a run adds are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta

from preuve.model import errors, snapshot
from preuve.model.company import code, organization, workspace
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
    form_of,
    list_form,
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
    """The description of how one account's part was read."""

    started: Time
    finished: Time
    calls: Count
    preuve: Word
    build: _Hex


class RecordForm(Form, frozen=True):
    """One record of the newest earlier bundle."""

    status: Annotated[str, Meta(pattern=r"^[A-Z_]{1,40}\Z")]
    since: Time


class EarlierForm(Form, frozen=True):
    """`earlier.json`."""

    bundle: Word = ""
    records: Mapping[Word, RecordForm] = {}
    runs_in_period: Count | None = None


# ---- meta.json -----------------------------------------------------------------------------------------------------

_RUN = form_of(
    snapshot.AuditRun,
    id=Word,
    period=Word,
    kind=Literal["audit", "tryout"],
    commit=_Hex | None,
    workflow_run_url=AnyAddress,
)
_MEMBER = form_of(
    snapshot.Member,
    id=_AWS_ID,
    state=Word,
    decision=Literal["read", "excluded", "outside", "closed", "unknown"],
    unread=UnreadForm | None,
)
_DISCOVERY = form_of(
    snapshot.Discovery,
    members=list_form(_MEMBER),
    unread=UnreadForm | None,
    units_unread=UnreadForm | None,
    calls=Count,
)
_META = form_of(
    snapshot.Meta,
    schema=Literal["preuve-snapshot/1"],
    preuve=Word,
    build=_Hex,
    started=_Time,
    finished=_Time,
    organisation=(str, ""),
    accounts=tuple[_AWS_ID, ...],
    regions=tuple[Region, ...],
    organizations=tuple[Account, ...],
    callers=Mapping[_AWS_ID, Arn],
    calls=Count,
    parts=Mapping[_AWS_ID, PartForm],
    checkov=Word,
    unknown_checks=(tuple[Check, ...], ()),
    members=Mapping[Type, tuple[Member, ...]] | None,
    pseudonym_key_id=_Hex,
    ca=form_of(snapshot.Authorities, sha256=Sha256) | None,
    run=_RUN | None,
    organization=_DISCOVERY | None,
)


# ---- workspace.json ------------------------------------------------------------------------------------------------

_POSITION = form_of(errors.Position, line=Count, column=Count)
_PROBLEM = form_of(errors.Problem, position=_POSITION)  # the catalogue of messages says whether its texts are ours
_APPROVAL = form_of(
    workspace.Approval,
    state=Cause,
    key=AnyFingerprint,
    public_key=_PublicKey,
    signature=_Signature,
    salt=Literal[""],
    committed=Mapping[Member, Sha256],
    opened=Mapping[Member, tuple[Sha256, str]],
)
_WAIVER = form_of(workspace.Waiver, position=_POSITION, approval=(_APPROVAL, _APPROVAL()), account=_Account)
_ATTESTATION = form_of(
    workspace.Attestation,
    evidence=Word,
    kind=Literal["document", "statement"],
    conclusion=(Literal["", workspace.IN_PLACE, workspace.PARTLY, workspace.NOT_IN_PLACE], ""),
    position=_POSITION,
    sha256=AnySha256,
    approval=(_APPROVAL, _APPROVAL()),
)
_REGISTER = form_of(
    workspace.Register,
    rows=Count,
    sha256=AnySha256,
    fresh_until=tuple[_AnyDay, ...],
    short=Literal["", "refused", "partial", "unproved", "notice", "page", "unknown"],
)
_ROOT = form_of(code.IacRoot, kind=Literal["terraform", "cloudformation", "dockerfile", "github_actions"])
_DECISION = form_of(
    workspace.Decision,
    control=Word,
    decided=Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")],
    implemented=Literal["", "yes", "partly", "no", "planned"],
)
_WORKSPACE = form_of(
    workspace.Workspace,
    without=(
        *("root", "pseudonym_key", "raw", "signing", "timestamping", "chain", "endpoint_url", "organization"),
        "notify",
        "waiting",
    ),
    country=Annotated[str, Meta(pattern=r"^[A-Z]{0,2}\Z")],
    language=Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")],
    frameworks=tuple[Word, ...],
    accounts=list_form(form_of(organization.Account, id=_AWS_ID, without=("roles", "profile", "unread"))),
    regions=tuple[Region, ...],
    iac=list_form(_ROOT),
    retention_months=Count,
    exclusions=list_form(form_of(workspace.Exclusion, control=Word)),
    waivers=list_form(_WAIVER),
    attestations=list_form(_ATTESTATION),
    refused_attestations=list_form(form_of(workspace.RefusedAttestation, evidence=Word, problem=_PROBLEM)),
    registers=list_form(_REGISTER),
    decisions=list_form(_DECISION),
    problems=list_form(_PROBLEM),
    to_complete=tuple[Annotated[str, Meta(pattern=r"^[a-z0-9_.\[\]-]+\Z")], ...],
)

DOCUMENTS: Mapping[str, Any] = {"meta.json": _META, "workspace.json": _WORKSPACE, "earlier.json": EarlierForm}
