"""Findings that wait for the same inputs are one, and nothing of any of them is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.assess.changes.known_findings import Renames, opened
from preuve.assess.code.common_causes import Modules, once_for_a_cause
from preuve.model.content import Severity
from preuve.model.results import Assessment, Finding, FindingStatus, Place, Reason, by_resource
from preuve.model.snapshot import NOT_LOADED, IacGap, IacRecord

S = FindingStatus
LABEL = "registry/label/null"
GAPS = [
    IacGap(root, f"{folder}/main.tf", 3, NOT_LOADED, f"module {name} ({source}) is not installed: run terraform init")
    for root, folder, name, source in (
        ("one", "one", "label", LABEL),
        ("one", "mods/net", "tags", LABEL),
        ("two", "mods/net", "tags", LABEL),
        ("two", "two", "label", "registry/other/null"),
        ("two", "two", "near", "../near"),
        ("one", "one", "near", "../near"),
    )
]
BLOCKS = [
    IacRecord(root, address, "aws_lb", file, 7, 9, "C", "PASSED")
    for root, address, file in (
        ("one", "module.n.aws_lb.a", "mods/net/main.tf"),
        ("two", "module.m[0].aws_lb.a", "mods/net/more.tf"),
        ("two", "module.o.module.n.aws_lb.a", "mods/net/main.tf"),
    )
]
CALL = IacRecord("two", "module.o", "module", "two/main.tf", 1, 4, "C", "PASSED")
MODULES = Modules.of([*BLOCKS, CALL], GAPS)


def waiting(detail: str, address: str = "aws_lb.a", file: str = "one/main.tf", line: int = 1, **more: str) -> Finding:
    place = Place("aws_lb", address, root=more.pop("root", "one"), file=file, line=line, end_line=line + 3)
    values = {"checks": "C", "detail": detail, "at": more.pop("at", "")}
    reason = Reason("iac_unknown", values)
    return Finding("p", 1, "iac", S.NOT_EVALUATED, Severity.HIGH, place, reason, checks=("C",), **more)


def number(*found: Finding) -> int:
    return len(list(once_for_a_cause(found, MODULES)))


OF_FOLDER = {"file": "mods/net/main.tf", "line": 7}
IN_ONE = {"address": "module.n.aws_lb.a", **OF_FOLDER}
IN_TWO = {"address": "module.m[0].aws_lb.a", "root": "two", **OF_FOLDER}
AT_8 = {"address": "module.m[0].aws_lb.b", "root": "two", "file": "mods/net/more.tf", "line": 8}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        # whatever is read of an input, in whichever order and argument
        (("unresolved: var.a.b; unresolved: var.c",), ("unresolved: var.c (tags); unresolved: var.a[0]",), True),
        (("unresolved: var.a",), ("unresolved: var.b",), False),
        (("unresolved: var.a",), ("unresolved: var.a; unresolved: var.b",), False),
        (("unresolved: var.a",), ("unresolved: var.a (x.tfvars may set it)",), False),
        # what a folder declares is the same in all its calls, and a name of another folder is another input
        (
            ("unresolved: module.n.data.aws_vpc.v.id", IN_ONE),
            ("unresolved: module.m[0].data.aws_vpc.v.arn", AT_8),
            True,
        ),
        (("unresolved: module.n.aws_lb.a.arn",), ("unresolved: module.o.module.n.aws_lb.a.id", {"root": "two"}), True),
        (("unresolved: module.n.aws_lb.a.arn",), ("unresolved: module.o.aws_lb.a.id", {"root": "two"}), False),
        (("unresolved: module.n.module.tags.a",), ("unresolved: module.o.module.n.module.tags", {"root": "two"}), True),
        (("unresolved: data.aws_vpc.v.id",), ("unresolved: module.m[0].data.aws_vpc.v.id", AT_8), False),
        (("unresolved: data.aws_vpc.v.id", IN_ONE), ("unresolved: data.aws_vpc.v.id", AT_8), False),
        (("unresolved: var.a",), ("unresolved: var.a", {"root": "two", "file": "two/main.tf"}), False),
        # a module that is not installed is known by its source, unless that is a path
        (("unresolved: module.label.tags",), ("unresolved: module.m[0].module.tags[0].id", AT_8), True),
        (("unresolved: module.label.id",), ("unresolved: module.label.id", {"root": "two", "file": "two/m.tf"}), False),
        (("unresolved: module.near.id",), ("unresolved: module.near.id", {"root": "two", "file": "two/m.tf"}), False),
        # a cause without a name is one for the instances of a block
        (("unresolved: each.value", IN_ONE), ("unresolved: each.value", IN_TWO), True),
        (("unresolved: each.value", IN_ONE), ("unresolved: each.value", AT_8), False),
        (("",), ("", {"line": 2}), False),
    ],
)
def test_findings_are_one_if_what_declares_their_inputs_is_the_same(
    one: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]], together: bool
) -> None:
    first, second = (waiting(detail, **(more[0] if more else {"line": 9})) for detail, *more in (one, other))
    assert number(first, second) == number(second, first) == (1 if together else 2)


def test_a_finding_for_different_parts_of_an_input_names_the_input() -> None:
    label = waiting("unresolved: module.label.tags"), waiting("unresolved: module.m[0].module.tags.id", **AT_8)
    data = (
        waiting("unresolved: module.n.data.aws_vpc.v.id", **IN_ONE),
        waiting("unresolved: module.m[0].data.aws_vpc.v.arn", **AT_8),
    )
    same = waiting("unresolved: var.a.b", "aws_lb.a"), waiting("unresolved: var.a.b", "aws_lb.b")
    told = [found.reason.values["detail"] for pair in (label, data, same) for found in once_for_a_cause(pair, MODULES)]
    assert told == [f"unresolved: module {LABEL}", "unresolved: data.aws_vpc.v", "unresolved: var.a.b"]


_CAUSES = st.sampled_from(
    [
        "unresolved: var.a",
        "unresolved: var.a.b (tags)",
        "unresolved: module.label.id",
        "unresolved: module.n.module.tags.id",
        "unresolved: module.n.data.aws_vpc.v[0].id",
        "unresolved: each.value",
        "unresolved: tags",
        "unresolved: provider.default_tags",
        "set neither here nor by a provider in the code: region",
        "depends on a value that is not in the code: subnet_id (var.a, aws_subnet.s.id)",
        "depends on a value that is not in the code: subnet_id",
        "unresolved: a.sh may apply this folder by itself",
        "",
    ]
)
_PLACES = st.builds(
    Place,
    st.just("aws_lb"),
    st.sampled_from(["aws_lb.a", "aws_lb.b[0]", "module.n.aws_lb.a", 'module.n["x"].aws_lb.a']),
    root=st.sampled_from(["one", "two"]),
    file=st.sampled_from(["one/main.tf", "mods/net/main.tf"]),
    line=st.integers(1, 3),
)
_FOUND = st.builds(
    lambda place, causes, code, at, grounds, checks: Finding(
        "p", 1, "iac", S.NOT_EVALUATED, Severity.HIGH, place,
        Reason(code, {"checks": ", ".join(checks), "detail": "; ".join(causes), "at": at}),
        grounds=grounds, checks=checks,
    ),
    _PLACES,
    st.lists(_CAUSES, min_size=1, max_size=5),
    st.sampled_from(["iac_unknown", "iac_unknown", "partial_check", "iac_part_of_unknown"]),
    st.sampled_from(["", "x", "y"]),
    st.sampled_from([(), ("g",)]),
    st.sampled_from([("C",), ("C", "D")]),
)  # fmt: skip
_DECIDED = st.builds(lambda found, status: replace(found, status=status), _FOUND, st.sampled_from([S.PASS, S.FAIL]))


def _alone(found: list[Finding]) -> list[Finding]:
    """The findings one by one, each with the key that would decide it."""
    return [told for one in found for told in once_for_a_cause([one], MODULES)]


@given(st.lists(_FOUND | _DECIDED, max_size=12))
def test_every_resource_keeps_its_finding_with_its_own_reason_and_grounds(found: list[Finding]) -> None:
    told = list(once_for_a_cause(found, MODULES))
    assert sorted(by_resource(told), key=repr) == sorted(_alone(found), key=repr)
    assert [(one.reason.values.get("resources"), len(one.places)) for one in told] == [
        (str(len(one.places)) if one.also else None, 1 + len(one.also)) for one in told
    ]
    assert all(one.status is S.NOT_EVALUATED for one in told if one.also)
    assert number(*found[::-1]) == len(told)


@given(st.lists(_FOUND, max_size=6), _FOUND)
def test_a_resource_that_joins_others_is_new_and_the_others_are_not(found: list[Finding], joins: Finding) -> None:
    found = [one for one in found if one.place != joins.place]
    passed = replace(joins, status=S.PASS, reason=Reason("iac_passed"), grounds=())
    before, now = once_for_a_cause(found, MODULES), once_for_a_cause([*found, joins], MODULES)
    lost = opened(Assessment("", tuple(now), {}, (), ()), [*before, passed], Renames())
    assert {one.place for one in lost if one.place == joins.place} == (
        {joins.place} if joins.reason.code == "iac_unknown" else set()
    )
    alone = opened(Assessment("", tuple(_alone([*found, joins])), {}, (), ()), [*_alone(found), passed], Renames())
    assert sorted(lost, key=repr) == sorted(alone, key=repr)


@given(_FOUND | _DECIDED)
def test_a_finding_about_one_resource_is_not_copied(found: Finding) -> None:
    assert [one is found for one in by_resource([found])] == [True]
