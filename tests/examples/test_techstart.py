"""TechStart's estate and workspace: what its README promises is there to be found."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hcl2

from emulator import ACCOUNT, PROGRAM, Emulator
from preuve.library.company.workspace import load_workspace
from preuve.library.load import load_library

WORKSPACE = PROGRAM.parent
REGIONS = ("eu-west-3", "eu-west-1")

# What a listing call of each service takes and where its items are.
LISTINGS: list[tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = [
    ("iam", "list_users", {}, "Users", REGIONS[:1]),
    ("iam", "list_groups", {}, "Groups", REGIONS[:1]),
    ("iam", "list_roles", {}, "Roles", REGIONS[:1]),
    ("iam", "list_policies", {"Scope": "Local"}, "Policies", REGIONS[:1]),
    ("s3", "list_buckets", {}, "Buckets", REGIONS[:1]),
    ("kms", "list_keys", {}, "Keys", REGIONS),
    ("ec2", "describe_vpcs", {}, "Vpcs", REGIONS),
    ("ec2", "describe_subnets", {}, "Subnets", REGIONS),
    ("ec2", "describe_security_groups", {}, "SecurityGroups", REGIONS),
    ("ec2", "describe_instances", {}, "Reservations", REGIONS),
    ("ec2", "describe_volumes", {}, "Volumes", REGIONS),
    ("ec2", "describe_snapshots", {"OwnerIds": ["self"]}, "Snapshots", REGIONS),
    ("rds", "describe_db_instances", {}, "DBInstances", REGIONS),
    ("rds", "describe_db_snapshots", {}, "DBSnapshots", REGIONS),
    ("dynamodb", "list_tables", {}, "TableNames", REGIONS),
    ("lambda", "list_functions", {}, "Functions", REGIONS),
    ("logs", "describe_metric_filters", {}, "metricFilters", REGIONS),
    ("logs", "describe_log_groups", {}, "logGroups", REGIONS),
    ("cloudwatch", "describe_alarms", {}, "MetricAlarms", REGIONS),
    ("secretsmanager", "list_secrets", {}, "SecretList", REGIONS),
    ("ecr", "describe_repositories", {}, "repositories", REGIONS),
    ("efs", "describe_file_systems", {}, "FileSystems", REGIONS),
    ("elbv2", "describe_load_balancers", {}, "LoadBalancers", REGIONS),
    ("backup", "list_backup_vaults", {}, "BackupVaultList", REGIONS),
    ("acm", "list_certificates", {}, "CertificateSummaryList", REGIONS),
    ("sns", "list_topics", {}, "Topics", REGIONS),
    ("sqs", "list_queues", {}, "QueueUrls", REGIONS),
]


def listed(account: Emulator, service: str, method: str, params: dict[str, Any], key: str, region: str) -> list[Any]:
    """The items of one listing call in one region."""
    items: list[Any] = getattr(account.client(service, region), method)(**params).get(
        key, []
    )  # SQS leaves an empty list out
    return items


def credential_report(account: Emulator) -> dict[str, dict[str, str]]:
    """The credential report by user."""
    iam = account.client("iam")
    iam.generate_credential_report()
    rows = csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode()))
    return {row["user"]: row for row in rows}


def age_in_days(value: Any) -> int:
    """Return how many days ago a time was."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (datetime.now(UTC) - when).days


def test_the_estate_has_at_least_150_resources_in_both_regions(techstart_account: Emulator) -> None:
    per_region = dict.fromkeys(REGIONS, 0)
    for service, method, params, key, regions in LISTINGS:
        for region in regions:
            found = listed(techstart_account, service, method, params, key, region)
            assert found or region == "eu-west-1", f"{service} has nothing in {region}"
            per_region[region] += len(found)
    assert sum(per_region.values()) >= 150
    assert per_region["eu-west-1"] >= 10


def test_people_and_keys_have_the_ages_of_the_story(techstart_account: Emulator) -> None:
    report = credential_report(techstart_account)
    assert report["camille.durand"]["mfa_active"] == "false"
    assert report["noor.benali"]["mfa_active"] == "true"
    assert age_in_days(report["hugo.petit"]["password_last_used"]) > 90
    assert age_in_days(report["svc-ci-deploiement"]["access_key_1_last_rotated"]) > 365
    assert report["svc-ancien-export"]["access_key_2_active"] == "true"
    ec2 = techstart_account.client("ec2")
    ages = [age_in_days(item["StartTime"]) for item in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]]
    assert max(ages) > 400 > min(ages)


def test_recorder_and_trail_have_delivered_as_in_aws(techstart_account: Emulator) -> None:
    (status,) = techstart_account.client("config").describe_configuration_recorder_status()[
        "ConfigurationRecordersStatus"
    ]
    assert (status["recording"], status["lastStatus"]) == (True, "SUCCESS")
    trail = techstart_account.client("cloudtrail").get_trail_status(Name="techstart-piste")
    assert age_in_days(trail["LatestCloudWatchLogsDeliveryTime"]) == 0


def test_the_tags_contain_hostile_names(techstart_account: Emulator) -> None:
    s3 = techstart_account.client("s3")
    values = [tag["Value"] for tag in s3.get_bucket_tagging(Bucket="techstart-essais")["TagSet"]]
    assert {"<script>alert(1)</script>", "=cmd|' /C calc'!A1"} <= set(values)


def test_saved_responses_name_resources_that_exist(techstart_account: Emulator) -> None:
    ec2, ssm, waf = (techstart_account.client(name) for name in ("ec2", "ssm", "wafv2"))
    reservations = ec2.describe_instances()["Reservations"]
    instances = {item["InstanceId"] for reservation in reservations for item in reservation["Instances"]}
    managed = {item["InstanceId"] for item in ssm.describe_instance_information()["InstanceInformationList"]}
    assert managed and managed < instances
    balancers = techstart_account.client("elbv2").describe_load_balancers()["LoadBalancers"]
    (protected,) = waf.list_resources_for_web_acl(WebACLArn=f"arn:aws:wafv2:eu-west-3:{ACCOUNT}:x")["ResourceArns"]
    assert protected in {balancer["LoadBalancerArn"] for balancer in balancers}


def test_a_saved_response_leaves_out_resources_that_an_empty_account_does_not_have(emulator: Emulator) -> None:
    assert emulator.client("ssm").describe_instance_information()["InstanceInformationList"] == []


# ---- the workspace


def test_the_terraform_is_valid_and_describes_the_same_estate() -> None:
    files = sorted((WORKSPACE / "infra").rglob("*.tf"))
    resources = [
        (kind, name)
        for path in files
        for block in hcl2.loads(path.read_text(encoding="utf-8")).get("resource", [])
        for kind, named in block.items()
        for name in named
    ]
    assert 40 <= len(resources) <= 80
    assert len(set(resources)) == len(resources), "no address twice"


def test_code_and_account_disagree_at_the_commented_places(techstart_account: Emulator) -> None:
    rds, ec2 = techstart_account.client("rds"), techstart_account.client("ec2")
    (database,) = rds.describe_db_instances(DBInstanceIdentifier="techstart-recette")["DBInstances"]
    assert database["StorageEncrypted"] is False
    assert "storage_encrypted       = true" in (WORKSPACE / "infra" / "data.tf").read_text(encoding="utf-8")
    names = [{"Name": "group-name", "Values": ["techstart-rebond"]}]
    (group,) = ec2.describe_security_groups(Filters=names)["SecurityGroups"]
    assert group["IpPermissions"][0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]


def test_the_workspace_loads_without_problems() -> None:
    workspace = load_workspace(WORKSPACE, load_library())
    assert workspace.problems == ()
    assert workspace.demonstration
    assert workspace.endpoint_url.startswith("http://127.0.0.1:")
    assert [account.id for account in workspace.accounts] == [ACCOUNT]
    expired = [waiver.id for waiver in workspace.waivers if waiver.expires < datetime.now(UTC).date()]
    assert "W-004" in expired
    assert len(workspace.attestations) == len(list(Path(WORKSPACE / "attestations").glob("*.yaml")))
