"""What the company says in `scope.iac` is given from outside the code: it decides where the code gives nothing, and
only there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.code.conftest import Scan, Scanner
from content_copy import bundled
from preuve.assess.code.common_causes import Modules, once_for_a_cause
from preuve.collect.code.job import IacJob
from preuve.library.validation.code.code_rules import rendered
from preuve.model.company.code import IacRoot, OutsideValues
from preuve.model.content import Severity
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.model.snapshot import INHERITED
from preuve.publish.words.locale import load_locale

MANDATORY, REGION, OF_PROVIDER = "CKV2_PREUVE_TAG_MANDATORY", "CKV2_PREUVE_S3_REGION", "CKV2_PREUVE_PROVIDER_REGION"
OF_TEMPLATE = "CKV2_PREUVE_TEMPLATE_TAGS_MANDATORY"
PARAMS = {"mandatory_tags": ["Owner", "Environment"], "allowed_regions": ["eu-west-3"]}
SAID = OutsideValues({"Owner": "shop", "Environment": "prod"}, "us-east-1")
CODE = {
    "infra/main.tf": """
resource "aws_s3_bucket" "plain" {}
resource "aws_s3_bucket" "own" { tags = { Owner = "-" } }
resource "aws_s3_bucket" "elsewhere" { region = "eu-west-3" }
""",
    "infra/m/main.tf": "",
}
CONFIGURED = """
provider "aws" { region = "eu-west-3" }
provider "aws" { alias = "open" }
resource "aws_s3_bucket" "plain" {}
resource "aws_s3_bucket" "open" { provider = aws.open }
"""
TEMPLATE = """
Resources:
  Plain: {Type: "AWS::S3::Bucket"}
  Own: {Type: "AWS::S3::Bucket", Properties: {Tags: [{Key: Owner, Value: "-"}]}}
  Open: {Type: "AWS::S3::Bucket", Properties: {Tags: [{Key: !ImportValue x, Value: a}]}}
"""


def scanned(scan_files: Scanner, files: dict[str, str], outside: OutsideValues, kind: str = "terraform") -> Scan:
    checks = frozenset({MANDATORY, REGION, OF_PROVIDER} if kind == "terraform" else {OF_TEMPLATE})
    rules = tuple(rendered(bundled().code_rules[name], PARAMS) for name in sorted(checks))
    return scan_files(files, kind=kind, checks=checks, rules=rules, outside=outside)


def results(found: Scan) -> dict[tuple[str, str], str]:
    return {(line["address"].rpartition(".")[2], line["check"]): line["result"] for line in found.of("record", "infra")}


def test_it_decides_where_no_block_configures_the_provider(scan_files: Scanner) -> None:
    found = scanned(scan_files, CODE, SAID)
    said = results(found)
    assert [said[name, MANDATORY] for name in ("plain", "own", "elsewhere")] == ["PASSED", "FAILED", "PASSED"]
    assert [said[name, REGION] for name in ("plain", "own", "elsewhere")] == ["FAILED", "FAILED", "PASSED"]
    plain, elsewhere = (found.record("infra", f"aws_s3_bucket.{name}", REGION) for name in ("plain", "elsewhere"))
    assert plain["origins"] == {"region": "preuve.yaml"}
    assert "origins" not in elsewhere  # the code says it
    tags = found.record("infra", "aws_s3_bucket.own", MANDATORY)
    assert tags["origins"] == {"scope.iac.tags": "preuve.yaml"}
    assert tags["tags"] == {"Owner": "-", "Environment": "prod", INHERITED: "Environment"}  # nothing else is given


def test_that_none_are_given_decides_too(scan_files: Scanner) -> None:
    assert results(scanned(scan_files, CODE, OutsideValues({})))["plain", MANDATORY] == "FAILED"


def test_it_takes_the_place_of_nothing_in_the_code(scan_files: Scanner) -> None:
    found = results(scanned(scan_files, {"infra/main.tf": CONFIGURED}, SAID))
    assert found["plain", MANDATORY] == "FAILED"  # the provider has no default tags
    assert (found["plain", REGION], found["open", REGION]) == ("PASSED", "FAILED")
    assert (found["default", OF_PROVIDER], found["open", OF_PROVIDER]) == ("PASSED", "FAILED")


def test_the_tags_of_a_stack_decide(scan_files: Scanner) -> None:
    found = scanned(scan_files, {"infra/t.yaml": TEMPLATE}, SAID, "cloudformation")
    assert {name: result for (name, _), result in results(found).items()} == {
        "Plain": "PASSED",
        "Own": "FAILED",
        "Open": "UNKNOWN",
    }
    record = found.record("infra", "AWS::S3::Bucket.Plain", OF_TEMPLATE)
    assert record["tags"] == {**(SAID.tags or {}), INHERITED: ", ".join(sorted(SAID.tags or {}))}
    assert record["origins"]["scope.iac.tags"] == "preuve.yaml"
    given = {"infra/t.yaml": TEMPLATE}
    assert (
        results(scanned(scan_files, given, OutsideValues({"Owner": "a"}), "cloudformation"))["Plain", OF_TEMPLATE]
        == "FAILED"
    )


def test_the_nearest_folder_that_says_it_counts(tmp_path: Path) -> None:
    entries = (
        IacRoot("a/b", "terraform", tags={"Owner": "b"}),
        IacRoot("a", "terraform", tags={"Owner": "a"}, region="eu-west-3"),
        IacRoot("a/b/c", "terraform"),
        IacRoot("a/b/c", "cloudformation", tags={}),
    )
    job = IacJob(tmp_path.resolve(), entries, frozenset())
    found = [job.outside("terraform", job.base / name) for name in ("a/x", "a/b/c", "b")]
    assert found == [
        OutsideValues({"Owner": "a"}, "eu-west-3"),
        OutsideValues({"Owner": "b"}, "eu-west-3"),
        OutsideValues(),
    ]


@pytest.mark.parametrize(
    ("detail", "key"),
    [
        ("unresolved: provider.default_tags", "tags"),
        ("depends on a value that the stack provides: the tags of the stack", "tags"),
        ("set neither here nor by a provider in the code: region", "region"),
        ("unresolved: var.region", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_next_step_names_the_key(detail: str, key: str, language: str) -> None:
    reason, place = Reason("iac_unknown", {"checks": "c", "detail": detail}), Place("t", "b")
    undecided = Finding("p", 1, "iac", FindingStatus.NOT_EVALUATED, Severity.HIGH, place, reason)
    (found,) = once_for_a_cause([undecided], Modules({}, {}))
    said = load_locale(language).reason(found.reason)
    assert (f" {key} " in said and "scope.iac" in said) if key else "scope.iac" not in said


@pytest.mark.parametrize(
    ("detail", "ids", "number"),
    [
        ("unresolved: terraform.workspace", ("a.b", "a.c"), 1),
        ("unresolved: var.tags (tags); unresolved: module.m.more (tags)", ("a.b", "a.c"), 1),
        ("unresolved: infra/up it.sh may apply this folder by itself", ("a.b", "a.c"), 1),
        ("unresolved: Condition C; unresolved: Ref P (p.sh may set it)", ("a.b", "a.c"), 1),
        ("unresolved: inputs.a, steps.b.outputs.c-d", ("f.yml:jobs.a.steps[1]", "f.yml:jobs.a.steps[2]"), 1),
        ("unresolved: inputs.a", ("f.yml:jobs.a.steps[1]", "f.yml:jobs.b.steps[1]"), 2),  # `env` is of a job, too
        ("unresolved: inputs.a", ("f.yml:jobs.a.steps[1]", "g.yml:jobs.a.steps[1]"), 2),
        ("unresolved: tags", ("a.b", "a.c"), 2),  # whichever they are
        ("unresolved: each.key", ("a.b", "a.c"), 2),
    ],
)
def test_what_waits_for_the_same_answer_is_one_finding(detail: str, ids: tuple[str, str], number: int) -> None:
    reason = Reason("iac_unknown", {"checks": "c", "detail": detail})
    found = [
        Finding("p", 1, "iac", FindingStatus.NOT_EVALUATED, Severity.HIGH, Place("t", one), reason, checks=("c",))
        for one in ids
    ]
    told = [*once_for_a_cause(found, Modules({}, {}))]
    assert len(told) == number
    assert sorted(place.id for one in told for place in one.places) == sorted(ids)


_COUNTS = {
    "": "FAILED",
    "count = 1": "FAILED",
    "count = 0": "",
    "count = var.on": "UNKNOWN",
    "for_each = var.on": "UNKNOWN",
}


def test_a_provider_that_perhaps_only_reads_is_in_doubt(scan_files: Scanner) -> None:
    made = 'resource "aws_sns_topic" "%s" {\n  %s\n}\n'
    files = {"infra/m/main.tf": made % ("t", ""), "infra/main.tf": 'variable "on" {}\n'}
    cases = {f"{place}{number}": count for number, count in enumerate(_COUNTS) for place in ("own", "called")}
    for name, count in cases.items():
        own = made % (name, f"provider = aws.{name}\n  {count}")
        call = f'module "{name}" {{\n  source = "./m"\n  providers = {{ aws = aws.{name} }}\n  {count}\n}}\n'
        files["infra/main.tf"] += (
            f'provider "aws" {{\n  alias = "{name}"\n  region = "us-east-1"\n}}\n'
            f'data "aws_caller_identity" "{name}" {{\n  provider = aws.{name}\n}}\n'
        ) + (own if name.startswith("own") else call)
    found = results(scanned(scan_files, files, OutsideValues()))
    assert {name: found.get((name, OF_PROVIDER), "") for name in cases} == {
        name: _COUNTS[count] for name, count in cases.items()
    }
