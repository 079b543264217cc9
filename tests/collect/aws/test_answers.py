"""Answers of AWS are read, whatever operation they are to; what is no answer of AWS is refused, whatever it is."""

from __future__ import annotations

import random
import string
import sys
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import PROTOCOL_PARSERS, create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collect.aws.kit import IRELAND, LIMITS, PARIS, REDACTOR, TWICE, library, workspace
from emulator import ACCOUNT, PROGRAM, Emulator
from misbehaving import PAGE, SPOILERS, Answer, Misbehaviour, between
from preuve.collect.answer import UnreadError
from preuve.collect.aws.calls import Caller
from preuve.collect.aws.http.answers import NOT_AWS, NULLS, NotAwsError, only_answers_of_aws
from preuve.collect.aws.http.cbor import PROTOCOL
from preuve.collect.aws.http.transport import LARGEST
from preuve.collect.aws.session import AccountAccess, Limits
from preuve.library.iam.permissions import calls
from preuve.library.validation.rules import Needs
from preuve.library.yaml.documents import load
from preuve.model.company.organization import Account
from preuve.model.content import Call
from preuve.model.errors import Position
from preuve.model.snapshot import Unread

sys.path.insert(0, str(PROGRAM.parent))  # the emulated account writes answers as AWS does
from account.answers import error, result
from account.identify import Asked

TEXT = st.text(string.ascii_letters + string.digits + " é/:", min_size=1, max_size=8)


def needs_of_all() -> Needs:
    """Every member of every type."""
    return Needs({name: frozenset(declared.details) for name, declared in library().types.items()})


OPERATIONS = sorted({(call.service, call.operation) for call in calls(library(), needs_of_all())})


@cache
def operation(service: str, name: str) -> Any:
    """The model of an operation as our clients have it."""
    operations = frozenset(item for item in OPERATIONS if item[0] == service)
    access = AccountAccess(
        Account(ACCOUNT, "x"), workspace("http://127.0.0.1:9", [PARIS]), LIMITS, operations=operations
    )
    return access.client(service, PARIS).meta.service_model.operation_model(name)


def asked(model: Any) -> Asked:
    """Return the facts of a call that the emulated account gets."""
    return Asked(model.service_model.service_name, model.name, PARIS, protocol(model))


def protocol(model: Any) -> str:
    """The protocol that our clients speak: of several, which newer versions of botocore know, the one they choose."""
    service = model.service_model
    return str(getattr(service, "resolved_protocol", None) or service.metadata["protocol"])


def values(shape: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a shape; deep down the members that may be left out are."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": st.sampled_from(shape.enum) if getattr(shape, "enum", None) else TEXT,
        "character": st.sampled_from("ab"),
        "boolean": st.booleans(),
        "integer": st.integers(0, 2**31 - 1),
        "long": st.integers(0, 2**53),
        "float": st.floats(0, 1000, width=32),
        "double": st.floats(0, 1000, width=32),
        "timestamp": st.just(datetime(2026, 9, 1, 12, tzinfo=UTC)),
        "blob": st.just(b"content"),
    }
    if shape.type_name in kinds:
        return kinds[shape.type_name]
    if shape.type_name == "list":
        return st.just([]) if depth > 3 else st.lists(values(shape.member, depth + 1), max_size=2)
    if shape.type_name == "map":
        return st.just({}) if depth > 3 else st.dictionaries(TEXT, values(shape.value, depth + 1), max_size=2)
    if getattr(shape, "is_document_type", False):
        return st.just({"a": 1})
    members = {name: member for name, member in shape.members.items() if not member.serialization.get("xmlAttribute")}
    if shape.is_tagged_union:
        return st.sampled_from(sorted(members)).flatmap(
            lambda name: st.fixed_dictionaries({name: values(members[name], depth + 1)})
        )
    needed = {name: values(members[name], depth + 1) for name in shape.required_members if name in members}
    others = {} if depth > 2 else {name: values(members[name], depth + 1) for name in members if name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


def outputs(model: Any) -> st.SearchStrategy[Any]:
    """Output members. AWS always sends the document that is the whole body, and the list of buckets even if it is
    empty.
    """
    shape = model.output_shape
    always = shape.serialization.get("payload") or ("Buckets" if model.name == "ListBuckets" else "")
    given = st.fixed_dictionaries({always: values(shape.members[always])} if always else {})
    return st.tuples(values(shape), given).map(lambda parts: {**parts[0], **parts[1]})


def read(model: Any, answer: Answer) -> Any:
    """Return botocore's result for an answer that was accepted."""
    body: dict[str, Any] = {"body": answer.body, "status_code": answer.status, "context": {}}
    body["headers"] = {name.lower(): value for name, value in answer.headers.items()}
    refusal: dict[str, Any] = {}
    only_answers_of_aws(model, body, refusal)
    found = create_parser(protocol(model)).parse(body, model.output_shape)
    found |= refusal
    found.pop("ResponseMetadata", None)
    return found


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    chosen=st.sampled_from(OPERATIONS), kind=st.sampled_from(sorted(SPOILERS)), seed=st.integers(0, 99), data=st.data()
)
def test_a_spoiled_answer_is_refused_or_read_as_the_same(
    chosen: tuple[str, str], kind: str, seed: int, data: st.DataObject
) -> None:
    model = operation(*chosen)
    answer = result(asked(model), data.draw(outputs(model)))
    clean = read(model, answer)
    spoiled = SPOILERS[kind](answer, random.Random(seed))
    if spoiled is None or not spoiled.whole:
        return  # nothing arrives, or only a part: the connection reports it
    try:
        found = read(model, spoiled)
    except (NotAwsError, ValueError):  # botocore fails on bytes that are no text: then the call is not from AWS either
        return
    refused = found.get("Error", {}).get("Code") == NOT_AWS and spoiled.status >= 500
    refused = refused or bool(found.get(NULLS))  # whoever takes such a list refuses it
    assert refused or found == clean or kind == "the same page again" or _cut_text(model, kind)


def _cut_text(model: Any, kind: str) -> bool:
    """Whether the body is one text whose end is not visible. Its own reader notices a cut (a policy is JSON)."""
    payload = model.output_shape.serialization.get("payload")
    whole = payload is not None and model.output_shape.members[payload].type_name == "string"
    return whole and kind in ("cut", "garbage", "wrong type", "page under AWS's headers", "error with 200")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(chosen=st.sampled_from(OPERATIONS), code=st.text(string.ascii_letters, min_size=1), message=TEXT)
def test_a_refusal_keeps_the_code_of_aws(chosen: tuple[str, str], code: str, message: str) -> None:
    model = operation(*chosen)
    found = read(model, error(asked(model), 403, code, message))
    assert found["Error"]["Code"] == code


# ---- whole calls


def caller(endpoint: str, limits: Limits = LIMITS) -> Caller:
    """Calls to an account."""
    access = AccountAccess(Account(ACCOUNT, "production"), workspace(endpoint, [PARIS, IRELAND]), limits)
    return Caller(access, REDACTOR, "unit", time.monotonic() + 600)


def why(calls_: Caller, service: str, name: str, region: str = PARIS) -> Unread:
    """Why a call is unread."""
    with pytest.raises(UnreadError) as refused:
        calls_.make(Call(service, name, Position("test")), region, {})
    return refused.value.reason


def test_revoked_keys_are_not_reported_as_a_disabled_region(emulator: Emulator) -> None:
    calls_ = caller(emulator.endpoint)
    calls_.make(Call("sqs", "ListQueues", Position("test")), IRELAND, {})
    emulator.faults({"kind": "region_off"})  # the answer of every service then
    for region in (IRELAND, PARIS, "eu-north-1"):  # where we were known, at home, and where we never were
        found = why(calls_, "sns", "ListTopics", region)
        assert (found.cause, found.region, found.call) == ("credentials", region, "sns:ListTopics")


@pytest.mark.parametrize(
    "code", ["UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "InvalidAccessKeyId"]
)
def test_a_region_that_rejects_valid_keys_is_disabled(emulator: Emulator, code: str) -> None:
    emulator.faults({"kind": "region_off", "region": IRELAND, "code": code})
    calls_ = caller(emulator.endpoint)
    assert why(calls_, "sns", "ListTopics", IRELAND).cause == "region_off"
    assert why(calls_, "sqs", "ListQueues", IRELAND).cause == "region_off"
    assert len(emulator.ledger("GetCallerIdentity")) == 1, "home is asked once for a region"


@pytest.mark.parametrize(
    ("code", "message", "cause"),
    [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "clock"),
        ("SignatureDoesNotMatch", "Signature expired: 20260901T100000Z is now earlier than 20260901T110000Z", "clock"),
        ("InvalidSignatureException", "Signature not yet current: 20260901T120000Z is still later than", "clock"),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", "signature"),
        ("InvalidSignatureException", "The request signature we calculated does not match", "signature"),
        ("RequestExpired", "Request has expired.", "credentials"),
    ],
)
def test_a_wrong_clock_is_named_as_the_cause(emulator: Emulator, code: str, message: str, cause: str) -> None:
    emulator.faults({"kind": "deny", "operation": "ListTopics", "code": code, "message": message})
    found = why(caller(emulator.endpoint), "sns", "ListTopics")
    assert (found.cause, found.code, found.message, found.quoted) == (cause, code, message, True)


def test_an_endless_answer_is_abandoned(emulator: Emulator) -> None:
    with between(emulator.endpoint) as front:
        endless = Answer(200, {"Content-Type": "text/xml"}, b" " * (LARGEST + 1))
        front.does = Misbehaviour(share=1.0, always=endless)
        found = why(caller(front.endpoint), "sns", "ListTopics")
    assert found.cause == "not_aws"
    assert "does not end" in found.message


def test_an_empty_body_is_an_answer_where_the_reference_says_so_and_where_nothing_is_written_in_it() -> None:
    without = {name: _of_nothing(*name) for name in OPERATIONS}
    said = {("guardduty", "GetAdministratorAccount")}
    assert {name for name, found in without.items() if found is not None} == said
    assert [without[name] for name in said] == [{}]
    with pytest.raises(NotAwsError):
        read(operation("guardduty", "GetAdministratorAccount"), Answer(200, {}, b""))  # without a request id


def _of_nothing(service: str, name: str) -> Any:
    """What is read from an answer of AWS without a body; None if it is refused."""
    try:
        return read(operation(service, name), Answer(200, {"x-amzn-requestid": "1"}, b""))
    except NotAwsError:
        return None


def of_new_tokens(number: int, *groups: str) -> list[dict[str, Any]]:
    """Pages with these log groups, each with a token that was never there."""
    body = {"logGroups": [{"logGroupName": name, "arn": name} for name in groups]}
    tokens = [(f"page-{page}", f"page-{page + 1}") for page in range(number)]
    more = [{"when": {"nextToken": this}, "body": {**body, "nextToken": following}} for this, following in tokens]
    return [*more, {"when": {}, "body": {**body, "nextToken": "page-0"}}]


@pytest.mark.parametrize(("groups", "most"), [((), 51), (("a",), 2)], ids=["empty", "the same"])
def test_endless_pagination_is_abandoned_and_stops_the_listings_of_its_service(
    emulator: Emulator, groups: tuple[str, ...], most: int
) -> None:
    emulator.respond("logs", "DescribeLogGroups", cases=of_new_tokens(80, *groups))
    calls_ = caller(emulator.endpoint)
    found = why(calls_, "logs", "DescribeLogGroups")
    assert (found.cause, found.code, len(calls_.records)) == ("not_aws", "PaginationError", most)
    found = why(calls_, "logs", "DescribeMetricFilters")
    assert (found.cause, found.code, len(calls_.records)) == ("not_aws", "NotAsked", most)
    calls_.make(Call("logs", "DescribeMetricFilters", Position("test")), IRELAND, {})
    calls_.make(Call("sns", "ListTopics", Position("test")), PARIS, {})


@pytest.mark.parametrize(
    ("service", "name", "body"),
    [
        ("kms", "ListAliases", {"Aliases": [], "Truncated": True}),
        ("iam", "ListUsers", {"Users": [], "IsTruncated": True}),
        (
            "cloudfront",
            "ListDistributions",
            {"DistributionList": {"Marker": "", "MaxItems": 100, "Quantity": 0, "IsTruncated": True}},
        ),
        (
            "cloudfront",
            "ListOriginAccessControls",
            {"OriginAccessControlList": {"Marker": "", "MaxItems": 100, "Quantity": 0, "IsTruncated": True}},
        ),
    ],
)
def test_a_page_that_says_there_is_more_without_a_token_is_no_whole_listing(
    emulator: Emulator, service: str, name: str, body: dict[str, Any]
) -> None:
    emulator.respond(service, name, body)
    found = why(caller(emulator.endpoint), service, name)
    assert (found.cause, found.code) == ("not_aws", "PaginationError")


def test_pages_inside_of_a_member_are_read_to_their_end(emulator: Emulator) -> None:
    def page(name: str, **more: Any) -> dict[str, Any]:
        items = [{"Id": name, "Name": name, "Description": "", "SigningProtocol": "sigv4", "SigningBehavior": "always",
                  "OriginAccessControlOriginType": "s3"}]  # fmt: skip
        return {"OriginAccessControlList": {"MaxItems": 1, "Quantity": 1, "Items": items, **more}}

    second, third = (
        {"Marker": mark, "NextMarker": after, "IsTruncated": True} for mark, after in (("", "b"), ("b", "c"))
    )
    cases = [
        {"when": {"Marker": "b"}, "body": page("two", **third)},
        {"when": {"Marker": "c"}, "body": page("three", Marker="c", IsTruncated=False)},
        {"when": {}, "body": page("one", **second)},
    ]
    emulator.respond("cloudfront", "ListOriginAccessControls", cases=cases)
    calls_ = caller(emulator.endpoint)
    asked = Call("cloudfront", "ListOriginAccessControls", Position("test"), take="OriginAccessControlList.Items[]")
    assert [item["Id"] for item in calls_.make(asked, "us-east-1", {}).value] == ["one", "two", "three"]


def test_empty_pages_do_not_end_a_listing(emulator: Emulator) -> None:
    (*between_, first) = of_new_tokens(40)
    last = {"when": {"nextToken": "page-39"}, "body": {"logGroups": [{"logGroupName": "a", "arn": "a"}]}}
    emulator.respond("logs", "DescribeLogGroups", cases=[last, *between_, first])
    calls_ = caller(emulator.endpoint)
    answer = calls_.make(Call("logs", "DescribeLogGroups", Position("test"), take="logGroups[]"), PARIS, {})
    assert [group["logGroupName"] for group in answer.value] == ["a"]


EMPTY_LISTS = load(Path(__file__).with_name("empty_lists.yaml"))


def test_only_lists_that_aws_is_known_to_send_empty_must_be_there() -> None:
    asked = [(call, call.take) for call in calls(library(), needs_of_all()) if call.always]
    known = {(service, name): one["list"] for service, them in EMPTY_LISTS.items() for name, one in them.items()}
    assert {known.get((call.service, call.operation)) for call, _ in asked} <= {take.split("[")[0] for _, take in asked}
    assert {(call.service, call.operation) for call, _ in asked} == set(known)
    assert all(take.startswith(known[call.service, call.operation]) for call, take in asked)


@pytest.mark.parametrize("always", [True, False])
def test_an_answer_without_its_list_is_no_empty_listing(emulator: Emulator, always: bool) -> None:
    emulator.respond("kms", "ListAliases", {"Truncated": False})
    asked = Call("kms", "ListAliases", Position("test"), take="Aliases[]", always=always)
    calls_ = caller(emulator.endpoint)
    if not always:
        assert calls_.make(asked, PARIS, {}).value == []
        return
    with pytest.raises(UnreadError) as raised:
        calls_.make(asked, PARIS, {})
    assert (raised.value.reason.cause, raised.value.reason.code) == ("not_aws", "NoList")
    assert "Aliases" in raised.value.reason.message


def test_an_empty_list_is_an_empty_listing(emulator: Emulator) -> None:
    emulator.respond("kms", "ListAliases", {"Aliases": []})
    asked = Call("kms", "ListAliases", Position("test"), take="Aliases[]", always=True)
    assert caller(emulator.endpoint).make(asked, PARIS, {}).value == []


def test_a_page_that_s3_did_not_send_is_told_with_its_own_status(emulator: Emulator) -> None:
    with between(emulator.endpoint) as front:
        front.does = Misbehaviour(
            share=1.0, always=Answer(200, {"Content-Type": "application/xml"}, b"<html><p>Sign in")
        )
        found = why(caller(front.endpoint), "s3", "ListBuckets")
    assert found.cause == "not_aws"
    assert found.code.startswith("HTTP 200")


@cache
def in_cbor(service: str, name: str) -> Any:
    """Return an operation of a service that newer versions of botocore may call in CBOR."""
    described = Loader().load_service_model(service, "service-2")
    described["metadata"]["protocols"] = [PROTOCOL]
    return ServiceModel(described, service).operation_model(name)


def written(model: Any, value: dict[str, Any]) -> Answer:
    """An answer in CBOR, as botocore would write it."""
    body = bytearray()
    create_serializer(PROTOCOL, include_validation=False)._serialize_data_item(body, value, model.output_shape)
    return Answer(200, {"Content-Type": "application/cbor", "x-amzn-RequestId": "1"}, bytes(body))


@pytest.mark.skipif(PROTOCOL not in PROTOCOL_PARSERS, reason="an older botocore does not know CBOR")
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    chosen=st.sampled_from([("cloudwatch", "DescribeAlarms"), ("codebuild", "BatchGetProjects")]),
    kind=st.sampled_from(sorted(SPOILERS)),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_a_spoiled_cbor_answer_is_refused_or_read_as_the_same(
    chosen: tuple[str, str], kind: str, seed: int, data: st.DataObject
) -> None:
    model = in_cbor(*chosen)
    answer = written(model, data.draw(outputs(model)))
    clean = read(model, answer)
    assert len(written(model, clean).body) == len(answer.body)  # nothing was lost
    spoiled = SPOILERS[kind](answer, random.Random(seed))
    if spoiled is None or not spoiled.whole:
        return
    try:
        found = read(model, spoiled)
    except (NotAwsError, ValueError):  # botocore fails on bytes that are no text: then the call is not from AWS either
        return
    refused = found.get("Error", {}).get("Code") == NOT_AWS and spoiled.status >= 500
    refused = refused or bool(found.get(NULLS))  # whoever takes such a list refuses it
    assert refused or found == clean or kind == "the same page again"


def test_a_refusal_in_cbor_needs_a_request_id_and_a_code() -> None:
    model = in_cbor("cloudwatch", "DescribeAlarms")
    body = bytearray()
    shape = model.service_model.shape_for("Tag")  # two texts
    create_serializer(PROTOCOL, include_validation=False)._serialize_data_item(
        body, {"Key": "AccessDenied", "Value": "no"}, shape
    )
    said = bytes(body).replace(b"cKey", b"f__type").replace(b"eValue", b"gmessage")
    headers = {"Content-Type": "application/cbor", "x-amzn-RequestId": "1"}
    found = read(model, Answer(400, headers, said))
    assert found["Error"] == {"Code": "AccessDenied", "Message": "no"}
    for status, sent, wrong in ((400, headers, b""), (400, headers, b"\xa0"), (400, {}, said), (403, headers, PAGE)):
        with pytest.raises(NotAwsError):
            read(model, Answer(status, sent, wrong))


@pytest.mark.parametrize("body", [b" ", b""], ids=["body", "headers"])
def test_a_slow_answer_reaches_its_time_limit(emulator: Emulator, body: bytes) -> None:
    with between(emulator.endpoint) as front:
        front.does = Misbehaviour(share=1.0, always=Answer(200, {}, body, drips=True))
        found = why(caller(front.endpoint, Limits(connect=2, read=0.2, attempts=2)), "sns", "ListTopics")
    assert found.cause == "not_aws"
    assert "no complete answer" in found.message or "does not end" in found.message


def test_one_blocked_service_does_not_stop_calls_to_others(emulator: Emulator) -> None:
    """Six services are blocked by a page, one after the other, and one operation of a seventh."""
    blocked = [("guardduty", "ListDetectors"), ("sns", "ListTopics"), ("kms", "ListKeys"), ("lambda", "ListFunctions")]
    blocked += [("ecr", "DescribeRepositories"), ("logs", "DescribeLogGroups")]
    with between(emulator.endpoint) as front:
        front.does = Misbehaviour(share=1.0, kinds=("page",), spared=("GetCallerIdentity", "/sqs/"))
        calls_ = caller(front.endpoint)
        for service, name in blocked * 2:
            assert why(calls_, service, name).cause == "not_aws"
        calls_.make(Call("sqs", "ListQueues", Position("test")), PARIS, {})


def test_a_bucket_with_an_unread_region_is_in_no_region(emulator: Emulator, tmp_path: Any) -> None:
    from collect.aws.kit import read as collect

    emulator.respond("s3", "ListBuckets", {"Buckets": [{"Name": "quelque-part"}]})
    emulator.faults({"kind": "deny", "operation": "GetBucketLocation"})
    bucket = collect(emulator, tmp_path, {"AWS::S3::Bucket": ["BucketRegion"]}).only("AWS::S3::Bucket")
    assert bucket["region"] == "global"
    assert bucket["unread"]["BucketRegion"]["cause"] == "access_denied"


@pytest.mark.parametrize("body", [b'{"detectorIds": [null]}', b'{"detectorIds": null}'])
def test_null_is_no_empty_listing(emulator: Emulator, body: bytes) -> None:
    with between(emulator.endpoint) as front:
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": "1"}
        front.does = Misbehaviour(share=1.0, always=Answer(200, headers, body))
        asked = Call("guardduty", "ListDetectors", Position("test"), take="DetectorIds[]")
        with pytest.raises(UnreadError) as raised:
            caller(front.endpoint).make(asked, PARIS, {})
    assert raised.value.reason.cause == "not_aws"
    assert "detectorids" in raised.value.reason.message.lower()


DEEP = {
    "guardduty ListDetectors": ("application/json", b'{"detectorIds": ' + b"%s}", b"[", b"]"),
    "ec2 DescribeRegions": (
        "text/xml",
        b"<DescribeRegionsResponse>%s</DescribeRegionsResponse>",
        b"<item>",
        b"</item>",
    ),
}


@pytest.mark.parametrize("levels", [101, 450, 100_000])
@pytest.mark.parametrize("name", DEEP)
def test_an_answer_that_is_nested_deeper_than_any_of_aws_is_none(emulator: Emulator, name: str, levels: int) -> None:
    kind, body, opens, closes = DEEP[name]
    with between(emulator.endpoint) as front:
        headers = {"Content-Type": kind, "x-amzn-RequestId": "1"}
        deep = body % (opens * levels + closes * levels)
        front.does = Misbehaviour(share=1.0, always=Answer(200, headers, deep))
        with pytest.raises(UnreadError) as raised:
            caller(front.endpoint).make(Call(*name.split(), Position("test")), PARIS, {})
    assert (raised.value.reason.cause, "nested too deeply" in raised.value.reason.message) == ("not_aws", True)


def test_a_service_that_always_throttles_is_given_up_and_others_are_not(emulator: Emulator) -> None:
    names = ("ListTables", "ListBackups", "ListExports", "ListImports", "ListGlobalTables", "DescribeLimits")
    emulator.faults(*({"kind": "throttle", "operation": name} for name in names))
    calls_ = caller(emulator.endpoint, TWICE)
    found = [why(calls_, "dynamodb", name) for name in names]
    assert {one.cause for one in found} == {"throttled"}
    assert [one.code == "NotAsked" for one in found] == [False] * 5 + [True]
    calls_.make(Call("sqs", "ListQueues", Position("test")), PARIS, {})
