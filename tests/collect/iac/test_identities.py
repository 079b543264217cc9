"""What a block says of the name of its resource: a known text, or nothing; redacted as in the account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.collect.iac.identities import Block, identity_lines, redaction
from preuve.collect.iac.language.value import PartText, Unknown
from preuve.collect.iac.marks import MADE, OPAQUE, marked
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

from .conftest import Scan, Scanner

ARGUMENTS = {name: naming.argument for name, naming in bundled().namings.of.items()}


def identity(kind: str, attributes: dict[str, Any], address: str = "") -> dict[str, str]:
    (line,) = identity_lines([Block(address or f"{kind}.x", kind, "main.tf", 1, 2, attributes)], "infra", ARGUMENTS)
    found: dict[str, str] = line["identity"]
    return found


causes = st.sampled_from(["var.name", "data.aws_vpc.main.id", "local.x", "random_id.a.hex", "module.a.name"])
unknown = st.builds(lambda cause, made: Unknown((cause,), made=made), causes, st.booleans())
part = st.builds(
    lambda text, inner: PartText(inner.causes, parts=(text, inner)), st.text(min_size=1, max_size=5), unknown
)


@given(unknown | part)
def test_what_is_not_known_in_whole_or_in_part_is_no_name(value: Unknown) -> None:
    assert identity("aws_s3_bucket", {"bucket": marked(value)}) == {}


@pytest.mark.parametrize(
    "value",
    ["${var.name}", "var.name", "logs-${random_id.a.hex}", "random_id.a.hex", "module.a.name", "each.value", "", None,
     7, ["a", "b"], {"a": 1}, f"{OPAQUE}x", f"logs{MADE}", "x" * 3000],
)  # fmt: skip
def test_what_is_no_known_text_is_no_name(value: Any) -> None:
    assert identity("aws_s3_bucket", {"bucket": value}) == {}


@given(st.from_regex(r"[a-z0-9][a-z0-9.-]{2,20}", fullmatch=True).filter(lambda text: "." not in text))
def test_a_known_text_is_the_name(text: str) -> None:
    assert identity("aws_s3_bucket", {"bucket": [text], "region": "eu-west-3"}) == {"name": text, "region": "eu-west-3"}
    assert identity("aws_s3_bucket", {"bucket": text, "region": "var.region"}) == {"name": text}


@pytest.mark.parametrize(
    ("value", "of"),
    [
        ("aws_s3_bucket.logs.id", "module.m[0].aws_s3_bucket.logs"),
        ("${aws_s3_bucket.logs.bucket}", "module.m[0].aws_s3_bucket.logs"),
        (f'{MADE}${{aws_s3_bucket.logs["a"].id}}', 'module.m[0].aws_s3_bucket.logs["a"]'),
        ("aws_s3_bucket.logs[each.key].id", ""),
        ("${aws_s3_bucket.logs.id}-x", ""),
        ("module.journaux.id", ""),
    ],
)
def test_a_part_says_which_block_it_belongs_to_in_its_own_module(value: str, of: str) -> None:
    address = "module.m[0].aws_s3_bucket_acl.x"
    assert identity("aws_s3_bucket_acl", {"bucket": value}, address).get("of", "") == of


@pytest.mark.parametrize(
    ("value", "of"),
    [
        ({"Ref": "Logs"}, "Logs"),
        ({"Fn::GetAtt": ["Logs", "Arn"]}, "Logs"),
        (f"{MADE}${{Logs}}", "Logs"),
        ({"Ref": 1}, ""),
    ],
)
def test_a_part_in_a_template_says_it_by_logical_id(value: Any, of: str) -> None:
    assert identity("AWS::S3::BucketPolicy", {"Bucket": value}).get("of", "") == of


# ---- redaction ----------------------------------------------------------------------------------------------------

USERS = frozenset({"aws_iam_user"})
NAMES = ["camille.durand", "jean@techstart.fr", "plain", "arn:aws:iam::123456789012:user/camille.durand"]


@given(st.sampled_from(NAMES), st.sampled_from(["aws_iam_user", "aws_s3_bucket"]))
def test_a_name_is_the_same_after_redaction_in_code_in_the_state_and_in_the_account(name: str, kind: str) -> None:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    redacted = redaction(redactor, USERS)
    in_account = redactor.person(name) if kind in USERS else redactor.text(name)
    block = redacted({"kind": "block", "type": kind, "identity": {"name": name, "region": "eu-west-3"}})
    assert block["identity"] == {"name": in_account, "region": "eu-west-3"}
    state = redacted({"kind": "state", "resources": [{"address": "x", "type": kind, "id": name, "arn": name}]})
    assert state["resources"] == [{"address": "x", "type": kind, "id": in_account, "arn": in_account}]


def test_two_secrets_that_were_removed_are_not_one_name() -> None:
    redacted = redaction(Redactor(Pseudonyms(b"k" * 32)), USERS)
    line = {"kind": "block", "type": "aws_s3_bucket", "identity": {"name": "password=Sup3rS3cret2024"}}
    assert redacted(line)["identity"] == {}


def test_what_a_stack_says_of_a_user_has_the_pseudonym_of_the_user() -> None:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    listed = [{"ResourceType": kind, "PhysicalResourceId": "durand"} for kind in ("AWS::IAM::User", "AWS::S3::Bucket")]
    shown = redactor.data({"Resources": listed})["Resources"]
    assert [item["PhysicalResourceId"] for item in shown] == [redactor.person("durand"), "durand"]


# ---- on real code -------------------------------------------------------------------------------------------------

TERRAFORM = """
provider "aws" { region = "eu-west-3" }
variable "unset" {}
resource "aws_s3_bucket" "logs" { bucket = "shop-logs" }
resource "aws_s3_bucket" "open" { bucket = var.unset }
resource "aws_s3_bucket_acl" "logs" { bucket = aws_s3_bucket.logs.id }
resource "aws_route53_zone" "none" { name = "example.org" }
"""
TEMPLATE = """
Parameters: {Name: {Type: String}}
Conditions: {Prod: !Equals [!Ref Name, prod]}
Resources:
  Logs: {Type: AWS::S3::Bucket, Condition: Prod, Properties: {BucketName: shop-logs}}
  Open: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs, PolicyDocument: {}}}
  Zone: {Type: AWS::Route53::HostedZone}
"""


def told(scan: Scan, root: str = "infra") -> dict[str, dict[str, Any]]:
    return {
        line["address"]: {**line["identity"], **({"optional": True} if "optional" in line else {})}
        for line in scan.of("block", root)
    }


def test_blocks_of_terraform_are_told_with_their_names(scan_files: Scanner) -> None:
    scan = scan_files({"infra/main.tf": TERRAFORM}, arguments=ARGUMENTS)
    here = {"region": "eu-west-3"}
    assert told(scan) == {
        "aws_s3_bucket.logs": {"name": "shop-logs", **here},
        "aws_s3_bucket.open": here,
        "aws_s3_bucket_acl.logs": {"of": "aws_s3_bucket.logs", **here},
    }


def test_all_blocks_of_a_template_are_told(scan_files: Scanner) -> None:
    scan = scan_files({"infra/app.yaml": TEMPLATE}, kind="cloudformation", arguments=ARGUMENTS)
    assert told(scan) == {
        "AWS::S3::Bucket.Logs": {"name": "shop-logs", "optional": True},
        "AWS::S3::Bucket.Open": {"of": "Name"},  # a parameter: no name, and no block either
        "AWS::S3::BucketPolicy.Policy": {"of": "Logs"},
        "AWS::Route53::HostedZone.Zone": {},
    }


def test_a_state_is_read_beside_the_code_and_one_that_cannot_be_is_said(scan_files: Scanner) -> None:
    made = {"attributes": {"id": "shop-logs", "arn": "arn:aws:s3:::shop-logs", "acl": "private"}}
    bucket = {"mode": "managed", "type": "aws_s3_bucket", "name": "logs", "instances": [made]}
    held = json.dumps({"version": 4, "resources": [bucket]})
    scan = scan_files({"infra/main.tf": TERRAFORM, "t.tfstate": held}, arguments=ARGUMENTS, state="t.tfstate")
    (line,) = scan.of("state", "infra")
    assert line["resources"] == [
        {"address": "aws_s3_bucket.logs", "type": "aws_s3_bucket", "id": "shop-logs", "arn": "arn:aws:s3:::shop-logs"}
    ]
    broken = scan_files({"infra/main.tf": TERRAFORM}, arguments=ARGUMENTS, state="t.tfstate")
    assert [(cause, file) for file, _, cause, _ in broken.gaps("infra")] == [("state_not_read", "t.tfstate")]
