"""Two accounts of the emulator, reached by roles, of which little is read."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from emulator import Emulator
from pipeline.runs import LIMITS, Run, narrowed
from preuve.model.company.organization import Account, Role
from preuve.model.company.workspace import RawKeeping
from preuve.pipeline.fleet.assembly import Fleet
from preuve.pipeline.fleet.engine import Order, ReadingResult, Told
from preuve.pipeline.fleet.part import PartRequest, collect_part
from preuve.pipeline.fleet.places import Folder, Place
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import Preparation, judge
from preuve.snapshot.reader import read_snapshot

ONE, TWO = "111111111111", "222222222222"
HOURS = 24.0
BUCKET = "AWS::S3::Bucket"


def role(account: str) -> Role:
    """The role that reads an account."""
    return Role(f"arn:aws:iam::{account}:role/preuve")


def silent(*_: object) -> None:
    """A display that shows nothing."""


def fleet_of(prepared: Preparation, emulator: Emulator, root: Path, raw: bool = False) -> Preparation:
    """Few policies, on two accounts."""
    root.mkdir(parents=True, exist_ok=True)
    accounts = tuple(Account(name, name, (role(name),)) for name in (ONE, TWO))
    workspace = replace(
        prepared.workspace,
        root=root,
        accounts=accounts,
        regions=("eu-west-3",),
        endpoint_url=emulator.endpoint,
        raw=RawKeeping(".key/raw", 30) if raw else None,
    )
    chosen = {"s3-versioning", "iam-policies-not-on-users"} & {policy.id for policy in prepared.policies}
    few = narrowed(prepared, lambda rule: rule.policy.id in chosen)
    assert few.rules
    return replace(few, workspace=workspace)


class InProcess:
    """An engine that reads in this process, and stops before a given account if requested."""

    def __init__(
        self, prepared: Preparation, place: Place, ends: Mapping[str, ReadingResult] | None = None, stop: str = ""
    ) -> None:
        self.prepared = prepared
        self.place = place
        self.ends = ends or {}
        self.stop = stop
        self.asked: list[str] = []

    def read(self, orders: Sequence[Order], told: Told) -> Mapping[str, ReadingResult]:
        """One after the other."""
        found = {}
        for order in orders:
            if order.account == self.stop:
                raise KeyboardInterrupt
            self.asked.append(order.account)
            ended = self.ends.get(order.account, ReadingResult(order.account))
            if not ended.cause:
                wanted = PartRequest(order.account, HOURS, keep_raw=order.raw, limits=LIMITS)
                collect_part(self.prepared, wanted, self.place, silent)
            found[order.account] = ended
            told(ended)
        return found


def collect(prepared: Preparation, parts: Path, *accounts: str) -> None:
    """Write the parts of these accounts."""
    for account in accounts or (ONE, TWO):
        collect_part(prepared, PartRequest(account, limits=LIMITS), Folder(parts), silent)


def judged(prepared: Preparation, folder: Path, fleet: Fleet | None) -> Run:
    """Put a snapshot together and judge it."""
    take_snapshot(prepared, folder, Scope(aws=True, iac=False, fleet=fleet), silent, LIMITS)
    return Run(judge(prepared, read_snapshot(folder)), folder)


def only_parts(place: Place) -> Fleet:
    """Nothing is read."""
    return Fleet(place, HOURS)


def appears(path: Path) -> str:
    """Wait for a file, and return its text."""
    end, waiting = time.monotonic() + 60, threading.Event()
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end
        waiting.wait(0.02)
    return path.read_text()
