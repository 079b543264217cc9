"""Approvals of waivers and attestations: signatures of commitments to all their fields, by a key that the file
`approvers` gives to the approver.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from preuve.evidence.bag import unsafe
from preuve.evidence.signature import fingerprint, signed, ssh_keygen
from preuve.evidence.verifier.bag import open_regular
from preuve.evidence.verifier.programs import run, signed_by
from preuve.library.company.people import are_two, same_person
from preuve.library.company.waivers import APPROVERS, VERIFIED, Signable, commitments, purpose, signed_text
from preuve.model.company.workspace import FILED_ID, Approval, Workspace

_SPECIAL = frozenset('",*?!')  # have a special meaning in a list of allowed signers
_LARGEST = 1 << 18
_ARMOUR = re.compile(r"-----BEGIN SSH SIGNATURE-----\s++(?P<blob>[A-Za-z0-9+/=\s]++)(?<=\s)-----END SSH SIGNATURE-----")
_SALT = re.compile(rb"^salt: ([0-9a-f]{64})\r?$", re.MULTILINE)
_SALT_BYTES = 32
_ANYONE = "approver"  # a bundle has pseudonyms, and the signature covers no name
_VERSION = 10  # bytes of SSHSIG's magic and version; the public key follows, after its length


def with_approvals(workspace: Workspace) -> Workspace:
    """Return the workspace with the current result of each signature of its waivers and attestations."""
    waivers = (replace(waiver, approval=_found(waiver, workspace.root)) for waiver in workspace.waivers)
    said = (replace(entry, approval=_found(entry, workspace.root)) for entry in workspace.attestations)
    return replace(workspace, waivers=tuple(waivers), attestations=tuple(said))


def signature_file(item: Signable) -> str:
    """Return the path of the signature, relative to the workspace."""
    return f"{purpose(item).folder}/{item.id}.sig"


def signable(item: Signable) -> bool:
    """Return whether the id can be a file name, and the people's names are not patterns of allowed signers."""
    people = f"{item.owner}{item.approver}".isprintable() and _SPECIAL.isdisjoint(item.approver)
    return people and re.fullmatch(FILED_ID, item.id) is not None and not unsafe(f"{item.id}.json")


def sign(item: Signable, key: Path) -> bytes:
    """Sign commitments to all fields with the private key in `key`. The new salt is the first line of the result."""
    salt = secrets.token_bytes(_SALT_BYTES)
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        text = Path(folder, "text")
        text.write_bytes(signed_text(commitments(item, salt)))
        made = signed(ssh_keygen(), text, key, purpose(item).namespace, f"the {purpose(item).noun}")
    return f"salt: {salt.hex()}\n".encode() + made


def checked(item: Signable, signature: bytes, approvers: bytes) -> Approval:
    """Check whether a signature by the approver, who is neither owner nor author, covers exactly these fields."""
    program, namespace = shutil.which("ssh-keygen"), purpose(item).namespace
    if program is None:
        return Approval("no_ssh_keygen")
    armour, salt = _armour(signature), _SALT.search(signature)
    if armour is None or salt is None:
        return Approval("unreadable" if armour is None else "no_salt")
    committed = commitments(item, bytes.fromhex(salt[1].decode()))
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        text, made, allowed = (Path(folder, name) for name in ("text", "sig", "approvers"))
        text.write_bytes(signed_text(committed))
        made.write_text(f"{armour[0]}\n", encoding="ascii")
        allowed.write_bytes(approvers)
        files = ["-s", str(made), "-f", str(allowed)]
        found = signed_by(program, namespace, item.approver, text, files)
        if found is None:
            code, _ = run([program, "-Y", "check-novalidate", "-n", namespace, "-s", str(made)], text)
            return Approval("changed" if code else "other_key")
        own = signed_by(program, namespace, item.owner, text, files)
    key = public_key(signature)
    if own or any(_may_own(name, item) for name in _holders(approvers, key)):
        return Approval("owner_key")
    if fingerprint(key) != found["key"]:  # a certificate: `approvers` does not state whose it is
        return Approval("other_key")
    return Approval(VERIFIED, found["key"], key, f"{armour[0]}\n", salt[1].decode(), committed)


def holds(item: Signable) -> bool:
    """Return whether the signature of an item in a bundle covers the commitments next to it, with the key next to it.
    Raises PreuveError if ssh-keygen is not installed.
    """
    approval, namespace = item.approval, purpose(item).namespace
    with tempfile.TemporaryDirectory(prefix="preuve-") as folder:
        text, made, allowed = (Path(folder, name) for name in ("text", "sig", "approvers"))
        text.write_bytes(signed_text(approval.committed))
        made.write_text(approval.signature, encoding="utf-8")
        allowed.write_text(f'{_ANYONE} namespaces="{namespace}" {approval.public_key}\n', encoding="utf-8")
        found = signed_by(ssh_keygen(), namespace, _ANYONE, text, ["-s", str(made), "-f", str(allowed)])
    return found is not None and found["key"] == approval.key


def can_verify() -> bool:
    """Return whether ssh-keygen is installed and verifies signatures, which it does since OpenSSH 8.1."""
    program = shutil.which("ssh-keygen")
    if program is None:
        return False
    _, said = run([program, "-Y", "check-novalidate", "-n", "preuve", "-s", os.devnull])
    return not re.search(r"(?:unknown|illegal|invalid) option", said)


def public_key(signature: bytes) -> str:
    """Return the key that made a signature, in the format of OpenSSH; "" if it contains none."""
    armour = _armour(signature)
    blob = base64.b64decode(armour["blob"]) if armour else b""
    key = _string(blob[_VERSION:])
    return f"{_string(key).decode('ascii', 'replace')} {base64.b64encode(key).decode()}" if key else ""


def _may_own(name: str, item: Signable) -> bool:
    """Return whether the holder of a key may be the owner; a name that is only a shorter form of the approver's does
    not count.
    """
    shown = are_two(name, item.owner) or same_person(name, item.approver)
    return not shown or same_person(name, item.owner)


def _holders(approvers: bytes, key: str) -> Iterator[str]:
    """Return the names to which the file of approvers gives a key, in its spelling."""
    for line in approvers.decode("utf-8", "replace").splitlines():
        if key and key.split()[1] in line.split():
            quoted = re.match(r'\s*"([^"]*)"|\s*(\S+)', line)
            yield from (quoted[1] or quoted[2]).split(",") if quoted else ()


def _found(item: Signable, folder: Path) -> Approval:
    if not item.approver:
        return Approval("unsigned")
    if not signable(item):
        return Approval("unsignable")
    try:
        signature = read(folder / signature_file(item))
        approvers = read(folder / APPROVERS)
    except OSError:
        return Approval("unreadable")
    if signature is None:
        return Approval("unsigned")
    return Approval("no_approvers") if approvers is None else checked(item, signature, approvers)


def read(path: Path) -> bytes | None:
    """Read a file; empty if it does not exist. Raises OSError for a link and for a file that is too large."""
    try:
        with open_regular(path) as file:
            content = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(content) > _LARGEST:
        raise OSError(f"{path.name} is larger than {_LARGEST} bytes")
    return content


def _armour(signature: bytes) -> re.Match[str] | None:
    """Return the signature in a file, without the text around it."""
    return _ARMOUR.search(signature.decode("ascii", "replace"))


def _string(data: bytes) -> bytes:
    """Return the first string in SSH data, without its length."""
    return data[4 : 4 + int.from_bytes(data[:4], "big")]
