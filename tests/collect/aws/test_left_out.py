"""What AWS leaves out of an answer: by default, because the installed models are old, or because it says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from collect.aws.kit import LIMITS, PARIS, REDACTOR, Reading, library, read, workspace
from content_copy import bundled
from emulator import ACCOUNT, Emulator
from preuve.collect.answer import FailedError, NotSetError, UnreadError, failed
from preuve.collect.aws.calls import WHO, Caller
from preuve.collect.aws.session import AccountAccess
from preuve.library.checked.members import Shapes
from preuve.library.checked.shapes import operation_model
from preuve.model.company.workspace import Account
from preuve.model.content import Call, ResourceType
from preuve.model.errors import Position
from preuve.model.snapshot import Unread
from shapes import dummy
from tools import models

STRANGER = "999999999999"
FINDING = "AWS::InspectorV2::Finding"
FUNCTION = Call("lambda", "ListFunctions", Position("test"), take="Functions[]")
QUEUES = Call("sqs", "ListQueues", Position("test"), take="QueueUrls[]")


# ---- failures beside results ---------------------------------------------------------------------------------------


def failing(call: Call, code: str) -> dict[str, Any]:
    """An answer of nothing but one failure."""
    assert call.failures is not None
    told = call.failures
    member = told.take.removesuffix("[]")
    shape = operation_model(call.service, call.operation).output_shape
    item = {told.code: code, told.message: "try again", told.id: "arn:a"}
    one = {**dummy(shape.members[member].member), **{name: value for name, value in item.items() if name}}
    return {**{name: [] for name in shape.required_members}, member: [one]}


ALONE = [call for call in models.called(bundled()) if call.failures and call.failures.code and not call.batch]


@pytest.mark.parametrize("call", ALONE, ids=lambda call: call.operation)
def test_what_aws_says_it_could_not_give_is_unread(emulator: Emulator, call: Call) -> None:
    emulator.respond(call.service, call.operation, failing(call, "INTERNAL_ERROR"))
    with pytest.raises(UnreadError) as raised:
        caller(emulator).make(call, PARIS, {})
    reason = raised.value.reason
    assert (reason.cause, reason.code, reason.message) == ("not_given", "INTERNAL_ERROR", "try again")
    assert (reason.call, reason.region) == (f"{call.service}:{call.operation}", PARIS)


@pytest.mark.parametrize(
    ("code", "unread"),
    [("INTERNAL_ERROR", "INTERNAL_ERROR"), ("ACCESS_DENIED", "ACCESS_DENIED"), ("FINDING_DETAILS_NOT_FOUND", "")],
)
def test_of_a_batch_each_failure_is_that_of_its_resource(
    emulator: Emulator, tmp_path: Path, code: str, unread: str
) -> None:
    arns = [f"arn:aws:inspector2:{PARIS}:{ACCOUNT}:finding/{number}" for number in "ab"]
    shape = operation_model("inspector2", "ListFindings").output_shape.members["findings"].member
    found = [{**dummy(shape), "findingArn": arn, "awsAccountId": ACCOUNT} for arn in arns]
    emulator.respond("inspector2", "ListFindings", {"findings": found})
    details = {"findingDetails": [{"findingArn": arns[0], "riskScore": 3}]}
    failed = {"errors": [{"findingArn": arns[1], "errorCode": code, "errorMessage": "no"}]}
    emulator.respond("inspector2", "BatchGetFindingDetails", {**details, **failed})
    first, second = read(emulator, tmp_path, {FINDING: ["riskScore", "cisaData"]}).resources(FINDING)
    assert (first["data"], first["unread"]) == ({"riskScore": 3}, {})
    causes = {member: (why["cause"], why["code"]) for member, why in second["unread"].items()}
    assert causes == (dict.fromkeys(("riskScore", "cisaData"), ("not_given", unread)) if unread else {})


WITH_FAILURES = {
    name: declared
    for name, declared in bundled().types.items()
    if any(call.failures for call in (*declared.details.values(), *([declared.hydrate] if declared.hydrate else ())))
}


@pytest.mark.parametrize("name", sorted(WITH_FAILURES))
def test_lint_refuses_a_call_that_does_not_say_what_its_failures_are(name: str) -> None:
    known = WITH_FAILURES[name]
    details = {member: structs.replace(call, failures=None) for member, call in known.details.items()}
    hydrate = structs.replace(known.hydrate, failures=None) if known.hydrate else None
    assert any(
        "say under failures" in text for text in problems(structs.replace(known, details=details, hydrate=hydrate))
    )
    assert problems(known) == []


def problems(declared: ResourceType) -> list[str]:
    """What lint says of a type."""
    shapes = Shapes(replace(bundled(), types={**bundled().types, declared.name: declared}))
    shapes.members(declared.name)
    return [problem.message for problem in shapes.problems]


# ---- old models ----------------------------------------------------------------------------------------------------


def listed(emulator: Emulator, folder: Path, **newer: Any) -> Reading:
    """The network interfaces of an account, asked for with newer parameters."""
    emulator.client("ec2").create_security_group(GroupName="a", Description="a")
    known = library().types["AWS::EC2::SecurityGroup"]
    calls = tuple(structs.replace(call, newer_const=newer) for call in (*known.lists, *known.lists))
    content = replace(library(), types={**library().types, known.name: structs.replace(known, lists=calls)})
    return read(emulator, folder, {known.name: ["GroupName"]}, content=content)


def test_a_listing_without_a_parameter_that_the_installed_models_lack_may_have_more(
    emulator: Emulator, tmp_path: Path
) -> None:
    reading = listed(emulator, tmp_path, OfTomorrow=True)
    assert "a" in [line["data"]["GroupName"] for line in reading.resources("AWS::EC2::SecurityGroup")]
    whole, more = reading.listings("AWS::EC2::SecurityGroup")
    assert (whole["unread"], more["unread"]["cause"], more["count"]) == (None, "old_models", 0)
    (asked,) = emulator.ledger("DescribeSecurityGroups")
    assert asked["status"] == 200, "and the same listing is not read twice"


def test_a_newer_parameter_that_the_installed_models_know_is_sent(emulator: Emulator, tmp_path: Path) -> None:
    reading = listed(emulator, tmp_path, MaxResults=1000)
    assert [line["unread"] for line in reading.listings("AWS::EC2::SecurityGroup")] == [None]
    assert [entry["params"]["MaxResults"] for entry in emulator.ledger("DescribeSecurityGroups")] == ["1000"]


@pytest.mark.parametrize(
    "newer",
    [{"newer": {"OfTomorrow": "string"}}, {"newer_const": {"OfTomorrow": True}}],
    ids=["what it takes", "a parameter"],
)
def test_a_detail_that_the_installed_models_lack_is_unread_and_not_asked_for(
    emulator: Emulator, tmp_path: Path, newer: dict[str, Any]
) -> None:
    emulator.client("kms").create_key()
    known = library().types["AWS::KMS::Key"]
    details = {**known.details, "Tags": structs.replace(known.details["Tags"], **newer)}
    content = replace(library(), types={**library().types, known.name: structs.replace(known, details=details)})
    line = read(emulator, tmp_path, {known.name: ["Tags"]}, content=content).only(known.name)
    assert line["unread"]["Tags"]["cause"] == "old_models"
    assert emulator.ledger("ListResourceTags") == []


# ---- another account -----------------------------------------------------------------------------------------------


def caller(emulator: Emulator | None = None, proven: str = "demonstration") -> Caller:
    """Calls to an account whose keys are proven to be its own, unless other ones were."""
    endpoint = emulator.endpoint if emulator else ""
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(endpoint, [PARIS]), LIMITS)
    access.proven = frozenset({proven})
    return Caller(access, REDACTOR, "unit", time.monotonic() + 600)


def of_account(emulator: Emulator, account: str) -> None:
    """Make AWS say whose the keys are."""
    emulator.respond("sts", "GetCallerIdentity", {"Account": account, "Arn": f"arn:aws:iam::{account}:user/a"})


def test_what_another_account_answers_is_unread_and_nothing_more_is_asked(emulator: Emulator) -> None:
    of_account(emulator, STRANGER)
    calls = caller(emulator, "AKIABEFORE")
    for call in (QUEUES, FUNCTION):
        with pytest.raises(UnreadError) as raised:
            calls.make(call, PARIS, {})
        assert (raised.value.reason.cause, raised.value.reason.call) == (
            "wrong_account",
            f"{call.service}:{call.operation}",
        )
    assert emulator.ledger("ListFunctions") == []


def test_keys_that_are_new_are_asked_once_whose_they_are(emulator: Emulator) -> None:
    of_account(emulator, ACCOUNT)
    calls = caller(emulator, "AKIABEFORE")
    calls.make(QUEUES, PARIS, {})
    calls.make(QUEUES, PARIS, {"QueueNamePrefix": "a"})
    assert len(emulator.ledger("GetCallerIdentity")) == 1


def test_an_answer_that_names_other_accounts_asks_nobody_whose_the_keys_are(emulator: Emulator) -> None:
    emulator.respond("sqs", "ListQueues", {"QueueUrls": [f"arn:aws:sqs:{PARIS}:{STRANGER}:a"]})
    assert len(caller(emulator).make(QUEUES, PARIS, {}).value) == 1
    assert emulator.ledger("GetCallerIdentity") == []


ABSENT = {(call.service, call.operation, error): call for call in models.called(bundled()) for error in call.absent}


@pytest.mark.parametrize("account", [ACCOUNT, STRANGER, ""], ids=["own", "another", "unknown"])
def test_an_error_means_not_set_only_if_the_keys_are_of_the_account(
    monkeypatch: pytest.MonkeyPatch, account: str
) -> None:
    for (*_, error), call in ABSENT.items():
        calls = caller(proven="AKIABEFORE")
        calls.access.keys.add("AKIANEW")
        refusal = failed(Unread("denied", error.code), "refused", error.message)
        monkeypatch.setattr(calls, "_pages", answers(call, account, refusal))
        with pytest.raises((NotSetError, UnreadError)) as raised:
            calls.make(structs.replace(call, prepare=None), PARIS, {})
        value = raised.value
        found = value.reason.cause if isinstance(value, UnreadError) else "not set"
        assert found == {ACCOUNT: "not set", STRANGER: "wrong_account", "": "denied"}[account], call


def test_a_question_whose_the_keys_are_that_is_refused_never_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for (*_, error), call in ABSENT.items():
        calls = caller(proven="AKIABEFORE")
        calls.access.keys.add("AKIANEW")
        refusal = failed(Unread("denied", error.code), "refused", error.message)
        monkeypatch.setattr(calls, "_pages", answers(WHO, "", refusal))
        with pytest.raises(UnreadError):
            calls.make(structs.replace(call, prepare=None), PARIS, {})


def answers(refused: Call, account: str, refusal: FailedError) -> Callable[[Any], Iterator[Any]]:
    """One refuses; the other answers, and AWS says whose the keys are, unless no account is told."""

    def pages(request: Any) -> Iterator[Any]:
        asked = (request.call.service, request.call.operation)
        if asked == (refused.service, refused.operation) or (asked == (WHO.service, WHO.operation) and not account):
            raise refusal
        yield SimpleNamespace(record="answered", data={"Account": account}, nulls=())

    return pages
