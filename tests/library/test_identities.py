"""The table of names: complete, without contradiction, and as CloudFormation and Checkov know the blocks."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from content_copy import bundled
from preuve.library.validation.code.identities import problems
from preuve.library.yaml.place import content_root
from preuve.model.content import Naming, Namings
from preuve.model.errors import Position

HERE = Position("scanners/identities.yaml", 1, 1)
SERVICES = (
    *("autoscaling", "awslambda", "cloudwatch", "dynamodb", "ec2", "ecr", "ecs", "elbv2", "iam", "kinesis", "logs"),
    *("rds", "s3", "secretsmanager", "sns", "sqs", "ssm"),
)
NOT_UNIQUE = {"AWS::EC2::SecurityGroup", "AWS::ECS::Service"}  # a VPC, a cluster may have another of the name
NOT_THE_ID = {"AWS::EC2::LaunchTemplate"}  # the account knows it by an id


def models(base: type[Any]) -> Iterator[type[Any]]:
    for made in base.__subclasses__():
        yield made
        yield from models(made)


def test_the_naming_properties_are_those_that_cloudformation_generates() -> None:
    from moto.core.common_models import CloudFormationModel

    for service in SERVICES:
        importlib.import_module(f"moto.{service}.models")
    # Another test of the same process may have loaded other services of moto, whose names are not checked here.
    checked = tuple(f"moto.{service}." for service in SERVICES)
    known = {
        model.cloudformation_type(): model.cloudformation_name_type()
        for model in models(CloudFormationModel)
        if model.__module__.startswith(checked)
    }
    ours = {name: naming.argument for name, naming in bundled().namings.of.items() if "::" in name and not naming.part}
    compared = {name for name in ours if known.get(name)} - NOT_UNIQUE - NOT_THE_ID
    assert len(compared) > 15
    assert {name: ours[name] for name in compared} == {name: known[name] for name in compared}
    assert {ours[name] for name in NOT_UNIQUE | NOT_THE_ID} == {""}


# In a process of its own: Checkov changes the one that loads it.
CHECKOV = """
import importlib, json, pkgutil
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.terraform.checks.resource import aws
from checkov.terraform.checks.resource.registry import resource_registry
for module in pkgutil.iter_modules(aws.__path__):
    importlib.import_module(f"{aws.__name__}.{module.name}")
graph = get_graph_checks_registry("terraform")
graph.load_checks()
known = {*resource_registry.checks, *(kind for check in graph.checks for kind in check.resource_types)}
print(json.dumps(sorted(known)))
"""


def test_types_of_terraform_blocks_are_known_to_checkov() -> None:
    done = subprocess.run([sys.executable, "-c", CHECKOV], check=True, capture_output=True, text=True)
    known = set(json.loads(done.stdout.splitlines()[-1]))
    assert {name for name in bundled().namings.of if "::" not in name} - known == set()


@pytest.mark.parametrize(
    ("namings", "said"),
    [
        (Namings((Naming("aws_a", "AWS::No::Thing", HERE),)), "no collector reads AWS::No::Thing"),
        (Namings((Naming("aws_a", "AWS::S3::Bucket", HERE),) * 2), "aws_a occurs twice"),
        (Namings((Naming("aws_a", "AWS::S3::Bucket", HERE, part=True),)), "aws_a does not say what it is a part of"),
        (Namings(), "s3-encrypted: AWS::S3::Bucket cannot be found in code"),
    ],
)  # fmt: skip
def test_a_defect_of_the_table_is_reported(namings: Namings, said: str) -> None:
    assert said in {problem.message for problem in problems(replace(bundled(), namings=namings))}


def test_the_bundled_table_has_no_defect() -> None:
    assert list(problems(bundled())) == []


# Resources of their own, although an argument is called like another resource. The `api_id` of a channel namespace
# is an API of AppSync, which no collector reads.
OF_THEIR_OWN = {
    "aws_appsync_channel_namespace",
    "aws_appsync_graphql_api",
    "aws_cloudwatch_composite_alarm",
    "aws_dax_cluster",
    "aws_keyspaces_table",
    "aws_kinesis_firehose_delivery_stream",
    "aws_spot_fleet_request",
}
ENDINGS = ("", "_arn", "_id", "_identifier", "_name")


def naming_arguments(kind: str) -> set[str]:
    """The arguments that name a block of this type: `instance`, `instance_id`."""
    words = kind.removeprefix("aws_").split("_")
    return {"_".join(words[start:]) + end for start in range(len(words)) for end in ENDINGS}


def test_a_block_that_a_rule_judges_beside_the_one_that_it_names_is_a_part_of_it() -> None:
    known = bundled().namings
    arguments = json.loads((content_root() / "scanners/iac/attributes.json").read_text())["resources"]
    missing = set()
    for path in sorted((content_root() / "scanners/iac").glob("*.yaml")):
        judgement = yaml.safe_load(path.read_text()).get("judgement", {})
        judged = {kind for kind in judgement.get("resources", {}) if kind.startswith("aws_")}
        for kind in judged - known.of.keys() - OF_THEIR_OWN:
            given = set(" ".join(arguments.get(kind, {}).values()).split())
            missing |= {(kind, maker) for maker in judged & known.standing if given & naming_arguments(maker)}
    assert missing == set()
