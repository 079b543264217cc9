"""The origin of an audit: a commit, or changes that make it a try-out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator import ACCOUNT
from preuve.cli.main import main
from preuve.model.errors import PreuveError
from preuve.pipeline.bundle.origin import origin, to_commit
from preuve.pipeline.run.audit import warnings
from preuve.pipeline.run.preparation import prepare
from preuve.publish.words.locale import load_locale


def workspace(folder: Path) -> Path:
    """A workspace below a repository's root, as a company has it."""
    folder.mkdir(parents=True)
    text = f'schema: 1\norganisation: {{name: Try}}\nscope: {{accounts: [{{id: "{ACCOUNT}"}}], regions: [eu-west-3]}}\n'
    (folder / "preuve.yaml").write_text(text, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Runs git with an identity of its own."""
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(
        command, env={**os.environ, **who, **alone}, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A workspace whose files are all committed."""
    folder = workspace(tmp_path / "repository" / "compliance")
    git(tmp_path / "repository", "init", "--quiet")
    git(tmp_path / "repository", "add", ".")
    git(tmp_path / "repository", "commit", "--quiet", "-m", "workspace")
    return folder


def changed(folder: Path) -> tuple[str, ...]:
    return origin(prepare(folder).workspace).changed


def test_a_committed_workspace_has_its_commit_as_origin(committed: Path) -> None:
    found = origin(prepare(committed).workspace)
    assert (found.commit, found.dirty) == (git(committed, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("name", ["preuve.yaml", "waivers.yaml", "été \n.yaml"])
def test_a_changed_or_new_file_makes_a_tryout(committed: Path, name: str) -> None:
    with (committed / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert changed(committed) == (f"compliance/{name}",)
    (told,) = warnings(prepare(committed), committed / "evidence", load_locale("en"))  # before anything is read
    assert "this will be a try-out" in told and "compliance/" in told


def test_what_a_command_writes_into_a_workspace_in_git_is_to_be_committed(committed: Path, tmp_path: Path) -> None:
    english = load_locale("en")
    assert list(warnings(prepare(committed), committed / "evidence", english)) == []
    assert [*to_commit(committed, english)] == [english("note.commit")] and not [*to_commit(tmp_path, english)]
    for folder in (committed, workspace(tmp_path / "apart")):
        asked = ["attest", "GDP-07", "--template", "--language", "en", "-w", str(folder)]
        said = CliRunner().invoke(main, asked).stdout
        assert (english("note.commit") in said) is (folder == committed)


def test_what_undoes_pseudonyms_is_told_apart_from_what_is_to_be_committed(committed: Path) -> None:
    settings = "evidence: {pseudonym_key: .preuve/p.key, raw: {folder: .preuve/raw, days: 30}}\n"
    with (committed / "preuve.yaml").open("a", encoding="utf-8") as file:
        file.write(settings)
    names = ["p.key", "p.names.json", "p.raw.json", "p.reveals.jsonl", "raw/x/calls.jsonl", "p.yaml"]
    for name in names:
        (committed / ".preuve" / name).parent.mkdir(parents=True, exist_ok=True)
        (committed / ".preuve" / name).write_text("x")
    found = origin(prepare(committed).workspace)
    assert found.private == tuple(f"compliance/.preuve/{name}" for name in names[:-1])
    assert found.changed == ("compliance/.preuve/p.yaml", "compliance/preuve.yaml")
    git(committed, "add", "preuve.yaml", ".preuve/p.yaml")
    git(committed, "commit", "--quiet", "-m", "settings")
    assert origin(prepare(committed).workspace).dirty


def test_changes_in_evidence_and_outside_the_workspace_do_not_count(committed: Path) -> None:
    for folder in (committed / "evidence" / "2026-Q4", committed.parent / "application"):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    assert changed(committed) == ()


def test_a_workspace_outside_git_has_no_commit_and_is_no_tryout(tmp_path: Path) -> None:
    found = origin(prepare(workspace(tmp_path / "alone")).workspace)
    assert (found.commit, found.dirty) == (None, False)


def test_a_repository_without_a_commit_is_a_tryout(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "new")
    git(folder, "init", "--quiet")
    found = origin(prepare(folder).workspace)
    assert (found.commit, found.dirty) == (None, True)


def test_the_repository_of_a_hook_is_ignored(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert changed(committed) == ()


def test_a_repository_that_git_refuses_is_an_error(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "broken")
    (folder / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(PreuveError, match="git cannot be queried"):
        changed(folder)


def test_a_program_configured_in_the_repository_does_not_run(committed: Path) -> None:
    trap = committed.parent / "ran"
    script = committed.parent / "monitor"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    git(committed, "config", "core.fsmonitor", str(script))
    assert changed(committed) == ()
    assert not trap.exists()
