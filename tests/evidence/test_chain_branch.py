"""The chain of runs on a branch of a bare repository: the remote decides which run is first, and loses nothing."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence.company import found, now
from preuve.evidence.runs.branch import BranchChain
from preuve.evidence.runs.lines import Run, SealFacts, next_line, record
from preuve.evidence.timestamp import Authority
from preuve.evidence.verifier.chain import CHAIN, Line, read
from preuve.model.errors import PreuveError
from preuve.pipeline.bundle.seal import PlannedSeal, explain_gaps, sealing
from preuve.publish.site.facts import SealDescription

RUN = Run("scan", "2026-11-24T12:00:00Z", "2026-Q4", counts={"PASS": 3})


def git(folder: Path, *arguments: str, given: str = "") -> str:
    name = ["-c", "user.name=test", "-c", "user.email=test@example.test"]
    command = ["git", "-C", str(folder), *name, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=given, timeout=60).stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A protected bare repository: no force push, no removal of a branch."""
    folder = tmp_path / "remote.git"
    folder.mkdir()
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    git(folder, "config", "receive.denyNonFastForwards", "true")
    git(folder, "config", "receive.denyDeletes", "true")
    return folder


def clone(remote: Path, name: str) -> Path:
    folder = remote.parent / name
    git(remote.parent, "clone", "--quiet", str(remote), str(folder))
    return folder


def chain(repository: Path) -> BranchChain:
    return BranchChain(repository, "origin", "evidence-log")


def test_the_chain_is_pushed_to_its_own_branch_without_a_checkout(remote: Path) -> None:
    workspace = clone(remote, "workspace")
    (workspace / "uncommitted").write_text("x")
    record(chain(workspace), RUN)
    record(chain(clone(remote, "other")), RUN)
    lines = chain(workspace).read().lines
    assert [line.number for line in lines] == [1, 2]
    assert git(remote, "ls-tree", "--name-only", "evidence-log") == CHAIN
    assert git(remote, "log", "--format=%an %s", "evidence-log").splitlines() == [
        "preuve Run 2: scan",
        "preuve Run 1: scan",
    ]
    assert git(workspace, "status", "--short") == "?? uncommitted"
    assert git(workspace, "branch", "--list") == ""


def test_other_files_of_the_branch_stay(remote: Path) -> None:
    workspace = clone(remote, "workspace")
    blob = git(workspace, "hash-object", "-w", "--stdin", given="* -text\n")
    tree = git(workspace, "mktree", given=f"100644 blob {blob}\t.gitattributes\n")
    git(
        workspace,
        "push",
        "--quiet",
        "origin",
        git(workspace, "commit-tree", "-m", "x", tree) + ":refs/heads/evidence-log",
    )
    record(chain(workspace), RUN)
    assert git(remote, "ls-tree", "--name-only", "evidence-log").splitlines() == [".gitattributes", CHAIN]


def test_concurrent_runs_lose_no_line(remote: Path) -> None:
    """From two clones, and twice from the same."""
    clones = [clone(remote, "a"), clone(remote, "b")]
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(lambda place=place: [record(chain(place), RUN) for _ in range(3)]) for place in clones * 2]
        numbers = sorted(line.number for run in runs for line in run.result())
    assert numbers == list(range(1, 13))
    lines = chain(clones[0]).read().lines
    assert [line.number for line in lines] == numbers


def test_of_two_runs_with_the_same_view_only_the_first_is_added(remote: Path) -> None:
    first, second = chain(clone(remote, "a")), chain(clone(remote, "b"))
    for _ in range(2):  # the branch does not exist, then it does
        seen, same = first.read(), second.read()
        assert first.append(seen, next_line(seen, RUN))
        assert not second.append(same, next_line(same, RUN))


def test_a_pushed_line_whose_answer_was_lost_is_not_added_twice(remote: Path) -> None:
    class Deaf(BranchChain):
        def _run(self, *arguments, given=b""):  # type: ignore[no-untyped-def]
            done = super()._run(*arguments, given=given)
            if arguments[0] == "push":
                done.returncode = 128
            return done

    workspace = clone(remote, "workspace")
    record(Deaf(workspace, "origin", "evidence-log"), RUN)
    assert [line.number for line in chain(workspace).read().lines] == [1]


def test_a_clone_that_fetched_the_branch_refuses_a_rewritten_one(remote: Path) -> None:
    workspace, other = clone(remote, "workspace"), clone(remote, "other")
    for _ in range(3):
        record(chain(workspace), RUN)
    chain(workspace).read()
    git(remote, "update-ref", "refs/heads/evidence-log", "refs/heads/evidence-log~2")  # the administrator of the server
    with pytest.raises(PreuveError, match="was rewritten or removed"):
        record(chain(workspace), RUN)
    assert len(chain(other).read().lines) == 1  # a clone that never fetched it cannot know: the witnesses do
    git(remote, "update-ref", "-d", "refs/heads/evidence-log")
    with pytest.raises(PreuveError, match="was rewritten or removed"):
        chain(workspace).read()


def test_a_push_refused_for_another_reason_is_reported(remote: Path) -> None:
    workspace = clone(remote, "workspace")
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PreuveError, match="this branch is protected"):
        record(chain(workspace), RUN)


def test_an_unreachable_remote_is_reported(remote: Path) -> None:
    workspace = clone(remote, "workspace")
    git(workspace, "remote", "set-url", "origin", str(remote / "nowhere"))
    with pytest.raises(PreuveError, match="cannot be used"):
        chain(workspace).read()


def test_a_chain_broken_on_the_branch_is_not_extended(remote: Path) -> None:
    workspace = clone(remote, "workspace")
    blob = git(workspace, "hash-object", "-w", "--stdin", given='{"number":2,"previous":""}\n')
    tree = git(workspace, "mktree", given=f"100644 blob {blob}\t{CHAIN}\n")
    git(
        workspace,
        "push",
        "--quiet",
        "origin",
        git(workspace, "commit-tree", "-m", "x", tree) + ":refs/heads/evidence-log",
    )
    with pytest.raises(PreuveError, match="does not verify"):
        record(chain(workspace), RUN)


def test_hooks_and_a_git_folder_in_the_environment_are_ignored(remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = clone(remote, "workspace")
    other = remote.parent / "unrelated"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    record(chain(workspace), RUN)
    assert len(chain(workspace).read().lines) == 1


def test_a_bundle_carries_the_chain_of_the_branch(
    remote: Path, tmp_path: Path, key: Path, authority: Authority
) -> None:
    workspace = clone(remote, "workspace")
    record(chain(workspace), RUN)
    company = found(tmp_path / "company", key, authority, chain(workspace))
    bundle = company.audit("2026-Q4", now())
    assert read(bundle / CHAIN).lines == chain(clone(remote, "elsewhere")).read().lines
    assert not (company.home / CHAIN).exists()


# ---- what a machine leaves that was thrown away -------------------------------------------------------------------

AUDIT = Run("audit", "2026-11-24T12:00:00Z", "2026-Q4")


def audit(home: BranchChain, sealed: str = "2026-11-24T12:00:00Z") -> Line:
    """Add the line of an audit, and be killed."""
    seen = home.read()
    line = next_line(seen, AUDIT, SealFacts("0" * 64, sealed))
    assert home.append(seen, line)
    return line


def test_the_next_run_explains_an_audit_whose_machine_was_lost(remote: Path, tmp_path: Path) -> None:
    killed = audit(chain(clone(remote, "killed")))
    record(chain(clone(remote, "scan")), RUN)
    another = chain(clone(remote, "another"))
    assert list(explain_gaps(another, tmp_path / "evidence")) == [killed.number]
    assert list(explain_gaps(another, tmp_path / "evidence")) == []
    assert [(line.text("kind"), line.text("of")) for line in another.read().lines] == [
        ("audit", ""), ("scan", ""), ("interrupted", "1"),
    ]  # fmt: skip
    assert git(remote, "ls-tree", "--name-only", "evidence-log") == CHAIN


def test_an_audit_completed_on_another_machine_is_no_gap(remote: Path, tmp_path: Path) -> None:
    home = chain(clone(remote, "machine"))
    first, second = audit(home), audit(home)
    home.completed(first)
    home.completed(first)
    assert list(explain_gaps(chain(clone(remote, "another")), tmp_path)) == [second.number]


def test_an_audit_that_may_still_run_is_not_explained(remote: Path, tmp_path: Path) -> None:
    audit(chain(clone(remote, "machine")), now(minutes=1))
    assert list(explain_gaps(chain(clone(remote, "another")), tmp_path)) == []


def test_a_local_bundle_is_complete_without_a_completion_line(remote: Path, tmp_path: Path) -> None:
    home = chain(clone(remote, "machine"))
    audit(home)
    (tmp_path / "2026-Q4").mkdir()
    (tmp_path / "2026-Q4" / CHAIN).write_bytes(b"".join(line.raw for line in home.read().lines))
    assert list(explain_gaps(home, tmp_path)) == []
    assert home.read().open == frozenset()


def test_a_closed_bundle_is_recorded_as_complete_and_a_failed_one_explained(
    remote: Path, tmp_path: Path, key: Path, authority: Authority
) -> None:
    home = chain(clone(remote, "machine"))
    company = found(tmp_path / "company", key, authority, home)
    prospect = PlannedSeal(company.means, SealDescription())
    with sealing(prospect) as seal:
        company.close_with(seal(AUDIT), "2026-Q4")
    assert home.read().open == frozenset()
    with pytest.raises(OSError, match="disk"), sealing(prospect) as seal:
        company.close_with(seal(AUDIT), "2026-Q4.2")
        raise OSError("the disk is full")
    state = home.read()
    assert ([line.text("kind") for line in state.lines], state.open) == (["audit", "audit", "interrupted"], frozenset())
