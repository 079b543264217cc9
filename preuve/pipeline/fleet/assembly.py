"""Combines the parts of all accounts in one snapshot, after the missing ones have been read."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from preuve.collect.aws.run import CollectionSummary, Collector
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Workspace
from preuve.model.progress import Progress, Step
from preuve.model.snapshot import Unread
from preuve.pipeline.fleet.engine import Engine, Order, ReadingResult
from preuve.pipeline.fleet.part import counting, cut_short, oldest
from preuve.pipeline.fleet.places import Place
from preuve.pipeline.fleet.request import asked
from preuve.pipeline.run.preparation import Preparation
from preuve.pipeline.run.redaction import Redaction
from preuve.snapshot.part import Part, PartError, read_part
from preuve.snapshot.writer import SnapshotWriter

_TOLD = ("started", "finished", "calls", "preuve", "build")  # members of a part that the snapshot keeps


@dataclass(frozen=True)
class Fleet:
    """The place of the parts of accounts, their maximum age, and the engine that reads missing ones, if any."""

    place: Place
    hours: float
    engine: Engine | None = None
    told: str = ""  # the place as the engine sees it


@dataclass
class Gathering:
    """One snapshot that is put together from parts."""

    prepared: Preparation
    fleet: Fleet
    writer: SnapshotWriter
    redacting: Redaction
    progress: Progress
    keep_raw: bool = True
    _parts: dict[str, Part] = field(default_factory=dict)

    def collect(self) -> CollectionSummary:
        """Have missing accounts read, and take the parts that count; for the others, write that nothing was read, and
        why.
        """
        ends = self._read_missing() if self.fleet.engine else {}
        for account in self.prepared.workspace.accounts:
            if account.unread is not None:
                self._leave(account, account.unread)
                continue
            try:
                part = self._take(account.id)
            except PartError as error:
                self._leave(account, _reason(error, ends.get(account.id)))
            else:
                self._tell_short(account, part)
        for beyond in sorted(set(self.fleet.place.accounts()) - {item.id for item in self.prepared.workspace.accounts}):
            self.progress(Step("account_beyond", {"account": beyond}))
        parts = self._parts.items()
        callers = {account.id: "" for account in self.prepared.workspace.accounts}
        callers |= {name: str(part.about["caller"]) for name, part in parts}
        told = {name: {key: part.about[key] for key in _TOLD} for name, part in parts}
        return CollectionSummary(callers, sum(int(part.about["calls"]) for _, part in parts), told)

    def _asked(self, account: str) -> dict[str, Any]:
        return asked(self.prepared, account, self.redacting.pseudonyms)

    def _read_missing(self) -> Mapping[str, ReadingResult]:
        accounts = [account.id for account in self.prepared.workspace.accounts if account.unread is None]
        run = secrets.token_hex(8)
        orders = [_order(self.prepared.workspace, name, self.fleet, run, keep_raw=self.keep_raw) for name in accounts]
        missing = [order for order in orders if not self._is_there(order.account)]
        ended = len(orders) - len(missing)

        def told(end: ReadingResult) -> None:
            nonlocal ended
            ended += 1
            part = self._counting(end.account)
            step = "account_unread" if part is None else "account_partly" if cut_short(part) else "account"
            self.progress(Step(step, {"account": end.account}), ended, len(orders))

        assert self.fleet.engine is not None  # noqa: S101 - asked for only where there is one
        return self.fleet.engine.read(missing, told)

    def _is_there(self, account: str) -> bool:
        part = self._counting(account)
        if part is not None:
            self.progress(Step("account_kept", {"account": account, "at": str(part.about["finished"])}))
        return part is not None

    def _counting(self, account: str) -> Part | None:
        """Return the valid part of an account that could be entered; an account that was refused is read again."""
        part = counting(self.fleet.place, self._asked(account), self.redacting, self.fleet.hours)
        return None if part is None or part.refused else part

    def _take(self, account: str) -> Part:
        with self.fleet.place.part(account) as folder:
            part = read_part(folder, self._asked(account), self.redacting.pseudonyms, oldest(self.fleet.hours))
            part.learn(self.redacting.pseudonyms)
            part.copy_units(self.writer.folder)
        self._parts[account] = part
        return part

    def _tell_short(self, account: Account, part: Part) -> None:
        """Name an account that could not be entered, or whose reading was cut short: its findings do not name it."""
        reason = cut_short(part)
        if reason is not None:
            self._tell("account_left" if part.refused else "account_short", account, reason)

    def _tell(self, step: str, account: Account, reason: Unread) -> None:
        named = account.id if account.name in ("", account.id) else f"{account.id} ({account.name})"
        why = {"cause": reason.cause, "code": reason.code, "message": reason.message}
        self.progress(Step(step, {"account": named, **why}))

    def _leave(self, account: Account, reason: Unread) -> None:
        self._tell("account_left", account, reason)
        shutil.rmtree(self.writer.folder / "aws" / account.id, ignore_errors=True)
        prepared = self.prepared
        collector = Collector(
            prepared.library, prepared.needs, prepared.workspace, self.writer, self.redacting.redactor
        )
        collector.leave(account.id, reason)


def _reason(error: PartError, ended: ReadingResult | None) -> Unread:
    """Return why an account was not read: the end of its reading, if known, is more precise than a missing part."""
    if ended is not None and ended.cause:
        return Unread(ended.cause, ended.code, ended.message)
    return error.reason


def _order(workspace: Workspace, account: str, fleet: Fleet, run: str, *, keep_raw: bool) -> Order:
    port = urlsplit(workspace.endpoint_url).port if workspace.demonstration else None
    return Order(
        account,
        str(workspace.root.resolve()),
        fleet.told,
        hours=f"{fleet.hours:g}",
        frameworks=tuple(workspace.frameworks),
        port=str(port or ""),
        raw=keep_raw,
        run=run,
    )
