"""Says on the terminal what stopped a command, in the language of its workspace."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click

from preuve.model.errors import PreuveError
from preuve.publish.words.text import for_log

_WORKSPACE = ("-w", "--workspace")


def show_error(error: PreuveError, workspace: Path | None = None) -> None:
    """Say what happened and what to do next, in the language of `workspace`, else of the one on the command line."""
    label, colon, message, hint = _told(error, workspace)
    label = click.style(label, fg="red") if sys.stderr.isatty() else label
    click.echo(f"{label}{colon} {for_log(message)}", err=True)
    if hint:
        click.echo(f"  {for_log(hint)}", err=True)


def show_stop(text: str) -> None:
    """Say that a command was stopped, or got no answer."""
    click.echo(_told(PreuveError(text))[2], err=True)


def _told(error: PreuveError, workspace: Path | None = None) -> tuple[str, str, str, str]:
    """Return label, colon, message and hint; in English if nothing else can be read."""
    from preuve.publish.words.errors import said, shown  # noqa: PLC0415 - `--help` must not load what a fault needs
    from preuve.publish.words.spoken import spoken  # noqa: PLC0415

    try:
        locale = spoken(workspace or _workspace(sys.argv[1:]))
        return said("error", locale), locale("site.colon"), *shown(error, locale)
    except PreuveError:
        return "error", ":", str(error), error.hint


def _workspace(arguments: Sequence[str]) -> Path:
    """Return the workspace that a command line names, else this folder."""
    from preuve.library.company.workspace import FILE  # noqa: PLC0415

    for option, value in pairwise([*arguments, ""]):
        if option in _WORKSPACE:
            return Path(value)
        if option.startswith("--workspace="):
            return Path(option.partition("=")[2])
    named = (Path(word) for word in arguments if not word.startswith("-"))
    return next((path for path in named if (path / FILE).is_file()), Path())  # preuve ci FOLDER
