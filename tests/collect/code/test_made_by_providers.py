"""A provider in a region that is not allowed fails for what surely exists; what may exist, or is not seen, leaves it
open; what AWS has in that region alone, reads, or is switched off, is none of it.
"""

from __future__ import annotations

import itertools

from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

from .conftest import Scanner

CHECK = "CKV2_PREUVE_PROVIDER_REGION"
_QUERY = 'metric_query {{\n  id = "a"\n  metric {{\n  metric_name = "a"\n  namespace = "AWS/{}"\n  }}\n  }}\n'
BLOCKS = {
    "queue": 'resource "aws_sqs_queue" "%s" {\n  provider = aws.%s\n}\n',
    "perhaps": 'resource "aws_sqs_queue" "%s" {\n  provider = aws.%s\n  count = var.on ? 1 : 0\n}\n',
    "off": 'resource "aws_sqs_queue" "%s" {\n  provider = aws.%s\n  count = 0\n}\n',
    "certificate": 'resource "aws_acm_certificate" "%s" {\n  provider = aws.%s\n  domain_name = "a.example"\n}\n',
    "costs": 'resource "aws_cloudwatch_metric_alarm" "%s" {\n  provider = aws.%s\n  namespace = "AWS/Billing"\n}\n',
    "rates": 'resource "aws_cloudwatch_metric_alarm" "%s" {\n  provider = aws.%s\n  '
    + "".join(_QUERY.format(one) for one in ("CloudFront", "Route53"))
    + "}\n",
    "mixed rates": 'resource "aws_cloudwatch_metric_alarm" "%s" {\n  provider = aws.%s\n  '
    + "".join(_QUERY.format(one) for one in ("CloudFront", "EC2"))
    + "}\n",
    "load": 'resource "aws_cloudwatch_metric_alarm" "%s" {\n  provider = aws.%s\n  namespace = "AWS/EC2"\n}\n',
    "alarm": 'resource "aws_cloudwatch_metric_alarm" "%s" {\n  provider = aws.%s\n  namespace = var.namespace\n}\n',
    "key": 'resource "aws_kms_key" "%s" {\n  provider = aws.%s\n}\n',
    "unseen": 'module "%s" {\n  source = "a/b/aws"\n  version = "1.0.0"\n  providers = { aws = aws.%s }\n}\n',
    "empty": 'module "%s" {\n  source = "./m"\n  providers = { aws = aws.%s }\n}\n',
    "broken": 'module "%s" {\n  source = "./broken"\n  providers = { aws = aws.%s }\n}\n',
    "read": 'data "aws_vpc" "%s" {\n  provider = aws.%s\n}\n',
    "passing": 'ephemeral "aws_secretsmanager_secret_version" "%s" {\n  provider = aws.%s\n  secret_id = "x"\n}\n',
}
SURE, DOUBTFUL = {"queue", "load", "mixed rates", "key"}, {"perhaps", "alarm", "unseen", "broken"}


def test_a_provider_fails_for_what_surely_exists_alone(scan_files: Scanner) -> None:
    pairs = [*itertools.combinations(BLOCKS, 2), *((one, one) for one in BLOCKS)]
    text = 'variable "on" {}\nvariable "namespace" {}\nprovider "aws" {\n  region = "eu-west-3"\n}\n'
    for at, pair in enumerate(pairs):
        text += f'provider "aws" {{\n  alias = "p{at}"\n  region = "us-east-1"\n}}\n'
        text += "".join(BLOCKS[one] % (f"x{at}_{number}", f"p{at}") for number, one in enumerate(pair))
    rules = (rendered(bundled().code_rules[CHECK], {"allowed_regions": ["eu-west-3"]}),)
    files = {"infra/main.tf": text, "infra/m/m.tf": "", "infra/broken/m.tf": "resource {"}
    found = scan_files(files, checks=frozenset({CHECK}), rules=rules)
    told = {line["address"]: line["result"] for line in found.of("record", "infra")}
    for at, pair in enumerate(pairs):
        wanted = "FAILED" if SURE & {*pair} else "UNKNOWN" if DOUBTFUL & {*pair} else None
        assert told.get(f"aws.p{at}") == wanted, pair


def test_what_a_provider_makes_does_not_count_in_a_region_that_is_allowed(scan_files: Scanner) -> None:
    rules = (rendered(bundled().code_rules[CHECK], {"allowed_regions": ["eu-west-3"]}),)
    for block in (BLOCKS[one] for one in sorted(DOUBTFUL | {"queue"})):
        text = (
            'variable "on" {}\nvariable "namespace" {}\nprovider "aws" {\n  alias = "p"\n  region = "eu-west-3"\n}\n'
            + block % ("x", "p")
        )
        found = scan_files({"infra/main.tf": text}, checks=frozenset({CHECK}), rules=rules)
        assert [line["result"] for line in found.of("record", "infra")] == ["PASSED"]


def test_what_a_file_that_cannot_be_read_makes_is_not_known(scan_files: Scanner) -> None:
    rules = (rendered(bundled().code_rules[CHECK], {"allowed_regions": ["eu-west-3"]}),)
    text = 'provider "aws" {\n  alias = "p"\n  region = "us-east-1"\n}\n' + BLOCKS["off"] % ("x", "p")
    for broken, results in (("", []), ("resource {", ["UNKNOWN"])):
        files = {"infra/main.tf": text, "infra/other.tf": broken}
        found = scan_files(files, checks=frozenset({CHECK}), rules=rules)
        assert [line["result"] for line in found.of("record", "infra")] == results
