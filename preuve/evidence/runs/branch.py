"""The chain of runs on its own branch in the workspace's repository. It is pushed without force, so that the remote
decides which run is first, and a protected branch keeps every line.

The branch also lists audits that have a line and no confirmed bundle. If a temporary machine is killed and removed,
nothing else shows that its audit was not completed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from preuve.evidence.runs.lines import RETRIES, State, lost, usable
from preuve.evidence.verifier.chain import CHAIN, Line, parse
from preuve.model.errors import QUOTED, PreuveError
from preuve.system.git import Done, Git

OPEN = "unconfirmed"  # hashes of lines whose bundle is not yet confirmed as complete
_NOTED_NOWHERE = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=")  # two runs would write the same ref
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "preuve"), ("EMAIL", "preuve@localhost"))
}


@dataclass(frozen=True)
class BranchChain:
    """The file `chain.jsonl` on a branch of a remote. Nothing is checked out."""

    repository: Path
    remote: str
    branch: str

    def read(self) -> State:
        """Read the whole chain from the remote. Raises PreuveError if the remote lacks lines that it had before."""
        known = self._known()  # first: the remote's state is then at least as new
        tip = self._tip()
        if tip:
            self._git("fetch", *_NOTED_NOWHERE, self.remote, self._remote_ref)
        if known and not (tip and self._succeeds("merge-base", "--is-ancestor", known, tip)):
            raise PreuveError(
                f"the branch {self.branch} of {self.remote} was rewritten or removed",
                f"find out who did it; this repository still has it as {self._memory}",
            )
        if not tip:
            return State((), "")
        self._succeeds("update-ref", self._memory, tip, known)  # another run may have noted a newer one
        opened = frozenset(self._file(tip, OPEN).decode("ascii", "replace").split())
        return State(usable(parse(self._file(tip, CHAIN)), self._where), tip, opened)

    def noted(self) -> tuple[Line, ...]:
        """Return the lines that this repository has of the chain, without asking the remote: as the last run here saw
        it, or as the last `git clone` or `git fetch` did.
        """
        git, found = Git.around(self.repository), list[tuple[Line, ...]]()
        for name in (self._memory, f"refs/remotes/{self.remote}/{self.branch}") if git else ():
            if tip := self._run("rev-parse", "--verify", "--quiet", name).stdout.decode().strip():
                found.append(parse(self._file(tip, CHAIN)).lines)
        return max(found, key=len, default=())

    def try_append(self) -> bool:
        """Ask the remote whether this machine may push to it, without any change here or there; False if that cannot
        be asked, as before the first commit. What protects the branch is asked only when a line is pushed. Raises
        PreuveError if the remote does not answer, or refuses.
        """
        self._tip()
        if not self._succeeds("rev-parse", "--verify", "--quiet", "HEAD"):
            return False
        asked = self._run("push", "--quiet", "--dry-run", self.remote, "HEAD:refs/preuve/trial")
        if asked.returncode != 0:
            raise self._failed(asked)
        return True

    def append(self, seen: State, line: Line) -> bool:
        """Push `line` on top of the chain as `seen`, and return whether the remote accepted it.

        The remote refuses if its tip has changed. Raises PreuveError if it refuses for another reason.
        """
        about = {item.digest for item in seen.lines if str(item.number) == line.text("of")}
        opened = (seen.open - about) | ({line.digest} if line.text("kind") == "audit" else set())
        content = b"".join(item.raw for item in (*seen.lines, line))
        return self._pushed(seen, content, opened, f"Run {line.number}: {line.text('kind')}")

    def completed(self, line: Line) -> None:
        """Remove `line` from the list of audits without a confirmed bundle.

        Raises PreuveError if other runs were faster each time.
        """
        for _ in range(RETRIES):
            seen = self.read()
            if line.digest not in seen.open:
                return
            content = b"".join(item.raw for item in seen.lines)
            if self._pushed(seen, content, seen.open - {line.digest}, f"Run {line.number}: complete"):
                return
        raise lost()

    def _pushed(self, seen: State, content: bytes, opened: frozenset[str], message: str) -> bool:
        commit = self._commit(seen, content, opened, message)
        pushed = self._run("push", "--quiet", self.remote, f"{commit}:{self._remote_ref}")
        if pushed.returncode == 0:
            self._succeeds("update-ref", self._memory, commit, seen.token)  # another run may have noted a newer one
            return True
        tip = self._tip()
        if tip == seen.token:
            raise self._failed(pushed)
        return tip == commit  # it was accepted, and only the answer was lost

    @property
    def _remote_ref(self) -> str:
        return f"refs/heads/{self.branch}"

    @property
    def _memory(self) -> str:
        return f"refs/preuve/{self.branch}"

    @property
    def _where(self) -> str:
        return f"the branch {self.branch} of {self.remote}"

    def _known(self) -> str:
        return self._run("rev-parse", "--verify", "--quiet", self._memory).stdout.decode().strip()

    def _tip(self) -> str:
        said = self._git("ls-remote", self.remote, self._remote_ref).decode()
        return said.split("\t", 1)[0] if said else ""

    def _file(self, tip: str, name: str) -> bytes:
        """Return a file of the branch; empty if it does not exist."""
        if not self._git("ls-tree", "--name-only", tip, name):
            return b""
        return self._git("cat-file", "blob", f"{tip}:{name}")

    def _commit(self, seen: State, content: bytes, opened: frozenset[str], message: str) -> str:
        written = {CHAIN: content, OPEN: "".join(f"{digest}\n" for digest in sorted(opened)).encode()}
        kept = self._git("ls-tree", seen.token).decode().splitlines() if seen.token else []
        entries = [entry for entry in kept if entry.split("\t", 1)[1] not in written]
        entries += [f"100644 blob {self._blob(data)}\t{name}" for name, data in written.items() if data]
        tree = self._git("mktree", given="\n".join([*entries, ""]).encode())
        parent = ["-p", seen.token] if seen.token else []
        return self._git("commit-tree", *parent, "-m", message, tree.decode().strip()).decode().strip()

    def _blob(self, content: bytes) -> str:
        return self._git("hash-object", "-w", "--stdin", given=content).decode().strip()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self._run(*arguments, given=given)
        if done.returncode != 0:
            raise self._failed(done)
        return done.stdout

    def _succeeds(self, *arguments: str) -> bool:
        return self._run(*arguments).returncode == 0

    def _run(self, *arguments: str, given: bytes = b"") -> Done:
        git = Git.around(self.repository)
        if git is None:
            hint = (
                f"install git where it is missing, then run: git init, git remote add {self.remote} URL; "
                "or remove evidence.chain from preuve.yaml"
            )
            said = f"the chain of runs is kept in {self._where}, and git finds no repository around the workspace"
            raise PreuveError(said, hint)
        try:
            return git.run(*arguments, given=given, remote=self.remote, who=_IDENTITY)
        except PreuveError as error:
            told = f"{self._where} did not answer: {error.template}"
            raise PreuveError(told, error.hint, quoted=error.quoted) from error

    def _failed(self, done: Done) -> PreuveError:
        said = done.stderr.decode("utf-8", "replace").strip()
        return PreuveError(
            f"the chain of runs in {self._where} cannot be used: {QUOTED if said else 'git gave no reason'}",
            "check that this machine can read the repository and push to the branch",
            quoted=said,
        )
