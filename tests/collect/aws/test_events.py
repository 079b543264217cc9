"""botocore treats requests and answers of a service in the same way with only the handlers of that service."""

from __future__ import annotations

import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.session import Session

from preuve.collect.aws.events import events_of
from preuve.collect.aws.http.answers import only_answers_of_aws, status_as_sent
from preuve.collect.aws.models import built_in
from preuve.library.load import load_library
from preuve.model.content import AWS

KINDS = (
    "choose-service-name", "creating-client-class", "getattr", "before-parameter-build", "before-endpoint-resolution",
    "before-call", "request-created", "choose-signer", "before-sign", "before-parse", "needs-retry", "after-call",
)  # fmt: skip


def called(events: EventAliaser, name: str) -> list[object]:
    """Return the handlers of an event, in order."""
    emitter: HierarchicalEmitter = events._emitter
    return list(emitter._handlers.prefix_search(events._alias_event_name(name)))


def asked() -> dict[str, set[str]]:
    """Return the operations that collectors call, by service."""
    found: dict[str, set[str]] = {"sts": {"AssumeRole", "GetCallerIdentity"}}
    for declared in load_library().types.values():
        if declared.provider == AWS:
            for call in (*declared.lists, *declared.details.values()):
                found.setdefault(call.service, set()).add(call.operation)
    return found


@pytest.mark.parametrize(("service", "operations"), sorted(asked().items()))
def test_a_service_has_all_its_handlers(service: str, operations: set[str]) -> None:
    session = Session()
    session.register("before-parse", only_answers_of_aws)
    name = built_in().load_service_model(service, "service-2")["metadata"]["serviceId"]
    alone, all_of_them = events_of(name), session.get_component("event_emitter")
    own = name.lower().replace(" ", "-")  # as botocore writes it in the names of events
    for kind in KINDS:
        for event in (kind, f"{kind}.{own}", *(f"{kind}.{own}.{operation}" for operation in operations)):
            # Ours that comes before botocore's own changes nothing of them.
            found = [handler for handler in called(alone, event) if handler is not status_as_sent]
            assert found == called(all_of_them, event)
