"""Every argument of the AWS provider that names a region is judged by a rule, or stands here with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from content_copy import bundled
from preuve.library.checked.code.code_rules import FOLDER
from preuve.library.yaml.place import content_root
from preuve.model.content import CodeRule

NAMES_A_REGION = re.compile(r"(?:^|_)regions?(?:_name|_list)?$")
LEFT_OUT = {
    "says where something comes from": {
        "aws_ami_copy.source_ami_region",
        "aws_ebs_snapshot_copy.source_region",
        "aws_lightsail_distribution.region_name",
        "aws_observabilityadmin_centralization_rule_for_organization.regions",
        "aws_rds_cluster.source_region",
    },
    "reads what lies there, or reports on it": {
        *("aws_backup_report_plan.regions", "aws_config_configuration_aggregator.regions"),
        *("aws_imagebuilder_lifecycle_policy.regions", "aws_notifications_event_rule.regions"),
        *("aws_route53_health_check.cloudwatch_alarm_region", "aws_route53_health_check.regions"),
        *("aws_s3control_storage_lens_configuration.regions", "aws_securityhub_finding_aggregator.specified_regions"),
        *("aws_vpc_ipam.region_name", "aws_vpc_ipam_resource_discovery.region_name"),
    },
    "links a network, a name or a quota": {
        *("aws_ec2_transit_gateway_peering_attachment.peer_region", "aws_vpc_peering_connection.peer_region"),
        *("aws_networkmanager_core_network.base_policy_regions", "aws_servicequotas_template.aws_region"),
        *("aws_route53_record.aws_region", "aws_route53_records_exclusive.aws_region"),
        *("aws_route53_vpc_association_authorization.vpc_region", "aws_route53_zone.vpc_region"),
        *("aws_route53_zone_association.vpc_region", "aws_vpc_endpoint.service_region"),
        "aws_vpc_endpoint_service.supported_regions",
    },
    "signs in, or signs requests": {
        *("aws_appsync_api.aws_region", "aws_appsync_datasource.signing_region", "aws_eks_capability.idc_region"),
        "aws_chime_voice_connector_termination.calling_regions",  # countries
    },
    "judged by a rule of another policy": {"aws_account_region.region_name"},
    "no region of AWS": {"aws_account_primary_contact.state_or_region"},
}


def test_every_argument_that_names_a_region_is_judged() -> None:
    table = json.loads((content_root() / FOLDER / "attributes.json").read_text("utf-8"))["resources"]
    named = {
        f"{type_}.{name}"
        for type_, kinds in table.items()
        for kind in ("string", "set", "list")
        for name in kinds.get(kind, "").split()
        if NAMES_A_REGION.search(name) and name != "region"
    }
    rules = bundled().policies["iac-region-allowed"].iac
    assert rules
    asked = [_asked(bundled().code_rules[check]) for check in rules.checkov if check in bundled().code_rules]
    judged = {one for one in named if any(_is_in(*one.split("."), about) for about in asked)}
    assert named - judged == set().union(*LEFT_OUT.values())


def _asked(rule: CodeRule) -> dict[str, str]:
    """What a rule asks, by the type that it asks; of one with a definition all of it."""
    if rule.judgement:
        return {type_: json.dumps(asked) for type_, asked in rule.judgement["resources"].items()}
    text = json.dumps(rule.definition)
    return dict.fromkeys(re.findall(r'"(aws_\w+)"', text), text)


def _is_in(type_: str, name: str, about: Mapping[str, str]) -> bool:
    return re.search(rf'\b{name}"', about.get(type_, "")) is not None
