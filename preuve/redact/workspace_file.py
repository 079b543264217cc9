"""The workspace as a snapshot keeps it: redacted, and enough to judge the snapshot again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from preuve.library.company.waivers import field_salt, signed_fields
from preuve.model.company.workspace import (
    Account,
    Approval,
    Attestation,
    Decision,
    Exclusion,
    GitHub,
    IacRoot,
    LeftOut,
    Nonconformity,
    Register,
    Waiver,
    Workspace,
)
from preuve.model.content import Severity
from preuve.model.errors import Position, Problem
from preuve.redact.redactor import Redactor

_FUNCTION = re.compile(r"\([^()]*\)\s*$")
_OF_ACCOUNT = ("id", "name", "environment")  # how it is reached (roles, external ids, profiles) is nobody's business
_OF_GITHUB = ("organization", "api", "none", "only", "only_why", "left_out")
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
)


def dump(workspace: Workspace, redactor: Redactor, roles: frozenset[str]) -> dict[str, Any]:
    """The workspace as JSON data. `roles` are words such as `RSSI` that name a function and no person."""
    data = _plain({name: value for name, value in asdict(workspace).items() if name not in _LEFT_OUT})
    data["accounts"] = [{name: item[name] for name in _OF_ACCOUNT} for item in data["accounts"]]
    known = {role.casefold() for role in roles}
    if data["github"]:  # where its token lies is nobody's business either
        data["github"] = {name: data["github"][name] for name in _OF_GITHUB}
    people = sorted({name for name in _people(workspace) if name.casefold() not in known}, key=len, reverse=True)
    redacted: dict[str, Any] = redactor.data(_without(data, {name: redactor.person(name) for name in people}))
    signed: tuple[Waiver | Attestation, ...] = (*workspace.waivers, *workspace.attestations)
    for item, entry in zip((*redacted["waivers"], *redacted["attestations"]), signed, strict=True):
        item["approval"] = _approval(entry, item)  # names nobody; a short name may stand in a signature by chance
    return redacted


def _approval(entry: Waiver | Attestation, redacted: Mapping[str, Any]) -> dict[str, Any]:
    """The approval without its salt, and with those of the fields that say the same as before: in them nothing was
    taken out, so that they can be checked, and the others cannot be guessed.
    """
    kept = {**asdict(entry.approval), "salt": ""}
    if not entry.approval.salt:
        return kept
    salt = bytes.fromhex(entry.approval.salt)
    same = {name: value for name, value in signed_fields(entry).items() if str(redacted.get(name) or "") == value}
    return {**kept, "opened": {name: [field_salt(salt, name).hex(), value] for name, value in same.items()}}


def _people(workspace: Workspace) -> Iterator[str]:
    """The names of owners and approvers; a function in parentheses after a name is no part of it."""
    named = [person for waiver in workspace.waivers for person in (waiver.owner, waiver.approver)]
    named += [person for entry in workspace.attestations for person in (entry.owner, entry.approver)]
    named += [decision.owner for decision in workspace.decisions]
    named += [entry.owner for entry in workspace.nonconformities]
    yield from (name for person in named if (name := _FUNCTION.sub("", person).strip()))


def _without(value: Any, pseudonyms: Mapping[str, str]) -> Any:
    """The data with every name replaced wherever it stands, statements and reasons included."""
    if isinstance(value, str):
        for name, pseudonym in pseudonyms.items():
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", pseudonym, value)
        return value
    if isinstance(value, Mapping):
        return {key: _without(item, pseudonyms) for key, item in value.items()}
    return [_without(item, pseudonyms) for item in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def restore(data: Mapping[str, Any], root: Path) -> Workspace:
    """The workspace from JSON data; what only collection needs is left empty."""
    return Workspace(
        **{
            **data,
            "root": root,
            "pseudonym_key": "",
            "endpoint_url": "",
            "frameworks": tuple(data["frameworks"]),
            "accounts": tuple(Account(**{name: item[name] for name in _OF_ACCOUNT}) for item in data["accounts"]),
            "regions": tuple(data["regions"]),
            "github": _github(data["github"]) if data.get("github") else None,
            "iac": tuple(map(IacRoot.of, data["iac"])),
            "left_out": tuple(LeftOut(**item) for item in data.get("left_out", ())),
            "gate": Severity(data["gate"]),
            "exclusions": tuple(Exclusion(**item) for item in data["exclusions"]),
            "waivers": tuple(_waiver(item) for item in data["waivers"]),
            "attestations": tuple(_attestation(item) for item in data["attestations"]),
            "registers": tuple(map(_register, data.get("registers", ()))),
            "decisions": tuple(Decision(**item) for item in data.get("decisions", ())),
            "nonconformities": tuple(Nonconformity(**item) for item in data.get("nonconformities", ())),
            "problems": tuple(_problem(item) for item in data["problems"]),
            "to_complete": tuple(data["to_complete"]),
        }
    )


def _register(item: Mapping[str, Any]) -> Register:
    return Register(**{**item, "origins": tuple(item.get("origins", ()))})


def _github(data: Mapping[str, Any]) -> GitHub:
    """An organization; earlier versions did not choose among its repositories."""
    left_out = tuple(LeftOut(**item) for item in data.get("left_out", ()))
    return GitHub(**{**data, "only": tuple(data.get("only", ())), "left_out": left_out})


def _waiver(item: Mapping[str, Any]) -> Waiver:
    return Waiver(**{**_dated(item), "approval": Approval(**item.get("approval", {}))})


def _attestation(item: Mapping[str, Any]) -> Attestation:
    return Attestation(**{**_dated(item), "approval": Approval(**item.get("approval", {}))})


def _dated(item: Mapping[str, Any]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(item[name]) for name in ("created", "expires", "effective") if item.get(name)}
    return {**item, **dates, "position": Position(**item["position"])}


def _problem(item: Mapping[str, Any]) -> Problem:
    return Problem(Position(**item["position"]), item["message"], item["hint"])
