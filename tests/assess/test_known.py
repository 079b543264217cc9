"""New and known: a finding is recognised when its lines move, and no other finding is mistaken for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.assess.changes.known_findings import (
    Names,
    Renames,
    baseline_of,
    compare,
    finding_id,
    gone,
    kept_open,
    moved,
    opened,
)
from preuve.library.company.baseline import load_baseline, write_baseline
from preuve.model.content import Severity
from preuve.model.results import Assessment, Finding, FindingStatus, Place, PolicyResult, Reason, similar_findings
from preuve.model.snapshot import IacBlock

BLOCK = Place("aws_s3_bucket", "aws_s3_bucket.logs", root="infra", file="infra/s3.tf", line=12, end_line=20)
BUCKET = Place("AWS::S3::Bucket", "logs", "123456789012", "eu-west-3")


def finding(place: Place = BLOCK, *checks: str, policy: str = "s3-encrypted") -> Finding:
    source = "iac" if place.root else "aws"
    found = checks or (("CKV_AWS_19",) if place.root else ())
    return Finding(policy, 1, source, FindingStatus.FAIL, Severity.HIGH, place, Reason("failed"), checks=found)


def unread(place: Place, cause: str, code: str = "iac_gap") -> Finding:
    found = replace(finding(place), status=FindingStatus.NOT_EVALUATED, incomplete=True, checks=())
    return replace(found, reason=Reason(code, {"cause": cause}))


def assessment(*found: Finding) -> Assessment:
    return Assessment("2026-11-24T12:00:00Z", found, {}, (), ())


def is_known(found: Finding, *before: Finding) -> bool:
    return compare(assessment(found), baseline_of(before)).findings[0].known


@pytest.mark.parametrize(
    ("changed", "known"),
    [
        (replace(finding(), place=replace(BLOCK, file="infra/storage.tf", line=99)), True),
        (replace(finding(), rev=7, severity=Severity.LOW), True),
        (finding(replace(BLOCK, id="aws_s3_bucket.other")), False),
        (finding(replace(BLOCK, root="staging")), False),
        (finding(policy="s3-versioning"), False),
        (finding(BLOCK, "CKV_AWS_19", "CKV_AWS_145"), False),  # it got worse
    ],
)
def test_a_block_is_known_by_policy_address_and_failing_checks(changed: Finding, known: bool) -> None:
    assert is_known(changed, finding()) is known


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [
        (("cause-a",), ("cause-a",), True),
        (("cause-a", "cause-b"), ("cause-a",), True),  # one of two was mended
        (("cause-a",), ("cause-a", "cause-b"), False),  # another part fails too
        (("cause-a",), ("cause-b",), False),
        ((), ("cause-a",), True),  # a baseline from before
    ],
)
def test_a_known_block_with_a_further_failure_is_new(
    before: tuple[str, ...], now: tuple[str, ...], known: bool
) -> None:
    assert is_known(replace(finding(), grounds=now), replace(finding(), grounds=before)) is known


def test_two_templates_may_have_a_resource_of_one_name() -> None:
    logs = Place("AWS::S3::Bucket", "AWS::S3::Bucket.Logs", root="stacks", file="stacks/a.yaml", line=3)
    assert not is_known(finding(replace(logs, file="stacks/b.yaml")), finding(logs))


def test_findings_are_known_per_account_region_and_resource() -> None:
    assert is_known(finding(BUCKET), finding(BUCKET))
    for other in ({"account": "210987654321"}, {"region": "eu-west-1"}, {"id": "backups"}, {"type": "AWS::SQS::Queue"}):
        assert not is_known(finding(replace(BUCKET, **other)), finding(BUCKET))
    assert not is_known(finding(BUCKET), finding())


def test_two_apis_may_have_a_stage_of_one_name() -> None:
    stage = Place(
        "AWS::ApiGateway::Stage", "prod", "123456789012", "eu-west-3", "arn:aws:apigateway:::/restapis/a/stages/prod"
    )
    other = replace(stage, arn="arn:aws:apigateway:::/restapis/b/stages/prod")
    assert is_known(finding(stage), finding(stage))
    assert not is_known(finding(other), finding(stage))


@pytest.mark.parametrize(("cause", "known"), [("parse_error", True), ("scanner_failed", False)])
def test_only_code_that_stays_unreadable_can_be_known(cause: str, known: bool) -> None:
    gap = unread(Place("", "infra/x.tf", root="infra", file="infra/x.tf"), cause)
    other_policy = replace(gap, policy="s3-versioning")
    assert is_known(other_policy, gap) is known


def test_an_account_that_could_not_be_read_is_never_known() -> None:
    denied = unread(BUCKET, "access_denied", "unread_member")
    assert not is_known(denied, denied)


def test_known_findings_count_as_gone_only_where_this_run_looked() -> None:
    before = baseline_of([finding(), finding(BUCKET), finding(policy="s3-versioning")])
    now = assessment(replace(finding(), status=FindingStatus.PASS))
    assert gone(now, before, ["s3-encrypted"]) == 1


names = st.text(st.characters(codec=None), max_size=20)
policies = st.from_regex(
    r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True
)  # the names that the schemas of policies and rules allow
checks = st.from_regex(r"[A-Z0-9]+(_[A-Z0-9]+)*", fullmatch=True)
marked = st.builds(
    lambda place, check, policy, grounds: replace(finding(place, check, policy=policy), grounds=tuple(grounds)),
    st.builds(Place, type=names, id=names, root=names, account=names, file=names),
    checks,
    policies,
    st.sets(st.from_regex(r"[0-9a-f]{10}", fullmatch=True), max_size=2),
)


@given(st.lists(st.one_of(marked, marked.map(lambda item: unread(item.place, "parse_error"))), max_size=4))
def test_a_written_baseline_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, found: list[Finding]) -> None:
    path: Path = tmp_path_factory.mktemp("baseline") / "baseline.yaml"
    before = baseline_of(found)
    write_baseline(path, before)
    assert load_baseline(path) == before
    text = path.read_text(encoding="utf-8")
    assert not any(char in text for char in "\u202e\u2066\u200b\x1b\x00")
    assert all(len(finding_id(item)) == 12 for item in found)


def instances(*keys: str) -> list[Finding]:
    return [finding(replace(BLOCK, id=f"aws_s3_bucket.logs{key}")) for key in keys]


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (["[0]", "[1]"], ['["a"]', '["b"]'], 0),  # count became for_each
        ([""], ["[0]"], 0),
        ([""], ['["a"]', '["b"]'], 1),  # and one more was made
        (["[0]"], ["[0]", "[1]"], 1),
        (['["a"]'], ['["b"]'], 1),  # the same kind of key: another instance
        (["[0]"], ["[0]", '["a"]'], 1),
    ],
)
def test_as_many_instances_are_known_under_new_keys_as_failed_before(
    before: list[str], now: list[str], new: int
) -> None:
    found = compare(assessment(*instances(*now)), baseline_of(instances(*before))).findings
    assert sum(not item.known for item in found) == new


def test_after_a_change_of_keys_the_failures_of_any_instance_are_known() -> None:
    before = [replace(each, grounds=(of,)) for each, of in zip(instances("[0]", "[1]"), "xy", strict=True)]
    now = [replace(each, grounds=(of,)) for each, of in zip(instances('["a"]', '["b"]'), "yx", strict=True)]
    assert all(each.known for each in compare(assessment(*now), baseline_of(before)).findings)
    further = replace(now[0], grounds=("z",))
    assert not compare(assessment(further), baseline_of(before)).findings[0].known


@pytest.mark.parametrize(
    ("then", "now", "new"),
    [
        ({"[0]": "test", "[1]": "prod"}, {'["test"]': "test", '["prod"]': "prod"}, 0),
        ({"[0]": "test", "[1]": "prod"}, {'["a"]': "prod", '["b"]': "test"}, 0),  # whatever their order
        ({"[0]": "test", "[1]!": "prod"}, {'["prod"]': "prod"}, 1),  # it was in order
        ({"[0]": "", "[1]!": "prod"}, {'["prod"]': "prod"}, 1),
        ({'["test"]': "test", '["prod"]!': "prod"}, {"[1]": "prod"}, 1),
        ({"[0]": "test"}, {'["prod"]': "prod"}, 1),  # Terraform makes another one
        ({"[0]": "test"}, {'["a"]': ""}, 0),  # nobody knows its name
        ({"[0]": ""}, {'["a"]': "prod"}, 0),
        ({"": "test"}, {"[0]": "test"}, 0),
        (
            {"[0]": "…{}-crm", "[1]!": "…{}-wiki"},
            {'["wiki"]': "…{}-wiki"},
            1,
        ),  # known in part, and another one
        ({"[0]": "…{}-crm"}, {'["crm"]': "…{}-crm"}, 0),
        ({"[0]": "prod-crm"}, {'["crm"]': "…{}-crm"}, 0),
        ({"[0]": "prod-crm"}, {'["wiki"]': "…{}-wiki"}, 1),
        ({"[0]": "…{}-crm"}, {'["wiki"]': "prod-wiki"}, 1),
        ({"[0]": "…{}-crm"}, {'["crm"]': "test-…{}"}, 0),
        ({"[0]": "…{}-crm-…{}"}, {'["wiki"]': "…{}-wiki-…{}"}, 0),
        ({"[0]": "…{var.e}-crm-…{var.r}"}, {'["wiki"]': "…{var.e}-wiki-…{var.r}"}, 1),
        ({"[0]": "…{var.e}-crm-…{var.r}"}, {'["crm"]': "…{var.e}-crm-…{var.u}"}, 0),
        ({"[0]": "…{var.e}-crm"}, {'["wiki"]': "…{var.e}-wiki-…{}"}, 1),
        ({"[0]": "…{}-crm-…{var.r}"}, {'["wiki"]': "…{var.e}-wiki-…{var.r}"}, 1),
        ({"[0]": "…{var.e}-crm-…{var.r}"}, {'["wiki"]': "…{var.e}-…{var.s}-…{var.r}"}, 0),
        ({"[0]": "…{var.e}a"}, {'["b"]': "…{var.e}aa"}, 1),
        ({"[0]": "…{var.e}-crm"}, {'["crm"]': "…{var.e}-crm…{var.r}"}, 0),
    ],
)
def test_under_new_keys_an_object_of_another_name_is_another_one(
    then: dict[str, str], now: dict[str, str], new: int
) -> None:
    """`!`: the instance did not fail."""

    def made(names: dict[str, str]) -> list[IacBlock]:
        at = {f"aws_s3_bucket.logs{key.removesuffix('!')}": name for key, name in names.items()}
        return [IacBlock("infra", address, "aws_s3_bucket", "infra/s3.tf", 1, 2, name) for address, name in at.items()]

    before = baseline_of(instances(*(key for key in then if not key.endswith("!"))))
    found = compare(assessment(*instances(*now)), before, Names.of(made(then), made(now))).findings
    assert sum(not item.known for item in found) == new


def test_an_object_of_the_same_name_is_known_for_its_own_causes() -> None:
    before = [replace(each, grounds=(of,)) for each, of in zip(instances("[0]", "[1]"), "xy", strict=True)]
    now = [replace(each, grounds=(of,)) for each, of in zip(instances('["a"]', '["b"]'), "yx", strict=True)]
    then_at, now_at = ([f"infra:{each.place.id}" for each in found] for found in (before, now))
    names = Names(*(dict(zip(at, ("test", "prod"), strict=True)) for at in (then_at, now_at)))
    assert not any(each.known for each in compare(assessment(*now), baseline_of(before), names).findings)


def renamed_is_known(before: Finding, now: Finding, names: dict[str, str]) -> bool:
    known = moved(assessment(now), baseline_of([before]), Renames(names))
    assert gone(assessment(now), known, [now.policy]) == (0 if now.place != before.place and names else 1)
    return compare(assessment(now), known).findings[0].known


def test_a_root_module_is_known_under_its_new_name() -> None:
    renamed = {"prod/s3.tf": "infra/s3.tf"}
    now = finding(replace(BLOCK, root="prod", file="prod/s3.tf"))
    assert renamed_is_known(finding(), now, renamed)
    assert not renamed_is_known(finding(), now, {})

    inside = replace(BLOCK, id="module.m.aws_s3_bucket.logs", file="modules/s3.tf")
    called = replace(inside, root="prod", called_from=(("module.m", "prod/s3.tf", 3),))
    assert renamed_is_known(finding(inside), finding(called), renamed)


def test_a_finding_identified_by_its_file_is_known_under_the_new_name() -> None:
    logs = Place("AWS::S3::Bucket", "AWS::S3::Bucket.Logs", root="stacks", file="stacks/a.yaml", line=3)
    assert renamed_is_known(
        finding(logs), finding(replace(logs, file="stacks/b.yaml")), {"stacks/b.yaml": "stacks/a.yaml"}
    )
    step = Place("step", "ci/a.yml:jobs.a.steps[1]", root=".", file="ci/a.yml", line=3)
    new = replace(step, id="ci/b.yml:jobs.a.steps[1]", file="ci/b.yml")
    assert renamed_is_known(finding(step), finding(new), {"ci/b.yml": "ci/a.yml"})


# ---- one thing, said once -----------------------------------------------------------------------------------------


def _failing(address: str, line: int = 3, file: str = "infra/main.tf", **more: Any) -> Finding:
    place = Place("aws_s3_bucket", address, root=more.pop("root", "infra"), file=file, line=line)
    about = {"status": FindingStatus.FAIL, "reason": Reason("iac_failed", {"checks": "CKV_1"}), **more}
    return Finding("s3-encrypted", 1, "iac", severity=Severity.HIGH, place=place, **about)


def test_instances_of_one_block_form_one_group_and_keep_their_ids() -> None:
    found = [
        _failing('aws_s3_bucket.b["a"]'),
        _failing('aws_s3_bucket.b["c"]'),
        _failing('module.x["eu"].aws_s3_bucket.b', root="prod"),
    ]
    (group,) = similar_findings(found)
    assert group.findings == tuple(found)
    assert len({finding_id(finding) for finding in found}) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"address": "aws_s3_bucket.c"},
        {"line": 4},
        {"file": "infra/more.tf"},
        {"checks": ("CKV_2",)},
        {"known": True},
        {"reason": Reason("iac_failed", {"checks": "CKV_2"})},
        {"status": FindingStatus.WAIVED, "waiver": "W-1"},
    ],
)
def test_findings_that_differ_form_separate_groups(other: dict[str, Any]) -> None:
    assert (
        len(similar_findings([_failing("aws_s3_bucket.b"), _failing(**{"address": "aws_s3_bucket.b", **other})])) == 2
    )


def test_a_gap_forms_one_group_with_all_policies_that_it_affects() -> None:
    gap = Reason("iac_gap", {"cause": "parse_error", "detail": "syntax error"})
    found = [
        replace(_failing("infra/main.tf", root=root), policy=policy, reason=gap, incomplete=True)
        for root in ("a", "b")
        for policy in ("s3-encrypted", "s3-versioning")
    ]
    (group,) = similar_findings(found)
    assert group.policies == ("s3-encrypted", "s3-versioning")


def test_a_baseline_distinguishes_types_that_no_policy_judges() -> None:
    def gap(kind: str) -> Finding:
        reason = Reason("iac_gap", {"cause": "not_judged", "detail": kind, "subject": kind})
        return replace(_failing(kind), reason=reason, incomplete=True, status=FindingStatus.NOT_EVALUATED)

    known = baseline_of([gap("google_storage_bucket")])
    compared = compare(assessment(gap("google_storage_bucket"), gap("google_sql_database_instance")), known)
    assert [finding.known for finding in compared.findings] == [True, False]
    assert compared.incomplete == 1


def test_nothing_is_gone_from_code_of_which_a_part_was_not_read() -> None:
    now = assessment(replace(finding(), status=FindingStatus.PASS))
    results = {"s3-encrypted": PolicyResult("s3-encrypted", FindingStatus.PASS, {}, unread=("infra",))}
    assert gone(replace(now, policies=results), baseline_of([finding()]), ["s3-encrypted"]) == 0


@pytest.mark.parametrize("status", [FindingStatus.WAIVED, FindingStatus.NOT_EVALUATED])
def test_a_known_failure_that_is_waived_or_undecided_is_not_gone_and_stays_known(status: FindingStatus) -> None:
    before = baseline_of([finding()])
    now = replace(finding(), status=status)
    assert gone(assessment(now), before, ["s3-encrypted"]) == 0
    assert kept_open([now], before) == before
    assert kept_open([now], baseline_of([])) == baseline_of([]), "a waiver alone makes nothing known"
    passing = replace(finding(), status=FindingStatus.PASS)
    assert gone(assessment(passing), before, ["s3-encrypted"]) == 1
    assert kept_open([passing], before) == baseline_of([])


def test_each_resource_of_a_stack_that_leaves_it_open_is_compared_by_itself() -> None:
    first, second = (replace(BLOCK, type="AWS::S3::Bucket", id=f"AWS::S3::Bucket.{name}") for name in "AB")
    undecided = {"status": FindingStatus.NOT_EVALUATED, "reason": Reason("iac_unknown")}
    now = replace(finding(first), also=(second,), **undecided)
    passed = replace(finding(second), status=FindingStatus.PASS)
    lost = opened(assessment(now), [passed], Renames(), {FindingStatus.PASS})
    assert lost == (replace(finding(second), **undecided),)
    before = baseline_of([finding(second)])
    assert gone(assessment(now), before, ["s3-encrypted"]) == 0
    assert kept_open([now], before) == before


def test_what_a_partial_check_found_in_order_and_cannot_decide_now_is_told() -> None:
    def undecided(code: str) -> Finding:
        return replace(finding(), status=FindingStatus.NOT_EVALUATED, reason=Reason(code))

    now = undecided("iac_unknown")
    assert opened(assessment(now), [undecided("partial_check")], Renames(), {FindingStatus.PASS}) == (now,)
    assert opened(assessment(now), [undecided("iac_unknown")], Renames(), {FindingStatus.PASS}) == ()


def volume(address: str, status: FindingStatus = FindingStatus.NOT_EVALUATED) -> Finding:
    found = finding(replace(BLOCK, type="aws_ebs_volume", id=address))
    return replace(found, status=status, reason=Reason("iac_unknown" if status is FindingStatus.NOT_EVALUATED else ""))


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (('v["a"]', 'v["b"]'), ("v",), True),  # nobody knows how many there will be
        (("v[0]",), ('v["a"]',), True),
        (("v",), ('v["a"]',), True),
        (('v["a"]',), ('v["b"]',), True),  # one takes the place of another
        (('v["a"].x["] is"]',), ("v.x",), True),
        (('module.m["a"].v["b"]',), ('module.m["a"].v',), True),
        (('module.m["a"].v["b"]',), ("module.m.v",), True),
        (('module.m["a"].v',), ('module.m["a"].w',), False),
        (('v["a"]',), ("w",), False),
        (("T.Disk1", "T.Disk2"), ("T.Disk&{N}",), True),
        (("T.Disk&{N}",), ("T.Disk1",), True),
        (("T.Disk1",), ("T.Diskette",), False),
    ],
)
def test_an_instance_that_passed_is_compared_with_what_stands_for_it(
    before: tuple[str, ...], now: tuple[str, ...], told: bool
) -> None:
    passed = [volume(address, FindingStatus.PASS) for address in before]
    assert bool(opened(assessment(*map(volume, now)), passed, Renames(), {FindingStatus.PASS})) is told
    asked_nothing = [one.place for one in passed]
    here = [volume(address).place for address in now]
    assert bool(opened(assessment(*map(volume, now)), [], Renames(), there=asked_nothing, here=here)) is told


@pytest.mark.parametrize(
    ("status", "told"), [(FindingStatus.NOT_APPLICABLE, True), (FindingStatus.NOT_EVALUATED, False)]
)
def test_what_a_policy_left_aside_and_cannot_decide_now_is_told(status: FindingStatus, told: bool) -> None:
    was, now = volume("v", status), volume("v")
    assert bool(opened(assessment(now), [was], Renames(), there=[was.place], here=[now.place])) is told
    assert opened(assessment(now), [was], Renames(), {FindingStatus.PASS}, [was.place], [now.place]) == (
        (now,) if told else ()
    )


def test_an_instance_under_a_new_key_is_no_more_open_than_the_block_was() -> None:
    was, now = volume("v"), volume("v[0]")
    for before, told in ([was], False), ([replace(was, policy="another")], True):
        assert bool(opened(assessment(now), before, Renames(), there=[was.place], here=[now.place])) is told


def test_an_instance_beside_those_that_passed_is_new() -> None:
    passed = volume('v["a"]', FindingStatus.PASS)
    new = volume('v["b"]')
    assert opened(assessment(passed, new), [passed], Renames(), {FindingStatus.PASS}) == ()
    there, here = [passed.place], [passed.place, new.place]
    assert opened(assessment(passed, new), [], Renames(), there=there, here=here) == ()
    undecided = volume('v["a"]')
    assert opened(assessment(undecided, new), [passed], Renames(), {FindingStatus.PASS}) == (undecided,)


@pytest.mark.parametrize(
    ("now", "then", "there", "kept"),
    [
        ("a_b.t", "a_b.s", ["a_b.s"], True),
        ("a_b.t", "a_b.s", ["a_b.s", "a_b.t"], False),
        ("a_b.t", "a_b.s", ["a_b.s", "a_b.t[0]"], False),
        ("a_b.t", "a_b.s", ["a_b.s", "a_b.tt"], True),
        ('a_b.t["y"]', "a_b.s", ["a_b.s", 'a_b.t["x"]'], True),
        ("a_b.t", "a_b.t[0]", ["a_b.t[0]", "a_b.t[1]"], True),
        ("a_b.t[0]", "a_b.t", ["a_b.t"], True),
        ("module.n", "module.m", ["module.m.a_b.t", "module.nn.a_b.t"], True),
        ("module.n", "module.m", ["module.m.a_b.t", "module.n[0].a_b.t"], False),
        ("module.n[0]", "module.m", ["module.m.a_b.t", "module.n[1].a_b.t"], True),
        ("module.n.a_b.t", "a_b.t", ["a_b.t", "module.n.a_b.u"], True),
    ],
)
def test_nothing_moves_to_an_address_that_was_there(now: str, then: str, there: list[str], *, kept: bool) -> None:
    names = Renames({"new/main.tf": "old/main.tf"}, {"new": {now: then}})
    found = names.taking(Place("a_b", address, root="old") for address in there)
    assert found.addresses == {"new": {now: then} if kept else {}}
