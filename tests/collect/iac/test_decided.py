"""What a failure shows of the code: the values that decided, where they come from, and no secret and no name."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.collect.iac.decided import decided

from .conftest import Scanner, volume

ACCESS_KEY = "AKIA" + "ABCDEFGHIJKLMNOP"


@pytest.mark.parametrize(
    ("attributes", "key", "shown"),
    [
        ({"encrypted": [False]}, "encrypted", {"encrypted": "false"}),
        ({}, "encrypted", {"encrypted": ""}),
        ({"ingress": [{"to_port": [22]}]}, "ingress/[0]/to_port", {"ingress[0].to_port": "22"}),
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
def test_values_are_shown_as_they_decided(attributes: dict[str, Any], key: str, shown: dict[str, str]) -> None:
    assert decided(attributes, [key, "resource_type"]) == shown


def test_a_value_is_short_however_long_it_is() -> None:
    ((_, text),) = decided({"policy": "x" * 10_000}, ["policy"]).items()
    assert len(text) == 120


def test_a_failure_tells_the_calls_that_lead_to_it(scan_files: Scanner) -> None:
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


def test_where_a_block_beside_is_missing_it_is_what_is_not_set(scan_files: Scanner) -> None:
    checks = frozenset({"CKV2_AWS_11", "CKV_AWS_21"})
    found = scan_files({"infra/main.tf": BESIDE}, checks=checks)
    shown = {line["address"]: line["values"] for line in found.of("record", "infra") if line["result"] == "FAILED"}
    assert shown == {
        "aws_vpc.silent": {"aws_flow_log": ""},
        "aws_s3_bucket.bare": {"aws_s3_bucket_versioning": ""},
        "aws_s3_bucket.suspended": {"aws_s3_bucket_versioning.versioning_configuration.status": '"Suspended"'},
    }
