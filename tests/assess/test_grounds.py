"""When a failure is a known one, by the kinds of what it rests on and by the ways in which its code is applied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.collect.code.files.tools import OPENTOFU, TERRAFORM
from preuve.model.company.grounds import TOOLS, Application, Kind, ground, in_way, is_known, is_open_in_more

_DIGESTS = st.frozensets(st.sampled_from("0123"), max_size=4)
_RUNS = ("", "aa", "bb")


def of(kind: str, digests: frozenset[str]) -> frozenset[str]:
    return frozenset(ground(kind, one) for one in digests)


@given(now=_DIGESTS, then=_DIGESTS)
def test_each_kind_has_its_comparison(now: frozenset[str], then: frozenset[str]) -> None:
    def known(kind: str) -> bool:
        return is_known(of(kind, now), of(kind, then))

    assert known(Kind.CAUSE) is (now <= then)
    assert known(Kind.NUMBER) is (now <= then)
    assert known(Kind.PLACE) is (now == then)
    assert known(Kind.RESTRAINT) is (now >= then)
    assert known("other") is (now == then)
    assert is_known(now, then) is (now == then)  # as earlier versions wrote them


def test_both_tools_are_told_apart_by_their_names() -> None:
    assert {TERRAFORM.lower(), OPENTOFU.lower()} == {*TOOLS}


@given(st.sampled_from(_RUNS), st.sampled_from(["", *TOOLS]))
def test_a_way_is_read_as_it_is_written(run: str, tool: str) -> None:
    written = in_way(Application(run, tool), ["cause-0123456789"])
    assert not is_open_in_more(written, written)
    if run:
        other = next(one for one in _RUNS if one not in ("", run))
        assert is_open_in_more(in_way(Application(other, tool), ["cause-0123456789"]), written)


KNOWN = ("cause-0", "place-1")


@pytest.mark.parametrize(
    ("then", "now", "known"),
    [
        ([Application("aa")], [Application("aa")], True),
        ([Application("aa"), Application("bb")], [Application("aa")], True),  # mended in one run
        ([Application("aa")], [Application("aa"), Application("bb")], False),
        ([Application("aa")], [Application("bb")], False),
        ([Application()], [Application("aa")], True),  # nothing said yet in which runs
        ([Application("", TOOLS[0])], [Application("", TOOLS[1])], False),
        ([Application("", TOOLS[0])], [Application()], False),  # both tools see it now
        ([Application()], [Application("", TOOLS[1])], True),
        ([Application("aa", TOOLS[0]), Application("aa", TOOLS[1])], [Application("aa")], True),
    ],
)
def test_a_failure_is_known_in_each_way_in_which_it_fails(
    then: list[Application], now: list[Application], *, known: bool
) -> None:
    before, after = ([one for way in ways for one in in_way(way, KNOWN)] for ways in (then, now))
    assert is_known(after, before) is known


def test_what_is_undecided_in_a_way_in_which_it_passed_is_told() -> None:
    failing = in_way(Application("aa"), KNOWN)
    open_ = [one for run in ("aa", "bb") for one in in_way(Application(run), (ground(Kind.OPEN, ""),))]
    assert not is_open_in_more(open_[:1], failing)
    assert is_open_in_more(open_, failing)
    assert not is_known([*failing, *open_[1:]], failing)
