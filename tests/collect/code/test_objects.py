"""The table of what says which object a block is (`scanners/blocks/objects.yaml`) has the own name of each type of
which not every argument says that, by the schemas of AWS and of the provider.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from content_copy import bundled
from preuve.collect.code.inputs.attributes import table_file
from preuve.library.validation.code.known_types import table_of_blocks

TABLE = {kind: {*names} for kind, names in table_of_blocks("objects").items()}
SCHEMAS = files("cfnlint") / "data" / "schemas" / "resources"
NAMINGS = bundled().namings
STANDING = NAMINGS.standing | TABLE.keys()
# What is called like a name and says not which object it is.
OTHERS = {
    # A label beside the id that AWS gives, or a name that the provider changes in place.
    *("aws_apigatewayv2_api name", "aws_backup_plan name", "aws_cognito_identity_pool identity_pool_name"),
    *("aws_cognito_user_pool name", "aws_iam_group name", "aws_iam_user name", "aws_api_gateway_rest_api name"),
    *("aws_appsync_graphql_api name", "aws_chime_voice_connector name", "aws_emr_cluster name"),
    *("aws_storagegateway_nfs_file_share file_share_name", "aws_storagegateway_smb_file_share file_share_name"),
    # The name of something else: in it, beside it, or of a person.
    *("AWS::RDS::DBInstance DBName", "aws_db_instance db_name", "aws_cloudfront_distribution name"),
    *("aws_alb_listener name", "aws_lb_listener name", "aws_autoscaling_group identifier", "aws_instance name"),
    *("aws_alb_listener_rule name", "aws_lb_listener_rule name", "aws_dlm_lifecycle_policy name"),
    *("aws_eks_node_group name", "aws_glue_catalog_database database_name", "aws_glue_catalog_database identifier"),
    *("aws_keyspaces_table name", "aws_s3_directory_bucket name", "aws_spot_fleet_request name"),
    "aws_spot_instance_request name",
    *("aws_cloudwatch_metric_alarm metric_name", "aws_codebuild_project identifier", "aws_ecs_task_definition name"),
    # In the block `restore_to_point_in_time`.
    *("aws_db_instance source_db_instance_identifier", "aws_db_instance source_dbi_resource_id"),
    *("aws_docdb_cluster source_cluster_identifier", "aws_rds_cluster source_cluster_identifier"),
    "aws_rds_cluster source_cluster_resource_id",
    # A newer image of a machine is daily work.
    *("aws_instance ami", "AWS::EC2::Instance ImageId", "AWS::AutoScaling::LaunchConfiguration ImageId"),
    *("aws_launch_configuration image_id", "aws_spot_fleet_request ami", "aws_spot_instance_request ami"),
    # In it: of its disks, its networks or its machines.
    *("aws_alb subnet_id", "aws_lb subnet_id", "aws_ami snapshot_id", "aws_instance snapshot_id"),
    *("aws_ecs_service snapshot_id", "aws_launch_template image_id", "aws_launch_template snapshot_id"),
    *("aws_launch_template subnet_id", "aws_launch_configuration snapshot_id", "aws_emr_cluster subnet_id"),
    *("aws_networkfirewall_firewall subnet_id", "aws_sagemaker_notebook_instance subnet_id"),
    *("aws_spot_fleet_request snapshot_id", "aws_spot_fleet_request subnet_id"),
    *("aws_spot_instance_request snapshot_id", "AWS::EC2::Subnet SubnetId"),  # the latter is given by AWS
    *("aws_route53domains_domain name", "aws_route53domains_registered_domain name"),
}
_TYPE = re.compile(r'"typeName": ?"([\w:]+)"')
_MADE_FROM = re.compile(
    r"ami|image_?id|subnet_?id|(?:db_?)?(?:cluster_?)?snapshot_?(?:cluster_?)?(?:identifier|id|name|arn)"
    r"|(?:replication_?source|source_?(?:db_?)?(?:instance|cluster|i|volume))_?(?:resource_?)?(?:identifier|id)"
    r"|restore_?source_?(?:name|table_?arn)|creation_?token",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?:(\w+?)_?)?(?:name|identifier|id)", re.IGNORECASE)


def _named(kind: str, names: Iterable[str]) -> set[str]:
    """Return the names that say by a word of the type, or by none, that they are its own."""
    own = re.split(r"::|^aws_", kind)[-1].casefold()
    found = ((name, _OWN.fullmatch(name)) for name in names)
    words = {name: (word[1] or "").casefold() for name, word in found if word}
    return {name for name, word in words.items() if word in own and name != "id"}


def _missing(named: Mapping[str, Iterable[str]]) -> set[str]:
    return {f"{kind} {name}" for kind, names in named.items() for name in {*names} - TABLE.get(kind, set())} - OTHERS


def test_each_property_by_which_cloudformation_knows_it_or_its_own_name_is_there() -> None:
    found: dict[str, set[str]] = {}
    for text in (file.read_text("utf-8") for file in SCHEMAS.iterdir() if file.name.endswith(".json")):
        schema = {} if STANDING.isdisjoint(_TYPE.findall(text)) else json.loads(text)
        kind = schema.get("typeName", "")
        known_by, said, fixed = (
            {path.removeprefix("/properties/") for path in schema.get(key, ())}
            for key in ("primaryIdentifier", "readOnlyProperties", "createOnlyProperties")
        )
        if kind in STANDING:
            found[kind] = (known_by - said) | _named(kind, fixed)
            assert TABLE.get(kind, set()) <= schema["properties"].keys(), kind
    assert _missing(found) == set()


def test_each_argument_of_terraform_that_is_its_own_name_is_there() -> None:
    schemas = json.loads(table_file().read_text("utf-8"))["resources"]
    kinds = STANDING & schemas.keys()
    assert _missing({kind: _named(kind, schemas[kind].get("string", "").split()) for kind in kinds}) == set()


def test_each_name_by_which_the_account_knows_a_block_is_there() -> None:
    of = {one.block: [one.argument] for one in NAMINGS.entries if one.argument and not one.part}
    assert _missing(of) == set()


def test_what_it_is_made_from_is_there() -> None:
    schemas = json.loads(table_file().read_text("utf-8"))["resources"]
    types: dict[str, set[str]] = {kind: {*said.get("string", "").split()} for kind, said in schemas.items()}
    for file in SCHEMAS.iterdir():
        schema = json.loads(file.read_text("utf-8")) if file.name.endswith(".json") else {}
        types[schema.get("typeName", "")] = {*schema.get("properties", ())}
    kinds = STANDING & types.keys()
    assert _missing({kind: filter(_MADE_FROM.fullmatch, types[kind]) for kind in kinds}) == set()


def test_the_beginning_of_a_name_is_none() -> None:
    assert not any(name.casefold().endswith("prefix") for names in TABLE.values() for name in names)
