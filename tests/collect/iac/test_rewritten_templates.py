"""What CloudFormation's functions hide never makes a failing template pass, and never leaves it without an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collect.iac.conftest import Scan, Scanner
from collect.iac.template_rewriting import rewritten, written

FAILING: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "iac_templates" / "failing.yaml").read_text("utf-8")
)
CHECKS = frozenset(FAILING)
# What some of them fail for the want of.
KEY = "arn:aws:kms:eu-west-3:123456789012:key/one"
MISSING: dict[str, tuple[str, Any]] = {
    "CKV_AWS_18": ("LoggingConfiguration", {"DestinationBucketName": "logs"}),
    "CKV_AWS_35": ("KMSKeyId", KEY),
    "CKV_AWS_66": ("RetentionInDays", 30),
    "CKV_AWS_158": ("KmsKeyId", KEY),
    "CKV_AWS_166": ("EncryptionKeyArn", KEY),
    "CKV_AWS_364": ("SourceArn", "arn:aws:s3:::logs"),
}


def results(found: Scan, file: str, check: str) -> set[str]:
    """What a check says of the resource `R` of a template; a gap of the template is an answer too."""
    records = [line for line in found.of("record", "infra") if (line["file"], line["check"]) == (file, check)]
    gaps = [gap for gap in found.of("gap", "infra") if gap["file"] == file]
    return {line["result"] for line in records if line["address"].endswith(".R")} | {gap["cause"] for gap in gaps}


def test_each_fails_as_it_is_written(scan_files: Scanner) -> None:
    templates = {f"infra/{check}.json": written({"Resources": {"R": body}}, "json") for check, body in FAILING.items()}
    found = scan_files(templates, kind="cloudformation", checks=CHECKS)
    answers = {check: results(found, f"infra/{check}.json", check) for check in FAILING}
    assert {check: answer for check, answer in answers.items() if answer != {"FAILED"}} == {}


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_rewriting_passes_or_is_passed_over(scan_files: Scanner, data: st.DataObject) -> None:
    templates, about = {}, {}
    for number, check in enumerate(sorted(CHECKS) * 2):
        form = data.draw(st.sampled_from(["json", "long", "short"]))
        file = f"infra/{number}.{'json' if form == 'json' else 'yaml'}"
        templates[file], about[file] = written(rewritten(data.draw, FAILING[check], MISSING.get(check)), form), check
    found = scan_files(templates, kind="cloudformation", checks=CHECKS)
    wrong = {
        file: (check, answers, templates[file])
        for file, check in about.items()
        if not (answers := results(found, file, check)) or "PASSED" in answers
    }
    assert not wrong, next(iter(wrong.values()))
