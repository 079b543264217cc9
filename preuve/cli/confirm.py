"""Asks whether to go on, in the language of the workspace."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import click

from preuve.cli.language import terminal_language
from preuve.library.company.workspace import FILE
from preuve.publish.words.locale import Locale, load_locale
from preuve.publish.words.text import for_log
from preuve.system.walk import walk

MOST_FILES = 50_000


def confirm_huge(folder: Path) -> None:
    """Ask before somebody examines a folder such as a home by mistake: a folder without a workspace, and with more
    files than code has.
    """
    if (folder / FILE).exists() or not _more_than(folder, MOST_FILES):
        return
    locale = load_locale(terminal_language())
    confirm(locale("confirm.huge", folder=folder.resolve(), n=locale.number(MOST_FILES)), locale)


def _more_than(folder: Path, most: int) -> bool:
    """Return whether a folder holds more than `most` files. Links are not followed; an unreadable folder counts as
    empty.
    """
    counted = accumulate(len(files) for _, _, files in walk(folder))
    return any(count > most for count in counted)


def confirm(question: str, locale: Locale) -> None:
    """Ask, and raise click.Abort unless the answer is yes, in the language of the workspace or in English.

    The error says, in the language of the workspace, that nothing was written and how to answer.
    """
    yes, no = locale("confirm.yes"), locale("confirm.no")

    asked = f"{for_log(question)} [{yes[:1]}/{no[:1].upper()}]"
    while (word := _answer(asked, no, locale)) not in {yes, yes[:1], "y", "yes"}:
        if word in {no, no[:1], "n", "no"}:
            raise click.Abort(locale("confirm.declined"))
        click.echo(locale("confirm.wrong", yes=yes, no=no))


def _answer(asked: str, default: str, locale: Locale) -> str:
    try:
        return str(click.prompt(asked, default=default, show_default=False)).strip().casefold()
    except click.Abort as abort:
        raise click.Abort("\n" + locale("confirm.unanswered", yes=locale("confirm.yes"))) from abort
