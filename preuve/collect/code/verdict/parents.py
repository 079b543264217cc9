"""What an object belongs to for good: of another parent it is another object, though its block stays the same."""

from __future__ import annotations

from collections.abc import Mapping

# Types of blocks that are something by themselves, and the arguments that name their parent: the provider makes a new
# object if one of them changes, but for the subnets that a network ACL guards, the secret that is rotated and the
# database of which another one is a replica.
PARENTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("aws_api_gateway_stage", "aws_api_gateway_method"), ("rest_api_id",)),
    **dict.fromkeys(("aws_apigatewayv2_route", "aws_apigatewayv2_stage"), ("api_id",)),
    **dict.fromkeys(("aws_lb_listener", "aws_alb_listener"), ("load_balancer_arn",)),
    **dict.fromkeys(("aws_lb_listener_rule", "aws_alb_listener_rule"), ("listener_arn",)),
    **dict.fromkeys(("aws_rds_cluster_instance", "aws_docdb_cluster_instance"), ("cluster_identifier",)),
    "aws_neptune_cluster_instance": ("cluster_identifier",),
    **dict.fromkeys(("aws_security_group", "aws_default_security_group"), ("vpc_id",)),
    "aws_ami_copy": ("source_ami_id",),
    "aws_ami_from_instance": ("source_instance_id",),
    "aws_db_instance": ("replicate_source_db",),
    "aws_db_snapshot": ("db_instance_identifier",),
    "aws_db_cluster_snapshot": ("db_cluster_identifier",),
    "aws_db_snapshot_copy": ("source_db_snapshot_identifier",),
    "aws_default_network_acl": ("default_network_acl_id", "subnet_ids"),
    "aws_ebs_snapshot": ("volume_id",),
    "aws_ebs_snapshot_copy": ("source_snapshot_id",),
    "aws_ecs_service": ("cluster",),
    "aws_efs_access_point": ("file_system_id",),
    "aws_eks_node_group": ("cluster_name",),
    "aws_elasticache_cluster": ("replication_group_id",),
    "aws_kms_replica_key": ("primary_key_arn",),
    "aws_network_acl": ("vpc_id", "subnet_ids"),
    "aws_route53_record": ("zone_id",),
    "aws_s3_access_point": ("bucket",),
    "aws_secretsmanager_secret_rotation": ("secret_id",),
    "aws_sns_topic_subscription": ("topic_arn",),
    "AWS::ApiGateway::Stage": ("RestApiId",),
    "AWS::ApiGateway::Method": ("RestApiId",),
    "AWS::ApiGatewayV2::Route": ("ApiId",),
    "AWS::ApiGatewayV2::Stage": ("ApiId",),
    "AWS::DocDB::DBInstance": ("DBClusterIdentifier",),
    **dict.fromkeys(("AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup"), ("VpcId",)),
    "AWS::ECS::Service": ("Cluster",),
    "AWS::EFS::AccessPoint": ("FileSystemId",),
    "AWS::EKS::Nodegroup": ("ClusterName",),
    "AWS::ElasticLoadBalancingV2::Listener": ("LoadBalancerArn",),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ("ListenerArn",),
    "AWS::KMS::ReplicaKey": ("PrimaryKeyArn",),
    "AWS::Neptune::DBInstance": ("DBClusterIdentifier",),
    "AWS::RDS::DBInstance": ("DBClusterIdentifier", "SourceDBInstanceIdentifier"),
    "AWS::Route53::RecordSet": ("HostedZoneId", "HostedZoneName"),
    "AWS::S3::AccessPoint": ("Bucket",),
    "AWS::SNS::Subscription": ("TopicArn",),
    "AWS::SecretsManager::RotationSchedule": ("SecretId",),
}
