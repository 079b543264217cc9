"""The organization in preuve.yaml: which of its accounts are in scope, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from preuve.library.yaml.documents import Document, Path_
from preuve.model.company.organization import CALLS, EnvironmentRule, KeptOut, Organization, Unit
from preuve.model.company.workspace import Account, Role
from preuve.model.errors import Position, Problem

_PLACE = ("scope", "organization")


def organization_of(document: Document) -> Organization | None:
    """The organization of a workspace, if it has one."""
    data = (document.data.get("scope") or {}).get("organization")
    if data is None:
        return None
    each = data["accounts"]
    return Organization(
        position=document.position(*_PLACE),
        asks=Account(CALLS, CALLS, roles_of(data), data.get("profile", "")),
        roles=roles_of(each),
        profile=each.get("profile", data.get("profile", "")),
        units=tuple(_unit(name, document, "units", index) for index, name in enumerate(data.get("units", ()))),
        tags={name: tuple(values) for name, values in data.get("tags", {}).items()},
        kept_out=tuple(_kept_out(item, document, index) for index, item in enumerate(data.get("exclude", ()))),
        environments=tuple(_rule(item, document, index) for index, item in enumerate(data.get("environments", ()))),
    )


def roles_of(item: Mapping[str, Any]) -> tuple[Role, ...]:
    """The roles of an entry, in the order in which they are assumed."""
    return tuple(_role(hop) for hop in (*item.get("through", ()), item) if "role_arn" in hop)


def organization_problems(document: Document, scope: Mapping[str, Any]) -> Iterator[Problem]:
    """What the schema cannot say of it."""
    data = scope.get("organization")
    if not isinstance(data, dict):
        return
    if not scope.get("regions"):
        yield Problem(document.position(*_PLACE), "scope names accounts and no regions", "add regions: [eu-west-3]")
    named = {item.get("id") for item in _mappings(scope.get("accounts"))}
    for index, item in enumerate(_mappings(data.get("exclude"))):
        if "account" in item and item["account"] in named:
            at = _at(document, "exclude", index, "account")
            yield Problem(at, f"{item['account']} is left out, and scope.accounts names it", "keep one of them")


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _role(item: Mapping[str, Any]) -> Role:
    return Role(item["role_arn"], item.get("external_id", ""), item.get("session_tags", {}))


def _unit(name: str, document: Document, *path: str | int) -> Unit:
    return Unit(name, _at(document, *path))


def _kept_out(item: Mapping[str, str], document: Document, index: int) -> KeptOut:
    account = item.get("account", "")
    at = _at(document, "exclude", index, "account" if account else "unit")
    return KeptOut(item["reason"], at, account, None if account else Unit(item["unit"], at))


def _rule(item: Mapping[str, str], document: Document, index: int) -> EnvironmentRule:
    unit = _unit(item["unit"], document, "environments", index, "unit") if "unit" in item else None
    return EnvironmentRule(item.get("environment", ""), unit, item.get("tag", ""))


def _at(document: Document, *path: str | int) -> Position:
    key: Path_ = (*_PLACE, *path)
    return document.position(*key)
