"""A name that a register has and no user has is told, if the users were all listed: never otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.assessment import assess
from preuve.assess.index import Index
from preuve.model.content import WORKSPACE
from preuve.model.results import UnlistedNames
from preuve.model.snapshot import GLOBAL, Listing, Resource, Unread

from .factory import ACCOUNT, DENIED, NOW, OTHER, TODAY, listing, resource, shapes, snapshot, workspace

PERSON, USER = "Register::Person", "AWS::IAM::User"
ON_GITHUB = ("GitHub::Member", "GitHub::OutsideCollaborator")
PLACES = {  # the member of the register -> each place in which its names are listed
    "AwsUsers": tuple((USER, "UserName", account, GLOBAL) for account in (ACCOUNT, OTHER)),
    "GitHubUsers": tuple((name, "login", "acme", GLOBAL) for name in ON_GITHUB),
}
NAMES = st.frozensets(st.sampled_from("abcdef"))
UNTIL = st.sampled_from(["9999-01-01", TODAY.isoformat(), "2026-11-23", "2026-01-31", ""])
PARTLY = ("unread", "missing", "nameless")  # how a listing is not whole
HOW = [("whole", "whole"), *((how, "whole") for how in PARTLY), *(("whole", how) for how in PARTLY)]
META = {"accounts": [ACCOUNT, OTHER], "organizations": ["acme"]}


def person(number: int, member: str, names: frozenset[str] | None, until: str) -> Resource:
    """An entry of the register; without names, its cell is empty."""
    term = {"ContractUntil": f"{until}T00:00:00Z"} if until else {}
    data = {**term, **({} if names is None else {member: sorted(names)})}
    unread = {} if names is not None else {member: Unread("not_filled")}
    return resource(PERSON, str(number), data, account="", region=WORKSPACE, unread=unread)


def told(*items: Resource | Listing) -> list[UnlistedNames]:
    found = snapshot(*items, listing(PERSON, WORKSPACE, account=""), meta=META)
    return list(Index(found, bundled().types).unlisted_names(TODAY.isoformat()))


def users(names: frozenset[str], place: tuple[str, str, str, str]) -> list[Resource]:
    type_name, member, account, region = place
    return [resource(type_name, name, {member: name}, account=account, region=region) for name in names]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("member", PLACES)
@given(rows=st.lists(st.tuples(st.none() | NAMES, UNTIL)), there=st.tuples(NAMES, NAMES))
def test_exactly_the_names_of_nobody_are_told_where_every_listing_is_whole(
    member: str, how: tuple[str, str], rows: list[tuple[frozenset[str] | None, str]], there: tuple[frozenset[str], ...]
) -> None:
    people = [person(number, member, *row) for number, row in enumerate(rows)]
    items: list[Resource | Listing] = []
    for place, names, state in zip(PLACES[member], there, how, strict=True):
        type_name, key, account, region = place
        if state != "missing":
            unread = DENIED if state == "unread" else None
            items += [listing(type_name, region, account=account, unread=unread), *users(names, place)]
        if state == "nameless":
            items.append(resource(type_name, "?", {}, account=account, region=region, unread={key: DENIED}))
    current = [names or frozenset() for names, until in rows if not until or until >= TODAY.isoformat()]
    lacking = frozenset().union(*current) - frozenset().union(*there)
    among = tuple(sorted({place[0] for place in PLACES[member]}))
    whole = set(how) == {"whole"}
    expected = [UnlistedNames(PERSON, member, lacking, among)] if whole and lacking else []
    assert told(*people, *items) == expected


def test_fewer_users_than_the_account_counts_are_not_all() -> None:
    space = workspace(accounts=(ACCOUNT,))
    row = person(1, "AwsUsers", frozenset("a"), "")
    around = (row, listing(PERSON, WORKSPACE, account=""), listing(USER, GLOBAL))
    for count, names in ((0, [frozenset("a")]), (1, [])):
        counting = resource("AWS::Account", ACCOUNT, {"Summary": {"Users": count}}, region=GLOBAL)
        found = assess(bundled(), shapes(), (), (), snapshot(*around, counting), space, NOW)
        assert [item.names for item in found.unlisted] == names
