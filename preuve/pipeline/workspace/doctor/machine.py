"""Checks of the machine: Python, the libraries, git."""

from __future__ import annotations

import difflib
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

from preuve import __version__
from preuve.collect.code import proven_version
from preuve.model.errors import PreuveError, UsageError
from preuve.pipeline.bundle.origin import asked
from preuve.pipeline.workspace.doctor.check import Check, State
from preuve.publish.words.errors import shown
from preuve.publish.words.locale import Locale
from preuve.system.git import Git

_OLDEST_BOTO3 = (1, 35, 49)
_MODELS = timedelta(days=180)  # AWS brings a new service every month or so
_DATED = "????-??-??"  # botocore's name for the version of a service's API
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PYTHON = (3, 11)
_SECONDS = 20  # seconds for a git command


def checks(root: Path, t: Locale) -> Iterator[Check]:
    """Check versions, and git."""
    state = State.OK if sys.version_info[:2] >= _PYTHON else State.FAIL
    yield Check("preuve", State.OK, __version__)
    yield Check("python", state, platform.python_version(), "" if state is State.OK else t("doctor.python"))
    yield _library("boto3", _OLDEST_BOTO3, t)
    yield _checkov(t)
    yield models(datetime.now(UTC).date(), t)
    yield _git(root, t)


def _library(name: str, oldest: tuple[int, ...], t: Locale) -> Check:
    """Check the version of a library by its metadata."""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Check(name, State.FAIL, t("doctor.library.missing"), t("doctor.library.again"))
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[: len(oldest)])
    if numbers < oldest:
        return Check(
            name,
            State.FAIL,
            t("doctor.library.old", version=version),
            t("doctor.library.needed", name=name, version=".".join(map(str, oldest))),
        )
    return Check(name, State.OK, version)


def _checkov(t: Locale) -> Check:
    try:
        return Check("checkov", State.OK, proven_version())  # like a scan, which ends if this fails
    except UsageError as error:
        return Check("checkov", State.FAIL, *shown(error, t))


def models(today: date, t: Locale) -> Check:
    """Return the age of botocore's models of AWS: their newest API version dates from the month of their release."""
    name = t("doctor.name.models")
    import botocore  # noqa: PLC0415 - for its folder only

    folders = (Path(botocore.__file__).parent / "data").glob(f"*/{_DATED}")
    newest = max((folder.name for folder in folders if _DATE.fullmatch(folder.name)), default="")
    if not newest:
        return Check(name, State.FAIL, t("doctor.models.missing"), t("doctor.models.again"))
    told = t("doctor.models.newest", version=botocore.__version__, date=newest)
    if today - date.fromisoformat(newest) <= _MODELS:
        return Check(name, State.OK, told)
    return Check(name, State.WARNING, told, t("doctor.models.upgrade"))


def regions(named_: Sequence[str], t: Locale) -> Iterator[Check]:
    """Check that AWS's models have the regions in scope, before a typing error causes network calls."""
    from botocore.session import Session  # noqa: PLC0415 - slow, and not needed without regions

    session = Session()
    known = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition, allow_non_regional=True)
    }
    for region in sorted(set(named_) - known):
        nearest = ", ".join(difflib.get_close_matches(region, sorted(known), n=3))
        hint = t("doctor.region.near", names=nearest) if nearest else t("doctor.models.upgrade")
        yield Check(t("doctor.name.scope"), State.WARNING, t("doctor.region.unknown", region=region), hint)


def _git(root: Path, t: Locale) -> Check:
    try:
        repository = asked(root.resolve())  # like an audit, which ends if this fails
    except PreuveError as error:
        return Check("git", State.FAIL, *shown(error, t))
    if shutil.which("git") is None:
        return Check("git", State.WARNING, t("doctor.library.missing"), t("doctor.git.install"))
    if repository is None:
        message = t("doctor.git.none", folder=root.resolve())
        return Check("git", State.WARNING, message, t("doctor.git.init"))
    revision = git(root, "rev-parse", "--short", "HEAD") or t("doctor.git.empty")
    return Check("git", State.OK, t("doctor.git.revision", revision=revision))


def git(folder: Path, *arguments: str) -> str | None:
    """Return the output of a git command that only reads, or None if it fails."""
    try:
        found = Git.around(folder)
        done = found.run("-C", str(folder.resolve()), *arguments, seconds=_SECONDS) if found else None
    except PreuveError:
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done and done.returncode == 0 else None
