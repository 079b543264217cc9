"""The AWS managed policies that may not be attached are those whose documents give all rights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.judgements.forbidden_values import forbids
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.documents.document import Unknown, read
from preuve.documents.grants import unbounded
from preuve.documents.patterns import text_meets

RULE = bundled().code_rules["CKV2_PREUVE_ADMIN_ATTACHED"].judgement or {}
PATTERNS = RULE["values"]["aws_iam_role_policy_attachment"]["policy_arn"]
ADMINISTRATORS = (
    *("iam:createpolicyversion", "iam:attachuserpolicy", "iam:attachrolepolicy"),
    *("iam:putuserpolicy", "iam:putrolepolicy", "sts:assumerole"),
)
# Each is unbounded on any resource: its content, or the rights of others.
DATA = (
    *("s3:getobject", "s3:putobject", "dynamodb:scan", "secretsmanager:getsecretvalue"),
    *("kms:decrypt", "ssm:sendcommand", "iam:passrole", "sso:createpermissionset", "athena:getqueryresults"),
    *("lambda:updatefunctioncode", "cognito-idp:adminsetuserpassword"),
)
RESTORES = "AWSBackupServiceRolePolicyForRestores"  # any table: a backup is restored by no narrower one of AWS
ONLY_ADMINISTRATORS = bundled().code_rules["CKV2_PREUVE_ADMINISTRATOR_ATTACHED"].judgement or {}
CHANGES_OF_RIGHTS = tuple(action for action in ADMINISTRATORS if action.startswith("iam:"))


@cache
def policies() -> dict[str, dict[str, Any]]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return found


def judged(name: str, path: str, rule: Mapping[str, Any] = RULE) -> str:
    body = {"policy_arn": [f"arn:aws:iam::aws:policy{path}{name}"]}
    found = forbids("aws_iam_role_policy_attachment", body, rule)
    assert found is not None
    return found.result


def test_an_aws_managed_policy_passes_only_if_its_document_is_bounded() -> None:
    results = {name: judged(name, policy["Path"]) for name, policy in policies().items()}
    assert len(results) > 1000
    for name, result in results.items():
        documents = [read(policies()[name]["Document"])]
        if unbounded(documents, ADMINISTRATORS).value:
            assert result == "FAILED", name
        if unbounded(documents, DATA).value is True and name != RESTORES:
            assert result == "FAILED" or (result == "UNKNOWN" and not is_attached(name)), name


def is_attached(name: str) -> bool:
    """Whether a person can attach the policy: not that of a role of AWS's own, nor one that only limits others."""
    path = policies()[name]["Path"]
    return path != "/aws-service-role/" and not name.endswith(("Boundary", "SessionPolicy"))


def test_the_policies_that_make_administrators_are_those_that_may_change_all_rights() -> None:
    failed = {
        name for name, policy in policies().items() if judged(name, policy["Path"], ONLY_ADMINISTRATORS) == "FAILED"
    }
    documents = {name: [read(policy["Document"])] for name, policy in policies().items()}
    assert failed == {name for name, held in documents.items() if unbounded(held, CHANGES_OF_RIGHTS).value is not False}
    assert failed


@pytest.mark.parametrize(
    ("result", "names"),
    [
        ("FAILED", ["ReadOnlyAccess", "AWSLambda_FullAccess", "AWSSSOMasterAccountAdministrator",
                    "SecretsManagerReadWrite",
                    "AmazonS3ReadOnlyAccess", "service-role/AmazonElasticMapReduceforEC2Role",
                    "AWSBackupServiceRolePolicyForS3Backup", "AmazonAPIGatewayAdministrator",
                    "AWSSecretsManagerClientReadOnlyAccess"]),
        ("UNKNOWN", ["AdministratorAccess-AWSElasticBeanstalk", "AmazonElasticFileSystemClientReadWriteAccess",
                     "job-function/NetworkAdministrator", "NobodyKnowsThisOne", "service-role/SomethingNew",
                     "service-role/AWSDataPipelineRole", "AmazonEKSNewPolicy",
                     "service-role/AWSLambdaNewExecutionRole"]),
        ("PASSED", ["SecurityAudit", "job-function/ViewOnlyAccess", "AmazonSSMManagedInstanceCore",
                    "AmazonEKSClusterPolicy",
                    "AmazonEKS_CNI_Policy", "CloudWatchAgentServerPolicy", "service-role/AWSLambdaBasicExecutionRole",
                    "service-role/AmazonECSTaskExecutionRolePolicy"]),
    ],
)  # fmt: skip
def test_a_policy_missing_from_the_table_is_unknown(result: str, names: list[str]) -> None:
    assert {name: judged(name, "/") for name in names} == dict.fromkeys(names, result)


def test_what_passes_is_a_policy_that_there_is_by_its_whole_name() -> None:
    known = {name.removeprefix("arn:*:iam::aws:policy") for name in RULE["known"]}
    assert [name for name in known if "*" in name or "?" in name] == []
    paths = {policy["Path"] + name for name, policy in policies().items()}
    assert {name for name in known if name.startswith("/")} <= paths
    assert {name for name in known if not name.startswith("/")} <= set(policies())


def test_an_unresolved_policy_is_unknown_and_one_created_in_code_is_not_aws_managed() -> None:
    made = f"{MADE}${{aws_iam_policy.app.arn}}"
    of_others = ("arn:aws:iam::123456789012:policy/app", f"arn:aws:iam::{OPAQUE}${{data.x.y}}:policy/app")
    for arn, result in ((made, "PASSED"), *((arn, "UNKNOWN") for arn in of_others)):
        found = forbids("aws_iam_role_policy_attachment", {"policy_arn": [arn]}, RULE)
        assert found is not None
        assert found.result == result
    names = {"Policies": ["AWSLambdaBasicExecutionRole", "AmazonSomethingNew"]}
    found = forbids("AWS::Serverless::Function", names, RULE)
    assert found is not None
    assert found.result == "UNKNOWN"


def test_an_aws_managed_policy_is_recognized_in_every_partition_and_not_by_a_part_of_its_name() -> None:
    def refused(*known: str) -> set[bool | None]:
        return {text_meets(pattern, Unknown("x", known=known)).value for pattern in PATTERNS}

    assert True in refused("arn:", ":iam::aws:policy/AdministratorAccess")
    assert True not in refused("arn:aws:iam::aws:policy/", "Access")
    assert None in refused("arn:aws:iam::aws:policy/", "Access")
    assert refused("arn:", ":iam::aws:policy/SecurityAudit") == {False}
