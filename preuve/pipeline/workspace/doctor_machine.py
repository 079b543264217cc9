"""What the machine must have: Python, the libraries, git."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from preuve import __version__
from preuve.model.errors import PreuveError
from preuve.pipeline.workspace.doctor import Check, State
from preuve.system.git import Git

_OLDEST = {"boto3": (1, 35, 49), "checkov": (3, 3)}
_MODELS = timedelta(days=180)  # AWS brings a new service every month or so
_DATED = "????-??-??"  # how botocore names the version of a service's API
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PYTHON = (3, 11)
_SECONDS = 20  # of a command of git


def checks(root: Path) -> Iterator[Check]:
    """Versions, and git."""
    state = State.OK if sys.version_info[:2] >= _PYTHON else State.FAIL
    yield Check("preuve", State.OK, __version__)
    yield Check("python", state, platform.python_version(), "" if state is State.OK else "install Python 3.11 or later")
    for name, oldest in _OLDEST.items():
        yield _library(name, oldest)
    yield models(datetime.now(UTC).date())
    yield _git(root)


def _library(name: str, oldest: tuple[int, ...]) -> Check:
    """The version of a library by its metadata: importing Checkov alone would take seconds."""
    hint = "install preuve again, from where this one came"
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, State.FAIL, "is not installed", hint)
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[: len(oldest)])
    if numbers < oldest:
        return Check(name, State.FAIL, f"{version} is too old", f"{name} {'.'.join(map(str, oldest))} or later")
    return Check(name, State.OK, version)


def models(today: date) -> Check:
    """How old botocore's models of AWS are: the newest API among them is of the month of its release."""
    import botocore  # noqa: PLC0415 - for its folder only

    folders = (Path(botocore.__file__).parent / "data").glob(f"*/{_DATED}")
    newest = max((folder.name for folder in folders if _DATE.fullmatch(folder.name)), default="")
    if not newest:
        return Check("models of AWS", State.FAIL, "are not there", "install botocore again")
    told = f"botocore {botocore.__version__}: the newest API in them is of {newest}"
    if today - date.fromisoformat(newest) <= _MODELS:
        return Check("models of AWS", State.OK, told)
    hint = "pip install --upgrade boto3 (README): regions, services and values of AWS that are newer are not known"
    return Check("models of AWS", State.WARNING, told, hint)


def _git(root: Path) -> Check:
    if shutil.which("git") is None:
        return Check("git", State.WARNING, "is not installed", "install it: evidence names the revision it judges")
    inside = git(root, "rev-parse", "--is-inside-work-tree")
    if inside != "true":
        hint = "run: git init; who changed preuve.yaml and waivers.yaml, and when, is evidence too"
        return Check("git", State.WARNING, f"{root.resolve()} is in no repository", hint)
    return Check("git", State.OK, f"revision {git(root, 'rev-parse', '--short', 'HEAD') or '(no commit yet)'}")


def git(folder: Path, *arguments: str) -> str | None:
    """What a git command that only reads answers, or None where it fails."""
    try:
        found = Git.around(folder)
        done = found.run("-C", str(folder.resolve()), *arguments, seconds=_SECONDS) if found else None
    except PreuveError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done and done.returncode == 0 else None
