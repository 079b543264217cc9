"""Collects all accounts of a workspace: plans units, runs them on an executor, writes each as it completes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from itertools import chain, groupby, islice
from typing import Any

from preuve.collect.aws.calls import WHO, Caller, UnreadError
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.collect.aws.unit import Unit, UnitReader
from preuve.library.checked.rules import Needs
from preuve.library.iam.actions import actions
from preuve.library.iam.permissions import calls as possible_calls
from preuve.model.company.workspace import Workspace
from preuve.model.content import WORKSPACE, Library, ResourceType
from preuve.model.errors import PreuveError
from preuve.model.progress import Progress, Step
from preuve.model.snapshot import GLOBAL, Unread
from preuve.redact.redactor import Redactor
from preuve.snapshot.writer import SnapshotWriter

_UNITS_AT_ONCE = 6
_SHOWN = 300  # characters of a message


@dataclass(frozen=True)
class Collected:
    """What the collection was: who asked, and how many calls it took."""

    callers: Mapping[str, str]  # account -> redacted ARN of the caller
    calls: int
    units: int


def plan(library: Library, needs: Needs, account: str, regions: Iterable[str]) -> list[Unit]:
    """The units of one account."""
    regions = list(regions)
    needed = [declared for name in needs.types if (declared := library.types[name]).scope != WORKSPACE]
    units = []
    for (service, scope), group in groupby(sorted(needed, key=_place), key=_place):
        types = tuple(group)
        for region in [GLOBAL] if scope == "global" else regions:
            home = regions[0] if region == GLOBAL else region
            units.append(Unit(account, region, home, service, types, needs.types))
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
) -> Collected:
    """Read everything that is needed from every account in scope."""
    limits = limits or Limits()
    callers: dict[str, str] = {}
    calls = units = 0
    operations = frozenset((call.service, call.operation) for call in possible_calls(library, needs))
    with ThreadPoolExecutor(limits.threads, "detail") as details, ThreadPoolExecutor(_UNITS_AT_ONCE, "unit") as pool:
        for account in workspace.accounts:
            access = AccountAccess(account, workspace, limits, operations=operations)
            planned = plan(library, needs, account.id, workspace.regions)
            if account.unread is not None:
                _write_unread(writer, planned, account.unread, redactor)
                continue
            caller, refused = _caller(access, redactor, writer)
            callers[account.id] = redactor.text(caller)
            calls += 1
            if refused is not None:
                _write_unread(writer, planned, refused, redactor)
            else:
                calls += _run(planned, access, redactor, details, pool, writer, progress)
            units += len(planned)
    return Collected(callers, calls, units)


def _caller(access: AccountAccess, redactor: Redactor, writer: SnapshotWriter) -> tuple[str, Unread | None]:
    """Who we are in this account. Without that nothing is asked: every reading would fail for the same reason."""
    account = access.account.id
    caller = Caller(access, redactor, f"{account}/{GLOBAL}/sts", time.monotonic() + access.limits.unit)
    try:
        identity = caller.make(WHO, access.home, {}).value
    except UnreadError as error:
        return "", error.reason
    finally:
        if caller.records:
            writer.unit(account, GLOBAL, "sts", caller.records)
        for service, region in caller.clients:
            access.release(service, region)
    found, arn = identity.get("Account", ""), identity.get("Arn", "")
    if not found:
        return arn, Unread("not_aws", "NoAccount", "the answer names no account", actions(WHO)[0])
    if found != account:
        message = f"the credentials are those of account {found}"
        return arn, Unread("wrong_account", "WrongAccount", message, actions(WHO)[0])
    return arn, None


def _run(
    planned: list[Unit],
    access: AccountAccess,
    redactor: Redactor,
    details: ThreadPoolExecutor,
    pool: ThreadPoolExecutor,
    writer: SnapshotWriter,
    progress: Progress,
) -> int:
    def task(unit: Unit) -> tuple[Unit, int]:
        reader = UnitReader(unit, access, redactor, details)
        try:
            lines = reader.read()
            first = list(islice(lines, 1))
            if first:
                writer.unit(unit.account, unit.region, unit.service, chain(first, lines))
        except (PreuveError, OSError):  # the workspace or this machine: nothing more can be written
            raise
        except Exception as error:  # noqa: BLE001 - a boundary: what goes wrong in one unit leaves no other unread
            reason = Unread("defect", type(error).__name__, str(error)[:_SHOWN])
            _write_unread(writer, [unit], reason, redactor, reader.records)
        return unit, reader.calls

    access.shared = _asked_by_several(planned)
    running: set[Future[tuple[Unit, int]]] = {pool.submit(task, unit) for unit in planned}
    calls = ended = 0
    try:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                unit, count = future.result()
                calls, ended = calls + count, ended + 1
                progress(Step("unit", {"service": unit.service, "region": unit.region}), ended, len(planned))
    finally:
        access.stopped = bool(running)  # only where this was interrupted: what has begun then ends with its next call
        for future in running:
            future.cancel()
    return calls


def _asked_by_several(planned: Iterable[Unit]) -> frozenset[tuple[str, str]]:
    """The operations that units of different services or scopes ask for: what one has read, the others read from it."""
    users: dict[tuple[str, str], set[tuple[str, bool]]] = defaultdict(set)
    for unit in planned:
        for declared in unit.types:
            details = [call for name, call in declared.details.items() if name in unit.members[declared.name]]
            for call in (*declared.lists, *details):
                users[call.service, call.operation].add((unit.service, unit.region == GLOBAL))
    return frozenset(operation for operation, who in users.items() if len(who) > 1)


def _write_unread(
    writer: SnapshotWriter,
    planned: list[Unit],
    reason: Unread,
    redactor: Redactor,
    records: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Write units of which nothing was read, for a reason, and the calls that were made all the same."""
    line = asdict(replace(reason, message=redactor.text(reason.message)))
    for unit in planned:
        lines: list[Mapping[str, Any]] = [
            {
                "kind": "listing",
                "type": declared.name,
                "account": unit.account,
                "region": unit.region,
                "count": 0,
                "pagination": "failed",
                "calls": [],
                "parent": "",
                "unread": line,
            }
            for declared in unit.types
        ]
        writer.unit(unit.account, unit.region, unit.service, [*lines, *records])
