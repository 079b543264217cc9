"""The composite action: its own steps, run as a runner runs them, on bad, empty and hostile input."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

ROOT = Path(__file__).parents[2]
ACTION: Mapping[str, Any] = yaml.safe_load((ROOT / "ci/action.yml").read_text(encoding="utf-8"))
INSTALL = "Install preuve"  # the programs used here are installed already
WORKSPACE = """schema: 1
organisation: {name: Acme, country: FR, language: en}
frameworks: [iso27001-2022]
scope: {regions: [eu-west-3], iac: [{path: ., kind: terraform}]}
"""
BAD = """resource "aws_db_instance" "shop" {
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  publicly_accessible = true
  storage_encrypted   = false
}
"""


@dataclass
class Runner:
    """The part of GitHub's runner that the action's scripts see."""

    folder: Path
    inputs: Mapping[str, str]
    event: Mapping[str, str] = field(default_factory=dict)  # the content of the context `github`
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""

    def run(self) -> int:
        """Return the exit code of the first step that fails; 0 if none does."""
        temp = self.folder / "temp"
        temp.mkdir()
        (temp / "preuve-venv").mkdir()
        (temp / "preuve-venv" / "bin").symlink_to(sysconfig.get_path("scripts"))
        for step in ACTION["runs"]["steps"]:
            if "run" in step and step["name"] != INSTALL and (code := self.step(step)):
                return code
        return 0

    @property
    def summary(self) -> str:
        return (self.folder / "summary.md").read_text(encoding="utf-8")

    def step(self, step: Mapping[str, Any]) -> int:
        output = self.folder / f"{step['id']}.out"
        environment = {name: self._value(str(text)) for name, text in step["env"].items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / "repo",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
        self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _value(self, text: str) -> str:
        known = {"runner.temp": str(self.folder / "temp"), "github.action_path": str(ROOT / "ci"), "runner.os": "Linux"}

        def value(match: re.Match[str]) -> str:
            kind, _, name = match[1].partition(".")
            if kind == "inputs":
                return self.inputs.get(name, ACTION["inputs"][name]["default"])
            if kind == "steps":
                step, _, output = name.partition(".outputs.")
                return self.outputs[step][output]
            return known.get(match[1]) or self.event.get(name, "")

        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", value, text)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True)


def runner(folder: Path, files: Mapping[str, str], **inputs: str) -> Runner:
    repo = folder / "repo"
    repo.mkdir()
    for name, text in files.items():
        (repo / name).write_text(text, encoding="utf-8")
    git(repo, "init", "-q")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", "x")
    return Runner(folder, inputs)


def test_bad_code_fails_the_step_with_its_place(tmp_path: Path) -> None:
    action = runner(tmp_path, {"preuve.yaml": WORKSPACE, "main.tf": BAD})
    assert action.run() == 10, action.log
    assert action.outputs["check"]["exit-code"] == "10"
    assert int(action.outputs["check"]["new"]) > 0
    assert re.search(r"^::error file=main\.tf,line=1\b", action.log, re.MULTILINE)
    assert "aws_db_instance.shop" in html.unescape(action.summary)
    folder = Path(action.outputs["places"]["folder"])
    assert JUnitXml.fromfile(str(folder / "junit.xml")).failures > 0
    assert json.loads((folder / "preuve.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]


def test_an_empty_repository_is_no_success(tmp_path: Path) -> None:
    action = runner(tmp_path, {"preuve.yaml": WORKSPACE})
    assert action.run() == 3, action.log
    results = JUnitXml.fromfile(str(Path(action.outputs["places"]["folder"]) / "junit.xml"))
    assert (results.tests, results.errors) == (1, 1)


def test_the_same_code_as_before_passes(tmp_path: Path) -> None:
    action = runner(tmp_path, {"preuve.yaml": WORKSPACE, "main.tf": BAD}, base="HEAD")
    assert action.run() == 0, action.log
    assert action.outputs["check"]["new"] == "0"
    assert int(action.outputs["check"]["known"]) > 0


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone as actions/checkout makes it with fetch-depth 0, its branch two commits ahead of main."""
    folder = tmp_path_factory.mktemp("origin")
    origin = runner(folder, {"preuve.yaml": WORKSPACE, "main.tf": BAD}).folder / "repo"
    git(origin, "branch", "-m", "main")
    git(origin, "checkout", "-q", "-b", "feature")
    for name in ("one", "two"):
        git(origin, "commit", "-q", "--allow-empty", "-m", name)
    git(folder, "clone", "-q", str(origin), "repo-clone")
    return folder / "repo-clone"


MAIN = {"ref": "refs/heads/main", "event.repository.default_branch": "main"}
FEATURE = {**MAIN, "ref": "refs/heads/feature"}
TARGET = "refs/remotes/origin/main"
GONE = "5" * 40


@pytest.mark.parametrize(
    ("event", "base"),
    [
        ({"base_ref": "main", "ref": "refs/pull/1/merge"}, TARGET),
        ({**MAIN, "event.before": "HEAD~1"}, "HEAD~1"),
        ({**MAIN, "event.before": "0" * 40}, ""),  # the first push of all
        ({**MAIN, "event.before": GONE}, ""),  # main was rewritten
        ({**FEATURE, "event.before": "0" * 40}, TARGET),
        ({**FEATURE, "event.before": "HEAD~1"}, TARGET),  # an earlier push does not judge the next
        ({**FEATURE, "event.before": GONE}, TARGET),
        ({**MAIN, "ref": "refs/tags/v1", "event.before": "0" * 40}, TARGET),
        ({**MAIN, "ref": "refs/heads/gh-readonly-queue/main/pr-1", "event.merge_group.base_sha": "HEAD~2"}, "HEAD~2"),
        (MAIN, ""),  # by hand, or at a time
    ],
)
def test_every_event_is_compared_with_its_target(
    clone: Path, tmp_path: Path, event: Mapping[str, str], base: str
) -> None:
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "base")
    (tmp_path / "repo").symlink_to(clone)
    action = Runner(tmp_path, {}, event)
    assert action.step(step) == 0, action.log
    assert action.outputs["base"] == {"commit": base}
    assert ("::warning" in action.log) == (event.get("event.before") == GONE and base == "")


def test_a_clone_without_history_says_what_to_fetch(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{clone}", "repo")
    action = Runner(tmp_path, {}, {**MAIN, "event.before": GONE})
    assert action.run() == 2
    assert re.search(
        r"^::error title=preuve::there is no commit 5+ in this clone .*fetch-depth: 0", action.log, re.MULTILINE
    )


@pytest.mark.parametrize("name", ["path", "base", "gate", "frameworks"])
@pytest.mark.parametrize("text", ["$(touch ../ran)", "; touch ../ran", "`touch ../ran`", "--help", "a\n::error::x"])
def test_an_input_can_neither_run_code_nor_become_an_option(tmp_path: Path, name: str, text: str) -> None:
    action = runner(tmp_path, {"preuve.yaml": WORKSPACE, "main.tf": BAD}, **{name: text})
    assert action.run() == 2, action.log
    assert not (tmp_path / "ran").exists()
    assert "::error::x" not in action.log.splitlines()


def test_no_script_contains_an_expression() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts and all("${{" not in script for script in scripts)


def test_outputs_refer_to_values_that_the_steps_write(tmp_path: Path) -> None:
    action = runner(tmp_path, {"preuve.yaml": WORKSPACE, "main.tf": BAD})
    action.run()
    for name, output in ACTION["outputs"].items():
        step, key = re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", output["value"])[0]
        assert action.outputs[step][key], name
