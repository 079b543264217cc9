"""What AWS leaves out of an answer: by default, because the installed models are old, or because it says so."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from collect.aws.kit import LIMITS, PARIS, REDACTOR, Reading, library, read, workspace
from content_copy import bundled
from emulator import ACCOUNT, Emulator
from preuve.collect.answer import UnreadError
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.session import AccountAccess
from preuve.library.checked.members import Shapes
from preuve.library.checked.shapes import operation_model
from preuve.model.company.workspace import Account
from preuve.model.content import Call, ResourceType
from preuve.model.errors import Position
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


def caller(emulator: Emulator) -> Caller:
    """Calls to an account whose keys are proven to be its own."""
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(emulator.endpoint, [PARIS]), LIMITS)
    access.proven = frozenset({"demonstration"})
    return Caller(access, REDACTOR, "unit", time.monotonic() + 600)


def function(account: str) -> dict[str, Any]:
    """A list of one function, of an account."""
    return {"Functions": [{"FunctionName": "a", "FunctionArn": f"arn:aws:lambda:{PARIS}:{account}:function:a"}]}


def of_account(emulator: Emulator, account: str) -> None:
    """Make AWS say whose the keys are."""
    emulator.respond("sts", "GetCallerIdentity", {"Account": account, "Arn": f"arn:aws:iam::{account}:user/a"})


def test_what_another_account_answers_is_unread_and_nothing_more_is_asked(emulator: Emulator) -> None:
    of_account(emulator, STRANGER)
    emulator.respond("lambda", "ListFunctions", function(STRANGER))
    calls = caller(emulator)
    for call in (FUNCTION, QUEUES):
        with pytest.raises(UnreadError) as raised:
            calls.make(call, PARIS, {})
        assert (raised.value.reason.cause, raised.value.reason.call) == (
            "wrong_account",
            f"{call.service}:{call.operation}",
        )
    assert emulator.ledger("ListQueues") == []


def test_what_is_shared_by_another_account_is_read(emulator: Emulator) -> None:
    of_account(emulator, ACCOUNT)
    emulator.respond("lambda", "ListFunctions", function(STRANGER))
    assert len(caller(emulator).make(FUNCTION, PARIS, {}).value) == 1
    assert len(emulator.ledger("GetCallerIdentity")) == 1


def test_where_all_is_of_the_account_nobody_is_asked(emulator: Emulator) -> None:
    emulator.respond("lambda", "ListFunctions", function(ACCOUNT))
    assert len(caller(emulator).make(FUNCTION, PARIS, {}).value) == 1
    assert emulator.ledger("GetCallerIdentity") == []


@pytest.mark.parametrize("account", [ACCOUNT, STRANGER])
def test_keys_that_are_new_are_asked_whose_they_are_whatever_the_answer(emulator: Emulator, account: str) -> None:
    of_account(emulator, account)
    calls = caller(emulator)
    calls.access.proven = frozenset({"AKIABEFORE"})
    if account == STRANGER:
        with pytest.raises(UnreadError) as raised:
            calls.make(QUEUES, PARIS, {})
        assert raised.value.reason.cause == "wrong_account"
        return
    calls.make(QUEUES, PARIS, {})
    calls.make(QUEUES, PARIS, {"QueueNamePrefix": "a"})
    assert len(emulator.ledger("GetCallerIdentity")) == 1
