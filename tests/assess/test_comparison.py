"""Comparison of two runs: every kind of change is distinguished, and nothing unread counts as fixed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preuve.assess.changes.comparison import Kind, Run, Scope, compare, unread_places
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason

S = FindingStatus
PLACE = Place("AWS::S3::Bucket", "logs", "123456789012", "eu-west-3", "arn:aws:s3:::logs")
FAIL = Finding("s3-encrypted", 1, "aws", S.FAIL, Severity.HIGH, PLACE, Reason("failed"))
OTHER = replace(FAIL, place=replace(PLACE, id="other", arn="arn:aws:s3:::other"), status=S.PASS)
UNREAD = replace(
    FAIL, status=S.NOT_EVALUATED, place=replace(PLACE, id="", arn=""), reason=Reason("unread_listing"), incomplete=True
)
SCOPE = Scope(frozenset({"123456789012"}), frozenset({"eu-west-3"}), frozenset({"infra"}), {"s3-encrypted": 1}, {})


def run(*findings: Finding, scope: Scope = SCOPE) -> Run:
    return Run("r", "2026-11-24T12:00:00Z", replace(scope, unread=unread_places(findings)), findings)


def as_(status: FindingStatus) -> Finding:
    return replace(FAIL, status=status)


def kind_of(before: Run, after: Run) -> Kind:
    changes = [item for item in compare(before, after).changes if item.finding.place.id == "logs"]
    return changes[0].kind


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (S.PASS, S.FAIL, Kind.REGRESSED),
        (S.NOT_APPLICABLE, S.FAIL, Kind.REGRESSED),
        (S.NOT_EVALUATED, S.FAIL, Kind.NEW),
        (S.FAIL, S.FAIL, Kind.UNCHANGED),
        (S.WAIVED, S.WAIVED, Kind.UNCHANGED),
        (S.FAIL, S.PASS, Kind.FIXED),
        (S.WAIVED, S.PASS, Kind.FIXED),
        (S.FAIL, S.NOT_EVALUATED, Kind.UNCLEAR),
        (S.PASS, S.NOT_EVALUATED, Kind.UNCLEAR),
        (S.NOT_EVALUATED, S.PASS, Kind.UNCLEAR),
        (S.FAIL, S.WAIVED, Kind.ACCEPTANCE),
        (S.WAIVED, S.FAIL, Kind.ACCEPTANCE),
    ],
)
def test_each_pair_of_verdicts_has_one_kind_of_change(before: FindingStatus, after: FindingStatus, kind: Kind) -> None:
    assert kind_of(run(as_(before)), run(as_(after))) is kind


def test_a_resource_that_a_stack_leaves_open_beside_others_is_not_fixed() -> None:
    together = replace(OTHER, status=S.NOT_EVALUATED, also=(PLACE,))
    assert kind_of(run(FAIL), run(together)) is Kind.UNCLEAR


def test_a_pass_in_both_runs_is_no_change() -> None:
    assert compare(run(as_(S.PASS)), run(as_(S.PASS))).changes == []
    assert compare(run(), run(as_(S.PASS))).changes == []


def test_a_failing_resource_that_appears_is_new_and_one_that_disappears_is_fixed() -> None:
    assert kind_of(run(OTHER), run(OTHER, FAIL)) is Kind.NEW
    assert kind_of(run(OTHER, FAIL), run(OTHER)) is Kind.FIXED


def test_a_missing_resource_is_unclear_where_the_later_run_could_not_list_its_place() -> None:
    assert kind_of(run(FAIL), run(UNREAD)) is Kind.UNCLEAR
    elsewhere = replace(UNREAD, place=replace(UNREAD.place, region="eu-west-1"))
    assert kind_of(run(FAIL), run(OTHER, elsewhere)) is Kind.FIXED


def test_an_unread_global_listing_makes_every_region_unclear() -> None:
    everywhere = replace(UNREAD, place=replace(UNREAD.place, region="global"))
    assert kind_of(run(FAIL), run(everywhere)) is Kind.UNCLEAR


def test_stages_of_the_same_name_in_different_apis_are_different() -> None:
    stage = replace(PLACE, type="AWS::ApiGateway::Stage", id="prod", arn="arn:aws:apigateway:::/restapis/a/stages/prod")
    first = replace(FAIL, place=stage)
    second = replace(FAIL, place=replace(stage, arn=stage.arn.replace("/a/", "/b/")))
    found = compare(run(first), run(first, second)).changes
    assert [change.kind for change in found] == [Kind.UNCHANGED, Kind.NEW]


def test_of_two_answers_in_one_run_the_worst_counts() -> None:
    for both in ((FAIL, as_(S.PASS)), (as_(S.PASS), FAIL)):
        assert kind_of(run(as_(S.PASS)), run(*both)) is Kind.REGRESSED


def test_a_changed_revision_is_not_compared_whatever_the_verdicts() -> None:
    newer = replace(SCOPE, policies={"s3-encrypted": 2})
    for status in (S.FAIL, S.PASS):
        after = run(replace(as_(status), rev=2), scope=newer)
        assert kind_of(run(FAIL), after) is Kind.RULE_CHANGED
    assert kind_of(run(FAIL), run(replace(OTHER, rev=2), scope=newer)) is Kind.RULE_CHANGED


@pytest.mark.parametrize(
    "narrow",
    [
        replace(SCOPE, policies={}),
        replace(SCOPE, accounts=frozenset({"210987654321"})),
        replace(SCOPE, regions=frozenset({"eu-west-1"})),
    ],
    ids=["policy", "account", "region"],
)
def test_a_finding_in_the_scope_of_one_run_only_is_neither_new_nor_fixed(narrow: Scope) -> None:
    assert kind_of(run(FAIL), run(scope=narrow)) is Kind.SCOPE_CHANGED
    assert kind_of(run(scope=narrow), run(FAIL)) is Kind.SCOPE_CHANGED


def test_a_place_outside_the_regions_of_both_runs_is_compared() -> None:
    far = replace(FAIL, place=replace(PLACE, region="us-east-1"))
    assert kind_of(run(), run(far)) is Kind.NEW
    assert kind_of(run(far), run()) is Kind.FIXED


def test_code_and_cloud_are_compared_separately() -> None:
    code = replace(FAIL, source="iac", place=Place("aws_s3_bucket", "logs", root="infra", file="s3.tf", line=3))
    kinds = {item.finding.source: item.kind for item in compare(run(FAIL), run(code)).changes}
    assert kinds == {"aws": Kind.FIXED, "iac": Kind.NEW}
    moved = replace(code, place=replace(code.place, line=30))
    assert kind_of(run(code), run(moved)) is Kind.UNCHANGED, "a line that moved is the same weakness"


def test_parameters_that_differ_are_named() -> None:
    other = replace(SCOPE, params={"max_days": 30})
    assert compare(run(FAIL), run(FAIL, scope=other)).params == {"max_days": (None, 30)}


def test_code_that_was_excluded_since_is_not_fixed() -> None:
    code = replace(FAIL, source="iac", place=replace(PLACE, account="", region="", root="infra"))
    narrower = replace(SCOPE, left_out=frozenset({("code", "infra/a")}))
    for now in ((), (replace(code, status=S.PASS),)):
        assert kind_of(run(code), run(*now, scope=narrower)) is Kind.SCOPE_CHANGED
        ended = Kind.FIXED if now else Kind.REMOVED
        assert kind_of(run(code, scope=narrower), run(*now, scope=narrower)) is ended
        assert kind_of(run(code, scope=narrower), run(*now)) is ended
    assert kind_of(run(scope=narrower), run(code)) is Kind.SCOPE_CHANGED
    assert kind_of(run(), run(code, scope=narrower)) is Kind.NEW
    assert kind_of(run(FAIL), run(scope=narrower)) is Kind.FIXED  # code says nothing of an account


CODE = replace(FAIL, source="iac", place=replace(PLACE, account="", region="", root="infra/db"))
PROD, TEST, ELSEWHERE = ("infra", "prod"), ("infra", "test"), ("other", "prod")


def test_code_that_is_applied_in_fewer_ways_is_not_fixed() -> None:
    both = replace(SCOPE, looks=frozenset({PROD, TEST, ELSEWHERE}))
    for now in ((), (replace(CODE, status=S.PASS),)):
        for left in ({TEST, ELSEWHERE}, {("infra", "prod with another variable"), TEST, ELSEWHERE}):
            assert (
                kind_of(run(CODE, scope=both), run(*now, scope=replace(SCOPE, looks=frozenset(left))))
                is Kind.SCOPE_CHANGED
            )
        for same in ({PROD, TEST}, {PROD, TEST, ELSEWHERE, ("infra", "third")}):
            ended = Kind.FIXED if now else Kind.REMOVED
            assert kind_of(run(CODE, scope=both), run(*now, scope=replace(SCOPE, looks=frozenset(same)))) is ended


def test_a_folder_below_one_that_left_the_scope_is_not_fixed() -> None:
    for code in (frozenset(), frozenset({"other"})):
        assert kind_of(run(CODE), run(scope=replace(SCOPE, code=code))) is Kind.SCOPE_CHANGED
    assert kind_of(run(CODE), run(scope=replace(SCOPE, code=frozenset({"."})))) is Kind.REMOVED


def test_what_an_earlier_version_did_not_tell_makes_nothing_new_another_scope() -> None:
    told = replace(SCOPE, looks=frozenset({PROD, (PLACE.account, "environment prod")}))
    for finding in (CODE, FAIL):
        assert kind_of(run(), run(finding, scope=told)) is Kind.NEW


def test_an_account_that_is_said_to_be_of_another_environment_is_not_fixed() -> None:
    account = PLACE.account
    prod, test = (replace(SCOPE, looks=frozenset({(account, f"environment {name}")})) for name in ("prod", "test"))
    other = replace(prod, looks=prod.looks | {("210987654321", "environment test")})
    for now in ((), (as_(S.PASS),)):
        assert kind_of(run(FAIL, scope=prod), run(*now, scope=test)) is Kind.SCOPE_CHANGED
        assert kind_of(run(FAIL, scope=prod), run(*now, scope=other)) is Kind.FIXED
        assert kind_of(run(FAIL), run(*now, scope=test)) is Kind.FIXED, "an earlier version did not tell"


def test_a_rule_that_says_something_else_is_another_one_without_a_new_revision() -> None:
    one, other = (replace(SCOPE, rules={"s3-encrypted": said}) for said in ("a", "b"))
    for now in ((), (as_(S.PASS),)):
        assert kind_of(run(FAIL, scope=one), run(*now, scope=other)) is Kind.RULE_CHANGED
        assert kind_of(run(FAIL, scope=one), run(*now, scope=one)) is Kind.FIXED
        assert kind_of(run(FAIL), run(*now, scope=other)) is Kind.FIXED, "an earlier version did not tell"


def test_a_failure_that_nobody_sees_any_more_is_told_though_another_resource_has_its_id() -> None:
    other = replace(SCOPE, policies={"s3-encrypted": 2})
    namesake = replace(FAIL, place=replace(PLACE, arn="arn:aws:s3:::another"))
    for now in (namesake, replace(namesake, status=S.PASS), OTHER):
        assert compare(run(FAIL), run(now, scope=other)).left == [FAIL]


def test_a_block_that_was_deleted_is_not_said_to_be_fixed_nor_its_resource_gone() -> None:
    found = compare(run(CODE), run())
    assert [item.kind for item in found.changes] == [Kind.REMOVED]
    assert (found.left, found.removed) == ([], [CODE])


@pytest.mark.parametrize("type_", ["Dockerfile", "RUN", "jobs", "repository", "module", "provider", "variable"])
def test_code_that_makes_no_resource_is_mended_when_it_is_deleted(type_: str) -> None:
    code = replace(CODE, place=replace(CODE.place, type=type_))
    found = compare(run(code), run())
    assert [item.kind for item in found.changes] == [Kind.FIXED]
    assert found.removed == []
