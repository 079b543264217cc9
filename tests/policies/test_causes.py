"""The text about a failure in code is about the failing value: it requires an attribute that the code does not have
yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from pipeline.runs import Run
from preuve.library.validation.code.code_rules import TERRAFORM
from preuve.library.validation.code.fixes import fix_of
from preuve.model.content import Policy
from preuve.model.results import Finding
from preuve.publish.words.code_texts import CodeTexts
from preuve.publish.words.locale import load_locale
from tools.proofs import provider_of

from .test_code import EACH, found, scanned

__all__ = ["scanned"]  # a fixture
TEXTS = CodeTexts(bundled(), {}, load_locale("en"))
_ASKED = re.compile(r'([\w.]+) = ("[^"]*"|true|false|\d+)')
_NUMBER = re.compile(r"\[\d+\]")


def _block(folder: Path, address: str) -> str:
    """A block of a failing example, as it is written."""
    type_, _, name = _NUMBER.sub("", address).rpartition(".")
    text = (folder / "fail.tf").read_text("utf-8")
    match = re.search(
        rf'^\w+ "{re.escape(type_.removeprefix("data."))}" "{re.escape(name)}" \{{.*?^\}}', text, re.M | re.S
    )
    return match[0] if match else ""


def _is_there(block: str, path: str, value: str) -> bool:
    """Whether a block has a line with this value, in the blocks that the path names."""
    *around, name = path.split(".")
    opened = "".join(rf"\b{re.escape(one)}\s*(?:=\s*)?\{{[^{{}}]*?" for one in around)
    return re.search(rf"{opened}^\s*{re.escape(name)}\s*=\s*{re.escape(value)}$", block, re.MULTILINE) is not None


def _already_there(folder: Path, finding: Finding) -> list[str]:
    """The required lines that the code already has; of alternatives, or several blocks, one may be there."""
    said, block = TEXTS.verdict(finding), _block(folder, finding.place.id)
    several = {_last(name) for name in finding.observed if _NUMBER.search(name)}
    asked = [] if " or " in said else _ASKED.findall(said)
    return [
        f"{path} = {value}" for path, value in asked if _last(path) not in several and _is_there(block, path, value)
    ]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


@pytest.mark.parametrize(("policy", "folder"), EACH)
def test_a_failure_does_not_ask_for_a_line_that_is_there(scanned: Run, policy: str, folder: Path) -> None:
    for finding in _failures(scanned, policy, folder):
        assert _already_there(folder, finding) == [], finding.place.id


def _failures(scanned: Run, policy: str, folder: Path) -> list[Finding]:
    if provider_of(folder) != TERRAFORM:
        return []
    return [item for item in found(scanned, policy, folder, 1) if item.status.value == "FAIL"]


_SECRET = "[removed: "  # a value that is none of ours to name: any attribute may hold one
_DOCUMENT = re.compile(r"(.*\.)?Statement")  # whose parts the sentence names as IAM calls them


@pytest.mark.parametrize(("policy", "folder"), EACH)
def test_a_failure_asks_for_an_attribute_that_decided(scanned: Run, policy: str, folder: Path) -> None:
    """Or for a part of its path: a block, or a type of block beside."""
    for finding in _failures(scanned, policy, folder):
        decided = {_NUMBER.sub("", name): str(value) for name, value in finding.observed.items()}
        plain = [
            name for name, value in decided.items() if not value.startswith(_SECRET) and not _DOCUMENT.fullmatch(name)
        ]
        words = {*(word for name in plain for word in name.split(".")), *decided.get("claim", "").split(", ")}
        said = TEXTS.verdict(finding)
        assert not plain or any(word and word in said for word in words), (finding.place.id, plain, said)


def _causes(condition: Any) -> list[list[str]]:
    """The values that can fail a condition, each by itself; those that do so together are alternatives."""
    if not isinstance(condition, dict):
        return []
    if "all" in condition:
        return [paths for part in condition["all"] for paths in _causes(part)]
    if "each" in condition or "some" in condition:
        around = condition.get("each") or condition["some"]
        must = condition.get("must")
        return [[around]] if must == "pass" else [[f"{around}.{path}" for path in paths] for paths in _causes(must)]
    if "then" in condition:
        return [*_causes(condition["then"]), *_causes(condition["else"])]
    paths = [path for part in condition.get("any", ()) for found in _causes(part) for path in found]
    named = [condition[name] for name in ("beside", "named", "at") if name in condition]
    return [found] if (found := [*named[:1], *paths]) else []


RULES = {
    name: rule.judgement["resources"]
    for name, rule in bundled().code_rules.items()
    if rule.judgement and rule.judgement["ask"] == "settings" and name in bundled().checks
}


# Of which several values answer one question, each in its own way of writing it: the sentence names them all.
ALIKE = frozenset(
    f"CKV2_PREUVE_{name}"
    for name in (
        *("CLOUDFRONT_ORIGIN_RESTRICTED", "COMPUTE_ZONES", "DOCDB_NEPTUNE_ENCRYPTED", "ELB_LISTENER", "ELB_TLS"),
        *("LB_DELETION_PROTECTION", "RDS_ENCRYPTED", "S3_CMK", "S3_ENCRYPTED", "S3_EXPIRATION", "S3_VERSIONING"),
        *("TEMPLATE_OBJECT_LOCK", "TEMPLATE_NONCURRENT_EXPIRATION", "COPY_REGION", "ELASTICACHE_ENCRYPTED_AUTH"),
        *("UNFINISHED_UPLOADS", "DYNAMODB_REPLICAS_REGION", "REDSHIFT_COPY_REGION"),
    )
)


def _without_a_sentence(check: str) -> Iterator[str]:
    """The values that share one sentence although each alone can fail a check, by type."""
    told = bundled().checks[check].causes
    for type_, condition in RULES[check].items():
        several = _causes(condition)
        asked = {_last(path) for paths in several for path in paths[-1:]}
        for paths in several if len(asked) > 1 else ():
            if not any(cause.is_told({path: cause.has}) for cause in told for path in paths):
                yield f"{type_}: {' or '.join(paths)}"


@pytest.mark.parametrize("check", sorted(RULES.keys() - ALIKE))
def test_each_value_that_can_fail_a_check_has_its_sentence(check: str) -> None:
    assert list(_without_a_sentence(check)) == []


@pytest.mark.parametrize("check", sorted(name for name in RULES if bundled().checks[name].causes))
def test_a_sentence_is_about_values_that_the_check_reads(check: str) -> None:
    read = set(re.findall(r"\w+", json.dumps(RULES[check])))
    ends = [end for cause in bundled().checks[check].causes for end in cause.at]
    assert [end for end in ends if not set(re.findall(r"\w+", end)) <= read] == []


def test_a_sentence_about_a_value_is_said_wherever_the_value_comes_from() -> None:
    causes = [cause for text in bundled().checks.values() for cause in text.causes if cause.has]
    assert causes
    for cause in causes:
        assert cause.is_told({cause.at[0]: f"{cause.has} ← var.of ← module.of"}), cause
        assert not cause.is_told({cause.at[0]: f"another ← var.{cause.has}"}), cause


# What the fix mends in another way than by the value that failed: with a block beside, by writing it in the other way,
# or by leaving it out.
OTHERWISE = """apigw-logging/cloudwatch_logs_role_arn compute-multi-az/subnet_id compute-multi-az/vpc_zone_identifier
    compute-multi-az/suspended_processes elb-logging/aws_lb_listener log-retention-min/log_group_class
    rds-multi-az/aws_docdb_cluster_instance rds-multi-az/aws_neptune_cluster_instance
    cloudfront-tls/cloudfront_default_certificate
    docdb-neptune-encrypted/kms_key_id docdb-neptune-encrypted/kms_key_arn ec2-no-public-ip/network_interface
    ec2-no-public-ip/network_interface_id ecr-immutable-private/filter ecs-task-hardening/device ecs-task-hardening/type
    ecs-task-hardening/driver
    ecs-task-hardening/add ecs-task-hardening/hostPath edge-waf/aws_wafv2_web_acl_rule_group_association
    edge-waf/aws_wafv2_web_acl_rule
    elb-https/aws_lb_listener_rule elb-https/aws_alb_listener_rule elb-tls-policy/value
    rds-encrypted/replicate_source_db rds-encrypted/kms_key_id rds-encrypted/kms_key_arn
    rds-tls-required/db_cluster_parameter_group_name
    s3-versioning/enabled snapshots-encrypted/kms_key_id trail-multi-region/field trail-multi-region/equals"""
# Its fix is the region of the provider: the values that name one of their own are of very many types.
OF_REGIONS = "iac-region-allowed"
SETTINGS = [
    pytest.param(policy, type_, condition, id=f"{policy.id}/{check}/{type_}")
    for policy in bundled().policies.values()
    for check in (policy.iac.checkov if policy.iac and policy.id != OF_REGIONS else ())
    for type_, condition in RULES.get(check, {}).items()
    if type_.startswith("aws_") and isinstance(condition, dict) and "as" not in condition
]
PARAMS = {name: item.value for name, item in bundled().parameters.items()}


@pytest.mark.parametrize(("policy", "type_", "condition"), SETTINGS)
def test_a_fix_shows_the_value_that_failed(policy: Policy, type_: str, condition: Any) -> None:
    """In a block of the type, or of one of its family that has the same argument."""
    shown = fix_of(policy, type_, PARAMS)
    for paths in _causes(condition):
        names = {_last(path) for path in paths}
        otherwise = any(f"{policy.id}/{name}" in OTHERWISE.split() for name in names)
        assert otherwise or any(re.search(rf"\b{name}\b", shown) for name in names), names


@pytest.mark.parametrize(
    "type_", ["aws_iam_group_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_policy_attachment"]
)
def test_a_fix_of_a_type_with_other_arguments_stays_of_its_own(type_: str) -> None:
    told = fix_of(bundled().policies["iam-no-unbounded-data-permissions"], type_, PARAMS)
    assert 'resource "aws_iam_role_policy_attachment"' in told
    assert f'resource "{type_}"' not in told


@pytest.mark.parametrize(
    ("policy", "type_", "shown"),
    [
        ("kms-rotation", "aws_kms_key", "rotation_period_in_days = 365"),
        ("messaging-encrypted", "aws_msk_cluster", 'client_broker = "TLS"'),
        ("kms-policy-not-public", "aws_kms_grant", "grantee_principal ="),
        ("s3-no-public-grant", "aws_s3_object_copy", "grant {"),
        ("iam-no-unbounded-data-permissions", "aws_ssoadmin_managed_policy_attachment", "managed_policy_arn ="),
        ("iam-no-unbounded-data-permissions", "aws_iam_role_policy_attachments_exclusive", "policy_arns ="),
    ],
)
def test_a_fix_is_of_the_type_that_failed(policy: str, type_: str, shown: str) -> None:
    told = re.sub(r" +", " ", fix_of(bundled().policies[policy], type_, PARAMS))
    assert f'resource "{type_}"' in told
    assert shown in told


@pytest.mark.parametrize(
    ("policy", "type_", "shown"),
    [
        ("tag-owner-environment", "aws_db_instance", 'resource "aws_db_instance" "this" {\n  tags = {'),
        ("iam-no-admin-policy-attached", "AWS::IAM::Role", "Role:\n  Type: AWS::IAM::Role\n"),
        ("elb-logging", "aws_alb", 'resource "aws_alb" "this" {'),
    ],
)
def test_a_fix_is_of_any_type_of_which_the_check_asks_the_same(policy: str, type_: str, shown: str) -> None:
    assert shown in fix_of(bundled().policies[policy], type_, PARAMS, bundled().code_rules)


@pytest.mark.parametrize("policy", ["iam-no-admin-policy-attached", "iam-no-unbounded-data-permissions"])
@pytest.mark.parametrize(
    "type_", ["aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment"]
)
def test_a_fix_that_says_more_than_the_check_reads_is_of_its_own_type_alone(policy: str, type_: str) -> None:
    """The argument `role` is none of another attachment, though it stands in the ARNs of policies (`service-role`)."""
    assert type_ not in fix_of(bundled().policies[policy], type_, PARAMS, bundled().code_rules)
