"""The workspace as a snapshot keeps it: redacted, and enough to judge the snapshot again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert

from preuve.library.company.people import is_function, is_ordinary, tells_function
from preuve.library.company.waivers import field_salt, signed_fields
from preuve.library.json_data import changed
from preuve.library.vocabulary import own_texts
from preuve.model.company.code import IacRoot, Omission
from preuve.model.company.organization import Account
from preuve.model.company.workspace import (
    Attestation,
    Decision,
    Exclusion,
    GitHub,
    Nonconformity,
    RefusedAttestation,
    RefusedWaiver,
    Register,
    Waiver,
    Workspace,
)
from preuve.model.content import Severity
from preuve.model.errors import Problem, UsageError
from preuve.redact.known_names import KnownNames
from preuve.redact.redactor import Redactor
from preuve.redact.spelling import plain
from preuve.system.causes import cause

_INSIDE = re.compile(r"\((?P<text>[^()]*)\)\s*$")
# What parts people in one cell; a function may hold the second (`Directrice administrative et financière`).
_SEVERAL = (re.compile(r"\s*[,;]\s*"), re.compile(r"\s*[/&+]\s*|\s+(?:et|and|ou|or)\s+"))
_ANYBODY = "person"
_SHA256 = re.compile(r"(?<=\bsha256 )[0-9a-f]{64}\b")
_OF_ACCOUNT = ("id", "name", "environment")  # how it is reached (roles, external ids, profiles) stays private
_OF_GITHUB = ("organization", "api", "none", "repositories")
_LEFT_OUT = (
    "root",
    "pseudonym_key",
    "raw",
    "endpoint_url",
    "signing",
    "timestamping",
    "chain",
    "notify",
    "organization",
    "waiting",
)


def dump(workspace: Workspace, redactor: Redactor, roles: frozenset[str]) -> dict[str, Any]:
    """Return the workspace as JSON data. `roles` are words such as `RSSI` that name a function and no person, beside
    those that read as one.
    """
    data = changed({name: value for name, value in asdict(workspace).items() if name not in _LEFT_OUT}, _plain)
    data["accounts"] = [{name: item[name] for name in _OF_ACCOUNT} for item in data["accounts"]]
    _commit(data, redactor)
    known = {role.casefold() for role in roles}
    if data["github"]:  # the place of its token stays private too
        data["github"] = {name: data["github"][name] for name in _OF_GITHUB}
    named = {written: name for written, name in _people(workspace) if name.casefold() not in known}
    people = sorted((written for written, name in named.items() if not _names_nobody(name)), key=len, reverse=True)
    redacted: dict[str, Any] = redactor.data(_without(data, {one: redactor.person(named[one]) for one in people}))
    signed: tuple[Waiver | Attestation, ...] = (*workspace.waivers, *workspace.attestations)
    for item, entry in zip((*redacted["waivers"], *redacted["attestations"]), signed, strict=True):
        item["approval"] = _approval(entry, item)  # added last: it names nobody, but may contain a short name by chance
    return redacted


def _commit(data: Mapping[str, Any], redactor: Redactor) -> None:
    """Replace the hashes of registers, of their sources and of attested files by commitments. Such files may name
    people, and a reader who knows some of them could test guesses about the others.
    """
    for register in data["registers"]:
        origins = register["origins"]
        register["origins"] = [_SHA256.sub(lambda found: redactor.committed(found[0]), one) for one in origins]
        register["sha256"] = redactor.committed(register["sha256"])
    for item in data["attestations"]:
        item["sha256"] = redactor.committed(item["sha256"])


def _approval(entry: Waiver | Attestation, redacted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the approval without its salt, and with those of the fields that say the same as before: nothing was taken
    out of them, so that they can be checked, and the others cannot be guessed.
    """
    kept = {**asdict(entry.approval), "salt": ""}
    if not entry.approval.salt:
        return kept
    salt = bytes.fromhex(entry.approval.salt)
    same = {name: value for name, value in signed_fields(entry).items() if str(redacted.get(name) or "") == value}
    return {**kept, "opened": {name: [field_salt(salt, name).hex(), value] for name, value in same.items()}}


def _people(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """Yield the owners and approvers as they are written, each of several, with their names. A function in parentheses
    after a name is no part of it, and a name after a function stands for itself; what else stands there may be a
    further last name (`Marie Durand (née Petit)`), and goes with the first.
    """
    waivers: tuple[Waiver | RefusedWaiver, ...] = (*workspace.waivers, *workspace.refused)
    named = [person for waiver in waivers for person in (waiver.owner, waiver.approver)]
    named += [person for entry in workspace.attestations for person in (entry.owner, entry.approver)]
    named += [decision.owner for decision in workspace.decisions]
    named += [entry.owner for entry in workspace.nonconformities]
    for person in (one for people in named for one in _each(people, _SEVERAL)):
        name, inside = _INSIDE.sub("", person).strip(), _INSIDE.search(person)
        text = inside["text"].strip() if inside else ""
        yield from [(name, name)] if name else []
        if text and is_function(name):
            yield from [(text, text)] if _may_be_name(text) else []
        elif name and text and not tells_function(text):
            yield person.strip(), name


def _each(people: str, signs: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """Yield what a cell names one by one; a function is one."""
    if not signs or is_function(_INSIDE.sub("", people)):
        yield people
        return
    for person in signs[0].split(people):
        yield from _each(person, signs[1:])


def _may_be_name(text: str) -> bool:
    return bool(text) and (not is_ordinary(text) or len(text.split()) > 1)


def _names_nobody(name: str) -> bool:
    """Return whether an owner or approver is a function and no person: taken for a name, it would be searched for in
    our own texts too.
    """
    return is_function(name) or (is_ordinary(name) and KnownNames({_ANYBODY: name}).stand_in(own_texts(), _own_plain()))


@cache
def _own_plain() -> str:
    return plain(own_texts())


def _without(data: dict[str, Any], pseudonyms: Mapping[str, str]) -> Any:
    """Return the data with every name replaced wherever it stands, also in statements and reasons."""

    def replaced(value: Any) -> Any:
        for name, pseudonym in pseudonyms.items() if isinstance(value, str) else ():
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", pseudonym, value)
        return value

    return changed(data, replaced)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_KEPT: Mapping[str, Any] = {
    "frameworks": tuple[str, ...],
    "accounts": tuple[Account, ...],
    "regions": tuple[str, ...],
    "github": GitHub | None,
    "iac": tuple[IacRoot, ...],
    "left_out": tuple[Omission, ...],
    "gate": Severity,
    "exclusions": tuple[Exclusion, ...],
    "waivers": tuple[Waiver, ...],
    "refused": tuple[RefusedWaiver, ...],
    "attestations": tuple[Attestation, ...],
    "refused_attestations": tuple[RefusedAttestation, ...],
    "registers": tuple[Register, ...],
    "decisions": tuple[Decision, ...],
    "nonconformities": tuple[Nonconformity, ...],
    "problems": tuple[Problem, ...],
    "to_complete": tuple[str, ...],
}


def kept_types() -> Mapping[str, Any]:
    """Return what each member of the workspace that a snapshot keeps is: no other one is written."""
    kept = {name for name in Workspace.__dataclass_fields__ if name not in _LEFT_OUT}
    return {name: _KEPT.get(name, Any) for name in sorted(kept)}


def restore(data: Mapping[str, Any], root: Path) -> Workspace:
    """Return the workspace from JSON data; what only collection needs is left empty, and a member that the format does
    not know is left out: `foreign` reports it.

    Raises UsageError if it is no whole workspace.
    """
    known = {name: value for name, value in data.items() if name in kept_types()}
    try:
        typed = {name: convert(known[name], kind) for name, kind in _KEPT.items() if name in known}
        return Workspace(**{**known, **typed, "root": root, "pseudonym_key": "", "endpoint_url": ""})
    except (ValidationError, TypeError) as error:
        raise UsageError(
            f"{root}: workspace.json does not hold a whole workspace: {cause(error)}",
            "name a bundle that preuve audit wrote, as it was closed",
        ) from error
