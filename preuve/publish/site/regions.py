"""The regions in which the accounts can hold something and that were not read, with what lives there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from preuve.model.snapshot import Resource, Snapshot, Unread

ENABLED, BUCKET = "AWS::EnabledRegion", "AWS::S3::Bucket"
_MEMBERS = ("TaggedResources", "Reservations", "DbInstances")


@dataclass(frozen=True)
class Region:
    """A region of an account; `holds` counts what the calls of each kind found, without those that found nothing."""

    account: str
    name: str
    holds: Mapping[str, int]
    unread: Sequence[Unread] = ()


@dataclass(frozen=True)
class UnreadRegions:
    """The regions that were not read; empty if the enabled regions are unknown."""

    asked: bool = False
    regions: Sequence[Region] = ()
    refused: Sequence[tuple[str, Unread]] = ()  # accounts whose regions could not be listed, and why


def unread_regions(found: Snapshot, read: Collection[str]) -> UnreadRegions:
    """Return the enabled regions of a snapshot that are not among those that were read."""
    listings = [listing for listing in found.listings if listing.type == ENABLED]
    buckets = [resource for resource in found.resources if resource.type == BUCKET]
    regions = [
        _region(item, buckets)
        for item in found.resources
        if item.type == ENABLED and item.id not in read and str(item.data.get("RegionOptStatus")).startswith("ENABLED")
    ]
    refused = [(item.account, item.unread) for item in listings if item.unread]
    return UnreadRegions(bool(listings), sorted(regions, key=lambda item: (item.account, item.name)), refused)


def _region(item: Resource, buckets: Sequence[Resource]) -> Region:
    arns = [str(tagged.get("ResourceARN", "")) for tagged in item.data.get("TaggedResources") or ()]
    instances = [one for group in item.data.get("Reservations") or () for one in group.get("Instances") or ()]
    counts = {
        "tagged": sum(arn.split(":")[3:4] == [item.id] for arn in arns),
        "instances": sum((one.get("State") or {}).get("Name") != "terminated" for one in instances),
        "databases": len(item.data.get("DbInstances") or ()),
        "buckets": sum(
            bucket.account == item.account and bucket.data.get("BucketRegion") == item.id for bucket in buckets
        ),
    }
    unread = [item.unread[name] for name in _MEMBERS if name in item.unread]
    return Region(item.account, item.id, {name: count for name, count in counts.items() if count}, unread)
