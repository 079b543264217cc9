"""The code shown with a verdict: the decisive values and their origins, and no secret and no name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_copy import bundled
from preuve.collect.code.verdict.deciding_values import decided
from preuve.collect.code.verdict.marks import MADE, OPAQUE
from preuve.library.validation.code.code_rules import rendered
from preuve.library.yaml.place import content_root

from .conftest import Scanner, volume

ACCESS_KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
OF_KEY = f"{MADE}${{data.aws_kms_key.a.arn}}"
BY_ALIAS = f"arn:{OF_KEY}:kms:{OF_KEY}:{OF_KEY}:alias/aws/backup"


@pytest.mark.parametrize(
    ("attributes", "key", "shown"),
    [
        ({"encrypted": [False]}, "encrypted", {"encrypted": "false"}),
        ({"tasks": [[{"on": True}, {"on": False}]]}, "tasks/[1]/on", {"tasks[1].on": "false"}),
        ({}, "encrypted", {"encrypted": ""}),
        ({"ingress": [{"to_port": [22]}]}, "ingress/[0]/to_port", {"ingress.to_port": "22"}),
        ({"versioning": [{"enabled": [True]}]}, "versioning.enabled", {"versioning.enabled": "true"}),
        ({"Encrypted": "no"}, "Properties/Encrypted", {"Encrypted": '"no"'}),
        ({"cidr": [["10.0.0.0/8", "::/0"]]}, "cidr", {"cidr": '["10.0.0.0/8", "::/0"]'}),
        ({"rule": {"__start_line__": 3, "id": 1}}, "rule", {"rule": '{"id": 1}'}),
        ({"password": ["hunter22222"]}, "password", {"password": "[removed: telling_name]"}),
        ({"user_data": [f"key={ACCESS_KEY}"]}, "user_data", {"user_data": "[removed: aws_access_key]"}),
        ({"command": ["run", f"--key={ACCESS_KEY}"]}, "command", {"command": '["run", "--key=[removed: secret]"]'}),
        ({"owner": "ana@example.org"}, "owner", {"owner": '"[removed: person]"'}),
    ],
)
def test_decisive_values_are_shown_literally(attributes: dict[str, Any], key: str, shown: dict[str, str]) -> None:
    assert decided(attributes, [key, "resource_type"]) == shown


@pytest.mark.parametrize(
    ("attributes", "key", "shown"),
    [
        ({"tags": f"{OPAQUE}${{var.tags}}"}, "tags/Owner", {"tags": "var.tags"}),
        ({"tags": "${merge(local.tags, {})}"}, "tags.Owner", {"tags": '"${merge(local.tags, {})}"'}),
        ({"dynamic": [{"ingress": {"for_each": ["${var.rules}"]}}]}, "ingress/[0]/from_port", {}),
        ({"rule": [{"id": ["a"]}, {"id": ["b"]}]}, "rule/id", {"rule.id": '["a", "b"]'}),
        ({"cidr_blocks": [[]]}, "cidr_blocks", {"cidr_blocks": "[]"}),
        ({"metadata_options": [{"http_tokens": ["optional"]}]}, "metadata_options/[0]/http_tokens",
         {"metadata_options.http_tokens": '"optional"'}),
        ({"metadata_options": [{}]}, "metadata_options/[0]/http_tokens", {"metadata_options.http_tokens": ""}),
        ({"kms_key_id": [f"{MADE}${{aws_kms_key.main.arn}}"]}, "kms_key_id", {"kms_key_id": "aws_kms_key.main.arn"}),
        ({"kms_key_id": [BY_ALIAS]}, "kms_key_id", {"kms_key_id": '"${data.aws_kms_key.a.arn} (alias/aws/backup)"'}),
        ({"env": {"TOKEN": "${{ secrets.TOKEN }}"}}, "env", {"env": '{"TOKEN": "${{ secrets.TOKEN }}"}'}),
        ({"env": {"TOKEN": "${{ 'hunter22222' }}"}}, "env", {"env": '{"TOKEN": "[removed: telling_name]"}'}),
        ({"grant": [{"uri": ["everybody"]}]}, "grant/*/uri", {"grant": '{"uri": "everybody"}'}),
        ({}, "grant/*/uri", {}),
        ({"statement": [{"actions": [["*"]]}]}, "", {"statement": '{"actions": "*"}'}),
        ({"policy": ['{"Statement": [{"Action": "*"}]}']}, "policy/Statement/[0]/Action",
         {"policy.Statement": '{"Action": "*"}'}),
    ],
)  # fmt: skip
def test_an_unknown_value_is_not_reported_as_absent(
    attributes: dict[str, Any], key: str, shown: dict[str, str]
) -> None:
    assert decided(attributes, [key] if key else []) == shown


HARMLESS = st.fixed_dictionaries(
    {
        "Sid": st.text("abc", max_size=20),
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.just({"AWS": "arn:aws:iam::111122223333:role/reader"}),
        "Action": st.lists(st.sampled_from(["s3:GetObject", "s3:ListBucket", "logs:PutLogEvents"]), min_size=1),
        "Resource": st.lists(st.sampled_from(["arn:aws:s3:::a", "arn:aws:s3:::b"]), min_size=1),
    }
)
OPEN = st.sampled_from(
    [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a"},
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Decrypt"]},
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["s3:GetObject", "ec2:*"], "Resource": ["*"]},
        {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "arn:aws:s3:::a"},
    ]
)
WRITTEN = st.sampled_from(
    [lambda document: document, lambda document: [document], lambda document: [json.dumps(document)]]
)


@given(st.lists(HARMLESS, max_size=30), st.lists(HARMLESS, max_size=30), OPEN, WRITTEN)
def test_the_open_statement_of_a_document_is_shown_at_any_position(
    before: list[Any], after: list[Any], wide: dict[str, Any], written: Callable[[Any], Any]
) -> None:
    document = {"Version": "2012-10-17", "Statement": [*before, wide, *after]}
    shown = decided({"policy": written(document)}, ["policy"])
    name = f"policy.Statement[{len(before)}]" if before or after else "policy.Statement"
    assert set(shown) == {name}
    assert all(f'"{member}"' in shown[name] for member in wide)


@given(
    st.lists(st.integers(0, 255), max_size=200),
    st.integers(0, 199),
    st.sampled_from(["0.0.0.0/0", "::/0", "0.0.0.0/1"]),
)
def test_the_open_item_of_a_list_is_shown_at_any_position(hosts: list[int], at: int, wide: str) -> None:
    addresses = [f"10.0.0.{host}/32" for host in hosts]
    addresses.insert(min(at, len(addresses)), wide)
    blocks = [{"cidr_blocks": [[address]], "from_port": [22], "description": ["x" * 50]} for address in addresses]
    shown = decided({"cidr_blocks": [addresses], "ingress": blocks}, ["cidr_blocks", "ingress"])
    assert all(f'"{wide}"' in text and len(text) <= 300 for text in shown.values())


LEAVES = st.one_of(st.booleans(), st.integers(), st.text("abc*/:. ", max_size=200))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner))


@given(VALUES, st.integers(0, 400), st.sampled_from(["note", "list", "map", "password", "pair"]))
def test_a_value_is_short_and_shows_no_part_of_a_secret(beside: Any, length: int, where: str) -> None:
    value = {
        "note": ["x" * length + f" {ACCESS_KEY}"],
        "list": [[["x" * length, beside, [f"--key={ACCESS_KEY}"]]]],
        "map": [{"beside": [beside], "deeper": {"AWS": [f"{'y' * length} {ACCESS_KEY}"]}}],
        "password": [{"x": beside, "db_password": [ACCESS_KEY]}],
        "pair": [{"name": "DB_PASSWORD", "value": ACCESS_KEY, "beside": beside}, beside],
    }[where]
    ((_, text),) = decided({"value": value}, ["value"]).items()
    assert len(text) <= 320
    assert ACCESS_KEY[:8] not in text


VARIABLES = """
variable "open_to" { default = ["0.0.0.0/0"] }
variable "ports" { default = [22] }
variable "office" { default = ["10.1.0.0/16"] }
locals { all = "0.0.0.0/0" }
"""
GROUP = 'resource "aws_security_group" "g%d" {\n  vpc_id = "v"\n  %s\n}\n'
BLOCK = 'ingress {\n from_port = %s\n to_port = 22\n protocol = "tcp"\n cidr_blocks = %s\n}\n'
DYNAMIC = 'dynamic "ingress" {\n for_each = %s\n content {\n' + BLOCK.removeprefix("ingress {\n") + "}\n"
OBJECT = '{ from_port = %s, to_port = 22, protocol = "tcp", cidr_blocks = %s }'
OTHER = BLOCK % (443, '["10.0.0.0/8"]')
RULES_OF = [  # the rules of a group, where the origin of its port is, and that of its range
    (BLOCK % (22, "var.open_to"), "", "var.open_to"),
    (BLOCK % (22, "[local.all]"), "", "local.all"),
    (BLOCK % ("var.ports[0]", '["0.0.0.0/0"]'), "var.ports", ""),
    (BLOCK % (22, 'concat(["0.0.0.0/0"], var.office)'), "", ""),
    (BLOCK % (22, 'concat(["10.0.0.0/8"], var.open_to)'), "", "var.open_to"),
    (BLOCK % (22, "concat(var.office, var.open_to)"), "", "var.open_to"),
    (BLOCK % (22, '["0.0.0.0/0", var.office[0]]'), "", ""),
    (OTHER + BLOCK % (22, "var.open_to"), "", "var.open_to"),
    (DYNAMIC % ("[1]", 22, "var.open_to"), "", "var.open_to"),
    (DYNAMIC % ("var.open_to", 22, "[ingress.value]"), "", "var.open_to"),
    (DYNAMIC % ("var.ports", "ingress.value", "[local.all]"), "var.ports", "local.all"),
    (DYNAMIC % ("[{ port = 22, to = var.open_to }]", "ingress.value.port", "ingress.value.to"), "", "var.open_to"),
    (f"ingress = [{OBJECT % (22, 'var.open_to')}]", "", "var.open_to"),
    (
        f"ingress = [merge({OBJECT % ('var.ports[0]', 'var.office')}, {{ cidr_blocks = var.open_to }})]",
        "var.ports",
        "var.open_to",
    ),
    (f"ingress = [merge({OBJECT % (22, 'var.office')}, {{ cidr_blocks = [local.all] }})]", "", "local.all"),
]


def test_the_origin_of_a_nested_value_is_found_and_a_literal_has_none(scan_files: Scanner) -> None:
    groups = "".join(GROUP % (number, rules) for number, (rules, _, _) in enumerate(RULES_OF))
    found = scan_files({"infra/main.tf": VARIABLES + groups}, checks=frozenset({"CKV_AWS_24"}))
    for number, (rules, port, cidrs) in enumerate(RULES_OF):
        record = found.record("infra", f"aws_security_group.g{number}", "CKV_AWS_24")
        assert record["result"] == "FAILED"
        origins = {name.rpartition(".")[2]: of for name, of in record.get("origins", {}).items()}
        assert {"from_port": origins.get("from_port", ""), "cidr_blocks": origins.get("cidr_blocks", "")} == {
            "from_port": port,
            "cidr_blocks": cidrs,
        }, (rules, record["values"], record.get("origins"))


# What gives a member of an object, where it is taken, and the origin of it.
MEMBERS = {
    "object": ("{ kept = var.other, encrypted = var.on }", "var.given.encrypted", "var.given ← module.m ← var.on"),
    "index": ("{ kept = var.other, encrypted = var.on }", 'var.given["encrypted"]', "var.given ← module.m ← var.on"),
    "local": ("local.both", "var.given.encrypted", "var.given ← module.m ← local.both ← var.on"),
    "inside": (
        "{ kept = { encrypted = var.on }, more = var.other }",
        "var.given.kept.encrypted",
        "var.given ← module.m ← var.on",
    ),
    "merged": (
        "merge({ kept = var.other }, { encrypted = var.on })",
        "var.given.encrypted",
        "var.given ← module.m ← var.on",
    ),
    "chosen": (
        "var.other ? { encrypted = var.on } : { encrypted = var.on }",
        "var.given.encrypted",
        "var.given ← module.m",
    ),
    "literal": ("{ kept = var.other, encrypted = false }", "var.given.encrypted", "var.given ← module.m"),
}


def test_the_origin_of_a_member_is_that_of_no_other_member(scan_files: Scanner) -> None:
    files = {}
    for name, (value, taken, _) in MEMBERS.items():
        files[f"infra/{name}/main.tf"] = 'variable "given" {}\n' + volume("v", taken)
        files[f"infra/{name}.tf"] = f'module "{name}" {{\n  source = "./{name}"\n  given = {value}\n}}\n'
    files["infra/main.tf"] = (
        'variable "on" { default = false }\nvariable "other" { default = true }\n'
        "locals {\n  both = { kept = var.other, encrypted = var.on }\n}\n"
    )
    found = scan_files(files)
    for name, (_, _, origin) in MEMBERS.items():
        record = found.record("infra", f"module.{name}.aws_ebs_volume.v", "CKV_AWS_3")
        assert record["result"] == "FAILED", name
        assert record["origins"]["encrypted"] == origin.replace("module.m", f"module.{name}"), name


def test_a_failure_lists_the_module_calls_that_lead_to_it(scan_files: Scanner) -> None:
    inner = 'variable "encrypted" {}\n' + volume("v", "var.encrypted")
    outer = 'variable "on" {}\n\nmodule "inner" {\n  source    = "./inner"\n  encrypted = var.on\n}\n'
    found = scan_files(
        {
            "infra/main.tf": 'module "outer" {\n  source = "./outer"\n  on     = false\n}\n' + volume("plain"),
            "infra/outer/main.tf": outer,
            "infra/outer/inner/main.tf": inner,
        }
    )
    record = found.record("infra", "module.outer.module.inner.aws_ebs_volume.v", "CKV_AWS_3")
    assert record["called_from"] == [
        ["module.outer", "infra/main.tf", 1],
        ["module.inner", "infra/outer/main.tf", 3],
    ]
    assert record["values"] == {"encrypted": "false"}
    assert record["origins"]["encrypted"].startswith("var.encrypted")
    assert "called_from" not in found.record("infra", "aws_ebs_volume.plain", "CKV_AWS_3")


def test_a_pass_shows_the_values_read_and_no_secret(scan_files: Scanner) -> None:
    function = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = { LEVEL = "info" }
  }
}
"""
    log = 'resource "aws_flow_log" "l" {\n  vpc_id = aws_vpc.logged.id\n}\nresource "aws_vpc" "logged" {}\n'
    checks = frozenset({"CKV_AWS_3", "CKV_AWS_45", "CKV2_AWS_11"})
    found = scan_files({"infra/main.tf": volume("v", encrypted="true") + function + log}, checks=checks)
    shown = {line["check"]: line.get("values") for line in found.of("record", "infra") if line["result"] == "PASSED"}
    assert shown["CKV_AWS_3"] == {"encrypted": "true"}
    assert shown["CKV_AWS_45"] == {"block": "[searched: no secret]"}
    assert not shown["CKV2_AWS_11"], "a block beside is not called absent"


BESIDE = """
resource "aws_vpc" "silent" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_s3_bucket" "bare" {
  bucket = "bare"
}

resource "aws_s3_bucket" "suspended" {
  bucket = "suspended"
}

resource "aws_s3_bucket_versioning" "suspended" {
  bucket = aws_s3_bucket.suspended.id

  versioning_configuration {
    status = "Suspended"
  }
}
"""


def test_a_missing_companion_block_is_shown_as_not_set(scan_files: Scanner) -> None:
    checks = frozenset({"CKV2_AWS_11", "CKV_AWS_21"})
    found = scan_files({"infra/main.tf": BESIDE}, checks=checks)
    shown = {line["address"]: line["values"] for line in found.of("record", "infra") if line["result"] == "FAILED"}
    assert shown == {
        "aws_vpc.silent": {"aws_flow_log": ""},
        "aws_s3_bucket.bare": {"aws_s3_bucket_versioning": ""},
        "aws_s3_bucket.suspended": {"aws_s3_bucket_versioning.versioning_configuration.status": '"Suspended"'},
    }


def test_a_failure_of_an_engine_or_a_copy_shows_the_argument_and_its_line(scan_files: Scanner) -> None:
    checks = ("CKV2_PREUVE_RDS_ENGINE", "CKV2_PREUVE_S3_REPLICATION_REGION")
    rules = tuple(rendered(bundled().code_rules[name], {"allowed_regions": ["eu-west-3"]}) for name in checks)
    examples = content_root() / "scanners/iac/examples/s3-replication-region"
    engine = 'resource "aws_db_instance" "d" {\n  engine = "mysql"\n  engine_version = "5.7"\n}\n'
    files = {"infra/a.tf": (examples / "fail.tf").read_text(), "infra/b.tf": engine}
    found = scan_files(files, checks=frozenset(checks), rules=rules)
    database = found.record("infra", "aws_db_instance.d", checks[0])
    assert (database["result"], database["values"]["engine_version"], database["decided_at"]) == (
        "FAILED",
        '"5.7"',
        [3, 3],
    )
    copy = found.record("infra", "aws_s3_bucket_replication_configuration.invoices", checks[1])
    assert (copy["result"], copy["values"]["rule.destination.bucket"], copy["decided_at"]) == (
        "FAILED",
        "aws_s3_bucket.copy.arn",
        [26, 26],
    )
    assert copy["values"]["aws_s3_bucket.region_of_provider"] == '"us-east-1"'


@pytest.mark.parametrize("bad", [{0}, {1}, {0, 1}])
@pytest.mark.parametrize("rules", [2, 3])
def test_of_several_blocks_that_name_another_the_failing_one_is_shown(
    scan_files: Scanner, bad: set[int], rules: int
) -> None:
    check = "CKV2_PREUVE_S3_REPLICATION_REGION"
    names = ["far" if at in bad else "near" for at in range(rules)]
    written = (
        '  rule {\n    status = "Enabled"\n    destination {\n'
        f"      bucket = aws_s3_bucket.{name}.arn\n    }}\n  }}\n"
        for name in names
    )
    code = (
        'resource "aws_s3_bucket" "near" {\n  region = "eu-west-3"\n}\n'
        'resource "aws_s3_bucket" "far" {\n  region = "us-east-1"\n}\n'
        f'resource "aws_s3_bucket_replication_configuration" "r" {{\n{"".join(written)}}}\n'
    )
    rule = rendered(bundled().code_rules[check], {"allowed_regions": ["eu-west-3"]})
    found = scan_files({"infra/main.tf": code}, checks=frozenset({check}), rules=(rule,))
    record = found.record("infra", "aws_s3_bucket_replication_configuration.r", check)
    assert record["result"] == "FAILED"
    shown = {name: value for name, value in record["values"].items() if name.startswith("rule")}
    assert shown == {f"rule[{at}].destination.bucket": "aws_s3_bucket.far.arn" for at in bad}


@pytest.mark.parametrize("bad", [{0}, {1}, {2}, {0, 2}, {1, 2}, {0, 1, 2}])
def test_each_part_that_fails_alike_is_shown(scan_files: Scanner, bad: set[int]) -> None:
    behaviours = ("default_cache_behavior", "ordered_cache_behavior", "ordered_cache_behavior")
    policies = ["allow-all" if at in bad else "https-only" for at in range(3)]
    parts = (
        f'  {name} {{\n    path_pattern = "/{at}"\n    viewer_protocol_policy = "{policy}"\n  }}\n'
        for at, (name, policy) in enumerate(zip(behaviours, policies, strict=True))
    )
    code = f'resource "aws_cloudfront_distribution" "d" {{\n{"".join(parts)}}}\n'
    found = scan_files({"infra/main.tf": code}, checks=frozenset({"CKV_AWS_34"}))
    record = found.record("infra", "aws_cloudfront_distribution.d", "CKV_AWS_34")
    names = ["default_cache_behavior", "ordered_cache_behavior[0]", "ordered_cache_behavior[1]"]
    assert {name for name, value in record["values"].items() if value == '"allow-all"'} == {
        f"{names[at]}.viewer_protocol_policy" for at in bad
    }
