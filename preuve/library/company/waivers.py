"""The resources that a waiver covers, and the text that the approver of a waiver or attestation signs."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from preuve.library import glob
from preuve.model.company.workspace import Attestation, Waiver

APPROVERS = "approvers"  # OpenSSH's allowed signers: whose key is whose
VERIFIED = "verified"

Signable = Waiver | Attestation


@dataclass(frozen=True)
class Purpose:
    """The purpose of a signature: one for a waiver is not valid for an attestation."""

    namespace: str  # OpenSSH's word
    folder: str  # holds the signatures, one file for each id
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
    (
        *("id", "evidence", "kind", "title", "owner", "approver", "effective", "expires", "file", "sha256"),
        *("statement", "conclusion"),
    ),
    "attestation",
)
PURPOSES = (WAIVERS, ATTESTATIONS)


def purpose(item: Signable) -> Purpose:
    """Return the purpose of a signature on an item."""
    return WAIVERS if isinstance(item, Waiver) else ATTESTATIONS


def covers(pattern: str, *names: str) -> bool:
    """Return whether a glob (`*` and `?`) matches one of a resource's names as a whole."""
    compiled = glob.compiled(pattern)
    return any(name and compiled.fullmatch(name) for name in names)


def signed_fields(item: Signable) -> dict[str, str]:
    """Return every field of an item as text, for display and for commitments: dates as 2026-11-24, unset fields as
    "". The account of a waiver is included only if it is set, so that older signatures stay valid.
    """
    account = {"account": item.account} if isinstance(item, Waiver) and item.account else {}
    return {**{name: str(getattr(item, name) or "") for name in purpose(item).fields}, **account}


def field_salt(salt: bytes, name: str) -> bytes:
    """Derive the salt of one field: it opens the commitment of this field and of no other."""
    return hmac.new(salt, name.encode(), hashlib.sha256).digest()


def commitments(item: Signable, salt: bytes) -> dict[str, str]:
    """Return a commitment to each field: the SHA-256 of its salt and its text. A bundle may keep all of them:
    without the salt, nobody can test whether a name is meant.
    """
    return {
        name: hashlib.sha256(field_salt(salt, name) + value.encode()).hexdigest()
        for name, value in signed_fields(item).items()
    }


def signed_text(committed: Mapping[str, str]) -> bytes:
    """Return the bytes that the key signs: commitments as JSON on one line with sorted keys."""
    return f"{json.dumps(committed, sort_keys=True, separators=(',', ':'))}\n".encode()


def allowed_signer(item: Signable, public_key: str) -> str:
    """Return the line of `approvers` that gives a key to the approver, valid only for signatures with this purpose."""
    return f'"{item.approver}" namespaces="{purpose(item).namespace}" {public_key}'
