"""The approver of a waiver, or of an attestation, signs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from preuve.evidence.approval import checked, public_key, read, sign, signable, signature_file
from preuve.evidence.signature import check_place
from preuve.library.company.people import AS_TWO
from preuve.library.company.waivers import APPROVERS, VERIFIED, Signable, allowed_signer, signed_fields
from preuve.model.company.workspace import Workspace
from preuve.model.errors import ContentError, PreuveError, UsageError
from preuve.pipeline.run.preparation import prepare
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.text import one_line
from preuve.system.causes import cause, to_do
from preuve.system.files import whole
from preuve.system.home import expanded

_LONGEST = 2000


@dataclass(frozen=True)
class ApprovalRequest:
    """A waiver or an attestation that may be signed, in its workspace."""

    item: Signable
    workspace: Workspace

    @property
    def locale(self) -> Locale:
        """The language of the messages."""
        return load_locale(self.workspace.language)

    def shown(self) -> Iterator[str]:
        """Yield the text to be signed, field by field."""
        for name, value in signed_fields(self.item).items():
            yield f"{name}: {one_line(value, _LONGEST)}"


def approving(root: Path, name: str, today: date) -> ApprovalRequest:
    """Find the waiver `name` for its approval.

    Raises UsageError if there is none or it has expired, ContentError for its defects.
    """
    workspace = prepare(root).workspace
    waiver = next((item for item in workspace.waivers if item.id == name), None)
    if waiver is None:
        defects = [problem for problem in workspace.problems if problem.position.file == "waivers.yaml"]
        if defects:  # it may be one of those
            raise ContentError(defects)
        known = ", ".join(item.id for item in workspace.waivers)
        none = "there are none: describe one there first (docs/formats.md, waivers.yaml)"
        raise UsageError(f"there is no waiver {name} in waivers.yaml", f"there are: {known}" if known else none)
    if waiver.expires < today:
        raise UsageError(f"the waiver {name} expired on {waiver.expires}", "decide again: give it new dates")
    return _approving(waiver, workspace)


def reviewing(root: Path, name: str, today: date) -> ApprovalRequest:
    """Find the attestation `name` for its review.

    Raises UsageError if there is none, it names no approver or has expired, ContentError for its defects.
    """
    workspace = prepare(root).workspace
    entry = next((item for item in workspace.attestations if item.id == name), None)
    if entry is None:
        counted = re.compile(r"attestations/.*\.yaml")  # no name that preuve does not read
        defects = [problem for problem in workspace.problems if counted.fullmatch(problem.position.file)]
        if defects:  # it may be one of those
            raise ContentError(defects)
        known = ", ".join(item.id for item in workspace.attestations) or "none"
        raise UsageError(f"there is no attestation {name} in attestations/", f"there are: {known}")
    if not entry.approver:
        raise UsageError(f"the attestation {name} names no approver who is shown to be another than its owner", AS_TWO)
    if entry.expires and entry.expires < today:
        raise UsageError(f"the attestation {name} expired on {entry.expires}", "attest anew")
    return _approving(entry, workspace)


def _approving(item: Signable, workspace: Workspace) -> ApprovalRequest:
    if not signable(item):
        raise UsageError(
            f"{item.id} cannot be signed: its id must be usable as a file name, its approver plain text",
            "ids of letters, digits, . _ and -; an approver without quotes, commas and * ? !",
        )
    return ApprovalRequest(item, workspace)


_WHICH_KEY = "give --key: a private key, or the public key of one in ssh-agent"
_LARGEST_KEY = 1 << 16
_KEY = re.compile(rb"\A\s*(-----BEGIN [A-Z ]*PRIVATE KEY-----|(sk-)?(ssh|ecdsa)-\S+ +AAAA)")


def check_key(asked: ApprovalRequest, key: Path) -> None:
    """Raise UsageError unless the key exists, is an SSH key, and is in a place that is allowed for a private key."""
    if not expanded(key).is_file():
        raise UsageError(f"there is no key {key}", _WHICH_KEY)
    with expanded(key).open("rb") as file:
        if not _KEY.search(file.read(_LARGEST_KEY)):
            raise UsageError(f"{key} is no SSH key", _WHICH_KEY)
    check_place(key, asked.workspace.root)


def approve(asked: ApprovalRequest, key: Path) -> Path:
    """Sign it with `key`, and write the signature.

    Raises UsageError, and writes nothing, if the signature would not count: the key is not the approver's, or is also
    the owner's.
    """
    item, root = asked.item, asked.workspace.root
    check_key(asked, key)
    try:
        approvers = read(root / APPROVERS) or b""
    except OSError as error:
        raise UsageError(f"cannot read {APPROVERS}: {cause(error)}", "make it a regular file") from error
    signature = sign(item, expanded(key))
    state = checked(item, signature, approvers).state
    if state == "owner_key":
        raise UsageError(
            f"{APPROVERS} gives this key also to who may be {item.owner}, who owns it",
            "the owner cannot be the approver",
        )
    if state != VERIFIED:
        line = allowed_signer(item, public_key(signature))
        raise UsageError(
            f"{APPROVERS} does not give this key to {item.approver}", f"have this line reviewed and merged: {line}"
        )
    return _written(root / signature_file(item), signature)


def _written(path: Path, signature: bytes) -> Path:
    """Write a signature in place of an earlier one. Raises UsageError if a link in the workspace leads elsewhere."""
    if path.parent.is_symlink():
        raise UsageError(f"{path.parent} is a link", "make it a regular folder")
    try:
        path.parent.mkdir(exist_ok=True)
        with whole(path) as file:  # an earlier one stays until the new one is written
            file.write(signature)
    except OSError as error:
        hint = to_do(error, "check who owns the folder")
        raise PreuveError(f"cannot write {path}: {cause(error)}", hint) from error
    return path
