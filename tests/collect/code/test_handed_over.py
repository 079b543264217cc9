"""What is handed to a module that is not installed may have there what fails: its absence here is no pass."""

from __future__ import annotations

import pytest

from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

from .conftest import Scan, Scanner

CALL = 'module "m" {{\n  source = "acme/x/aws"\n  version = "1.0.0"\n  given = {}\n}}\n'
# By type: the rule, what its block says beside its name, and by what it may be handed over.
ASKED = {
    "aws_security_group": ("CKV2_PREUVE_SG_ADMIN_PORTS", 'name = "x"', ("id", "arn", "name")),
    "aws_network_acl": ("CKV2_PREUVE_NACL_ADMIN_PORTS", 'vpc_id = "vpc-1"', ("id", "arn")),
    "aws_s3_bucket": ("CKV2_PREUVE_S3_ACL_PRIVATE", 'bucket = "x"', ("id", "arn", "bucket")),
}
HANDED = ("{0}.x.{1}", "[{0}.x.{1}]", "{{ a = {0}.x.{1} }}", '"${{{0}.x.{1}}}/*"', "{0}.x")


@pytest.fixture(scope="module")
def found(scan_files: Scanner) -> Scan:
    files: dict[str, str | bytes] = {}
    for type_, (_, body, attributes) in ASKED.items():
        block = f'resource "{type_}" "x" {{\n  {body}\n}}\n'
        for place, handed in enumerate(HANDED):
            for attribute in attributes:
                given = CALL.format(handed.format(type_, attribute))
                files[f"infra/{type_}/{attribute}{place}/main.tf"] = block + given
        files[f"infra/{type_}/kept/main.tf"] = block + CALL.format('"other"')
        installed = CALL.replace('"acme/x/aws"\n  version = "1.0.0"', '"./m"').format(f"{type_}.x.arn")
        files[f"infra/{type_}/seen/main.tf"] = block + installed
        files[f"infra/{type_}/seen/m/main.tf"] = 'variable "given" {}\n'
    ids = frozenset(check for check, _, _ in ASKED.values())
    rules = tuple(rendered(bundled().code_rules[check], {"admin_ports": [22]}) for check in sorted(ids))
    return scan_files(files, checks=ids, rules=rules)


@pytest.mark.parametrize("type_", ASKED)
def test_what_is_handed_to_a_module_that_is_not_seen_does_not_pass_by_absence(found: Scan, type_: str) -> None:
    of_type = [line for line in found.lines if line["kind"] == "record" and line.get("type") == type_]
    results = {line["root"].rpartition("/")[2]: line["result"] for line in of_type}
    assert {name for name, result in results.items() if result == "PASSED"} == {"kept", "seen"}
    assert set(results.values()) == {"PASSED", "UNKNOWN"}
    assert len(results) == len(HANDED) * len(ASKED[type_][2]) + 2
    assert {line["detail"] for line in of_type if line["result"] == "UNKNOWN"} == {"unresolved: module.m"}
