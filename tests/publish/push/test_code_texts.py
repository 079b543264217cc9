"""The text of a failure in code, for every policy and check of the catalogue, in every output and language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from content_copy import bundled
from preuve.library.validation.code.fixes import CLOUDFORMATION
from preuve.model.company.baseline import Comparison
from preuve.model.content import Policy, Severity
from preuve.model.push import Push
from preuve.model.results import Finding, FindingStatus, Place, Reason
from preuve.publish.junit import write_junit
from preuve.publish.push.document import code_quality, document
from preuve.publish.push.github import workflow_commands
from preuve.publish.push.markdown import markdown
from preuve.publish.push.sarif import sarif
from preuve.publish.push.terminal import report
from preuve.publish.push.words import Words
from preuve.publish.terminal.summary import summary_text

from .. import factory

POLICIES = [policy for policy in bundled().policies.values() if policy.iac]
EACH = [pytest.param(policy, id=policy.id) for policy in POLICIES]


def failure(policy: Policy, type_: str, *checks: str) -> Finding:
    place = Place(type_, f"{type_}.it", root="infra", file="infra/main.tf", line=3, end_line=9)
    reason = Reason("iac_failed", {"checks": ", ".join(checks)})
    return Finding(policy.id, 1, "iac", FindingStatus.FAIL, policy.severity, place, reason, checks=checks)


def words(*found: Finding, language: str = "en", **params: object) -> Words:
    about = {"gate": Severity.INFO, "compared": Comparison(), "language": language, "params": params}
    return Words(Push(assessment=factory.assessment(found), library=bundled(), **about))  # type: ignore[arg-type]


def junit(push: Words, folder: Path) -> str:
    path, about = folder / "junit.xml", push.push
    write_junit(path, about.assessment, about.library, controls=False, params=about.params, language=about.language)
    return "\n".join(text for item in ET.parse(path).iter() for text in (item.get("message") or "", item.text or ""))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text.replace("<br>", " ").replace("<pre>", " ").replace("%0A", " ")))


OUTPUTS: dict[str, Callable[[Words], str]] = {
    "terminal": lambda push: summary_text(report(push)),
    "markdown": markdown,
    "sarif": lambda push: " ".join(texts(json.loads(sarif(push)))),
    "github": workflow_commands,
    "code quality": lambda push: " ".join(texts(json.loads(code_quality(push)))),
    "json": lambda push: " ".join(texts(json.loads(document(push)))),
}


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [str(value)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("policy", EACH)
def test_every_output_has_the_reason_of_each_check_and_only_json_its_id(
    policy: Policy, language: str, tmp_path: Path
) -> None:
    assert policy.iac is not None
    for check in policy.iac.checkov:
        push = words(failure(policy, "aws_thing", check), language=language)
        why = plain(bundled().checks[check].why.in_language(language))
        for name, said in (
            *((name, output(push)) for name, output in OUTPUTS.items()),
            ("junit", junit(push, tmp_path)),
        ):
            assert f"{why}." in plain(said)
            assert (check in plain(said)) is (name == "json")
            assert "Failed in code" not in said


@pytest.mark.parametrize("policy", EACH)
def test_the_fix_is_code_of_the_same_kind_as_the_failure(policy: Policy, tmp_path: Path) -> None:
    assert policy.iac is not None
    kinds = {"AWS::Some::Thing": CLOUDFORMATION} if CLOUDFORMATION in policy.iac.frameworks else {}
    others = policy.iac.frameworks - {CLOUDFORMATION}
    for type_, kind in {**kinds, "aws_thing": "terraform" if "terraform" in others else min(others)}.items():
        push = words(failure(policy, type_, *policy.iac.checkov))
        code = push.fixes(policy.id).get(kind, "")
        assert "${params" not in code
        shown = {name: plain(output(push)) for name, output in OUTPUTS.items() if name not in ("code quality", "sarif")}
        shown["junit"] = plain(junit(push, tmp_path))
        for name, said in shown.items():
            assert plain(code).strip().replace("%", "%25" if name == "github" else "%") in said, name
            assert "aws " + policy.id.split("-")[0] not in said
        (rule,) = json.loads(sarif(push))["runs"][0]["tool"]["driver"]["rules"]
        assert all(text in rule["help"]["markdown"] for text in (code, *push.fixes(policy.id).values()))


def test_numbers_come_from_the_workspace() -> None:
    policy = bundled().policies["rds-backup-retention"]
    finding = failure(policy, "aws_db_instance", "CKV2_PREUVE_RDS_BACKUP_RETENTION")
    push = words(finding, rds_backup_min_days=23)
    assert "backup_retention_period >= 23" in push.reason(finding)
    assert push.code([finding]) == 'resource "aws_db_instance" "this" {\n  backup_retention_period = 23\n}'


def test_a_parameter_is_never_a_template_or_a_command() -> None:
    policy = bundled().policies["tag-data-classification"]
    finding = failure(policy, "aws_s3_bucket", "CKV2_PREUVE_TAG_CLASSIFICATION")
    push = words(finding, classification_levels=['a"b', '${file("/etc/passwd")}\n::error::%{ if true }##[error]'])
    code = push.code([finding])
    assert r'"$${file(\"/etc/passwd\")}\n::error::%%{ if true }# # [error]"' in code
    assert all(not line.startswith("::") for line in workflow_commands(push).splitlines()[0].split("%0A")[1:])


def test_checks_with_the_same_requirement_state_it_once() -> None:
    policy = bundled().policies["backup-coverage"]
    assert policy.iac is not None
    checks = ("CKV2_PREUVE_CLUSTER_BACKUP_SELECTED", "CKV2_AWS_9", "CKV2_AWS_18")
    said = words(failure(policy, "aws_iam_policy", *checks)).reason(failure(policy, "aws_iam_policy", *checks))
    assert said.count("Expected:") == 1
    assert all(bundled().checks[check].why.en in said for check in checks)
