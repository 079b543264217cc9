"""An attribute of a resource names it only if it identifies it."""

from __future__ import annotations

import pytest

from preuve.collect.code.judgements.attributes import names_itself


@pytest.mark.parametrize(
    ("type_", "attribute"),
    [
        ("aws_vpc", "id"),
        ("aws_lb", "arn"),
        ("aws_s3_bucket", "bucket"),
        ("aws_elasticache_user_group", "user_group_id"),
        ("aws_rds_cluster", "cluster_identifier"),
        ("aws_ecr_repository", "repository_url"),
        ("aws_instance", "primary_network_interface_id"),
        ("AWS::EC2::VPC", ""),
        ("AWS::EC2::VPC", "VpcId"),
        ("AWS::RDS::DBInstance", "DBInstanceArn"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn"),
    ],
)
def test_an_identifying_attribute_names_its_resource(type_: str, attribute: str) -> None:
    assert names_itself(type_, attribute)


@pytest.mark.parametrize(
    ("type_", "attribute"),
    [
        ("aws_vpc", "default_security_group_id"),
        ("aws_vpc", "default_network_acl_id"),
        ("aws_vpc", "cidr_block"),
        ("aws_lb", "dns_name"),
        ("aws_secretsmanager_secret", "description"),
        ("aws_kms_alias", "target_key_id"),
        ("aws_dynamodb_table", "stream_arn"),
        ("aws_security_group", "primary_network_interface_id"),
        ("AWS::EC2::VPC", "DefaultSecurityGroup"),
        ("AWS::EC2::VPC", "CidrBlock"),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "DNSName"),
        ("AWS::DynamoDB::Table", "StreamArn"),
    ],
)
def test_other_attributes_do_not_name_their_resource(type_: str, attribute: str) -> None:
    assert not names_itself(type_, attribute)
