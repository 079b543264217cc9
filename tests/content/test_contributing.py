"""CONTRIBUTING.md adds a policy to the catalogue: this follows it to the letter, on a copy, and merges another one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from preuve.library.yaml.place import FOLDERS, content_root
from tools.proofs import ACCOUNT, account_proofs

NAME = "iam-password-reuse"
FILE = f"policies/iam/{NAME}.yaml"
RULE = "scanners/iac/password-reuse.yaml"
EXAMPLES = "scanners/iac/examples/password-reuse"


OTHER = "iam-password-remembered"  # another person's addition at the same time: its lines are beside those of the first
OTHERS_RULE = "scanners/iac/password-remembered.yaml"
GENERATED = ("controls/catalogue.lock", "controls/parsed.jsonl", "policies/compiled.jsonl", "docs/catalogue.md")
CHANGED = ("controls/iso27001-2022/A.5.17", "controls/gdpr/GDPR.32.1.b", "controls/planned")
GONE = (  # how the lines of the policy, and of the documents that change with it, begin
    *(NAME, f'["{NAME}"', f'["{FILE}"', f'["{RULE}"', f"| `{NAME}`"),
    *(f'["{document}.yaml"' for document in CHANGED),
    *(f"{Path(document).name} " for document in CHANGED),
)
PLANNED = f"  {NAME}:\n    title: {{en: x, fr: x}}\n    severity: low\n    tier: 2\n    scope: both\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the engine and of the content as they were before the policy, in a repository."""
    for folder in ("preuve", "tools", "tests/policies", *FOLDERS):
        shutil.copytree(content_root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs").mkdir()
    for file in ("Makefile", ".gitattributes", ".gitignore", "docs/catalogue.md", "docs/formats.md"):
        shutil.copy(content_root() / file, tmp_path / file)
    (tmp_path / FILE).unlink()
    (tmp_path / RULE).unlink()
    shutil.rmtree(tmp_path / EXAMPLES)
    for file in GENERATED:
        lines = (tmp_path / file).read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / file).write_text("".join(line for line in lines if not line.startswith(GONE)), encoding="utf-8")
    planned = tmp_path / "controls/planned.yaml"
    planned.write_text(re.sub(r"(?m)^planned:.*\n", f"planned:\n{PLANNED}", planned.read_text("utf-8")), "utf-8")
    for control in ("iso27001-2022/A.5.17", "gdpr/GDPR.32.1.b"):
        path = tmp_path / f"controls/{control}.yaml"
        replace(path, f"  {NAME}: supporting\n", "")
        replace(path, "\nevidence:", f"\nplanned:\n  - {NAME}\nevidence:")
        rev = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("rev: "))
        replace(path, rev, f"rev: {int(rev.removeprefix('rev: ')) - 1}")
    git(tmp_path, "init", "--initial-branch=main")
    commit(tmp_path, "before")
    return tmp_path


def git(checkout: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null")
    subprocess.run(["git", *identity, *arguments], cwd=checkout, capture_output=True, check=True)


def commit(checkout: Path, message: str) -> None:
    git(checkout, "add", "--all")
    git(checkout, "commit", f"--message={message}")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} does not hold {old!r} once"
    path.write_text(text.replace(old, new), encoding="utf-8")


def preuve(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ran(checkout, sys.executable, "-m", "preuve.cli.main", *arguments)


def make_content(checkout: Path, policy: str) -> subprocess.CompletedProcess[str]:
    """Run the steps of `make content` except for the proofs, which `tests/policies` runs."""
    here = f"BIN={Path(sys.executable).parent}"
    return ran(checkout, "make", "--no-print-directory", "content", f"POLICY={policy}", here, "READY=", "PROOFS=")


def ran(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def section() -> str:
    text = (content_root() / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("### A complete example", 1)[1].split("\n## ", 1)[0]


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


def test_adding_a_policy_as_contributing_says_merges_without_conflict(checkout: Path) -> None:
    (policy, *_), (diff,) = blocks("yaml"), blocks("diff")
    trapped, done = blocks("console")
    git(checkout, "switch", "--create=ours")
    (checkout / FILE).write_text(policy, encoding="utf-8")
    first = preuve(checkout, "test", NAME)
    assert (first.returncode, first.stdout.splitlines()) == (2, printed(trapped))

    better = blocks("yaml")[1]
    worse = next(line for line in policy.splitlines(keepends=True) if line.startswith("  assert:"))
    policy = policy.replace(worse, better)
    (checkout / FILE).write_text(policy, encoding="utf-8")
    (checkout / RULE).write_text(blocks("yaml")[2], encoding="utf-8")
    shutil.copytree(content_root() / EXAMPLES, checkout / EXAMPLES)
    shutil.copy(content_root() / "controls/planned.yaml", checkout / "controls/planned.yaml")
    apply(checkout, diff)
    alike = diff.replace("controls/iso27001-2022/A.5.17", "controls/gdpr/GDPR.32.1.b")
    rev = int((checkout / "controls/gdpr/GDPR.32.1.b.yaml").read_text("utf-8").split("\nrev: ", 1)[1].split("\n", 1)[0])
    apply(checkout, re.sub(r"-rev: \d+\n\+rev: \d+", f"-rev: {rev}\n+rev: {rev + 1}", alike))
    add_parameter(checkout, "zebra_days")
    made = make_content(checkout, NAME)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[: len(printed(done))] == printed(done)
    commit(checkout, "ours")

    git(checkout, "switch", "main")
    git(checkout, "switch", "--create=theirs")
    add_another(checkout, policy)
    git(checkout, "merge", "ours")  # fails on a conflict
    refused = preuve(checkout, "lint")
    said = "controls/iso27001-2022/A.5.17.yaml:2:1: A.5.17"
    assert (refused.returncode, [line for line in refused.stderr.splitlines() if said not in line]) == (2, [])
    raise_rev(checkout / "controls/iso27001-2022/A.5.17.yaml")
    assert preuve(checkout, "lint", "--update-lock").returncode == 0
    assert all(text in (checkout / file).read_text("utf-8") for file in GENERATED for text in (NAME, OTHER))
    merged = preuve(checkout, "lint")
    assert (merged.returncode, merged.stderr) == (0, "")


def add_another(checkout: Path, like: str) -> None:
    """Add a policy with a code side and a parameter that supports the same control and a further one. Commit it with
    all that is generated.
    """
    rule, others_rule = ("CKV2_PREUVE_PASSWORD_REUSE", "CKV2_PREUVE_PASSWORD_REMEMBERED")
    own = like.replace(NAME, OTHER).replace(rule, others_rule)
    (checkout / f"policies/iam/{OTHER}.yaml").write_text(own, encoding="utf-8")
    (checkout / OTHERS_RULE).write_text(blocks("yaml")[2].replace(rule, others_rule), encoding="utf-8")
    shutil.copytree(content_root() / EXAMPLES, checkout / "scanners/iac/examples/password-remembered")
    add_parameter(checkout, "aardvark_days")
    for name in ("A.5.17", "A.8.5"):
        control = checkout / f"controls/iso27001-2022/{name}.yaml"
        replace(control, "\npolicies:\n", f"\npolicies:\n  {OTHER}: supporting\n")
        raise_rev(control)
    assert preuve(checkout, "lint", "--update-lock").returncode == 0
    assert ran(checkout, sys.executable, "-m", "tools.catalogue").returncode == 0
    commit(checkout, "theirs")


def add_parameter(checkout: Path, name: str) -> None:
    """Add a parameter in the order of the ids."""
    path = checkout / "policies/params.yaml"
    head, *entries = re.split(r"^(?=[a-z])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries.append(f"{name}:\n  value: 1\n  unit: {{en: days, fr: jours}}\n  source: {{en: test, fr: test}}\n")
    path.write_text(head + "".join(sorted(entries)), encoding="utf-8")


def raise_rev(control: Path) -> None:
    rev = next(line for line in control.read_text(encoding="utf-8").splitlines() if line.startswith("rev: "))
    replace(control, f"\n{rev}\n", f"\nrev: {int(rev.removeprefix('rev: ')) + 1}\n")


def test_the_proof_in_contributing_is_valid(tmp_path: Path) -> None:
    home = tmp_path / ACCOUNT
    home.mkdir(parents=True)
    (home / "iam.yaml").write_text(blocks("yaml")[3], encoding="utf-8")
    proof = account_proofs(tmp_path)[NAME]
    assert proof.fails == proof.passes == ("${account}",)
    assert [text.count("{ # FAILED\n") for text in blocks("hcl")] == [1]
