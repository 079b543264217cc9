"""`preuve reveal`."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from preuve.cli.help import Command
from preuve.cli.options import workspace_option

_EXAMPLES = """\b
Examples:
  preuve reveal person-k3v5q7tzm2ab --reason "sample 12 of the audit of 2026-Q4"
  preuve reveal person-k3v5q7tzm2ab --candidates names --reason "sample 12"
"""


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("pseudonym")
@workspace_option
@click.option("--reason", required=True, help="Reason for the query; written to the log.")
@click.option(
    "--candidates",
    type=click.File("rb"),
    help="Names to try, one per line (- reads them from the input): for runs on machines that keep no table.",
)
def reveal(pseudonym: str, workspace: Path, reason: str, candidates: BinaryIO | None) -> None:
    """Tell who a pseudonym stands for, and log the query.

    Reads the private table beside the pseudonym key, or finds the name among candidates with the key. It first adds a
    line with time, pseudonym, reason and user to the log beside the key; then it prints the name, and writes it
    nowhere.
    """
    from preuve.pipeline.bundle import reveal as work  # noqa: PLC0415 - `--help` must not load what only the run needs
    from preuve.publish.words.text import one_line  # noqa: PLC0415

    names = work.names_in(candidates.read()) if candidates else ()
    click.echo(one_line(work.reveal(work.workspace_key(workspace), pseudonym, reason, names)))
