"""Expressions are replaced by their values if the code determines them, and stay unknown otherwise."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner, volume

VERSIONING = """
resource "aws_s3_bucket" "this" {{}}
variable "on" {{
  default = {on}
}}
variable "suspended" {{
  default = false
}}
resource "aws_s3_bucket_versioning" "this" {{
  bucket = aws_s3_bucket.this.id
  versioning_configuration {{
    status = (var.on ? (var.suspended ? "Suspended" : "Enabled") : "Disabled")
  }}
}}
"""
OWNERSHIP = """
variable "ownership" {{
  type    = object({{ rules = optional(set(object({{ object_ownership = string }}))) }})
  default = {{ rules = [{{ object_ownership = "{given}" }}] }}
}}
resource "aws_s3_bucket_ownership_controls" "this" {{
  bucket = "b"
  dynamic "rule" {{
    for_each = coalesce(var.ownership.rules, toset([{{ object_ownership = "BucketOwnerEnforced" }}]))
    content {{
      object_ownership = rule.value.object_ownership
    }}
  }}
}}
"""
LIFECYCLE = """
variable "rules" {{
  type = list(object({{
    status = string
    abort  = optional(object({{ days = number }}){default})
  }}))
  default = [{{ status = "Enabled"{abort} }}]
}}
resource "aws_s3_bucket_lifecycle_configuration" "this" {{
  bucket = "b"
  dynamic "rule" {{
    for_each = var.rules
    content {{
      id     = "r"
      status = rule.value.status
      dynamic "abort_incomplete_multipart_upload" {{
        for_each = try(rule.value.abort, null)[*]
        content {{
          days_after_initiation = abort_incomplete_multipart_upload.value.days
        }}
      }}
    }}
  }}
}}
"""
DEFAULT_GROUP = """
variable "ingress" {{
  default = {ingress}
}}
resource "aws_vpc" "this" {{}}
resource "aws_default_security_group" "this" {{
  vpc_id = aws_vpc.this.id
  dynamic "ingress" {{
    for_each = var.ingress
    content {{
      from_port   = lookup(ingress.value, "from_port", 0)
      to_port     = 0
      protocol    = "-1"
      cidr_blocks = compact(split(",", lookup(ingress.value, "cidr_blocks", "")))
    }}
  }}
}}
"""
LOOP = """
variable "all" {}
resource "aws_db_instance" "this" {
  for_each                = var.all
  backup_retention_period = each.value.backup_retention_period
}
"""
LOGS = """
variable "all" {}
resource "aws_lb" "this" {
  dynamic "access_logs" {
    for_each = var.all
    content {
      bucket  = "b"
      enabled = true
    }
  }
}
"""
PARENTHESES = """
variable "size" {{
  default = 3
  validation {{
    condition = var.size == null || ( # "(" is none in a comment
      var.size > 1 && startswith("${{var.size}})", "3")
      || (
        var.size == 1
      )
    )
    error_message = "no ("
  }}
}}
locals {{
  text = <<EOT
( "is no bracket
EOT
}}
resource "aws_ebs_volume" "this" {{
  encrypted = (
    var.size > 1
    ? {then}
    : true
  )
}}
""".replace("{{", "{").replace("}}", "}")
ROLE = """
variable "name" {}
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = "{}"
}
"""
BOUNDED = """
variable "bucket" {}
data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${var.bucket}/*"]
  }
}
"""
COUNTED = """
variable "on" {}
data "aws_iam_policy_document" "this" {
  count = var.on ? 1 : 0
  statement {
    actions   = ["ec2:TerminateInstances"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "this" {
  count  = var.on ? 1 : 0
  policy = data.aws_iam_policy_document.this[0].json
}
"""
COMBINED = """
variable "more" {}
data "aws_iam_policy_document" "this" {
  source_policy_documents = var.more
}
"""
SECRET = """
resource "aws_lambda_function" "this" {
  environment {
    variables = {
      access_key = "AKIAIOSFODNN7EXAMPLE"
      secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    }
  }
}
"""
VOLUME = 'resource "aws_ebs_volume" "v" {{\n  encrypted = {value}\n}}\n'
GOOD = 'variable "on" {\n  default = true\n}\n'
BAD = GOOD.replace("true", "false")
LOCAL = "locals {\n  on = true\n}\n"
CALL = 'module "one" {\n  source = "./m"\n  on = false\n}\n'
CASES = {
    # nested conditions, whose parentheses Checkov's parser drops
    "on": (VERSIONING.format(on="true"), "CKV_AWS_21", "PASSED"),
    "off": (VERSIONING.format(on="false"), "CKV_AWS_21", "FAILED"),
    "neither": (VERSIONING.format(on="null").replace("default = null", ""), "CKV_AWS_21", "UNKNOWN"),
    # dynamic blocks
    "enforced": (OWNERSHIP.format(given="BucketOwnerEnforced"), "CKV2_AWS_65", "PASSED"),
    "writer": (OWNERSHIP.format(given="ObjectWriter"), "CKV2_AWS_65", "FAILED"),
    "ownership_open": (OWNERSHIP.format(given="").replace("  default", "  # default"), "CKV2_AWS_65", "UNKNOWN"),
    "aborts": (LIFECYCLE.format(default="", abort=", abort = { days = 7 }"), "CKV_AWS_300", "PASSED"),
    "aborts_not": (LIFECYCLE.format(default="", abort=""), "CKV_AWS_300", "FAILED"),
    "aborts_by_default": (LIFECYCLE.format(default=", { days = 7 }", abort=""), "CKV_AWS_300", "PASSED"),
    "closed": (DEFAULT_GROUP.format(ingress="[]"), "CKV2_AWS_12", "PASSED"),
    "opened": (DEFAULT_GROUP.format(ingress='[{ cidr_blocks = "0.0.0.0/0" }]'), "CKV2_AWS_12", "FAILED"),
    # missing or wrong only as far as the code shows
    "each": (LOOP, "CKV_AWS_133", "UNKNOWN"),
    "logs": (LOGS, "CKV_AWS_91", "UNKNOWN"),
    "attached_to_a_role": (ROLE, "CKV2_AWS_56", "PASSED"),
    # which values of a document a check of Checkov has read is not asked
    "bounded": (BOUNDED, "CKV_AWS_111", "UNKNOWN"),
    "perhaps_unbounded": (BOUNDED.replace("arn:aws:s3:::${var.bucket}/*", "${var.bucket}"), "CKV_AWS_111", "UNKNOWN"),
    "counted": (COUNTED, "CKV_AWS_290", "FAILED"),
    "combined": (COMBINED, "CKV_AWS_111", "UNKNOWN"),
    "combined_with_none": (COMBINED.replace('"more" {}', '"more" {\n  default = []\n}'), "CKV_AWS_111", "PASSED"),
    "secret": (SECRET, "CKV_AWS_45", "FAILED"),
    # Terraform refuses duplicates: nobody knows which one was meant
    "variable_twice": (VOLUME.format(value="var.on") + GOOD + BAD, "CKV_AWS_3", "UNKNOWN"),
    "variable_once": (VOLUME.format(value="var.on") + GOOD, "CKV_AWS_3", "PASSED"),
    "local_twice": (VOLUME.format(value="local.on") + LOCAL.replace("true", "false") + LOCAL, "CKV_AWS_3", "UNKNOWN"),
    # expressions that Checkov's parser refuses
    "lines": (PARENTHESES.replace("{then}", "false"), "CKV_AWS_3", "FAILED"),
    "other_lines": (PARENTHESES.replace("{then}", "true"), "CKV_AWS_3", "PASSED"),
}


@pytest.fixture(scope="module")
def made(scan_files: Scanner) -> Scan:
    files: dict[str, str | bytes] = {f"{name}/main.tf": code for name, (code, _, _) in CASES.items()}
    files |= {"called/main.tf": CALL, "called/m/main.tf": VERSIONING.format(on="true")}
    return scan_files(files, root=".", checks=frozenset(check for _, check, _ in CASES.values()))


@pytest.mark.parametrize("name", CASES)
def test_a_verdict_follows_from_the_values_that_terraform_would_use(made: Scan, name: str) -> None:
    _, check, result = CASES[name]
    assert {line["result"] for line in made.of("record", name) if line["check"] == check} == {result} - {None}


def test_an_unknown_in_a_companion_block_is_named(made: Scan) -> None:
    record = made.record("neither", "aws_s3_bucket.this", "CKV_AWS_21")
    assert "var.on" in record["detail"]


def test_the_value_of_a_companion_block_and_its_call_are_shown(made: Scan) -> None:
    record = made.record("called", "module.one.aws_s3_bucket.this", "CKV_AWS_21")
    assert record["values"] == {"aws_s3_bucket_versioning.versioning_configuration.status": '"Disabled"'}
    assert record["called_from"] == [["module.one", "called/main.tf", 1]]


def test_lines_stay_correct_where_an_expression_is_joined(made: Scan) -> None:
    record = made.record("lines", "aws_ebs_volume.this", "CKV_AWS_3")
    assert (record["line"], record["end_line"]) == (19, 25)
    assert made.gaps("lines") == []


def test_a_value_found_by_a_check_for_secrets_is_not_shown(made: Scan) -> None:
    record = made.record("secret", "aws_lambda_function.this", "CKV_AWS_45")
    assert set(record["values"].values()) == {"[removed: secret]"}


def test_what_is_refused_is_told_as_it_is_written_and_not_by_the_name_that_leads_to_it(scan_files: Scanner) -> None:
    calling = """
variable "on" { type = bool }
variable "opts" {
  type    = object({ encrypted = optional(bool) })
  default = null
}
module "m" {
  source    = "./m"
  count     = var.on ? 1 : 0
  encrypted = var.opts.encrypted
}
"""
    called = """
variable "encrypted" { type = bool }
locals { encrypted = var.encrypted }
resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-3a"
  encrypted         = local.encrypted
}
"""
    files = {"infra/main.tf": calling, "infra/m/main.tf": called}
    (line,) = scan_files(files, checks=frozenset({"CKV_AWS_3"})).of("record", "infra")
    assert (
        line["detail"]
        == "unresolved: an expression that Terraform refuses: var.opts.encrypted (module.m.encrypted in main.tf:10)"
    )


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("local.bad", "an expression that Terraform refuses: local.few[3] (local.bad in more.tf:3)"),
        ("module.m.bad", "an expression that Terraform refuses: var.none.x (output.bad in main.tf:5)"),
    ],
)
def test_what_is_refused_is_told_with_its_place(scan_files: Scanner, value: str, cause: str) -> None:
    more = """locals {
  few = [true]
  bad = local.few[3]
}
data "template_file" "t" {
  template = "true"
  vars {
    a = "b"
  }
}
module "m" {
  source = "./m"
}
"""
    inner = 'variable "none" {\n  default = null\n}\noutput "bad" {\n  value = var.none.x\n}\n'
    files = {"infra/main.tf": volume(encrypted=value), "infra/more.tf": more, "infra/m/main.tf": inner}
    (line,) = scan_files(files, checks=frozenset({"CKV_AWS_3"})).of("record", "infra")
    assert line["detail"] == f"unresolved: {cause}"


def test_the_block_vars_is_what_the_versions_take_it_for_that_take_it(scan_files: Scanner) -> None:
    more = """data "template_file" "t" {
  template = "$${a}"
  vars {
    a = "%s"
  }
}
"""
    for told, result in (("true", "PASSED"), ("false", "FAILED"), ("${var.x}", "UNKNOWN")):
        files = {"infra/main.tf": volume(encrypted="data.template_file.t.rendered"), "infra/more.tf": more % told}
        (line,) = scan_files(files, checks=frozenset({"CKV_AWS_3"})).of("record", "infra")
        assert line["result"] == result, told
