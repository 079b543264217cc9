"""The resources of a snapshot, found by type, place and the keys that relations join on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from preuve.assess.paths import values
from preuve.assess.view import ListingSource
from preuve.model.content import GITHUB, WORKSPACE, Relation, ResourceType, SecondCount
from preuve.model.results import UnlistedNames
from preuve.model.snapshot import GLOBAL, Listing, Resource, Snapshot, Unread

_Place = tuple[str, str]  # account and region; "" stands for all
_EVERYWHERE = ("", "")
_Typed = tuple[str, str, str]  # type, account and region
_FEWER = "fewer_listed"
_NOT_LISTED = Unread("not_listed")
_FEW = 32  # at most so many resources are tried one by one: a condition compares each with each


@dataclass
class Index:
    """Answers what belongs to a resource, and which listings that answer rests on."""

    snapshot: Snapshot
    types: Mapping[str, ResourceType]
    _resources: dict[tuple[str, _Place], list[Resource]] = field(default_factory=lambda: defaultdict(list))
    _listings: dict[tuple[str, _Place], list[Listing]] = field(default_factory=lambda: defaultdict(list))
    _joins: dict[tuple[str, str, _Place], dict[Any, list[Resource]]] = field(default_factory=dict)
    _unread_joins: dict[tuple[str, tuple[str, ...], _Place], tuple[Unread, ...]] = field(default_factory=dict)
    _unlisted_types: dict[tuple[str, _Place], tuple[Unread, ...]] = field(default_factory=dict)
    _listed: dict[tuple[str, _Place], ListingSource] = field(default_factory=dict)
    _open_joins: dict[tuple[str, tuple[str, ...], _Place], list[Resource]] = field(default_factory=dict)
    _doubted: dict[tuple[str, tuple[str, ...], _Place], frozenset[str]] = field(default_factory=dict)
    _parents: dict[tuple[str, str, str, str], Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.snapshot.resources:
            for place in _places(resource):
                self._resources[resource.type, place].append(resource)
            self._parents[(resource.type, resource.account, resource.region, resource.id)] = resource
        for listing in self.snapshot.listings:
            for place in _places(listing):
                self._listings[listing.type, place].append(listing)

    def of_type(self, type_name: str, place: _Place = _EVERYWHERE) -> list[Resource]:
        """Return the resources of a type in a place."""
        return self._resources.get((type_name, place), [])

    def listings(self, type_name: str, place: _Place = _EVERYWHERE) -> list[Listing]:
        """Return the listings of a type in a place."""
        return self._listings.get((type_name, place), [])

    def singleton(self, type_name: str, account: str, region: str) -> Resource | None:
        """Return the account, or (with a region) the region that another resource lives in."""
        return next(iter(self.of_type(type_name, (account, region))), None)

    def join_keys(self, resource: Resource, member: str) -> list[str]:
        """Return the members of this resource that a relation joins on."""
        relation = self.types[resource.type].relations.get(member)
        return _heads(relation.own_paths) if relation else []

    def uncollected(self, type_name: str, member: str) -> Unread | None:
        """Return why the absence of a member proves nothing: a snapshot for other policies may not contain it."""
        members = self.snapshot.meta.members
        if members is None or member in members.get(type_name, ()):
            return None
        return Unread("not_collected", message=f"{type_name}.{member} was not asked for")

    def _parent(self, child: Resource) -> Resource | None:
        for call in self.types[child.type].lists:
            found = self._parents.get((call.for_each, child.account, child.region, child.parent))
            if found is not None:
                return found
        return None

    def related(self, resource: Resource, member: str) -> list[Resource]:
        """Return the resources that a relation joins to this one, or its parent."""
        relation = self.types[resource.type].relations.get(member)
        if relation is None:
            parent = self._parent(resource)
            return [] if parent is None else [parent]
        if resource.unread.keys() & set(_heads([relation.in_account])):
            return []  # their owner is unknown
        place = self._place(resource, relation)
        if not relation.where:
            return [other for other in self.of_type(relation.type, place) if _only(other, relation)]
        (theirs, ours), *rest = relation.where.items()
        joined = self._joined(relation.type, theirs, place)
        found: dict[int, Resource] = {}  # two resources of one name count as two
        for value in values(resource.data, ours):
            fitting = (o for o in joined.get(_key(value), ()) if _only(o, relation) and _all_match(resource, o, rest))
            found |= {id(other): other for other in islice(fitting, 1 if relation.distinct else None)}
        return list(found.values())

    def listed(self, resource: Resource, member: str) -> ListingSource:
        """Return what listed the resources that a relation may join to this one."""
        relation = self.types[resource.type].relations.get(member)
        if relation is None:
            return ListingSource()
        key = (relation.type, self._place(resource, relation))
        if key not in self._listed:
            listings = self.listings(*key)
            calls = frozenset(call for listing in listings for call in listing.calls)
            self._listed[key] = ListingSource(calls, frozenset(listing.at for listing in listings))
        return self._listed[key]

    def doubted(self, resource: Resource, member: str) -> frozenset[str]:
        """Return the lines of the snapshot for which the answer of `related` may be incomplete."""
        relation = self.types[resource.type].relations.get(member)
        if relation is None:
            return frozenset()
        place = self._place(resource, relation)
        key = (relation.type, _joined_by(relation), place)
        if key not in self._doubted:
            unlisted = {listing.at for listing in self.listings(relation.type, place) if listing.unread is not None}
            self._doubted[key] = frozenset(unlisted | {other.at for other in self._unjoined_of(relation, place)})
        return self._doubted[key]

    def perhaps(self, resource: Resource, member: str) -> list[Resource] | None:
        """Return the only resources that the answer of `related` may lack: those whose joining members are unread. None
        if it may lack others, or too many to try each.
        """
        relation = self.types[resource.type].relations.get(member)
        if relation is None or relation.distinct or resource.unread.keys() & {*self.join_keys(resource, member)}:
            return None
        place = self._place(resource, relation)
        others = self._unjoined_of(relation, place)
        if len(others) > _FEW or self._missing(resource, relation, place):
            return None
        there = {id(other) for other in self.related(resource, member)}
        return [other for other in others if id(other) not in there]

    def unread(self, resource: Resource, member: str) -> tuple[Unread, ...]:
        """Return everything for which the answer of `related` may be incomplete."""
        relation = self.types[resource.type].relations.get(member)
        if relation is None:
            return ()
        place = self._place(resource, relation)
        return (*self._missing(resource, relation, place), *self._unjoined(resource, relation, place))

    def _missing(self, resource: Resource, relation: Relation, place: _Place) -> tuple[Unread, ...]:
        """Return why not all resources of a relation may be listed. If GitHub names them by id, a failed listing
        elsewhere does not matter where all ids are found; where one is not, the listing is not whole.
        """
        other, unlisted = self.types[relation.type], self._unlisted(relation.type, place)
        theirs, ours = next(iter(relation.where.items()), ("", ""))
        if other.provider != GITHUB or theirs != other.identity:
            return unlisted
        wanted = {_key(value) for value in values(resource.data, ours)}
        return () if wanted <= set(self._joined(relation.type, theirs, place)) else unlisted or (_NOT_LISTED,)

    def unlisted(self, resource: Resource, type_name: str) -> tuple[Unread, ...]:
        """Return why a type was not listed everywhere in the account of a resource; only what was asked for counts."""
        place = (resource.account, "")
        return self._unlisted(type_name, place) if self.listings(type_name, place) else ()

    def _unlisted(self, type_name: str, place: _Place) -> tuple[Unread, ...]:
        """Return why a type was not listed in every place."""
        if (type_name, place) not in self._unlisted_types:
            listings = self.listings(type_name, place)
            found = dict.fromkeys(item.unread for item in listings if item.unread is not None)
            listed = {(item.account, item.region) for item in listings}
            if place[0] and place[0] not in self._held(type_name):
                found[Unread("not_in_scope", message=place[0])] = None
            elif not listings or self._expected(type_name, place) - listed:
                found[Unread("not_collected", message=f"{type_name} was not listed everywhere")] = None
            self._unlisted_types[type_name, place] = tuple(found)
        return self._unlisted_types[type_name, place]

    def _unjoined(self, resource: Resource, relation: Relation, place: _Place) -> tuple[Unread, ...]:
        """Return why a resource of the other type may belong here unseen: its joining members could not be read."""
        unseen = self._unseen(relation, place)
        if not unseen or not relation.where:
            return unseen
        (theirs, ours), *_ = relation.where.items()
        wanted = {_key(value) for value in values(resource.data, ours)}
        other = self.types[relation.type]
        arn = "Arn" if "{" in other.arn else other.arn
        if theirs == arn or (theirs == other.identity and other.named_once):  # no value has another: none is missing
            wanted -= set(self._joined(relation.type, theirs, place))
        return unseen if wanted else ()

    def _unseen(self, relation: Relation, place: _Place) -> tuple[Unread, ...]:
        key = (relation.type, _joined_by(relation), place)
        if key not in self._unread_joins:
            others = self._unjoined_of(relation, place)
            found = (other.unread[head] for other in others for head in key[1] if head in other.unread)
            self._unread_joins[key] = tuple(dict.fromkeys(found))
        return self._unread_joins[key]

    def _unjoined_of(self, relation: Relation, place: _Place) -> list[Resource]:
        """Return the resources of the other type whose joining members are unread."""
        key = (relation.type, _joined_by(relation), place)
        if key not in self._open_joins:
            others = self.of_type(relation.type, place)
            self._open_joins[key] = [other for other in others if not other.unread.keys().isdisjoint(key[1])]
        return self._open_joins[key]

    def unlisted_names(self, today: str) -> Iterator[UnlistedNames]:
        """Yield the names in lists of registers that no resource has, if each type that is joined by the list was
        listed whole. An entry with a term that is over is left out: what it names may be gone.
        """
        joined: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for name, declared in self.types.items():
            for relation in declared.relations.values():
                if self.types[relation.type].scope == WORKSPACE:
                    lists = ((theirs, ours) for theirs, ours in relation.where.items() if theirs.endswith("[]"))
                    for theirs, ours in lists:
                        joined[relation.type, theirs].append((name, ours))
        for (type_name, path), others in joined.items():
            if any(self._unlisted(name, _EVERYWHERE) or self._unnamed(name, ours) for name, ours in others):
                continue
            listed = {value for name, ours in others for value in self._joined(name, ours, _EVERYWHERE)}
            entries = (entry for entry in self.of_type(type_name) if not self._is_over(entry, today))
            if lacking := {_key(value) for entry in entries for value in values(entry.data, path)} - listed:
                among = tuple(sorted(name for name, _ in others))
                yield UnlistedNames(type_name, path.removesuffix("[]"), frozenset(lacking), among)

    def _unnamed(self, type_name: str, path: str) -> bool:
        """Return whether the name of a listed resource is not known."""
        return any(not other.unread.keys().isdisjoint(_heads([path])) for other in self.of_type(type_name))

    def _is_over(self, entry: Resource, today: str) -> bool:
        """Return whether the last day of an entry has passed."""
        ends = (name for name, kind in self.types[entry.type].declared.items() if kind == "timestamp")
        return any(str(entry.data[name])[: len(today)] < today for name in ends if name in entry.data)

    def _expected(self, type_name: str, place: _Place) -> set[tuple[str, str]]:
        account, region = place
        accounts = [account] if account else self._held(type_name)
        regions = [region] if region else self.snapshot.meta.regions
        return expected(self.types[type_name], accounts, regions)

    def _held(self, type_name: str) -> Sequence[str]:
        """Return the accounts or organizations in scope."""
        meta = self.snapshot.meta
        return meta.organizations if self.types[type_name].provider == GITHUB else meta.accounts

    def _place(self, resource: Resource, relation: Relation) -> _Place:
        if relation.across == "organization":
            return _EVERYWHERE
        if WORKSPACE in (self.types[resource.type].scope, self.types[relation.type].scope):
            return _EVERYWHERE  # registers are about all accounts
        both_regional = all(self.types[name].scope == "region" for name in (resource.type, relation.type))
        region = resource.region if both_regional and relation.across == "region" else ""
        settling = values(resource.data, relation.in_account) if relation.in_account else ()
        return (next(iter(settling), resource.account), region)

    def _joined(self, type_name: str, path: str, place: _Place) -> Mapping[Any, list[Resource]]:
        key = (type_name, path, place)
        if key not in self._joins:
            joined: dict[Any, list[Resource]] = defaultdict(list)
            for resource in self.of_type(type_name, place):
                for value in values(resource.data, path):
                    joined[_key(value)].append(resource)
            self._joins[key] = joined
        return self._joins[key]


def expected(declared: ResourceType, accounts: Iterable[str], regions: Iterable[str]) -> set[tuple[str, str]]:
    """Return the places (account, region) in which a type must have been listed before its absence proves anything."""
    if declared.scope == WORKSPACE:
        return {("", WORKSPACE)}
    only = {call.only_in for call in declared.lists}
    if declared.scope == "global":
        regions = [GLOBAL]
    elif only and "" not in only:
        regions = [region for region in regions if region in only]
    return {(account, region) for account in accounts for region in regions}


def _heads(paths: Iterable[str]) -> list[str]:
    return [path.split(".")[0].removesuffix("[]") for path in paths]


def _joined_by(relation: Relation) -> tuple[str, ...]:
    """Return the members of the other type that decide whether a resource belongs to a relation."""
    return tuple(_heads([*relation.where, *relation.only]))


def _places(item: Resource | Listing) -> set[_Place]:
    """Return the place of a resource and the places that contain it, so that hundreds of accounts need no walk per
    item.
    """
    return {(item.account, item.region), (item.account, ""), _EVERYWHERE}


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | float) else repr(value)


def _only(resource: Resource, relation: Relation) -> bool:
    return all(wanted in values(resource.data, path) for path, wanted in relation.only.items())


def _all_match(resource: Resource, other: Resource, rest: Iterable[tuple[str, str]]) -> bool:
    return all(
        {_key(value) for value in values(other.data, theirs)} & {_key(value) for value in values(resource.data, ours)}
        for theirs, ours in rest
    )


# ---- what the services count themselves ----------------------------------------------------------------------------


def counted(snapshot: Snapshot, types: Mapping[str, ResourceType]) -> Snapshot:
    """Return a snapshot in which a listing is unread if the service counts more resources there. A lower count proves
    nothing: counts are often older than the list.
    """
    exact = {name: item.counted_by for name, item in types.items() if item.counted_by and item.counted_by.exact}
    listed = Counter[_Typed]()
    for item in snapshot.listings:
        if item.type in exact:
            listed[item.type, item.account, item.region] += item.count  # as many resources, or the snapshot is altered
    lacking = {
        place: Unread(_FEWER, f"{listed[place]}/{count}")
        for place, count in _counts(snapshot, exact)
        if listed[place] < count
    }
    return (
        replace(snapshot, listings=tuple(_with(item, lacking) for item in snapshot.listings)) if lacking else snapshot
    )


def _with(listing: Listing, lacking: Mapping[_Typed, Unread]) -> Listing:
    found = lacking.get((listing.type, listing.account, listing.region))
    return listing if found is None or listing.unread else replace(listing, unread=found)


def _counts(snapshot: Snapshot, exact: Mapping[str, SecondCount]) -> Iterator[tuple[_Typed, int]]:
    """Yield what is counted of each type in each place."""
    wanted = {item.type for item in exact.values()}
    counting = [item for item in snapshot.resources if item.type in wanted]
    for name, by in exact.items():
        for source in (item for item in counting if item.type == by.type):
            for number in values(source.data, by.path):
                if isinstance(number, int):
                    yield (name, source.account, source.region), number
