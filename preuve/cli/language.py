"""The language of help and of errors, found before a command has read its workspace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

_OPTIONS = ("-w", "--workspace")
_ATTACHED = ("--workspace=", "-w")  # --workspace=FOLDER, -wFOLDER


def workspace_of(arguments: Sequence[str]) -> Path:
    """Return the workspace that a command line names, or else the current folder."""
    for option, value in pairwise([*arguments, ""]):
        if option in _OPTIONS:
            return Path(value)
        if mark := next((mark for mark in _ATTACHED if option.startswith(mark)), None):
            return Path(option.removeprefix(mark))
    named = (Path(word) for word in arguments if not word.startswith("-"))
    return next((path for path in named if is_workspace(path)), Path())  # preuve ci FOLDER


def language_of(workspace: Path) -> str:
    """Return the language of a workspace; the language of the terminal if there is no workspace or it cannot be
    read.
    """
    if not is_workspace(workspace):
        return terminal_language()
    from preuve.publish.words.language import spoken_language  # noqa: PLC0415 - only a workspace needs to be parsed

    return spoken_language(workspace, terminal_language())


def is_workspace(folder: Path) -> bool:
    """Return whether a folder has a preuve.yaml."""
    from preuve.library.company import names  # noqa: PLC0415 - `--version` must not load it

    return names.is_workspace(folder)


def terminal_language() -> str:
    """Return the language of the terminal if reports exist in it, else English."""
    from preuve.library.yaml.place import languages  # noqa: PLC0415 - `--version` must not load it

    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return next((language for language in languages() if named.lower().startswith(language)), "en")
