"""CONTRIBUTING.md adds a policy to the catalogue: this follows it to the letter, on a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from preuve.library.proofs import ACCOUNT, account_proofs
from preuve.library.yaml.place import FOLDERS, content_root

NAME = "iam-password-reuse"
FILE = f"policies/iam/{NAME}.yaml"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the engine and of the content as they were before the policy."""
    for folder in ("preuve", *FOLDERS):
        shutil.copytree(content_root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / FILE).unlink()
    replace(tmp_path / "scanners/checks.yaml", blocks("yaml")[2], "")
    for control in ("iso27001-2022/A.5.17", "gdpr/GDPR.32.1.b"):
        path = tmp_path / f"controls/{control}.yaml"
        replace(path, f"  {NAME}: supporting\n", "")
        replace(path, "\nevidence:", f"\nplanned:\n  - {NAME}\nevidence:")
        rev = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("rev: "))
        replace(path, rev, f"rev: {int(rev.removeprefix('rev: ')) - 1}")
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} does not hold {old!r} once"
    path.write_text(text.replace(old, new), encoding="utf-8")


def preuve(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-m", "preuve.cli.main", *arguments]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def section() -> str:
    text = (content_root() / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("### One more policy, done", 1)[1].split("\n## ", 1)[0]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)


def printed(console: str) -> list[str]:
    """The lines of a console block that a command printed."""
    return [line for line in console.splitlines() if not line.startswith("$ ")]


def apply(checkout: Path, diff: str) -> None:
    """Make the change that a diff shows; its hunks give no line numbers."""
    header, *hunks = re.split(r"^@@\n", diff, flags=re.MULTILINE)
    path = checkout / header.split("+++ b/", 1)[1].strip()
    text = path.read_text(encoding="utf-8")
    for hunk in hunks:
        old = "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " -")
        new = "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " +")
        assert text.count(f"\n{old}") == 1, f"{path.name} does not hold {old!r} once"
        text = text.replace(f"\n{old}", f"\n{new}")
    path.write_text(text, encoding="utf-8")


def test_a_policy_is_added_as_contributing_says(checkout: Path) -> None:
    (policy, *_), (diff,) = blocks("yaml"), blocks("diff")
    trapped, done = blocks("console")
    (checkout / FILE).write_text(policy, encoding="utf-8")
    first = preuve(checkout, "test", NAME)
    assert (first.returncode, first.stdout.splitlines()) == (2, printed(trapped))

    better = blocks("yaml")[1]
    worse = next(line for line in policy.splitlines(keepends=True) if line.startswith("  assert:"))
    (checkout / FILE).write_text(policy.replace(worse, better), encoding="utf-8")
    second = preuve(checkout, "test", NAME)
    refused = preuve(checkout, "lint")
    assert f"{FILE}:2:1: {NAME} supports no control (list it in a control)" in refused.stderr

    with (checkout / "scanners/checks.yaml").open("a", encoding="utf-8") as texts:
        texts.write(blocks("yaml")[2])
    apply(checkout, diff)
    alike = diff.replace("controls/iso27001-2022/A.5.17", "controls/gdpr/GDPR.32.1.b")
    apply(checkout, alike.replace("-rev: 2\n+rev: 3", "-rev: 4\n+rev: 5"))
    third = preuve(checkout, "lint", "--update-lock")
    assert (third.returncode, third.stderr) == (0, "")
    assert [*second.stdout.splitlines(), *third.stdout.splitlines()][: len(printed(done))] == printed(done)
    assert preuve(checkout, "lint").returncode == 0


def test_its_proof_is_one(tmp_path: Path) -> None:
    home = tmp_path / ACCOUNT
    home.mkdir(parents=True)
    (home / "iam.yaml").write_text(blocks("yaml")[3], encoding="utf-8")
    proof = account_proofs(tmp_path)[NAME]
    assert proof.fails == proof.passes == ("${account}",)
    assert [text.count("{ # FAILED\n") for text in blocks("hcl")] == [1, 0]
