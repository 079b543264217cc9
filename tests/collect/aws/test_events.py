"""Every client looks at who wrote an answer, and keeps its status before botocore changes it."""

from __future__ import annotations

from botocore.hooks import EventAliaser, HierarchicalEmitter

from collect.aws.kit import LIMITS, PARIS, workspace
from emulator import ACCOUNT
from preuve.collect.aws.http.answers import only_answers_of_aws, status_as_sent
from preuve.collect.aws.session import AccountAccess
from preuve.library.load import load_library
from preuve.model.company.organization import Account
from preuve.model.content import AWS

NOWHERE = "http://127.0.0.1:9"


def called(events: EventAliaser, name: str) -> list[object]:
    """Return the handlers of an event, in order."""
    emitter: HierarchicalEmitter = events._emitter
    return list(emitter._handlers.prefix_search(events._alias_event_name(name)))


def asked() -> set[tuple[str, str]]:
    """Return the operations that collectors call, with their services."""
    types = [declared for declared in load_library().types.values() if declared.provider == AWS]
    calls = (call for declared in types for call in (*declared.lists, *declared.details.values()))
    return {("sts", "AssumeRole"), ("sts", "GetCallerIdentity"), *((call.service, call.operation) for call in calls)}


def test_each_answer_of_each_service_is_looked_at() -> None:
    operations = frozenset(asked())
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(NOWHERE, [PARIS]), LIMITS, operations=operations)
    for service, operation in sorted(operations):
        events = access.client(service, PARIS).meta.events
        own = access.model(service).service_id.hyphenize()
        found = called(events, f"before-parse.{own}.{operation}")
        assert found.count(only_answers_of_aws) == 1
        assert found.index(status_as_sent) == 0
