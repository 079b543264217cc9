"""A variable without a value is told with the file that sets it, among others that its root does not have."""

from __future__ import annotations

import pytest

from collect.code.conftest import Scan, Scanner
from preuve.assess.code.common_causes import _NAMING

CHECK = "CKV_AWS_3"
CODE = """
variable "x" { type = bool }
variable "y" { type = bool }
resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-3a"
  encrypted         = var.%s
}
"""
FILES = {
    "infra/net/eu/main.tf": CODE % "x",
    "infra/net/us/main.tf": CODE % "y",
    "infra/net/config/backend.tfvars": 'x = true\nbucket = "state"\n',
    "infra/config/common.tfvars": 'x = true\ny = true\nbucket = "state"\n',
}


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    return scan_files(FILES, checks=frozenset({CHECK}))


@pytest.mark.parametrize(
    ("root", "told"),
    [
        ("infra/net/eu", "unresolved: var.x (../config/backend.tfvars sets it)"),
        ("infra/net/us", "unresolved: var.y (../../config/common.tfvars sets it)"),
    ],
)
def test_the_nearest_file_that_sets_a_variable_is_told(root: str, told: str, found: Scan) -> None:
    record = found.record(root, "aws_ebs_volume.v", CHECK)
    assert (record["result"], record["detail"]) == ("UNKNOWN", told)
    assert any(form.fullmatch(told) for form in _NAMING)  # findings that it leaves open become one
