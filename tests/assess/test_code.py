"""The meaning of Checkov's results for a policy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from preuve.assess.code.findings import accepted, code_findings
from preuve.model.content import AwsRule, IacRule
from preuve.model.results import Finding, by_resource
from preuve.model.snapshot import IacGap, IacRecord, IacScan, Meta, Snapshot

from .factory import RULE_OF_VOLUMES, policy

SCAN = IacScan("infra", "terraform", 3, 5, {"aws_ebs_volume": 2})


def record(check: str, result: str, address: str = "aws_ebs_volume.data", **more: Any) -> IacRecord:
    return IacRecord("infra", address, "aws_ebs_volume", "infra/main.tf", 10, 14, check, result, **more)


def findings(
    *items: IacRecord | IacGap,
    equivalence: str = "same_intent",
    rules: tuple[AwsRule, ...] = (),
    scans: tuple[IacScan, ...] = (SCAN,),
    iac: bool = True,
    one_suffices: bool = False,
) -> list[Finding]:
    records = tuple(item for item in items if isinstance(item, IacRecord))
    gaps = tuple(item for item in items if isinstance(item, IacGap))
    side = IacRule(("CKV_AWS_3", "CKV_AWS_8"), equivalence, one_suffices=one_suffices) if iac else None
    return list(
        code_findings([policy(*rules, iac=side)], Snapshot(Meta(), records=records, gaps=gaps, scans=scans), {}, {})
    )


def said(found: list[Finding]) -> list[tuple[str, str, bool]]:
    return [(item.status.value, item.reason.code, item.incomplete) for item in found]


@pytest.mark.parametrize(
    ("results", "equivalence", "verdict"),
    [
        (["PASSED"], "same_intent", ("PASS", "iac_passed", False)),
        (["PASSED", "PASSED"], "same_intent", ("PASS", "iac_passed", False)),
        (["FAILED"], "same_intent", ("FAIL", "iac_failed", False)),
        (["PASSED", "FAILED"], "same_intent", ("FAIL", "iac_failed", False)),
        (["UNKNOWN", "FAILED"], "same_intent", ("FAIL", "iac_failed", False)),
        (["UNKNOWN"], "same_intent", ("NOT_EVALUATED", "iac_unknown", False)),
        (["PASSED", "UNKNOWN"], "same_intent", ("NOT_EVALUATED", "iac_unknown", False)),
        (["PASSED", "SKIPPED"], "same_intent", ("NOT_EVALUATED", "iac_unknown", False)),
        (["PASSED"], "partial", ("NOT_EVALUATED", "partial_check", False)),
        (["FAILED"], "partial", ("FAIL", "iac_failed", False)),
    ],
)
def test_one_block_of_code_has_one_verdict(
    results: list[str], equivalence: str, verdict: tuple[str, str, bool]
) -> None:
    records = [record(check, result) for check, result in zip(("CKV_AWS_3", "CKV_AWS_8"), results, strict=False)]
    assert said(findings(*records, equivalence=equivalence)) == [verdict]


def test_an_undecided_verdict_names_its_checks_and_the_cause() -> None:
    why = "unresolved: var.encrypted"
    (found,) = findings(record("CKV_AWS_3", "PASSED"), record("CKV_AWS_8", "UNKNOWN", detail=why))
    assert found.checks == ("CKV_AWS_8",)
    assert found.reason.values == {"checks": "CKV_AWS_8", "detail": why, "at": ""}


def test_each_block_has_its_own_finding_and_place() -> None:
    found = findings(
        record("CKV_AWS_3", "PASSED"),
        record("CKV_AWS_3", "FAILED", 'aws_ebs_volume.x["a"]'),
        record("CKV_AWS_99", "FAILED"),
    )
    assert [(item.status.value, item.place.id, item.checks) for item in found] == [
        ("PASS", "aws_ebs_volume.data", ("CKV_AWS_3",)),
        ("FAIL", 'aws_ebs_volume.x["a"]', ("CKV_AWS_3",)),
    ]
    assert (found[0].place.root, found[0].place.file, found[0].place.line, found[0].source) == (
        "infra",
        "infra/main.tf",
        10,
        "iac",
    )


@pytest.mark.parametrize(
    ("results", "verdicts"),
    [
        (["FAILED", "PASSED"], [("NOT_APPLICABLE", "iac_one_suffices"), ("PASS", "iac_passed")]),
        (["UNKNOWN", "PASSED"], [("NOT_APPLICABLE", "iac_one_suffices"), ("PASS", "iac_passed")]),
        (["FAILED", "UNKNOWN"], [("NOT_EVALUATED", "iac_one_may_suffice"), ("NOT_EVALUATED", "iac_unknown")]),
        (["FAILED", "FAILED"], [("FAIL", "iac_failed"), ("FAIL", "iac_failed")]),
        (["PASSED", "PASSED"], [("PASS", "iac_passed"), ("PASS", "iac_passed")]),
    ],
)
def test_one_passing_block_makes_the_others_of_its_root_not_applicable_where_one_suffices(
    results: list[str], verdicts: list[tuple[str, str]]
) -> None:
    records = [record("CKV_AWS_3", result, f"aws_cloudtrail.t{number}") for number, result in enumerate(results)]
    assert [(status, code) for status, code, _ in said(findings(*records, one_suffices=True))] == verdicts


@pytest.mark.parametrize(
    ("passes", "fails", "status"),
    [
        ({}, {}, "NOT_APPLICABLE"),
        ({"account": "123456789012"}, {"account": "123456789012"}, "NOT_APPLICABLE"),
        ({"account": "0a1b"}, {"account": "0a1b", "file": "infra/b.tf"}, "NOT_APPLICABLE"),
        ({"account": "123456789012"}, {"account": "210987654321"}, "FAIL"),
        ({}, {"account": "210987654321"}, "NOT_EVALUATED"),
        ({"account": "0a1b"}, {"account": "210987654321"}, "NOT_EVALUATED"),
        ({"type": "AWS::CloudTrail::Trail"}, {"type": "AWS::CloudTrail::Trail"}, "NOT_APPLICABLE"),
        ({"type": "AWS::CloudTrail::Trail"}, {"type": "AWS::CloudTrail::Trail", "file": "infra/b.yaml"}, "FAIL"),
    ],
)
def test_a_sufficient_block_suffices_only_in_its_own_account_or_template(
    passes: dict[str, str], fails: dict[str, str], status: str
) -> None:
    one = replace(record("CKV_AWS_3", "PASSED", "a.t"), **passes)
    other = replace(record("CKV_AWS_3", "FAILED", "b.t"), **fails)
    for records in ((one, other), (other, one)):
        found = {item.place.id: item.status.value for item in findings(*records, one_suffices=True)}
        assert found == {"a.t": "PASS", "b.t": status}


def test_a_sufficient_block_suffices_only_in_its_own_root() -> None:
    elsewhere = replace(record("CKV_AWS_3", "FAILED", "aws_cloudtrail.paris"), root="other")
    found = findings(record("CKV_AWS_3", "PASSED", "aws_cloudtrail.all"), elsewhere, one_suffices=True)
    assert {item.place.id: item.status.value for item in found} == {
        "aws_cloudtrail.all": "PASS",
        "aws_cloudtrail.paris": "FAIL",
    }


def test_a_verdict_stands_where_the_check_that_says_it_decided() -> None:
    open_ = record("CKV_AWS_3", "UNKNOWN", decided_at=(11, 11))
    failed = record("CKV_AWS_8", "FAILED", decided_at=(13, 13))
    unplaced = replace(failed, decided_at=None)
    passed = record("CKV_AWS_8", "PASSED")
    lines = [findings(open_, other)[0].place.line for other in (failed, unplaced, passed)]
    assert lines == [13, 10, 11]


def in_template(name: str, line: int, file: str = "infra/stack.yaml", **more: Any) -> IacRecord:
    known = {"result": "UNKNOWN", "detail": "depends on a value that the stack provides: the tags of the stack", **more}
    kind = "AWS::S3::Bucket"
    return IacRecord("infra", f"{kind}.{name}", kind, file, line, line + 3, "CKV_AWS_3", **known)


def test_what_whoever_deploys_them_leaves_open_is_one_result_for_all_templates() -> None:
    two = "depends on a value that the stack provides: the tags of the stack; unresolved: Fn::ImportValue"
    found = findings(
        in_template("Second", 20),
        in_template("First", 5),
        in_template("Other", 5, "infra/third.yaml"),
        replace(in_template("Elsewhere", 5, "more/stack.yaml"), root="more"),
        in_template("Passing", 30, result="PASSED", detail=""),
        in_template("Unresolved", 40, detail=two),
        in_template("Alone", 50, detail="depends on a value that is not in the code: SubnetId"),
        in_template("Too", 60, detail="depends on a value that is not in the code: SubnetId"),
        in_template("Named", 70, detail="unresolved: Ref Key"),
        in_template("NamedToo", 80, detail="unresolved: Ref Key"),
        in_template("NamedThere", 80, "infra/third.yaml", detail="unresolved: Ref Key"),
    )
    told = {item.place.id.rpartition(".")[2]: item for item in found}
    several = {name: [place.id.rpartition(".")[2] for place in item.also] for name, item in told.items() if item.also}
    assert several == {"First": ["Second", "Other", "Elsewhere"], "Named": ["NamedToo"]}
    assert set(told) == {"First", "Passing", "Unresolved", "Alone", "Too", "Named", "NamedThere"}
    assert (told["First"].place.file, told["First"].place.line) == ("infra/stack.yaml", 5)
    assert told["First"].reason.values["resources"] == "4"
    assert all("resources" not in item.reason.values for item in found if not item.also)


REGION = "set neither here nor by a provider in the code: region"
ONE_CAUSE = [
    "unresolved: var.encrypted",
    "unresolved: var.settings.encrypted; unresolved: var.stage",
    "unresolved: module.logs.data.aws_kms_key.main[0].arn",
    "unresolved: module.logs[0].aws_kms_key.main.arn",
    "what this policy grants: arn:aws:iam::aws:policy/ReadOnlyAccess",
    "depends on a value that is not in the code: subnet_id (var.subnet)",
    "depends on a value that is not in the code: engine (var.engine, aws_db_instance.main.engine)",
    "unresolved: var.script (user_data)",
    "unresolved: Fn::GetAZs",
    "unresolved: Fn::ImportValue (Ref ParentStack)-Subnets",
    REGION,
]
SEVERAL_CAUSES = [
    "unresolved: count.index",
    "unresolved: each.value",
    "unresolved: an expression that Terraform refuses: var.x + []",
    "depends on a value that is not in the code: subnet_id",
    "unresolved: var.a; unresolved: each.key",
    "unresolved: var.a; unresolved: var.b; unresolved: var.c; unresolved: var.d; unresolved: var.e",
    "this block may not be created, or may be for another resource",
    "",
]


def two_unknown(detail: str, **other: Any) -> list[Finding]:
    first = record("CKV_AWS_3", "UNKNOWN", "aws_ebs_volume.a", detail=detail)
    return findings(first, replace(first, **{"address": "aws_ebs_volume.b", "line": 30, **other}))


@pytest.mark.parametrize("detail", ONE_CAUSE)
def test_what_one_cause_leaves_open_is_one_result_that_names_each_resource(detail: str) -> None:
    (found,) = two_unknown(detail)
    assert (found.place.id, [place.id for place in found.also]) == ("aws_ebs_volume.a", ["aws_ebs_volume.b"])
    each = list(by_resource([found]))
    assert [(one.place.id, one.place.line) for one in each] == [("aws_ebs_volume.a", 10), ("aws_ebs_volume.b", 30)]
    assert all(one.reason.values["detail"] == detail and "resources" not in one.reason.values for one in each)


def test_one_cause_in_two_arguments_is_one_result_that_names_neither() -> None:
    first = record("CKV_AWS_3", "UNKNOWN", "aws_ebs_volume.a", detail="unresolved: var.x", keys=("size",))
    (found,) = findings(first, replace(first, address="aws_lb.b", type="aws_lb", line=30, keys=("subnets",)))
    assert (found.reason.values["at"], len(found.also)) == ("", 1)


@pytest.mark.parametrize("detail", SEVERAL_CAUSES)
def test_what_may_be_another_thing_for_each_resource_is_a_result_for_each(detail: str) -> None:
    assert [item.also for item in two_unknown(detail)] == [(), ()]


def test_a_name_means_one_thing_in_its_own_root_only() -> None:
    assert [len(two_unknown(detail, root="other")) for detail in ("unresolved: var.x", REGION)] == [2, 1]


def test_what_two_checks_leave_open_is_a_result_for_each_resource() -> None:
    """Only the causes of one of them are told: the other may rest on anything."""
    names = [("CKV_AWS_3", "a"), ("CKV_AWS_8", "a"), ("CKV_AWS_3", "b"), ("CKV_AWS_8", "b")]
    found = findings(*(record(check, "UNKNOWN", f"aws_ebs_volume.{at}", detail=REGION) for check, at in names))
    assert len(found) == 2


def test_a_verdict_shows_the_values_that_decided_it() -> None:
    """A pass shows them too. Beside failures, passing values are not shown."""
    plain = replace(record("CKV_AWS_3", "FAILED"), values={"encrypted": ""})
    keyed = replace(record("CKV_AWS_8", "PASSED"), values={"kms_key_id": "var.key"}, origins={"kms_key_id": "x"})
    (failed,) = findings(plain, keyed)
    assert failed.observed == {"encrypted": None}
    (passed,) = findings(keyed)
    assert passed.observed == {"kms_key_id": "var.key ← x"}
    (open_,) = findings(keyed, equivalence="partial")
    assert open_.observed == {}


def test_a_pass_does_not_show_unset_arguments_as_decisive_values() -> None:
    both = replace(record("CKV_AWS_8", "PASSED"), values={"kms_key_id": "var.key", "versioning.enabled": ""})
    (passed,) = findings(both)
    assert (passed.status.value, passed.reason.code) == ("PASS", "iac_passed_unset")
    assert passed.reason.values["unset"] == "versioning.enabled"
    assert passed.observed == {"kms_key_id": "var.key"}


def test_a_comment_in_the_code_waives_nothing() -> None:
    (finding,) = findings(record("CKV_AWS_3", "FAILED", suppressed="we know"))
    assert said([finding]) == [("FAIL", "iac_suppressed", False)]
    assert finding.reason.values == {"checks": "CKV_AWS_3", "comment": "we know"}


def test_a_comment_on_one_of_two_failing_checks_does_not_suppress_the_policy() -> None:
    commented = record("CKV_AWS_3", "FAILED", suppressed="we know")
    assert said(findings(commented, record("CKV_AWS_8", "FAILED"))) == [("FAIL", "iac_failed", False)]
    assert said(findings(commented, record("CKV_AWS_8", "PASSED"))) == [("FAIL", "iac_suppressed", False)]


def test_a_comment_accepted_by_the_workspace_waives_without_an_approver() -> None:
    (finding,) = findings(record("CKV_AWS_3", "FAILED", suppressed="we know"))
    silenced = accepted(finding)
    assert (silenced.status.value, silenced.reason.code, silenced.waiver) == ("WAIVED", "iac_comment", "")
    (failing,) = findings(record("CKV_AWS_3", "FAILED"))
    assert accepted(failing) is failing


def test_code_that_could_not_be_read_is_incomplete_for_every_policy() -> None:
    gap = IacGap("infra", "infra/bad.tf", 4, "parse_error", "unexpected token")
    found = findings(record("CKV_AWS_3", "PASSED"), gap)
    assert said(found) == [("PASS", "iac_passed", False), ("NOT_EVALUATED", "iac_gap", True)]
    assert (found[1].place.file, found[1].place.line) == ("infra/bad.tf", 4)


@pytest.mark.parametrize("kind", ["other_providers", "azure_resource_manager"])
def test_code_for_other_providers_leaves_only_policies_about_them_open_and_unknown_code_leaves_all_open(
    kind: str,
) -> None:
    gap = IacGap("infra", "infra/main.tf", 4, "not_judged", "google_*", kind)
    both = Snapshot(Meta(), gaps=(gap, replace(gap, line=5, framework="terraform")), scans=(SCAN,))
    sides = [IacRule(("CKV_AWS_3",), "same_intent", other_providers=also) for also in (True, False)]
    found = [code_findings([policy(RULE_OF_VOLUMES, iac=side)], both, {}, {}) for side in sides]
    assert [[item.place.line for item in items] for items in found] == [[4, 5], [5]]


@pytest.mark.parametrize("cause", ["parse_error", "not_read", "scanner_failed"])
def test_unreadable_code_prevents_not_applicable(cause: str) -> None:
    gap = IacGap("infra", "", 0, cause)
    assert said(findings(gap)) == [("NOT_EVALUATED", "iac_gap", True)]
    assert said(findings(gap, scans=())) == [("NOT_EVALUATED", "iac_gap", True)]


@pytest.mark.parametrize("cause", ["not_covered", "module_not_loaded"])
def test_unsupported_code_does_not_make_a_policy_with_results_incomplete(cause: str) -> None:
    assert said(findings(record("CKV_AWS_3", "PASSED"), IacGap("infra", "x", 1, cause))) == [
        ("PASS", "iac_passed", False)
    ]


def test_code_without_the_type_is_not_applicable_only_for_policies_of_code() -> None:
    assert said(findings()) == [("NOT_APPLICABLE", "iac_no_resource", False)]
    assert findings(rules=(RULE_OF_VOLUMES,)) == []


def test_code_that_was_left_out_prevents_not_applicable() -> None:
    elsewhere = IacGap("infra", "infra/main.tf", 3, "not_covered", "", "terraform")
    assert said(findings(elsewhere)) == [("NOT_EVALUATED", "iac_gap", False)]
    assert findings(elsewhere, rules=(RULE_OF_VOLUMES,)) == []


@pytest.mark.parametrize("rules", [(), (RULE_OF_VOLUMES,)])
def test_each_module_that_is_not_installed_leaves_open_what_was_not_seen_elsewhere(rules: tuple[AwsRule, ...]) -> None:
    calls = [
        IacGap("infra", "infra/main.tf", line, "module_not_loaded", f"module {line}", "terraform") for line in (3, 9)
    ]
    assert said(findings(*calls, rules=rules)) == [("NOT_EVALUATED", "iac_gap", True)] * 2
    assert said(findings(*calls, record("CKV_AWS_3", "FAILED"), rules=rules)) == [("FAIL", "iac_failed", False)]


def test_a_root_with_only_unsupported_files_is_not_evaluated() -> None:
    elsewhere = IacGap("infra", "infra/terragrunt.hcl", 0, "not_covered", "", "terraform")
    assert said(findings(elsewhere, scans=())) == [("NOT_EVALUATED", "iac_gap", False)]
    assert findings(IacGap("infra", "", 0, "not_covered", "no Terraform file", "terraform"), scans=()) == []


def test_without_a_scan_there_are_no_findings_of_code() -> None:
    assert findings(scans=()) == []
    assert findings(record("CKV_AWS_3", "FAILED"), iac=False) == []


def test_a_pass_of_a_partial_check_is_one_of_the_policy_for_the_types_of_which_it_asks_all() -> None:
    side = IacRule(("CKV_AWS_3",), "partial", exact=("aws_ebs_volume",))
    other = replace(record("CKV_AWS_3", "PASSED", "aws_instance.web"), type="aws_instance")
    for records, verdicts in (
        ((record("CKV_AWS_3", "PASSED"), other), ["PASS", "NOT_EVALUATED"]),
        ((record("CKV_AWS_3", "FAILED"),), ["FAIL"]),
        ((record("CKV_AWS_3", "UNKNOWN"),), ["NOT_EVALUATED"]),
    ):
        snapshot = Snapshot(Meta(), records=records, scans=(SCAN,))
        assert sorted(item.status.value for item in code_findings([policy(iac=side)], snapshot, {}, {})) == sorted(
            verdicts
        )


def test_what_a_partial_policy_cannot_pass_is_one_finding() -> None:
    names = ("aws_ebs_volume.a", "aws_ebs_volume.b", "aws_ebs_volume.c")
    elsewhere = replace(record("CKV_AWS_3", "PASSED", "aws_ebs_volume.d"), root="other")
    failing = record("CKV_AWS_3", "FAILED", "aws_ebs_volume.e")
    passing = (record("CKV_AWS_3", "PASSED", name) for name in names)
    found = findings(*passing, elsewhere, failing, equivalence="partial")
    told = {(item.place.id, *(place.id for place in item.also)): item for item in found}
    every = (*names, "aws_ebs_volume.d")
    assert told.keys() == {every, ("aws_ebs_volume.e",)}
    assert told[every].reason.values["resources"] == "4"
