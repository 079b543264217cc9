"""A large, dull estate for measurements: a unit is 200 buckets, 50 users, 66 groups, 80 volumes and 15 databases."""

from __future__ import annotations

from typing import Any

from .tools import IRELAND, PARIS, Aws, tags, well_kept

BUCKETS, USERS, GROUPS, VOLUMES, DATABASES = 200, 50, 66, 80, 15
_REGIONS = (PARIS, IRELAND)


def fill(aws: Aws, scale: int) -> None:
    """Makes `scale` units, spread over both regions."""
    for number in range(scale * BUCKETS):
        _bucket(aws, number)
    for number in range(scale * USERS):
        _user(aws("iam"), number)
    vpcs = {region: aws("ec2", region).create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"] for region in _REGIONS}
    for number in range(scale * GROUPS):
        region = _REGIONS[number % 2]
        _group(aws("ec2", region), vpcs[region], number)
    for number in range(scale * VOLUMES):
        _volume(aws, number)
    for number in range(scale * DATABASES):
        _database(aws, number)


def _bucket(aws: Aws, number: int) -> None:
    region, name = _REGIONS[number % 2], f"mesure-{number:05}"
    s3 = aws("s3", region)
    place = {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, ObjectOwnership="BucketOwnerEnforced", CreateBucketConfiguration=place)  # as AWS does
    if number % 3:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(**well_kept("mesure"))})
    if number % 4 == 0:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def _user(iam: Any, number: int) -> None:
    name = f"mesure.{number:05}"
    iam.create_user(UserName=name)
    if number % 2:
        iam.create_access_key(UserName=name)


def _group(ec2: Any, vpc: str, number: int) -> None:
    made = ec2.create_security_group(GroupName=f"mesure-{number:05}", Description="mesure", VpcId=vpc)["GroupId"]
    source = "0.0.0.0/0" if number % 10 == 0 else "10.0.0.0/8"
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": source}]}
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])


def _volume(aws: Aws, number: int) -> None:
    region = _REGIONS[number % 2]
    aws("ec2", region).create_volume(Size=8, AvailabilityZone=f"{region}a", Encrypted=bool(number % 2))


def _database(aws: Aws, number: int) -> None:
    aws("rds", _REGIONS[number % 2]).create_db_instance(
        DBInstanceIdentifier=f"mesure-{number:05}",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="mesure",
        MasterUserPassword="Only-in-the-emulator-1",
        StorageEncrypted=bool(number % 3),
        PubliclyAccessible=False,
    )
