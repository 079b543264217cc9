"""Rules of our own, as their examples show them; and what a value that is not known makes of a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collect.code.conftest import Scan, write
from content_copy import bundled
from preuve.collect.code import IacJob, scan
from preuve.collect.code.job import Surroundings
from preuve.library.validation.code.code_rules import FOLDER, TERRAFORM, examples_of, rendered, stem_of
from preuve.library.validation.code.known_types import quiet_types
from preuve.library.yaml.place import content_root
from preuve.model.company.code import IacRoot, Omission

RULES = sorted(bundled().code_rules)
ONLY_FAILS = frozenset(
    {"CKV2_PREUVE_DEFAULT_VPC", "CKV2_PREUVE_LOGIN_PROFILE", "CKV2_PREUVE_ROOT_KEY", "CKV2_PREUVE_ALARM_ACTIONS"}
)  # no result for correct blocks
OF_REGION = [name for name in RULES if "attribute': 'region'" in str(bundled().code_rules[name])]
A_REGION = re.compile(r"(?m)^  (?:region|availability_zone) +=.*\n")
IN_REGIONS = ("aws_ssm_parameter", "aws_s3_bucket", "aws_backup_vault", "aws_kms_replica_key", "aws_rds_cluster")
PARAMS = {name: item.value for name, item in bundled().parameters.items()}


def it(kind: str, *lines: str) -> str:
    """The block that is judged."""
    return "\n".join((f'resource "{kind}" "it" {{', *lines, "}")) + "\n"


PROVIDER = 'provider "aws" {}\n'  # without one its default tags are not known


def ingress(*lines: str) -> str:
    return it("aws_security_group", "ingress {", 'protocol = "tcp"', *lines, "}")


BUCKET, TABLE, LOGS, DHCP = "aws_s3_bucket", "aws_dynamodb_table", "aws_cloudwatch_log_group", "aws_vpc_dhcp_options"
POSTGRES = ("from_port = 5432", "to_port = 5432")
LOCK = """
resource "aws_backup_vault_lock_configuration" "lock" {
  backup_vault_name  = aws_backup_vault.it.name
  min_retention_days = var.x
}
"""


def loop(kind: str, block: str, each: str, content: str) -> str:
    return it(kind, f'dynamic "{block}" {{', f"for_each = {each}", "content {", content, "}", "}")


CLASSED = '{ DataClassification = "internal", PersonalData = "no" }'
# A rule, a block, and the names in the detail of its result.
UNSEEN: dict[str, tuple[str, str, str]] = {
    "a null in a list": ("SG_DATA_PORTS", ingress(*POSTGRES, "cidr_blocks = [null]"), "of another type"),
    "region that the environment sets": ("S3_REGION", 'provider "aws" {}\n' + it(BUCKET), "region"),
    "region in a variable": ("S3_REGION", 'provider "aws" { region = var.x }\n' + it(BUCKET), "var.x"),
    "region that is looked up": (
        "S3_REGION",
        it(BUCKET, "region = data.aws_region.current.name"),
        "data.aws_region.current.name",
    ),
    "region in a conditional": ("S3_REGION", it(BUCKET, 'region = var.x ? "eu-west-3" : "us-east-1"'), "var.x"),
    "one good element and an unknown one": (
        "DYNAMODB_REPLICAS_REGION",
        it(TABLE, "replica {", 'region_name = "eu-west-1"', "}", "replica {", "region_name = var.x", "}"),
        "var.x",
    ),
    "blocks that a loop makes": (
        "DYNAMODB_REPLICAS_REGION",
        loop(TABLE, "replica", "var.x", "region_name = replica.value"),
        "dynamic block: replica",
    ),
    "a wanted block that a loop may make": (
        "DYNAMODB_TTL",
        loop(TABLE, "ttl", "var.x", "enabled = true"),
        "dynamic block: ttl",
    ),
    "parts of a plan that a loop makes": (
        "BACKUP_RETENTION",
        loop("aws_backup_plan", "rule", "var.x", "lifecycle {\ndelete_after = 30\n}"),
        "dynamic block: rule",
    ),
    "a destination that is only named by its ARN": (
        "S3_REPLICATION_REGION",
        it(
            "aws_s3_bucket_replication_configuration",
            *("rule {", "destination {", 'bucket = "arn:aws:s3:::copy"', "}", "}"),
        ),
        "rule",
    ),
    "a number": ("PASSWORD_EXPIRY", it("aws_iam_account_password_policy", "max_password_age = var.x"), "var.x"),
    "a list": ("TIME_SOURCE", it(DHCP, "ntp_servers = var.x"), "var.x"),
    "an element of a list": ("TIME_SOURCE", it(DHCP, 'ntp_servers = ["169.254.169.123", var.x]'), "var.x"),
    "a value of a connected block": (
        "BACKUP_VAULT_LOCK",
        it("aws_backup_vault", 'name = "main"') + LOCK,
        "unresolved: var.x",
    ),
    "tags that others may replace": (
        "TAG_CLASSIFICATION",
        it(BUCKET, 'tags = merge({ DataClassification = "internal", PersonalData = "no" }, var.x)'),
        "var.x",
    ),
    "a tag that may be among others": (
        "TAG_CLASSIFICATION",
        it(BUCKET, 'tags = merge(var.x, { PersonalData = "no" })'),
        "var.x",
    ),
    "a default tag that its own tags may replace": (
        "TAG_CLASSIFICATION",
        f'provider "aws" {{\n  default_tags {{\n    tags = {CLASSED}\n  }}\n}}\n'
        + it(BUCKET, "tags = merge(var.x, {})"),
        "var.x",
    ),
    "one tag": (
        "TAG_CLASSIFICATION",
        it(BUCKET, 'tags = { DataClassification = var.x, PersonalData = "no" }'),
        "var.x",
    ),
    "default tags": (
        "TAG_MANDATORY",
        'provider "aws" {\n  default_tags {\n    tags = var.x\n  }\n}\n' + it(BUCKET),
        "var.x",
    ),
    "whether a rule is meant": (
        "LOG_RETENTION_MAX",
        it(LOGS, "retention_in_days = 3653", "tags = var.x"),
        "var.x",
    ),
    "a policy in a file": (
        "SCP_REGIONS",
        it("aws_organizations_policy", 'content = file("scp.json")'),
        "content of scp.json",
    ),
    "ranges of a group": ("SG_DATA_PORTS", ingress(*POSTGRES, "cidr_blocks = var.x"), "var.x"),
    "ports of a group": (
        "SG_DATA_PORTS",
        ingress("from_port = var.x", "to_port = var.x", 'cidr_blocks = ["0.0.0.0/0"]'),
        "var.x",
    ),
    "a prefix list": (
        "SG_DATA_PORTS",
        ingress(*POSTGRES, 'prefix_list_ids = ["pl-1"]'),
        "what the prefix list contains",
    ),
}
BLANKS = 'tags = { DataClassification = "internal ", PersonalData = " yes", RopaId = " " }'
# A rule, a block, and the result ("" = none).
SEEN: dict[str, tuple[str, str, str]] = {
    "a bad element beside an unknown one": (
        "DYNAMODB_REPLICAS_REGION",
        it(TABLE, "replica {", 'region_name = "us-east-1"', "}", "replica {", "region_name = var.x", "}"),
        "FAILED",
    ),
    "a tag that the rule does not read": (
        "TAG_CLASSIFICATION",
        it(BUCKET, 'tags = { DataClassification = "internal", PersonalData = "no", Team = var.x }'),
        "PASSED",
    ),
    **{
        f"one of few values, {name}": ("LOG_RETENTION_MAX", it(LOGS, f"retention_in_days = {written}"), result)
        for name, written, result in (
            ("by a condition, all right", "var.x ? 365 : 30", "PASSED"),
            ("by a condition, all wrong", "var.x ? 3653 : 1827", "FAILED"),
            ("by a condition, one wrong", "var.x ? 365 : 3653", "UNKNOWN"),
            ("by a condition, one not set", "var.x ? 365 : null", "UNKNOWN"),
            ("by a condition, one not known", "var.x ? 365 : var.y", "UNKNOWN"),
            ("by conditions", 'var.x ? 365 : var.y == "a" ? 30 : 90', "PASSED"),
            ("by a key, all right", "{ dev = 30, prod = 365 }[var.x]", "PASSED"),
            ("by a key, one wrong", "{ dev = 30, prod = 3653 }[var.x]", "UNKNOWN"),
            ("by a key of objects", "{ dev = { days = 3653 }, prod = { days = 1827 } }[var.x].days", "FAILED"),
            ("by a place", "[30, 90, 365][var.x]", "PASSED"),
            ("looked up", "lookup({ dev = 30, prod = 365 }, var.x, 90)", "PASSED"),
            ("looked up, with a wrong default", "lookup({ dev = 30, prod = 365 }, var.x, 3653)", "UNKNOWN"),
            ("too many", f"[{', '.join(map(str, range(1, 12)))}][var.x]", "UNKNOWN"),
        )
    },
    "few values of several arguments": (
        "LOG_RETENTION_MAX",
        it(LOGS, "retention_in_days = var.x ? 365 : 30", 'log_group_class = var.y ? "STANDARD" : "DELIVERY"'),
        "PASSED",
    ),
    "tags behind others": ("TAG_CLASSIFICATION", it(BUCKET, f"tags = merge(var.x, {CLASSED})"), "PASSED"),
    "tags behind tags behind others": (
        "TAG_CLASSIFICATION",
        'locals {\n  common = merge(var.x, { PersonalData = "no" })\n}\n'
        + it(BUCKET, 'tags = merge(local.common, { DataClassification = "internal" })'),
        "PASSED",
    ),
    "a bad tag behind others": (
        "TAG_CLASSIFICATION",
        it(BUCKET, 'tags = merge(var.x, { DataClassification = "?", PersonalData = "no" })'),
        "FAILED",
    ),
    "its own tags, under default tags that are not known": (
        "TAG_CLASSIFICATION",
        'provider "aws" {\n  default_tags {\n    tags = var.x\n  }\n}\n' + it(BUCKET, f"tags = {CLASSED}"),
        "PASSED",
    ),
    "default tags behind others": (
        "TAG_CLASSIFICATION",
        f'provider "aws" {{\n  default_tags {{\n    tags = merge(var.x, {CLASSED})\n  }}\n}}\n' + it(BUCKET),
        "PASSED",
    ),
    "tags with blanks": ("TAG_CLASSIFICATION", it(BUCKET, BLANKS.replace("RopaId", "Team")), "PASSED"),
    "a mandatory tag of blanks": ("TAG_MANDATORY", PROVIDER + it(BUCKET, BLANKS.replace("RopaId", "Owner")), "FAILED"),
    "an entry of blanks": ("TAG_ROPA", it(BUCKET, BLANKS), "FAILED"),
    "a job after a blank": ("DYNAMODB_TTL", it(TABLE, 'tags = { Retention = " job:purge" }'), "PASSED"),
    "personal data in a test, with a blank": (
        "TEST_DATA",
        it(BUCKET, 'tags = { Environment = "test ", PersonalData = "yes " }'),
        "FAILED",
    ),
    "personal data of production, with a blank": (
        "TEST_DATA",
        it(BUCKET, 'tags = { Environment = " prod", PersonalData = "yes" }'),
        "",
    ),
    "a group with a retention and blanks": (
        "LOG_RETENTION_MAX",
        it(LOGS, "retention_in_days = 3653", 'tags = { Retention = " 3653 " }'),
        "UNKNOWN",
    ),
    "an argument that the rule does not read": (
        "SG_DATA_PORTS",
        ingress(*POSTGRES, "security_groups = [var.x]"),
        "PASSED",
    ),
    "a database that is no replica": ("RDS_REPLICAS_REGION", it("aws_db_instance", 'region = "us-east-1"'), ""),
    "a group with a retention of its own": (
        "LOG_RETENTION_MAX",
        it(LOGS, "retention_in_days = 3653", 'tags = { Retention = "3653d" }'),
        "UNKNOWN",
    ),
    "a resource that is made zero times": ("S3_REGION", it(BUCKET, "count = 0", 'region = "us-east-1"'), ""),
    "a module with a provider of its caller": (
        "S3_REGION",
        'provider "aws" {\n  region = "eu-west-3"\n}\nprovider "aws" {\n  alias = "usa"\n  region = "us-east-1"\n}\n'
        'module "m" {\n  source = "./m"\n  providers = { aws = aws.usa }\n}\n',
        "FAILED",
    ),
}
VARIABLE = 'variable "x" {}\n'
# That another block is there suffices; that of secrets asks of the code, not of what is deployed.
WHATEVER_IT_SAYS = ("CODE_SECRETS", "EGRESS_DNS", "S3_ACCESS_LOGGING", "SECRET_ROTATED")
LEFT = "\n  lifecycle {\n    ignore_changes = all\n  }\n"


_FILES = {
    TERRAFORM: "main.tf",
    "cloudformation": "stack.yaml",
    "github_actions": ".github/workflows/ci.yml",
    "dockerfile": "Dockerfile",
}


def root(name: str) -> str:
    return re.sub(r"\W+", "-", name)


def job(base: Path, params: Mapping[str, Any], rules: list[str], *others: IacRoot) -> IacJob:
    library = bundled()
    chosen = tuple(rendered(library.code_rules[name], params, library.reference) for name in rules)
    roots = (IacRoot(".", "terraform"), *others)
    return IacJob(base, roots, frozenset(rules), chosen, documents=library.documents, quiet=quiet_types())


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Every example and every block above, each in a root of its own, in one scan."""
    base = tmp_path_factory.mktemp("rules")
    others = []
    for name in RULES:
        provider = bundled().code_rules[name].provider
        for example in examples_of(provider):
            folder = f"{stem_of(name)}-{example}"
            write(base, [(f"{folder}/{_FILES[provider]}", example_text(name, example))])
            if provider == TERRAFORM and example.startswith("pass"):
                text = re.sub(r'(?m)^(resource "[^{]*\{)', r"\1" + LEFT, example_text(name, example))
                write(base, [(f"{folder}-left/main.tf", text)])
            if provider == TERRAFORM and example.startswith("fail") and name in OF_REGION:
                write(base, [(f"{folder}-anywhere/main.tf", A_REGION.sub("", example_text(name, example)))])
                write(base, [(f"{folder}-beside/main.tf", with_beside(example_text(name, example)))])
            others += [IacRoot(folder, provider)] if provider != TERRAFORM else []
    for name, (_, text, _) in {**UNSEEN, **SEEN}.items():
        write(base, [(f"{root(name)}/main.tf", VARIABLE + text), (f"{root(name)}/m/main.tf", it(BUCKET))])
    snapshot = tmp_path_factory.mktemp("snapshot")
    return Scan(snapshot, scan(job(base, PARAMS, RULES, *others), snapshot))


def example_text(rule: str, example: str) -> str:
    return (content_root() / FOLDER / "examples" / stem_of(rule) / example).read_text(encoding="utf-8")


def with_beside(text: str) -> str:
    """Return code in which others name each block, and have no region."""
    blocks = enumerate(re.findall(r'(?m)^resource "(\w+)" "(\w+)"', text))
    named = [(at, kind, f"{type_}.{name}.arn") for at, (type_, name) in blocks for kind in (*IN_REGIONS, type_)]
    return text + "".join(f'\nresource "{kind}" "beside_{at}" {{\n  x = {it}\n}}\n' for at, kind, it in named)


def results(scanned: Scan, folder: str, rule: str) -> dict[str, str]:
    return {line["address"]: line["result"] for line in scanned.of("record", folder) if line["check"] == rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_correct_example_passes_its_rule(scanned: Scan, rule: str) -> None:
    wanted, _ = examples_of(bundled().code_rules[rule].provider)
    found = results(scanned, f"{stem_of(rule)}-{wanted}", rule)
    assert set(found.values()) == ({"PASSED"} if rule not in ONLY_FAILS else set())


@pytest.mark.parametrize("rule", RULES)
def test_a_block_of_which_changes_are_ignored_passes_no_rule(scanned: Scan, rule: str) -> None:
    found = scanned.of("record", f"{stem_of(rule)}-pass.tf-left")
    passed = {line["address"] for line in found if (line["check"], line["result"]) == (rule, "PASSED")}
    of_blocks = {address for address in passed if address.startswith("aws_")}
    assert not of_blocks or rule.removeprefix("CKV2_PREUVE_") in WHATEVER_IT_SAYS


@pytest.mark.parametrize("rule", RULES)
def test_exactly_the_marked_blocks_fail(scanned: Scan, rule: str) -> None:
    _, refused = examples_of(bundled().code_rules[rule].provider)
    lines = enumerate(example_text(rule, refused).splitlines(), 1)
    marked = {0 if text == "# FAILED: repository" else number for number, text in lines if "# FAILED" in text}
    records = [line for line in scanned.of("record", f"{stem_of(rule)}-{refused}") if line["check"] == rule]
    assert marked
    assert {line["line"]: line["result"] for line in records if line["result"] != "PASSED"} == dict.fromkeys(
        marked, "FAILED"
    )


@pytest.mark.parametrize("rule", OF_REGION)
def test_a_region_that_nobody_sets_is_not_a_wrong_one(scanned: Scan, rule: str) -> None:
    """Neither that of the block itself, nor that of one beside it."""
    assert "FAILED" not in results(scanned, f"{stem_of(rule)}-fail.tf-anywhere", rule).values()


@pytest.mark.parametrize("rule", OF_REGION)
def test_a_wrong_region_is_one_whatever_stands_beside_it(scanned: Scan, rule: str) -> None:
    folders = (f"{stem_of(rule)}-fail.tf{more}" for more in ("", "-beside"))
    alone, among = (results(scanned, folder, rule).items() for folder in folders)
    assert {one for one in alone if one[1] == "FAILED"} <= {*among}


@pytest.mark.parametrize("name", UNSEEN)
def test_an_unknown_value_neither_passes_nor_fails(scanned: Scan, name: str) -> None:
    rule, _, detail = UNSEEN[name]
    (line,) = [line for line in scanned.of("record", root(name)) if line["check"] == f"CKV2_PREUVE_{rule}"]
    assert line["result"] == "UNKNOWN"
    assert detail in line["detail"]


@pytest.mark.parametrize("name", SEEN)
def test_unknown_arguments_that_a_rule_ignores_change_nothing(scanned: Scan, name: str) -> None:
    rule, _, result = SEEN[name]
    found = results(scanned, root(name), f"CKV2_PREUVE_{rule}")
    assert list(found.values()) == ([result] if result else [])


def test_a_record_of_a_rule_has_the_form_of_any_other(scanned: Scan) -> None:
    rule = "CKV2_PREUVE_DYNAMODB_REPLICAS_REGION"
    line = scanned.record("dynamodb-replicas-region-fail.tf", "aws_dynamodb_table.one_of_two", rule)
    assert (line["type"], line["line"], line["keys"], line["detail"]) == (
        "aws_dynamodb_table",
        19,
        ["replica/[1]/region_name"],
        "",
    )


def test_the_scan_has_no_gap(scanned: Scan) -> None:
    assert scanned.summary.unknown_checks == ()
    causes = {line["cause"] for line in scanned.lines if line["kind"] == "gap"}
    assert causes <= {"module_not_loaded", "not_made"}  # of a registry, wherever one is named


def test_a_hostile_parameter_stays_a_value(tmp_path: Path) -> None:
    write(tmp_path, [
        ("a/main.tf", VARIABLE + 'resource "aws_s3_bucket" "literal" { region = "eu-west-3" }\n'
                      'resource "aws_s3_bucket" "by_variable" { region = var.x }\n'
                      'resource "aws_s3_bucket" "named" { region = "], operator: exists" }\n'),
    ])  # fmt: skip
    hostile = ["eu.*", "var.x", "${var.x}", "${params.sensitive_classes}", "], operator: exists"]
    folder = tmp_path / "snapshot"
    wanted = job(tmp_path, {**PARAMS, "allowed_regions": hostile}, ["CKV2_PREUVE_S3_REGION"])
    found = results(Scan(folder, scan(wanted, folder)), "a", "CKV2_PREUVE_S3_REGION")
    assert found == {
        "aws_s3_bucket.literal": "FAILED",
        "aws_s3_bucket.by_variable": "UNKNOWN",
        "aws_s3_bucket.named": "PASSED",
    }


def test_a_provider_in_another_file_gives_the_region_and_the_tags(tmp_path: Path) -> None:
    buckets = (
        f'resource "{BUCKET}" "by_default" {{}}\nresource "{BUCKET}" "usa" {{\n  provider = aws.usa\n}}\n'
        'module "m" {\n  source = "../m"\n}\n'
        'module "passed" {\n  source = "../m"\n  providers = { aws = aws.usa }\n}\n'
        'module "own" {\n  source = "../own"\n}\n'
    )
    named = ", ".join(f'{name} = "x"' for name in PARAMS["mandatory_tags"])
    tags = f"  default_tags {{\n    tags = {{ {named} }}\n  }}\n"
    provider = f'provider "aws" {{\n  region = "eu-west-3"\n{tags}}}\n'
    write(tmp_path, [
        ("a/main.tf", buckets),
        ("a/providers.tf", provider + 'provider "aws" {\n  alias  = "usa"\n  region = "us-east-1"\n}\n'),
        ("m/main.tf", it(BUCKET)),
        ("own/main.tf", it(BUCKET)),
        ("own/providers.tf", 'provider "aws" {\n  region = "us-east-1"\n}\n'),
    ])  # fmt: skip
    folder = tmp_path / "snapshot"
    rules = ["CKV2_PREUVE_S3_REGION", "CKV2_PREUVE_TAG_MANDATORY"]
    found = Scan(folder, scan(job(tmp_path, PARAMS, rules), folder))
    assert results(found, "a", rules[0]) == {
        "aws_s3_bucket.by_default": "PASSED",
        "aws_s3_bucket.usa": "FAILED",
        "module.m.aws_s3_bucket.it": "PASSED",
        "module.passed.aws_s3_bucket.it": "FAILED",
        "module.own.aws_s3_bucket.it": "FAILED",
    }
    assert results(found, "a", rules[1])["aws_s3_bucket.by_default"] == "PASSED"


def test_examples_of_a_workspace_are_not_examined_as_code(tmp_path: Path) -> None:
    write(tmp_path, [("main.tf", it(BUCKET)), (f"{FOLDER}/examples/mine/fail.tf", it(BUCKET))])
    folder = tmp_path / "snapshot"
    found = Scan(
        folder,
        scan(
            replace(
                job(tmp_path, PARAMS, ["CKV2_PREUVE_S3_REGION"]),
                around=Surroundings((Omission(f"{FOLDER}/examples", "own"),)),
            ),
            folder,
        ),
    )
    assert {line["root"] for line in found.lines} == {"."}


def test_a_provider_in_another_file_gives_its_region_and_tags(tmp_path: Path) -> None:
    tags = 'default_tags {\n    tags = { DataClassification = "internal", PersonalData = "no" }\n  }'
    write(tmp_path, [
        ("same/provider.tf", f'provider "aws" {{\n  region = var.place\n  {tags}\n}}\n'
                             'provider "aws" {\n  alias = "usa"\n  region = "us-east-1"\n}\n'
                             'variable "place" {\n  default = "eu-west-3"\n}\n'),
        ("same/main.tf", it(BUCKET) + it(LOGS, "provider = aws.usa") + 'module "m" {\n  source = "./m"\n}\n'),
        ("same/m/main.tf", it(BUCKET)),
        ("passed/provider.tf", 'provider "aws" {\n  region = "eu-west-3"\n}\n'
                               'provider "aws" {\n  alias = "usa"\n  region = "us-east-1"\n}\n'),
        ("passed/main.tf", 'module "m" {\n  source = "./m"\n  providers = { aws = aws.usa }\n}\n'),
        ("passed/m/main.tf", it(BUCKET)),
    ])  # fmt: skip
    region, classified = "CKV2_PREUVE_S3_REGION", "CKV2_PREUVE_TAG_CLASSIFICATION"
    twice = "CKV2_PREUVE_DATA_REGION"
    folder = tmp_path / "snapshot"
    found = Scan(folder, scan(job(tmp_path, PARAMS, [region, classified, twice]), folder))
    in_module = "module.m.aws_s3_bucket.it"
    assert results(found, "same", region) == {"aws_s3_bucket.it": "PASSED", in_module: "PASSED"}
    assert results(found, "same", twice) == {}  # the provider is judged, once for all that it makes
    assert results(found, "same", classified)["aws_s3_bucket.it"] == "PASSED"
    assert results(found, "passed", region)[in_module] == "FAILED"


def test_providers_are_followed_through_every_call_of_a_module(tmp_path: Path) -> None:
    needs = f'resource "{BUCKET}" "named" {{\n  provider = aws.other\n}}\n'
    write(tmp_path, [
        ("a/providers.tf", 'provider "aws" {\n  region = "eu-west-3"\n}\n'
                           'provider "aws" {\n  alias = "usa"\n  region = "us-east-1"\n}\n'),
        ("a/main.tf", 'module "passed" {\n  source = "../m"\n  for_each = toset(["x"])\n'
                      '  providers = {\n    aws = aws.usa\n    aws.other = aws\n  }\n}\n'
                      'module "half" {\n  source = "../m"\n  providers = { aws.other = aws.usa }\n}\n'
                      'module "none" {\n  source = "../m"\n}\n'),
        ("m/main.tf", it(BUCKET) + needs + 'module "n" {\n  source = "../n"\n  providers = { aws = aws.other }\n}\n'),
        ("n/main.tf", it(BUCKET)),
    ])  # fmt: skip
    folder, region = tmp_path / "snapshot", "CKV2_PREUVE_S3_REGION"
    found = Scan(folder, scan(job(tmp_path, PARAMS, [region]), folder))
    assert results(found, "a", region) == {
        'module.passed["x"].aws_s3_bucket.it': "FAILED",
        'module.passed["x"].aws_s3_bucket.named': "PASSED",
        'module.passed["x"].module.n.aws_s3_bucket.it': "PASSED",
        "module.half.aws_s3_bucket.it": "PASSED",
        "module.half.aws_s3_bucket.named": "FAILED",
        "module.half.module.n.aws_s3_bucket.it": "FAILED",
        "module.none.aws_s3_bucket.it": "PASSED",
        "module.none.aws_s3_bucket.named": "UNKNOWN",
        "module.none.module.n.aws_s3_bucket.it": "UNKNOWN",
    }
