"""Runs git; no other module starts it.

The configuration of a repository may name programs (filters, hooks, a file system monitor, ways to reach a remote, and
whatever git adds next). Anybody may have written it, so git never reads it. Git gets a separate folder with the
references, the index and the objects of the repository; of the repository's configuration it gets only the plain values
listed here. The user's own configuration applies.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from preuve.model.errors import QUOTED, PreuveError
from preuve.system.causes import cause

Done = subprocess.CompletedProcess[bytes]

# Keys of a repository's own configuration that count, and their accepted values.
_PLAIN = re.compile(r"core\.(filemode|ignorecase|symlinks|precomposeunicode|autocrlf|eol)")
_WORDS = frozenset({"true", "false", "input", "lf", "crlf", "native"})
_REMOTE = re.compile(r"http\.(.+\.)?(extraheader|proxy|sslcainfo)")  # how a server is reached, without any program
_FORMATS = {"extensions.objectformat": ("sha1", "sha256"), "extensions.refstorage": ("files", "reftable")}
_SHARED = ("packed-refs", "refs", "reftable", "shallow")
_OWN = ("FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD")  # references of one working tree that may name a base
_ALWAYS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "gc.auto": "0",  # objects outside this view would count as unreachable
    "maintenance.auto": "false",
}
# Git's variables about the user; others, as in a hook, may name another repository.
_KEPT = re.compile(
    r"GIT_(SSH|SSH_COMMAND|ASKPASS|SSL_\w+|HTTP_\w+|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|(KEY|VALUE)_\d+))"
)
_SECONDS = 120


@dataclass(frozen=True)
class Git:
    """A repository: the top of its working tree, its folder, and the folder that its working trees share."""

    top: Path
    folder: Path
    shared: Path
    settings: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _view(self) -> Path:
        """A folder that git takes for the repository. It is removed with this object, by the process that made it."""
        view = Path(tempfile.mkdtemp(prefix="preuve-git-"))
        weakref.finalize(self, _remove, view, os.getpid())
        return view

    @staticmethod
    def around(place: Path) -> Git | None:
        """Find the repository whose working tree contains a folder; None if there is none, or no git.

        Raises PreuveError if its references are stored in an unsupported format.
        """
        here = place.resolve()
        top = next((above for above in (here, *here.parents) if os.path.lexists(above / ".git")), None)
        if top is None or shutil.which("git") is None:
            return None
        folder = _folder(top)
        shared = _led(folder, folder / "commondir") if folder else None
        if folder is None or shared is None or not (shared / "objects").is_dir():
            return None
        if folder != shared and (shared / "reftable").exists():
            raise PreuveError(f"{top} shares its references with another working tree", "use the main working tree")
        return Git(top, folder, shared, tuple(_settings(shared / "config")))

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        remote: str = "",
        who: Mapping[str, str] | None = None,
        seconds: float = _SECONDS,
    ) -> Done:
        """Run a git command in the working tree. It contacts a remote only if `remote` names one.

        Raises PreuveError if it does not end in time.
        """
        _renew(self, self._view)
        reached = {"GIT_NO_LAZY_FETCH": "1"} if remote else {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
        where = {
            "GIT_DIR": str(self._view),
            "GIT_WORK_TREE": str(self.top),
            "GIT_INDEX_FILE": str(self.folder / "index"),
            "GIT_OBJECT_DIRECTORY": str(self.shared / "objects"),
            "GIT_NO_REPLACE_OBJECTS": "1",
        }
        settings = [*_ALWAYS.items(), *(pair for pair in self.settings if _concerns(pair[0], remote))]
        environment = {**_environment(settings), **where, **reached, **(who or {})}
        command = [shutil.which("git") or "git", *arguments]
        return _done(command, self.top, environment, given, seconds)

    def output(self, *arguments: str, given: bytes = b"") -> bytes:
        """Return the output of a git command that only reads. Raises PreuveError if it fails."""
        done = self.run(*arguments, given=given)
        if done.returncode != 0:
            hint = "run git fsck there; a clone made with --filter lacks content"
            raise PreuveError(f"git {arguments[0]} failed: {QUOTED}", hint, quoted=_last_line(done))
        return done.stdout


def _last_line(done: Done) -> str:
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else "no message"


def _done(command: Sequence[str], folder: Path, environment: Mapping[str, str], given: bytes, seconds: float) -> Done:
    try:
        return subprocess.run(
            command, cwd=folder, input=given, capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PreuveError(f"git did not answer in time in {folder}", "check the network and try again") from error
    except OSError as error:
        raise PreuveError(f"git cannot be queried about {folder}: {cause(error)}", "check that it runs") from error


# ---- where a repository lies --------------------------------------------------------------------------------------


def _folder(top: Path) -> Path | None:
    """Return the repository of a working tree: `.git` itself, or the folder that the file `.git` names."""
    entry = top / ".git"
    if entry.is_dir():
        return entry.resolve() if (entry / "HEAD").exists() or (entry / "HEAD").is_symlink() else None
    return _led(top, entry, "gitdir: ")


def _led(folder: Path, file: Path, before: str = "") -> Path | None:
    """Return the folder that a file of a repository names; `folder` itself if there is no such file."""
    try:
        said = os.fsdecode(file.read_bytes()).rstrip("\n") if file.is_file() else ""
        named = (folder / said.removeprefix(before)).resolve()
        return named if said.startswith(before) and named.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None


# ---- what of its configuration counts -----------------------------------------------------------------------------


def _settings(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the accepted values of a repository's own configuration. Reading it starts no program. It is read as a
    file: of a repository that belongs to another user, as in a container, git gives no configuration.
    """
    command = [shutil.which("git") or "git", "config", "--file", str(file), "--includes", "--list", "-z"]
    done = _done(command, file.parent, _environment([]), b"", _SECONDS)
    for entry in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        name, _, value = entry.partition("\n")
        known = value in _FORMATS.get(name, ()) or (_PLAIN.fullmatch(name) and value in _WORDS)
        if known or _REMOTE.fullmatch(name) or re.fullmatch(r"remote\..+\.(url|pushurl)", name):
            yield name, value


def _concerns(name: str, remote: str) -> bool:
    """Return whether a setting applies to a command that contacts this remote, or to one that contacts no remote."""
    if name in _FORMATS:
        return False  # the view has these already
    if name.startswith("remote."):
        return bool(remote) and name in (f"remote.{remote}.url", f"remote.{remote}.pushurl")
    return bool(remote) or not name.startswith("http.")


def _environment(settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the environment for a git that never prompts and answers in English, with these settings in addition to
    the user's own.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    count = kept.get("GIT_CONFIG_COUNT", "0")
    first = int(count) if count.isdigit() else 0
    for number, (name, value) in enumerate(settings, first):
        kept |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    told = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return {**kept, **told, "GIT_CONFIG_COUNT": str(first + len(settings))}


# ---- the repository without its configuration ---------------------------------------------------------------------


def _renew(git: Git, view: Path) -> None:
    """Write the view anew for the present repository: another program may have changed it since the last command."""
    head = git.folder / "HEAD"
    text = f"ref: {head.readlink()}\n" if head.is_symlink() else head.read_text(encoding="utf-8")
    for name, content in (("HEAD", text), ("config", _format(dict(git.settings)))):
        if not (view / name).is_file() or (view / name).read_text(encoding="utf-8") != content:
            (view / name).write_text(content, encoding="utf-8")
    (view / "objects").mkdir(exist_ok=True)  # git requires the folder
    for name in _OWN:
        if (git.folder / name).is_file() and not (git.folder / name).is_symlink():
            shutil.copyfile(git.folder / name, view / name)
        else:
            (view / name).unlink(missing_ok=True)
    (view / "info").mkdir(exist_ok=True)
    linked = {name: git.shared / name for name in (*_SHARED, "info/exclude")}
    linked |= {index.name: index for index in git.folder.glob("sharedindex.*")}
    for name, target in linked.items():
        if target.exists() and not (view / name).is_symlink():
            (view / name).symlink_to(target)


def _remove(view: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(view, ignore_errors=True)


def _format(settings: Mapping[str, str]) -> str:
    """Return the configuration of the view: how the repository is stored."""
    formats = [(name, settings[name]) for name in _FORMATS if name in settings]
    lines = [f"[core]\n\trepositoryformatversion = {1 if formats else 0}\n\tbare = false\n"]
    if formats:
        lines.append("[extensions]\n" + "".join(f"\t{name.partition('.')[2]} = {value}\n" for name, value in formats))
    return "".join(lines)
