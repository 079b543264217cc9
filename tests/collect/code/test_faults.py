"""If Checkov is wrong or silent, preuve is right or gives the cause of a missing verdict: never a pass on unseen code.

Files that do not parse, modules of a registry, roots that share a module, files, overrides and other kinds of file are
in `test_terraform.py`, the seed of the hash in `test_worker.py`.
"""

from __future__ import annotations

import pytest

from collect.code.conftest import CHECKS, Scan, Scanner, volume

PORT = '  type = "ingress"\n  protocol = "tcp"\n  cidr_blocks = ["0.0.0.0/0"]\n  security_group_id = "sg-1"\n'


def rule(name: str, port: str, more: str = "") -> str:
    lines = f"  from_port = {port}\n  to_port = {port}\n{more}"
    return f'resource "aws_security_group_rule" "{name}" {{\n{PORT}{lines}}}\n'


def opened(name: str, each: str, port: str, ranges: str) -> str:
    content = f'from_port = {port}\nto_port = {port}\nprotocol = "tcp"\ncidr_blocks = {ranges}'
    return (
        f'resource "aws_security_group" "{name}" {{\n  dynamic "ingress" {{\n    for_each = {each}\n'
        f"    content {{\n{content}\n    }}\n  }}\n}}\n"
    )


EVERYWHERE = '["0.0.0.0/0"]'
OPTIONAL = 'variable "disk" {{\n  type = object({{ encrypted = optional(bool, {value}) }})\n  {default}\n}}\n'
SKIP = "  # checkov:skip={check}: mine\n"
DISK = 'resource "aws_ebs_volume" "this" {{\n{skip}  encrypted = false\n}}\n'
GROUP = 'resource "aws_security_group" "this" {{\n{skip}  name = "x"\n}}\n'

FILES = {
    "unresolved/main.tf": 'variable "x" {}\n' + volume(encrypted="var.x"),
    "loops/main.tf": opened("ports", "[22, 443]", "ingress.value", EVERYWHERE)
    + opened("ranges", '[{ cidr = "0.0.0.0/0" }]', "22", "[ingress.value.cidr]")
    + opened("perhaps", "var.nowhere", "22", EVERYWHERE)
    + rule("each", "each.value", '  for_each = toset(["22", "443"])\n')
    + rule("indexed", "[22, 443][count.index]", "  count = 2\n")
    + rule("picked", "element([22, 443], 0)")
    + rule("tried", "try(local.nowhere, 443)"),
    "objects/main.tf": 'locals {\n  all = { for name in ["a"] : name => { encrypted = true } }\n}\n'
    + volume("by_for", "local.all.a.encrypted")
    + OPTIONAL.format(value="true", default="default = {}")
    + volume("by_default", "var.disk.encrypted")
    + 'module "m" {\n  source = "./m"\n  disk = {}\n}\n',
    "objects/m/main.tf": OPTIONAL.format(value="false", default="") + volume("this", "var.disk.encrypted"),
    "each/main.tf": 'locals {\n  all = { for name in ["a"] : name => true }\n}\n'
    + 'resource "aws_ebs_volume" "it" {\n  for_each = local.all\n  encrypted = each.value\n}\n',
    "skips/main.tf": 'module "a" {\n  source = "./a"\n}\nmodule "b" {\n  source = "./b"\n}\n',
    "skips/a/main.tf": DISK.format(skip=SKIP.format(check="CKV_AWS_3"))
    + GROUP.format(skip=SKIP.format(check="CKV2_AWS_5")),
    "skips/b/main.tf": DISK.format(skip="") + GROUP.format(skip=""),
    "backup/main.tf": volume() + 'resource "aws_efs_file_system" "it" {}\n',
    "selected/main.tf": volume("in")
    + volume("out")
    + 'resource "aws_backup_selection" "it" {\n  iam_role_arn = "x"\n  name = "x"\n  plan_id = "x"\n'
    "  resources = [aws_ebs_volume.in.arn]\n}\n",
    "breaks/main.tf": 'resource "aws_eks_cluster" "x" {\n  vpc_config = 3\n}\n',
}


@pytest.fixture(scope="module")
def faults(scan_files: Scanner) -> Scan:
    return scan_files(dict(FILES), root=".", checks=CHECKS | {"CKV_AWS_38", "CKV2_AWS_9", "CKV2_AWS_18"})


@pytest.mark.parametrize(
    ("root", "address", "check", "result", "detail"),
    [
        ("unresolved", "aws_ebs_volume.plain", "CKV_AWS_3", "UNKNOWN", "unresolved: var.x"),
        ("loops", "aws_security_group.ports", "CKV_AWS_24", "FAILED", ""),
        ("loops", "aws_security_group.ranges", "CKV_AWS_24", "FAILED", ""),
        ("loops", "aws_security_group.perhaps", "CKV_AWS_24", "UNKNOWN", "dynamic block: ingress"),
        ("loops", 'aws_security_group_rule.each["22"]', "CKV_AWS_24", "FAILED", ""),
        ("loops", 'aws_security_group_rule.each["443"]', "CKV_AWS_24", "PASSED", ""),
        ("loops", "aws_security_group_rule.indexed[0]", "CKV_AWS_24", "FAILED", ""),
        ("loops", "aws_security_group_rule.indexed[1]", "CKV_AWS_24", "PASSED", ""),
        ("loops", "aws_security_group_rule.picked", "CKV_AWS_24", "FAILED", ""),
        ("loops", "aws_security_group_rule.tried", "CKV_AWS_24", "UNKNOWN", "unresolved: local.nowhere"),
        ("objects", "aws_ebs_volume.by_for", "CKV_AWS_3", "PASSED", ""),
        ("objects", "aws_ebs_volume.by_default", "CKV_AWS_3", "PASSED", ""),
        ("objects", "module.m.aws_ebs_volume.this", "CKV_AWS_3", "FAILED", ""),
        ("backup", "aws_ebs_volume.plain", "CKV2_AWS_9", "UNKNOWN", "not connected to any aws_backup_selection"),
        ("backup", "aws_efs_file_system.it", "CKV2_AWS_18", "UNKNOWN", "not connected to any aws_backup_selection"),
        ("selected", "aws_ebs_volume.in", "CKV2_AWS_9", "PASSED", ""),
        ("selected", "aws_ebs_volume.out", "CKV2_AWS_9", "FAILED", ""),
        ("each", 'aws_ebs_volume.it["a"]', "CKV_AWS_3", "PASSED", ""),
    ],
)
def test_a_value_that_checkov_does_not_see_does_not_pass(
    faults: Scan, root: str, address: str, check: str, result: str, detail: str
) -> None:
    record = faults.record(root, address, check)
    assert record["result"] == result
    assert record["detail"].startswith(detail)


@pytest.mark.parametrize(("block", "check"), [("aws_ebs_volume", "CKV_AWS_3"), ("aws_security_group", "CKV2_AWS_5")])
def test_a_skip_comment_in_one_module_does_not_affect_another(faults: Scan, block: str, check: str) -> None:
    skipped, other = (faults.record("skips", f"module.{name}.{block}.this", check) for name in "ab")
    assert (skipped["result"], skipped["suppressed"]) == ("FAILED", "mine")
    assert (other["result"], other.get("suppressed")) == ("FAILED", None)


def test_an_exception_inside_a_check_is_reported(faults: Scan) -> None:
    record = faults.record("breaks", "aws_eks_cluster.x", "CKV_AWS_38")
    assert record["result"] == "UNKNOWN"
    assert record["detail"] == "the check failed: TypeError"


def test_every_root_is_scanned(faults: Scan) -> None:
    assert {line["root"] for line in faults.lines if line["kind"] == "root"} == {
        "unresolved",
        "loops",
        "objects",
        "each",
        "skips",
        "backup",
        "selected",
        "breaks",
    }
