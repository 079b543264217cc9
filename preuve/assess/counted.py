"""Holds the lists of a snapshot against what the services count themselves: a list with fewer is not complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from preuve.assess.paths import values
from preuve.model.content import CountedBy, ResourceType
from preuve.model.snapshot import Listing, Snapshot, Unread

FEWER = "fewer_listed"
_Place = tuple[str, str, str]  # type, account and region


def counted(snapshot: Snapshot, types: Mapping[str, ResourceType]) -> Snapshot:
    """Return a snapshot in which a listing of fewer resources than the service counts there is unread. More of them say
    nothing against it: a count is often older than the list.
    """
    exact = {name: item.counted_by for name, item in types.items() if item.counted_by and item.counted_by.exact}
    listed = Counter((item.type, item.account, item.region) for item in snapshot.resources if item.type in exact)
    lacking = {
        place: Unread(FEWER, f"{listed[place]}/{count}")
        for place, count in _counts(snapshot, exact)
        if listed[place] < count
    }
    return (
        replace(snapshot, listings=tuple(_with(item, lacking) for item in snapshot.listings)) if lacking else snapshot
    )


def _with(listing: Listing, lacking: Mapping[_Place, Unread]) -> Listing:
    found = lacking.get((listing.type, listing.account, listing.region))
    return listing if found is None or listing.unread else replace(listing, unread=found)


def _counts(snapshot: Snapshot, exact: Mapping[str, CountedBy]) -> Iterator[tuple[_Place, int]]:
    """Yield what is counted of each type in each place."""
    wanted = {item.type for item in exact.values()}
    counting = [item for item in snapshot.resources if item.type in wanted]
    for name, by in exact.items():
        for source in (item for item in counting if item.type == by.type):
            for number in values(source.data, by.path):
                if isinstance(number, int):
                    yield (name, source.account, source.region), number
