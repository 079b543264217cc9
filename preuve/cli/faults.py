"""Prints why a command stopped, in the language of its workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from preuve.cli.help import words_here
from preuve.cli.language import language_of, workspace_of
from preuve.model.errors import PreuveError
from preuve.publish.words.text import for_log

if TYPE_CHECKING:
    from preuve.publish.words.locale import Locale


def show_error(error: PreuveError, workspace: Path | None = None) -> None:
    """Print what happened and what to do next, in the language of `workspace`, or else of the workspace on the command
    line.
    """
    label, colon, message, hint = _told(error, workspace)
    label = click.style(label, fg="red") if sys.stderr.isatty() else label
    click.echo(f"{label}{colon} {for_log(message)}", err=True)
    if hint:
        click.echo(f"  {for_log(hint)}", err=True)


def show_stop(text: str) -> None:
    """Print that a command was stopped, or got no answer."""
    click.echo(_told(PreuveError(text))[2], err=True)


def show_usage(error: click.ClickException) -> None:
    """Print what click found wrong with the arguments, in the language of the workspace on the command line."""
    locale = _locale()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if locale is None or locale.language == "en" or type(error).show is not click.UsageError.show:
        error.show()  # also the help of a group, which click shows if the command is missing
        return
    from preuve.publish.words.errors import said  # noqa: PLC0415 - only another language needs it

    if context is not None:
        hint = said(f"Try '{context.command_path} --help' for help.", locale)
        click.echo(f"{context.get_usage()}\n{hint}\n", err=True)
    show_error(PreuveError(_named(error, context)))


def _named(error: click.ClickException, context: click.Context | None) -> str:
    """Return the message of an error of click, with the name that the help has for an argument."""
    message, words = error.format_message(), words_here()
    if words is None or context is None or not isinstance(error, click.BadParameter) or error.param is None:
        return message
    name = error.param.get_error_hint(context)
    return message.replace(name, words.named(name), 1)


def _told(error: PreuveError, workspace: Path | None = None) -> tuple[str, str, str, str]:
    """Return label, colon, message and hint; in English if the words of the language cannot be read."""
    from preuve.publish.words.errors import said, shown  # noqa: PLC0415 - `--help` must not load what a fault needs

    locale = _locale(workspace)
    if locale is None:
        return "error", ":", str(error), error.hint
    return said("error", locale), locale("site.colon"), *shown(error, locale)


def _locale(workspace: Path | None = None) -> Locale | None:
    """Return the words of a workspace, or else of the workspace on the command line; None if they cannot be read."""
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415 - `--help` must not load what a fault needs

    try:
        return load_locale(language_of(workspace or workspace_of(sys.argv[1:])))
    except PreuveError:
        return None
