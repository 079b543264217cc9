"""Unknown regions: those in scope without an answer, and the enabled ones that were not read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preuve.model.snapshot import Resource, Snapshot, Unread

ENABLED, BUCKET = "AWS::EnabledRegion", "AWS::S3::Bucket"
_MEMBERS = ("TaggedResources", "Reservations", "DbInstances")
Where = tuple[str, str]  # account and region


@dataclass(frozen=True)
class Region:
    """A region of an account; `holds` has the number of objects that the calls of each kind found, without zeros."""

    account: str
    name: str
    holds: Mapping[str, int]
    unread: Sequence[Unread] = ()
    asked: bool = True  # whether every kind was listed; kinds that were not listed are unknown


@dataclass(frozen=True)
class SilentRegion:
    """A region in scope without an answer, and why; without a reason, no call was made there."""

    account: str
    name: str
    unread: Sequence[Unread] = ()


@dataclass(frozen=True)
class UnreadRegions:
    """The regions that were not read; without those out of scope if the enabled regions are unknown."""

    asked: bool = False
    regions: Sequence[Region] = ()
    refused: Sequence[tuple[str, Unread]] = ()  # accounts whose regions could not be listed, and why
    mute: Sequence[SilentRegion] = ()
    unlisted: Sequence[str] = ()  # accounts in scope in which no call listed the enabled regions
    unheard: Sequence[str] = ()  # accounts in scope of which no list was answered

    @property
    def known(self) -> bool:
        """Whether the enabled regions of every account in scope are known."""
        return self.asked and not (self.refused or self.unlisted)

    def silent_in(self, region: str) -> int:
        """Return the number of accounts in which a region in scope gave no answer."""
        return sum(item.name == region for item in self.mute)


def filled(unread: UnreadRegions) -> list[str]:
    """Return the enabled regions that were not read and in which something was found, each once."""
    return sorted({item.name for item in unread.regions if item.holds})


def unread_regions(found: Snapshot, read: Collection[str], calls: Iterable[Mapping[str, Any]] = ()) -> UnreadRegions:
    """Return the regions in scope that answered none of the recorded calls, and the enabled ones out of scope."""
    listings = [listing for listing in found.listings if listing.type == ENABLED]
    buckets = [resource for resource in found.resources if resource.type == BUCKET]
    listed = {item.account: item.unread for item in found.listings if item.type == BUCKET}
    regions = [
        _region(item, buckets, listed)
        for item in found.resources
        if item.type == ENABLED and item.id not in read and str(item.data.get("RegionOptStatus")).startswith("ENABLED")
    ]
    refused = [(item.account, item.unread) for item in listings if item.unread]
    mute = tuple(_mute(found, read, calls))
    by_place = sorted(regions, key=lambda item: (item.account, item.name))
    unlisted = [name for name in found.meta.accounts if name not in {item.account for item in listings}]
    heard = {item.account for item in found.listings if not item.unread}
    unheard = [name for name in found.meta.accounts if name not in heard]
    return UnreadRegions(bool(listings), by_place, refused, mute, unlisted, unheard)


def _region(item: Resource, buckets: Sequence[Resource], listed: Mapping[str, Unread | None]) -> Region:
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
    failed = [*(item.unread[name] for name in ("*", *_MEMBERS) if name in item.unread), listed.get(item.account)]
    asked = item.account in listed and all(name in item.data or name in item.unread for name in _MEMBERS)
    holds = {name: count for name, count in counts.items() if count}
    return Region(item.account, item.id, holds, tuple(dict.fromkeys(filter(None, failed))), asked)


def _mute(found: Snapshot, read: Collection[str], calls: Iterable[Mapping[str, Any]]) -> Iterator[SilentRegion]:
    answered = set(_answered(found, calls))
    refused = _refused(found)
    if not {item.account for item in found.listings}.intersection(found.meta.accounts):  # AWS was not asked at all
        return
    for account in found.meta.accounts:
        for name in read:
            if (account, name) not in answered:
                yield SilentRegion(account, name, refused.get((account, name), ()))


def _answered(found: Snapshot, calls: Iterable[Mapping[str, Any]]) -> Iterator[Where]:
    """Yield where a call was answered: by a page, by the end of a listing, by the error that means "not set".

    A unit without an answer calls the home region to check whether its keys are still valid; that does not count as an
    answer for the unit.
    """
    heard = ((_where(line["id"]), line.get("region")) for line in calls if not line.get("error"))
    yield from (place for place, region in heard if region == place[1])
    yield from ((item.account, item.region) for item in found.listings if item.calls and not item.unread)
    for item in found.resources:
        for names in (item.calls[member] for member in item.absent if member in item.calls):
            yield from map(_where, [names] if isinstance(names, str) else names)


def _refused(found: Snapshot) -> dict[Where, Sequence[Unread]]:
    """Return why nothing was read in each place, each cause once."""
    causes: dict[Where, dict[tuple[str, str], Unread]] = {}
    for place, why in _failures(found):
        causes.setdefault(place, {}).setdefault((why.cause, why.code), Unread(why.cause, why.code))
    return {place: tuple(known.values()) for place, known in causes.items()}


def _failures(found: Snapshot) -> Iterator[tuple[Where, Unread]]:
    yield from (((item.account, item.region), item.unread) for item in found.listings if item.unread)
    yield from (((item.account, item.region), why) for item in found.resources for why in item.unread.values())


def _where(call: str) -> Where:
    account, region, *_ = call.split("/")
    return account, region
