"""Kept results of type-checking: the same rules, and none for a policy that changed since lint."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from content_copy import bundled, linted
from preuve.library.validation.checked_rule import CheckedRule
from preuve.library.validation.compiled_conditions import NAME, _covers, problems, restored, update
from preuve.library.yaml.place import content_root
from preuve.model.content import Library

POLICY = "iam-password-strength"  # reads AWS::Account and a parameter


def reading(library: Library, root: Path, name: str = POLICY) -> tuple[CheckedRule, ...] | None:
    found = restored(root, library, [library.policies[name]])
    return found and found[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the file alone."""
    (tmp_path / "policies").mkdir()
    shutil.copy(content_root() / NAME, tmp_path / NAME)
    return tmp_path


def test_the_restored_rules_equal_those_that_lint_checked() -> None:
    found = restored(content_root(), bundled(), tuple(bundled().policies.values()))
    assert found is not None
    for kept, checked in zip(found[0], linted().rules, strict=True):
        assert (kept.policy, kept.rule, kept.reads) == (checked.policy, checked.rule, checked.reads)
        assert kept.assert_.variables == checked.assert_.variables


def test_a_changed_condition_is_checked_again(root: Path) -> None:
    policy = bundled().policies[POLICY]
    for change in ({"assert_": "true"}, {"when": "true"}, {"resource": "AWS::S3::Bucket"}):
        rule = replace(policy.aws[0], **change)  # type: ignore[arg-type]
        changed = replace(policy, aws=(rule, *policy.aws[1:]))
        assert reading(replace(bundled(), policies={POLICY: changed}), root) is None
    worded = replace(policy, title=policy.rationale, examples=())
    assert reading(replace(bundled(), policies={POLICY: worded}), root) is not None


def test_a_changed_type_is_checked_again_where_it_is_read(root: Path) -> None:
    types = {**bundled().types, "AWS::Account": structs.replace(bundled().types["AWS::Account"], digest="0" * 64)}
    library = replace(bundled(), types=types)
    assert reading(library, root) is None
    assert reading(library, root, "kms-rotation") is not None


def test_a_parameter_with_a_new_type_is_checked_again_and_one_with_a_new_value_is_not(root: Path) -> None:
    (name, *_) = bundled().policies[POLICY].params
    parameter = bundled().parameters[name]
    for value, known in ((parameter.value + 1, True), ("twenty", False)):
        parameters = {**bundled().parameters, name: replace(parameter, value=value)}
        assert (reading(replace(bundled(), parameters=parameters), root) is not None) is known


def test_of_two_merged_lines_the_one_for_the_current_content_counts(root: Path) -> None:
    path, before = root / NAME, (root / NAME).read_text("utf-8")
    (line,) = [line for line in before.splitlines(keepends=True) if line.startswith(f'["{POLICY}"')]
    key = line.split('"')[3]
    for merged in (line.replace(key, "0" * 64) + line, line + line.replace(key, "0" * 64)):
        path.write_text(merged, "utf-8")
        assert reading(bundled(), root) is not None


def test_lint_requires_the_line_of_a_policy_but_accepts_merged_lines(root: Path) -> None:
    path, before = root / NAME, (root / NAME).read_text("utf-8")
    assert list(problems(root, bundled(), linted().rules)) == []
    path.write_text(before.replace(f'["{POLICY}","', f'["{POLICY}","0'), "utf-8")
    (problem,) = problems(root, bundled(), linted().rules)
    assert POLICY in problem.message
    path.write_text(2 * path.read_text("utf-8"), "utf-8")
    assert list(problems(root, bundled(), linted().rules)) == []


def test_the_committed_lines_are_current(root: Path) -> None:
    """Also the shapes, which rest on the models of the boto3 that is locked and on GitHub's description."""
    committed = (content_root() / NAME).read_text("utf-8").splitlines()
    update(root, linted().checker.shapes, linted().rules)
    written = (root / NAME).read_text("utf-8").splitlines()
    assert set(written) <= set(committed), "run: make content"


def test_a_line_made_with_newer_models_is_sufficient_and_one_with_older_models_is_not() -> None:
    def line(members: list[str]) -> list[list[Any]]:
        return [[None, {"reads": {"T": members}, "variables": []}]]

    assert _covers(line(["a", "newer"]), line(["a"]))
    assert not _covers(line(["a"]), line(["a", "newer"]))
    assert not _covers([[None, None]], line(["a"]))
