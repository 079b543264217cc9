"""What an override file says is told where it stands there. `test_rewriting.py` asks it of every example."""

from __future__ import annotations

from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

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


def group(rules: str) -> str:
    return f'resource "aws_security_group" "x" {{\n  name = "x"\n{rules}\n}}\n'


def rule(cidr: str, *, of_list: bool = False) -> str:
    mark, unset = (" =", ("ipv6_cidr_blocks", "prefix_list_ids", "security_groups")) if of_list else ("", ())
    more = "".join(f"{name} = []\n" for name in unset) + ('description = ""\nself = false\n' if of_list else "")
    ports = 'from_port = 22\nto_port = 22\nprotocol = "tcp"\n'
    body = f'{{\n{ports}cidr_blocks = ["{cidr}"]\n{more}}}'
    return f"ingress = [{body}]" if of_list else f"ingress{mark} {body}"


def test_an_argument_in_the_place_of_blocks_is_not_known(scan_files: Scanner) -> None:
    wide, narrow = "0.0.0.0/0", "10.0.0.0/8"
    loop = rule(narrow).replace("ingress {", 'dynamic "ingress" {\nfor_each = [1]\ncontent {') + "}"
    written = {
        "wide": (rule(narrow), rule(wide, of_list=True), "UNKNOWN"),
        "narrow": (rule(wide), rule(narrow, of_list=True), "UNKNOWN"),
        "none": (rule(narrow), "ingress = []", "UNKNOWN"),
        "loop": (loop, rule(wide, of_list=True), "UNKNOWN"),
        "both_lists": (rule(narrow, of_list=True), rule(wide, of_list=True), "FAILED"),
        "both_blocks": (rule(narrow), rule(wide), "FAILED"),
        "block_over_list": (rule(narrow, of_list=True), rule(wide), "FAILED"),
        "other": (rule(narrow), "tags = {}", "PASSED"),
    }
    files: dict[str, str | bytes] = {}
    for name, (below, above, _) in written.items():
        files[f"infra/{name}/main.tf"] = group(below)
        files[f"infra/{name}/override.tf"] = 'resource "aws_security_group" "x" {\n' + above + "\n}\n"
    found = scan_files(files, checks=frozenset({"CKV_AWS_24"}))
    results = {name: found.record(f"infra/{name}", "aws_security_group.x", "CKV_AWS_24")["result"] for name in written}
    assert results == {name: result for name, (_, _, result) in written.items()}
