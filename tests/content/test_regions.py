"""Every argument of the AWS provider that names a region is judged by a rule, or stands here with the reason; so is
every property of a template.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session

from content_copy import bundled
from preuve.library.validation.code.code_rules import FOLDER
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


# ---- templates ------------------------------------------------------------------------------------------------------

NAMES_ONE = re.compile(r"(?:.*[a-z0-9])?Regions?(?:Name|List)?")
LEFT_OUT_OF_TEMPLATES = {
    "says where something comes from": """
        Budgets::BudgetsAction.Definition.SsmActionDefinition.Region
        CleanRooms::ConfiguredTable.TableReference.Athena.Region
        CleanRooms::ConfiguredTable.TableReference.Glue.Region
        CloudFront::TrustStore.CaCertificatesBundleSource.CaCertificatesBundleS3Location.Region
        DRS::SourceNetwork.OriginRegion
        EC2::IPAMPool.SourceResource.ResourceRegion
        GlobalAccelerator::CrossAccountAttachment.Resources.Region
        Glue::Database.DatabaseInput.TargetDatabase.Region
        Glue::Table.TableInput.TargetTable.Region
        KinesisFirehose::DeliveryStream.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration.Region
        Lightsail::DatabaseSnapshot.Location.RegionName
        Lightsail::DiskSnapshot.Location.RegionName
        Lightsail::Distribution.Origin.RegionName
        Lightsail::Domain.Location.RegionName
        Lightsail::InstanceSnapshot.Location.RegionName
        Lightsail::KeyPair.Location.RegionName
        ODB::OdbNetwork.ManagedServices.CrossRegionS3RestoreSourcesAccess.Region
        ObservabilityAdmin::OrganizationCentralizationRule.Rule.Source.Regions
        QuickSight::Analysis.Definition.StaticFiles.ImageStaticFile.Source.S3Options.Region
        QuickSight::Analysis.Definition.StaticFiles.SpatialStaticFile.Source.S3Options.Region
        QuickSight::Dashboard.Definition.StaticFiles.ImageStaticFile.Source.S3Options.Region
        QuickSight::Dashboard.Definition.StaticFiles.SpatialStaticFile.Source.S3Options.Region
        QuickSight::Template.Definition.StaticFiles.ImageStaticFile.Source.S3Options.Region
        QuickSight::Template.Definition.StaticFiles.SpatialStaticFile.Source.S3Options.Region
        RDS::DBCluster.SourceRegion
        RDS::DBInstance.SourceRegion
    """,
    "reads what lies there, or reports on it": """
        Backup::ReportPlan.ReportSetting.Regions
        CodePipeline::Pipeline.Stages.BeforeEntry.Conditions.Rules.Region
        CodePipeline::Pipeline.Stages.OnFailure.Conditions.Rules.Region
        CodePipeline::Pipeline.Stages.OnSuccess.Conditions.Rules.Region
        ComputeOptimizer::AutomationRule.Criteria.Region
        Config::ConfigurationAggregator.AccountAggregationSources.AllAwsRegions
        Config::ConfigurationAggregator.AccountAggregationSources.AwsRegions
        Config::ConfigurationAggregator.OrganizationAggregationSource.AllAwsRegions
        Config::ConfigurationAggregator.OrganizationAggregationSource.AwsRegions
        EC2::IPAM.OperatingRegions.RegionName
        EC2::IPAMPrefixListResolver.Rules.Conditions.ResourceRegion
        EC2::IPAMPrefixListResolverTarget.PrefixListRegion
        EC2::IPAMResourceDiscovery.OperatingRegions.RegionName
        EC2::NetworkInsightsAnalysis.Explanations.ComponentRegion
        EC2::NetworkInsightsAnalysis.ForwardPathComponents.Explanations.ComponentRegion
        EC2::NetworkInsightsAnalysis.ReturnPathComponents.Explanations.ComponentRegion
        ImageBuilder::LifecyclePolicy.PolicyDetails.ExclusionRules.Amis.Regions
        MediaLive::Channel.Destinations.MediaPackageSettings.MediaPackageRegionName
        MediaTailor::Function.AwsServiceRequestConfiguration.TargetRegion
        NetworkFlowMonitor::Scope.Targets.Region
        Notifications::EventRule.Regions
        ObservabilityAdmin::OrganizationTelemetryRule.RegionStatuses.Region
        ObservabilityAdmin::OrganizationTelemetryRule.Rule.AllRegions
        ObservabilityAdmin::OrganizationTelemetryRule.Rule.Regions
        ObservabilityAdmin::TelemetryRule.RegionStatuses.Region
        ObservabilityAdmin::TelemetryRule.Rule.AllRegions
        ObservabilityAdmin::TelemetryRule.Rule.Regions
        ResilienceHub::App.ResourceMappings.PhysicalResourceId.AwsRegion
        ResilienceHub::ResiliencyPolicy.Policy.Region
        ResilienceHubV2::Service.Regions
        S3::StorageLens.StorageLensConfiguration.Exclude.Regions
        S3::StorageLens.StorageLensConfiguration.Include.Regions
        SSM::ResourceDataSync.SyncSource.IncludeFutureRegions
        SSM::ResourceDataSync.SyncSource.SourceRegions
        SecurityHub::AggregatorV2.LinkedRegions
        SecurityHub::AutomationRule.Criteria.ResourceRegion
        SecurityHub::FindingAggregator.Regions
        SecurityHub::Insight.Filters.Region
        SecurityHub::Insight.Filters.ResourceRegion
        SupportAuthZ::SupportPermit.Permit.Resources.AllResourcesInRegion
        UXC::AccountCustomization.VisibleRegions
        WellArchitected::AgentProfile.AggregationConfiguration.Regions
        WellArchitected::Workload.AwsRegions
        WellArchitected::Workload.NonAwsRegions
    """,
    "links a network, a name or an own endpoint": """
        ARCRegionSwitch::Plan.HealthChecksForPlan.Region
        ARCRegionSwitch::Plan.PrimaryRegion
        ARCRegionSwitch::Plan.Regions
        ARCRegionSwitch::Plan.Route53HealthChecks.Regions
        ARCRegionSwitch::Plan.Triggers.TargetRegion
        ARCRegionSwitch::Plan.Workflows.Steps.ExecutionBlockConfiguration.Route53HealthCheckConfig.RecordSets.Region
        ARCRegionSwitch::Plan.Workflows.WorkflowTargetRegion
        EC2::TransitGatewayPeeringAttachment.PeerRegion
        EC2::VPCEndpoint.ServiceRegion
        EC2::VPCEndpointService.SupportedRegions
        EC2::VPCPeeringConnection.AssumeRoleRegion
        EC2::VPCPeeringConnection.PeerRegion
        GroundStation::Config.ConfigData.DataflowEndpointConfig.DataflowEndpointRegion
        Route53::HealthCheck.HealthCheckConfig.AlarmIdentifier.Region
        Route53::HealthCheck.HealthCheckConfig.Regions
        Route53::RecordSet.Region
        Route53::RecordSetGroup.RecordSets.Region
        Route53RecoveryControl::Cluster.ClusterEndpoints.Region
        S3::MultiRegionAccessPoint.Regions
        SNS::Subscription.Region
        Serverless::Api.Domain.Route53.Region
        Serverless::HttpApi.Domain.Route53.Region
        Serverless::WebSocketApi.Domain.Route53.Region
    """,
    "signs in, signs requests, or opens a key": """
        AgentRegistry::RegistryRecord.Descriptors.A2aAgentCard.Source.FromUrl.CredentialProviderConfigurations.CredentialProvider.IamCredentialProvider.Region
        AgentRegistry::RegistryRecord.Descriptors.McpServer.Source.FromUrl.CredentialProviderConfigurations.CredentialProvider.IamCredentialProvider.Region
        AppSync::Api.EventConfig.AuthProviders.CognitoConfig.AwsRegion
        AppSync::DataSource.DynamoDBConfig.AwsRegion
        AppSync::DataSource.ElasticsearchConfig.AwsRegion
        AppSync::DataSource.HttpConfig.AuthorizationConfig.AwsIamConfig.SigningRegion
        AppSync::DataSource.OpenSearchServiceConfig.AwsRegion
        AppSync::DataSource.RelationalDatabaseConfig.RdsHttpEndpointConfig.AwsRegion
        BedrockAgentCore::GatewayTarget.CredentialProviderConfigurations.CredentialProvider.IamCredentialProvider.Region
        DataZone::Connection.AwsLocation.AwsRegion
        Deadline::Monitor.IdentityCenterRegion
        DevOpsAgent::Service.AdditionalServiceDetails.MCPServerNewRelic.Region
        DevOpsAgent::Service.AdditionalServiceDetails.MCPServerSigV4.Region
        DevOpsAgent::Service.ServiceDetails.MCPServerNewRelic.AuthorizationConfig.ApiKey.Region
        DevOpsAgent::Service.ServiceDetails.MCPServerSigV4.AuthorizationConfig.Region
        EKS::Capability.Configuration.ArgoCd.AwsIdc.IdcRegion
        IoT::TopicRule.TopicRulePayload.Actions.Http.Auth.Sigv4.SigningRegion
        IoT::TopicRule.TopicRulePayload.ErrorAction.Http.Auth.Sigv4.SigningRegion
        LicenseManager::Grant.HomeRegion
        LicenseManager::License.HomeRegion
        MPA::IdentitySource.IdentitySourceParameters.IamIdentityCenter.Region
        MediaConnect::Flow.Source.Decryption.Region
        MediaConnect::FlowEntitlement.Encryption.Region
        MediaConnect::FlowSource.Decryption.Region
        SageMaker::Domain.DomainSettings.UnifiedStudioSettings.DomainRegion
        Serverless::GraphQLApi.Auth.Additional.UserPool.AwsRegion
        Serverless::GraphQLApi.Auth.UserPool.AwsRegion
    """,
    "no region of AWS, or no region's name": """
        AppFlow::ConnectorProfile.ConnectorProfileConfig.ConnectorProfileProperties.Snowflake.Region
        CleanRooms::Collaboration.AllowedResultRegions
        IdentityStore::User.Addresses.Region
        InspectorV2::Connector.ProviderConfiguration.Azure.AzureRegions
        IoTWireless::DeviceProfile.LoRaWAN.RfRegion
        IoTWireless::FuotaTask.LoRaWAN.RfRegion
        IoTWireless::MulticastGroup.LoRaWAN.RfRegion
        IoTWireless::WirelessGateway.LoRaWAN.RfRegion
        KMS::Key.MultiRegion
        Outposts::Site.OperatingAddress.StateOrRegion
        Outposts::Site.ShippingAddress.StateOrRegion
        ResilienceHubV2::Policy.MultiRegion
        SecurityHub::Connector.Provider.Azure.AzureRegions
        SecurityHub::ConnectorV2.Provider.Azure.AzureRegions
    """,
}


def test_every_property_that_names_a_region_is_judged() -> None:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    rules = bundled().policies["iac-region-allowed"].iac
    assert rules
    asked = [_asked(bundled().code_rules[check]) for check in rules.checkov if check in bundled().code_rules]
    named = {
        (type_, path)
        for type_ in PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
        if type_.startswith("AWS::")
        for path in _properties(type_)
    }
    left = {
        f"{type_.removeprefix('AWS::')}.{'.'.join(path)}"
        for type_, path in named
        if not any(_is_asked(path, about.get(type_, "")) for about in asked)
    }
    known = {one for names in LEFT_OUT_OF_TEMPLATES.values() for one in names.split()}
    assert left == known


def _is_asked(path: tuple[str, ...], asked: str) -> bool:
    """Whether a condition reads the last step of a path below the one before it."""
    return bool(asked) and all(re.search(rf'["\.]{re.escape(step)}["\.]', asked) for step in path[-2:])


def _properties(type_: str) -> Iterator[tuple[str, ...]]:
    """The paths of a type's properties that name a region and that a template sets."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    told = {tuple(path.split("/")[2:]) for path in schema.get("readOnlyProperties", ())}
    return (path for path in _below(schema, schema, (), frozenset()) if path not in told)


def _below(
    schema: Mapping[str, Any], node: Any, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    if not isinstance(node, Mapping):
        return
    ref = str(node.get("$ref", ""))
    if ref and ref not in seen:
        inner = schema.get("definitions", {}).get(ref.rsplit("/", 1)[-1])
        yield from _below(schema, inner, path, seen | {ref})
    for name, part in node.get("properties", {}).items():
        if NAMES_ONE.fullmatch(name) and not list(_below(schema, part, (), seen)):
            yield (*path, name)
        yield from _below(schema, part, (*path, name), seen)
    parts = [node.get("items"), *(part for way in ("anyOf", "oneOf", "allOf") for part in node.get(way, ()))]
    for part in (*parts, *node.get("patternProperties", {}).values()):
        yield from _below(schema, part, path, seen)


def test_the_region_of_global_services_is_that_of_botocore_in_each_partition() -> None:
    loader = botocore.session.get_session().get_component("data_loader")
    endpoints = {
        item["partition"]: item["services"].get("iam", {}) for item in loader.load_data("endpoints")["partitions"]
    }
    for name, region in bundled().reference["global_regions"]["data"].items():
        (partition,) = (item for item in loader.load_data("partitions")["partitions"] if item["id"] == name)
        iam = endpoints.get(name, {})
        signed = iam.get("endpoints", {}).get(iam.get("partitionEndpoint"), {}).get("credentialScope", {})
        assert signed.get("region", partition["outputs"]["implicitGlobalRegion"]) == region
