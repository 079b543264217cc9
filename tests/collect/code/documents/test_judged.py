"""Policy documents in real code: the blocks with a result, the places of failures, and unknown parts."""

from __future__ import annotations

import itertools

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

PARAMS = {name: item.value for name, item in bundled().parameters.items()}
NAMES = (
    *("ADMIN_POLICY", "BOUNDED_POLICY", "CI_TRUST_NARROW", "FUNCTION_POLICY_NOT_PUBLIC", "KEY_POLICY_NOT_PUBLIC"),
    *(
        "MESSAGING_POLICY_NOT_PUBLIC",
        "NO_POLICIES_ON_USERS",
        "ROLE_TRUST_NARROW",
        "ROOT_KEY",
        "S3_POLICY_NOT_PUBLIC",
        "S3_POLICY_TLS_ONLY",
    ),
)
CHECKS = frozenset(f"CKV2_PREUVE_{name}" for name in NAMES)
RULES = tuple(rendered(bundled().code_rules[check], PARAMS, bundled().reference) for check in sorted(CHECKS))
CODE = """
variable "x" {}

data "aws_caller_identity" "own" {}

resource "aws_s3_bucket_policy" "from_somewhere" {
  bucket = "data"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "s3:GetObject", Resource = "*" },
      {
        Sid       = "Office"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "*"
        Condition = { IpAddress = { "aws:SourceIp" = var.x } }
      },
    ]
  })
}

resource "aws_s3_bucket" "encrypted" {}

resource "aws_s3_bucket_policy" "encrypted" {
  bucket = aws_s3_bucket.encrypted.id
  policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.encrypted.arn}/*"
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } }
      },
      {
        Sid       = "Encrypted"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.encrypted.arn, "${aws_s3_bucket.encrypted.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "open" {
  bucket = "data"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "s3:GetObject", Resource = "*" },
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" },
    ]
  })
}

resource "aws_s3_bucket_policy" "hidden" {
  bucket = "data"
  policy = var.x
}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.own.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "own" {
  policy = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "with_others" {
  source_policy_documents = [data.aws_iam_policy_document.key.json]

  dynamic "statement" {
    for_each = var.x

    content {
      actions   = ["kms:Decrypt"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}

resource "aws_kms_key" "with_others" {
  policy = data.aws_iam_policy_document.with_others.json
}

data "aws_vpc_peering_connection" "other" {
  id = "pcx-1"
}

resource "aws_vpc_peering_connection_accepter" "ours" {
  vpc_peering_connection_id = "pcx-1"
}

resource "aws_vpc_peering_connection" "ours" {
  vpc_id        = "vpc-1"
  peer_vpc_id   = "vpc-2"
  peer_owner_id = var.x
}

resource "aws_vpc" "ours" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_kms_key" "by_account" {
  for_each = {
    looked_up = data.aws_vpc_peering_connection.other.peer_owner_id
    given     = aws_vpc_peering_connection.ours.peer_owner_id
    accepted  = aws_vpc_peering_connection_accepter.ours.peer_owner_id
    made      = aws_vpc.ours.owner_id
  }

  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = "arn:aws:iam::${each.value}:root" }
  }] })
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:ReceiveMessage"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["123456789012"]
    }
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_sqs_queue_policy" "by_a_data_source" {
  queue_url = "jobs"
  policy    = data.aws_iam_policy_document.queue.json
}

data "aws_iam_policy_document" "of_nobody" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_ecr_repository_policy" "pulled" {
  repository = "shop"
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = var.x }, Action = "ecr:*" }] })
}

resource "aws_iam_role" "loop" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })

  dynamic "inline_policy" {
    for_each = var.x

    content {
      name   = "all"
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
    }
  }
}

resource "aws_iam_role" "any_name" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.x}:role/${var.x}" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_lambda_permission" "any_rule" {
  action        = "lambda:InvokeFunction"
  function_name = "jobs"
  principal     = "events.amazonaws.com"
}

resource "aws_iam_user" "deploy" {
  name = "${var.x}-deploy"
}

resource "aws_iam_access_key" "deploy" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "of_somebody" {
  user = var.x
}
"""
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Range: {Type: String}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
            Condition: {Bool: {"aws:SecureTransport": "false"}}
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Bucket.Arn}/*"
  FromSomewhere:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Bucket.Arn}/*"
            Condition: {IpAddress: {"aws:SourceIp": !Ref Range}}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: hook
      Principal: s3.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
"""

# A principal, or a whole document, that is one of two, whichever: what both give is decided, and nothing else.
EITHER = {
    "a": ("PASSED", '"arn:aws:iam::${data.aws_caller_identity.own.account_id}:role/a"'),
    "b": ("PASSED", '"arn:aws:iam::${data.aws_caller_identity.own.account_id}:role/b"'),
    "all": ("FAILED", '"*"'),
    "some": ("UNKNOWN", '"arn:aws:iam::${var.x}"'),
}
PAIRS = list(itertools.combinations_with_replacement(EITHER, 2))
ALLOWED = '{ Effect = "Allow", Principal = { AWS = %s }, Action = "kms:Decrypt", Resource = "*" }'
ONE_OF = """
resource "aws_kms_key" "inside_{one}_{other}" {{
  policy = jsonencode({{ Statement = [{inside}] }})
}}

resource "aws_kms_key" "whole_{one}_{other}" {{
  policy = var.x == "y" ? jsonencode({{ Statement = [{first}] }}) : jsonencode({{ Statement = [{second}] }})
}}

data "aws_iam_policy_document" "{one}_{other}" {{
  statement {{
    actions   = ["kms:Decrypt"]
    resources = ["*"]

    principals {{
      type        = "AWS"
      identifiers = [{either}]
    }}
  }}
}}

resource "aws_kms_key" "data_{one}_{other}" {{
  policy = data.aws_iam_policy_document.{one}_{other}.json
}}
"""


def _one_of(one: str, other: str) -> str:
    (_, yes), (_, no) = EITHER[one], EITHER[other]
    either = f'terraform.workspace == "y" ? {yes} : {no}'
    parts = {"inside": ALLOWED % either, "first": ALLOWED % yes, "second": ALLOWED % no, "either": either}
    return ONE_OF.format(one=one, other=other, **parts)


@pytest.fixture(scope="module")
def code(scan_files: Scanner) -> Scan:
    more = "".join(_one_of(one, other) for one, other in PAIRS)
    return scan_files({"infra/main.tf": CODE + more}, checks=CHECKS, rules=RULES)


def test_what_is_one_of_two_is_decided_only_where_both_give_the_same(code: Scan) -> None:
    found = results(code, "KEY_POLICY_NOT_PUBLIC")
    for one, other in PAIRS:
        same = EITHER[one][0] if EITHER[one][0] == EITHER[other][0] else "UNKNOWN"
        assert {found[f"{how}_{one}_{other}"] for how in ("inside", "whole", "data")} == {same}, (one, other)


@pytest.fixture(scope="module")
def template(scan_files: Scanner) -> Scan:
    return scan_files({"infra/t.yaml": TEMPLATE}, kind="cloudformation", checks=CHECKS, rules=RULES)


def results(scanned: Scan, name: str) -> dict[str, str]:
    records = (line for line in scanned.of("record", "infra") if line["check"] == f"CKV2_PREUVE_{name}")
    return {line["address"].rpartition(".")[2]: line["result"] for line in records}


def test_an_unknown_condition_leaves_public_access_open(code: Scan) -> None:
    found = results(code, "S3_POLICY_NOT_PUBLIC")
    assert found == {"from_somewhere": "UNKNOWN", "encrypted": "PASSED", "open": "FAILED", "hidden": "UNKNOWN"}
    found = code.record("infra", "aws_s3_bucket_policy.from_somewhere", "CKV2_PREUVE_S3_POLICY_NOT_PUBLIC")
    assert found["detail"] == "unresolved: var.x"


def test_a_failure_names_the_statement_and_its_line(code: Scan, template: Scan) -> None:
    found = code.record("infra", "aws_s3_bucket_policy.open", "CKV2_PREUVE_S3_POLICY_NOT_PUBLIC")
    assert CODE.splitlines()[found["decided_at"][0] - 1].strip().startswith('{ Effect = "Allow", Principal = "*"')
    ((name, text),) = found["values"].items()
    assert name == "policy.Statement[1]"
    assert '"Principal": "*"' in text
    found = template.record("infra", "AWS::S3::BucketPolicy.Policy", "CKV2_PREUVE_S3_POLICY_NOT_PUBLIC")
    assert TEMPLATE.splitlines()[found["decided_at"][0] - 1].strip() == "- Effect: Allow"
    assert list(found["values"]) == ["PolicyDocument.Statement[1]"]


def test_a_pass_by_a_denial_shows_the_denial(code: Scan) -> None:
    line = code.record("infra", "aws_s3_bucket_policy.encrypted", "CKV2_PREUVE_S3_POLICY_TLS_ONLY")
    assert line["result"] == "PASSED"
    (shown,) = line["values"].items()
    assert shown[0] == "policy.Statement[1]"
    assert '"Sid": "Encrypted"' in shown[1]


TLS = '{ Sid = "%s", Effect = "Deny", Principal = "*", Action = "s3:%s", Resource = [%s], Condition = %s }'
UNENCRYPTED = '{ Bool = { "aws:SecureTransport" = "false" } }'
OF_OTHERS = '{ StringNotEquals = { "aws:PrincipalOrgID" = "o-1" } }'
BUCKET, OBJECTS = '"arn:aws:s3:::b"', '"arn:aws:s3:::b/*"'
ANY = f"{BUCKET}, {OBJECTS}"


def denials(*written: tuple[str, str, str, str]) -> str:
    return ", ".join(TLS % one for one in written)


DENIED = {
    "alone": denials(*[("Other", "*", ANY, OF_OTHERS)] * 60, ("Tls", "*", ANY, UNENCRYPTED)),
    "parts": denials(
        *[("Other", "*", ANY, OF_OTHERS)] * 3, ("O", "*", OBJECTS, UNENCRYPTED), ("B", "*", BUCKET, UNENCRYPTED)
    ),
}


def test_a_pass_by_denials_shows_those_that_decide(scan_files: Scanner) -> None:
    block = 'resource "aws_s3_bucket_policy" "%s" {\nbucket = "b"\npolicy = jsonencode({ Statement = [%s] })\n}\n'
    code = "".join(block % one for one in DENIED.items())
    scanned = scan_files({"infra/main.tf": code}, checks=CHECKS, rules=RULES)
    shown = {
        name: scanned.record("infra", f"aws_s3_bucket_policy.{name}", "CKV2_PREUVE_S3_POLICY_TLS_ONLY")
        for name in DENIED
    }
    assert {line["result"] for line in shown.values()} == {"PASSED"}
    assert {name: sorted(line["values"]) for name, line in shown.items()} == {
        "alone": ["policy.Statement[60]"],
        "parts": ["policy.Statement[3]", "policy.Statement[4]"],
    }


def test_a_failure_from_a_data_source_names_the_place_of_its_statement(code: Scan) -> None:
    found = code.record("infra", "aws_sqs_queue_policy.by_a_data_source", "CKV2_PREUVE_MESSAGING_POLICY_NOT_PUBLIC")
    line = CODE.splitlines().index('    actions   = ["sqs:SendMessage"]')
    wanted = f"data.aws_iam_policy_document.queue (infra/main.tf:{line})"
    assert found["origins"] == {"policy.Statement[1]": wanted}


def test_a_permission_is_shown_by_its_arguments(code: Scan) -> None:
    found = code.record("infra", "aws_lambda_permission.any_rule", "CKV2_PREUVE_FUNCTION_POLICY_NOT_PUBLIC")
    assert found["result"] == "FAILED"
    assert found["values"] == {"action": '"lambda:InvokeFunction"', "principal": '"events.amazonaws.com"'}


def test_a_document_is_judged_where_it_is_used_and_otherwise_by_itself(code: Scan) -> None:
    found = results(code, "KEY_POLICY_NOT_PUBLIC")
    assert (found["own"], found["with_others"]) == ("PASSED", "UNKNOWN")
    assert results(code, "ADMIN_POLICY") == {"of_nobody": "FAILED", "loop": "UNKNOWN"}


def test_the_number_of_an_account_that_is_looked_up_or_given_may_be_that_of_a_stranger(code: Scan) -> None:
    found = results(code, "KEY_POLICY_NOT_PUBLIC")
    by_account = {name.split('"')[1]: result for name, result in found.items() if name.startswith("by_account")}
    assert by_account == {"looked_up": "UNKNOWN", "given": "UNKNOWN", "accepted": "UNKNOWN", "made": "PASSED"}


def test_a_policy_of_a_key_or_of_images_is_neither_trust_nor_identity_policy(code: Scan) -> None:
    assert results(code, "CI_TRUST_NARROW") == {}
    assert "own" not in results(code, "ADMIN_POLICY") | results(code, "BOUNDED_POLICY")


def test_a_principal_with_a_literal_beginning_is_not_anybody(code: Scan) -> None:
    assert results(code, "ROLE_TRUST_NARROW") == {"loop": "PASSED", "any_name": "PASSED"}


def test_a_key_of_a_user_is_unknown(code: Scan) -> None:
    assert results(code, "ROOT_KEY") == {"of_somebody": "UNKNOWN"}


def test_a_template_gives_the_same_results(template: Scan) -> None:
    assert results(template, "S3_POLICY_NOT_PUBLIC") == {"Policy": "FAILED", "FromSomewhere": "UNKNOWN"}
    assert results(template, "S3_POLICY_TLS_ONLY") == {"Policy": "PASSED", "FromSomewhere": "FAILED"}
    assert results(template, "FUNCTION_POLICY_NOT_PUBLIC") == {"Permission": "PASSED"}


REPLACED = """
variable "which" {}
locals {
  base = jsonencode({ Statement = [
    { Sid = "No", Effect = "Deny", Action = "*", Resource = "*" },
    { Sid = "All", Effect = "Allow", Action = "*", Resource = "*" },
  ] })
}
data "aws_iam_policy_document" "without_the_denial" {
  source_policy_documents = [local.base]
  statement {
    sid       = "No"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "without_the_grant" {
  source_policy_documents = [local.base]
  statement {
    sid       = "All"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "without_either" {
  source_policy_documents = [local.base]
  statement {
    sid       = var.which
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "beside" {
  source_policy_documents = [local.base]
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "without_the_denial" { policy = data.aws_iam_policy_document.without_the_denial.json }
resource "aws_iam_policy" "without_the_grant" { policy = data.aws_iam_policy_document.without_the_grant.json }
resource "aws_iam_policy" "without_either" { policy = data.aws_iam_policy_document.without_either.json }
resource "aws_iam_policy" "beside" { policy = data.aws_iam_policy_document.beside.json }
"""


def test_a_statement_replaces_the_one_of_the_same_id(scan_files: Scanner) -> None:
    found = results(scan_files({"infra/main.tf": REPLACED}, checks=CHECKS, rules=RULES), "ADMIN_POLICY")
    assert found == {
        "without_the_denial": "FAILED",
        "without_the_grant": "PASSED",
        "without_either": "UNKNOWN",
        "beside": "PASSED",
    }


MERGED = """
variable "later" {}
data "aws_iam_policy_document" "open" {
  statement {
    actions   = ["sqs:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalOrgID"
      values   = ["&{aws:PrincipalOrgID}"]
    }
  }
}
data "aws_iam_policy_document" "older" {
  version                 = "2008-10-17"
  source_policy_documents = [replace(data.aws_iam_policy_document.open.json, "2012", "2008")]
}
data "aws_iam_policy_document" "by_its_source" {
  version                 = "2008-10-17"
  source_policy_documents = [data.aws_iam_policy_document.open.json]
}
data "aws_iam_policy_document" "by_an_override" {
  version                   = "2008-10-17"
  source_policy_documents   = [replace(data.aws_iam_policy_document.open.json, "2012", "2008")]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [] })]
}
data "aws_iam_policy_document" "of_any_version" {
  version                   = "2008-10-17"
  source_policy_documents   = [replace(data.aws_iam_policy_document.open.json, "2012", "2008")]
  override_policy_documents = [jsonencode({ Version = var.later, Statement = [] })]
}
resource "aws_sqs_queue_policy" "older" { policy = data.aws_iam_policy_document.older.json }
resource "aws_sqs_queue_policy" "by_its_source" { policy = data.aws_iam_policy_document.by_its_source.json }
resource "aws_sqs_queue_policy" "by_an_override" { policy = data.aws_iam_policy_document.by_an_override.json }
resource "aws_sqs_queue_policy" "of_any_version" { policy = data.aws_iam_policy_document.of_any_version.json }
"""


def test_what_is_merged_has_the_highest_version_of_all(scan_files: Scanner) -> None:
    found = results(scan_files({"infra/main.tf": MERGED}, checks=CHECKS, rules=RULES), "MESSAGING_POLICY_NOT_PUBLIC")
    assert found == {
        "older": "PASSED",
        "by_its_source": "FAILED",
        "by_an_override": "FAILED",
        "of_any_version": "UNKNOWN",
    }


NAMED_TO_THE_ACCOUNT = """
variable "topic" {}
resource "aws_sqs_queue_policy" "of_any_topic" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-3:123456789012:${var.topic}" } }
    }]
  })
}
"""


def test_an_arn_that_is_known_up_to_its_account_shows_whose_it_is(scan_files: Scanner) -> None:
    files = {"infra/main.tf": NAMED_TO_THE_ACCOUNT}
    found = results(scan_files(files, checks=CHECKS, rules=RULES), "MESSAGING_POLICY_NOT_PUBLIC")
    assert found == {"of_any_topic": "PASSED"}


BUCKET = """
variable "app" {}
variable "other" {}
data "aws_partition" "own" {}
resource "aws_s3_bucket" "own" { bucket = "${var.app}-x" }
"""
OF_A_BUCKET = """
resource "aws_s3_bucket_policy" "%s" {
  bucket = aws_s3_bucket.own.id
  policy = jsonencode({ Statement = [{
    Effect = "Deny", Principal = "*", Action = "s3:*", Condition = { Bool = { "aws:SecureTransport" = "false" } }
    %s = ["arn:%s", "arn:%s/%s"]
  }] })
}
"""
WORDS = (
    ("same", "Resource", "aws:s3:::${var.app}-x", "*", "PASSED"),
    ("partition", "Resource", "${data.aws_partition.own.partition}:s3:::${var.app}-x", "*", "PASSED"),
    ("folder", "Resource", "aws:s3:::${var.app}-x", "a/*", "FAILED"),
    ("spared", "NotResource", "aws:s3:::${var.app}-x", "a/*", "FAILED"),
    ("other_input", "Resource", "aws:s3:::${var.other}-x", "*", "UNKNOWN"),
    ("all_but_other", "NotResource", "aws:s3:::${var.other}-y", "*", "UNKNOWN"),
    ("longer", "Resource", "aws:s3:::${var.app}-xy", "*", "UNKNOWN"),
    ("changed", "Resource", 'aws:s3:::${replace(var.app, "-", "/")}-x', "*", "UNKNOWN"),
    ("any_folder", "Resource", "aws:s3:::${var.app}-x", "${var.other}*", "UNKNOWN"),
)


def test_a_bucket_of_unknown_name_is_known_by_the_words_of_its_name(scan_files: Scanner) -> None:
    policies = (OF_A_BUCKET % (name, key, arn, arn, below) for name, key, arn, below, _ in WORDS)
    found = results(
        scan_files({"infra/main.tf": BUCKET + "".join(policies)}, checks=CHECKS, rules=RULES), "S3_POLICY_TLS_ONLY"
    )
    assert found == {name: result for name, *_, result in WORDS}


NAMED = """
Parameters: {App: {Type: String}, Other: {Type: String}, Stage: {Type: String}}
Mappings: {Names: {dev: {one: a, two: b}, prod: {one: c, two: d}}}
Resources:
  Bucket: {Type: "AWS::S3::Bucket", Properties: {BucketName: %s}}
  Policy: {Type: "AWS::S3::BucketPolicy", Properties: {Bucket: %s, PolicyDocument: {Statement: []}}}
"""


@pytest.mark.parametrize(
    ("own", "named", "result"),
    [
        ('!Sub "${App}-x-${AWS::AccountId}"', '!Sub "${App}-x-${AWS::AccountId}"', ""),
        ('!Sub "${App}-x"', '!Join ["-", [!Ref App, x]]', ""),
        ('!Sub "${App}-x"', '!Sub "${Other}-x"', "UNKNOWN"),
        ('!FindInMap [Names, !Ref Stage, "one"]', '!FindInMap [Names, !Ref Stage, "two"]', "UNKNOWN"),
    ],
)
def test_a_policy_names_its_bucket_by_the_same_words(own: str, named: str, result: str, scan_files: Scanner) -> None:
    check = "CKV2_PREUVE_S3_POLICY_PRESENT"
    rule = rendered(bundled().code_rules[check], PARAMS, bundled().reference)
    template = NAMED % (own, named)
    found = scan_files({"infra/t.yaml": template}, kind="cloudformation", checks=frozenset({check}), rules=(rule,))
    assert results(found, "S3_POLICY_PRESENT") == ({"Bucket": result} if result else {})


LOOPED = """
Transform: AWS::LanguageExtensions
Parameters: {L: {Type: CommaDelimitedList}, M: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::A: [I, !Ref L, {"B${I}": {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "${I}-x"}}}]
  Fn::ForEach::B: [I, !Ref %s, {"P${I}": {Type: "AWS::S3::BucketPolicy",
    Properties: {Bucket: !Sub "${I}-x", PolicyDocument: {Statement: []}}}}]
"""


@pytest.mark.parametrize(("over", "result"), [("L", []), ("M", ["UNKNOWN"])])
def test_the_element_of_a_loop_is_one_of_its_collection(over: str, result: list[str], scan_files: Scanner) -> None:
    check = "CKV2_PREUVE_S3_POLICY_PRESENT"
    rule = rendered(bundled().code_rules[check], PARAMS, bundled().reference)
    files = {"infra/t.yaml": LOOPED % over}
    found = scan_files(files, kind="cloudformation", checks=frozenset({check}), rules=(rule,))
    assert [*results(found, "S3_POLICY_PRESENT").values()] == result


VARIABLES = """
variable "bucket" {}
data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["%s"]
    }
  }
}
resource "aws_sqs_queue_policy" "own" { policy = data.aws_iam_policy_document.queue.json }
"""


@pytest.mark.parametrize("value", ["&{aws:PrincipalArn}", "$${aws:PrincipalArn}"])
def test_a_policy_variable_may_be_written_in_two_ways(value: str, scan_files: Scanner) -> None:
    code = VARIABLES % value
    found = results(scan_files({"infra/main.tf": code}, checks=CHECKS, rules=RULES), "MESSAGING_POLICY_NOT_PUBLIC")
    assert found == {"own": "FAILED"}


def _bases(scan_files: Scanner, kind: str, first: str, *statements: str) -> set[str]:
    """What the failures of a policy with these statements rest on."""
    made = (
        f'resource "{kind}" "x" {{\n  {first}\n  policy = jsonencode({{ Statement = [{", ".join(statements)}] }})\n}}\n'
    )
    found = scan_files({"infra/main.tf": made}, checks=CHECKS, rules=RULES)
    failed = [line for line in found.of("record", "infra") if line["result"] == "FAILED"]
    assert failed
    return {ground for line in failed for ground in line["grounds"]}


def _allows(who: str, action: str, resource: str = '"*"', more: str = "") -> str:
    return f'{{ Effect = "Allow", Principal = {who}, Action = {action}, Resource = {resource}{more} }}'


def test_an_open_statement_hides_no_other_that_may_open(scan_files: Scanner) -> None:
    kind, open_ = "aws_kms_key_policy", _allows('"*"', '"kms:DescribeKey"')
    known = _bases(scan_files, kind, 'key_id = "k"', open_)
    for who in ("999988887777", "arn:aws:iam::999988887777:role/reader"):
        more = _bases(scan_files, kind, 'key_id = "k"', open_, _allows(f'{{ AWS = "{who}" }}', '"kms:*"'))
        assert known < more


def test_fewer_rights_of_a_statement_are_no_other_ones_and_each_further_one_is(scan_files: Scanner) -> None:
    def bases(*statements: str) -> set[str]:
        return _bases(scan_files, "aws_s3_bucket_policy", 'bucket = "b"', *statements)

    both = _allows('"*"', '["s3:GetObject", "s3:PutObject"]', '["arn:aws:s3:::b/a", "arn:aws:s3:::b/c"]')
    known = bases(both)
    assert bases(_allows('"*"', '"s3:GetObject"', '"arn:aws:s3:::b/c"')) < known
    for action, resource in (("s3:DeleteObject", "arn:aws:s3:::b/a"), ("s3:GetObject", "arn:aws:s3:::b/*")):
        assert not bases(both, _allows('"*"', f'"{action}"', f'"{resource}"')) <= known


TRUSTS = """
variable "provider" {}
variable "cluster" {}

locals {
  token = "sts:AssumeRoleWithWebIdentity"
  sub   = "token.actions.githubusercontent.com:sub"
  aud   = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
  main  = { (local.sub) = "repo:acme/shop:ref:refs/heads/main" }
  trusts = {
    saml       = ["sts:AssumeRoleWithSAML", { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } }]
    any_token  = [local.token, {}]
    narrow     = [local.token, { StringEquals = merge(local.main, local.aud) }]
    wide       = [local.token, { StringLike = { (local.sub) = "repo:*" }, StringEquals = local.aud }]
    where_sent = [local.token, { StringEqualsIfExists = merge(local.main, local.aud) }]
  }
}

resource "aws_iam_role" "trust" {
  for_each = local.trusts
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = each.value[0], Principal = { Federated = var.provider }, Condition = each.value[1]
  }] })
}

resource "aws_iam_role" "cluster" {
  assume_role_policy = <<-EOT
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {"Federated": "${var.provider}"},
      "Condition": {"StringEquals": {
        "oidc.eks.eu-west-3.amazonaws.com/id/${var.cluster}:sub": "system:serviceaccount:shop:web"}}}]}
  EOT
}

resource "aws_iam_role" "cluster_written" {
  assume_role_policy = <<-EOT
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-3.amazonaws.com/id/ABC"},
      "Condition": {"StringEquals": {
        "oidc.eks.eu-west-3.amazonaws.com/id/${var.cluster}:sub": "system:serviceaccount:shop:web"}}}]}
  EOT
}

resource "aws_iam_role" "cluster_wide" {
  assume_role_policy = <<-EOT
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-3.amazonaws.com/id/ABC"},
      "Condition": {"StringLike": {"oidc.eks.eu-west-3.amazonaws.com/id/${var.cluster}:sub": "*"}}}]}
  EOT
}
"""


def _named(address: str) -> str:
    return address.partition('"')[2].strip('"]') or address.partition(".")[2]


def test_nobody_of_another_provider_has_the_keys_that_are_asked_for(scan_files: Scanner) -> None:
    """Whoever the provider is. What lets in too many of the one that is named is open, for it may be another one."""
    scanned = scan_files({"infra/main.tf": TRUSTS}, checks=CHECKS, rules=RULES)
    records = [line for line in scanned.of("record", "infra") if line["type"] == "aws_iam_role"]
    found = {(_named(line["address"]), line["check"].removeprefix("CKV2_PREUVE_")): line["result"] for line in records}
    assert found == {
        ("any_token", "CI_TRUST_NARROW"): "UNKNOWN",
        ("narrow", "CI_TRUST_NARROW"): "PASSED",
        ("where_sent", "CI_TRUST_NARROW"): "UNKNOWN",
        ("wide", "CI_TRUST_NARROW"): "UNKNOWN",
        ("any_token", "ROLE_TRUST_NARROW"): "UNKNOWN",
        ("cluster", "ROLE_TRUST_NARROW"): "PASSED",
        ("cluster_wide", "ROLE_TRUST_NARROW"): "UNKNOWN",
        ("cluster_written", "ROLE_TRUST_NARROW"): "PASSED",
        ("narrow", "ROLE_TRUST_NARROW"): "PASSED",
        ("saml", "ROLE_TRUST_NARROW"): "PASSED",
        ("where_sent", "ROLE_TRUST_NARROW"): "UNKNOWN",
        ("wide", "ROLE_TRUST_NARROW"): "UNKNOWN",
    }


PERHAPS = """
variable "on" {}
variable "effect" {}

%s
"""
PERHAPS_ONE = """
data "aws_iam_policy_document" "%(name)s" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
  dynamic "statement" {
    for_each = var.on ? [1] : []
    content {
      effect    = %(effect)s
      actions   = ["*"]
      resources = ["*"]
    }
  }
}
"""


def test_what_may_be_allowed_beside_takes_nothing_away(scan_files: Scanner) -> None:
    effects = {"allows": '"Allow"', "as_it_comes": "null", "denies": '"Deny"', "either": "var.effect"}
    blocks = "".join(PERHAPS_ONE % {"name": name, "effect": effect} for name, effect in effects.items())
    scanned = scan_files({"infra/main.tf": PERHAPS % blocks}, checks=CHECKS, rules=RULES)
    assert results(scanned, "ADMIN_POLICY") == {
        "allows": "FAILED",
        "as_it_comes": "FAILED",
        "denies": "UNKNOWN",
        "either": "UNKNOWN",
    }


NARROW = 'actions = ["s3:GetObject"]\nresources = ["arn:aws:s3:::acme/*"]'
EVERYTHING = 'actions = ["*"]\nresources = ["*"]'
SAID = {
    "narrow": NARROW,
    "everything": EVERYTHING,
    "denied": f'effect = "Deny"\n{EVERYTHING}',
    "hardly_denied": f'effect = "Deny"\n{NARROW}',
    "of_a_variable": 'actions = ["s3:GetObject"]\nresources = ["arn:aws:s3:::${var.x}/*"]',
    "anything": 'actions = ["s3:GetObject"]\nresources = [var.x]',
    "narrowed": f'{EVERYTHING}\ncondition {{\ntest = "Bool"\nvariable = "aws:ViaAWSService"\nvalues = ["true"]\n}}',
}
BASES = {"alone": "", "beside_narrow": NARROW, "beside_everything": EVERYTHING}


def document(name: str, base: str, beside: str) -> str:
    own = f"statement {{\n{base}\n}}\n" if base else ""
    return f"""
data "aws_iam_policy_document" "{name}" {{
{own}{beside}
}}
resource "aws_iam_policy" "{name}" {{
  policy = data.aws_iam_policy_document.{name}.json
}}
"""


def test_statements_that_a_loop_may_make_decide_where_none_and_one_do_alike(scan_files: Scanner) -> None:
    code = 'variable "x" {}\nvariable "each" {}\n'
    for base, written in BASES.items():
        code += document(f"{base}_without", written, "")
        for name, said in SAID.items():
            loop = f'dynamic "statement" {{\nfor_each = var.each\ncontent {{\n{said}\n}}\n}}'
            code += document(f"{base}_{name}_one", written, f"statement {{\n{said}\n}}")
            code += document(f"{base}_{name}_loop", written, loop)
    scanned = scan_files({"infra/main.tf": code}, checks=CHECKS, rules=RULES)
    for rule, (base, written), name in itertools.product(("ADMIN_POLICY", "BOUNDED_POLICY"), BASES.items(), SAID):
        found = results(scanned, rule)
        none, one = (found[f"{base}_{which}"] for which in ("without", f"{name}_one"))
        if not written:
            none = "PASSED"  # a document without statements
        assert found[f"{base}_{name}_loop"] == (one if one == none else "UNKNOWN"), (rule, base, name)


def test_statements_that_two_loops_may_make_decide_where_every_choice_of_them_does_alike(scan_files: Scanner) -> None:
    code = 'variable "x" {}\n'
    for number, name in itertools.product(("one", "other"), SAID):
        code += f'variable "{number}_{name}" {{}}\n'
    pairs = [*itertools.product(SAID, repeat=2)]
    for first, second in pairs:
        said = {f"one_{first}": SAID[first], f"other_{second}": SAID[second]}
        loops = [
            f'dynamic "statement" {{\nfor_each = var.{each}\ncontent {{\n{one}\n}}\n}}' for each, one in said.items()
        ]
        code += document(f"{first}_{second}_loops", "", "\n".join(loops))
        code += document(f"{first}_{second}_both", "", "\n".join(f"statement {{\n{one}\n}}" for one in said.values()))
    code += "".join(document(f"{name}_alone", "", f"statement {{\n{said}\n}}") for name, said in SAID.items())
    scanned = scan_files({"infra/main.tf": code}, checks=CHECKS, rules=RULES)
    for rule in ("ADMIN_POLICY", "BOUNDED_POLICY"):
        found = results(scanned, rule)
        for first, second in pairs:
            choices = {
                "PASSED",
                *(found[f"{one}"] for one in (f"{first}_alone", f"{second}_alone", f"{first}_{second}_both")),
            }
            told = found[f"{first}_{second}_loops"]
            assert told in ("UNKNOWN", *choices) and (told == "UNKNOWN" or choices == {told}), (rule, first, second)
            denying = {"denied", "hardly_denied"} & {first, second}
            assert denying or (told != "UNKNOWN") == (choices == {"PASSED"}), (rule, first, second)


# What a loop makes may differ: two actions that are harmless alone, and no longer together.
EACH = '%(of)s == "a" ? "iam:PassRole" : "ec2:RunInstances"'
DIFFERING = """
variable "each" {}
variable "on" { type = bool }

resource "aws_iam_policy" "loop" {
  policy = data.aws_iam_policy_document.loop.json
}
data "aws_iam_policy_document" "loop" {
  dynamic "statement" {
    for_each = var.each
    content {
      actions   = [%(statement)s]
      resources = ["*"]
    }
  }
}
resource "aws_iam_policy" "iterator" {
  policy = data.aws_iam_policy_document.iterator.json
}
data "aws_iam_policy_document" "iterator" {
  dynamic "statement" {
    for_each = var.each
    iterator = it
    content {
      actions   = [%(iterator)s, "s3:ListAllMyBuckets"]
      resources = ["*"]
    }
  }
}
resource "aws_iam_policy" "chosen" {
  policy = data.aws_iam_policy_document.chosen.json
}
data "aws_iam_policy_document" "chosen" {
  statement {
    actions   = [var.on ? "iam:PassRole" : "ec2:RunInstances"]
    resources = ["*"]
  }
}
resource "aws_iam_role" "several" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "several" {
  for_each = var.each
  role     = aws_iam_role.several.name
  policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = %(each)s, Resource = "*" }] })
}
resource "aws_iam_role" "one" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "one" {
  count  = var.on ? 1 : 0
  role   = aws_iam_role.one.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = %(count)s, Resource = "*" }] })
}
"""


def test_what_a_loop_makes_is_there_at_once(scan_files: Scanner) -> None:
    ways = {"statement": "statement.value", "iterator": "it.key", "each": "each.value", "count": "var.each"}
    code = DIFFERING % {name: EACH % {"of": of} for name, of in ways.items()}
    check = "CKV2_PREUVE_ESCALATION_POLICY"
    rule = rendered(bundled().code_rules[check], PARAMS, bundled().reference)
    scanned = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=(rule,))
    assert results(scanned, "ESCALATION_POLICY") == {
        "loop": "UNKNOWN",
        "iterator": "UNKNOWN",
        "chosen": "PASSED",
        "several": "UNKNOWN",
        "one": "PASSED",
    }


BOUNDED = """
variable "p" {}
data "aws_caller_identity" "me" {}
data "aws_iam_policy" "ceil" { name = "AdministratorAccess" }
resource "aws_iam_policy" "other" {
  name   = "other"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_role" "bounded" {
  assume_role_policy   = "{}"
  permissions_boundary = data.aws_iam_policy.ceil.arn
}
resource "aws_iam_user" "bounded" {
  name                 = "bounded"
  permissions_boundary = aws_iam_policy.other.arn
}
"""
ATTACHING = """
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.bounded.name
  policy_arn = %s
}
"""
INLINE = """
resource "aws_iam_role_policy" "i" {
  role   = aws_iam_role.bounded.name
  policy = %s
}
"""
CONDITION = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["iam:CreateRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [data.aws_iam_policy.ceil.arn]
    }
  }
}
"""
CONDITION_IN_JSON = """{
  Effect = "Allow", Action = "iam:CreateRole", Resource = "*"
  Condition = { StringEquals = { "iam:PermissionsBoundary" = data.aws_iam_policy.ceil.arn } }
}"""
SURELY_OTHERS = {
    "none": "",
    "made": ATTACHING % "aws_iam_policy.other.arn",
    "written": ATTACHING % '"arn:aws:iam::aws:policy/ReadOnlyAccess"',
    "looked_up": ATTACHING % "data.aws_iam_policy.d.arn" + 'data "aws_iam_policy" "d" { name = "ReadOnlyAccess" }',
    "in_an_output": 'output "o" { value = data.aws_iam_policy.ceil }',
    "only_named_in_a_document": INLINE % "data.aws_iam_policy_document.d.json" + CONDITION,
    "only_named_in_json": INLINE % f"jsonencode({{ Statement = [{CONDITION_IN_JSON}] }})",
}
PERHAPS_IT = {
    "copied": INLINE % "data.aws_iam_policy.ceil.policy",
    "copied_into_json": INLINE % 'jsonencode({ Statement = jsondecode(data.aws_iam_policy.ceil.policy)["Statement"] })',
    "copied_into_a_document": INLINE % "data.aws_iam_policy_document.d.json"
    + 'data "aws_iam_policy_document" "d" { source_policy_documents = [data.aws_iam_policy.ceil.policy] }',
    "by_a_program": 'data "external" "e" {\n  program = ["p"]\n  query = { a = data.aws_iam_policy.ceil.arn }\n}',
    "by_a_function": """
data "aws_lambda_invocation" "i" {
  function_name = "f"
  input         = jsonencode({ a = data.aws_iam_policy.ceil.arn })
}
""",
    "by_an_action": """
action "aws_lambda_invoke" "i" {
  config {
    function_name = "f"
    payload       = jsonencode({ a = data.aws_iam_policy.ceil.arn })
  }
}
""",
    "by_a_provider": """
provider "aws" {
  assume_role {
    role_arn    = "arn:aws:iam::111111111111:role/r"
    policy_arns = [data.aws_iam_policy.ceil.arn]
  }
}
""",
    "itself": ATTACHING % "data.aws_iam_policy.ceil.arn",
    "by_its_name": ATTACHING % '"arn:aws:iam::aws:policy/AdministratorAccess"',
    "in_parts": ATTACHING % '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:policy/${var.p}"',
    "of_a_variable": ATTACHING % "var.p",
    "looked_up": ATTACHING % "data.aws_iam_policy.d.arn" + 'data "aws_iam_policy" "d" { name = "administratoraccess" }',
    "looked_up_by_a_variable": ATTACHING % "data.aws_iam_policy.d.arn" + 'data "aws_iam_policy" "d" { name = var.p }',
    "in_a_loop": """
resource "aws_iam_group_policy_attachment" "a" {
  for_each   = toset([data.aws_iam_policy.ceil.arn])
  group      = "g"
  policy_arn = each.value
}
""",
    "in_a_block": """
resource "aws_ssoadmin_customer_managed_policy_attachment" "a" {
  instance_arn       = "i"
  permission_set_arn = "p"
  customer_managed_policy_reference { name = "AdministratorAccess" }
}
""",
    "by_a_module": 'module "m" {\n  source = "git::https://example.org/m"\n  anything = var.p\n}',
}


def test_a_boundary_is_judged_unless_it_is_looked_up_and_surely_attached_to_nothing(scan_files: Scanner) -> None:
    check = "CKV2_PREUVE_ADMIN_ATTACHED"
    rules = tuple(
        rendered(bundled().code_rules[one], PARAMS, bundled().reference) for one in (check, "CKV2_PREUVE_ADMIN_POLICY")
    )
    ways = {**{f"others_{name}": code for name, code in SURELY_OTHERS.items()}, **PERHAPS_IT}
    found = scan_files(
        {f"{name}/main.tf": BOUNDED + code for name, code in ways.items()},
        root="others_none",
        others=[name for name in ways if name != "others_none"],
        checks=frozenset({check, "CKV2_PREUVE_ADMIN_POLICY"}),
        rules=rules,
    )
    judged = {
        line["root"]
        for name in ways
        for line in found.of("record", name)
        if line["address"] == "data.aws_iam_policy.ceil"
    }
    assert sorted(judged) == sorted(PERHAPS_IT)
    made = {
        line["result"]
        for name in ways
        for line in found.of("record", name)
        if line["address"] == "aws_iam_policy.other"
    }
    assert made == {"FAILED"}


_LOOKED_UP = {
    "FAILED": ('name = "AdministratorAccess"', 'arn = "arn:aws-us-gov:iam::aws:policy/IAMFullAccess"'),
    "UNKNOWN": ("name = var.p", 'path_prefix = "/"', "arn = var.p"),
    "PASSED": ('name = "SecurityAudit"', 'arn = "arn:aws:iam::aws:policy/SecurityAudit"'),
}
_ATTACHING = {
    "user": 'resource "aws_iam_user_policy_attachment" "a" {\n  user       = "a"\n  policy_arn = %s\n}\n',
    "all": 'resource "aws_iam_role_policy_attachments_exclusive" "a" {\n  role_name   = "a"\n  policy_arns = [%s]\n}\n',
    "role": 'resource "aws_iam_role" "a" {\n  assume_role_policy  = "{}"\n  managed_policy_arns = [%s]\n}\n',
    "set": """resource "aws_ssoadmin_managed_policy_attachment" "a" {
  instance_arn       = "i"
  permission_set_arn = "p"
  managed_policy_arn = %s
}
""",
}
_NAMING = {
    "itself": ("", "data.aws_iam_policy.p.arn"),
    "local": ("locals {\n  p = data.aws_iam_policy.p\n}\n", "local.p.arn"),
    "text": ("", '"${data.aws_iam_policy.p.id}"'),
    "part": ("", '"arn:aws:iam::aws:policy/${data.aws_iam_policy.p.name}"'),
}


def test_each_block_that_attaches_a_policy_which_is_looked_up_has_its_result(scan_files: Scanner) -> None:
    """Each is a grant of its own, which a push may add."""
    check = "CKV2_PREUVE_ADMINISTRATOR_ATTACHED"
    ways = {
        f"w{number}": way
        for number, way in enumerate(
            (result, one, attaching, naming)
            for result, each in _LOOKED_UP.items()
            for one in each
            for attaching in _ATTACHING.values()
            for naming in _NAMING.values()
        )
    }
    files = {
        f"{way}/main.tf": 'variable "p" {}\ndata "aws_iam_policy" "p" {\n  ' + of + "\n}\n" + before + attaching % value
        for way, (_, of, attaching, (before, value)) in ways.items()
    }
    rule = rendered(bundled().code_rules[check], PARAMS, bundled().reference)
    found = scan_files(files, root="w0", others=[*ways][1:], checks=frozenset({check}), rules=(rule,))
    for way, (result, *told) in ways.items():
        (record,) = (line for line in found.of("record", way) if line["address"].endswith(".a"))
        assert record["result"] == result, told
