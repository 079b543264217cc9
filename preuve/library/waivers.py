"""Which resources a waiver's pattern covers, and what the approver of a waiver or an attestation signs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from preuve.library import glob
from preuve.model.workspace import Attestation, Waiver

APPROVERS = "approvers"  # OpenSSH's allowed signers: whose key is whose
VERIFIED = "verified"

Signable = Waiver | Attestation


@dataclass(frozen=True)
class Purpose:
    """What a signature is for: one that was made for a waiver says nothing of an attestation."""

    namespace: str  # as OpenSSH calls it
    folder: str  # of the signatures, one file for each id
    fields: tuple[str, ...]  # what is signed
    noun: str


WAIVERS = Purpose(
    "preuve-waiver",
    "approvals",
    ("id", "policy", "resource", "reason", "owner", "approver", "created", "expires"),
    "waiver",
)
ATTESTATIONS = Purpose(
    "preuve-attestation",
    "reviews",
    ("id", "evidence", "kind", "title", "owner", "approver", "effective", "expires", "file", "sha256", "statement"),
    "attestation",
)
PURPOSES = (WAIVERS, ATTESTATIONS)


def purpose(item: Signable) -> Purpose:
    """What a signature on it is for."""
    return WAIVERS if isinstance(item, Waiver) else ATTESTATIONS


def covers(pattern: str, *names: str) -> bool:
    """Whether a glob (`*` and `?`) matches one of a resource's names as a whole."""
    compiled = glob.compiled(pattern)
    return any(name and compiled.fullmatch(name) for name in names)


def signed_fields(item: Signable) -> dict[str, str]:
    """What is signed, and shown before: every field, dates as 2026-11-24, what is not given as nothing."""
    return {name: str(getattr(item, name) or "") for name in purpose(item).fields}


def signed_text(item: Signable) -> bytes:
    """The same as JSON on one line with sorted keys."""
    text = json.dumps(signed_fields(item), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def allowed_signer(item: Signable, public_key: str) -> str:
    """The line of `approvers` that gives a key to the approver, for what is signed of this kind only."""
    return f'"{item.approver}" namespaces="{purpose(item).namespace}" {public_key}'
