"""Reads a secret from a file that only its owner can read, or from the environment."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from preuve.model.company.run_secrets import OF_RUN
from preuve.model.company.secret import SecretPlace
from preuve.model.errors import PreuveError, UsageError
from preuve.system.causes import cause
from preuve.system.home import expanded

_LARGEST = 8192
_PRINTABLE = re.compile(r"[\x21-\x7e]+")  # one line without a blank: it goes into a header or an address


def read_secret(place: SecretPlace, what: str, workspace: Path, environment: Mapping[str, str]) -> str:
    """Read the secret. No error repeats it, and later quotes of a host's answers hide it.

    `what` names the setting in errors. Raises UsageError if the variable is not set, or if the file lies in the
    `workspace`, can be read by others or holds no secret; PreuveError if the file cannot be read.
    """
    if place.environment:
        source, text = place.environment, environment.get(place.environment, "")
        if not text.strip():
            raise UsageError(
                f"{source}, which {what} names, is not set", "set it, without writing it into a file of git"
            )
    else:
        source, text = place.file, _of_file(workspace / expanded(Path(place.file)), what, workspace)
    if not _PRINTABLE.fullmatch(text.strip()):
        raise UsageError(
            f"the content of {source} cannot be a secret for {what}", "a secret is one line without spaces"
        )
    OF_RUN.learn(text.strip())
    return text.strip()


def _of_file(path: Path, what: str, workspace: Path) -> str:
    if path.resolve().is_relative_to(workspace.resolve()):
        raise UsageError(f"{path}, which {what} names, lies in the workspace", "keep secrets outside of it")
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise UsageError(f"{path}, which {what} names, is no file", "name a file")
            if os.name == "posix" and about.st_mode & 0o077:
                raise UsageError(f"others can read {path}, which {what} names", f"run: chmod 600 {path}")
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise PreuveError(f"cannot read {path}, which {what} names: {cause(error)}", "check the file") from error
