"""What says by its tag that it holds no personal data is what no item of the GDPR is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from content_copy import bundled
from preuve.assess.code.join import Joining, cloud_place
from preuve.assess.code.tags import Outside
from preuve.assess.index import Index
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import IacBlock, IacRecord, Snapshot

from .factory import resource, snapshot

F = FindingStatus
GDPR = ("gdpr",)
LIBRARY = bundled()
TAG = LIBRARY.parameters["personal_data_tag"].value
TYPES = LIBRARY.frameworks["gdpr"].beyond.types if LIBRARY.frameworks["gdpr"].beyond else ()
WORDS = [
    ({TAG: "no"}, True), ({TAG: " NON "}, True), ({TAG: "False"}, True), ({TAG: "yes"}, False), ({TAG: ""}, False),
    ({TAG: "nobody"}, False), ({}, False), ({"Other": "no"}, False), ({TAG.lower(): "no"}, False),
]  # fmt: skip


def finding(place: Place, status: FindingStatus = F.FAIL, lines: tuple[str, ...] = ()) -> Finding:
    return Finding("test", 1, "aws", status, Severity.HIGH, place, Reason("r"), lines=lines)


def outside(found: Snapshot, *findings: Finding) -> list[tuple[str, ...]]:
    joining = Joining(Index(found, LIBRARY.types), LIBRARY.namings)
    params = {name: item.value for name, item in LIBRARY.parameters.items()}
    return [item.outside for item in Outside(tuple(LIBRARY.frameworks.values()), joining, params).marked(findings)]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("tags", "is_outside"), WORDS)
def test_a_resource_says_it_by_the_plain_word_of_its_tag(kind: str, tags: Mapping[str, str], is_outside: bool) -> None:
    for name in ("Tags", "TagList"):
        item = resource(kind, "x", {name: dict(tags)})
        assert outside(snapshot(item), finding(cloud_place(item))) == [GDPR if is_outside else ()]


@pytest.mark.parametrize("kind", ["AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::EC2::Instance"])
def test_what_holds_no_data_bears_no_such_word(kind: str) -> None:
    item = resource(kind, "x", {"Tags": {TAG: "no"}})
    assert outside(snapshot(item), finding(cloud_place(item))) == [()]


def test_tags_that_another_service_tells_count() -> None:
    queue = resource("AWS::SQS::Queue", "q", arn="arn:aws:sqs:eu-west-3:1:q")
    told = resource("AWS::ResourceGroupsTaggingAPI::Resource", queue.arn, {"Tags": {TAG: "no"}})
    assert outside(snapshot(queue, told), finding(cloud_place(queue))) == [GDPR]


def test_what_macie_found_in_it_takes_the_word_away() -> None:
    bucket = replace(resource("AWS::S3::Bucket", "b", {"Tags": {TAG: "no"}}), at="resources.jsonl:7")
    other = replace(resource("AWS::S3::Bucket", "c", {"Tags": {TAG: "no"}}), at="resources.jsonl:8")
    seen = finding(Place("AWS::Macie::Finding", "f"), lines=(bucket.at,))
    places = finding(cloud_place(bucket)), finding(cloud_place(other))
    assert outside(snapshot(bucket, other), *places, seen) == [(), GDPR, ()]
    assert outside(snapshot(bucket, other), *places, replace(seen, status=F.PASS)) == [GDPR, GDPR, ()]


def test_what_macie_found_in_it_takes_the_word_of_its_block_away() -> None:
    bucket = replace(resource("AWS::S3::Bucket", "b", {"Tags": {TAG: "no"}}), at="resources.jsonl:7")
    code = block("aws_s3_bucket.b", name="b")
    found = replace(snapshot(bucket), blocks=(code,), records=(record(code.address, {TAG: "no"}),))
    place = Place(code.type, code.address, root=code.root)
    seen = finding(Place("AWS::Macie::Finding", "f"), lines=(bucket.at,))
    assert outside(found, finding(place)) == [GDPR]
    assert outside(found, finding(place), seen) == [(), ()]


def block(address: str, **more: str) -> IacBlock:
    return IacBlock("infra", address, address.split(".", maxsplit=1)[0], "infra/main.tf", 1, 9, **more)  # type: ignore[arg-type]


def record(address: str, tags: Mapping[str, str | None] | None) -> IacRecord:
    kind = address.split(".", maxsplit=1)[0]
    return IacRecord("infra", address, kind, "infra/main.tf", 1, 9, "CKV_TEST", "FAILED", tags=tags)


@pytest.mark.parametrize(
    ("tags", "is_outside"), [*WORDS, (None, False), ({TAG: None}, False), ({TAG: "n…"}, False), ({"…": None}, False)]
)
def test_a_block_says_it_for_itself_and_for_its_parts(tags: Mapping[str, str | None] | None, is_outside: bool) -> None:
    bucket, part = block("aws_s3_bucket.b"), block("aws_s3_bucket_policy.p", of="aws_s3_bucket.b")
    found = replace(snapshot(), blocks=(bucket, part), records=(record(bucket.address, tags), record(part.address, {})))
    places = [Place(item.type, item.address, root=item.root, file=item.file, line=4) for item in (bucket, part)]
    assert outside(found, *map(finding, places)) == [GDPR if is_outside else ()] * 2
