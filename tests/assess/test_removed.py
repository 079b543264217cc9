"""What protected a whole account or region: what takes its place, and what does not."""

from __future__ import annotations

from dataclasses import replace

from content_copy import bundled
from preuve.assess.changes.known import Renames
from preuve.assess.changes.removed import ACCOUNT, REGION, Side, removed
from preuve.library.checked.code.known_types import types_of_accounts
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import IacBlock

TYPE = "aws_guardduty_detector"
WEST, SOUTH = "eu-west-3", "eu-south-1"


def passed(name: str, root: str = "a") -> Finding:
    place = Place(TYPE, f"{TYPE}.{name}", root=root, file=f"{root}/main.tf", line=1)
    return Finding("guardduty-on", 1, "iac", FindingStatus.PASS, Severity.HIGH, place, Reason("iac_passed"))


def block(finding: Finding, *accounts: str, region: str = "") -> IacBlock:
    place = finding.place
    return IacBlock(
        place.root, place.id, place.type, place.file, 1, 1, region=region, accounts=(accounts,) if accounts else ()
    )


def gone(then: list[IacBlock], now: list[IacBlock], of: str = REGION) -> list[str]:
    """Return the names of what is gone, of detectors that all pass."""

    def side(blocks: list[IacBlock]) -> Side:
        return Side.of([passed(one.address.rpartition(".")[2], one.root) for one in blocks], blocks)

    return [one.place.id for one in removed(side(now), side(then), Renames(), lambda _: of)]


def test_what_takes_the_place_is_where_the_other_one_was_as_far_as_the_code_says() -> None:
    was, other = block(passed("x"), "1", region=WEST), passed("y")
    assert gone([was], []) == [was.address]
    assert gone([was], [block(other)]) == []
    assert gone([was], [block(other, "1", "2", region=WEST)]) == []
    assert gone([was], [block(other, "2", region=WEST)]) == [was.address]
    assert gone([was], [block(other, "1", region=SOUTH)]) == [was.address]
    assert gone([was], [block(other, "1", region=SOUTH)], ACCOUNT) == []
    assert gone([was], [replace(was, accounts=(("2",),))]) == [was.address]


def test_each_takes_the_place_of_one_and_of_the_one_that_it_is_like() -> None:
    west, south = block(passed("x"), region=WEST), block(passed("y"), region=SOUTH)
    swapped = [replace(west, region=SOUTH), replace(south, region=WEST)]
    assert gone([west, south], swapped) == []
    anywhere, like = block(passed("a", "b")), block(passed("z", "b"), region=WEST)
    assert gone([west, south], [anywhere, like]) == []
    assert gone([west, south], [like]) == [south.address]


def test_code_that_is_unread_now_may_hold_it_and_code_that_was_unread_does_not() -> None:
    was = passed("x")
    unread = replace(passed("z"), policy="another", status=FindingStatus.NOT_EVALUATED, incomplete=True)
    for known in (False, True):
        now = Side.of([replace(unread, known=known)], ())
        found = removed(now, Side.of([was], ()), Renames(), lambda one: REGION if one.policy == was.policy else "")
        assert (found == (was,)) is known


def test_the_list_has_what_policies_on_accounts_look_at() -> None:
    library, looked_at = bundled(), set[str]()
    once = {name for name, type_ in library.types.items() if type_.singleton}
    for policy in library.policies.values():
        if policy.iac and policy.aws and once.issuperset(rule.resource for rule in policy.aws):
            rules = (library.code_rules.get(name) for name in policy.iac.checkov)
            looked_at |= {name for rule in rules if rule for name in (rule.judgement or {}).get("resources", ())}
    assert looked_at - types_of_accounts() == set()
