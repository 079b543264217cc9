"""Every block of code is looked at by a check, listed as one of a type that no check looks at, or a gap."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from content_copy import bundled
from preuve.collect.code import IacJob, scan
from preuve.collect.code.run import scan as of_code
from preuve.library.validation.code.code_rules import rendered
from preuve.library.validation.code.known_types import FOLDER, known_types, quiet_types
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot
from preuve.model.known_types import KnownTypes

from .conftest import Scan, volume, write

TEMPLATE = """\
Parameters:
  Encrypted: {Type: String, Default: "true"}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-3a
      Encrypted: !Ref Encrypted
  Wide:
    Type: AWS::Redshift::Cluster
  Odd:
    Type: Third::Party::Thing
"""
MAIN = """\
resource "aws_redshift_cluster" "w" {
}
resource "aws_redshift_cluster" "x" {
  count = 2
}
resource "random_id" "r" {
}
resource "google_storage_bucket" "g" {
}
resource "awscc_s3_bucket" "a" {
}
resource "aws_not_yet_known" "n" {
}
resource "aws_spot_instance_request" "s" {
}
resource "aws_ssm_parameter" "beside" {
}
resource "aws_cloudformation_stack" "own" {
  template_body = file("${path.module}/stack.tmplx")
  parameters    = { Encrypted = "false" }
}
resource "aws_cloudformation_stack" "unknown" {
  template_body = file("${path.module}/stack.tmplx")
  parameters    = var.given
}
resource "aws_cloudformation_stack" "url" {
  template_url = "https://example.com/x"
}
resource "aws_cloudcontrolapi_resource" "disk" {
  type_name     = "AWS::EC2::Volume"
  desired_state = jsonencode({ AvailabilityZone = "eu-west-3a", Encrypted = false })
}
resource "aws_cloudcontrolapi_resource" "any" {
  type_name     = var.kind
  desired_state = "{}"
}
variable "given" {}
variable "kind" {}
resource "google_sql_user" "u" {}
"""
NESTED = """\
Resources:
  Here:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./inner.yaml}
  Given:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner.yaml, Parameters: {Encrypted: "false"}}
  Far:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://s3.amazonaws.com/b/x.yaml"}
"""
_WIDE = "aws_redshift_cluster"
OF_ANY = {
    "metadata": {"id": "CKV2_PREUVE_TRY", "name": "Try", "category": "CONVENTION"},
    "scope": {"provider": "aws"},
    "definition": {
        "or": [
            {"cond_type": "attribute", "resource_types": [_WIDE], "operator": "exists", "attribute": name}
            for name in ("region", "tags.Owner")
        ]
    },
}
KNOWN = {
    "terraform": KnownTypes(frozenset({"aws_redshift_cluster", "aws_ssm_parameter"}), ("random_",)),
    "cloudformation": KnownTypes(frozenset({"AWS::Redshift::Cluster", "AWS::CloudFormation::Stack"})),
    "elsewhere": KnownTypes(beginnings=("google_",)),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    base = tmp_path_factory.mktemp("coverage")
    write(
        base,
        [
            ("infra/main.tf", MAIN + volume()),
            ("infra/odd.tf", 'moved {\n  from = aws_x.a\n  to   = aws_x.b\n}\nforge "bucket" {\n}\n'),
            ("infra/stack.tmplx", TEMPLATE),
            ("stacks/outer.yaml", NESTED),
            ("stacks/inner.yaml", TEMPLATE),
        ],
    )
    roots = (IacRoot("infra", "terraform"), IacRoot("stacks", "cloudformation"))
    job = IacJob(base, roots, frozenset({"CKV_AWS_3", "CKV2_PREUVE_TRY"}), (OF_ANY,), known=KNOWN)
    return Scan(base, scan(job, base / "snapshot"))


def test_types_without_a_check_are_counted_with_their_first_place(found: Scan) -> None:
    (root,) = found.of("root", "infra")
    assert {kind: tuple(place) for kind, place in root["unjudged"].items()} == {
        "AWS::Redshift::Cluster": (2, "infra/main.tf", 18),
        "Third::Party::Thing": (2, "infra/main.tf", 18),
        "aws_cloudcontrolapi_resource": (1, "infra/main.tf", 33),
        "aws_cloudformation_stack": (1, "infra/main.tf", 26),
        "aws_not_yet_known": (1, "infra/main.tf", 12),
        "aws_redshift_cluster": (3, "infra/main.tf", 1),
        "aws_spot_instance_request": (1, "infra/main.tf", 14),
        "aws_ssm_parameter": (1, "infra/main.tf", 16),
        "awscc_s3_bucket": (1, "infra/main.tf", 10),
        "google_sql_user": (1, "infra/main.tf", 39),
        "google_storage_bucket": (1, "infra/main.tf", 8),
        "random_id": (1, "infra/main.tf", 6),
    }


def test_a_type_judged_only_for_region_and_tags_is_still_counted_as_unjudged(found: Scan) -> None:
    (root,) = found.of("root", "infra")
    asked = {line["address"] for line in found.of("record", "infra") if line["check"] == "CKV2_PREUVE_TRY"}
    assert "aws_redshift_cluster.w" in asked
    assert "aws_redshift_cluster" in root["unjudged"]


def _another_way(kind: str) -> list[str]:
    """The types that a list leaves out on purpose: its comment names them."""
    lines = (content_root() / FOLDER / f"{kind}.txt").read_text("utf-8").splitlines()
    return [name for line in lines if line.startswith("#   ") for name in re.findall(r"[\w:]+", line)]


def test_rules_on_regions_examine_no_type_that_makes_what_policies_judge(tmp_path: Path) -> None:
    policy = bundled().policies["iac-region-allowed"]
    assert policy.iac is not None
    params = {name: item.value for name, item in bundled().parameters.items()}
    rules = tuple(rendered(bundled().code_rules[check], params) for check in policy.iac.checkov)
    blocks = "".join(f'resource "{kind}" "x" {{\n}}\n' for kind in _another_way("terraform"))
    made = "".join(f"  R{n}: {{Type: {kind}}}\n" for n, kind in enumerate(_another_way("cloudformation")))
    write(tmp_path, [("infra/main.tf", blocks), ("stacks/a.yaml", f"Resources:\n{made}")])
    roots = (IacRoot("infra", "terraform"), IacRoot("stacks", "cloudformation"))
    found = Scan(
        tmp_path,
        scan(IacJob(tmp_path, roots, frozenset(policy.iac.checkov), rules, known=known_types()), tmp_path / "snapshot"),
    )
    gaps = [gap["subject"] for root in roots for gap in found.of("gap", root.path) if gap["cause"] == "not_judged"]
    assert sorted(gaps) == sorted(_another_way("terraform") + _another_way("cloudformation"))


def test_a_type_not_known_as_harmless_is_a_gap(found: Scan) -> None:
    gaps = [gap for gap in found.of("gap", "infra") if gap["cause"] == "not_judged"]
    assert {gap["subject"]: gap["framework"] for gap in gaps if gap["framework"] != "terraform"} == {
        "google_*": "elsewhere"
    }
    assert {(gap["subject"], gap["line"]) for gap in gaps} == {
        ("Third::Party::Thing", 18),
        ("aws_cloudcontrolapi_resource", 33),
        ("aws_cloudformation_stack", 26),
        ("aws_not_yet_known", 12),
        ("aws_spot_instance_request", 14),
        ("awscc_s3_bucket", 10),
        ("google_*", 8),
    }


def test_an_unknown_kind_of_block_is_a_gap(found: Scan) -> None:
    gaps = [line for line in found.gaps("infra") if line[2] != "not_judged"]
    assert gaps == [("infra/odd.tf", 5, "not_read", "an unknown type of block: forge")]


def test_a_template_in_terraform_is_judged_with_its_parameters(found: Scan) -> None:
    lines = [line for line in found.of("record", "infra") if line["check"] == "CKV_AWS_3"]
    results = {line["address"]: (line["result"], line["line"], line["decided_at"]) for line in lines}
    assert results == {
        "aws_cloudformation_stack.own:AWS::EC2::Volume.Disk": ("FAILED", 18, [19, 19]),
        "aws_cloudformation_stack.unknown:AWS::EC2::Volume.Disk": ("UNKNOWN", 22, [23, 23]),
        "aws_cloudcontrolapi_resource.disk:AWS::EC2::Volume.Resource": ("FAILED", 29, [31, 31]),
        "aws_ebs_volume.plain": ("FAILED", 40, [42, 42]),
    }


def test_a_failure_in_a_template_in_terraform_is_at_the_argument_that_holds_it(tmp_path: Path) -> None:
    """And at the property itself if that is written out there; in the override file that gives the template."""
    main = """resource "aws_cloudformation_stack" "text" {
  name          = "text"
  template_body = <<-EOT
    Resources:
      Disk: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: eu-west-3a, Encrypted: false}}
  EOT
}
resource "aws_cloudformation_stack" "code" {
  name = "code"
  template_body = jsonencode({
    Resources = {
      Disk = {
        Type = "AWS::EC2::Volume"
        Properties = {
          AvailabilityZone = "eu-west-3a"
          Encrypted        = false
        }
      }
    }
  })
}
resource "aws_cloudcontrolapi_resource" "disk" {
  type_name     = "AWS::EC2::Volume"
  desired_state = "{}"
}
"""
    over = """resource "aws_cloudcontrolapi_resource" "disk" {
  desired_state = jsonencode({
    Encrypted = false
  })
}
"""
    write(tmp_path, [("infra/main.tf", main), ("infra/x_override.tf", over)])
    job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}))
    records = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("record", "infra")
    assert {line["address"].split(":")[0]: (line["decided_at"], line.get("decided_in")) for line in records} == {
        "aws_cloudformation_stack.text": ([3, 6], None),
        "aws_cloudformation_stack.code": ([16, 16], None),
        "aws_cloudcontrolapi_resource.disk": ([3, 3], "infra/x_override.tf"),
    }


def test_a_nested_stack_that_is_remote_or_has_parameters_is_a_gap(found: Scan) -> None:
    gaps = {gap["cause"]: gap["detail"] for gap in found.of("gap", "stacks") if gap["file"].endswith("outer.yaml")}
    assert set(gaps) == {"not_read", "not_covered"}
    assert ("Far" in gaps["not_read"], "Given" in gaps["not_read"], "Here" in gaps["not_read"]) == (True, True, False)
    assert "Here" in gaps["not_covered"]


def test_a_failure_in_a_template_is_at_its_property(tmp_path: Path) -> None:
    write(tmp_path, [("s/a.yaml", TEMPLATE.replace('"true"', '"false"'))])
    job = IacJob(tmp_path, (IacRoot("s", "cloudformation"),), frozenset({"CKV_AWS_3"}))
    (record,) = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("record", "s")
    assert (record["result"], record["line"], record["decided_at"]) == ("FAILED", 4, [8, 8])


# ---- types that hold a policy document -----------------------------------------------------------------------------

DOCUMENTS = bundled().documents
WITH_A_DOCUMENT = sorted({*DOCUMENTS["terraform"], *DOCUMENTS["cloudformation"], *DOCUMENTS["grants"]})
# And those that only copy to another region, and one that templates have beside what a policy asks.
ASKED_OTHERWISE = (*DOCUMENTS["whole"]["copies"], "AWS::EC2::FlowLog")
# Of which a policy reads the document at most, and nothing reads the rest: each is told as not looked at.
NOT_LOOKED_AT = """aws_api_gateway_rest_api_policy aws_ecrpublic_repository_policy aws_fsx_s3_access_point_attachment
    aws_glacier_vault aws_media_store_container_policy aws_odb_network aws_rolesanywhere_profile aws_transfer_access
    aws_transfer_user aws_vpclattice_auth_policy aws_vpclattice_resource_policy AWS::AIOps::InvestigationGroup
    AWS::CodeArtifact::Domain AWS::CodeArtifact::Repository AWS::Comprehend::DocumentClassifier
    AWS::Comprehend::EntityRecognizer AWS::DSQL::Cluster AWS::ECR::PublicRepository AWS::EKS::PodIdentityAssociation
    AWS::Events::EventBus AWS::FSx::S3AccessPointAttachment AWS::Logs::DeliveryDestination AWS::Logs::Destination
    AWS::MediaPackageV2::ChannelPolicy AWS::MediaPackageV2::OriginEndpointPolicy AWS::MediaStore::Container
    AWS::ODB::OdbNetwork AWS::OSIS::Pipeline AWS::Omics::SequenceStore AWS::Organizations::Policy
    AWS::PaymentCryptography::Key AWS::RUM::AppMonitor AWS::RedshiftServerless::Namespace AWS::RolesAnywhere::Profile
    AWS::S3Express::AccessPoint AWS::S3Outposts::AccessPoint AWS::Transfer::User AWS::VpcLattice::AuthPolicy
    AWS::VpcLattice::ResourcePolicy"""
# What a policy document belongs to, how it is called, and how Terraform goes about it.
_BELONGS = re.compile(
    r"(\w+_)?(arn|name|id|identifier|url|account|domain|owner|revision|identity)|name_prefix|namespace|bucket|group|role"
    r"|repository|region|path|description|tags(_all)?|create|update|delete|complete_lock|enable_hybrid|force_update"
    r"|ignore_deletion_error|(bypass|confirm|block)_\w+"
)


@pytest.fixture(scope="module")
def with_a_document(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """A block of each type, judged by every check of every policy."""
    base = tmp_path_factory.mktemp("documents")
    both = sorted({*WITH_A_DOCUMENT, *ASKED_OTHERWISE})
    blocks = "".join(f'resource "{kind}" "x" {{\n}}\n' for kind in both if "::" not in kind)
    made = "".join(f"  R{n}: {{Type: {kind}}}\n" for n, kind in enumerate(both) if "::" in kind)
    write(base, [("infra/main.tf", blocks), ("stacks/a.yaml", f"Resources:\n{made}")])
    roots = (IacRoot("infra", "terraform"), IacRoot("stacks", "cloudformation"))
    checks = {check for policy in bundled().policies.values() if policy.iac for check in policy.iac.checkov}
    params = {name: item.value for name, item in bundled().parameters.items()}
    own = [bundled().code_rules[check] for check in sorted(checks & bundled().code_rules.keys())]
    rules = tuple(rendered(rule, params, bundled().reference) for rule in own)
    job = IacJob(base, roots, frozenset(checks), rules, documents=DOCUMENTS, known=known_types())
    return Scan(base, scan(job, base / "snapshot"))


def test_reading_only_the_document_of_a_type_does_not_examine_it(with_a_document: Scan) -> None:
    roots = [line for name in ("infra", "stacks") for line in with_a_document.of("root", name)]
    assert sum(root["resources"] for root in roots) == len({*WITH_A_DOCUMENT, *ASKED_OTHERWISE})
    assert {kind for root in roots for kind in root.get("unjudged", {})} == set(NOT_LOOKED_AT.split())
    gaps = [gap for gap in with_a_document.lines if gap["kind"] == "gap"]
    assert gaps == [], "a type that is told as not looked at stops no push"


def test_a_type_that_its_document_examines_has_nothing_else_to_look_at() -> None:
    """Of the keys, which have other arguments, policies ask the rotation, which AWS does for none of them."""
    resources = json.loads((content_root() / "scanners/iac/attributes.json").read_text("utf-8"))["resources"]
    for kind in DOCUMENTS["whole"]["policies"]:
        held = {path.rpartition(".")[2] for path in {**DOCUMENTS["terraform"], **DOCUMENTS["cloudformation"]}[kind]}
        names = {name for found in resources.get(kind, {}).values() for name in found.split()} - held
        assert [name for name in sorted(names) if not _BELONGS.fullmatch(name)] == [], kind
    assert set(DOCUMENTS["whole"]["keys"]) <= set(WITH_A_DOCUMENT)


# ---- the lists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "known"),
    [
        ("terraform", "aws_redshift_cluster", True),
        ("terraform", "aws_lightsail_instance", True),
        ("terraform", "random_password", True),
        ("terraform", "aws_cloudcontrolapi_resource", False),
        ("terraform", "aws_cloudformation_stack_set", False),
        ("terraform", "aws_serverlessapplicationrepository_cloudformation_stack", False),
        ("terraform", "aws_kms_key_policy", False),
        ("terraform", "awscc_s3_bucket", False),
        ("terraform", "google_storage_bucket", False),
        ("terraform", "kubernetes_manifest", False),
        ("kubernetes", "kubernetes_manifest", True),
        ("helm", "helm_release", True),
        ("other_providers", "google_storage_bucket", True),
        ("other_providers", "opensearch_role", True),
        ("other_providers", "postgresql_grant", True),
        ("other_providers", "ec_deployment", True),
        ("other_providers", "ec2_instance", False),
        ("other_providers", "azapi_resource_action", True),
        ("other_providers", "elasticstack_elasticsearch_index", True),
        ("other_providers", "ko_build", True),
        ("other_providers", "cosign_sign", True),
        ("terraform", "aws_dynamodb_global_secondary_index", True),
        ("other_providers", "awscc_s3_bucket", False),
        ("other_providers", "aws_s3_bucket", False),
        ("other_providers", "vault_aws_secret_backend", False),
        ("cloudformation", "AWS::Redshift::Cluster", True),
        ("cloudformation", "Custom::Anything", True),
        ("cloudformation", "AWS::CloudFormation::StackSet", False),
        ("cloudformation", "AWS::Serverless::SimpleTable", False),
        ("cloudformation", "Org::Team::Bucket::MODULE", False),
    ],
)
def test_harmless_types_need_no_check(kind: str, name: str, *, known: bool) -> None:
    assert (name in known_types()[kind]) is known


def test_each_custom_resource_of_a_template_is_a_gap(tmp_path: Path) -> None:
    made = """Resources:
  Own: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: x}}
  Opens: {Type: Custom::AWS, Properties: {ServiceToken: x, Create: '%s'}}
"""
    found = []
    for call in ("open", "open", "close"):
        write(tmp_path, [("infra/t.yaml", made % call)])
        job = IacJob(tmp_path, (IacRoot("infra", "cloudformation"),), frozenset({"CKV_AWS_3"}))
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        found.append({gap["subject"]: gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands"})
    assert list(found[0]) == ["AWS::CloudFormation::CustomResource.Own", "Custom::AWS.Opens"]
    assert found[0] == found[1]
    assert found[1] != found[2]


BEHIND = """Resources:
  Custom: {Type: Custom::X, Properties: {ServiceToken: %s}}
  F:
    Type: AWS::Lambda::Function
    Properties:
      {Role: r, FunctionName: made, Layers: [!Ref Layer], Code: {S3Bucket: b, S3Key: a.zip}, MemorySize: 128,
       Environment: {Variables: {TOPIC: !Ref Alarm}}}
  V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref F}}
  Layer: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: layer.zip}}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: r, Code: {S3Bucket: b, S3Key: other.zip}}}
  Own: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: asks}}
  ToF: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt F.Arn}}
  Alarm: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Other.Arn}]}}
"""
_AT = "${AWS::Region}:${AWS::AccountId}"
TOKENS = [
    "!GetAtt F.Arn",
    "!Ref V",
    "!Sub '${F.Arn}:live'",
    f"!Sub 'arn:aws:lambda:{_AT}:function:made'",
    "arn:aws:lambda:eu-west-3:123456789012:function:made:live",
    "!Ref Own",
    "!Ref Topic",
    f"!Sub 'arn:aws:sns:{_AT}:asks'",
]


@pytest.mark.parametrize("token", TOKENS)
def test_other_code_of_the_function_behind_a_custom_resource_is_another_command(tmp_path: Path, token: str) -> None:
    made = BEHIND.replace("%s", token)

    def grounds(text: str) -> list[str]:
        write(tmp_path, [("infra/t.yaml", text)])
        job = IacJob(tmp_path, (IacRoot("infra", "cloudformation"),), frozenset({"CKV_AWS_3"}))
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        return next(gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands")

    known = grounds(made)
    assert grounds(f"# a comment\n{made}".replace("128", "256").replace("other.zip", "new.zip")) == known
    for changed in ("evil.zip", "layer2.zip"):
        assert grounds(made.replace({"evil.zip": " a.zip", "layer2.zip": "layer.zip"}[changed], f" {changed}")) != known


def test_each_command_beside_terraform_is_a_gap(tmp_path: Path) -> None:
    made = """resource "terraform_data" "x" {
  for_each = toset(["a", "b"])
  provisioner "local-exec" {
    command = "aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 22 --cidr 0.0.0.0/0"
  }
  provisioner "remote-exec" {
    inline = ["reboot"]
  }
}
data "external" "y" {
  program = ["./make.sh"]
}
"""
    write(tmp_path, [("infra/main.tf", made)])
    job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}))
    gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
    assert [(gap["cause"], gap["line"], gap["subject"]) for gap in gaps if gap["cause"] != "not_judged"] == [
        ("runs_commands", 3, "terraform_data.x"),
        ("runs_commands", 10, "data.external.y"),
    ]


RUNS = [
    'action "local_command" "x" {\n  config {\n    command = "bash"\n  }\n}\n',
    'action "aws_lambda_invoke" "x" {\n  config {\n    function_name = "f"\n  }\n}\n',
    'data "local_command" "x" {\n  command = "bash"\n}\n',
    'data "shell_script" "x" {\n  lifecycle_commands {\n    read = "ls"\n  }\n}\n',
    'data "aws_lambda_invocation" "x" {\n  function_name = "f"\n}\n',
    'ephemeral "aws_lambda_invocation" "x" {\n  function_name = "f"\n}\n',
    'resource "aws_lambda_invocation" "x" {\n  function_name = "f"\n}\n',
    'check "x" {\n  data "external" "y" {\n    program = ["ls"]\n  }\n}\n',
    'provider "kubernetes" {\n  exec {\n    command = "aws"\n  }\n}\n',
    'provider "helm" {\n  kubernetes = {\n    exec = {\n      command = "aws"\n    }\n  }\n}\n',
    'terraform {\n  encryption {\n    key_provider "external" "x" {\n      command = ["bash"]\n    }\n  }\n}\n',
    'terraform {\n  encryption {\n    method "external" "x" {\n      encrypt_command = ["bash"]\n    }\n  }\n}\n',
    'terraform {\n  backend "kubernetes" {\n    exec {\n      command = "aws"\n    }\n  }\n}\n',
    'data "terraform_remote_state" "x" {\n  backend = "kubernetes"\n  config = {\n    exec = {\n      command = "aws"\n'
    "    }\n  }\n}\n",
    'resource "terraform_data" "x" {\n  provisioner "ansible" {\n    play = "x"\n  }\n}\n',
    'removed {\n  from = aws_instance.x\n  provisioner "local-exec" {\n    command = "bash"\n  }\n}\n',
    'resource "terraform_data" "x" {\n  lifecycle {\n    action_trigger {\n      events = [after_create]\n'
    "      actions = [action.local_command.x]\n    }\n  }\n}\n",
]
READS = [
    'data "aws_caller_identity" "x" {}\n',
    'data "aws_iam_policy_document" "x" {\n  statement {\n    actions = ["s3:GetObject"]\n  }\n}\n',
    'data "local_file" "x" {\n  filename = "x"\n}\n',
    'data "github_repository" "x" {\n  name = "x"\n}\n',
    'data "kubernetes_namespace" "x" {}\n',
    'data "terraform_remote_state" "x" {\n  backend = "s3"\n}\n',
    'terraform {\n  encryption {\n    key_provider "pbkdf2" "x" {\n      passphrase = var.x\n    }\n'
    '    method "aes_gcm" "x" {\n      keys = key_provider.pbkdf2.x\n    }\n  }\n  backend "s3" {\n    bucket = "x"\n'
    "  }\n}\n",
    'ephemeral "random_password" "x" {\n  length = 20\n}\n',
    'ephemeral "aws_secretsmanager_secret_version" "x" {\n  secret_id = "x"\n}\n',
    'check "x" {\n  data "aws_vpc" "y" {}\n}\n',
    'provider "kubernetes" {\n  host = "x"\n}\n',
    'resource "terraform_data" "x" {\n  provisioner "file" {\n    source = "x"\n  }\n}\n',
]


SIGNING_IN = (
    'provider "aws" {\n  shared_config_files = %s\n}\n',
    'terraform {\n  backend "s3" {\n    shared_config_files = %s\n  }\n}\n',
    'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    shared_config_files = %s\n  }\n}\n',
)


@pytest.mark.parametrize("code", SIGNING_IN)
def test_a_program_that_gives_credentials_is_told(tmp_path: Path, code: str) -> None:
    def grounds(config: str) -> list[list[str]]:
        write(tmp_path, [("infra/main.tf", code % '["./aws", "~/.aws/config"]'), ("infra/aws", config)])
        job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}), quiet=quiet_types())
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        return [gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands"]

    assert grounds("[default]\nregion = eu-west-3\n") == []
    found = grounds("[default]\ncredential_process = bash\n")
    assert len(found) == 1
    assert grounds("[default]\ncredential_process = sh\n") != found


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (
            {"check": {"x": {"data": {"external": {"y": {"program": ["ls"]}}}, "assert": {"condition": True}}}},
            "data.external.y",
        ),
        ({"terraform": {"backend": {"kubernetes": {"exec": {"command": "sh"}}}}}, "terraform"),
        ({"terraform": [{"backend": [{"kubernetes": [{"exec": [{"command": "sh"}]}]}]}]}, "terraform"),
    ],
)
def test_what_runs_something_is_told_in_json_too(tmp_path: Path, code: object, named: str) -> None:
    write(tmp_path, [("infra/main.tf.json", json.dumps(code))])
    job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}))
    gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
    assert [gap["subject"] for gap in gaps if gap["cause"] == "runs_commands"] == [named]


@pytest.mark.parametrize(("code", "told"), [*((one, True) for one in RUNS), *((one, False) for one in READS)])
def test_what_may_run_something_is_told_and_what_reads_is_not(tmp_path: Path, code: str, *, told: bool) -> None:
    def grounds(text: str) -> list[list[str]]:
        write(tmp_path, [("infra/main.tf", text + 'resource "aws_sqs_queue" "q" {}\n')])
        roots = (IacRoot("infra", "terraform"),)
        job = IacJob(tmp_path, roots, frozenset({"CKV_AWS_3"}), known=known_types(), quiet=quiet_types())
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        return [gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands"]

    found = grounds(code)
    assert bool(found) is told
    assert grounds(f"# a comment\n{code}") == found
    for written, other in (
        ('"bash"', '"sh"'),
        ('"f"', '"g"'),
        ('"ls"', '"rm"'),
        ('"aws"', '"sh"'),
        ("command.x", "command.y"),
    ):
        if written in code:
            assert (grounds(code.replace(written, other)) != found) is told


WORKS_OUT = [  # the expression of a command that `x` makes, and what is behind it
    ('var.on ? "echo a" : "echo x"', ""),
    ('lower("${var.q} echo x")', ""),
    ('replace(var.q, "a", "echo x")', ""),
    ('lookup({ a = "echo x" }, var.q, "b")', ""),
    ('{ a = "echo x" }[var.q]', ""),
    ('try(var.q, "echo x")', ""),
    ('coalesce(var.q, "echo x")', ""),
    ("local.c", 'locals {\n  c = var.on ? "a" : local.d\n  d = "echo x"\n}\n'),
    ("var.on ? var.c : 1", 'variable "c" {\n  default = "echo x"\n}\n'),
    ("terraform_data.o.output", 'resource "terraform_data" "o" {\n  input = var.on ? "a" : "echo x"\n}\n'),
    ("data.template_file.t.rendered", 'data "template_file" "t" {\n  template = "echo x"\n}\n'),
    ("module.m.c", 'module "m" {\n  source = "./m"\n  on = var.on\n  b = "echo x"\n}\n'),
    ("module.gone.c", 'module "gone" {\n  source = "a/b/c"\n  b = "echo x"\n}\n'),
]
INPUTS = 'variable "on" {}\nvariable "q" {}\n'
MODULE = 'variable "on" {}\nvariable "b" {}\noutput "c" {\n  value = var.on ? "a" : var.b\n}\n'


@pytest.mark.parametrize(("command", "beside"), WORKS_OUT)
def test_a_command_that_is_not_known_is_another_one_where_anything_behind_it_changes(
    tmp_path: Path, command: str, beside: str
) -> None:
    def grounds(text: str) -> list[str]:
        write(tmp_path, [("infra/main.tf", text), ("infra/m/main.tf", MODULE)])
        job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}))
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        return next(gap["grounds"] for gap in gaps if gap.get("subject") == "terraform_data.x")

    run = f'resource "terraform_data" "x" {{\n  provisioner "local-exec" {{\n    command = {command}\n  }}\n}}\n'
    code = f"{INPUTS}{beside}{run}"
    known = grounds(code)
    assert grounds(f'# a comment\nlocals {{\n  other = "aws"\n}}\n{run}{beside}{INPUTS}') == known
    assert grounds(code.replace("echo x", "aws iam create-user")) != known


def test_a_document_that_an_association_runs_belongs_to_it(tmp_path: Path) -> None:
    code = """resource "aws_ssm_document" "d" {
  name          = "run"
  document_type = "Command"
  content       = "echo x"
}
resource "aws_ssm_association" "a" {
  name = %s
}
"""
    template = """Resources:
  Doc: {Type: AWS::SSM::Document, Properties: {Name: run, Content: echo x}}
  A: {Type: AWS::SSM::Association, Properties: {Name: %s}}
"""

    def grounds(kind: str, name: str, text: str) -> list[str]:
        write(tmp_path, [(f"{kind}/{name}", text)])
        job = IacJob(tmp_path, (IacRoot(kind, kind),), frozenset({"CKV_AWS_3"}))
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", kind)
        return next(gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands")

    arn = "arn:aws:ssm:eu-west-3:123456789012:document/run"
    texts = [("terraform", "main.tf", code % name) for name in ('"run"', "aws_ssm_document.d.name")]
    texts += [("cloudformation", "t.yaml", template % name) for name in ("run", "!Ref Doc", arn)]
    for kind, name, text in texts:
        assert grounds(kind, name, text) != grounds(kind, name, text.replace("echo x", "aws x")), text


@pytest.mark.parametrize(
    "create",
    ["!If [C, a, open]", "!FindInMap [M, !Ref Q, v]", "!If [C, !Ref P, a]", "!If [C, a, !GetAtt Other.Value]"],
)
def test_a_custom_resource_that_is_not_known_is_another_one_where_anything_behind_it_changes(
    tmp_path: Path, create: str
) -> None:
    made = """Parameters:
  Q: {Type: String}
  P: {Type: String, Default: open}
Mappings: {M: {a: {v: open}, b: {v: x}}}
Conditions: {C: !Equals [!Ref Q, y]}
Resources:
  Other: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !If [C, a, open]}}
  Custom: {Type: Custom::X, Properties: {ServiceToken: x, Create: %s}}
"""

    def grounds(text: str) -> list[str]:
        write(tmp_path, [("infra/t.yaml", text)])
        job = IacJob(tmp_path, (IacRoot("infra", "cloudformation"),), frozenset({"CKV_AWS_3"}))
        gaps = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("gap", "infra")
        return next(gap["grounds"] for gap in gaps if gap["cause"] == "runs_commands")

    known = grounds(made % create)
    assert grounds(f"# a comment\n{made % create}") == known
    assert grounds((made % create).replace("open", "close")) != known
    assert (grounds((made % create).replace("!Ref Q, y", "!Ref Q, z")) != known) is ("C," in create)


DETECTOR = {"Type": "AWS::GuardDuty::Detector", "Properties": {"Enable": True}}
LISTED = {"Parameters": {"L": {"Type": "CommaDelimitedList"}}}
OF_A_CONDITION = {"Parameters": {"P": {"Type": "String"}}, "Conditions": {"K": {"Fn::Equals": [{"Ref": "P"}, "x"]}}}


@pytest.mark.parametrize(
    ("template", "count", "sure"),
    [
        ({"Resources": {"G": DETECTOR}}, "", True),
        ({"Resources": {"G": DETECTOR}}, "count = var.on ? 1 : 0\n  ", False),
        ({**OF_A_CONDITION, "Resources": {"G": {**DETECTOR, "Condition": "K"}}}, "", False),
        ({**LISTED, "Resources": {"Fn::ForEach::A": ["I", {"Ref": "L"}, {"G${I}": DETECTOR}]}}, "", False),
    ],
)
def test_what_a_stack_makes_for_an_account_is_as_sure_as_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: object, count: str, *, sure: bool
) -> None:
    # Only while a push is compared: what is kept has no such member.
    monkeypatch.setattr(of_code, "write", inspect.unwrap(of_code.write))
    stack = (
        'variable "on" {}\nresource "aws_cloudformation_stack" "s" {\n  %sname = "s"\n  template_body = file("%s")\n}\n'
    )
    write(tmp_path, [("infra/main.tf", stack % (count, "t.json")), ("infra/t.json", json.dumps(template))])
    whole = frozenset({"AWS::GuardDuty::Detector"})
    job = IacJob(tmp_path, (IacRoot("infra", "terraform"),), frozenset({"CKV_AWS_3"}), whole=whole)
    blocks = Scan(tmp_path, scan(job, tmp_path / "snapshot")).of("block", "infra")
    assert [(block["type"], "unsure" in block) for block in blocks] == [(*whole, not sure)]
