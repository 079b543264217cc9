"""Silence is never compliance: an unread resource is NOT_EVALUATED, with its cause, and nothing else changes."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from emulator import Emulator
from pipeline.runs import (
    LIMITS,
    Run,
    changed,
    improvements,
    key,
    narrowed,
    part_of,
    reads,
    run,
    statuses,
    with_few,
    write_workspace,
)
from preuve.collect.aws.session import Limits
from preuve.library.iam.actions import actions
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.checked_rule import reads as part_reads
from preuve.library.validation.shapes import message_name
from preuve.model.content import Call
from preuve.model.errors import Exit, NothingExaminedError
from preuve.model.results import FindingStatus
from preuve.pipeline.run.audit import audit
from preuve.pipeline.run.preparation import Preparation, prepare

BUCKET, FUNCTION = "AWS::S3::Bucket", "AWS::Lambda::Function"
OTHERS = ("AWS::IAM::User", "AWS::RDS::DBInstance", "AWS::SQS::Queue")


# ---- one read is refused


def details_read(prepared: Preparation) -> dict[str, Call]:
    """The members of a bucket that policies read with a call of their own."""
    wanted = prepared.needs.types[BUCKET]
    return {name: call for name, call in prepared.library.types[BUCKET].details.items() if name in wanted}


def joined_by(prepared: Preparation, member: str) -> set[str]:
    """The relations of a bucket that are found through this member."""
    relations = prepared.library.types[BUCKET].relations
    return {
        name
        for name, relation in relations.items()
        if member in {path.split(".")[0].removesuffix("[]") for path in relation.where.values()}
    }


def must_change(prepared: Preparation, whole: Run, member: str, bucket: str) -> set[str]:
    """Return the policies on buckets whose condition reaches an unread member, or another member of its call."""
    details = details_read(prepared)
    together = {name for name, call in details.items() if call.operation == details[member].operation}
    touched = together.union(*(joined_by(prepared, name) for name in together))
    found = set()
    for rule in prepared.rules:
        if rule.rule.resource != BUCKET:
            continue
        outside = any(
            finding.reason.code == "outside_condition" and finding.place.id == bucket
            for finding in whole.of([rule.policy.id])
        )
        parts = [rule.when] if outside else [rule.when, rule.assert_]
        if any(touched & part_reads(part).get(message_name(BUCKET), frozenset()) for part in parts if part):
            found.add(rule.policy.id)
    return found


@pytest.fixture(scope="module")
def buckets(prepared: Preparation, whole: Run) -> tuple[Preparation, Run]:
    """The policies that reach buckets, and others that do not; what they find without faults."""
    few = narrowed(prepared, lambda rule: needs_buckets(prepared, rule) or rule.rule.resource in OTHERS)
    return few, part_of(whole, few)


def test_a_refused_read_leaves_only_its_own_policies_unevaluated(
    techstart_account: Emulator, buckets: tuple[Preparation, Run], tmp_path: Path
) -> None:
    prepared, whole = buckets
    details = details_read(prepared)
    buckets = sorted({item.id for item in whole.snapshot.resources if item.type == BUCKET})
    pairs = list(zip(sorted(details), buckets, strict=False))
    assert len(pairs) >= 6
    techstart_account.faults(
        *(
            {"kind": "deny", "service": "s3", "operation": details[member].operation, "resource": f"/{bucket}?"}
            for member, bucket in pairs
        )
    )
    after = run(prepared, tmp_path / "run")

    differences = changed(whole, after)
    others = {name for name, item in prepared.library.types[BUCKET].relations.items() if item.type == BUCKET}
    beside = {
        rule.policy.id for rule in prepared.rules if reads(rule, BUCKET) & others
    }  # another bucket unsettles them
    unsettled = 0
    for member, bucket in pairs:
        expected = must_change(prepared, whole, member, bucket)
        found = {place[0] for place in differences if place[1] == BUCKET and place[4] == bucket}
        before = {
            place[0] for place in whole.verdicts if place[4] == bucket and statuses(whole, place) == {"NOT_EVALUATED"}
        }
        assert found - beside <= expected - before, (member, bucket)  # a verdict that is settled without it stays
        unsettled += len(found)
        for finding in after.of(found - beside):
            if finding.place.id == bucket:
                assert finding.status is FindingStatus.NOT_EVALUATED
                assert finding.reason.values["cause"] == "access_denied"
                assert finding.reason.values["action"] == actions(details[member])[0]

    assert unsettled >= len(pairs)
    other = {place[0] for place in differences if place[1] != BUCKET}
    through = {rule.policy.id for rule in prepared.rules if reads(rule, BUCKET) & set(details)}
    assert other <= through, "a policy changed that reads nothing of a bucket"
    assert improvements(whole, after) == []
    assert after.code is Exit.INCOMPLETE


# ---- a list is refused


def needs_buckets(prepared: Preparation, rule: CheckedRule) -> bool:
    """Whether a rule is on buckets or reads a relation to them."""
    if rule.rule.resource == BUCKET:
        return True
    return any(
        relation.type == BUCKET and name in reads(rule, type_name)
        for type_name, declared in prepared.library.types.items()
        for name, relation in declared.relations.items()
    )


def test_a_refused_list_of_buckets_is_no_empty_account(
    techstart_account: Emulator, buckets: tuple[Preparation, Run], tmp_path: Path
) -> None:
    prepared, whole = buckets
    techstart_account.faults({"kind": "deny", "operation": "ListBuckets"})
    after = run(prepared, tmp_path / "run")
    on_buckets = {rule.policy.id for rule in prepared.rules if rule.rule.resource == BUCKET}
    for finding in after.assessment.findings:
        if finding.place.type == BUCKET:
            assert finding.status is FindingStatus.NOT_EVALUATED
            assert finding.reason.values["action"] == "s3:ListAllMyBuckets"
    assert {finding.policy for finding in after.assessment.findings if finding.place.type == BUCKET} == on_buckets
    reach = {rule.policy.id for rule in prepared.rules if needs_buckets(prepared, rule)}
    assert {place[0] for place in changed(whole, after)} <= reach
    related = {finding.policy for finding in after.assessment.findings if finding.reason.code == "unread_relation"}
    assert related, "no policy reaches a bucket from another type"
    assert improvements(whole, after) == []
    assert after.code is Exit.INCOMPLETE


def test_refusals_never_improve_a_verdict(
    techstart_account: Emulator,
    prepared: Preparation,
    whole: Run,
    whole_ledger: list[dict[str, str]],
    tmp_path: Path,
) -> None:
    made = sorted({(entry["service"], entry["operation"]) for entry in whole_ledger} - {("sts", "GetCallerIdentity")})
    some = random.Random(20261124).sample(made, 15)  # at once: the property holds for any set of refusals
    techstart_account.faults(*({"kind": "deny", "service": s, "operation": o} for s, o in some))
    after = run(prepared, tmp_path / "after")
    assert improvements(whole, after) == [], some
    differences = changed(whole, after)
    denied = {call["action"] for call in after.calls if call["error"] and (call["service"], call["operation"]) in some}
    named = {
        finding.reason.values.get("action")
        for finding in after.assessment.findings
        if finding.reason.values.get("cause") == "access_denied" and key(finding) in differences
    }
    assert named <= denied, some
    assert differences and after.code is Exit.INCOMPLETE


def test_an_impossible_join_is_not_a_missing_relation(
    techstart_account: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    # Keys are listed by id and joined by ARN, which only the refused call gives: a bucket's key seems not to be there.
    few = narrowed(prepared, lambda rule: rule.rule.resource == BUCKET and "KeysByArn" in reads(rule, BUCKET))
    before = run(few, tmp_path / "before")
    techstart_account.faults({"kind": "deny", "operation": "DescribeKey"})
    after = run(few, tmp_path / "after")
    assert changed(before, after)
    assert improvements(before, after) == []
    actions_named = {item.reason.values["action"] for item in after.assessment.findings if item.incomplete}
    assert actions_named == {"kms:DescribeKey"}


# ---- other causes


@pytest.fixture(scope="module")
def functions(_techstart_account: Emulator, prepared: Preparation) -> tuple[Preparation, Run]:
    """Only the policies on functions, and what they find without faults."""
    _techstart_account.reset(state=False)
    few = narrowed(prepared, lambda rule: rule.rule.resource == FUNCTION)
    return few, run(few, prepared.workspace.root / "functions")


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ({"kind": "throttle"}, "throttled"),
        ({"kind": "hang"}, "time_out"),
        ({"kind": "drop"}, "connection"),
        ({"kind": "region_off", "region": "eu-west-1"}, "region_off"),
    ],
)
def test_every_cause_is_reported_and_makes_the_run_incomplete(
    techstart_account: Emulator, functions: tuple[Preparation, Run], tmp_path: Path, fault: dict[str, str], cause: str
) -> None:
    few, before = functions
    techstart_account.faults({"operation": "ListFunctions", **fault})
    limits = Limits(connect=2, read=2, attempts=2, threads=8) if cause == "time_out" else LIMITS
    after = run(few, tmp_path / "after", limits)
    unread = [finding for finding in after.assessment.findings if finding.reason.code == "unread_listing"]
    regions = {"eu-west-1"} if "region" in fault else {"eu-west-1", "eu-west-3"}
    assert Counter((item.policy, item.place.region) for item in unread) == Counter(
        (rule.policy.id, region) for rule in few.rules if rule.rule.resource == FUNCTION for region in regions
    )
    assert {(item.status.value, item.reason.values["cause"]) for item in unread} == {("NOT_EVALUATED", cause)}
    assert improvements(before, after) == []
    assert after.code is (Exit.INCOMPLETE if after.assessment.examined else Exit.NOTHING_EXAMINED)


def test_temporary_throttling_changes_no_verdict(
    techstart_account: Emulator, functions: tuple[Preparation, Run], tmp_path: Path
) -> None:
    few, before = functions
    techstart_account.faults({"kind": "throttle", "operation": "ListFunctions", "times": 2})
    after = run(few, tmp_path / "after", Limits(connect=5, read=20, attempts=6, threads=8))
    assert changed(before, after) == set()
    assert sum(call["attempts"] - 1 for call in after.calls if call["operation"] == "ListFunctions") == 2


def test_credentials_that_expire_meanwhile_keep_the_verdicts_so_far(
    techstart_account: Emulator, prepared: Preparation, whole: Run, tmp_path: Path
) -> None:
    prepared = narrowed(prepared, lambda rule: rule.rule.resource in (FUNCTION, *OTHERS))
    whole = part_of(whole, prepared)
    techstart_account.faults({"kind": "expired", "region": "eu-west-1"})
    after = run(prepared, tmp_path / "run")
    differences = changed(whole, after)
    causes = {item.reason.values.get("cause") for item in after.assessment.findings if key(item) in differences}
    assert causes == {"credentials"}
    assert improvements(whole, after) == []
    assert after.code is Exit.INCOMPLETE


def test_without_valid_credentials_nothing_is_examined(
    techstart_account: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    registers = (
        "tag-ropa-link",
        "compliance-run-fresh",
        "waivers-in-order",
        "identity-contract-ended",
    )  # they read a register first
    of_aws = narrowed(
        prepared, lambda rule: rule.policy.id not in registers and not rule.rule.resource.startswith("GitHub::")
    )
    techstart_account.faults({"kind": "expired"})
    after = run(of_aws, tmp_path / "run")
    assert {(item.status.value, item.reason.values["cause"]) for item in after.assessment.findings} == {
        ("NOT_EVALUATED", "credentials")
    }
    assert {rule.policy.id for rule in of_aws.rules} == {item.policy for item in after.assessment.findings}
    assert after.code is Exit.NOTHING_EXAMINED


def test_registers_alone_do_not_count_as_examined(
    techstart_account: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    own = narrowed(prepared, lambda rule: rule.rule.resource == FUNCTION or rule.rule.resource.startswith("Register::"))
    techstart_account.faults({"kind": "expired"})
    after = run(own, tmp_path / "run")
    assert {item.place.type.partition("::")[0] for item in after.assessment.findings} >= {"AWS", "Register"}
    assert after.code is Exit.NOTHING_EXAMINED


def test_if_everything_is_refused_nothing_counts_as_examined(
    techstart_account: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    few = narrowed(prepared, lambda rule: rule.rule.resource not in ("AWS::Account", "AWS::Region"))
    techstart_account.faults({"kind": "deny", "service": "sts"}, {"kind": "deny"})
    after = run(few, tmp_path / "run")
    assert {item.status.value for item in after.assessment.findings} == {"NOT_EVALUATED"}
    assert after.code is Exit.NOTHING_EXAMINED


def test_an_audit_that_examined_nothing_leaves_the_name_of_its_period_free(
    techstart_account: Emulator, tmp_path: Path
) -> None:
    ready = prepare(with_few(write_workspace(tmp_path, techstart_account.endpoint), "lambda-runtime-supported"))
    home = tmp_path / "evidence"
    techstart_account.faults({"kind": "expired"})
    with pytest.raises(NothingExaminedError, match="nothing was examined") as caught:
        audit(ready, home, "2026-Q4", lambda *_, **__: None)
    assert (caught.value.exit_code, caught.value.hint) == (3, "to see what is missing: preuve doctor")
    assert not [path for path in home.rglob("*") if path.name.startswith("2026-Q4") or path.name == "chain.jsonl"]
    techstart_account.faults()
    assert audit(ready, home, "2026-Q4", lambda *_, **__: None).folder == home / "2026-Q4"


# ---- nothing there


def test_an_empty_account_is_not_applicable_only_if_every_list_was_read(
    emulator: Emulator, prepared: Preparation, tmp_path: Path
) -> None:
    elsewhere = replace(prepared.workspace, endpoint_url=emulator.endpoint)
    few = narrowed(replace(prepared, workspace=elsewhere), lambda rule: rule.rule.resource in (FUNCTION, BUCKET))
    empty = run(few, tmp_path / "empty")
    on_functions = {rule.policy.id for rule in few.rules if rule.rule.resource == FUNCTION}
    for finding in empty.assessment.findings:
        if finding.place.type in (FUNCTION, BUCKET):
            assert (finding.status.value, finding.reason.code) == ("NOT_APPLICABLE", "no_resource")
            assert finding.calls, "the calls that found nothing are the proof"
    for finding in empty.of(on_functions):
        if finding.place.type == FUNCTION:
            assert finding.reason.values["regions"] == "eu-west-1, eu-west-3"

    emulator.faults({"kind": "deny", "operation": "ListFunctions", "region": "eu-west-1"})
    after = run(few, tmp_path / "after")
    for finding in after.of(on_functions):
        if finding.place.type == FUNCTION:
            assert (finding.status.value, finding.place.region) == ("NOT_EVALUATED", "eu-west-1")
    assert {place[0] for place in changed(empty, after)} == on_functions
    assert after.code is Exit.INCOMPLETE
