"""The table of what stands behind a failing block (`scanners/blocks/dependents.yaml`) is complete: for each type that
the catalogue judges it was decided whether something stands behind it, and by the schemas of AWS no way is missing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from preuve.collect.code.checkov.kinds.resources.dependents import Cause, groups_in
from preuve.collect.code.inputs.attributes import table_file
from preuve.library.validation.code.known_types import table_of_blocks

CAUSES = convert(table_of_blocks("dependents"), dict[str, Cause])
ALONE = frozenset((Path(__file__).parents[2] / "documents" / "stands_alone.txt").read_text("utf-8").split())
JUDGED = """
import json
from preuve.collect.code.checkov.engine import Engine
from preuve.library.validation.code.code_rules import rendered
from preuve.library.load import load_library
library = load_library()
checks = {check for policy in library.policies.values() if policy.iac for check in policy.iac.checkov}
rules = [rule for name, rule in library.code_rules.items() if name in checks]
rules = tuple(rendered(rule, library.values({}), library.reference) for rule in rules)
types = Engine(frozenset(checks), rules, library.documents, library.namings.standing).types
print(json.dumps(sorted(types["terraform"] | types["cloudformation"])))
"""
# What the properties are called by which a type of a template is named, and where such a name means something else: the
# resource itself, a name that AWS gives, a thing of the same name of another service, a boundary.
NAMED = {
    "AWS::EC2::LaunchTemplate": r"LaunchTemplate\.?(Id|Name)|CustomLaunchTemplate\.TemplateId",
    "AWS::AutoScaling::LaunchConfiguration": r"LaunchConfigurationName",
    "AWS::ECS::TaskDefinition": r"(?<!Daemon)TaskDefinition(Arn)?",
    "AWS::EC2::NetworkAclEntry": r"NetworkAclId",
    "AWS::IAM::ManagedPolicy": r"ManagedPolicyArns|CustomerManagedPolicyReferences\.Name",
    "AWS::SSO::PermissionSet": r"PermissionSetArn",
    "AWS::ImageBuilder::DistributionConfiguration": r"DistributionConfigurationArn",
    "AWS::ElastiCache::User": r"(?<=^)UserIds",
    "AWS::RDS::DBParameterGroup": r"DBParameterGroupName",
    "AWS::Redshift::ClusterParameterGroup": r"ClusterParameterGroupName",
    "AWS::Lambda::CodeSigningConfig": r"CodeSigningConfigArn",
}
OTHERS = {
    "AWS::ECS::ExpressGatewayService ActiveConfigurations.TaskDefinitionArn",  # AWS says it
    "AWS::EC2::NetworkAclEntry NetworkAclId",  # a rule beside
    "AWS::Neptune::DBInstance DBParameterGroupName",  # of Neptune
}
# The same of Terraform, by the names of arguments in the provider's schemas.
ARGUMENTS = {
    "aws_launch_template": r"launch_template_(id|name)",
    "aws_launch_configuration": r"launch_configuration",
    "aws_ecs_task_definition": r"task_definition(_arn)?",
    "aws_cloudformation_stack_set": r"stack_set_name",
    "aws_network_acl": r"network_acl_id",
    "aws_iam_policy": r"managed_policy_arns|policy_arns",
    "aws_ssoadmin_permission_set": r"permission_set_arn",
    "aws_imagebuilder_distribution_configuration": r"distribution_configuration_arn",
}
OTHER_ARGUMENTS = {
    "aws_grafana_workspace",  # the stack set that makes its roles
    "aws_network_acl_rule",  # a rule beside
    # Rights of the permission set: judged there.
    *("aws_ssoadmin_customer_managed_policy_attachment", "aws_ssoadmin_managed_policy_attachment"),
    *("aws_ssoadmin_permission_set_inline_policy", "aws_ssoadmin_permissions_boundary_attachment"),
}
GROUPS = {
    # Not what is in a group: rules, groups of other kinds, what AWS says, and what is let in.
    *("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress", "AWS::EC2::VPC"),
}


def _schemas() -> Iterator[dict[str, Any]]:
    for file in (files("cfnlint") / "data" / "schemas" / "resources").iterdir():
        if file.name.endswith(".json"):
            yield json.loads(file.read_text("utf-8"))


def _properties(schema: Any, root: Mapping[str, Any], path: str, seen: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Yield each property below a schema by its path, with its own schema."""
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).removeprefix("#/definitions/")
    if name and name not in seen:
        yield from _properties(root["definitions"].get(name), root, path, seen | {name})
    yield path, schema
    yield from _properties(schema.get("items"), root, path, seen)
    for key in ("oneOf", "anyOf", "allOf"):
        for one in schema.get(key, ()):
            yield from _properties(one, root, path, seen)
    for key, one in schema.get("properties", {}).items():
        yield from _properties(one, root, f"{path}.{key}" if path else key, seen)


@pytest.fixture(scope="module")
def properties() -> Mapping[str, Mapping[str, list[Any]]]:
    """The properties of each type of resource that can be set, by path."""
    found: dict[str, dict[str, list[Any]]] = {}
    for root in _schemas():
        told = found.setdefault(root["typeName"], {})
        said = {name.removeprefix("/properties/").replace("/", ".") for name in root.get("readOnlyProperties", ())}
        for path, schema in _properties({"properties": root.get("properties", {})}, root, "", frozenset()):
            if path and path not in said:
                told.setdefault(path, []).append(schema)
    return found


def test_for_each_type_that_is_judged_it_was_decided_whether_something_stands_behind_it() -> None:
    told = subprocess.run([sys.executable, "-c", JUDGED], capture_output=True, text=True, check=True, timeout=120)
    judged = frozenset(json.loads(told.stdout))
    assert judged - CAUSES.keys() - ALONE == set(), "add it to dependents.yaml, or to stands_alone.txt"
    assert ALONE & CAUSES.keys() == set()


@pytest.mark.parametrize("cause", sorted(NAMED))
def test_no_property_of_a_template_that_names_a_cause_is_missing(
    properties: Mapping[str, Mapping[str, list[Any]]], cause: str
) -> None:
    named = re.compile(rf"(?:.*\.)?[a-z\dE]*?(?:{NAMED[cause]})")
    ways = {f"{way.type} {path}" for way in CAUSES[cause].ways for path in way.by}
    found = {f"{kind} {path}" for kind, told in properties.items() for path in told if kind != cause}
    assert {one for one in found if named.fullmatch(one.partition(" ")[2])} - ways - OTHERS == set()


@pytest.mark.parametrize("cause", sorted(ARGUMENTS))
def test_no_resource_of_terraform_that_names_a_cause_is_missing(cause: str) -> None:
    named = re.compile(ARGUMENTS[cause])
    ways = {way.type for way in CAUSES[cause].ways}
    schemas: Mapping[str, Mapping[str, str]] = json.loads(table_file().read_text("utf-8"))["resources"]
    words = {name: {word for texts in kinds.values() for word in texts.split()} for name, kinds in schemas.items()}
    found = {name for name, told in words.items() if any(map(named.fullmatch, told))}
    assert found - ways - OTHER_ARGUMENTS == set()


def test_each_property_that_takes_a_security_group_is_heard(
    properties: Mapping[str, Mapping[str, list[Any]]],
) -> None:
    silent = {
        f"{kind} {path}"
        for kind, told in properties.items()
        for path, schemas in told.items()
        if any("SecurityGroup.Id" in str(one.get("format")) for one in schemas)
        and kind not in GROUPS
        and not [*groups_in(_nested(path))]
    }
    assert {one for one in silent if not re.search(r"(Source|Referenced)\w*SecurityGroup", one)} == set()


def _nested(path: str) -> Any:
    value: Any = "sg-1"
    for step in reversed(path.split(".")):
        value = {step: [value] if isinstance(value, str) else value}
    return value


def test_each_block_of_the_table_is_one_that_there_is(properties: Mapping[str, Mapping[str, list[Any]]]) -> None:
    schemas = json.loads(table_file().read_text("utf-8"))["resources"]
    named = {*CAUSES, *(way.type for cause in CAUSES.values() for way in cause.ways)} - {"", "*"}
    assert {name for name in named if name.startswith("aws_")} - schemas.keys() == set()
    assert {
        name for name in named if name.startswith("AWS::") and "Serverless" not in name
    } - properties.keys() == set()
    for cause in CAUSES.values():
        for way in cause.ways:
            if way.type in properties and "Serverless" not in way.type:
                assert {path for path in way.by if path != "."} <= properties[way.type].keys(), way
