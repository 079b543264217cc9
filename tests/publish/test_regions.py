"""Enabled regions that no run reads: the resources that the calls found there, and the calls that failed."""

from __future__ import annotations

from typing import Any

from preuve.model.meta import Meta
from preuve.model.snapshot import Listing, Resource, Snapshot
from preuve.model.snapshot import Unread as Why
from preuve.publish.site.regions import BUCKET, ENABLED, unread_regions

ACCOUNT = "123456789012"


def region(
    name: str, status: str = "ENABLED_BY_DEFAULT", unread: dict[str, Why] | None = None, **data: Any
) -> Resource:
    return Resource(
        ENABLED, name, ACCOUNT, "global", {"RegionName": name, "RegionOptStatus": status, **data}, unread=unread or {}
    )


def test_resources_in_a_region_out_of_scope_are_counted() -> None:
    tagged = [{"ResourceARN": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:old"}, {"ResourceARN": "arn:aws:s3:::b"}]
    group = {"Instances": [{"State": {"Name": "terminated"}}, {"State": {"Name": "stopped"}}]}
    bucket = Resource(BUCKET, "b", ACCOUNT, "global", {"BucketRegion": "us-east-1"})
    other = Resource(BUCKET, "c", "210987654321", "global", {"BucketRegion": "us-east-1"})
    found = Snapshot(
        Meta(),
        (
            region("eu-west-3", DbInstances=[{}]),
            region("us-east-1", TaggedResources=tagged, Reservations=[group], DbInstances=[{}, {}]),
            region("sa-east-1", TaggedResources=tagged, Reservations=[], DbInstances=[]),
            region("me-south-1", "DISABLED"),
            bucket,
            other,
        ),
        (Listing(ENABLED, ACCOUNT, "global", 4),),
    )
    unread = unread_regions(found, ["eu-west-3"])
    assert unread.asked
    assert [(item.name, dict(item.holds)) for item in unread.regions] == [
        ("sa-east-1", {}),
        ("us-east-1", {"tagged": 1, "instances": 1, "databases": 2, "buckets": 1}),
    ]


def test_a_region_that_refused_the_query_is_not_empty() -> None:
    denied = Why("access_denied", "AccessDenied", action="tag:GetResources")
    found = Snapshot(
        Meta(), (region("us-east-1", unread={"TaggedResources": denied}),), (Listing(ENABLED, ACCOUNT, "", 1),)
    )
    (item,) = unread_regions(found, []).regions
    assert not item.holds and item.unread[0].action == "tag:GetResources"


def test_an_unasked_account_differs_from_one_that_refused() -> None:
    assert not unread_regions(Snapshot(Meta()), []).asked
    refused = Listing(ENABLED, ACCOUNT, "", 0, "failed", unread=Why("access_denied", "AccessDenied"))
    found = unread_regions(Snapshot(Meta(), listings=(refused,)), [])
    assert found.asked and [account for account, _ in found.refused] == [ACCOUNT]
