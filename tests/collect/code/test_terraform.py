"""Results of a scan of Terraform: verdicts, places, roots, modules, gaps."""

from __future__ import annotations

import json
import re

import pytest

from collect.code.conftest import Scan, Scanner, volume
from preuve.model.snapshot import OUTSIDE

ON = 'variable "on" {\n  type = bool\n}\n'
INSTALLED = {
    "Key": "disk",
    "Source": "registry.terraform.io/acme/disk/aws",
    "Version": "1.0.0",
    "Dir": ".terraform/modules/disk",
}
POLICY = """
variable "action" {}
resource "aws_iam_policy" "this" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.action, Resource = "*" }]
  })
}
"""
CALL = 'module "{name}" {{\n  source = "./policy"\n  action = "{action}"\n}}\n'
LOOP = """
resource "aws_ebs_volume" "each" {
  for_each          = { a = true, b = false }
  availability_zone = "eu-west-3a"
  encrypted         = each.value
}
"""
SKIPPED = """
resource "aws_security_group" "unused" {
  # checkov:skip=CKV2_AWS_5: soon
  name = "unused"
}
resource "aws_ebs_volume" "bare" {
  # checkov:skip=CKV_AWS_3: \n  encrypted = false
}
"""


@pytest.fixture(scope="module")
def made(scan_files: Scanner) -> Scan:
    """Small roots, one for each of the tests that use them, in one scan."""
    files: dict[str, str | bytes] = {
        "values/main.tf": ON + volume(encrypted="var.on"),
        "values/terraform.tfvars": "on = true\n",
        "environment/main.tf": ON + volume(encrypted="var.on"),
        "loop/main.tf": LOOP,
        "skipped/main.tf": SKIPPED,
        "twice/main.tf": CALL.format(name="a_reader", action="s3:GetObject")
        + CALL.format(name="b_writer", action="s3:PutObject"),
        "twice/policy/main.tf": POLICY,
        "installed/main.tf": 'module "disk" {\n  source  = "acme/disk/aws"\n  version = "~> 1.0"\n}\n',
        "installed/.terraform/modules/modules.json": json.dumps({"Modules": [INSTALLED]}),
        "installed/.terraform/modules/disk/main.tf": volume("this"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_VAR_on", "true")
        return scan_files(files, root=".")


def test_a_record_names_the_block_its_file_and_its_lines(fixtures: Scan) -> None:
    record = fixtures.record("shop/prod", "aws_ebs_volume.plain", "CKV_AWS_3")
    assert all(re.fullmatch("[a-z]+-[0-9a-f]{10}", one) for one in record.pop("grounds"))
    assert record == {
        "kind": "record",
        "root": "shop/prod",
        "address": "aws_ebs_volume.plain",
        "type": "aws_ebs_volume",
        "file": "shop/prod/main.tf",
        "line": 31,
        "end_line": 35,
        "check": "CKV_AWS_3",
        "result": "FAILED",
        "keys": ["encrypted"],
        "detail": "",
        "tags": {OUTSIDE: None},
        "values": {"encrypted": "false"},
        "decided_at": [34, 34],
    }
    assert fixtures.record("shop/prod", "aws_ebs_volume.encrypted", "CKV_AWS_3")["result"] == "PASSED"


def test_a_local_module_is_judged_for_each_call_with_its_values(fixtures: Scan) -> None:
    results = {
        (root, name): fixtures.record(root, f"module.{name}.aws_ebs_volume.this", "CKV_AWS_3")["result"]
        for root, name in [("shop/prod", "data"), ("shop/prod", "scratch"), ("shop/staging", "data")]
    }
    assert results == {
        ("shop/prod", "data"): "PASSED",
        ("shop/prod", "scratch"): "FAILED",
        ("shop/staging", "data"): "FAILED",
    }
    place = fixtures.record("shop/prod", "module.data.aws_ebs_volume.this", "CKV_AWS_3")
    assert (place["file"], place["line"], place["end_line"]) == ("shop/modules/volume/main.tf", 3, 7)


def test_a_called_module_is_no_root(fixtures: Scan) -> None:
    roots = {line["root"] for line in fixtures.lines if line["kind"] == "root"}
    assert {"shop/prod", "shop/staging"} <= roots
    assert not roots & {"shop", "shop/modules/volume"}


_OF_MODULES = (
    'provider "aws" {}',
    'provider "aws" {\n  alias = "given"\n}',
    'provider "aws" {\n  version = "~> 5.0"\n}',
)


_APPLIED = {
    "live/state.tf": ('terraform {\n  backend "s3" {}\n}', "terraform {\n  cloud {}\n}"),
    "live/terraform.tfvars": ('ranges = ["0.0.0.0/0"]',),
    "live/prod.auto.tfvars.json": ('{"ranges": ["0.0.0.0/0"]}',),
    "live/imported.tf": ('import {\n  to = aws_s3_bucket.b\n  id = "b"\n}',),
    "live/terraform.tfstate": ("{}",),
    "live/provider.tf": ('provider "aws" {\n  region = "eu-west-3"\n}',),
    "live/.terraform.lock.hcl": ("",),
}


@pytest.mark.parametrize("given", ["{}", '{ default = ["0.0.0.0/0"] }'])
@pytest.mark.parametrize(
    ("file", "text"),
    [
        *((file, text) for file, texts in _APPLIED.items() for text in texts),
        *(("live/provider.tf", text) for text in _OF_MODULES),
    ],
)
def test_a_folder_applied_by_itself_is_a_root_even_if_another_calls_it(
    scan_files: Scanner, file: str, text: str, given: str
) -> None:
    """Whether all its variables have a default or not: live code is given them by its environment."""
    code = {
        "infra/live/main.tf": f'variable "ranges" {given}',
        "infra/try/main.tf": 'module "live" {\n  source = "../live"\n}',
    }
    lines = scan_files({**code, f"infra/{file}": text}).lines
    found = {line["root"] for line in lines if line["kind"] == "root" and line["files"]}
    assert found == ({"infra/try"} if text in _OF_MODULES else {"infra/live", "infra/try"})


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("count = 0", False),
        ('count = "0"', False),
        ("count = 2 - 2", False),
        ("for_each = {}", False),
        ("for_each = toset([])", False),
        ("lifecycle {\n    enabled = false\n  }", False),
        ("count = 1", True),
        ("count = var.on ? 1 : 0", True),
        ('for_each = toset(["a"])', True),
        # What is not known counts as a call.
        ('for_each = jsondecode(file("users.json"))', True),
        ('for_each = fileset(".", "*.yaml")', True),
        ('count = fileexists("x") ? 1 : 0', False),
        ('count = length(templatefile("x", {}))', True),
        ('count = length(filebase64("x"))', True),
        ("count = try(var.on, 0)", True),
        (f"count = length({'[for i in range(128): ' * 2}i{']' * 2}) - 128", False),
    ],
)
def test_a_folder_that_is_called_only_to_make_nothing_is_a_root(scan_files: Scanner, written: str, made: bool) -> None:
    code = {
        "infra/live/main.tf": volume(),
        "infra/try/main.tf": f'module "live" {{\n  source = "../live"\n  {written}\n}}',
    }
    found = {line["root"] for line in scan_files(code).lines if line["kind"] == "root"}
    assert found == ({"infra/try"} if made else {"infra/live", "infra/try"})


def test_the_root_line_counts_files_and_resources(fixtures: Scan) -> None:
    assert fixtures.of("root", "shop/staging") == [
        {
            "kind": "root",
            "root": "shop/staging",
            "framework": "terraform",
            "files": 2,
            "resources": 1,
            "types": {"aws_ebs_volume": 1},
        }
    ]


@pytest.mark.parametrize(
    ("address", "check", "reference"),
    [
        ("aws_ebs_volume.by_variable", "CKV_AWS_3", "var.encrypt"),
        ("aws_security_group.by_variable", "CKV_AWS_24", "var.admin_ranges"),
    ],
)
def test_an_unresolved_variable_is_unknown_and_named(fixtures: Scan, address: str, check: str, reference: str) -> None:
    record = fixtures.record("shop/prod", address, check)
    assert (record["result"], record["detail"]) == ("UNKNOWN", f"unresolved: {reference}")


def test_a_resource_with_count_zero_has_no_record(fixtures: Scan) -> None:
    assert not [line for line in fixtures.of("record", "shop/prod") if line["address"] == "aws_ebs_volume.none"]


def test_a_skip_comment_does_not_hide_the_true_result(fixtures: Scan) -> None:
    record = fixtures.record("shop/prod", "aws_ebs_volume.skipped", "CKV_AWS_3")
    assert (record["result"], record["suppressed"]) == ("FAILED", "a scratch disk")
    assert "suppressed" not in fixtures.record("shop/prod", "aws_ebs_volume.plain", "CKV_AWS_3")


def test_a_skip_comment_for_a_graph_check_does_not_hide_the_true_result(made: Scan) -> None:
    record = made.record("skipped", "aws_security_group.unused", "CKV2_AWS_5")
    assert (record["result"], record["suppressed"]) == ("FAILED", "soon")


def test_a_skip_comment_with_a_blank_reason_counts(made: Scan) -> None:
    record = made.record("skipped", "aws_ebs_volume.bare", "CKV_AWS_3")
    assert (record["result"], record["suppressed"]) == ("FAILED", "skipped")


@pytest.mark.parametrize("name", ["ports", "ranges"])
def test_an_open_port_in_a_dynamic_block_is_a_failure(fixtures: Scan, name: str) -> None:
    record = fixtures.record("blind", f"aws_security_group.{name}", "CKV_AWS_24")
    assert record["result"] == "FAILED"
    shown = {name.rpartition(".")[2]: value for name, value in record["values"].items()}
    assert (shown["cidr_blocks"], shown["to_port"]) == ('"0.0.0.0/0"', "22")


@pytest.mark.parametrize("name", ["from_file", "from_template"])
def test_a_policy_in_a_file_is_read(fixtures: Scan, name: str) -> None:
    assert fixtures.record("blind", f"aws_iam_policy.{name}", "CKV_AWS_62")["result"] == "FAILED"


def test_a_policy_document_is_read_where_it_is_used(fixtures: Scan) -> None:
    results = {
        (name, check): fixtures.record("blind", f"aws_iam_policy.{name}", check)["result"]
        for name in ("from_document", "narrow")
        for check in ("CKV_AWS_62", "CKV_AWS_290")
    }
    assert results == {
        ("from_document", "CKV_AWS_62"): "FAILED",
        ("from_document", "CKV_AWS_290"): "FAILED",
        ("narrow", "CKV_AWS_62"): "PASSED",
        ("narrow", "CKV_AWS_290"): "PASSED",
    }


def test_two_calls_of_one_module_do_not_share_a_policy(made: Scan) -> None:
    results = [
        made.record("twice", f"module.{name}.aws_iam_policy.this", "CKV_AWS_290")["result"]
        for name in ("a_reader", "b_writer")
    ]
    assert results == ["PASSED", "FAILED"]


def test_an_override_file_changes_the_block_that_it_overrides(fixtures: Scan) -> None:
    record = fixtures.record("blind", "aws_ebs_volume.overridden", "CKV_AWS_3")
    assert (record["result"], record["file"]) == ("FAILED", "blind/main.tf")


def test_a_file_with_a_syntax_error_is_a_gap_without_its_content(fixtures: Scan) -> None:
    assert fixtures.gaps("broken/broken") == [("broken/broken/bad.tf", 3, "parse_error", "syntax error")]
    assert fixtures.record("broken/broken", "aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "FAILED"
    assert not [line for line in fixtures.lines if "hunter2" in json.dumps(line)]


def test_modules_with_missing_sources_are_gaps(fixtures: Scan) -> None:
    assert fixtures.gaps("shop/prod") == [
        (
            "shop/prod/main.tf",
            20,
            "module_not_loaded",
            "module vpc (terraform-aws-modules/vpc/aws) is not installed: run terraform init",
        ),
        ("shop/prod/main.tf", 50, "not_made", "aws_ebs_volume.none is not created: count = 0"),
    ]
    assert fixtures.gaps("broken/calls") == [
        ("broken/calls/loop/main.tf", 1, "module_not_loaded", "modules call each other in a circle"),
        ("broken/calls/main.tf", 1, "module_not_loaded", "module outside is outside the workspace"),
        ("broken/calls/main.tf", 5, "module_not_loaded", "module missing: the folder does not exist"),
    ]


def test_a_module_that_terraform_init_installed_is_scanned(made: Scan) -> None:
    record = made.record("installed", "module.disk.aws_ebs_volume.this", "CKV_AWS_3")
    assert (record["result"], record["file"]) == ("FAILED", "installed/.terraform/modules/disk/main.tf")
    assert made.gaps("installed") == []


def test_a_mapped_check_missing_from_checkov_is_reported(fixtures: Scan) -> None:
    assert fixtures.summary.unknown_checks == ("CKV_AWS_999999",)


def test_a_variable_file_gives_the_value(made: Scan) -> None:
    assert made.record("values", "aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "PASSED"


def test_environment_variables_are_not_used(made: Scan) -> None:
    assert made.record("environment", "aws_ebs_volume.plain", "CKV_AWS_3")["result"] == "UNKNOWN"


def test_a_loop_over_a_known_map_is_judged_item_by_item(made: Scan) -> None:
    records = [line for line in made.of("record", "loop") if line["check"] == "CKV_AWS_3"]
    assert {line["address"]: line["result"] for line in records} == {
        'aws_ebs_volume.each["a"]': "PASSED",
        'aws_ebs_volume.each["b"]': "FAILED",
    }
    assert {line["type"] for line in records} == {"aws_ebs_volume"}


@pytest.mark.parametrize(
    ("filename", "result"),
    [
        ("${path.module}/encrypted.txt", "UNKNOWN"),
        ("${var.folder}/${var.stage}.txt", "UNKNOWN"),
        ("${path.module}/other.txt", "PASSED"),
    ],
)
def test_what_a_file_holds_that_the_root_writes_is_not_known(scan_files: Scanner, filename: str, result: str) -> None:
    code = f"""
resource "local_file" "it" {{
  filename = "{filename}"
  content  = "false"
}}
resource "aws_ebs_volume" "it" {{
  availability_zone = "eu-west-3a"
  encrypted         = file("${{path.module}}/encrypted.txt")
}}
variable "folder" {{}}
variable "stage" {{}}
"""
    found = scan_files({"infra/main.tf": code, "infra/encrypted.txt": "true"})
    assert found.record("infra", "aws_ebs_volume.it", "CKV_AWS_3")["result"] == result


def test_an_example_that_calls_the_root_folder_is_resolved(scan_files: Scanner) -> None:
    files: dict[str, str | bytes] = {
        "main.tf": volume(),
        "examples/one/main.tf": 'module "all" {\n  source = "../../"\n}\n',
    }
    found = scan_files(files, root=".")
    assert [line["root"] for line in found.lines if line["kind"] == "root"] == ["examples/one", "."]
    assert found.record("examples/one", "module.all.aws_ebs_volume.plain", "CKV_AWS_3")["file"] == "main.tf"


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("env/prod.tfvars", "encrypted = false", "UNKNOWN"),
        ("env/eu/prod.tfvars.json", '{"encrypted": false}', "UNKNOWN"),
        ("prod.tfvars", "encrypted = false", "UNKNOWN"),
        ("env/prod.tfvars", "encrypted = true", "PASSED"),
        ("env/of_others.tfvars", "encrypted = false\nname = 1", "PASSED"),
        ("elsewhere/env/prod.tfvars", "encrypted = false", "PASSED"),
        ("env/prod.json", '{"encrypted": false}', "UNKNOWN"),
        ("env/prod.json", '{"encrypted": false, "name": "x"}', "PASSED"),
        ("env/prod", "# of production\nencrypted = false\n", "UNKNOWN"),
        ("prod.conf", "encrypted = false\n", "UNKNOWN"),
        ("Makefile", "apply:\n\tterraform apply -var 'encrypted=false'\n", "UNKNOWN"),
        ("Makefile", "apply:\n\tterraform apply -var 'encrypted=true'\n", "PASSED"),
        ("live/.envrc", 'export TF_VAR_encrypted="false"\n', "UNKNOWN"),
        ("ci.yml", "env:\n  TF_VAR_encrypted: ${{ vars.ENCRYPTED }}\n", "UNKNOWN"),
        ("deploy.py", 'run(["terraform", "apply", "-var", "encrypted=false"])\n', "UNKNOWN"),
        ("elsewhere/deploy.sh", "terraform apply -var encrypted=false\n", "PASSED"),
        ("README.md", "terraform apply -var encrypted=false\n", "PASSED"),
        (".envrc.example", "export TF_VAR_encrypted=false\n", "PASSED"),
    ],
)
def test_values_from_files_beside_a_root_make_affected_results_unknown(
    scan_files: Scanner, file: str, text: str, wanted: str
) -> None:
    code = """
    variable "encrypted" { default = true }
    resource "aws_ebs_volume" "this" {
      availability_zone = "eu-west-3a"
      encrypted         = var.encrypted
    }
    """
    other = {"infra/elsewhere/live/main.tf": 'variable "encrypted" {}'}
    found = scan_files({"infra/live/main.tf": code, **other, f"infra/{file}": text}, checks=frozenset({"CKV_AWS_3"}))
    assert found.record("infra/live", "aws_ebs_volume.this", "CKV_AWS_3")["result"] == wanted


PERHAPS = [  # the loop of a block, what its disk says, and the result: the only branch that makes anything is known
    ("for_each = var.on ? { main = false } : {}", "each.value", "FAILED"),
    ("for_each = var.on ? {} : { main = { enc = true } }", "each.value.enc", "PASSED"),
    ('for_each = var.on ? toset(["false"]) : toset([])', "each.value", "FAILED"),
    ("count = var.on ? 1 : 0", "[false, true][count.index]", "FAILED"),
    ("count = length(var.many) > 0 ? (var.on ? 1 : 0) : 0", "[true, false][count.index]", "PASSED"),
    ("for_each = var.on ? { main = var.on } : {}", "each.value", "UNKNOWN"),
    ("for_each = var.on ? { main = false } : { main = true }", "each.value", "UNKNOWN"),
    ("for_each = var.on ? { a = true, b = false } : {}", "each.value", "UNKNOWN"),
    ("for_each = var.on ? var.many : {}", "each.value", "UNKNOWN"),
    ("count = var.on ? 2 : 0", "[true, false][count.index]", "UNKNOWN"),
    ("count = var.on ? 1 : 2", "[true, false][count.index]", "UNKNOWN"),
]


def test_what_a_condition_may_make_is_judged_by_the_branch_that_makes_it(scan_files: Scanner) -> None:
    blocks = [
        volume(f"v{number}", encrypted=says).replace("{", "{\n  " + loop, 1)
        for number, (loop, says, _) in enumerate(PERHAPS)
    ]
    text = ON + 'variable "many" {}\n' + "".join(blocks)
    scanned = scan_files({"infra/main.tf": text})
    results = [
        scanned.record("infra", f"aws_ebs_volume.v{number}", "CKV_AWS_3")["result"] for number in range(len(PERHAPS))
    ]
    assert results == [result for _, _, result in PERHAPS]
