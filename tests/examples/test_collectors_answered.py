"""The emulated account has every operation that a bundled collector calls, so an audit of it can be complete."""

from __future__ import annotations

from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from emulator import ACCOUNT, Emulator
from preuve.library.load import load_library
from preuve.model.content import AWS, Call, ResourceType
from shapes import dummy


def calls_of(kind: ResourceType) -> Iterator[Call]:
    """Every call that a collector declares."""
    yield from kind.lists
    yield from kind.details.values()
    yield from kind.fallback.values()
    yield from [kind.hydrate] if kind.hydrate else []
    yield from (call.prepare.call for call in kind.lists if call.prepare)


KINDS = [kind for kind in load_library().types.values() if kind.provider == AWS]
OPERATIONS = sorted({(c.service, c.operation) for kind in KINDS for c in calls_of(kind)})
MODELS = botocore.session.Session()


@pytest.mark.parametrize("service", sorted({service for service, _ in OPERATIONS}))
def test_no_operation_of_a_collector_is_missing(techstart_account: Emulator, service: str) -> None:
    client = techstart_account.client(service, parameter_validation=False)
    missing = []
    for operation in (name for owner, name in OPERATIONS if owner == service):
        shape = MODELS.get_service_model(service).operation_model(operation).input_shape
        params = dummy(shape) if shape else {}
        if service == "s3control":
            params["AccountId"] = ACCOUNT
        try:
            getattr(client, xform_name(operation))(**params)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "EmulatorOperationMissing":
                missing.append(operation)
    assert missing == []
    assert {entry["operation"] for entry in techstart_account.ledger()} >= {o for s, o in OPERATIONS if s == service}
