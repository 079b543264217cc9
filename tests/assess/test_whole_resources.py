"""A resource that several blocks set passes as a whole or not at all, under every policy and for every kind of part."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from content_copy import bundled
from preuve.assess.code.findings import code_findings
from preuve.assess.code.join import Matcher
from preuve.assess.index import Index
from preuve.model.content import Policy
from preuve.model.results import Finding
from preuve.model.snapshot import IacBlock, IacRecord, IacScan, Meta, Snapshot

LIBRARY = bundled()
PARAMS = {name: item.value for name, item in LIBRARY.parameters.items()}
IN_CODE = [policy for policy in LIBRARY.policies.values() if policy.iac is not None]
OPEN = ("FAIL", "NOT_EVALUATED")
# Both kinds of code, and each way in which a part may name its resource.
MAKERS = {(one.resource, "::" in one.block): one.block for one in LIBRARY.namings.entries if not one.part}
PARTS = [(one.block, MAKERS[one.resource, "::" in one.block]) for one in LIBRARY.namings.entries if one.part]
WAYS = ("of", "name", "arn")
# One block passes, the other does not.
RESULTS = [pair for worse in ("FAILED", "UNKNOWN") for pair in itertools.permutations(("PASSED", worse))]


def address_of(kind: str, name: str) -> str:
    return f"{kind}.{name}"


def found(policy: Policy, blocks: list[IacBlock], results: dict[str, str], at: str = "") -> list[Finding]:
    """The findings of a policy whose checks all say the same of each block; what is unknown, for what is found `at`."""
    assert policy.iac is not None
    records = tuple(
        IacRecord(
            one.root,
            one.address,
            one.type,
            one.file,
            1,
            2,
            check,
            results[one.address],
            (at,),
            "unresolved: a",
            tags={},
        )
        for one in blocks
        for check in policy.iac.checkov
    )
    snapshot = Snapshot(Meta(), records=records, blocks=tuple(blocks), scans=(IacScan("infra", "terraform", 1, 1),))
    joining = Matcher(Index(snapshot, LIBRARY.types), LIBRARY.namings)
    return list(code_findings([policy], snapshot, PARAMS, joining.ties))


def block(kind: str, label: str, **more: str) -> IacBlock:
    return IacBlock("infra", address_of(kind, label), kind, "infra/main.tf", 1, 2, **more)


def named(way: str, maker: str, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """How a part names its resource, and how the block that makes it is called."""
    text = f"arn:aws:x:::{name}" if way == "arn" else name
    if way != "of":
        return {way: text}, {way: text}
    return {"of": name if "::" in maker else address_of(maker, name)}, {}


@pytest.mark.parametrize("policy", IN_CODE, ids=lambda policy: policy.id)
def test_no_part_of_a_resource_passes_where_another_one_does_not(policy: Policy) -> None:
    blocks, results, groups = [], {}, []
    for number, ((part, maker), said) in enumerate(itertools.product(PARTS, RESULTS)):
        name = f"r{number}"
        of, called = named(WAYS[number % len(WAYS)], maker, name)
        own = [block(maker, name, **called), block(part, f"{name}a", **of)]
        blocks += own
        groups.append({one.address for one in own})
        results |= {one.address: result for one, result in zip(own, said, strict=True)}
    statuses: dict[str, str] = {}
    for item in found(policy, blocks, results):
        statuses |= {place.id: item.status.value for place in item.places}
    for group in groups:
        said = {statuses[address] for address in group}
        assert not ("PASS" in said and said & set(OPEN)), group


BUCKET, ACL, POLICY = "aws_s3_bucket", "aws_s3_bucket_acl", "aws_s3_bucket_policy"
ONE = LIBRARY.policies["s3-no-public-grant"]


@pytest.mark.parametrize(
    ("parts", "results", "wanted"),
    [
        # Two parts of one bucket, which no block here makes.
        ([(ACL, {"name": "b"}), (POLICY, {"name": "b"})], ["PASSED", "FAILED"], ["NOT_APPLICABLE", "FAIL"]),
        ([(ACL, {"of": "data.x.b"}), (POLICY, {"of": "data.x.b"})],
         ["PASSED", "UNKNOWN"], ["NOT_APPLICABLE", "NOT_EVALUATED"]),
        ([(ACL, {"of": "var.b"}), (POLICY, {"of": "var.b"})],
         ["PASSED", "UNKNOWN"], ["NOT_APPLICABLE", "NOT_EVALUATED"]),
        ([(ACL, {"of": "var.b"}), (POLICY, {"of": "var.c"})], ["PASSED", "FAILED"], ["NOT_EVALUATED", "FAIL"]),
        # Of two buckets.
        ([(ACL, {"name": "b"}), (POLICY, {"name": "c"})], ["PASSED", "FAILED"], ["PASS", "FAIL"]),
        # A part that may be of either of two.
        ([(BUCKET, {"name": "b"}), (f"{BUCKET}.x", {"name": "b"}), (POLICY, {"name": "b"})],
         ["PASSED", "PASSED", "FAILED"], ["NOT_APPLICABLE", "NOT_APPLICABLE", "FAIL"]),
        ([(BUCKET, {"name": "b"}), (POLICY, {"name": "b"})], ["PASSED", "PASSED"], ["PASS", "PASS"]),
    ],
)  # fmt: skip
def test_parts_are_of_one_resource_where_they_name_one(
    parts: list[tuple[str, dict[str, str]]], results: list[str], wanted: list[str]
) -> None:
    blocks = [block(kind.removesuffix(".x"), f"n{number}", **called) for number, (kind, called) in enumerate(parts)]
    told = found(ONE, blocks, {one.address: result for one, result in zip(blocks, results, strict=True)})
    statuses = {item.place.id: item.status.value for item in told}
    assert [statuses[one.address] for one in blocks] == wanted


@pytest.mark.parametrize(
    ("results", "code", "other"),
    [
        (("PASSED", "FAILED"), "iac_failed_at_part", "n1"),
        (("PASSED", "UNKNOWN"), "iac_open_at_part", "n1"),
        (("PASSED", "UNKNOWN", "FAILED"), "iac_failed_at_part", "n2"),
        (("PASSED", "FAILED", "UNKNOWN"), "iac_failed_at_part", "n1"),
    ],
)
def test_the_reason_names_a_block_that_fails_before_one_that_is_open(
    results: tuple[str, ...], code: str, other: str
) -> None:
    blocks = [block(ACL, f"n{number}", name="b") for number in range(len(results))]
    told = found(ONE, blocks, {one.address: result for one, result in zip(blocks, results, strict=True)})
    reasons = {item.place.id: item.reason for item in told}
    assert reasons[blocks[0].address].code == code
    assert reasons[blocks[0].address].values == {"other": address_of(ACL, other)}


# How the code may tell the name of a resource. Only two names that differ are surely those of two resources; an ARN in
# a part may be that of any.
CALLED = {
    "nothing": {},
    "b": {"name": "b"},
    "c": {"name": "c"},
    "arn of b": {"arn": "arn:aws:s3:::b"},
    "looked up": {"of": "data.aws_s3_bucket.b"},
    "an input": {"of": "var.b"},
    "another input": {"of": "var.c"},
}
# What makes a resource looks up none.
PAIRS = [(first, one) for first in (BUCKET, ACL) for one in CALLED if (first, one) != (BUCKET, "looked up")]
APART = {(BUCKET, "b", "c"), (BUCKET, "c", "b"), (BUCKET, "arn of b", "c"), (ACL, "b", "c"), (ACL, "c", "b")}


@pytest.mark.parametrize("worse", ["FAILED", "UNKNOWN"])
@pytest.mark.parametrize("other", CALLED)
@pytest.mark.parametrize(("first", "one"), PAIRS)
def test_nothing_passes_that_may_be_the_resource_of_a_block_that_does_not(
    first: str, one: str, other: str, worse: str
) -> None:
    for results in (("PASSED", worse), (worse, "PASSED")):
        blocks = [block(first, "x", **CALLED[one]), block(POLICY, "y", **CALLED[other])]
        told = found(ONE, blocks, {item.address: result for item, result in zip(blocks, results, strict=True)})
        statuses = {item.status.value for item in told}
        assert ("PASS" in statuses) == ((first, one, other) in APART), results


def test_a_part_without_a_resource_reaches_other_roots_by_its_name_alone() -> None:
    elsewhere = [replace(block(BUCKET, name, name=name), root="other") for name in ("b", "c")]
    blocks = [*elsewhere, block(POLICY, "y", name="b")]
    results = {one.address: "PASSED" for one in elsewhere} | {blocks[-1].address: "FAILED"}
    statuses = {item.place.id: item.status.value for item in found(ONE, blocks, results)}
    assert statuses == {"aws_s3_bucket.b": "NOT_EVALUATED", "aws_s3_bucket.c": "PASS", blocks[-1].address: "FAIL"}


@pytest.mark.parametrize(("at", "status"), [(POLICY, "PASS"), (ACL, "NOT_EVALUATED"), ("acl", "NOT_EVALUATED")])
def test_what_is_open_because_a_part_may_be_its_own_does_not_leave_the_part_open(at: str, status: str) -> None:
    blocks = [block(BUCKET, "b", name="b"), block(POLICY, "y")]
    told = found(ONE, blocks, {blocks[0].address: "UNKNOWN", blocks[1].address: "PASSED"}, at)
    assert {item.place.id: item.status.value for item in told} == {
        blocks[0].address: "NOT_EVALUATED",
        blocks[1].address: status,
    }
    failing = found(ONE, blocks, {blocks[0].address: "FAILED", blocks[1].address: "PASSED"}, at)
    assert [item.status.value for item in failing] == ["FAIL", "NOT_EVALUATED"]
