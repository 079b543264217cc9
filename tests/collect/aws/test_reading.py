"""The vocabulary of the collectors, over HTTP."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from collect.aws.kit import IRELAND, LIMITS, PARIS, REDACTOR, counted, library, read, waiver
from emulator import ACCOUNT, Emulator
from preuve.collect.aws import calls
from preuve.snapshot.reader import read_snapshot

BUCKET, USER, REPORT = "AWS::S3::Bucket", "AWS::IAM::User", "AWS::IAM::CredentialReportEntry"
FUNCTION, KEY, TRAIL, REGION = "AWS::Lambda::Function", "AWS::KMS::Key", "AWS::CloudTrail::Trail", "AWS::Region"
CLOUDFRONT_ACL = "AWS::WAFv2::CloudFrontWebACL"
OTHERS = "222222222222"
POLICY = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            }
        ]
    }
)


# ---- lists -----------------------------------------------------------------------------------------------------------


def pages(token: str, member: str, items: list[Any], parameter: str = "") -> list[dict[str, Any]]:
    """Saved answers: a page per item, each but the last with a token that leads to the next."""
    cases = []
    for number, item in enumerate(items):
        more = {token: f"page-{number + 1}"} if number + 1 < len(items) else {}
        when = {parameter or token: f"page-{number}"} if number else {}
        cases.append({"when": when, "body": {member: [item], **more}})
    return list(reversed(cases))  # the first page fits every call, so it comes last


def test_all_pages_are_read_and_each_is_recorded(emulator: Emulator, tmp_path: Path) -> None:
    names = [f"fonction-{number}" for number in range(4)]
    functions = [{"FunctionName": name, "Environment": {"Variables": {}}} for name in names]
    emulator.respond("lambda", "ListFunctions", cases=pages("NextMarker", "Functions", functions, "Marker"))
    reading = read(emulator, tmp_path, {FUNCTION: ["FunctionName"]})
    assert [line["id"] for line in reading.resources(FUNCTION)] == names
    (listing,) = reading.listings(FUNCTION)
    assert (listing["count"], listing["pagination"]) == (4, "exhausted")
    assert counted(reading.calls)["lambda", "ListFunctions", PARIS] == 4


def test_what_a_later_page_holds_cites_the_call_of_that_page(emulator: Emulator, tmp_path: Path) -> None:
    names = [f"fonction-{number}" for number in range(3)]
    functions = [{"FunctionName": name, "Environment": {"Variables": {}}} for name in names]
    emulator.respond("lambda", "ListFunctions", cases=pages("NextMarker", "Functions", functions, "Marker"))
    reading = read(emulator, tmp_path, {FUNCTION: ["FunctionName"]})
    made = [line["id"] for line in reading.calls if line["operation"] == "ListFunctions"]
    assert len(made) == 3
    assert [line["calls"][""] for line in reading.resources(FUNCTION)] == made
    (listing,) = reading.listings(FUNCTION)
    assert listing["calls"] == made


def test_a_member_of_several_pages_cites_all_of_their_calls(emulator: Emulator, tmp_path: Path) -> None:
    plan = {"BackupPlanId": "plan", "BackupPlanName": "nuit", "BackupPlanArn": "arn:aws:backup:::plan"}
    emulator.respond("backup", "ListBackupPlans", {"BackupPlansList": [plan]})
    selections = [{"SelectionId": name, "SelectionName": name} for name in ("une", "deux")]
    cases = pages("NextToken", "BackupSelectionsList", selections)
    emulator.respond("backup", "ListBackupSelections", cases=cases)
    found = read(emulator, tmp_path, {"AWS::Backup::BackupPlan": ["Selections"]})
    plan_line = found.only("AWS::Backup::BackupPlan")
    assert [item["SelectionName"] for item in plan_line["data"]["Selections"]] == ["une", "deux"]
    made = [line["id"] for line in found.calls if line["operation"] == "ListBackupSelections"]
    assert plan_line["calls"]["Selections"] == made
    assert len(made) == 2


def test_resources_without_a_name_stay_separate(emulator: Emulator, tmp_path: Path) -> None:
    arns = [f"arn:aws:lambda:eu-west-3:{ACCOUNT}:function:{name}" for name in ("un", "deux")]
    functions = [*({"FunctionArn": arn, "Runtime": "python3.12"} for arn in arns), {"Runtime": "python3.9"}]
    emulator.respond("lambda", "ListFunctions", {"Functions": functions})
    read(emulator, tmp_path, {FUNCTION: ["Runtime"]})
    (tmp_path / "snapshot/meta.json").write_text("{}", encoding="utf-8")
    resources = read_snapshot(tmp_path / "snapshot").resources
    assert [resource.id for resource in resources] == ["#3", arns[1], arns[0]]


def test_an_operation_without_paginator_is_read_by_its_token(emulator: Emulator, tmp_path: Path) -> None:
    acls = [{"Id": f"acl-{number}", "Name": "n", "ARN": f"arn:aws:wafv2:::{number}"} for number in range(3)]
    emulator.respond("wafv2", "ListWebACLs", cases=pages("NextMarker", "WebACLs", acls))
    reading = read(emulator, tmp_path, {"AWS::WAFv2::WebACL": ["Name"]})
    assert [line["id"] for line in reading.resources("AWS::WAFv2::WebACL")] == ["acl-0", "acl-1", "acl-2"]


def test_a_repeated_token_makes_the_list_incomplete(emulator: Emulator, tmp_path: Path) -> None:
    acl = {"Id": "acl", "Name": "n", "ARN": "arn:aws:wafv2:::acl"}
    emulator.respond("wafv2", "ListWebACLs", {"WebACLs": [acl], "NextMarker": "again"})
    (listing,) = read(emulator, tmp_path, {"AWS::WAFv2::WebACL": ["Name"]}).listings("AWS::WAFv2::WebACL")
    assert listing["unread"]["code"] == "PaginationError"
    assert listing["pagination"] == "failed"


def test_a_refused_page_makes_the_whole_list_unread(emulator: Emulator, tmp_path: Path) -> None:
    functions = [{"FunctionName": "a"}, {"FunctionName": "b"}]
    emulator.respond("lambda", "ListFunctions", cases=pages("NextMarker", "Functions", functions, "Marker"))
    emulator.faults({"kind": "deny", "operation": "ListFunctions", "resource": "page-1"})
    reading = read(emulator, tmp_path, {FUNCTION: ["FunctionName"]})
    assert reading.causes(FUNCTION) == {PARIS: "access_denied"}
    assert reading.resources(FUNCTION) == []


def test_an_empty_list_has_count_zero_in_each_region(emulator: Emulator, tmp_path: Path) -> None:
    reading = read(emulator, tmp_path, {FUNCTION: []}, regions=(PARIS, IRELAND))
    assert [(line["region"], line["count"], line["unread"]) for line in reading.listings(FUNCTION)] == [
        (IRELAND, 0, None),
        (PARIS, 0, None),
    ]


# ---- members ---------------------------------------------------------------------------------------------------------


def test_an_unset_member_is_absent_and_a_refused_one_unread(emulator: Emulator, tmp_path: Path) -> None:
    s3 = emulator.client("s3")
    for name in ("essai-ouvert", "essai-ferme"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": PARIS})
    emulator.faults({"kind": "deny", "operation": "GetBucketPolicy", "resource": "/essai-ferme?"})
    reading = read(emulator, tmp_path, {BUCKET: ["Policy", "Encryption"]})
    closed, opened = reading.resources(BUCKET)
    assert (opened["absent"], opened["unread"]) == (["Policy"], {})
    assert closed["absent"] == []
    assert closed["unread"]["Policy"]["cause"] == "access_denied"
    assert closed["unread"]["Policy"]["action"] == "s3:GetBucketPolicy"
    assert "Encryption" in closed["data"], "what could be read is kept"


def test_a_member_that_cannot_be_set_is_not_queried_and_names_the_deciding_call(
    emulator: Emulator, tmp_path: Path
) -> None:
    s3 = emulator.client("s3")
    for name in ("essai-simple", "essai-suspendu", "essai-tu"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": PARIS})
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket="essai-suspendu", VersioningConfiguration={"Status": status})
    emulator.faults({"kind": "deny", "operation": "GetBucketVersioning", "resource": "/essai-tu?"})
    reading = read(emulator, tmp_path, {BUCKET: ["Versioning", "Replication", "ObjectLock"]})
    plain, suspended, silent = reading.resources(BUCKET)
    operations = {call["id"]: call["operation"] for call in reading.calls}
    assert plain["absent"] == ["ObjectLock", "Replication"]
    assert {operations[plain["calls"][name]] for name in ("ObjectLock", "Replication")} == {"GetBucketVersioning"}
    assert suspended["absent"] == ["ObjectLock", "Replication"]
    assert operations[suspended["calls"]["Replication"]] == "GetBucketReplication"
    assert silent["unread"].keys() == {"Versioning"}
    assert operations[silent["calls"]["Replication"]] == "GetBucketReplication", "what was not seen decides nothing"


def test_a_precondition_counts_only_if_it_is_read(emulator: Emulator, tmp_path: Path) -> None:
    bucket = "essai-seul"
    emulator.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": PARIS})
    reading = read(emulator, tmp_path, {BUCKET: ["Replication"]})
    assert counted(reading.calls)["s3", "GetBucketReplication", PARIS] == 1


@pytest.mark.parametrize(
    ("member", "operation", "code", "words", "others"),
    [
        (
            "Macie",
            "GetMacieSession",
            "AccessDeniedException",
            "Macie is not enabled.",
            "You are not authorized to do this.",
        ),
        (
            "InspectorAdministrator",
            "GetDelegatedAdminAccount",
            "ValidationException",
            "Invoking account is the delegated admin.",
            "The request has failed validation.",
        ),
    ],
)
def test_the_message_distinguishes_two_meanings_of_a_code(
    emulator: Emulator, tmp_path: Path, member: str, operation: str, code: str, words: str, others: str
) -> None:
    for at, message, absent, unread in (("set", words, [member], []), ("refused", others, [], [member])):
        emulator.faults({"kind": "deny", "operation": operation, "code": code, "message": message})
        region = read(emulator, tmp_path / at, {REGION: [member]}).only(REGION)
        assert region["absent"] == absent
        assert list(region["unread"]) == unread


def test_members_from_one_answer_share_the_call(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("sns").create_topic(Name="alertes")
    topic = read(emulator, tmp_path, {"AWS::SNS::Topic": ["Attributes", "Policy"]}).only("AWS::SNS::Topic")
    assert topic["data"]["Attributes"]["TopicArn"].endswith(":alertes")
    assert topic["data"]["Policy"]["Statement"]
    assert len(emulator.ledger("GetTopicAttributes")) == 1


def test_only_needed_members_are_read_and_kept(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("s3").create_bucket(Bucket="essai", CreateBucketConfiguration={"LocationConstraint": PARIS})
    emulator.reset(state=False)
    reading = read(emulator, tmp_path, {BUCKET: ["Versioning"]})
    assert {entry["operation"] for entry in emulator.ledger()} == {
        "GetCallerIdentity",
        "ListBuckets",
        "GetBucketVersioning",
    }
    assert list(reading.only(BUCKET)["data"]) == ["Versioning"]


def test_a_member_of_the_wrong_type_is_unread_alone(emulator: Emulator, tmp_path: Path) -> None:
    emulator.respond(
        "apigateway",
        "GetRestApis",
        {"items": [{"id": "a", "name": "a", "policy": "no JSON"}, {"id": "b", "name": "b"}]},
    )
    reading = read(emulator, tmp_path, {"AWS::ApiGateway::RestApi": ["policy", "name"]})
    odd, other = reading.resources("AWS::ApiGateway::RestApi")
    assert odd["unread"]["policy"]["code"] == "TransformError"
    assert (odd["data"], other["data"]) == ({"name": "a"}, {"name": "b"})


def test_a_text_in_place_of_a_policy_is_unread(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("kms").create_key()
    emulator.respond("kms", "GetKeyPolicy", {"Policy": "<html>Sign in</html>"})
    (key,) = read(emulator, tmp_path, {"AWS::KMS::Key": ["Policy"]}).resources("AWS::KMS::Key")
    assert (key["unread"]["Policy"]["cause"], key["unread"]["Policy"]["code"]) == ("not_aws", "NoJson")


@pytest.mark.parametrize("text", ['{"Statement": null}', '{"Statement": [{"Effect": "Allow", "Principal": [null]}]}'])
def test_a_policy_with_null_in_it_is_unread(emulator: Emulator, tmp_path: Path, text: str) -> None:
    emulator.client("kms").create_key()
    emulator.respond("kms", "GetKeyPolicy", {"Policy": text})
    (key,) = read(emulator, tmp_path, {"AWS::KMS::Key": ["Policy"]}).resources("AWS::KMS::Key")
    assert key["unread"]["Policy"]["cause"] == "not_understood"


@pytest.mark.parametrize("written", [POLICY, json.dumps(POLICY)[1:-1].replace("/", r"\/")], ids=["plain", "escaped"])
def test_a_policy_in_the_encoding_of_api_gateway_is_read(emulator: Emulator, tmp_path: Path, written: str) -> None:
    emulator.respond("apigateway", "GetRestApis", {"items": [{"id": "a", "name": "a", "policy": written}]})
    (api,) = read(emulator, tmp_path, {"AWS::ApiGateway::RestApi": ["policy"]}).resources("AWS::ApiGateway::RestApi")
    assert api["data"]["policy"]["Statement"][0]["Action"] == ["execute-api:Invoke"]
    assert api["data"]["policy"]["Statement"][0]["Condition"][0]["Values"] == ["10.0.0.0/8"]


def test_a_member_that_the_installed_models_lack_is_unread(emulator: Emulator, tmp_path: Path) -> None:
    found = {"filterName": "a", "filterPattern": "x", "fromTheFuture": "y"}
    emulator.respond("logs", "DescribeMetricFilters", {"metricFilters": [found]})
    known = library().types["AWS::Logs::MetricFilter"]
    newer = structs.replace(known, newer={"fromTheFuture": "string", "filterPattern": "string"})
    content = replace(library(), types={**library().types, known.name: newer})
    reading = read(emulator, tmp_path, {known.name: ["fromTheFuture", "filterPattern"]}, content=content)
    line = reading.only(known.name)
    assert line["data"] == {"filterPattern": "x"}
    assert {member: (why["cause"], why["call"]) for member, why in line["unread"].items()} == {
        "fromTheFuture": ("old_models", "DescribeMetricFilters")
    }


def test_a_member_of_the_whole_resource_that_the_installed_models_know_is_read(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.respond("dynamodb", "ListTables", {"TableNames": ["a"]})
    emulator.respond("dynamodb", "DescribeTable", {"Table": {"TableName": "a", "TableStatus": "ACTIVE"}})
    known = library().types["AWS::DynamoDB::Table"]
    newer = structs.replace(known, newer={"fromTheFuture": "string", "TableStatus": "string"})
    content = replace(library(), types={**library().types, known.name: newer})
    line = read(emulator, tmp_path, {known.name: ["fromTheFuture", "TableStatus"]}, content=content).only(known.name)
    assert (line["data"]["TableStatus"], set(line["unread"])) == ("ACTIVE", {"fromTheFuture"})


# ---- places ----------------------------------------------------------------------------------------------------------


def test_a_bucket_is_read_in_its_own_region(emulator: Emulator, tmp_path: Path) -> None:
    place = {"LocationConstraint": IRELAND}
    emulator.client("s3", IRELAND).create_bucket(Bucket="en-irlande", CreateBucketConfiguration=place)
    reading = read(emulator, tmp_path, {BUCKET: ["Versioning"]}, regions=(PARIS,))
    assert reading.only(BUCKET)["region"] == IRELAND
    assert [entry["region"] for entry in emulator.ledger("GetBucketVersioning")] == [IRELAND]
    assert emulator.ledger("GetBucketLocation") == [], "the listing says where the bucket is"


@pytest.mark.parametrize(("answer", "region"), [("EU", IRELAND), ("", "us-east-1"), (PARIS, PARIS)])
def test_without_a_region_in_the_listing_the_fallback_is_called(
    emulator: Emulator, tmp_path: Path, answer: str, region: str
) -> None:
    emulator.respond("s3", "ListBuckets", {"Buckets": [{"Name": "ancien"}]})
    emulator.respond("s3", "GetBucketLocation", {"LocationConstraint": answer} if answer else {})
    emulator.respond("s3", "GetBucketVersioning", {"Status": "Enabled"})
    bucket = read(emulator, tmp_path, {BUCKET: ["Versioning", "BucketRegion"]}).only(BUCKET)
    assert (bucket["region"], bucket["data"]["BucketRegion"]) == (region, region)
    assert bucket["data"]["Versioning"] == {"Status": "Enabled"}


def test_a_resource_listed_in_several_regions_is_read_once_in_its_home(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("s3").create_bucket(Bucket="piste", CreateBucketConfiguration={"LocationConstraint": PARIS})
    emulator.client("cloudtrail").create_trail(Name="tout", S3BucketName="piste", IsMultiRegionTrail=True)
    emulator.reset(state=False)
    reading = read(emulator, tmp_path, {TRAIL: ["Status", "Name"]}, regions=(IRELAND, PARIS))
    assert reading.only(TRAIL)["region"] == PARIS
    assert [entry["region"] for entry in emulator.ledger("GetTrailStatus")] == [PARIS]
    assert {line["region"]: line["count"] for line in reading.listings(TRAIL)} == {IRELAND: 1, PARIS: 1}


def test_a_type_of_one_region_is_read_only_there(emulator: Emulator, tmp_path: Path) -> None:
    acl = {"Name": "devant", "Id": "acl", "ARN": "arn:aws:wafv2:us-east-1:1:global/webacl/devant/acl"}
    emulator.respond("wafv2", "ListWebACLs", {"WebACLs": [acl]})
    emulator.respond("wafv2", "GetWebACL", {"WebACL": {**acl, "DefaultAction": {}, "VisibilityConfig": {}}})
    emulator.respond("wafv2", "GetLoggingConfiguration", {"LoggingConfiguration": {"ResourceArn": acl["ARN"]}})
    found = read(emulator, tmp_path, {CLOUDFRONT_ACL: ["Acl", "Logging"]}, regions=(PARIS, IRELAND)).only(
        CLOUDFRONT_ACL
    )
    assert found["unread"] == {}
    assert {entry["region"] for entry in emulator.ledger() if entry["service"] == "wafv2"} == {"us-east-1"}


def test_account_and_regions_are_each_read_once(emulator: Emulator, tmp_path: Path) -> None:
    needed = {"AWS::Account": ["Id", "Partition", "Summary", "PublicAccessBlock"], REGION: ["Name", "EbsDefault"]}
    reading = read(emulator, tmp_path, needed, regions=(PARIS, IRELAND))
    account = reading.only("AWS::Account")
    assert (account["id"], account["region"]) == (ACCOUNT, "global")
    assert account["data"]["Summary"]["Users"] == 0
    assert account["absent"] == ["PublicAccessBlock"]
    assert [(line["id"], line["data"]["EbsDefault"]) for line in reading.resources(REGION)] == [
        (IRELAND, False),
        (PARIS, False),
    ]


# ---- several calls make one resource ---------------------------------------------------------------------------------


def test_ids_are_completed_and_a_refused_completion_is_unread(emulator: Emulator, tmp_path: Path) -> None:
    kms = emulator.client("kms")
    made = [kms.create_key(Description=text)["KeyMetadata"]["KeyId"] for text in ("une", "deux")]
    emulator.faults({"kind": "deny", "operation": "DescribeKey", "resource": made[0]})
    reading = read(emulator, tmp_path, {KEY: ["Description", "KeyId", "Rotation"]})
    found = {line["id"]: line for line in reading.resources(KEY)}
    assert found[made[1]]["data"]["Description"] == "deux"
    assert found[made[0]]["unread"]["Description"]["action"] == "kms:DescribeKey"
    assert set(found[made[0]]["data"]) == {"KeyId", "Rotation"}


def test_completion_in_batches_matches_by_id(emulator: Emulator, tmp_path: Path) -> None:
    ecs = emulator.client("ecs")
    for number in range(3):
        ecs.create_cluster(clusterName=f"grappe-{number}")
    reading = read(emulator, tmp_path, {"AWS::ECS::Cluster": ["clusterName", "status"]})
    assert [(line["id"], line["data"]["status"]) for line in reading.resources("AWS::ECS::Cluster")] == [
        (f"grappe-{number}", "ACTIVE") for number in range(3)
    ]
    assert len(emulator.ledger("DescribeClusters")) == 1


def sso(emulator: Emulator) -> None:
    """Two instances of IAM Identity Center, a permission set each, and one assignment of each."""
    emulator.respond(
        "sso-admin",
        "ListInstances",
        {"Instances": [{"InstanceArn": f"arn:aws:sso:::instance/ssoins-{name}"} for name in "ab"]},
    )
    sets = [
        {
            "when": {"InstanceArn": f"arn:aws:sso:::instance/ssoins-{name}"},
            "body": {"PermissionSets": [f"arn:aws:sso:::permissionSet/{name}"]},
        }
        for name in "ab"
    ]
    emulator.respond("sso-admin", "ListPermissionSets", cases=sets)
    provisioned = [
        {"when": {"PermissionSetArn": f"arn:aws:sso:::permissionSet/{name}"}, "body": {"AccountIds": [ACCOUNT]}}
        for name in "ab"
    ]
    emulator.respond("sso-admin", "ListAccountsForProvisionedPermissionSet", cases=provisioned)
    assignments = [
        {
            "when": {
                "PermissionSetArn": f"arn:aws:sso:::permissionSet/{name}",
                "InstanceArn": f"arn:aws:sso:::instance/ssoins-{name}",
                "AccountId": ACCOUNT,
            },
            "body": {
                "AccountAssignments": [
                    {"PrincipalId": f"personne-{name}", "PermissionSetArn": f"arn:aws:sso:::permissionSet/{name}"}
                ]
            },
        }
        for name in "ab"
    ]
    emulator.respond("sso-admin", "ListAccountAssignments", cases=assignments)


FAMILY = {
    "AWS::SSO::Instance": ["InstanceArn"],
    "AWS::SSO::PermissionSet": ["PermissionSetArn"],
    "AWS::SSO::ProvisionedAccount": ["AccountId"],
    "AWS::SSO::Assignment": ["AccountId", "PermissionSetArn"],
}


def test_children_are_listed_for_each_parent_and_refer_to_it(emulator: Emulator, tmp_path: Path) -> None:
    sso(emulator)
    reading = read(emulator, tmp_path, FAMILY)
    assert [(line["id"], line["parent"]) for line in reading.resources("AWS::SSO::PermissionSet")] == [
        ("arn:aws:sso:::permissionSet/a", "arn:aws:sso:::instance/ssoins-a"),
        ("arn:aws:sso:::permissionSet/b", "arn:aws:sso:::instance/ssoins-b"),
    ]
    assert [line["parent"] for line in reading.resources("AWS::SSO::Assignment")] == [
        f"{ACCOUNT} arn:aws:sso:::permissionSet/a",
        f"{ACCOUNT} arn:aws:sso:::permissionSet/b",
    ]


def test_each_policy_of_a_secret_is_read(emulator: Emulator, tmp_path: Path) -> None:
    emulator.client("secretsmanager").create_secret(Name="base", SecretString="unimportant")
    names = [{"PolicyName": "default"}, {"PolicyName": "other"}, {"PolicyName": "gone"}]
    emulator.respond("secretsmanager", "ListResourcePolicies", {"ResourcePolicies": names})
    document = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    missing = {"code": "ResourceNotFoundException", "message": "no such policy"}
    cases = [
        {"when": {"PolicyName": "other"}, "body": {"ResourcePolicy": json.dumps(document), "PolicyName": "other"}},
        {"when": {"PolicyName": "gone"}, "status": 400, "error": missing},
        {"body": {"Name": "base"}},
    ]
    emulator.respond("secretsmanager", "GetResourcePolicy", cases=cases)
    policies = {"AWS::SecretsManager::ResourcePolicy": ["PolicyName", "Document"]}
    reading = read(emulator, tmp_path, {"AWS::SecretsManager::Secret": ["ARN"], **policies})
    found = reading.resources("AWS::SecretsManager::ResourcePolicy")
    assert {line["data"]["PolicyName"]: "Document" in line["data"] for line in found} == {
        "default": False,
        "gone": False,
        "other": True,
    }
    assert not [line for line in found if line["unread"]]


def test_an_identity_center_in_several_regions_is_read_once_in_its_primary_one(
    emulator: Emulator, tmp_path: Path
) -> None:
    sso(emulator)
    instance = {"InstanceArn": "arn:aws:sso:::instance/ssoins-a", "PrimaryRegion": PARIS}
    emulator.respond("sso-admin", "ListInstances", {"Instances": [instance]})
    reading = read(emulator, tmp_path, FAMILY, regions=(IRELAND, PARIS))
    for name in FAMILY:
        assert [line["region"] for line in reading.resources(name)] == [PARIS], name
    listed = {call["region"] for call in reading.calls if call["operation"] == "ListPermissionSets"}
    assert listed == {PARIS}


def test_a_refused_parent_hides_only_its_own_children(emulator: Emulator, tmp_path: Path) -> None:
    sso(emulator)
    emulator.faults({"kind": "deny", "operation": "ListPermissionSets", "resource": "arn:aws:sso:::instance/ssoins-a"})
    reading = read(emulator, tmp_path, FAMILY)
    assert [line["id"] for line in reading.resources("AWS::SSO::PermissionSet")] == ["arn:aws:sso:::permissionSet/b"]
    parents = [line["parent"] for line in reading.resources("AWS::SSO::Assignment")]
    assert parents == [f"{ACCOUNT} arn:aws:sso:::permissionSet/b"]
    for name in ("AWS::SSO::PermissionSet", "AWS::SSO::Assignment"):
        refused = [line["unread"]["action"] for line in reading.listings(name) if line["unread"]]
        assert refused == ["sso:ListPermissionSets"], name


@pytest.mark.parametrize("levels", [101, 450, 100_000])
def test_a_text_that_is_nested_too_deeply_hides_nothing_else(emulator: Emulator, tmp_path: Path, levels: int) -> None:
    patterns = {"deep": "[" * levels + "]" * levels, "plain": '{"source": ["aws.guardduty"]}'}
    rules = [{"Name": name, "Arn": f"arn:{name}", "EventPattern": pattern} for name, pattern in patterns.items()]
    emulator.respond("events", "ListRules", {"Rules": rules})
    deep, plain = read(emulator, tmp_path, {"AWS::Events::Rule": ["EventPattern"]}).resources("AWS::Events::Rule")
    assert deep["unread"]["EventPattern"]["code"] == "TransformError"
    assert plain["data"]["EventPattern"] == {"source": ["aws.guardduty"]}


OF_THE_ACCOUNT_ALONE = {
    "AWS::SecurityHub::Finding": ("securityhub", "GetFindings", "Findings", {"Id": "f", "AwsAccountId": OTHERS}),
    "AWS::InspectorV2::Coverage": (
        "inspector2",
        "ListCoverage",
        "coveredResources",
        {"resourceId": "i-1", "resourceType": "AWS_EC2_INSTANCE", "scanType": "PACKAGE", "accountId": OTHERS},
    ),
}


@pytest.mark.parametrize("name", OF_THE_ACCOUNT_ALONE)
def test_what_members_and_linked_regions_have_is_neither_asked_for_nor_kept(
    emulator: Emulator, tmp_path: Path, name: str
) -> None:
    service, operation, taken, item = OF_THE_ACCOUNT_ALONE[name]
    emulator.respond(service, operation, {taken: [item]})
    reading = read(emulator, tmp_path, {name: [next(iter(item))]})
    assert reading.resources(name) == []
    told = [line["unread"]["code"] for line in reading.listings(name)]
    assert set(told) == {"OtherAccount"}
    assert OTHERS not in json.dumps(reading.listings(name))
    for entry in emulator.ledger(operation):
        sent = json.dumps(entry["params"])
        assert ACCOUNT in sent and (service != "securityhub" or entry["region"] in sent)


def test_the_findings_of_an_administrator_are_its_own() -> None:
    """Each call for findings says whose: an administrator is told those of all its members, too."""
    types = library().types
    findings = [name for name, declared in types.items() if name.endswith("::Finding") and declared.provider == "aws"]
    asked = [name for name in findings for call in types[name].lists if call.const != call.const_in(ACCOUNT, PARIS)]
    assert findings and asked == findings


def test_without_parents_there_are_no_children(emulator: Emulator, tmp_path: Path) -> None:
    emulator.respond("sso-admin", "ListInstances", {"Instances": []})
    reading = read(emulator, tmp_path, FAMILY)
    (listing,) = reading.listings("AWS::SSO::Assignment")
    assert (listing["count"], listing["unread"]) == (0, None)
    proof = [call["id"] for call in reading.calls if call["operation"] == "ListInstances"]
    assert listing["calls"] == proof


def test_a_call_needed_by_several_services_is_made_once(emulator: Emulator, tmp_path: Path) -> None:
    needed = {"AWS::EnabledRegion": ["Reservations"], "AWS::EC2::Instance": ["InstanceId"]}
    emulator.respond("account", "ListRegions", {"Regions": [{"RegionName": PARIS}, {"RegionName": IRELAND}]})
    reading = read(emulator, tmp_path, needed)
    assert sorted(entry["region"] for entry in emulator.ledger("DescribeInstances")) == [IRELAND, PARIS]
    (listing,) = reading.listings("AWS::EC2::Instance")
    assert set(listing["calls"]) <= {call["id"] for call in reading.calls}


# ---- the credential report -------------------------------------------------------------------------------------------


def report(emulator: Emulator, *states: str) -> None:
    """The states that the emulated account answers with, one after the other, and a report."""
    emulator.respond("iam", "GenerateCredentialReport", {"State": states[-1]})
    emulator.respond("iam", "GetCredentialReport", {"Content": content(), "ReportFormat": "text/csv"})


def content() -> str:
    """A credential report of the root user alone."""
    columns = list(library().types[REPORT].lists[0].transform["csv"])
    row = dict.fromkeys(columns, "N/A") | {"user": "<root_account>", "arn": f"arn:aws:iam::{ACCOUNT}:root"}
    row |= {
        "mfa_active": "true",
        "password_enabled": "not_supported",
        "password_last_used": "2026-01-02T03:04:05+00:00",
    }
    return f"{','.join(columns)}\n{','.join(row.values())}\n"


def test_the_credential_report_is_awaited_and_typed(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(emulator, "STARTED")
    waits = iter([lambda: None, lambda: report(emulator, "COMPLETE")])
    monkeypatch.setattr(calls.time, "sleep", lambda _: next(waits)())
    needed = {REPORT: ["user", "mfa_active", "password_last_used", "password_enabled"]}
    entry = read(emulator, tmp_path, needed).only(REPORT)
    assert len(emulator.ledger("GenerateCredentialReport")) == 3
    assert (entry["id"], entry["data"]["mfa_active"]) == ("<root_account>", True)
    assert entry["data"]["password_last_used"] == "2026-01-02T03:04:05Z"
    assert "password_enabled" not in entry["data"], "not_supported is no value"


def test_a_report_that_is_not_ready_in_time_is_unread(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(emulator, "INPROGRESS")
    clock = itertools.count(0, 10)
    monkeypatch.setattr(calls.time, "sleep", lambda _: None)
    monkeypatch.setattr(calls.time, "monotonic", lambda: float(next(clock)))
    (listing,) = read(emulator, tmp_path, {REPORT: ["user"]}).listings(REPORT)
    assert listing["unread"]["cause"] == "not_ready"
    assert emulator.ledger("GetCredentialReport") == []


def test_an_invalid_credential_report_is_not_an_empty_one(emulator: Emulator, tmp_path: Path) -> None:
    report(emulator, "COMPLETE")
    emulator.respond("iam", "GetCredentialReport", {"Content": "Service unavailable", "ReportFormat": "text/csv"})
    (listing,) = read(emulator, tmp_path, {REPORT: ["user"]}).listings(REPORT)
    assert listing["unread"]["code"] == "TransformError"


@pytest.mark.parametrize("operation", ["GenerateCredentialReport", "GetCredentialReport"])
def test_a_refused_credential_report_names_the_action(emulator: Emulator, tmp_path: Path, operation: str) -> None:
    report(emulator, "COMPLETE")
    emulator.faults({"kind": "deny", "operation": operation})
    (listing,) = read(emulator, tmp_path, {REPORT: ["user"]}).listings(REPORT)
    assert listing["unread"]["action"] == f"iam:{operation}"


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_people_and_secrets_do_not_reach_the_snapshot(emulator: Emulator, tmp_path: Path) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="camille.roux", Tags=[{"Key": "Contact", "Value": "camille.roux@exemple.fr"}])
    key = iam.create_access_key(UserName="camille.roux")["AccessKey"]["AccessKeyId"]
    variables = {"DB_PASSWORD": "Azerty-2026!", "NOTE": key}
    function = {"FunctionName": "f", "FunctionArn": "arn:aws:lambda:::f", "Environment": {"Variables": variables}}
    emulator.respond("lambda", "ListFunctions", {"Functions": [function]})
    reading = read(emulator, tmp_path, {USER: ["Tags", "UserName", "Arn"], FUNCTION: ["Environment"]})
    for secret in ("camille", "roux", key, "Azerty"):
        assert secret not in reading.text
    user = reading.only(USER)
    assert user["id"] == user["data"]["UserName"] == user["arn"].rpartition("/")[2]
    assert [item["Key"] for item in reading.only(FUNCTION)["data"]["Environment"]["Variables"]] == [
        "DB_PASSWORD",
        "NOTE",
    ]


def test_the_message_of_a_refusal_names_no_person(emulator: Emulator, tmp_path: Path) -> None:
    message = (
        f"User: arn:aws:iam::{ACCOUNT}:user/camille.roux is not authorized to perform: iam:Get on camille@exemple.fr"
    )
    emulator.client("iam").create_user(UserName="a")
    emulator.faults(
        {"kind": "deny", "message": message, "service": "iam"}, {"kind": "deny", "message": message, "service": "ec2"}
    )
    needed = {USER: ["UserName"], REGION: ["EbsDefault"]}
    reading = read(emulator, tmp_path, needed)
    assert reading.causes(USER) == {"global": "access_denied"}
    assert reading.only(REGION)["unread"]["EbsDefault"]["message"].startswith("User: arn:aws:iam::")
    assert "camille" not in reading.text


def test_a_waiver_matches_the_name_that_the_snapshot_hides(emulator: Emulator, tmp_path: Path) -> None:
    for name in ("camille.roux", "noor.benali"):
        emulator.client("iam").create_user(UserName=name)
    reading = read(emulator, tmp_path, {USER: ["UserName"]}, waivers=[waiver("noor.*")])
    assert sorted(line["waivers"] for line in reading.resources(USER)) == [[], ["W-001"]]


def test_hostile_names_stay_data(emulator: Emulator, tmp_path: Path) -> None:
    name = '<script>alert(1)</script>\n{"kind":"listing"}\u2028=cmd|\' /C calc\'!A1'
    emulator.respond(
        "lambda", "ListFunctions", {"Functions": [{"FunctionName": name, "FunctionArn": "{FunctionName}"}]}
    )
    reading = read(emulator, tmp_path, {FUNCTION: ["FunctionName"]})
    assert reading.only(FUNCTION)["id"] == name
    assert len(reading.listings(FUNCTION)) == 1


def test_recorded_calls_are_the_calls_made(techstart_account: Emulator, tmp_path: Path) -> None:
    needed = {
        BUCKET: ["Tags", "Policy"],
        USER: ["UserName"],
        KEY: ["Description"],
        TRAIL: ["Status"],
        REGION: ["EbsDefault"],
    }
    reading = read(techstart_account, tmp_path, needed, regions=(PARIS, IRELAND))
    assert counted(reading.calls) == counted(techstart_account.ledger())
    assert all(call["request_id"] and call["status"] and call["attempts"] == 1 for call in reading.calls)
    known = {call["id"] for call in reading.calls}
    used = {call for line in reading.lines if line["kind"] == "resource" for call in line["calls"].values()}
    used |= {call for line in reading.lines if line["kind"] == "listing" for call in line["calls"]}
    assert used <= known


def test_a_dated_window_is_sent_as_a_time(emulator: Emulator, tmp_path: Path) -> None:
    emulator.respond("backup", "ListBackupJobs", {"BackupJobs": []})
    reading = read(emulator, tmp_path, {"AWS::Backup::BackupJob": []}, limits=LIMITS)
    (call,) = [call for call in reading.calls if call["operation"] == "ListBackupJobs"]
    assert call["error"] == ""
    assert json.dumps(call["params"]["ByCreatedAfter"]).endswith('Z"')


# ---- names -----------------------------------------------------------------------------------------------------------

TOPIC = f"arn:aws:sns:eu-west-3:{ACCOUNT}:"
HANDLER = f"arn:aws:lambda:eu-west-3:{ACCOUNT}:function:f"
ALIKE: dict[str, tuple[str, str, str, list[dict[str, Any]], list[str]]] = {
    "AWS::InspectorV2::Coverage": (
        *("inspector2", "ListCoverage", "coveredResources"),
        [
            {"resourceId": "i-1", "resourceType": "AWS_EC2_INSTANCE", "scanType": kind, "accountId": ACCOUNT}
            for kind in ("NETWORK", "PACKAGE")
        ],
        ["i-1 AWS_EC2_INSTANCE NETWORK", "i-1 AWS_EC2_INSTANCE PACKAGE"],
    ),
    "AWS::Logs::MetricFilter": (
        *("logs", "DescribeMetricFilters", "metricFilters"),
        [{"filterName": "root", "logGroupName": name} for name in ("app", "trail")],
        ["root app", "root trail"],
    ),
    "AWS::SNS::Subscription": (
        *("sns", "ListSubscriptions", "Subscriptions"),
        [
            {"SubscriptionArn": arn, "TopicArn": f"{TOPIC}{topic}", "Protocol": "lambda", "Endpoint": HANDLER}
            for arn, topic in ((f"{TOPIC}a:1", "a"), ("PendingConfirmation", "a"), ("PendingConfirmation", "b"))
        ],
        [*(f"PendingConfirmation {TOPIC}{topic} lambda {REDACTOR.person(HANDLER)}" for topic in "ab"), f"{TOPIC}a:1"],
    ),
    "AWS::EKS::ClusterVersion": (
        *("eks", "DescribeClusterVersions", "clusterVersions"),
        [{"clusterVersion": "1.30", "clusterType": kind} for kind in ("eks", "outpost")],
        ["1.30 eks", "1.30 outpost"],
    ),
}


@pytest.mark.parametrize("name", ALIKE)
def test_what_has_one_name_is_told_apart_by_what_differs(emulator: Emulator, tmp_path: Path, name: str) -> None:
    service, operation, member, items, ids = ALIKE[name]
    emulator.respond(service, operation, {member: items})
    reading = read(emulator, tmp_path, {name: []})
    assert [line["id"] for line in reading.resources(name)] == ids


def test_whom_an_analyzer_leaves_out_is_read_of_itself(emulator: Emulator, tmp_path: Path) -> None:
    analyzer = {
        "arn": f"arn:aws:access-analyzer:{PARIS}:{ACCOUNT}:analyzer/unused",
        "name": "unused",
        "type": "ORGANIZATION_UNUSED_ACCESS",
        "createdAt": "2026-01-01T00:00:00Z",
        "status": "ACTIVE",
    }
    left_out = {"unusedAccess": {"analysisRule": {"exclusions": [{"accountIds": [OTHERS]}]}}}
    emulator.respond("accessanalyzer", "ListAnalyzers", {"analyzers": [analyzer]})
    emulator.respond("accessanalyzer", "GetAnalyzer", {"analyzer": {**analyzer, "configuration": left_out}})
    reading = read(emulator, tmp_path, {"AWS::AccessAnalyzer::Analyzer": ["Configuration"]})
    assert reading.only("AWS::AccessAnalyzer::Analyzer")["data"]["Configuration"] == left_out
