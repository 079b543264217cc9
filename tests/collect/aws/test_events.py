"""Every client looks at who wrote an answer, and keeps its status before botocore changes it. Clients share what they
hear in common, and nothing else.
"""

from __future__ import annotations

from copy import copy
from itertools import product

import pytest
from botocore.hooks import EventAliaser, HierarchicalEmitter, _PrefixTrie
from hypothesis import example, given
from hypothesis import strategies as st

from collect.aws.kit import LIMITS, PARIS, workspace
from emulator import ACCOUNT
from preuve.collect.aws.events import Events, _Handlers
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


NAMES = [".".join(parts) for size in (1, 2, 3) for parts in product("ab*", repeat=size)]
# Few, so that a list often adds, copies and removes the same.
CHANGES = st.tuples(
    st.sampled_from(["add", "remove", "copy"]),
    st.integers(0, 2),
    st.sampled_from(["a", "a.b", "a.*", "*.b"]),
    st.just(1),
)


def changed(tries: list[_PrefixTrie], change: str, which: int, name: str, number: int) -> str:
    """Change one of several tries, or copy it; return what that raised."""
    trie = tries[which % len(tries)]
    try:
        if change == "copy":
            tries.append(copy(trie))
        elif change == "add":
            trie.append_item(name, number, section=number)
        else:
            trie.remove_item(name, number)
    except (ValueError, AttributeError) as error:
        return str(error)
    return ""


@given(st.lists(CHANGES, max_size=30))
@example([("add", 0, "a.b", 1), ("copy", 0, "", 0), ("remove", 1, "a.b", 1)])
def test_copies_of_handlers_differ_as_those_of_botocore_do(changes: list[tuple[str, int, str, int]]) -> None:
    ours: list[_PrefixTrie] = [_Handlers()]
    theirs = [_PrefixTrie()]
    for change in changes:
        assert changed(ours, *change) == changed(theirs, *change)
    for own, of_botocore in zip(ours, theirs, strict=True):
        assert own._root == of_botocore._root
        assert [own.prefix_search(name) for name in NAMES] == [of_botocore.prefix_search(name) for name in NAMES]


def test_a_client_copies_no_handler_that_all_clients_have() -> None:
    """Several hundred, for each service and region of each account; what one of them adds is its own."""
    events = Events()
    for name in ("before-call.sqs.X", "before-send.sqs.X"):
        events.register(name, status_as_sent)
    own = copy(events)
    assert own._emitter._handlers._root is events._emitter._handlers._root
    own.register("before-call.sqs.X", only_answers_of_aws)
    assert called(events, "before-call.sqs.X") == [status_as_sent]
    assert called(own, "before-call.sqs.X") == [status_as_sent, only_answers_of_aws]
    nodes, others = (of._emitter._handlers._root["children"] for of in (own, events))
    assert nodes["before-send"] is others["before-send"]


def test_a_handler_is_not_examined_for_each_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore reads the signature of each of twenty, whenever a client is made."""
    monkeypatch.setattr("botocore.hooks.accepts_kwargs", lambda handler: pytest.fail(f"{handler} is examined"))
    AccountAccess(Account(ACCOUNT, "production"), workspace(NOWHERE, [PARIS]), LIMITS).client("sqs", PARIS)
