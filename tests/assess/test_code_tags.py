"""A policy on tagged resources does not judge code without the tags, and does not guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preuve.assess.code.findings import code_findings
from preuve.assess.code.tags import any_set, undeclared
from preuve.collect.code.language.values.value import Unknown
from preuve.collect.code.verdict.marks import OPEN, marked
from preuve.collect.code.verdict.tags import NOT_IN_CODE, tags_of
from preuve.library.cel.functions import environment_of
from preuve.library.load import load_library
from preuve.model.content import Policy
from preuve.model.results import FindingStatus
from preuve.model.snapshot import OPEN_BY, OUTSIDE, IacRecord, IacScan, Meta, Snapshot

RECORD = IacRecord(
    "infra", "aws_db_instance.a", "aws_db_instance", "infra/a.tf", 1, 3, "CKV2_PREUVE_RDS_MULTI_AZ", "FAILED"
)
SCAN = IacScan("infra", "terraform", 1, 1)
PARAMS = {"other_environments": ["dev", "test", "preprod"]}
LEVELS = {
    "classification_levels": ["public", "confidential", "secret"],
    "sensitive_classes": ["confidential", "secret"],
}


@pytest.fixture(scope="module")
def multi_az() -> Policy:
    return load_library(validate=False).policies["rds-multi-az"]  # production only


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"Environment": "Prod"}, FindingStatus.FAIL),
        ({"Environment": "test"}, FindingStatus.NOT_APPLICABLE),
        ({}, FindingStatus.FAIL),  # without a tag, it is production
        ({"Environment": ""}, FindingStatus.FAIL),
        ({"Environment": "prd-eu"}, FindingStatus.FAIL),
        ({"Environment": None}, FindingStatus.NOT_EVALUATED),
        ({"Environment": "…prod"}, FindingStatus.NOT_EVALUATED),
        ({"Environment": "… test"}, FindingStatus.NOT_EVALUATED),  # the gap may be nothing
        ({"Environment": "test "}, FindingStatus.NOT_APPLICABLE),
        ({"Environment": "pro…"}, FindingStatus.FAIL),
        ({"Environment": "prod", "…": None}, FindingStatus.FAIL),  # it may have others
        ({"Owner": "shop", "…": None}, FindingStatus.NOT_EVALUATED),
        ({OUTSIDE: None}, FindingStatus.FAIL),  # what is not in the code spares nothing
        ({OUTSIDE: None, "Environment": "test"}, FindingStatus.NOT_APPLICABLE),
        (None, FindingStatus.NOT_EVALUATED),
    ],
)
def test_tags_decide_whether_code_is_concerned(
    multi_az: Policy, tags: Mapping[str, str | None] | None, status: FindingStatus
) -> None:
    snapshot = Snapshot(Meta(), records=(replace(RECORD, tags=tags),), scans=(SCAN,))
    assert [finding.status for finding in code_findings([multi_az], snapshot, PARAMS, {})] == [status]


@pytest.mark.parametrize(
    ("tags", "result", "status"),
    [
        ({}, "FAILED", FindingStatus.NOT_APPLICABLE),
        ({OUTSIDE: None}, "FAILED", FindingStatus.NOT_EVALUATED),
        ({OUTSIDE: None}, "PASSED", FindingStatus.PASS),  # under no tags can it fail
        ({OUTSIDE: None, "DataClassification": "secret"}, "FAILED", FindingStatus.FAIL),
        ({OUTSIDE: None, "DataClassification": "public"}, "FAILED", FindingStatus.NOT_APPLICABLE),
        ({OUTSIDE: None, "Owner": "web"}, "FAILED", FindingStatus.NOT_EVALUATED),
    ],
)
def test_tags_that_are_not_in_the_code_may_make_it_sensitive(
    tags: Mapping[str, str | None], result: str, status: FindingStatus
) -> None:
    policy = load_library(validate=False).policies["dynamodb-cmk-sensitive"]
    assert policy.iac is not None
    record = replace(RECORD, check=policy.iac.checkov[0], result=result, tags=tags)
    snapshot = Snapshot(Meta(), records=(record,), scans=(SCAN,))
    params = LEVELS
    (found,) = code_findings([policy], snapshot, params, {})
    assert found.status is status
    if status is FindingStatus.NOT_EVALUATED:  # and nothing else of its tags is open
        assert found.reason.values["detail"] == "unresolved: provider.default_tags"


@pytest.mark.parametrize(
    ("policy", "tag", "declared"),
    [
        ("dynamodb-cmk-sensitive", "DataClassification", LEVELS["classification_levels"]),
        ("dynamodb-ttl-personal", "PersonalData", ["yes", "oui", "true", "no", "non", "false"]),
    ],
)
@given(said=st.one_of(st.text("abcdeosyinu -", max_size=6), st.sampled_from(["C3", "aucune", "restricted", "n/a"])))
def test_a_value_that_nobody_declared_decides_nothing(policy: str, tag: str, declared: list[str], said: str) -> None:
    about = load_library(validate=False).policies[policy]
    assert about.iac is not None
    record = replace(RECORD, check=about.iac.checkov[0], result="FAILED", tags={tag: said})
    snapshot = Snapshot(Meta(), records=(record,), scans=(SCAN,))
    (found,) = code_findings([about], snapshot, LEVELS | {"personal_data_tag": "PersonalData"}, {})
    known = said.strip().lower() in declared
    assert (found.status is FindingStatus.NOT_EVALUATED) is not known
    if not known:
        assert found.reason.values["detail"] == f"the meaning of a value is not declared: {tag} = {said}"


@pytest.mark.parametrize("tags", [None, {"DataClassification": None}, {OUTSIDE: None, "DataClassification": None}])
def test_tags_that_the_code_does_not_tell_are_not_said_to_come_from_outside(
    tags: Mapping[str, str | None] | None,
) -> None:
    policy = load_library(validate=False).policies["dynamodb-cmk-sensitive"]
    assert policy.iac is not None
    record = replace(RECORD, check=policy.iac.checkov[0], result="FAILED", tags=tags)
    snapshot = Snapshot(Meta(), records=(record,), scans=(SCAN,))
    (found,) = code_findings([policy], snapshot, LEVELS, {})
    assert (found.status, found.reason.values["detail"]) == (FindingStatus.NOT_EVALUATED, "unresolved: tags")


# What else the code says of the tags of a block whose other tags come from inputs.
BESIDE = [{}, {"Owner": "shop"}, {"Environment": ""}, {"Environment": None}, {"Environment": "…"}]


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("inputs", ["var.t", "var.t; module.m.u"])
def test_blocks_whose_tags_come_from_the_same_inputs_are_one_finding_that_names_them(
    multi_az: Policy, inputs: str, beside: dict[str, str | None]
) -> None:
    """Unless what the code says of the tag leaves the policy open, too."""
    tags = {**beside, "…": None, OPEN_BY: inputs}
    records = [replace(RECORD, tags=tags), replace(RECORD, tags=tags, address="aws_lb.other", line=9)]
    found = [*code_findings([multi_az], Snapshot(Meta(), records=tuple(records), scans=(SCAN,)), PARAMS, {})]
    alone = not any(value is None or value == "…" for value in beside.values())
    told = "; ".join(f"unresolved: {one} (tags)" for one in inputs.split("; "))
    assert {item.reason.values["detail"] for item in found} == {told if alone else "unresolved: tags"}
    assert [len(item.places) for item in found] == ([2] if alone else [1, 1])


@pytest.mark.parametrize(
    ("tags", "inputs"),
    [
        (Unknown(("var.t",)), "var.t"),
        (Unknown(("var.t", "module.m.u")), "var.t; module.m.u"),
        ({"Owner": "shop", OPEN: marked(Unknown(("var.t",)))}, "var.t"),
        ({OPEN: marked(Unknown(("var.t",)))}, "var.t"),
        ({OPEN: NOT_IN_CODE}, None),
        ({"Owner": marked(Unknown(("var.t",)))}, None),
    ],
)
def test_tags_that_are_not_known_are_told_with_their_inputs(tags: Any, inputs: str | None) -> None:
    found = tags_of({"tags": [marked(tags) if isinstance(tags, Unknown) else tags]}) or {}
    assert found.get(OPEN_BY) == inputs
    assert ("…" in found) == (inputs is not None)


@pytest.mark.parametrize("values", [*product((None, "", "test", "prod"), repeat=3)])
def test_code_finds_the_environment_under_the_names_that_the_account_looks_for(
    multi_az: Policy, values: tuple[str | None, ...]
) -> None:
    """`None` is a tag that is not there."""
    names = ("Environment", "ENVIRONMENT", "environment")
    tags = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    spared = environment_of(tags, "") == "test"
    snapshot = Snapshot(Meta(), records=(replace(RECORD, tags=tags),), scans=(SCAN,))
    (found,) = code_findings([multi_az], snapshot, PARAMS, {})
    assert found.status is (FindingStatus.NOT_APPLICABLE if spared else FindingStatus.FAIL)
    open_ = Snapshot(Meta(), records=(replace(RECORD, tags={**tags, "…": None}),), scans=(SCAN,))
    (found,) = code_findings([multi_az], open_, PARAMS, {})
    said = tags.get("Environment", "")
    expected = {"": FindingStatus.NOT_EVALUATED, "test": FindingStatus.NOT_APPLICABLE, "prod": FindingStatus.FAIL}[said]
    assert found.status is expected


@pytest.mark.parametrize(
    ("result", "status"),
    [("PASSED", FindingStatus.PASS), ("UNKNOWN", FindingStatus.NOT_EVALUATED)],
)
def test_what_is_set_right_passes_under_whatever_tags(multi_az: Policy, result: str, status: FindingStatus) -> None:
    """A block that may have to suffice for others of its root must be known to be concerned."""
    snapshot = Snapshot(Meta(), records=(replace(RECORD, tags=None, result=result),), scans=(SCAN,))
    assert [finding.status for finding in code_findings([multi_az], snapshot, PARAMS, {})] == [status]
    assert multi_az.iac is not None
    one = replace(multi_az, iac=replace(multi_az.iac, one_suffices=True))
    assert [finding.status for finding in code_findings([one], snapshot, PARAMS, {})] == [FindingStatus.NOT_EVALUATED]


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ([("FAILED", "dev"), ("UNKNOWN", "prod")], FindingStatus.NOT_EVALUATED),
        ([("FAILED", "dev"), ("UNKNOWN", "test")], FindingStatus.NOT_APPLICABLE),
        ([("FAILED", "prod"), ("UNKNOWN", "dev")], FindingStatus.FAIL),
        ([("FAILED", "prod"), ("UNKNOWN", None)], FindingStatus.FAIL),
        ([("UNKNOWN", "prod"), ("FAILED", None)], FindingStatus.NOT_EVALUATED),
        ([("PASSED", "prod"), ("UNKNOWN", "dev")], FindingStatus.PASS),
        ([("PASSED", "dev"), ("UNKNOWN", "prod")], FindingStatus.NOT_EVALUATED),
        ([("FAILED", "dev"), ("FAILED", "prod")], FindingStatus.FAIL),  # two runs
        ([("FAILED", "dev"), ("PASSED", "prod")], FindingStatus.PASS),
    ],
)
def test_each_value_of_a_tag_is_asked_for_itself(
    multi_az: Policy, results: list[tuple[str, str | None]], status: FindingStatus
) -> None:
    records = tuple(replace(RECORD, result=result, tags={"Environment": stage}) for result, stage in results)
    snapshot = Snapshot(Meta(), records=records, scans=(SCAN,))
    assert [finding.status for finding in code_findings([multi_az], snapshot, PARAMS, {})] == [status]


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"Personal": "yes"}, FindingStatus.FAIL),
        ({"Personal": "Oui"}, FindingStatus.FAIL),
        ({"Personal": "NON"}, FindingStatus.NOT_APPLICABLE),
        ({"Personal": " no"}, FindingStatus.NOT_APPLICABLE),
        ({"Personal": "yes "}, FindingStatus.FAIL),
        ({"Personal": ""}, FindingStatus.NOT_EVALUATED),
        ({"Personal": "customers"}, FindingStatus.NOT_EVALUATED),
        ({}, FindingStatus.NOT_APPLICABLE),
        ({"PersonalData": "yes"}, FindingStatus.NOT_APPLICABLE),  # the company has another tag
        ({"Personal": "n…"}, FindingStatus.NOT_EVALUATED),
        ({"Personal": "y…"}, FindingStatus.NOT_EVALUATED),
        ({"Personal": None}, FindingStatus.NOT_EVALUATED),
        (None, FindingStatus.NOT_EVALUATED),
    ],
)
def test_a_clear_yes_or_no_says_whether_data_is_personal(
    tags: Mapping[str, str | None] | None, status: FindingStatus
) -> None:
    personal = load_library(validate=False).policies["dynamodb-ttl-personal"]
    record = replace(RECORD, type="aws_dynamodb_table", check="CKV2_PREUVE_DYNAMODB_TTL", tags=tags)
    snapshot = Snapshot(Meta(), records=(record,), scans=(SCAN,))
    assert [item.status for item in code_findings([personal], snapshot, {"personal_data_tag": "Personal"}, {})] == [
        status
    ]


def test_an_exception_by_tag_also_applies_to_code(multi_az: Policy) -> None:
    secrets = load_library(validate=False).policies["secrets-rotated"]
    record = replace(RECORD, check="CKV2_PREUVE_SECRET_ROTATED", tags={"External": "yes"})
    [finding] = code_findings([secrets], Snapshot(Meta(), records=(record,), scans=(SCAN,)), {}, {})
    assert finding.status is FindingStatus.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("said", "meant"),
    [("yes", True), ("oui", True), ("", True), ("y…", True), ("no", False), ("NO ", False), ("n…", None), (None, None)],
)
def test_values_that_are_excluded_alone_admit_any_other(said: str | None, meant: bool | None) -> None:
    """As bundled content never does, but a company's may: its failures on `yes` stay."""
    assert any_set([{"Personal": ("!no", "!non")}], {"Personal": said}) is meant
    beside = any_set([{"Personal": ("!no", "!non", "si")}], {"Personal": said})
    assert beside is (False if meant is False else None)
    assert list(undeclared([{"Personal": ("!no", "!non")}], {"Personal": said})) == []
