"""`preuve forget`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import workspace_option
from preuve.model.errors import Exit
from preuve.publish.words.text import for_log


@click.command(cls=Command, epilog="Example: preuve forget --workspace examples/techstart")
@workspace_option
def forget(workspace: Path) -> None:
    """Delete raw responses whose retention has ended (evidence.raw).

    Every scan and audit does so too. If none of them runs each day, let a scheduler run this command, so that raw
    copies are deleted on their date. It finds them in the folders that earlier runs used, too; it names what it could
    not delete, and then ends with 11.
    """
    from preuve.pipeline.run.forget import forget as work  # noqa: PLC0415 - `--help` must not load what the run needs

    lines, forgotten = work(workspace, datetime.now(UTC))
    for line in lines:
        click.echo(for_log(line))
    if forgotten.overdue:
        raise click.exceptions.Exit(Exit.INCOMPLETE)
