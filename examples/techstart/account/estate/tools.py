"""What the parts of the estate share: how clients are reached, and how tags are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

ACCOUNT = "123456789012"
PARIS = "eu-west-3"
IRELAND = "eu-west-1"


class Aws(Protocol):
    """Clients of the emulated account."""

    def __call__(self, service: str, region: str = PARIS) -> Any:
        """The client of `service` in `region`."""

    def backdate(self, *changes: Mapping[str, Any]) -> None:
        """Makes resources older than they are: {kind, id, days}."""


def tags(**values: str) -> list[dict[str, str]]:
    """Tags in the usual form; the values are those of `well_kept` and the like."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


def lower_tags(**values: str) -> list[dict[str, str]]:
    """Tags as ECS, and no other service of ours, writes them."""
    return [{"key": key, "value": value} for key, value in values.items()]


def well_kept(owner: str, classification: str = "internal", personal: str = "no", **more: str) -> dict[str, str]:
    """The four mandatory tags of a production resource, and more."""
    return {
        "Owner": owner,
        "Environment": "production",
        "DataClassification": classification,
        "PersonalData": personal,
        **more,
    }


def policy(*statements: Mapping[str, Any]) -> str:
    """An IAM policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Mapping[str, Any], action: str = "sts:AssumeRole", **more: Any) -> str:
    """A trust policy with one statement."""
    return policy({"Effect": "Allow", "Principal": dict(principal), "Action": action, **more})
