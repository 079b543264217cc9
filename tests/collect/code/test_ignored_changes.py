"""What `ignore_changes` leaves to others is not known: nothing passes by it, here or elsewhere."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

RULES = ("ACL_PRIVATE", "ENCRYPTED", "VERSIONING", "PUBLIC_ACCESS_BLOCK")
CHECKS = frozenset(
    {
        "CKV2_PREUVE_RDS_ENCRYPTED",
        *(f"CKV2_PREUVE_S3_{name}" for name in RULES),
        "CKV2_PREUVE_SG_ADMIN_PORTS",
        "CKV2_AWS_12",
    }
)
BLOCKED = (
    "block_public_acls = true\nignore_public_acls = true\nblock_public_policy = true\nrestrict_public_buckets = true"
)
CODE = f"""
resource "aws_s3_bucket" "beside" {{
  lifecycle {{ ignore_changes = [server_side_encryption_configuration, acl, versioning, tags["Owner"]] }}
}}
resource "aws_s3_bucket_acl" "beside" {{
  bucket = aws_s3_bucket.beside.id
  acl    = "private"
}}
resource "aws_s3_bucket_versioning" "beside" {{
  bucket = aws_s3_bucket.beside.id
  versioning_configuration {{ status = "Enabled" }}
}}
resource "aws_s3_bucket_server_side_encryption_configuration" "beside" {{
  bucket = aws_s3_bucket.beside.id
  rule {{
    apply_server_side_encryption_by_default {{ sse_algorithm = "AES256" }}
  }}
}}
resource "aws_s3_bucket_public_access_block" "beside" {{
  bucket = aws_s3_bucket.beside.id
  {BLOCKED}
  lifecycle {{ ignore_changes = [block_public_policy] }}
}}
resource "aws_s3_bucket" "alone" {{
  lifecycle {{ ignore_changes = [acl] }}
}}
resource "aws_s3_bucket" "other" {{
  lifecycle {{ ignore_changes = [tags] }}
}}
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_default_security_group" "v" {{
  vpc_id = aws_vpc.v.id
  lifecycle {{ ignore_changes = [ingress, egress] }}
}}
resource "aws_vpc" "w" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_default_security_group" "w" {{
  vpc_id = aws_vpc.w.id
  lifecycle {{ ignore_changes = [vpc_id] }}
}}
resource "aws_ssm_parameter" "range" {{
  name  = "range"
  type  = "String"
  value = "10.0.0.0/8"
  lifecycle {{ ignore_changes = [value] }}
}}
resource "aws_security_group" "reads" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [aws_ssm_parameter.range.value]
  }}
}}
resource "aws_security_group" "open" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
  lifecycle {{ ignore_changes = all }}
}}
"""
CASES = {
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_ACL_PRIVATE"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_ENCRYPTED"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_VERSIONING"): "PASSED",
    ("aws_s3_bucket.beside", "CKV2_PREUVE_S3_PUBLIC_ACCESS_BLOCK"): "UNKNOWN",
    ("aws_s3_bucket.alone", "CKV2_PREUVE_S3_ACL_PRIVATE"): "UNKNOWN",
    ("aws_s3_bucket.other", "CKV2_PREUVE_S3_ACL_PRIVATE"): "PASSED",
    ("aws_vpc.v", "CKV2_AWS_12"): "UNKNOWN",
    ("aws_vpc.w", "CKV2_AWS_12"): "UNKNOWN",
    ("aws_security_group.reads", "CKV2_PREUVE_SG_ADMIN_PORTS"): "UNKNOWN",
    ("aws_security_group.open", "CKV2_PREUVE_SG_ADMIN_PORTS"): "FAILED",
}


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    library = bundled()
    params = {name: one.value for name, one in library.parameters.items()}
    rules = tuple(rendered(library.code_rules[name], params) for name in CHECKS if name in library.code_rules)
    return scan_files({"infra/main.tf": CODE}, checks=CHECKS, rules=rules)


@pytest.mark.parametrize(("address", "check"), CASES)
def test_what_is_left_to_others_is_not_known(found: Scan, address: str, check: str) -> None:
    assert found.record("infra", address, check)["result"] == CASES[address, check]


# Where a neighbour that leaves something is found by its name, or because it is of the whole account.
BY_NAME = """
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_s3_bucket_versioning" "b" {
  bucket = "b"
  versioning_configuration { status = "Enabled" }
  lifecycle { ignore_changes = [versioning_configuration] }
}
"""
OF_THE_ACCOUNT = f"""
resource "aws_s3_account_public_access_block" "all" {{
  {BLOCKED}
  lifecycle {{ ignore_changes = all }}
}}
resource "aws_s3_bucket" "b" {{}}
"""


# Where a neighbour leaves to others of which bucket it is; and where the neighbour of another bucket does.
OF_WHICH = f"""
resource "aws_s3_bucket" "b" {{}}
resource "aws_s3_bucket" "other" {{}}
resource "aws_s3_bucket_public_access_block" "b" {{
  bucket = aws_s3_bucket.%s.id
  {BLOCKED}
  lifecycle {{ ignore_changes = [bucket] }}
}}
resource "aws_s3_bucket_public_access_block" "own" {{
  bucket = aws_s3_bucket.%s.id
  {BLOCKED}
}}
"""
# Where another argument is one of two values.
CHOSEN = """
variable "on" { type = bool }
resource "aws_db_instance" "d" {
  storage_encrypted = true
  engine            = var.on ? "mysql" : "postgres"
  lifecycle { ignore_changes = [storage_encrypted] }
}
"""


def held(ignored: str, kind: str = "stack", value: str = '{ Ref = "P" }') -> str:
    return f"""
resource "aws_cloudformation_{kind}" "s" {{
  name          = "s"
  parameters    = {{ P = "true", Q = "x" }}
  template_body = jsonencode({{
    Parameters = {{ P = {{ Type = "String" }}, Q = {{ Type = "String" }} }}
    Resources  = {{ D = {{ Type = "AWS::RDS::DBInstance", Properties = {{ StorageEncrypted = {value} }} }} }}
  }})
  lifecycle {{ ignore_changes = [{ignored}] }}
}}
"""


CONTROLLED = """
resource "aws_cloudcontrolapi_resource" "s" {
  type_name     = "AWS::RDS::DBInstance"
  desired_state = jsonencode({ StorageEncrypted = true })
  lifecycle { ignore_changes = [%s] }
}
"""
STACK = "aws_cloudformation_stack.s:AWS::RDS::DBInstance.D"
SET = "aws_cloudformation_stack_set.s:AWS::RDS::DBInstance.D"
ONE = "aws_cloudcontrolapi_resource.s:AWS::RDS::DBInstance.Resource"


def group(ignored: str, beside: str) -> str:
    return f"""
variable "on" {{}}
resource "aws_security_group" "a" {{}}
resource "aws_security_group" "b" {{
  lifecycle {{ ignore_changes = [{ignored}] }}
}}
resource "aws_security_group_rule" "r" {{
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  {beside}
}}
"""


OWN = 'security_group_id = aws_security_group.b.id\ncidr_blocks = ["10.0.0.0/8"]\n'
OF_ANOTHER = "security_group_id = aws_security_group.a.id\nsource_security_group_id = aws_security_group.b.id\n"
RESTORED = """
resource "aws_db_instance" "d" {
  storage_encrypted = true
  %s
  lifecycle { ignore_changes = [snapshot_identifier] }
}
"""
ALONE = {
    "not_restored": (RESTORED % "", "aws_db_instance.d", "RDS_ENCRYPTED", "PASSED"),
    "restored": (RESTORED % 'snapshot_identifier = "s"', "aws_db_instance.d", "RDS_ENCRYPTED", "UNKNOWN"),
    "own": (group("ingress", OWN + 'type = "ingress"'), "aws_security_group.b", "SG_ADMIN_PORTS", "PASSED"),
    "other": (group("ingress", OF_ANOTHER + 'type = "ingress"'), "aws_security_group.b", "SG_ADMIN_PORTS", "UNKNOWN"),
    "out": (group("ingress", OWN + 'type = "egress"'), "aws_security_group.b", "SG_ADMIN_PORTS", "UNKNOWN"),
    "maybe": (
        group("ingress", OWN + 'type = "ingress"\ncount = var.on ? 1 : 0'),
        "aws_security_group.b",
        "SG_ADMIN_PORTS",
        "UNKNOWN",
    ),
    "star": (group('"*"', OWN + 'type = "ingress"'), "aws_security_group.b", "SG_ADMIN_PORTS", "UNKNOWN"),
    "of_which": (OF_WHICH % ("b", "other"), "aws_s3_bucket.b", "S3_PUBLIC_ACCESS_BLOCK", "UNKNOWN"),
    "of_which_own": (OF_WHICH % ("other", "b"), "aws_s3_bucket.b", "S3_PUBLIC_ACCESS_BLOCK", "PASSED"),
    "chosen": (CHOSEN, "aws_db_instance.d", "RDS_ENCRYPTED", "UNKNOWN"),
    **{
        f"held_{name}": (held(ignored, kind, value), SET if kind == "stack_set" else STACK, "RDS_ENCRYPTED", result)
        for name, (ignored, kind, value, result) in {
            "body": ("template_body", "stack", "true", "UNKNOWN"),
            "all": ("all", "stack", "true", "UNKNOWN"),
            "set": ("template_body", "stack_set", "true", "UNKNOWN"),
            "set_other": ("administration_role_arn", "stack_set", "true", "PASSED"),
            "parameters": ("parameters", "stack", '{ Ref = "P" }', "UNKNOWN"),
            "one_parameter": ('parameters["P"]', "stack", '{ Ref = "P" }', "UNKNOWN"),
            "other_parameter": ('parameters["Q"]', "stack", '{ Ref = "P" }', "PASSED"),
            "not_by_parameters": ("parameters", "stack", "true", "PASSED"),
            "other": ("on_failure", "stack", "true", "PASSED"),
            "failing": ("template_body", "stack", "false", "FAILED"),
        }.items()
    },
    "controlled": (CONTROLLED % "desired_state", ONE, "RDS_ENCRYPTED", "UNKNOWN"),
    "controlled_all": (CONTROLLED % "all", ONE, "RDS_ENCRYPTED", "UNKNOWN"),
    "controlled_other": (CONTROLLED % "role_arn", ONE, "RDS_ENCRYPTED", "PASSED"),
    "by_name": (BY_NAME, "aws_s3_bucket.b", "S3_VERSIONING", "UNKNOWN"),
    "of_the_account": (OF_THE_ACCOUNT, "aws_s3_bucket.b", "S3_PUBLIC_ACCESS_BLOCK", "UNKNOWN"),
    "account_governed": (
        OF_THE_ACCOUNT.replace("ignore_changes = all", "prevent_destroy = true"),
        "aws_s3_bucket.b",
        "S3_PUBLIC_ACCESS_BLOCK",
        "PASSED",
    ),
}


@pytest.fixture(scope="module")
def alone(scan_files: Scanner) -> Scan:
    library = bundled()
    params = {name: one.value for name, one in library.parameters.items()}
    rules = tuple(rendered(library.code_rules[name], params) for name in CHECKS if name in library.code_rules)
    first, *others = ALONE
    files = {f"{name}/main.tf": code for name, (code, *_) in ALONE.items()}
    return scan_files(files, root=first, others=others, checks=CHECKS, rules=rules)


@pytest.mark.parametrize("name", ALONE)
def test_what_is_left_to_others_beside_is_not_known(alone: Scan, name: str) -> None:
    _, address, check, result = ALONE[name]
    assert alone.record(name, address, f"CKV2_PREUVE_{check}")["result"] == result


TAGGED = """
resource "aws_db_instance" "%(name)s" {
  storage_encrypted = %(encrypted)s
  tags = { DataClassification = "internal", Owner = "a" }
  lifecycle { ignore_changes = [%(ignored)s] }
}
"""
WRITTEN = {"DataClassification": "internal", "Owner": "a"}
LEFT_OF_TAGS = {"tags": None, '"*"': None, 'tags["Owner"]': {**WRITTEN, "Owner": None}, "engine": WRITTEN}


def test_tags_that_are_left_to_others_settle_nothing_but_a_failure(scan_files: Scanner) -> None:
    blocks = [
        {"name": f"{name}{number}", "encrypted": "true" if name == "passes" else "false", "ignored": ignored}
        for name in ("passes", "fails")
        for number, ignored in enumerate(LEFT_OF_TAGS)
    ]
    check = "CKV2_PREUVE_RDS_ENCRYPTED"
    rule = rendered(bundled().code_rules[check], {})
    code = 'provider "aws" {}\n' + "".join(TAGGED % block for block in blocks)
    by_tags = frozenset({check})
    found = scan_files({"infra/main.tf": code}, checks=by_tags, rules=(rule,), by_tags=by_tags).of("record", "infra")
    for block in blocks:
        lines = [line for line in found if line["address"] == f"aws_db_instance.{block['name']}"]
        left = LEFT_OF_TAGS[block["ignored"]]
        fails = block["encrypted"] == "false"
        assert {line["result"] == "FAILED" for line in lines} == {fails}
        wanted = [WRITTEN, left] if fails and left != WRITTEN else [left]
        assert all(line["tags"] in wanted for line in lines)
        assert len(lines) == len(wanted)
