"""One rule on one resource. What was not read, not set or not computable is never a pass, nor a failure by accident."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from content_copy import bundled, linted
from preuve.assess.index import Index
from preuve.assess.judge import Judge
from preuve.assess.view import ExpectedValues, View
from preuve.library.cel import compile_program
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.shapes import message_name
from preuve.model.content import Text
from preuve.model.results import FindingStatus, lacking
from preuve.model.snapshot import UNKEPT, Resource
from preuve.publish.words.locale import load_locale

from .factory import (
    ACCOUNT,
    DENIED,
    IRELAND,
    OTHER,
    PARIS,
    aws,
    checked,
    context,
    judged,
    listing,
    policy,
    resource,
    shapes,
    snapshot,
    text,
)

VOLUME, BUCKET, KEY = "AWS::EC2::Volume", "AWS::S3::Bucket", "AWS::KMS::Key"
PASS, FAIL, NOT_EVALUATED, NOT_APPLICABLE = (
    FindingStatus.PASS,
    FindingStatus.FAIL,
    FindingStatus.NOT_EVALUATED,
    FindingStatus.NOT_APPLICABLE,
)
KEY_ID = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k1"}}]}


def test_a_true_condition_passes_and_a_false_one_fails() -> None:
    rule = aws(VOLUME, "resource.Encrypted && resource.Size > 8")
    held = judged(rule, resource(VOLUME, "v", {"Encrypted": True, "Size": 9, "Iops": 3}))
    assert (held.status, held.reason.code, held.incomplete) == (PASS, "asserted", False)
    broken = judged(rule, resource(VOLUME, "v", {"Encrypted": False, "Size": 9, "Iops": 3}))
    assert (broken.status, broken.reason.code, broken.incomplete) == (FAIL, "failed", False)
    assert broken.observed == {"Encrypted": False, "Size": 9}  # only the members that the condition read
    assert held.observed == {"Encrypted": True, "Size": 9}  # of a pass too: a reader follows it


def test_a_pass_on_what_is_not_set_says_that_it_is_not_set() -> None:
    rule = aws(VOLUME, 'resource.?SnapshotId.orValue("") == ""')
    held = judged(rule, resource(VOLUME, "v", {"Size": 9}))
    assert (held.status, held.observed) == (PASS, {"SnapshotId": None})


@pytest.mark.parametrize("absent", [None, {"SnapshotId": "pass"}], ids=["asserted", "absent"])
@pytest.mark.parametrize(
    ("when", "read"),
    [
        (None, {}),
        ("resource.Size > 8", {"Size": 9}),
        ('resource.Size > 8 && resource.?KmsKeyId.orValue("") == ""', {"Size": 9, "KmsKeyId": None}),
    ],
)
def test_a_pass_on_what_is_not_set_shows_what_its_condition_read_beside_it(
    when: str | None, read: dict[str, Any], absent: dict[str, str] | None
) -> None:
    """A member is called not set only if the resource does not have it."""
    fields = {name: value for name, value in (("when", when), ("absent", absent)) if value}
    held = judged(aws(VOLUME, 'resource.?SnapshotId.orValue("") == ""', **fields), resource(VOLUME, "v", {"Size": 9}))
    assert (held.status, held.observed) == (PASS, {"SnapshotId": None, **read})


def test_a_verdict_cites_the_calls_of_all_pages_that_a_member_rests_on() -> None:
    found = replace(resource(VOLUME, "v", {"Encrypted": True}), calls={"": "a/1", "Encrypted": ["a/2", "a/3"]})
    assert judged(aws(VOLUME, "resource.Encrypted"), found).calls == ("a/1", "a/2", "a/3")


def test_the_members_of_the_region_that_a_condition_reads_are_observed() -> None:
    read = [{"accountId": "1", "resourceState": {"ec2": {"status": "ENABLED"}}}]
    region = resource("AWS::Region", PARIS, {"Inspector": read})
    rule = aws("AWS::EC2::Instance", 'region.Inspector.exists(a, a.resourceState.ec2.status == "ENABLED")')
    verdict = judged(rule, resource("AWS::EC2::Instance", "i", {"Size": 9}), region)
    assert verdict.status is PASS
    assert "ENABLED" in str(verdict.observed["region.Inspector"])


@pytest.mark.parametrize("condition", ["{}.size() == 0", "{}.size() > 0", "{}.all(x, false)"])
def test_an_entry_that_a_condition_only_counts_is_observed_by_its_name(condition: str) -> None:
    """A failure that proves that something is there says what: a resource behind a relation, or an entry of a list."""
    region = resource("AWS::EnabledRegion", IRELAND, {"RegionName": IRELAND, "RegionOptStatus": "ENABLED_BY_DEFAULT"})
    buckets = [
        resource(BUCKET, name, {"Name": name, "BucketRegion": IRELAND, "Tags": {"a": "b"}}) for name in ("one", "two")
    ]
    listings = [listing(BUCKET, PARIS), listing(BUCKET, IRELAND), listing(BUCKET, "global")]
    verdict = judged(aws("AWS::EnabledRegion", f"resource.{condition.format('Buckets')}"), region, *buckets, *listings)
    assert verdict.observed["Buckets"] == [{"Name": "one"}, {"Name": "two"}]
    entries = [{"PolicyName": "inline", "PolicyDocument": {}}, {"PolicyDocument": {}}]
    user = resource("AWS::IAM::User", "u", {"UserPolicyList": entries})
    verdict = judged(aws("AWS::IAM::User", f"resource.{condition.format('UserPolicyList')}"), user)
    assert verdict.observed["UserPolicyList"] == [{"PolicyName": "inline"}, {}]


def test_the_values_that_made_a_policy_not_applicable_are_observed() -> None:
    rule = aws(VOLUME, "resource.Encrypted", when="resource.Size > 8")
    outside = judged(rule, resource(VOLUME, "v", {"Encrypted": False, "Size": 3}))
    assert (outside.status, outside.observed) == (NOT_APPLICABLE, {"Size": 3})


def test_resources_that_are_alike_are_each_judged_in_their_own_account_and_region() -> None:
    other = replace(resource("AWS::Region", IRELAND, {"EbsDefault": True}), region=IRELAND)
    here = replace(resource("AWS::Region", PARIS, {"EbsDefault": False}), region=PARIS)
    rule = aws(VOLUME, 'region.EbsDefault && environment_of(resource.Tags, environment) == "prod"')
    places = [(ACCOUNT, IRELAND), (ACCOUNT, PARIS), (OTHER, IRELAND), (ACCOUNT, IRELAND)]
    volumes = [
        resource(VOLUME, f"v{number}", {"Tags": {}}, account=account, region=region)
        for number, (account, region) in enumerate(places)
    ]
    regions = [other, here, replace(other, account=OTHER)]
    (checked_rule,) = checked(policy(rule))
    around = context(environments={ACCOUNT: "prod", OTHER: "test"})
    judge = Judge(checked_rule, Index(snapshot(*volumes, *regions), bundled().types), shapes(), around)
    assert [judge.judge(volume).status for volume in volumes] == [PASS, FAIL, FAIL, PASS]


# ---- unread -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        "resource.Policy.Statement.size() == 0",
        "!has(resource.Policy)",
        "resource.?Policy.?Statement.orValue([]).size() == 0",
    ],
)
def test_an_unread_member_gives_not_evaluated_before_the_condition_treats_it_as_absent(condition: str) -> None:
    subject = resource(BUCKET, "b", unread={"Policy": DENIED})
    verdict = judged(aws(BUCKET, condition, absent={"Policy": "pass"}), subject)
    assert (verdict.status, verdict.incomplete) == (NOT_EVALUATED, True)
    assert verdict.reason.code == "unread_member"
    assert verdict.reason.values == {
        "member": "Policy",
        "cause": "access_denied",
        "code": "AccessDenied",
        "action": "ec2:DescribeVolumes",
    }


def test_members_that_were_read_decide_if_the_unread_ones_cannot_change_the_verdict() -> None:
    open_to_all = [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}]
    rule = aws(
        BUCKET,
        '!resource.PolicyStatus.IsPublic && !resource.Grants.exists(g, g.Grantee.?URI.orValue("").contains("AllUs"))',
        absent={"PolicyStatus": ("is", {"IsPublic": False})},
    )
    unread = {"PolicyStatus": DENIED}
    verdict = judged(rule, resource(BUCKET, "b", {"Grants": open_to_all}, unread=unread))
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (FAIL, "failed", False)
    assert judged(rule, resource(BUCKET, "b", {"Grants": []}, unread=unread)).status is NOT_EVALUATED


def test_an_unread_setting_of_the_account_matters_only_to_resources_that_need_it() -> None:
    rule = aws(BUCKET, "resource.?PublicAccessBlock.?BlockPublicAcls.orValue(false) || has(account.PublicAccessBlock)")
    account = resource("AWS::Account", ACCOUNT, {"Id": ACCOUNT}, unread={"PublicAccessBlock": DENIED})
    closed = resource(BUCKET, "b", {"PublicAccessBlock": {"BlockPublicAcls": True}})
    assert judged(rule, closed, account).status is PASS
    verdict = judged(rule, resource(BUCKET, "b", absent={"PublicAccessBlock"}), account)
    assert (verdict.status, verdict.reason.values["member"]) == (NOT_EVALUATED, "PublicAccessBlock")


def test_a_failing_absence_is_one_of_the_possible_values_of_an_unread_member() -> None:
    rule = aws(BUCKET, "!has(resource.Encryption.Rules) || true", absent={"Encryption": "fail"})
    assert judged(rule, resource(BUCKET, "b", unread={"Encryption": DENIED})).status is NOT_EVALUATED
    rule = aws(BUCKET, 'resource.Name == "x"', absent={"Name": "fail"})
    assert judged(rule, resource(BUCKET, "b", {"Name": ""})).reason.code == "absent_fail"  # a text without a letter


def test_known_elements_of_a_relation_decide_although_others_may_be_unread() -> None:
    """A key of one region that is bad stays so when another region is refused; that all are good is not known."""
    keys = listing(KEY, PARIS), listing(KEY, IRELAND, unread=DENIED)
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID})
    rule = aws(BUCKET, "resource.KeysById.all(k, k.Enabled)")
    both = {"meta": {"regions": [PARIS, IRELAND]}}
    bad, good = (resource(KEY, "k1", {"KeyId": "k1", "Enabled": enabled}) for enabled in (False, True))
    assert judged(rule, subject, bad, *keys, **both).status is FAIL
    assert judged(rule, subject, good, *keys, **both).status is NOT_EVALUATED
    assert judged(aws(BUCKET, "resource.KeysById.size() > 0"), subject, good, *keys, **both).status is PASS
    assert judged(aws(BUCKET, "resource.KeysById.size() == 1"), subject, good, *keys, **both).status is NOT_EVALUATED


def test_every_listing_that_a_relation_lacks_is_named() -> None:
    slow = replace(DENIED, action="kms:DescribeKey")
    keys = listing(KEY, PARIS, unread=DENIED), listing(KEY, IRELAND, unread=slow)
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID})
    verdict = judged(aws(BUCKET, "resource.KeysById.size() == 0"), subject, *keys, meta={"regions": [PARIS, IRELAND]})
    assert lacking(verdict.reason) == ("ec2:DescribeVolumes", "kms:DescribeKey")


def test_unread_listings_behind_an_unread_listing_are_named_too() -> None:
    keys = listing(KEY, unread=DENIED)
    aliases = listing("AWS::KMS::Alias", unread=replace(DENIED, action="kms:ListAliases"))
    rule = aws(BUCKET, "resource.KeysById.all(k, k.Aliases.size() > 0)")
    verdict = judged(rule, resource(BUCKET, "b", {"Encryption": KEY_ID}), keys, aliases)
    assert lacking(verdict.reason) == ("ec2:DescribeVolumes", "kms:ListAliases")


def test_every_permission_that_a_verdict_lacks_is_named() -> None:
    """Both for the `when` condition and for the one behind it, although one of them is enough to leave it open."""
    other = replace(DENIED, action="ec2:DescribeVolumeStatus")
    slow = replace(DENIED, cause="throttled", action="ec2:DescribeTags")
    subject = resource(VOLUME, "v", unread={"Encrypted": DENIED, "Size": other, "State": slow})
    rule = aws(VOLUME, "resource.Encrypted && resource.State == 'in-use'", when="resource.Size > 1")
    assert lacking(judged(rule, subject).reason) == ("ec2:DescribeVolumeStatus", "ec2:DescribeVolumes")


def test_a_member_that_the_condition_does_not_read_may_be_unread() -> None:
    subject = resource(VOLUME, "v", {"Encrypted": True}, unread={"Snapshots": DENIED})
    assert judged(aws(VOLUME, "resource.Encrypted"), subject).status is PASS


def test_an_unread_member_of_a_related_resource_counts() -> None:
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID})
    key = resource(KEY, "k1", {"KeyId": "k1"}, unread={"Rotation": DENIED})
    rule = aws(BUCKET, "resource.KeysById.all(k, k.?Rotation.?KeyRotationEnabled.orValue(false))")
    verdict = judged(rule, subject, key)
    assert (verdict.status, verdict.reason.code, verdict.reason.values["member"]) == (
        NOT_EVALUATED,
        "unread_member",
        "Rotation",
    )


def test_an_unread_listing_of_a_related_type_counts() -> None:
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID})
    rule = aws(BUCKET, "resource.KeysById.all(k, k.Enabled)")
    verdict = judged(rule, subject, listing(KEY, unread=DENIED))
    assert (verdict.status, verdict.incomplete) == (NOT_EVALUATED, True)
    assert verdict.reason.code == "unread_relation"
    assert (verdict.reason.values["member"], verdict.reason.values["type"]) == ("KeysById", KEY)


def test_a_related_type_that_was_never_listed_counts() -> None:
    verdict = judged(aws(BUCKET, "resource.KeysById.all(k, k.Enabled)"), resource(BUCKET, "b", {"Encryption": KEY_ID}))
    assert (verdict.status, verdict.reason.values["cause"]) == (NOT_EVALUATED, "not_collected")


def test_a_related_type_must_have_been_listed_in_every_region_of_the_relation() -> None:
    rule = aws(BUCKET, "resource.KeysById.size() == 0")
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID})
    both = {"meta": {"regions": [PARIS, IRELAND]}}
    assert judged(rule, subject, listing(KEY, PARIS), **both).status is NOT_EVALUATED
    assert judged(rule, subject, listing(KEY, PARIS), listing(KEY, IRELAND), **both).status is PASS


def test_the_member_that_a_relation_joins_on_must_have_been_read() -> None:
    subject = resource(BUCKET, "b", unread={"Encryption": DENIED})
    verdict = judged(aws(BUCKET, "resource.KeysById.size() == 0"), subject, listing(KEY))
    assert (verdict.status, verdict.reason.values["member"]) == (NOT_EVALUATED, "Encryption")


def test_a_member_that_the_snapshot_did_not_collect_is_unread() -> None:
    rule = aws(BUCKET, "resource.Grants.size() == 0")
    subject = resource(BUCKET, "b")
    asked = judged(rule, subject, meta={"members": {BUCKET: ["Grants"]}})
    assert asked.status is PASS
    other = judged(rule, subject, meta={"members": {BUCKET: ["Policy"]}})
    assert (other.status, other.incomplete, other.reason.values["cause"]) == (NOT_EVALUATED, True, "not_collected")


def test_a_condition_on_the_account_needs_the_account_to_be_read() -> None:
    rule = aws(VOLUME, "resource.Encrypted && account.Id != ''")
    subject = resource(VOLUME, "v", {"Encrypted": True})
    missing = judged(rule, subject)
    assert (missing.status, missing.reason.values["cause"]) == (NOT_EVALUATED, "not_collected")
    account = resource("AWS::Account", ACCOUNT, {"Id": ACCOUNT})
    assert judged(rule, subject, account).status is PASS


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('resource.State == "in-use"', NOT_EVALUATED),
        ('resource.State in ["available", "in-use"]', NOT_EVALUATED),
        ('resource.?State.orValue("") != "error"', NOT_EVALUATED),
        ('!(resource.State.lowerAscii() in ["error"])', NOT_EVALUATED),
        ('!(resource.State in {"error": 1})', NOT_EVALUATED),
        ('{"error": 0}[?resource.State].orValue(1) == 1', NOT_EVALUATED),
        ('!resource.State.startsWith("err")', NOT_EVALUATED),
        ('!resource.State.matches("^err")', NOT_EVALUATED),
        ('resource.?State.orValue("") != ""', PASS),
        ('"" == resource.State', FAIL),
        ('resource.State == "in-use" || resource.Encrypted', PASS),
        ('resource.State != "error" && resource.Size > 1', FAIL),
        ("resource.State.size() > 0", PASS),
        ('resource.State == "in-use" ? resource.Encrypted : resource.Size == 1', NOT_EVALUATED),
    ],
)
def test_a_value_that_is_newer_than_the_models_gives_not_evaluated_where_it_matters(
    condition: str, status: FindingStatus
) -> None:
    verdict = judged(aws(VOLUME, condition), resource(VOLUME, "v", {"State": "lent", "Encrypted": True, "Size": 1}))
    assert verdict.status is status
    if status is NOT_EVALUATED:
        assert (verdict.reason.values["cause"], verdict.reason.values["code"]) == ("unknown_value", "lent")


@pytest.mark.parametrize("state", ["in-use", "In-Use", "IN_USE"])
def test_another_spelling_of_a_known_value_is_that_value(state: str) -> None:
    assert judged(aws(VOLUME, 'resource.State == "in-use"'), resource(VOLUME, "v", {"State": state})).status is PASS


def test_each_value_of_a_list_is_known_or_unknown_by_itself() -> None:
    api = "AWS::ApiGateway::RestApi"
    rule = aws(api, 'resource.endpointConfiguration.types.exists(t, t == "PRIVATE")')
    for types, status in ((["PRIVATE", "LUNAR"], PASS), (["EDGE", "LUNAR"], NOT_EVALUATED), (["EDGE"], FAIL)):
        subject = resource(api, "a", {"endpointConfiguration": {"types": types}})
        assert judged(rule, subject).status is status


@pytest.mark.parametrize(
    ("tags", "environment", "status"),
    [
        ({}, "", FAIL),
        ({}, "prod", FAIL),
        ({}, "Test", NOT_APPLICABLE),
        ({"Environment": ""}, "test", NOT_APPLICABLE),
        ({"Environment": " Staging "}, "prod", NOT_APPLICABLE),
        ({"environment": "dev"}, "", NOT_APPLICABLE),
        ({"Environment": "prod", "environment": "dev"}, "", FAIL),
        ({"Environment": "prd-eu"}, "test", FAIL),
    ],
)
def test_without_a_tag_the_environment_is_that_of_the_account_or_production(
    tags: dict[str, str], environment: str, status: FindingStatus
) -> None:
    when = "!(environment_of(resource.Tags, environment) in params.other_environments)"
    rule = aws(VOLUME, "resource.Encrypted", when=when)
    subject = resource(VOLUME, "v", {"Encrypted": False, "Tags": tags})
    around = {"params": ("other_environments",), "environments": {ACCOUNT: environment}}
    assert judged(rule, subject, **around).status is status
    hidden = resource(VOLUME, "v", {"Encrypted": False}, unread={"Tags": DENIED})
    assert judged(rule, hidden, **around).status is NOT_EVALUATED


# ---- absent -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("fail", FAIL, "absent_fail"),
        ("pass", PASS, "absent_pass"),
        ("not_applicable", NOT_APPLICABLE, "absent_not_applicable"),
        (("is", {"Rules": []}), FAIL, "failed"),
        (("is", {"Rules": [{"BucketKeyEnabled": True}]}), PASS, "asserted"),
    ],
)
def test_the_policy_decides_what_an_absent_member_means(kind: Any, status: FindingStatus, code: str) -> None:
    rule = aws(BUCKET, "resource.Encryption.Rules.size() > 0", absent={"Encryption": kind})
    verdict = judged(rule, resource(BUCKET, "b", absent={"Encryption"}))
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (status, code, False)


def test_a_failure_by_absence_says_what_is_asked_in_the_words_of_the_policy() -> None:
    """ "OpenAlerts is not set" alone does not say that alerts are off."""
    asks = Text("alerts on", "les alertes activées")
    rule = aws(BUCKET, "resource.Encryption.Rules.size() > 0", absent={"Encryption": "fail"}, asks=asks)
    verdict = judged(rule, resource(BUCKET, "b", absent={"Encryption"}))
    assert json.loads(verdict.reason.values["asked"]) == [{"en": "alerts on", "fr": "les alertes activées"}]


def test_an_absence_that_fails_says_what_is_required() -> None:
    rule = aws(BUCKET, "resource.Encryption.Rules.size() > 0", absent={"Encryption": "fail"})
    said = load_locale("en").reason(judged(rule, resource(BUCKET, "b", absent={"Encryption"})).reason)
    assert said.startswith("Encryption is not set")
    assert "Encryption.Rules has more than 0 entries" in said


def test_a_verdict_names_the_permission_that_it_could_do_without() -> None:
    rule = aws(BUCKET, 'resource.Name == "x" && resource.Encryption.Rules.size() > 0', absent={"Encryption": "fail"})
    verdict = judged(rule, resource(BUCKET, "b", {"Name": "b"}, unread={"Encryption": DENIED}))
    assert verdict.status is FAIL
    assert lacking(verdict.reason) == (DENIED.action,)


def test_a_member_that_is_set_is_not_absent() -> None:
    rule = aws(BUCKET, "resource.Encryption.Rules.size() > 0", absent={"Encryption": "fail"})
    assert judged(rule, resource(BUCKET, "b", {"Encryption": {"Rules": [{}]}})).status is PASS


def test_an_absence_declared_for_one_type_does_not_apply_to_another() -> None:
    rule = aws(
        BUCKET, "resource.KeysById.all(k, k.Tags.size() > 0)", absent={"Tags": "fail", "KeysById": "not_applicable"}
    )
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID}, absent={"Tags"})
    key = resource(KEY, "k1", {"KeyId": "k1", "Tags": {"a": "b"}})
    assert judged(rule, subject, key).status is PASS


def test_lists_left_out_by_aws_are_empty_and_unset_lists_are_absent() -> None:
    assert judged(aws(BUCKET, "resource.Grants.size() == 0"), resource(BUCKET, "b")).status is PASS
    verdict = judged(
        aws(BUCKET, "resource.Lifecycle.size() == 0", absent={"Lifecycle": "fail"}),
        resource(BUCKET, "b", absent={"Lifecycle"}),
    )
    assert (verdict.status, verdict.reason.code) == (FAIL, "absent_fail")


def test_lists_inside_a_structure_that_was_read_are_empty_and_scalars_are_missing() -> None:
    subject = resource(BUCKET, "b", {"Encryption": {}})
    rule = aws(BUCKET, "resource.Encryption.Rules.size() == 0", absent={"Encryption": "fail"})
    assert judged(rule, subject).status is PASS
    versioning = resource(BUCKET, "b", {"Versioning": {}})
    assert judged(aws(BUCKET, 'resource.Versioning.?Status.orValue("") == ""'), versioning).status is PASS
    assert judged(aws(BUCKET, 'resource.Versioning.Status == "Enabled"'), versioning).status is NOT_EVALUATED


# ---- errors, `when`, breaches ---------------------------------------------------------------------------------------


def test_an_error_of_evaluation_gives_no_verdict() -> None:
    verdict = judged(aws(VOLUME, "resource.Encrypted"), resource(VOLUME, "v", {"Size": 1}))
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (NOT_EVALUATED, "evaluation_error", True)
    assert verdict.reason.values == {"error": "missing", "member": "Encrypted"}


def test_a_policy_does_not_apply_outside_its_when_condition_even_with_unread_members() -> None:
    rule = aws(
        BUCKET, "resource.Encryption.Rules.size() > 0", when='resource.Name == "x"', absent={"Encryption": "fail"}
    )
    subject = resource(BUCKET, "b", {"Name": "b"}, unread={"Encryption": DENIED})
    verdict = judged(rule, subject)
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (NOT_APPLICABLE, "outside_condition", False)
    inside = resource(BUCKET, "x", {"Name": "x"}, unread={"Encryption": DENIED})
    assert judged(rule, inside).status is NOT_EVALUATED


def test_an_unread_member_in_the_when_condition_gives_not_evaluated() -> None:
    rule = aws(
        BUCKET,
        "resource.Encryption.Rules.size() > 0",
        when='"a" in resource.Tags',
        absent={"Encryption": "fail", "Tags": "not_applicable"},
    )
    verdict = judged(rule, resource(BUCKET, "b", {"Encryption": {"Rules": [{}]}}, unread={"Tags": DENIED}))
    assert (verdict.status, verdict.reason.values["member"]) == (NOT_EVALUATED, "Tags")


@pytest.mark.parametrize(("kind", "status"), [("fail", FAIL), ("not_applicable", NOT_APPLICABLE)])
def test_an_absent_member_in_the_when_condition_follows_the_policy(kind: str, status: FindingStatus) -> None:
    rule = aws(
        BUCKET,
        "resource.Encryption.Rules.size() > 0",
        when='"a" in resource.Tags',
        absent={"Tags": kind, "Encryption": "fail"},
    )
    verdict = judged(rule, resource(BUCKET, "b", {"Encryption": {"Rules": []}}, absent={"Tags"}))
    assert (verdict.status, verdict.reason.code) == (status, f"absent_{kind}")


def test_a_when_condition_that_fails_to_evaluate_gives_not_evaluated() -> None:
    rule = aws(VOLUME, "resource.Encrypted", when="resource.Size > 8")
    assert judged(rule, resource(VOLUME, "v", {"Encrypted": True})).status is NOT_EVALUATED


def test_a_reason_contains_the_policys_own_words_in_both_languages() -> None:
    rule = aws(VOLUME, "resource.Encrypted", asks=Text(en="a key on the disk", fr="une clé sur le disque"))
    reason = judged(rule, resource(VOLUME, "v", {"Encrypted": False})).reason
    assert "Encrypted is false" in load_locale("en").reason(reason)
    assert "a key on the disk" in load_locale("en").reason(reason)
    assert "une clé sur le disque" in load_locale("fr").reason(reason)


def test_the_policys_own_words_contain_the_values_of_parameters() -> None:
    asks = Text(en="at most ${params.rpo_hours} hours", fr="${params.rpo_hours} heures au plus")
    volume = resource(VOLUME, "v", {"Size": 5000})
    reason = judged(aws(VOLUME, "resource.Size < params.rpo_hours", asks=asks), volume, params=("rpo_hours",)).reason
    assert "at most 24 hours" in load_locale("en").reason(reason)
    assert "24 heures au plus" in load_locale("fr").reason(reason)


def test_a_list_in_a_policys_own_words_is_written_with_commas() -> None:
    asks = Text(en="one of ${params.allowed_regions}", fr="l'une des régions ${params.allowed_regions}")
    rule = aws(VOLUME, "resource.AvailabilityZone in params.allowed_regions", asks=asks)
    reason = judged(rule, resource(VOLUME, "v", {"AvailabilityZone": "us-east-1a"}), params=("allowed_regions",)).reason
    assert "one of eu-west-3, eu-west-1" in load_locale("en").reason(reason)
    assert "[" not in load_locale("fr").reason(reason)


def test_a_policy_that_can_only_prove_a_breach_never_passes() -> None:
    rule = aws(VOLUME, "resource.Encrypted", breach_only=text())
    verdict = judged(rule, resource(VOLUME, "v", {"Encrypted": True}))
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (NOT_EVALUATED, "breach_only", False)
    assert judged(rule, resource(VOLUME, "v", {"Encrypted": False})).status is FAIL


# ---- reference data and look-back windows ---------------------------------------------------------------------------


def test_an_expired_reference_table_judges_nothing() -> None:
    rule = aws(VOLUME, "resource.Encrypted && reference.regions.regions.size() > 0")
    subject = resource(VOLUME, "v", {"Encrypted": False})
    assert judged(rule, subject, expires={"regions": "2026-11-24"}).status is FAIL
    verdict = judged(rule, subject, expires={"regions": "2026-11-23"})
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (NOT_EVALUATED, "reference_expired", True)


def test_a_listing_with_a_window_shorter_than_the_policys_gives_not_evaluated() -> None:
    volume = "AWS::EC2::Volume"
    rule = aws(volume, "resource.Size > params.rpo_hours", within="backup_job_window_days")
    subject = resource(volume, "v", {"Size": 1})
    enough = judged(rule, subject, params=("rpo_hours",), windows={volume: 7})
    assert enough.status is FAIL
    verdict = judged(rule, subject, params=("rpo_hours",), windows={volume: 6})
    assert (verdict.status, verdict.reason.code, verdict.incomplete) == (NOT_EVALUATED, "window_too_short", True)


# ---- what a verdict rests on ----------------------------------------------------------------------------------------


def test_a_verdict_names_the_calls_that_support_it() -> None:
    subject = resource(BUCKET, "b", {"Encryption": KEY_ID}, calls={"": "1", "Encryption": "2", "Policy": "3"})
    key = resource(KEY, "k1", {"KeyId": "k1", "Enabled": True}, calls={"": "4", "Rotation": "5"})
    verdict = judged(aws(BUCKET, "resource.KeysById.all(k, k.Enabled)"), subject, key)
    assert (verdict.status, verdict.calls) == (PASS, ("1", "2", "4"))


def test_long_observed_values_are_cut_and_refer_to_the_snapshot() -> None:
    tags = {f"key-{number}": "x" * 100 for number in range(60)}
    subject = resource(VOLUME, "v", {"Encrypted": False, "Tags": tags})
    observed = judged(aws(VOLUME, "resource.Encrypted && resource.Tags.size() > 0"), subject).observed
    assert observed["Encrypted"] is False
    assert str(observed["Tags"]).endswith("bytes, in the snapshot")


def test_a_text_that_was_not_kept_gives_not_evaluated_if_it_matters() -> None:
    rule = aws(VOLUME, 'resource.State == "in-use" || resource.Encrypted')
    for encrypted, status in ((True, PASS), (False, NOT_EVALUATED)):
        subject = resource(VOLUME, "v", {"State": UNKEPT, "Encrypted": encrypted})
        assert judged(rule, subject).status is status


def test_a_condition_that_no_resource_asks_for_is_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account has no resource of most types; of those that `when` leaves out, nothing else is asked."""
    compiled: list[str] = []
    monkeypatch.setattr(
        "preuve.assess.judge.compile_program",
        lambda condition: compiled.append(condition) or compile_program(condition),
    )
    (rule,) = checked(policy(aws(VOLUME, "resource.Encrypted", when="resource.Size > 8")))
    judge = Judge(rule, Index(snapshot(), bundled().types), shapes(), context())
    assert compiled == []
    for number in range(3):
        assert judge.judge(resource(VOLUME, f"v{number}", {"Encrypted": True, "Size": 1})).status is NOT_APPLICABLE
    assert compiled == ["resource.Size > 8"]
    assert judge.judge(resource(VOLUME, "v", {"Encrypted": True, "Size": 9})).status is PASS
    assert compiled == ["resource.Size > 8", "resource.Encrypted"]


def test_of_surroundings_only_the_last_stay_and_an_account_is_projected_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each account may see those of all others: hundreds of such views must not be held, nor made twice."""
    ids = [f"{number:012}" for number in range(1, 9)]
    accounts = [resource("AWS::Account", name, {"Id": name}, account=name) for name in ids]
    volumes = [resource("AWS::EC2::Volume", f"vol-{name}", account=name) for name in ids]
    index = Index(snapshot(*accounts, *volumes), bundled().types)
    seen: list[str] = []
    project = View.project

    def counted(view: View, item: Resource, *path: Any) -> dict[str, Any]:
        seen.append(item.id)
        return project(view, item, *path)

    monkeypatch.setattr(View, "project", counted)
    (own,) = checked(policy(aws("AWS::Account", "resource.Id == account.Id")))
    judge = Judge(own, index, shapes(), context())
    assert {judge.judge(item).status for item in accounts} == {PASS}
    assert seen == ids
    (other,) = checked(policy(aws("AWS::EC2::Volume", 'account.Id != ""')))
    judge = Judge(other, index, shapes(), context())
    assert {judge.judge(item).status for item in volumes} == {PASS}
    assert len(judge._assert.around) == 1


def test_no_account_or_region_is_projected_with_more_resources_the_more_accounts_there_are() -> None:
    """What each of hundreds of accounts sees of all others takes time and memory with the square of their number."""
    rules = [rule for rule in linted().rules if rule.rule.resource in ("AWS::Account", "AWS::Region")]
    names = {message_name(name): name for name in bundled().types}
    assert rules
    for rule in rules:
        types = {names[name] for name in rule.reads if name in names} | {rule.rule.resource}
        assert len({_projected(rule, types, number) for number in (2, 9)}) == 1, rule.policy.id


def _projected(rule: CheckedRule, types: Iterable[str], number: int) -> int:
    """Return how many resources one account or region is projected with, each account having one of each type."""
    ids = [f"{item:012}" for item in range(1, number + 1)]
    held = [resource(name, f"{name}-{own}", {"type": "ACCOUNT"}, account=own) for own in ids for name in types]
    seen: list[Resource] = []

    class Counted(View):
        def project(self, item: Resource, path: frozenset[tuple[str, str]] = frozenset()) -> dict[str, Any]:
            seen.append(item)
            return super().project(item, path)

    index = Index(snapshot(*held, meta={"accounts": ids}), bundled().types)
    (subject,) = index.of_type(rule.rule.resource, (ids[0], ""))
    Counted(index, shapes(), rule.reads, ExpectedValues(datetime.now(UTC))).project(subject)
    return len(seen)
