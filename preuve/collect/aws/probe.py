"""Checks before a collection which regions answer, and which permissions IAM's own simulation grants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import botocore.exceptions

from preuve.collect.aws.causes import of_unknown_keys, unread
from preuve.collect.aws.session import AccountAccess
from preuve.library.iam.permissions import Permission
from preuve.model.snapshot import Unread

_ASSUMED = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")
_SIMULATED = re.compile(r"arn:[^:]+:iam::[0-9]{12}:(user|role)/.+")
_AT_ONCE = 50  # actions in one simulation
_AWS_ERRORS = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)
_ACTION = "iam:SimulatePrincipalPolicy"


@dataclass(frozen=True)
class Simulation:
    """The result of IAM's policy simulation: the actions that would be denied, or why that is unknown."""

    refused: tuple[str, ...] = ()
    unread: Unread | None = None


@dataclass(frozen=True)
class Identity:
    """Whose credentials an account is read with, or why that is not known."""

    account: str = ""
    arn: str = ""
    unread: Unread | None = None


def identity(access: AccountAccess, region: str) -> Identity:
    """Return the caller's identity, from a call in one region. `GetCallerIdentity` is the cheapest call and needs no
    permission.

    The home region is called first: if it accepts the keys and another region does not, that other region is disabled.
    """
    try:
        with _client(access, "sts", region) as client:
            answer = client.get_caller_identity()
    except _AWS_ERRORS as error:
        asked = "sts:GetCallerIdentity"
        reason = replace(unread(error, asked), call=asked, region=region)
        off = region != access.home and of_unknown_keys(reason)
        return Identity(unread=replace(reason, cause="region_off") if off else reason)
    return Identity(answer.get("Account", ""), answer.get("Arn", ""))


@contextmanager
def _client(access: AccountAccess, service: str, region: str) -> Iterator[Any]:
    access.hold(service, region)
    try:
        yield access.client(service, region)
    finally:
        access.release(service, region)


def simulate(access: AccountAccess, caller: str, permissions: Iterable[Permission]) -> Simulation:
    """Return the permissions that the caller (an ARN) lacks. If the simulation is denied or cannot decide, the result
    is unknown.
    """
    try:
        with _client(access, "iam", access.home) as client:
            principal = _principal(client, caller)
            if principal:
                return Simulation(tuple(sorted(_refused(client, principal, permissions))))
    except _AWS_ERRORS as error:
        return Simulation(unread=replace(unread(error, _ACTION), call=_ACTION, region=access.home))
    message = f"IAM simulates users and roles, and the caller is {caller}"
    return Simulation(unread=Unread("not_supported", "NoPrincipal", message, _ACTION))


def _principal(client: Any, caller: str) -> str:
    """Return the ARN to simulate. For a session it is the ARN of its role, with its path if preuve may look that up; ""
    if there is none.
    """
    assumed = _ASSUMED.fullmatch(caller)
    if assumed is None:
        return caller if _SIMULATED.fullmatch(caller) else ""
    try:
        return str(client.get_role(RoleName=assumed["role"])["Role"]["Arn"])
    except botocore.exceptions.ClientError:
        return f"arn:{assumed['partition']}:iam::{assumed['account']}:role/{assumed['role']}"


def _refused(client: Any, principal: str, permissions: Iterable[Permission]) -> Iterator[str]:
    by_resource = sorted(set(permissions), key=lambda item: (item.resource, item.action))
    for resource, found in groupby(by_resource, key=lambda item: item.resource):
        names = [item.action for item in found]
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            yield from _asked(client, principal, resource, part)


def _asked(client: Any, principal: str, resource: str, names: list[str]) -> set[str]:
    """Return the actions that the simulation did not allow. An action missing from the answer counts as denied."""
    pages = client.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=principal, ActionNames=names, ResourceArns=[resource]
    )
    results = [result for page in pages for result in page.get("EvaluationResults", [])]
    allowed = {result["EvalActionName"].lower() for result in results if result["EvalDecision"] == "allowed"}
    return {name for name in names if name.lower() not in allowed}
