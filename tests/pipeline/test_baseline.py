"""The baseline of an account: today's failures stop nobody, and no other failure is covered by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.runs import Run
from preuve.assess.changes.known_findings import compare, mark
from preuve.library.company.baseline import load_baseline
from preuve.model.company.baseline import Baseline, Mark
from preuve.model.content import Severity
from preuve.model.errors import Exit, UsageError
from preuve.model.results import FindingStatus
from preuve.pipeline.push.baseline import read_baseline, record, refuse_other_key
from preuve.pipeline.run.outcome import exit_code


def test_after_a_first_run_only_new_failures_fail_the_gate(whole: Run, tmp_path: Path) -> None:
    path = tmp_path / "baseline.yaml"
    assert exit_code(whole.assessment, Severity.HIGH) is Exit.FINDINGS
    assert read_baseline(tmp_path, None) is None

    known = record(whole.assessment, path, "aws")
    assert exit_code(known, Severity.HIGH) in (Exit.OK, Exit.INCOMPLETE)
    assert {finding.known for finding in known.findings if finding.status is FindingStatus.FAIL} == {True}

    again = read_baseline(tmp_path, None)
    assert again is not None
    assert compare(whole.assessment, again) == known

    first = next(f for f in whole.assessment.findings if f.status is FindingStatus.FAIL and f.severity is Severity.HIGH)
    moved = replace(first, place=replace(first.place, id="elsewhere", arn="arn:aws:s3:::elsewhere"))
    new = compare(replace(whole.assessment, findings=(*whole.assessment.findings, moved)), again)
    assert exit_code(new, Severity.HIGH) is Exit.FINDINGS


def test_a_baseline_of_another_pseudonym_key_is_refused_and_not_taken_for_new(whole: Run, tmp_path: Path) -> None:
    path = tmp_path / "baseline.yaml"
    record(whole.assessment, path, "iac")
    refuse_other_key(load_baseline(path), "")  # code has no pseudonyms
    record(whole.assessment, path, "aws", "a1" * 8)
    record(whole.assessment, path, "iac")
    refuse_other_key(load_baseline(path), "a1" * 8)
    for other in ("", "b2" * 8):
        with pytest.raises(UsageError, match="another pseudonym key"):
            refuse_other_key(load_baseline(path), other)
    record(whole.assessment, path, "aws", "b2" * 8)
    refuse_other_key(load_baseline(path), "b2" * 8)


def test_recording_the_account_keeps_the_baseline_of_the_code(whole: Run, tmp_path: Path) -> None:
    path = tmp_path / "baseline.yaml"
    gone = next(finding for finding in whole.assessment.findings if finding.status is FindingStatus.FAIL)
    code = Mark("iac", "s3-encrypted", "infra:aws_s3_bucket.logs")
    record(replace(whole.assessment, findings=()), path, "iac")
    text = path.read_text().replace(
        "code: {}", 'code:\n  s3-encrypted:\n    - {at: "infra:aws_s3_bucket.logs", checks: [CKV_AWS_19]}'
    )
    path.write_text(text)
    record(whole.assessment, path, "aws")
    assert load_baseline(path).marks[code] == {"CKV_AWS_19"}
    assert mark(gone) in load_baseline(path).marks

    left = tuple(finding for finding in whole.assessment.findings if mark(finding) != mark(gone))
    record(replace(whole.assessment, findings=left), path, "aws")
    assert load_baseline(path).marks[code] == {"CKV_AWS_19"}
    assert mark(gone) not in load_baseline(path).marks, "what was fixed would be let through when it comes back"


def test_the_grounds_of_a_known_failure_stay_if_a_run_has_none(tmp_path: Path, whole: Run) -> None:
    path = tmp_path / "baseline.yaml"
    failing = next(finding for finding in whole.assessment.findings if finding.status is FindingStatus.FAIL)
    for grounds in (("a" * 10,), ()):
        found = replace(failing, source="iac", grounds=grounds)
        record(replace(whole.assessment, findings=(found,)), path, "iac")
    assert list(load_baseline(path).grounds.values()) == [{"a" * 10}]


def test_an_empty_baseline_changes_nothing(whole: Run) -> None:
    assert compare(whole.assessment, Baseline()) == whole.assessment


def test_a_known_failure_that_is_waived_is_still_known_when_the_waiver_ends(tmp_path: Path, whole: Run) -> None:
    path = tmp_path / "baseline.yaml"
    failing = next(finding for finding in whole.assessment.findings if finding.status is FindingStatus.FAIL)
    before, waived = (
        replace(whole.assessment, findings=(one,)) for one in (failing, replace(failing, status=FindingStatus.WAIVED))
    )
    record(before, path, "aws")
    record(waived, path, "aws")
    assert compare(before, load_baseline(path)).findings[0].known
