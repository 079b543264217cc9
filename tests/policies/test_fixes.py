"""The fix that a policy gives for code passes what the policy checks, with the numbers of the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.judgements.networks.template_rules import CHECKS as INGRESS_CHECKS
from preuve.library.validation.code.fixes import filled, fix_of
from preuve.model.content import Policy
from preuve.pipeline.run.collect import Scope, take_snapshot
from preuve.pipeline.run.preparation import prepare
from preuve.snapshot.reader import read_snapshot

POLICIES = [policy for policy in bundled().policies.values() if policy.iac]
EACH = [pytest.param(policy, kind, id=f"{policy.id}/{kind}") for policy in POLICIES for kind in policy.fix]
FILES = {
    "terraform": "main.tf",
    "cloudformation": "template.yaml",
    "dockerfile": "Dockerfile",
    "github_actions": ".github/workflows/ci.yml",
}
# Fail wherever their block is, or say nothing of it: the fix has none, or another thing, or what they say nothing of.
NEVER_PASS = frozenset(
    {"CKV2_PREUVE_DEFAULT_VPC", "CKV2_PREUVE_LOGIN_PROFILE", "CKV2_PREUVE_ROOT_KEY", "CKV2_PREUVE_ALARM_ACTIONS"}
)
OTHERS = {  # another company's parameters, all within the limits of Checkov's own checks
    "allowed_regions": ["eu-south-2", "eu-north-1"],
    "approved_ntp_servers": ["169.254.169.123"],
    "backup_max_retention_days": 70,
    "backup_min_retention_days": 21,
    "classification_levels": ["blanc", "très rouge"],
    "default_retention_max_days": 400,
    "log_retention_max_days": 90,
    "log_retention_min_days": 60,
    "mandatory_tags": ["CostCentre", "Owner"],
    "noncurrent_max_days": 5,
    "password_min_length": 20,
    "personal_data_tag": "DonneesPersonnelles",
    "rds_backup_min_days": 21,
    "secret_rotation_days": 45,
}
OURS_IN_TEMPLATES = frozenset(
    rule.id for rule in bundled().code_rules.values() if "cloudformation" in (rule.provider, *rule.also)
)
# Says nothing of a rule of any other group.
# A bucket with a policy in a block of its own has that block's verdict alone.
SILENT_IN_FIXES = frozenset({"CKV2_PREUVE_S3_POLICY_PRESENT", "CKV2_PREUVE_BACKUP_COPY_ARN"})
NEVER_PASS_IN_TEMPLATES = frozenset({"CKV2_PREUVE_SG_DEFAULT_CLOSED"})
REPLACED = frozenset(check for rule in bundled().code_rules.values() for check in rule.instead_of)
# Of an instance the root disk may be another than the one that is written: no code shows that it is not.
OPEN_AT_BEST = frozenset(("ebs-volume-encrypted", kind) for kind in ("terraform", "cloudformation"))
DEFAULTS = {name: item.value for name, item in bundled().parameters.items()}


def cloudformation_checks() -> frozenset[str]:
    from checkov.cloudformation.checks.resource.registry import cfn_registry
    from checkov.common.checks_infra.registry import get_graph_checks_registry

    graph = get_graph_checks_registry("cloudformation")
    graph.load_checks()
    checkov = {check.id for _, check in cfn_registry.all_checks()} | {check.id for check in graph.checks}
    return INGRESS_CHECKS.keys() | OURS_IN_TEMPLATES | checkov


# Their checks ask for tags, which a provider that is not in the code could give too.
BY_TAGS = ("dynamodb-ttl-personal",)


def code(policy: Policy, kind: str, params: Mapping[str, Any]) -> str:
    text = filled(policy.fix[kind], params, hcl=kind == "terraform")
    if policy.id in BY_TAGS and kind == "terraform":
        return f'{text}\nprovider "aws" {{}}\n'
    if kind == "cloudformation":
        return "Resources:\n" + "".join(f"  {line}\n" if line else "\n" for line in text.splitlines())
    return text


Results = Mapping[tuple[str, str], Mapping[str, frozenset[str]]]


def scanned(workspace: Path, params: Mapping[str, Any]) -> Results:
    """Return the results of the checks for each fix, each in its own root: (policy, kind) -> check -> results."""
    lines = ["schema: 1", "organisation: {name: Try, country: FR, language: en}"]
    lines += ["evidence: {pseudonym_key: .key/p.key}", f"params: {json.dumps(params)}"]
    lines += ["scope:", "  iac:"]
    for policy in POLICIES:
        for kind in policy.fix:
            file = workspace / policy.id / kind / FILES[kind]
            file.parent.mkdir(parents=True)
            file.write_text(code(policy, kind, {**DEFAULTS, **params}), encoding="utf-8")
            lines.append(f"    - {{path: {policy.id}/{kind}, kind: {kind}}}")
    (workspace / "preuve.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepared = prepare(workspace)
    take_snapshot(prepared, workspace / "snapshot", Scope(aws=False, iac=True), lambda *_, **__: None)
    snapshot = read_snapshot(workspace / "snapshot")
    assert {gap.cause for gap in snapshot.gaps} <= {"module_not_loaded"}  # of a registry, wherever it is named
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for record in snapshot.records:
        policy_id, _, kind = record.root.partition("/")
        results = found.setdefault((policy_id, kind), {})
        results[record.check] = results.get(record.check, frozenset()) | {record.result}
    return found


@pytest.fixture(scope="module", params=[{}, OTHERS], ids=["bundled parameters", "those of a workspace"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """One scan of all the fixes, for each set of parameters."""
    return scanned(tmp_path_factory.mktemp("fixes"), request.param)


def kinds_of(check: str) -> frozenset[str]:
    """The kinds of code beside templates that a check looks at."""
    rule, families = bundled().code_rules.get(check), {"DOCKER": "dockerfile", "GHA": "github_actions"}
    provider = rule.provider if rule else families.get(check.split("_")[1], "aws")
    return frozenset({"terraform" if provider == "aws" else provider, *(rule.also if rule else ())})


def checks_in(policy: Policy, kind: str) -> Iterator[str]:
    """The checks of a policy that look at a kind of code and can pass."""
    in_templates = cloudformation_checks() - NEVER_PASS_IN_TEMPLATES
    for check in policy.iac.checkov if policy.iac else ():
        asked = check in in_templates if kind == "cloudformation" else kind in kinds_of(check) and check not in REPLACED
        if check not in NEVER_PASS | SILENT_IN_FIXES and asked:
            yield check


@pytest.mark.parametrize(("policy", "kind"), EACH)
def test_a_fix_passes_every_check_of_its_policy(results: Results, policy: Policy, kind: str) -> None:
    found = results.get((policy.id, kind), {})
    assert policy.iac is not None
    own = {check: found[check] for check in policy.iac.checkov if check in found}
    best = {"PASSED", "UNKNOWN"} if (policy.id, kind) in OPEN_AT_BEST else {"PASSED"}
    assert own == dict.fromkeys(checks_in(policy, kind), best)


def test_a_check_replaced_for_terraform_is_used_for_templates() -> None:
    assert cloudformation_checks() >= REPLACED


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_check_that_reads_templates_has_a_fix_for_them(policy: Policy) -> None:
    assert policy.iac is not None
    assert ("cloudformation" in policy.fix) == bool(cloudformation_checks().intersection(policy.iac.checkov))


@pytest.mark.parametrize(("policy", "kind"), EACH)
def test_the_shown_fix_concerns_the_type_that_failed(policy: Policy, kind: str) -> None:
    whole = filled(policy.fix[kind], DEFAULTS, hcl=kind == "terraform")
    assert "${params" not in whole
    for block in whole.split("\n\n"):
        words = block.split()
        type_ = words[1].strip('"') if words[0] in ("resource", "data") else words[2] if words[1:2] == ["Type:"] else ""
        shown = fix_of(policy, type_, DEFAULTS) if type_ else block
        assert block.rstrip() in shown
        assert all(type_ in part for part in shown.split("\n\n"))


@pytest.mark.parametrize(
    ("policy", "type_"),
    [
        *(
            ("ebs-volume-encrypted", type_)
            for type_ in (
                *("AWS::WorkSpaces::Workspace", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"),
                *("AWS::AutoScaling::LaunchConfiguration", "aws_launch_template"),
            )
        ),
        ("rds-backup-retention", "aws_docdb_cluster"),
        ("rds-encrypted", "AWS::Neptune::DBCluster"),
        ("elasticache-encrypted-auth", "aws_elasticache_cluster"),
        ("iam-no-privilege-escalation", "AWS::IAM::Role"),
        *(("ec2-imdsv2", type_) for type_ in ("AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration")),
        ("elasticache-encrypted-auth", "AWS::DAX::Cluster"),
        ("rds-not-public", "AWS::DMS::ReplicationInstance"),
        ("no-secrets-in-compute-config", "AWS::CodeBuild::Project"),
        ("opensearch-private-fgac", "aws_elasticsearch_domain"),
        ("iam-no-star-admin-policy", "AWS::IAM::Role"),
        *(("tag-owner-environment", type_) for type_ in ("AWS::EC2::VPC", "AWS::Lambda::Function", "aws_vpc")),
        *(("tag-data-classification", type_) for type_ in ("AWS::RDS::DBInstance", "AWS::DynamoDB::Table")),
    ],
)
def test_what_often_fails_is_shown_a_fix_of_its_own_type(policy: str, type_: str) -> None:
    shown = fix_of(bundled().policies[policy], type_, DEFAULTS, bundled().code_rules)
    assert shown.count(type_) == 1
    assert len(shown.split("\n\n")) == 1


@pytest.mark.parametrize("type_", ["AWS::EFS::FileSystem", "AWS::Serverless::Function"])
def test_what_is_tagged_otherwise_is_not_shown_tags_in_a_form_that_it_does_not_take(type_: str) -> None:
    assert type_ not in fix_of(bundled().policies["tag-owner-environment"], type_, DEFAULTS, bundled().code_rules)
