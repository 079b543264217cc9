"""The jobs that read an account, as `preuve init` writes them: their own lines, run as a runner runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from preuve.redact.pseudonyms import KEY_BYTES, Pseudonyms

ROOT = Path(__file__).parents[2]
KEY = "5e" * KEY_BYTES
STUB = f"""#!{sys.executable}
import pathlib, sys
from preuve.pipeline.run.forget import key_path
from preuve.pipeline.run.preparation import prepare
from preuve.redact.pseudonyms import Pseudonyms, load_key
workspace = prepare(pathlib.Path()).workspace
print(" ".join(sys.argv[1:]), Pseudonyms(load_key(key_path(workspace))).of("alice"))
"""


class _Loader(yaml.SafeLoader):
    """GitLab's own tags are of no interest here."""


_Loader.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))


def _scripts() -> Iterator[tuple[str, str]]:
    """Each script that starts an examination of an account, by the name of its job."""
    for path in sorted((ROOT / "ci/templates/github/.github/workflows").glob("*.yml")):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            for step in job["steps"]:
                if any(f"preuve {command}" in step.get("run", "") for command in ("scan aws", "audit")):
                    yield f"github {step['name']}", step["run"]
    jobs = yaml.load((ROOT / "ci/templates/gitlab/.gitlab-ci.yml").read_text(encoding="utf-8"), _Loader)
    for name in ("account", "audit"):
        yield f"gitlab {name}", "\n".join(jobs[name]["script"])


def _downloads() -> Iterator[tuple[str, str]]:
    """Each script that downloads modules, by its file and job."""
    for path in sorted((ROOT / "ci/templates").rglob("*.yml")):
        data = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        steps = [step.get("run", "") for job in data.get("jobs", {}).values() for step in job["steps"]]
        for text in (*steps, "\n".join(data.get("modules", {}).get("script", ()))):
            if "terraform" in text and "ls-files" in text:
                yield path.name, text


DOWNLOADS = dict(_downloads())
SCRIPTS = dict(_scripts())


def run(folder: Path, script: str) -> str:
    """Return the output of a script on a fresh machine. A replacement for preuve prints its arguments and one
    pseudonym.
    """
    work, home = folder / "work", folder / "home"
    stub = work / ".preuve-source/.venv/bin/preuve"
    stub.parent.mkdir(parents=True)
    home.mkdir()
    stub.write_text(STUB, encoding="utf-8")
    stub.chmod(0o755)
    (work / "preuve.yaml").write_text("schema: 1\norganisation: {name: Acme}\n", encoding="utf-8")
    (folder / "secret").write_text(KEY, encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    text = script.replace("/opt/preuve/.venv/bin/preuve", str(stub))
    known = {"KEY": KEY, "PSEUDONYM_KEY": KEY, "PREUVE_PSEUDONYM_KEY": str(folder / "secret"), "TOKEN": "t"}
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TEMP": str(folder), **known}
    environment["GITHUB_STEP_SUMMARY"] = str(folder / "summary.md")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", f"umask 077\n{text}"],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_job_has_a_test() -> None:
    assert len(SCRIPTS) == 4


@pytest.mark.parametrize("job", SCRIPTS)
def test_two_runners_give_a_person_the_same_pseudonym(tmp_path: Path, job: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first, second = (run(tmp_path / name, SCRIPTS[job]) for name in ("one", "two"))
    assert Pseudonyms(bytes.fromhex(KEY)).of("alice") in first
    assert first.split()[-1] == second.split()[-1]


@pytest.mark.parametrize("job", [name for name, script in SCRIPTS.items() if "scan aws" in script])
def test_a_nightly_scan_enters_the_chain_of_runs(tmp_path: Path, job: str) -> None:
    assert "scan aws --record" in run(tmp_path, SCRIPTS[job])


@pytest.mark.parametrize("name", DOWNLOADS)
@pytest.mark.parametrize(
    ("files", "folders"),
    [
        ({}, []),
        ({"infra/a.tf": "locals {}\n"}, []),
        ({"infra/a.tf": "locals {}\n", "infra b/m.tf": 'module "x" {\n  source = "a/b/c"\n}\n'}, ["infra b"]),
    ],
)
def test_modules_are_downloaded_where_code_calls_any_and_no_job_fails_without_them(
    tmp_path: Path, name: str, files: dict[str, str], folders: list[str]
) -> None:
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "-A"], check=True)
    stub = tmp_path / "bin" / "terraform"
    stub.parent.mkdir()
    stub.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/calls"\nexit 1\n', encoding="utf-8")
    stub.chmod(0o755)
    environment = {**os.environ, "PATH": f"{stub.parent}:{os.environ['PATH']}"}
    command = ["bash", "-eo", "pipefail", "-c", DOWNLOADS[name]]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    calls = tmp_path / "calls"
    assert (calls.read_text().splitlines() if calls.exists() else []) == [f"-chdir={folder}" for folder in folders]


def test_every_download_has_a_test() -> None:
    assert set(DOWNLOADS) == {"preuve.yml", "preuve-audit.yml", "preuve-fleet.yml", ".gitlab-ci.yml"}
