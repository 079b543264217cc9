"""`preuve waiver`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from preuve.cli.completion import waivers
from preuve.cli.confirm import confirm
from preuve.cli.help import Group
from preuve.cli.options import workspace_option
from preuve.publish.words.text import for_log


@click.group(cls=Group)
def waiver() -> None:
    """Approve accepted risks."""


@waiver.command(epilog="Example: preuve waiver approve W-001 --key ~/.ssh/id_ed25519")
@click.argument("name", metavar="ID", shell_complete=waivers)
@workspace_option
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    default=Path("~/.ssh/id_ed25519"),
    show_default=True,
    help="Private SSH key of the approver, or the public key of one that ssh-agent holds.",
)
def approve(name: str, workspace: Path, key: Path) -> None:
    """Sign a waiver of waivers.yaml as its approver.

    Shows what will be signed and asks for confirmation. The signature goes to approvals/; it counts as long as the
    waiver is unchanged and the file `approvers` assigns the key to its approver. Commit it.
    """
    from preuve.pipeline.workspace import approve as work  # noqa: PLC0415 - `--help` must not load what the run needs

    asked = work.approving(workspace, name, datetime.now(UTC).date())
    work.check_key(asked, key)
    for line in asked.shown():
        click.echo(for_log(line))
    question = asked.locale("approve.ask", approver=asked.item.approver, private=key)
    confirm(question, asked.locale)
    written = work.approve(asked, key)
    click.echo(asked.locale("approve.done", file=written))
