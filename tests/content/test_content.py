"""All bundled content: every example has its expected result, every declaration resolves, lint reports nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache

import pytest

from content_copy import bundled, linted
from preuve.assess.examples import ExampleResult, ExampleRunner
from preuve.library.validation import lock
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.code import fixes
from preuve.library.validation.shapes import RelatedType
from preuve.library.yaml.documents import load
from preuve.library.yaml.place import content_root
from preuve.model.content import Automation
from preuve.model.errors import Problem

POLICIES = sorted(bundled().policies)
TYPES = sorted(bundled().types)


@cache
def examples() -> tuple[dict[str, list[ExampleResult]], list[Problem]]:
    """The results of all examples by policy, and what is wrong with their data."""
    runner = ExampleRunner(bundled(), linted().checker.shapes)
    results: dict[str, list[ExampleResult]] = defaultdict(list)
    for item in runner.run(linted().rules):
        results[item.policy].append(item)
    return results, runner.problems


@pytest.mark.parametrize("policy", [name for name in POLICIES if bundled().policies[name].aws])
def test_every_example_has_its_expected_result(policy: str) -> None:
    results = examples()[0][policy]
    assert len(results) == len(bundled().policies[policy].examples) > 0
    assert [
        f"{item.position} {item.name}: {item.actual} ({item.explain().reason})" for item in results if not item.passed
    ] == []


def test_every_example_is_data_that_aws_could_return() -> None:
    assert [str(problem) for problem in examples()[1]] == []


@pytest.mark.parametrize("path", ["WebAcls.Loging", "WebAcl.Logging", "Atributes", "WebAcls.IpSets.Addresses"])
def test_an_example_that_leaves_unread_what_it_does_not_give_is_a_problem(path: str) -> None:
    policy = bundled().policies["edge-waf"]
    example = next(item for item in policy.examples if item.resource.get("WebAcls") == [])
    runner = ExampleRunner(bundled(), linted().checker.shapes)
    rules = [
        replace(rule, policy=replace(policy, examples=(replace(example, unread=(path,)),)))
        for rule in linted().rules
        if rule.policy.id == policy.id and rule.rule.resource == example.type
    ]
    assert [path in problem.message for problem in runner.check(rules)] == [True]


@pytest.mark.parametrize("name", TYPES)
def test_every_resource_type_resolves_against_the_models_of_aws(name: str) -> None:
    declared = bundled().types[name]
    members = linted().checker.shapes.members(name)
    assert [
        str(item) for item in linted().checker.shapes.problems if item.message.startswith((f"{name}:", f"{name}."))
    ] == []
    assert set(declared.details) | set(declared.relations) <= set(members)
    assert all(member.type in bundled().types for member in members.values() if isinstance(member, RelatedType))


def test_lint_reports_nothing() -> None:
    assert [str(problem) for problem in (*linted().problems, *fixes.missing(bundled()))] == []
    assert [str(problem) for problem in lock.problems(bundled())] == []


def test_the_frameworks_are_complete() -> None:
    iso = {control.id for control in bundled().frameworks["iso27001-2022"].controls}
    themes = {"A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34}
    assert {theme: sum(name.startswith(f"{theme}.") for name in iso) for theme in themes} == themes
    assert {name.split(".")[1] for name in iso if name.startswith("C.")} == {"4", "5", "6", "7", "8", "9", "10"}
    gdpr = {control.id for control in bundled().frameworks["gdpr"].controls}
    assert gdpr >= {"GDPR.5.2", "GDPR.30.1", "GDPR.32.1.a", "GDPR.32.1.d", "GDPR.33.1", "GDPR.44", "GDPR.T.RES"}


def test_every_partly_automated_control_has_evidence_items() -> None:
    alone = [
        control.id
        for framework in bundled().frameworks.values()
        for control in framework.controls
        if control.automation is Automation.PARTIAL and not control.evidence
    ]
    assert alone == []


def test_what_makes_a_document_compulsory_is_an_item_that_asks_for_it() -> None:
    asked = [(item, name) for item in bundled().evidence.values() for name in item.compulsory]
    assert asked
    assert [(item.id, name) for item, name in asked if name not in item.controls] == []


def test_every_evidence_item_belongs_to_a_control_that_needs_it() -> None:
    asked = {
        (name, control.id)
        for framework in bundled().frameworks.values()
        for control in framework.controls
        for name in control.evidence
    }
    assert [item.id for item in bundled().evidence.values() if not any(name == item.id for name, _ in asked)] == []


def test_clauses_of_iso_27001_and_general_legal_duties_cannot_be_excluded() -> None:
    frameworks = bundled().frameworks
    iso, law = frameworks["iso27001-2022"], frameworks["gdpr"]
    assert [item.id for item in iso.controls if not iso.may_be_excluded(item)] == [
        item.id for item in iso.controls if item.id.startswith("C.")
    ]
    always = {item.id for item in law.controls if not law.may_be_excluded(item)}
    assert {"GDPR.5.2", "GDPR.6", "GDPR.24", "GDPR.25.2", "GDPR.30.1", "GDPR.31", "GDPR.32.1.b", "GDPR.33.1"} <= always
    names = {name for item in law.controls for name in (item.id, item.group)}
    assert set(law.excludable or ()) <= names, "an id that is no more"


# What of each type is judged, one shared condition that each policy on it asks: what is there, neither going nor not
# there yet, and what belongs to this account. And the policies that ask otherwise.
JUDGED = {
    "AWS::AutoScaling::AutoScalingGroup": "autoscaling_group_there",
    "AWS::Backup::BackupVault": "backup_vault_there",
    "AWS::Backup::RecoveryPoint": "recovery_point_there",
    "AWS::CloudFormation::Stack": "stack_there",
    "AWS::CloudTrail::Trail": "trail_owned",
    "AWS::DynamoDB::Table": "table_there",
    "AWS::EC2::Instance": "machine_there",
    "AWS::EC2::InstanceImage": "machine_there",
    "AWS::EC2::SecurityGroup": "owned",
    "AWS::EC2::Snapshot": "snapshot_there",
    "AWS::EC2::VPC": "owned",
    "AWS::EC2::Volume": "volume_there",
    "AWS::ECS::Cluster": "ecs_cluster_there",
    "AWS::ECS::Service": "ecs_service_there",
    "AWS::EFS::FileSystem": "file_system_there",
    "AWS::ElastiCache::CacheCluster": "cache_cluster_there",
    "AWS::ElastiCache::ReplicationGroup": "replication_group_there",
    "AWS::ElastiCache::ServerlessCache": "serverless_cache_there",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load_balancer_there",
    "AWS::Kinesis::Stream": "stream_there",
    "AWS::RDS::DBCluster": "db_cluster_there",
    "AWS::RDS::DBClusterSnapshot": "db_snapshot_there",
    "AWS::RDS::DBInstance": "db_instance_there",
    "AWS::RDS::DBSnapshot": "db_snapshot_there",
    "AWS::Redshift::Cluster": "redshift_cluster_there",
}
ASK_OTHERWISE = {
    "ssm-managed": "a machine that runs",
    "sg-default-closed": "the default group of a network cannot be shared",
    "sg-egress-limited": "of a group that another account shares, the tags that it asks for are not seen",
    "vpc-default-unused": "a default network cannot be shared",
    "vpc-tiers": "of a shared network it judges the subnets that this account sees, as its limits say",
}
# What each policy asks that reads this member.
JUDGED_MEMBERS = {
    ("AWS::Account", "PasswordPolicy"): "passwords_used",
    ("AWS::EC2::Instance", "IamInstanceProfile"): "machine_of_ours",
    ("AWS::EC2::Instance", "Managed"): "machine_of_ours",
}
# By what else a policy may leave out what others on its type judge: what a thing is, or is for. Who holds it, who runs
# it and whether it is there are no question of one policy, and stand above.
OWN_QUESTIONS = {
    "AWS::Account": {"Id", "Organization", "Summary", "CredentialReport"},
    "AWS::ApiGateway::Stage": {"Parent"},
    "AWS::Backup::BackupPlan": {"BackupPlan", "Selections"},
    "AWS::Backup::BackupVault": {"VaultType"},
    "AWS::CloudFormation::Stack": {"ParentId", "StackStatus"},  # drift is found of what was made whole
    "AWS::CloudFront::Distribution": {"ConnectionMode", "Origins"},
    "AWS::DynamoDB::Table": {"TableStatus"},  # a backup cannot be switched on before the table is made
    "AWS::EC2::Instance": {"State", "Operator"},  # ssm-managed and ec2-instance-role
    "AWS::EC2::SecurityGroup": {"GroupName"},
    "AWS::EC2::Snapshot": {"SharedWith"},
    "AWS::EC2::VPC": {"IsDefault", "NetworkInterfaces"},
    "AWS::EC2::Volume": {"Attachments", "Operator"},  # the disk of a machine that AWS runs is gone with it
    "AWS::ECS::Service": {"schedulingStrategy"},
    "AWS::EFS::FileSystem": {"FileSystemProtection"},
    "AWS::ElasticLoadBalancingV2::Listener": {"Protocol"},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {"Type", "Scheme", "IpAddressType", "Attributes"},
    "AWS::EnabledRegion": {"RegionName"},
    "AWS::GuardDuty::Detector": {"Status"},  # one that is off has findings to be looked at, and tells of no new ones
    "AWS::IAM::CredentialReportEntry": {"user", "password_enabled", "access_key_1_active", "access_key_2_active"},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument", "RolePolicyList"},
    "AWS::IAM::User": {
        *("AttachedManagedPolicies", "AwsPolicies", "CustomerPolicies", "Groups", "Report", "UserPolicyList"),
    },
    "AWS::KMS::Key": {"KeyState", "MultiRegion", "Origin", "KeySpec"},  # whom a key lets in counts until it is gone
    "AWS::Lambda::Function": {"PackageType", "Runtime"},
    "AWS::Logs::LogGroup": {"logGroupName", "Trails", "FlowLogs"},
    "AWS::RDS::DBCluster": {"Engine", "Status"},  # the second machine of a cluster is made after the first
    "AWS::RDS::DBClusterSnapshot": {"Engine", "SnapshotType", "Attributes"},
    "AWS::RDS::DBInstance": {
        *("DBClusterIdentifier", "Engine"),
        *("ReadReplicaSourceDBClusterIdentifier", "ReadReplicaSourceDBInstanceIdentifier"),
    },
    "AWS::RDS::DBSnapshot": {"SnapshotType", "Attributes"},
    "AWS::Region": {
        *("Buckets", "DbInstances", "EcrReplication", "EcsClusters", "Functions", "InferenceProfiles", "Inspector"),
        *("Instances", "ModelInvocations"),
    },
    "AWS::S3::Bucket": {
        *("Name", "Trails", "Versioning", "Replication", "Grants", "GranteeBuckets", "Owner", "Policy"),
    },
    "AWS::SecretsManager::Secret": {"PrimaryRegion"},
}
TAGS = {"Tags", "TagList", "tags"}
# States of going, or of having failed, in AWS's models, of types without such a condition: their policies pass over
# them alike, or none does.
GOING = re.compile(r"delet|terminat|inactive|creating|fail|error", re.IGNORECASE)
JUDGED_ALIKE = {
    "AWS::AccessAnalyzer::Analyzer": {"status"},  # one that is not active yet finds nothing
    "AWS::ApiGateway::DomainName": {"domainNameStatus"},  # a change that failed leaves the name as it was
    "AWS::CloudWatch::Alarm": {"EvaluationState"},  # asked by the condition: such an alarm fails
    "AWS::Cognito::UserPool": {"DeletionProtection"},
    "AWS::EC2::Image": {"State"},  # whom an image lets in counts, whatever became of it
    "AWS::EC2::VPC": {"State"},
    "AWS::ECS::DaemonTaskDefinition": {"status"},  # what was deregistered is listed no more
    "AWS::ECS::TaskDefinition": {"status"},
    "AWS::KMS::Key": {"KeyState"},  # whom a key lets in counts until it is gone: its deletion can be cancelled
    "AWS::Lambda::Function": {"State", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReasonCode"},
    "AWS::Logs::LogGroup": {"dataProtectionStatus"},
    "AWS::OpenSearchService::Domain": {"DomainProcessingStatus"},
    "AWS::ApiGateway::Stage": {"cacheClusterStatus"},
    "AWS::SES::EmailIdentity": {"VerificationStatus"},  # one that is not verified cannot send: SendingEnabled is asked
    "AWS::Transfer::Server": {"State"},  # one that could not start or stop can be started
}


def asked(rule: CheckedRule) -> str:
    return rule.rule.when or ""


def shared(name: str) -> str:
    return str(load(content_root() / "policies" / "shared.yaml")[name]).strip()


def test_each_policy_on_a_type_judges_what_the_others_judge() -> None:
    conditions = {name: shared(name) for name in {*JUDGED.values(), *JUDGED_MEMBERS.values()}}
    missed = [
        f"{rule.policy.id} on {rule.rule.resource}"
        for rule in linted().rules
        if (name := JUDGED.get(rule.rule.resource)) and conditions[name] not in asked(rule)
    ]
    assert sorted({policy.split()[0] for policy in missed}) == sorted(ASK_OTHERWISE), missed
    assert [
        f"{rule.policy.id}: {member}"
        for rule in linted().rules
        for (resource, member), name in JUDGED_MEMBERS.items()
        if rule.rule.resource == resource
        and re.search(rf"resource\.\??{member}\b", rule.rule.assert_)
        and conditions[name] not in asked(rule)
    ] == []


# What they ask of the state of a thing in a list is another question than whether it is there.
OTHER_STATES = {
    "backup-coverage: AWS::Backup::RecoveryPoint": "points that can be restored",
    "rds-multi-az: AWS::RDS::DBInstance": "members that can take over",
    "ssm-patch-compliant: AWS::EC2::Instance": "machines that run",
}


def test_things_in_a_list_are_there_by_the_condition_of_their_type() -> None:
    """There each has another name: `cel.bind(resource, c, ${shared.ecs_cluster_there})`."""
    there = {name: shared(condition) for name, condition in JUDGED.items() if condition.endswith("_there")}
    apart = {
        f"{rule.policy.id}: {name}"
        for rule in linted().rules
        for name, condition in there.items()
        if name != rule.rule.resource and condition not in (rule.rule.when or "") + rule.rule.assert_
        for checked in (rule.when, rule.assert_)
        for read in (checked.references if checked else ())
        if read.message == f"type_{name.replace('::', '_')}"
        and read.member in re.findall(r"resource\.\??(\w+)", condition)
    }
    assert apart == set(OTHER_STATES)


def test_no_policy_leaves_out_by_itself_what_others_on_its_type_judge() -> None:
    """A condition of one policy about who holds a thing, or runs it, is forgotten by its sisters."""
    conditions = {name: shared(name) for name in JUDGED.values()}
    rules: dict[str, list[CheckedRule]] = defaultdict(list)
    for rule in linted().rules:
        if rule.rule.resource.startswith("AWS::"):
            rules[rule.rule.resource].append(rule)
    apart, unused = set(), []
    for name, sisters in rules.items():
        own = []
        for rule in sisters:
            rest = asked(rule)
            for condition in conditions.values():
                rest = rest.replace(condition, "")
            own.append(set(re.findall(r"resource\.\??(\w+)", rest)) - TAGS)
        narrowed = set().union(*own) - set.intersection(*own) if len(own) > 1 else set()
        apart |= {f"{name}.{member}" for member in narrowed - OWN_QUESTIONS.get(name, set())}
        unused += [f"{name}.{member}" for member in OWN_QUESTIONS.get(name, set()) - narrowed]
    assert (apart, unused) == (set(), [])


def test_whether_anything_looks_is_asked_whatever_was_found() -> None:
    """One finding, an old one or a sample, says nothing of whether anything else was searched."""
    silenced = [
        f"{rule.policy.id} on {rule.rule.resource}: {member}"
        for rule in linted().rules
        if rule.rule.resource.startswith("AWS::")
        for member, relation in bundled().types[rule.rule.resource].relations.items()
        if relation.type.endswith("Finding") and f"resource.{member}." in (rule.rule.when or "")
    ]
    assert silenced == []


def test_no_state_of_going_that_the_models_know_is_overlooked() -> None:
    there = {name for name, condition in JUDGED.items() if condition.endswith("_there")}
    overlooked = {
        f"{name}.{member}"
        for name in {rule.rule.resource for rule in linted().rules} - there
        if not bundled().types[name].singleton
        for member, shape in linted().checker.shapes.members(name).items()
        if any(
            GOING.search(state)
            for one in (shape, *getattr(shape, "members", {}).values())
            for state in getattr(one, "enum", ())
        )
        and member not in JUDGED_ALIKE.get(name, ())
        and not all(member in (rule.rule.when or "") for rule in linted().rules if rule.rule.resource == name)
    }
    assert overlooked == set()
