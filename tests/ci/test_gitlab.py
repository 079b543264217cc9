"""The push gate of the GitLab template: its own lines, run as a runner runs them."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GONE = "5" * 40


class _Loader(yaml.SafeLoader):
    """GitLab's own tags are of no interest here."""


_Loader.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))
GATE: dict[str, Any] = yaml.load((ROOT / "ci/templates/gitlab/.gitlab-ci.yml").read_text(encoding="utf-8"), _Loader)[
    "gate"
]
WORKSPACE = "schema: 1\norganisation: {name: Acme, country: FR}\nscope: {iac: [{path: infra, kind: terraform}]}\n"
VOLUME = 'resource "aws_ebs_volume" "%s" {\n  availability_zone = "eu-west-3a"\n  encrypted = false\n}\n'


@dataclass(frozen=True)
class Project:
    """A clone as a runner makes it. The branch `feature` of the project adds a problem to that of `main`."""

    folder: Path

    @property
    def results(self) -> Path:
        """The folder with the results of earlier runs."""
        return self.folder.parent / "results"

    def commit(self, name: str, text: str) -> None:
        """A further commit with one file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", name)

    def git(self, *arguments: str) -> str:
        """Run git in the clone."""
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        command = ["git", *who, "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def run(self, part: str = "script", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a part of the job."""
        text = "\n".join(GATE[part]).replace("/opt/preuve/.venv/bin", sysconfig.get_path("scripts"))
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", text.replace("/tmp/results", str(self.results))],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    origin = Project(tmp_path / "origin")
    origin.folder.mkdir()
    origin.git("init", "-q", "-b", "main")
    origin.commit("preuve.yaml", WORKSPACE)
    origin.commit("infra/main.tf", VOLUME % "old")
    origin.git("checkout", "-q", "-b", "feature")
    origin.commit("infra/new.tf", VOLUME % "new")
    origin.git("clone", "-q", str(origin.folder), str(tmp_path / "clone"))
    return Project(tmp_path / "clone")


def test_a_merge_request_is_compared_with_its_target_branch(project: Project) -> None:
    project.git("tag", "main")
    done = project.run(CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_COMMIT_BEFORE_SHA="0" * 40)
    assert done.returncode == 10, done.stderr
    assert ("aws_ebs_volume.new" in done.stdout, "aws_ebs_volume.old" in done.stdout) == (True, False)
    assert (project.folder / "preuve.xml").is_file()


@pytest.mark.parametrize(("before", "known"), [("0" * 40, False), (GONE, False), ("HEAD~1", True)])
def test_a_push_is_compared_with_its_previous_commit_if_there_is_one(
    project: Project, before: str, known: bool
) -> None:
    done = project.run(CI_COMMIT_BEFORE_SHA=before)
    assert done.returncode == 10, done.stderr
    assert ("1 known problem remains" in done.stdout) == known


def test_a_push_cannot_bring_a_cache_or_write_a_report_through_a_link(project: Project) -> None:
    victim = project.folder.parent / "victim"
    victim.write_text("mine")
    (project.folder / "preuve.xml").symlink_to(victim)
    project.commit(".results/forged", "PASS")
    project.run(CI_COMMIT_BEFORE_SHA="HEAD~1")
    assert victim.read_text() == "mine"
    assert not (project.results / "forged").exists()
    assert project.run("after_script").returncode == 0
    assert not (project.folder / ".results" / "forged").exists()


def test_the_next_job_gets_the_cached_results(project: Project) -> None:
    project.run(CI_COMMIT_BEFORE_SHA="HEAD~1")
    project.run("after_script")
    kept = {path.relative_to(project.folder / ".results") for path in (project.folder / ".results").rglob("*")}
    project.run(CI_COMMIT_BEFORE_SHA="HEAD~1")
    assert kept and {path.relative_to(project.results) for path in project.results.rglob("*")} == kept
