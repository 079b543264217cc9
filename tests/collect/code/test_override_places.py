"""What an override file says is told where it stands there. `test_rewriting.py` asks it of every example."""

from __future__ import annotations

from content_copy import bundled
from preuve.library.checked.code.code_rules import rendered

from .conftest import Scanner, volume


def test_of_several_override_files_the_last_one_is_told(scan_files: Scanner) -> None:
    files: dict[str, str | bytes] = {
        "infra/main.tf": volume(encrypted="true") + volume("unset").replace("  encrypted = false\n", ""),
        "infra/a_override.tf": volume(encrypted="true"),
        "infra/b_override.tf": "\n\n" + volume(encrypted="false"),
        "infra/c_override.tf": 'resource "aws_ebs_volume" "plain" {\n  size = 8\n}\n',
    }
    found = scan_files(files, checks=frozenset({"CKV_AWS_3"}))
    plain = found.record("infra", "aws_ebs_volume.plain", "CKV_AWS_3")
    assert (plain["file"], plain["decided_in"], plain["decided_at"]) == ("infra/main.tf", "infra/b_override.tf", [5, 5])
    assert "decided_in" not in found.record("infra", "aws_ebs_volume.unset", "CKV_AWS_3")


def test_a_secret_in_an_override_file_is_told_once(scan_files: Scanner) -> None:
    block = 'resource "aws_db_instance" "d" {{\n  password = {}\n}}\n'
    files: dict[str, str | bytes] = {
        "infra/main.tf": block.format("var.given") + 'variable "given" {}\n',
        "infra/x_override.tf": "\n" + block.format('"Sup3rS3cret2024!"'),
    }
    rule = rendered(bundled().code_rules["CKV2_PREUVE_CODE_SECRETS"], {})
    found = scan_files(files, checks=frozenset({"CKV2_PREUVE_CODE_SECRETS"}), rules=(rule,))
    failed = [line for line in found.of("record", "infra") if line["result"] == "FAILED"]
    assert [(line["decided_in"], line["decided_at"]) for line in failed] == [("infra/x_override.tf", [3, 3])]
