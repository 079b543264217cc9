"""What an object belongs to for good: of another parent it is another object, though its block stays the same."""

from __future__ import annotations

from collections.abc import Mapping

# Types of blocks that are something by themselves, and the arguments that name their parent: the provider makes a new
# object if one of them changes, but for the subnets that a network ACL guards and the secret that is rotated.
PARENTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("aws_api_gateway_stage", "aws_api_gateway_method"), ("rest_api_id",)),
    **dict.fromkeys(("aws_apigatewayv2_route", "aws_apigatewayv2_stage"), ("api_id",)),
    **dict.fromkeys(("aws_lb_listener", "aws_alb_listener"), ("load_balancer_arn",)),
    **dict.fromkeys(("aws_lb_listener_rule", "aws_alb_listener_rule"), ("listener_arn",)),
    **dict.fromkeys(("aws_rds_cluster_instance", "aws_docdb_cluster_instance"), ("cluster_identifier",)),
    "aws_neptune_cluster_instance": ("cluster_identifier",),
    "aws_db_snapshot": ("db_instance_identifier",),
    "aws_db_cluster_snapshot": ("db_cluster_identifier",),
    "aws_ebs_snapshot": ("volume_id",),
    "aws_efs_access_point": ("file_system_id",),
    "aws_eks_node_group": ("cluster_name",),
    "aws_network_acl": ("vpc_id", "subnet_ids"),
    "aws_s3_access_point": ("bucket",),
    "aws_secretsmanager_secret_rotation": ("secret_id",),
    "AWS::ApiGateway::Stage": ("RestApiId",),
    "AWS::ApiGateway::Method": ("RestApiId",),
    "AWS::ApiGatewayV2::Route": ("ApiId",),
    "AWS::ApiGatewayV2::Stage": ("ApiId",),
    "AWS::EFS::AccessPoint": ("FileSystemId",),
    "AWS::EKS::Nodegroup": ("ClusterName",),
    "AWS::ElasticLoadBalancingV2::Listener": ("LoadBalancerArn",),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ("ListenerArn",),
    "AWS::RDS::DBInstance": ("DBClusterIdentifier",),
    "AWS::S3::AccessPoint": ("Bucket",),
    "AWS::SecretsManager::RotationSchedule": ("SecretId",),
}
