"""Relations between resources, and whether they are complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from preuve.assess.index import Index, expected
from preuve.model.content import Call, Relation, ResourceType
from preuve.model.errors import Position
from preuve.model.snapshot import GLOBAL, Listing, Meta, Resource, Snapshot, Unread

HERE = Position("scanners/aws/test.yaml", 1, 1)
ONE, TWO = "111111111111", "222222222222"
PARIS, IRELAND = "eu-west-3", "eu-west-1"
THEIRS = {"Id": "Keys[].Id"}


def call(**more: Any) -> Call:
    return Call("ec2", "DescribeThings", HERE, **more)


def index(*items: Resource | Listing, relation: Relation | None = None, scope: str = "region") -> Index:
    types = {
        "Box": ResourceType("Box", "ec2", HERE, scope=scope, relations={"Keys": relation} if relation else {}),
        "Key": ResourceType("Key", "ec2", HERE, lists=(call(),), identity="Name", arn="Arn"),
        "Child": ResourceType("Child", "ec2", HERE, lists=(call(for_each="Box"),)),
        "World": ResourceType("World", "ec2", HERE, scope="global"),
    }
    resources = tuple(item for item in items if isinstance(item, Resource))
    listings = tuple(item for item in items if isinstance(item, Listing))
    return Index(Snapshot(Meta(accounts=(ONE, TWO), regions=(PARIS, IRELAND)), resources, listings), types)


def box(data: dict[str, Any], account: str = ONE, region: str = PARIS) -> Resource:
    return Resource("Box", "box", account, region, data)


def key(name: str, account: str = ONE, region: str = PARIS, **data: Any) -> Resource:
    return Resource("Key", name, account, region, {"Id": name, **data})


def names(found: list[Resource]) -> list[str]:
    return [item.id for item in found]


KEYS = (key("a"), key("b"), key("c", region=IRELAND), key("d", account=TWO), key("e", account=TWO, region=IRELAND))


@pytest.mark.parametrize(
    ("across", "found"),
    [("region", ["a", "b"]), ("account", ["a", "b", "c"]), ("organization", ["a", "b", "c", "d", "e"])],
)
def test_a_relation_reaches_as_far_as_its_scope(across: str, found: list[str]) -> None:
    mine = box({"Keys": [{"Id": name} for name in "abcde"]})
    joined = index(mine, *KEYS, relation=Relation("Key", THEIRS, across=across))
    assert names(joined.related(mine, "Keys")) == found
    everything = index(mine, *KEYS, relation=Relation("Key", {}, across=across))
    assert names(everything.related(mine, "Keys")) == found


def test_a_type_listed_only_in_a_region_out_of_scope_is_unread() -> None:
    elsewhere = ResourceType("Key", "ec2", HERE, lists=(call(only_in="us-east-1"),), identity="Name", arn="Arn")
    joined = index(box({}), relation=Relation("Key", {}))
    joined.types = {**joined.types, "Key": elsewhere}
    (gap,) = joined.unread(box({}), "Keys")
    assert gap.cause == "not_collected"


def test_a_global_resource_relates_to_all_regions_of_its_account() -> None:
    mine = box({}, region=GLOBAL)
    assert names(index(mine, *KEYS, relation=Relation("Key", {}), scope="global").related(mine, "Keys")) == [
        "a",
        "b",
        "c",
    ]


def test_a_relation_returns_only_resources_whose_members_match() -> None:
    mine = box({"Keys": [{"Id": "b"}, {"Id": "b"}, {}, {"Id": "x"}]})
    assert names(index(mine, *KEYS, relation=Relation("Key", THEIRS)).related(mine, "Keys")) == ["b"]
    assert index(box({}), *KEYS, relation=Relation("Key", THEIRS)).related(box({}), "Keys") == []


def test_a_relation_may_join_on_lists_of_the_other_side_and_on_several_members() -> None:
    both = Relation("Key", {"Tags[].Box": "Name", "Kind": "Kind"})
    mine = box({"Name": "box", "Kind": "x"})
    one = key("a", Kind="x", Tags=[{"Box": "other"}, {"Box": "box"}])
    two = key("b", Kind="y", Tags=[{"Box": "box"}])
    assert names(index(mine, one, two, relation=both).related(mine, "Keys")) == ["a"]


def test_a_relation_may_be_narrowed_by_fixed_values() -> None:
    narrowed = Relation("Key", {}, only={"Manager": "CUSTOMER", "Uses[].Kind": "sign"})
    mine = box({})
    good = key("a", Manager="CUSTOMER", Uses=[{"Kind": "verify"}, {"Kind": "sign"}])
    others = (key("b", Manager="AWS", Uses=[{"Kind": "sign"}]), key("c", Manager="CUSTOMER", Uses=[]))
    assert names(index(mine, good, *others, relation=narrowed).related(mine, "Keys")) == ["a"]


def test_unhashable_values_join_too() -> None:
    mine = box({"Keys": [{"Id": {"x": 1}}]})
    assert names(
        index(mine, Resource("Key", "k", ONE, PARIS, {"Id": {"x": 1}}), relation=Relation("Key", THEIRS)).related(
            mine, "Keys"
        )
    ) == ["k"]


def test_the_parent_of_a_child_is_in_the_same_account_and_region() -> None:
    child = Resource("Child", "x", ONE, PARIS, {}, parent="box")
    mine, others = box({"n": 1}), [box({"n": 2}, account=TWO), box({"n": 3}, region=IRELAND)]
    assert index(child, *others, mine).related(child, "Parent") == [mine]
    assert index(child, *others).related(child, "Parent") == []


# ---- whether the answer is whole ------------------------------------------------------------------------------------


def listed(account: str, region: str, unread: Unread | None = None) -> Listing:
    return Listing("Key", account, region, 0, unread=unread)


EVERYWHERE = [listed(account, region) for account in (ONE, TWO) for region in (PARIS, IRELAND)]


@pytest.mark.parametrize(("across", "needed"), [("region", 1), ("account", 2), ("organization", 4)])
def test_a_relation_is_complete_when_every_place_was_listed(across: str, needed: int) -> None:
    relation = Relation("Key", {}, across=across)
    assert index(*EVERYWHERE, relation=relation).unread(box({}), "Keys") == ()
    gaps = [
        index(*EVERYWHERE[:place], *EVERYWHERE[place + 1 :], relation=relation).unread(box({}), "Keys")
        for place in range(4)
    ]
    assert sum(bool(gap) for gap in gaps) == needed
    assert {one.cause for gap in gaps for one in gap} == {"not_collected"}


def test_a_relation_is_incomplete_when_a_listing_was_refused() -> None:
    denied = Unread("access_denied", "AccessDenied")
    relation = Relation("Key", {}, across="account")
    refused = [listed(ONE, PARIS), listed(ONE, IRELAND, denied)]
    assert index(*refused, relation=relation).unread(box({}), "Keys") == (denied,)
    slow = Unread("throttled", "Throttling")
    both = [listed(ONE, PARIS, slow), listed(ONE, IRELAND, denied)]
    assert set(index(*both, relation=relation).unread(box({}), "Keys")) == {slow, denied}
    elsewhere = [listed(ONE, PARIS), listed(ONE, IRELAND), listed(TWO, PARIS, denied)]
    assert index(*elsewhere, relation=relation).unread(box({}), "Keys") == ()


def test_a_relation_is_incomplete_when_a_member_that_it_joins_on_is_unread() -> None:
    denied = Unread("access_denied", "AccessDenied")
    everywhere = [listed(ONE, PARIS), listed(ONE, IRELAND)]
    hidden = Resource("Key", "hidden", ONE, PARIS, {}, unread={"Id": denied})
    relation = Relation("Key", THEIRS)
    assert index(key("a"), hidden, *everywhere, relation=relation).unread(box({"Keys": [{"Id": "x"}]}), "Keys") == (
        denied,
    )
    assert index(key("a"), hidden, *everywhere, relation=relation).unread(box({"Keys": []}), "Keys") == ()
    elsewhere = Resource("Key", "hidden", ONE, IRELAND, {}, unread={"Id": denied})
    assert index(elsewhere, *everywhere, relation=relation).unread(box({"Keys": [{"Id": "x"}]}), "Keys") == ()
    beside = Resource("Key", "hidden", ONE, PARIS, {"Id": "h"}, unread={"Size": denied})
    assert index(beside, *everywhere, relation=relation).unread(box({"Keys": [{"Id": "x"}]}), "Keys") == ()
    narrowed = Relation("Key", {}, only={"Kind": "x"})
    untold = Resource("Key", "hidden", ONE, PARIS, {}, unread={"Kind": denied})
    assert index(untold, *everywhere, relation=narrowed).unread(box({}), "Keys") == (denied,)


def test_what_a_relation_may_lack_is_named_where_every_place_was_listed() -> None:
    denied = Unread("access_denied", "AccessDenied")
    hidden = Resource("Key", "hidden", ONE, PARIS, {}, unread={"Id": denied})
    asking = box({"Keys": [{"Id": "a"}]})
    everywhere = [listed(ONE, PARIS), listed(ONE, IRELAND)]

    def may_lack(*items: Resource | Listing, distinct: bool = False) -> list[str] | None:
        relation = Relation("Key", THEIRS, distinct=distinct)
        found = index(key("a"), *items, relation=relation).perhaps(asking, "Keys")
        return None if found is None else names(found)

    assert may_lack(hidden, *everywhere) == ["hidden"]
    assert may_lack(*everywhere) == []
    assert may_lack(hidden, listed(ONE, PARIS, denied), listed(ONE, IRELAND)) is None  # there may be any others
    assert may_lack(hidden, *everywhere, distinct=True) is None  # or another one
    many = [replace(hidden, id=f"hidden-{number}") for number in range(65)]
    assert may_lack(*many, *everywhere) is None
    unasked = replace(asking, data={}, unread={"Keys": denied})
    assert index(key("a"), *everywhere, relation=Relation("Key", THEIRS)).perhaps(unasked, "Keys") is None


def test_a_key_found_by_its_unique_arn_needs_no_other_listing() -> None:
    denied = Unread("access_denied", "AccessDenied")
    hidden = Resource("Key", "hidden", ONE, PARIS, {}, unread={"Arn": denied, "Tags": denied})
    found = Resource("Key", "a", ONE, PARIS, {"Arn": "arn:a", "Tags": ["arn:a"]})
    mine = box({"Keys": [{"Id": "arn:a"}]})
    by_arn = index(found, hidden, listed(ONE, PARIS), relation=Relation("Key", {"Arn": "Keys[].Id"}))
    assert by_arn.unread(mine, "Keys") == ()
    by_tag = index(found, hidden, listed(ONE, PARIS), relation=Relation("Key", {"Tags[]": "Keys[].Id"}))
    assert by_tag.unread(mine, "Keys") == (denied,)


def test_places_in_which_a_type_must_be_listed() -> None:
    accounts, regions = [ONE, TWO], [PARIS, IRELAND]
    regional = ResourceType("T", "ec2", HERE, lists=(call(),))
    assert expected(regional, accounts, regions) == {(a, r) for a in accounts for r in regions}
    once = ResourceType("T", "ec2", HERE, scope="global", lists=(call(),))
    assert expected(once, accounts, regions) == {(ONE, GLOBAL), (TWO, GLOBAL)}
    one_region = ResourceType("T", "ec2", HERE, lists=(call(only_in=IRELAND),))
    assert expected(one_region, [ONE], regions) == {(ONE, IRELAND)}
    also = ResourceType("T", "ec2", HERE, lists=(call(only_in=IRELAND), call()))
    assert expected(also, [ONE], regions) == {(ONE, PARIS), (ONE, IRELAND)}


def test_the_account_and_the_region_of_a_resource() -> None:
    here = Resource("Box", "1", ONE, PARIS, {})
    world = Resource("World", "1", ONE, GLOBAL, {})
    found = index(Resource("Box", "2", TWO, PARIS, {}), Resource("Box", "3", ONE, IRELAND, {}), here, world)
    assert found.singleton("Box", ONE, PARIS) is here
    assert found.singleton("Box", TWO, IRELAND) is None
    assert found.singleton("World", ONE, "") is world
    assert found.singleton("Key", ONE, PARIS) is None


class Walked(list[Resource]):
    """A list that counts what is looked at."""

    looked = 0

    def __iter__(self) -> Iterator[Resource]:
        for item in super().__iter__():
            Walked.looked += 1
            yield item


def test_the_account_of_a_resource_is_found_without_a_search_through_all_accounts() -> None:
    accounts = [f"{number:012}" for number in range(300)]
    worlds = [Resource("World", number, number, GLOBAL, {}) for number in accounts]
    found = index(*worlds)
    found._resources = {place: Walked(items) for place, items in found._resources.items()}
    Walked.looked = 0
    assert [found.singleton("World", number, "") for number in accounts] == worlds
    assert Walked.looked == len(accounts)


def test_a_distinct_relation_returns_one_resource_per_value() -> None:
    """Every bucket of an account has the same owner, and a condition only tests whether an account in scope has it."""
    mine = box({"Owners": ["me", "you"]})
    theirs = [key(f"k{number:03}", account=TWO, Owner="you" if number else "me") for number in range(100)]
    where = {"Owner": "Owners[]"}
    for distinct, count in ((True, 2), (False, 100)):
        relation = Relation("Key", where, across="organization", distinct=distinct)
        assert len(index(mine, *theirs, relation=relation).related(mine, "Keys")) == count
    picky = Relation("Key", where, across="organization", distinct=True, only={"Id": "k050"})
    assert names(index(mine, *theirs, relation=picky).related(mine, "Keys")) == ["k050"]


def test_a_relation_holds_every_resource_of_one_name() -> None:
    renewed = (key("a", Until=2025), key("a", Until=2028))
    joined = index(box({}), *renewed, relation=Relation("Key", {"Id": "Mine"}))
    found = joined.related(box({"Mine": "a"}), "Keys")
    assert [item.data["Until"] for item in found] == [2025, 2028]


SETTLED = Relation("Key", {}, in_account="Admin.AccountId")
SETTLES = {"Admin": {"AccountId": TWO}}


def test_what_another_account_settles_is_looked_for_there_alone() -> None:
    joined = index(*KEYS, *EVERYWHERE, relation=SETTLED)
    assert names(joined.related(box(SETTLES), "Keys")) == ["d"]
    assert joined.unread(box(SETTLES), "Keys") == ()
    assert names(joined.related(box({}), "Keys")) == ["a", "b"], "nobody settles it: its own"
    everywhere = Relation("Key", {}, across="account", in_account="Admin.AccountId")
    assert names(index(*KEYS, relation=everywhere).related(box(SETTLES), "Keys")) == ["d", "e"]


def test_what_another_account_settles_rests_on_its_listings_alone() -> None:
    denied = Unread("access_denied", "AccessDenied")
    for place, refused in enumerate(EVERYWHERE):
        told = [*EVERYWHERE[:place], replace(refused, unread=denied), *EVERYWHERE[place + 1 :]]
        there = (refused.account, refused.region) == (TWO, PARIS)
        assert index(*told, relation=SETTLED).unread(box(SETTLES), "Keys") == ((denied,) if there else ())
        mine = (refused.account, refused.region) == (ONE, PARIS)
        assert index(*told, relation=SETTLED).unread(box({}), "Keys") == ((denied,) if mine else ())


def test_what_an_account_out_of_scope_settles_is_not_known() -> None:
    joined = index(*KEYS, *EVERYWHERE, relation=SETTLED)
    (gap,) = joined.unread(box({"Admin": {"AccountId": "333333333333"}}), "Keys")
    assert (gap.cause, gap.message) == ("not_in_scope", "333333333333")


def test_where_it_is_not_known_who_settles_it_nothing_is_found() -> None:
    denied = Unread("access_denied", "AccessDenied")
    untold = Resource("Box", "box", ONE, PARIS, {}, unread={"Admin": denied})
    joined = index(*KEYS, *EVERYWHERE, relation=SETTLED)
    assert joined.related(untold, "Keys") == []
    assert joined.join_keys(untold, "Keys") == ["Admin"]


@pytest.mark.parametrize(
    "said", [{"beside": ("Kind",)}, {"registers": ("people",)}, {"lists": (call(for_each="Box"),)}, {}]
)
def test_a_found_name_leaves_nothing_open_only_where_no_other_has_it(said: dict[str, Any]) -> None:
    unread = Resource("Key", "b", ONE, PARIS, {}, unread={"Id": Unread("access_denied")})
    joined = index(box({}), key("a"), unread, relation=Relation("Key", {"Id": "Mine"}))
    joined.types = {
        **joined.types,
        "Key": ResourceType("Key", "ec2", HERE, **{"lists": (call(),), "identity": "Id"} | said),
    }
    causes = {item.cause for item in joined.unread(box({"Mine": "a"}), "Keys")}
    assert ("access_denied" in causes) is bool(said)
