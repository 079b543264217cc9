"""Clients: what they can do, and how many of them are kept."""

from __future__ import annotations

import time

from collect.aws.kit import LIMITS, PARIS, REDACTOR, workspace
from emulator import ACCOUNT, Emulator
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.session import AccountAccess
from preuve.model.content import Call
from preuve.model.errors import Position
from preuve.model.workspace import Account

NOWHERE = "http://127.0.0.1:9"
REGIONS = [f"eu-{side}-{number}" for side in ("north", "south", "west", "east") for number in range(1, 6)]


def test_a_client_has_no_way_to_change_anything() -> None:
    operations = frozenset({("s3", "ListBuckets")})
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(NOWHERE, [PARIS]), LIMITS, operations=operations)
    client = access.client("s3", PARIS)
    names = set(client.meta.service_model.operation_names)
    assert "ListBuckets" in names
    assert "HeadBucket" in names  # botocore's own, to find out where a bucket is
    assert not any(name.startswith(("Put", "Delete", "Copy", "Restore")) for name in names)


def test_a_unit_that_looks_into_every_region_does_not_keep_all_clients(emulator: Emulator) -> None:
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(emulator.endpoint, [PARIS]), LIMITS)
    caller = Caller(access, REDACTOR, "unit", time.monotonic() + 60)
    first = access.client("sqs", REGIONS[0])
    for region in REGIONS:
        caller.make(Call("sqs", "ListQueues", Position("test")), region, {})
    assert len(caller.clients) < len(REGIONS)
    assert access.client("sqs", REGIONS[0]) is not first
    assert len(caller.records) == len(REGIONS)
