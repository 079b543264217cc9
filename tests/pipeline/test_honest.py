"""Names as people give them, in every place of a workspace and of an account: nothing of it is told as altered.

`honest` holds each snapshot that any test takes; these are the ones that no other test has.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from emulator import ACCOUNT, Emulator
from honest import accused
from pipeline.runs import LIMITS, prepared_for, run
from preuve.library.company.templates import register_columns, registers
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import prepare

ODD = "Équipe n° 7 @ Paris (R&D) + 50 %"
SETTINGS = f"""schema: 1
organisation: {{name: "{ODD}", country: FR, language: fr}}
scope:
  accounts: [{{id: "{ACCOUNT}", name: "{ODD}", environment: "{ODD}"}}]
  regions: [eu-west-3]
  iac:
    - {{path: "{ODD}/infra", kind: terraform, state: "{ODD}/état.tfstate"}}
    - {{path: "{ODD}", kind: cloudformation}}
    - {{path: "{ODD}", kind: dockerfile}}
    - {{path: ".", kind: github_actions}}
    - {{path: "n'existe pas", kind: terraform}}
  exclude: [{{path: "{ODD}/vieux", reason: "plus appliqué depuis l'été"}}]
exclusions: [{{control: A.7.1, reason: "Équipe à distance, sans locaux"}}]
evidence: {{pseudonym_key: .key/p.key, purpose: "{ODD}"}}
"""
TERRAFORM = f"""
provider "aws" {{
  region = "eu-west-3"
}}
module "a" {{
  source   = "./modules"
  for_each = toset(["{ODD}", "a/b", "x\\ny"])
  name     = each.key
}}
resource "aws_s3_bucket" "b" {{
  for_each = toset(["{ODD}", "a/b"])
  bucket   = "{ODD}"
  tags     = {{ "{ODD}" = "{ODD}", count = 3, on = true, none = null, deep = var.unknown }}
}}
resource "aws_security_group_rule" "open" {{
  type = "ingress"
  from_port = 22
  to_port = 22
  protocol = "tcp"
  cidr_blocks = ["0.0.0.0/0"]
  security_group_id = "sg-1"
}}
resource "google_storage_bucket" "é" {{ name = "a" }}
moved {{
  from = aws_s3_bucket.old["{ODD}"]
  to   = aws_s3_bucket.b["{ODD}"]
}}
"""
MODULE = """
variable "name" {}
resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-3a"
  tags = { Name = var.name }
}
resource "aws_iam_user" "person" { name = "jean dupont@${var.name}" }
"""
TEMPLATE = f"""
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Metadata: {{checkov: {{skip: [{{id: CKV_AWS_18, comment: "{ODD}"}}]}}}}
    Properties: {{BucketName: "{ODD}", Tags: [{{Key: "{ODD}", Value: !Ref "AWS::Region"}}]}}
"""
WORKFLOW = "on: push\njobs: {a b: {runs-on: x, steps: [{run: 'echo ${{ github.event }}'}]}}"
STATE = {
    "version": 4,
    "resources": [
        {
            **{"mode": "managed", "type": "aws_s3_bucket", "name": "b"},
            "instances": [
                {"index_key": ODD, "attributes": {"id": ODD, "arn": f"arn:aws:s3:::{ODD}\n"}},
                {"index_key": 3, "attributes": {"id": "x", "arn": ODD}},
            ],
        }
    ],
}
WAIVER = {
    **{
        "id": ODD,
        "policy": "s3-versioning",
        "resource": f"*{ODD}*",
        "reason": ODD,
        "owner": "Jeanne Dupont",
        "approver": "Paul Roche (RSSI)",
    },
    **{"created": "2026-11-01", "expires": "2027-01-01"},
}
_STATEMENT = {
    **{"Sid": "", "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}},
    "Condition": {"StringLike": {"aws:RequestTag/a b": ODD}},
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [_STATEMENT]})
DEFECTS = ({}, {"id": 3}, {"policy": ODD}, {"owner": "Paul Roche"}, {"expires": "2026-01-01"},
           {"created": "2026-02-30"}, {"expires": "2029-01-01"}, {"more": ODD}, {"reason": ""}, {"account": ODD},
           {"created": ODD})  # fmt: skip


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A workspace in which everything has a name that somebody may give it, and much is wrong."""
    root = tmp_path / "workspace"
    attested = {"id": ODD, "evidence": "GOV-01", "kind": "document", "title": ODD, "owner": "Jeanne Dupont"}
    attested |= {"effective": "2026-01-01", "conclusion": "partly", "file": f"{ODD}.PDF"}
    spoiled = [{**WAIVER, "id": f"{ODD} {number}", **item} for number, item in enumerate(DEFECTS)]
    written(
        root,
        {
            "preuve.yaml": SETTINGS,
            f"{ODD}/infra/{ODD}.tf": TERRAFORM,
            f"{ODD}/infra/broken.tf": "resource {{{",
            f"{ODD}/infra/modules/main.tf": MODULE,
            f"{ODD}/état.tfstate": json.dumps(STATE),
            f"{ODD}/{ODD}.yaml": TEMPLATE,
            f"{ODD}/Dockerfile": "FROM debian:latest\nUSER root\n",
            f"{ODD}/vieux/main.tf": "",
            ".github/workflows/é t é.yml": WORKFLOW,
            "waivers.yaml": json.dumps({"waivers": [WAIVER, *spoiled, ODD]}),
            f"attestations/{ODD}.yaml": json.dumps(attested),
            "attestations/B.yaml": json.dumps({**attested, "id": "B", "evidence": ODD}),
            "attestations/C.yaml": json.dumps({**attested, "id": "C", "file": "../x"}),
            "attestations/D.yaml": json.dumps({**attested, "id": "D", "conclusion": ODD}),
            "attestations/E.yaml": "{",
            f"attestations/{ODD}.PDF": "%PDF",
            f"attestations/{ODD}": "read by nobody",
            f"attestations/sous {ODD}/{ODD}.DOCX~": "read by nobody",
            f"registers/{ODD}.csv": f"{ODD};b\n{ODD};2\n",
            f"registers/{ODD}.numbers": "read by nobody",
            "registers/soa.csv": "control,justification\n",
            "registers/people.csv": "a\n",
            "Registers/a.csv": "",
        },
    )  # fmt: skip
    return root


def test_a_workspace_with_odd_names_is_not_told_as_altered(odd: Path, tmp_path: Path) -> None:
    ready = prepare(odd)
    assert ready.workspace.problems
    take_snapshot(ready, tmp_path / "snapshot", Scope(aws=False, iac=True), lambda *_, **__: None, LIMITS)
    assert accused(ready, tmp_path / "snapshot") == []


def filled(root: Path) -> None:
    """Fill each register that has a template: its cells with what they ask for, with nothing, and with anything."""
    (root / "registers").mkdir(parents=True)
    for name in registers():
        columns = register_columns(name)[0]
        rows = [columns, *([cell] * len(columns) for cell in ("yes", "2026-11-24", "none", "", ODD, "a; b, c"))]
        with (root / "registers" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def test_an_account_with_odd_names_is_not_told_as_altered(emulator: Emulator, tmp_path: Path) -> None:
    tags = [{"Key": "Équipe 7 @ Paris", "Value": ""}, {"Key": "données/personnelles", "Value": "a@b = c: d"}]
    ec2, iam, s3, sns = (emulator.client(name) for name in ("ec2", "iam", "s3", "sns"))
    iam.create_user(UserName="jean.dupont+aws@acme,x=y", Path="/equipe!~/", Tags=tags)
    iam.create_role(RoleName="x+=,.@-_", AssumeRolePolicyDocument=POLICY, Path="/a/b/", Description="a b", Tags=tags)
    s3.create_bucket(Bucket="a.b-c", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    s3.put_bucket_tagging(Bucket="a.b-c", Tagging={"TagSet": tags})
    ec2.create_security_group(
        GroupName=ODD,
        Description="a /:()#,@[]+=&;{}!$*",
        TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}],
    )
    ec2.create_volume(
        AvailabilityZone="eu-west-3a", Size=8, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}]
    )
    sns.create_topic(Name="a-b_c", Attributes={"DisplayName": ODD}, Tags=tags)
    emulator.client("logs").create_log_group(logGroupName="/a/b#c.d_e")
    emulator.client("ssm").put_parameter(Name="/a/b/é", Value=ODD, Type="String", Description=ODD)
    emulator.client("secretsmanager").create_secret(Name="/a+b=c.@-", SecretString=ODD, Tags=tags)
    emulator.client("sqs").create_queue(QueueName="a-b_c", tags={ODD: ODD})
    emulator.client("dynamodb").create_table(
        TableName="a.b-c_d",
        KeySchema=[{"AttributeName": ODD, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": ODD, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=tags,
    )
    filled(tmp_path)
    ready = prepared_for(tmp_path, emulator.endpoint)
    assert accused(ready, run(ready, tmp_path / "run").folder) == []
