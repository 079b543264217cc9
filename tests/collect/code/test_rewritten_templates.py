"""Values hidden by CloudFormation's functions never make a failing template pass, and never remove its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collect.code.conftest import Scan, Scanner
from collect.code.template_rewriting import rewritten, written
from content_copy import bundled
from preuve.library.validation.code.code_rules import rendered

TEMPLATES = Path(__file__).parents[2] / "fixtures" / "iac_templates"
OWN: dict[str, dict[str, Any]] = yaml.load((TEMPLATES / "documents.yaml").read_text("utf-8"), yaml.CSafeLoader)
# By check, and a name where there are several.
FAILING: dict[str, Any] = yaml.load((TEMPLATES / "failing.yaml").read_text("utf-8"), yaml.CSafeLoader) | {
    f"{check}/{name}": body for check, bodies in OWN.items() for name, body in bodies.items()
}
PARAMS = {name: item.value for name, item in bundled().parameters.items()}
RULES = tuple(rendered(bundled().code_rules[rule], PARAMS, bundled().reference) for rule in OWN)
CHECKS = frozenset(name.partition("/")[0] for name in FAILING)
# What some of them fail for the want of.
KEY = "arn:aws:kms:eu-west-3:123456789012:key/one"
MISSING: dict[str, tuple[str, Any]] = {
    "CKV_AWS_18": ("LoggingConfiguration", {"DestinationBucketName": "logs"}),
    "CKV_AWS_35": ("KMSKeyId", KEY),
    "CKV_AWS_158": ("KmsKeyId", KEY),
    "CKV_AWS_166": ("EncryptionKeyArn", KEY),
    "CKV_AWS_364": ("SourceArn", "arn:aws:s3:::logs"),
}


def results(found: Scan, file: str, check: str) -> set[str]:
    """Return the results of a check for the resource `R` of a template; a gap of the template counts as a result."""
    records = [line for line in found.of("record", "infra") if (line["file"], line["check"]) == (file, check)]
    gaps = [gap for gap in found.of("gap", "infra") if gap["file"] == file]
    return {line["result"] for line in records if line["address"].endswith(".R")} | {gap["cause"] for gap in gaps}


def test_each_example_fails_without_rewriting(scan_files: Scanner) -> None:
    files = {name: f"infra/{number}.json" for number, name in enumerate(FAILING)}
    templates = {files[name]: written({"Resources": {"R": body}}, "json") for name, body in FAILING.items()}
    found = scan_files(templates, kind="cloudformation", checks=CHECKS, rules=RULES)
    answers = {name: results(found, files[name], name.partition("/")[0]) for name in FAILING}
    assert {name: answer for name, answer in answers.items() if answer != {"FAILED"}} == {}


# The first wrong template is reported: a search for a smaller one takes minutes.
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_no_rewriting_passes_or_is_skipped(scan_files: Scanner, data: st.DataObject) -> None:
    templates, about = {}, {}
    for number, name in enumerate(sorted(FAILING) * 2):
        form = data.draw(st.sampled_from(["json", "long", "short"]))
        file = f"infra/{number}.{'json' if form == 'json' else 'yaml'}"
        templates[file] = written(
            rewritten(data.draw, FAILING[name], MISSING.get(name), secret="SECRETS" in name), form
        )
        about[file] = name.partition("/")[0]
    found = scan_files(templates, kind="cloudformation", checks=CHECKS, rules=RULES)
    wrong = {
        file: (check, answers, templates[file])
        for file, check in about.items()
        if not (answers := results(found, file, check)) or "PASSED" in answers
    }
    assert not wrong, next(iter(wrong.values()))
