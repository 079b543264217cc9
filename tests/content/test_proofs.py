"""Proofs are loaded whole or refused with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from preuve.model.errors import ContentError
from tools.proofs import ACCOUNT, account_proofs


def refused(root: Path, **files: str) -> list[str]:
    """Return the errors for these files of proofs."""
    home = root / ACCOUNT
    home.mkdir(parents=True)
    for name, text in files.items():
        (home / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        account_proofs(root)
    return [str(problem) for problem in error.value.problems]


def test_every_wrong_file_is_named(tmp_path: Path) -> None:
    found = refused(
        tmp_path, ec2="a-policy:\n  proven: true\n", s3="another: {fails: x, corrected: [{call: CreateBucket}]}\n"
    )
    assert {line.split(":")[0] for line in found} == {f"{ACCOUNT}/ec2.yaml", f"{ACCOUNT}/s3.yaml"}
    assert any(line.startswith(f"{ACCOUNT}/ec2.yaml:2:") for line in found)


def test_the_proof_of_a_policy_is_in_one_file(tmp_path: Path) -> None:
    proof = "a-policy: {fails: x}\n"
    assert refused(tmp_path, ec2=proof, s3=proof) == [f"{ACCOUNT}/s3.yaml:1:11: a-policy is also in {ACCOUNT}/ec2.yaml"]


def test_a_proof_without_a_failing_resource_needs_a_reason(tmp_path: Path) -> None:
    assert refused(tmp_path, s3="a-policy: {demonstration: {fails: x}}\n")
    assert refused(tmp_path / "other", s3='a-policy: {none: "no"}\n')
