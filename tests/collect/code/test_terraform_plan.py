"""Results of a scan of Terraform with a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from collect.code.conftest import CHECKS, Scan, write
from preuve.collect.code import IacJob, scan
from preuve.collect.code.checkov.shapes.plan_file import plain
from preuve.model.company.code import IacRoot

CODE = """
variable "on" {
  type = bool
}
resource "aws_ebs_volume" "by_variable" {
  availability_zone = "eu-west-3a"
  encrypted         = var.on
}
resource "aws_ebs_volume" "each" {
  for_each          = var.volumes
  availability_zone = "eu-west-3a"
  encrypted         = each.value
}
resource "aws_ebs_volume" "later" {
  availability_zone = "eu-west-3a"
  encrypted         = random_integer.dice.result > 3
}
resource "aws_ebs_volume" "never" {
  count             = var.on ? 0 : 1
  availability_zone = "eu-west-3a"
}
resource "aws_ebs_volume" "computed" {
  availability_zone = "eu-west-3a"
}
resource "aws_ebs_volume" "secret" {
  availability_zone = "eu-west-3a"
  encrypted         = var.secret
}
resource "aws_security_group" "ports" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
# checkov:skip=CKV_AWS_3: outside a block
resource "aws_ebs_volume" "skipped" {
  # checkov:skip=CKV_AWS_3: a scratch disk
  availability_zone = "eu-west-3a"
  encrypted         = var.on
}
resource "aws_iam_policy" "document" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Sid = aws_ebs_volume.later.id }]
  })
}
"""
MODULE = """
module "disk" {
  source   = "acme/disk/aws"
  version  = "1.0.0"
  for_each = toset(["a.b"])
}
"""
CODE += MODULE
NEW = CODE + 'resource "aws_ebs_volume" "forgotten" {\n  availability_zone = "eu-west-3a"\n}\n'


def resource(address: str, unknown: Any = None, sensitive: Any = None, **values: Any) -> dict[str, Any]:
    """One planned instance, as Terraform writes it; `unknown` is what `after_unknown` holds."""
    kind, name = plain(address).split(".") if "module." not in address else ("aws_ebs_volume", "this")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": {"availability_zone": "eu-west-3a", "tags": None, **values},
        "sensitive_values": sensitive or {},
        "unknown": {"id": True, "arn": True, **(unknown or {})},
    }


RESOURCES = [
    resource("aws_ebs_volume.by_variable", encrypted=True),
    resource('aws_ebs_volume.each["a.b"]', encrypted=True),
    resource('aws_ebs_volume.each["c]"]', encrypted=False),
    resource("aws_ebs_volume.later", {"encrypted": True}),
    resource("aws_ebs_volume.computed", {"encrypted": True, "kms_key_id": True}),
    resource("aws_ebs_volume.secret", None, {"encrypted": True}, encrypted=False),
    resource(
        "aws_security_group.ports",
        {"ingress": False},
        ingress=[{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "self": False}],
    ),
    resource("aws_ebs_volume.skipped", encrypted=False),
    resource("aws_iam_policy.document", {"policy": True}),
]
IN_MODULE = resource('module.disk["a.b"].aws_ebs_volume.this[0]', encrypted=False)
WRITTEN = {
    "by_variable": ["encrypted"],
    "each": ["encrypted"],
    "later": ["encrypted"],
    "never": [],
    "computed": [],
    "secret": ["encrypted"],
    "skipped": ["encrypted"],
}


def block(address: str, arguments: list[str]) -> dict[str, Any]:
    kind, name = address.split(".")
    expressions = {name: {"references": ["var.on"]} for name in arguments}
    return {"address": address, "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws"} | {
        "expressions": expressions
    }


def plan(resources: list[dict[str, Any]], in_module: list[dict[str, Any]]) -> dict[str, Any]:
    """A plan in the form of `terraform show -json`."""
    everything = [*resources, *in_module]
    shown = [{key: value for key, value in item.items() if key != "unknown"} for item in everything]
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "variables": {"on": {"value": True}, "secret": {"value": "hunter2"}},
        "planned_values": {
            "root_module": {
                "resources": shown[: len(resources)],
                "child_modules": [{"address": 'module.disk["a.b"]', "resources": shown[len(resources) :]}],
            }
        },
        "resource_changes": [
            {
                "address": item["address"],
                "mode": "managed",
                "type": item["type"],
                "name": item["name"],
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": item["values"],
                    "after_unknown": item["unknown"],
                    "before_sensitive": False,
                    "after_sensitive": item["sensitive_values"],
                },
            }
            for item in everything
        ],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}}},
            "root_module": {
                "variables": {"on": {}, "secret": {"sensitive": True}},
                "resources": [
                    *(block(f"aws_ebs_volume.{name}", arguments) for name, arguments in WRITTEN.items()),
                    block("aws_security_group.ports", []),
                    block("aws_iam_policy.document", ["policy"]),
                ],
                "module_calls": {
                    "disk": {
                        "source": "acme/disk/aws",
                        "module": {"resources": [block("aws_ebs_volume.this", ["encrypted"])]},
                    }
                },
            },
        },
    }


UNUSABLE: dict[str, tuple[str | bytes | None, str]] = {
    "absent": (None, "it does not exist"),
    "deep": ("[" * 100_000, "not JSON"),
    "bytes": (b"\xff", "not JSON"),
    "list": ("[]", "not a plan in format 1"),
    "state": ('{"format_version": "1.0", "values": {}}', "a state, not a plan"),
    "failed": (json.dumps({**plan([], []), "errored": True}), "the plan is not complete"),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """A root with a plan of it, and others with files that are no plan."""
    base = tmp_path_factory.mktemp("plan")
    write(base, [("infra/main.tf", NEW), ("ci/infra.json", json.dumps(plan(RESOURCES, [IN_MODULE])))])
    for name, (content, _) in UNUSABLE.items():
        write(base, [(f"{name}/main.tf", CODE)] + ([] if content is None else [(f"ci/{name}.json", content)]))
    write(base, [("only/main.tf", MODULE), ("ci/only.json", json.dumps(plan([], [IN_MODULE])))])
    roots = tuple(IacRoot(name, "terraform", f"ci/{name}.json") for name in ("infra", "only", *UNUSABLE))
    snapshot = base / "snapshot"
    return Scan(snapshot, scan(IacJob(base, roots, CHECKS), snapshot))


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("aws_ebs_volume.by_variable", "PASSED"),
        ('aws_ebs_volume.each["a.b"]', "PASSED"),
        ('aws_ebs_volume.each["c]"]', "FAILED"),
        ("aws_ebs_volume.later", "UNKNOWN"),
        ("aws_ebs_volume.computed", "FAILED"),
        ("aws_ebs_volume.secret", "UNKNOWN"),
        ("aws_ebs_volume.skipped", "FAILED"),
        ('module.disk["a.b"].aws_ebs_volume.this[0]', "FAILED"),
        ("aws_ebs_volume.forgotten", "FAILED"),
    ],
)
def test_the_plan_decides_if_it_has_the_value(read: Scan, address: str, result: str) -> None:
    assert read.record("infra", address, "CKV_AWS_3")["result"] == result


def test_a_resource_absent_from_the_plan_has_no_record(read: Scan) -> None:
    assert not [line for line in read.of("record", "infra") if "never" in line["address"]]


def test_a_check_that_reads_a_whole_block_does_not_count_if_a_part_comes_later(read: Scan) -> None:
    for address, check in (("aws_iam_policy.document", "CKV_AWS_62"), ("aws_security_group.ports", "CKV_AWS_24")):
        assert read.record("infra", address, check)["result"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("address", "detail"),
    [("aws_ebs_volume.later", "known after apply"), ("aws_ebs_volume.secret", "a sensitive value")],
)
def test_the_cause_of_a_value_missing_from_the_plan_is_given(read: Scan, address: str, detail: str) -> None:
    assert read.record("infra", address, "CKV_AWS_3")["detail"] == detail


def test_a_record_has_its_place_in_the_code_or_in_the_plan_if_the_module_is_missing(read: Scan) -> None:
    record = read.record("infra", 'aws_ebs_volume.each["a.b"]', "CKV_AWS_3")
    assert (record["file"], record["line"], record["end_line"]) == ("infra/main.tf", 9, 13)
    inside = read.record("infra", 'module.disk["a.b"].aws_ebs_volume.this[0]', "CKV_AWS_3")
    assert (inside["file"], inside["type"]) == ("ci/infra.json", "aws_ebs_volume")


def test_a_skip_comment_in_the_code_is_kept_beside_the_verdict_of_the_plan(read: Scan) -> None:
    assert read.record("infra", "aws_ebs_volume.skipped", "CKV_AWS_3")["suppressed"] == "a scratch disk"


def test_code_missing_from_the_plan_is_a_gap_and_module_code_is_not(read: Scan) -> None:
    assert read.gaps("infra") == [
        ("ci/infra.json", 0, "not_covered", "the plan does not hold aws_ebs_volume.forgotten"),
    ]


def test_code_that_only_calls_a_module_gets_the_verdict_of_the_plan(read: Scan) -> None:
    record = read.record("only", 'module.disk["a.b"].aws_ebs_volume.this[0]', "CKV_AWS_3")
    assert record["result"] == "FAILED"


def test_a_sensitive_value_is_never_written(read: Scan) -> None:
    assert b"hunter2" not in b"".join(read.files().values())


def test_the_scope_counts_the_resources_of_the_plan(read: Scan) -> None:
    assert read.of("root", "infra")[0]["types"] == {"aws_ebs_volume": 8, "aws_iam_policy": 1, "aws_security_group": 1}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_plan_is_a_gap_and_the_code_is_judged(read: Scan, name: str) -> None:
    ((_, _, cause, said),) = [gap for gap in read.gaps(name) if gap[0] == f"ci/{name}.json"]
    assert cause == "not_read"
    assert said.startswith(UNUSABLE[name][1])
    assert read.record(name, "aws_ebs_volume.by_variable", "CKV_AWS_3")["result"] == "UNKNOWN"


def test_a_plan_of_a_folder_that_is_no_root_module_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, [("infra/prod/main.tf", CODE), ("plan.json", json.dumps(plan([], [])))])
    job = IacJob(tmp_path, (IacRoot("infra", "terraform", "plan.json"),), CHECKS)
    found = Scan(tmp_path, scan(job, tmp_path / "snapshot"))
    assert ("plan.json", 0, "not_read", "its folder is not a root module: name one in scope.iac") in found.gaps("infra")
