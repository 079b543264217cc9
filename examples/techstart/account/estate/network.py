"""VPCs, security groups, instances, volumes, snapshots and images in Paris and Ireland."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .tools import IRELAND, Aws, tags, well_kept

_WORLD = [{"CidrIp": "0.0.0.0/0"}]
_IMAGE = "ami-0techstartdebian12"


@dataclass(frozen=True)
class Places:
    """Ids in Paris that other parts of the estate need."""

    vpc: str
    public: tuple[str, ...]
    private: tuple[str, ...]
    groups: dict[str, str]


def fill(aws: Aws, keys: dict[str, str], roles: dict[str, str]) -> Places:
    """Makes the network and what runs in it."""
    ec2 = aws("ec2")
    places = _production(ec2)
    old = _named(ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"], ec2, Name="techstart-ancien")
    _group(ec2, old, "techstart-tout-ouvert", [{"IpProtocol": "-1", "IpRanges": _WORLD}])
    _flow_logs(aws, places.vpc, roles)
    ec2.enable_ebs_encryption_by_default()
    _instances(aws, places)
    _volumes(aws, keys)
    _ireland(aws("ec2", IRELAND))
    return places


def _named(identifier: str, ec2: Any, **values: str) -> str:
    ec2.create_tags(Resources=[identifier], Tags=tags(**values))
    return identifier


def _production(ec2: Any) -> Places:
    vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
    _named(vpc, ec2, Name="techstart-production", **well_kept("plateforme"))
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    subnets = {}
    for index, (kind, zone) in enumerate((kind, zone) for kind in ("public", "prive") for zone in "ab"):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.10.{index}.0/24", AvailabilityZone=f"eu-west-3{zone}")
        subnets[kind, zone] = _named(made["Subnet"]["SubnetId"], ec2, Name=f"techstart-{kind}-{zone}")
    for zone in "ab":
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets["public", zone])
    inside = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for zone in "ab":
        ec2.associate_route_table(RouteTableId=inside, SubnetId=subnets["prive", zone])
    _close_default_group(ec2, vpc)
    endpoint = {"ServiceName": "com.amazonaws.eu-west-3.s3", "VpcEndpointType": "Gateway", "RouteTableIds": [table]}
    ec2.create_vpc_endpoint(VpcId=vpc, **endpoint)
    pairs = {kind: tuple(subnets[kind, zone] for zone in "ab") for kind in ("public", "prive")}
    return Places(vpc, pairs["public"], pairs["prive"], _groups(ec2, vpc))


def _close_default_group(ec2: Any, vpc: str) -> None:
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    for revoke, rules in (
        (ec2.revoke_security_group_ingress, group["IpPermissions"]),
        (ec2.revoke_security_group_egress, group["IpPermissionsEgress"]),
    ):
        if rules:
            revoke(GroupId=group["GroupId"], IpPermissions=rules)


def _groups(ec2: Any, vpc: str) -> dict[str, str]:
    front = _group(ec2, vpc, "techstart-repartiteur", [_port(443, _WORLD), _port(80, _WORLD)])
    app = _group(ec2, vpc, "techstart-application", [_from_group(8080, front)])
    base = _group(ec2, vpc, "techstart-base", [_from_group(5432, app)])
    rebound = _group(ec2, vpc, "techstart-rebond", [_port(22, _WORLD)])
    office = _group(
        ec2, vpc, "techstart-bureaux", [_port(22, [{"CidrIp": "203.0.113.0/28", "Description": "Bureaux de Paris"}])]
    )
    legacy = _group(ec2, vpc, "techstart-mysql-ancien", [_port(3306, [{"CidrIp": "0.0.0.0/0"}])])
    return {
        "repartiteur": front,
        "application": app,
        "base": base,
        "rebond": rebound,
        "bureaux": office,
        "mysql": legacy,
    }


def _group(ec2: Any, vpc: str, name: str, rules: list[dict[str, Any]]) -> str:
    made: str = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=rules)
    return made


def _port(port: int, ranges: list[dict[str, str]]) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}


def _from_group(port: int, group: str) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": group}]}


def _flow_logs(aws: Aws, vpc: str, roles: dict[str, str]) -> None:
    aws("logs").create_log_group(logGroupName="/techstart/flux-vpc")
    aws("ec2").create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="/techstart/flux-vpc",
        DeliverLogsPermissionArn=roles["flux-vpc"],
    )


def _instances(aws: Aws, places: Places) -> None:
    ec2 = aws("ec2")
    groups = places.groups
    strict = {"MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}}
    profile = {"IamInstanceProfile": {"Name": "techstart-application"}}
    for index in (0, 1):
        well = well_kept("produit", "confidential", "yes", RopaId="TRT-001", Name=f"techstart-portail-{index + 1}")
        _run(ec2, places.private[index], groups["application"], well, **strict, **profile)
    rebound = _run(ec2, places.public[0], groups["rebond"], {"Name": "techstart-rebond"})
    batch = {"Name": "techstart-lots", "Owner": "=cmd|' /C calc'!A1"}
    script = "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport DB_PASSWORD=NotARealPassword-42\n"
    lots = _run(ec2, places.private[0], groups["application"], batch, UserData=script)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(InstanceId=rebound, AllocationId=address)
    ec2.allocate_address(Domain="vpc")  # attached to nothing
    image = ec2.create_image(InstanceId=lots, Name="techstart-socle-2024")["ImageId"]
    ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"Group": "all"}]})
    data = {"ImageId": _IMAGE, "InstanceType": "t3.small", "MetadataOptions": {"HttpTokens": "optional"}}
    ec2.create_launch_template(LaunchTemplateName="techstart-portail", LaunchTemplateData=data)
    aws.backdate({"kind": "instance", "id": rebound, "days": 420}, {"kind": "instance", "id": lots, "days": 30})


def _run(ec2: Any, subnet: str, group: str, values: dict[str, str], **more: Any) -> str:
    made = ec2.run_instances(
        ImageId=_IMAGE,
        InstanceType="t3.small",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        SecurityGroupIds=[group],
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags(**values)}],
        **more,
    )
    return str(made["Instances"][0]["InstanceId"])


def _volumes(aws: Aws, keys: dict[str, str]) -> None:
    ec2 = aws("ec2")
    kept = [{"ResourceType": "volume", "Tags": tags(**well_kept("plateforme", "confidential"))}]
    zone = {"AvailabilityZone": "eu-west-3a", "VolumeType": "gp3"}
    made = ec2.create_volume(Size=50, Encrypted=True, KmsKeyId=keys["donnees"], TagSpecifications=kept, **zone)
    bad = ec2.create_volume(Size=20, Encrypted=False, **zone)["VolumeId"]  # attached to nothing
    ec2.create_snapshot(VolumeId=made["VolumeId"], Description="Sauvegarde mensuelle")
    old = ec2.create_snapshot(VolumeId=bad, Description="Avant migration")["SnapshotId"]
    shared = ec2.create_snapshot(VolumeId=bad, Description="Pour le prestataire")["SnapshotId"]
    everyone = {"Attribute": "createVolumePermission", "OperationType": "add", "GroupNames": ["all"]}
    ec2.modify_snapshot_attribute(SnapshotId=shared, **everyone)
    aws.backdate({"kind": "snapshot", "id": old, "days": 600}, {"kind": "snapshot", "id": shared, "days": 90})


def _ireland(ec2: Any) -> None:
    vpc = _named(ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"], ec2, Name="techstart-secours")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24", AvailabilityZone="eu-west-1a")["Subnet"]["SubnetId"]
    rdp = _group(ec2, vpc, "techstart-secours-rdp", [{**_port(3389, []), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}])
    strict = {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}
    ec2.enable_ebs_encryption_by_default()
    _run(ec2, subnet, rdp, {"Name": "techstart-secours", "Environment": "secours"}, MetadataOptions=strict)
    ec2.create_volume(Size=10, AvailabilityZone="eu-west-1a", Encrypted=True)
