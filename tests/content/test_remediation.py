"""The fixes that policies give: commands that AWS's own models know, written once for both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel
from botocore.session import Session

from content_copy import bundled
from preuve.library.yaml.place import content_root

FENCED = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"(?<![\w-])aws ([a-z0-9-]+) ([a-z0-9-]+)(.*)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
NO_API = {"s3", "configure"}  # commands of the AWS CLI that are no operations
ANY = {"region", "profile", "output", "query", "no-cli-pager"}
SERVICES = {"configservice": "config", "s3api": "s3"}  # where the AWS CLI has a name of its own
# Options of the AWS CLI in place of members of the request.
OPTIONS = {
    "authorize-security-group-egress": {"protocol", "port", "cidr"},
    "create-network-acl-entry": {"ingress", "protocol", "rule-action", "cidr-block", "port-range", "rule-number"},
    "delete-network-acl-entry": {"ingress", "rule-number"},
    "authorize-security-group-ingress": {"protocol", "port", "cidr"},
    "revoke-security-group-ingress": {"protocol", "port", "cidr"},
    "subscribe": {"notification-endpoint"},
}

# Operations that replace a whole document, list or set of options, with those that show the current one.
REPLACED = {
    ("backup", "update-backup-plan", ""): "get-backup-plan",
    ("bedrock", "put-model-invocation-logging-configuration", ""): "get-model-invocation-logging-configuration",
    ("codebuild", "update-project", "environment"): "batch-get-projects",
    ("codebuild", "update-webhook", "filter-groups"): "batch-get-projects",
    ("cognito-identity", "update-identity-pool", ""): "describe-identity-pool",
    ("cognito-idp", "update-user-pool", ""): "describe-user-pool",
    ("ecr", "put-registry-scanning-configuration", ""): "get-registry-scanning-configuration",
    ("ecr", "put-replication-configuration", ""): "describe-registry",
    ("efs", "put-file-system-policy", ""): "describe-file-system-policy",
    ("guardduty", "update-filter", ""): "get-filter",
    ("iam", "update-account-password-policy", ""): "get-account-password-policy",
    ("iam", "update-assume-role-policy", ""): "get-role",
    ("inspector2", "update-filter", ""): "list-filters",
    ("kms", "put-key-policy", ""): "get-key-policy",
    ("lambda", "update-function-configuration", "environment"): "get-function-configuration",
    ("logs", "delete-resource-policy", ""): "describe-resource-policies",
    ("s3api", "delete-bucket-policy", ""): "none: a policy says more than what is wrong with it",
    ("s3api", "delete-bucket-replication", ""): "none: a bucket has sound rules too",
    ("s3api", "put-bucket-lifecycle-configuration", ""): "get-bucket-lifecycle-configuration",
    ("s3api", "put-bucket-policy", ""): "get-bucket-policy",
    ("s3api", "put-bucket-replication", ""): "get-bucket-replication",
    ("s3api", "put-bucket-tagging", ""): "get-bucket-tagging",
    ("secretsmanager", "put-resource-policy", ""): "get-resource-policy",
    ("ssm", "update-document", ""): "get-document",
    ("transfer", "update-server", "protocols"): "describe-server",
}
# Types whose commands differ from those of a policy's other types, and the beginnings of theirs.
OF_TYPE = {
    "AWS::ApiGateway::Stage": r"apigateway \S*stage",
    "AWS::ApiGatewayV2::Route": r"apigatewayv2 \S*route",
    "AWS::ApiGatewayV2::Stage": r"apigatewayv2 \S*stage",
    "AWS::EC2::Image": r"ec2 \S*image",
    "AWS::EC2::LaunchTemplate": r"ec2 \S*launch-template",
    "AWS::EC2::Snapshot": r"ec2 \S*snapshot",
    "AWS::RDS::DBCluster": r"(rds|docdb) \S*db-cluster(?!-snapshot)",
    "AWS::RDS::DBClusterSnapshot": r"(rds|docdb) \S*db-cluster-snapshot",
    "AWS::RDS::DBInstance": r"rds \S*db-instance",
    "AWS::RDS::DBSnapshot": r"rds \S*db-snapshot",
    "AWS::RDS::GlobalCluster": r"rds \S*global-cluster",
}
# Policies whose commands serve all types, or whose fix does not concern one kind of resource.
OF_ALL_TYPES = {
    "backup-coverage",  # the same jobs of AWS Backup
    "no-secrets-in-compute-config",  # the secret is made once, whatever names it
    "rds-multi-az",  # a member in another zone is an instance
    "tag-data-classification",
    "tag-owner-environment",
}


@cache
def operations(service: str) -> dict[str, OperationModel]:
    model = Session().get_service_model(SERVICES.get(service, service))
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def commands(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Service, operation and options of each AWS command in the fenced blocks of a text."""
    for block in FENCED.findall(text):
        for match in COMMAND.finditer(re.sub(r"\\\n\s*", " ", block)):
            rest = QUOTED.sub("…", re.split(r" \| | && |; ", match[3])[0])
            if match[1] not in NO_API and match[2] != "wait":
                yield match[1], match[2], re.findall(r"(?<!\S)--([a-z0-9-]+)", rest)


def wrong(service: str, operation: str, given: list[str]) -> Iterator[str]:
    try:
        known = operations(service)
    except UnknownServiceError:
        yield f"there is no service {service}"
        return
    if operation not in known:
        yield f"{service} has no {operation}"
        return
    shape = known[operation].input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in (shape.members if shape else {}).items()}
    plain = {name.removeprefix("no-") if name not in members else name for name in given}
    yield from (
        f"{service} {operation} has no --{name}"
        for name in sorted(plain - set(members) - ANY - OPTIONS.get(operation, set()) - {"cli-pager"})
    )
    required = set(shape.required_members) if shape else set()
    yield from (
        f"{service} {operation} needs --{option}"
        for option, (name, member) in members.items()
        if name in required and option not in plain and "idempotencyToken" not in member.metadata
        if not OPTIONS.get(operation, set()) & plain
    )


@pytest.mark.parametrize("policy", sorted(bundled().policies))
def test_a_fix_is_a_command_that_aws_knows_or_code(policy: str) -> None:
    text = bundled().policies[policy].remediation
    assert FENCED.search(text.en)
    assert [problem for command in commands(text.en) for problem in wrong(*command)] == []


@pytest.mark.parametrize("policy", sorted(bundled().policies))
def test_a_replacing_command_follows_one_that_shows_the_current_state(policy: str) -> None:
    seen: set[tuple[str, str]] = set()
    for service, operation, given in commands(bundled().policies[policy].remediation.en):
        for option in ("", *given):
            before = REPLACED.get((service, operation, option))
            assert before is None or (service, before) in seen, f"{service} {operation}"
        seen.add((service, operation))


@pytest.mark.parametrize("policy", sorted(set(bundled().policies) - OF_ALL_TYPES))
def test_each_type_that_fails_has_a_command_of_its_own(policy: str) -> None:
    given = [f"{service} {operation}" for service, operation, _ in commands(bundled().policies[policy].remediation.en)]
    types = {rule.resource for rule in bundled().policies[policy].aws} & OF_TYPE.keys()
    assert not given or [name for name in types if not any(re.match(OF_TYPE[name], one) for one in given)] == []


def test_code_is_written_once_for_both_languages() -> None:
    paths = sorted((content_root() / "policies").glob("*/*.yaml"))
    assert paths
    assert [path.name for path in paths if "```" in path.read_text(encoding="utf-8")] == []


def test_no_text_of_the_content_names_a_company() -> None:
    """Remediation texts go into the bundles of others: their names are examples, their hosts those kept for that."""
    host = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]+)|https?://([\w-]+\.[\w.-]+)")
    known = re.compile(
        r"(.*\.)?(example\.(com|org|net)|example|amazonaws\.com|git(hub|lab)\.com|amazon\.com)"
        r"|endoflife\.date|pathfinding\.cloud"  # sources of reference data
        r"|management\.azure\.com"  # an audience that Microsoft gives to everybody
    )
    register = (Path(__file__).parents[2] / "examples/techstart/registers/people.csv").read_text(encoding="utf-8")
    people = re.compile("|".join(rf"\b[a-z]+\.{name}\b" for name in set(re.findall(r"\.(\w+)@", register))))
    found = []
    for folder in ("policies", "scanners", "controls"):
        for path in sorted((content_root() / folder).rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            assert "techstart" not in text.lower(), path
            assert not people.search(text), path
            hosts = (one or other for one, other in host.findall(text))
            found += [(path.name, name) for name in hosts if not known.fullmatch(name.rstrip("."))]
    assert found == []
