"""`preuve accounts`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from preuve.cli.help import Command
from preuve.cli.options import workspace_option
from preuve.model.errors import Exit


@click.command(cls=Command, epilog="Example: preuve accounts --json > accounts.json")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help='As {"accounts": […]}, the input of ci/templates/fleet.')
def accounts(workspace: Path, *, as_json: bool) -> None:
    """Print the accounts that an audit would read now, one per line.

    These are the accounts of scope.accounts, and those that AWS Organizations names if scope.organization says so.
    Accounts in scope that cannot be read, because they are suspended for instance, are listed separately; the exit
    code is then 11.
    """
    from preuve.pipeline.run.preparation import prepare  # noqa: PLC0415 - `--help` must not load what the run needs
    from preuve.pipeline.workspace.accounts import accounts_in_scope  # noqa: PLC0415

    found = accounts_in_scope(prepare(workspace))
    read = [account.id for account in found if account.unread is None]
    click.echo(json.dumps({"accounts": read}) if as_json else "\n".join(read))
    for account in found:
        if account.unread is not None:
            click.echo(f"{account.id}: {account.unread.cause} {account.unread.code}".rstrip(), err=True)
    if len(read) < len(found):
        raise click.exceptions.Exit(Exit.INCOMPLETE)
