"""Collects all accounts of a workspace: plans units, runs them on an executor, writes each as it completes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from preuve.collect.answer import UnreadError
from preuve.collect.aws.calls import WHO, Caller
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.collect.unit import Unit
from preuve.collect.units import Pools, UnitOutput, run_units, write_unread
from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import calls as possible_calls
from preuve.library.validation.rules import Needs
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Workspace
from preuve.model.content import AWS, Library, ResourceType
from preuve.model.progress import Progress
from preuve.model.snapshot import GLOBAL, Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter

_UNITS_AT_ONCE = 6


@dataclass(frozen=True)
class CollectionSummary:
    """The summary of a collection: the caller, and the number of calls."""

    callers: Mapping[str, str]  # account -> redacted ARN of the caller
    calls: int
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # account -> what its part says


@dataclass(frozen=True)
class AccountRead:
    """The result of reading one account; `refused` is why it could not be entered."""

    caller: str  # redacted
    calls: int
    refused: Unread | None


def plan(library: Library, needs: Needs, account: str, regions: Iterable[str]) -> list[Unit]:
    """Return the units of one account."""
    regions = list(regions)
    needed = [declared for name in needs.types if (declared := library.types[name]).provider == AWS]
    units = []
    for (service, scope), group in groupby(sorted(needed, key=_place), key=_place):
        types = tuple(group)
        for region in [GLOBAL] if scope == "global" else regions:
            home = regions[0] if region == GLOBAL else region
            units.append(Unit(account, region, home, service, types, needs.types, needs.texts))
    return units


def _place(declared: ResourceType) -> tuple[str, str]:
    return (declared.service or "account", declared.scope)


def collect(
    library: Library,
    needs: Needs,
    workspace: Workspace,
    writer: SnapshotWriter,
    redactor: Redactor,
    progress: Progress,
    limits: Limits | None = None,
) -> CollectionSummary:
    """Read everything that is needed from every account in scope, in this process."""
    collector = Collector(library, needs, workspace, writer, redactor, limits or Limits())
    read = {account.id: collector.read(account, progress) for account in workspace.accounts}
    return CollectionSummary(
        {name: item.caller for name, item in read.items()}, sum(item.calls for item in read.values())
    )


@dataclass(frozen=True)
class Collector:
    """Reads accounts of a workspace and writes what each unit read. Units are created nowhere else."""

    library: Library
    needs: Needs
    workspace: Workspace
    writer: SnapshotWriter
    redactor: Redactor
    limits: Limits = field(default_factory=Limits)

    def read(self, account: Account, progress: Progress) -> AccountRead:
        """Read an account; if preuve cannot enter it, its units state why."""
        if account.unread is not None:
            self.leave(account.id, account.unread)
            return AccountRead("", 0, account.unread)
        access = AccountAccess(account, self.workspace, self.limits, operations=self._operations)
        planned = plan(self.library, self.needs, account.id, self.workspace.regions)
        caller, refused = _caller(access, self.redactor, self.writer)
        calls = 1
        if refused is not None:
            write_unread(self.writer, planned, refused, self.redactor)
        else:
            with (
                ThreadPoolExecutor(self.limits.threads, "detail") as details,
                ThreadPoolExecutor(_UNITS_AT_ONCE, "unit") as pool,
            ):
                calls += _run(planned, access, Pools(details, pool), self.redactor, self.writer, progress)
        return AccountRead(self.redactor.text(caller), calls, refused)

    def leave(self, account: str, reason: Unread) -> None:
        """Write that nothing of an account was read, and why."""
        planned = plan(self.library, self.needs, account, self.workspace.regions)
        write_unread(self.writer, planned, reason, self.redactor)

    @cached_property
    def _operations(self) -> frozenset[tuple[str, str]]:
        return frozenset((call.service, call.operation) for call in possible_calls(self.library, self.needs))


def _caller(access: AccountAccess, redactor: Redactor, writer: SnapshotWriter) -> tuple[str, Unread | None]:
    """Return the caller's ARN in this account. If it is unknown, no other call is made: every call would fail for the
    same reason.
    """
    account = access.account.id
    caller = Caller(access, redactor, f"{account}/{GLOBAL}/sts", time.monotonic() + access.limits.unit)
    try:
        identity = caller.make(WHO, access.home, {}).value
    except UnreadError as error:
        return "", error.reason
    finally:
        if caller.records:
            writer.unit(account, GLOBAL, "sts", caller.records)
        caller.close()
    found, arn = identity.get("Account", ""), identity.get("Arn", "")
    if not found:
        return arn, Unread("not_aws", "NoAccount", "the answer names no account", actions(WHO)[0])
    if found != account:
        message = f"the credentials are those of account {found}"
        return arn, Unread("wrong_account", "WrongAccount", message, actions(WHO)[0])
    access.proven = frozenset(access.keys)
    return arn, None


def _run(
    planned: list[Unit],
    access: AccountAccess,
    pools: Pools,
    redactor: Redactor,
    writer: SnapshotWriter,
    progress: Progress,
) -> int:
    def caller(unit: Unit) -> Caller:
        return Caller(access, redactor, unit.name, time.monotonic() + access.limits.unit)

    def stop() -> None:
        access.stopped = True

    access.shared = _asked_by_several(planned)
    return run_units(planned, caller, pools, UnitOutput(writer, redactor, progress), stop)


def _asked_by_several(planned: Iterable[Unit]) -> frozenset[tuple[str, str]]:
    """Return the operations that units of different services or scopes call: they share the answer of one call."""
    users: dict[tuple[str, str], set[tuple[str, bool]]] = defaultdict(set)
    for unit in planned:
        for declared in unit.types:
            details = [call for name, call in declared.details.items() if name in unit.members[declared.name]]
            for call in (*declared.lists, *details):
                users[call.service, call.operation].add((unit.service, unit.region == GLOBAL))
    return frozenset(operation for operation, who in users.items() if len(who) > 1)
