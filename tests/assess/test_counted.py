"""A list with fewer resources than the service itself counts is not complete; one with more is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.assess.assessment import assess
from preuve.assess.index import counted
from preuve.model.results import Finding
from preuve.model.snapshot import GLOBAL, Listing, Resource

from .factory import ACCOUNT, IRELAND, PARIS, aws, checked, listing, policy, resource, shapes, snapshot, workspace

DATABASE, LAMBDA = "AWS::RDS::DBInstance", "AWS::Lambda::Function"
TYPES = bundled().types
EXACT = sorted(name for name, item in TYPES.items() if item.counted_by and item.counted_by.exact)


def counting(name: str, region: str, count: object) -> Resource:
    """What counts a type in a place."""
    by = TYPES[name].counted_by
    assert by is not None
    detail, _, member = by.path.partition(".")
    return resource(by.type, region, {detail: {member: count}}, region=region)


@given(st.sampled_from(EXACT), st.integers(0, 4), st.integers(0, 4))
def test_only_a_list_with_fewer_than_are_counted_is_unread(name: str, held: int, count: int) -> None:
    region = GLOBAL if TYPES[name].scope == "global" else PARIS
    items = [resource(name, str(number), {}, region=region) for number in range(held)]
    found = snapshot(*items, counting(name, region, count), listing(name, region, count=held))
    (item,) = (item for item in counted(found, TYPES).listings if item.type == name)
    assert (item.unread is not None) is (held < count)
    assert item.unread is None or (item.unread.cause, item.unread.code) == ("fewer_listed", f"{held}/{count}")


def test_each_place_is_compared_with_its_own_count() -> None:
    listings = [listing(DATABASE, region, count=1) for region in (PARIS, IRELAND)]
    databases = [resource(DATABASE, region, {}, region=region) for region in (PARIS, IRELAND)]
    found = snapshot(*databases, *listings, counting(DATABASE, PARIS, 1), counting(DATABASE, IRELAND, 2))
    assert {item.region for item in counted(found, TYPES).listings if item.unread} == {IRELAND}


def test_a_count_that_may_have_others_is_shown_only() -> None:
    found = snapshot(listing(LAMBDA, PARIS), counting(LAMBDA, PARIS, 3))
    assert counted(found, TYPES) is found


def judged(*items: Resource | Listing) -> list[Finding]:
    one = policy(aws(DATABASE, "!resource.PubliclyAccessible"), name="rds-not-public")
    space = workspace(accounts=(ACCOUNT,), regions=(PARIS,))
    return list(
        assess(bundled(), shapes(), checked(one), [one], snapshot(*items), space, "2026-11-24T10:00:00Z").findings
    )


def test_what_remains_of_a_list_that_lacks_one_gives_no_pass_to_the_whole() -> None:
    private = resource(DATABASE, "private", {"PubliclyAccessible": False})
    whole = judged(private, listing(DATABASE, PARIS, count=1), counting(DATABASE, PARIS, 1))
    assert [item.status.value for item in whole] == ["PASS"]
    lacking = judged(private, listing(DATABASE, PARIS, count=1), counting(DATABASE, PARIS, 2))
    assert {(item.status.value, item.reason.code, item.incomplete) for item in lacking} == {
        ("PASS", "asserted", False),
        ("NOT_EVALUATED", "unread_listing", True),
    }
