"""Rules between pieces of content: real content, broken in a copy, and lint's reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from msgspec import structs

import preuve
from content_copy import Broken, ContentCopy, bundled, linted
from preuve.library.load import load_library, read_library
from preuve.library.parsed_content import ParsedContent
from preuve.library.validation import absences, lock
from preuve.library.validation.code import fixes
from preuve.library.validation.code.checkov_ids import checkov_ids, unknown_checks
from preuve.library.validation.lint import lint
from preuve.library.validation.rules import Checker
from preuve.library.yaml.place import FOLDERS, content_root
from preuve.model.content import Absence, Library
from preuve.model.errors import ContentError, Position, Problem
from preuve.pipeline.content import check
from preuve.pipeline.content.check import check_content

POLICIES = {
    "misspelt member": Broken(
        "policies/ec2/vpc-flow-logs.yaml", "resource.Subnets.all(s,", "resource.Subnetz.all(s,",
        ".Subnetz", "vpc-flow-logs: there is no member Subnetz in type_AWS_EC2_VPC (line 6, column 44 of",
    ),
    "misspelt member of a related type": Broken(
        "policies/guardduty/guardduty-on.yaml", "d.Status ==", "d.Statuz ==",
        ".Statuz", "guardduty-on: there is no member Statuz in type_AWS_GuardDuty_Detector",
    ),
    "misspelt member in `when`": Broken(
        "policies/kms/kms-rotation.yaml", "&& resource.KeySpec ==", "&& resource.KeySpek ==",
        ".KeySpek", "kms-rotation: there is no member KeySpek in type_AWS_KMS_Key (line 2, column 12",
    ),
    "wrong type": Broken(
        "policies/ec2/ebs-volume-encrypted.yaml", "resource.Encrypted\n", 'resource.Encrypted == "yes"\n',
        '== "yes"', "ebs-volume-encrypted: == has bool on one side and string on the other: write",
    ),
    "neither true nor false": Broken(
        "policies/rds/rds-auto-minor-upgrade.yaml", "assert: ", "assert: resource.DBInstanceIdentifier #",
        "resource.DBInstanceIdentifier #",
        "rds-auto-minor-upgrade: the condition is of type STRING; it must be true or false",
    ),
    "text of which it asks whether it is there": Broken(
        "policies/rds/rds-engine-supported.yaml", 'resource.?DBClusterIdentifier.orValue("") == ""',
        "!has(resource.DBClusterIdentifier)", "${shared.db_instance_there}",
        "rds-engine-supported: tests whether DBClusterIdentifier is there, but an empty text is there too",
        'write .?DBClusterIdentifier.orValue("") != ""',
    ),
    "value that AWS never returns behind a default": Broken(
        "policies/s3/s3-versioning.yaml", '"Enabled"', '"Enabledd"',
        "resource.Versioning", "s3-versioning: AWS never returns 'Enabledd' for Status", "Enabled",
    ),
    "value that AWS never returns": Broken(
        "policies/elbv2/elb-https.yaml", '["HTTPS", "TLS"]', '["HTTPZ", "TLS"]',
        "// Of QUIC", "elb-https: AWS never returns 'HTTPZ' for Protocol", "HTTPS",
    ),
    "absence that nobody explains": Broken(
        "policies/iam/iam-password-strength.yaml", "  absent: {PasswordPolicy: fail}\n", "",
        ".PasswordPolicy.MinimumPasswordLength >= params.password_min_length\n",
        "iam-password-strength: PasswordPolicy may be absent and the policy does not say what that means",
        "add absent: {PasswordPolicy: fail}",
    ),
    "absence that `when` does not think of": Broken(
        "policies/organizations/org-scp-region-deny.yaml", "!has(resource.Organization) || ", "",
        ".Organization.MasterAccountId == resource.Id",
        "org-scp-region-deny: Organization may be absent and the policy does not say what that means",
    ),
    "absence of no member": Broken(
        "policies/s3/s3-encrypted.yaml", "absent: {Encryption: fail}", "absent: {Encryption: fail, Encrytion: fail}",
        "resource.Encryption.Rules.exists", "s3-encrypted: absent names Encrytion, no member of AWS::S3::Bucket",
    ),
    "unknown parameter": Broken(
        "policies/backup/backup-vault-locked.yaml", "params: [backup_min_retention_days]",
        "params: [backup_min_retention_days, backup_min_days]",
        "", "backup-vault-locked: there is no parameter backup_min_days", "declare it in policies/params.yaml",
    ),
    "parameter that is not listed": Broken(
        "policies/logs/log-retention-min.yaml", "params: [log_retention_min_days]\n", "",
        "// AWS keeps", "log-retention-min: reads params.log_retention_min_days",
    ),
    "parameter that is never read": Broken(
        "policies/cloudtrail/trail-kms.yaml", "rationale:", "params: [rpo_hours]\nrationale:",
        "", "trail-kms: never reads its parameter rpo_hours",
    ),
    "check that is kept out": Broken(
        "policies/rds/rds-deletion-protection.yaml", "checkov: [", "checkov: [CKV_AWS_144, ",
        "CKV_AWS_144", "rds-deletion-protection: CKV_AWS_144 is kept out: rewards a copy to any region",
    ),
    "no fix for code": Broken(
        "policies/ec2/ebs-default-encryption.yaml", "fix:\n  terraform:", "fix:\n  cloudformation:",
        "", "ebs-default-encryption: no fix for terraform", "add fix: {terraform: …}",
    ),
    "fix for code of another kind": Broken(
        "policies/rds/rds-multi-az.yaml", "fix:\n", "fix:\n  dockerfile: FROM scratch\n",
        "", "rds-multi-az: a fix for dockerfile, of which its checks do not speak",
    ),
    "fix with a number of nobody": Broken(
        "policies/rds/rds-backup-retention.yaml", "= ${params.rds_backup_min_days}", "= ${params.rds_days}",
        "", "rds-backup-retention: there is no parameter rds_days", "declare it in policies/params.yaml",
    ),
    "fix with an item of a number": Broken(
        "policies/logs/log-retention-max.yaml", "days = ${params.log_retention_max_days}",
        "days = ${params.log_retention_max_days[0]}",
        "", "log-retention-max: log_retention_max_days is no list",
    ),
    "fix with a placeholder that nobody reads": Broken(
        "policies/secretsmanager/secrets-rotated.yaml",
        "${params.secret_rotation_days}\n", "${params.secret_rotation_days[2]}\n",
        "", "secrets-rotated: a placeholder is not read",
    ),
    "own words with a parameter that is not there": Broken(
        "policies/sso-admin/sso-session-duration.yaml", "${params.sso_session_hours}", "${params.sso_hours}",
        "", "sso-session-duration: there is no parameter sso_hours", "declare it in policies/params.yaml",
    ),
    "check that says nothing": Broken(
        "policies/ec2/ec2-imdsv2.yaml", "checkov: [CKV2_PREUVE_IMDSV2]", "checkov: [CKV2_PREUVE_IMDSV2, CKV_AWS_227]",
        "CKV_AWS_227", "ec2-imdsv2: CKV_AWS_227 has no sentence", "say why it fails in scanners/checks.yaml",
    ),
    "sentence of a check that nobody names": Broken(
        "scanners/checks.yaml", "CKV_GHA_1:\n", "CKV_DOCKER_9:\n  why: {en: x, fr: x}\nCKV_GHA_1:\n",
        "why: {en: x, fr: x}", "CKV_DOCKER_9: no policy names it", "remove it",
    ),
    "type that nobody reads": Broken(
        "policies/cloudtrail/trail-to-cloudwatch.yaml", "AWS::CloudTrail::Trail", "AWS::CloudTrail::Trial",
        "resource.?CloudWatchLogsLogGroupArn", "trail-to-cloudwatch: no collector reads AWS::CloudTrail::Trial",
    ),
}  # fmt: skip
CONTROLS = {
    "no such policy": Broken(
        "controls/gdpr/GDPR.32.1.d.yaml", "  ecr-scan: supporting\n", "  ecr-skan: supporting\n",
        "", "GDPR.32.1.d: there is no policy ecr-skan", "move it to planned, or fix the id",
    ),
    "planned and built": Broken(
        "controls/gdpr/GDPR.25.1.yaml", "evidence:", "planned:\n  - macie-on\nevidence:",
        "", "GDPR.25.1: macie-on is built", "move it from planned to policies",
    ),
    "planned and unknown": Broken(
        "controls/iso27001-2022/A.8.32.yaml", "evidence:", "planned:\n  - no-such-check\nevidence:",
        "", "A.8.32: no-such-check is not in controls/planned.yaml",
    ),
    "unknown evidence": Broken(
        "controls/iso27001-2022/A.5.19.yaml", "evidence: [", "evidence: [GOV-99, ",
        "", "A.5.19: there is no evidence item GOV-99",
    ),
    "no support": Broken(
        "controls/iso27001-2022/A.5.11.yaml", "evidence: [HR-08]\n", "",
        "", "A.5.11 has no support at all", "list manual evidence",
    ),
    "automated without policies": Broken(
        "controls/iso27001-2022/A.5.37.yaml", "automation: manual\n", "automation: partial\n",
        "", "A.5.37 is automated and no policy supports it",
    ),
    "does not say what it shows": Broken(
        "controls/iso27001-2022/A.5.37.yaml", "group:", "group:",
        "", "A.5.37 does not say what its automated part tests",
    ),
    "does not say what it does not show": Broken(
        "controls/iso27001-2022/A.5.37.yaml", "group:", "group:",
        "", "A.5.37 does not say what checks do not show",
    ),
    "a claim that nothing built carries": Broken(
        "controls/iso27001-2022/A.8.4.yaml", "evidence: [IAM-01]\nclaims:\n",
        "planned: [no-such-one]\nevidence: [IAM-01]\nclaims:\n  - {text: {en: x, fr: x}, policies: [no-such-one]}\n",
        "", "rests on planned policies alone", "leave it out",
    ),
    "a claim on a policy of other controls": Broken(
        "controls/iso27001-2022/A.8.18.yaml", "policies: [ecs-task-hardening]", "policies: [s3-encrypted]",
        "", "rests on s3-encrypted, which the control does not list", "name policies that the control lists",
    ),
    "a policy that decides and stands in no claim": Broken(
        "controls/iso27001-2022/A.8.34.yaml", "  iam-audit-role-read-only: partial\n",
        "  iam-audit-role-read-only: partial\n  iam-root-mfa: partial\n",
        "", "A.8.34: iam-root-mfa decides the status, but no claim names it", "name it in a claim that says",
    ),
    "a control that is detailed by one that is not there": Broken(
        "controls/gdpr/GDPR.5.1.f.yaml", "detailed_by: [", "detailed_by: [GDPR.99.9, ",
        "", "GDPR.5.1.f: detailed_by names no control GDPR.99.9", "fix the id",
    ),
    "a reference to a control that is not there": Broken(
        "controls/gdpr/GDPR.T.RES.yaml", "refs: [", "refs: [GDPR.99.9, ",
        "", "GDPR.T.RES: refs names no control GDPR.99.9", "fix the id",
    ),
    "one means of several that is said to suffice": Broken(
        "controls/iso27001-2022/A.8.7.yaml", "guardduty-protection-plans: partial",
        "guardduty-protection-plans: full",
        "", "A.8.7: guardduty-protection-plans has one_means, so its link cannot be full",
        "link it as partial or as supporting",
    ),
    "a link that is stronger than where it is detailed": Broken(
        "controls/gdpr/GDPR.5.1.f.yaml", "log-content-clean: supporting", "log-content-clean: partial",
        "", "GDPR.5.1.f: log-content-clean decides it, and only supports the items that detail it",
        "link it as supporting",
    ),
    "crosswalk to no control": Broken(
        "controls/crosswalk.yaml", "to: [A.5.34, A.5.31]", "to: [A.5.34, A.5.99]",
        "from: GDPR.5.1.a\n", "there is no control A.5.99", "fix the id",
    ),
    "guide to no control": Broken(
        "controls/crosswalk.yaml", "A.6.3: strong, C.7.3: strong", "A.6.3: strong, C.7.9: strong",
        'id: "3"', "there is no control C.7.9", "fix the id",
    ),
    "template that is not there": Broken(
        "controls/evidence.yaml", "template: isms-scope\n", "template: isms-scoop\n",
        "id: GOV-01", "GOV-01: there is no template isms-scoop in the language fr",
        "write it in reports/evidence-templates",
    ),
    "evidence of no control": Broken(
        "controls/evidence.yaml", "controls: [C.4.3, C.4.4]", "controls: [C.4.3, C.4.9]",
        "id: GOV-01\n", "GOV-01: there is no control C.4.9",
    ),
    "evidence that rests on nothing known": Broken(
        "controls/evidence.yaml", "after: [GOV-02]", "after: [GOV-99]",
        "id: GOV-01\n", "GOV-01: there is no evidence item GOV-99", "fix the id",
    ),
    "evidence that rests on itself": Broken(
        "controls/evidence.yaml", "after: [GOV-01]", "after: [GOV-04]",
        "id: GOV-03\n", "GOV-03 comes after itself", "leave one of the `after` out",
    ),
}  # fmt: skip
SHARED = {
    "in a condition that policies share": Broken(
        "policies/shared.yaml", "g.MetricFilters", "g.MetricFilterz",
        ".MetricFilterz", "alarm-log-tampering: there is no member MetricFilterz in type_AWS_Logs_LogGroup",
    ),
    "absence of a member of what is in a list": Broken(
        "policies/wafv2/edge-waf.yaml", "w.?TelemetryLogging", "optional.of(w.TelemetryLogging)",
        ".TelemetryLogging)", "edge-waf: TelemetryLogging may be absent from one of AWS::WAFv2::WebACL",
        "write .?TelemetryLogging",
    ),
    "behind one": Broken(
        "policies/cloudwatch/alarm-network-changes.yaml", "event_of(call, {", "event_off(call, {",
        "(call, {", "alarm-network-changes: there is no name event_off",
    ),
    "in a condition that the rules of a policy share": Broken(
        "policies/backup/backup-coverage.yaml", "p.Status in", "p.Statuz in",
        ".Statuz", "backup-coverage: there is no member Statuz in type_AWS_Backup_RecoveryPoint",
    ),
}  # fmt: skip
BROKEN = {**POLICIES, **CONTROLS, **SHARED}

COLLECTOR = """\
service: kms
resources:
  AWS::Test::Operation:
    list: {call: ListKeyz, take: "Keys[]"}
    identity: {id: KeyId}
  AWS::Test::Parameter:
    list: {call: ListKeys, const: {Limitt: 10}, take: "Keys[]"}
    identity: {id: KeyId}
  AWS::Test::Take:
    list: {call: ListKeys, take: "Keyz[]"}
    identity: {id: KeyId}
  AWS::Test::NotAList:
    list: {call: ListKeys, take: "NextMarker[]"}
    identity: {id: KeyId}
  AWS::Test::Detail:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
    details:
      Meta: {call: DescribeKey, with: {KeyId: KeyIdd}, take: KeyMetadata}
      Rotation: {call: GetKeyRotationStatus, with: {KeyId: KeyId}, take: Rotated}
      Tags: {call: ListResourceTags, with: {KeyId: KeyId}, take: Tags, as: {map: [Key, Value]}}
  AWS::Test::Known:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
    details:
      Grants: {call: ListGrants, with: {KeyId: KeyId}, take: Truncated}
      Key: {call: GetPublicKey, with: {KeyId: KeyId}, take: KeySpec, known: {where: {Grants.Off: "x"}, value: k}}
      Policy: {call: GetKeyPolicy, with: {KeyId: KeyId}, take: Policy, known: {where: {Grants: "x"}, value: [k]}}
  AWS::Test::Relation:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
    relations:
      Vaults: {type: "AWS::Test::Nothing"}
  AWS::Test::Parent:
    list: {for_each: "AWS::Test::Nothing", call: ListAliases, with: {KeyId: KeyId}, take: "Aliases[]"}
    identity: {id: AliasName}
  AWS::Test::Identity:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: Name}
  AWS::Test::Unsaid:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
  AWS::Test::Beside:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId, beside: [Color]}
  AWS::Test::Words:
    list: {service: inspector2, call: ListCoverage, take: "coveredResources[]"}
    identity: {id: resourceId, beside: [resourceType]}
  AWS::Test::Counted:
    list: {call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
    counted_by: {type: "AWS::Region", path: ScalingUsage.NumberOfKeys}
  AWS::Test::Service:
    list: {service: kmz, call: ListKeys, take: "Keys[]"}
    identity: {id: KeyId}
  AWS::Test::Plain:
    list: {service: dynamodb, call: ListTables, take: "TableNames[]"}
    identity: {id: TableName}
"""
GITHUB_COLLECTOR = """\
service: broken
resources:
  GitHub::Operation:
    list: {call: "GET /orgs/{org}/repositories", with: {org: Account}, permission: repository metadata, proved: PROOF}
    identity: {id: name}
  GitHub::Parameter:
    list: {call: "GET /orgs/{org}/repos", with: {organization: Account}, permission: repository metadata, proved: PROOF}
    identity: {id: name}
  GitHub::Missing:
    list:
      call: "GET /repos/{owner}/{repo}/keys"
      for_each: "GitHub::Repository"
      with: {owner: Account}
      permission: repository x
    identity: {id: id}
  GitHub::Take:
    list: one
    members: {Id: string}
    details:
      TwoFactor: {call: "GET /orgs/{org}", with: {org: Account}, take: two_factor_enabled, permission: organization x}
  GitHub::Sum:
    list:
      call: "GET /orgs/{org}/repos"
      with: {org: Account}
      permission: repository metadata
      counted: {call: "GET /orgs/{org}", with: {org: Account}, sum: [login], permission: organization administration}
    identity: {id: name}
"""
PROOF = (
    '{call: "GET /user/memberships/orgs/{org}", with: {org: Account}, permission: organization members, '
    "where: {state: [active]}}"
)
GITHUB_PROBLEMS = {
    'call: "GET /orgs/{org}/repositories"': "GitHub's description has no GET /orgs/{org}/repositories",
    "{organization: Account}": "has no parameter organization; it has",
    'for_each: "GitHub::Repository"': "GET /repos/{owner}/{repo}/keys requires repo",
    "take: two_factor_enabled": "no member two_factor_enabled in",
    "counted: {call": "counted: login is no number",
}
ORPHAN = """\
id: rds-orphan
rev: 1
title: {en: x, fr: x}
severity: low
aws: {resource: "AWS::RDS::DBInstance", assert: resource.StorageEncrypted}
rationale: {en: x, fr: x}
remediation: {en: x, fr: x}
examples:
  pass: [{resource: {StorageEncrypted: true}}]
  fail: [{type: "AWS::RDS::DBCluster", resource: {StorageEncrypted: false}}]
"""
COLLECTOR_PROBLEMS = {
    "{call: ListKeyz": "kms has no operation ListKeyz; near it: ListKeys",
    "{call: ListKeys, const": "ListKeys has no parameter Limitt; it has Limit, Marker",
    '{call: ListKeys, take: "Keyz[]"}': "no member Keyz in kms_ListKeysResponse; it has Keys, NextMarker, Truncated",
    '{call: ListKeys, take: "NextMarker[]"}': "NextMarker is not a list: write it without []",
    "{call: DescribeKey": "KeyIdd",
    "{call: GetKeyRotationStatus": "no member Rotated in kms_GetKeyRotationStatusResponse",
    "{call: ListResourceTags": "no member Key in kms_Tag; it has TagKey, TagValue",
    "{call: GetPublicKey": "Off cannot be reached: the part before it has no members",
    "{call: GetKeyPolicy": "known: ['k'] is not what the call gives",
    '{for_each: "AWS::Test::Nothing"': "for_each names AWS::Test::Nothing, which no collector reads",
    "{service: kmz": "botocore knows no service kmz",
    "{service: dynamodb": "ListTables lists plain values: give them a `name`",
}


@dataclass(frozen=True)
class Linted:
    copy: ContentCopy
    library: Library
    problems: tuple[Problem, ...]

    def at(self, file: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.position.file == file]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Linted:
    """A copy with all of these defects, and all of lint's reports."""
    copy = ContentCopy(tmp_path_factory.mktemp("content"))
    for defect in BROKEN.values():
        copy.edit(defect.file, defect.old, defect.new)
    copy.write("scanners/aws/broken.yaml", COLLECTOR)
    copy.write("scanners/github/broken.yaml", GITHUB_COLLECTOR.replace("PROOF", PROOF))
    copy.write("policies/rds/rds-orphan.yaml", ORPHAN)
    twin = copy.read("controls/gdpr/GDPR.32.1.b.yaml").replace("id: GDPR.32.1.b\n", "id: GDPR.32.1.b2\n")
    copy.write("controls/gdpr/GDPR.32.1.b2.yaml", twin)
    twin = copy.read("controls/gdpr/GDPR.32.1.c.yaml").replace("id: GDPR.32.1.c\n", "id: GDPR.32.1.c2\n")
    copy.write("controls/gdpr/GDPR.32.1.c2.yaml", twin + "same_policies_as: The same measures serve both.\n")
    library = load_library(root=copy.root)
    return Linted(copy, library, (*lint(library).problems, *fixes.missing(library)))


@pytest.mark.parametrize("name", BROKEN)
def test_a_defect_is_reported_at_its_place(broken: Linted, name: str) -> None:
    defect = BROKEN[name]
    at = broken.copy.find(defect.file, defect.needle) if defect.needle else Position(defect.file, 2, 1)
    found = [problem for problem in broken.at(defect.file) if defect.message in problem.message]
    assert [problem.position for problem in found] == [at], broken.at(defect.file)
    assert defect.hint in found[0].hint


def test_a_defect_is_reported_once_and_causes_no_other_report(broken: Linted) -> None:
    said = {name: len(broken.at(defect.file)) for name, defect in POLICIES.items()}
    assert said == {name: 2 if name == "unknown parameter" else 1 for name in POLICIES}  # nor is that one ever read


@pytest.mark.parametrize("needle", COLLECTOR_PROBLEMS)
def test_a_collector_is_checked_against_the_models_of_aws(broken: Linted, needle: str) -> None:
    at = broken.copy.find("scanners/aws/broken.yaml", needle)
    said = [problem.message for problem in broken.at("scanners/aws/broken.yaml") if problem.position == at]
    assert any(COLLECTOR_PROBLEMS[needle] in message for message in said), said


@pytest.mark.parametrize("needle", GITHUB_PROBLEMS)
def test_a_collector_of_github_is_checked_against_its_description(broken: Linted, needle: str) -> None:
    line = broken.copy.find("scanners/github/broken.yaml", needle).line
    said = [
        problem.message for problem in broken.at("scanners/github/broken.yaml") if problem.position.line in _near(line)
    ]
    assert any(GITHUB_PROBLEMS[needle] in message for message in said), said


def _near(line: int) -> range:
    """A problem of a list is reported at the beginning of its call."""
    return range(line - 4, line + 1)


def test_relations_and_identities_of_a_collector_are_checked(broken: Linted) -> None:
    messages = [problem.message for problem in broken.at("scanners/aws/broken.yaml")]
    assert "AWS::Test::Relation.Vaults: no collector reads AWS::Test::Nothing" in messages
    assert "AWS::Test::Identity: no member Name to name the resource by" in messages
    same = "two resources may have the same id: name the members that distinguish them (identity.beside)"
    assert f"AWS::Test::Unsaid: {same}" in messages
    assert any("AWS::Test::Beside: no member Color in" in message for message in messages)
    assert "AWS::Test::Words: two of one name may differ in scanType: name it under beside" in messages
    assert any("AWS::Test::Counted: no member NumberOfKeys in" in message for message in messages)


def test_a_policy_must_support_a_control_and_fail_somewhere(broken: Linted) -> None:
    messages = {problem.message for problem in broken.at("policies/rds/rds-orphan.yaml")}
    assert messages == {
        "rds-orphan supports no control",
        "rds-orphan: no fail example for AWS::RDS::DBInstance",
        "rds-orphan: the example is of no type that the policy tests",
    }


def test_two_controls_with_equal_lists_of_policies_must_give_a_reason(broken: Linted) -> None:
    twins = [broken.at(f"controls/gdpr/GDPR.32.1.{name}2.yaml") for name in "bc"]
    (problem,), explained = ([item for item in twin if "lists exactly" in item.message] for twin in twins)
    assert problem.message == "GDPR.32.1.b2 lists exactly the policies of GDPR.32.1.b"
    assert problem.hint == "say why under same_policies_as"
    assert explained == []


OWN = """\
id: our-code
rev: 1
title: {en: Ours, fr: La nôtre}
severity: low
iac: {checkov: [CKV_AWS_227, CKV_DOCKER_5, CKV_GHA_3], equivalence: same_intent}
rationale: {en: x, fr: x}
remediation: {en: x, fr: x}
"""


def test_policies_of_a_workspace_need_neither_a_fix_nor_a_claim(tmp_path: Path) -> None:
    (tmp_path / "policies/ours").mkdir(parents=True)
    (tmp_path / "policies/ours/our-code.yaml").write_text(OWN, encoding="utf-8")
    registers = "schema: 1\norganisation: {name: Try, country: FR, language: en}\n"
    (tmp_path / "preuve.yaml").write_text(f"{registers}evidence: {{pseudonym_key: .key/p.key}}\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        check_content(tmp_path, update_lock=False)
    assert [problem.message for problem in caught.value.problems] == ["our-code supports no control"]


def test_a_workspace_is_linted_with_the_bundled_content_where_somebody_has_edited_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = ContentCopy(tmp_path / "content", *FOLDERS)
    monkeypatch.setattr(preuve, "__file__", str(copy.root / "preuve" / "__init__.py"))
    linted_whole = MagicMock(side_effect=InterruptedError)
    monkeypatch.setattr(check, "lint", linted_whole)
    (tmp_path / "shop").mkdir()
    text = "schema: 1\norganisation: {name: Shop, country: FR}\nscope: {iac: []}\n"
    (tmp_path / "shop" / "preuve.yaml").write_text(text, encoding="utf-8")
    check_content(tmp_path / "shop", update_lock=False)
    linted_whole.assert_not_called()
    copy.edit("policies/ec2/vpc-flow-logs.yaml", "resource.Subnets.all(s,", "resource.Subnetz.all(s,")
    with pytest.raises(InterruptedError):
        check_content(tmp_path / "shop", update_lock=False)
    (copy.root / "policies/ec2/vpc-flow-logs.yaml").unlink()
    with pytest.raises(InterruptedError):
        check_content(tmp_path / "shop", update_lock=False)


# ---- the cause alone ----------------------------------------------------------------------------------------------

CAUSES = {
    "a control": Broken("controls/iso27001-2022/A.8.13.yaml", "partial\n", "strong\n", "", ""),
    "the texts of checks": Broken("scanners/checks.yaml", "why: {en", "whi: {en", "", ""),
    "a collector": Broken("scanners/aws/kms.yaml", "identity:", "identitee:", "", ""),
    "a policy": Broken("policies/s3/s3-encrypted.yaml", "severity:", "severite:", "", ""),
    "the id of a policy": Broken("policies/s3/s3-encrypted.yaml", "id: s3-encrypted", "id: s3-encryptd", "", ""),
    "shared conditions": Broken("policies/shared.yaml", "delivering_trails: |", "delivering_trails: {}\nx: |", "", ""),
    "parameters": Broken("policies/params.yaml", "  value: 95\n", "  value: NO\n", "", ""),
    "evidence": Broken("controls/evidence.yaml", "template: isms-scope", "templat: isms-scope", "", ""),
    "a framework": Broken("controls/gdpr/framework.yaml", "title:", "titel:", "", ""),
    "a rule for code": Broken("scanners/iac/s3-region.yaml", "operator: within", "operator: python", "", ""),
}


@pytest.mark.parametrize("name", CAUSES)
def test_an_unusable_file_causes_no_other_reports(name: str, tmp_path: Path) -> None:
    copy, cause = ContentCopy(tmp_path), CAUSES[name]
    copy.edit(cause.file, cause.old, cause.new)
    library, problems = read_library(root=copy.root, opener=ParsedContent(content_root()))
    in_doubt = {problem.position.file for problem in problems}
    assert in_doubt == {cause.file}, problems
    assert [*lint(library, in_doubt).problems, *fixes.missing(library, in_doubt)] == []


def test_conditions_that_read_a_broken_collector_are_not_reported() -> None:
    library = bundled()
    key = library.types["AWS::KMS::Key"]
    rotation = structs.replace(key.details["Rotation"], operation="GetRotation")
    wrong = structs.replace(key, details={**key.details, "Rotation": rotation})
    library = replace(library, types={**library.types, key.name: wrong})
    (problem,) = lint(library).problems
    assert "kms has no operation GetRotation; near it: " in problem.message


@pytest.mark.parametrize(
    ("asserted", "column"),
    [
        ('resource.Versioning.MFADelete == "Enabled"', 20),
        ('resource.Versioning.?Status.orValue("") == "Enabled" && resource.Versioning.MFADelete == "Enabled"', 76),
        ('resource.Versioning.?MFADelete.orValue("") == "Enabled"', 0),
        ('has(resource.Versioning.MFADelete) && resource.Versioning.MFADelete == "Enabled"', 0),
        ("resource.PolicyStatus.IsPublic", 0),  # named as read plainly
    ],
)
def test_an_unguarded_optional_member_is_reported_where_it_is_read(asserted: str, column: int) -> None:
    policy = bundled().policies["s3-versioning"]
    checker = Checker.of(bundled(), [policy])
    rule = replace(policy.aws[0], assert_=asserted, when="", position=Position("own", 1, 1), places=None)
    rules = checker.rules([replace(policy, aws=(rule,))])
    told = [
        str(item)
        for item in absences.optionals(rules, checker.structs, checker.shapes, absences.read_plainly(content_root()))
    ]
    said = "AWS may leave out MFADelete and the condition does not ask whether it is there"
    hint = "write .?MFADelete.orValue(…), or has(….MFADelete) before it"
    assert told == ([f"own:1:{column}: s3-versioning: {said} ({hint})"] if column else [])


SINGLE = [
    ("AWS::RDS::DBInstance", 'resource.KmsKeyId != ""', "KmsKeyId"),
    ("AWS::EC2::SecurityGroup", 'resource.VpcId != ""', "VpcId"),
    ("AWS::Lambda::Function", 'resource.KMSKeyArn != ""', "KMSKeyArn"),
    ("AWS::EC2::Instance", 'resource.PublicIpAddress == ""', "PublicIpAddress"),
    ("AWS::Logs::LogGroup", "resource.retentionInDays > 30", "retentionInDays"),
    ("AWS::ECR::Repository", 'resource.encryptionConfiguration.encryptionType == "KMS"', "encryptionConfiguration"),
    ("AWS::RDS::DBInstance", 'resource.?KmsKeyId.orValue("") != ""', ""),
    ("AWS::RDS::DBInstance", 'has(resource.KmsKeyId) && resource.KmsKeyId != ""', ""),
    ("AWS::RDS::DBInstance", "resource.StorageEncrypted", ""),  # named as read plainly
    ("AWS::RDS::DBInstance", 'resource.DBInstanceIdentifier != ""', ""),  # its identity
    ("AWS::RDS::DBInstance", "size(resource.TagList) > 0", ""),  # a map that AWS leaves out is empty
]


@pytest.mark.parametrize(("type_", "asserted", "told"), SINGLE)
@pytest.mark.parametrize("declared", [False, True])
def test_an_optional_member_of_a_listed_resource_is_reported(
    type_: str, asserted: str, told: str, *, declared: bool
) -> None:
    policy = bundled().policies["s3-versioning"]
    checker = Checker.of(bundled(), [replace(policy, aws=(replace(policy.aws[0], resource=type_),))])
    absent = {told: Absence("fail")} if declared and told else {}
    rule = replace(
        policy.aws[0],
        resource=type_,
        assert_=asserted,
        when="",
        absent=absent,
        position=Position("own", 1, 1),
        places=None,
    )
    rules = checker.rules([replace(policy, aws=(rule,))])
    assert len(rules) == 1, checker.problems
    plain = absences.read_plainly(content_root())
    found = list(absences.optionals(rules, checker.structs, checker.shapes, plain))
    names = [problem.message.split(" ")[5] for problem in found if "encryptionType" not in problem.message]
    assert names == ([told] if told and not declared else [])
    if names:
        assert str(found[0].position) == f"own:1:{asserted.index(f'.{told}') + 1}"
        assert found[0].hint == f"add absent: {{{told}: fail}}, not_applicable or {{is: …}}"


def test_only_members_that_a_condition_reads_are_in_the_list_of_plain_reads() -> None:
    """A member that no condition reads is removed; without the list, each of its members would be reported."""
    checker, rules = linted().checker, linted().rules
    plain = absences.read_plainly(content_root())
    told = {
        problem.message.split(" ")[5]
        for problem in absences.optionals(rules, checker.structs, checker.shapes, frozenset())
    }
    assert told == {name for _, name in plain}
    assert list(absences.optionals(rules, checker.structs, checker.shapes, plain)) == []


# ---- the lock -----------------------------------------------------------------------------------------------------


def test_a_changed_meaning_with_the_same_revision_is_recognized() -> None:
    """Not what has another revision, nor what only a workspace has."""
    library = bundled()
    policy = library.policies["s3-encrypted"]
    assert list(lock.other_meanings(library)) == []
    for changed, told in (({}, ["s3-encrypted"]), ({"rev": policy.rev + 1}, []), ({"id": "own"}, [])):
        item = replace(policy, digest="0" * 64, **changed)
        policies = {**library.policies, policy.id: item}
        assert list(lock.other_meanings(replace(library, policies=policies))) == told


def test_values_that_older_models_lack_are_in_those_of_today() -> None:
    policies = [policy for policy in bundled().policies.values() if any(rule.newer for rule in policy.aws)]
    exact = [replace(policy, aws=tuple(replace(rule, newer=()) for rule in policy.aws)) for policy in policies]
    checker = Checker.of(bundled(), exact)
    assert len(checker.rules(exact)) == sum(len(policy.aws) for policy in exact) > 1
    assert not checker.problems


VOLUME = "policies/ec2/ebs-volume-encrypted.yaml"
REV = bundled().policies["ebs-volume-encrypted"].rev
AT = f"{VOLUME}:2:1: ebs-volume-encrypted"


@pytest.fixture
def locked(tmp_path: Path) -> ContentCopy:
    """A copy whose lock is up to date."""
    copy = ContentCopy(tmp_path, "controls/gdpr", "policies")
    lock.update(load_library(root=tmp_path), tmp_path)
    return copy


def lock_problems(copy: ContentCopy) -> list[str]:
    return [str(problem) for problem in lock.problems(load_library(root=copy.root), copy.root)]


def test_a_new_lock_agrees_with_its_content(locked: ContentCopy) -> None:
    assert lock_problems(locked) == []


def test_a_changed_meaning_needs_a_new_revision(locked: ContentCopy) -> None:
    locked.edit(VOLUME, "assert: resource.Encrypted", "assert: resource.Encrypted || resource.Size < 8")
    (said,) = lock_problems(locked)
    assert said.startswith(f"{AT} has a new meaning but its rev is still {REV} (set rev: {REV + 1}")
    with pytest.raises(ContentError, match=f"its rev is still {REV}"):
        lock.update(load_library(root=locked.root), locked.root)
    locked.edit(VOLUME, f"rev: {REV}", f"rev: {REV + 1}")
    assert lock_problems(locked) == [f"{AT} has rev {REV + 1}, the lock {REV} (run: make content)"]
    lock.update(load_library(root=locked.root), locked.root)
    assert lock_problems(locked) == []


def test_a_revision_cannot_go_back(locked: ContentCopy) -> None:
    locked.edit(VOLUME, f"rev: {REV}", f"rev: {REV + 1}")
    lock.update(load_library(root=locked.root), locked.root)
    locked.edit(VOLUME, f"rev: {REV + 1}", f"rev: {REV}")
    assert lock_problems(locked) == [f"{AT} went back from rev {REV + 1} to {REV} (revisions only grow)"]


def test_words_and_examples_may_change_freely(locked: ContentCopy) -> None:
    locked.edit(VOLUME, "en: EBS volumes encrypted", "en: EBS volumes are encrypted")
    locked.edit(VOLUME, "{name: encrypted, ", "{name: encrypted volume, ")
    locked.edit(
        VOLUME, "  resource: AWS::EC2::Volume\n", "  resource: AWS::EC2::Volume\n  asks: {en: a key, fr: une clé}\n"
    )
    assert lock_problems(locked) == []


def test_a_change_of_severity_or_mapping_changes_the_meaning(locked: ContentCopy) -> None:
    locked.edit(VOLUME, "severity: high", "severity: low")
    locked.edit("controls/gdpr/GDPR.32.1.d.yaml", "iac-drift: supporting", "iac-drift: full")
    assert {said.split(":")[0] for said in lock_problems(locked)} == {VOLUME, "controls/gdpr/GDPR.32.1.d.yaml"}


def test_merged_revisions_of_two_branches_keep_both_meanings(locked: ContentCopy) -> None:
    """Git keeps the lines of both; what was merged is a third meaning, unless the branches meant the same."""
    locked.edit(VOLUME, f"rev: {REV}", f"rev: {REV + 1}")
    before = locked.read(lock.NAME)
    locked.edit(VOLUME, "severity: high", "severity: low")
    lock.update(load_library(root=locked.root), locked.root)
    ours = locked.read(lock.NAME)
    locked.edit(VOLUME, "assert: resource.Encrypted", "assert: resource.Encrypted || resource.Size < 8")
    theirs = f"ebs-volume-encrypted {REV + 1} {'0' * 64}\n"
    locked.write(lock.NAME, theirs + before + ours)
    assert lock_problems(locked) == [
        f"{AT} has a new meaning but its rev is still {REV + 1} (set rev: {REV + 2} and run: make content)"
    ]
    locked.edit(VOLUME, " || resource.Size < 8", "")
    assert lock_problems(locked) == []


def test_a_lock_with_a_conflict_in_it_is_refused_with_its_line(locked: ContentCopy) -> None:
    locked.write(lock.NAME, "<<<<<<< HEAD\n" + locked.read(lock.NAME))
    with pytest.raises(ContentError, match=f"{lock.NAME}:1:1: is not an id, a revision and a hash"):
        lock_problems(locked)


def test_a_planned_policy_must_not_be_built() -> None:
    library = replace(bundled(), planned_policies={"macie-on": bundled().policies["macie-on"].title})
    assert "controls/planned.yaml: macie-on is built (remove it)" in [str(item) for item in lint(library).problems]


def test_new_and_removed_policies_are_reported(locked: ContentCopy) -> None:
    (locked.root / VOLUME).unlink()
    copy = locked.read("policies/ec2/ec2-imdsv2.yaml").replace("ec2-imdsv2", "ec2-imdsv3")
    locked.write("policies/ec2/ec2-imdsv3.yaml", copy)
    todo = "(run: make content)"
    assert lock_problems(locked) == [
        f"policies/ec2/ec2-imdsv3.yaml:2:1: ec2-imdsv3 is not in controls/catalogue.lock {todo}",
        f"controls/catalogue.lock: ebs-volume-encrypted is locked and gone {todo}",
    ]


def test_an_item_that_the_crosswalk_links_twice_is_refused() -> None:
    crosswalk = replace(bundled().crosswalk, links=(*bundled().crosswalk.links, bundled().crosswalk.links[0]))
    found = [problem.message for problem in lint(replace(bundled(), crosswalk=crosswalk)).problems]
    assert found == ["GDPR.5.1.a is linked twice"]


def test_an_unknown_checkov_id_is_reported() -> None:
    library = bundled()
    policy = library.policies["s3-encrypted"]
    assert policy.iac is not None
    known = {check for item in library.policies.values() if item.iac for check in item.iac.checkov}
    assert known - set(library.code_rules) <= checkov_ids()
    wrong = replace(policy, iac=replace(policy.iac, checkov=(*policy.iac.checkov, "CKV_AWS_9999", "CKV_AWS_1")))
    (problem,) = unknown_checks(replace(library, policies={policy.id: wrong}))
    assert "Checkov has no check CKV_AWS_9999" in str(problem)
