"""`preuve notify`."""

from __future__ import annotations

from pathlib import Path

import click

from preuve.cli.faults import show_error
from preuve.cli.help import Command
from preuve.cli.options import FOLDER, progress_display, workspace_option
from preuve.model.errors import Exit, PreuveError
from preuve.publish.words.text import for_log

_EXAMPLES = """\b
Examples:
  preuve notify evidence/2026-Q4
  preuve notify evidence/2026-Q4 --send
  preuve notify build/night --previous build/night-before --to slack --send
"""


@click.command(cls=Command, epilog=_EXAMPLES)
@click.argument("folder", type=FOLDER)
@workspace_option
@click.option(
    "--previous",
    type=FOLDER,
    help="The previous run, to compare with.  [default: the run that the bundle was compared with]",
)
@click.option(
    "--to",
    "channels",
    type=click.Choice(["jira", "slack", "mail"]),
    multiple=True,
    help="Only this one (may be repeated).  [default: all that preuve.yaml names]",
)
@click.option("--send", is_flag=True, help="Send it. Without this option nothing is sent, and no host is contacted.")
@click.option("--again", is_flag=True, help="Send a Slack message again, even if it was, or may have been, sent.")
def notify(
    folder: Path, workspace: Path, previous: Path | None, channels: tuple[str, ...], send: bool, again: bool
) -> None:
    """Send a result to Jira, Slack or a mail file; a dry run unless --send is given.

    FOLDER is a closed bundle, or the output of `preuve scan --output`. A dry run prints each request with its host
    and body, exactly as it would be sent. ARNs, account ids and observed values are never sent, and no names but those
    in a title that you wrote. Run the command again after an error: what Jira or the ledger shows as sent is not sent
    again. docs/notify.md describes the settings.

    Exits with 0 if everything was sent, 1 if something was refused or its outcome is not known, 2 if the settings or
    secrets cannot be used.
    """
    from preuve.notify.run import NotifyRequest  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.notify.run import notify as work  # noqa: PLC0415

    asked = NotifyRequest(workspace, folder, previous, channels, send, again)
    codes = {Exit.OK}
    with progress_display() as progress:
        for line in work(asked, progress, lambda part: click.echo(part, nl=False)):
            if isinstance(line, PreuveError):
                codes.add(line.exit_code)
                show_error(line, workspace)
            else:
                click.echo(for_log(line), err=not send)
    raise click.exceptions.Exit(min(codes - {Exit.OK}, default=Exit.OK))
