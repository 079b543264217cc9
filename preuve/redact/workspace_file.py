"""The workspace as a snapshot keeps it: redacted, and enough to judge the snapshot again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from preuve.model.content import Severity
from preuve.model.errors import Position, Problem
from preuve.model.workspace import Account, Attestation, Exclusion, IacRoot, Waiver, Workspace
from preuve.redact.redactor import Redactor

_LEFT_OUT = ("root", "pseudonym_key", "endpoint_url")


def dump(workspace: Workspace, redactor: Redactor) -> dict[str, Any]:
    """The workspace as JSON data."""
    data = {name: value for name, value in asdict(workspace).items() if name not in _LEFT_OUT}
    redacted: dict[str, Any] = redactor.data(_plain(data))
    return redacted


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
            "frameworks": tuple(data["frameworks"]),
            "accounts": tuple(Account(**item) for item in data["accounts"]),
            "regions": tuple(data["regions"]),
            "iac": tuple(IacRoot(**item) for item in data["iac"]),
            "gate": Severity(data["gate"]),
            "exclusions": tuple(Exclusion(**item) for item in data["exclusions"]),
            "waivers": tuple(Waiver(**_dated(item)) for item in data["waivers"]),
            "attestations": tuple(Attestation(**_dated(item)) for item in data["attestations"]),
            "problems": tuple(_problem(item) for item in data["problems"]),
            "to_complete": tuple(data["to_complete"]),
        }
    )


def _dated(item: Mapping[str, Any]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(item[name]) for name in ("created", "expires", "effective") if item.get(name)}
    return {**item, **dates, "position": Position(**item["position"])}


def _problem(item: Mapping[str, Any]) -> Problem:
    return Problem(Position(**item["position"]), item["message"], item["hint"])
