"""`preuve report`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import Target, output_option, workspace_option

_EXAMPLE = """\b
Example:
  preuve report --month 2026-11
"""


@click.command(cls=Command, epilog=_EXAMPLE)
@workspace_option
@click.option("--month", default="", help="As 2026-11.  [default: this month]")
@output_option(
    "out",
    type=Target(path_type=Path, file_okay=False),
    help="Folder to write into.  [default: monthly/MONTH in the workspace]",
)
def report(workspace: Path, month: str, out: Path | None) -> None:
    """Write the management committee dashboard of a month: indicators, findings, decisions, trends over twelve months.

    Reads the registers, the closed bundles of the evidence folder and the workspace, and no account. The indicators
    are the bundled ones and those in indicators/. A figure whose source is missing is "not measured". Writes HTML
    and PDF in every language, and the prefilled minutes of the management review.
    """
    from preuve.pipeline.workspace import report as work  # noqa: PLC0415 - `--help` must not load what the run needs

    today = datetime.now(UTC).date()
    for line in work.report(workspace, month or f"{today:%Y-%m}", out, today):
        click.echo(line)
