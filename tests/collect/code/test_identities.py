"""The name of a resource in its block: a known text, or nothing; redacted as in the account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.collect.code.judgements.relations.unknown_values import name_pattern
from preuve.collect.code.language.values.value import NamedText, PartText, Unknown, unknown
from preuve.collect.code.verdict.identities import Block, agreed, identity
from preuve.model.company.code import TerraformRun
from preuve.redact.code import all_redacted
from preuve.redact.pseudonyms import Pseudonyms
from preuve.redact.redactor import Redactor

from .conftest import Scan, Scanner

ARGUMENTS = {name: naming.argument for name, naming in bundled().namings.of.items()}


def outer(found: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name != "of"}


CAUSES = st.sampled_from(["var.name", "data.aws_vpc.main.id", "local.x", "random_id.a.hex", "module.a.name"])
OWNERS = st.sampled_from(["", "aws_s3_bucket.logs", 'module.m["a"].aws_s3_bucket.logs[0]'])
UNKNOWN = st.builds(lambda cause, made, of: Unknown((cause,), made=made, owner=of), CAUSES, st.booleans(), OWNERS)
PART = st.builds(
    lambda text, inner: PartText(inner.causes, parts=(text, inner)), st.text(min_size=1, max_size=5), UNKNOWN
)
OTHER = st.none() | st.booleans() | st.integers() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())


@given(UNKNOWN | PART | OTHER, UNKNOWN | PART | OTHER)
def test_a_partly_unknown_value_is_no_name(value: Any, region: Any) -> None:
    assert outer(identity(value, region)) == {}


@given(st.text(min_size=1, max_size=60), OWNERS)
def test_a_known_text_is_the_name(text: str, owner: str) -> None:
    value = NamedText(text, frozenset({owner}), owner) if owner else text
    found = identity(value, "eu-west-3")
    assert found == {"arn" if text.startswith("arn:") else "name": text, "region": "eu-west-3"} | (
        {"of": owner} if owner else {}
    )
    assert "region" not in identity(value, "europe") and identity("x" * 3000) == {}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((Unknown(("var.e",)), "-crm-", Unknown(("var.r",))), "…{var.e}-crm-…{var.r}"),
        ((unknown(Unknown(("var.e",))), "-crm"), "…{}-crm"),  # changed by an expression
        ((Unknown(("var.e", "var.r")), "-crm"), "…{}-crm"),
        ((Unknown(('var.e["{"]',)), "-crm"), "…{}-crm"),
        ((Unknown(("var.e",)),), None),
        ((Unknown(("var.e",)), "…"), None),
    ],
)
def test_a_name_that_is_known_in_part_is_told_with_its_inputs(parts: tuple[Any, ...], words: str | None) -> None:
    assert name_pattern(PartText(("var.e",), parts=parts)).get("words") == words


@given(UNKNOWN, st.text(min_size=1, max_size=5))
def test_only_a_direct_reference_links_a_part_to_its_resource(value: Unknown, text: str) -> None:
    """Or to the input that names it: all blocks that take it as it is configure the same resource."""
    given = value.causes[0] in ("var.name", "module.a.name")
    of = value.owner or (value.causes[0] if given else "")
    assert identity(value).get("of", "") == of
    assert identity(PartText(value.causes, parts=(value,))).get("of", "") == of
    for other in (PartText(value.causes, parts=(value, text)), unknown(value), [value], {"a": value}):
        assert "of" not in identity(other)


@given(st.lists(st.dictionaries(st.sampled_from(["name", "arn", "region", "of"]), st.sampled_from("ab")), min_size=1))
def test_only_names_on_which_all_runs_agree_are_used(said: list[dict[str, str]]) -> None:
    blocks = [Block("aws_s3_bucket.x", "aws_s3_bucket", "main.tf", 1, 2, one) for one in said]
    (found,) = agreed(blocks)
    assert found.identity == {name: value for name, value in said[0].items() if all(o.get(name) == value for o in said)}


# ---- redaction ----------------------------------------------------------------------------------------------------

USERS = frozenset({"aws_iam_user"})
NAMES = ["camille.durand", "jean@techstart.fr", "plain", "arn:aws:iam::123456789012:user/camille.durand"]


@given(st.sampled_from(NAMES), st.sampled_from(["aws_iam_user", "aws_s3_bucket"]))
def test_a_redacted_name_is_the_same_in_code_state_and_account(name: str, kind: str) -> None:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    in_account = redactor.person(name) if kind in USERS else redactor.text(name)
    line = {"kind": "block", "address": f"{kind}.x", "type": kind, "identity": {"name": name, "region": "eu-west-3"}}
    held = {"kind": "state", "resources": [{"address": f"{kind}.x", "type": kind, "id": name, "arn": name}]}
    block, state = all_redacted([line, held], redactor, USERS)
    assert block["identity"] == {"name": in_account, "region": "eu-west-3"}
    assert state["resources"] == [{"address": f"{kind}.x", "type": kind, "id": in_account, "arn": in_account}]


def test_two_removed_secrets_are_not_the_same_name() -> None:
    line = {"kind": "block", "address": "a.b", "type": "a", "identity": {"name": "password=Sup3rS3cret2024"}}
    (found,) = all_redacted([line], Redactor(Pseudonyms(b"k" * 32)), USERS)
    assert found["identity"] == {}


@given(
    st.permutations(["record", "failed", "block", "state", "part"]),
    st.sampled_from(["jean", "camille.durand", "root", "Block"]),
)
def test_a_block_has_one_redacted_address_in_all_lines(order: list[str], name: str) -> None:
    address = f'module.people["{name}"].aws_iam_user.this["{name}"]'
    user = {"address": address, "type": "aws_iam_user"}
    part = {"address": "aws_iam_user_policy.p", "type": "aws_iam_user_policy"}
    lines: dict[str, dict[str, Any]] = {
        "record": {"kind": "record", **user},
        "failed": {"kind": "record", **user, "values": {"name": f'"{name}"'}},
        "block": {"kind": "block", **user, "identity": {"name": name}},
        "state": {"kind": "state", "resources": [{**user, "id": name, "arn": ""}]},
        "part": {"kind": "block", **part, "identity": {"of": address}},
    }
    found = all_redacted([lines[kind] for kind in order], Redactor(Pseudonyms(b"k" * 32)), USERS)
    addresses = {
        *(line["address"] for line in found if line.get("type") == "aws_iam_user"),
        *(line["resources"][0]["address"] for line in found if line["kind"] == "state"),
        *(line["identity"]["of"] for line in found if "of" in line.get("identity", {})),
    }
    assert len(addresses) == 1 and f'"{name}' not in json.dumps(found).replace('"root"', "")
    assert [line["kind"] for line in found] == [lines[kind]["kind"] for kind in order]


def test_a_user_listed_by_a_stack_has_the_users_pseudonym() -> None:
    redactor = Redactor(Pseudonyms(b"k" * 32))
    listed = [{"ResourceType": kind, "PhysicalResourceId": "durand"} for kind in ("AWS::IAM::User", "AWS::S3::Bucket")]
    shown = redactor.data({"Resources": listed})["Resources"]
    assert [item["PhysicalResourceId"] for item in shown] == [redactor.person("durand"), "durand"]


# ---- on real code -------------------------------------------------------------------------------------------------

TERRAFORM = """
provider "aws" { region = "eu-west-3" }
provider "aws" {
  alias  = "far"
  region = var.unset
}
variable "unset" {}
variable "off" { default = false }
resource "aws_s3_bucket" "logs" { bucket = "shop-logs" }
resource "aws_s3_bucket" "open" { bucket = var.unset }
resource "aws_s3_bucket" "each" {
  for_each = toset(["a.b", "c"])
  bucket   = "shop-${each.key}"
  provider = aws.far
}
resource "aws_s3_bucket" "here" { region = "eu-west-1" }
resource "aws_s3_bucket" "never" {
  count  = var.off ? 1 : 0
  bucket = "shop-never"
}
module "inner" {
  source = "./inner"
  bucket = aws_s3_bucket.open.id
}
resource "aws_s3_bucket_acl" "logs" { bucket = aws_s3_bucket.logs.id }
resource "aws_s3_bucket_acl" "named" { bucket = aws_s3_bucket.logs.bucket }
resource "aws_s3_bucket_acl" "each" { bucket = aws_s3_bucket.each["a.b"].arn }
resource "aws_s3_bucket_acl" "output" { bucket = module.inner.made }
resource "aws_s3_bucket_acl" "after" { bucket = aws_s3_bucket_acl.output.bucket }
resource "aws_s3_bucket_acl" "made_of" { bucket = "${aws_s3_bucket.open.id}-x" }
resource "aws_s3_bucket_acl" "either" { bucket = var.unset == "" ? aws_s3_bucket.open.id : aws_s3_bucket.here.id }
resource "aws_s3_bucket_acl" "first" { bucket = try(one(aws_s3_bucket.open[*].id), "") }
resource "aws_s3_bucket_acl" "in_full" { bucket = resource.aws_s3_bucket.logs.id }
resource "aws_sqs_queue" "jobs" {}
resource "aws_sqs_queue_policy" "jobs" { queue_url = aws_sqs_queue.jobs.url }
resource "aws_route53_zone" "none" { name = "example.org" }
"""
INNER = """
variable "bucket" { type = string }
resource "aws_s3_bucket" "this" {}
resource "aws_s3_bucket_policy" "given" { bucket = var.bucket }
output "made" { value = aws_s3_bucket.this.id }
"""
TEMPLATE = """
Parameters: {Name: {Type: String}}
Conditions: {Prod: !Equals [!Ref Name, prod]}
Resources:
  Logs: {Type: AWS::S3::Bucket, Condition: Prod, Properties: {BucketName: shop-logs}}
  Open: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs, PolicyDocument: {}}}
  Zone: {Type: AWS::Route53::HostedZone}
"""


def told(scan: Scan, root: str = "infra") -> dict[str, dict[str, Any]]:
    return {
        line["address"]: {**line["identity"], **({"optional": True} if "optional" in line else {})}
        for line in scan.of("block", root)
    }


def test_blocks_of_terraform_are_listed_with_their_names(scan_files: Scanner) -> None:
    scan = scan_files({"infra/main.tf": TERRAFORM, "infra/inner/main.tf": INNER}, arguments=ARGUMENTS)
    here, owners = {"region": "eu-west-3"}, {}
    found = told(scan)
    for address in list(found):
        if "acl" in address or "policy" in address:
            owners[address] = found.pop(address).get("of", "")
    assert found == {
        "aws_s3_bucket.logs": {"name": "shop-logs", **here},
        "aws_s3_bucket.open": {"of": "var.unset", **here},
        'aws_s3_bucket.each["a.b"]': {"name": "shop-a.b"},
        'aws_s3_bucket.each["c"]': {"name": "shop-c"},
        "aws_s3_bucket.here": {"region": "eu-west-1"},
        "module.inner.aws_s3_bucket.this": here,
        "aws_sqs_queue.jobs": here,
    }
    assert owners == {
        "aws_s3_bucket_acl.logs": "aws_s3_bucket.logs",
        "aws_s3_bucket_acl.named": "aws_s3_bucket.logs",
        "aws_s3_bucket_acl.each": 'aws_s3_bucket.each["a.b"]',
        "aws_s3_bucket_acl.output": "module.inner.aws_s3_bucket.this",
        "aws_s3_bucket_acl.after": "module.inner.aws_s3_bucket.this",
        "aws_s3_bucket_acl.made_of": "",
        "aws_s3_bucket_acl.either": "",
        "aws_s3_bucket_acl.first": "aws_s3_bucket.open",
        "aws_s3_bucket_acl.in_full": "aws_s3_bucket.logs",
        "module.inner.aws_s3_bucket_policy.given": "aws_s3_bucket.open",
        "aws_sqs_queue_policy.jobs": "aws_sqs_queue.jobs",
    }
    assert ("infra/main.tf", "not_made") in {(file, cause) for file, _, cause, _ in scan.gaps("infra")}


# What a part may say of its resource, and the input that it is, if it is one as it is.
INPUTS = {
    "role = var.a": "var.a",
    'role = "${var.a}"': "var.a",
    "role = var.o.a": "var.o.a",
    'role = var.o["a"]': "var.o[a]",
    "role = var.l[0]": "var.l[0]",
    "role = module.gone.a": "module.gone.a",
    "role = local.a": "var.a",
    "role = upper(var.a)": "",
    'role = "${var.a}-x"': "",
    'role = var.b ? var.a : "x"': "",
    "role = one([for one in var.l : one if one != var.a])": "",
    "role = var.l[*].a[0]": "",
    "for_each = var.l\n  role = each.value": "",
    "for_each = var.o\n  role = each.key": "",
    "count = var.b\n  role = var.l[count.index]": "",
    "role = data.aws_iam_role.a.name": "",  # its name is known
}


def test_blocks_are_of_one_resource_only_where_they_take_the_same_input_as_it_is(scan_files: Scanner) -> None:
    code = 'locals {\n  a = var.a\n}\nmodule "gone" {\n  source = "git::https://x/y"\n}\n'
    code += 'data "aws_iam_role" "a" {\n  name = "a"\n}\n'
    code += "".join(f'variable "{name}" {{}}\n' for name in "abol")
    for number, said in enumerate(INPUTS):
        code += f'resource "aws_iam_role_policy" "p{number}" {{\n  {said}\n  policy = "{{}}"\n}}\n'
    found = told(scan_files({"infra/main.tf": code}, arguments=ARGUMENTS))
    named = {said: found[f"aws_iam_role_policy.p{number}"].get("of", "") for number, said in enumerate(INPUTS)}
    assert named == INPUTS


RUNS = (TerraformRun("prod", ("prod.tfvars",)), TerraformRun("test", ("test.tfvars",)))
IN_RUNS = """
provider "aws" { region = "eu-west-3" }
variable "stage" {}
resource "aws_s3_bucket" "own" { bucket = "shop-${var.stage}" }
resource "aws_s3_bucket" "same" { bucket = "shop" }
"""


def test_a_root_with_several_runs_uses_no_state_and_no_name_of_a_single_run(scan_files: Scanner) -> None:
    files = {f"{stage}.tfvars": f'stage = "{stage}"' for stage in ("prod", "test")}
    files |= {"infra/main.tf": IN_RUNS, "t.tfstate": json.dumps({"version": 4, "resources": []})}
    scan = scan_files(files, arguments=ARGUMENTS, state="t.tfstate", runs=RUNS)
    here = {"region": "eu-west-3"}
    assert told(scan) == {"aws_s3_bucket.own": here, "aws_s3_bucket.same": {"name": "shop", **here}}
    assert not scan.of("state", "infra")
    assert ("t.tfstate", "state_not_read") in {(file, cause) for file, _, cause, _ in scan.gaps("infra")}
    scan = scan_files(files, arguments=ARGUMENTS, state="t.tfstate", runs=RUNS[:1])
    assert told(scan)["aws_s3_bucket.own"] == {"name": "shop-prod", **here}
    assert len(scan.of("state", "infra")) == 1


def planned(address: str, **values: Any) -> dict[str, Any]:
    kind, name = address.split(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


def test_a_plan_gives_names_and_the_code_gives_owners_of_parts(scan_files: Scanner) -> None:
    code = """
variable "stage" {}
resource "aws_s3_bucket" "own" { bucket = "shop-${var.stage}" }
resource "aws_s3_bucket" "random" { bucket = "shop-${random_id.a.hex}" }
resource "aws_s3_bucket_acl" "own" { bucket = aws_s3_bucket.own.id }
resource "aws_s3_bucket" "forgotten" { bucket = "shop-forgotten" }
"""
    made = [planned("aws_s3_bucket.own", bucket="shop-prod"), planned("aws_s3_bucket.random")]
    made.append(planned("aws_s3_bucket_acl.own"))
    change = {"address": "aws_s3_bucket.random", "change": {"after_unknown": {"bucket": True}}}
    configured = [{key: item[key] for key in ("address", "mode", "type", "name")} for item in made]
    region = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-3"}}}}
    plan = {
        "format_version": "1.2",
        "variables": {"stage": {"value": "prod"}},
        "planned_values": {"root_module": {"resources": made}},
        "resource_changes": [change],
        "configuration": {
            "provider_config": region,
            "root_module": {"resources": [{**item, "provider_config_key": "aws"} for item in configured]},
        },
    }
    scan = scan_files({"infra/main.tf": code, "p.json": json.dumps(plan)}, arguments=ARGUMENTS, plan="p.json")
    here = {"region": "eu-west-3"}
    assert told(scan) == {
        "aws_s3_bucket.own": {"name": "shop-prod", **here},
        "aws_s3_bucket.random": here,
        "aws_s3_bucket_acl.own": {"of": "aws_s3_bucket.own", **here},
        "aws_s3_bucket.forgotten": {"name": "shop-forgotten"},
    }
    assert {line["line"] for line in scan.of("block", "infra")} == {3, 4, 5, 6}


def test_all_blocks_of_a_template_are_listed(scan_files: Scanner) -> None:
    scan = scan_files({"infra/app.yaml": TEMPLATE}, kind="cloudformation", arguments=ARGUMENTS)
    assert told(scan) == {
        "AWS::S3::Bucket.Logs": {"name": "shop-logs", "optional": True},
        "AWS::S3::Bucket.Open": {"of": "Ref Name"},
        "AWS::S3::BucketPolicy.Policy": {"of": "Logs"},
        "AWS::Route53::HostedZone.Zone": {},
    }


def test_a_state_is_read_with_the_code_and_an_unreadable_one_is_a_gap(scan_files: Scanner) -> None:
    made = {"attributes": {"id": "shop-logs", "arn": "arn:aws:s3:::shop-logs", "acl": "private"}}
    bucket = {"mode": "managed", "type": "aws_s3_bucket", "name": "logs", "instances": [made]}
    held = json.dumps({"version": 4, "resources": [bucket]})
    scan = scan_files({"infra/main.tf": TERRAFORM, "t.tfstate": held}, arguments=ARGUMENTS, state="t.tfstate")
    (line,) = scan.of("state", "infra")
    assert line["resources"] == [
        {"address": "aws_s3_bucket.logs", "type": "aws_s3_bucket", "id": "shop-logs", "arn": "arn:aws:s3:::shop-logs"}
    ]
    broken = scan_files({"infra/main.tf": TERRAFORM}, arguments=ARGUMENTS, state="t.tfstate")
    assert ("t.tfstate", "state_not_read") in {(file, cause) for file, _, cause, _ in broken.gaps("infra")}


_REQUIRED = 'terraform {\n  required_providers {\n    %s = {\n      source = "%s"\n    }\n  }\n}\n'
_NAMED = 'provider "%s" {\n  region = "eu-west-3"\n}\n'
_PLACED = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n%s}\n'
_CALLED = 'module "m" {\n  source = "./m"\n%s}\n'
_AWS = ("hashicorp/aws", "registry.terraform.io/hashicorp/aws", "HashiCorp/AWS")


@pytest.mark.parametrize(
    ("root", "module", "known"),
    [
        *((_REQUIRED % ("amz", of) + _NAMED % "amz" + _PLACED % "  provider = amz\n", "", True) for of in _AWS),
        (_REQUIRED % ("amz", "hashicorp/aws") + _NAMED % "amz" + _PLACED % "", "", True),
        (_REQUIRED % ("amz", "hashicorp/aws") + _NAMED % "amz" + _CALLED % "", _PLACED % "", True),
        (_NAMED % "aws" + _CALLED % "", _REQUIRED % ("x", "hashicorp/aws") + _PLACED % "  provider = x\n", True),
        (
            _NAMED % "aws" + _CALLED % "  providers = {\n    x = aws\n  }\n",
            _REQUIRED % ("x", "hashicorp/aws") + _PLACED % "",
            True,
        ),
        (_REQUIRED % ("amz", "acme/aws") + _NAMED % "amz" + _PLACED % "", "", False),
        (_NAMED % "google" + _CALLED % "", _PLACED % "", False),
    ],
)
def test_a_provider_is_known_by_its_source(scan_files: Scanner, root: str, module: str, *, known: bool) -> None:
    files = {"infra/main.tf": root, **({"infra/m/main.tf": module} if module else {})}
    (block,) = scan_files(files, arguments={"aws_s3_bucket": "bucket"}).of("block", "infra")
    assert ("region" in block["identity"]) is known
