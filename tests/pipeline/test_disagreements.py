"""Code and account compared resource by resource, on emulated accounts and with real Checkov."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from emulator import ACCOUNT, PROGRAM, Emulator
from pipeline.runs import LIMITS, with_few
from preuve.model.results import Assessment, JoinState
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import judge, prepare
from preuve.snapshot.reader import read_snapshot

WORKSPACE = """schema: 1
organisation: {{name: Try, country: FR, language: fr}}
scope:
  accounts: [{{id: "{account}", name: production}}]
  regions: [eu-west-3]
  iac:
    - {{path: infra, kind: terraform, state: infra.tfstate}}
    - {{path: sam, kind: cloudformation}}
evidence: {{pseudonym_key: .key/p.key}}
aws: {{endpoint_url: "{endpoint}", demonstration: true}}
"""
TEMPLATE = """
Resources:
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: door
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}]
  Pages: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
"""
TERRAFORM = """
provider "aws" { region = "eu-west-3" }
variable "size" {}
resource "aws_ebs_volume" "clear" {
  availability_zone = "eu-west-3a"
  size              = 8
  encrypted         = true
}
resource "aws_iam_user" "person" { name = "camille.durand" }
resource "aws_iam_user_policy_attachment" "person" {
  user       = aws_iam_user.person.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
"""


def examined(root: Path, *policies: str) -> Assessment:
    with_few(root, *policies)
    prepared = prepare(root)
    take_snapshot(prepared, root / "snapshot", Scope(aws=True, iac=True), lambda *_, **__: None, LIMITS)
    return judge(prepared, read_snapshot(root / "snapshot"))


def told(assessment: Assessment) -> set[tuple[str, str, str, str, bool]]:
    """Return policy, resource, place in code, source of the join, and whether the account fails."""
    return {
        (item.policy, item.cloud.id, f"{item.code.file}:{item.code.line}", item.by, item.cloud_fails)
        for item in assessment.disagreements
    }


def test_state_and_stack_join_resources_without_their_own_name(emulator: Emulator, tmp_path: Path) -> None:
    cloudformation, ec2, iam, s3 = (emulator.client(name) for name in ("cloudformation", "ec2", "iam", "s3"))
    cloudformation.create_stack(StackName="app", TemplateBody=TEMPLATE)
    listed = cloudformation.list_stack_resources(StackName="app")["StackResourceSummaries"]
    made = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in listed}
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [made["Door"]]}])["SecurityGroups"]
    group = groups[0]["GroupId"] if groups else made["Door"]
    anyone = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[anyone])
    s3.put_bucket_versioning(Bucket=made["Pages"], VersioningConfiguration={"Status": "Suspended"})
    volume = ec2.create_volume(AvailabilityZone="eu-west-3a", Size=8, Encrypted=False)["VolumeId"]
    user = iam.create_user(UserName="camille.durand")["User"]["Arn"]

    def entry(kind: str, name: str, key: str, arn: str) -> dict[str, object]:
        attributes = {"id": key, "arn": arn, "password": "Sup3rS3cret2024!"}
        return {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]}

    resources = [
        entry("aws_ebs_volume", "clear", volume, f"arn:aws:ec2:eu-west-3:{ACCOUNT}:volume/{volume}"),
        entry("aws_iam_user", "person", "camille.durand", user),
    ]
    files = {
        "preuve.yaml": WORKSPACE.format(account=ACCOUNT, endpoint=emulator.endpoint),
        "sam/app.yaml": TEMPLATE,
        "infra/main.tf": TERRAFORM,
        "infra.tfstate": json.dumps({"version": 4, "resources": resources}),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    policies = ("ebs-volume-encrypted", "s3-versioning", "sg-no-admin-ports-open", "iam-policies-not-on-users")
    assessment = examined(tmp_path, *policies)
    found = {(policy, resource, by) for policy, resource, _, by, fails in told(assessment) if fails}
    assert ("ebs-volume-encrypted", volume, "state") in found
    assert ("s3-versioning", made["Pages"], "stack") in found
    assert ("sg-no-admin-ports-open", group, "stack") in found
    (person,) = [join for join in assessment.joins if join.type == "AWS::IAM::User" and join.code]
    assert person.state is JoinState.JOINED and person.cloud and "camille" not in person.cloud.own_name
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "snapshot").rglob("*.json*"))
    assert "camille.durand" not in written and "Sup3rS3cret2024!" not in written
    assert judge(prepare(tmp_path), read_snapshot(tmp_path / "snapshot")) == assessment


@pytest.fixture
def techstart(techstart_account: Emulator, tmp_path: Path) -> Assessment:
    shutil.copytree(PROGRAM.parent, tmp_path / "techstart")
    settings = tmp_path / "techstart" / "preuve.yaml"
    settings.write_text(
        re.sub(r"http://127\.0\.0\.1:\d+", techstart_account.endpoint, settings.read_text("utf-8")), "utf-8"
    )
    return examined(tmp_path / "techstart", "rds-encrypted", "s3-access-logging", "dynamodb-pitr")


def test_the_demonstration_contains_disagreements_in_both_directions(
    techstart: Assessment,
) -> None:
    found = {(policy, resource, fails) for policy, resource, _, _, fails in told(techstart)}
    assert ("rds-encrypted", "techstart-recette", True) in found
    assert ("s3-access-logging", "techstart-paie", False) in found
    assert ("rds-encrypted", "techstart-production", True) not in found
    states = {join.state for join in techstart.joins}
    assert states == {JoinState.JOINED, JoinState.ONLY_ACCOUNT, JoinState.NOT_JOINED}
