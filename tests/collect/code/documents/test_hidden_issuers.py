"""Roles for the pods of a cluster: what is not known of the issuer is the same in the provider and in the conditions.

Each statement is written as a data source and as a text; both forms mean the same.
"""

from __future__ import annotations

from itertools import product

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

TRUST, CI = "CKV2_PREUVE_ROLE_TRUST_NARROW", "CKV2_PREUVE_CI_TRUST_NARROW"
PROVIDER = """
resource "aws_iam_openid_connect_provider" "p" {
  client_id_list = ["sts.amazonaws.com"]
  url            = module.eks.cluster_oidc_issuer_url
}
variable "other" {}
"""
HOSTS = {
    "cut": '${replace(aws_iam_openid_connect_provider.p.url, "https://", "")}',
    "whole": "${aws_iam_openid_connect_provider.p.url}",
    "other": "${var.other}",
}
OPERATORS = ("StringEquals", "StringLike", "StringEqualsIfExists", "StringNotEquals", "ForAllValues:StringEquals")
CLAIMS = {
    "one": ("sub", "system:serviceaccount:shop:cart"),
    "space": ("sub", "system:serviceaccount:shop:*"),
    "any": ("sub", "*"),
    "pipeline": ("sub", "repo:acme/shop:ref:refs/heads/main"),
    "audience": ("aud", "sts.amazonaws.com"),
}
CASES = list(product(HOSTS, OPERATORS, CLAIMS))
DATA = """
data "aws_iam_policy_document" "d{number}" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.p.arn]
    }}
    condition {{
      test     = "{operator}"
      variable = "{host}:{claim}"
      values   = ["{value}"]
    }}
  }}
}}
resource "aws_iam_role" "data{number}" {{
  assume_role_policy = data.aws_iam_policy_document.d{number}.json
}}
resource "aws_iam_role" "text{number}" {{
  assume_role_policy = <<X
{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
  "Principal": {{"Federated": "${{aws_iam_openid_connect_provider.p.arn}}"}},
  "Condition": {{"{operator}": {{"{host}:{claim}": "{value}"}}}}}}]}}
X
}}
"""


@pytest.fixture(scope="module")
def scanned(scan_files: Scanner) -> Scan:
    """One scan of all the roles."""
    roles = [
        DATA.format(number=number, operator=operator, host=HOSTS[host], claim=CLAIMS[name][0], value=CLAIMS[name][1])
        for number, (host, operator, name) in enumerate(CASES)
    ]
    params = {"trusted_account_ids": [], **{name: item.value for name, item in bundled().parameters.items()}}
    rules = tuple(rendered(bundled().code_rules[check], params) for check in (TRUST, CI))
    return scan_files({"infra/main.tf": PROVIDER + "".join(roles)}, checks=frozenset({TRUST, CI}), rules=rules)


def results(scanned: Scan, check: str, form: str) -> dict[tuple[str, str, str], str]:
    found = {line["address"]: line["result"] for line in scanned.of("record", "infra") if line["check"] == check}
    return {case: found.get(f"aws_iam_role.{form}{number}", "") for number, case in enumerate(CASES)}


@pytest.mark.parametrize("check", [TRUST, CI])
def test_a_data_source_means_what_its_text_means(scanned: Scan, check: str) -> None:
    assert results(scanned, check, "data") == results(scanned, check, "text")


def test_only_a_claim_that_must_be_sent_and_names_its_owner_closes_a_role(scanned: Scan) -> None:
    """A wildcard is a letter to StringEquals, so that no subject equals one."""
    passed = {case for case, result in results(scanned, TRUST, "data").items() if result == "PASSED"}
    full = ("one", "pipeline")
    equal = product(HOSTS, ["StringEquals"], (*full, "space", "any"))
    assert passed == {*equal, *product(HOSTS, ["StringLike"], full)}


def test_no_made_up_name_of_an_issuer_is_told(scanned: Scan) -> None:
    assert [line["detail"] for line in scanned.of("record", "infra") if "invalid" in line["detail"]] == []


def test_a_role_for_pods_trusts_no_ci_service_and_of_any_other_it_is_not_known(scanned: Scan) -> None:
    silent = {case for case, result in results(scanned, CI, "data").items() if not result}
    assert silent == set(product(HOSTS, ("StringEquals", "StringLike"), ("one", "space")))
    assert set(results(scanned, CI, "data").values()) == {"", "UNKNOWN"}
