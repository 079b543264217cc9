"""No type that reaches the subject of a policy is silent: its rules judge it, or it is named here with the reason why
it does not reach it.

A type that some list knows is no gap, so that one of another policy's or of none would pass unseen. The candidates are
what the schemas of the AWS provider and of CloudFormation call an argument of the subject.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from content_copy import bundled
from preuve.collect.code.inputs.attributes import table_file
from preuve.library.validation.code.known_types import known_types, table_of_blocks

JUDGED = """
import json
from collections import defaultdict
from checkov.common.checks_infra.registry import get_graph_checks_registry
from preuve.collect.code.checkov.engine import TERRAFORM_REGISTRIES, Engine, cfn_registry
from preuve.collect.code.checkov.graph_types import types_of
from preuve.library.validation.code.code_rules import rendered
from preuve.library.load import load_library
library = load_library()
checks = {check for policy in library.policies.values() if policy.iac for check in policy.iac.checkov}
rules = [rule for name, rule in library.code_rules.items() if name in checks]
rules = tuple(rendered(rule, library.values({}), library.reference) for rule in rules)
Engine(frozenset(checks), rules, library.documents, library.namings.standing)
found = defaultdict(set)
for registry in (*TERRAFORM_REGISTRIES, cfn_registry):
    for kind, asked in registry.checks.items():
        for check in asked:
            found[check.id] |= {kind, *getattr(check, "looks_beside", ())}
for kind in ("terraform", "cloudformation"):
    for check in get_graph_checks_registry(kind).checks:
        found[check.id] |= types_of(check)
print(json.dumps({id: sorted(types) for id, types in found.items()}))
"""
GROUPS = ("sg-no-admin-ports-open", "sg-no-all-traffic", "sg-no-data-ports-open")
ADDRESSES = (
    *(
        "ec2-no-public-ip",
        "rds-not-public",
        "redshift-tls-and-private",
        "eks-cluster-hardening",
        "messaging-not-public",
    ),
    *("s3-bucket-public-access-block", "s3-access-point-public-block", "public-sharing-blocked"),
    *("s3-account-public-access-block", "opensearch-private-fgac"),
)
LIMITS = "limits: "  # the limits of a policy name the service
# By subject: the policies, what arguments of it are called (without `_`, in small letters), the types meant (all, or
# those of some services), and by reason the types that do not reach it.
SUBJECTS: Mapping[str, tuple[tuple[str, ...], str, str, Mapping[str, str]]] = {
    "ports that are open to the internet": (
        GROUPS,
        r"(from|to)port|portranges?|cidrs?|cidrip(v\d)?|cidripv\d|ipv\dcidrs|ipranges?",
        "",
        {
            "judged by another policy: nacl-no-admin-ports, sg-egress-limited, eks-cluster-hardening": """
                aws_default_network_acl aws_network_acl aws_network_acl_rule AWS::EC2::NetworkAclEntry
                aws_vpc_security_group_egress_rule AWS::EC2::SecurityGroupEgress aws_eks_cluster AWS::EKS::Cluster""",
            "ranges that the group which names them opens": """
                aws_ec2_managed_prefix_list aws_ec2_managed_prefix_list_entry AWS::EC2::PrefixList
                AWS::EC2::IPAMPrefixListResolver""",
            "addresses that are given out": """
                aws_vpc_ipam_pool_cidr aws_vpc_ipam_pool_cidr_allocation AWS::CloudFront::AnycastIpList
                AWS::EC2::IPAMAllocation AWS::EC2::IPAMPool AWS::EC2::IPAMPoolCidr AWS::EC2::SubnetCidrReservation
                AWS::EVS::Environment AWS::GlobalAccelerator::CrossAccountAttachment AWS::MediaLive::Network
                AWS::MediaConnect::RouterNetworkInterface AWS::ODB::OdbNetwork""",
            "narrows what groups let in, or looks for it": """
                aws_ec2_network_insights_path aws_ec2_traffic_mirror_filter_rule aws_networkfirewall_rule_group
                aws_networkfirewall_tls_inspection_configuration aws_securityhub_insight
                AWS::EC2::NetworkInsightsAnalysis AWS::EC2::NetworkInsightsPath AWS::EC2::TrafficMirrorFilterRule
                AWS::FMS::Policy AWS::InspectorV2::Filter AWS::IoT::SecurityProfile AWS::NetworkFirewall::RuleGroup
                AWS::NetworkFirewall::TLSInspectionConfiguration AWS::SecurityHub::Insight""",
            "leads to what has a group, or asks who calls": """
                aws_globalaccelerator_custom_routing_endpoint_group aws_globalaccelerator_custom_routing_listener
                aws_globalaccelerator_listener aws_verifiedaccess_endpoint aws_vpclattice_resource_configuration
                AWS::DevOpsAgent::PrivateConnection AWS::EC2::VerifiedAccessEndpoint AWS::GlobalAccelerator::Listener
                AWS::VpcLattice::ResourceConfiguration""",
            "a service with ports of its own, not for administration or data": """
                aws_medialive_input_security_group aws_sagemaker_workforce aws_ses_receipt_filter
                aws_workspacesweb_ip_access_settings AWS::GameLift::ContainerGroupDefinition
                AWS::GroundStation::DataflowEndpointGroup AWS::GroundStation::DataflowEndpointGroupV2
                AWS::MediaLive::Input AWS::MediaLive::InputSecurityGroup AWS::Route53GlobalResolver::AccessSource
                AWS::SES::ReceiptFilter AWS::SageMaker::Workforce AWS::WorkSpacesWeb::IpAccessSettings""",
            "of EC2-Classic, which AWS has switched off": """
                AWS::RDS::DBSecurityGroup AWS::RDS::DBSecurityGroupIngress
                AWS::Redshift::ClusterSecurityGroupIngress""",
        },
    ),
    "a public address": (
        ADDRESSES,
        r"(is)?publicly?accessible|(is)?public|publicaccess(type)?|publicconnectivity|(associate|assign)publicip(address)?"
        r"|mappubliciponlaunch",
        "",
        {
            "limits: App Runner": "aws_apprunner_service AWS::AppRunner::Service",
            "says which images, and not which machines": """
                aws_imagebuilder_lifecycle_policy AWS::ImageBuilder::LifecyclePolicy""",
            "where media goes in or out": "AWS::MediaConnect::RouterNetworkInterface AWS::MediaConnect::RouterOutput",
            "in a part of its schema to which nothing refers": "AWS::EC2::EC2Fleet",
        },
    ),
    "whom an API asks": (
        ("apigw-auth", "lambda-not-public"),
        r"auth(orization|entication)?(type|mode)|authorization",
        r"(aws_api_gateway_|aws_apigatewayv2_|aws_appsync_|aws_lambda_|aws_vpclattice_|AWS::ApiGateway|AWS::AppSync::"
        r"|AWS::Lambda::|AWS::Serverless::|AWS::VpcLattice::)",
        {
            "limits: VPC Lattice": """
                aws_vpclattice_service aws_vpclattice_service_network AWS::VpcLattice::Service
                AWS::VpcLattice::ServiceNetwork""",
            "whom it asks to be let in itself": "aws_appsync_datasource AWS::AppSync::DataSource",
            "what an authorizer is": "AWS::ApiGateway::Authorizer",
            "an API with a target fails whatever it overrides": "AWS::ApiGatewayV2::ApiGatewayManagedOverrides",
        },
    ),
    "the log of an API": (
        ("apigw-logging",),
        r"accesslogsettings?|logconfig|logging",
        r"(aws_api_gateway_|aws_apigatewayv2_|aws_appsync_|AWS::ApiGateway|AWS::AppSync::|AWS::Serverless::.*Api)",
        {},
    ),
}


@cache
def judged() -> Mapping[str, list[str]]:
    """Return the types that each check examines. The registries of Checkov are one for a process."""
    told = subprocess.run([sys.executable, "-c", JUDGED], capture_output=True, text=True, check=True, timeout=120)
    found: Mapping[str, list[str]] = json.loads(told.stdout)
    return found


def read_by(policies: tuple[str, ...]) -> set[str]:
    rules = [bundled().policies[name].iac for name in policies]
    return {type_ for rule in rules if rule for check in rule.checkov for type_ in judged().get(check, ())}


@cache
def arguments() -> Mapping[str, frozenset[str]]:
    """Return the names of the arguments of each known type, at any depth."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    provider = json.loads(table_file().read_text("utf-8"))["resources"]
    found = {
        type_: frozenset(path.rpartition(".")[2] for paths in kinds.values() for path in paths.split())
        for type_, kinds in provider.items()
    }
    there = {*PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")} & known_types()["cloudformation"].names
    return found | {type_: frozenset(of_templates(type_)) for type_ in sorted(there)}


def of_templates(type_: str) -> Iterator[str]:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    told = {path.rpartition("/")[2] for path in schema.get("readOnlyProperties", ())}
    yield from (name for name in _named(schema) if name not in told)


def _named(part: Any) -> Iterator[str]:
    members = part.values() if isinstance(part, Mapping) else part if isinstance(part, list) else ()
    if isinstance(part, Mapping) and isinstance(part.get("properties"), Mapping):
        yield from part["properties"]
    for member in members:
        yield from _named(member)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_type_that_reaches_a_subject_is_judged_or_named(subject: str) -> None:
    policies, called, services, reasons = SUBJECTS[subject]
    names, of = re.compile(called), re.compile(services)
    reaches = {
        type_
        for type_, own in arguments().items()
        if of.match(type_) and any(names.fullmatch(name.replace("_", "").lower()) for name in own)
    }
    read, named = read_by(policies), {type_ for types in reasons.values() for type_ in types.split()}
    assert reaches - read - named == set(), "judge it, or say why it does not reach the subject"
    assert named & read == set()
    assert named - reaches == set()
    limits = " ".join(str(bundled().policies[name].limits) for name in policies)
    assert [why for why in reasons if why.startswith(LIMITS) and why.removeprefix(LIMITS) not in limits] == []


OF_DEFAULT_GROUPS = ("sg-default-closed",)  # a rule that is added to one is no rule of another group
SEPARATE = [
    (type_, name, other) for type_, own in table_of_blocks("separate").items() for name in own for other in own[name]
]


@pytest.mark.parametrize(("type_", "name", "other"), SEPARATE)
def test_what_is_judged_in_a_separate_block_is_judged_where_it_is_inline(type_: str, name: str, other: str) -> None:
    rules = bundled().code_rules
    for policy in (one for one in bundled().policies.values() if one.iac):
        checks = policy.iac.checkov if policy.iac else ()
        if policy.id not in OF_DEFAULT_GROUPS and any(other in judged().get(check, ()) for check in checks):
            read = [check for check in checks if type_ in judged().get(check, ())]
            asked = [rules[check].judgement or rules[check].definition for check in read if check in rules]
            whole = [
                check for check in read if check not in rules or (rules[check].judgement or {}).get("ask") != "settings"
            ]
            assert whole or any(name in json.dumps(one) for one in asked), policy.id
