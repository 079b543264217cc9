"""Which resources a waiver's pattern covers, and what its approver signs."""

from __future__ import annotations

import json

from preuve.library import glob
from preuve.model.workspace import Waiver

APPROVERS = "approvers"  # OpenSSH's allowed signers: whose key is whose
SIGNATURES = "approvals"  # the folder of their signatures, one for each waiver
NAMESPACE = "preuve-waiver"  # what OpenSSH calls the purpose of a signature
VERIFIED = "verified"
_SIGNED = ("id", "policy", "resource", "reason", "owner", "approver", "created", "expires")


def covers(pattern: str, *names: str) -> bool:
    """Whether a glob (`*` and `?`) matches one of a resource's names as a whole."""
    compiled = glob.compiled(pattern)
    return any(name and compiled.fullmatch(name) for name in names)


def signed_fields(waiver: Waiver) -> dict[str, str]:
    """What is signed, and shown before: every field of the waiver, dates as 2026-11-24."""
    return {name: str(getattr(waiver, name)) for name in _SIGNED}


def signed_text(waiver: Waiver) -> bytes:
    """The same as JSON on one line with sorted keys."""
    text = json.dumps(signed_fields(waiver), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def allowed_signer(approver: str, public_key: str) -> str:
    """The line of `approvers` that gives a key to an approver, for waivers only."""
    return f'"{approver}" namespaces="{NAMESPACE}" {public_key}'
