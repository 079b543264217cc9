"""Terraform and OpenTofu read different files of one folder: what either of them would make is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collect.code.conftest import Scan, Scanner, volume
from preuve.collect.code.files.tools import OPENTOFU, TERRAFORM, read_by, tools_for

ON = 'variable "on" {\n  type = bool\n}\n'
READ, WRITE = (f'locals {{\n  action = "s3:{action}"\n}}\n' for action in ("GetObject", "PutObject"))
JSON = """{
  "resource": {
    "aws_ebs_volume": {
      "written": {"availability_zone": "eu-west-3a", "encrypted": "${false}"}
    }
  }
}
"""
LOOPS = {"text": '{"a": 1}', "object": '{"a": {"x": 1}}', "expression": '"${{a = 1}}"'}
OVER = '{"resource": {"aws_ebs_volume": {"plain": {"for_each": %s}}}}'
POLICY = """
resource "aws_iam_policy" "this" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = local.action, Resource = "*" }] })
}
"""
INSTALLED = {"Source": "registry.opentofu.org/acme/disk/aws", "Version": "1.0.0", "Dir": ".terraform/modules/disk"}


@pytest.fixture(scope="module")
def made(scan_files: Scanner) -> Scan:
    """Small roots, one for each of the tests that use them, in one scan."""
    files: dict[str, str | bytes] = {
        "only/main.tofu": "# first line\n" + ON + volume(encrypted="var.on") + 'module "m" {\n  source = "./m"\n}\n',
        "only/terraform.tfvars": "on = false\n",
        "only/m/main.tofu": volume("inside"),
        "pair/main.tf": volume("old"),
        "pair/main.tofu": volume("new", "true"),
        "loosened/main.tf": volume(encrypted="true"),
        "loosened/main_override.tofu": volume(encrypted="false"),
        "tightened/main.tf": volume(encrypted="false"),
        "tightened/main_override.tofu": volume(encrypted="true"),
        "one_tool/main.tofu": volume(encrypted="false"),
        "one_tool/main_override.tofu": volume(encrypted="true"),
        "below/main.tf": 'module "m" {\n  source = "./m"\n}\n',
        "below/m/main.tf": volume(encrypted="true"),
        "below/m/override.tofu": volume(encrypted="false"),
        "policy/main.tf": POLICY,
        "policy/action.tf": WRITE,
        "policy/action.tofu": READ,
        "installed/main.tf": 'module "disk" {\n  source = "acme/disk/aws"\n}\n',
        "installed/.terraform/modules/modules.json": json.dumps({"Modules": [INSTALLED]}),
        "installed/.terraform/modules/disk/main.tofu": volume("this"),
        "called/main.tf": 'module "disk" {\n  source = "./nowhere"\n}\n',
        "called/override.tf": 'module "disk" {\n  source = "../pair"\n}\n',
        **{f"loop_{kind}/main.tf": volume().replace("availability", "for_each = {}\n  availability") for kind in LOOPS},
        **{f"loop_{kind}/x_override.tf.json": OVER % each for kind, each in LOOPS.items()},
        "input/main.tf": 'resource "terraform_data" "on" {\n  input = {on = true}\n}\n'
        + volume(encrypted="terraform_data.on.output.on"),
        "input/x_override.tf.json": '{"resource": {"terraform_data": {"on": {"input": {"on": false}}}}}',
        "json/main.tf": volume(encrypted="true"),
        "json/more.tf.json": JSON,
    }
    return scan_files(files, root=".")


def judged(scan: Scan, root: str) -> dict[str, str]:
    lines = [line for line in scan.of("record", root) if line["check"] == "CKV_AWS_3"]
    return {f"{line['file']}:{line['line']}": line["result"] for line in lines}


def test_opentofu_files_alone_are_read_like_terraform(made: Scan) -> None:
    assert judged(made, "only") == {"only/main.tofu:5": "FAILED", "only/m/main.tofu:1": "FAILED"}
    assert made.of("root", "only")[0] == {
        "kind": "root",
        "root": "only",
        "framework": "terraform",
        "files": 2,
        "resources": 2,
        "types": {"aws_ebs_volume": 2},
    }
    assert made.gaps("only") == []


def test_both_of_two_alternative_files_are_judged(made: Scan) -> None:
    assert judged(made, "called") == {"pair/main.tf:1": "FAILED", "pair/main.tofu:1": "PASSED"}


@pytest.mark.parametrize("root", ["loosened", "tightened"])
def test_a_block_overridden_only_in_opentofu_has_the_worse_result(made: Scan, root: str) -> None:
    assert judged(made, root) == {f"{root}/main.tf:1": "FAILED"}
    assert made.of("root", root)[0]["resources"] == 1


def test_without_terraform_files_only_opentofu_counts(made: Scan) -> None:
    assert judged(made, "one_tool") == {"one_tool/main.tofu:1": "PASSED"}


def test_a_module_may_differ_between_the_tools(made: Scan) -> None:
    assert judged(made, "below") == {"below/m/main.tf:1": "FAILED"}


def test_a_policy_evaluated_for_one_tool_is_not_used_for_the_other(made: Scan) -> None:
    assert made.record("policy", "aws_iam_policy.this", "CKV_AWS_290")["result"] == "FAILED"


def test_a_module_that_tofu_init_installed_is_scanned(made: Scan) -> None:
    assert judged(made, "installed") == {"installed/.terraform/modules/disk/main.tofu:1": "FAILED"}
    assert made.gaps("installed") == []


def test_an_overridden_call_is_followed_to_its_new_source(made: Scan) -> None:
    assert made.gaps("called") == []


def test_json_code_is_judged_like_any_other(made: Scan) -> None:
    assert judged(made, "json") == {"json/main.tf:1": "PASSED", "json/more.tf.json:4": "FAILED"}
    assert made.gaps("json") == []


@pytest.mark.parametrize("root", [*(f"loop_{kind}" for kind in LOOPS), "input"])
def test_an_object_in_an_override_file_in_json_replaces_the_argument_of_its_name(made: Scan, root: str) -> None:
    assert list(judged(made, root).values()) == ["FAILED"]
    assert made.gaps(root) == []


def test_each_tool_reads_its_own_files() -> None:
    files = [Path("w") / name for name in ("a.tf", "a.tofu", "b.tf", "c.tofu")]
    assert [file.name for file in read_by(TERRAFORM, files)] == ["a.tf", "b.tf"]
    assert [file.name for file in read_by(OPENTOFU, files)] == ["a.tofu", "b.tf", "c.tofu"]
    assert tools_for(files[:1], files[:1]) == (TERRAFORM,)
    assert tools_for(files[1:2], files) == (OPENTOFU,)
    assert tools_for(files[:1], files) == (OPENTOFU, TERRAFORM)
