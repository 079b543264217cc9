"""Commands whose help is in the language of the workspace. The translations are read only when help is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from preuve.cli.language import language_of, workspace_of
from preuve.model.errors import PreuveError, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from preuve.publish.words.help import HelpWords


def words_here() -> HelpWords | None:
    """Return the translated help in the language of the command line; None if that is English, or if it cannot
    be read.
    """
    try:
        language = language_of(workspace_of(sys.argv[1:]))
        if language == "en":
            return None
        from preuve.publish.words.help import help_words  # noqa: PLC0415 - English help needs no words

        return help_words(language)
    except PreuveError:
        return None


class HelpFormatter(click.HelpFormatter):
    """Writes help with translated words in place of those in the code."""

    def __init__(self, words: HelpWords, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=width, max_width=max_width)
        self._words = words

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, self._words.named(args), f"{self._words.text('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        self.write(f"{'':>{self.current_indent}}{self._words.text(f'{heading}:')}\n")

    def write_text(self, text: str) -> None:
        """Write what a command does, or its examples."""
        super().write_text(self._words.paragraphs(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of options or commands."""
        spoken = [(self._words.named(name), self._words.option(text)) for name, text in rows]
        super().write_dl(spoken, col_max, col_spacing)


class Context(click.Context):
    """A context that writes help in the language of the command line."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return a formatter with the words of the language."""
        words = words_here()
        if words is None:
            return super().make_formatter()
        return HelpFormatter(words, self.terminal_width, self.max_content_width)


def completed(items: list[CompletionItem[str]]) -> list[CompletionItem[str]]:
    """Return the completions of a shell, each with its help in the language of the workspace around it.

    Bash shows no help, and reading the translations takes as long as all the rest.
    """
    shows_help = not os.environ.get("_PREUVE_COMPLETE", "").startswith("bash")
    if shows_help and (words := words_here()):
        for item in items:
            item.help = item.help and words.option(item.help)
    return items


def _each(values: object) -> Iterable[object]:
    """Yield the value of an option, or each value of an option that may be repeated or takes several."""
    if isinstance(values, list | tuple):
        for one in values:
            yield from _each(one)
    else:
        yield values


class Command(click.Command):
    """A command with translated help."""

    context_class = Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments. Raises UsageError if an option has an empty value: a variable that is not set would
        silently cancel what the option asks for.
        """
        if not ctx.resilient_parsing:
            given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
            for option in (one for one in self.params if isinstance(one, click.Option)):
                values = given.get(option.name or "")
                if any(isinstance(one, str) and not one.strip() for one in _each(values)):
                    raise UsageError(f"{option.opts[-1]} is empty", "give it a value, or leave it out")
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the options that a shell completes."""
        return completed(super().shell_complete(ctx, incomplete))


class Group(click.Group):
    """A group of commands with translated help."""

    context_class = Context
    command_class = Command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the commands and options that a shell completes."""
        return completed(super().shell_complete(ctx, incomplete))
