"""`preuve diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import FOLDER


@click.command(cls=Command, epilog="Example: preuve diff evidence/2026-Q3 evidence/2026-Q4")
@click.argument("earlier", type=FOLDER)
@click.argument("later", type=FOLDER)
@click.option("--language", default="", help="Language of the answer: en, fr, …  [default: the later bundle's]")
def diff(earlier: Path, later: Path, language: str) -> None:
    """List what changed between two evidence bundles.

    New, regressed, fixed and unchanged weaknesses are separated from what cannot be compared, because a rule or the
    scope has changed. Reads only the two folders, and refuses a bundle that was changed after it was closed, or that
    the earlier one contradicts, as `preuve verify LATER --previous EARLIER` does (exit code 10).
    """
    from preuve.assess.changes.comparison import compare  # noqa: PLC0415 - `--help` must not load what the comparison needs
    from preuve.evidence.closed_bundle import in_order, is_tryout, refuse_altered  # noqa: PLC0415
    from preuve.publish.history.runs import language_of, read_run  # noqa: PLC0415
    from preuve.publish.terminal.difference import difference  # noqa: PLC0415
    from preuve.publish.terminal.summary import print_summary  # noqa: PLC0415
    from preuve.publish.words.locale import load_locale  # noqa: PLC0415
    from preuve.publish.words.text import for_log  # noqa: PLC0415
    from preuve.system.manifests import is_unsealed  # noqa: PLC0415

    for folder in (earlier, later):
        refuse_altered(folder)
    words = {"history.try_out": is_tryout, "history.unsealed": is_unsealed}
    alone = {folder: word for word, of_kind in words.items() for folder in (earlier, later) if of_kind(folder)}
    if not alone:
        witness, seen = in_order(earlier, later)
        refuse_altered(seen, witness)
    (before, _), (after, _) = read_run(earlier), read_run(later)
    locale = load_locale(language or language_of(later))
    for folder, word in alone.items():
        click.echo(for_log(locale(word, name=folder.name)), err=True)
    if before.now > after.now:
        click.echo(for_log(locale("history.inverted", earlier=before.name, later=after.name)), err=True)
    print_summary(difference(compare(before, after), locale), sys.stdout)
