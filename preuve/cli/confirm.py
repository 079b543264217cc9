"""Asks whether to go on, in the language of the workspace."""

from __future__ import annotations

import click

from preuve.publish.words.locale import Locale
from preuve.publish.words.text import for_log


def confirm(question: str, locale: Locale) -> None:
    """Ask, and raise click.Abort unless the answer is yes; the words of the language count, and English ones."""
    yes, no = locale("confirm.yes"), locale("confirm.no")

    def read(answer: str) -> bool:
        word = answer.strip().casefold()
        if word in {yes, yes[:1], "y", "yes"}:
            return True
        if word in {no, no[:1], "n", "no"}:
            return False
        raise click.BadParameter(locale("confirm.wrong", yes=yes, no=no))

    asked = f"{for_log(question)} [{yes[:1]}/{no[:1].upper()}]"
    if not click.prompt(asked, default=no, show_default=False, value_proc=read):
        raise click.Abort
