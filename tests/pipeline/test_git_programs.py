"""A repository whose configuration names programs in every place that git supports: none of them runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.pushes import CLOSED, ci, volumes, workspace
from pipeline.runs import with_few
from preuve.cli.main import main
from preuve.pipeline.push.git import Repository
from preuve.system.git import Git

_WHO = ("-c", "user.name=test", "-c", "user.email=test@example.org")
_PLACES = (
    "core.fsmonitor core.sshCommand core.gitProxy core.editor core.pager core.askPass core.alternateRefsCommand "
    "alias.diff alias.status alias.cat-file alias.ls-files alias.rev-parse alias.ls-tree alias.config "
    "diff.external diff.trap.textconv diff.trap.command filter.trap.clean filter.trap.smudge filter.trap.process "
    "filter.lfs.clean filter.lfs.smudge filter.lfs.process merge.trap.driver pager.diff pager.status pager.config "
    "credential.helper gpg.program gpg.ssh.program gpg.ssh.defaultKeyCommand sequence.editor interactive.diffFilter "
    "difftool.trap.cmd mergetool.trap.cmd browser.trap.cmd man.trap.cmd trailer.trap.cmd trailer.trap.command "
    "remote.origin.uploadpack remote.origin.receivepack remote.origin.vcs uploadpack.packObjectsHook "
    "sendemail.sendmailCmd web.browser instaweb.httpd guitool.trap.cmd hook.trap.command receive.procReceiveRefs "
)
_HOOKS = (
    "applypatch-msg commit-msg fsmonitor-watchman post-checkout post-commit post-index-change post-merge post-rewrite "
    "post-update pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase pre-receive prepare-commit-msg "
    "proc-receive push-to-checkout query-watchman reference-transaction sendemail-validate update post-receive "
)


def _git(folder: Path, *arguments: str) -> str:
    """Git without what the repository's configuration names, to prepare it."""
    command = ["git", "-C", str(folder), *_WHO, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Trapped:
    """A workspace in a repository full of traps, and what they leave behind."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "repository"
        self.workspace = with_few(workspace(self.top / "shop", volumes("old", text=CLOSED)), "ebs-volume-encrypted")
        self._ran = folder / "ran"
        self._program = folder / "trap"
        self._program.write_text(f'#!/bin/sh\necho "$0 $*" >> {self._ran}\ncat\n')
        self._program.chmod(0o755)
        (self.top / ".gitattributes").write_text("* filter=trap diff=trap merge=trap\n*.yaml filter=lfs\n")
        _git(self.top, "init", "-q", "-b", "main")
        _git(self.top, "add", "-A")
        _git(self.top, "commit", "-q", "-m", "one")
        _git(self.top, "init", "-q", "--bare", str(folder / "remote.git"))
        _git(self.top, "remote", "add", "origin", str(folder / "remote.git"))
        _git(self.top, "checkout", "-q", "-b", "feature")
        self._set(self.top / ".git")

    def _set(self, repository: Path) -> None:
        included = repository / "included"
        for place in _PLACES.split():
            subprocess.run(["git", "config", "--file", str(included), place, str(self._program)], check=True)
        lines = "[include]\n\tpath = included\n[protocol]\n\tallow = always\n"
        lines += '[hook "trap"]\n\tevent = reference-transaction\n'
        with (repository / "config").open("a", encoding="utf-8") as file:
            file.write(f"{lines}[core]\n\thooksPath = {repository / 'traps'}\n")
        for folder in (repository / "traps", repository / "hooks"):
            folder.mkdir(exist_ok=True)
            for hook in _HOOKS.split():
                (folder / hook).unlink(missing_ok=True)
                (folder / hook).symlink_to(self._program)

    @property
    def ran(self) -> list[str]:
        return self._ran.read_text().splitlines() if self._ran.exists() else []

    def push(self) -> None:
        """Make a change of the same length, so that a comparison must read the file."""
        (self.workspace / "infra" / "main.tf").write_text(volumes("new", text=CLOSED))

    def submodule(self) -> None:
        """A part with a repository and traps of its own."""
        part = self.workspace / "infra" / "part"
        part.mkdir()
        (part / "main.tf").write_text(volumes("part", text=CLOSED))
        (part / ".gitattributes").write_text("* filter=trap\n")
        _git(part, "init", "-q")
        _git(part, "add", "-A")
        _git(part, "commit", "-q", "-m", "part")
        untrapped = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "alias.add=")
        blob = _git(part, "rev-parse", "HEAD")
        command = ["git", "update-index", "--add", "--cacheinfo", f"160000,{blob},shop/infra/part"]
        subprocess.run([*command[:1], *untrapped, *_WHO, *command[1:]], cwd=self.top, check=True)
        tree = _git(self.top, *untrapped, "write-tree")
        commit = _git(self.top, *untrapped, "commit-tree", "-p", "HEAD", "-m", "part", tree)
        (self.top / ".git" / "refs" / "heads" / "feature").write_text(f"{commit}\n")
        (self.top / ".git" / "refs" / "heads" / "main").write_text(f"{commit}\n")
        self._set(part / ".git")
        (part / "main.tf").write_text(volumes("trap", text=CLOSED))
        self._ran.unlink(missing_ok=True)


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trapped:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Trapped(tmp_path)


def _chain(there: Trapped) -> None:
    text = (there.workspace / "preuve.yaml").read_text()
    chain = "evidence: {pseudonym_key: ../../key, chain: {remote: origin}}\n"
    (there.workspace / "preuve.yaml").write_text(text + chain)
    tree = Git.around(there.top)
    assert tree is not None
    blob = tree.output("hash-object", "-w", "--stdin", given=(there.workspace / "preuve.yaml").read_bytes())
    tree.output("update-index", "--add", "--cacheinfo", f"100644,{blob.decode().strip()},shop/preuve.yaml")
    commit = tree.run(
        "commit-tree", "-p", "HEAD", "-m", "chain", tree.output("write-tree").decode().strip(), who=_NAMED
    )
    (there.top / ".git" / "refs" / "heads" / "feature").write_bytes(commit.stdout)


_NAMED = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def test_the_traps_are_effective(trapped: Trapped) -> None:
    trapped.push()
    subprocess.run(["git", "diff", "main"], cwd=trapped.top, check=False, capture_output=True)
    subprocess.run(["git", "fetch"], cwd=trapped.top, check=False, capture_output=True)
    assert len(trapped.ran) > 2


@pytest.mark.parametrize(
    "command",
    [
        lambda there: ci(there.workspace, "--base", "main"),
        lambda there: ci(there.workspace, "--base", "main", "--changed-only"),
        lambda there: ci(there.workspace),
        lambda there: _run("doctor", there.workspace),
        lambda there: _run("lint", there.workspace),
        lambda there: _run("scan", "iac", there.workspace),
        lambda there: _run("audit", there.workspace),
        lambda there: Repository.around(there.top).renamed("main", ""),  # type: ignore[union-attr]
    ],
)
def test_no_program_configured_in_a_repository_runs(trapped: Trapped, command: Callable[[Trapped], object]) -> None:
    trapped.submodule()
    trapped.push()
    command(trapped)
    assert trapped.ran == []


def _run(*arguments: object) -> None:
    *words, folder = map(str, arguments)
    option = [] if words == ["lint"] else ["-w", folder]
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner().invoke(main, [*words, *option])
    finally:
        os.chdir(before)
    assert "Usage" not in result.output, result.output


def test_the_chain_on_a_branch_runs_no_program_of_the_repository(trapped: Trapped) -> None:
    _chain(trapped)
    _run("audit", trapped.workspace)
    assert trapped.ran == []
    assert _git(trapped.top.parent / "remote.git", "branch", "--list", "evidence-log")


def test_a_repository_of_another_user_has_its_remotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container the checkout often belongs to another user; git then gave no configuration, and the chain was said
    to have no remote.
    """
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "remote", "add", "origin", "https://git.example/x")
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    refused = subprocess.run(["git", "config", "--local", "--list"], cwd=tmp_path, capture_output=True, check=False)
    found = Git.around(tmp_path)
    assert refused.returncode != 0
    assert found is not None and ("remote.origin.url", "https://git.example/x") in found.settings
