"""What AWS leaves out of an answer: by default, because the installed models are old, or because it says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from collect.aws.kit import LIMITS, PARIS, REDACTOR, read, workspace
from content_copy import bundled
from emulator import ACCOUNT, Emulator
from preuve.collect.answer import GONE, Answer, CallPages, FailedError, NotSetError, UnreadError, failed, not_given
from preuve.collect.aws.calls import WHO, Caller
from preuve.collect.aws.session import AccountAccess
from preuve.collect.unit import Unit, UnitReader
from preuve.library.validation.members import Shapes
from preuve.library.validation.shapes import Struct, operation_model, walk
from preuve.model.company.organization import Account
from preuve.model.company.workspace import Waiver
from preuve.model.content import AWS, Call, ResourceType
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


def test_of_a_batch_each_failure_is_that_of_its_resource(emulator: Emulator, tmp_path: Path) -> None:
    codes = {"INTERNAL_ERROR": "INTERNAL_ERROR", "ACCESS_DENIED": "ACCESS_DENIED", "FINDING_DETAILS_NOT_FOUND": ""}
    given, *arns = [f"arn:aws:inspector2:{PARIS}:{ACCOUNT}:finding/{number}" for number in range(len(codes) + 1)]
    shape = operation_model("inspector2", "ListFindings").output_shape.members["findings"].member
    found = [{**dummy(shape), "findingArn": arn, "awsAccountId": ACCOUNT} for arn in (given, *arns)]
    emulator.respond("inspector2", "ListFindings", {"findings": found})
    lost = [{"findingArn": arn, "errorCode": code, "errorMessage": "no"} for arn, code in zip(arns, codes, strict=True)]
    details = {"findingDetails": [{"findingArn": given, "riskScore": 3}], "errors": lost}
    emulator.respond("inspector2", "BatchGetFindingDetails", details)
    first, *others = read(emulator, tmp_path, {FINDING: ["riskScore", "cisaData"]}).resources(FINDING)
    assert (first["data"], first["unread"]) == ({"riskScore": 3}, {})
    for line, unread in zip(others, codes.values(), strict=True):
        causes = {member: (why["cause"], why["code"]) for member, why in line["unread"].items()}
        assert causes == (dict.fromkeys(("riskScore", "cisaData"), ("not_given", unread)) if unread else {})


def test_a_code_that_means_gone_is_no_failure_to_look_up() -> None:
    calls = {call.operation: call for call in models.called(bundled()) if call.service == "ecs" and call.failures}
    assert calls.keys() == {"DescribeClusters", "DescribeServices", "DescribeTasks"}
    for call in calls.values():
        failures = [{"arn": "a", "reason": "MISSING"}, {"arn": "b", "reason": "ACCESS_DENIED", "detail": "no"}]
        lost = not_given(call, CallPages(({"failures": failures},), ("record",)))
        assert (lost["a"], lost["b"]) == (GONE, Unread("not_given", "ACCESS_DENIED", "no", quoted=True))


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


# ---- old models, and several listings ------------------------------------------------------------------------------

GROUPS = bundled().types["AWS::EC2::SecurityGroup"]
KEYS = bundled().types["AWS::KMS::Key"]
OLD = {"newer_const": {"OfTomorrow": True}}


@dataclass
class Installed:
    """A caller whose models know some parameters, and no newer member; each listing has one thing, a detail a text."""

    known_parameters: frozenset[str] = frozenset()
    too_new: str = ""  # an operation that its models lack
    made: list[tuple[Call, str, Mapping[str, Any]]] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    waivers: tuple[Waiver, ...] = ()

    def make(self, call: Call, region: str, parameters: Mapping[str, Any], personal: Collection[str] = ()) -> Answer:
        """Answer with a thing of its own for each call."""
        self.made.append((call, region, parameters))
        name = f"{call.operation}{len(self.made)}"
        return Answer([{"GroupId": name, "KeyId": name}], (name,))

    def claim(self, resource: str) -> bool:
        """Nothing is read twice."""
        return True

    def knows(self, call: Call) -> bool:
        """Return whether the operation is another one."""
        return call.operation != self.too_new

    def known(self, call: Call, path: str) -> bool:
        """Return false."""
        return False

    def parameters(self, call: Call) -> Collection[str]:
        """Return the parameters that are known."""
        return self.known_parameters

    def close(self) -> None:
        """Nothing is held."""


def unit_lines(caller: Installed, declared: ResourceType, *members: str) -> list[Mapping[str, Any]]:
    """The lines of a unit of one type, in one region."""
    unit = Unit(ACCOUNT, PARIS, PARIS, "a", (declared,), {declared.name: frozenset(members)})
    with ThreadPoolExecutor(1) as details:
        return list(UnitReader(unit, caller, REDACTOR, details).read())


def listings(*changes: Mapping[str, Any]) -> ResourceType:
    """The type of security groups, listed so often, each time with another change."""
    (only,) = GROUPS.lists
    return structs.replace(GROUPS, lists=tuple(structs.replace(only, **change) for change in changes))


def test_a_listing_without_a_parameter_that_the_installed_models_lack_may_have_more() -> None:
    installed = Installed()
    whole, more, thing = unit_lines(installed, listings(OLD, {**OLD, "position": Position("elsewhere")}))
    assert (whole["unread"], whole["count"], thing["kind"]) == (None, 1, "resource")
    assert (more["unread"]["cause"], more["count"]) == ("old_models", 0)
    assert [sent for _, _, sent in installed.made] == [{}], "and the same listing is not read twice"


def test_a_newer_parameter_that_the_installed_models_know_is_sent() -> None:
    installed = Installed(frozenset({"OfTomorrow"}))
    lines = unit_lines(installed, listings({}, OLD))
    assert [line["unread"] for line in lines if line["kind"] == "listing"] == [None, None]
    assert [sent for _, _, sent in installed.made] == [{}, {"OfTomorrow": True}]


def test_a_listing_that_the_installed_models_lack_is_unread_and_not_asked_for() -> None:
    installed = Installed(too_new="DescribeSecurityGroups")
    (line,) = unit_lines(installed, listings({}))
    assert (line["unread"]["cause"], line["count"], line["calls"]) == ("old_models", 0, ())
    assert installed.made == []


def test_a_detail_whose_call_the_installed_models_lack_is_unread_and_not_asked_for() -> None:
    installed = Installed(too_new="ListResourceTags")
    detail = structs.replace(KEYS.details["Tags"], with_={})
    lines = unit_lines(installed, structs.replace(listings({}), details={"Tags": detail}), "Tags")
    assert lines[-1]["unread"]["Tags"]["cause"] == "old_models"
    assert [call.operation for call, _, _ in installed.made] == ["DescribeSecurityGroups"]


def test_a_listing_that_the_installed_models_lack_needs_members_of_its_own() -> None:
    tomorrow = structs.replace(GROUPS.lists[0], operation="ListOfTomorrow", name="")
    declared = structs.replace(
        GROUPS, lists=(tomorrow,), details={}, relations={}, transforms={}, arn="Name", identity="Name"
    )
    assert [message for message in problems(declared) if "ListOfTomorrow" in message]
    assert problems(structs.replace(declared, newer={"Name": "string"})) == []


def test_a_member_of_a_member_that_the_installed_models_lack_is_declared_beside_theirs() -> None:
    newer = structs.replace(KEYS.details["Grants"], newer={"Constraints.OfTomorrow": "string"})
    assert not caller().known(newer, "Constraints.OfTomorrow")
    assert caller().known(newer, "Constraints.SourceArn")
    declared = structs.replace(KEYS, details={"Grants": newer})
    assert problems(declared) == []
    grants = Shapes(replace(bundled(), types={**bundled().types, declared.name: declared})).members(declared.name)
    assert {"OfTomorrow", "SourceArn"} <= walk(Struct("key", lambda: grants), "Grants[].Constraints").fields.keys()


@pytest.mark.parametrize("name", sorted(bundled().types))
def test_the_models_of_today_know_all_that_an_older_boto3_lacks(name: str) -> None:
    declared = bundled().types[name]
    if declared.provider == AWS:
        calls = caller()
        lists = [*declared.lists, *([declared.hydrate] if declared.hydrate else [])]
        assert all(map(calls.knows, lists))
        assert all(any(calls.known(call, path) for call in lists) for path in declared.newer)
        for call in (*declared.details.values(), *declared.fallback.values()):
            assert all(calls.known(call, path) for path in call.newer), call.operation
            assert call.newer_const.keys() <= set(calls.parameters(call)), call.operation


def test_the_parameters_that_are_known_are_those_of_the_installed_models() -> None:
    (only,) = GROUPS.lists
    known = caller().parameters(only)
    assert "MaxResults" in known
    assert "OfTomorrow" not in known


@pytest.mark.parametrize(
    "change",
    [
        {"service": "other"},
        {"operation": "DescribeOthers"},
        {"take": "Others[]"},
        {"with_": {"Owner": "Account"}},
        {"const": {"MaxResults": 5}},
        {"ago": {"Since": 3}},
        {"only_in": PARIS},
        {"name": "GroupId"},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("newer", [{}, OLD], ids=["", "old models"])
def test_listings_that_differ_are_all_read(change: dict[str, Any], newer: dict[str, Any]) -> None:
    installed = Installed()
    unit_lines(installed, listings(newer, {**newer, **change}))
    assert len(installed.made) == 2


def test_the_listing_of_this_region_is_read_whatever_those_of_others() -> None:
    installed = Installed()
    lines = unit_lines(installed, listings({"only_in": "us-east-1"}, {"only_in": PARIS}))
    assert [line["kind"] for line in lines] == ["listing", "resource"]


@pytest.mark.parametrize(
    ("newer", "listed", "asked"),
    [
        ({"newer": {"OfTomorrow": "string"}}, (OLD,), False),
        (OLD, ({},), False),
        (OLD, ({}, OLD), False),
        (OLD, (OLD,), True),  # what the listing showed without the parameter is not hidden
        ({"newer_const": {"OfTomorrow": True, "Other": True}}, (OLD,), False),
    ],
)
def test_a_detail_that_the_installed_models_lack_is_unread_and_not_asked_for(
    newer: dict[str, Any], listed: Sequence[Mapping[str, Any]], asked: bool
) -> None:
    detail = structs.replace(KEYS.details["Tags"], with_={}, needs="", **newer)
    declared = structs.replace(listings(*listed), details={"Tags": detail})
    installed = Installed()
    things = [line for line in unit_lines(installed, declared, "Tags") if line["kind"] == "resource"]
    assert {line.get("unread", {}).get("Tags", {}).get("cause", "") for line in things} == {
        "" if asked else "old_models"
    }
    assert (detail in [call for call, _, _ in installed.made]) is asked


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
